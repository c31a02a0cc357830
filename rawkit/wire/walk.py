"""What decoding has found so far, header by header."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rawkit.errors import Defect

if TYPE_CHECKING:
    from rawkit.wire.header import Header

CUT_BY_CAPTURE = "header cut short by the capture"
"""Why a header is no header, where the capture kept less of it than was on the wire."""


class Walk:
    """The headers so far, outermost first, and what was wrong with them; `note` takes a Defect. `short`: a length said
    that more was carried than was on the wire. `jumbogram`: the length stands where more than 16 bits have room.
    """

    __slots__ = ("defects", "jumbogram", "layers", "note", "short")

    def __init__(self) -> None:
        self.layers: list[Header] = []
        self.defects: list[Defect] = []
        self.note: Callable[[Defect], None] = self.defects.append
        self.short = False
        self.jumbogram = False


def fragmented(layers: Sequence[Header]) -> bool:
    """Whether one of these headers says that only a part of what it carries is here."""
    for header in layers:
        fragment = header._layout.fragment
        if fragment is not None and fragment(header):
            return True
    return False
