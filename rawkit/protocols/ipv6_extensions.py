"""IPv6's extension headers (RFC 8200 section 4): between the IPv6 header and what it carries, in a chain."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.protocols.ipv6_options import IPv6Option
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


class IPv6HopByHop(Header, rfc="RFC 8200 section 4.3", wireshark="ipv6.hopopts", minimum=8):
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


class IPv6Fragment(Header, rfc="RFC 8200 section 4.5", wireshark="ipv6.fraghdr"):
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
