"""SCTP's checksum and chunks, UDP-Lite's coverage: what their declarations alone do not say."""

from __future__ import annotations

import pytest

from rawkit.errors import FieldError
from rawkit.protocols import (
    SCTP,
    IPv4,
    IPv6,
    SCTPCookieAck,
    SCTPCookieEcho,
    SCTPData,
    SCTPHeartbeat,
    SCTPSack,
    SCTPUnknownChunk,
    UDPLite,
)
from rawkit.show import checksum_steps, line
from rawkit.wire import Packet
from rawkit.wire.crc32c import crc32c
from rawkit.wire.layout import MAX_OPTIONS

OUTER = IPv4(src="192.0.2.1", dst="192.0.2.2")
COMMON = bytes.fromhex("03e8 07d0 00000005 00000000")


def read(octets: bytes) -> Packet:
    packet = Packet.decode(octets, first=SCTP)
    assert packet.octets == octets == bytes(Packet(*packet.layers, packet.payload, packet.trailer))
    return packet


# -- SCTP -------------------------------------------------------------------------------------------------------------


def test_chunks_begin_at_multiples_of_four() -> None:
    chunks = [SCTPData(tsn=1, data=b"hello"), SCTPCookieAck(), SCTPUnknownChunk(data=b"a", kind=99)]
    packet = read(bytes(SCTP(chunks=chunks) / b""))
    assert packet[SCTP].chunks == tuple(chunks)
    assert [chunk.length for chunk in packet[SCTP].chunks] == [21, 4, 5]
    assert len(packet) == 12 + 24 + 4 + 8
    assert packet.defects == ()
    assert packet[SCTP].chunks[0] == SCTPData(tsn=1, data=b"hello")


def test_padding_is_kept_whatever_it_is() -> None:
    octets = COMMON + bytes.fromhex("0a000005 41 ffeedd 0b000004")
    packet = read(octets)
    assert packet[SCTP].chunks == (SCTPCookieEcho(cookie=b"A"), SCTPCookieAck())
    assert packet.replace(SCTP, sport=1).octets[12:] == octets[12:]
    assert packet.defects == ()


@pytest.mark.parametrize(
    ("chunks", "whys", "count"),
    [
        ("0a0000", ["option cut short"], 0),
        ("0a000003", ["option length shorter than itself"], 0),
        ("0a000000", ["option length shorter than itself"], 0),
        ("0a000009 41424344", ["option runs past the end"], 0),
        ("0b000004 0a0000ff", ["option runs past the end"], 1),
        ("0a000006 4142", ["padding cut short"], 1),
        ("03000014 00000001 00000001 0002 0000 00010002", ["length does not fit"], 1),
        ("07000004", ["length does not fit"], 1),
        ("63000004", [], 1),
    ],
)
def test_damaged_chunks(chunks: str, whys: list[str], count: int) -> None:
    packet = read(COMMON + bytes.fromhex(chunks))
    assert [defect.why for defect in packet.defects] == whys
    assert len(packet[SCTP].chunks) == count
    snapped = Packet.decode(packet.octets, first=SCTP, wire_length=500)
    assert snapped.defects == ()


def test_chunks_are_capped() -> None:
    packet = read(COMMON + bytes.fromhex("0b000004") * (MAX_OPTIONS + 1))
    assert len(packet[SCTP].chunks) == MAX_OPTIONS
    assert [defect.why for defect in packet.defects] == ["too many options"]
    assert line(packet).count("COOKIE ACK") == 8


def test_a_sack_counts_its_blocks() -> None:
    sack = SCTPSack(gaps=[(2, 3), (5, 6)], duplicates=[7])
    assert (sack.gap_count, sack.duplicate_count, sack.length) == (2, 1, 16 + 8 + 4)
    with pytest.raises(FieldError, match=r"SCTPSack\.gap_count"):
        SCTPSack(gap_count=65536)


def test_the_crc_covers_all_and_no_pseudo_header() -> None:
    packet = OUTER / SCTP(sport=1, dport=2, chunks=[SCTPData(data=b"hello")])
    assert packet[SCTP].checksum == crc32c(packet.octets[20:28] + bytes(4) + packet.octets[32:])
    assert {verdict.state for verdict in packet.check()} == {"good"}
    assert packet.replace(IPv4, dst="192.0.2.9")[SCTP].checksum == packet[SCTP].checksum
    changed = packet.replace(SCTP, dport=3)
    assert changed[SCTP].checksum != packet[SCTP].checksum
    assert {verdict.state for verdict in changed.check()} == {"good"}
    wrong = Packet.decode(bytes(packet.replace(SCTP, checksum=7)), first=IPv4)
    assert [str(verdict) for verdict in wrong.check() if verdict.state == "bad"] == [
        f"SCTP.checksum 0x00000007 (bad; correct 0x{packet[SCTP].checksum:08x})"
    ]
    assert wrong.replace(SCTP, dport=3)[SCTP].checksum == 7
    assert wrong.replace(recompute=True) == packet


@pytest.mark.parametrize(("octets", "state"), [(0, "absent"), (0xFFFF, "bad"), (0xFFFFFFFF, "bad")])
def test_a_crc_of_0_was_not_made(octets: int, state: str) -> None:
    packet = Packet.decode(bytes(OUTER / SCTP(checksum=octets, chunks=[SCTPCookieAck()])), first=IPv4)
    assert [verdict.state for verdict in packet.check() if verdict.layer == "SCTP"] == [state]


def test_a_cut_or_a_piece_cannot_be_verified() -> None:
    whole = bytes(OUTER / SCTP(chunks=[SCTPHeartbeat(information=bytes(40))]))
    cut = Packet.decode(whole[:60], first=IPv4, wire_length=len(whole))
    piece = Packet.decode(bytes(IPv4(protocol=132, flags="MF") / whole[20:60]), first=IPv4)
    for packet in (cut, piece):
        assert [verdict.state for verdict in packet.check() if verdict.layer == "SCTP"] == ["unverifiable"]


def test_a_crc_step_by_step() -> None:
    packet = OUTER / SCTP(chunks=[SCTPCookieAck()])
    steps = checksum_steps(packet)
    assert f"lowest octet first: 0x{packet[SCTP].checksum:08x}" in steps
    assert "32   0b000004" in steps


# -- UDP-Lite ---------------------------------------------------------------------------------------------------------


# What a Linux 6 kernel sent for UDPLITE_SEND_CSCOV=12 and b"lite, and the rest".
LITE = bytes.fromhex("4500002ec5ec40004088f057c0000201c00002029c350009000cfe3f6c6974652c20616e64207468652072657374")


def test_a_datagram_of_the_kernel() -> None:
    packet = Packet.decode(LITE, first=IPv4)
    assert (packet[UDPLite].coverage, packet[UDPLite].dport, packet.payload) == (12, 9, b"lite, and the rest")
    assert state_of(packet) == "good"
    assert state_of(Packet.decode(LITE[:-1] + b"x", first=IPv4)) == "good"
    assert state_of(Packet.decode(LITE[:28] + b"x" + LITE[29:], first=IPv4)) == "bad"
    assert packet.replace(recompute=True).octets == LITE


def lite(coverage: int, data: bytes = b"0123456789") -> Packet:
    return Packet.decode(bytes(OUTER / UDPLite(sport=1, dport=2, coverage=coverage) / data), first=IPv4)


def state_of(packet: Packet) -> str:
    return next(verdict.state for verdict in packet.check() if verdict.checksum and verdict.layer == "UDPLite")


@pytest.mark.parametrize(
    ("coverage", "why"),
    [
        *((0, ""), (8, ""), (9, ""), (18, "")),
        *((1, "covers less than the header"), (7, "covers less than the header")),
        *((19, "covers more than there is"), (65535, "covers more than there is")),
    ],
)
def test_what_the_coverage_may_be(coverage: int, why: str) -> None:
    packet = lite(coverage)
    assert [defect.why for defect in packet.defects] == ([why] if why else [])
    assert state_of(packet) == ("unverifiable" if why else "good")


@pytest.mark.parametrize(
    ("coverage", "damaged", "state"), [(12, 12, "good"), (12, 11, "bad"), (0, 17, "bad"), (8, 8, "good")]
)
def test_only_what_is_covered_counts(coverage: int, damaged: int, state: str) -> None:
    octets = bytearray(lite(coverage).octets)
    octets[20 + damaged] ^= 1
    assert state_of(Packet.decode(bytes(octets), first=IPv4)) == state


def test_its_pseudo_header_has_the_whole_length() -> None:
    """RFC 3828 section 3.1: the length that IP tells, and not the coverage; what is cut behind that does not matter."""
    whole = lite(8)
    assert state_of(Packet.decode(whole.octets[:30], first=IPv4, wire_length=len(whole))) == "good"
    assert state_of(Packet.decode(lite(12).octets[:30], first=IPv4, wire_length=len(whole))) == "unverifiable"
    assert lite(8, b"01234567890")[UDPLite].checksum == whole[UDPLite].checksum - 1
    piece = Packet.decode(bytes(IPv4(protocol=136, flags="MF") / whole.octets[20:36]), first=IPv4)
    assert state_of(piece) == "unverifiable"


def test_its_checksum_is_never_0() -> None:
    zero = lite(8)
    for tag in range(65536):
        if zero.replace(UDPLite, sport=tag)[UDPLite].checksum == 0xFFFF:
            break
    else:
        pytest.fail("no source port gives a sum of 0")
    assert state_of(zero.replace(UDPLite, sport=tag)) == "good"
    assert state_of(zero.replace(UDPLite, sport=tag, checksum=0)) == "bad"


def test_it_is_edited_narrowly_over_both_versions_of_ip() -> None:
    packet = IPv6(src="2001:db8::1", dst="2001:db8::2") / UDPLite(sport=1, dport=2, coverage=10) / b"hello"
    assert {verdict.state for verdict in packet.check()} == {"good"}
    assert packet.replace(payload=b"heLLO")[UDPLite].checksum == packet[UDPLite].checksum
    assert packet.replace(payload=b"Hello")[UDPLite].checksum != packet[UDPLite].checksum
    wider = packet.replace(UDPLite, coverage=0)
    assert {verdict.state for verdict in wider.check()} == {"good"}
    assert line(packet).endswith("2001:db8::1.1 > 2001:db8::2.2: UDP-Lite, coverage 10, length 5")


def test_its_sum_step_by_step_ends_where_the_coverage_does() -> None:
    steps = checksum_steps(lite(10))
    assert "data '01'" in steps
    assert "data '23'" not in steps
    assert "as far as coverage says" in steps
    assert "nothing tells how much it covers" in checksum_steps(lite(7))
