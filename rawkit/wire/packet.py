"""A packet: headers inside one another, a payload, and the octets they are.

`a / b` makes one from headers; it is encoded at most once, on first need, and from then on its headers are views of the
octets: `packet[T]` is the header as it is on the wire. `Packet.decode` makes one from octets, and never raises on them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, TypeVar

from rawkit.errors import Defect, FieldError
from rawkit.wire.application import Application, moved
from rawkit.wire.header import Declared, Header, HeaderType, view
from rawkit.wire.quotation import original_length
from rawkit.wire.reference import resolve
from rawkit.wire.region import regions
from rawkit.wire.walk import Walk, fragmented

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rawkit.wire.edit import Difference
    from rawkit.wire.verdict import Verdict

H = TypeVar("H", bound=Header)
K = TypeVar("K", bound="Header | Application")

MAX_LAYERS = 64
"""Headers decoded in one packet; what lies deeper stays payload, with a defect."""

ETHERNET: Any = "rawkit.protocols.ethernet:Ethernet"
"""What `Packet.decode` takes for the first header when it is not told; the engine itself knows no protocol."""

ETHERNET_CLASS: Any = None
"""That class, once it was needed."""

NO_DEFECTS: tuple[Defect, ...] = ()

UNASKED: Final = object()
"""Stands for the application of a packet that nobody asked for it yet."""


def ethernet_class() -> Any:
    """Import the default first header."""
    global ETHERNET_CLASS
    ETHERNET_CLASS = resolve(ETHERNET)
    return ETHERNET_CLASS


class Trailer(bytes):
    """Octets after the last header's data: an Ethernet frame's padding, or what a length field left out."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Trailer({bytes(self)!r})"


class Packet:
    """Headers, a payload, a trailer. A value: immutable, equal when its chain of headers and its octets are equal."""

    __slots__ = (
        "_application",
        "_body",
        "_checksum_state",
        "_defects",
        "_judged",
        "_layers",
        "_octets",
        "_payload",
        "_placed",
        "_stop",
        "_trailer",
        "_wire_length",
    )
    _layers: tuple[Header, ...]
    _octets: bytes | None
    _defects: tuple[Defect, ...] | None
    _judged: tuple[Defect, ...] | None
    _application: Any  # Application, Defect (it failed), None (there is none), UNASKED
    _checksum_state: str | None
    _placed: bool
    _wire_length: int

    def __init__(self, *parts: Header | Packet | bytes | Application) -> None:
        layers: list[Header] = []
        payload, trailer, application = b"", b"", None
        for part in parts:
            if isinstance(part, Packet):
                layers += part._layers
                payload += part.payload
                trailer += part.trailer
                application = part._application if isinstance(part._application, Application) else None
            elif isinstance(part, Trailer):
                trailer += part
            elif isinstance(part, (bytes, bytearray, memoryview)):
                payload += bytes(part)
            elif isinstance(part, Application):
                payload += bytes(part)
                application = part
            elif isinstance(part, Header):
                if payload:
                    raise FieldError(f"{type(part).__name__} comes after payload octets: headers first, then octets")
                layers.append(part)
            else:
                raise FieldError(f"{part!r} cannot be part of a packet: give headers, packets, octets")
        self._begin(tuple(layers), payload, Trailer(trailer))
        if application is not None and bytes(application) == payload:
            self._application = application

    def _begin(self, layers: tuple[Header, ...], payload: bytes, trailer: Trailer) -> None:
        """A packet that is built: its octets are not known, and with them `_body`, `_stop` and `_wire_length`.

        One that is decoded has these, and no `_payload` and `_trailer`; `decode` sets its slots itself, without a call.
        """
        self._layers = layers
        self._payload = payload
        self._trailer = trailer
        self._octets = None
        self._placed = False
        self._defects = None
        self._judged = None
        self._application = UNASKED
        self._checksum_state = None

    @staticmethod
    def decode(
        octets: bytes | bytearray | memoryview,
        first: Any = ETHERNET,
        wire_length: int | None = None,
        checksum_state: str | None = None,
        strict: bool = False,
    ) -> Packet:
        """Octets to a packet; what is wrong with them becomes `packet.defects` (raised with `strict`).

        `first`: the class of the outermost header, or None for octets of an unknown kind. `wire_length`: octets on the
        wire, where a capture kept less. `checksum_state`: "partial" where the kernel said that the checksum was left
        to the network card, else None.
        """
        if octets.__class__ is not bytes:
            octets = own_octets(octets)
        if first is ETHERNET:
            first = ETHERNET_CLASS or ethernet_class()
        packet = new_packet(Packet)
        end = len(octets)
        packet._octets = octets
        packet._placed = True
        packet._application = UNASKED
        packet._judged = None
        if checksum_state is not None and checksum_state != "partial":
            raise FieldError(f'checksum_state={checksum_state!r}: takes "partial", or None')
        packet._checksum_state = checksum_state
        packet._wire_length = end if wire_length is None or wire_length == end else at_least(end, wire_length)
        try:
            quick = first._fused_decode if first is not None else None
        except AttributeError:
            raise FieldError(f"first={first!r}: takes the class of a header, as in first=IPv4, or None") from None
        fused = quick(octets, end) if quick is not None else None
        if fused is not None:
            packet._layers, packet._body, packet._stop = fused
            packet._defects = NO_DEFECTS
        else:
            packet._walk(octets, first)
        if strict and packet.defects:
            raise packet.defects[0]
        return packet

    def _walk(self, octets: bytes, follows: Any) -> None:
        """Header by header, each telling what follows it and where what it carries ends."""
        walk = Walk()
        layers = walk.layers
        start, end, wire_end = 0, len(octets), self._wire_length
        while follows is not None:
            if len(layers) == MAX_LAYERS:
                walk.note(too_deep(follows, start))
                break
            header, follows, start, end, wire_end = follows._dissect(octets, start, end, wire_end, walk)
            if header is None:
                break
            layers.append(header)
        self._layers = tuple(layers)
        self._body = start
        self._stop = end
        self._defects = tuple(walk.defects)

    # -- octets -----------------------------------------------------------------------------------------------------

    @property
    def octets(self) -> bytes:
        """The packet on the wire (as much of it as was captured)."""
        return self._octets if self._octets is not None else self._encode()

    def __bytes__(self) -> bytes:
        return self._octets if self._octets is not None else self._encode()

    def __len__(self) -> int:
        return len(self.octets)

    @property
    def wire_length(self) -> int:
        """Octets it had on the wire; more than `len(packet)` where the capture cut it."""
        return self._wire_length if self._octets is not None else len(self.octets)

    @property
    def payload(self) -> bytes:
        """What the last header carries."""
        if self._octets is None:
            return self._payload
        return self._octets[self._body : self._stop]

    @property
    def payload_offset(self) -> int:
        """Octets before the payload."""
        if self._octets is None:
            self._encode()
        return self._body

    @property
    def trailer(self) -> Trailer:
        """What follows the payload: padding, or octets that a length field left out."""
        if self._octets is None:
            return self._trailer
        return Trailer(self._octets[self._stop :])

    def _encode(self) -> bytes:
        """The headers as they were made, one after another, then inside out what they compute."""
        layers, payload = self._layers, self._payload
        fused = layers[-1]._fused_encode if layers else None
        frame = fused(layers, payload) if fused is not None else None
        if frame is None:
            frame = self._fill()
        octets = bytes(frame + self._trailer) if self._trailer else bytes(frame)
        self._stop = len(frame)
        self._body = len(frame) - len(payload)
        self._wire_length = len(octets)
        self._octets = octets
        return octets

    def _fill(self) -> bytearray:
        """Header by header."""
        layers = self._layers
        parts = [header._octets[header._start : header._end] for header in layers]
        parts.append(self._payload)
        frame = bytearray().join(parts)
        end = len(frame)
        start = end - len(self._payload)
        index, follows = len(layers), None
        while index:
            index -= 1
            body = start
            start -= len(parts[index])
            header = layers[index]
            part_of = header._layout.part_of
            if part_of and index and layers[index - 1].__class__ not in part_of:
                raise FieldError(misplaced(header))
            header._fill(frame, start, body, end, layers, index, follows)
            follows = header.__class__
        return frame

    def _place(self) -> tuple[Header, ...]:
        """The headers as views of the packet's octets, once somebody asks for them."""
        octets = self.octets
        placed: list[Header] = []
        start = 0
        for header in self._layers:
            end = start + header._end - header._start
            placed.append(settled(header, octets, start, end))
            start = end
        self._layers = tuple(placed)
        self._placed = True  # last: another thread may be looking
        return self._layers

    # -- headers ----------------------------------------------------------------------------------------------------

    @property
    def layers(self) -> tuple[Header, ...]:
        """The headers, outermost first."""
        return self._layers if self._placed else self._place()

    def __getitem__(self, kind: type[K]) -> K:
        """The first header of a class (or the application); KeyError where there is none."""
        found = self.get(kind)
        if found is None and not isinstance(kind, type):
            raise KeyError(f"{kind!r}: ask by class, as in packet[TCP]")
        if found is None:
            raise KeyError(f"no {kind.__name__} in {self!r}")
        return found

    def get(self, kind: type[K]) -> K | None:
        """The first header of a class (or the application), or None."""
        for header in self._layers if self._placed else self._place():
            if header.__class__ is kind:
                return header
        if isinstance(kind, type) and issubclass(kind, Application):
            return self.application if isinstance(self.application, kind) else None
        return None

    def all(self, kind: type[H]) -> tuple[H, ...]:
        """Every header of a class, outermost first."""
        return tuple(header for header in self.layers if header.__class__ is kind)

    def __contains__(self, kind: type[Header] | type[Application]) -> bool:
        return self.get(kind) is not None

    def __truediv__(self, other: Header | Packet | bytes | Application) -> Packet:
        if self._octets is None and not self._payload and not self._trailer:
            return join(self._layers, other)
        return Packet(self, other)

    # -- what it carries --------------------------------------------------------------------------------------------

    @property
    def application(self) -> Application | None:
        """The payload as the dissector bound to its port understands it; None where there is none, or it failed."""
        found = self._dissected()
        return found if isinstance(found, Application) else None

    def _dissected(self) -> Application | Defect | None:
        if self._application is UNASKED:
            self._application = self._dissect_payload()
        found: Application | Defect | None = self._application
        return found

    def _dissect_payload(self) -> Application | Defect | None:
        layers = self.layers
        table = type(layers[-1])._layout.applications if layers else None
        if table is None or self.fragment:
            return None
        if self.wire_length > len(self.octets):
            return None  # the capture cut it: nobody's mistake
        found: Application | Defect | None = table.dissect(layers[-1], self.payload, self._body)
        return found

    @property
    def fragment(self) -> bool:
        """Whether a header says that only a part of what it carries is here."""
        return fragmented(self.layers)

    @property
    def quoted(self) -> Packet | None:
        """The packet that an ICMP error quotes (its beginning); None in any other packet."""
        layers = self.layers
        quotation = type(layers[-1])._layout.quotes if layers else None
        if quotation is None or not self.payload:
            return None
        octets, first = quotation.octets(layers[-1], self.payload), quotation.first_class()
        return Packet.decode(octets, first=first, wire_length=original_length(first, octets))

    # -- judgement --------------------------------------------------------------------------------------------------

    @property
    def defects(self) -> tuple[Defect, ...]:
        """What breaks the rules of its own headers. Checksums cost time and are judged by `check()`."""
        if self._judged is None:
            self._judged = self._judge()
        return self._judged

    def _judge(self) -> tuple[Defect, ...]:
        """What decoding noted, and what takes more time than it: the variable parts, the protocols' own rules."""
        walk = Walk()
        if self._defects is None:
            regions(self, walk)
        found = [*(self._defects or walk.defects)]
        snapped = len(self.octets) if self.wire_length > len(self.octets) else -1
        for index, header in enumerate(self.layers):
            layout = type(header)._layout
            if layout.variable and header._end != snapped:  # what the capture cut is nobody's mistake
                found += layout.defects(header)
            if layout.judgement is not None:
                found += layout.judgement(header, self.layers[:index])
        dissected = self._dissected()
        if isinstance(dissected, Defect):
            found.append(dissected)
        elif dissected is not None:
            found += [moved(defect, self._body) for defect in dissected.defects]
        return tuple(found)

    def check(self) -> tuple[Verdict, ...]:
        """A verdict on every computed field: checksums, lengths, numbers of what follows."""
        from rawkit.wire.verdict import check

        return check(self)

    # -- edit, compare, show ----------------------------------------------------------------------------------------

    def replace(
        self, where: type[Header] | Header | None = None, /, *, recompute: bool = False, **fields: Any
    ) -> Packet:
        """A changed packet: `replace(IPv4, ttl=1)`, `replace(payload=b"...")`.

        Narrow: of the computed fields only those that were right before are computed again; wrong and partial ones stay
        as they were, unless `recompute`. A field that others say is there stays, unless it is taken away with them:
        `replace(Note, has_key=0, key=None)`. `where` is a class (its first header) or one of this packet's own headers.
        """
        from rawkit.wire.edit import replace

        return replace(self, where, recompute, fields)

    def vary(self, columns: Mapping[str, Any] | None = None, /, **more: Any) -> Any:
        """Many packets of this one: a NumPy matrix of octets, a packet each row; its checksums are right again.

        `vary(sport=range(1024, 2048), seq=numbers)`: a field of the innermost header that has it, or, to be exact,
        `vary({"IPv4.src": addresses})`; for each a column of values, or one value for all. Only checksums that were
        good before are computed again, as in `replace`. FieldError where a field says how the octets are to be read.
        """
        from rawkit.wire.vary import vary

        return vary(self, {**(columns or {}), **more})

    def diff(self, other: Packet) -> tuple[Difference, ...]:
        """Where two packets differ, field by field."""
        from rawkit.wire.edit import diff

        return diff(self, other)

    def to_python(self) -> str:
        """The expression that builds it."""
        from rawkit.wire.expression import packet_expression

        return packet_expression(self)

    def to_scapy(self) -> Any:
        """The same octets as scapy reads them; scapy is imported on first use."""
        return resolve("rawkit.interop.scapy:to_scapy")(self)

    @staticmethod
    def from_scapy(theirs: Any) -> Packet:
        """A packet of scapy's: its octets, decoded. FieldError where scapy cannot encode it."""
        packet: Packet = resolve("rawkit.interop.scapy:from_scapy")(theirs)
        return packet

    def to_dpkt(self) -> Any:
        """The same octets as dpkt reads them; dpkt is imported on first use."""
        return resolve("rawkit.interop.dpkt:to_dpkt")(self)

    @staticmethod
    def from_dpkt(theirs: Any) -> Packet:
        """A packet of dpkt's: its octets, decoded. FieldError where dpkt cannot encode it."""
        packet: Packet = resolve("rawkit.interop.dpkt:from_dpkt")(theirs)
        return packet

    def summary(self) -> str:
        """One line, as `rawkit read` prints it."""
        return str(resolve("rawkit.show:line")(self))

    def show(self) -> None:
        """Print the tree: every field, with what was computed and what is wrong marked."""
        sys.stdout.write(resolve("rawkit.show:tree")(self) + "\n")

    def hexdump(self) -> None:
        """Print the octets."""
        sys.stdout.write(resolve("rawkit.show:hexdump")(self) + "\n")

    __iter__ = None  # neither its headers nor its octets alone: `packet.layers`, `packet.octets`

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Packet):
            return NotImplemented
        return self.octets == other.octets and [*map(type, self._layers)] == [*map(type, other._layers)]

    def __hash__(self) -> int:
        return hash(self.octets)

    def __repr__(self) -> str:
        chain = " / ".join(type(header).__name__ for header in self.layers) or "no header"
        return f"<Packet {chain}, {len(self.octets)} octets>"

    def __reduce__(self) -> Any:
        return (
            _restore,
            (self.layers, self.payload, bytes(self.trailer), self.wire_length, self._checksum_state, self._defects),
        )


new_packet = object.__new__


def _restore(
    layers: tuple[Header, ...], payload: bytes, trailer: bytes, wire_length: int, state: str | None, defects: Any
) -> Packet:
    packet = Packet(*layers, payload, Trailer(trailer))
    packet._place()
    packet._wire_length = wire_length
    packet._checksum_state = state
    packet._defects = defects
    return packet


def misplaced(header: Header) -> str:
    name, commons = type(header).__name__, [common.__name__ for common in header._layout.part_of]
    return f"{name} is a message of {' or '.join(commons)}: put {commons[0]}() before it"


def at_least(captured: int, wire_length: Any) -> int:
    """A packet's octets on the wire, where that is told: no fewer than were captured."""
    if isinstance(wire_length, int) and wire_length >= 0:
        return max(captured, wire_length)
    raise FieldError(f"wire_length={wire_length!r}: takes the number of octets on the wire, or None for all at hand")


def own_octets(octets: Any) -> bytes:
    """A copy that nobody else can change; FieldError for what is no run of octets."""
    if isinstance(octets, (bytes, bytearray, memoryview)):
        return bytes(octets)
    raise FieldError(f"Packet.decode takes octets, not {type(octets).__name__}; from_hex() reads hexadecimal text")


def too_deep(follows: Any, offset: int) -> Defect:
    name = getattr(follows, "__name__", "packet")
    return Defect(name, "", offset, "another header", f"at most {MAX_LAYERS} headers", "nested too deep")


NO_TRAILER = Trailer()


def join(layers: tuple[Header, ...], other: Any) -> Packet:
    """`Packet(*layers, other)`, quick for the two things that people write most: a header, and octets."""
    kind: type = other.__class__
    if kind.__class__ is HeaderType:  # isinstance(other, Header), but five times as fast: a metaclass slows that down
        layers, payload = (*layers, other), b""
    elif kind is bytes:
        payload = other
    else:
        return Packet(*layers, other)
    packet = new_packet(Packet)
    packet._begin(layers, payload, NO_TRAILER)
    return packet


Declared._join = staticmethod(join)


def settled(header: H, octets: bytes, start: int, end: int) -> H:
    """A header as it lies in its packet; it remembers what was set by hand."""
    placed = view(type(header), octets, start, end)
    placed._set = header._set
    return placed
