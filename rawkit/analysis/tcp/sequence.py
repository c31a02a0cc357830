"""TCP's sequence numbers: 32 bits on the wire that wrap (RFC 9293 section 3.4), unbounded integers here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort

from rawkit.analysis.observed import MAX_DATA, Observed

MODULUS = 1 << 32
HALF = 1 << 31
MAX_WINDOW = 1 << 30
"""Octets that can be on their way at most (RFC 7323 section 2.3); an acknowledgement further ahead is none."""

MAX_RANGES = 4096
"""Pieces of a stream remembered apart from each other; beyond it the two lowest are joined, gap and all."""


def ahead(number: int, of: int) -> int:
    """How far `number` is ahead of `of` (negative: behind), the shorter way round."""
    return (number - of + HALF) % MODULUS - HALF


class Numbering:
    """One end's sequence numbers, counted from its SYN: 0 is the SYN, 1 the first octet of data.

    Without a SYN, counted from the first octet that was seen, which gets number 1. Numbers never wrap here.
    """

    def __init__(self) -> None:
        self.base: int | None = None
        self.highest = 0
        """One after the highest number sent so far."""

    def start(self, initial: int) -> None:
        """Set the number that counts as 0, unless it is known."""
        if self.base is None:
            self.base = initial % MODULUS

    def of(self, number: int) -> int:
        """The number on the wire, counted from the SYN; the one nearest to the highest seen."""
        self.start(number - 1)
        assert self.base is not None
        return self.highest + ahead(number, (self.base + self.highest) % MODULUS)

    def sent(self, stop: int) -> None:
        """All before `stop` has been sent."""
        self.highest = max(self.highest, stop)


class Seen:
    """Which octets of a stream have been seen: ranges, joined where they touch."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.stops: list[int] = []
        self.octets = 0

    def add(self, start: int, stop: int) -> int:
        """Add the octets from `start` up to before `stop`; how many of them are new."""
        if stop <= start:
            return 0
        first = bisect_left(self.stops, start)
        last = bisect_right(self.starts, stop)
        touched = list(zip(self.starts[first:last], self.stops[first:last], strict=True))
        known = sum(max(0, min(stop, high) - max(start, low)) for low, high in touched)
        self.starts[first:last] = [min([start, *(low for low, _ in touched)])]
        self.stops[first:last] = [max([stop, *(high for _, high in touched)])]
        if len(self.starts) > MAX_RANGES:
            del self.starts[1], self.stops[0]
        self.octets += stop - start - known
        return stop - start - known

    def has(self, start: int, stop: int) -> bool:
        """Whether all from `start` up to before `stop` have been seen."""
        at = bisect_right(self.starts, start) - 1
        return start >= stop or (at >= 0 and stop <= self.stops[at])

    @property
    def complete(self) -> int:
        """The first octet that is missing, counted from 1."""
        return max(1, self.stops[0]) if self.starts and self.starts[0] <= 1 else 1


class Beginnings:
    """How the data of each segment of one end begins (`MAX_DATA` octets are kept of it), by its first number."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._at: dict[int, Observed] = {}

    def add(self, start: int, observed: Observed) -> None:
        """Keep what begins at `start`: the longest there, but nothing that was damaged where anything else is."""
        before = self._at.get(start)
        if before is None and (not self._starts or start > self._starts[-1]):
            self._starts.append(start)
        elif before is None:
            insort(self._starts, start)
        if before is None or _worth(observed) > _worth(before):
            self._at[start] = observed

    def other(self, start: int, observed: Observed) -> Observed | None:
        """A segment that was added and has other octets under numbers of this one, as far as both are kept."""
        stop = start + len(observed.data)
        for low in self._starts[bisect_left(self._starts, start - MAX_DATA) : bisect_left(self._starts, stop)]:
            before = self._at[low].data
            first, last = max(low, start), min(low + len(before), stop)
            if first < last and before[first - low : last - low] != observed.data[first - start : last - start]:
                return self._at[low]
        return None


def _worth(observed: Observed) -> tuple[bool, int]:
    return not observed.bad_checksum, len(observed.data)
