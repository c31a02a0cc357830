"""The Internet Group Management Protocol: which groups the hosts on a link listen to. Versions 1, 2 (RFC 1112, 2236)
and 3 (RFC 9776, which is RFC 3376 revised).

Version 3 has messages of its own: a query is one where it is longer than 8 octets (RFC 9776 section 7.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rawkit.protocols.group_records import ROUTER, IGMPRecord, exponential, query_interval, robustness, suppress
from rawkit.wire import (
    Accepts,
    Checksum,
    Chooser,
    Count,
    Header,
    IPv4Address,
    IPv4Like,
    bits,
    ipv4_address,
    repeat,
    tail,
    u8,
    u16,
)
from rawkit.wire.chooser import PlainOctets

TYPES = {
    0x11: "membership query",
    0x12: "membership report, version 1",
    0x13: "DVMRP",
    0x14: "PIM version 1",
    0x16: "membership report, version 2",
    0x17: "leave group",
    0x1E: "multicast traceroute response",
    0x1F: "multicast traceroute",
    0x22: "membership report, version 3",
    0x30: "multicast router advertisement",
    0x31: "multicast router solicitation",
    0x32: "multicast router termination",
}
"""IANA's IGMP type numbers."""

QUERY, REPORT_3 = 0x11, 0x22
SHORT = frozenset({QUERY, 0x12, 0x16, 0x17})
"""Types whose messages have the form of versions 1 and 2."""

HOST = "the kernel, for setsockopt(IP_ADD_MEMBERSHIP) and its like"
CHECKSUM = u16(
    "one's complement sum over the whole message",
    role=Checksum(over="data"),
    filled_by="the kernel of a host; a router's daemon",
    show="0x{:04x}".format,
)


def tenths(code: int) -> str:
    """`100 (10 s)`: a time in tenths of seconds, from 128 on with an exponent."""
    return f"{code} ({exponential(code) / 10:g} s)"


class IGMP(Header, rfc="RFC 2236 section 2", wireshark="igmp"):
    """Hosts say which group they join or leave, and routers ask who is there; versions 1 and 2.

    In version 3 these are an IGMPReport and an IGMPQuery.
    """

    type: int = u8("kind of message", default=0x16, names=TYPES, filled_by=f"{HOST}; {ROUTER}")
    max_response: int = u8(
        "of a query: answer within this time; 0 in version 1",
        unit="0.1 s",
        section="RFC 2236 section 2.2",
        wireshark="max_resp",
        filled_by=ROUTER,
    )
    checksum: int = CHECKSUM
    group: Accepts[IPv4Address, IPv4Like] = ipv4_address(
        "the group it is about; 0.0.0.0 in a query for all", wireshark="maddr", filled_by=HOST
    )


class IGMPQuery(Header, rfc="RFC 9776 section 4.1", wireshark="igmp"):
    """Version 3: a router asks who listens at all, to a group, or to some sources of a group."""

    type: int = u8("0x11: a query", must=QUERY, names=TYPES, filled_by=ROUTER)
    max_response: int = u8(
        "answer within this time",
        default=100,
        unit="0.1 s, from 128 on with an exponent",
        section="RFC 9776 section 4.1.1",
        wireshark="max_resp",
        filled_by=ROUTER,
        show=tenths,
    )
    checksum: int = CHECKSUM
    group: Accepts[IPv4Address, IPv4Like] = ipv4_address(
        "the group asked about; 0.0.0.0: all", wireshark="maddr", filled_by=ROUTER
    )
    reserved: int = bits(4, "0", abbreviation="Resv", wireshark="", filled_by=ROUTER)
    suppress: int = suppress("RFC 9776 section 4.1.5", "s")
    robustness: int = robustness("RFC 9776 section 4.1.6", "qrv")
    query_interval: int = query_interval("RFC 9776 section 4.1.7", "qqic")
    source_count: int = u16("how many sources follow", role=Count(of="sources"), wireshark="num_src", filled_by=ROUTER)
    sources: Accepts[tuple[IPv4Address, ...], Sequence[IPv4Like]] = repeat(
        ipv4_address("a source"),
        doc="the sources asked about",
        count=lambda query: query.source_count,
        wireshark="saddr",
        filled_by=ROUTER,
    )


class IGMPReport(Header, rfc="RFC 9776 section 4.2", wireshark="igmp"):
    """Version 3: a host says which sources of which groups it listens to, or no longer does."""

    type: int = u8("0x22: a report", must=REPORT_3, names=TYPES, filled_by=HOST)
    reserved: int = u8("0", wireshark="", filled_by=HOST)
    checksum: int = CHECKSUM
    reserved_2: int = u16("0", wireshark="", filled_by=HOST)
    record_count: int = u16(
        "how many records follow", role=Count(of="records"), wireshark="num_grp_recs", filled_by=HOST
    )
    records: Accepts[tuple[IGMPRecord, ...], Sequence[IGMPRecord] | bytes] = tail(
        IGMPRecord,
        "a record for each group",
        count=lambda report: report.record_count,
        wireshark="",
        filled_by=HOST,
    )


def form(head: bytes, length: int) -> Any:
    """Which message the first octets are of, by the length on the wire: a query of version 3 is longer (RFC 9776
    section 7.1).

    Others have the number of IGMP and not its form (DVMRP, traceroute); they stay octets.
    """
    if head[0] == QUERY and length >= IGMPQuery.layout.size:
        return IGMPQuery
    return IGMPReport if head[0] == REPORT_3 else IGMP if head[0] in SHORT else PlainOctets


igmp = Chooser("IGMP", IGMPQuery.layout.size, form, (IGMP, IGMPQuery, IGMPReport), least=IGMP.layout.size)
"""A message of any version."""
