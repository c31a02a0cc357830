"""Octets to a header: the generated reader of a class, which obeys the roles and never raises on content.

`dissect(octets, start, end, wire_end, walk)` gives `(header, follows, body, end, wire_end)`: `follows` is the class of
the next header, `body` where this one ends; `end` and `wire_end` bound what it carries, in the octets at hand and as it
was on the wire (they differ where a capture kept less). The header is None where not even its fixed fields are there.
Only the words that hold a length, the next header's number or a constant are unpacked; all else is read when asked for.
For UDP the generated text is, in essence:

    def dissect(octets, start, end, wire_end, walk):
        if end - start < 8: return too_short(layout, start, end, wire_end, walk)
        word4, = unpack(octets, start)
        body = start + 8
        header = (a view of octets, from start to body)
        follows = None
        stop = start + (word4)
        if stop == end: wire_end = end
        else: follows, end, wire_end = total_length(...)
        return header, follows, body, end, wire_end
"""

from __future__ import annotations

from struct import Struct
from typing import Any

from rawkit.wire.bounds import coverage, frame_length, header_length, too_short, total_length, wrong_constant
from rawkit.wire.field import Field
from rawkit.wire.header import view
from rawkit.wire.layout import Layout
from rawkit.wire.role import NextHeader
from rawkit.wire.source import DISSECT, read, word


def compile_dissect(cls: Any) -> Any:
    """The generated reader of `cls`."""
    layout: Layout = cls.layout
    scope = names(layout)
    exec("\n ".join(source(layout, scope)), scope)
    return scope["dissect"]


def names(layout: Layout) -> dict[str, Any]:
    """What every `dissect` can name."""
    cls = layout.owner
    return {
        "cls": cls,
        "layout": layout,
        "carried": layout.carries,
        "allocate": object.__new__,
        "too_short": too_short,
        "header_length": header_length,
        "total_length": total_length,
        "frame_length": frame_length,
        "coverage": coverage,
        "wrong_constant": wrong_constant,
        "variable_end": lambda octets, start, end: layout.variable_end(view(cls, octets, start, end)),
    }


def source(layout: Layout, scope: dict[str, Any]) -> list[str]:
    """The text of `dissect`; what it names is put into `scope`."""
    roles = [(field, field.role) for field in layout.fixed if field.role is not None]
    return [
        f"def dissect({', '.join(DISSECT)}):",
        f"if end - start < {layout.size}: return too_short(layout, start, end, wire_end, walk)",
        *control_words(layout, scope),
        *constants(layout),
        *([line for field, role in roles for line in role.body_source(layout, field)] or body(layout)),
        "header = allocate(cls)",
        "header._octets = octets; header._start = start; header._end = body",
        "header._set = None; header._draft = False",
        "follows = carried" if layout.carries is not None else "follows = None",
        *(line for field, role in roles for line in role.follows_source(layout, field, scope)),
        *(["if body < end: end = wire_end = body"] if layout.closed else []),
        *(line for field, role in roles for line in role.end_source(layout, field)),
        "return header, follows, body, end, wire_end",
    ]


def control_fields(layout: Layout) -> list[Field]:
    """The fields decoding depends on."""
    names = {field.name for field in layout.fixed if field.must is not None}
    for field in layout.fixed:
        if field.role is not None and field.role.obeyed:
            names.add(field.name)
        if isinstance(field.role, NextHeader):
            names.add(field.role.unless)
    return [field for field in layout.fixed if field.name in names]


def control_words(layout: Layout, scope: dict[str, Any]) -> list[str]:
    """One unpack of the control words, the rest skipped."""
    control = control_fields(layout)
    words = [each for each in layout.words if any(field in control for field in each.fields)]
    if not words:
        return []
    codes: str = layout.order
    at = 0
    for each in words:
        codes += f"{each.offset - at}x{each.code}" if each.offset > at else each.code
        at = each.offset + each.width // 8
    scope["unpack"] = Struct(codes).unpack_from
    return [f"{', '.join(word(each.fields[0]) for each in words)}, = unpack(octets, start)"]


def constants(layout: Layout) -> list[str]:
    """Fields that must hold one value."""
    return [
        f"if ({read(field)}) != {field.must}: wrong_constant(layout, {field.name!r}, start, {read(field)}, walk)"
        for field in layout.fixed
        if field.must is not None
    ]


def body(layout: Layout) -> list[str]:
    """Where a header ends whose length no field tells."""
    if not layout.variable:
        return [f"body = start + {layout.size}"]
    return [
        "body = variable_end(octets, start, end)",
        "if body > end: return too_short(layout, start, end, wire_end, walk, body - start)",
    ]
