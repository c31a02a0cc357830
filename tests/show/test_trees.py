"""The tree: what is computed, wrong, partial or damaged is marked where it is, with the value it should have."""

from __future__ import annotations

from rawkit.protocols import (
    SLL,
    TCP,
    UDP,
    Ethernet,
    ICMPv4,
    ICMPv4DestinationUnreachable,
    ICMPv6,
    IPv4,
    IPv6,
    IPv6Fragment,
)
from rawkit.show import tree
from rawkit.wire import Packet

UDP_PACKET = IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=1, dport=7) / b"hello"


def row(packet: Packet, name: str, which: int = 0) -> str:
    """The value that a tree shows for a field."""
    rows = [each.split(None, 1)[1] for each in tree(packet).split("\n") if each.split()[:1] == [name]]
    return rows[which]


def test_a_computed_value_says_so_and_a_set_one_says_what_is_correct() -> None:
    assert row(UDP_PACKET, "length") == "13 (computed)"
    right = UDP_PACKET[UDP].checksum
    wrong = IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=1, dport=7, checksum=0xB4C6, length=3) / b"hello"
    assert row(wrong, "length") == "3 (set; correct 13)"
    assert row(wrong, "checksum", 1).startswith("0xb4c6 (set; correct 0x")
    assert row(UDP_PACKET, "checksum", 1) == f"0x{right:04x} (computed)"


def test_a_wrong_value_that_was_read_is_bad_and_not_set() -> None:
    wrong = IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=1, dport=7, checksum=0xB4C6) / b"hello"
    read = Packet.decode(bytes(wrong), first=IPv4)
    assert row(read, "checksum", 1).startswith("0xb4c6 (bad; correct 0x")
    changed = read.replace(UDP, checksum=0xB4C7)
    assert row(changed, "checksum", 1).startswith("0xb4c7 (set; correct 0x")
    assert [read[UDP].layout.decoded, changed[UDP].layout.decoded] == [True, False]


def test_every_computed_value_that_was_read_and_is_right_says_so() -> None:
    packet = Packet.decode(bytes(Ethernet() / UDP_PACKET))
    marked = [each.split()[0] for each in tree(packet).split("\n") if each.endswith("(good)")]
    assert marked == ["type", "ihl", "total_length", "protocol", "checksum", "length", "checksum"]
    unknown = Packet.decode(bytes(IPv4(protocol=200) / b"?"), first=IPv4)
    assert row(unknown, "protocol") == "200"


def test_octets_are_shown_as_their_field_shows_them() -> None:
    packet = Packet.decode(bytes(SLL(address=bytes.fromhex("f03f958f82630000"))), first=SLL)
    assert row(packet, "address") == "f0:3f:95:8f:82:63:00:00"


def test_a_code_is_named_by_its_type() -> None:
    assert row(IPv4() / ICMPv4(type=3, code=3) / ICMPv4DestinationUnreachable(), "code") == "3 (port unreachable)"
    assert row(IPv4() / ICMPv4(type=11, code=1), "code") == "1 (fragment reassembly time exceeded)"
    assert row(IPv4() / ICMPv4(type=11, code=3), "code") == "3"
    assert row(IPv4() / ICMPv4(type=8, code=3), "code") == "3"
    assert row(IPv6() / ICMPv6(type=1, code=4), "code") == "4 (port unreachable)"


def test_verdicts_of_a_decoded_packet() -> None:
    octets = bytes(UDP_PACKET)
    assert row(Packet.decode(octets, first=IPv4), "checksum", 1).endswith("(good)")
    none = Packet.decode(bytes(UDP_PACKET.replace(UDP, checksum=0)), first=IPv4)
    assert row(none, "checksum", 1) == "0x0000 (absent: none was made)"
    cut = Packet.decode(octets[:-1], first=IPv4, wire_length=len(octets))
    assert row(cut, "checksum", 1).endswith("(unverifiable)")
    assert tree(cut).endswith("1 octet not captured")
    left = Packet.decode(octets, first=IPv4, checksum_state="partial")
    assert f"(partial, left to the network card; correct 0x{UDP_PACKET[UDP].checksum:04x})" in tree(left)


def test_a_defect_stands_under_its_field() -> None:
    octets = bytes(IPv4(src="10.0.0.1") / TCP(options=b"\x02\x09\x00\x00"))
    rows = tree(Packet.decode(octets, first=IPv4)).split("\n")
    at = next(index for index, text in enumerate(rows) if text.startswith("  ! "))
    assert rows[at] == "  ! TCPOption.length: option runs past the end (found 9, expected 2..4)"
    assert rows[at - 1].split() == ["options", "4", "octets"]


def test_a_defect_of_a_whole_header_stands_under_it() -> None:
    fragments = IPv6() / IPv6Fragment(more_fragments=1) / IPv6Fragment() / UDP() / b"x"
    rows = tree(Packet.decode(bytes(fragments), first=IPv6)).split("\n")
    at = next(index for index, text in enumerate(rows) if text.startswith("  ! "))
    assert rows[at].startswith("  ! IPv6Fragment: fragment within a fragment")
    assert [rows[at - 1].split()[0], rows[at + 1].split()[0]] == ["identification", "UDP"]
    assert rows[at - 7].startswith("IPv6Fragment 8 octets at 48")


def test_a_header_that_is_not_all_there_is_told_at_the_end() -> None:
    packet = Packet.decode(bytes(Ethernet() / IPv4(src="10.0.0.1"))[:20])
    assert tree(packet).split("\n")[-1].startswith("  ! IPv4: header cut short")
    assert "Payload 6 octets at 14" in tree(packet)
