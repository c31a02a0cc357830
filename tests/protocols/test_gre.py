"""GRE: flags that say which fields are there, the checksum over what is inside, damage."""

from __future__ import annotations

from typing import Any

import pytest

from rawkit.errors import FieldError
from rawkit.protocols import GRE, LCP, UDP, EnhancedGRE, GREChecksum, GRERouting, IPv4
from rawkit.protocols.gre import gre
from rawkit.show import line
from rawkit.wire import Packet

OUTER = IPv4(src="192.0.2.1", dst="192.0.2.2")
INNER = IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=1000, dport=7) / b"hello"

# PPTP between two computers, as scapy's and PcapPlusPlus's captures have it: an LCP echo, and an acknowledgement alone.
PPTP_DATA = bytes.fromhex("3081880b000c 0006 00000022 00000011") + bytes.fromhex("c0210904 00086fa2 12345678")
PPTP_ACKNOWLEDGES = bytes.fromhex("2081880b 0000 0006 0000001a")


def read(octets: bytes) -> Packet:
    packet = Packet.decode(octets, first=gre)
    assert packet.octets == octets == bytes(Packet(*packet.layers, packet.payload, packet.trailer))
    return packet


@pytest.mark.parametrize(
    ("header", "octets"),
    [
        (GRE(), "000088b5"),
        (GRE(key=0xFDE8), "200088b5 0000fde8"),
        (GRE(sequence_number=3), "100088b5 00000003"),
        (GRE(key=1, sequence_number=2), "300088b5 00000001 00000002"),
        (GREChecksum(), "800088b5 f749 0000"),
        (GREChecksum(key=1, routing="00000000"), "e00088b5 9748 0000 00000001 00000000"),
        (GRERouting(routing="0800 0004 c0000209 00000000"), "400088b5 0000 0000 0800 0004 c0000209 00000000"),
        (EnhancedGRE(call_id=6), "2001880b 0000 0006"),
        (EnhancedGRE(call_id=6, acknowledgement_number=26), "2081880b 0000 0006 0000001a"),
    ],
)
def test_a_field_that_is_given_sets_its_flag(header: Any, octets: str) -> None:
    assert bytes(header / b"").hex() == octets.replace(" ", "")
    assert read(bytes.fromhex(octets)).layers == (header,)


def test_a_flag_set_by_hand_is_kept() -> None:
    assert bytes(GRE(key_present=0) / b"") == bytes.fromhex("000088b5")
    assert bytes(GRE(key_present=1) / b"") == bytes.fromhex("200088b5")  # lies that can be sent
    assert bytes(GRE(key=5, key_present=0) / b"") == bytes.fromhex("000088b5 00000005")


def test_pptp() -> None:
    packet = read(PPTP_DATA)
    header = packet[EnhancedGRE]
    assert (header.call_id, header.sequence_number, header.acknowledgement_number) == (6, 34, 17)
    assert (header.payload_length, packet[LCP].length, packet.trailer, packet.defects) == (12, 8, b"\x56\x78", ())
    alone = read(PPTP_ACKNOWLEDGES)[EnhancedGRE]
    assert (alone.sequence_number, alone.acknowledgement_number) == (None, 26)
    assert read(PPTP_DATA[:20]).defects[0].why == "length past the end of the packet"


def test_the_checksum_covers_what_is_inside() -> None:
    packet = OUTER / GREChecksum(key=5) / INNER
    assert {verdict.state for verdict in packet.check()} == {"good"}
    changed = packet.replace(UDP, dport=8)
    assert {verdict.state for verdict in changed.check()} == {"good"}
    assert changed[GREChecksum].checksum == packet[GREChecksum].checksum  # the sum inside makes up for it
    swapped = bytearray(packet.octets)
    swapped[-5:-3] = swapped[-4:-6:-1]
    states = {(each.layer, each.state) for each in Packet.decode(bytes(swapped), first=IPv4).check() if each.checksum}
    assert states == {("IPv4", "good"), ("GREChecksum", "bad"), ("UDP", "bad")}
    wrong = packet.replace(GREChecksum, checksum=1)
    assert wrong.replace(UDP, dport=8)[GREChecksum].checksum == 1


def test_an_edit_adds_a_field_with_its_flag() -> None:
    packet = Packet.decode(bytes(OUTER / GRE() / INNER), first=IPv4)
    keyed = packet.replace(GRE, key=9)
    assert (keyed[GRE].key_present, keyed[GRE].key) == (1, 9)
    assert keyed[IPv4].total_length == packet[IPv4].total_length + 4
    assert {verdict.state for verdict in keyed.check()} == {"good"}
    assert keyed.replace(GRE, key=None) == packet
    with pytest.raises(FieldError, match=r"GRE\.key"):
        packet.replace(GRE, key=2**32)


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        ("0002 0800", "none of these"),
        ("20", "header cut short"),
        ("2000 0800 0000", "header cut short"),
        ("c000 0800 0000 0000 0800 0004 c000", "header cut short"),
        ("4000 0800 0000 0000 0800 00ff c0000209", "header cut short"),
        ("0001 880b 0000 0006", "must always have one value"),
    ],
)
def test_damage(octets: str, why: str) -> None:
    assert why in [defect.why for defect in read(bytes.fromhex(octets)).defects]


def test_routing_ends_with_an_empty_entry() -> None:
    packet = read(bytes.fromhex("4000 88b5 0000 0000 0800 0004 c0000209 0000 0000") + b"data")
    assert (packet[GRERouting].routing, packet.payload) == (bytes.fromhex("08000004c000020900000000"), b"data")


def test_lines() -> None:
    assert line(OUTER / GRE(key=5, sequence_number=3) / INNER) == (
        "IP 192.0.2.1 > 192.0.2.2: GREv0, key=0x5, seq 3, length 45: IP 10.0.0.1.1000 > 10.0.0.2.7: UDP, length 5"
    )
    unknown = line(OUTER / GRE(protocol=0x88CC) / b"abc")
    assert unknown.endswith("GREv0, length 7: ethertype LLDP (0x88cc), length 3")
    acknowledgement = line(OUTER / EnhancedGRE(call_id=6, acknowledgement_number=26))
    assert acknowledgement.endswith("GREv1, call 6, ack 26, no-payload, length 12")
