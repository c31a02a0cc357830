"""Options of IPv4 (RFC 791 section 3.1): kind, length, data; two of them are a single octet."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.wire import (
    Accepts,
    HeaderLength,
    IPv4Address,
    IPv4Like,
    Option,
    bits,
    ipv4_address,
    octets,
    repeat,
    u8,
    u16,
    u32,
)

OPTION_NAMES = {
    0: "end of options",
    1: "no operation",
    7: "record route",
    68: "timestamp",
    131: "loose source route",
    137: "strict source route",
    148: "router alert",
}


PROGRAM = "setsockopt(IP_OPTIONS)"
ON_THE_WAY = "setsockopt(IP_OPTIONS), then the kernel and every router on the way"


class IPv4Option(Option, rfc="RFC 791 section 3.1", wireshark="ip.opt"):
    """One option; `kind` is copied flag, class and number in one octet."""

    kind = u8("which option", names=OPTION_NAMES, wireshark="type", filled_by=PROGRAM)
    length = u8("octets of the whole option", unit="octets", role=HeaderLength(), wireshark="len", filled_by=PROGRAM)


class IPv4UnknownOption(IPv4Option, unknown=True):
    """An option that rawkit does not know: kept as its octets."""

    data: bytes = octets("what the option says", wireshark="", filled_by=PROGRAM)
    kind: int = u8("which option", names=OPTION_NAMES, wireshark="type", filled_by=PROGRAM)


class IPv4EndOfOptions(IPv4Option, kind=0, single=True, ends=True):
    """Nothing after this is an option."""


class IPv4NoOperation(IPv4Option, kind=1, single=True):
    """One octet that aligns what follows."""


class RecordRoute(IPv4Option, kind=7):
    """Every router writes its address into the next free place."""

    pointer: int = u8(
        "where in the option the next address goes, counted from 1",
        default=4,
        unit="octets",
        wireshark="ptr",
        filled_by=ON_THE_WAY,
    )
    route: Accepts[tuple[IPv4Address, ...], Sequence[IPv4Like]] = repeat(
        ipv4_address("a router"),
        doc="the addresses recorded, and the places left",
        wireshark="",
        filled_by=ON_THE_WAY,
    )


NEXT_STOP = u8(
    "where in the option the next address is, counted from 1",
    default=4,
    unit="octets",
    wireshark="ptr",
    filled_by="setsockopt(IP_OPTIONS): 4; every router of the route moves it on",
)
STOPS = repeat(
    ipv4_address("a router"),
    doc="the routers to pass",
    wireshark="",
    filled_by="setsockopt(IP_OPTIONS): the stops; the kernel makes the first one dst and connect()'s address the last",
)
"""Of either source route, each with a copy of its own."""


class LooseSourceRoute(IPv4Option, kind=131):
    """Pass these routers, whatever lies between."""

    pointer: int = NEXT_STOP
    route: Accepts[tuple[IPv4Address, ...], Sequence[IPv4Like]] = STOPS


class StrictSourceRoute(IPv4Option, kind=137):
    """Pass these routers and no others."""

    pointer: int = NEXT_STOP
    route: Accepts[tuple[IPv4Address, ...], Sequence[IPv4Like]] = STOPS


def has_addresses(option: InternetTimestamp) -> bool:
    """Whether an address stands before every time."""
    return option.format in (1, 3)


class InternetTimestamp(IPv4Option, kind=68):
    """Every router writes the time; with format 1 or 3 its address too."""

    pointer: int = u8(
        "where in the option the next entry goes, counted from 1",
        default=5,
        unit="octets",
        wireshark="ptr",
        filled_by=ON_THE_WAY,
    )
    overflow: int = bits(
        4,
        "routers that found no room",
        abbreviation="oflw",
        unit="routers",
        wireshark="overflow",
        filled_by="every router that finds no room",
    )
    format: int = bits(
        4, "0 times; 1 addresses and times; 3 times of these addresses", wireshark="flag", filled_by=PROGRAM
    )
    entries: Accepts[tuple[int, ...] | None, Sequence[int] | None] = repeat(
        u32("a time"),
        doc="times",
        when=lambda option: not has_addresses(option),
        unit="ms since midnight UTC",
        wireshark="",
        filled_by=ON_THE_WAY,
    )
    stamps: Accepts[tuple[tuple[IPv4Address, int], ...] | None, Sequence[tuple[IPv4Like, int]] | None] = repeat(
        ipv4_address("a router"),
        u32("a time"),
        doc="routers, each with its time",
        when=has_addresses,
        unit="ms since midnight UTC",
        wireshark="",
        filled_by=ON_THE_WAY,
    )


class RouterAlert(IPv4Option, kind=148, rfc="RFC 2113"):
    """Routers shall look inside."""

    value: int = u16(
        "0: every router examines the packet",
        wireshark="ra",
        filled_by="setsockopt(IP_OPTIONS); the kernel itself for IGMP",
    )


__all__ = [
    "IPv4EndOfOptions",
    "IPv4NoOperation",
    "IPv4Option",
    "IPv4UnknownOption",
    "InternetTimestamp",
    "LooseSourceRoute",
    "RecordRoute",
    "RouterAlert",
    "StrictSourceRoute",
]
