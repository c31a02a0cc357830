"""What a computed field is for. A role works in three directions.

*Fill* it when a packet is built, *obey* it when octets are decoded (where the header ends, what follows, where the data
ends), *judge* it when a packet is checked. Each role has all three; what fills and obeys is source text, which
`build.py`, `fill.py` and `dissect.py` put together for each class; `source.py` says what it may name. A value is in
`value` when it is stored; of a frame that is being filled, the header lies from `start` to `body` and what it carries
ends at `end`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from rawkit.errors import FieldError
from rawkit.wire.chooser import members
from rawkit.wire.numbers import Numbers
from rawkit.wire.source import read, store

if TYPE_CHECKING:
    from rawkit.wire.field import Field
    from rawkit.wire.header import Declared
    from rawkit.wire.layout import Layout
    from rawkit.wire.region import Region

State = Literal["good", "bad", "partial", "absent", "unverifiable"]
"""A verdict; see verdict.py."""


def too_long(layers: Sequence[Declared], index: int, name: str, length: int, most: int) -> None:
    """A packet that is longer than header `index` can say is the builder's mistake."""
    layout = layers[index]._layout
    longer = ["a super-segment"] if layout.pseudo_header is not None else []
    if any(told_elsewhere(layer._layout) for layer in layers[: index + 1]):
        longer.append("a jumbogram")
    hint = f"; set {name}=0 by hand for {' or '.join(longer)}" if longer else ""
    if length <= layout.fields[name].mask:
        hint = f"; set {name} by hand to send it all the same"
    raise FieldError.of(layout.name, name, f": {length} octets do not fit, at most {most} do{hint}")


def too_great(layers: Sequence[Declared], index: int, name: str, number: int) -> None:
    """A header whose number the one before has no room for is the builder's mistake, too."""
    layout, follows = layers[index]._layout, layers[index + 1]._layout.name
    most = layout.fields[name].mask
    raise FieldError.of(layout.name, name, f": {follows}'s number, {number}, does not fit, at most {most} does")


def told_elsewhere(layout: Layout) -> bool:
    """Whether more can follow a header than its length has room for (RFC 2675)."""
    return any(isinstance(field.role, TotalLength) and field.role.elsewhere for field in layout.fixed)


LENGTH_LIMIT = 1536
"""IEEE 802.3: below this the two octets after the addresses are a length, from here on an EtherType."""

MAX_FRAME_LENGTH = 1500
"""The longest that IEEE 802.3 allows; between it and `LENGTH_LIMIT` a number means neither."""


class Role:
    """Base of the roles. What a role has nothing to say to stays as it is here."""

    computes = True
    """Filled in when nobody sets the field by hand."""
    own = False
    """Tells of its own header alone, and so is known as soon as that is made."""
    covers_data = False
    """Depends on all that the header carries."""
    judged = True
    """Right or wrong in a packet that is on its way, not only in one that was just made."""
    obeyed = False
    """Decoding depends on the value: where a header or what it carries ends, or what follows."""

    def text(self, value: int) -> str:
        """A value as one writes it."""
        return str(value)

    def here(self, region: Region, field: Field) -> Role:
        """The role that judges in this place, where a field has one of two."""
        return self

    def draft_source(self, layout: Layout, field: Field, length: str) -> str:
        """The value in a header that stands alone; `length` is its length."""
        return repr(field.default)

    def fill_source(self, field: Field, scope: dict[str, Any]) -> list[str]:
        """Fill: statements that store the value in `frame`. What they name is put into `scope`."""
        return []

    def body_source(self, layout: Layout, field: Field) -> list[str]:
        """Obey: statements that set `body`, where the header ends."""
        return []

    def follows_source(self, layout: Layout, field: Field, scope: dict[str, Any]) -> list[str]:
        """Obey: statements that set `follows`, the class of the next header."""
        return []

    def end_source(self, layout: Layout, field: Field) -> list[str]:
        """Obey: statements that set `end` and `wire_end`, where what the header carries ends."""
        return []

    def judge(self, region: Region, field: Field) -> int | None:
        """Judge: the value the field should have in this place, or None where the packet does not tell."""
        raise NotImplementedError

    def filled(self, region: Region, field: Field) -> int | None:
        """The value a builder would fill in here; None where it would not, or not for what was on the wire."""
        return self.judge(region, field)

    def state(self, region: Region, found: int, expected: int | None, checksum_state: str | None) -> State:
        """Judge: the verdict on a value that was found."""
        if expected is None:
            return "unverifiable"
        return "good" if found == expected else "bad"


class OwnRole(Role):
    """Base of the roles that tell of their own header alone."""

    own = True

    def value(self, header: Declared) -> int:
        """The value the field should have."""
        raise NotImplementedError

    def judge(self, region: Region, field: Field) -> int | None:
        return self.value(region.header)


@dataclass(frozen=True)
class HeaderLength(OwnRole):
    """The header's own length: `octets = value * unit + plus`."""

    unit: int = 1
    plus: int = 0
    obeyed = True

    def draft_source(self, layout: Layout, field: Field, length: str) -> str:
        return f"({length} - {self.plus}) // {self.unit}" if self.plus else f"{length} // {self.unit}"

    def body_source(self, layout: Layout, field: Field) -> list[str]:
        length = f"({read(field)}) * {self.unit}" + (f" + {self.plus}" if self.plus else "")
        return [
            f"body = start + {length}",
            f"if body < start + {layout.size} or body > end:",
            " body = header_length(layout, start, body, end, wire_end, walk)",
        ]

    def octets(self, value: int) -> int:
        """The length that a value says."""
        return value * self.unit + self.plus

    def value(self, header: Declared) -> int:
        return (header._end - header._start - self.plus) // self.unit

    def filled(self, region: Region, field: Field) -> int | None:
        return None if region.missing and region.head_short else self.value(region.header)

    def state(self, region: Region, found: int, expected: int | None, checksum_state: str | None) -> State:
        if region.missing and region.head_short:
            return "unverifiable"
        return super().state(region, found, expected, checksum_state)


@dataclass(frozen=True)
class Count(OwnRole):
    """How many values another field of the header has: `value = len(of) // unit + plus`.

    `judged=False` for a number that is right when the header is made and changes on the way (segments left).
    """

    of: str
    plus: int = 0
    judged: bool = True
    unit: int = 1

    def draft_source(self, layout: Layout, field: Field, length: str) -> str:
        counted = f"_counted(_cls.layout.fields[{self.of!r}], {self.of})" if layout.tail_field else f"_len({self.of})"
        return f"_max(0, {counted} // {self.unit} + {self.plus})"

    def value(self, header: Declared) -> int:
        return max(0, len(getattr(header, self.of)) // self.unit + self.plus)

    def filled(self, region: Region, field: Field) -> int | None:
        return None if self.cut(region) else self.value(region.header)

    def state(self, region: Region, found: int, expected: int | None, checksum_state: str | None) -> State:
        return "unverifiable" if self.cut(region) else super().state(region, found, expected, checksum_state)

    def cut(self, region: Region) -> bool:
        """Whether the capture kept fewer of what it counts."""
        return bool(region.missing) and not region.data


@dataclass(frozen=True)
class Present(OwnRole):
    """Whether the header has another field, which is there only where this bit is set."""

    of: str

    def draft_source(self, layout: Layout, field: Field, length: str) -> str:
        return f"{self.of} is not None and {self.of}.__class__ is not _NotGiven"

    def value(self, header: Declared) -> int:
        return getattr(header, self.of) is not None


class Elsewhere(NamedTuple):
    """A length that stands in another header, because it does not fit its own field: in which field, how many octets
    after the header, and the length.
    """

    layer: str
    field: str
    offset: int
    length: int


@dataclass(frozen=True)
class TotalLength(Role):
    """The length of the header and what it carries; of the latter alone with `payload_only`.

    `elsewhere` finds the length that a 0 stands for, from the class of what follows and the octets after the header.
    """

    payload_only: bool = False
    elsewhere: Callable[[Any, bytes], Elsewhere | None] | None = None
    covers_data = True
    obeyed = True
    beyond: ClassVar[int | None] = 0
    """What is right where the length does not fit (RFC 2675 section 4)."""

    def draft_source(self, layout: Layout, field: Field, length: str) -> str:
        return f"{length} - {layout.size}" if self.payload_only else length

    def fill_source(self, field: Field, scope: dict[str, Any]) -> list[str]:
        length = "end - body" if self.payload_only else "end - start"
        scope["too_long"] = too_long
        return [
            f"value = {length}",
            f"if value > {self.most(field)}: too_long(layers, index, {field.name!r}, value, {self.most(field)})",
            store(field),
        ]

    def end_source(self, layout: Layout, field: Field) -> list[str]:
        base = "body" if self.payload_only else "start"
        return [
            f"stop = {base} + ({read(field)})",
            "if stop == end: wire_end = end",
            "else: follows, end, wire_end ="
            f" total_length(layout, {field.name!r}, octets, start, {base}, body, stop, end, wire_end, follows, walk)",
        ]

    def most(self, field: Field) -> int:
        """The greatest length that it can say."""
        return field.mask

    def length(self, region: Region) -> int:
        """What it counts, as it was on the wire."""
        return len(region.data) + region.missing + (0 if self.payload_only else len(region.head))

    def judge(self, region: Region, field: Field) -> int | None:
        length = self.length(region)
        return length if length <= self.most(field) else self.beyond

    def filled(self, region: Region, field: Field) -> int | None:
        length = self.length(region)
        return length if length <= self.most(field) and not region.missing else None

    def state(self, region: Region, found: int, expected: int | None, checksum_state: str | None) -> State:
        """Right when it ends what was carried. Of octets that are not here nothing but the length itself tells."""
        state = super().state(region, found, expected, checksum_state)
        return "unverifiable" if region.missing and state == "good" else state


@dataclass(frozen=True)
class FrameLength(TotalLength):
    """The length of an IEEE 802.3 frame: of what it carries, without padding."""

    payload_only: bool = True
    beyond = None

    def most(self, field: Field) -> int:
        return MAX_FRAME_LENGTH

    def filled(self, region: Region, field: Field) -> int | None:
        """A builder fills it in before LLC alone: before octets, it takes the field for a number."""
        return super().filled(region, field) if region.next_class is not None else None


@dataclass(frozen=True)
class NextHeader(Role):
    """Which header follows, by its number. `unless` names a field that forbids decoding it (a later fragment's offset);
    `fragment` tells whether only a part of what follows is here, so that its checksum cannot be verified.
    """

    numbers: Numbers
    unless: str = ""
    fragment: Callable[[Any], bool] | None = None
    obeyed = True

    def fill_source(self, field: Field, scope: dict[str, Any]) -> list[str]:
        scope["number_of_" + field.name] = self.numbers.numbers.get
        scope["too_great"] = too_great
        return [
            f"value = number_of_{field.name}(follows, {field.default})",
            f"if value > {field.mask}: too_great(layers, index, {field.name!r}, value)",
            store(field),
        ]

    def follows_source(self, layout: Layout, field: Field, scope: dict[str, Any]) -> list[str]:
        scope["follow"] = self.numbers.classes.get
        forbidden = f"None if {read(layout.fields[self.unless])} else " if self.unless else ""
        return [f"follows = {forbidden}follow({read(field)})"]

    def judge(self, region: Region, field: Field) -> int | None:
        """Any number that leads to what follows is right; else the one that this is known by."""
        found: int = getattr(region.header, field.name)
        follows = region.next_class
        if follows is not None and follows in members(self.numbers.classes.get(found)):
            return found
        return self.numbers.of(follows)

    def filled(self, region: Region, field: Field) -> int | None:
        return self.numbers.of(region.next_class)


@dataclass(frozen=True)
class Port(NextHeader):
    """A destination port. Its sender chooses it, and most say nothing of what follows: any is right. It is filled in
    only before a header that has a port of its own.
    """

    judged = False

    def judge(self, region: Region, field: Field) -> int | None:
        expected = super().judge(region, field)
        return int(field.default) if expected is None else expected

    def filled(self, region: Region, field: Field) -> int | None:
        return int(field.default) if region.next_class is None else super().filled(region, field)


@dataclass(frozen=True)
class TypeOrLength(NextHeader):
    """The two octets after the addresses of an Ethernet frame: an EtherType, or the length of an LLC frame."""

    def here(self, region: Region, field: Field) -> Role:
        follows, found = region.next_class, getattr(region.header, field.name)
        length = found <= MAX_FRAME_LENGTH if follows is None else follows in self.numbers.length_classes
        return FrameLength() if length else NextHeader(self.numbers)

    def fill_source(self, field: Field, scope: dict[str, Any]) -> list[str]:
        scope["numbers"] = self.numbers
        *number, put = super().fill_source(field, scope)
        *length, _ = FrameLength().fill_source(field, scope)
        return [*number, "if follows in numbers.length_classes:", *(f" {line}" for line in length), put]

    def end_source(self, layout: Layout, field: Field) -> list[str]:
        return [
            f"if {read(field)} < {LENGTH_LIMIT}:",
            f" follows, end, wire_end = frame_length(layout, start, body, end, wire_end, {read(field)}, walk)",
        ]
