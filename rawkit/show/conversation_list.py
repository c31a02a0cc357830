"""A capture's conversations, one a line, and what a capture holds besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rawkit.show.counts import counted, joined
from rawkit.show.escape import visible
from rawkit.show.paint import Paint, plain
from rawkit.timeline import End

MAX_NAMED = 4
"""Kinds of other packets told by name."""

HEADS = ("n", "", "from", "to", "packets", "octets", "state")


@dataclass(frozen=True)
class Row:
    """One conversation in the list: its ends (who asked first), the state that both came to, what went wrong, and the
    tunnel that it is inside of."""

    number: int
    protocol: str
    ends: tuple[End, End]
    packets: int
    octets: int
    state: str = ""
    wrong: tuple[str, ...] = ()
    tunnel: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """A text a column."""
        numbers = (f"{self.packets:,}", f"{self.octets:,}")
        inside = self.tunnel and f"in {self.tunnel}"
        became = "; ".join(filter(None, (self.state, visible(", ".join(self.wrong)), visible(inside))))
        return str(self.number), self.protocol.upper(), *(visible(end) for end in self.ends), *numbers, became


def conversation_list(rows: Sequence[Row], width: int = 80, paint: Paint = plain) -> str:
    """A table: number, protocol, the two ends (who asked first), packets, octets on the wire, what became of it.

    Where a line has not room for everything, what became of a conversation stands below it.
    """
    table = [row.texts for row in rows]
    sizes = [max(len(texts[column]) for texts in (HEADS, *table)) for column in range(len(HEADS))]
    fits = sum(sizes) + 2 * (len(sizes) - 1) <= width
    indent = " " * (sizes[0] + 2)
    lines = [paint(aligned(HEADS if fits else HEADS[:-1], sizes), "dim")]
    for *texts, became in table:
        lines.append(aligned([*texts, became] if fits else texts, sizes))
        if became and not fits:
            lines.append(paint(indent + became, "dim"))
    return "\n".join(lines) + "\n"


def aligned(texts: Iterable[str], sizes: Sequence[int]) -> str:
    """One line: numbers to the right, names to the left."""
    cells = (
        text.ljust(size) if column in (1, 2, 3, 6) else text.rjust(size)
        for column, (text, size) in enumerate(zip(texts, sizes, strict=False))
    )
    return "  ".join(cells).rstrip()


def besides(others: Mapping[str, int], in_other_conversations: int = 0, untold: int = 0) -> str:
    """A sentence on packets of the capture that the ladder does not show; "" when there are none."""
    kinds = sorted(others.items(), key=lambda kind: (-kind[1], kind[0]))
    parts = [f"{number:,} {visible(name)}" for name, number in kinds[:MAX_NAMED]]
    rest = sum(number for _, number in kinds[MAX_NAMED:])
    parts += [f"{rest:,} of other kinds"] if rest else []
    parts += [f"{in_other_conversations:,} of other conversations"] if in_other_conversations else []
    parts += [f"{untold:,} of conversations too many to tell apart"] if untold else []
    total = sum(others.values()) + in_other_conversations + untold
    if not total:
        return ""
    are = "is" if total == 1 else "are"
    return f"{counted(total, 'packet')} of the capture {are} not in this conversation: {joined(parts)}."
