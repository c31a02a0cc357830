"""Clocks: the system's, and one that is moved by hand."""

from __future__ import annotations

import re

import pytest

from rawkit.clock import NANOSECONDS, SYSTEM, Clock, ManualClock
from tests.conftest import PROJECT


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


def test_nothing_else_asks_the_system_for_the_time() -> None:
    asking = r"^\s*(import time\b|from time import)|\b(datetime|date)\.(now|utcnow|today)\("
    sources = sorted((PROJECT / "rawkit").rglob("*.py"))
    found = [path for path in sources if re.search(asking, path.read_text(encoding="utf-8"), re.MULTILINE)]
    assert found == [PROJECT / "rawkit" / "clock.py"]
