"""Conversations inside of tunnels: explained as they would be outside, and said to be inside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

import rawkit
from rawkit.analysis import Conversations, explain, gather
from rawkit.bundled import path
from rawkit.capture import Frame, Interface, LinkType, PcapWriter
from rawkit.protocols import (
    ARP,
    GRE,
    MPLS,
    PPP,
    UDP,
    VLAN,
    VXLAN,
    EnhancedGRE,
    Ethernet,
    Geneve,
    GREChecksum,
    ICMPv4,
    ICMPv4DestinationUnreachable,
    IPv4,
    IPv6,
    PPPFramedCompressed,
    PPPoESession,
)
from rawkit.wire import Header, Packet
from tests.cli.run import run

CARDS: dict[str, Any] = {"src": "02:00:00:00:00:01", "dst": "02:00:00:00:00:02"}
ETHERNET = Interface(index=0, linktype=LinkType(1))


def ends(forth: bool) -> dict[str, Any]:
    near, far = ("192.0.2.1", "192.0.2.2") if forth else ("192.0.2.2", "192.0.2.1")
    return {"src": near, "dst": far}


def ends6(forth: bool) -> dict[str, Any]:
    near, far = ("2001:db8::1", "2001:db8::2") if forth else ("2001:db8::2", "2001:db8::1")
    return {"src": near, "dst": far}


TUNNELS: dict[str, tuple[Callable[[bool], tuple[Header, ...]], str]] = {
    "IP-in-IP": (lambda forth: (IPv4(**ends(forth)),), "IPv4 in IPv4 between 192.0.2.1 and 192.0.2.2"),
    "IPv4 in IPv6": (lambda forth: (IPv6(**ends6(forth)),), "IPv4 in IPv6 between 2001:db8::1 and 2001:db8::2"),
    "GRE": (lambda forth: (IPv4(**ends(forth)), GRE(key=5 + forth)), "GRE between 192.0.2.1 and 192.0.2.2"),
    "GRE of Ethernet": (
        lambda forth: (IPv4(**ends(forth)), GREChecksum(), Ethernet(**CARDS)),
        "GRE between 192.0.2.1 and 192.0.2.2",
    ),
    "MPLS in GRE": (
        lambda forth: (IPv4(**ends(forth)), GRE(), MPLS(label=16), MPLS(label=17)),
        "GRE/MPLS between 192.0.2.1 and 192.0.2.2",
    ),
    "two": (
        lambda forth: (IPv6(**ends6(forth)), IPv4(**ends(forth)), GRE()),
        "IPv4 in IPv6 between 2001:db8::1 and 2001:db8::2, and in that GRE between 192.0.2.1 and 192.0.2.2",
    ),
    "VXLAN": (
        lambda forth: (IPv4(**ends(forth)), UDP(sport=50000 + forth), VXLAN(vni=42), Ethernet(**CARDS)),
        "VXLAN between 192.0.2.1 and 192.0.2.2",
    ),
    "VXLAN over a virtual network": (
        lambda forth: (IPv6(**ends6(forth)), UDP(checksum=0), VXLAN(vni=42), Ethernet(**CARDS), VLAN(id=5)),
        "VXLAN between 2001:db8::1 and 2001:db8::2",
    ),
    "Geneve": (
        lambda forth: (IPv4(**ends(forth)), UDP(sport=50000), Geneve(vni=42)),
        "Geneve between 192.0.2.1 and 192.0.2.2",
    ),
    "PPTP": (
        lambda forth: (IPv4(**ends(forth)), EnhancedGRE(call_id=5 + forth, sequence_number=1), PPPFramedCompressed()),
        "GRE/PPP between 192.0.2.1 and 192.0.2.2",
    ),
    "PPPoE": (
        lambda forth: (PPPoESession(session_id=5), PPP()),
        "PPPoE session 5 between 02:00:00:00:00:01 and 02:00:00:00:00:02",
    ),
    "PPPoE in VXLAN": (
        lambda forth: (
            *(IPv4(**ends(forth)), UDP(sport=50000), VXLAN(vni=42), Ethernet(**CARDS)),
            *(PPPoESession(session_id=5), PPP()),
        ),
        "VXLAN between 192.0.2.1 and 192.0.2.2, and in that "
        "PPPoE session 5 between 02:00:00:00:00:01 and 02:00:00:00:00:02",
    ),
    "GRE in PPPoE": (
        lambda forth: (PPPoESession(session_id=5), PPP(), IPv4(**ends(forth)), GRE()),
        "PPPoE session 5 between 02:00:00:00:00:01 and 02:00:00:00:00:02, and in that "
        "GRE between 192.0.2.1 and 192.0.2.2",
    ),
    "labels alone": (lambda forth: (MPLS(label=16 + forth),), ""),
}

KINDS = pytest.mark.parametrize("kind", TUNNELS)
CAPTURES = pytest.mark.parametrize("name", ["tcp/echo.pcap", "udp/echo.pcap"])


def recorded(name: str) -> list[Frame]:
    """The frames of a capture that belong to its conversation."""
    with rawkit.read(path(name)) as capture:
        return [frame for frame in capture if IPv4 in frame.packet]


def tunnelled(frames: Iterable[Frame], kind: str) -> list[Frame]:
    """The same packets, each inside of a tunnel."""
    around, _ = TUNNELS[kind]
    found = []
    for frame in frames:
        inner = Packet(*frame.packet.layers[1:], frame.packet.payload)
        forth = frame.packet[IPv4].src < frame.packet[IPv4].dst
        octets = bytes(Packet(Ethernet(**CARDS), *around(forth), inner))
        found.append(Frame(frame.number, frame.time_ns, octets, len(octets), ETHERNET))
    return found


@KINDS
@CAPTURES
def test_the_ladder_is_the_same_inside_of_a_tunnel(name: str, kind: str) -> None:
    outside = recorded(name)
    (bare,), (inside,) = gather(outside).all, gather(tunnelled(outside, kind)).all
    expected, found = explain(bare), explain(inside)
    assert inside.tunnel == TUNNELS[kind][1]
    assert (found.ends, found.calls, found.states) == (expected.ends, expected.calls, expected.states)
    assert [segment.label for segment in found.segments] == [segment.label for segment in expected.segments]
    assert found.data_octets == expected.data_octets
    told = [f"Inside a tunnel: {inside.tunnel}."] if inside.tunnel else []
    assert found.notes == (*told, *expected.notes)


@CAPTURES
def test_what_is_seen_inside_and_outside_is_not_mixed_up(name: str) -> None:
    outside = recorded(name)
    both = [frame for pair in zip(tunnelled(outside, "GRE"), outside, strict=True) for frame in pair]
    found = gather(both).all
    assert [conversation.tunnel for conversation in found] == [TUNNELS["GRE"][1], ""]
    assert [explain(conversation).calls for conversation in found] == [explain(gather(outside).all[0]).calls] * 2


@pytest.mark.parametrize("kind", [kind for kind, (_, told) in TUNNELS.items() if told])
def test_the_command_line_says_so(kind: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    capture = tmp_path / "tunnel.pcap"
    with PcapWriter(capture, linktype=1) as writer:
        for each in (kind, "labels alone"):
            for frame in tunnelled(recorded("tcp/echo.pcap"), each):
                writer.write_octets(frame.octets, time_ns=frame.time_ns or 0)
    told = TUNNELS[kind][1]
    assert f"in {told}\n" in run(capsys, "explain", str(capture)).out
    assert f"Inside a tunnel: {told}." in " ".join(run(capsys, "explain", str(capture), "-n", "1").out.split())
    assert "tunnel" not in run(capsys, "explain", str(capture), "-n", "2").out


def test_arp_inside_of_a_tunnel_is_no_conversation_of_the_tunnels_ends() -> None:
    with rawkit.read(path("tcp/echo.pcap")) as capture:
        whole = list(capture)
    around = Ethernet(**CARDS) / IPv4(**ends(True)) / UDP(sport=50000) / VXLAN(vni=42)
    octets = [bytes(around / frame.packet) for frame in whole]
    frames = [Frame(each.number, each.time_ns, o, len(o), ETHERNET) for each, o in zip(whole, octets, strict=True)]
    found = gather(frames)
    (conversation,) = found.all
    assert sum(ARP in frame.packet for frame in frames) == 2
    told = [segment.does for segment in explain(conversation).segments if segment.companion]
    assert told == [("asks who has 10.0.0.2",), ("10.0.0.2 is at 02:00:00:00:00:02",)]


def pieces(packet: Packet, size: int) -> list[Packet]:
    """An IPv4 datagram's pieces, `size` octets of data each."""
    data = packet.octets[20:]
    ip = packet.layers[0]
    assert isinstance(ip, IPv4)
    return [
        IPv4(
            src=ip.src,
            dst=ip.dst,
            identification=ip.identification,
            protocol=ip.protocol,
            fragment_offset=at // 8,
            flags="MF" if at + size < len(data) else 0,
        )
        / data[at : at + size]
        for at in range(0, len(data), size)
    ]


def gathered(*packets: Packet) -> Conversations:
    frames = [bytes(Ethernet(**CARDS) / packet) for packet in packets]
    return gather(Frame(number, number, octets, len(octets), ETHERNET) for number, octets in enumerate(frames, 1))


INNER = IPv4(src="10.0.0.1", dst="10.0.0.2", identification=7) / UDP(sport=5000, dport=9) / bytes(100)
OUTER = IPv4(**ends(True), identification=8)


def test_a_tunnels_packet_in_pieces_is_one_datagram() -> None:
    (conversation,) = gathered(*pieces(OUTER / INNER, 48)).all
    assert (conversation.packets, conversation.tunnel) == (3, "IPv4 in IPv4 between 192.0.2.1 and 192.0.2.2")
    assert explain(conversation).data_octets == (100, 0)


def test_pieces_inside_of_a_tunnel_are_one_datagram() -> None:
    (conversation,) = gathered(*(OUTER / GRE() / each for each in pieces(INNER, 64))).all
    assert (conversation.packets, conversation.ends[1]) == (2, ("10.0.0.2", 9))
    assert explain(conversation).data_octets == (100, 0)


def test_an_error_about_a_tunnel_is_not_told_to_the_program_inside() -> None:
    error = IPv4(src="192.0.2.9", dst="192.0.2.1") / ICMPv4(code=1) / ICMPv4DestinationUnreachable()
    found = gathered(OUTER / INNER, error / bytes(OUTER / INNER))
    assert [conversation.packets for conversation in found.all] == [1]
    assert found.others == {"ICMPv4 destination unreachable": 1}
    told = IPv4(src="10.0.0.2", dst="10.0.0.1") / ICMPv4(code=3) / ICMPv4DestinationUnreachable() / bytes(INNER)
    (conversation,) = gathered(OUTER / INNER, IPv4(**ends(False)) / told).all
    assert conversation.packets == 2
