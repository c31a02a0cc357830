"""Clocks: the system's, and one that is moved by hand."""

from __future__ import annotations

import pytest

from rawkit.clock import NANOSECONDS, SYSTEM, Clock, ManualClock


def test_clocks() -> None:
    manual = ManualClock(100)
    clock: Clock = manual
    clock.sleep_ns(5)
    manual.advance(1)
    assert (clock.time_ns(), clock.monotonic_ns()) == (106, 6)
    with pytest.raises(ValueError, match="forward"):
        manual.advance(-1)
    before = SYSTEM.monotonic_ns()
    SYSTEM.sleep_ns(0)
    assert SYSTEM.monotonic_ns() >= before
    assert SYSTEM.time_ns() > 1_600_000_000 * NANOSECONDS
