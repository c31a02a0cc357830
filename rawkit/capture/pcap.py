"""pcap files: one header, then records of a time stamp, two lengths and the octets.

Format: draft-ietf-opsawg-pcap; what older writers did is told in libpcap's savefile reader. Until version 2.2 the two
lengths stood in the other order; files marked 2.3 exist in both orders, told apart record by record (a frame is never
captured longer than it was); DG/UX marked its files 543.0 and used the old order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import Literal

from rawkit.capture.frame import Frame, Interface
from rawkit.capture.lengths import MAX_CAPTURED_LENGTH, end_within, judge, judge_fraction
from rawkit.capture.linktypes import LinkType
from rawkit.capture.stream import Stream
from rawkit.capture.tally import Tally
from rawkit.errors import CaptureError, Defect

MICROSECONDS, NANOSECONDS, MODIFIED = 0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34
MAGICS = {
    magic.to_bytes(4, order): (magic, order)
    for magic in (MICROSECONDS, NANOSECONDS, MODIFIED)
    for order in ("little", "big")
}
_SIZE = 24
_OLD_ORDER = {(2, 0), (2, 1), (2, 2), (543, 0)}
_EITHER_ORDER = (2, 3)


@dataclass(frozen=True)
class PcapHeader:
    """What a pcap file says about itself."""

    magic: int
    """`MICROSECONDS`, `NANOSECONDS` or `MODIFIED`, as it reads in the file's own byte order."""
    byteorder: Literal["little", "big"]
    version: tuple[int, int]
    """Major and minor; 2.4 since 1998."""
    reserved: tuple[int, int]
    """To be 0 and ignored. Old writers said here how far their local time was from UTC, and how exact it was."""
    snaplen: int
    """The most octets kept of one frame, as the writer promised; 0 of writers that set no limit."""
    linktype: LinkType
    fcs_length: int | None
    """Octets, from the upper bits of the link type word; None when they do not say."""

    @property
    def ticks_per_second(self) -> int:
        return 1_000_000_000 if self.magic == NANOSECONDS else 1_000_000

    @property
    def record(self) -> Struct:
        """Seconds, fraction, captured and original length.

        The modified format adds an interface index, a protocol and a packet type: 8 octets with padding, not kept.
        """
        return Struct(("<" if self.byteorder == "little" else ">") + "IIII" + ("8x" if self.magic == MODIFIED else ""))


def read_header(stream: Stream, path: str, tally: Tally) -> PcapHeader:
    """The file's header; CaptureError where it is cut or of a version nobody knows."""
    octets = stream.take(_SIZE)
    if len(octets) < _SIZE:
        raise CaptureError(path, len(octets), f"the pcap header is cut short: {len(octets)} of {_SIZE} octets")
    magic, order = MAGICS[octets[:4]]
    byteorder: Literal["little", "big"] = "little" if order == "little" else "big"
    layout = Struct(("<" if byteorder == "little" else ">") + "4xHHIIII")
    major, minor, first, second, snaplen, word = layout.unpack(octets)
    version = (major, minor)
    if version not in _OLD_ORDER and version not in (_EITHER_ORDER, (2, 4)):
        raise CaptureError(path, 4, f"pcap version {major}.{minor} is unknown; 2.0 to 2.4 can be read")
    linktype, fcs_length = _split_linktype(word, tally)
    return PcapHeader(magic, byteorder, version, (first, second), snaplen, linktype, fcs_length)


def _split_linktype(word: int, tally: Tally) -> tuple[LinkType, int | None]:
    """Lower 16 bits: the link type; upper four: the FCS length in 16-bit units, valid when bit 26 is set."""
    if reserved := word & 0x0BFF0000:
        tally.report(Defect("pcap", "linktype", 20, hex(reserved), "0", "reserved bits are set; ignored"))
    return LinkType(word & 0xFFFF), (word >> 28) * 2 if word & 0x04000000 else None


def interface_of(header: PcapHeader) -> Interface:
    return Interface(
        index=0,
        linktype=header.linktype,
        snaplen=header.snaplen,
        ticks_per_second=header.ticks_per_second,
        fcs_length=header.fcs_length,
        byteorder=header.byteorder,
    )


def frames(stream: Stream, header: PcapHeader, interface: Interface, tally: Tally) -> Iterator[Frame]:
    """All records. The inner loop takes whole, plausible ones from the window; `_Records` does everything else."""
    records = _Records(stream, header, interface, tally)
    size, unpack = header.record.size, header.record.unpack_from
    per_second, tick = header.ticks_per_second, 1_000_000_000 // header.ticks_per_second
    limit = records.plain_limit
    # Measured: a blank frame and five stores take half the time of a call of Frame, a quarter of the whole.
    blank = object.__new__
    number, second, second_ns = 0, 0, 0
    while True:
        buffer, at = stream.buffer, stream.at
        end = len(buffer)
        last = end - size
        while at <= last:
            seconds, fraction, captured, wire = unpack(buffer, at)
            start = at + size
            stop = start + captured
            if captured > wire or captured > limit or stop > end or fraction >= per_second:
                break
            if seconds != second:
                second, second_ns = seconds, seconds * 1_000_000_000
            at = stop
            tally.delivered = number = number + 1
            frame = blank(Frame)
            frame.number = number
            frame.time_ns = second_ns + fraction * tick
            frame.octets = buffer[start:stop]
            frame.wire_length = wire
            frame.interface = interface
            yield frame
        stream.at = at
        odd = records.take(number + 1)
        if odd is None:
            return
        tally.delivered = number = number + 1
        yield odd


class _Records:
    """One record at a time, with every check: for the seams of the window and for whatever looks wrong."""

    def __init__(self, stream: Stream, header: PcapHeader, interface: Interface, tally: Tally) -> None:
        self._stream = stream
        self._header = header
        self._interface = interface
        self._tally = tally
        self._record = header.record

    @property
    def plain_limit(self) -> int:
        """Longest captured length that needs no second look; none passes where the lengths may be exchanged."""
        if self._header.version != (2, 4):
            return -1
        return min(self._header.snaplen or MAX_CAPTURED_LENGTH, MAX_CAPTURED_LENGTH)

    def take(self, number: int) -> Frame | None:
        """The next record; None at the end, or where the chain of records is lost."""
        stream, size = self._stream, self._record.size
        offset = stream.offset
        if not stream.fill(size):
            self._end(offset, size, stream.available)
            return None
        seconds, fraction, captured, wire = self._record.unpack_from(stream.buffer, stream.at)
        captured, wire = self._right_order(captured, wire)
        if captured > MAX_CAPTURED_LENGTH and captured > self._header.snaplen:
            why = "longer than a frame can be: the file is damaged here and cannot be followed further"
            lost = Defect("pcap record", "captured_length", offset + 8, captured, f"<= {self._bound}", why)
            self._tally.lose_the_rest(lost)
            return None
        kept = min(captured, MAX_CAPTURED_LENGTH)
        if not stream.fill(size + kept):
            self._end(offset, size + captured, stream.available)
            return None
        octets = stream.buffer[stream.at + size : stream.at + size + kept]
        stream.at += size + kept
        if (passed := stream.skip(captured - kept)) < captured - kept:
            self._end(offset, size + captured, size + kept + passed)
            return None
        defects = tuple(map(self._tally.report, self._judge(offset, fraction, captured, wire)))
        self._tally.flagged += bool(defects)
        ticks = seconds * self._header.ticks_per_second + fraction
        return Frame(number, self._interface.time_ns(ticks), octets, wire, self._interface, (), defects)

    @property
    def _bound(self) -> int:
        return max(self._header.snaplen, MAX_CAPTURED_LENGTH)

    def _right_order(self, captured: int, wire: int) -> tuple[int, int]:
        version = self._header.version
        exchanged = version in _OLD_ORDER or (version == _EITHER_ORDER and captured > wire)
        return (wire, captured) if exchanged else (captured, wire)

    def _judge(self, offset: int, fraction: int, captured: int, wire: int) -> Iterator[Defect]:
        yield from judge("pcap record", offset + 8, captured, wire, self._header.snaplen, "file")
        yield from judge_fraction("pcap record", offset + 4, fraction, self._header.ticks_per_second)

    def _end(self, offset: int, need: int, have: int) -> None:
        end_within(self._stream, self._tally, "pcap record", offset, need, have)
