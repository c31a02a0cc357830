"""What SCTP says in one line, in tcpdump's habit: its chunks, numbered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rawkit.show.escape import visible

if TYPE_CHECKING:
    from rawkit import protocols as room
    from rawkit.show.phrases import Scene

CHUNKS_SHOWN = 8
"""Chunks told on a line; the others are counted."""

NAMES = {4: "HB REQ", 5: "HB ACK", 9: "OP ERR", 12: "ECN ECHO", 13: "ECN CWR", 192: "FOR CUM TSN"}
"""tcpdump's names of chunks, where they are not the RFCs'."""


def sctp(scene: Scene) -> str:
    """`sctp (1) [COOKIE ECHO], (2) [DATA] (B)(E) [TSN: 9] [SID: 0] [SSEQ 0] [PPID 0x0]`"""
    header: room.SCTP = scene.header
    chunks = header.chunks
    told = [f"({number}) {chunk(each)}" for number, each in enumerate(chunks[:CHUNKS_SHOWN], 1)]
    told += [f"and {len(chunks) - CHUNKS_SHOWN} more"] if len(chunks) > CHUNKS_SHOWN else []
    return f"sctp {', '.join(told)}".rstrip()


def chunk(each: Any) -> str:
    """`[SHUTDOWN]`, and what matters in some."""
    known = type(each).layout.fields["kind"].names or {}
    name = NAMES.get(each.kind) or known.get(each.kind, f"Unknown chunk type: 0x{each.kind:x}")
    detail = DETAILS.get(type(each).__name__)
    return f"[{visible(name)}]" + (f" {detail(each)}" if detail is not None else "")


def data(each: room.SCTPData) -> str:
    pieces = "".join(f"({letter})" for letter in "UBE" if letter in each.flags)
    numbers = f"[TSN: {each.tsn}] [SID: {each.stream}] [SSEQ {each.stream_sequence}] [PPID 0x{each.protocol:x}]"
    return f"{pieces} {numbers}".strip()


def init(each: room.SCTPInit | room.SCTPInitAck) -> str:
    streams = f"[OS: {each.outbound_streams}] [MIS: {each.inbound_streams}]"
    return f"[init tag: {each.initiate_tag}] [rwnd: {each.window}] {streams} [init TSN: {each.initial_tsn}]"


def sack(each: room.SCTPSack) -> str:
    counts = f"[#gap acks {each.gap_count}] [#dup tsns {each.duplicate_count}]"
    return f"[cum ack {each.cumulative_tsn}] [a_rwnd {each.window}] {counts}"


DETAILS: dict[str, Callable[[Any], str]] = {
    "SCTPData": data,
    "SCTPInit": init,
    "SCTPInitAck": init,
    "SCTPSack": sack,
}
