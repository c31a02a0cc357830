"""Tunnels in tunnels, as deep as a packet has room for: bounded layers, a defect, and no time lost."""

from __future__ import annotations

import pytest

from rawkit.protocols import GRE, MPLS, TCP, IPv4, IPv6
from rawkit.show import hexdump, line, tree
from rawkit.wire import MAX_LAYERS, Packet

INNER = bytes(IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=1, dport=2))


def nested(around: Packet, octets: int) -> bytes:
    """`INNER` in the headers of `around`, again and again; lengths of 0, so that any fits."""
    return bytes(around) * (octets // len(bytes(around))) + INNER


DEEP = {
    "IP-in-IP, 3,000 deep": (bytes(IPv4(protocol=4, total_length=0)) * 3000 + INNER, IPv4),
    "GRE": (nested(IPv4(protocol=47, total_length=0) / GRE(protocol=0x0800), 60_000), IPv4),
    "6in4in6": (nested(IPv6(next_header=4, payload_length=0) / IPv4(protocol=41, total_length=0), 60_000), IPv6),
    "labels": (bytes(MPLS(bottom=0)) * 15_000, MPLS),
}


@pytest.mark.parametrize("kind", DEEP)
def test_a_tunnel_of_any_depth_is_bounded(kind: str) -> None:
    octets, first = DEEP[kind]
    packet = Packet.decode(octets, first=first)
    assert len(packet.layers) == MAX_LAYERS == 64
    assert [defect.why for defect in packet.defects if "0: presumed" not in defect.why] == ["nested too deep"]
    assert packet.octets == octets == bytes(Packet(*packet.layers, packet.payload, packet.trailer))
    assert {verdict.state for verdict in packet.check()} <= {"good", "bad", "unverifiable"}
    assert "nested too deep" in line(packet) or "more defects" in line(packet)
    assert tree(packet)
    assert hexdump(packet)


def test_a_tunnel_that_is_not_too_deep_is_built_and_judged_in_one_expression() -> None:
    packet = IPv4(src="192.0.2.1", dst="192.0.2.2") / IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(dport=80, flags="S")
    outer, inner = packet.all(IPv4)
    assert (outer.protocol, inner.protocol, outer.total_length, inner.total_length) == (4, 6, 60, 40)
    alone = IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(dport=80, flags="S")
    assert packet[TCP].checksum == alone[TCP].checksum  # the pseudo-header is the innermost one's
    assert Packet.decode(bytes(packet), first=IPv4) == packet
    assert {verdict.state for verdict in packet.check()} == {"good"}
    moved = packet.replace(outer, src="192.0.2.9")
    assert moved[TCP].checksum == packet[TCP].checksum
    other = packet.replace(inner, src="10.0.0.9")
    assert other[TCP].checksum != packet[TCP].checksum
    assert {verdict.state for verdict in other.check()} == {"good"}
    wrong = Packet.decode(bytes(packet.replace(TCP, checksum=7)), first=IPv4)
    assert [each.layer for each in wrong.check() if each.state == "bad"] == ["TCP"]


@pytest.mark.parametrize("deep", [MAX_LAYERS - 2, MAX_LAYERS - 1])
def test_the_cap_stands_where_it_is_said(deep: int) -> None:
    packet = Packet(*[IPv4()] * deep, IPv4(), TCP())
    decoded = Packet.decode(bytes(packet), first=IPv4)
    assert (TCP in decoded, len(decoded.defects)) == ((True, 0) if deep + 2 <= MAX_LAYERS else (False, 1))
