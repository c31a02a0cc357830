"""MPLS: a stack of labels, and what the first octet behind the last one tells."""

from __future__ import annotations

import pytest

from rawkit.protocols import MPLS, UDP, Ethernet, IPv4, IPv6
from rawkit.show import line
from rawkit.wire import MAX_LAYERS, Packet

# RFC 3032 section 2.1: label 20 bits, experimental use 3 bits, bottom of stack 1 bit, time to live 8 bits.
VECTOR = bytes.fromhex("03e8017e")  # as PcapPlusPlus's capture MplsPackets has it: tshark says 16000, 0, 1, 126
LINK = bytes.fromhex("0200000000020200000000018847")


def labels(packet: Packet) -> list[tuple[int, int]]:
    return [(each.label, each.bottom) for each in packet.all(MPLS)]


def test_a_label() -> None:
    (header,) = Packet.decode(VECTOR, first=MPLS).layers
    assert header == MPLS(label=16000, traffic_class=0, bottom=1, ttl=126)


def test_a_stack_tells_its_last_label_and_what_is_inside() -> None:
    built = Ethernet() / MPLS(label=16) / MPLS(label=2) / IPv6() / UDP() / b"data"
    packet = Packet.decode(bytes(built))
    assert labels(packet) == [(16, 0), (2, 1)]
    assert packet == built
    assert {verdict.state for verdict in packet.check()} == {"good"}
    assert packet.replace(MPLS, ttl=3).all(MPLS)[1].ttl == 64


@pytest.mark.parametrize(
    ("inside", "kind"), [(bytes(IPv4()), IPv4), (bytes(IPv6()), IPv6), (b"\0\0\0\1data", None), (b"", None)]
)
def test_what_is_inside_is_told_by_its_first_bits(inside: bytes, kind: type | None) -> None:
    packet = Packet.decode(LINK + VECTOR + inside)
    assert [type(each) for each in packet.layers[2:]] == ([kind] if kind else [])
    assert packet.defects == ()


def test_a_stack_without_a_bottom_is_cut_short() -> None:
    packet = Packet.decode(LINK + bytes(MPLS(bottom=0)) * 3)
    assert len(packet.all(MPLS)) == 3
    assert [defect.why for defect in packet.defects] == ["header cut short"]


def test_a_stack_of_any_depth_is_bounded() -> None:
    packet = Packet.decode(LINK + bytes(MPLS(bottom=0)) * 16_000)
    assert len(packet.layers) == MAX_LAYERS
    assert [defect.why for defect in packet.defects] == ["nested too deep"]


def test_lines() -> None:
    inner = IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=1, dport=7) / b"hi"
    assert line(Ethernet() / MPLS(label=16, ttl=9) / MPLS(label=0) / inner) == (
        "MPLS (label 16, tc 0, ttl 9) (label 0 (IPv4 explicit null), tc 0, [S], ttl 64) "
        "IP 10.0.0.1.1 > 10.0.0.2.7: UDP, length 2"
    )
    assert line(Packet(Ethernet(), MPLS(), b"\0\0\0\1")).endswith("pseudowire control word, length 4")
    assert line(Packet(Ethernet(), MPLS(), b"\x10\0\0\7")).endswith("associated channel, length 4")
