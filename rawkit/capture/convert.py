"""A capture in another format: everything the target can hold is kept, and what it cannot hold is named.

pcapng to pcapng copies the blocks as they stand, octet for octet, those that nobody here understands included.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from rawkit.capture import compression
from rawkit.capture.frame import Frame
from rawkit.capture.losses import Losses
from rawkit.capture.output import Output
from rawkit.capture.pcap_fitting import can_be_read_again, fit
from rawkit.capture.pcap_writer import PcapWriter, holds_time
from rawkit.capture.pcapng_writer import PcapngWriter
from rawkit.capture.reader import read
from rawkit.capture.tally import Tally
from rawkit.errors import Defect, FieldError

FORMATS = {".pcap": "pcap", ".cap": "pcap", ".pcapng": "pcapng", ".ntar": "pcapng"}
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}


Keep = Callable[[Frame], bool]


def whatever(frame: Frame) -> bool:
    """Keeps every frame."""
    return True


@dataclass(frozen=True)
class Conversion:
    """What became of it: frames written and left out, what the target could not hold (a sentence each), what was wrong.

    `path` is the source's, for messages.
    """

    path: str
    format: str
    written: int
    dropped: tuple[str, ...]
    tally: Tally
    left_out: int = 0

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
    keep: Keep = whatever,
) -> Conversion:
    """Write `source` as `target`; "-" is standard input or output. `to` is "pcap" or "pcapng" (default: by the name).

    Of a damaged source all that could be read is written. A packet whose time the target's format cannot hold is left
    out, and counted. Raises FieldError where one file cannot hold the packets at all (several link types, to pcap) and
    FileExistsError without `force`: no target then. Only the packets for which `keep` is true are written.
    """
    format_, packed = _format_of(str(target), to)
    if format_ == "pcap":
        return _to_pcap(source, target, force, packed, max_ratio, keep)
    return _to_pcapng(source, target, force, packed, max_ratio, keep)


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


def _to_pcap(
    source: str | Path, target: str | Path, force: bool, packed: str | None, ratio: int | None, keep: Keep
) -> Conversion:
    losses, written, unwanted = Losses("pcap"), 0, 0
    with ExitStack() as stack:
        capture = stack.enter_context(read(source, max_ratio=ratio))
        first = next(iter(capture), None)
        interface = first.interface if first else next(iter(capture.interfaces), None)
        again = (lambda: read(source, max_ratio=ratio)) if can_be_read_again(source) else None
        header = fit(capture, interface, again)
        writer = PcapWriter(
            target,
            linktype=header.linktype,
            nanoseconds=header.nanoseconds,
            snaplen=header.snaplen,
            byteorder=header.byteorder,
            fcs_length=header.fcs_length,
            reserved=header.reserved,
            force=force,
            compression=packed,
        )
        stack.enter_context(writer)
        for frame in chain([first] if first else [], capture):
            if not keep(frame):
                unwanted += 1
                continue
            if frame.linktype == writer.linktype and not holds_time(frame.time_ns or 0):
                continue
            try:
                writer.write(frame)
            except FieldError as wrong:
                raise FieldError(f"{capture.path!r}: {wrong}") from None
            written += 1
            losses.of_frame(frame)
        left_out = capture.tally.delivered - written - unwanted
        losses.of_capture(capture, writer, left_out)
        return Conversion(capture.path, "pcap", written, losses.sentences(), capture.tally, left_out)


def _to_pcapng(
    source: str | Path, target: str | Path, force: bool, packed: str | None, ratio: int | None, keep: Keep
) -> Conversion:
    with ExitStack() as stack:
        copied: list[Output] = []
        held: list[bytes] = []

        def copy(octets: bytes, *, packets: int, whole: bool) -> None:
            if packets:  # its frame comes next, if it comes
                held[:] = [octets]
            else:
                copied[0].append(octets, packets=packets, whole=whole)

        capture = stack.enter_context(read(source, max_ratio=ratio, copy=copy))
        losses, written = Losses("pcapng"), 0
        if capture.format == "pcapng":
            copied.append(stack.enter_context(Output(target, force=force, compression=packed)))
            for frame in capture:
                if keep(frame):
                    copied[0].append(held[0], packets=1, whole=True)
                    written += 1
        else:
            (interface,) = capture.interfaces
            # Some link types hold words in the recording host's byte order, which is that of the file.
            writer = PcapngWriter(target, byteorder=interface.byteorder, force=force, compression=packed)
            stack.enter_context(writer)
            for frame in filter(keep, capture):
                writer.write(frame)
                written += 1
            if not writer.interfaces:
                writer.describe(interface)
            losses.of_pcap_header(capture)
        return Conversion(capture.path, "pcapng", written, losses.sentences(), capture.tally)
