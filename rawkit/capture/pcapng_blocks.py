"""pcapng's outer form: a chain of blocks, each with its type, its length, a body, and its length again.

Nothing here knows what a block means, except that a section header decides the byte order of what follows. That is all
a lossless copy needs: `Block.octets` is the block as it stands in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from rawkit.capture.pcapng_options import Order
from rawkit.capture.stream import Stream
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
_ORDERS: dict[bytes, Order] = {
    BYTE_ORDER_MAGIC.to_bytes(4, "little"): "little",
    BYTE_ORDER_MAGIC.to_bytes(4, "big"): "big",
}
_HEADS = {"little": Struct("<II"), "big": Struct(">II")}
_TAILS = {"little": Struct("<I"), "big": Struct(">I")}

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

    @property
    def body(self) -> bytes:
        """Without type and lengths."""
        return self.octets[8:-4]

    def __repr__(self) -> str:
        return f"<Block {self.name}, {len(self.octets)} octets at offset {self.offset}>"


def blocks(stream: Stream, tally: Tally) -> Iterator[Block]:
    """All blocks, until the source ends or the chain of lengths is lost; the defect says where."""
    order: Order = "little"
    while True:
        if stream.available < 12 and not stream.fill(12):
            _end(stream, tally, 12)
            return
        buffer, at = stream.buffer, stream.at
        if buffer[at : at + 4] == b"\n\r\r\n":
            known = _ORDERS.get(buffer[at + 8 : at + 12])
            if known is None:
                why = "the section's byte-order magic is none"
                found = buffer[at + 8 : at + 12].hex()
                tally.lose(Defect("section header", "byte_order_magic", stream.offset + 8, found, "1a2b3c4d", why))
                return
            order = known
        kind, length = _HEADS[order].unpack_from(buffer, at)
        if length < 12 or length & 3:
            why = "no block has this length; the file cannot be followed further"
            tally.lose(Defect("block", "length", stream.offset + 4, length, "a multiple of 4, at least 12", why))
            return
        if length > MAX_BLOCK_LENGTH:
            if not _pass_over(stream, tally, length, order):
                return
            continue
        if stream.available < length and not stream.fill(length):
            _end(stream, tally, length)
            return
        at, stop = stream.at, stream.at + length
        octets = stream.buffer[at:stop]
        offset = stream.offset
        if octets[4:8] != octets[-4:]:
            _trailer_differs(tally, offset + length - 4, _TAILS[order].unpack(octets[-4:])[0], length)
            return
        stream.at = stop
        yield Block(kind, octets, offset, order)


def _pass_over(stream: Stream, tally: Tally, length: int, order: Order) -> bool:
    """A block too long to be held: check that it ends as it says, and count it; False where the chain is lost."""
    offset = stream.offset
    passed = stream.skip(length - 4)
    tail = stream.take(4)
    if passed + len(tail) < length:
        why = f"cut short at offset {offset + passed + len(tail)}"
        tally.lose(Defect("block", "", offset, f"{passed + len(tail)} octets", f"{length} octets", why))
        return False
    if (trailer := _TAILS[order].unpack(tail)[0]) != length:
        _trailer_differs(tally, offset + length - 4, trailer, length)
        return False
    tally.skipped += 1
    tally.report(Defect("block", "length", offset + 4, length, f"<= {MAX_BLOCK_LENGTH}", "too long; passed over"))
    return True


def _trailer_differs(tally: Tally, offset: int, found: int, length: int) -> None:
    why = "the length after the block is not the length before it; the file cannot be followed further"
    tally.lose(Defect("block", "length", offset, found, length, why))


def _end(stream: Stream, tally: Tally, need: int) -> None:
    """The source ended. A file that is being followed may simply not be written further yet."""
    have = stream.available
    if have and not stream.growing:
        why = f"cut short at offset {stream.offset + have}"
        tally.lose(Defect("block", "", stream.offset, f"{have} octets", f"{need} octets", why))


def check_start(stream: Stream, path: str) -> None:
    """The first section header must be whole; CaptureError otherwise."""
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
