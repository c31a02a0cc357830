"""What a network is told to be, the kernel says it is."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from textwrap import dedent
from typing import cast

import pytest

from rawkit import lab
from rawkit.clock import NANOSECONDS, ManualClock
from rawkit.errors import FieldError, RawkitError
from rawkit.lab import Bridge, Host, Network, NetworkError
from rawkit.lab.host import LONGEST_SECONDS, OFFLOADS
from rawkit.lab.numbering import Subnet
from tests.lab.acts import converse
from tests.lab.conftest import Pair
from tests.lab.ethtool import state_of

pytestmark = pytest.mark.usefixtures("namespaces")


def test_a_cable_is_as_told() -> None:
    with Network() as net:
        a, b = net.host("a"), net.host("b")
        assert net.link(a, b, mtu=1300, addresses=("192.0.2.1/28", ["192.0.2.2/28", "192.0.2.3/28"])) == (
            "eth0",
            "eth0",
        )
        assert net.link(a, b, offloads=True, addresses=()) == ("eth1", "eth1")
        of_a, of_b = a.interfaces, b.interfaces
        assert (of_a["eth0"].mtu, of_a["eth0"].kind, of_a["eth0"].state) == (1300, "veth", "UP")
        assert of_a["eth0"].addresses == ("192.0.2.1/28",)
        assert of_b["eth0"].addresses == ("192.0.2.2/28", "192.0.2.3/28")
        assert (of_b["eth1"].mtu, of_b["eth1"].addresses) == (1500, ())
        assert (of_a["eth0"].mac, of_b["eth1"].mac) == ("02:00:00:00:00:01", "02:00:00:00:01:02")
        for each in OFFLOADS.values():
            assert (state_of(a, "eth0", each), state_of(b, "eth1", each)) == (False, True)


def test_numbers_go_on_where_networks_do() -> None:
    with Network(ipv6=True) as net:
        switch, router = net.bridge("switch"), net.router("router")
        a, b, far = net.host("a"), net.host("b", ipv6=False), net.host("far")
        for host in (a, b, router):
            net.link(host, switch)
        net.link(router, far)
        assert (a.addresses, b.addresses) == (("10.0.0.1", "fd00::1"), ("10.0.0.2",))
        assert router.addresses == ("10.0.0.254", "10.0.1.254", "fd00::fe", "fd01::fe")
        assert far.addresses == ("10.0.1.1", "fd01::1")
        assert sorted(switch.interfaces) == ["br0", "lo", "port1", "port2", "port3"]
        converse(a, b, b.address)
        converse(b, far, far.address)  # b was there before the router, far comes after it
        converse(a, far, far.addresses[1])


def test_numbers_end() -> None:
    class Numbered:
        def __init__(self, is_router: bool) -> None:
            self.is_router = is_router

    subnet = Subnet(0)
    given = [subnet.join(cast(Host, Numbered(is_router=number % 2 == 0))).suffix for number in range(254)]
    assert sorted(given) == list(range(1, 255))
    with pytest.raises(FieldError, match="254 hosts"):
        subnet.join(cast(Host, Numbered(is_router=False)))


def test_who_has_addresses_of_its_own_gets_no_route_to_a_router_s_number() -> None:
    with Network(ipv6=True) as net:
        switch = net.bridge("switch")
        own, strange, mistaken, plain = (
            net.host("own"),
            net.router("strange"),
            net.host("c"),
            net.host("plain", ipv6=False),
        )
        net.link(own, switch, addresses=("192.0.2.1/24", ()))
        net.link(strange, switch, addresses=("192.0.2.254/24", ()))
        with pytest.raises(NetworkError):
            net.link(mistaken, switch, addresses=(("192.0.2.3/24", "192.0.2.3/24"), ()))
        net.link(plain, switch)
        router, far = net.router("router", ipv6=False), net.host("far")
        net.link(router, switch)
        net.link(router, far)
        assert (plain.address, router.addresses) == ("10.0.0.2", ("10.0.0.253", "10.0.1.254"))
        converse(plain, far, far.address)


def test_bridges_are_one_network() -> None:
    with Network() as net:
        left, right = net.bridge("left"), net.bridge("right")
        net.link(left, right)
        a, b = net.host("a"), net.host("b")
        net.link(a, left)
        net.link(b, right)
        assert (a.address, b.address) == ("10.0.0.1", "10.0.0.2")
        converse(a, b, b.address)
        apart = net.bridge("apart")
        net.link(net.host("c"), apart)
        with pytest.raises(FieldError, match="before their hosts"):
            net.link(apart, left)


def test_routes_of_one_s_own() -> None:
    """Two routers between two hosts: what no default tells is told."""
    with Network() as net:
        a, b, near, far = net.host("a"), net.host("b"), net.router("near"), net.router("far")
        net.link(a, near)
        net.link(near, far)
        net.link(far, b)
        near.add_route("10.0.2.0/24", via="10.0.1.253")
        far.add_route("10.0.0.0/24", interface="eth0")
        far.add_neighbour("10.0.0.1", near.interfaces["eth1"].mac or "")
        converse(a, b, b.address)


def test_a_setting_is_of_one_host(pair: Pair) -> None:
    before = pair.b.sysctl("ipv4/tcp_retries2")
    pair.a.sysctl("ipv4/tcp_retries2", 3)
    assert (pair.a.sysctl("ipv4/tcp_retries2"), pair.b.sysctl("ipv4/tcp_retries2")) == ("3", before)


def test_what_does_not_come_up_is_not_waited_for_for_ever() -> None:
    with Network() as net:
        a = net.host("a")
        a.add_device("eth0", "bridge")
        clock = ManualClock()
        with pytest.raises(NetworkError, match="a: eth0 does not come up"):
            a.until_up("eth0", clock)
        assert clock.monotonic_ns() > LONGEST_SECONDS * NANOSECONDS


def test_silent_until_used() -> None:
    """A host with IPv6 sends nothing of its own accord but the groups of its addresses: no solicitation, no DAD."""
    with Network(ipv6=True) as net:
        a, b = net.host("a"), net.host("b")
        net.link(a, b, addresses=())
        with b.packet_socket("eth0", outgoing=False) as watching:
            watching.settimeout(10)
            a.add_address("fd00::1/64")
            with a.packet_socket() as last:
                last.send(bytes(60))
            while (frame := watching.recv(2000)) != bytes(60):
                assert frame[62] == 143  # MLDv2's report, behind Ethernet, IPv6 and a router alert


@pytest.mark.parametrize(
    ("mistake", "text"),
    [
        (lambda net, a, b: net.host("a"), "name: there is a host 'a' already"),
        (lambda net, a, b: net.host("a b"), "name: 'a b' is no name of a host: letters, digits and -, at most 63"),
        (lambda net, a, b: net["aa"], "no host 'aa'; did you mean 'a'?"),
        (lambda net, a, b: net.link(a, a), "link: a cable has two hosts"),
        (lambda net, a, b: net.link(a, b, addresses="10.9.0.1/24"), "addresses: one, or a list, for each of the two"),
        (lambda net, a, b: a.add_address("10.0.0.300/24"), "address: '10.0.0.300/24' does not appear to be"),
        (
            lambda net, a, b: a.add_address("10.0.0.1/24"),
            "a: addr add index=eth0 address=10.0.0.1 prefixlen=24: File ex",
        ),
        (lambda net, a, b: a.add_address("10.9.0.1/24", "eth9"), "no interface 'eth9'"),
        (lambda net, a, b: a.add_route("10.9.0.0/24"), "route.via: say by which router"),
        (
            lambda net, a, b: a.add_route(via="10.9.0.1"),
            "a: route add dst=default gateway=10.9.0.1 family=2: Network is",
        ),
        (lambda net, a, b: a.sysctl("ipv4/no_such", 1), "a: setting ipv4/no_such = 1: No such file"),
        (lambda net, a, b: a.change("eth0", mtu=1), "a: link set index=eth0 mtu=1: Invalid argument"),
        (lambda net, a, b: net.host("c").address, "c: it has no address"),
        (lambda net, a, b: Network().host("a"), "there is no network yet: with Network() as net"),
        (lambda net, a, b: net.__enter__(), "a network is made once"),
    ],
)
def test_a_mistake_is_one_line(pair: Pair, mistake: Callable[..., object], text: str) -> None:
    with pytest.raises(RawkitError) as raised:
        mistake(*pair)
    assert text in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "addresses", ["10.9.0.1/24", ("10.9.0.1/24", "10.9.0.2/33"), ("10.9.0.1/24", ("10.9.0.2/24", "10.9.0.2/24"))]
)
def test_a_mistake_with_a_cable_adds_none(pair: Pair, addresses: Sequence[str]) -> None:
    before = pair.a.interfaces, pair.b.interfaces
    with pytest.raises(RawkitError):
        pair.network.link(pair.a, pair.b, addresses=addresses)
    assert (pair.a.interfaces, pair.b.interfaces) == before


def test_gone_is_gone() -> None:
    with Network() as net:
        a, b = net.host("a"), net.host("b")
        net.link(a, b)
        kept = a.socket()
    with kept:
        assert kept.connect_ex((b"10.0.0.2", 7)) != 0  # a host without cables
    with pytest.raises(RawkitError, match="is gone"):
        a.socket()


def test_a_socket_is_of_the_kind_that_was_asked_for(pair: Pair) -> None:
    for family, kind, protocol in (
        (socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
        (socket.AF_PACKET, socket.SOCK_DGRAM, 0),
        (socket.AF_UNIX, socket.SOCK_STREAM, 0),
    ):
        with pair.a.socket(family, kind, protocol) as opened:
            assert (opened.family, opened.type, opened.proto) == (family, kind, protocol)
    with pytest.raises(OSError, match="not supported"):
        pair.a.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_UDP)


def test_a_bridge_is_no_host_to_number(pair: Pair) -> None:
    assert not any(isinstance(host, Bridge) for host in pair.network.hosts.values())
    with Network() as net, pytest.raises(NetworkError, match="no address"):
        net.bridge("switch").address  # noqa: B018


def test_the_example_of_the_chapter_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"^    with Network.*?(?=\n\n)", lab.__doc__ or "", re.MULTILINE | re.DOTALL)
    exec(dedent(block), {"Network": Network})
    assert capsys.readouterr().out == "a\n\n"
