"""What the writers of all formats have in common: what a record may be, and the output behind them, to its end."""

from __future__ import annotations

from operator import index
from types import TracebackType
from typing import Self, SupportsBytes

from rawkit.capture.lengths import MAX_CAPTURED_LENGTH
from rawkit.capture.output import Output
from rawkit.errors import FieldError

Octets = bytes | bytearray | memoryview | SupportsBytes
"""Of one frame; a `Packet` gives its own."""

_MAX_WIRE_LENGTH = (1 << 32) - 1


def octets_of(frame: Octets) -> bytes:
    """The octets of a frame to write; FieldError where it has none, or more than readers take."""
    if not isinstance(frame, bytes):
        if not isinstance(frame, bytearray | memoryview | SupportsBytes):
            raise FieldError(f"octets: {type(frame).__name__}; give bytes, or a packet")
        frame = bytes(frame)
    if len(frame) > MAX_CAPTURED_LENGTH:
        raise FieldError(
            f"octets: {len(frame)}; readers take {MAX_CAPTURED_LENGTH} of one frame:"
            f" write the first of them, with wire_length={len(frame)}"
        )
    return frame


def wire_length_of(octets: bytes, said: int | None) -> int:
    """The length before any cut, which is not below that after it."""
    length = len(octets)
    if said is None:
        return length
    try:
        wire = index(said)
    except TypeError:
        wire = -1
    if not length <= wire <= _MAX_WIRE_LENGTH:
        raise FieldError(
            f"wire_length: {said!r}; a whole number from {length}, the octets that are written, to {_MAX_WIRE_LENGTH}"
            " (leave it out where none were cut off)"
        )
    return wire


def time_of(time_ns: int) -> int:
    """A time as a Python int: those of NumPy overflow."""
    try:
        return index(time_ns)
    except TypeError:
        raise FieldError(f"time_ns: {time_ns!r}; whole nanoseconds since 1970, such as time.time_ns()") from None


class Writer:
    """A capture file being written; a context manager.

    A live file holds each packet as soon as it was written. Any other appears under its name when it is closed.
    """

    _output: Output

    @property
    def written(self) -> int:
        """Packets whole in the file; those still gathered come with the next flush."""
        return self._output.packets

    def flush(self) -> None:
        """Give on the packets gathered so far, of a file that is not live."""
        self._output.flush()

    def close(self) -> None:
        self._output.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._output.__exit__(kind, error, trace)
