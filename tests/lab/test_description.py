"""Networks from TOML: the example that comes along is made, and every mistake names its key."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from rawkit.errors import FieldError
from rawkit.lab.description import EXAMPLE, FILE, LINK, ROUTE, read
from tests.lab.acts import converse


@pytest.mark.usefixtures("namespaces")
def test_the_example_is_what_it_says() -> None:
    description = read(EXAMPLE)
    with description.network() as net:
        description.build(net)
        client, neighbour, server, router = (net[name] for name in ("client", "neighbour", "server", "router"))
        assert client.addresses == ("10.0.0.1", "192.0.2.1", "fd00::1")
        assert neighbour.addresses == ("10.0.0.2", "192.0.2.2", "fd00::2", "2001:db8::2")
        assert server.addresses == ("10.0.1.1", "fd01::1")
        assert router.addresses == ("10.0.0.254", "10.0.1.254", "fd00::fe", "fd01::fe")
        assert (server.interfaces["eth0"].mtu, client.interfaces["eth0"].mtu) == (1300, 1500)
        assert client.sysctl("ipv4/tcp_congestion_control") == "reno"
        assert client.sysctl("ipv4/tcp_timestamps") == "0"
        neighbour.add_address("198.51.100.1/32", "lo")
        converse(client, neighbour, "198.51.100.1")  # by the route
        for address in server.addresses:
            converse(client, server, address)  # by the router


def test_the_example_has_every_key() -> None:
    content = read(EXAMPLE).content
    assert set(content) == set(FILE)
    assert {key for link in content["links"] for key in link} == set(LINK)
    assert {key for route in content["routes"] for key in route} == set(ROUTE) - {"interface"}


def test_the_example_is_in_a_wheel() -> None:
    project = Path(__file__).parent.parent.parent
    declared = tomllib.loads((project / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["rawkit"]
    assert str(EXAMPLE.relative_to(project / "rawkit")) in declared


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "hosts is missing"),
        ("hosts = []", "hosts: a network has one at least"),
        ("hosts = 3", "hosts: 3 is not a list of texts"),
        ("hosts = ['a']\nhost = ['b']", "host: no such key; did you mean 'hosts'?"),
        ("hosts = ['a']\nx = 1", "x: no such key; there are hosts, routers, bridges, ipv6, links, routes, settings"),
        ("hosts = ['a']\nipv6 = 1", "ipv6: 1 is not true or false"),
        ("hosts = ['a']\n[[links]]\nmtu = 1", "links 1: between is missing"),
        ("hosts = ['a']\n[[links]]\nbetween = ['a']", "links 1: between: ['a'] is not two texts"),
        ("hosts = ['a']\n[[links]]\nbetween = ['a', 'b']\nmtu = true", "links 1: mtu: True is not a whole number"),
        ("hosts = ['a']\n[[links]]\nbetween = ['a', 'b']\naddresses = 'x'", "links 1: addresses: 'x' is not two addr"),
        ("hosts = ['a']\n[[routes]]\nvia = '10.0.0.1'", "routes 1: host is missing"),
        ("hosts = ['a']\n[settings]\na = 1", "settings: a: 1 is not a table"),
        ("hosts = ['a']\n[settings.a]\n'ipv4/x' = 1.5", "settings.a: ipv4/x: 1.5 is not a text or a whole number"),
        ("hosts = ['a'", "not TOML: "),
    ],
)
def test_a_mistake_in_the_file_names_its_key(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "lab.toml"
    path.write_text(text)
    with pytest.raises(FieldError) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: {told}")
    assert "\n" not in str(raised.value)


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hosts = ['a', 'a']", "hosts: name: there is a host 'a' already"),
        ("hosts = ['a']\n[[links]]\nbetween = ['a', 'b']", "links 1.between: no host 'b'; there are a"),
        ("hosts = ['a', 'b']\n[[links]]\nbetween = ['a', 'b']\nmtu = 1", "links 1: a: link set index=eth0 mtu=1"),
        ("hosts = ['a']\n[[routes]]\nhost = 'a'", "routes 1: route.via: say by which router"),
        ("hosts = ['a']\n[settings.b]\n'ipv4/x' = 1", "settings: no host 'b'"),
        ("hosts = ['a']\n[settings.a]\n'../kernel/hostname' = 'x'", "settings.a: setting: '../kernel/hostname' is not"),
    ],
)
def test_a_mistake_that_shows_when_it_is_made_names_its_key(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "lab.toml"
    path.write_text(text)
    description = read(path)
    with description.network() as net, pytest.raises(FieldError) as raised:
        description.build(net)
    assert str(raised.value).startswith(f"{path}: {told}")
