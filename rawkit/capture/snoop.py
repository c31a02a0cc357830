"""snoop files (RFC 1761): big-endian throughout; each record says its own length, padding included."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from rawkit.capture.frame import Frame, Interface
from rawkit.capture.linktypes import SNOOP_BASE, LinkType
from rawkit.capture.pcap import MAX_CAPTURED_LENGTH
from rawkit.capture.stream import Stream
from rawkit.capture.tally import Tally
from rawkit.errors import CaptureError, Defect

MAGIC = b"snoop\0\0\0"
_RECORD = Struct(">IIIIII")

# RFC 1761's data link types that the link type registry knows: IEEE 802.3, Token Ring, Ethernet, FDDI.
_LINKTYPES = {0: 1, 2: 6, 4: 1, 8: 10}


def read_header(stream: Stream, path: str) -> Interface:
    octets = stream.take(16)
    if len(octets) < 16:
        raise CaptureError(path, len(octets), f"the snoop header is cut short: {len(octets)} of 16 octets")
    version, datalink = Struct(">II").unpack_from(octets, 8)
    if version != 2:
        raise CaptureError(path, 8, f"snoop version {version} is unknown; 2 can be read")
    return Interface(index=0, linktype=LinkType(_LINKTYPES.get(datalink, SNOOP_BASE + datalink)), byteorder="big")


def frames(stream: Stream, interface: Interface, tally: Tally) -> Iterator[Frame]:
    """All records, until the source ends or the chain of record lengths is lost."""
    while True:
        offset = stream.offset
        if not stream.fill(_RECORD.size):
            _end(stream, tally, offset, _RECORD.size, stream.available)
            return
        wire, captured, length, _drops, seconds, fraction = _RECORD.unpack_from(stream.buffer, stream.at)
        if length < _RECORD.size + captured:
            why = "the record is too short for its packet; the file cannot be followed further"
            expected = f">= {_RECORD.size + captured}"
            tally.lose(Defect("snoop record", "record_length", offset + 8, length, expected, why))
            return
        kept = min(captured, MAX_CAPTURED_LENGTH)
        octets = stream.take(_RECORD.size + kept)[_RECORD.size :]
        passed = stream.skip(length - _RECORD.size - len(octets))
        if (have := _RECORD.size + len(octets) + passed) < length:
            _end(stream, tally, offset, length, have)
            return
        defects = tuple(tally.report(defect) for defect in _judge(offset, wire, captured, fraction))
        tally.flagged += bool(defects)
        tally.delivered += 1
        yield Frame(
            tally.delivered, interface.time_ns(seconds * 1_000_000 + fraction), octets, wire, interface, (), defects
        )


def _judge(offset: int, wire: int, captured: int, fraction: int) -> Iterator[Defect]:
    if captured > wire:
        why = "more octets captured than the frame had"
        yield Defect("snoop record", "captured_length", offset + 4, captured, f"<= {wire}", why)
    if captured > MAX_CAPTURED_LENGTH:
        why = "only the first octets were kept"
        yield Defect("snoop record", "captured_length", offset + 4, captured, f"<= {MAX_CAPTURED_LENGTH}", why)
    if fraction >= 1_000_000:
        why = "the fraction is a whole second or more"
        yield Defect("snoop record", "fraction", offset + 20, fraction, "< 1000000", why)


def _end(stream: Stream, tally: Tally, offset: int, need: int, have: int) -> None:
    """The source ended. A file that is being followed may simply not be written further yet."""
    if have and not stream.growing:
        why = stream.ended(offset + have)
        tally.lose(Defect("snoop record", "", offset, f"{have} octets", f"{need} octets", why))
