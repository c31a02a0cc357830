"""Where a capture is read from: a path, standard input, an open file; one that does not block, or that still grows."""

from __future__ import annotations

import os
import select
import stat
import sys
from collections.abc import Callable
from errno import EBADF
from pathlib import Path
from typing import BinaryIO

from rawkit import bundled
from rawkit.clock import SYSTEM
from rawkit.errors import Defect, FieldError

FOLLOW_INTERVAL_NS = 100_000_000
"""Pause between two looks at a file that still grows."""

Source = str | bytes | os.PathLike[str] | BinaryIO
"""A path, `captures:tcp/echo` for a capture that comes along, "-" for standard input, or an open binary file."""


def poll() -> bool:
    """The default way to wait for a file to grow: a short pause, without end."""
    SYSTEM.sleep_ns(FOLLOW_INTERVAL_NS)
    return True


def open_source(source: Source) -> tuple[BinaryIO, str, bool]:
    """The file, a name for messages, and whether it is ours to close."""
    if isinstance(source, str | bytes | os.PathLike):
        return _by_name(os.fsdecode(source))
    if not hasattr(source, "read"):
        raise FieldError(f"source: {source!r}; give a path, '-' for standard input, or an open binary file")
    name = str(getattr(source, "name", "capture"))
    if isinstance(source.read(0), str):
        raise FieldError(f"source: {name} is open as text; open it with 'rb'")
    return source, name, False


def _by_name(name: str) -> tuple[BinaryIO, str, bool]:
    if not name:
        raise FieldError("the name of the file to read is empty")
    if name != "-":
        return (bundled.named(name) or Path(name)).open("rb", buffering=0), name, True
    if sys.stdin is None:
        raise OSError(EBADF, "it is closed", "standard input")
    return sys.stdin.buffer, "standard input", False


def reading(file: BinaryIO) -> Callable[[int], bytes]:
    """What reads up to so many octets: as many as there are now, waiting for the first; b"" is the end."""
    now = getattr(file, "read1", file.read)  # read would wait for the whole number
    raw = getattr(file, "raw", file)

    def read(count: int) -> bytes:
        octets: bytes | None = now(count)
        while not octets and not _blocks(file):  # Python's buffer says b"" also where there is nothing yet
            arrived = select.poll()
            arrived.register(file, select.POLLIN)
            arrived.poll()
            octets = raw.read(count)
            if octets is not None:
                break
        return octets or b""

    return read


def _blocks(file: BinaryIO) -> bool:
    """False of a pipe or a terminal that does not wait by itself (O_NONBLOCK)."""
    try:
        return os.get_blocking(file.fileno())
    except (OSError, ValueError, AttributeError):  # no file of the system's
        return True


def watching(file: BinaryIO, wait: Callable[[], bool], report: Callable[[Defect], object]) -> Callable[[], bool]:
    """`wait`, for the end of a file that grows; false, and a defect, where the file was cut or taken away meanwhile."""
    state = _state(file)
    had_name = state is not None and state.st_nlink > 0
    gone = False

    def look() -> bool:
        nonlocal gone
        state = _state(file)
        if state is None:
            return wait()
        if state.st_size < (at := file.tell()):
            report(Defect("file", "", at, f"{state.st_size} octets", f">= {at}", "it was cut while it was followed"))
            return False
        if gone:
            report(Defect("file", "", at, "no name", "one", "it was removed or replaced while it was followed"))
            return False
        gone = had_name and state.st_nlink == 0  # what was written before that is still to be read
        return gone or wait()

    return look


def _state(file: BinaryIO) -> os.stat_result | None:
    """Of a regular file; None of anything else."""
    try:
        state = os.fstat(file.fileno())
    except (OSError, ValueError, AttributeError):
        return None
    return state if stat.S_ISREG(state.st_mode) else None
