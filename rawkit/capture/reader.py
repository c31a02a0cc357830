"""Open a capture, whatever its format, and go through its frames."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import BinaryIO, NoReturn, Self

from rawkit.capture import compression, pcap, pcapng, pcapng_blocks, snoop
from rawkit.capture.frame import Frame, Interface
from rawkit.capture.pcapng_blocks import Copy
from rawkit.capture.pcapng_notes import Notes
from rawkit.capture.pcapng_values import values
from rawkit.capture.source import Source, open_source, poll
from rawkit.capture.tally import Tally
from rawkit.errors import CaptureError, Defect


def read(
    source: Source,
    *,
    follow: bool = False,
    strict: bool = False,
    wait: Callable[[], bool] = poll,
    max_ratio: int | None = compression.MAX_RATIO,
    copy: Copy | None = None,
) -> Capture:
    """Open a capture file; iterate over the result for its frames.

    `source` is a path, `captures:tcp/echo` (see `rawkit.bundled`), "-" for standard input, or an open binary file. The
    format (pcap, pcapng, snoop; plain, gzip or zstd) is told by the content. `max_ratio` bounds how far a compressed
    file may expand; None: any. With `follow`, frames keep coming while the file grows, compressed or not: at its end
    `wait` is called, and returns true to look again, false to stop. A file that is cut, removed or replaced while it is
    followed ends there, with a defect. `copy` takes each pcapng block as it stands in the file, before its frame comes
    (see `pcapng_blocks.Copy`).

    What is wrong in the file ends up in `capture.defects`, or is raised at once when `strict`. A file that is no
    capture at all raises CaptureError here; one that is not there raises OSError, as `open` does.
    """
    file, path, ours = open_source(source)
    try:
        return Capture(
            file, path, close=ours, strict=strict, wait=wait if follow else None, max_ratio=max_ratio, copy=copy
        )
    except BaseException:
        if ours:
            file.close()
        raise


class Capture:
    """An open capture file: goes through its frames once, keeping none.

    Counts (`read` = `good` + `damaged` + `skipped`) and `defects` are those of the frames gone through so far.
    """

    def __init__(
        self,
        file: BinaryIO,
        path: str,
        *,
        close: bool,
        strict: bool,
        wait: Callable[[], bool] | None,
        max_ratio: int | None,
        copy: Copy | None,
    ) -> None:
        self.path = path
        """The file's name, for messages."""
        self._file = file
        self._close = close
        self._copy = copy
        self.tally = Tally(strict)
        """The counts and the defects, which the properties below give one by one."""
        self.notes = Notes()
        """What stands beside the packets; of other formats than pcapng just the one interface."""
        self.compression, self.stream = compression.open_stream(file, path, self.tally, wait, max_ratio)
        """How the file is compressed (None, "gzip" or "zstd"), and its octets unpacked: `stream.offset` were used."""
        self.header: pcap.PcapHeader | None = None
        """Of a pcap file what its header says; None of other formats."""
        try:
            self.format = self._detect()
            """"pcap", "pcapng" or "snoop", as the content tells."""
            self._frames = {"pcap": self._pcap, "pcapng": self._pcapng, "snoop": self._snoop}[self.format]()
        except CaptureError as refused:
            self._refuse(refused)

    def _detect(self) -> str:
        self.stream.fill(8)
        start = self.stream.buffer[self.stream.at : self.stream.at + 8]
        if start[:4] in pcap.MAGICS:
            return "pcap"
        if start[:4] == b"\n\r\r\n":
            return "pcapng"
        if start == snoop.MAGIC:
            return "snoop"
        why = f"starts with {start[:4].hex()}: not a pcap, pcapng or snoop file (editcap converts others)"
        raise CaptureError(self.path, 0, why if start else "the file is empty")

    def _refuse(self, refused: CaptureError) -> NoReturn:
        """Where the unpacking failed before there was a header, that is what is wrong."""
        for wrong in self.tally.defects:
            why = f"{wrong.layer}: {wrong.why} (found {wrong.found}, expected {wrong.expected})"
            raise CaptureError(self.path, wrong.offset, why) from None
        raise refused

    def _pcap(self) -> Iterator[Frame]:
        self.header = pcap.read_header(self.stream, self.path, self.tally)
        interface = pcap.interface_of(self.header)
        self.notes.interfaces.append(interface)
        return pcap.frames(self.stream, self.header, interface, self.tally)

    def _snoop(self) -> Iterator[Frame]:
        interface = snoop.read_header(self.stream, self.path)
        self.notes.interfaces.append(interface)
        return snoop.frames(self.stream, interface, self.tally)

    def _pcapng(self) -> Iterator[Frame]:
        pcapng_blocks.check_start(self.stream, self.path)
        chain = pcapng_blocks.Chain(self.stream, self.tally, self._copy)
        return pcapng.PcapngReader(chain, self.tally, self.notes).frames()

    @property
    def interfaces(self) -> list[Interface]:
        """Those met so far, over all sections."""
        return self.notes.interfaces

    @property
    def comments(self) -> tuple[str, ...]:
        """Of the file itself: its section headers' comments."""
        found = (values(section.options, "opt_comment") for section in self.notes.sections)
        return tuple(value for texts in found for value in texts if isinstance(value, str))

    @property
    def defects(self) -> list[Defect]:
        """The first ones (see `tally.MAX_KEPT_DEFECTS`), frames' own included, and what ended the file too early."""
        return self.tally.defects

    @property
    def read(self) -> int:
        """Records met: frames, lost records, and blocks that nobody here understands."""
        return self.tally.read

    @property
    def good(self) -> int:
        """Frames delivered without a defect."""
        return self.tally.good

    @property
    def damaged(self) -> int:
        """Records with a defect, whether delivered (`frame.defects`) or lost."""
        return self.tally.damaged

    @property
    def skipped(self) -> int:
        """Blocks of an unknown or custom kind."""
        return self.tally.skipped

    def is_read_from(self, path: str) -> bool:
        """Whether the file of that name is the one that it reads, under whatever name that was opened."""
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), os.stat(path))  # noqa: PTH116
        except (OSError, ValueError, AttributeError):  # no file of the system's, or none of that name
            return False

    def __iter__(self) -> Iterator[Frame]:
        return self._frames

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, if it was opened here. A caller's file and standard input stay open."""
        if self._close:
            self._file.close()

    def __repr__(self) -> str:
        return f"<Capture {self.path}: {self.format}, {self.tally}>"
