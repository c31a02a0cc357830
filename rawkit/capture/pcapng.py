"""pcapng files: what the blocks mean. Layouts are those of draft-ietf-opsawg-pcapng, section 4, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv6Address
from struct import Struct

from rawkit.capture import pcapng_blocks as kinds
from rawkit.capture import pcapng_options as tables
from rawkit.capture.frame import Frame, Interface
from rawkit.capture.lengths import MAX_CAPTURED_LENGTH, judge
from rawkit.capture.linktypes import LinkType
from rawkit.capture.pcapng_blocks import Block, Chain
from rawkit.capture.pcapng_notes import MAX_KEPT_NOTES, Notes, Secrets, Section, Statistics
from rawkit.capture.pcapng_options import Table, decode_options, padded
from rawkit.capture.pcapng_values import Option, Order, values
from rawkit.capture.tally import Tally
from rawkit.errors import Defect


class _Contradiction(Exception):
    """A block that cannot be understood; becomes a Defect with the block's place."""

    def __init__(self, field: str, at: int, found: object, expected: object, why: str) -> None:
        super().__init__(field, at, found, expected, why)


class PcapngReader:
    """Gives the frames of a chain of blocks, and fills `notes` on the way."""

    def __init__(self, chain: Chain, tally: Tally, notes: Notes) -> None:
        self._chain = chain
        self._tally = tally
        self._notes = notes
        self._interfaces: list[Interface] = []
        self._clocks: list[tuple[Interface, int, int, int]] = []
        self._handlers: dict[int, Callable[[Block], Frame | None]] = {
            kinds.SECTION_HEADER: self._section,
            kinds.INTERFACE_DESCRIPTION: self._interface,
            kinds.OBSOLETE_PACKET: self._obsolete,
            kinds.SIMPLE_PACKET: self._simple,
            kinds.NAME_RESOLUTION: self._names,
            kinds.INTERFACE_STATISTICS: self._statistics,
            kinds.ENHANCED_PACKET: self._enhanced,
            kinds.SYSTEMD_JOURNAL: self._ignored,
            kinds.DECRYPTION_SECRETS: self._secrets,
        }

    def frames(self) -> Iterator[Frame]:
        while True:
            if not self._chain.copies:
                yield from self._plain()
            block = self._chain.take()
            if block is None:
                return
            frame = self._understand(block)
            if frame is not None:
                self._tally.delivered += 1
                yield frame

    def _plain(self) -> Iterator[Frame]:
        """Enhanced packets without options that lie whole in the window, up to the first block that is another."""
        stream, tally, order = self._chain.stream, self._tally, self._chain.byteorder
        unpack = _STRUCTS[order, "IIIIIII"].unpack_from
        clocks, known, enhanced = self._clocks, len(self._clocks), kinds.ENHANCED_PACKET
        buffer, at, count = stream.buffer, stream.at, 0
        end = len(buffer)
        last = end - 32
        number = tally.delivered
        try:
            while at <= last:
                kind, length, index, high, low, captured, wire = unpack(buffer, at)
                if kind != enhanced or length != (captured + 35 & -4) or captured > wire or index >= known:
                    return
                interface, tick, offset_ns, limit = clocks[index]
                stop = at + length
                if stop > end or captured > limit or buffer[stop - 4 : stop] != buffer[at + 4 : at + 8]:
                    return
                octets = buffer[at + 28 : at + 28 + captured]
                stream.at = at = stop
                tally.delivered = number = number + 1
                count += 1
                yield Frame(number, offset_ns + (high << 32 | low) * tick, octets, wire, interface)
        finally:
            if count:
                self._notes.blocks[kinds.NAMES[kinds.ENHANCED_PACKET]] += count

    def _understand(self, block: Block) -> Frame | None:
        handler = self._handlers.get(block.kind)
        self._notes.count(block.name, known=block.kind in kinds.NAMES)
        if handler is None:
            self._tally.skipped += 1
            return None
        if block.kind not in kinds.PACKETS:
            self._notes.charge(len(block.octets))
        try:
            return handler(block)
        except _Contradiction as wrong:
            name, at, found, expected, why = wrong.args
            self._tally.lose(Defect(block.name, name, block.offset + at, found, expected, why))
            return None

    # --- what describes -------------------------------------------------------------------------------------------

    def _section(self, block: Block) -> None:
        _, major, minor, length = _unpack(block, "IHHq")
        self._interfaces, self._clocks = [], []
        if major != 1:
            raise _Contradiction("version", 12, f"{major}.{minor}", "1.0", "a version nobody knows")
        options = self._options(block, 24, tables.SECTION)
        known = length if length >= 0 else None
        section = Section(len(self._notes.sections), block.byteorder, (major, minor), known, options)
        self._notes.keep(self._notes.sections, section)

    def _interface(self, block: Block) -> None:
        if len(self._interfaces) >= MAX_KEPT_NOTES:
            raise _Contradiction("", 0, len(self._interfaces) + 1, f"<= {MAX_KEPT_NOTES}", "too many interfaces")
        linktype, snaplen = _unpack(block, "H2xI")
        options = self._options(block, 16, tables.INTERFACE)
        interface = Interface(
            index=len(self._interfaces),
            linktype=LinkType(linktype),
            snaplen=snaplen,
            ticks_per_second=_ticks_per_second(_number(options, "if_tsresol", 6)),
            offset_s=_number(options, "if_tsoffset", 0),
            fcs_length=next((value for value in values(options, "if_fcslen") if isinstance(value, int)), None),
            byteorder=block.byteorder,
            section=max(len(self._notes.sections) - 1, 0),
            options=options if self._notes.has_room else (),
        )
        self._interfaces.append(interface)
        self._clocks.append(_plain_clock(interface))
        self._notes.keep(self._notes.interfaces, interface)

    def _names(self, block: Block) -> None:
        at, end = 8, len(block.octets) - 4
        while at + 4 <= end:
            kind, length = _STRUCTS[block.byteorder, "HH"].unpack_from(block.octets, at)
            value = block.octets[at + 4 : at + 4 + length]
            at += 4 + padded(length)
            if kind == 0:
                break
            if at > end:
                raise _Contradiction("record length", at, length, "a record within the block", "the record is too long")
            self._name(kind, value)
        self._options(block, min(at, end), tables.NAMES)

    def _name(self, kind: int, value: bytes) -> None:
        size = {1: 4, 2: 16, 3: 6, 4: 8}.get(kind)
        if size is None or len(value) < size:
            return
        address = value[:size]
        text = str(IPv4Address(address)) if kind == 1 else str(IPv6Address(address)) if kind == 2 else address.hex(":")
        names = (name.decode(errors="replace") for name in value[size:].split(b"\0") if name)
        self._notes.name(text, names)

    def _statistics(self, block: Block) -> None:
        number, high, low = _unpack(block, "III")
        interface = self._interface_of(number)
        options = self._options(block, 20, tables.STATISTICS)
        self._notes.keep(self._notes.statistics, Statistics(interface, interface.time_ns(high << 32 | low), options))

    def _secrets(self, block: Block) -> None:
        kind, length = _unpack(block, "II")
        octets = _data(block, 16, length)
        self._options(block, 16 + padded(length), tables.ANY)
        self._notes.keep(self._notes.secrets, Secrets(kind, octets))

    def _ignored(self, block: Block) -> None:
        """Known, and holds no packet."""

    # --- what holds a packet --------------------------------------------------------------------------------------

    def _enhanced(self, block: Block) -> Frame:
        number, high, low, captured, wire = _unpack(block, "IIIII")
        return self._frame(block, number, high << 32 | low, 28, captured, wire)

    def _obsolete(self, block: Block) -> Frame:
        """Its Drops Count: "xFFFF is reserved for those systems in which this information is not available"."""
        number, lost, high, low, captured, wire = _unpack(block, "HHIIII")
        said = tables.lost_packets(lost if lost != 0xFFFF else 0)
        return self._frame(block, number, high << 32 | low, 28, captured, wire, said)

    def _simple(self, block: Block) -> Frame:
        """No time, no captured length: the octets are as many as the frame had, the snaplen and the block allow."""
        (wire,) = _unpack(block, "I")
        interface = self._interface_of(0)
        captured = min(wire, interface.snaplen or wire, len(block.octets) - 16)
        return self._frame(block, 0, None, 12, captured, wire)

    def _frame(
        self,
        block: Block,
        number: int,
        ticks: int | None,
        at: int,
        captured: int,
        wire: int,
        said: tuple[Option, ...] = (),
    ) -> Frame:
        """`said`: what an option would, told by a field."""
        interface = self._interface_of(number)
        octets = _data(block, at, captured)
        options: tuple[Option, ...] = ()
        defects: list[Defect] = []
        end = at + padded(captured)
        if end + 4 < len(block.octets):
            options, defects = decode_options(block.octets[end:-4], block.byteorder, tables.PACKET, block.offset + end)
        if captured > wire or (0 < interface.snaplen < captured) or captured > MAX_CAPTURED_LENGTH:
            defects.extend(judge(block.name, block.offset + 20, captured, wire, interface.snaplen, "interface"))
            octets = octets[:MAX_CAPTURED_LENGTH]
        if defects:
            self._tally.flagged += 1
            for defect in defects:
                self._tally.report(defect)
        time_ns = None if ticks is None else interface.time_ns(ticks)
        return Frame(self._tally.delivered + 1, time_ns, octets, wire, interface, (*said, *options), tuple(defects))

    def _interface_of(self, number: int) -> Interface:
        if number < len(self._interfaces):
            return self._interfaces[number]
        count = len(self._interfaces)
        why = "there is no such interface in this section, so the link type is unknown"
        raise _Contradiction("interface", 8, number, f"below {count}" if count else "an interface block first", why)

    def _options(self, block: Block, at: int, table: Table) -> tuple[Option, ...]:
        options, defects = decode_options(block.octets[at:-4], block.byteorder, table, block.offset + at)
        self._notes.charge(0, options=len(options))
        for defect in defects:
            self._tally.report(defect)
        return options


def _structs() -> dict[tuple[Order, str], Struct]:
    layouts = ("IHHq", "H2xI", "HH", "III", "II", "I", "IIIII", "HHIIII", "IIIIIII")
    return {(order, layout): Struct(mark + layout) for layout in layouts for order, mark in _MARKS.items()}


_MARKS: dict[Order, str] = {"little": "<", "big": ">"}
_STRUCTS = _structs()


def _unpack(block: Block, layout: str) -> tuple[int, ...]:
    """The block's fixed fields, right after its length."""
    struct = _STRUCTS[block.byteorder, layout]
    if len(block.octets) < struct.size + 12:
        expected = f"at least {struct.size + 12}"
        raise _Contradiction("length", 4, len(block.octets), expected, "the block is too short for its own fields")
    return struct.unpack_from(block.octets, 8)


def _data(block: Block, at: int, length: int) -> bytes:
    room = len(block.octets) - 4 - at
    if length > room:
        raise _Contradiction("captured_length", at - 8, length, f"<= {room}", "more octets than the block holds")
    return block.octets[at : at + length]


def _plain_clock(interface: Interface) -> tuple[Interface, int, int, int]:
    """What a plain packet needs: nanoseconds a tick, the offset, and the longest length without a second look.

    Where a tick is no whole number of nanoseconds that length is -1: no packet is plain.
    """
    tick, rest = divmod(1_000_000_000, interface.ticks_per_second)
    limit = -1 if rest else min(interface.snaplen or MAX_CAPTURED_LENGTH, MAX_CAPTURED_LENGTH)
    return interface, tick, interface.offset_s * 1_000_000_000, limit


def _ticks_per_second(resolution: int) -> int:
    """if_tsresol: the upper bit chooses 2 or 10, the rest is the negative power."""
    return 1 << (resolution & 0x7F) if resolution & 0x80 else 10**resolution


def _number(options: tuple[Option, ...], name: str, default: int) -> int:
    return next((value for value in values(options, name) if isinstance(value, int)), default)
