"""Show every frame that passes a link to somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rawkit.capture.frame import Frame
from rawkit.capture.offload import Offload
from rawkit.link.link import Link, Sendable, Sent, described, made_frame, parts
from rawkit.link.wrapper import Wrapper

CHUNK = 1_000
"""Frames of many that are sent before they are shown."""


class Watched(Wrapper):
    """Calls `callback` with every frame: one that came as it came, one that was sent once it was (`direction` "out").

    >>> from rawkit.link import pipe
    >>> left, right = pipe()
    >>> with Watched(left, lambda frame: print(frame.direction, frame.captured_length)) as watched, right:
    ...     watched.send(bytes(60))
    ...     right.send(bytes(90))
    ...     _ = watched.receive()
    out 60
    in 90
    """

    def __init__(self, inner: Link, callback: Callable[[Frame], object]) -> None:
        super().__init__(inner)
        self._callback = callback
        self._interface = described(inner.medium, inner.name)
        self._sent = 0

    def _came(self, frames: list[Frame]) -> list[Frame]:
        for frame in frames:
            self._callback(frame)
        return frames

    def put(self, octets: bytes, offload: Offload | None = None) -> None:
        time_ns = self.clock.time_ns()
        self.inner.put(octets, offload)
        self._show(octets, offload, time_ns)

    def send_many(self, many: Iterable[Sendable]) -> Sent:
        told = Sent()
        chunk: list[Sendable] = []
        for octets in many:
            chunk.append(octets)
            if len(chunk) == CHUNK:
                self._send_chunk(chunk, told)
                chunk = []
        self._send_chunk(chunk, told)
        return told

    def _send_chunk(self, chunk: list[Sendable], told: Sent) -> None:
        time_ns = self.clock.time_ns()
        part = self.inner.send_many(chunk)
        failed = {index for index, _ in part.failures}
        for index, octets in enumerate(chunk):
            if index not in failed:
                self._show(*parts(octets), time_ns)
        told.failures += [(told.asked + index, name) for index, name in part.failures]
        told.asked += part.asked

    def _show(self, octets: bytes, offload: Offload | None, time_ns: int) -> None:
        self._sent += 1
        self._callback(made_frame(self._sent, time_ns, octets, self._interface, "out", offload))
