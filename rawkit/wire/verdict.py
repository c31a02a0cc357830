"""The verdicts on computed fields. A checksum's is not a boolean.

| state | meaning |
|---|---|
| good | as it should be |
| bad | another value was expected |
| partial | left to the network card: the pseudo-header's sum, 0 in IPv4's header, or what will be right around these |
| absent | none was made (0 in UDP over IPv4) |
| unverifiable | not all that it covers is here: it was cut, it is a fragment, or a length says that there is more |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING

from rawkit.wire.checksum_role import Checksum
from rawkit.wire.region import Region, regions
from rawkit.wire.role import Role, State

if TYPE_CHECKING:
    from rawkit.wire.field import Field
    from rawkit.wire.packet import Packet


@dataclass(frozen=True)
class Verdict:
    """One computed field judged. `index` counts the headers from 0, `offset` octets from the start of the packet;
    `called` is the header in a sentence. `expected` is None where the packet does not tell. `filled`: what a builder
    would fill in, None where it would not; `refillable`: that this is what is there. `role`: what the field is in this
    place.
    """

    layer: str
    called: str
    index: int
    field: str
    offset: int
    state: State
    found: int
    expected: int | None
    filled: int | None
    refillable: bool
    role: Role = dataclass_field(repr=False, compare=False)

    @property
    def place(self) -> tuple[int, str]:
        """Which field of which header: the header's index, the field's name."""
        return self.index, self.field

    @property
    def checksum(self) -> bool:
        """Whether it is one."""
        return isinstance(self.role, Checksum)

    def __str__(self) -> str:
        text = f"{self.layer}.{self.field} {self.text(self.found)} ({self.state}"
        return text + (f"; correct {self.text(self.expected)})" if self.state == "bad" else ")")

    def text(self, value: int | None) -> str:
        """A value of the field, hexadecimal for a checksum; None as 0."""
        return self.role.text(value or 0)


def check(packet: Packet) -> tuple[Verdict, ...]:
    """A verdict on every computed field of every header."""
    return tuple(each for each in computed(packet) if each.role.judged)


def computed(packet: Packet) -> Iterator[Verdict]:
    """Verdicts on what has only to be right when it is made, too."""
    return (
        verdict(region, field, packet)
        for region in regions(packet)
        for field in region.layout.fields.values()
        if field.computed
    )


def checksums(packet: Packet) -> tuple[Verdict, ...]:
    """A verdict on every checksum; what `check` says of them, without the time for the other fields."""
    return tuple(
        verdict(region, region.layout.checksum_field, packet)
        for region in regions(packet)
        if region.layout.checksum_field is not None
    )


def verdict(region: Region, field: Field, packet: Packet) -> Verdict:
    """Judge one computed field."""
    assert field.role is not None
    role = field.role.here(region, field)
    found = int(getattr(region.header, field.name))
    expected = role.judge(region, field)
    state = role.state(region, found, expected, packet._checksum_state)
    if state == "bad" and isinstance(role, Checksum) and right_when_completed(region, field, packet):
        state, expected = "partial", found
    filled = role.filled(region, field)
    # What also covers octets outside the inner headers would come out different when it is built again.
    inside = region.start + len(region.head) + len(region.data) == packet.payload_offset + len(packet.payload)
    return Verdict(
        layer=region.layout.name,
        called=region.layout.called,
        index=region.index,
        field=field.name,
        offset=region.start + field.offset,
        state=state,
        found=found,
        expected=expected,
        filled=filled,
        refillable=state == "good" and found == filled and (inside or not role.covers_data),
        role=role,
    )


def right_when_completed(region: Region, field: Field, packet: Packet) -> bool:
    """Whether a checksum is right as soon as the network card has completed the partial one inside of what it covers.

    Linux makes a tunnel's so, and need not look at the data (local checksum offload, networking/checksum-offloads.rst).
    """
    inside = [each for each in regions(packet)[region.index + 1 :] if each.layout.checksum_field is not None]
    if not inside:
        return False
    last, inner = inside[-1], inside[-1].layout.checksum_field
    assert inner is not None
    assert field.role is not None
    partial, data = verdict(last, inner, packet), bytearray(region.data)
    if partial.state != "partial" or partial.expected is None:
        return False
    last.layout.put(data, inner, partial.expected, last.start - region.start - len(region.head))
    completed = Region(region.layers, region.index, region.head, bytes(data), region.start, 0, region.short)
    return bool(field.role.judge(completed, field) == getattr(region.header, field.name))
