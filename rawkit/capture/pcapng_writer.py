"""Write pcapng files: one section, nanoseconds, as many interfaces as needed, comments and options."""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct
from typing import Literal

from rawkit.capture import pcapng_blocks as kinds
from rawkit.capture import pcapng_options as tables
from rawkit.capture.frame import Frame, Interface
from rawkit.capture.linktypes import ETHERNET, LinkType
from rawkit.capture.output import Output
from rawkit.capture.pcapng_options import encode_options, option, padded
from rawkit.capture.pcapng_values import Option, Order, PacketFlags
from rawkit.capture.place import Target
from rawkit.capture.writer import Octets, Writer, octets_of, time_of, wire_length_of
from rawkit.errors import FieldError

_MAX_TICKS = (1 << 64) - 1
_NANOSECONDS = 9


class PcapngWriter(Writer):
    """A pcapng file being written; a context manager.

    >>> import io, rawkit.capture
    >>> file = io.BytesIO()
    >>> with PcapngWriter(file) as writer:
    ...     lo = writer.add_interface(name="lo")
    ...     writer.write_octets(bytes(60), time_ns=5, interface=lo, comment="the first")
    >>> _ = file.seek(0)
    >>> [(frame.interface.name, frame.comment) for frame in rawkit.capture.read(file)]
    [('lo', 'the first')]
    """

    def __init__(
        self,
        target: Target,
        *,
        comment: str | None = None,
        options: Iterable[Option] = (),
        byteorder: Order = "little",
        live: bool = False,
        force: bool = False,
        compression: str | None = None,
    ) -> None:
        """`options` are the section header's; from `live` on, see `rawkit.capture.output.Output`."""
        self.byteorder = byteorder
        self._mark = "<" if byteorder == "little" else ">"
        self._packet = Struct(self._mark + "IIIIIII")
        self.interfaces: list[Interface] = []
        self._known: dict[Interface, Interface] = {}
        said = [*options, *([option("opt_comment", comment, tables.SECTION)] if comment is not None else [])]
        section = Struct(self._mark + "IHHq").pack(kinds.BYTE_ORDER_MAGIC, 1, 0, -1)
        section += encode_options(said, byteorder, tables.SECTION)
        self._output = Output(target, live=live, force=force, compression=compression)
        self._output.append(self._block(kinds.SECTION_HEADER, section), packets=0)

    def add_interface(
        self,
        linktype: int = ETHERNET,
        *,
        name: str | None = None,
        description: str | None = None,
        snaplen: int = 0,
        options: Iterable[Option] = (),
        resolution: int = _NANOSECONDS,
    ) -> Interface:
        """Describe an interface; the result is what `write_octets` takes. Time stamps count 10**-resolution seconds."""
        if not 0 <= linktype <= 0xFFFF:
            raise FieldError(f"linktype: {int(linktype)}; a pcapng file holds 0 to 65535")
        if not 0 <= resolution <= _NANOSECONDS:
            raise FieldError(f"resolution: {resolution}; whole powers of ten from 0 to 9")
        said = [entry for entry in options if entry.name not in ("if_tsresol", "if_tsoffset")]
        said += [option("if_name", name, tables.INTERFACE)] if name is not None else []
        said += [option("if_description", description, tables.INTERFACE)] if description is not None else []
        said.append(option("if_tsresol", resolution, tables.INTERFACE))
        body = Struct(self._mark + "HHI").pack(linktype, 0, snaplen) + encode_options(
            said, self.byteorder, tables.INTERFACE
        )
        self._output.append(self._block(kinds.INTERFACE_DESCRIPTION, body), packets=0)
        interface = Interface(
            index=len(self.interfaces),
            linktype=LinkType(linktype),
            snaplen=snaplen,
            ticks_per_second=10**resolution,
            byteorder=self.byteorder,
            options=tuple(said),
        )
        self.interfaces.append(interface)
        return interface

    def write(self, frame: Frame) -> None:
        """A frame as it was read, with its options; its interface is described when it first appears."""
        octets = octets_of(frame.octets)
        interface = self._known.get(frame.interface)
        if interface is None:
            interface = self._known[frame.interface] = self.describe(frame.interface)
        if frame.time_ns is None and not frame.options and interface.index == 0:
            self._write_simple(frame)
            return
        self._write(octets, frame.time_ns or 0, frame.wire_length, interface, frame.options)

    def write_octets(
        self,
        octets: Octets,
        *,
        time_ns: int,
        wire_length: int | None = None,
        interface: Interface | None = None,
        comment: str | None = None,
        direction: Literal["in", "out"] | None = None,
        options: Iterable[Option] = (),
    ) -> None:
        """One packet; `wire_length` is its length before any cut (default: it was not cut).

        Without an interface, one of Ethernet is described and used.
        """
        octets = octets_of(octets)
        time_ns = time_of(time_ns)
        wire = wire_length_of(octets, wire_length)
        if interface is None:
            interface = self.interfaces[0] if self.interfaces else self.add_interface()
        elif interface not in self.interfaces:
            raise FieldError("interface: not one of this writer; use what add_interface() returned")
        said = list(options)
        if comment is not None:
            said.append(option("opt_comment", comment, tables.PACKET))
        if direction is not None:
            said.append(option("epb_flags", PacketFlags(1 if direction == "in" else 2), tables.PACKET))
        self._write(octets, time_ns, wire, interface, said)

    def write_statistics(
        self, interface: Interface, *, time_ns: int, received: int, dropped: int, options: Iterable[Option] = ()
    ) -> None:
        """What was counted on an interface up to now: frames that came, and how many of them the system threw away."""
        ticks = self._ticks(time_ns, interface)
        said = [*options, option("isb_ifrecv", received, tables.STATISTICS)]
        said.append(option("isb_osdrop", dropped, tables.STATISTICS))
        body = Struct(self._mark + "III").pack(interface.index, ticks >> 32, ticks & 0xFFFFFFFF)
        body += encode_options(said, self.byteorder, tables.STATISTICS)
        self._output.append(self._block(kinds.INTERFACE_STATISTICS, body), packets=0)

    def _ticks(self, time_ns: int, interface: Interface) -> int:
        ticks = time_ns * interface.ticks_per_second // 1_000_000_000
        if not 0 <= ticks <= _MAX_TICKS:
            raise FieldError(f"time_ns: {time_ns}; a pcapng file holds 0 to {_MAX_TICKS} units of its resolution")
        return ticks

    def describe(self, original: Interface) -> Interface:
        """The same interface in this file. Time stamps keep their resolution where it is a power of ten that fits."""
        powers = {10**power: power for power in range(_NANOSECONDS + 1)}
        options = list(original.options)
        if original.fcs_length is not None and not any(entry.name == "if_fcslen" for entry in options):
            options.append(option("if_fcslen", original.fcs_length, tables.INTERFACE))
        return self.add_interface(
            original.linktype,
            snaplen=original.snaplen,
            options=options,
            resolution=powers.get(original.ticks_per_second, _NANOSECONDS),
        )

    def _write(self, octets: bytes, time_ns: int, wire: int, interface: Interface, options: Iterable[Option]) -> None:
        ticks = self._ticks(time_ns, interface)
        said = encode_options(options, self.byteorder, tables.PACKET)
        captured = len(octets)
        room = padded(captured)
        length = 32 + room + len(said)
        head = self._packet.pack(
            kinds.ENHANCED_PACKET, length, interface.index, ticks >> 32, ticks & 0xFFFFFFFF, captured, wire
        )
        self._output.append(b"".join((head, octets, bytes(room - captured), said, length.to_bytes(4, self.byteorder))))

    def _write_simple(self, frame: Frame) -> None:
        room = padded(len(frame.octets))
        body = frame.wire_length.to_bytes(4, self.byteorder) + frame.octets.ljust(room, b"\0")
        self._output.append(self._block(kinds.SIMPLE_PACKET, body))

    def _block(self, kind: int, body: bytes) -> bytes:
        length = (len(body) + 12).to_bytes(4, self.byteorder)
        return kind.to_bytes(4, self.byteorder) + length + body + length
