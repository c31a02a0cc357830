"""A link with a bad wire behind it."""

from __future__ import annotations

from collections.abc import Iterable

from rawkit.capture.frame import Frame
from rawkit.capture.offload import Offload
from rawkit.clock import NANOSECONDS
from rawkit.link.errors import LinkEnded
from rawkit.link.impairment import Content, Impairment
from rawkit.link.link import Link, Sendable, Sent, Statistics, as_it_arrived
from rawkit.link.wrapper import Wrapper


class Impaired(Wrapper):
    """Does to frames what `sending` and `receiving` say, by the clock of the link inside.

    There is no thread in it: what is due to be sent goes out whenever this link is used (`receive`, `send`, `settle`),
    and `due_ns` says when the next is. What is still under way when it is closed never arrives.

    >>> from rawkit.clock import ManualClock
    >>> from rawkit.link import pipe
    >>> clock = ManualClock()
    >>> left, right = pipe(clock=clock)
    >>> with Impaired(left, receiving=Impairment(delay_ns=20_000_000)) as slow, right:
    ...     right.send(bytes(60))
    ...     frame = slow.receive()
    >>> clock.monotonic_ns()
    20000000
    """

    def __init__(self, inner: Link, *, sending: Impairment | None = None, receiving: Impairment | None = None) -> None:
        super().__init__(inner)
        self.sending = sending if sending is not None else Impairment()
        self.receiving = receiving if receiving is not None else Impairment()
        self._ended: LinkEnded | None = None
        self._received = self._sent = self._failed = 0

    def receive_many(self, timeout: float | None = None) -> list[Frame]:
        if self._ready:
            return super().receive_many(timeout)
        deadline = None if timeout is None else self.clock.monotonic_ns() + int(timeout * NANOSECONDS)
        while True:
            self._take_in(0)
            now = self.clock.monotonic_ns()
            self._send_due(now)
            if frames := self._arrived(now):
                return frames
            if self._ended is not None and self.receiving.next_ns is None:
                raise self._ended
            if deadline is not None and now >= deadline:
                return []
            self._wait(now, deadline)

    def _wait(self, now: int, deadline: int | None) -> None:
        """Until something is due, the time is up, or a frame comes."""
        marks = [mark for mark in (deadline, self.due_ns()) if mark is not None]
        left = min(marks) - now if marks else None
        if self._ended is not None:
            self.clock.sleep_ns(max(left or 0, 0))
        else:
            self._take_in(None if left is None else max(left, 0) / NANOSECONDS)

    def _take_in(self, timeout: float | None) -> None:
        """What came goes on its way through the bad wire."""
        if self._ended is not None:
            return
        try:
            frames = self.inner.receive_many(timeout)
        except LinkEnded as ended:
            self._ended = ended
            return
        now = self.clock.monotonic_ns()
        for frame in frames:
            self.receiving.offer(Content(frame.octets, frame.offload, frame), now)

    def _arrived(self, now: int) -> list[Frame]:
        frames = []
        for octets, offload, original in self.receiving.due(now):
            assert isinstance(original, Frame)
            self._received += 1
            frames.append(as_it_arrived(original, self._received, self.clock.time_ns(), octets, offload))
        return frames

    def put(self, octets: bytes, offload: Offload | None = None) -> None:
        now = self.clock.monotonic_ns()
        self._send_due(now)
        self.sending.offer(Content(octets, offload), now)
        self._send_due(now)

    def send_many(self, many: Iterable[Sendable]) -> Sent:
        """All are sent: what becomes of each is the wire's secret (and in `sending.decisions`)."""
        return Link.send_many(self, many)

    def _send_due(self, now: int) -> None:
        """A frame that the link inside refuses now is one that a wire loses: its sender went on long ago."""
        for octets, offload, _ in self.sending.due(now):
            try:
                self.inner.put(octets, offload)
                self._sent += 1
            except OSError:
                self._failed += 1

    def settle(self) -> None:
        """Wait until everything that was sent is out. Frames that come in the meantime are kept for `receive`."""
        while self.sending.next_ns is not None:
            now = self.clock.monotonic_ns()
            self._send_due(now)
            if self.sending.next_ns is not None:
                self.clock.sleep_ns(self.sending.next_ns - now)

    def due_ns(self) -> int | None:
        marks = [self.sending.next_ns, self.receiving.next_ns, self.inner.due_ns()]
        return min((mark for mark in marks if mark is not None), default=None)

    @property
    def statistics(self) -> Statistics:
        return Statistics(
            received=self._received,
            dropped=self.inner.statistics.dropped,
            freezes=self.inner.statistics.freezes,
            sent=self._sent,
            failed=self._failed,
        )
