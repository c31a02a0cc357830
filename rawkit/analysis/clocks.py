"""Times that cannot be: clocks that disagree, or packets in another order than they came in."""

from __future__ import annotations

from collections.abc import Iterable

from rawkit.show.times import span

Timed = tuple[int, int | None, int | None]
"""A packet's end, its number, and its time in nanoseconds."""


def backwards(packets: Iterable[Timed]) -> str:
    """A sentence where a packet is older than one before it, "" where none is.

    Where no direction goes back by itself, two clocks disagree; else one was put back, or packets changed places.
    """
    latest: int | None = None
    latest_of: list[int | None] = [None, None]
    places = furthest = first = 0
    by_itself = False
    for end, number, time_ns in packets:
        if time_ns is None:
            continue
        if latest is not None and time_ns < latest:
            places, furthest, first = places + 1, max(furthest, latest - time_ns), first or number or 0
            before = latest_of[end]
            by_itself = by_itself or (before is not None and time_ns < before)
        else:
            latest = time_ns
        latest_of[end] = time_ns
    if not places:
        return ""
    which = f"packet {first:,} is" if places == 1 else f"{places:,} packets, the first of them {first:,}, are"
    what = PUT_BACK if by_itself else DISAGREE
    wrong = "Times between packets may be wrong by as much, or more"
    return f"Time runs backwards here: {which} older than one before, by up to {span(furthest)}. {what}. {wrong}{DOUBT}"


def doubted(notes: Iterable[str]) -> bool:
    """Whether these notes of a timeline say that its times are not to be relied on."""
    return any(note.endswith(DOUBT) for note in notes)


PUT_BACK = "A clock was put back, or packets stand in another order than they came in"
DISAGREE = "In each direction it does not, so that the clocks of the two directions disagree, most likely"
DOUBT = ", so that no remaining time is told from them."
EARLY = (
    "Packet {number:,} answers what stands only behind it: the clocks of the two directions disagree, or packets stand "
    "in another order than they came in. Times between packets may be wrong" + DOUBT
)
"""Where packets were sorted by times that disagree."""
