"""Times of several functions, taken in turns, so that whatever else the machine does falls on all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter_ns

ROUNDS = 25
ROUND_NS = 3_000_000
"""How long one function's turn in a round lasts, about."""


def fastest(functions: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Nanoseconds of one call of each function: its fastest round, its calls in a round averaged."""
    calls = {name: calibrate(function) for name, function in functions.items()}
    best = dict.fromkeys(functions, float("inf"))
    for _ in range(rounds):
        for name, function in functions.items():
            best[name] = min(best[name], turn(function, calls[name]))
    return best


def calibrate(function: Callable[[], object]) -> int:
    """How many calls fill a turn."""
    function()
    return max(1, int(ROUND_NS / max(1.0, turn(function, 1))))


def turn(function: Callable[[], object], calls: int) -> float:
    """Nanoseconds of one call, over `calls` calls."""
    started = perf_counter_ns()
    for _ in range(calls):
        function()
    return (perf_counter_ns() - started) / calls
