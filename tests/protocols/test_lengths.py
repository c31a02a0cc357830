"""Lengths, an 802.3 frame's among them: judged by what was on the wire, and moved by an edit with what they cover."""

from __future__ import annotations

import pytest

import rawkit.protocols
from rawkit.errors import FieldError
from rawkit.protocols import LLC, SNAP, TCP, UDP, Ethernet, IPv4, IPv6, IPv6HopByHop, JumboPayload
from rawkit.wire import Header, Packet, Trailer, Verdict, regions

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


@pytest.mark.parametrize("length", [6, 1500])
def test_a_length_without_llc_moves_too(length: int) -> None:
    """Novell's IPX directly behind the length: nobody could fill that in."""
    packet = Packet.decode(bytes(12) + length.to_bytes(2, "big") + b"\xff\xff" + bytes(length - 2) + bytes(40))
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


@pytest.mark.parametrize(
    ("number", "size", "why"),
    [
        (1499, 1499, None),
        (1500, 1500, None),
        (1500, 1499, "length past the end of the packet"),
        (1501, 1501, "neither length nor type"),
        (1535, 1535, "neither length nor type"),
        (1536, 1501, None),
    ],
)
def test_up_to_1500_it_is_a_length_and_from_1536_on_a_type(number: int, size: int, why: str | None) -> None:
    octets = bytes(12) + number.to_bytes(2, "big") + bytes.fromhex("424203") + bytes(size - 3)
    packet = Packet.decode(octets)
    assert [defect.why for defect in packet.defects] == ([] if why is None else [why])
    assert (LLC in packet) == (number <= 1500)
    if number <= 1500:
        assert verdict(packet, "Ethernet", "type").state == ("good" if why is None else "bad")


@pytest.mark.parametrize(
    ("layers", "field", "most"),
    [
        ((IPv4(),), "total_length", 65_535 - 20),
        ((IPv6(),), "payload_length", 65_535),
        ((IPv6(payload_length=0), UDP()), "length", 65_535 - 8),
    ],
    ids=["IPv4", "IPv6", "UDP"],
)
def test_a_length_of_sixteen_bits_holds_65535(layers: tuple[Header, ...], field: str, most: int) -> None:
    first, layer = type(layers[0]), type(layers[-1]).__name__
    whole = Packet.decode(bytes(Packet(*layers, bytes(most))), first=first)
    found = verdict(whole, layer, field)
    assert (found.found, found.state) == (65_535, "good")
    with pytest.raises(FieldError, match=rf"{layer}\.{field}: 65536 octets do not fit, at most 65535 do"):
        bytes(Packet(*layers, bytes(most + 1)))


PRESUMED = "length 0: presumed from the frame"


@pytest.mark.parametrize(
    ("said", "state", "whys"), [(65_535, "bad", [PRESUMED, PRESUMED, "no jumbogram"]), (65_536, "good", [PRESUMED])]
)
def test_a_jumbogram_s_length_begins_where_sixteen_bits_end(said: int, state: str, whys: list[str]) -> None:
    """RFC 2675 section 3: "must be greater than 65,535"."""
    hop_by_hop = IPv6HopByHop(options=[JumboPayload(said)])
    packet = IPv6(payload_length=0) / hop_by_hop / UDP(length=0) / bytes(said - 16)
    decoded = Packet.decode(bytes(packet), first=IPv6)
    assert verdict(decoded, "IPv6", "payload_length").state == state
    assert [defect.why for defect in decoded.defects] == whys
    assert len(decoded.payload) == said - 16


@pytest.mark.parametrize(("data", "state", "whys"), [(65_536 - 8, "good", []), (65_535 - 8, "bad", [PRESUMED])])
def test_a_udp_length_of_0_is_right_where_it_does_not_fit(data: int, state: str, whys: list[str]) -> None:
    hop_by_hop = IPv6HopByHop(options=[JumboPayload(data + 16)])
    packet = Packet.decode(bytes(IPv6(payload_length=0) / hop_by_hop / UDP(length=0) / bytes(data)), first=IPv6)
    assert (verdict(packet, "UDP", "length").state, [defect.why for defect in packet.defects]) == (state, whys)
    assert len(packet.payload) == data


@pytest.mark.parametrize("size", [65_535, 65_536])
def test_the_pseudo_header_of_ipv4_has_one_word_of_length_until_it_does_not_fit(size: int) -> None:
    segment = IPv4(src="10.0.0.1", dst="10.0.0.2", total_length=0) / TCP(sport=1, dport=2) / bytes(size - 20)
    (region,) = regions(segment)[1:]
    length = "ffff" if size == 65_535 else "00010000"
    assert region.pseudo_header() == bytes.fromhex("0a0000010a0000020006" + length)


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
