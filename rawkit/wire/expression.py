"""Values as the Python that builds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rawkit.errors import FieldError
from rawkit.wire.address import Address
from rawkit.wire.field import AUTO, Field, Tail
from rawkit.wire.flags import Flags
from rawkit.wire.role import HeaderLength
from rawkit.wire.verdict import computed

if TYPE_CHECKING:
    from rawkit.wire.header import Declared
    from rawkit.wire.packet import Packet


def header_expression(header: Declared, leave_out: frozenset[str] | None = None) -> str:
    """`TCP(dport=80, flags='S')`: the fields that differ from their defaults, and the computed ones that were set; the
    octets where no keywords build them.

    `leave_out` names computed fields that a builder would fill in with the same value.
    """
    layout = type(header).layout
    left = left_to_builder(header, leave_out or frozenset())
    if not expressible(header, left):
        return f"{layout.name}.from_octets(bytes.fromhex({header.layout.octets.hex()!r}))"
    arguments = [
        f"{name}={value_expression(header, field, left)}"
        for name, field in layout.fields.items()
        if (name not in left if field.computed else not is_default(header, field))
    ]
    return f"{layout.name}({', '.join(arguments)})"


def left_to_builder(header: Declared, leave_out: frozenset[str]) -> frozenset[str]:
    """The computed fields that an expression of the header does not give."""
    kept = header.layout.set - leave_out
    fields = type(header).layout.fields
    return frozenset(
        name for name, field in fields.items() if field.computed and (name not in kept or is_own_length(header, field))
    )


def is_own_length(header: Declared, field: Field) -> bool:
    """Whether it is the header's length, and right: a builder fills in the same."""
    octets = header._end - header._start
    return isinstance(field.role, HeaderLength) and field.role.octets(getattr(header, field.name)) == octets


def is_default(header: Declared, field: Field) -> bool:
    """Whether leaving the field out builds the same."""
    value = getattr(header, field.name)
    if field in type(header).layout.variable:
        return value is None if field.when is not None else raw(header, field) == field.encode("", field.default)
    default = field.present(field.convert(field.default))
    return bool(value == default)


def raw(header: Declared, field: Field) -> bytes:
    """The octets of a field of the variable part."""
    begin, end = type(header).layout.spans(header).get(field.name, (0, 0))
    return header._octets[begin:end]


def value_expression(header: Declared, field: Field, left: frozenset[str]) -> str:
    """The field's value as Python; the octets of options where their values do not encode to the same octets."""
    value = getattr(header, field.name)
    if isinstance(field, Tail) and value is not None:
        return tail_expression(header, field, value, left)
    if isinstance(value, Flags):
        exact = int(type(value)(str(value))) == int(value) if "0x" not in str(value) else False
        return repr(str(value)) if exact and value else repr(int(value))
    return repr(plain(value))


def plain(value: Any) -> Any:
    """Addresses as their text, also within tuples."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return str(value) if isinstance(value, Address) else value


def tail_expression(header: Declared, field: Field, options: tuple[Any, ...], left: frozenset[str]) -> str:
    """A list of options, or the octets that these do not account for."""
    octets = raw(header, field)
    values: dict[str, Any] = unset(header, left) | {field.name: options}
    if raw(type(header)(**values), field) != octets:
        return repr(octets)
    return f"[{', '.join(map(header_expression, options))}]"


def packet_expression(packet: Packet) -> str:
    """`Ethernet(...) / IPv4(...) / TCP(...) / b"..."`: evaluated, it equals the packet (as far as it was captured)."""
    unneeded = refillable(packet)
    parts = [header_expression(header, unneeded[index]) for index, header in enumerate(packet.layers)]
    if packet.payload:
        parts.append(repr(packet.payload))
    if packet.trailer:
        parts.append(repr(packet.trailer))
    return " / ".join(parts) if len(parts) > 1 and packet.layers else f"Packet({', '.join(parts)})"


def expressible(header: Declared, left: frozenset[str]) -> bool:
    """Whether keywords build the octets that it has."""
    values: dict[str, Any] = unset(header, left)
    try:
        built = type(header)(**values)
    except FieldError:
        return False
    return len(built.layout.octets) == len(header.layout.octets) and not changed_octets(built, header)


def changed_octets(built: Declared, header: Declared) -> bool:
    """Whether the parts that a packet does not fill in differ: all that is not a computed field left to it."""
    layout = type(header).layout
    same = (getattr(built, name) == getattr(header, name) for name in layout.fields if name not in layout.computed)
    return not all(same) or built.layout.octets[layout.size :] != header.layout.octets[layout.size :]


def refillable(packet: Packet) -> list[frozenset[str]]:
    """For each header the computed fields that a builder would fill in with the very value they have."""
    names: list[set[str]] = [set() for _ in packet.layers]
    for verdict in computed(packet):
        if verdict.refillable:
            names[verdict.index].add(verdict.field)
    return [frozenset(each) for each in names]


def unset(header: Declared, names: frozenset[str]) -> dict[str, Any]:
    """The keywords that build the header again, with `names` left to be computed."""
    layout = type(header).layout
    keep = header.layout.set - names
    values: dict[str, Any] = {}
    for name, field in layout.fields.items():
        if field.computed:
            values[name] = getattr(header, name) if name in keep else AUTO
        elif field in layout.variable:
            present = getattr(header, name) is not None
            values[name] = getattr(header, name) if not isinstance(field, Tail) and present else raw(header, field)
            if not present:
                del values[name]
        else:
            values[name] = getattr(header, name)
    return values
