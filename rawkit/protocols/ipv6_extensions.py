"""IPv6's extension headers (RFC 8200 section 4): between the IPv6 header and what it carries, in a chain."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.errors import Defect
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.ipv6_options import IPv6Option, jumbo_payloads
from rawkit.protocols.numbers import IP_PROTOCOLS
from rawkit.wire import Accepts, Header, HeaderLength, NextHeader, bits, tail, u8, u32

NEXT_HEADER = u8(
    "what follows",
    default=59,
    role=NextHeader(IP_PROTOCOLS),
    names=IP_PROTOCOLS,
    wireshark="nxt",
    filled_by="the kernel",
)
HEADER_EXT_LEN = u8(
    "header length, without its first 8 octets",
    unit="8 octets",
    role=HeaderLength(unit=8, plus=8),
    wireshark="len",
    filled_by="the kernel",
)
"""How extension headers begin, each class with a copy of its own."""


def jumbo_defects(header: IPv6HopByHop, outer: Sequence[Header]) -> list[Defect]:
    """RFC 2675 section 3: the option is for more than 65,535 octets, of which the IPv6 header's own length says 0."""
    found = []
    for place, option in jumbo_payloads(header.options, header.layout.offset + IPv6HopByHop.layout.size):
        length = option.payload_length
        if length <= 65_535:
            found.append(Defect("JumboPayload", "payload_length", place, length, "at least 65536", "no jumbogram"))
        if outer and isinstance(outer[-1], IPv6) and outer[-1].payload_length:
            why, said = "the IPv6 header has a length too", f"IPv6.payload_length {outer[-1].payload_length}"
            found.append(Defect("JumboPayload", "payload_length", place, said, "IPv6.payload_length 0", why))
    return found


class IPv6HopByHop(Header, rfc="RFC 8200 section 4.3", wireshark="ipv6.hopopts", minimum=8, defects=jumbo_defects):
    """Options for every router on the way; stands directly after the IPv6 header."""

    next_header: int = NEXT_HEADER
    header_ext_len: int = HEADER_EXT_LEN
    options: Accepts[tuple[IPv6Option, ...], Sequence[IPv6Option] | bytes] = tail(
        IPv6Option, "options, padded to a multiple of 8 octets", wireshark="", filled_by="setsockopt(IPV6_HOPOPTS)"
    )


class IPv6DestinationOptions(Header, rfc="RFC 8200 section 4.6", wireshark="ipv6.dstopts", minimum=8):
    """Options for the destination (before a routing header: for each of the destinations)."""

    next_header: int = NEXT_HEADER
    header_ext_len: int = HEADER_EXT_LEN
    options: Accepts[tuple[IPv6Option, ...], Sequence[IPv6Option] | bytes] = tail(
        IPv6Option, "options, padded to a multiple of 8 octets", wireshark="", filled_by="setsockopt(IPV6_DSTOPTS)"
    )


def fragment_defects(header: IPv6Fragment, outer: Sequence[Header]) -> list[Defect]:
    """RFC 8200 section 4.1: at most one fragment header; RFC 2675 section 3: none in a jumbogram."""
    datagram = next((at for at in range(len(outer), 0, -1) if isinstance(outer[at - 1], IPv6)), 0)
    place, found = header.layout.offset, []
    for other in outer[datagram:]:
        if isinstance(other, IPv6Fragment):
            found.append(
                Defect("IPv6Fragment", "", place, "another fragment header", "one", "fragment within a fragment")
            )
        elif isinstance(other, IPv6HopByHop) and any(jumbo_payloads(other.options, 0)):
            found.append(Defect("IPv6Fragment", "", place, "a fragment header", "none", "fragment of a jumbogram"))
    return found


class IPv6Fragment(Header, rfc="RFC 8200 section 4.5", wireshark="ipv6.fraghdr", defects=fragment_defects):
    """A packet too large for the path, in pieces: which packet this piece is of, and where it belongs."""

    next_header: int = u8(
        "what the whole packet has here",
        default=59,
        role=NextHeader(
            IP_PROTOCOLS,
            unless="fragment_offset",
            fragment=lambda header: bool(header.more_fragments or header.fragment_offset),
        ),
        names=IP_PROTOCOLS,
        wireshark="nxt",
        filled_by="the kernel",
    )
    reserved: int = u8("0", wireshark="reserved_octet", filled_by="the kernel")
    fragment_offset: int = bits(
        13, "where this fragment's data begins", unit="8 octets", wireshark="offset", filled_by="the kernel"
    )
    reserved_bits: int = bits(2, "0", abbreviation="rsv", filled_by="the kernel")
    more_fragments: int = bits(1, "more fragments follow", abbreviation="M", wireshark="more", filled_by="the kernel")
    identification: int = u32(
        "which packet a fragment belongs to",
        wireshark="ident",
        section="RFC 7739",
        filled_by="the kernel",
        show="0x{:08x}".format,
    )
