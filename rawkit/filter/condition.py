"""What a filter asks of a packet's octets: comparisons of numbers, joined. From this one form come both the test of a
packet and the kernel's program.

Values are unsigned, of 32 bits. A load past the end of the packet (or a division by 0) ends the whole question: the
packet does not match, not even where it stands behind a `not`. So the kernel's programs do, and with them every tool.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rawkit.wire import Field

MASK = 0xFFFFFFFF
Joint = Literal["and", "or"]


@dataclass(frozen=True)
class Constant:
    """A number."""

    value: int


@dataclass(frozen=True)
class Length:
    """Octets of the packet on the wire, more than are there where it was cut by the capture."""


@dataclass(frozen=True)
class Load:
    """`size` octets (1, 2, 4) of the packet, big-endian, at `offset` plus `index`."""

    offset: int
    size: int
    index: Value | None = None


@dataclass(frozen=True)
class Known:
    """What the kernel knows of a packet and no octet tells: an offset of linux/filter.h's SKF_AD_*."""

    what: Literal["packet type", "interface", "VLAN tag", "VLAN tag is there"]


@dataclass(frozen=True)
class Calculation:
    """`operator` is one of + - * / % & | ^ << >>."""

    operator: str
    left: Value
    right: Value


@dataclass(frozen=True)
class Either:
    """One value where the condition holds, else the other."""

    condition: Condition
    then: Value
    otherwise: Value


@dataclass(frozen=True)
class Walked:
    """Inside of a `Walk`: the number of the header it came to, and where that begins."""

    what: Literal["number", "place"]


Value = Constant | Length | Load | Known | Calculation | Either | Walked


@dataclass(frozen=True)
class Compare:
    """`relation` is one of = != > < >= <=."""

    left: Value
    relation: str
    right: Value


@dataclass(frozen=True)
class Chain:
    """Conditions joined from left to right; what cannot change the outcome any more is not asked."""

    first: Condition
    rest: tuple[tuple[Joint, Condition], ...]


@dataclass(frozen=True)
class Always:
    """Holds for every packet, or for none."""

    holds: bool


@dataclass(frozen=True)
class Opposite:
    """Holds where the other does not."""

    condition: Condition


@dataclass(frozen=True)
class Walk:
    """From header to header, as far as they are extension headers of IPv6 (or IPv4's AH): then `condition` is asked.

    `number` says what the first header at `start` is. One whose number is `until` is not passed, nor is a fragment
    header of a later piece where `whole` is set: behind that no header begins.
    """

    number: Value
    start: Value
    condition: Condition
    until: int | None = None
    whole: bool = False


Condition = Compare | Chain | Always | Opposite | Walk

MAX_WALK = 8
"""Extension headers that a walk passes: RFC 8200 section 4.1 has each of them once, and one of them twice."""

PASSED = (0, 60, 43, 44)
"""Extension headers whose second octet is their length, in units of 8 octets less one: hop-by-hop options, destination
options, routing; and fragment, whose second octet is 0."""

AUTHENTICATION = 51
"""AH, whose second octet is its length in units of 4 octets less two (RFC 4302 section 2.2)."""

FRAGMENT = 44
"""IPv6's next header of a piece of a datagram (RFC 8200 section 4.5)."""


@dataclass(frozen=True)
class At:
    """A place in the packet: `offset` octets from its beginning, and `index` more where that is not constant."""

    offset: int
    index: Value | None = None

    def __add__(self, octets: int) -> At:
        return At(self.offset + octets, self.index)

    def then(self, value: Value) -> At:
        """So much further on."""
        if isinstance(value, Constant):
            return At(self.offset + value.value & MASK, self.index)
        return At(self.offset, value if self.index is None else Calculation("+", self.index, value))

    def load(self, size: int) -> Load:
        return Load(self.offset, size, self.index)

    @property
    def value(self) -> Value:
        """The place as a number."""
        return Constant(self.offset) if self.index is None else Calculation("+", self.index, Constant(self.offset))


def every(*conditions: Condition) -> Condition:
    """All of them, asked in this order."""
    return chain("and", conditions)


def some(*conditions: Condition) -> Condition:
    """At least one of them, asked in this order."""
    return chain("or", conditions)


def chain(joint: Joint, conditions: tuple[Condition, ...]) -> Condition:
    """Less those that hold always, or never, where that does not matter."""
    left = [each for each in conditions if each != Always(joint == "and")]
    if Always(joint == "or") in left:
        left = left[: left.index(Always(joint == "or")) + 1]
    if not left:
        return Always(joint == "and")
    return left[0] if len(left) == 1 else Chain(left[0], tuple((joint, each) for each in left[1:]))


def opposite(condition: Condition) -> Condition:
    """Not."""
    if isinstance(condition, Always):
        return Always(not condition.holds)
    return condition.condition if isinstance(condition, Opposite) else Opposite(condition)


def calculation(operator: str, left: Value, right: Value) -> Value:
    """Worked out where both are constants."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        return Constant(CALCULATIONS[operator](left.value, right.value) & MASK)
    return Calculation(operator, left, right)


CALCULATIONS = {
    "+": int.__add__,
    "-": int.__sub__,
    "*": int.__mul__,
    "/": int.__floordiv__,
    "%": int.__mod__,
    "&": int.__and__,
    "|": int.__or__,
    "^": int.__xor__,
    "<<": int.__lshift__,
    ">>": int.__rshift__,
}


def same(at: At, size: int, value: int, mask: int = MASK) -> Condition:
    """Whether the octets there, of which `mask` says the bits that count, are this value."""
    if mask == 0:
        return Always(True)
    whole = (1 << 8 * size) - 1
    loaded: Value = at.load(size)
    if mask & whole != whole:
        loaded = Calculation("&", loaded, Constant(mask))
    return Compare(loaded, "=", Constant(value))


def field_is(header: At, field: Field, value: int) -> Condition:
    """Whether a declared field of the header that begins there has this value."""
    at, size = header + field.offset, field.width // 8
    return same(at, size, value << field.shift, field.mask << field.shift)


def is_number(number: int) -> Condition:
    """Whether a walk came to a header of this number."""
    return Compare(Walked("number"), "=", Constant(number))
