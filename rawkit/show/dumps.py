"""Octets to look at: with the fields they are, or one by one with what each says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rawkit.show import frame_check
from rawkit.show.counts import counted
from rawkit.show.escape import letters
from rawkit.show.paint import FIELDS, Paint, Role, plain
from rawkit.show.places import Place, leaf_places
from rawkit.show.seen import Frame, packet_of
from rawkit.show.values import field_text
from rawkit.wire import Flags, Packet
from rawkit.wire.field import Tail

WIDTH = 16
"""Octets on a line of a dump."""

LEGEND_WIDTH = 100
"""Columns of the lines that name the fields."""


def hexdump(what: Packet | Frame, *, paint: Paint = plain) -> str:
    """The octets, sixteen a line with their text beside them; each header begins a new line that names its fields.

    Without colour the fields are told by the legend before each header: the octets of each field stand in its order.
    """
    packet = packet_of(what)
    roles = octet_roles(packet)
    lines = []
    for begin, end, name, legend in sections(packet, paint, frame_check.said(what)):
        lines.append(paint(name, "name"))
        lines += legend
        lines += dump_lines(packet.octets, begin, end, roles, paint)
    return "\n".join(lines)


def sections(packet: Packet, paint: Paint, of_trailer: str) -> Iterator[tuple[int, int, str, list[str]]]:
    """(begin, end, name, legend) of each header, of the payload and of the trailer, of which more is said."""
    places = leaf_places(packet)
    for index, header in enumerate(packet.layers):
        begin = header.layout.offset
        legend = legend_lines(fields_of(places, index), paint)
        yield begin, begin + len(header.layout.octets), type(header).__name__, legend
    begin, end = packet.payload_offset, packet.payload_offset + len(packet.payload)
    if end > begin:
        yield begin, end, f"Payload: {counted(end - begin, 'octet')}", []
    if packet.trailer:
        yield end, len(packet), f"Trailer: {counted(len(packet) - end, 'octet')}{of_trailer}", []


def fields_of(places: list[Place], index: int) -> list[Place]:
    return [place for place in places if place.index == index and place.end > place.begin]


def legend_lines(places: list[Place], paint: Paint) -> list[str]:
    """`12-15 src`, field by field: which octets of the packet each is; "*" where the value was computed."""
    lines: list[str] = []
    width = LEGEND_WIDTH
    for order, place in enumerate(places):
        span = f"{place.begin}" if place.end == place.begin + 1 else f"{place.begin}-{place.end - 1}"
        computed = place.field.computed and place.field.name not in place.header.layout.set
        words = f"{span} {place.short_name}{'*' if computed else ''}"
        if width + len(words) + 2 > LEGEND_WIDTH:
            lines.append("   ")
            width = 3
        lines[-1] += ("  " if width > 3 else " ") + paint(words, FIELDS[order % len(FIELDS)])
        width += len(words) + 2
    return lines


def octet_roles(packet: Packet) -> list[Role | None]:
    """A colour for each octet: neighbours of other fields differ; a shared octet has the first one's."""
    roles: list[Role | None] = [None] * len(packet)
    places = leaf_places(packet)
    for index in range(len(packet.layers)):
        for order, place in enumerate(fields_of(places, index)):
            for at in range(place.begin, place.end):
                roles[at] = roles[at] or FIELDS[order % len(FIELDS)]
    return roles


def dump_lines(octets: bytes, begin: int, end: int, roles: list[Role | None], paint: Paint) -> Iterator[str]:
    """The lines of octets `begin` to `end`, in tcpdump's shape: offset, pairs of octets, text."""
    for at in range(begin, end, WIDTH):
        row = range(at, min(at + WIDTH, end))
        pairs = [
            "".join(painted(octets[place], roles[place], paint) for place in row[pair : pair + 2])
            for pair in range(0, len(row), 2)
        ]
        width = len(row) * 2 + len(pairs) - 1
        yield f"    0x{at:04x}:  {' '.join(pairs)}{' ' * (39 - width)}  {letters(octets[at : row[-1] + 1])}"


def painted(octet: int, role: Role | None, paint: Paint) -> str:
    return paint(f"{octet:02x}", role) if role else f"{octet:02x}"


def octet_table(what: Packet | Frame, *, paint: Paint = plain) -> str:
    """Every octet on a line of its own: offset, the octet in hexadecimal and in bits, and what it is part of.

    The hexadecimal is coloured by field, as in `hexdump`.
    """
    packet = packet_of(what)
    octets, said, roles = packet.octets, meanings(packet, frame_check.octets_of_check(what)), octet_roles(packet)
    lines = [paint("offset  hex  bits       what", "dim")]
    for at, octet in enumerate(octets):
        shown = f"{painted(octet, roles[at], paint)}  {octet >> 4:04b} {octet & 15:04b}  {'; '.join(said[at])}"
        lines.append(f"{at:6}   {shown}".rstrip())
    if packet.wire_length > len(packet):
        lines.append(f"{counted(packet.wire_length - len(packet), 'more octet')} not captured")
    return "\n".join(lines)


def meanings(packet: Packet, check: int) -> list[list[str]]:
    """For each octet what it is: the first octet of a field has its value, the others say which they are.

    So many octets at the end are the frame check sequence.
    """
    said: list[list[str]] = [[] for _ in packet.octets]
    for place in leaf_places(packet):
        explain(said, place.begin, place.end, f"{place.name}{bits_text(place)}", place_value(place))
    begin, end = packet.payload_offset, packet.payload_offset + len(packet.payload)
    application = packet.application
    for name, first, last, value in application.parts() if application is not None else []:
        explain(said, begin + first, begin + last, name, f" = {value}")
    payload = f"{application.wireshark.upper()} message" if application is not None else "payload"
    last = len(packet) - check
    for name, start, stop in ((payload, begin, end), ("trailer", end, last), (frame_check.NAME, last, len(packet))):
        for at in range(start, stop):
            said[at] = said[at] or [f"{name}{which(at, start, stop)} {letters(packet.octets[at : at + 1])!r}"]
    return [notes or ["padding"] for notes in said]


def explain(said: list[list[str]], begin: int, end: int, name: str, value: str) -> None:
    """Note a field at each of its octets, its value at the first."""
    for at in range(begin, end):
        said[at].append(name + which(at, begin, end) + (value if at == begin else ""))


def which(at: int, begin: int, end: int) -> str:
    """`, octet 1 of 2`; nothing of a single one."""
    return f", octet {at - begin + 1} of {end - begin}" if end > begin + 1 else ""


def bits_text(place: Place) -> str:
    """` (bits 0-3)`, counted from the left of the octets it shares with its neighbours."""
    bits = place.bits
    if bits is None:
        return ""
    return f" (bit {bits[0]})" if bits[0] == bits[1] else f" (bits {bits[0]}-{bits[1]})"


def place_value(place: Place) -> str:
    """` = SA (0x12): syn, ack`; of octets behind the last option, that they are."""
    if isinstance(place.field, Tail):
        return ", behind the last option"
    value: Any = getattr(place.header, place.field.name)
    names = f": {', '.join(bit_names(value))}" if isinstance(value, Flags) and value else ""
    return f" = {field_text(place.header, place.field)}{names}"


def bit_names(value: Flags) -> list[str]:
    """What the letters of flags stand for: their names, or what they mean where a name is only the letters again."""
    bits = [bit for bit in value.bits if value & bit.mask]
    return [bit.doc if bit.name == bit.letter.lower() else bit.name for bit in bits]
