"""Computed fields filled in: the generated half of encoding, inside out.

`fill(header, layers, index, follows, data)` gives the octets of header `index` of `layers`, which carries `data` and is
followed by a header of class `follows` (or by payload). What was set by hand stays. For UDP the generated text is, in
essence:

    def fill(header, layers, index, follows, data):
        names = header._set
        if names is None: return header._octets[header._start : header._end]       # decoded: stays as it was found
        head = bytearray(header._octets[header._start : header._end])
        if "length" not in names: put16(head, 4, bounded(len(head) + len(data)))
        if "checksum" not in names:
            put16(head, 6, 0)
            pseudo = pseudo_header(layers, index, len(head) + len(data))
            put16(head, 6, checksum(pseudo + head + data) or 65535)
        return head

Each value is what the field's role judges to be right (`role.py`); the tests hold the two against each other.
Generated, because calling the roles one by one took three times as long (a TCP segment: 7.7 us against 2.2).
"""

from __future__ import annotations

from struct import Struct
from typing import Any

from rawkit.wire.checksum import checksum
from rawkit.wire.field import Field
from rawkit.wire.layout import Layout
from rawkit.wire.region import Region, pseudo_header
from rawkit.wire.role import Checksum, NextHeader, TotalLength, TypeOrLength


def compile_fill(cls: Any) -> Any:
    """The generated `fill` of a class."""
    layout: Layout = cls.layout
    scope: dict[str, Any] = {
        "put16": Struct(">H").pack_into,
        "put": layout.put,
        "fields": layout.fields,
        "checksum": checksum,
        "pseudo_header": pseudo_header,
        "Region": Region,
    }
    exec("\n".join(source(layout, scope)), scope)
    return scope["fill"]


def source(layout: Layout, scope: dict[str, Any]) -> list[str]:
    """The text of `fill`; what it names is put into `scope`."""
    lines = ["def fill(header, layers, index, follows, data):"]
    if not layout.context:
        return [*lines, " return header._octets[header._start:header._end]"]
    lines += [
        " names = header._set",
        " head = header._octets[header._start:header._end]",
        " if names is None: return head",
        " head = bytearray(head)",
    ]
    for field in sorted(layout.context, key=lambda field: isinstance(field.role, Checksum)):
        lines.append(f" if {field.name!r} not in names:")
        lines += ["  " + line for line in assignment(layout, field, scope)]
    return [*lines, " return head"]


def assignment(layout: Layout, field: Field, scope: dict[str, Any]) -> list[str]:
    """The statements that fill one field, by its role."""
    role = field.role
    if isinstance(role, TotalLength):
        return length(field, role)
    if isinstance(role, Checksum):
        return sum_over(field, role)
    if isinstance(role, NextHeader):
        scope["number_of_" + field.name] = role.numbers.numbers.get
        lines = [f"value = number_of_{field.name}(follows)"]
        if isinstance(role, TypeOrLength):
            scope["numbers"] = role.numbers
            lines.append("if follows in numbers.length_classes: value = len(data)")
        return [*lines, f"if value is not None: {store(field)}"]
    scope["judge_" + field.name] = role.judge if role else None
    return [f"value = judge_{field.name}(Region(layers, index, head, data))", f"if value is not None: {store(field)}"]


def length(field: Field, role: TotalLength) -> list[str]:
    """A length that does not fit is written as 0 (RFC 2675 section 4)."""
    value = "len(data)" if role.payload_only else "len(head) + len(data)"
    return [f"value = {value}", f"if value > {field.mask}: value = 0", store(field)]


def sum_over(field: Field, role: Checksum) -> list[str]:
    """The Internet checksum, with its own field taken as 0."""
    lines = ["value = 0", f"if not header._draft: {store(field)}"]
    if role.covered is not None or role.over not in ("header", "data", "pseudo"):
        raise TypeError(f"{field.name}: a checksum is over header, data or pseudo")
    if role.over == "header":
        return [*lines, "value = checksum(head)", store(field)]
    if role.over == "data":
        return [*lines, "value = checksum(head + data)", store(field)]
    lines += ["pseudo = pseudo_header(layers, index, len(head) + len(data))"]
    zero = " or 65535" if role.zero_means_none else ""
    return [*lines, "if pseudo is not None:", f" value = checksum(pseudo + head + data){zero}", f" {store(field)}"]


def store(field: Field) -> str:
    """The statement that writes `value` into the field."""
    if field.bits == field.width == 8:
        return f"head[{field.offset}] = value"
    if field.bits == field.width == 16 and field.order == ">":
        return f"put16(head, {field.offset}, value)"
    return f"put(head, fields[{field.name!r}], value)"
