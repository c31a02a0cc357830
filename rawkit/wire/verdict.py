"""The verdicts on computed fields. A checksum's is not a boolean.

| state | meaning |
|---|---|
| good | as it should be |
| bad | another value was expected |
| partial | left to the network card: the pseudo-header's sum is there, which the card completes when it sends |
| absent | none was made (0 in UDP over IPv4) |
| unverifiable | not all of what it covers is here: the capture cut it, or it is a fragment |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rawkit.wire.region import Region, regions
from rawkit.wire.role import Checksum, HeaderLength, TotalLength

if TYPE_CHECKING:
    from rawkit.wire.field import Field
    from rawkit.wire.packet import Packet

State = Literal["good", "bad", "partial", "absent", "unverifiable"]


@dataclass(frozen=True)
class Verdict:
    """One computed field judged. `index` counts the headers from 0, `offset` octets from the start of the packet;
    `expected` is None where the packet does not tell. `refillable`: a builder would fill in what is there.
    """

    layer: str
    index: int
    field: str
    offset: int
    state: State
    found: int
    expected: int | None
    checksum: bool
    refillable: bool

    def __str__(self) -> str:
        form = "0x{:04x}".format if self.checksum else str
        text = f"{self.layer}.{self.field} {form(self.found)} ({self.state}"
        return text + (f"; correct {form(self.expected or 0)})" if self.state == "bad" else ")")


def check(packet: Packet) -> tuple[Verdict, ...]:
    """A verdict on every computed field of every header."""
    stop = packet.payload_offset + len(packet.payload)
    return tuple(
        verdict(region, field, stop, packet._checksum_state)
        for region in regions(packet)
        for field in region.layout.fields.values()
        if field.computed
    )


def checksums(packet: Packet) -> tuple[Verdict, ...]:
    """A verdict on every checksum; what `check` says of them, without the time for the other fields."""
    stop = packet.payload_offset + len(packet.payload)
    return tuple(
        verdict(region, region.layout.checksum_field, stop, packet._checksum_state)
        for region in regions(packet)
        if region.layout.checksum_field is not None
    )


def verdict(region: Region, field: Field, stop: int, checksum_state: str | None) -> Verdict:
    """Judge one field. `stop`: where the packet's payload ends."""
    found = int(getattr(region.header, field.name))
    expected = field.role.judge(region) if field.role else None
    is_checksum = isinstance(field.role, Checksum)
    if isinstance(field.role, Checksum):
        state = checksum_verdict(region, field.role, found, expected, checksum_state)
    elif isinstance(field.role, TotalLength):
        state = length_verdict(region, found, expected)
    elif expected is None or (isinstance(field.role, HeaderLength) and region.missing and found > expected):
        state = "unverifiable"
    else:
        state = "good" if found == expected else "bad"
    # A length or checksum that also covers octets outside the inner headers would come out different when built again.
    reaches = region.start + region.header_length + region.data_length == stop
    inner = isinstance(field.role, HeaderLength) or (is_checksum and getattr(field.role, "over", "") == "header")
    refillable = (
        state == "good"
        and found == expected
        and (reaches or inner or not (is_checksum or isinstance(field.role, TotalLength)))
    )
    name, offset = region.layout.name, region.start + field.offset
    return Verdict(name, region.index, field.name, offset, state, found, expected, is_checksum, refillable)


def length_verdict(region: Region, found: int, expected: int | None) -> State:
    """A length is right when it ends what was carried; where that is not all here it cannot be judged."""
    if region.missing or (region.fragment and found != expected):
        return "unverifiable"
    return "good" if found == expected else "bad"


def checksum_verdict(region: Region, role: Checksum, found: int, expected: int | None, known: str | None) -> State:
    """Good, bad, partial, absent, or unverifiable."""
    if role.zero_means_none and found == 0:
        return "absent"
    if role.over != "header":
        if known == "partial" and role.over == "pseudo":
            return "partial"
        if region.missing or region.fragment:
            return "unverifiable"
    elif region.missing and not region.data and region.header_length < region.layout.size:
        return "unverifiable"
    if expected is None:
        return "unverifiable"
    if found == expected or (found, expected) == (0xFFFF, 0):
        return "good"  # RFC 1624 section 3: 0 and 0xffff are the same sum, unless every octet is 0
    if role.over == "pseudo" and found == partial_sum(region):
        return "partial"
    return "bad"


def partial_sum(region: Region) -> int:
    """What a sender leaves in the field for the network card to complete: the pseudo-header's sum."""
    total = region.pseudo_sum() or 0
    return total % 65535 or (65535 if total else 0)
