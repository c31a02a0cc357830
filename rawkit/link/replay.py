"""A capture file as a link: its frames come as they came, or as fast as possible."""

from __future__ import annotations

from collections.abc import Iterator

from rawkit.capture.frame import Frame
from rawkit.capture.linktypes import ETHERNET, LinkType
from rawkit.capture.offload import Offload
from rawkit.capture.reader import Capture, read
from rawkit.capture.source import Source
from rawkit.clock import NANOSECONDS, SYSTEM, Clock
from rawkit.errors import FieldError
from rawkit.link.errors import LinkEnded, LinkError
from rawkit.link.link import Link, Statistics

BATCH = 256
"""Frames handed over at once when there is no timing."""


class Replay(Link):
    """Hands over the frames of a capture file, unchanged: their times stay those of the file.

    `speed` 1 keeps the distances between them, 2 halves them, None hands them over as fast as they are fetched. The
    first comes at once; one without a time, or from before its predecessor, comes with its predecessor. What is
    damaged in the file is in `capture.defects`. Nothing can be sent.

    >>> from rawkit.clock import ManualClock
    >>> clock = ManualClock()
    >>> with Replay("captures:tcp/echo", clock=clock) as link:
    ...     frames = list(link)
    >>> len(frames), clock.monotonic_ns() == frames[-1].time_ns - frames[0].time_ns
    (12, True)
    """

    def __init__(self, source: Source, *, speed: float | None = 1, clock: Clock = SYSTEM) -> None:
        if speed is not None and not speed > 0:
            raise FieldError(f"speed: {speed!r}; above 0, or None for as fast as possible")
        super().__init__()
        self.capture: Capture = read(source)
        self.name = self.capture.path
        self.clock = clock
        self._speed = speed
        self._frames: Iterator[Frame] = iter(self.capture)
        self._next = next(self._frames, None)
        self.medium = self._next.linktype if self._next is not None else self._medium_of_none()
        """Of the first frame; each frame's own is `frame.linktype`."""
        self._due_ns = clock.monotonic_ns()
        self._last_ns: int | None = None
        self._handed_over = 0

    def _medium_of_none(self) -> LinkType:
        """Of a capture without frames: its interface's, if it has one."""
        return self.capture.interfaces[0].linktype if self.capture.interfaces else ETHERNET

    @property
    def mtu(self) -> int | None:
        return None

    def receive_many(self, timeout: float | None = None) -> list[Frame]:
        if self._next is None:
            raise LinkEnded(f"{self.name}: this was the last frame")
        if self._speed is None:
            return self._batch()
        now = self.clock.monotonic_ns()
        wait = max(self._due_ns - now, 0)
        if timeout is not None and wait > timeout * NANOSECONDS:
            self.clock.sleep_ns(int(timeout * NANOSECONDS))
            return []
        if wait:
            self.clock.sleep_ns(wait)
        return [self._advance(self._next)]

    def _batch(self) -> list[Frame]:
        frames: list[Frame] = []
        while self._next is not None and len(frames) < BATCH:
            frames.append(self._advance(self._next))
        return frames

    def _advance(self, frame: Frame) -> Frame:
        """Hand over this frame, and look at the one after it."""
        self._next = next(self._frames, None)
        if frame.time_ns is not None:
            self._last_ns = frame.time_ns
        if self._next is not None and self._next.time_ns is not None and self._speed is not None:
            distance = self._next.time_ns - (self._next.time_ns if self._last_ns is None else self._last_ns)
            self._due_ns += int(max(distance, 0) / self._speed)
        self._handed_over += 1
        return frame

    def due_ns(self) -> int | None:
        return self._due_ns

    def put(self, octets: bytes, offload: Offload | None = None) -> None:
        raise LinkError(f"{self.name}: a recording takes nothing: only receive from it")

    @property
    def statistics(self) -> Statistics:
        return Statistics(received=self._handed_over)

    def close(self) -> None:
        self._next = None
        self.capture.close()
