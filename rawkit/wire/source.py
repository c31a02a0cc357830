"""Fields as source text, for the functions that are generated from a declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rawkit.wire.field import Field


def word(field: Field) -> str:
    """The name that generated code gives the word of a field."""
    return f"word{field.offset}"


def read(field: Field) -> str:
    """The field's number, from its word."""
    if field.bits == field.width:
        return word(field)
    return f"{word(field)} >> {field.shift} & {field.mask}" if field.shift else f"{word(field)} & {field.mask}"


def store(field: Field) -> str:
    """The statement that writes `value` into the field of a header that begins at `start` of `frame`."""
    if field.bits == field.width == 8:
        return f"frame[start + {field.offset}] = value"
    if field.bits == field.width == 16 and field.order == ">":
        return f"put16(frame, start + {field.offset}, value)"
    return f"put(frame, fields[{field.name!r}], value, start)"
