"""A field's value as people read it, from its declaration: the number, its name, its unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rawkit.show.escape import quoted, visible
from rawkit.wire import Field, Flags, Header, HeaderLength, Option


def field_text(header: Header | Option, field: Field) -> str:
    """`0x0800 (IPv4)`, `5 (20 octets)`, `SA (0x12)`, `10.0.0.1`; "absent" where a field that may be missing is."""
    value = getattr(header, field.name)
    if value is None:
        return "absent"
    if isinstance(value, (bytes, bytearray)) and field.show is None:
        return quoted(bytes(value), 96) if value else "none"
    if isinstance(value, Flags):
        return f"{str(value) or 'none'} (0x{int(value):02x})"
    if isinstance(value, tuple):
        return sequence_text(value)
    text = visible(field.show(value) if field.show else value)
    return text + aside(header, field, value)


def aside(header: Header | Option, field: Field, value: Any) -> str:
    """What stands in brackets after a number: its name, or the octets that a length in other units means."""
    if value in (names := field.names_in(header)):
        return f" ({visible(names[value])})"
    if isinstance(field.role, HeaderLength) and (field.role.unit, field.role.plus) != (1, 0):
        return f" ({field.role.octets(value)} octets)"
    step, _, rest = field.unit.partition(" ")
    if step.isdigit() and rest == "octets":
        return f" ({value * int(step)} octets)" if value else ""
    return ""


def sequence_text(values: tuple[Any, ...]) -> str:
    """The values of a repeated field."""
    if not values:
        return "none"
    parts = ["-".join(map(visible, value)) if isinstance(value, tuple) else visible(value) for value in values]
    return ", ".join(parts)


def option_name(option: Option) -> str:
    """`MSS`, `NoOperation`; an unknown one by its number."""
    kind: Any = type(option)
    family: Any = kind.__mro__[1]
    return f"option {kind.kind.fget(option)}" if family.layout.unknown is kind else str(kind.__name__)


def option_text(option: Option) -> str:
    """`MSS value=1460`: an option on one line."""
    shown = [f"{field.name}={field_text(option, field)}" for field in own_fields(option)]
    return " ".join([option_name(option), *shown])


def own_fields(option: Option) -> Iterator[Field]:
    """The fields that an option has and that its kind and length do not say already."""
    for field in type(option).layout.fields.values():
        if field.name not in ("kind", "length") and getattr(option, field.name) is not None:
            yield field


def short_fields(header: Header, limit: int = 4) -> str:
    """The first fields of a header, for one line: `dsap 0x42, ssap 0x42`."""
    fields = [field for field in type(header).layout.fixed if field.must is None and not field.computed]
    told = [field for field in fields if not field.reserved][:limit]
    return ", ".join(f"{field.name} {field_text(header, field)}" for field in told)


def named(header: Any, field: str) -> str:
    """` (LLDP)`: the name of a field's number, where it has one."""
    names = type(header).layout.fields[field].names or {}
    number = getattr(header, field)
    return f" ({visible(names[number])})" if number in names else ""


def ethertype(header: Any, field: str) -> str:
    """`ethertype LLDP (0x88cc)`."""
    number = getattr(header, field)
    name = (type(header).layout.fields[field].names or {}).get(number, "Unknown")
    return f"ethertype {visible(name)} (0x{number:04x})"


def inside(scene: Any) -> str:
    """What follows a header, by the name of its number, where nobody here knows more."""
    header = scene.header
    field = type(header).layout.next_field
    number = getattr(header, field.name)
    return f"{visible((field.names or {}).get(number, f'protocol {number}'))}, length {scene.length}"
