"""Multicast listener discovery: what IGMP is to IPv4, as ICMPv6 messages. Versions 1 (RFC 2710) and 2 (RFC 9777, which
is RFC 3810 revised).

A query of version 2 is one by its length: it is longer than 24 octets with ICMPv6's own (RFC 9777 section 8.1).
"""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.protocols.group_records import ROUTER, MLDRecord, exponential, query_interval, robustness, suppress
from rawkit.protocols.icmpv6 import ICMPv6
from rawkit.wire import Accepts, Chooser, Count, Header, IPv6Address, IPv6Like, bits, ipv6_address, repeat, tail, u16

HOST = "the kernel, for setsockopt(IPV6_JOIN_GROUP) and its like; for each address of its own, too"


def milliseconds(code: int) -> str:
    """`10000 (10 s)`: from 32768 on with an exponent."""
    return f"{code} ({exponential(code, 15) / 1000:g} s)"


DELAY = u16(
    "of a query: answer within this time; else 0",
    unit="ms",
    section="RFC 2710 section 3.4",
    wireshark="mld.maximum_response_delay",
    filled_by=ROUTER,
)
RESERVED = u16("0", wireshark="", filled_by=HOST)
GROUP = ipv6_address("the group it is about; :: in a query for all", wireshark="mld.multicast_address", filled_by=HOST)


class MLDQuery(Header, rfc="RFC 2710 section 3", wireshark="icmpv6", part_of=ICMPv6):
    """Version 1: a router asks who listens to any group, or to this one."""

    max_response: int = DELAY
    reserved: int = RESERVED
    group: Accepts[IPv6Address, IPv6Like] = GROUP


class MLDReport(Header, rfc="RFC 2710 section 3", wireshark="icmpv6", part_of=ICMPv6):
    """Version 1: its sender listens to this group."""

    max_response: int = DELAY
    reserved: int = RESERVED
    group: Accepts[IPv6Address, IPv6Like] = GROUP


class MLDDone(Header, rfc="RFC 2710 section 3", wireshark="icmpv6", part_of=ICMPv6):
    """Version 1: its sender no longer listens to this group."""

    max_response: int = DELAY
    reserved: int = RESERVED
    group: Accepts[IPv6Address, IPv6Like] = GROUP


class MLDv2Query(Header, rfc="RFC 9777 section 5.1", wireshark="icmpv6", part_of=ICMPv6):
    """Version 2: a router asks who listens at all, to a group, or to some sources of a group."""

    max_response: int = u16(
        "answer within this time",
        default=10000,
        unit="ms, from 32768 on with an exponent",
        section="RFC 9777 section 5.1.3",
        wireshark="mld.maximum_response_code",
        filled_by=ROUTER,
        show=milliseconds,
    )
    reserved: int = u16("0", wireshark="", filled_by=ROUTER)
    group: Accepts[IPv6Address, IPv6Like] = ipv6_address(
        "the group asked about; ::: all", wireshark="mld.multicast_address", filled_by=ROUTER
    )
    reserved_2: int = bits(4, "0", abbreviation="Resv", wireshark="mld.flag.reserved", filled_by=ROUTER)
    suppress: int = suppress("RFC 9777 section 5.1.7", "mld.flag.s")
    robustness: int = robustness("RFC 9777 section 5.1.8", "mld.flag.qrv")
    query_interval: int = query_interval("RFC 9777 section 5.1.9", "mld.qqi")
    source_count: int = u16(
        "how many sources follow", role=Count(of="sources"), wireshark="mld.nb_sources", filled_by=ROUTER
    )
    sources: Accepts[tuple[IPv6Address, ...], Sequence[IPv6Like]] = repeat(
        ipv6_address("a source"),
        doc="the sources asked about",
        count=lambda query: query.source_count,
        wireshark="mld.source_address",
        filled_by=ROUTER,
    )


class MLDv2Report(Header, rfc="RFC 9777 section 5.2", wireshark="icmpv6", part_of=ICMPv6):
    """Version 2: a host says which sources of which groups it listens to, or no longer does."""

    reserved: int = u16("0", wireshark="", filled_by=HOST)
    record_count: int = u16(
        "how many records follow", role=Count(of="records"), wireshark="mldr.nb_mcast_records", filled_by=HOST
    )
    records: Accepts[tuple[MLDRecord, ...], Sequence[MLDRecord] | bytes] = tail(
        MLDRecord,
        "a record for each group",
        count=lambda report: report.record_count,
        wireshark="",
        filled_by=HOST,
    )


def form(head: bytes, length: int) -> type[Header]:
    """Which version a query is of, by its length on the wire (RFC 9777 section 8.1)."""
    return MLDv2Query if length >= MLDv2Query.layout.size else MLDQuery


mld_query = Chooser("MLD query", MLDv2Query.layout.size, form, (MLDQuery, MLDv2Query), least=MLDQuery.layout.size)
"""A query of either version."""
