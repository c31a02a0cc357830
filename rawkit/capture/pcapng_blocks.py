"""pcapng's outer form: a chain of blocks, each with its type, its length, a body, and its length again.

Nothing here knows what a block means, except that a section header decides the byte order of what follows. That is all
a lossless copy needs: `Block.octets` is the block as it stands in the file.
"""

from __future__ import annotations

from struct import Struct
from tempfile import TemporaryFile
from typing import Protocol

from rawkit.capture.lengths import end_within
from rawkit.capture.pcapng_values import Order
from rawkit.capture.stream import CHUNK, Stream
from rawkit.capture.tally import Tally
from rawkit.errors import CaptureError, Defect

SECTION_HEADER = 0x0A0D0D0A
INTERFACE_DESCRIPTION, OBSOLETE_PACKET, SIMPLE_PACKET, NAME_RESOLUTION, INTERFACE_STATISTICS, ENHANCED_PACKET = range(
    1, 7
)
SYSTEMD_JOURNAL = 9
DECRYPTION_SECRETS = 10
CUSTOM = 0x00000BAD
CUSTOM_NOCOPY = 0x40000BAD

NAMES = {
    SECTION_HEADER: "section header",
    INTERFACE_DESCRIPTION: "interface description",
    OBSOLETE_PACKET: "packet (obsolete)",
    SIMPLE_PACKET: "simple packet",
    NAME_RESOLUTION: "name resolution",
    INTERFACE_STATISTICS: "interface statistics",
    ENHANCED_PACKET: "enhanced packet",
    SYSTEMD_JOURNAL: "systemd journal export",
    DECRYPTION_SECRETS: "decryption secrets",
    CUSTOM: "custom",
    CUSTOM_NOCOPY: "custom, not to be copied",
}

PACKETS = (ENHANCED_PACKET, SIMPLE_PACKET, OBSOLETE_PACKET)

BYTE_ORDER_MAGIC = 0x1A2B3C4D
_SECTION = SECTION_HEADER.to_bytes(4, "big")  # the same in both byte orders
_ORDERS: dict[bytes, Order] = {
    BYTE_ORDER_MAGIC.to_bytes(4, "little"): "little",
    BYTE_ORDER_MAGIC.to_bytes(4, "big"): "big",
}

MAX_BLOCK_LENGTH = 16 << 20
"""Longer blocks are passed over (Wireshark's bound); a packet is at most 262,144 octets of it."""


class Block:
    """One block as it stands in the file, its type, its place, and the byte order of its section."""

    __slots__ = ("byteorder", "kind", "octets", "offset")

    def __init__(self, kind: int, octets: bytes, offset: int, byteorder: Order) -> None:
        self.kind = kind
        self.octets = octets
        self.offset = offset
        self.byteorder = byteorder

    @property
    def name(self) -> str:
        return NAMES.get(self.kind, f"unknown block {self.kind:#010x}")

    def __repr__(self) -> str:
        return f"<Block {self.name}, {len(self.octets)} octets at offset {self.offset}>"


class Copy(Protocol):
    """Takes the blocks as they stand in the file; a part that is not `whole` goes on with the next."""

    def __call__(self, octets: bytes, *, packets: int, whole: bool) -> None: ...


class Chain:
    """The blocks of a file, one at a time, until it ends or its lengths no longer lead on; a defect says where."""

    def __init__(self, stream: Stream, tally: Tally, copy: Copy | None = None) -> None:
        """`copy` is given each whole block before it is taken, those too that are too long to be taken."""
        self.stream = stream
        self._copy = copy
        self.byteorder: Order = "little"
        """Of the section that the next block belongs to."""
        self._tally = tally

    @property
    def copies(self) -> bool:
        return self._copy is not None

    def take(self) -> Block | None:
        """The next block; None at the end, or where the file cannot be followed further."""
        stream = self.stream
        while stream.fill(12):
            if stream.buffer.startswith(_SECTION, stream.at) and not self._enter_section():
                return None
            length = self._length()
            if length is None:
                return None
            if length <= MAX_BLOCK_LENGTH:
                return self._block(length)
            if not (self._carry_over(length, self._copy) if self._copy else self._pass_over(length)):
                return None
        self._end(12)
        return None

    def _enter_section(self) -> bool:
        """A section's byte order is the one in which the magic after its length is 1a2b3c4d."""
        stream = self.stream
        magic = stream.buffer[stream.at + 8 : stream.at + 12]
        if magic in _ORDERS:
            self.byteorder = _ORDERS[magic]
            return True
        why = "the section's byte-order magic is none"
        wrong = Defect("section header", "byte_order_magic", stream.offset + 8, magic.hex(), "1a2b3c4d", why)
        self._tally.lose_the_rest(wrong)
        return False

    def _length(self) -> int | None:
        stream = self.stream
        length = int.from_bytes(stream.buffer[stream.at + 4 : stream.at + 8], self.byteorder)
        if length >= 12 and not length & 3:
            return length
        why = "no block has this length; the file cannot be followed further"
        wrong = Defect("block", "length", stream.offset + 4, length, "a multiple of 4, at least 12", why)
        self._tally.lose_the_rest(wrong)
        return None

    def _block(self, length: int) -> Block | None:
        stream = self.stream
        if not stream.fill(length):
            self._end(length)
            return None
        octets = stream.buffer[stream.at : stream.at + length]
        if octets[4:8] != octets[-4:]:
            self._trailer_differs(stream.offset + length - 4, octets[-4:], length)
            return None
        block = Block(int.from_bytes(octets[:4], self.byteorder), octets, stream.offset, self.byteorder)
        stream.at += length
        if self._copy is not None:
            self._copy(octets, packets=int(block.kind in PACKETS), whole=True)
        return block

    def _pass_over(self, length: int) -> bool:
        """Count a block too long to be held; False where the chain is lost."""
        offset = self.stream.offset
        passed = self.stream.skip(length - 4)
        tail = self.stream.take(4)
        if not self._ends(offset, length, passed + len(tail), tail):
            return False
        self._tally.skipped += 1
        expected = f"<= {MAX_BLOCK_LENGTH}"
        self._tally.report(Defect("block", "length", offset + 4, length, expected, "too long; passed over"))
        return True

    def _carry_over(self, length: int, copy: Copy) -> bool:
        """Copy a block too long to be held, once it is known to end as it says; False where the chain is lost."""
        offset = self.stream.offset
        with TemporaryFile() as kept:
            for piece in self.stream.pieces(length):
                kept.write(piece)
            have = kept.tell()
            kept.seek(max(have - 4, 0))
            if not self._ends(offset, length, have, kept.read()):
                return False
            kept.seek(0)
            while piece := kept.read(CHUNK):
                copy(piece, packets=0, whole=kept.tell() == length)
        self._tally.skipped += 1
        return True

    def _ends(self, offset: int, length: int, have: int, tail: bytes) -> bool:
        if have < length:
            end_within(self.stream, self._tally, "block", offset, length, have)
            return False
        if int.from_bytes(tail, self.byteorder) != length:
            self._trailer_differs(offset + length - 4, tail, length)
            return False
        return True

    def _trailer_differs(self, offset: int, trailer: bytes, length: int) -> None:
        why = "the length after the block is not the length before it; the file cannot be followed further"
        found = int.from_bytes(trailer, self.byteorder)
        self._tally.lose_the_rest(Defect("block", "length", offset, found, length, why))

    def _end(self, need: int) -> None:
        end_within(self.stream, self._tally, "block", self.stream.offset, need, self.stream.available)


def check_start(stream: Stream, path: str) -> None:
    """The first block, a section header, must be whole; CaptureError otherwise."""
    if not stream.fill(28):
        raise CaptureError(path, stream.available, f"the section header is cut short: {stream.available} of 28 octets")
    at = stream.at
    order = _ORDERS.get(stream.buffer[at + 8 : at + 12])
    if order is None:
        found = stream.buffer[at + 8 : at + 12].hex()
        raise CaptureError(path, 8, f"the section's byte-order magic is {found}, not 1a2b3c4d in either order")
    major, minor = Struct("<HH" if order == "little" else ">HH").unpack_from(stream.buffer, at + 12)
    if major != 1:
        raise CaptureError(path, 12, f"pcapng version {major}.{minor} is unknown; 1.x can be read")
    _check_whole(stream, path, order)


def _check_whole(stream: Stream, path: str, order: Order) -> None:
    length = int.from_bytes(stream.buffer[stream.at + 4 : stream.at + 8], order)
    if length < 28 or length & 3 or length > MAX_BLOCK_LENGTH:
        why = f"the section header's length is {length}, not a multiple of 4 from 28 to {MAX_BLOCK_LENGTH}"
        raise CaptureError(path, 4, why)
    if not stream.fill(length):
        have = stream.available
        raise CaptureError(path, have, f"the section header is cut short: {have} of {length} octets")
    after = int.from_bytes(stream.buffer[stream.at + length - 4 : stream.at + length], order)
    if after != length:
        raise CaptureError(path, length - 4, f"the section header's length is {length} before it, {after} after it")
