"""One header in its place: what a role needs to know to judge a computed field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rawkit.wire.layout import Layout
from rawkit.wire.pseudo import pseudo_header
from rawkit.wire.walk import Walk, fragmented

if TYPE_CHECKING:
    from rawkit.wire.header import Header
    from rawkit.wire.packet import Packet


class Region:
    """Header number `index` of `layers`: its octets `head`, and `data`, the octets that it carries.

    `start` is the octet offset of the header in the packet, `missing` how many octets of its data were on the wire and
    are not at hand, `short` whether octets of its data are not at hand: these, or those that a length tells of and that
    never were.
    """

    __slots__ = ("data", "head", "header", "index", "layers", "layout", "missing", "short", "start")

    def __init__(
        self, layers: Sequence[Header], index: int, head: bytes, data: bytes, start: int, missing: int, short: bool
    ) -> None:
        self.layers = layers
        self.index = index
        self.header = layers[index]
        self.layout: Layout = type(self.header)._layout
        self.head = head
        self.data = data
        self.start = start
        self.missing = missing
        self.short = short

    @property
    def next_class(self) -> type[Header] | None:
        """The class of the next header, or None before payload."""
        after = self.index + 1
        return type(self.layers[after]) if after < len(self.layers) else None

    @property
    def head_short(self) -> bool:
        """Whether the header says that it is longer than what is here of it."""
        return self._head_lacks > 0

    @property
    def head_missing(self) -> int:
        """Octets of the header itself that were on the wire and are not at hand: the first that are missing."""
        return min(self.missing, self._head_lacks)

    @property
    def _head_lacks(self) -> int:
        """Octets that the header says it has, and that are not here."""
        field = self.layout.length_field
        role: Any = field and field.role
        return 0 if field is None else max(0, role.octets(getattr(self.header, field.name)) - len(self.head))

    @property
    def fragment(self) -> bool:
        """Whether a header around this one says that only a part of its data is here."""
        return fragmented(self.layers[: self.index])

    def pseudo_header(self) -> bytes | None:
        """The octets of the pseudo-header around this header, as it was on the wire; None where there is none."""
        return pseudo_header(self.layers, self.index, len(self.head) + len(self.data) + self.missing)


def regions(packet: Packet, walk: Walk | None = None) -> list[Region]:
    """Every header of a packet in its place. The headers are dissected again; `walk` collects what is wrong."""
    octets, layers = packet.octets, packet.layers
    walk = Walk() if walk is None else walk
    found: list[Region] = []
    end, wire_end = len(octets), packet.wire_length
    for index, header in enumerate(layers):
        start, body = header._start, header._end
        _, _, _, end, wire_end = type(header)._dissect(octets, start, end, wire_end, walk)
        walk.layers.append(header)
        missing = wire_end - end
        short = missing > 0 or walk.short
        found.append(Region(layers, index, octets[start:body], octets[body:end], start, missing, short))
    return found
