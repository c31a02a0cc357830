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


@pytest.mark.parametrize("number", sorted(_HEADERS))
def test_every_header_that_the_table_names_is_there_and_decodes(number: int) -> None:
    octets = ETHERNET[14:] + bytes(40)
    frame = Frame(1, 0, octets, len(octets), Interface(0, LinkType(number)))
    assert frame.interface.header is not None
    assert frame.packet.octets == octets
    assert frame.packet.layers


@pytest.mark.parametrize("number", [105, 147, 4321, 65535, 0x10005])
def test_every_other_link_type_gives_raw_octets(number: int) -> None:
    frame = Frame(1, 0, ETHERNET, len(ETHERNET), Interface(0, LinkType(number)))
    assert (frame.packet.layers, frame.packet.payload) == ((), ETHERNET)


def test_what_people_see_of_a_frame() -> None:
    frame = Frame(7, None, bytes(4), 9, Interface(0, LinkType(4321)))
    assert repr(frame) == "<Frame 7: 4 of 9 octets, unknown link type 4321>"
    assert repr(LinkType(1)) == "LinkType(1, 'ETHERNET')"
    assert str(LinkType(113)) == "LINUX_SLL"
