"""Octets in order, from anything that can be read: a window of them in memory, refilled in big pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator

CHUNK = 1 << 17
"""How many octets are asked for at a time."""


class Stream:
    """A window (`buffer`, with `at` the next octet not yet used) that slides over a source of unknown length.

    Readers walk `buffer` themselves, which is what makes them fast, and call `fill` when it runs out. Memory is bounded
    by the octets that really arrived, never by a length that the input declares.
    """

    def __init__(
        self,
        read: Callable[[int], bytes],
        wait: Callable[[], bool] | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """`read(n)` gives up to n octets, b"" at the end. `wait`, when given, is called there: true means try again.

        `stopped` tells at the end whether there would be more, had `read` not had to stop.
        """
        self._read = read
        self._wait = wait
        self._stopped = stopped
        self._base = 0
        self.buffer = b""
        self.at = 0

    @property
    def offset(self) -> int:
        """Of the next octet, from the start of the source."""
        return self._base + self.at

    @property
    def available(self) -> int:
        return len(self.buffer) - self.at

    @property
    def growing(self) -> bool:
        """True when the end of the source is not yet the end (a file that is being followed)."""
        return self._wait is not None

    def ended(self, offset: int) -> str:
        """Why a record that goes beyond the end, at `offset`, is not whole."""
        return f"not unpacked beyond offset {offset}" if self._stopped() else f"cut short at offset {offset}"

    def fill(self, need: int) -> bool:
        """Have at least `need` octets in the window; False when the source ends before."""
        have = self.available
        if have >= need:
            return True
        parts = [self.buffer[self.at :]]
        while have < need:
            part = self._read(CHUNK)
            if part:
                parts.append(part)
                have += len(part)
            elif self._wait is None or not self._wait():
                break
        self._base += self.at
        self.buffer = b"".join(parts)
        self.at = 0
        return have >= need

    def take(self, count: int) -> bytes:
        """The next `count` octets, or as many as the source still has."""
        self.fill(count)
        octets = self.buffer[self.at : self.at + count]
        self.at += len(octets)
        return octets

    def pieces(self, count: int) -> Iterator[bytes]:
        """The next `count` octets, or as many as the source still has, a window at a time."""
        while count and self.fill(1):
            piece = self.buffer[self.at : self.at + count]
            self.at += len(piece)
            count -= len(piece)
            yield piece

    def skip(self, count: int) -> int:
        """Pass over `count` octets without keeping them; how many there really were."""
        return sum(map(len, self.pieces(count)))
