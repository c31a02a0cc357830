"""Times as text, from integer nanoseconds, exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

Mode = Literal["relative", "absolute", "delta"]

SECOND = 1_000_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seconds(time_ns: int, digits: int = 6) -> str:
    """`0.000123`: a span in seconds; cut, not rounded, so that later never looks earlier.

    >>> seconds(123_999), seconds(-1_500_000_000, 9)
    ('0.000123', '-1.500000000')
    """
    whole, rest = divmod(abs(time_ns), SECOND)
    return f"{'-' if time_ns < 0 else ''}{whole}.{f'{rest:09d}'[:digits]}"


def absolute(time_ns: int, digits: int = 6) -> str:
    """`2023-11-14 22:13:20.123456` in UTC; seconds since 1970 where no calendar reaches."""
    whole, rest = divmod(time_ns, SECOND)
    try:
        day = EPOCH + timedelta(seconds=whole)
    except OverflowError:
        return seconds(time_ns, digits)
    return f"{day:%Y-%m-%d %H:%M:%S}.{f'{rest:09d}'[:digits]}"


class Clockwork:
    """Turns the time stamps of a capture to text, one after the other: since the first, since the last, or absolute."""

    def __init__(self, mode: Mode = "relative", digits: int = 6) -> None:
        self.mode = mode
        self.digits = digits
        self.first: int | None = None
        self.last: int | None = None

    def text(self, time_ns: int | None) -> str:
        """The next time stamp's text; "-" where the file gives no time."""
        if time_ns is None:
            return "-"
        if self.first is None:
            self.first = time_ns
        before = self.first if self.mode == "relative" else self.last
        self.last = time_ns
        if self.mode == "absolute":
            return absolute(time_ns, self.digits)
        return seconds(time_ns - (time_ns if before is None else before), self.digits)
