"""What links with a file descriptor behind them have in common: waiting, and being closed while somebody waits."""

from __future__ import annotations

import os
import select
import threading
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rawkit.capture.frame import Frame
from rawkit.clock import NANOSECONDS
from rawkit.link.errors import LinkEnded
from rawkit.link.link import Link


class Doorbell:
    """A file descriptor that is readable from `ring()` to `quiet()`, from whatever thread; after `close()`, nothing."""

    def __init__(self) -> None:
        self._descriptor = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._lock = threading.RLock()  # no number is written to that means another file by now

    def __del__(self) -> None:
        self.close()

    def fileno(self) -> int:
        return self._descriptor

    def ring(self) -> None:
        with self._lock:
            if self._descriptor >= 0:
                os.eventfd_write(self._descriptor, 1)

    def quiet(self) -> None:
        with self._lock, suppress(BlockingIOError):
            os.eventfd_read(self._descriptor)

    def close(self) -> None:
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1


class End(Link):
    """A link that waits for a descriptor. Subclasses say what has come (`_take`) and give things back (`_release`)."""

    def __init__(self) -> None:
        super().__init__()
        self._closed = False
        self._released = False
        self._busy = threading.Lock()
        self._bell = Doorbell()

    @abstractmethod
    def _take(self) -> list[Frame]:
        """What has come, without waiting."""

    @abstractmethod
    def _release(self) -> None:
        """Give back what the link holds; called once, while nobody takes."""

    def receive_many(self, timeout: float | None = None) -> list[Frame]:
        if self._ready:
            ready = list(self._ready)
            self._ready.clear()
            return ready
        deadline = None if timeout is None else self.clock.monotonic_ns() + int(timeout * NANOSECONDS)
        with self._using():
            while not (frames := self._take()):
                left = None if deadline is None else deadline - self.clock.monotonic_ns()
                if left is not None and left <= 0:
                    return []
                self._wait(left)
                self._check_open()
            return frames

    def _wait(self, left_ns: int | None) -> None:
        """Until something may have come, or the link was closed."""
        waiting = select.poll()
        waiting.register(self.fileno(), select.POLLIN)
        waiting.register(self._bell.fileno(), select.POLLIN)
        waiting.poll(None if left_ns is None else -(-left_ns // 1_000_000))

    def _check_open(self) -> None:
        if self._closed:
            raise LinkEnded(f"{self.name}: the link is closed")

    @contextmanager
    def _using(self) -> Iterator[None]:
        """Nothing is given back while we are in here: who closes in the meantime leaves that to us."""
        self._check_open()
        self._busy.acquire()
        try:
            self._check_open()
            yield
        finally:
            self._busy.release()
            if self._closed:
                self._release_once()

    def close(self) -> None:
        self._closed = True
        self._bell.ring()
        self._release_once()

    def _release_once(self) -> None:
        """Not while somebody receives, in another thread or below the signal handler that we are called by."""
        if self._busy.acquire(blocking=False):
            try:
                if not self._released:
                    self._release()
                    self._bell.close()
            finally:
                self._released = True
                self._busy.release()
