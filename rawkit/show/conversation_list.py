"""A capture's conversations, one a line, and what a capture holds besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rawkit.show.escape import visible
from rawkit.show.ladder_text import counted
from rawkit.show.paint import Paint, plain
from rawkit.timeline import End

MAX_NAMED = 4
"""Kinds of other packets told by name."""


@dataclass(frozen=True)
class Row:
    """One conversation in the list."""

    number: int
    protocol: str
    ends: tuple[End, End]
    packets: int
    octets: int


def conversation_list(rows: Sequence[Row], paint: Paint = plain) -> str:
    """A table: number, protocol, the two ends (who asked first), packets, octets on the wire."""
    texts = [
        (
            str(row.number),
            row.protocol.upper(),
            *(visible(end) for end in row.ends),
            f"{row.packets:,}",
            f"{row.octets:,}",
        )
        for row in rows
    ]
    heads = ("n", "", "from", "to", "packets", "octets")
    sizes = [max(len(text[column]) for text in (heads, *texts)) for column in range(len(heads))]
    lines = [paint(aligned(heads, sizes), "dim"), *(aligned(text, sizes) for text in texts)]
    return "\n".join(lines) + "\n"


def aligned(texts: Sequence[str], sizes: Sequence[int]) -> str:
    """One line: numbers to the right, names to the left."""
    number, protocol, first, second, packets, octets = (
        text.ljust(size) if 1 <= column <= 3 else text.rjust(size)
        for column, (text, size) in enumerate(zip(texts, sizes, strict=True))
    )
    return f"{number}  {protocol}  {first}  {second}  {packets}  {octets}".rstrip()


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


def joined(parts: Iterable[str]) -> str:
    """`a, b and c`"""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
