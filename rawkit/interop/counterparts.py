"""What packets of other libraries and ours have in common: which first header is which, and octets that stay exact.

Another library may leave out what it has no place for, or correct what it reads. Where its whole chain of headers does
not give the octets back, the innermost headers that do not are left as plain octets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rawkit.wire import Packet
from rawkit.wire.chooser import members
from rawkit.wire.reference import resolve


class Counterparts:
    """Pairs of references to a class, theirs and ours (a header or a chooser), that a packet can begin with."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = pairs

    def theirs(self, packet: Packet) -> Any:
        """Their class for a packet's first header; None where there is none."""
        kind = type(packet.layers[0]) if packet.layers else None
        return next((resolve(theirs) for theirs, ours in self.pairs if kind in members(resolve(ours))), None)

    def ours(self, theirs: Any) -> Any:
        """What a packet of theirs is decoded with; None, for plain octets, where we do not know its first header."""
        known = {resolve(name): ours for name, ours in self.pairs}
        return next((resolve(known[kind]) for kind in type(theirs).__mro__ if kind in known), None)


def exact(theirs: Any, octets: bytes, headers: Sequence[Any], carry: Callable[[Any, bytes], None]) -> bool:
    """Make `bytes(theirs)` be `octets`; False where it cannot be.

    `headers` are those of `theirs`, outermost first; `carry(header, octets)` lets one carry plain octets.
    """
    for header in reversed(headers):
        if encoded(theirs) == octets:
            return True
        carry(header, b"")
        head = encoded(theirs)
        if head is not None and octets.startswith(head):
            carry(header, octets[len(head) :])
    return encoded(theirs) == octets


def encoded(theirs: Any) -> bytes | None:
    """Its octets; None where the library cannot encode what it decoded."""
    try:
        return bytes(theirs)
    except Exception:
        return None
