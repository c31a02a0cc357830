"""snoop files (RFC 1761): big-endian throughout; each record says its own length, padding included."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from rawkit.capture.frame import Frame, Interface
from rawkit.capture.lengths import MAX_CAPTURED_LENGTH, end_within, judge, judge_fraction
from rawkit.capture.linktypes import SNOOP_BASE, LinkType
from rawkit.capture.pcapng_options import lost_packets
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
    lost_before = 0
    while True:
        offset = stream.offset
        if not stream.fill(_RECORD.size):
            end_within(stream, tally, "snoop record", offset, _RECORD.size, stream.available)
            return
        wire, captured, length, lost, seconds, fraction = _RECORD.unpack_from(stream.buffer, stream.at)
        if length < _RECORD.size + captured:
            why = "the record is too short for its packet; the file cannot be followed further"
            expected = f">= {_RECORD.size + captured}"
            tally.lose_the_rest(Defect("snoop record", "record_length", offset + 8, length, expected, why))
            return
        kept = min(captured, MAX_CAPTURED_LENGTH)
        octets = stream.take(_RECORD.size + kept)[_RECORD.size :]
        passed = stream.skip(length - _RECORD.size - len(octets))
        if (have := _RECORD.size + len(octets) + passed) < length:
            end_within(stream, tally, "snoop record", offset, length, have)
            return
        defects = tuple(map(tally.report, _judge(offset, wire, captured, fraction)))
        tally.flagged += bool(defects)
        tally.delivered += 1
        time_ns = interface.time_ns(seconds * 1_000_000 + fraction)
        options = lost_packets(lost - lost_before & 0xFFFFFFFF)  # the file counts them from its beginning on
        lost_before = lost
        yield Frame(tally.delivered, time_ns, octets, wire, interface, options, defects)


def _judge(offset: int, wire: int, captured: int, fraction: int) -> Iterator[Defect]:
    yield from judge("snoop record", offset + 4, captured, wire, 0, "file")
    yield from judge_fraction("snoop record", offset + 20, fraction, 1_000_000)
