"""One header in its place: what a role needs to know to fill or judge a computed field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rawkit.errors import Defect
from rawkit.wire.checksum import word_sum
from rawkit.wire.layout import Layout

if TYPE_CHECKING:
    from rawkit.wire.header import Header
    from rawkit.wire.packet import Packet


class Region:
    """Header number `index` of `layers`: its octets `head`, and `data`, the octets that it carries.

    `start` is the octet offset of the header in the packet, `missing` how many octets of its data were on the wire and
    are not at hand.
    """

    __slots__ = ("data", "head", "header", "index", "layers", "layout", "missing", "start")

    def __init__(
        self,
        layers: Sequence[Header],
        index: int,
        head: bytes | bytearray,
        data: bytes,
        start: int = 0,
        missing: int = 0,
    ) -> None:
        self.layers = layers
        self.index = index
        self.header = layers[index]
        self.layout: Layout = type(self.header)._layout
        self.head = head
        self.data = data
        self.start = start
        self.missing = missing

    @property
    def header_length(self) -> int:
        return len(self.head)

    @property
    def data_length(self) -> int:
        return len(self.data)

    @property
    def next_class(self) -> type[Header] | None:
        """The class of the next header, or None before payload."""
        after = self.index + 1
        return type(self.layers[after]) if after < len(self.layers) else None

    def pseudo_sum(self) -> int | None:
        """The sum of the pseudo-header of the network header around this one; None where there is none."""
        return pseudo_sum(self.layers, self.index, len(self.head) + len(self.data))

    def pseudo_header(self) -> bytes | None:
        """Its octets."""
        return pseudo_header(self.layers, self.index, len(self.head) + len(self.data))

    @property
    def fragment(self) -> bool:
        """Whether a header around this one says that only a part of its data is here."""
        for outer in self.layers[: self.index]:
            field = type(outer)._layout.next_field
            role: Any = field.role if field else None
            if role is not None and role.fragment is not None and role.fragment(outer):
                return True
        return False


def pseudo_header(layers: Sequence[Header], index: int, length: int) -> bytes | None:
    """The pseudo-header that the nearest network header around header `index` makes for `length` octets."""
    outer = index
    while outer:
        outer -= 1
        layout = layers[outer]._layout
        if layout.pseudo_header is not None:
            number = layout.next_numbers.numbers.get(type(layers[index])) if layout.next_numbers else None
            if number is None:
                return None
            return layout.pseudo_header(layers[outer], layers[outer + 1 : index], number, length)
    return None


def pseudo_sum(layers: Sequence[Header], index: int, length: int) -> int | None:
    """The one's complement sum of that pseudo-header."""
    pseudo = pseudo_header(layers, index, length)
    return None if pseudo is None else word_sum(pseudo)


def ignore(defect: Defect) -> None:
    """For walks that only want the places."""


def regions(packet: Packet, note: Callable[[Defect], None] = ignore) -> list[Region]:
    """Every header of a packet in its place. The headers are dissected again; `note` takes what is wrong with them."""
    octets, layers = packet.octets, packet.layers
    found: list[Region] = []
    end, wire_end = len(octets), packet.wire_length
    for index, header in enumerate(layers):
        start, body = header._start, header._end
        _, _, _, end, wire_end = type(header)._dissect(octets, start, end, wire_end, note)
        found.append(Region(layers, index, octets[start:body], octets[body:end], start, wire_end - end))
    return found
