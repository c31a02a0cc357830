"""What of a timeline stands at which place of a ladder, whether it is drawn in letters or as a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from rawkit.show.ladder_words import lasts
from rawkit.timeline import Call, Timeline

Thing = TypeVar("Thing")


class Order:
    """By place (see `rawkit.timeline`): calls that begin and that return there, states that hold from there on, and
    packets, counted from 1, that arrive only there."""

    def __init__(self, timeline: Timeline) -> None:
        self.begins = by_place((call, call.begins_after) for call in timeline.calls)
        self.returns = by_place((call, call.returns_after) for call in timeline.calls if returns_apart(call))
        self.states = by_place((state, state.after) for state in timeline.states)
        self.late = by_place((at, timeline.segments[at - 1].arrives_after) for at in sorted(timeline.crossings))

    def cause(self, index: int) -> Call | None:
        """The call that stands beside a packet: the last that began before it and put it on the wire."""
        return next((call for call in reversed(self.begins[index - 1]) if index in call.caused), None)

    def before(self, index: int) -> list[Call]:
        """The other calls that begin before a packet."""
        beside = self.cause(index)
        return [call for call in self.begins[index - 1] if call is not beside]


def by_place(things: Iterable[tuple[Thing, int | None]]) -> dict[int, list[Thing]]:
    """Things by the place where they stand; those without one are left out."""
    found: dict[int, list[Thing]] = defaultdict(list)
    for thing, place in things:
        if place is not None:
            found[place].append(thing)
    return found


def returns_apart(call: Call) -> bool:
    """Whether a call's return is drawn: its beginning is not known, or packets lie between the two."""
    return call.begins_after is None or lasts(call)
