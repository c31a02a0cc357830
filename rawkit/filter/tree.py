"""What an expression says, as it was written: terms joined by and, or, not; and arithmetic over octets.

The tree knows no octets of any link: `meaning.py` says what each term asks of a packet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rawkit.wire import IPv4Address, IPv6Address, MACAddress

Span = tuple[int, int]
"""Begin and end of a part of the expression's text."""

Joint = Literal["and", "or"]


@dataclass(frozen=True)
class Chained:
    """Terms joined from left to right by "and" and "or", which are of one rank; what decides nothing is not asked."""

    first: Node
    rest: tuple[tuple[Joint, Node], ...]


@dataclass(frozen=True)
class Not:
    """The opposite. `span` is where it stands in the text."""

    term: Node
    span: Span = field(compare=False, kw_only=True)


@dataclass(frozen=True)
class Number:
    """A constant, as it was written: `name` where it was a word (`tcp-syn`)."""

    value: int
    name: str = ""


@dataclass(frozen=True)
class PacketLength:
    """`len`: octets of the packet on the wire."""


@dataclass(frozen=True)
class Octets:
    """`tcp[13:2]`: 1, 2 or 4 octets of a header, `index` octets from its beginning."""

    protocol: str
    index: Expression
    size: int


@dataclass(frozen=True)
class Arithmetic:
    """Two values and an operator between them, modulo 2**32."""

    operator: str
    left: Expression
    right: Expression


Expression = Number | PacketLength | Octets | Arithmetic


@dataclass(frozen=True)
class Term:
    """A condition that is made of no others. `span` is where it stands in the text."""

    span: Span = field(compare=False, kw_only=True)


@dataclass(frozen=True)
class Everything(Term):
    """The empty expression."""


@dataclass(frozen=True)
class Relation(Term):
    """`ip[0] & 0xf > 5`: unsigned."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Qualifiers:
    """What stands before a value: `tcp`, `src or dst`, `port`. "" where it was left out."""

    protocol: str = ""
    direction: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Network:
    """An address and which of its bits count."""

    address: IPv4Address | IPv6Address
    mask: int


@dataclass(frozen=True)
class Ports:
    """From `first` to `last`; of one `transport` where a name says so, else ""."""

    first: int
    last: int
    transport: str


Value = Number | Network | Ports | MACAddress


@dataclass(frozen=True)
class Selection(Term):
    """`tcp dst port 80`: qualifiers and one value."""

    qualifiers: Qualifiers
    value: Value


@dataclass(frozen=True)
class Protocol(Term):
    """`tcp`: the packet has it."""

    name: str


@dataclass(frozen=True)
class Cast(Term):
    """`ip multicast`, `broadcast`: to more than one."""

    protocol: str
    kind: str


@dataclass(frozen=True)
class Layer(Term):
    """`vlan 5`, `mpls`, `pppoes`, `geneve`: all that is written after it is asked of what is inside."""

    name: str
    number: int | None


@dataclass(frozen=True)
class FromLink(Term):
    """`inbound`, `outbound`, `ifindex 3`: what the capturing kernel knows and no header tells."""

    name: str
    number: int | None = None


@dataclass(frozen=True)
class LLCType(Term):
    """`llc`, `llc ui`: IEEE 802.2, and which kind of frame."""

    kind: str


Node = Chained | Not | Term
