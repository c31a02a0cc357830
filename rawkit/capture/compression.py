"""Compressed captures: unpacked piece by piece while they are read, so that memory stays bounded whatever they hold."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

from rawkit.capture import zstd
from rawkit.capture.source import reading, watching
from rawkit.capture.stream import CHUNK, Stream
from rawkit.capture.tally import Tally
from rawkit.errors import CaptureError, Defect

MAX_RATIO = 250
"""How many octets one compressed octet may become. Real captures stay below 100; gzip's own limit is about 1,030."""
RATIO_GRACE = 16 << 20
"""Unpacked octets before the ratio is judged: a small file may be as repetitive as it likes."""

FIRST_PIECE = 512
"""Packed octets given to a new member; doubled each time, so that a million tiny members cost linear time."""


class Method(NamedTuple):
    """A way of compressing: how it is recognised, and what unpacks one member (gzip's word; zstd says frame)."""

    name: str
    magic: bytes
    member: Callable[[], Any]
    """Makes an object like zlib's decompressobj."""
    errors: tuple[type[Exception], ...]
    piece: int
    """Packed octets given to it at a time, at most."""
    copies: bool
    """Whether a member can be copied, and so taken again octet by octet up to a fault."""


def _gzip() -> Method:
    return Method("gzip", b"\x1f\x8b", lambda: zlib.decompressobj(wbits=31), (zlib.error,), CHUNK, copies=True)


def _zstd() -> Method:
    return Method("zstd", b"\x28\xb5\x2f\xfd", zstd.Member, (zstd.Damaged,), zstd.PIECE, copies=False)


METHODS = (_gzip(), _zstd())


def open_stream(
    file: BinaryIO, path: str, tally: Tally, wait: Callable[[], bool] | None, max_ratio: int | None
) -> tuple[str | None, Stream]:
    """How the file is compressed (None, "gzip" or "zstd"), and its octets unpacked."""
    stream = Stream(reading(file), watching(file, wait, tally.end) if wait else None)
    method = _recognise(stream)
    if method is None:
        return None, stream
    unpacker = Unpacker(method, stream, tally, max_ratio)
    # It is the packed octets that are waited for: when they end, so do the unpacked ones, and may still be growing.
    inner = Stream(unpacker.read, wait and (lambda: False), stopped=lambda: unpacker.failed)
    if (again := _recognise(inner)) is not None:
        raise CaptureError(path, 0, f"{again.name} inside {method.name}: unpack it once and read the result")
    return method.name, inner


def _recognise(stream: Stream) -> Method | None:
    stream.fill(4)
    return next((method for method in METHODS if stream.buffer.startswith(method.magic, stream.at)), None)


class Unpacker:
    """Members one after the other, unpacked. A fault ends the octets and is reported, not raised."""

    def __init__(self, method: Method, packed: Stream, tally: Tally, max_ratio: int | None) -> None:
        self._method = method
        self._packed = packed
        self._tally = tally
        self._max_ratio = max_ratio
        self._member = method.member()
        self._careful = False
        self._piece = FIRST_PIECE
        self._unpacked = 0
        self._more = False
        """Whether the member has more to give of what it was given."""
        self._ended = False
        self.failed = False
        """Whether the octets ended at a fault."""

    def read(self, count: int) -> bytes:
        """About `count` octets; b"" at the end."""
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
        if not self._more:
            packed.fill(1)
        piece = packed.buffer[packed.at : packed.at + (1 if self._careful else self._piece)]
        self._piece = min(self._piece * 2, self._method.piece)
        if not piece and not self._more:
            if packed.growing:
                self._ended = True
                return b""
            return self._fail(packed.offset, "the end of the file", "more", f"cut short at offset {packed.offset}")
        before = self._member.copy() if self._method.copies and not self._careful else None
        try:
            octets: bytes = self._member.decompress(piece, count)
        except self._method.errors as wrong:
            if before is not None:  # the library keeps what it had unpacked of this piece: take it again, bit by bit
                self._member, self._careful = before, True
                return b""
            return self._fail(packed.offset, str(wrong), "data and a checksum that agree", "damaged")
        # At its end zlib says the same octets twice: as unused, and as unconsumed where there were such before.
        packed.at += len(piece) - len(self._member.unused_data if self._member.eof else self._member.unconsumed_tail)
        self._more = len(octets) >= count
        return octets

    def _next_member(self) -> bool:
        packed, magic = self._packed, self._method.magic
        if not packed.fill(1):
            self._ended = True
            return False
        if not packed.fill(len(magic)) and packed.growing:
            self._ended = True
            return False
        start = packed.buffer[packed.at : packed.at + len(magic)]
        if start != magic:
            self._fail(packed.offset, start.hex(), f"{magic.hex()} or the end", "trailing junk")
            return False
        self._member = self._method.member()
        self._piece = FIRST_PIECE
        self._more = False
        return True

    def _within_ratio(self) -> bool:
        used = self._packed.offset
        if self._max_ratio is None or self._unpacked <= max(RATIO_GRACE, used * self._max_ratio):
            return True
        why = "expands too far; if you trust it, lift the limit (max_ratio=None)"
        self._fail(used, f"{used} octets became {self._unpacked}", f"at most {self._max_ratio} for one", why)
        return False

    def _fail(self, offset: int, found: str, expected: str, why: str) -> bytes:
        self._ended = self.failed = True
        self._tally.end(Defect(self._method.name, "", offset, found, expected, why))
        return b""
