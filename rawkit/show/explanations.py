"""What a protocol and its fields are, told from the declaration: nothing here knows a protocol."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rawkit.protocols.catalog import followers, wireshark_name
from rawkit.show.diagrams import diagram, extent
from rawkit.show.escape import visible
from rawkit.show.paint import Paint, plain
from rawkit.show.paragraphs import clean, named, wrapped
from rawkit.show.places import span
from rawkit.wire import (
    Bit,
    Checksum,
    Count,
    Field,
    HeaderLength,
    NextHeader,
    Option,
    PartialChecksum,
    Port,
    Present,
    TotalLength,
    TypeOrLength,
)
from rawkit.wire.field import AddressField, FlagsField, Repeat, Tail

MAX_NAMED = 40
"""Named numbers listed for one field."""


def explanation(kind: Any, *, messages: tuple[Any, ...] = (), width: int = 96, paint: Paint = plain) -> str:
    """A header or option class: what it is, its diagram, its fields, its options, what may follow it.

    `messages` are the headers that are one protocol with it (`catalog.messages`), to be named.
    """
    layout = kind.layout
    lines = [*heading(kind, width, paint), ""]
    lines += [*wrapped(clean(kind.__doc__), width), "", diagram(kind, paint=paint), ""]
    for field in layout.fields.values():
        lines += field_paragraph(kind, field, width, paint)
    lines += options_list(layout, width, paint)
    lines += following(kind, width)
    role = layout.next_field.role if layout.next_field else None
    listed = role.numbers.classes.values() if isinstance(role, NextHeader) else ()
    others = [each for each in messages if each not in listed]
    if others:
        names = ", ".join(each.__name__ for each in others)
        lines += ["", *wrapped(f"Messages, each with a shape of its own: {names}.", width)]
    return "\n".join(lines).rstrip()


def heading(kind: Any, width: int, paint: Paint) -> list[str]:
    """`TCP: RFC 9293 section 3.1; Wireshark calls it tcp`."""
    layout = kind.layout
    told = [layout.rfc] if layout.rfc else []
    if layout.part_of:
        told.append(f"a message of {' or '.join(common.__name__ for common in layout.part_of)}")
    if issubclass(kind, Option) and kind.__mro__[1] is not Option:
        number = next((number for number, each in kind.__mro__[1].layout.kinds.items() if each is kind), None)
        told.append(f"kind {number} of {kind.__mro__[1].__name__}" if number is not None else "")
    if layout.wireshark:
        told.append(f"Wireshark: {layout.wireshark}")
    return named(layout.name, f": {'; '.join(filter(None, told))}".rstrip(": "), width, paint)


def field_paragraph(kind: Any, field: Field, width: int, paint: Paint) -> list[str]:
    """A field: where it lies, what it means, who fills it in."""
    place = f"  {where(kind, field)}"
    lines = named(field.name, place, width, paint, indent="  ", hanging=" " * 6, role="dim")
    lines += wrapped(meaning(field), width, " " * 6)
    lines += wrapped(origin(field), width, " " * 6) if origin(field) else []
    return lines


def field_explanation(kind: Any, name: str, *, width: int = 96, paint: Paint = plain) -> str:
    """One field with all that its declaration says, named numbers and flags included."""
    field = kind.layout.fields[name]
    lines = named(f"{kind.__name__}.{name}", f": {where(kind, field)}", width, paint)
    lines += ["", *wrapped(meaning(field), width, "  ")]
    lines += fact_lines(facts(kind, field), width)
    if isinstance(field, FlagsField):
        lines += ["", *flag_lines(field, width, paint)]
    elif field.names or field.names_by:
        lines += ["", *name_lines(kind, field, width)]
    if isinstance(field, Tail):
        lines += options_list(kind.layout, width, paint)
    return "\n".join(lines)


def fact_lines(known: Iterable[tuple[str, str]], width: int) -> Iterator[str]:
    """Facts, each beside its label."""
    for label, text in known:
        hanging = " " * (len(label) + 4)
        yield from textwrap.wrap(f"{label}: {text}", width, initial_indent="  ", subsequent_indent=hanging)


def facts(kind: Any, field: Field) -> Iterator[tuple[str, str]]:
    """What else is known of a field, as (label, text)."""
    if field.section or kind.layout.rfc:
        yield "see", field.section or kind.layout.rfc
    if field.filled_by:
        yield "with a socket", f"filled in by {field.filled_by}"
    if computation(field):
        yield "rawkit computes", computation(field)
    elif field.must is not None:
        yield "always", str(field.must)
    name = wireshark_name(kind, field.name)
    if name:
        yield "Wireshark", name


def where(kind: Any, field: Field) -> str:
    """`octets 12-13, bits 7-15 of them; tcp.flags`."""
    layout = kind.layout
    if field in layout.fixed:
        begin, end = span(field)
        place = f"octet {begin}" if end == begin + 1 else f"octets {begin}-{end - 1}"
        if field.bits % 8 or field.bits != (end - begin) * 8:
            first = field.width - field.shift - field.bits - (begin - field.offset) * 8
            last = first + field.bits - 1
            place += f", bit {first}" if first == last else f", bits {first}-{last}"
    else:
        place = f"{f'after octet {layout.size - 1}' if layout.size else 'from octet 0 on'}, {extent(field)}" + (
            ", where present" if field.when is not None else ""
        )
    name = wireshark_name(kind, field.name)
    return f"{place}; {name}" if name else place


def meaning(field: Field) -> str:
    """The declaration's words, and the unit where these do not name it."""
    unit = f" [{field.unit}]" if field.unit and field.unit not in field.doc.split() else ""
    section = f" ({field.section})" if field.section else ""
    return f"{field.doc}{unit}{section}"


def origin(field: Field) -> str:
    """Who fills it in: the system behind a socket, and rawkit when a packet is built."""
    told = [f"with a socket: {field.filled_by}"] if field.filled_by else []
    if computation(field):
        told.append(f"rawkit computes {computation(field)}")
    return "; ".join(told)


def computation(field: Field) -> str:
    """How a computed field is worked out when a packet is built; what it decides when one is decoded."""
    match field.role:
        case Checksum() as role:
            over = {"header": "this header", "data": "header and data", "pseudo": "pseudo-header, header and data"}
            none = "; 0 means that none was made" if role.zero_means_none else ""
            part = f", as far as {role.coverage} says" if isinstance(role, PartialChecksum) else ""
            return f"{role.algorithm} over {over[role.over]}{part}{none}"
        case Count(of=of, unit=unit):
            return f"the number of {of}" if unit == 1 else f"the octets of {of}, divided by {unit}"
        case Present(of=of):
            return f"whether {of} is there"
        case HeaderLength(unit=unit, plus=plus):
            way = f" = value x {unit}{f' + {plus}' if plus else ''} octets" if (unit, plus) != (1, 0) else ""
            return f"the header's own length{way}"
        case TotalLength(payload_only=alone):
            return f"the octets of {'what follows' if alone else 'this header and what follows'}"
        case Port(numbers=numbers):
            return f"the {numbers.name} of the next header, where one follows that has a port"
        case TypeOrLength(numbers=numbers) | NextHeader(numbers=numbers):
            return f"the {numbers.name} of the next header"
    return ""


def following(kind: Any, width: int) -> list[str]:
    """Which headers can follow, by number."""
    field = kind.layout.next_field
    if field is None:
        return []
    known = [f"{field.show(n) if field.show else n} {each.__name__}" for n, each in followers(kind).items()]
    if isinstance(field.role, TypeOrLength):
        known.append(f"a length {' or '.join(each.__name__ for each in field.role.numbers.length_classes)}")
    return ["", *wrapped(f"What may follow, by {field.name}: {', '.join(known)}.", width)] if known else []


def options_list(layout: Any, width: int, paint: Paint) -> list[str]:
    """The family of options that a header carries."""
    field = layout.tail_field
    if field is None:
        return []
    lines = ["", *wrapped(f"{field.family.__name__}, the options in `{field.name}`:", width)]
    family = field.family.layout
    show, known = family.fields["kind"].show or str, sorted(family.kinds.items())
    room = max([3, *(len(show(number)) for number, _ in known)])
    for number, kind in known or [("any", family.unknown)]:
        parts = ", ".join(f"{own.name} ({size_of(own)})" for own in kind.layout.fields.values() if plain_part(own))
        text = f": {clean(kind.__doc__).partition(chr(10))[0]}" + (f" {parts}." if parts else "")
        shown = number if kind is family.unknown else show(number)
        lines += named(kind.__name__, text, width, paint, indent=f"  {shown:>{room}}  ", hanging=" " * (room + 6))
    return lines


def plain_part(field: Field) -> bool:
    return field.name not in ("kind", "length")


def size_of(field: Field) -> str:
    if isinstance(field, AddressField):
        return field.kind.__name__
    if isinstance(field, Repeat):
        return f"{field.step} octets each"
    return extent(field)


def flag_explanation(kind: Any, name: str, bit: Bit, *, width: int = 96, paint: Paint = plain) -> str:
    """One bit of a flags field; what it does not say of itself, its field says."""
    field = kind.layout.fields[name]
    place = f": mask {bit.mask:#x} of {name}, letter {bit.letter}"
    known = [
        ("see", bit.section or field.section or kind.layout.rfc),
        ("with a socket", f"filled in by {bit.filled_by or field.filled_by}"),
        *([("Wireshark", bit.wireshark)] if bit.wireshark else []),
    ]
    lines = named(f"{kind.__name__}.{name}.{bit.name}", place, width, paint)
    return "\n".join([*lines, "", *wrapped(bit.doc, width, "  "), *fact_lines(known, width)])


def flag_lines(field: FlagsField, width: int, paint: Paint) -> Iterator[str]:
    """Every bit: its letter, its name, what it means."""
    for bit in sorted(field.kind.bits, key=lambda bit: -bit.mask):
        begin = f"  {bit.mask:#06x}  {bit.letter:<3} "
        text = f": {bit.doc}{references(bit)}"
        yield from named(bit.name, text, width, paint, indent=begin, hanging=" " * len(begin))


def references(bit: Bit) -> str:
    """`  (RFC 9768; tcp.flags.ae)`: where a bit is defined, if not with its field, and Wireshark's name."""
    told = "; ".join(filter(None, (bit.section, bit.wireshark)))
    return f"  ({told})" if told else ""


def name_lines(kind: Any, field: Field, width: int) -> list[str]:
    """The numbers that have names; where the names depend on another field, for each of its values."""
    if field.names_by is None:
        return named_numbers(field, field.names or {}, width)
    name, tables = field.names_by
    other = kind.layout.fields[name].names or {}
    lines = []
    for value, names in tables.items():
        lines.append(f"  with {name} {value}{f' ({visible(other[value])})' if value in other else ''}:")
        lines += [f"  {line}" for line in named_numbers(field, names, width - 2)]
    return lines


def named_numbers(field: Field, names: Mapping[int, str], width: int) -> list[str]:
    """An entry a number."""
    known = sorted(names.items())
    shown = []
    for number, name in known[:MAX_NAMED]:
        begin = f"  {field.show(number) if field.show else number}  "
        shown += textwrap.wrap(visible(name), width, initial_indent=begin, subsequent_indent=" " * len(begin))
    return shown + ([f"  ... {len(known) - MAX_NAMED} more"] if len(known) > MAX_NAMED else [])
