"""What IGMP and MLD say in one line, in tcpdump's habit with -v: who listens to which groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rawkit import protocols as room
    from rawkit.show.phrases import Scene

RECORDS_SHOWN = 4
"""Records of a report told on a line; the others are counted."""

SAYS = {1: "is_in", 2: "is_ex", 3: "to_in", 4: "to_ex", 5: "allow", 6: "block"}
"""A record's type in tcpdump's words."""

SAID = {0x12: "v1 report", 0x16: "v2 report", 0x17: "leave"}

USUAL = 100
"""Tenths of a second that a query leaves for answers, where it does not say otherwise (RFC 2236 section 8.3)."""


def igmp(scene: Scene) -> str:
    """`igmp v2 report 224.1.2.3`"""
    header: room.IGMP = scene.header
    said = SAID.get(header.type)
    if said is not None:
        return f"igmp {said} {header.group}"
    time = f" [max resp time {header.max_response}]" if header.max_response not in (0, USUAL) else ""
    group = "" if header.group == "0.0.0.0" else f" [gaddr {header.group}]"
    return f"igmp query {'v2' if header.max_response else 'v1'}{time}{group}"


def igmp_query(scene: Scene) -> str:
    """`igmp query v3 [max resp time 35.2s] [gaddr 224.1.2.3, 2 source(s)]`"""
    from rawkit.protocols.group_records import exponential

    header: room.IGMPQuery = scene.header
    tenths = exponential(header.max_response)
    long = f"{tenths // 600}m{tenths // 10 % 60}s"
    time = "" if tenths == USUAL else f" [max resp time {long if tenths >= 600 else f'{tenths / 10:.1f}s'}]"
    about = header.group != "0.0.0.0"
    return f"igmp query v3{time}" + (f" [gaddr {header.group}{sources(header.sources)}]" if about else "")


def igmp_report(scene: Scene) -> str:
    """`igmp v3 report, 1 group record(s) [gaddr 224.1.2.3 to_ex, 0 source(s)]`"""
    header: room.IGMPReport = scene.header
    return f"igmp v3 report, {records(header.record_count, header.records)}"


def listener(header: room.MLDQuery | room.MLDReport | room.MLDDone) -> str:
    """`max resp delay: 0 addr: ff02::5`"""
    return f"max resp delay: {header.max_response} addr: {header.group}"


def listener_query(header: room.MLDv2Query) -> str:
    """`[gaddr ff02::5, 1 source(s)]`"""
    return f"[gaddr {header.group}{sources(header.sources)}]"


def listener_report(header: room.MLDv2Report) -> str:
    """`1 group record(s) [gaddr ff02::5 to_ex, 0 source(s)]`"""
    return records(header.record_count, header.records)


def sources(found: Sequence[Any]) -> str:
    """`, 2 source(s)`; nothing for none."""
    return f", {len(found)} source(s)" if found else ""


def records(count: int, found: Sequence[Any]) -> str:
    """How many there should be, and the first of them."""
    told = [f"[gaddr {each.group} {says(each.kind)}, {len(each.sources)} source(s)]" for each in found[:RECORDS_SHOWN]]
    more = f" and {len(found) - RECORDS_SHOWN} more" if len(found) > RECORDS_SHOWN else ""
    return " ".join([f"{count} group record(s)", *told]) + more


def says(kind: int) -> str:
    return SAYS.get(kind, f"type {kind}")
