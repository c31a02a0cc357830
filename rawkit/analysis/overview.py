"""What became of a conversation, in a few words: for the table of a capture that has many."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from rawkit.timeline import Timeline

WRONG = (
    *("no answer", "refused", "reset", "given up", "not mine", "forged reset", "other data", "too late"),
    *("bad checksum", "cut short", "lost in the capture", "ACK of unseen"),
    *("retransmission", "fast retransmission", "spurious retransmission", "out of order", "duplicate"),
    *("zero window", "challenge ACK", "ghost"),
)
"""Marks that say that something did not go as planned, the worst first; the others are how TCP works."""


class Overview(NamedTuple):
    """`state`: of both ends, when the capture ended ("" where there are none). `wrong`: what, and how often."""

    state: str
    wrong: tuple[str, ...]


def overview(timeline: Timeline) -> Overview:
    """The essence of a timeline.

    >>> from rawkit.timeline import End, Segment, State
    >>> ends = End("10.0.0.1", 51234), End("10.0.0.2", 7)
    >>> asked = Segment(0, "SYN", marks=("retransmission",))
    >>> overview(Timeline("tcp", ends, (asked, asked), states=(State(0, 1, "SYN-SENT"), State(1, 0, "?"))))
    Overview(state='SYN-SENT / ?', wrong=('no answer', 'retransmission x2'))
    """
    found = Counter(mark for segment in timeline.segments for mark in segment.marks)
    errors = Counter(segment.does[0] for segment in timeline.segments if segment.protocol == "icmp")
    silent = not any(segment.end == 1 for segment in timeline.segments if not segment.companion)
    if silent and timeline.segments and all(segment.label == "SYN" for segment in timeline.segments):
        found["no answer"] += 1
    ordered = {name: found[name] for name in WRONG if found[name]} | errors
    states = [timeline.final_state(end) for end in (0, 1)]
    state = states[0] if states[0] == states[1] else " / ".join(states)
    return Overview(state, tuple(name + (f" x{number}" if number > 1 else "") for name, number in ordered.items()))
