"""The calls that sent data, told apart by its numbers: what was overtaken on its way was not sent later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rawkit.analysis.tcp.steps import Side, Step
from rawkit.timeline import Call

NOT_ALL = "data was sent; what came before it is not in the capture, and may be of the same call"

CUT = "data was sent, and more of it than the frame has: it is cut short"


def settled(calls: Sequence[Call], steps: Sequence[Step], own: Side) -> list[Call]:
    """The calls of one end, once all its data is known; `own` is what it sent."""
    pieces = [steps[index - 1] for call in calls if _sent(call) for index in call.caused]
    numbers = [step.fresh for step in pieces]
    if numbers != sorted(numbers):
        calls = _by_number(calls, pieces)
    return [_of_known_size(call, steps, own) if _sent(call) else call for call in calls]


def _sent(call: Call) -> bool:
    return call.name == "send" and bool(call.caused)


def _by_number(calls: Sequence[Call], pieces: Sequence[Step]) -> list[Call]:
    """One call up to each push, in the order of the numbers and not of the capture."""
    like = next(call for call in calls if _sent(call))
    found, group = [call for call in calls if not _sent(call)], list[Step]()
    ordered = sorted(pieces, key=lambda step: step.fresh)
    for step in ordered:
        group.append(step)
        if step.ends_call or step is ordered[-1]:
            places = tuple(sorted(each.index for each in group))
            size = sum(each.new for each in group)
            first = places[0]
            sent = replace(like, arguments=(str(size),), begins_after=first - 1, returns_after=first, caused=places)
            found.append(sent)
            group = []
    return found


def _of_known_size(call: Call, steps: Sequence[Step], own: Side) -> Call:
    """Only possible, where the octets before it or within it are not in the capture."""
    pieces = [steps[index - 1] for index in call.caused]
    if any(step.observed.cut for step in pieces):
        return replace(call, certainty="possible", why=CUT)
    start, stop = min(step.fresh for step in pieces), max(step.fresh + step.new for step in pieces)
    begins = start > 1 or own.syn
    if begins and own.seen.has(max(1, start - 1), stop):
        return call
    size = str(stop - start) if stop <= own.acked else call.arguments[0]  # what was acknowledged was sent
    return replace(call, arguments=(size,), certainty="possible", why=NOT_ALL)
