"""Where each field of a packet lies: what the tree, the dumps and the defects at their fields have in common."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rawkit.wire import Field, Header, Packet, regions
from rawkit.wire.field import Tail


@dataclass(frozen=True)
class Place:
    """A field in its packet: octets `begin` to `end`; bit fields that share a word share its octets too."""

    index: int
    """Which header of the packet it is in, from 0."""
    header: Any
    field: Field
    begin: int
    end: int
    within: str = ""
    """Of an option's field, the field that holds the option: `TCP.options`."""

    @property
    def name(self) -> str:
        """`TCP.dport`, in our names; `TCP.options: MSS.value`."""
        name = f"{type(self.header).layout.name}.{self.field.name}"
        return f"{self.within}: {name}" if self.within else name

    @property
    def short_name(self) -> str:
        """`dport`; `MSS.value`."""
        return f"{type(self.header).layout.name}.{self.field.name}" if self.within else self.field.name

    @property
    def bits(self) -> tuple[int, int] | None:
        """First and last bit in the word, counted from the left as RFCs do; None for a field that fills its octets."""
        field = self.field
        if field.bits == field.width or not field.width:
            return None
        first = field.width - field.shift - field.bits
        return first, first + field.bits - 1


def header_places(header: Any, index: int = 0) -> list[Place]:
    """The fields of one header (or option), in wire order; the variable part only as far as it is there."""
    start = header.layout.offset
    layout = type(header).layout
    found = []
    for field in layout.fixed:
        begin, end = span(field)
        found.append(Place(index, header, field, start + begin, start + end))
    for name, (begin, end) in layout.spans(header).items():
        found.append(Place(index, header, layout.fields[name], begin, end))
    return found


def span(field: Field) -> tuple[int, int]:
    """First octet of a fixed field in its header, and the one after its last: of its word, those that hold its bits."""
    first = (field.width - field.shift - field.bits) // 8
    last = (field.width - field.shift - 1) // 8
    return field.offset + first, field.offset + last + 1


def packet_places(packet: Packet) -> list[Place]:
    """The fields of all headers of a packet."""
    return [place for index, header in enumerate(packet.layers) for place in header_places(header, index)]


def leaf_places(packet: Packet) -> list[Place]:
    """As `packet_places`, but of options the fields of each; what is behind the last one remains the `tail` field's."""
    return [leaf for place in packet_places(packet) for leaf in leaves(place)]


def leaves(place: Place) -> list[Place]:
    """The place itself; of options, those of their fields and of the rest."""
    if not isinstance(place.field, Tail):
        return [place]
    found, at = [], place.begin
    for option in getattr(place.header, place.field.name):
        for own in header_places(option, place.index):  # an option has its octets to itself: its places count from 0
            found.append(replace(own, begin=at + own.begin, end=at + own.end, within=place.name))
        at += place.field.family.layout.room(len(option.layout.octets))
    return [*found, replace(place, begin=at)] if at < place.end else found


def header_at(packet: Packet, offset: int) -> Header | None:
    """The header that an offset lies in, None in the payload and after it."""
    return next((h for h in packet.layers if h.layout.offset <= offset < h.layout.offset + len(h.layout.octets)), None)


def payload_length(packet: Packet) -> int:
    """Octets that the last header carries, as they were on the wire: more than are here where the capture cut them."""
    if packet.wire_length == len(packet) or not packet.layers:
        return len(packet.payload)
    last = regions(packet)[-1]
    return len(last.data) + last.missing - last.head_missing
