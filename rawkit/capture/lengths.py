"""What the records of all formats share: how long a packet may be, and what is wrong where lengths disagree."""

from __future__ import annotations

from collections.abc import Iterator

from rawkit.capture.stream import Stream
from rawkit.capture.tally import Tally
from rawkit.errors import Defect

MAX_CAPTURED_LENGTH = 262_144
"""The most octets of one frame that are kept (libpcap's own bound)."""


def judge(layer: str, offset: int, captured: int, wire: int, snaplen: int, whose: str) -> Iterator[Defect]:
    """What is wrong with a captured length, which stands at `offset`. A `snaplen` of 0 is no limit; `whose` it is."""
    found = (
        (wire, "more octets captured than the frame had"),
        (snaplen or captured, f"more octets captured than the {whose}'s snaplen"),
        (MAX_CAPTURED_LENGTH, "only the first octets were kept"),
    )
    for limit, why in found:
        if captured > limit:
            yield Defect(layer, "captured_length", offset, captured, f"<= {limit}", why)


def judge_fraction(layer: str, offset: int, fraction: int, per_second: int) -> Iterator[Defect]:
    """What is wrong with the part of a time stamp below a second."""
    if fraction >= per_second:
        why = "the fraction is a whole second or more"
        yield Defect(layer, "fraction", offset, fraction, f"< {per_second}", why)


def end_within(stream: Stream, tally: Tally, layer: str, offset: int, need: int, have: int) -> None:
    """The source ended where a record at `offset` needs more: it is lost, unless there is nothing of it.

    A file that is being followed may simply not be written further yet.
    """
    if have and not stream.growing:
        why = stream.ended(offset + have)
        tally.lose_the_rest(Defect(layer, "", offset, f"{have} octets", f"{need} octets", why))
