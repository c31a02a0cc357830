"""The Internet Protocol, version 6 (RFC 8200)."""

from __future__ import annotations

from typing import Any

from rawkit.protocols.ipv4 import DSCP_NAMES, ECN_NAMES
from rawkit.protocols.ipv6_options import jumbo_payloads
from rawkit.protocols.numbers import IP_PROTOCOLS
from rawkit.wire import (
    Accepts,
    Elsewhere,
    Header,
    IPv6Address,
    IPv6Like,
    NextHeader,
    PseudoHeader,
    TotalLength,
    bits,
    ipv6_address,
    u8,
    u16,
)
from rawkit.wire.walk import Walk


def length_and_number(number: int, length: int) -> bytes:
    """RFC 8200 section 8.1: upper-layer packet length, zero, next header."""
    return length.to_bytes(4, "big") + number.to_bytes(4, "big")


def jumbo_payload(follows: Any, octets: bytes) -> Elsewhere | None:
    """RFC 2675 section 2: the length that does not fit stands in an option of the hop-by-hop header, next header 0."""
    if follows is None or IP_PROTOCOLS.of(follows) != 0:
        return None
    header, *_ = follows._dissect(octets, 0, len(octets), len(octets), Walk())
    if header is None:
        return None
    found = (
        Elsewhere("JumboPayload", "payload_length", place, option.payload_length)
        for place, option in jumbo_payloads(header.options, follows.layout.size)
    )
    return next(found, None)


class IPv6(
    Header, rfc="RFC 8200 section 3", wireshark="ipv6", pseudo_header=PseudoHeader("src", "dst", length_and_number)
):
    """A datagram's envelope with room for addresses; what IPv4 had as options follows in headers of their own."""

    version: int = bits(4, "always 6", must=6, filled_by="the kernel")
    dscp: int = bits(
        6,
        "how routers should queue it",
        section="RFC 2474",
        names=DSCP_NAMES,
        wireshark="tclass.dscp",
        filled_by="setsockopt(IPV6_TCLASS)",
    )
    ecn: int = bits(
        2, "congestion marks", section="RFC 3168", names=ECN_NAMES, wireshark="tclass.ecn", filled_by="the kernel"
    )
    flow_label: int = bits(
        20, "packets of one flow share it", section="RFC 6437", wireshark="flow", filled_by="the kernel"
    )
    payload_length: int = u16(
        "octets after this header, extension headers included",
        unit="octets",
        role=TotalLength(payload_only=True, elsewhere=jumbo_payload),
        wireshark="plen",
        filled_by="the kernel",
    )
    next_header: int = u8(
        "what follows: an extension header, or what the data is",
        default=59,
        role=NextHeader(IP_PROTOCOLS),
        names=IP_PROTOCOLS,
        wireshark="nxt",
        filled_by="socket(), by its type and protocol",
    )
    hop_limit: int = u8(
        "routers it may still pass",
        default=64,
        unit="hops",
        wireshark="hlim",
        filled_by="the kernel; setsockopt(IPV6_UNICAST_HOPS)",
    )
    src: Accepts[IPv6Address, IPv6Like] = ipv6_address(
        "who sent it", filled_by="bind(), or the kernel's choice (RFC 6724)"
    )
    dst: Accepts[IPv6Address, IPv6Like] = ipv6_address("who shall get it", filled_by="connect() or sendto()")
