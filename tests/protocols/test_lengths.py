"""Lengths, an 802.3 frame's among them: judged by what was on the wire, and moved by an edit with what they cover."""

from __future__ import annotations

import pytest

import rawkit.protocols
from rawkit.errors import FieldError
from rawkit.protocols import LLC, SNAP, TCP, UDP, Ethernet, IPv4, IPv6
from rawkit.wire import Header, Packet, Trailer, Verdict

NAMES = vars(rawkit.protocols) | {"Packet": Packet, "Trailer": Trailer}
INNER = bytes(LLC() / SNAP() / IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP() / b"abc")


def verdict(packet: Packet, layer: str, field: str) -> Verdict:
    return next(each for each in packet.check() if (each.layer, each.field) == (layer, field))


def differences(one: Packet, two: Packet) -> list[str]:
    return [str(each) for each in one.diff(two)]


@pytest.fixture
def padded() -> Packet:
    """An 802.3 frame whose length covers seven octets that IPv4's leaves out, and five more of padding."""
    return Packet.decode(bytes(12) + (len(INNER) + 7).to_bytes(2, "big") + INNER + bytes(7 + 5))


def test_an_edit_leaves_a_frame_s_length_alone(padded: Packet) -> None:
    assert verdict(padded, "Ethernet", "type").state == "good"
    assert differences(padded, padded.replace(IPv4, ttl=9)) == ["IPv4.ttl: 64 | 9", "IPv4.checksum: 26316 | 40396"]
    assert differences(padded, padded.replace(Ethernet, dst="02:00:00:00:00:01")) == [
        "Ethernet.dst: 00:00:00:00:00:00 | 02:00:00:00:00:01"
    ]


def test_a_frame_s_length_moves_with_the_payload(padded: Packet) -> None:
    longer = padded.replace(payload=b"abcdef")
    assert "Ethernet.type: 46 | 49" in differences(padded, longer)
    assert verdict(longer, "Ethernet", "type").state == "good"
    assert longer.trailer == padded.trailer
    plain = Packet.decode(bytes(12) + len(INNER).to_bytes(2, "big") + INNER + bytes(5))
    assert "Ethernet.type: 39 | 42" in differences(plain, plain.replace(payload=b"abcdef"))


def test_an_expression_gives_a_length_that_no_builder_finds(padded: Packet) -> None:
    assert eval(padded.to_python(), NAMES) == padded


def test_a_length_without_llc_moves_too() -> None:
    """Novell's IPX directly behind the length: nobody could fill that in."""
    packet = Packet.decode(bytes(12) + b"\0\6" + b"\xff\xff\0\6\0\0" + bytes(40))
    assert verdict(packet, "Ethernet", "type").state == "good"
    assert packet.replace(payload=b"\xff\xff\0\5\0")[Ethernet].type == 5


@pytest.fixture
def snapped() -> Packet:
    whole = bytes(Ethernet() / LLC(dsap=0x42, ssap=0x42) / bytes(100))
    return Packet.decode(whole[:60], wire_length=len(whole))


def test_a_frame_s_length_of_a_cut_frame_is_not_bad(snapped: Packet) -> None:
    assert verdict(snapped, "Ethernet", "type").state == "unverifiable"
    assert snapped.replace(LLC, control=7, recompute=True)[Ethernet].type == 103
    longer = snapped.replace(payload=snapped.payload + b"1234")
    assert (longer[Ethernet].type, longer.wire_length, longer.defects) == (107, 121, ())


@pytest.mark.parametrize("size", [1498, 2000, 70_000])
def test_a_frame_too_long_for_its_length_is_the_builder_s_mistake(size: int) -> None:
    with pytest.raises(FieldError, match=rf"Ethernet\.type: {size + 3} octets do not fit, at most 1500 do"):
        bytes(Ethernet() / LLC() / bytes(size))
    with pytest.raises(FieldError, match=r"Ethernet\.type"):
        Packet.decode(bytes(Ethernet() / LLC() / b"short")).replace(payload=bytes(size))
    assert Packet.decode(bytes(Ethernet() / LLC() / bytes(1497)))[Ethernet].type == 1500
    assert len(bytes(Ethernet(type=0x8870) / LLC() / bytes(size))) == 17 + size


def test_what_was_not_captured_counts_for_the_right_length() -> None:
    whole = bytes(IPv4(total_length=1000) / UDP() / b"abcd")
    for said, why in ((1000, "at most 500"), (0, 500), (10, "at least 20")):
        octets = whole[:2] + said.to_bytes(2, "big") + whole[4:]
        packet = Packet.decode(octets, first=IPv4, wire_length=500)
        assert [defect.expected for defect in packet.defects if defect.layer == "IPv4"] == [why]
        found = verdict(packet, "IPv4", "total_length")
        assert (found.state, found.expected) == ("bad", 500)
        assert packet.replace(IPv4, ttl=1)[IPv4].total_length == said
        assert packet.replace(recompute=True)[IPv4].total_length == 500


def test_the_length_of_no_data_grows_too() -> None:
    packet = Packet.decode(bytes(IPv6()), first=IPv6)
    assert packet.replace(payload=b"abc")[IPv6].payload_length == 3
    assert packet.to_python() == "Packet(IPv6(next_header=59))"


@pytest.mark.parametrize(
    ("octets", "first", "layer"),
    [
        (bytes(IPv4() / UDP(length=500, checksum=7) / b"abcd"), IPv4, "UDP"),
        (bytes(IPv4(total_length=500) / TCP(checksum=7) / b"abcd"), IPv4, "TCP"),
        (bytes(IPv4(ihl=15, checksum=7) / UDP() / b"abcd"), IPv4, "IPv4"),
    ],
    ids=["UDP's length", "IPv4's length", "header length"],
)
def test_a_checksum_of_more_than_there_is_cannot_be_verified(octets: bytes, first: type[Header], layer: str) -> None:
    """tshark calls UDP's unverified as well."""
    packet = Packet.decode(octets, first=first)
    assert packet.defects
    assert verdict(packet, layer, "checksum").state == "unverifiable"
    assert {each.state for each in packet.replace(recompute=True).check()} <= {"good", "unverifiable"}
