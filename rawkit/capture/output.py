"""Takes records and gives them on whole: gathered to big pieces, or each at once where the file is written live.

Where they go, and under which name, is `place`'s matter. Whatever interrupts a write (a full disk, a signal), nothing
is written twice, and a file is cut back to its last whole record.
"""

from __future__ import annotations

import select
import zlib
from contextlib import suppress
from io import RawIOBase
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from rawkit.capture.place import Place, Target
from rawkit.errors import CaptureError, FieldError

BUFFER = 1 << 18
"""Octets gathered before they are written, unless the file is live."""


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


class _Record(NamedTuple):
    octets: bytes
    packets: int
    """How many it holds."""
    whole: bool
    """False of a part that goes on with the next."""


class Output:
    """Takes records, gives them on whole. `packets` counts those in the file."""

    def __init__(
        self,
        target: Target,
        *,
        live: bool = False,
        force: bool = False,
        compression: str | None = None,
        of_packets: bool = True,
    ) -> None:
        """`target` is a path, "-" for standard output, or an open binary file.

        `live`: the file stands under its name from the start, and holds each record as soon as that was given; else it
        appears when it is closed. `force` replaces an existing file. What is not `of_packets` tells of none when
        writing fails.
        """
        if live and compression:
            raise FieldError(f"compression: a live file cannot be {compression}; convert it afterwards")
        self._live = live
        self._of_packets = of_packets
        self._compressor = compressor(compression)
        self._pending: list[_Record] = []
        self._pending_octets = 0
        self._given = 0
        self._whole = 0
        """Octets given on, up to the end of the last whole record."""
        self._failed: WriteError | None = None
        self.packets = 0
        """Whole ones given on so far; those still gathered come with the next flush."""
        self.closed = False
        self._place = Place(target, live=live, force=force)

    @property
    def path(self) -> str:
        return self._place.path

    def append(self, octets: bytes, *, packets: int = 1, whole: bool = True) -> None:
        """One record, which holds so many packets; one that is not `whole` goes on with the next."""
        if self._failed is not None:
            raise self._failed
        if self.closed:
            raise ValueError(f"{self.path}: written to after it was closed")
        self._pending.append(_Record(octets, packets, whole))
        self._pending_octets += len(octets)
        if self._live or self._pending_octets >= BUFFER:
            self.flush()

    def flush(self) -> None:
        """Give on all records gathered so far."""
        records, self._pending, self._pending_octets = self._pending, [], 0
        octets = b"".join([record.octets for record in records])
        self._give(self._compressor.compress(octets) if self._compressor else octets, records)

    def _give(self, octets: bytes, records: list[_Record]) -> None:
        start = self._position()
        done = 0
        try:
            while done < len(octets):
                done += self._write(memoryview(octets)[done:])
            self._place.file.flush()
        except BaseException as wrong:
            end = self._position()
            self._count(records, done if start is None or end is None else end - start)
            self._cut_back(None if start is None else start - self._given)
            self._failed = self._failure(wrong)
            if isinstance(wrong, OSError) and not isinstance(wrong, BrokenPipeError):
                raise self._failed from wrong
            raise
        self._count(records, done)
        self._given += done

    def _write(self, octets: memoryview) -> int:
        """How many the system took: a disk that is nearly full takes a part, and the next call then says why."""
        file = self._place.file
        taken: int | None = file.write(octets)
        if taken is None and isinstance(file, RawIOBase):  # a pipe that does not block (O_NONBLOCK) is full
            full = select.poll()
            full.register(file, select.POLLOUT)
            full.poll()
            return 0
        return len(octets) if taken is None else taken

    def _position(self) -> int | None:
        """In the file, which may have begun before us; None of a pipe."""
        try:
            return self._place.file.tell()
        except (OSError, ValueError):
            return None

    def _count(self, records: list[_Record], done: int) -> None:
        """So many octets of these records are in the file. Of compressed ones it is not known which those are."""
        end = self._given
        for record in records:
            end += len(record.octets)
            if end - self._given > done:
                break
            self.packets += record.packets
            self._whole = end if record.whole else self._whole

    def _cut_back(self, begin: int | None) -> None:
        """To the last whole record. A pipe cannot be, and what is compressed need not: it can be read up to its end."""
        if begin is not None and not self._compressor:
            with suppress(OSError, ValueError):
                self._place.file.truncate(begin + self._whole)
                self._place.file.seek(begin + self._whole)

    def _failure(self, wrong: BaseException) -> WriteError:
        if isinstance(wrong, BrokenPipeError):
            return WriteError(self.path, self._given, "the reader closed the pipe", self.packets)
        why = (wrong.strerror or str(wrong)) if isinstance(wrong, OSError) else "writing was interrupted"
        count = self.packets
        if not self._of_packets:
            return WriteError(self.path, self._whole, why, 0)
        if self._place.temporary is not None:
            return WriteError(self.path, self._whole, f"{why}; nothing is left of the {count} packets written", 0)
        return WriteError(self.path, self._whole, f"{why}; {count} whole packets written", count)

    def close(self) -> None:
        """Flush, and give a finished file its name. After a failure: leave what is whole, or nothing."""
        if self.closed:
            return
        try:
            if self._failed is None:
                self.flush()
                if self._compressor is not None:
                    self._give(self._compressor.flush(), [])
                self._place.keep()
        finally:
            self.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """After an error a live file keeps what came, and any other gets no more."""
        if error is not None and not self._live:
            self.discard()
        else:
            self.close()

    def discard(self) -> None:
        """Close as it is: a file that is not live leaves nothing behind."""
        self.closed = True
        self._place.leave()
