"""Packets in packets with octets flipped: whatever shows them does, and says the same twice."""

from __future__ import annotations

import random

import pytest

from rawkit.capture import Frame, Interface, LinkType
from rawkit.show import hexdump, line, record, tree
from rawkit.wire import Packet
from tests.show.tunnels_made import FOR_TCPDUMP, FOR_TSHARK

SEED, FLIPS = 8926, 20
ETHERNET = Interface(index=0, linktype=LinkType(1))
PACKETS = [packet for packets in (*FOR_TCPDUMP.values(), *FOR_TSHARK.values()) for packet in packets]


def shown(octets: bytes) -> tuple[object, ...]:
    packet = Packet.decode(octets)
    assert bytes(Packet(*packet.layers, packet.payload, packet.trailer)) == octets
    return line(packet), tree(packet), hexdump(packet), record(Frame(1, 0, octets, len(octets), ETHERNET))


@pytest.mark.parametrize("number", range(len(PACKETS)))
def test_flipped_octets(number: int) -> None:
    whole = bytes(PACKETS[number])
    draw = random.Random(f"{SEED} {number}")
    for _ in range(FLIPS):
        octets = bytearray(whole)
        octets[draw.randrange(14, len(octets))] ^= draw.randrange(1, 256)
        assert shown(bytes(octets)) == shown(bytes(octets))
        assert shown(bytes(octets[: draw.randrange(len(octets))]))
