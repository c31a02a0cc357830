"""Compressed captures: unpacked piece by piece while they are read, so that memory stays bounded whatever they hold."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import BinaryIO

from rawkit.capture.stream import CHUNK, Stream
from rawkit.capture.tally import Tally
from rawkit.errors import CaptureError, Defect

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"

MAX_RATIO = 250
"""How many octets one compressed octet may become. Real captures stay below 100; gzip's own limit is about 1,030."""
RATIO_GRACE = 16 << 20
"""Unpacked octets before the ratio is judged: a small file may be as repetitive as it likes."""

Read = Callable[[int], bytes]


def open_stream(
    file: BinaryIO, path: str, tally: Tally, wait: Callable[[], bool] | None, max_ratio: int | None
) -> tuple[str | None, Stream]:
    """How the file is compressed (None, "gzip" or "zstd"), and its octets unpacked."""
    # read1 gives what a pipe holds now; read would wait for the whole chunk.
    stream = Stream(getattr(file, "read1", file.read), wait)
    name = _compression(stream)
    if name is None:
        return None, stream
    if wait is not None:
        raise CaptureError(path, 0, f"a {name} file cannot be followed while it grows; follow the plain file")
    unpack = Gunzip(stream, tally, max_ratio).read if name == "gzip" else _unzstd(stream, path, tally, max_ratio)
    inner = Stream(unpack)
    if (again := _compression(inner)) is not None:
        raise CaptureError(path, 0, f"{again} inside {name}: unpack it once and read the result")
    return name, inner


def _compression(stream: Stream) -> str | None:
    stream.fill(4)
    start = stream.buffer[stream.at : stream.at + 4]
    return "gzip" if start[:2] == GZIP else "zstd" if start == ZSTD else None


class Gunzip:
    """gzip members one after the other (RFC 1952), unpacked. What is wrong ends the octets and is reported, not raised."""

    def __init__(self, packed: Stream, tally: Tally, max_ratio: int | None) -> None:
        self._packed = packed
        self._tally = tally
        self._max_ratio = max_ratio
        self._member = zlib.decompressobj(wbits=31)
        self._unpacked = 0
        self._ended = False

    def read(self, count: int) -> bytes:
        """Up to `count` octets; b"" at the end."""
        while not self._ended:
            if self._member.eof and not self._next_member():
                break
            octets = self._step(count)
            if octets:
                self._unpacked += len(octets)
                return octets if self._within_ratio() else b""
        return b""

    def _step(self, count: int) -> bytes:
        packed = self._packed
        packed.fill(1)
        piece = packed.buffer[packed.at : packed.at + CHUNK]
        if not piece:
            return self._fail("", packed.offset, "the end of the file", "more", f"cut short at offset {packed.offset}")
        try:
            octets = self._member.decompress(piece, count)
        except zlib.error as wrong:
            return self._fail("data", packed.offset, str(wrong), "deflate data and its CRC", "damaged")
        packed.at += len(piece) - len(self._member.unconsumed_tail) - len(self._member.unused_data)
        return octets

    def _next_member(self) -> bool:
        packed = self._packed
        if not packed.fill(1):
            self._ended = True
            return False
        if not packed.fill(2) or packed.buffer[packed.at : packed.at + 2] != GZIP:
            self._fail(
                "", packed.offset, packed.buffer[packed.at : packed.at + 2].hex(), "1f8b or the end", "trailing junk"
            )
            return False
        self._member = zlib.decompressobj(wbits=31)
        return True

    def _within_ratio(self) -> bool:
        used = self._packed.offset
        if self._max_ratio is None or self._unpacked <= max(RATIO_GRACE, used * self._max_ratio):
            return True
        why = "expands too far; if you trust it, read it with max_ratio=None"
        self._fail("", used, f"{used} octets became {self._unpacked}", f"at most {self._max_ratio} for one", why)
        return False

    def _fail(self, field: str, offset: int, found: str, expected: str, why: str) -> bytes:
        self._ended = True
        self._tally.report(Defect("gzip", field, offset, found, expected, why))
        return b""


def _unzstd(packed: Stream, path: str, tally: Tally, max_ratio: int | None) -> Read:
    raise CaptureError(path, 0, "zstd is not read yet")
