"""Headers, options and packets with any values their declarations allow, drawn from the declarations themselves.

A new protocol is covered as soon as it is bound.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

import rawkit.protocols
from rawkit.wire import Header, NextHeader, Option, Packet, Trailer
from rawkit.wire.chooser import members as members_of
from rawkit.wire.field import AddressField, Field, FixedOctets, Octets, Repeat, Tail
from rawkit.wire.role import Count, HeaderLength, TotalLength

MAX_OPTIONS_DRAWN = 4
MAX_OCTETS_DRAWN = 12


def declared(kind: Any) -> list[Any]:
    """The public classes of a kind that have fields, in the order of their names."""
    found: list[Any] = [getattr(rawkit.protocols, name) for name in rawkit.protocols.__all__]
    classes: list[Any] = [each for each in found if isinstance(each, type) and issubclass(each, kind)]
    return [cls for cls in classes if cls.layout.fields]


HEADERS: list[type[Header]] = declared(Header)

OPTIONS: list[type[Option]] = [
    cls for cls in declared(Option) if cls.layout.unknown is not None or "kind" in cls.layout.fields
]


def shaped_by_others(field: Field) -> bool:
    """Whether other fields decide if it is there or how long it is, so that not any value goes with any other."""
    length = getattr(field, "length", None) or getattr(field, "count", None)
    return field.when is not None or callable(length)


def counter_of(layout: Any, field: Field) -> Count | None:
    """The role that counts a field's values when the header is made, so that any values go."""
    roles = (each.role for each in layout.fields.values())
    return next((role for role in roles if isinstance(role, Count) and role.of == field.name), None)


def members(family: Any) -> list[Any]:
    """The options of a family that may stand anywhere in a list; of one that knows none, the unknown."""
    known = [cls for cls in dict.fromkeys(family.layout.kinds.values()) if not cls.layout.ends]
    return known or [family.layout.unknown]


def number(field: Field) -> st.SearchStrategy[int]:
    """Any number of a field's width, its bounds often."""
    return st.one_of(st.sampled_from([0, field.mask]), st.integers(0, field.mask))


def value(field: Field, room: int) -> st.SearchStrategy[Any]:
    """Any value of a field; `room` octets are left where its length is free."""
    if isinstance(field, AddressField):
        return st.binary(min_size=field.size, max_size=field.size).map(field.kind)
    if isinstance(field, FixedOctets):
        return st.binary(min_size=field.size, max_size=field.size)
    if isinstance(field, Octets):
        size = field.length if isinstance(field.length, int) else None
        return st.binary(min_size=size or 0, max_size=min(room, MAX_OCTETS_DRAWN) if size is None else size)
    if isinstance(field, Repeat):
        items = [value(item, room) for item in field.items]
        turn = items[0] if len(items) == 1 else st.tuples(*items)
        return st.lists(turn, max_size=min(3, room // field.step)).map(tuple)
    if isinstance(field, Tail):
        return options(field.family, room)
    return number(field)


@st.composite
def options(draw: st.DrawFn, family: Any, room: int) -> tuple[Any, ...]:
    """A list of options of a family that fits into `room` octets."""
    found: list[Any] = []
    for cls in draw(st.lists(st.sampled_from(members(family)), max_size=MAX_OPTIONS_DRAWN)):
        option = draw(option_of(cls))
        if sum(map(len, map(bytes, found))) + len(bytes(option)) <= room:
            found.append(option)
    return tuple(found)


def room_for_options(layout: Any) -> int:
    """The octets that the length field leaves for what follows the fixed fields."""
    role = layout.length_field.role if layout.length_field else None
    if not isinstance(role, HeaderLength):
        return 40
    return int(min(layout.length_field.mask * role.unit + role.plus - layout.size, 40))


@st.composite
def values_of(draw: st.DrawFn, cls: Any) -> dict[str, Any]:
    """Keywords for a class: values for the fields that are neither computed nor shaped by others."""
    layout = cls.layout
    given: dict[str, Any] = {}
    for name, field in layout.fields.items():
        counter = counter_of(layout, field)
        shaped = shaped_by_others(field) and counter is None
        if field.computed or field.must is not None or shaped or name == "kind":
            continue
        given[name] = draw(value(field, room_for_options(layout)))
        if counter is not None and isinstance(given[name], bytes):
            given[name] += bytes(-len(given[name]) % counter.unit)
    return given


def aligned(cls: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The same values; the last one shortened or filled up so that the length field can count the header."""
    layout = cls.layout
    role = layout.length_field.role if layout.length_field else None
    last = layout.variable[-1] if layout.variable else None
    if not isinstance(role, HeaderLength) or last is None or last.name not in given:
        return given
    missing = (role.plus - len(bytes(given[last.name])) - layout.size) % role.unit if isinstance(last, Octets) else 0
    if isinstance(last, Octets) and last.length is None:
        return given | {last.name: given[last.name] + bytes(missing)}
    if isinstance(last, Repeat):
        turns = range(len(given[last.name]), -1, -1)
        whole = [n for n in turns if (layout.size + n * last.step - role.plus) % role.unit == 0]
        return given | {last.name: given[last.name][: whole[0] if whole else 0]}
    return given


@st.composite
def option_of(draw: st.DrawFn, cls: Any) -> Any:
    """An option of a class."""
    return cls(**aligned(cls, draw(values_of(cls))))


def holds_together(header: Any) -> bool:
    """Whether its variable part is as long as its own fields say."""
    layout = header.layout.declared
    return bool(layout.variable_end(header) == len(bytes(header)) and not layout.defects(header))


@st.composite
def header_of(draw: st.DrawFn, cls: Any) -> Any:
    """A header of a class. Where fields say how long others are, only a header that holds together."""
    values = aligned(cls, draw(values_of(cls)))
    try:
        header = cls(**values)
    except ValueError:
        assert any(map(shaped_by_others, cls.layout.variable)), f"{cls.__name__}({values})"
        return cls()
    return header if holds_together(header) else cls()


def followers(cls: Any) -> list[Any]:
    """The header classes that a header of this class can announce."""
    field = cls.layout.next_field
    if cls.layout.carries is not None:
        return list(members_of(cls.layout.carries))
    if field is None or not isinstance(field.role, NextHeader):
        return []
    numbers = field.role.numbers
    classes = [each for each in dict.fromkeys(numbers.classes.values()) if isinstance(each, type)]
    return [each for each in classes if 0 < (numbers.of(each) or 0) <= field.mask]


def takes_all(header: Any) -> bool:
    """Whether all that follows is its variable part, because no field tells where that ends, or a header."""
    layout = header.layout.declared
    return (bool(layout.variable) and layout.length_field is None) or layout.carries is not None


def bounded(chain: list[Any], payload: bytes) -> bool:
    """Whether some header tells where the data ends, before any that would take a trailer for its own."""
    for header in chain:
        layout = header.layout.declared
        role = next((field.role for field in layout.fixed if isinstance(field.role, TotalLength)), None)
        if role is not None:
            # A length of 0 is presumed from the frame where a header should follow, and then takes the trailer too.
            return bool(payload) or header is not chain[-1] or not role.payload_only
        if takes_all(header) or layout.checksum_field is not None:
            return False
    return False


@st.composite
def packets(draw: st.DrawFn, first: Any, depth: int = 5) -> Packet:
    """A chain of headers that announce one another, a payload, perhaps a trailer."""
    chain: list[Any] = []
    cls = first
    while cls is not None and len(chain) < depth:
        chain.append(draw(header_of(cls)))
        choices = followers(cls)
        cls = draw(st.sampled_from([*choices, None])) if choices else None
    payload = b"" if takes_all(chain[-1]) else draw(st.binary(max_size=40))
    trailer = draw(st.binary(max_size=8)) if bounded(chain, payload) else b""
    return Packet(*chain, payload, Trailer(trailer))


def firsts() -> st.SearchStrategy[Any]:
    """A class to begin a packet with."""
    return st.sampled_from(HEADERS)


@st.composite
def damaged(draw: st.DrawFn, octets: bytes) -> bytes:
    """Octets with some of them overwritten, cut anywhere, perhaps with others after them."""
    changed = bytearray(octets)
    for _ in range(draw(st.integers(0, 4))):
        if changed:
            changed[draw(st.integers(0, len(changed) - 1))] = draw(st.integers(0, 255))
    cut = draw(st.one_of(st.just(len(changed)), st.integers(0, len(changed))))
    return bytes(changed[:cut]) + draw(st.one_of(st.just(b""), st.binary(max_size=6)))


@st.composite
def octets_from_anywhere(draw: st.DrawFn, first: Any) -> bytes:
    """What may be on a wire: noise, valid packets, damaged ones."""
    packet = draw(st.one_of(st.none(), packets(first)))
    return draw(st.binary(max_size=80)) if packet is None else draw(damaged(bytes(packet)))
