"""Changing a packet, and telling two apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from rawkit.errors import FieldError
from rawkit.wire.expression import refillable, unset
from rawkit.wire.field import AUTO, Field
from rawkit.wire.header import Declared, Header, reject, view
from rawkit.wire.layout import Layout
from rawkit.wire.packet import Packet, Trailer
from rawkit.wire.role import HeaderLength, NextHeader, OwnRole, TotalLength
from rawkit.wire.shape import Carried
from rawkit.wire.verdict import Verdict, check

if TYPE_CHECKING:
    from collections.abc import Iterable


def replaced(header: Declared, fields: dict[str, Any]) -> Any:
    """A header with other values; the computed fields that nobody set are computed again."""
    wrong = fields.keys() - type(header).layout.fields.keys()
    if wrong:
        reject(type(header), dict.fromkeys(wrong))
    return rebuilt(header, frozenset(), fields)


def replace(packet: Packet, where: Any, recompute: bool, fields: dict[str, Any]) -> Packet:
    """See `Packet.replace`."""
    payload = fields.pop("payload", packet.payload) if where is None else packet.payload
    trailer = fields.pop("trailer", packet.trailer) if where is None else packet.trailer
    if where is None and fields:
        raise FieldError(f"replace({next(iter(fields))}=...): say in which header, as in replace(IPv4, ttl=1)")
    if not isinstance(trailer, (bytes, bytearray, memoryview)):
        raise FieldError(f"replace(trailer={trailer!r}): takes octets")
    target = position(packet, where) if where is not None else -1
    unneeded = fillable(packet) if recompute else refillable(packet)
    layers: list[Header] = []
    for index, header in enumerate(packet.layers):
        changes = fields if index == target else {}
        if changes.keys() - type(header).layout.fields.keys():
            reject(type(header), dict.fromkeys(changes.keys() - type(header).layout.fields.keys()))
        layers.append(edited(header, unneeded[index], changes))
    changed = Packet(*layers, payload, Trailer(trailer))
    judged = check(packet)
    before = [each for each in judged if not (each.index == target and each.field in fields)]
    grown = len(changed) - len(changed.trailer) - (len(packet) - len(packet.trailer))
    if grown or recompute:
        changed = with_lengths(changed, before, grown, recompute)
    changed = summed(changed, before, recompute)
    if any(each.state == "partial" and set_by_hand(changed, each) for each in judged):
        changed._checksum_state = packet._checksum_state
    if packet.wire_length > len(packet):
        cut = packet.wire_length - len(packet)
        changed._encode()
        changed._wire_length = len(changed) + cut
    return changed


def with_lengths(changed: Packet, before: list[Verdict], grown: int, recompute: bool) -> Packet:
    """The packet with the lengths moved that no builder fills in, where they were right or `recompute` makes them so:
    what they cover beside the payload (octets that an inner length left out, octets that were not captured) is still
    there.
    """
    for length in before:
        movable = isinstance(length.role, TotalLength) and (recompute or length.state != "bad")
        if movable and length.expected and set_by_hand(changed, length):
            changed = with_number(changed, length, max(0, length.expected + grown))
    return changed


def summed(changed: Packet, before: list[Verdict], recompute: bool) -> Packet:
    """The packet with the checksums put right, inside out, that no builder fills in so (0xffff for a sum of 0, or over
    octets that an inner length leaves out), where they were right or `recompute` makes them so. Where what they cover
    is the same they are still right.
    """
    wrong = ("bad", "partial", "absent") if recompute else ("bad",)
    for sum_before in reversed(before):
        if sum_before.checksum and (recompute or sum_before.state == "good") and set_by_hand(changed, sum_before):
            now = next(each for each in check(changed) if (each.index, each.field) == sum_before.place)
            if now.state in wrong and now.expected is not None:
                changed = with_number(changed, now, now.expected)
    return changed


def set_by_hand(packet: Packet, verdict: Verdict) -> bool:
    """Whether no builder fills in the field that the verdict is on."""
    return verdict.field in packet.layers[verdict.index].layout.set


def with_number(packet: Packet, verdict: Verdict, number: int) -> Packet:
    """The packet with another number in the field that the verdict is on."""
    layers = list(packet.layers)
    header = layers[verdict.index]
    layout, head = type(header).layout, bytearray(header.layout.octets)
    layout.put(head, layout.fields[verdict.field], number)
    layers[verdict.index] = view(type(header), bytes(head), 0, len(head))
    layers[verdict.index]._set = header._set
    return Packet(*layers, packet.payload, packet.trailer)


def edited(header: Header, names: frozenset[str], changes: dict[str, Any]) -> Header:
    """The header with other values; its computed fields `names` are left to be filled in, all other octets stay."""
    layout = type(header).layout
    if any(layout.fields[name] in layout.variable for name in changes):
        changed: Header = rebuilt(header, names, changes)
        return changed
    by_hand = (header.layout.set - names) | {name for name in changes if layout.fields[name].computed}
    by_hand -= {name for name, value in changes.items() if value is AUTO}
    head = bytearray(header.layout.octets)
    for name, value in changes.items():
        if value is not AUTO or not layout.fields[name].computed:
            write(layout, head, layout.fields[name], layout.fields[name].stored(layout.name, value))
    for field in layout.fixed:
        if isinstance(field.role, OwnRole) and field.role.judged and field.name not in by_hand:
            layout.put(head, field, field.role.value(view(type(header), bytes(head), 0, len(head))))
    changed = view(type(header), bytes(head), 0, len(head))
    changed._set = frozenset(by_hand)
    return changed


def rebuilt(header: Declared, names: frozenset[str], changes: dict[str, Any]) -> Any:
    """The header made anew of its values and the changes, its computed fields `names` left to be filled in. Fields that
    are no longer there by what changes say are left out.
    """
    layout, kind = type(header).layout, cast(Any, type(header))
    values = unset(header, names) | changes
    if layout.shaped:
        for name, (begin, end) in layout.spans(header).items():
            if name not in changes or changes[name] == getattr(header, name):
                values[name] = Carried(header, layout.fields[name], begin, end)
    return kind(**values)


def write(layout: Layout, head: bytearray, field: Field, number: Any) -> None:
    """A fixed field's number, or octets, into the octets of a header."""
    if isinstance(number, bytes):
        head[field.offset : field.offset + field.size] = number
    else:
        layout.put(head, field, int(number))


def fillable(packet: Packet) -> list[frozenset[str]]:
    """For each header the computed fields that the packet tells; not the length of one cut inside a unit of it."""
    names = [set(each) for each in refillable(packet)]
    for verdict in check(packet):
        header, role = packet.layers[verdict.index], verdict.role
        cut = isinstance(role, HeaderLength) and (len(header.layout.octets) - role.plus) % role.unit
        if isinstance(role, NextHeader) and verdict.state == "good":
            continue  # one of several numbers that lead to what follows
        if verdict.filled is not None and not cut:
            names[verdict.index].add(verdict.field)
    return [frozenset(each) for each in names]


def position(packet: Packet, where: Any) -> int:
    """The index of a header of this packet: the first of a class, or that very header."""
    for index, header in enumerate(packet.layers):
        if header is where or type(header) is where:
            return index
    name = where.__name__ if isinstance(where, type) else f"this {type(where).__name__}"
    raise KeyError(f"no {name} in {packet!r}")


@dataclass(frozen=True)
class Difference:
    """One place where two packets differ. `layer` is "" for payload and trailer; None stands for no value."""

    layer: str
    field: str
    mine: Any
    other: Any

    def __str__(self) -> str:
        where = f"{self.layer}.{self.field}" if self.layer else self.field
        return f"{where}: {self.mine!s} | {self.other!s}"


def diff(mine: Packet, other: Packet) -> tuple[Difference, ...]:
    """See `Packet.diff`."""
    if not isinstance(other, Packet):
        raise FieldError(f"diff() takes another packet, not {type(other).__name__}")
    found: list[Difference] = []
    for one, two in pairs(mine.layers, other.layers):
        if type(one) is type(two) and one is not None and two is not None:
            found += header_differences(one, two)
        else:
            names = [type(header).__name__ if header is not None else None for header in (one, two)]
            found.append(Difference(names[0] or names[1] or "", "header", names[0], names[1]))
    for name in ("payload", "trailer"):
        if getattr(mine, name) != getattr(other, name):
            found.append(Difference("", name, getattr(mine, name), getattr(other, name)))
    return tuple(found)


def pairs(mine: tuple[Header, ...], other: tuple[Header, ...]) -> Iterable[tuple[Header | None, Header | None]]:
    """The headers side by side, in order, None where one chain is shorter."""
    for index in range(max(len(mine), len(other))):
        yield (mine[index] if index < len(mine) else None, other[index] if index < len(other) else None)


def header_differences(one: Header, two: Header) -> list[Difference]:
    """The fields in which two headers of one class differ."""
    found = [
        Difference(type(one).__name__, name, getattr(one, name), getattr(two, name))
        for name in type(one).layout.fields
        if getattr(one, name) != getattr(two, name)
    ]
    if not found and one != two:
        found.append(Difference(type(one).__name__, "octets", one.layout.octets, two.layout.octets))
    return found
