"""Frames: decoded on first use and kept, by the link type's own header and never by a guess."""

from __future__ import annotations

import pytest

from rawkit.capture import Frame, Interface, LinkType
from rawkit.capture.linktypes import _HEADERS
from tests.capture.made import opened, pcap_header, pcap_record

ETHERNET = bytes.fromhex("020000000002 020000000001 0800 4500001c0001000040fd 65e2 0a000001 0a000002") + bytes(8)


def test_the_packet_is_decoded_once_and_knows_what_the_snaplen_cut() -> None:
    (frame,) = opened(pcap_header(), pcap_record(ETHERNET[:30], wire=len(ETHERNET)))
    assert frame.packet is frame.packet
    assert frame.packet.octets == ETHERNET[:30]
    assert type(frame.packet.layers[0]).__name__ == "Ethernet"


IP4 = ETHERNET[14:]
IP6 = bytes.fromhex("6000000000003b40") + bytes(32)


@pytest.mark.parametrize(
    ("number", "name", "octets", "layers"),
    [
        # Numbers and meanings of https://www.tcpdump.org/linktypes.html; 12 and 14 are systems' own numbers of RAW.
        (0, "NULL", (2).to_bytes(4, "little") + IP4, ["LoopbackLE", "IPv4"]),
        (1, "ETHERNET", ETHERNET, ["Ethernet", "IPv4"]),
        (12, "RAW (12)", IP4, ["IPv4"]),
        (14, "RAW (14)", IP6, ["IPv6"]),
        (101, "RAW", IP4, ["IPv4"]),
        (101, "RAW", IP6, ["IPv6"]),
        (108, "LOOP", (2).to_bytes(4, "big") + IP4, ["LoopbackBE", "IPv4"]),
        (108, "LOOP", b"\2\0\0\0" + IP4, ["LoopbackBE"]),
        (9, "PPP", b"\0\x21" + IP4, ["PPP", "IPv4"]),
        (50, "PPP_HDLC", b"\xff\x03\0\x57" + IP6, ["PPPFramed", "IPv6"]),
        (51, "PPP_ETHER", b"\x11\0\0\1\0\x16\0\x21" + IP4, ["PPPoESession", "PPP", "IPv4"]),
        (113, "LINUX_SLL", bytes(14) + b"\x08\0" + IP4, ["SLL", "IPv4"]),
        (228, "IPV4", IP4, ["IPv4"]),
        (229, "IPV6", IP6, ["IPv6"]),
        (276, "LINUX_SLL2", b"\x08\0" + bytes(18) + IP4, ["SLL2", "IPv4"]),
    ],
)
def test_each_link_type_starts_with_its_own_header(number: int, name: str, octets: bytes, layers: list[str]) -> None:
    frame = Frame(1, 0, octets, len(octets), Interface(0, LinkType(number)))
    assert (frame.linktype.name, frame.packet.octets) == (name, octets)
    assert [type(header).__name__ for header in frame.packet.layers][: len(layers)] == layers


def test_no_link_type_has_a_header_that_is_not_tested_here() -> None:
    assert sorted(_HEADERS) == [0, 1, 9, 12, 14, 50, 51, 101, 108, 113, 228, 229, 276]


@pytest.mark.parametrize("number", [105, 147, 4321, 65535, 0x10005])
def test_every_other_link_type_gives_raw_octets(number: int) -> None:
    frame = Frame(1, 0, ETHERNET, len(ETHERNET), Interface(0, LinkType(number)))
    assert (frame.packet.layers, frame.packet.payload) == ((), ETHERNET)


def test_what_people_see_of_a_frame() -> None:
    frame = Frame(7, None, bytes(4), 9, Interface(0, LinkType(4321)))
    assert repr(frame) == "<Frame 7: 4 of 9 octets, unknown link type 4321>"
    assert repr(LinkType(1)) == "LinkType(1, 'ETHERNET')"
    assert str(LinkType(113)) == "LINUX_SLL"
