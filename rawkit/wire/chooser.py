"""What follows, told by its own first octets: the version of an IP datagram, the byte order of a loopback header."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rawkit.errors import Defect
from rawkit.wire.walk import Walk


class PlainOctets:
    """What a chooser takes where octets are rightly none of its classes: they stay payload, and nothing is wrong."""


class Chooser:
    """Stands where a header class could stand (`first=`, a bound number): looks at `size` octets, then takes a class.
    With `least` it takes one by fewer too, of which there must be that many.

    `choose(octets, length)` gives one of `classes`, or None for octets that are none of them: these stay payload, with
    a defect. `length` is how many there were on the wire, from the first of the octets on: more than at hand where the
    capture kept less. `PlainOctets` is for those that are rightly none. `after` asks the header before whether it
    announces them at all; where it does not, they are octets too.
    """

    _fused_decode = None

    def __init__(
        self,
        name: str,
        size: int,
        choose: Callable[[bytes, int], Any],
        classes: tuple[Any, ...],
        after: Callable[[Any], bool] = lambda header: True,
        least: int | None = None,
    ) -> None:
        self.__name__ = name
        self.size = size
        self.choose = choose
        self.classes = classes
        self.after = after
        self.least = size if least is None else least

    def _dissect(self, octets: bytes, start: int, end: int, wire_end: int, walk: Walk) -> Any:
        head = octets[start : min(end, start + self.size)]
        chosen = self.choose(head, wire_end - start) if len(head) >= self.least else None
        announced = not walk.layers or self.after(walk.layers[-1])
        if chosen is PlainOctets or not announced:
            return None, None, start, end, wire_end
        if chosen is not None:
            return chosen._dissect(octets, start, end, wire_end, walk)
        cut = "header cut short by the capture" if wire_end - start >= self.least else "header cut short"
        why = "none of these" if len(head) >= self.least else cut
        names = " or ".join(each.__name__ for each in self.classes)
        walk.note(Defect(self.__name__, "", start, head.hex() or "nothing", names, why))
        return None, None, start, end, wire_end

    def __repr__(self) -> str:
        return self.__name__


def members(follows: Any) -> tuple[Any, ...]:
    """The classes that a bound name can turn out to be: a chooser's, or the class itself."""
    return follows.classes if isinstance(follows, Chooser) else (follows,)
