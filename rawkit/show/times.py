"""Times as text, from integer nanoseconds, exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

Mode = Literal["relative", "absolute", "delta"]

SECOND = 1_000_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


UNITS = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"), (1, "ns"))


def span(time_ns: int) -> str:
    """A time in the unit that suits it, in three digits, cut and not rounded; whole seconds from 1,000 on.

    >>> span(72_999), span(1_204_000), span(15_999_999), span(0), span(-634_479_000), span(2_678_277_111_000_000)
    ('72.9 µs', '1.20 ms', '15.9 ms', '0 s', '-634 ms', '2678277 s')
    """
    size, sign = abs(time_ns), "-" if time_ns < 0 else ""
    for unit, name in UNITS:
        if size >= unit:
            digits = max(0, 3 - len(str(size // unit))) if unit > 1 else 0
            part = f".{size % unit * 10**digits // unit:0{digits}d}" if digits else ""
            return f"{sign}{size // unit}{part} {name}"
    return "0 s"


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
