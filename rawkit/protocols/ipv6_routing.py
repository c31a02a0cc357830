"""IPv6's routing headers (RFC 8200 section 4.4): routers to pass before the destination, by type.

While segments are left, the IPv6 header's destination is only the next stop; a checksum's pseudo-header counts the
final one (RFC 8200 section 8.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rawkit.errors import Defect
from rawkit.protocols.ipv6_extensions import HEADER_EXT_LEN, NEXT_HEADER
from rawkit.wire import (
    UNKNOWN,
    Accepts,
    Chooser,
    Count,
    Header,
    IPv6Address,
    IPv6Like,
    ipv6_address,
    octets,
    repeat,
    u8,
    u16,
    u32,
)

ROUTING_TYPES = {0: "source route (deprecated)", 2: "home address", 3: "RPL source route", 4: "segment routing"}


def last_address(header: IPv6Routing) -> IPv6Address | None:
    """The final destination, while segments are left; None when the IPv6 header has it."""
    return header.addresses[-1] if header.segments_left and header.addresses else None


def too_many_left(header: IPv6Routing, outer: Sequence[Header]) -> list[Defect]:
    """RFC 2460 section 4.4: more segments left than the header has addresses by its length are an error."""
    return stops_exceeded(header, header.header_ext_len // 2)


def stops_exceeded(header: IPv6Routing | IPv6SegmentRouting, stops: int) -> list[Defect]:
    """The defect of a header that has more segments left than stops."""
    if header.segments_left <= stops:
        return []
    place = header.layout.offset + type(header).layout.fields["segments_left"].offset
    name, found = type(header).__name__, header.segments_left
    return [Defect(name, "segments_left", place, found, f"at most {stops}", "more segments left than there are")]


class IPv6Routing(
    Header, rfc="RFC 8200 section 4.4", wireshark="ipv6.routing", route=last_address, defects=too_many_left
):
    """Addresses still to be visited: source routes (type 0, deprecated by RFC 5095), a mobile node's home (type 2)."""

    next_header: int = NEXT_HEADER
    header_ext_len: int = HEADER_EXT_LEN
    routing_type: int = u8(
        "how to read the rest", names=ROUTING_TYPES, wireshark="type", filled_by="setsockopt(IPV6_RTHDR)"
    )
    segments_left: int = u8(
        "addresses still to be visited",
        role=Count(of="addresses", judged=False),
        wireshark="segleft",
        filled_by="the kernel, and every router listed",
    )
    reserved: int = u32("0", wireshark="", filled_by="the kernel")
    addresses: Accepts[tuple[IPv6Address, ...], Sequence[IPv6Like]] = repeat(
        ipv6_address("a stop"),
        count=lambda header: header.header_ext_len // 2,
        doc="the stops, the last one is the final destination",
        wireshark="",
        section="RFC 5095; RFC 6275 section 6.4",
        filled_by="setsockopt(IPV6_RTHDR)",
    )
    left_over: bytes = octets(
        "octets that are not enough for another address", wireshark="", filled_by="setsockopt(IPV6_RTHDR)"
    )


def first_segment(header: IPv6SegmentRouting) -> IPv6Address | None:
    """The final destination, while segments are left: the list is in reverse. None when the IPv6 header has it."""
    return header.segments[0] if header.segments_left and header.segments else None


def too_many_segments_left(header: IPv6SegmentRouting, outer: Sequence[Header]) -> list[Defect]:
    """RFC 8754 section 4.3.1.1: segments left beyond the last entry are an error."""
    return stops_exceeded(header, header.last_entry + 1)


class IPv6SegmentRouting(
    Header, rfc="RFC 8754 section 2", wireshark="ipv6.routing", route=first_segment, defects=too_many_segments_left
):
    """Segments that the packet passes, in reverse order: the last one comes first."""

    next_header: int = NEXT_HEADER
    header_ext_len: int = HEADER_EXT_LEN
    routing_type: int = u8(
        "4: segment routing", default=4, names=ROUTING_TYPES, wireshark="type", filled_by="the kernel"
    )
    segments_left: int = u8(
        "segments still to be visited: the index of the current one",
        wireshark="segleft",
        filled_by="the kernel, and every router listed",
    )
    last_entry: int = u8(
        "index of the last element of the list",
        role=Count(of="segments", plus=-1),
        wireshark="srh.last_entry",
        filled_by="the kernel",
    )
    flags: int = u8("none is defined", wireshark="srh.flags", filled_by="the kernel", show="0x{:02x}".format)
    tag: int = u16("marks packets of one class", wireshark="", filled_by="the route", show="0x{:04x}".format)
    segments: Accepts[tuple[IPv6Address, ...], Sequence[IPv6Like]] = repeat(
        ipv6_address("a segment"),
        count=lambda header: header.last_entry + 1,
        doc="the segments, the last to be visited first",
        wireshark="srh.addr",
        filled_by="the route (ip route ... encap seg6), or setsockopt(IPV6_RTHDR)",
    )
    tlvs: bytes = octets(
        "type-length-value objects (HMAC, padding)",
        wireshark="",
        section="RFC 8754 section 2.1",
        filled_by="the kernel",
    )


def hidden(header: IPv6UnknownRouting) -> Any:
    """While segments are left, the final destination is somewhere in octets of an unknown kind."""
    return UNKNOWN if header.segments_left else None


class IPv6UnknownRouting(Header, rfc="RFC 8200 section 4.4", wireshark="ipv6.routing", route=hidden):
    """A routing header of a type that rawkit does not know: kept as its octets."""

    next_header: int = NEXT_HEADER
    header_ext_len: int = HEADER_EXT_LEN
    routing_type: int = u8(
        "how to read the rest", default=253, names=ROUTING_TYPES, wireshark="type", filled_by="setsockopt(IPV6_RTHDR)"
    )
    segments_left: int = u8("stops still to be visited", wireshark="segleft", filled_by="the kernel")
    data: bytes = octets("what the type says", default=bytes(4), wireshark="", filled_by="setsockopt(IPV6_RTHDR)")


CLASSES = {0: IPv6Routing, 2: IPv6Routing, 4: IPv6SegmentRouting}

routing = Chooser(
    "IPv6Routing",
    4,
    lambda head, _: CLASSES.get(head[2], IPv6UnknownRouting),
    (IPv6Routing, IPv6SegmentRouting, IPv6UnknownRouting),
)
"""A routing header, told by its type."""
