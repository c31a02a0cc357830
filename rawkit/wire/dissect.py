"""Octets to a header: the generated reader of a class, which obeys the roles and never raises on content.

`dissect(octets, start, end, wire_end, note)` gives `(header, next class, body, end, wire_end)`: `body` is where the
header ends; `end` and `wire_end` bound what it carries, in the octets at hand and as it was on the wire (they differ
where a capture kept less). The header is None where not even its fixed fields are there. `note` takes a Defect.
Only the words that hold a length, the next header's number or a constant are unpacked; all else is read when asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import Any

from rawkit.errors import Defect
from rawkit.wire.field import Field
from rawkit.wire.header import view
from rawkit.wire.layout import Layout
from rawkit.wire.role import LENGTH_LIMIT, PAST_THE_END, HeaderLength, NextHeader, TotalLength, TypeOrLength

Note = Callable[[Defect], None]


def compile_dissect(cls: Any) -> Any:
    """The generated reader of `cls`."""
    layout: Layout = cls.layout
    scope: dict[str, Any] = {
        "cls": cls,
        "layout": layout,
        "allocate": object.__new__,
        "too_short": too_short,
        "header_length": header_length,
        "total_length": total_length,
        "frame_length": frame_length,
        "wrong_constant": wrong_constant,
        "variable_end": lambda octets, start, end: layout.variable_end(view(cls, octets, start, end)),
    }
    exec("\n".join(source(layout, scope)), scope)
    return scope["dissect"]


def source(layout: Layout, scope: dict[str, Any]) -> list[str]:
    """The text of `dissect`; what it names is put into `scope`."""
    lines = [
        "def dissect(octets, start, end, wire_end, note):",
        f" if end - start < {layout.size}: return too_short(layout, start, end, wire_end, note)",
    ]
    lines += control_words(layout, scope)
    lines += constants(layout)
    lines += header_end(layout)
    lines += [
        " header = allocate(cls)",
        " header._octets = octets; header._start = start; header._end = body",
        " header._set = None; header._draft = False",
    ]
    lines += following(layout, scope)
    lines += data_end(layout)
    return [*lines, " return header, follows, body, end, wire_end"]


def control_fields(layout: Layout) -> list[Field]:
    """The fields decoding depends on."""
    names = {field.name for field in layout.fixed if field.must is not None}
    for field in layout.fixed:
        if isinstance(field.role, (HeaderLength, TotalLength, NextHeader)):
            names.add(field.name)
        if isinstance(field.role, NextHeader):
            names.add(field.role.unless)
    return [field for field in layout.fixed if field.name in names]


def control_words(layout: Layout, scope: dict[str, Any]) -> list[str]:
    """One unpack of the control words, the rest skipped."""
    control = control_fields(layout)
    words = [word for word in layout.words if any(field in control for field in word.fields)]
    if not words:
        return []
    codes, at = layout.order, 0
    for word in words:
        codes += f"{word.offset - at}x{word.code}" if word.offset > at else word.code
        at = word.offset + word.width // 8
    scope["unpack"] = Struct(codes).unpack_from
    return [f" {', '.join(f'word{word.offset}' for word in words)}, = unpack(octets, start)"]


def expression(field: Field) -> str:
    """A control field's number from its word."""
    word = f"word{field.offset}"
    if field.bits == field.width:
        return word
    return f"{word} >> {field.shift} & {field.mask}" if field.shift else f"{word} & {field.mask}"


def constants(layout: Layout) -> list[str]:
    """Fields that must hold one value."""
    checked = [field for field in layout.fixed if field.must is not None]
    return [
        f" if ({expression(field)}) != {field.must}:"
        f" wrong_constant(layout, {field.name!r}, start, {expression(field)}, note)"
        for field in checked
    ]


def header_end(layout: Layout) -> list[str]:
    """`body`: where the header ends."""
    field = layout.length_field
    if field is not None and isinstance(field.role, HeaderLength):
        role = field.role
        length = f"({expression(field)}) * {role.unit}" + (f" + {role.plus}" if role.plus else "")
        return [
            f" body = start + {length}",
            f" if body < start + {layout.size} or body > end:",
            f"  body = header_length(layout, start, body, end, wire_end, {layout.size}, note)",
        ]
    if layout.variable:
        return [
            " body = variable_end(octets, start, end)",
            " if body > end: return too_short(layout, start, end, wire_end, note, body - start)",
        ]
    return [f" body = start + {layout.size}"]


def following(layout: Layout, scope: dict[str, Any]) -> list[str]:
    """`follows`: the class of the next header, or None."""
    field = layout.next_field
    if field is None or not isinstance(field.role, NextHeader):
        return [" follows = None"]
    scope["follow"] = field.role.numbers.classes.get
    lookup = f"follow({expression(field)})"
    if field.role.unless:
        lookup = f"None if {expression(layout.fields[field.role.unless])} else {lookup}"
    return [f" follows = {lookup}"]


def data_end(layout: Layout) -> list[str]:
    """`end`, `wire_end`: the bounds of what the header carries."""
    lines: list[str] = [" if body < end: end = wire_end = body"] if layout.closed else []
    field = layout.next_field
    if field is not None and isinstance(field.role, TypeOrLength):
        number = expression(field)
        lines += [
            f" if {number} < {LENGTH_LIMIT}:",
            f"  follows, end, wire_end = frame_length(layout, start, body, end, wire_end, {number}, note)",
        ]
    for field in layout.fixed:
        if isinstance(field.role, TotalLength):
            base = "body" if field.role.payload_only else "start"
            lines += [
                f" stop = {base} + ({expression(field)})",
                " if stop == end: wire_end = end",
                " else: follows, end, wire_end = "
                f"total_length(layout, {field.name!r}, start, {base}, body, stop, end, wire_end, follows, note)",
            ]
    return lines


def too_short(
    layout: Layout, start: int, end: int, wire_end: int, note: Note, needed: int | None = None
) -> tuple[Any, ...]:
    """Not even the fixed fields are there (or, with `needed`, those that these demand): what is there stays octets."""
    size = layout.size if needed is None else needed
    found, expected = f"{end - start} octets", f"at least {size} octets"
    why = "header cut short by the capture" if wire_end - start >= size else "header cut short"
    note(Defect(layout.name, "", start, found, expected, why))
    return None, None, start, end, wire_end


def wrong_constant(layout: Layout, name: str, start: int, found: int, note: Note) -> None:
    field = layout.fields[name]
    note(Defect(layout.name, name, start + field.offset, found, field.must, "must always have one value"))


def header_length(layout: Layout, start: int, body: int, end: int, wire_end: int, size: int, note: Note) -> int:
    """A header length that does not fit: the header keeps its fixed fields, or all that is there."""
    assert layout.length_field is not None
    name, at = layout.length_field.name, start + layout.length_field.offset
    found = f"{body - start} octets"
    if body < start + size:
        note(Defect(layout.name, name, at, found, f"at least {size} octets", "header length shorter than the header"))
        return start + size
    why = "header cut short by the capture" if body <= wire_end else "header length past the end"
    note(Defect(layout.name, name, at, found, f"at most {end - start} octets", why))
    return end


def total_length(
    layout: Layout,
    name: str,
    start: int,
    base: int,
    body: int,
    stop: int,
    end: int,
    wire_end: int,
    follows: Any,
    note: Note,
) -> tuple[Any, int, int]:
    """A length that does not end where the octets end: padding follows, the capture cut, or the length lies."""
    at = start + layout.fields[name].offset
    if stop == base and end > body and (base < body or follows is not None):
        # Segmentation offload (and RFC 2675's jumbograms) write 0 where the length does not fit 16 bits.
        note(Defect(layout.name, name, at, 0, wire_end - base, "length 0: presumed from the frame"))
        return follows, end, wire_end
    if stop < body:
        note(Defect(layout.name, name, at, stop - base, f"at least {body - base}", "length shorter than the header"))
        return None, end, wire_end
    if stop <= end:
        return follows, stop, stop
    if stop <= wire_end:
        return follows, end, stop
    note(Defect(layout.name, name, at, stop - base, f"at most {wire_end - base}", PAST_THE_END))
    return follows, end, wire_end


def frame_length(
    layout: Layout, start: int, body: int, end: int, wire_end: int, length: int, note: Note
) -> tuple[Any, int, int]:
    """A number below 1536 where an EtherType could be: IEEE 802.3's length, and LLC follows."""
    field = layout.next_field
    assert field is not None
    assert isinstance(field.role, TypeOrLength)
    follows = field.role.numbers.after_length
    stop, at = body + length, start + field.offset
    if length > 1500:
        note(Defect(layout.name, field.name, at, length, "at most 1500, or from 1536 on", "neither length nor type"))
        return None, end, wire_end
    if stop <= end:
        return follows, stop, stop
    if stop <= wire_end:
        return follows, end, stop
    note(Defect(layout.name, field.name, at, length, f"at most {wire_end - body}", "length past the end of the frame"))
    return follows, end, wire_end
