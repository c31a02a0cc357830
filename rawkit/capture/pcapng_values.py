"""The values that pcapng options take where a number, a text or octets do not say enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, Self

Order = Literal["little", "big"]


class Option(NamedTuple):
    """One option: its code in its block, its name in the specification, and its value (bytes when not understood)."""

    code: int
    name: str
    value: object


class Custom(NamedTuple):
    """A vendor's own option or block: who defined it (IANA private enterprise number), and what it says."""

    enterprise: int
    value: str | bytes


class PacketHash(NamedTuple):
    algorithm: int
    octets: bytes


class Verdict(NamedTuple):
    kind: int
    octets: bytes


class InterfaceFilter(NamedTuple):
    """The capture filter: kind 0 is a filter expression (text), 1 is BPF code."""

    kind: int
    value: str | bytes


class TerminatedText(str):
    r"""A text that its writer ended with a NUL, as C does and the specification does not ask for.

    >>> text = TerminatedText.of(b"hello\0..")
    >>> text, text.octets
    ('hello', b'hello\x00..')
    """

    octets: bytes
    """All of them, NUL and what follows it included: what a copy writes."""

    @classmethod
    def of(cls, octets: bytes) -> Self:
        """UnicodeDecodeError where what stands before the NUL is no UTF-8."""
        text = cls(octets.partition(b"\0")[0].decode())
        text.octets = octets
        return text


class PacketFlags(int):
    """The link-layer flags word of a packet (section "Enhanced Packet Block Flags Word").

    >>> PacketFlags(0x42).direction, PacketFlags(0x42).fcs_length
    ('out', 2)
    """

    __slots__ = ()

    @property
    def direction(self) -> Literal["in", "out"] | None:
        kind = self & 0b11
        return "in" if kind == 1 else "out" if kind == 2 else None

    @property
    def reception(self) -> str:
        """unspecified, unicast, multicast, broadcast, promiscuous, or the reserved number as text."""
        kind = self >> 2 & 0b111
        names = ("unspecified", "unicast", "multicast", "broadcast", "promiscuous")
        return names[kind] if kind < len(names) else str(kind)

    @property
    def fcs_length(self) -> int:
        """Octets; 0 when not given."""
        return self >> 5 & 0b1111

    @property
    def checksum_not_ready(self) -> bool:
        """The sender's host had not yet filled the checksum in (offload)."""
        return bool(self >> 9 & 1)

    @property
    def errors(self) -> int:
        """Link-layer error bits, the word's upper half."""
        return self >> 16


def values(options: Iterable[Option], name: str) -> Iterator[object]:
    """The values of all options of that name, in order."""
    return (option.value for option in options if option.name == name)
