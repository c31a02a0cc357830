"""What a capture holds and another format cannot: counted by name, so that a person can be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rawkit.capture import pcapng_blocks as kinds
from rawkit.capture.frame import Frame, Interface
from rawkit.capture.pcap import MODIFIED
from rawkit.capture.pcap_writer import PcapWriter
from rawkit.capture.pcapng_notes import Notes
from rawkit.capture.reader import Capture

_IN_BOTH_FORMATS = {kinds.NAMES[kind] for kind in (kinds.SECTION_HEADER, kinds.INTERFACE_DESCRIPTION, *kinds.PACKETS)}
_IN_PCAPS_HEADER = ("if_tsresol", "if_tsoffset", "if_fcslen")
_OPTIONS = {"opt_comment": "comment", "epb_dropcount": "count of packets lost before one"}


class Losses:
    """How many of what the target format could not hold."""

    def __init__(self, format_: str) -> None:
        self._format = format_
        self._counts: Counter[str] = Counter()

    def sentences(self) -> tuple[str, ...]:
        """For a person, one a line."""
        return tuple(
            f"dropped, since {self._format} cannot hold it: {count} x {what}"
            for what, count in self._counts.items()
            if count > 0
        )

    def of_frame(self, frame: Frame) -> None:
        """Beyond what a pcap record holds."""
        if frame.options:
            self._counts.update(_OPTIONS.get(option.name, "packet option") for option in frame.options)
        if frame.time_ns is None:
            self._counts["missing time (written as 0)"] += 1

    def of_capture(self, capture: Capture, written: PcapWriter, left_out: int) -> None:
        """Beyond what a pcap file holds, where so many packets were left out."""
        self._counts["packet of a time before 1970 or after 2106"] += left_out
        self._of_notes(capture.notes, len(capture.comments), written)
        self._of_modified(capture)

    def of_pcap_header(self, capture: Capture) -> None:
        """Beyond what a pcapng file holds, of a pcap file."""
        self._of_modified(capture)
        if capture.header is not None and any(capture.header.reserved):
            self._counts["time zone or accuracy in the file's header"] += 1

    def _of_modified(self, capture: Capture) -> None:
        if capture.header is not None and capture.header.magic == MODIFIED:
            what = "record's interface index, protocol and packet type (modified pcap)"
            self._counts[what] += capture.tally.delivered

    def _of_notes(self, notes: Notes, comments: int, written: PcapWriter) -> None:
        self._counts.update({f"{name} block": n for name, n in notes.blocks.items() if name not in _IN_BOTH_FORMATS})
        self._counts["file comment"] += comments
        self._counts["section option"] += sum(len(section.options) for section in notes.sections) - comments
        self._counts["interface, all but the first,"] += max(len(notes.interfaces) - 1, 0)
        for interface in notes.interfaces:
            self._counts.update(_beyond_header(interface, written))


def _beyond_header(interface: Interface, written: PcapWriter) -> Iterator[str]:
    for option in interface.options:
        if option.name not in _IN_PCAPS_HEADER:
            yield "interface option"
    if interface.snaplen not in (0, written.snaplen):
        yield "interface's snaplen"
    if interface.fcs_length not in (None, written.fcs_length):
        yield f"interface's frame check sequence length of {interface.fcs_length}"
    if 1_000_000_000 % interface.ticks_per_second:
        yield "interface's resolution (its times are rounded down to nanoseconds)"
