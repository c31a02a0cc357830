"""A packet as a tree: every header and field, with what was computed and what is wrong marked where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from rawkit.errors import Defect
from rawkit.show import frame_check
from rawkit.show.counts import counted
from rawkit.show.escape import quoted, visible
from rawkit.show.paint import Paint, Role, plain
from rawkit.show.places import Place, header_places
from rawkit.show.seen import Frame, packet_of
from rawkit.show.values import field_text, option_name, own_fields
from rawkit.wire import Field, Packet, Verdict
from rawkit.wire.field import Tail
from rawkit.wire.quotation import DEEPER, MAX_QUOTATIONS

NAME_WIDTH = 20
"""Columns of the names."""


def tree(what: Packet | Frame, *, paint: Paint = plain) -> str:
    """Every field of every header, a line each.

    A computed field says what is known about it: `(computed)` where it was filled in, `(good)` where it was read and is
    right, `(bad; correct 0xf3c6)` where it is wrong, `(set; correct 0xf3c6)` where somebody set it to something else; a
    checksum also that it is partial, absent or unverifiable.
    Defects stand under their field or, where they are a header's as a whole, under that, marked with "!".
    """
    packet = packet_of(what)
    lines = [*packet_lines(packet, paint, 0, frame_check.said(what))]
    if not isinstance(what, Packet):
        lines = [*frame_lines(what, paint), *lines]
    return "\n".join(lines)


def frame_lines(frame: Frame, paint: Paint) -> Iterator[str]:
    """What the capture says about the packet."""
    cut = f", {frame.captured_length} captured" if frame.captured_length != frame.wire_length else ""
    name = f" on {visible(frame.interface.name)}" if frame.interface.name else ""
    yield f"{paint('Frame', 'name')} {frame.number}: {frame.wire_length} octets{cut}{name}, {frame.linktype.name}"
    if frame.comment:
        yield row("comment", visible(frame.comment))
    for defect in frame.defects:
        yield paint(mark(defect), "bad")


def packet_lines(packet: Packet, paint: Paint, depth: int, of_trailer: str = "") -> Iterator[str]:
    """Headers, then what they carry. `of_trailer` is said of the trailer."""
    verdicts = {(verdict.index, verdict.field): verdict for verdict in packet.check()}
    defects = list(packet.defects)
    for index, header in enumerate(packet.layers):
        layout = type(header).layout
        size = len(header.layout.octets)
        rfc = f", {layout.rfc}" if layout.rfc else ""
        yield f"{paint(layout.name, 'name')} {paint(f'{size} octets at {header.layout.offset}{rfc}', 'dim')}"
        for place in header_places(header, index):
            yield from field_lines(place, verdicts.get((index, place.field.name)), paint)
            yield from take(defects, partial(lies_in, place), paint)
        yield from take(defects, partial(is_of, header), paint)
    yield from content_lines(packet, paint, depth, of_trailer)
    for defect in defects:
        yield paint(mark(defect), "bad")


def field_lines(place: Place, verdict: Verdict | None, paint: Paint) -> Iterator[str]:
    """One field; options and the bits of flags a line each below it."""
    field, header = place.field, place.header
    if isinstance(field, Tail):
        yield row(field.name, "none" if place.begin == place.end else f"{place.end - place.begin} octets")
        for option in getattr(header, field.name):
            shown = ", ".join(f"{own.name} {field_text(option, own)}" for own in own_fields(option))
            yield row("  " + option_name(option), shown)
        return
    text, role = field_text(header, field), None
    if verdict is not None:
        remark, role = judged(header, field, verdict)
        text += f" ({remark})" if remark else ""
    yield row(field.name, paint(text, role) if role else text)


def judged(header: Any, field: Field, verdict: Verdict) -> tuple[str, Role | None]:
    """What to say of a computed field, and how it looks."""
    correct = "" if verdict.expected is None else f"; correct {plain_value(field, verdict.expected)}"
    if verdict.state == "bad":
        return f"{'bad' if header.layout.decoded else 'set'}{correct}", "bad"
    if verdict.state == "partial":
        return f"partial, left to the network card{correct}", "warn"
    if verdict.state == "absent":
        return "absent: none was made", "warn"
    if field.name not in header.layout.set:
        return "computed", "good"
    if verdict.state == "good":
        return "good", "good"
    return ("unverifiable", "warn") if verdict.checksum else ("", None)


def plain_value(field: Field, value: int) -> str:
    """A field's number without what stands in brackets after it."""
    return field.show(value) if field.show else str(value)


def take(defects: list[Defect], belongs: Callable[[Defect], bool], paint: Paint) -> Iterator[str]:
    """The defects that belong here; they are taken out of the list."""
    for defect in filter(belongs, list(defects)):
        defects.remove(defect)
        yield paint(mark(defect), "bad")


def lies_in(place: Place, defect: Defect) -> bool:
    """Whether a defect lies in a field's octets, and is neither another field's nor the whole header's."""
    layout = type(place.header).layout
    named = layout.fields.get(defect.field) if defect.layer == layout.name else None
    inside = place.begin <= defect.offset < place.end
    return inside and named in (None, place.field) and not is_of(place.header, defect)


def is_of(header: Any, defect: Defect) -> bool:
    """Whether a defect is a header's as a whole."""
    return not defect.field and defect.offset == header.layout.offset


def mark(defect: Defect) -> str:
    """A defect on a line of its own."""
    where = f"{defect.layer}.{defect.field}" if defect.field else defect.layer
    return f"  ! {visible(f'{where}: {defect.why} (found {defect.found}, expected {defect.expected})')}"


def content_lines(packet: Packet, paint: Paint, depth: int, of_trailer: str) -> Iterator[str]:
    """What the headers carry: understood, quoted, or as octets; and what follows it."""
    application, inner = packet.application, packet.quoted
    payload = packet.payload
    place = f"{len(payload)} octets at {packet.payload_offset}"
    if application is not None:
        name = application.wireshark.upper() or type(application).__name__
        said = visible(application.summary()).removeprefix(f"{name}: ")
        yield f"{paint(name, 'name')} {paint(place, 'dim')} {said}"
        fields = [(visible(name), visible(value)) for name, value in application.fields()]
        width = max((len(name) for name, _ in fields), default=0)
        for name, value in fields:
            yield row(name, value, width)
    elif inner is not None and inner.layers and depth < MAX_QUOTATIONS:
        yield f"{paint('Quoted packet', 'name')} {paint(place, 'dim')}"
        yield from ("    " + line for line in packet_lines(inner, paint, depth + 1))
    elif payload:
        deeper = f" {DEEPER}" if inner is not None and inner.layers else ""
        yield f"{paint('Payload', 'name')} {paint(place, 'dim')} {quoted(payload)}{paint(deeper, 'warn')}"
    if packet.trailer:
        after = f"{len(packet.trailer)} octets at {packet.payload_offset + len(payload)}{of_trailer}"
        yield f"{paint('Trailer', 'name')} {paint(after, 'dim')} {quoted(packet.trailer)}"
    if packet.wire_length > len(packet):
        yield paint(f"{counted(packet.wire_length - len(packet), 'octet')} not captured", "warn")


def row(name: str, text: str, width: int = NAME_WIDTH) -> str:
    """A name and a value, in columns."""
    return f"    {name:<{max(width, NAME_WIDTH)}} {text}".rstrip()
