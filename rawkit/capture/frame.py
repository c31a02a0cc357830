"""One recorded frame, and the interface it was seen on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from rawkit.capture.linktypes import LinkType
from rawkit.capture.offload import Offload
from rawkit.capture.pcapng_values import Option, PacketFlags, values
from rawkit.errors import Defect

if TYPE_CHECKING:
    from rawkit.wire import Packet


@dataclass(frozen=True, eq=False)
class Interface:
    """Where frames were captured. pcap and snoop files have one, made from the file's header."""

    index: int
    """0-based, within its section."""
    linktype: LinkType
    snaplen: int = 0
    """The most octets kept of one frame; 0 when there is no limit."""
    ticks_per_second: int = 1_000_000
    """Resolution of the time stamps in the file."""
    offset_s: int = 0
    """Seconds added to each time stamp (pcapng's if_tsoffset)."""
    fcs_length: int | None = None
    """Octets of frame check sequence at the end of each frame; None when the file does not say."""
    byteorder: Literal["little", "big"] = "little"
    """Of the file or section: some link types carry words in the recording host's order."""
    section: int = 0
    """0-based; only pcapng files can have more than one."""
    options: tuple[Option, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str | None:
        """The system's name for it, such as eth0."""
        return self._text("if_name")

    @property
    def description(self) -> str | None:
        return self._text("if_description")

    def _text(self, name: str) -> str | None:
        return next((value for value in values(self.options, name) if isinstance(value, str)), None)

    @cached_property
    def header(self) -> Any:
        """What each frame starts with; None for raw octets."""
        return self.linktype.header

    def time_ns(self, ticks: int) -> int:
        """A time stamp of this interface in nanoseconds since 1970, rounded down where the file's ticks are finer."""
        return self.offset_s * 1_000_000_000 + ticks * 1_000_000_000 // self.ticks_per_second


_NOTHING: tuple[tuple[Option, ...], tuple[Defect, ...], Offload | None] = ((), (), None)


class Frame:
    """One frame as recorded. `packet` decodes it on first use; nothing else is computed before it is asked for.

    `_notes` and `_packet` stay unset until they hold something, so that a reader can make a plain frame by five stores.
    """

    __slots__ = ("_notes", "_packet", "interface", "number", "octets", "time_ns", "wire_length")

    number: int
    """Counts from 1."""
    time_ns: int | None
    """Since 1970-01-01 UTC; None when the file gives no time."""
    octets: bytes
    """What was captured of the frame."""
    wire_length: int
    """Before any cut."""
    interface: Interface

    def __init__(
        self,
        number: int,
        time_ns: int | None,
        octets: bytes,
        wire_length: int,
        interface: Interface,
        options: tuple[Option, ...] = (),
        defects: tuple[Defect, ...] = (),
        offload: Offload | None = None,
    ) -> None:
        self.number = number
        self.time_ns = time_ns
        self.octets = octets
        self.wire_length = wire_length
        self.interface = interface
        if options or defects or offload:
            self._notes = (options, defects, offload)

    @property
    def options(self) -> tuple[Option, ...]:
        """pcapng's, typed; in its words also the count of lost packets, which other formats have in a field."""
        return getattr(self, "_notes", _NOTHING)[0]

    @property
    def defects(self) -> tuple[Defect, ...]:
        """What is wrong with the record; the packet has its own."""
        return getattr(self, "_notes", _NOTHING)[1]

    @property
    def offload(self) -> Offload | None:
        """What the kernel still leaves to a network card, where a link told; no file format holds it."""
        return getattr(self, "_notes", _NOTHING)[2]

    @property
    def captured_length(self) -> int:
        return len(self.octets)

    @property
    def linktype(self) -> LinkType:
        return self.interface.linktype

    @property
    def flags(self) -> PacketFlags | None:
        """pcapng's link-layer flags word."""
        return next((value for value in values(self.options, "epb_flags") if isinstance(value, PacketFlags)), None)

    @property
    def direction(self) -> Literal["in", "out"] | None:
        """As the recording host saw it; None when the file does not say."""
        flags = self.flags
        return flags.direction if flags is not None else None

    @property
    def fcs_length(self) -> int | None:
        """Octets of frame check sequence at its end: of this frame, else of all of its interface; None: nobody says."""
        flags = self.flags
        return (flags.fcs_length if flags is not None else 0) or self.interface.fcs_length

    @property
    def comments(self) -> tuple[str, ...]:
        return tuple(value for value in values(self.options, "opt_comment") if isinstance(value, str))

    @property
    def comment(self) -> str | None:
        """All comments, a line each; None when there is none."""
        return "\n".join(self.comments) or None

    @property
    def packet(self) -> Packet:
        """The decoded frame. An unknown link type gives raw octets."""
        packet: Packet | None = getattr(self, "_packet", None)
        if packet is None:
            packet = self._packet = self._decode()
        return packet

    def _decode(self) -> Packet:
        from rawkit.wire import Packet

        wire_length = max(self.wire_length, len(self.octets))
        flags = self.flags
        state = "partial" if flags is not None and flags.checksum_not_ready else None
        return Packet.decode(self.octets, self.interface.header, wire_length=wire_length, checksum_state=state)

    def __repr__(self) -> str:
        return f"<Frame {self.number}: {self.captured_length} of {self.wire_length} octets, {self.linktype.name}>"
