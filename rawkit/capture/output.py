"""Where a written capture goes: whole records only, and a file that is whole or absent unless it is written live.

A finished file appears under its name at `close`; until then it stands beside it under a temporary name. A live file is
written under its own name from the start and is flushed at least every `FLUSH_INTERVAL_NS`.
"""

from __future__ import annotations

import os
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EBADF, EEXIST
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self
from weakref import finalize

from rawkit.clock import NANOSECONDS, SYSTEM, Clock
from rawkit.errors import CaptureError, FieldError

FLUSH_INTERVAL_NS = 1 * NANOSECONDS
BUFFER = 1 << 18
"""Octets gathered before they are written even when no flush is due."""

Target = str | Path | BinaryIO


class WriteError(CaptureError):
    """The system refused to take more (disk full, quota, size limit). `written` records are whole in the file."""

    def __init__(self, path: str, offset: int, why: str, written: int) -> None:
        super().__init__(path, offset, why)
        self.args = (path, offset, why, written)
        self.written = written


class Compressor(Protocol):
    def compress(self, octets: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


def compressor(name: str | None) -> Compressor | None:
    """By the name that `Capture.compression` gives too: None, "gzip", "zstd"."""
    if name is None:
        return None
    if name == "gzip":
        return zlib.compressobj(wbits=31)
    if name == "zstd":
        from rawkit.capture.zstd import module

        made: Compressor = module().ZstdCompressor().compressobj()
        return made
    raise FieldError(f"compression: {name!r}; there are gzip and zstd")


class Output:
    """Takes records, gives them on whole. `records` counts those in the file, the file's header not counted."""

    def __init__(
        self,
        target: Target,
        *,
        live: bool = False,
        force: bool = False,
        compression: str | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        """`target` is a path, "-" for standard output, or an open binary file. `force` replaces an existing file."""
        if live and compression:
            raise FieldError(f"compression: a live file cannot be {compression}; convert it afterwards")
        self._clock = clock
        self._live = live
        self._force = force
        self._compressor = compressor(compression)
        self._pending: list[bytes] = []
        self._pending_octets = 0
        self._headers = 0
        self._whole = 0
        self._written = 0
        self._flushed_ns = clock.monotonic_ns()
        self._failed: WriteError | None = None
        self._temporary: Path | None = None
        self.closed = False
        self._open(target)

    def _open(self, target: Target) -> None:
        self._ours = False
        self._final: Path | None = None
        if not isinstance(target, str | Path):
            self.path, self._file = str(getattr(target, "name", "capture")), target
        elif str(target) == "-":
            self.path, self._file = "standard output", _standard_output()
        else:
            self.path, self._ours = str(target), True
            self._file = self._create(Path(target))

    def _create(self, path: Path) -> BinaryIO:
        exists = os.path.lexists(path)
        if exists and not _is_replaceable(path):
            return path.open("wb", buffering=0)  # a pipe or a device is neither made nor replaced; a directory refuses
        if exists and not self._force:
            raise _exists(path)
        name = path
        if not self._live:
            self._final = path
            self._temporary = name = path.with_name(f".{path.name}.{os.urandom(4).hex()}.partial")
            self._remains = finalize(self, name.unlink, missing_ok=True)  # however this output comes to its end
        elif exists:
            path.unlink()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with _named(path):
            return open(os.open(name, flags, 0o600), "wb", buffering=0)  # noqa: PTH123  # a descriptor

    @property
    def records(self) -> int:
        """Whole records given on so far; those still gathered come with the next flush."""
        return max(self._whole - self._headers, 0)

    def header(self, octets: bytes) -> None:
        """Something that belongs to the file and is not counted as a record; of a live file, there at once."""
        self._headers += 1
        self.append(octets)
        if self._live:
            self.flush()

    def append(self, octets: bytes) -> None:
        """One whole record."""
        if self._failed is not None:
            raise self._failed
        if self.closed:
            raise ValueError(f"{self.path}: written to after it was closed")
        self._pending.append(octets)
        self._pending_octets += len(octets)
        if self._pending_octets >= BUFFER:
            self.flush()
        elif self._live:
            self.flush_if_due()

    def flush_if_due(self) -> None:
        """For the loop of a live writer, also when no record came: flush when the interval is over."""
        if self._pending and self._clock.monotonic_ns() - self._flushed_ns >= FLUSH_INTERVAL_NS:
            self.flush()

    def flush(self) -> None:
        """Give on all records gathered so far."""
        octets = b"".join(self._pending)
        packed = self._compressor.compress(octets) if self._compressor else octets
        self._give(packed)
        self._whole += len(self._pending)
        self._pending.clear()
        self._pending_octets = 0
        self._flushed_ns = self._clock.monotonic_ns()

    def _give(self, octets: bytes) -> None:
        view = memoryview(octets)
        done = 0
        try:
            while done < len(view):
                # A raw file may take a part only (the disk is nearly full); the next call then says why.
                done += self._file.write(view[done:]) or 0
            self._file.flush()
        except BrokenPipeError:
            self._failed = WriteError(self.path, self._written, "the reader closed the pipe", self.records)
            raise
        except OSError as wrong:
            self._fail(wrong, done)
        self._written += done

    def _fail(self, wrong: OSError, done: int) -> None:
        """Cut back to the last whole record, and say how many there are."""
        kept = 0
        for record in self._pending:
            if kept + len(record) > done:
                break
            kept += len(record)
            self._whole += 1
        end = self._written + kept
        with suppress(OSError, ValueError):
            self._file.truncate(end)
        self._pending.clear()
        why = f"{wrong.strerror or wrong}; {self.records} whole packets written"
        if self._temporary is not None:
            why = f"{wrong.strerror or wrong}; nothing is left of the {self.records} packets written"
        self._failed = WriteError(self.path, end, why, 0 if self._temporary else self.records)
        raise self._failed from wrong

    def close(self) -> None:
        """Flush, and give a finished file its name. After a failure: leave what is whole, or nothing."""
        if self.closed:
            return
        try:
            if self._failed is None:
                self.flush()
                if self._compressor is not None:
                    self._give(self._compressor.flush())
                self._name()
        finally:
            self.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave(failed=error is not None)

    def leave(self, failed: bool) -> None:
        """The end of a `with` block: after an error a live file keeps what came, any other is not made."""
        if failed and not self._live and self._ours:
            self.discard()
        else:
            self.close()

    def discard(self) -> None:
        """Close without naming: a file that is not live leaves nothing behind."""
        self.closed = True
        if self._ours:
            with suppress(OSError):
                self._file.close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)
            self._remains.detach()

    def _name(self) -> None:
        if self._temporary is None or self._final is None:
            return
        with _named(self._final):
            os.fsync(self._file.fileno())
            if self._force:
                self._temporary.replace(self._final)
                return
        try:
            os.link(self._temporary, self._final)  # unlike a rename, never replaces a file that came meanwhile
        except FileExistsError:
            raise _exists(self._final) from None
        except OSError:  # a file system without links
            if os.path.lexists(self._final):
                raise _exists(self._final) from None
            self._temporary.rename(self._final)


def _is_replaceable(path: Path) -> bool:
    """True for what a new file can take the place of: a regular file, or a symbolic link, which is never followed."""
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """The system's errors, with the name that the caller gave and not the temporary one."""
    try:
        yield
    except OSError as wrong:
        raise type(wrong)(wrong.errno, wrong.strerror, str(path)) from None


def _exists(path: Path) -> FileExistsError:
    return FileExistsError(EEXIST, "exists already; give another name, or force it (--force)", str(path))


def _standard_output() -> BinaryIO:
    """Where octets go; a closed standard output and one that takes text alone have no such place."""
    octets: BinaryIO | None = getattr(sys.stdout, "buffer", None)
    if octets is None:
        raise OSError(EBADF, "it is closed, or takes text only", "standard output")
    return octets
