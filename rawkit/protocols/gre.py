"""Generic routing encapsulation: any protocol inside IP. Version 0 (RFC 2784, 2890, 1701) and PPTP's version 1.

Flags say which fields are there. With a checksum the header is longer before it begins to vary, and so a class of its
own; the chooser `gre` tells the classes apart by their flags.
"""

from __future__ import annotations

from typing import Any

from rawkit.protocols.numbers import ETHERTYPES
from rawkit.wire import Accepts, Checksum, Chooser, Header, NextHeader, Present, TotalLength, bits, octets, u16, u32

TUNNEL = "the kernel's tunnel device (ip link add ... type gre)"
PPTP = "the kernel's PPTP socket (AF_PPPOX), or pptp's process"

CHECKSUM_ABSENT = bits(1, "C: no checksum", abbreviation="C", must=0, wireshark="flags.checksum", filled_by=TUNNEL)
ROUTING_ABSENT = bits(
    1, "R: no routing", abbreviation="R", must=0, section="RFC 1701", wireshark="flags.routing", filled_by=TUNNEL
)
KEY_PRESENT = bits(
    1,
    "K: a key is there",
    abbreviation="K",
    role=Present("key"),
    section="RFC 2890 section 2",
    wireshark="flags.key",
    filled_by=f"{TUNNEL}: key",
)
SEQUENCE_PRESENT = bits(
    1,
    "S: a sequence number is there",
    abbreviation="S",
    role=Present("sequence_number"),
    section="RFC 2890 section 2",
    wireshark="flags.sequence_number",
    filled_by=f"{TUNNEL}: seq",
)
STRICT_SOURCE_ROUTE = bits(
    1,
    "s: all of the routing is strict",
    abbreviation="s",
    section="RFC 1701",
    wireshark="flags.strict_source_route",
    filled_by=TUNNEL,
)
RECURSION = bits(
    3,
    "encapsulations still allowed",
    abbreviation="Rec",
    section="RFC 1701",
    wireshark="flags.recursion_control",
    filled_by=TUNNEL,
)
RESERVED = bits(5, "0", abbreviation="rsrvd", wireshark="flags.reserved", filled_by=TUNNEL)
VERSION = bits(3, "always 0", abbreviation="Ver", must=0, wireshark="flags.version", filled_by=TUNNEL)
PROTOCOL = u16(
    "what follows (EtherType)",
    default=0x88B5,
    role=NextHeader(ETHERTYPES),
    names=ETHERTYPES,
    wireshark="proto",
    filled_by=TUNNEL,
    show="0x{:04x}".format,
)
OFFSET = u16(
    "where in the routing the active entry is; 0 without routing",
    unit="octets",
    section="RFC 1701",
    filled_by=TUNNEL,
)
KEY = u32(
    "which of several tunnels between the same ends",
    when=lambda gre: gre.key_present,
    section="RFC 2890 section 2.1",
    filled_by=f"{TUNNEL}: key",
    show="0x{:08x}".format,
)
SEQUENCE_NUMBER = u32(
    "counts the packets, against loss of order",
    when=lambda gre: gre.sequence_present,
    section="RFC 2890 section 2.2",
    filled_by=f"{TUNNEL}: seq",
)
"""What the classes have in common, each with a copy of its own."""


def routing_octets(gre: GREChecksum | GRERouting) -> int:
    """RFC 1701: source route entries (family, offset, length, octets), up to one of family 0 without any octets."""
    head = gre.layout.octets
    begin = at = type(gre).layout.size + 4 * gre.key_present + 4 * gre.sequence_present
    while at + 4 <= len(head):
        family, length = head[at : at + 2], head[at + 3]
        at += 4 + length
        if family == b"\0\0" and not length:
            return at - begin
    return at + 4 - begin


def routing_field(always: bool) -> Any:
    """The field `routing`, which GREChecksum has only where R is set."""
    return octets(
        "source route entries: address family, offset, length, octets; the last is empty",
        length=routing_octets,
        when=None if always else lambda gre: gre.routing_present,
        section="RFC 1701",
        wireshark="",
        filled_by="nobody any more: RFC 2784 dropped it",
    )


class GRE(Header, rfc="RFC 2784 section 2", wireshark="gre"):
    """A protocol inside IP; which one is told by an EtherType.

    Its flags say which fields it has: C makes it a GREChecksum, R a GRERouting; version 1 is EnhancedGRE, of PPTP.
    """

    checksum_present: int = CHECKSUM_ABSENT
    routing_present: int = ROUTING_ABSENT
    key_present: int = KEY_PRESENT
    sequence_present: int = SEQUENCE_PRESENT
    strict_source_route: int = STRICT_SOURCE_ROUTE
    recursion: int = RECURSION
    reserved: int = RESERVED
    version: int = VERSION
    protocol: int = PROTOCOL
    key: Accepts[int | None, int | None] = KEY
    sequence_number: Accepts[int | None, int | None] = SEQUENCE_NUMBER


class GREChecksum(Header, rfc="RFC 2784 section 2", called="GRE", wireshark="gre"):
    """GRE with a checksum over itself and all that it carries."""

    checksum_present: int = bits(
        1, "C: a checksum is there", abbreviation="C", must=1, wireshark="flags.checksum", filled_by=f"{TUNNEL}: csum"
    )
    routing_present: int = bits(
        1,
        "R: routing is there",
        abbreviation="R",
        role=Present("routing"),
        section="RFC 1701",
        wireshark="flags.routing",
        filled_by=TUNNEL,
    )
    key_present: int = KEY_PRESENT
    sequence_present: int = SEQUENCE_PRESENT
    strict_source_route: int = STRICT_SOURCE_ROUTE
    recursion: int = RECURSION
    reserved: int = RESERVED
    version: int = VERSION
    protocol: int = PROTOCOL
    checksum: int = u16(
        "one's complement sum over GRE header and data",
        role=Checksum(over="data"),
        section="RFC 2784 section 2.5",
        filled_by=f"{TUNNEL}: csum",
        show="0x{:04x}".format,
    )
    offset: int = OFFSET
    key: Accepts[int | None, int | None] = KEY
    sequence_number: Accepts[int | None, int | None] = SEQUENCE_NUMBER
    routing: Accepts[bytes | None, bytes | str | None] = routing_field(always=False)


class GRERouting(Header, rfc="RFC 1701", called="GRE", wireshark="gre"):
    """GRE as it first was, with a source route and without a checksum, for which there is room all the same."""

    checksum_present: int = CHECKSUM_ABSENT
    routing_present: int = bits(
        1, "R: routing is there", abbreviation="R", must=1, wireshark="flags.routing", filled_by=TUNNEL
    )
    key_present: int = KEY_PRESENT
    sequence_present: int = SEQUENCE_PRESENT
    strict_source_route: int = STRICT_SOURCE_ROUTE
    recursion: int = RECURSION
    reserved: int = RESERVED
    version: int = VERSION
    protocol: int = PROTOCOL
    checksum: int = u16("not made, and not looked at", filled_by=TUNNEL, show="0x{:04x}".format)
    offset: int = OFFSET
    key: Accepts[int | None, int | None] = KEY
    sequence_number: Accepts[int | None, int | None] = SEQUENCE_NUMBER
    routing: Accepts[bytes, bytes | str] = routing_field(always=True)


class EnhancedGRE(Header, rfc="RFC 2637 section 4.1", called="GRE", wireshark="gre"):
    """PPTP's GRE: PPP frames of many calls, counted and acknowledged."""

    checksum_present: int = bits(
        1, "C: no checksum", abbreviation="C", must=0, wireshark="flags.checksum", filled_by=PPTP
    )
    routing_present: int = bits(1, "R: no routing", abbreviation="R", must=0, wireshark="flags.routing", filled_by=PPTP)
    key_present: int = bits(1, "K: always 1", abbreviation="K", must=1, wireshark="flags.key", filled_by=PPTP)
    sequence_present: int = bits(
        1,
        "S: a sequence number, and data, are there",
        abbreviation="S",
        role=Present("sequence_number"),
        wireshark="flags.sequence_number",
        filled_by=PPTP,
    )
    strict_source_route: int = bits(
        1, "always 0", abbreviation="s", must=0, wireshark="flags.strict_source_route", filled_by=PPTP
    )
    recursion: int = bits(
        3, "always 0", abbreviation="Rec", must=0, wireshark="flags.recursion_control", filled_by=PPTP
    )
    acknowledgement_present: int = bits(
        1,
        "A: an acknowledgement is there",
        abbreviation="A",
        role=Present("acknowledgement_number"),
        wireshark="flags.ack",
        filled_by=PPTP,
    )
    reserved: int = bits(4, "0", abbreviation="rsvd", wireshark="flags.reserved", filled_by=PPTP)
    version: int = bits(3, "always 1", abbreviation="Ver", must=1, wireshark="flags.version", filled_by=PPTP)
    protocol: int = u16(
        "what follows: always PPP (0x880b)",
        default=0x880B,
        role=NextHeader(ETHERTYPES),
        names=ETHERTYPES,
        wireshark="proto",
        filled_by=PPTP,
        show="0x{:04x}".format,
    )
    payload_length: int = u16(
        "octets after the header",
        unit="octets",
        role=TotalLength(payload_only=True),
        wireshark="key.payload_length",
        filled_by=PPTP,
    )
    call_id: int = u16("which call, by the receiver's number for it", wireshark="key.call_id", filled_by=PPTP)
    sequence_number: Accepts[int | None, int | None] = u32(
        "counts the packets with data", when=lambda gre: gre.sequence_present, filled_by=PPTP
    )
    acknowledgement_number: Accepts[int | None, int | None] = u32(
        "the highest sequence number that arrived",
        when=lambda gre: gre.acknowledgement_present,
        wireshark="ack_number",
        filled_by=PPTP,
    )


def form(head: bytes, _: int) -> type[Header] | None:
    """Which header two octets of flags are of; None for a version that nobody defined."""
    version = head[1] & 7
    if version == 1:
        return EnhancedGRE
    if version:
        return None
    return GREChecksum if head[0] & 0x80 else GRERouting if head[0] & 0x40 else GRE


gre = Chooser("GRE", 2, form, (GRE, GREChecksum, GRERouting, EnhancedGRE))
"""GRE of any form, told by its flags and version."""
