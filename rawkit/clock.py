"""Where the time comes from: the system, or a clock that a test moves by hand.

Nothing in rawkit that waits or stamps asks the system itself; it is given one of these. All values are integer
nanoseconds.

>>> clock = ManualClock(time_ns=5)
>>> clock.advance(10)
>>> clock.time_ns(), clock.monotonic_ns()
(15, 10)
"""

from __future__ import annotations

import time
from typing import Protocol

NANOSECONDS = 1_000_000_000
"""In one second."""


class Clock(Protocol):
    """What a part that needs the time may ask for."""

    def time_ns(self) -> int:
        """Nanoseconds since 1970-01-01 UTC; may jump when the system's time is set."""

    def monotonic_ns(self) -> int:
        """Nanoseconds since an arbitrary start; never goes back."""

    def sleep_ns(self, duration_ns: int) -> None:
        """Return when at least that much time has passed."""


class SystemClock:
    """The operating system's clocks."""

    def time_ns(self) -> int:
        return time.time_ns()

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()

    def sleep_ns(self, duration_ns: int) -> None:
        time.sleep(max(duration_ns, 0) / NANOSECONDS)


class ManualClock:
    """Stands still until it is moved; sleeping moves it."""

    def __init__(self, time_ns: int = 0) -> None:
        self._start_ns = time_ns
        self._elapsed_ns = 0

    def time_ns(self) -> int:
        return self._start_ns + self._elapsed_ns

    def monotonic_ns(self) -> int:
        return self._elapsed_ns

    def sleep_ns(self, duration_ns: int) -> None:
        self.advance(max(duration_ns, 0))

    def advance(self, duration_ns: int) -> None:
        """Move on by `duration_ns`; a clock is never moved back."""
        if duration_ns < 0:
            raise ValueError(f"duration_ns is {duration_ns}: a clock only moves forward")
        self._elapsed_ns += duration_ns


SYSTEM = SystemClock()
