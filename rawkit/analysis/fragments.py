"""Pieces of datagrams that IP cut, put together again as far as the capture has them, in whatever order they came.

Only the first piece has the ports, so that one without any waits until that is seen. Of each is told what a kernel
would notice: octets that came before, with the same data or with other, and octets past the longest datagram. The
memory is bounded: the oldest datagram is forgotten first, and counted.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple

from rawkit.analysis.observed import Observed, Piece, data_after, datagram_of, innermost, later_fragment
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.ipv6 import IPv6
from rawkit.wire.walk import fragmented

if TYPE_CHECKING:
    from rawkit.capture import Frame
    from rawkit.wire import Packet

MAX_OPEN = 1024
"""Datagrams in pieces that are remembered."""

MAX_OCTETS = 1 << 24
"""Octets of them all."""

MAX_WAITING = 1 << 14
"""Pieces that wait for the first of their datagram."""

LONGEST = 65_535
"""Octets of a datagram, with IPv4's header and without IPv6's (RFC 791 section 3.1, RFC 8200 section 4.5)."""

REASSEMBLY_NS = 60_000_000_000
"""RFC 8200 section 4.5: what is not whole 60 seconds after its first piece came is given up. Of IPv4 RFC 1122 section
3.3.2 asks for 60 to 120 seconds."""

NEVER, CUT, HERE = b"\x00", b"\x01", b"\xff"
"""Of an octet of a datagram: it has not come, the capture did not keep it, it is at hand."""

TO_COMPARE = bytes.maketrans(CUT, NEVER)
"""Makes a mask of these."""

Waiting = tuple[Observed, str]
"""A piece, and what it is counted as until it is known where it belongs."""


class Part(NamedTuple):
    """Where a piece lies in its datagram, from `start` to `stop`, and its octets at hand. It may end at `longest`."""

    start: int
    stop: int
    more: bool
    octets: bytes
    longest: int


def part_of(packet: Packet) -> Part:
    """What a packet that is a piece has of its datagram."""
    headers: list[Any] = list(packet.layers)
    place = next(place for place, header in enumerate(headers) if fragmented([header]))
    header = headers[place]
    network = next(each for each in reversed(headers[: place + 1]) if isinstance(each, IPv4 | IPv6))
    begin = header.layout.offset + len(header.layout.octets)
    length, start = data_after(packet, network, header), header.fragment_offset * 8
    if isinstance(network, IPv4):
        more, beside = bool(network.flags.mf), begin - network.layout.offset
    else:
        more, beside = bool(header.more_fragments), header.layout.offset - network.layout.offset - 40
    return Part(start, start + length, more, packet.octets[begin : begin + length], LONGEST - beside)


class Datagram:
    """One that is put together. `first` is the piece with the ports, `end` where the last one ends."""

    __slots__ = ("began_ns", "end", "first", "here", "octets", "seen", "waiting")

    def __init__(self, began_ns: int | None) -> None:
        self.began_ns = began_ns
        self.first: Observed | None = None
        self.end: int | None = None
        self.waiting: list[Waiting] = []
        self.octets = bytearray()
        self.seen = bytearray()
        """Of each octet whether it came: see `NEVER`."""
        self.here = 0
        """How many came."""

    def takes(self, part: Part, observed: Observed | None, time_ns: int | None) -> bool:
        """Whether a piece is one of it, and not of another that has got the same number."""
        if time_ns is not None and self.began_ns is not None and abs(time_ns - self.began_ns) > REASSEMBLY_NS:
            return False
        if observed is not None and self.first is not None and not same_ends(observed, self.first):
            return False
        whole = self.end is not None and self.here >= self.end
        return not whole or self.compared(part) == (part.stop - part.start, False)

    def compared(self, part: Part) -> tuple[int, bool]:
        """How many octets of a piece came before, and whether any of these were others."""
        seen = self.seen[part.start : part.stop]
        before = len(seen) - seen.count(NEVER)
        if not before:
            return 0, False
        mask = int.from_bytes(seen[: len(part.octets)].translate(TO_COMPARE), "little")
        old = self.octets[part.start : part.start + len(part.octets)]
        return before, bool((int.from_bytes(old, "little") ^ int.from_bytes(part.octets, "little")) & mask)

    def add(self, part: Part) -> Piece:
        """Put a piece in its place; what there is to be told of it."""
        before, other = self.compared(part)
        length = part.stop - part.start
        copy, past = before == length > 0 and not other, part.stop > part.longest
        if not copy and not past:
            self._put(part)
            self.here += length - before
            self.end = self.end if part.more else part.stop
        return Piece(0, part.start, length, part.more, before, other, copy, past)

    def _put(self, part: Part) -> None:
        grown = max(0, part.stop - len(self.seen))
        self.seen += bytes(grown)
        self.octets += bytes(grown)
        kept = part.start + len(part.octets)
        self.octets[part.start : kept] = part.octets
        self.seen[part.start : kept] = HERE * len(part.octets)
        self.seen[kept : part.stop] = CUT * (part.stop - kept)


class Fragments:
    """The datagrams of a capture that came in pieces. `forgotten`: how many of them, to bound the memory."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[Any, ...], Datagram] = OrderedDict()
        self._octets = 0
        self._waiting = 0
        self.forgotten = 0

    def __len__(self) -> int:
        return len(self._open)

    def take(self, frame: Frame, observed: Observed | None) -> tuple[Observed | None, list[Waiting]]:
        """The record of a piece, None while it waits for the ports, and those that have waited for this one.

        `observed` is its record where it has ports of its own.
        """
        packet = frame.packet
        key = datagram_of(packet)
        if key is None:
            return observed, []
        part, datagram = part_of(packet), self._open.get(key)
        if datagram is None or not datagram.takes(part, observed, frame.time_ns):
            datagram = self._begin(key, frame.time_ns)
        kept = len(datagram.seen)
        piece = datagram.add(part)
        self._octets += len(datagram.seen) - kept
        self._forget()
        if observed is None:
            return self._without_ports(frame, datagram, piece), []
        first = datagram.first = datagram.first or observed
        waiting, datagram.waiting = datagram.waiting, []
        self._waiting -= len(waiting)
        return in_place(observed._replace(piece=piece), first), [
            (in_place(each, first), kind) for each, kind in waiting
        ]

    def _without_ports(self, frame: Frame, datagram: Datagram, piece: Piece) -> Observed | None:
        """It belongs where the first piece went, or waits for that."""
        record = later_fragment(frame)._replace(piece=piece)
        if datagram.first is not None:
            return in_place(record, datagram.first)
        if self._waiting < MAX_WAITING:
            datagram.waiting.append((record, called(frame)))
            self._waiting += 1
        return None

    def _begin(self, key: tuple[Any, ...], time_ns: int | None) -> Datagram:
        """A datagram, in the place of one that had the same number."""
        if key in self._open:
            self._drop(self._open.pop(key))
        datagram = self._open[key] = Datagram(time_ns)
        return datagram

    def _forget(self) -> None:
        while len(self._open) > MAX_OPEN or (self._octets > MAX_OCTETS and len(self._open) > 1):
            self._drop(self._open.popitem(last=False)[1])
            self.forgotten += 1

    def _drop(self, datagram: Datagram) -> None:
        self._octets -= len(datagram.seen)
        self._waiting -= len(datagram.waiting)


def called(frame: Frame) -> str:
    """What a piece is counted as that belongs to no conversation."""
    name = innermost(frame.packet)
    return f"{name if name.endswith('fragment') else f'{name} fragment'} without ports"


def same_ends(one: Observed, other: Observed) -> bool:
    """Whether two first pieces are between the same ports."""
    return (one.protocol, one.source, one.destination) == (other.protocol, other.source, other.destination)


def in_place(record: Observed, first: Observed) -> Observed:
    """A piece's record with what the first piece of its datagram says: whose it is, and where that is."""
    piece = record.piece._replace(first=first.number)
    if record.kind != "fragment":
        return record._replace(piece=piece)
    return record._replace(
        protocol=first.protocol,
        source=first.source,
        destination=first.destination,
        identification=first.identification,
        tunnel=first.tunnel,
        piece=piece,
    )
