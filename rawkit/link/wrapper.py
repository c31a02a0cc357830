"""A link around another one, with the same face."""

from __future__ import annotations

from collections.abc import Iterable

from rawkit.capture.frame import Frame
from rawkit.capture.offload import Offload
from rawkit.link.link import Link, Sendable, Sent, Statistics


class Wrapper(Link):
    """Does what the link inside does. Closing it closes that one too."""

    def __init__(self, inner: Link) -> None:
        super().__init__()
        self.inner = inner
        self.name = inner.name
        self.medium = inner.medium
        self.clock = inner.clock

    @property
    def mtu(self) -> int | None:
        return self.inner.mtu

    def receive_many(self, timeout: float | None = None) -> list[Frame]:
        if self._ready:
            ready = list(self._ready)
            self._ready.clear()
            return ready
        return self._came(self.inner.receive_many(timeout))

    def _came(self, frames: list[Frame]) -> list[Frame]:
        """What is made of frames that the link inside received."""
        return frames

    def put(self, octets: bytes, offload: Offload | None = None) -> None:
        self.inner.put(octets, offload)

    def send_many(self, many: Iterable[Sendable]) -> Sent:
        return self.inner.send_many(many)

    def fileno(self) -> int:
        return self.inner.fileno()

    def due_ns(self) -> int | None:
        return self.inner.due_ns()

    @property
    def statistics(self) -> Statistics:
        return self.inner.statistics

    def close(self) -> None:
        self.inner.close()
