"""Write every frame that passes a link to a capture file."""

from __future__ import annotations

from rawkit.capture.frame import Frame
from rawkit.capture.output import WriteError
from rawkit.capture.pcapng_options import PACKET, option
from rawkit.capture.pcapng_writer import PcapngWriter
from rawkit.capture.place import Target
from rawkit.link.link import Link
from rawkit.link.watch import Watched


class Recorded(Watched):
    """A pcapng file of what came and what was sent, each with its direction.

    The file stands under its name from the start and can be read up to its last whole packet at any moment (`live`),
    or appears when the link is closed. When it cannot be written any more, the WriteError comes from the call whose
    frame was to be written; that frame itself has passed.

    >>> import io, rawkit.capture
    >>> from rawkit.link import pipe
    >>> file = io.BytesIO()
    >>> left, right = pipe()
    >>> with Recorded(left, file) as recorded, right:
    ...     recorded.send(bytes(60))
    >>> [frame.direction for frame in rawkit.capture.read(io.BytesIO(file.getvalue()))]
    ['out']
    """

    def __init__(self, inner: Link, target: Target, *, live: bool = True, force: bool = False) -> None:
        self.writer = PcapngWriter(target, live=live, force=force)
        super().__init__(inner, self._write)
        self._closed = self._failed = False
        self.writer.describe(self._interface)

    def _write(self, frame: Frame) -> None:
        """The interface is the link's own, whatever name the frames had for it; what no file holds is said in words."""
        options = list(frame.options)
        if frame.offload is not None and frame.offload.segment_size:
            text = f"super-segment ({frame.offload.cut}): to be cut to {frame.offload.segment_size} octets of data each"
            options.append(option("opt_comment", text, PACKET))
        try:
            self.writer.write_octets(
                frame.octets,
                time_ns=frame.time_ns or 0,
                wire_length=frame.wire_length,
                interface=self.writer.interfaces[0],
                options=options,
            )
        except WriteError:
            self._failed = True
            raise

    def close(self) -> None:
        """The file ends with the link's counts: what came, and what of that was dropped and is not in it."""
        if self._closed:
            return
        self._closed = True
        try:
            super().close()
            if not self._failed:
                counts = self.statistics
                self.writer.write_statistics(
                    self.writer.interfaces[0],
                    time_ns=self.clock.time_ns(),
                    received=counts.received + counts.dropped,
                    dropped=counts.dropped,
                )
        finally:
            self.writer.close()
