"""Two links that are each other's other end, in memory."""

from __future__ import annotations

from collections import deque

from rawkit.capture.frame import Frame
from rawkit.capture.linktypes import ETHERNET, LinkType
from rawkit.capture.offload import Offload
from rawkit.clock import SYSTEM, Clock, SystemClock
from rawkit.link.end import Doorbell, End
from rawkit.link.errors import FrameTooLong, FrameTooShort, LinkEnded, LinkError, QueueFull
from rawkit.link.link import Statistics, described, made_frame

CAPACITY = 10_000
"""Frames that wait at one end before no more are taken."""

HEADERS = {1: 14}
"""Octets before what the MTU counts, by link type; 0 for all others."""


class PipeEnd(End):
    """One of the two. What is sent here the other receives, at once, in order, octet for octet."""

    def __init__(self, name: str, medium: LinkType, mtu: int | None, clock: Clock, capacity: int) -> None:
        super().__init__()
        self.name = name
        self.medium = medium
        self.clock = clock
        self.other: PipeEnd
        self._mtu = mtu
        self._capacity = capacity
        self._queue: deque[Frame] = deque()
        self._interface = described(medium, name)
        self._came = Doorbell()
        self._received = self._sent = self._failed = 0

    @property
    def mtu(self) -> int | None:
        return self._mtu

    def fileno(self) -> int:
        return self._came.fileno()

    def put(self, octets: bytes, offload: Offload | None = None) -> None:
        if self._closed or self.other._closed:
            raise LinkEnded(f"{self.name}: the link is closed")
        header = HEADERS.get(self.medium, 0)
        try:
            if len(octets) < max(header, 1):
                raise FrameTooShort(self.name, len(octets))
            whole = offload is None or not offload.segment_size
            if self._mtu is not None and whole and len(octets) > self._mtu + header:
                raise FrameTooLong(self.name, len(octets), self._mtu)
            self.other._arrive(octets, offload)
        except LinkError:
            self._failed += 1
            raise
        self._sent += 1

    def _arrive(self, octets: bytes, offload: Offload | None) -> None:
        if len(self._queue) >= self._capacity:
            raise QueueFull(self.name)
        self._received += 1
        now = self.clock.time_ns()
        self._queue.append(made_frame(self._received, now, octets, self._interface, "in", offload))
        self._came.ring()

    def _take(self) -> list[Frame]:
        self._came.quiet()  # before we look, so that what arrives now rings again
        frames = []
        while self._queue:
            frames.append(self._queue.popleft())
        if not frames and self.other._closed:
            self._came.ring()  # the end of a link stays readable, as that of a socket does
            raise LinkEnded(f"{self.name}: the other end is closed")
        return frames

    def _wait(self, left_ns: int | None) -> None:
        if isinstance(self.clock, SystemClock):
            super()._wait(left_ns)
        elif left_ns is None:
            raise LinkError(
                f"{self.name}: nothing is under way, and its clock is moved by hand: this would wait for ever"
                " (give a timeout)"
            )
        else:
            self.clock.sleep_ns(left_ns)

    @property
    def statistics(self) -> Statistics:
        return Statistics(received=self._received, sent=self._sent, failed=self._failed)

    def close(self) -> None:
        super().close()
        self.other._came.ring()

    def _release(self) -> None:
        self._came.close()


def pipe(
    *,
    medium: int = ETHERNET,
    mtu: int | None = 1500,
    clock: Clock = SYSTEM,
    capacity: int = CAPACITY,
    names: tuple[str, str] = ("left", "right"),
) -> tuple[PipeEnd, PipeEnd]:
    """Two ends. They take what a cable would: up to the MTU (super-segments pass whole), `capacity` frames waiting.

    With a clock that is moved by hand, waiting for a frame moves it: nothing can come while its one thread waits.

    >>> left, right = pipe()
    >>> left.send(bytes(60))
    >>> right.receive()
    <Frame 1: 60 of 60 octets, ETHERNET>
    >>> right.receive(timeout=0) is None
    True
    >>> left.close()
    >>> list(right)
    []
    >>> right.close()
    """
    left, right = (PipeEnd(name, LinkType(medium), mtu, clock, capacity) for name in names)
    left.other, right.other = right, left
    return left, right
