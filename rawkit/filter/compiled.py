"""A filter for one kind of link, and one for whatever links a capture has."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

from rawkit.filter.grammar import Resolve, parse
from rawkit.filter.instructions import Instruction
from rawkit.filter.judge import PacketTest, packet_test
from rawkit.filter.meaning import Meant, meaning
from rawkit.filter.program import WHOLE_PACKET, program
from rawkit.filter.tree import Chained, Node, Not, Term


class Captured(Protocol):
    """What a filter needs to know of a captured frame."""

    @property
    def octets(self) -> bytes: ...
    @property
    def wire_length(self) -> int: ...
    @property
    def interface(self) -> Any: ...


class Filter:
    """An expression, read for one link type (numbers of capture files: 1 is Ethernet, 101 raw IP).

    >>> web = Filter("tcp port 80")
    >>> web.matches(bytes.fromhex("02000000000202000000000186dd"))
    False
    """

    def __init__(
        self, text: str, link_type: int = 1, *, deep: bool = False, kernel: bool = False, resolve: Resolve | None = None
    ) -> None:
        """`deep`: look behind VLAN tags and IPv6 extension headers. `kernel`: for `program`, which then may ask what
        the kernel knows and no frame says. `resolve`: looks up the names of hosts, which otherwise are refused.

        FilterError where the expression is none, or asks what such a link does not tell.
        """
        self.text = text
        self.tree: Node = parse(text, resolve)
        self.meant: Meant = meaning(text, self.tree, link_type, deep=deep, kernel=kernel)
        self._tests: dict[int, PacketTest] = {}

    @cached_property
    def test(self) -> PacketTest:
        """The whole question, as a function of one packet's octets and length."""
        return packet_test(self.meant.condition)

    def matches(self, octets: bytes, wire_length: int | None = None) -> bool:
        """Whether a packet is one of those asked for. `wire_length`: where it was cut, how long it had been."""
        return self.test(octets, len(octets) if wire_length is None else wire_length) is True

    def program(self, snap_length: int = WHOLE_PACKET) -> list[Instruction]:
        """For the kernel: it returns `snap_length` for a packet that matches, else 0."""
        return program(self.meant.condition, snap_length)

    def decide(self, octets: bytes, wire_length: int) -> tuple[bool | None, Term | Not]:
        """Whether a packet matches, and the term that decided so: the last one asked. None: it asked past the end."""
        return self._decide(self.meant, octets, wire_length)

    def _decide(self, meant: Meant, octets: bytes, wire_length: int) -> tuple[bool | None, Term | Not]:
        node = meant.node
        if isinstance(node, Not):
            holds, term = self._decide(meant.parts[0], octets, wire_length)
            return None if holds is None else not holds, node if term is node.term else term
        if not isinstance(node, Chained):
            test = self._tests.setdefault(id(meant), packet_test(meant.condition))
            return test(octets, wire_length), node
        holds, term = self._decide(meant.parts[0], octets, wire_length)
        for (joint, _), part in zip(node.rest, meant.parts[1:], strict=True):
            if holds is (joint == "and"):
                holds, term = self._decide(part, octets, wire_length)
        return holds, term


class FrameFilter:
    """An expression for the frames of a capture, each by its own link type."""

    def __init__(self, text: str, *, deep: bool = False, resolve: Resolve | None = None) -> None:
        """FilterError where the expression is none; where a link does not tell what it asks, its first frame raises."""
        self.text = text
        self._deep, self._resolve = deep, resolve
        parse(text, resolve)
        self._filters: dict[int, Filter] = {}

    def of(self, link_type: int) -> Filter:
        """The filter for one link type."""
        if link_type not in self._filters:
            self._filters[link_type] = Filter(self.text, link_type, deep=self._deep, resolve=self._resolve)
        return self._filters[link_type]

    def __call__(self, frame: Captured) -> bool:
        """Whether the frame matches."""
        return self.of(frame.interface.linktype).matches(frame.octets, frame.wire_length)
