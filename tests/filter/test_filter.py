"""Filters as a whole: which term decided, how deep they look, which links they know, whose names they look up."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable

import pytest

from rawkit import TCP, UDP, VLAN, Ethernet, Header, ICMPv4, IPv4, IPv6, Packet, ServiceVLAN, capture
from rawkit.filter import Filter, FilterError, FrameFilter
from rawkit.filter.instructions import Instruction
from rawkit.protocols import IPv6DestinationOptions, IPv6Fragment, IPv6HopByHop
from tests.cli.run import CAPTURES
from tests.filter.expressions import MATCHED
from tests.filter.frames import frames
from tests.filter.machine import run

WEB = TCP(sport=40000, dport=80, flags="S")


def octets(*headers: Header) -> bytes:
    return bytes(Packet(Ethernet(), *headers))


@pytest.mark.parametrize(
    ("expression", "holds", "term"),
    [
        ("tcp", True, "tcp"),
        ("udp", False, "udp"),
        ("tcp and port 80", True, "port 80"),
        ("udp and port 80", False, "udp"),
        ("tcp or port 80", True, "tcp"),
        ("udp or port 80", True, "port 80"),
        ("udp or port 80 and ip6", False, "ip6"),
        ("tcp or udp and ip", True, "ip"),
        ("not udp", True, "not udp"),
        ("tcp and not port 80", False, "not port 80"),
        ("not (udp or port 80)", False, "port 80"),
        ("port 443 or 80", True, "80"),
        ("tcp and ether[2000] = 1", None, "ether[2000] = 1"),
        ("not ether[2000] = 1", None, "not ether[2000] = 1"),
        ("", True, ""),
    ],
)
def test_the_term_that_decided(expression: str, holds: bool | None, term: str) -> None:
    frame = octets(IPv4(), WEB)
    found, decided = Filter(expression).decide(frame, len(frame))
    assert (found, expression[slice(*decided.span)]) == (holds, term)
    assert Filter(expression).matches(frame) is (holds is True)


DEEP = {
    "two VLAN tags": octets(ServiceVLAN(id=5), VLAN(id=6), IPv4(), WEB),
    "a VLAN tag": octets(VLAN(id=6), IPv6(), WEB),
    "extension headers": octets(IPv6(), IPv6HopByHop(), IPv6DestinationOptions(), WEB),
    "both": octets(VLAN(id=6), IPv6(), IPv6HopByHop(), WEB),
    "the first piece": octets(IPv6(), IPv6Fragment(more_fragments=1), WEB),
}


@pytest.mark.parametrize("where", DEEP)
@pytest.mark.parametrize("expression", ["tcp port 80", "tcp", "dst port 80", "portrange 79-81", "not udp and tcp"])
def test_a_deep_filter_looks_behind(where: str, expression: str) -> None:
    plain, deep = Filter(expression), Filter(expression, deep=True)
    assert deep.matches(DEEP[where])
    assert run(deep.program(), DEEP[where], len(DEEP[where]))
    if "port" in expression or where != "the first piece":  # what a piece is of is seen by every filter
        assert not plain.matches(DEEP[where])


def test_a_deep_filter_takes_no_later_piece_for_a_header() -> None:
    later = octets(IPv6(), IPv6Fragment(fragment_offset=100, next_header=6), WEB)
    assert not Filter("port 80", deep=True).matches(later)
    assert not Filter("port 80", deep=True).matches(octets(IPv6(), IPv6HopByHop(), UDP(dport=81)))


def test_vlan_still_means_the_outermost_tag_in_a_deep_filter() -> None:
    frame = DEEP["two VLAN tags"]
    assert Filter("vlan 5 and tcp port 80", deep=True).matches(frame)
    assert Filter("vlan 5 and vlan 6 and tcp port 80", deep=True).matches(frame)
    assert not Filter("vlan 6 and tcp port 80", deep=True).matches(frame)


def test_a_deep_filter_is_the_plain_one_where_nothing_stands_between() -> None:
    for expression in ("tcp port 80", "udp", "host 10.0.0.1", "icmp6", "net 10.0.0.0/8"):
        plain, deep = Filter(expression), Filter(expression, deep=True)
        for packet, length in frames(1):
            if packet[12:14] in (b"\x08\x00", b"\x08\x06"):
                assert plain.matches(packet, length) == deep.matches(packet, length), expression


HEADS: dict[int, Callable[[bytes], bytes]] = {
    113: lambda ethernet: bytes.fromhex("0000 0001 0006 020000000001 0000") + ethernet[12:14],
    276: lambda ethernet: ethernet[12:14] + bytes.fromhex("0000 00000003 0001 04 06 020000000001 0000"),
    228: lambda ethernet: b"",
    229: lambda ethernet: b"",
}
"""By link type: what stands in the place of Ethernet's header."""


@pytest.mark.skipif(shutil.which("tcpdump") is None, reason="lacks tcpdump")
@pytest.mark.parametrize(("link", "name"), [(113, "LINUX_SLL"), (276, "LINUX_SLL2"), (228, "IPV4"), (229, "IPV6")])
def test_links_that_the_other_witness_lacks(link: int, name: str) -> None:
    """tcpdump compiles for them: its program in our machine says the same."""
    packets, tried = [(HEADS[link](each) + each[14:], length) for each, length in frames(1)[::4] if len(each) > 14], 0
    for expression in MATCHED[::4]:
        compiled = subprocess.run(
            ["tcpdump", "-y", name, "-ddd", "--", expression], capture_output=True, text=True, check=False
        )
        if compiled.returncode:
            if "rejects all packets" not in compiled.stderr and "geneve" not in expression:
                with pytest.raises(FilterError):
                    Filter(expression, link)
            continue
        theirs = [Instruction(*map(int, line.split())) for line in compiled.stdout.splitlines()[1:]]
        if any(instruction.k >= 0xFFFFF000 and instruction.code & 0xE7 == 0x20 for instruction in theirs):
            continue  # asks the kernel
        tried += 1
        ours = Filter(expression, link)
        for packet, length in packets:
            assert ours.matches(packet, length) == (run(theirs, packet, length) != 0), (expression, packet.hex())
    assert tried >= 25


def test_what_cooked_frames_say_themselves() -> None:
    """Which way a packet went, and by which interface."""
    sent, interface = Filter("outbound", 113), Filter("ifindex 3", 276)
    assert sent.matches(b"\x00\x04" + bytes(14))
    assert not sent.matches(bytes(16))
    assert interface.matches(bytes(4) + b"\x00\x00\x00\x03" + bytes(12))
    with pytest.raises(FilterError, match="the kernel knows it"):
        Filter("ifindex 3", 113)


def test_the_kernel_is_asked_for_the_tag_that_it_took_out() -> None:
    live = Filter("vlan 6 and tcp port 80", kernel=True).program()
    untagged, tagged = octets(IPv4(), WEB), octets(VLAN(id=6), IPv4(), WEB)
    there, tag = 48, 44
    assert run(live, untagged, 100, {there: 1, tag: 0x2006})
    assert not run(live, untagged, 100, {there: 1, tag: 7})
    assert not run(live, untagged, 100, {there: 0, tag: 0})
    assert run(live, tagged, 100, {there: 0, tag: 0})
    assert run(Filter("inbound", kernel=True).program(), untagged, 100, {4: 0})
    assert not run(Filter("inbound", kernel=True).program(), untagged, 100, {4: 4})


def test_names_are_looked_up_where_one_asks() -> None:
    asked = []

    def resolve(name: str) -> list[str]:
        asked.append(name)
        return {"web": ["10.0.0.1", "10.0.0.2", "fd00::1"]}.get(name, [])

    found = Filter("host web and tcp", resolve=resolve)
    assert [found.matches(octets(IPv4(dst=f"10.0.0.{last}"), WEB)) for last in (1, 2, 3)] == [True, True, False]
    assert found.matches(octets(IPv6(src="fd00::1"), WEB))
    assert Filter("ip6 host web", resolve=resolve).matches(octets(IPv6(src="fd00::1"), WEB))
    with pytest.raises(FilterError, match="no address of 'nobody' was found"):
        Filter("host nobody", resolve=resolve)
    assert asked == ["web", "web", "nobody"]
    Filter("port http", resolve=resolve)
    assert asked == ["web", "web", "nobody"]


def test_a_filter_of_frames_takes_each_by_its_link() -> None:
    """Of one capture of Ethernet and of one of cooked frames."""
    wanted = FrameFilter("icmp or tcp")
    for name in ("tcp/echo.pcap", "cooked/any.pcapng"):
        path = CAPTURES / name
        if not path.exists():
            path = next((CAPTURES / "cooked").glob("*.pcap*"))
        with capture.read(path) as opened:
            for frame in opened:
                layers = {type(layer) for layer in frame.packet.layers}
                assert wanted(frame) == bool(layers & {TCP, ICMPv4}), frame
