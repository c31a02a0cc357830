"""Write pcap files: version 2.4, either byte order, microseconds or nanoseconds."""

from __future__ import annotations

from struct import Struct

from rawkit.capture.frame import Frame
from rawkit.capture.lengths import MAX_CAPTURED_LENGTH
from rawkit.capture.linktypes import ETHERNET, LinkType
from rawkit.capture.output import Output
from rawkit.capture.pcap import MICROSECONDS, NANOSECONDS
from rawkit.capture.pcapng_values import Order
from rawkit.capture.place import Target
from rawkit.capture.writer import Octets, Writer, octets_of, time_of, wire_length_of
from rawkit.errors import FieldError

_END_NS = (1 << 32) * 1_000_000_000


def holds_time(time_ns: int) -> bool:
    """Whether a record can say it: seconds since 1970 in 32 bits."""
    return 0 <= time_ns < _END_NS


def holds_fcs_length(octets: int | None) -> bool:
    """Whether the header can say it: in units of 16 bits, in four bits."""
    return octets is None or (octets % 2 == 0 and 0 <= octets <= 30)


class PcapWriter(Writer):
    """A pcap file being written; a context manager. One link type; no comments, names, directions or options.

    >>> import io, rawkit.capture
    >>> file = io.BytesIO()
    >>> with PcapWriter(file) as writer:
    ...     writer.write_octets(bytes(60), time_ns=1_700_000_000_123_456_789)
    >>> _ = file.seek(0)
    >>> [frame.time_ns for frame in rawkit.capture.read(file)]
    [1700000000123456789]
    """

    def __init__(
        self,
        target: Target,
        *,
        linktype: int = ETHERNET,
        nanoseconds: bool = True,
        snaplen: int = MAX_CAPTURED_LENGTH,
        byteorder: Order = "little",
        fcs_length: int | None = None,
        reserved: tuple[int, int] = (0, 0),
        live: bool = False,
        force: bool = False,
        compression: str | None = None,
    ) -> None:
        """`reserved`: the header's two fields that are to be 0. From `live` on, see `rawkit.capture.output.Output`."""
        if not 0 <= linktype <= 0xFFFF:
            raise FieldError(f"linktype: {int(linktype)}; a pcap file holds 0 to 65535")
        if not holds_fcs_length(fcs_length):
            raise FieldError(f"fcs_length: {fcs_length}; a pcap file holds even numbers up to 30")
        self.linktype, self.snaplen, self.fcs_length = linktype, snaplen, fcs_length
        """As the file's header says them."""
        self._tick = 1 if nanoseconds else 1_000
        mark = "<" if byteorder == "little" else ">"
        self._record = Struct(mark + "IIII")
        word = linktype if fcs_length is None else linktype | 0x04000000 | fcs_length // 2 << 28
        magic = NANOSECONDS if nanoseconds else MICROSECONDS
        self._output = Output(target, live=live, force=force, compression=compression)
        self._output.append(Struct(mark + "IHHIIII").pack(magic, 2, 4, *reserved, snaplen, word), packets=0)

    def write(self, frame: Frame) -> None:
        """A frame as it was read. One without a time is written with time 0, which is all a pcap file can say."""
        if frame.linktype != self.linktype:
            raise FieldError(
                f"linktype: frame {frame.number} is {frame.linktype.name}, and a pcap file holds one link type"
                f" ({LinkType(self.linktype).name} here); write pcapng"
            )
        self._write(octets_of(frame.octets), frame.time_ns or 0, frame.wire_length)

    def write_octets(self, octets: Octets, *, time_ns: int, wire_length: int | None = None) -> None:
        """One packet; `wire_length` is its length before any cut (default: it was not cut)."""
        octets = octets_of(octets)
        self._write(octets, time_of(time_ns), wire_length_of(octets, wire_length))

    def _write(self, octets: bytes, time_ns: int, wire: int) -> None:
        """A frame that was read may say it was shorter than it is: that is written as it was."""
        if not holds_time(time_ns):
            raise FieldError(f"time_ns: {time_ns}; a pcap file holds 1970 to 2106; write pcapng")
        seconds, fraction = divmod(time_ns, 1_000_000_000)
        self._output.append(self._record.pack(seconds, fraction // self._tick, len(octets), wire) + octets)
