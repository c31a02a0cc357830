"""Computed fields filled in: the generated half of encoding, inside out.

`fill(frame, start, body, end, layers, index, follows)` writes into `frame`, the octets of the whole packet, what header
`index` of `layers` computes: it lies from `start` to `body`, what it carries ends at `end`, and a header of class
`follows` comes next (None before payload). What was set by hand stays. For UDP the generated text is, in essence:

    def fill(frame, start, body, end, layers, index, follows):
        names = layers[index]._set
        if names is None: return  # a decoded header stays as it was found
        if "length" not in names: put16(frame, start + 4, end - start)
        if "checksum" not in names:
            put16(frame, start + 6, 0)
            pseudo = pseudo_header(layers, index, end - start)
            put16(frame, start + 6, checksum(pseudo + frame[start:end]) or 65535)

Each value is what the field's role judges to be right (`role.py`); the tests hold the two against each other.
Generated, because calling the roles one by one took three times as long (the frame of `./scripts/bench`: 7.7 us, now
2.3).
"""

from __future__ import annotations

from struct import Struct
from typing import Any

from rawkit.wire.checksum import checksum
from rawkit.wire.field import Field
from rawkit.wire.layout import Layout
from rawkit.wire.region import pseudo_header
from rawkit.wire.role import Checksum, NextHeader, TotalLength, TypeOrLength

put16 = Struct(">H").pack_into


def compile_fill(cls: Any) -> Any:
    """The generated `fill` of a class."""
    layout: Layout = cls.layout
    scope: dict[str, Any] = {
        "put16": put16,
        "put": layout.put,
        "fields": layout.fields,
        "checksum": checksum,
        "pseudo_header": pseudo_header,
    }
    exec("\n".join(source(layout, scope)), scope)
    return scope["fill"]


def source(layout: Layout, scope: dict[str, Any]) -> list[str]:
    """The text of `fill`; what it names is put into `scope`."""
    lines = [
        "def fill(frame, start, body, end, layers, index, follows):",
        " names = layers[index]._set",
        " if names is None: return",
    ]
    for field in sorted(layout.context, key=lambda field: isinstance(field.role, Checksum)):
        lines.append(f" if {field.name!r} not in names:")
        lines += ["  " + line for line in assignment(field, scope)]
    return lines


def assignment(field: Field, scope: dict[str, Any]) -> list[str]:
    """The statements that fill one field, by its role."""
    role = field.role
    if isinstance(role, TotalLength):
        return length(field, role)
    if isinstance(role, Checksum):
        return sum_over(field, role)
    if isinstance(role, NextHeader):
        return number(field, role, scope)
    raise TypeError(f"{field.name}: {role!r} cannot be filled in")


def length(field: Field, role: TotalLength) -> list[str]:
    """A length that does not fit is written as 0 (RFC 2675 section 4)."""
    value = "end - body" if role.payload_only else "end - start"
    return [f"value = {value}", f"if value > {field.mask}: value = 0", store(field)]


def number(field: Field, role: NextHeader, scope: dict[str, Any]) -> list[str]:
    """The number of what follows; the default stays where it has none."""
    scope["number_of_" + field.name] = role.numbers.numbers.get
    lines = [f"value = number_of_{field.name}(follows)"]
    if isinstance(role, TypeOrLength):
        scope["numbers"] = role.numbers
        lines.append("if follows in numbers.length_classes: value = end - body")
    return [*lines, f"if value is not None: {store(field)}"]


def sum_over(field: Field, role: Checksum) -> list[str]:
    """The Internet checksum; its own field is taken as 0, which it is in a header that was just made."""
    lines = ["value = 0", f"if not layers[index]._draft: {store(field)}"]
    if role.over == "pseudo":
        lines.append("pseudo = pseudo_header(layers, index, end - start)")
        return [*lines, "if pseudo is not None:", *(" " + line for line in sum_of(field, role))]
    return lines + sum_of(field, role)


def sum_of(field: Field, role: Checksum) -> list[str]:
    """The sum itself, of `pseudo` too where the role asks for it."""
    covered = {"header": "frame[start:body]", "data": "frame[start:end]", "pseudo": "pseudo + frame[start:end]"}
    zero = " or 65535" if role.zero_means_none else ""
    return [f"value = checksum({covered[role.over]}){zero}", store(field)]


def store(field: Field) -> str:
    """The statement that writes `value` into the field."""
    if field.bits == field.width == 8:
        return f"frame[start + {field.offset}] = value"
    if field.bits == field.width == 16 and field.order == ">":
        return f"put16(frame, start + {field.offset}, value)"
    return f"put(frame, fields[{field.name!r}], value, start)"
