"""Many frames with few system calls: sendmmsg(2)."""

from __future__ import annotations

import ctypes
import errno
import select
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rawkit.clock import NANOSECONDS, SYSTEM
from rawkit.link import kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 512
"""Frames a call."""
PATIENCE_S = 1.0
"""For so long without a single frame taken we wait for a full queue."""
PAUSE_NS = 1_000_000

FULL = (errno.ENOBUFS, errno.EAGAIN)


class _Vector(ctypes.Structure):
    """`struct iovec`."""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Message(ctypes.Structure):
    """`struct mmsghdr`: a `struct msghdr`, and how much of it was sent."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint),
        ("vectors", ctypes.c_void_p),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
        ("sent", ctypes.c_uint),
    )


class Queued:
    """Waits for a queue that is full, until there was no progress for `PATIENCE_S`."""

    def __init__(self, out: socket.socket) -> None:
        self._out = out
        self._since_ns: int | None = None

    def progress(self) -> None:
        self._since_ns = None

    def waited(self, number: int) -> bool:
        """Whether to try again after that error; false: long enough."""
        now_ns = SYSTEM.monotonic_ns()
        self._since_ns = now_ns if self._since_ns is None else self._since_ns
        if now_ns - self._since_ns >= PATIENCE_S * NANOSECONDS:
            return False
        if number == errno.EAGAIN:
            waiting = select.poll()
            waiting.register(self._out, select.POLLOUT)
            waiting.poll(50)
        else:  # a queue of the interface: nobody says when there is room
            SYSTEM.sleep_ns(PAUSE_NS)
        return True


class Batch:
    """Up to `MOST` messages, one after another in one piece of memory."""

    def __init__(self, octets: NDArray[np.uint8], lengths: Sequence[int] | NDArray[np.int64]) -> None:
        import numpy as np

        self.count = len(lengths)
        sizes = np.asarray(lengths, dtype=np.uint64)
        self._octets = octets  # kept alive: its address is used
        self._vectors: NDArray[Any] = np.zeros(self.count, np.dtype(_Vector))
        self._vectors["length"] = sizes
        self._vectors["base"] = octets.ctypes.data + np.cumsum(sizes) - sizes
        self._messages: NDArray[Any] = np.zeros(self.count, np.dtype(_Message))
        self._messages["vector_count"] = 1
        step = ctypes.sizeof(_Vector)
        self._messages["vectors"] = self._vectors.ctypes.data + np.arange(self.count, dtype=np.uint64) * step

    def send(self, out: socket.socket) -> list[tuple[int, int]]:
        """Each one, in order. Of those that could not be sent: (which, the system's error number)."""
        failures: list[tuple[int, int]] = []
        queued = Queued(out)
        done = 0
        while done < self.count:
            taken, number = self._call(out, done)
            if taken > 0:
                queued.progress()
                done += taken
            elif number in FULL and queued.waited(number):
                continue
            elif number in FULL or number in (errno.ENETDOWN, errno.ENXIO, errno.ENODEV, errno.EBADF):
                return failures + [(each, number) for each in range(done, self.count)]
            elif number != errno.EINTR:
                failures.append((done, number))
                done += 1
        return failures

    def _call(self, out: socket.socket, start: int) -> tuple[int, int]:
        """(how many the kernel took, the error number when it took none)."""
        first = ctypes.c_void_p(self._messages.ctypes.data + start * ctypes.sizeof(_Message))
        taken = kernel.LIBC.sendmmsg(out.fileno(), first, ctypes.c_uint(self.count - start), socket.MSG_DONTWAIT)
        return taken, ctypes.get_errno() if taken < 0 else 0


def of_octets(parts: Sequence[bytes], per_message: int) -> Batch:
    """Messages of so many consecutive parts each."""
    import numpy as np

    lengths = [sum(map(len, parts[at : at + per_message])) for at in range(0, len(parts), per_message)]
    return Batch(np.frombuffer(b"".join(parts), np.uint8), lengths)


def of_rows(rows: NDArray[np.uint8], header: bytes) -> Batch:
    """Messages that are the rows of a matrix, each with `header` before it."""
    import numpy as np

    count, length = rows.shape
    octets = np.empty((count, len(header) + length), np.uint8)
    octets[:, : len(header)] = np.frombuffer(header, np.uint8)
    octets[:, len(header) :] = rows
    return Batch(octets, np.full(count, len(header) + length))
