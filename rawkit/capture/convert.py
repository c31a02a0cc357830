"""A capture in another format: everything the target can hold is kept, and what it cannot hold is named.

pcapng to pcapng copies the blocks as they stand, octet for octet, those that nobody here understands included.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rawkit.capture import compression
from rawkit.capture import pcapng_blocks as kinds
from rawkit.capture.frame import Frame, Interface
from rawkit.capture.lengths import MAX_CAPTURED_LENGTH
from rawkit.capture.linktypes import ETHERNET
from rawkit.capture.output import Output
from rawkit.capture.pcap import MODIFIED
from rawkit.capture.pcap_writer import PcapWriter
from rawkit.capture.pcapng_writer import PcapngWriter
from rawkit.capture.reader import Capture, read
from rawkit.capture.tally import Tally
from rawkit.errors import Defect, FieldError

FORMATS = {".pcap": "pcap", ".cap": "pcap", ".pcapng": "pcapng", ".ntar": "pcapng"}
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
_IN_BOTH_FORMATS = {kinds.NAMES[kind] for kind in (kinds.SECTION_HEADER, kinds.INTERFACE_DESCRIPTION, *kinds.PACKETS)}


@dataclass(frozen=True)
class Conversion:
    """What became of it: frames written, what the target could not hold (a sentence each), what was wrong before.

    `path` is the source's, for messages.
    """

    path: str
    format: str
    written: int
    dropped: tuple[str, ...]
    tally: Tally

    @property
    def defects(self) -> list[Defect]:
        return self.tally.defects


def convert(
    source: str | Path,
    target: str | Path,
    *,
    to: str | None = None,
    force: bool = False,
    max_ratio: int | None = compression.MAX_RATIO,
) -> Conversion:
    """Write `source` as `target`; "-" is standard input or output. `to` is "pcap" or "pcapng" (default: by the name).

    Of a damaged source all that could be read is written. Raises FieldError where the target's format cannot hold the
    packets themselves (several link types, a time out of range), FileExistsError without `force`: no target then.
    """
    format_, packed = _format_of(str(target), to)
    if format_ == "pcap":
        return _to_pcap(source, target, force, packed, max_ratio)
    return _to_pcapng(source, target, force, packed, max_ratio)


def _format_of(target: str, to: str | None) -> tuple[str, str | None]:
    """(format, compression) by the name's endings; `to` decides where it is given."""
    name = Path(target)
    packed = COMPRESSIONS.get(name.suffix.lower())
    suffix = (name.with_suffix("") if packed else name).suffix.lower()
    format_ = to or FORMATS.get(suffix)
    if format_ is None:
        raise FieldError(f"{str(target)!r} does not say the format: end it in .pcap or .pcapng, or use --to")
    if format_ not in FORMATS.values():
        raise FieldError(f"to: {format_!r} cannot be written; there are pcap and pcapng")
    return format_, packed


def _to_pcap(source: str | Path, target: str | Path, force: bool, packed: str | None, ratio: int | None) -> Conversion:
    lost: Counter[str] = Counter()
    with ExitStack() as stack:
        capture = stack.enter_context(read(source, max_ratio=ratio))
        writer: PcapWriter | None = None
        for frame in capture:
            if writer is None:
                writer = stack.enter_context(_pcap_writer(capture, frame.interface, target, force, packed))
            writer.write(frame)
            if frame.options or frame.time_ns is None:
                lost.update(_beyond_pcap(frame))
        if writer is None:
            interface = capture.interfaces[0] if capture.interfaces else None
            stack.enter_context(_pcap_writer(capture, interface, target, force, packed))
        lost.update(_notes_beyond_pcap(capture))
        return Conversion(capture.path, "pcap", capture.tally.delivered, _sentences(lost, "pcap"), capture.tally)


def _pcap_writer(
    capture: Capture, interface: Interface | None, target: str | Path, force: bool, packed: str | None
) -> PcapWriter:
    """As near to the source as the format allows: byte order, resolution, snaplen, FCS length."""
    return PcapWriter(
        target,
        linktype=interface.linktype if interface else ETHERNET,
        nanoseconds=capture.format == "pcapng" or bool(interface and interface.ticks_per_second > 1_000_000),
        snaplen=(interface.snaplen if capture.header and interface else 0) or MAX_CAPTURED_LENGTH,
        byteorder=interface.byteorder if interface else "little",
        fcs_length=interface.fcs_length if interface else None,
        force=force,
        compression=packed,
    )


def _beyond_pcap(frame: Frame) -> Counter[str]:
    """What of this frame a pcap file cannot hold."""
    names = Counter("comment" if option.name == "opt_comment" else "packet option" for option in frame.options)
    if frame.time_ns is None:
        names["missing time (written as 0)"] += 1
    return names


def _notes_beyond_pcap(capture: Capture) -> Counter[str]:
    notes = capture.notes
    lost = Counter({f"{name} block": count for name, count in notes.blocks.items() if name not in _IN_BOTH_FORMATS})
    lost["file comment"] += len(capture.comments)
    lost["section option"] += sum(len(section.options) for section in notes.sections) - len(capture.comments)
    lost["interface option"] += sum(
        sum(option.name not in ("if_tsresol", "if_tsoffset", "if_fcslen") for option in interface.options)
        for interface in notes.interfaces
    )
    lost["interface, all but the first,"] += max(len(notes.interfaces) - 1, 0)
    if capture.header is not None and capture.header.magic == MODIFIED:
        lost["record's interface index, protocol and packet type (modified pcap)"] += capture.tally.delivered
    return lost


def _to_pcapng(
    source: str | Path, target: str | Path, force: bool, packed: str | None, ratio: int | None
) -> Conversion:
    with ExitStack() as stack:
        copied: list[Output] = []

        def copy(octets: bytes, *, packets: int, whole: bool) -> None:
            copied[0].append(octets, packets=packets, whole=whole)

        capture = stack.enter_context(read(source, max_ratio=ratio, copy=copy))
        if capture.format == "pcapng":
            copied.append(stack.enter_context(Output(target, force=force, compression=packed)))
            for _frame in capture:
                pass
            return Conversion(capture.path, "pcapng", capture.tally.delivered, (), capture.tally)
        writer = stack.enter_context(PcapngWriter(target, force=force, compression=packed))
        for frame in capture:
            writer.write(frame)
        if not writer.interfaces:
            writer.add_interface(capture.interfaces[0].linktype, snaplen=capture.interfaces[0].snaplen)
        return Conversion(capture.path, "pcapng", capture.tally.delivered, (), capture.tally)


def _sentences(lost: Counter[str], format_: str) -> tuple[str, ...]:
    """For a person, one a line: how many of what were dropped."""
    return tuple(
        f"dropped, since {format_} cannot hold it: {count} x {what}" for what, count in lost.items() if count > 0
    )
