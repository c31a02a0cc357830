"""What the declarations alone do not say: quotations, final destinations, tags in a row, addresses of other lengths."""

from __future__ import annotations

import pickle

import pytest

import rawkit.protocols
from rawkit.errors import FieldError
from rawkit.protocols import (
    ARP,
    LLC,
    SLL,
    SNAP,
    TCP,
    UDP,
    VLAN,
    AuthenticationHeader,
    Ethernet,
    ICMPv4,
    ICMPv4DestinationUnreachable,
    ICMPv4EchoRequest,
    ICMPv4RouterAdvertisement,
    ICMPv6,
    ICMPv6PacketTooBig,
    InternetTimestamp,
    IPv4,
    IPv6,
    IPv6HopByHop,
    IPv6Routing,
    IPv6SegmentRouting,
    IPv6UnknownRouting,
    JumboPayload,
    LLCNumbered,
    Loopback,
    LoopbackBE,
    LoopbackLE,
    LooseSourceRoute,
    PadN,
    RecordRoute,
    SNAPVendor,
    SourceLinkLayerAddress,
    StrictSourceRoute,
)
from rawkit.show import line
from rawkit.wire import Header, Numbers, Packet, Trailer

ASKED = IPv4(src="192.0.2.1", dst="192.0.2.2", ttl=1) / UDP(sport=1000, dport=9) / b"data"

# What a Linux 6 kernel answered on the loopback of a fresh network namespace to b"hi" for the closed port 9.
PORT_UNREACHABLE = bytes.fromhex(
    "45c0003a73290000400108d87f0000017f0000010303fa2000000000"
    "4500001e963640004011a6967f0000017f0000019c410009000afe1d6869"
)
PORT_UNREACHABLE_6 = bytes.fromhex(
    "6005573f003a3a400000000000000000000000000000000100000000000000000000000000000001"
    "0104e08000000000"
    "6006a7d7000a11400000000000000000000000000000000100000000000000000000000000000001"
    "9c410009000a001d6869"
)


def test_an_error_quotes_the_packet_it_is_about() -> None:
    error = IPv4(src="192.0.2.2", dst="192.0.2.1") / ICMPv4(code=3) / ICMPv4DestinationUnreachable() / bytes(ASKED)[:28]
    packet = Packet.decode(bytes(error), first=IPv4)
    assert packet[ICMPv4].type == 3
    quoted = packet.quoted
    assert quoted is not None
    assert (quoted[IPv4].ttl, quoted[UDP].dport) == (1, 9)
    assert quoted.payload == b""
    assert not packet.defects
    assert UDP not in packet


def test_an_ipv6_error_quotes_too() -> None:
    asked = IPv6(src="2001:db8::1", dst="2001:db8::2") / UDP(sport=1, dport=2) / bytes(2000)
    error = IPv6(src="2001:db8::9", dst="2001:db8::1") / ICMPv6() / ICMPv6PacketTooBig(mtu=1400) / bytes(asked)[:1232]
    quoted = Packet.decode(bytes(error), first=IPv6).quoted
    assert quoted is not None
    assert quoted[UDP].dport == 2
    assert not quoted.defects


@pytest.mark.parametrize(
    ("first", "kind", "code", "unit"),
    [
        # RFC 4884 sections 4.1 to 4.5: in 32-bit words of ICMP, in 64-bit words of ICMPv6. Octet 5 or 4 of the message.
        (IPv4, 3, 0, 4),
        (IPv4, 11, 0, 4),
        (IPv4, 12, 0, 4),
        (IPv6, 1, 0, 8),
        (IPv6, 3, 0, 8),
    ],
)
def test_a_quotation_ends_where_extensions_begin(first: type[IPv4 | IPv6], kind: int, code: int, unit: int) -> None:
    words = 128 // unit
    asked = first(next_header=17) if first is IPv6 else first(protocol=17)  # type: ignore[call-arg]
    quotation = bytes(Packet(asked, UDP(sport=1000, dport=9), bytes(200)))[:128]
    extension = bytes.fromhex("20000000 00080101 00010140")
    head = bytes([0, words, 0, 0]) if first is IPv4 else bytes([words, 0, 0, 0])
    message = bytes([kind, code, 0, 0]) + head + quotation + extension
    outer = IPv4(protocol=1) if first is IPv4 else IPv6(next_header=58)
    packet = Packet.decode(bytes(outer / message), first=first)
    quoted = packet.quoted
    assert quoted is not None
    assert (quoted.octets, quoted[UDP].dport, quoted.defects) == (quotation, 9, ())


def udp_in(first: type[IPv4 | IPv6], length: int) -> bytes:
    """A datagram that says it measures so many octets altogether."""
    if first is IPv4:
        return bytes(IPv4(total_length=length) / UDP(length=length - 20) / b"first octets")
    return bytes(IPv6(payload_length=length - 40) / UDP(length=length - 40) / b"first octets")


@pytest.mark.parametrize(
    ("octets", "wire_length", "whys"),
    [
        (udp_in(IPv4, 1000), 1000, []),
        (udp_in(IPv4, 65_534), 65_534, []),
        (udp_in(IPv4, 65_535), 65_535, []),
        (udp_in(IPv6, 65_535), 65_535, []),
        (udp_in(IPv6, 65_536), 65_536, []),
        (udp_in(IPv6, 65_575), 65_575, []),
        (bytes(IPv6(payload_length=0) / IPv6HopByHop(options=[JumboPayload(65_536)]) / b"first"), 65_576, []),
        (bytes(IPv6(payload_length=0) / IPv6HopByHop(options=[JumboPayload(2**32 - 1)])), 2**32 + 39, []),
        (udp_in(IPv4, 1000)[:19], 19, ["header cut short"]),
        (udp_in(IPv6, 1000)[:39], 39, ["header cut short"]),
    ],
    ids=range(10),
)
def test_a_quoted_packet_measures_what_its_own_header_says(octets: bytes, wire_length: int, whys: list[str]) -> None:
    v6 = octets[:1] == b"\x60"
    error = IPv6() / ICMPv6() / ICMPv6PacketTooBig() if v6 else IPv4() / ICMPv4() / ICMPv4DestinationUnreachable()
    quoted = Packet.decode(bytes(error / octets), first=IPv6 if v6 else IPv4).quoted
    assert quoted is not None
    assert (quoted.wire_length, [wrong.why for wrong in quoted.defects]) == (wire_length, whys)


def test_other_packets_quote_nothing() -> None:
    assert (IPv4() / ICMPv4() / ICMPv4EchoRequest() / b"data").quoted is None


def test_the_final_destination_counts_in_the_checksum() -> None:
    direct = IPv6(src="2001:db8::1", dst="2001:db8::9") / UDP(sport=1, dport=2) / b"data"
    for routing in (
        IPv6Routing(addresses=["2001:db8::8", "2001:db8::9"], segments_left=2),
        IPv6SegmentRouting(segments=["2001:db8::9", "2001:db8::8"], last_entry=1, segments_left=1),
    ):
        routed = IPv6(src="2001:db8::1", dst="2001:db8::7") / routing / UDP(sport=1, dport=2) / b"data"
        assert routed[UDP].checksum == direct[UDP].checksum
    arrived = IPv6(src="2001:db8::1", dst="2001:db8::9") / IPv6Routing(addresses=["2001:db8::8"], segments_left=0)
    assert (arrived / UDP(sport=1, dport=2) / b"data")[UDP].checksum == direct[UDP].checksum


def test_a_second_route_that_is_used_up_leaves_the_first_ones_end() -> None:
    direct = IPv6(src="2001:db8::1", dst="2001:db8::9") / UDP(sport=1, dport=2) / b"data"
    first = IPv6Routing(addresses=["2001:db8::9"], segments_left=1)
    second = IPv6Routing(addresses=["2001:db8::8"], segments_left=0)
    for routes in (first / second, second / first):
        routed = IPv6(src="2001:db8::1", dst="2001:db8::7") / routes / UDP(sport=1, dport=2) / b"data"
        assert routed[UDP].checksum == direct[UDP].checksum


def test_a_final_destination_in_octets_of_an_unknown_kind_cannot_be_summed() -> None:
    def state(segments_left: int, inner: TCP | UDP) -> list[str]:
        unknown = IPv6UnknownRouting(routing_type=253, segments_left=segments_left)
        packet = IPv6(src="2001:db8::1", dst="2001:db8::9") / unknown / inner / b"data"
        decoded = Packet.decode(bytes(packet), first=IPv6)
        return [verdict.state for verdict in decoded.check() if verdict.checksum]

    for inner in (TCP(checksum=0x1234), UDP(checksum=0x1234)):
        assert state(1, inner) == ["unverifiable"]
        assert state(0, inner) == ["bad"]
    assert state(1, TCP()) == ["unverifiable"]
    assert state(0, TCP()) == ["good"]


def test_counts_are_filled_in_and_read_back() -> None:
    stops = ["2001:db8::8", "2001:db8::9"]
    segments = IPv6SegmentRouting(segments=stops)
    assert (segments.last_entry, segments.segments) == (1, tuple(stops))
    assert IPv6Routing(addresses=stops).segments_left == 2
    assert (IPv6Routing().segments_left, IPv6Routing(addresses=stops, segments_left=0).segments_left) == (0, 0)
    advertisement = ICMPv4RouterAdvertisement(addresses=[("192.0.2.1", 0), ("192.0.2.2", 5)])
    assert (advertisement.number_of_addresses, len(advertisement.addresses)) == (2, 2)
    for header in (segments, IPv6Routing(addresses=stops), advertisement):
        decoded = Packet.decode(bytes(header), first=type(header))
        assert decoded.layers == (header,)
        assert not decoded.defects


def test_a_count_that_lies_is_told() -> None:
    message = ICMPv4RouterAdvertisement(number_of_addresses=1, addresses=[("192.0.2.1", 0), ("192.0.2.2", 5)])
    decoded = Packet.decode(bytes(ICMPv4() / message), first=ICMPv4)
    assert decoded[ICMPv4RouterAdvertisement].number_of_addresses == 1
    assert len(decoded[ICMPv4RouterAdvertisement].addresses) == 1
    assert len(decoded.payload) == 8


def test_the_authentication_header_in_ipv4() -> None:
    sender = IPv4(src="192.0.2.1", dst="192.0.2.2")
    packet = sender / AuthenticationHeader(icv=bytes(12)) / UDP(sport=1, dport=2) / b"data"
    assert packet[IPv4].protocol == 51
    assert packet[AuthenticationHeader].payload_length == 4
    direct = sender / UDP(sport=1, dport=2) / b"data"
    assert packet[UDP].checksum == direct[UDP].checksum
    with pytest.raises(FieldError, match=r"AuthenticationHeader\.icv: .* multiple of 4"):
        AuthenticationHeader(icv=bytes(3))


def test_tags_of_either_type_and_of_old_stacks() -> None:
    frame = bytes(Ethernet(type=0x9100) / VLAN(id=1) / VLAN(id=2) / ASKED)
    packet = Packet.decode(frame)
    assert [tag.id for tag in packet.all(VLAN)] == [1, 2]
    assert "type=37120" in packet.to_python()
    assert bytes(Ethernet() / VLAN() / VLAN() / ASKED)[12:18].hex() == "810000008100"


@pytest.mark.parametrize(
    ("octets", "first"),
    [
        (bytes(Ethernet(type=0x9100) / VLAN(id=1) / ASKED), Ethernet),
        (bytes(Ethernet(type=0x8035) / ARP(opcode=3)), Ethernet),  # RARP
        *((bytes(LoopbackLE(family=family) / IPv6() / UDP()), LoopbackLE) for family in (24, 28, 30)),
    ],
    ids=["old tag", "rarp", "NetBSD", "FreeBSD", "Darwin"],
)
def test_any_number_that_leads_to_what_follows_is_right(octets: bytes, first: type[Header]) -> None:
    packet = Packet.decode(octets, first=first)
    assert len(packet.layers) > 1
    assert {verdict.state for verdict in packet.check()} == {"good"}
    assert packet.replace(recompute=True).octets == octets


def test_a_length_in_a_tag_means_llc() -> None:
    packet = Ethernet() / VLAN(id=5) / LLC(dsap=0x42, ssap=0x42) / b"0123" / Trailer(bytes(3))
    again = Packet.decode(bytes(packet))
    assert again[VLAN].type == 7
    assert (again.payload, again.trailer) == (b"0123", bytes(3))


def test_counted_frames_have_a_longer_control_field() -> None:
    packet = Packet.decode(bytes.fromhex("ffffffffffff0200000000010004f0f00103") + bytes(42))
    assert packet[LLCNumbered].control == 0x0301
    assert len(packet.trailer) == 42


def test_ipx_without_llc_stays_octets() -> None:
    """A frame of solaris.snoop, shortened: tshark says eth:ipx of it, and of the next one eth:llc."""
    packet = Packet.decode(bytes.fromhex("ffffffffffff0020af3979e20006 ffff00060004 0000"))
    assert [type(header) for header in packet.layers] == [Ethernet]
    assert (packet.payload, packet.trailer, packet.defects) == (bytes.fromhex("ffff00060004"), bytes(2), ())
    assert line(packet) == "00:20:af:39:79:e2 > ff:ff:ff:ff:ff:ff, 802.3 length 6 (IPX without LLC), length 6"
    assert packet.replace(recompute=True).octets == packet.octets
    assert LLC in Packet.decode(bytes.fromhex("ffffffffffff0020af3979e20004 ffe00300"))


def test_snap_behind_a_counted_header() -> None:
    """tshark reads SNAP behind either length of LLC; such a packet is a packet like any other."""
    packet = Packet.decode(bytes.fromhex("01000ccccccc0013c4120f0d0010 aaaa0010 00000c2000") + b"hello..")
    assert [type(header) for header in packet.layers] == [Ethernet, LLCNumbered, SNAPVendor]
    assert Packet(*packet.layers, packet.payload, packet.trailer).octets == packet.octets
    assert packet.replace(LLCNumbered, control=2)[SNAPVendor].protocol_id == 0x2000
    assert pickle.loads(pickle.dumps(packet)) == packet
    assert eval(packet.to_python(), vars(rawkit.protocols)) == packet
    built = Ethernet() / LLCNumbered() / SNAP() / ASKED
    assert Packet.decode(bytes(built)) == built


def test_snap_needs_both_access_points() -> None:
    """tshark shows data behind aa 01 03."""
    packet = Packet.decode(bytes(12) + bytes.fromhex("000caa0103 0000000800 45000014"))
    assert [type(header) for header in packet.layers] == [Ethernet, LLC]
    assert (packet.payload, packet.defects) == (bytes.fromhex("000000080045000014"), ())
    assert Packet.decode(bytes(12) + bytes.fromhex("0005aa0103 0000")).defects == ()


def test_bridged_ethertypes() -> None:
    packet = Packet.decode(bytes(Ethernet() / LLC() / SNAP(oui=0x0000F8) / ASKED))
    assert packet[SNAP].oui == 0xF8
    assert packet[UDP].dport == 9


def test_linuxs_number_of_llc_means_it_in_cooked_captures_only() -> None:
    octets = bytes.fromhex("424203") + bytes(9)
    assert Packet.decode(bytes(SLL(protocol=4)) + octets, first=SLL)[LLC].dsap == 0x42
    assert bytes(SLL() / LLC())[14:16] == b"\0\4"
    behind_snap = Packet.decode(bytes(Ethernet() / LLC() / SNAP(type=4) / octets))
    assert (type(behind_snap.layers[-1]), behind_snap.payload) == (SNAP, octets)  # tshark takes it for data too
    assert (Ethernet() / LLC() / SNAP() / LLC())[SNAP].type == 0x88B5


def test_a_space_has_the_numbers_of_the_one_that_it_extends() -> None:
    common = Numbers("number", {1: "one"})
    special = Numbers("number", {2: "two"}, extends=common)
    common.bind(3, IPv4)
    special.bind(4, IPv6)
    assert (dict(special), dict(common)) == ({1: "one", 2: "two", 3: "IPv4", 4: "IPv6"}, {1: "one", 3: "IPv4"})
    assert (special.of(IPv4), special.of(IPv6), common.of(IPv6)) == (3, 4, None)
    assert (special.classes[3], 4 in common.classes) == (IPv4, False)


def test_arp_of_other_lengths_is_octets() -> None:
    octets = bytes.fromhex("0001080006100001") + bytes(range(44))
    packet = Packet.decode(octets, first=ARP)
    arp = packet[ARP]
    assert (arp.sender_mac, arp.sender_ip, arp.target_ip) == ("00:01:02:03:04:05", None, None)
    assert arp.sender_protocol == bytes(range(6, 22))
    assert arp.target_protocol == bytes(range(28, 44))
    assert bytes(Packet(*packet.layers, packet.payload, packet.trailer)) == octets


@pytest.mark.parametrize(("hardware_type", "mac"), [(0, False), (1, True), (2, False), (6, True), (7, False)])
def test_addresses_of_ethernet_and_of_ieee_802_are_those_of_network_cards(hardware_type: int, mac: bool) -> None:
    octets = hardware_type.to_bytes(2, "big") + bytes.fromhex(
        "0800 0604 0001 020000000001 0a000001 000000000000 0a000002"
    )
    arp = Packet.decode(octets, first=ARP)[ARP]
    assert (arp.sender_mac, arp.sender_hardware) == (
        ("02:00:00:00:00:01", None) if mac else (None, bytes.fromhex("020000000001"))
    )


@pytest.mark.parametrize(
    ("octets", "kind", "family"),
    [
        ("02000000", LoopbackLE, 2),
        ("00000002", LoopbackBE, 2),
        ("1e000000", LoopbackLE, 30),
        ("0000001e", LoopbackBE, 30),
        ("00010000", LoopbackLE, 0x100),
        ("00000100", LoopbackBE, 0x100),
        ("00000000", LoopbackBE, 0),
    ],
)
def test_the_byte_order_of_a_loopback_header_is_told_by_its_value(octets: str, kind: type, family: int) -> None:
    header = Packet.decode(bytes.fromhex(octets), first=Loopback).layers[0]
    assert isinstance(header, (LoopbackLE, LoopbackBE))
    assert (type(header), header.family) == (kind, family)


def test_what_follows_arp_is_padding() -> None:
    packet = Packet.decode(bytes(Ethernet() / ARP(target_ip="192.0.2.1")) + bytes(18))
    assert packet.payload == b""
    assert packet.trailer == bytes(18)
    cut = Packet.decode(bytes(Ethernet() / ARP())[:30], wire_length=60)
    assert [defect.why for defect in cut.defects] == ["header cut short by the capture"]


def test_an_ipv4_timestamp_has_addresses_where_its_format_says_so() -> None:
    """Of captures/ipv4/options.pcap: tshark shows the address 10.0.0.254 and the time stamp 31681838."""
    octets = bytes.fromhex("440c0d01 0a0000fe 01e36d2e")
    (stamped, *_) = Packet.decode(bytes(IPv4(options=octets)), first=IPv4)[IPv4].options
    assert isinstance(stamped, InternetTimestamp)
    assert (stamped.entries, stamped.stamps) == (None, (("10.0.0.254", 31_681_838),))
    assert stamped == InternetTimestamp(pointer=13, format=1, stamps=[("10.0.0.254", 31_681_838)])
    assert repr(stamped) == "InternetTimestamp(pointer=13, format=1, stamps=(('10.0.0.254', 31681838),))"
    assert InternetTimestamp(entries=[5]).stamps is None
    with pytest.raises(FieldError, match=r"InternetTimestamp\.entries: only present .* format=1"):
        InternetTimestamp(format=1, entries=[5])


def test_router_advertisements_of_icmp() -> None:
    message = ICMPv4RouterAdvertisement(number_of_addresses=2, addresses=[("192.0.2.1", 0), ("192.0.2.2", 5)])
    packet = Packet.decode(bytes(ICMPv4() / message), first=ICMPv4)
    assert packet[ICMPv4RouterAdvertisement].addresses == (("192.0.2.1", 0), ("192.0.2.2", 5))
    assert not packet.defects


def test_options_are_padded_as_the_protocol_wants() -> None:
    assert IPv6HopByHop().options == (PadN(bytes(4)),)
    assert bytes(SourceLinkLayerAddress("02:00:00:00:00:01")).hex() == "0101020000000001"


def test_cooked_addresses_have_eight_octets() -> None:
    assert SLL(address="0200000000010000").address == bytes.fromhex("0200000000010000")
    assert SLL(address="02:00:00:00:00:01:00:00") == SLL(address="0200000000010000")  # as it is shown
    with pytest.raises(FieldError, match=r"SLL\.address: .* 8 octets"):
        SLL(address=b"123456")


@pytest.mark.parametrize(
    ("octets", "first", "kind"),
    [(PORT_UNREACHABLE, IPv4, ICMPv4), (PORT_UNREACHABLE_6, IPv6, ICMPv6)],
    ids=["icmp", "icmpv6"],
)
def test_a_kernels_port_unreachable(octets: bytes, first: type[IPv4 | IPv6], kind: type[ICMPv4 | ICMPv6]) -> None:
    packet = Packet.decode(octets, first=first)
    assert (packet[kind].type, packet[kind].code) == ((3, 3) if kind is ICMPv4 else (1, 4))
    assert {verdict.state for verdict in packet.check()} == {"good"}
    quoted = packet.quoted
    assert quoted is not None
    assert (quoted[UDP].sport, quoted[UDP].dport, quoted.payload) == (40001, 9, b"hi")
    assert [str(verdict.state) for verdict in quoted.check() if verdict.layer == "UDP" and verdict.checksum] == [
        "partial"
    ]


@pytest.mark.parametrize("option", [RecordRoute, LooseSourceRoute, StrictSourceRoute])
def test_a_route_is_any_sequence_of_whatever_is_an_address(option: type[RecordRoute]) -> None:
    stops = ("192.0.2.1", "192.0.2.2", "192.0.2.3")
    given = [stops, list(stops), ["192.0.2.1", 0xC0000202, b"\xc0\0\2\3"]]
    assert [option(route=route).route for route in given] == [stops] * 3  # type: ignore[arg-type]
    with pytest.raises(FieldError, match="route"):
        option(route=7)  # type: ignore[arg-type]


def test_entries_of_a_timestamp_are_any_sequence_of_words() -> None:
    assert InternetTimestamp(entries=[1, 2]).entries == InternetTimestamp(entries=range(1, 3)).entries == (1, 2)
