"""What IGMPv3 (RFC 9776) and MLDv2 (RFC 9777) have in common: records of reports, fields of queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rawkit.wire import (
    Accepts,
    Count,
    IPv4Address,
    IPv4Like,
    IPv6Address,
    IPv6Like,
    Option,
    bits,
    ipv4_address,
    ipv6_address,
    octets,
    repeat,
    u8,
    u16,
)

RECORD_TYPES = {
    1: "mode is include",
    2: "mode is exclude",
    3: "change to include mode",
    4: "change to exclude mode",
    5: "allow new sources",
    6: "block old sources",
}
"""What a record says of its sources."""

HOST = "the kernel, for setsockopt(MCAST_JOIN_GROUP), MCAST_BLOCK_SOURCE and their like"


def exponential(code: int, bits: int = 7) -> int:
    """A number whose uppermost bit says that three bits of exponent follow: RFC 9776 section 4.1.1, RFC 9777 section
    5.1.3 (`bits=15`).
    """
    if code < 1 << bits:
        return code
    mantissa_bits = bits - 3
    exponent, mantissa = code >> mantissa_bits & 7, code & (1 << mantissa_bits) - 1
    return (mantissa | 1 << mantissa_bits) << exponent + 3


def interval(code: int) -> str:
    """`125 (125 s)`: seconds, from 128 on with an exponent."""
    return f"{code} ({exponential(code)} s)"


KIND = u8("what it says of the sources", names=RECORD_TYPES, wireshark="record_type", filled_by=HOST)
AUXILIARY_LENGTH = u8(
    "length of the auxiliary data",
    abbreviation="aux data len",
    unit="32-bit words",
    role=Count(of="auxiliary_data", unit=4),
    wireshark="aux_data_len",
    filled_by=HOST,
)


def auxiliary(wireshark: str) -> Any:
    """The octets behind the sources."""
    return octets(
        "for later versions: none is defined",
        length=lambda record: 4 * record.auxiliary_length,
        wireshark=wireshark,
        filled_by="nobody",
    )


ROUTER = "the querier: a multicast router's daemon"


def suppress(section: str, wireshark: str) -> Any:
    """A query's flag S."""
    return bits(
        1,
        "S: routers that hear it shall not restart their timers",
        abbreviation="S",
        section=section,
        wireshark=wireshark,
        filled_by=ROUTER,
    )


def robustness(section: str, wireshark: str) -> Any:
    """A query's QRV."""
    return bits(
        3,
        "the querier's robustness variable: how many losses are made up for",
        abbreviation="QRV",
        default=2,
        section=section,
        wireshark=wireshark,
        filled_by=ROUTER,
    )


def query_interval(section: str, wireshark: str) -> Any:
    """A query's QQIC."""
    return u8(
        "the querier's interval between queries",
        default=125,
        unit="seconds, from 128 on with an exponent",
        section=section,
        wireshark=wireshark,
        filled_by=ROUTER,
        show=interval,
    )


class IGMPRecord(Option, rfc="RFC 9776 section 4.2", wireshark="igmp"):
    """One group, and what its sender listens to there."""

    kind = KIND
    auxiliary_length: int = AUXILIARY_LENGTH
    source_count: int = u16("how many sources follow", role=Count(of="sources"), wireshark="num_src", filled_by=HOST)
    group: Accepts[IPv4Address, IPv4Like] = ipv4_address("the group", wireshark="maddr", filled_by=HOST)
    sources: Accepts[tuple[IPv4Address, ...], Sequence[IPv4Like]] = repeat(
        ipv4_address("a source"),
        doc="the sources",
        count=lambda record: record.source_count,
        wireshark="saddr",
        filled_by=HOST,
    )
    auxiliary_data: bytes = auxiliary("aux_data")


class IGMPModeIsInclude(IGMPRecord, kind=1):
    """Its sender listens to these sources alone; the answer to a query."""


class IGMPModeIsExclude(IGMPRecord, kind=2):
    """Its sender listens to all sources but these; the answer to a query."""


class IGMPChangeToInclude(IGMPRecord, kind=3):
    """From now on these sources alone; without any its sender leaves the group."""


class IGMPChangeToExclude(IGMPRecord, kind=4):
    """From now on all sources but these; without any its sender joins the group."""


class IGMPAllowNewSources(IGMPRecord, kind=5):
    """From now on these sources, too."""


class IGMPBlockOldSources(IGMPRecord, kind=6):
    """From now on these sources no more."""


class IGMPUnknownRecord(IGMPRecord, unknown=True):
    """A record of a type that nobody has defined; it is passed over."""

    kind: int = KIND


class MLDRecord(Option, rfc="RFC 9777 section 5.2", wireshark="icmpv6.mldr.mar"):
    """One group, and what its sender listens to there."""

    kind = KIND
    auxiliary_length: int = AUXILIARY_LENGTH
    source_count: int = u16("how many sources follow", role=Count(of="sources"), wireshark="nb_sources", filled_by=HOST)
    group: Accepts[IPv6Address, IPv6Like] = ipv6_address("the group", wireshark="multicast_address", filled_by=HOST)
    sources: Accepts[tuple[IPv6Address, ...], Sequence[IPv6Like]] = repeat(
        ipv6_address("a source"),
        doc="the sources",
        count=lambda record: record.source_count,
        wireshark="source_address",
        filled_by=HOST,
    )
    auxiliary_data: bytes = auxiliary("auxiliary_data")


class MLDModeIsInclude(MLDRecord, kind=1):
    """Its sender listens to these sources alone; the answer to a query."""


class MLDModeIsExclude(MLDRecord, kind=2):
    """Its sender listens to all sources but these; the answer to a query."""


class MLDChangeToInclude(MLDRecord, kind=3):
    """From now on these sources alone; without any its sender leaves the group."""


class MLDChangeToExclude(MLDRecord, kind=4):
    """From now on all sources but these; without any its sender joins the group."""


class MLDAllowNewSources(MLDRecord, kind=5):
    """From now on these sources, too."""


class MLDBlockOldSources(MLDRecord, kind=6):
    """From now on these sources no more."""


class MLDUnknownRecord(MLDRecord, unknown=True):
    """A record of a type that nobody has defined; it is passed over."""

    kind: int = KIND
