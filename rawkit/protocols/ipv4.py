"""The Internet Protocol, version 4 (RFC 791)."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.protocols.ipv4_options import IPv4Option, LooseSourceRoute, StrictSourceRoute
from rawkit.protocols.numbers import IP_PROTOCOLS
from rawkit.wire import (
    Accepts,
    Bit,
    Checksum,
    Flags,
    Header,
    HeaderLength,
    IPv4Address,
    IPv4Like,
    NextHeader,
    PseudoHeader,
    TotalLength,
    bits,
    flags,
    ipv4_address,
    tail,
    u8,
    u16,
)

DSCP_NAMES = {
    0: "CS0",
    8: "CS1",
    10: "AF11",
    16: "CS2",
    24: "CS3",
    32: "CS4",
    40: "CS5",
    46: "EF",
    48: "CS6",
    56: "CS7",
}
ECN_NAMES = {0: "Not-ECT", 1: "ECT(1)", 2: "ECT(0)", 3: "CE"}


class IPv4Flags(Flags):
    """RFC 791 section 3.1: may the datagram be cut, and was it."""

    mf = Bit(
        0,
        "MF",
        "more fragments follow",
        filled_by="the kernel, or a router: in every fragment but the last",
        wireshark="ip.flags.mf",
    )
    df = Bit(
        1,
        "DF",
        "do not fragment",
        filled_by="the kernel, as long as setsockopt(IP_MTU_DISCOVER) does not forbid it",
        wireshark="ip.flags.df",
    )
    rb = Bit(2, "RB", "reserved, 0", filled_by="the kernel", wireshark="ip.flags.rb")


def protocol_and_length(number: int, length: int) -> bytes:
    """RFC 9293 section 3.1: zero, protocol, length of the segment (two words for a super-segment's)."""
    return number.to_bytes(2, "big") + length.to_bytes(2 if length < 65536 else 4, "big")


def final_destination(ip: IPv4) -> IPv4Address | None:
    """The last router of a source route that is not used up: until then `dst` is only the next one (RFC 791)."""
    for option in ip.options:
        if isinstance(option, (LooseSourceRoute, StrictSourceRoute)) and option.route:
            return option.route[-1] if option.pointer <= option.length else None
    return None


class IPv4(
    Header,
    rfc="RFC 791 section 3.1",
    wireshark="ip",
    pseudo_header=PseudoHeader("src", "dst", protocol_and_length),
    route=final_destination,
):
    """A datagram's envelope: who sent it, to whom, how far it may still go."""

    version: int = bits(4, "always 4", must=4, wireshark="version", filled_by="the kernel")
    ihl: int = bits(
        4, "header length", unit="32-bit words", role=HeaderLength(unit=4), wireshark="hdr_len", filled_by="the kernel"
    )
    dscp: int = bits(
        6,
        "how routers should queue it",
        section="RFC 2474",
        names=DSCP_NAMES,
        wireshark="dsfield.dscp",
        filled_by="setsockopt(IP_TOS)",
    )
    ecn: int = bits(
        2,
        "congestion marks",
        section="RFC 3168 section 5",
        names=ECN_NAMES,
        wireshark="dsfield.ecn",
        filled_by="the kernel, where ECN was agreed on",
    )
    total_length: int = u16(
        "octets of header and data", unit="octets", role=TotalLength(), wireshark="len", filled_by="the kernel"
    )
    identification: int = u16(
        "which datagram a fragment belongs to",
        wireshark="id",
        section="RFC 6864",
        filled_by="the kernel",
        show="0x{:04x}".format,
    )
    flags: Accepts[IPv4Flags, IPv4Flags | str | int] = flags(
        3, "may it be cut, was it cut", IPv4Flags, filled_by="the kernel; setsockopt(IP_MTU_DISCOVER)"
    )
    fragment_offset: int = bits(
        13, "where this fragment's data begins", unit="8 octets", wireshark="frag_offset", filled_by="the kernel"
    )
    ttl: int = u8("routers it may still pass", default=64, unit="hops", filled_by="the kernel; setsockopt(IP_TTL)")
    protocol: int = u8(
        "what the data is",
        default=253,
        role=NextHeader(
            IP_PROTOCOLS, unless="fragment_offset", fragment=lambda ip: bool(ip.flags.mf or ip.fragment_offset)
        ),
        names=IP_PROTOCOLS,
        wireshark="proto",
        filled_by="socket(), by its type and protocol",
    )
    checksum: int = u16(
        "one's complement sum of the header alone",
        role=Checksum(over="header"),
        filled_by="the kernel, and again every router",
        show="0x{:04x}".format,
    )
    src: Accepts[IPv4Address, IPv4Like] = ipv4_address(
        "who sent it", filled_by="bind(), or the kernel's choice of route"
    )
    dst: Accepts[IPv4Address, IPv4Like] = ipv4_address("who shall get it", filled_by="connect() or sendto()")
    options: Accepts[tuple[IPv4Option, ...], Sequence[IPv4Option] | bytes] = tail(
        IPv4Option, "options, up to the header length", wireshark="", filled_by="setsockopt(IP_OPTIONS)"
    )
