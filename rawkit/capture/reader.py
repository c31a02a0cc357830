"""Open a capture, whatever its format, and go through its frames."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from errno import EBADF
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from rawkit.capture import compression, pcap, pcapng, pcapng_blocks, snoop
from rawkit.capture.frame import Frame, Interface
from rawkit.capture.pcapng_blocks import Block
from rawkit.capture.pcapng_notes import Notes
from rawkit.capture.pcapng_values import values
from rawkit.capture.tally import Tally
from rawkit.errors import CaptureError, Defect

FOLLOW_INTERVAL_S = 0.1
"""Pause between two looks at a file that still grows."""

Source = str | Path | BinaryIO


def poll() -> bool:
    """The default way to wait for a file to grow: a short pause, without end."""
    time.sleep(FOLLOW_INTERVAL_S)
    return True


def read(
    source: Source,
    *,
    follow: bool = False,
    strict: bool = False,
    wait: Callable[[], bool] = poll,
    max_ratio: int | None = compression.MAX_RATIO,
    on_block: Callable[[Block], None] | None = None,
) -> Capture:
    """Open a capture file; iterate over the result for its frames.

    `source` is a path, "-" for standard input, or an open binary file. The format (pcap, pcapng, snoop; plain, gzip or
    zstd) is told by the content. With `follow`, frames keep coming while the file grows: at its end `wait` is called,
    and returns true to look again, false to stop. `max_ratio` bounds how far a compressed file may expand; None: any.
    `on_block` is called with each pcapng block as it stands in the file, before its frame comes.

    What is wrong in the file ends up in `capture.defects`, or is raised at once when `strict`. A file that is no
    capture at all raises CaptureError here; one that is not there raises OSError, as `open` does.
    """
    file, path, ours = _open(source)
    try:
        return Capture(
            file, path, close=ours, strict=strict, wait=wait if follow else None, max_ratio=max_ratio, on_block=on_block
        )
    except BaseException:
        if ours:
            file.close()
        raise


def _open(source: Source) -> tuple[BinaryIO, str, bool]:
    """The file, a name for messages, and whether it is ours to close."""
    if isinstance(source, str | Path):
        if str(source) == "-":
            if sys.stdin is None:
                raise OSError(EBADF, "it is closed", "standard input")
            return sys.stdin.buffer, "standard input", False
        return Path(source).open("rb", buffering=0), str(source), True
    return source, str(getattr(source, "name", "capture")), False


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
        on_block: Callable[[Block], None] | None,
    ) -> None:
        self.path = path
        self._file = file
        self._close = close
        self._on_block = on_block
        self.tally = Tally(strict)
        self.notes = Notes()
        self.compression, self.stream = compression.open_stream(file, path, self.tally, wait, max_ratio)
        self.format = self._detect()
        self.header: pcap.PcapHeader | None = None
        self._frames = {"pcap": self._pcap, "pcapng": self._pcapng, "snoop": self._snoop}[self.format]()

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
        chain = pcapng_blocks.Chain(self.stream, self.tally)
        return pcapng.PcapngReader(chain, self.tally, self.notes, self._on_block).frames()

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
        """The first ones (see `tally.MAX_KEPT_DEFECTS`), frames' own included."""
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
