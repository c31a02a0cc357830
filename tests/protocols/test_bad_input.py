"""Damaged headers: no exception, a defect with place and reason, and the very octets back."""

from __future__ import annotations

import pytest

from rawkit.errors import Defect, FieldError
from rawkit.protocols import (
    TCP,
    UDP,
    Ethernet,
    IPv4,
    IPv6,
    IPv6DestinationOptions,
    IPv6Fragment,
    IPv6HopByHop,
    JumboPayload,
    PadN,
)
from rawkit.wire import MAX_LAYERS, Header, Packet

V4 = bytes(IPv4(src="192.0.2.1", dst="192.0.2.2") / UDP(sport=1000, dport=2000) / b"0123456789")
V6 = bytes(IPv6(src="2001:db8::1", dst="2001:db8::2") / UDP(sport=1000, dport=2000) / b"0123456789")
SEGMENT = bytes(
    IPv4(src="192.0.2.1", dst="192.0.2.2") / TCP(sport=1000, dport=80, flags="S", options=bytes(20)) / b"data"
)


def damaged(octets: bytes, at: int, value: bytes) -> bytes:
    return octets[:at] + value + octets[at + len(value) :]


def decoded(octets: bytes, first: type[Header]) -> Packet:
    """The packet, checked for what holds of any octets."""
    packet = Packet.decode(octets, first=first)
    assert packet.octets == octets
    again = Packet(*packet.layers, packet.payload, packet.trailer)
    assert again.octets == octets
    assert again == packet
    packet.check()
    assert packet.to_python()
    return packet


def defect_of(packet: Packet, layer: str, field: str) -> Defect:
    found = [defect for defect in packet.defects if (defect.layer, defect.field) == (layer, field)]
    assert len(found) == 1, packet.defects
    assert found[0].why
    return found[0]


@pytest.mark.parametrize("ihl", range(5))
def test_ipv4_header_length_below_the_header(ihl: int) -> None:
    packet = decoded(damaged(V4, 0, bytes([0x40 | ihl])), IPv4)
    defect = defect_of(packet, "IPv4", "ihl")
    assert (defect.offset, defect.found) == (0, f"{ihl * 4} octets")
    assert packet[IPv4].src == "192.0.2.1"
    assert packet[UDP].dport == 2000


def test_ipv4_header_length_past_the_end() -> None:
    packet = decoded(damaged(V4, 0, b"\x4f"), IPv4)
    assert defect_of(packet, "IPv4", "ihl").offset == 0
    assert packet[IPv4].dst == "192.0.2.2"
    assert packet.payload == b""


@pytest.mark.parametrize(
    ("length", "why"), [(19, "shorter"), (1, "shorter"), (39, "past the end"), (65535, "past the end")]
)
def test_ipv4_total_length_that_lies(length: int, why: str) -> None:
    packet = decoded(damaged(V4, 2, length.to_bytes(2, "big")), IPv4)
    defect = defect_of(packet, "IPv4", "total_length")
    assert (defect.offset, defect.found) == (2, length)
    assert why in defect.why


def test_ipv4_total_length_0_is_presumed_from_the_frame() -> None:
    packet = decoded(bytes(Ethernet(type=0x0800)) + damaged(V4, 2, b"\0\0"), Ethernet)
    assert "presumed from the frame" in defect_of(packet, "IPv4", "total_length").why
    assert packet.payload == b"0123456789"


def test_ipv4_total_length_below_the_frame_leaves_a_trailer() -> None:
    packet = decoded(damaged(V4, 2, b"\0\x20"), IPv4)
    assert bytes(packet.trailer) == b"456789"
    assert defect_of(packet, "UDP", "length").found == 18


@pytest.mark.parametrize("words", range(5))
def test_tcp_data_offset_below_the_header(words: int) -> None:
    packet = decoded(damaged(SEGMENT, 32, bytes([words << 4])), IPv4)
    defect = defect_of(packet, "TCP", "data_offset")
    assert (defect.offset, defect.found) == (32, f"{words * 4} octets")
    assert packet[TCP].options == ()


def test_tcp_data_offset_past_the_end() -> None:
    packet = decoded(damaged(SEGMENT, 32, b"\xf0"), IPv4)
    assert defect_of(packet, "TCP", "data_offset").offset == 32
    assert packet.payload == b""


@pytest.mark.parametrize(
    ("option", "why"), [(b"\x03\x00", "shorter"), (b"\x03\x01", "shorter"), (b"\x03\xff", "past the end")]
)
def test_tcp_option_length_that_lies(option: bytes, why: str) -> None:
    packet = decoded(damaged(SEGMENT, 40, b"\x02\x04\x05\xb4" + option), IPv4)
    defect = defect_of(packet, "TCPOption", "length")
    assert (defect.offset, defect.found) == (45, option[1])
    assert why in defect.why
    assert [repr(option) for option in packet[TCP].options] == ["MSS(value=1460)"]
    assert packet.payload == b"data"


def test_tcp_option_of_another_length_stays_octets() -> None:
    packet = decoded(damaged(SEGMENT, 40, b"\x02\x06\x05\xb4\x00\x00"), IPv4)
    assert defect_of(packet, "MSS", "length").offset == 40
    assert type(packet[TCP].options[0]).__name__ == "UnknownTCPOption"


@pytest.mark.parametrize("length", [0, 1, 7, 19, 65535])
def test_udp_length_that_lies(length: int) -> None:
    packet = decoded(damaged(V4, 24, length.to_bytes(2, "big")), IPv4)
    defect = defect_of(packet, "UDP", "length")
    assert (defect.offset, defect.found) == (24, length)
    assert packet.payload == b"0123456789"


def test_udp_without_a_checksum() -> None:
    over_v4 = decoded(damaged(V4, 26, b"\0\0"), IPv4)
    assert over_v4.defects == ()
    assert [verdict.state for verdict in over_v4.check() if verdict.layer == "UDP" and verdict.checksum] == ["absent"]
    over_v6 = decoded(damaged(V6, 46, b"\0\0"), IPv6)
    assert defect_of(over_v6, "UDP", "checksum").offset == 46


def test_ipv6_a_thousand_extension_headers() -> None:
    options = bytes.fromhex("3c00010400000000")
    octets = bytes(IPv6(next_header=60)) + options * 1000
    packet = decoded(damaged(octets, 4, (8000).to_bytes(2, "big")), IPv6)
    assert len(packet.layers) == MAX_LAYERS
    assert [defect.why for defect in packet.defects] == ["nested too deep"]
    assert len(packet.payload) == 8 * (1000 - MAX_LAYERS + 1)


def test_ipv6_options_of_length_0() -> None:
    packet = decoded(bytes(IPv6(next_header=60) / (bytes.fromhex("3b00") + b"\x1e\x00\x1e\x00\x00\x00")), IPv6)
    assert packet.defects == ()
    assert [option.layout.octets for option in packet[IPv6DestinationOptions].options][:2] == [b"\x1e\0", b"\x1e\0"]


def test_ipv6_extension_header_past_the_end() -> None:
    packet = decoded(bytes(IPv6(next_header=60) / bytes.fromhex("3b05010400000000")), IPv6)
    assert defect_of(packet, "IPv6DestinationOptions", "header_ext_len").offset == 41


def test_ipv6_fragment_within_a_fragment() -> None:
    chain = (
        IPv6()
        / IPv6Fragment(more_fragments=1, identification=1)
        / IPv6Fragment(identification=2)
        / UDP(length=99, checksum=1)
        / b"data"
    )
    packet = decoded(bytes(chain), IPv6)
    assert [header.identification for header in packet.all(IPv6Fragment)] == [1, 2]
    assert [verdict.state for verdict in packet.check() if verdict.checksum] == ["unverifiable"]
    assert [(defect.offset, defect.why) for defect in packet.defects] == [(48, "fragment within a fragment")]


def test_a_fragment_in_a_tunnel_is_no_fragment_within_a_fragment() -> None:
    packet = Packet(IPv6(), IPv6Fragment(), IPv6(), IPv6Fragment(), UDP())
    assert "fragment within a fragment" not in [defect.why for defect in packet.defects]


def test_ipv6_jumbo() -> None:
    data = bytes(70_000)
    jumbo = IPv6HopByHop(options=[PadN(b"\0\0"), JumboPayload(70_024)])
    with pytest.raises(FieldError, match=r"UDP.length: 70008 octets do not fit"):
        bytes(IPv6() / jumbo / UDP() / data)
    packet = IPv6(payload_length=0) / jumbo / UDP(length=0) / data
    again = decoded(bytes(packet), IPv6)
    assert again.payload == data
    assert again.defects == ()
    assert {verdict.state for verdict in again.check()} == {"good"}
    cut = Packet.decode(again.octets[:100], first=IPv6, wire_length=len(again))
    assert cut.defects == ()
    padded = Packet.decode(again.octets + b"padding", first=IPv6)
    assert (padded.trailer, padded.defects) == (b"padding", ())
    nearer = again.replace(IPv6, hop_limit=1)
    assert len(nearer) == len(again)
    assert nearer[UDP].length == 0


def jumbogram(payload_length: int, said: int) -> Packet:
    jumbo = IPv6HopByHop(options=[JumboPayload(said)])
    return decoded(bytes(IPv6(payload_length=payload_length) / jumbo / UDP() / b"abc"), IPv6)


def test_ipv6_jumbo_that_lies() -> None:
    packet = jumbogram(0, 70_000)
    defect = defect_of(packet, "JumboPayload", "payload_length")
    assert (defect.offset, defect.found, defect.expected) == (44, 70_000, "at most 19")
    assert packet.payload == b"abc"
    assert [(each.layer, each.why) for each in jumbogram(0, 19).defects] == [
        ("IPv6", "length 0: presumed from the frame"),
        ("JumboPayload", "no jumbogram"),
    ]
    assert [each.why for each in jumbogram(19, 70_000).defects] == ["the IPv6 header has a length too"]
    without = IPv6(payload_length=0) / UDP(length=0) / bytes(70_000)
    assert [each.layer for each in decoded(bytes(without), IPv6).defects] == ["IPv6", "UDP"]
    fragment = IPv6(payload_length=0) / IPv6HopByHop(options=[JumboPayload(70_000)]) / IPv6Fragment() / bytes(69_984)
    assert [each.why for each in decoded(bytes(fragment), IPv6).defects] == ["fragment of a jumbogram"]


@pytest.mark.parametrize("first", [IPv4, IPv6, TCP, UDP, Ethernet])
def test_every_length_is_survived(first: type[Header]) -> None:
    whole = {IPv4: SEGMENT, IPv6: V6, TCP: SEGMENT[20:], UDP: V4[20:], Ethernet: bytes(Ethernet(type=0x0800)) + V4}[
        first
    ]
    for length in range(len(whole)):
        packet = decoded(whole[:length], first)
        assert packet.layers or packet.defects
