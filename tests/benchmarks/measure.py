"""Times of several functions, taken in turns, so that whatever else the machine does falls on all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter_ns

Functions = Mapping[str, Callable[[], object]]

SERIES = 5
ROUNDS = 5
"""Rounds of a series; in each, every function has one turn."""

TURN_NS = 3_000_000
"""How long a turn lasts, about."""


def typical(functions: Functions, rounds: int = ROUNDS) -> dict[str, float]:
    """Nanoseconds of one call of each function: the median of several series, of each its fastest turn.

    The fastest, since other programs only ever take time away; the median, since a turn may be lucky."""
    calls = {name: calibrate(function) for name, function in functions.items()}
    series = [fastest(functions, calls, rounds) for _ in range(SERIES)]
    return {name: median(best[name] for best in series) for name in functions}


def fastest(functions: Functions, calls: Mapping[str, int], rounds: int) -> dict[str, float]:
    best = dict.fromkeys(functions, float("inf"))
    for _ in range(rounds):
        for name, function in functions.items():
            best[name] = min(best[name], turn(function, calls[name]))
    return best


def calibrate(function: Callable[[], object]) -> int:
    """How many calls fill a turn."""
    function()
    return max(1, int(TURN_NS / max(1.0, turn(function, 1))))


def turn(function: Callable[[], object], calls: int) -> float:
    """Nanoseconds of one call, over `calls` calls."""
    started = perf_counter_ns()
    for _ in range(calls):
        function()
    return (perf_counter_ns() - started) / calls
