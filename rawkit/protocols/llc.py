"""Logical link control (IEEE 802.2): what an Ethernet frame carries whose type field is a length."""

from __future__ import annotations

from rawkit.protocols.numbers import LLC_SAPS
from rawkit.wire import Chooser, Header, NextHeader, u8, u16
from rawkit.wire.chooser import PlainOctets

DSAP = u8(
    "service access point it goes to; bit 0: a group",
    default=0xFE,
    role=NextHeader(LLC_SAPS),
    names=LLC_SAPS,
    filled_by="the kernel, or bind() on an AF_LLC socket",
    show="0x{:02x}".format,
)
"""Of either class, each with a copy of its own."""


def unnumbered(control: int) -> bool:
    """IEEE 802.2 section 5.3: the two low bits tell information and supervisory frames, which count, from the rest."""
    return control & 3 == 3


class LLC(Header, rfc="IEEE 802.2 section 3", wireshark="llc"):
    """Which protocol at either end of the link: a frame that is not counted."""

    dsap: int = DSAP
    ssap: int = u8(
        "service access point it comes from; bit 0: a response",
        default=0xAA,
        filled_by="the kernel, or bind() on an AF_LLC socket",
        show="0x{:02x}".format,
    )
    control: int = u8(
        "what kind of frame; 3: unnumbered information",
        default=3,
        section="IEEE 802.2 section 5.3",
        filled_by="the kernel",
        show="0x{:02x}".format,
    )


class LLCNumbered(Header, rfc="IEEE 802.2 section 3", called="LLC", wireshark="llc"):
    """Which protocol at either end of the link: a frame that is counted and acknowledged (NetBEUI, SNA)."""

    dsap: int = DSAP
    ssap: int = u8(
        "service access point it comes from; bit 0: a response",
        default=0xAA,
        filled_by="the kernel, or bind() on an AF_LLC socket",
        show="0x{:02x}".format,
    )
    control: int = u16(
        "send and receive counts, or a supervisory function; the low octet comes first",
        default=0,
        section="IEEE 802.2 section 5.3",
        filled_by="the kernel",
        little_endian=True,
        show="0x{:04x}".format,
    )


def raw_ipx(octets: bytes) -> bool:
    """Whether they are Novell's IPX without any LLC ("802.3 raw"): it begins with its checksum, which is never made.

    As LLC, it would come from the global access point, which is all of them and nobody's own.
    """
    return octets[:2] == b"\xff\xff"


def form(head: bytes, _: int) -> type[LLC | LLCNumbered | PlainOctets]:
    """Which header the first three octets are of."""
    if raw_ipx(head):
        return PlainOctets
    return LLC if unnumbered(head[2]) else LLCNumbered


llc = Chooser("LLC", 3, form, (LLC, LLCNumbered))
"""The LLC header of either length, told by its control field; octets where it is raw IPX."""
