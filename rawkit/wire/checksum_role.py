"""Roles of checksums: the Internet checksum, of all or of a part, and a CRC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from rawkit.wire.checksum import word_sum
from rawkit.wire.crc32c import crc32c
from rawkit.wire.role import Role, State
from rawkit.wire.source import read, store

if TYPE_CHECKING:
    from rawkit.wire.field import Field
    from rawkit.wire.layout import Layout
    from rawkit.wire.region import Region


@dataclass(frozen=True)
class Checksum(Role):
    """The Internet checksum over the header (`over="header"`), header and data ("data"), or these and a pseudo-header
    ("pseudo"). `zero_means_none`: 0 says that none was made, and a sum of 0 is written as 0xffff (RFC 768).
    """

    over: Literal["header", "data", "pseudo"] = "data"
    zero_means_none: bool = False
    algorithm: ClassVar[str] = "the Internet checksum"
    digits: ClassVar[int] = 4

    @property
    def covers_data(self) -> bool:  # type: ignore[override]  # a checksum over the header does not
        return self.over != "header"

    def fill_source(self, field: Field, scope: dict[str, Any]) -> list[str]:
        # Its own field counts as 0, which it is in a header that was just made.
        lines = ["value = 0", f"if not layers[index]._draft: {store(field)}"]
        if self.over != "pseudo":
            return lines + self.sum_source(field)
        lines.append("pseudo = pseudo_header(layers, index, end - start)")
        return [*lines, "if pseudo is not None:", *(" " + line for line in self.sum_source(field))]

    def sum_source(self, field: Field) -> list[str]:
        """The sum itself, of `pseudo` too where the role asks for it."""
        covered = {"header": "frame[start:body]", "data": "frame[start:end]", "pseudo": "pseudo + frame[start:end]"}
        zero = " or 65535" if self.never_zero else ""
        return [f"value = checksum({covered[self.over]}){zero}", store(field)]

    @property
    def never_zero(self) -> bool:
        """Whether a sum of 0 is written as 0xffff, which is the same sum."""
        return self.zero_means_none

    def text(self, value: int) -> str:
        """`0xb4c6`"""
        return f"0x{value:0{self.digits}x}"

    def reach(self, region: Region) -> int | None:
        """How many octets of header and data it covers, as far as they are here; None where nothing tells."""
        return len(region.head) + (0 if self.over == "header" else len(region.data))

    def covered(self, region: Region, field: Field) -> bytearray:
        """What it covers, its own field taken as 0."""
        octets = bytearray(region.head if self.over == "header" else region.head + region.data)
        octets[field.offset : field.offset + field.size] = bytes(field.size)
        return octets[: self.reach(region)]

    def judge(self, region: Region, field: Field) -> int | None:
        """The checksum of the octets in place, its own field taken as 0; None without a pseudo-header it needs."""
        if self.reach(region) is None:
            return None
        total = word_sum(self.covered(region, field))
        if self.over == "pseudo":
            pseudo = region.pseudo_header()
            if pseudo is None:
                return None
            total += word_sum(pseudo)
        result = 65535 - (total % 65535 or (65535 if total else 0))
        return result or (65535 if self.never_zero else 0)

    def filled(self, region: Region, field: Field) -> int | None:
        return None if self.elsewhere(region) else self.judge(region, field)

    def elsewhere(self, region: Region) -> bool:
        """Whether a part of what it covers was on the wire and is not here."""
        if self.over == "header":
            return bool(region.missing) and region.head_short
        return bool(region.missing) or region.fragment

    def left_to_card(self, region: Region) -> int | None:
        """What a kernel leaves there that has the network card make it: the pseudo-header's sum; in IPv4's header 0."""
        if self.over == "pseudo":
            return word_sum(region.pseudo_header() or b"")
        return 0 if self.over == "header" else None

    def state(self, region: Region, found: int, expected: int | None, checksum_state: str | None) -> State:
        if self.zero_means_none and found == 0:
            return "absent"
        if checksum_state == "partial" and self.over == "pseudo":
            return "partial"
        if expected is None or self.elsewhere(region):
            return "unverifiable"
        if self.same(found, expected):
            return "good"
        if found == self.left_to_card(region):
            return "partial"
        # Where a length says that there is more, what is here need not add up.
        return "unverifiable" if (region.head_short if self.over == "header" else region.short) else "bad"

    def same(self, found: int, expected: int) -> bool:
        """RFC 1624 section 3: 0 and 0xffff are the same sum, unless every octet is 0."""
        return found == expected or (found, expected) == (0xFFFF, 0)


@dataclass(frozen=True)
class PartialChecksum(Checksum):
    """An Internet checksum over as many octets, from the header's first on, as the field `coverage` says; 0: over all
    (RFC 3828 section 3.1). It is never 0.
    """

    over: Literal["header", "data", "pseudo"] = "pseudo"
    coverage: str = ""

    @property
    def never_zero(self) -> bool:
        return True

    def sum_source(self, field: Field) -> list[str]:
        return [
            f"reach = layers[index].{self.coverage}",
            "stop = start + reach if body - start <= reach <= end - start else end",
            "value = checksum(pseudo + frame[start:stop]) or 65535",
            store(field),
        ]

    def reach(self, region: Region) -> int | None:
        """None where the field says what it must not, or the octets are not here."""
        here = len(region.head) + len(region.data)
        said: int = getattr(region.header, self.coverage) or here + region.missing
        return said if len(region.head) <= said <= here else None

    def filled(self, region: Region, field: Field) -> int | None:
        """None where the pseudo-header tells of octets that are not here, also where none of these is covered."""
        return None if region.missing else super().filled(region, field)

    def elsewhere(self, region: Region) -> bool:
        return region.fragment or self.reach(region) is None


@dataclass(frozen=True)
class CRC32C(Checksum):
    """A CRC of 32 bits over header and data (RFC 9260 section 6.8); 0 says that none was made (RFC 9653)."""

    zero_means_none: bool = True
    algorithm: ClassVar[str] = "CRC32c"
    digits: ClassVar[int] = 8

    def fill_source(self, field: Field, scope: dict[str, Any]) -> list[str]:
        scope["crc32c"] = crc32c
        return super().fill_source(field, scope)

    def sum_source(self, field: Field) -> list[str]:
        return ["value = crc32c(frame[start:end])", store(field)]

    def judge(self, region: Region, field: Field) -> int | None:
        return crc32c(self.covered(region, field))

    def same(self, found: int, expected: int) -> bool:
        return found == expected


@dataclass(frozen=True)
class Coverage(Role):
    """How many octets a checksum covers: 0 for all, or at least the header's (RFC 3828 section 3.1)."""

    computes = False
    obeyed = True

    def end_source(self, layout: Layout, field: Field) -> list[str]:
        return [f"if {read(field)}: coverage(layout, {field.name!r}, start, {read(field)}, wire_end, walk)"]
