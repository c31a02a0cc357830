"""Packets by their numbers in the capture, in few words."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.show.counts import joined
from rawkit.timeline import Timeline

MOST_RUNS = 4
"""Packets, or runs of packets, that are named by number; the others are counted."""


def packet_list(timeline: Timeline, indices: Sequence[int]) -> str:
    """`packet 6`, `packets 6 and 8-11`: packets of a timeline (counted from 1) as the ladder numbers them."""
    numbers = [timeline.segments[index - 1].number or index for index in indices]
    return f"packet{'' if len(numbers) == 1 else 's'} {runs(numbers)}"


def runs(numbers: Sequence[int]) -> str:
    """What follows each other becomes a run.

    >>> runs([3, 4, 5, 8, 9]), runs([1, 3, 5, 7, 9, 11])
    ('3-5 and 8-9', '1, 3, 5 and 3 more')
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] + 1 == number:
            found[-1].append(number)
        else:
            found.append([number])
    named = found if len(found) <= MOST_RUNS else found[: MOST_RUNS - 1]
    words = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in named]
    rest = sum(len(run) for run in found[len(named) :])
    return joined([*words, f"{rest:,} more"] if rest else words)
