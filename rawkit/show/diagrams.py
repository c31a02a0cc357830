"""A header drawn from its declaration, in the shape that RFCs use: 32 bits a row, the most significant bit first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rawkit.show.counts import counted
from rawkit.show.paint import FIELDS, Paint, plain
from rawkit.wire import Field
from rawkit.wire.field import FlagsField

ROW = 32
"""Bits a row."""

WIDTH = 2 * ROW + 2
"""Columns of a diagram."""


@dataclass(frozen=True)
class Cell:
    """A run of bits of one field in one row. `first`: the first bit in the header; `owner` numbers the field."""

    owner: int
    first: int
    bits: int
    label: str

    @property
    def width(self) -> int:
        """Columns between its two bars."""
        return self.bits * 2 - 1


def diagram(kind: Any, *, paint: Paint = plain) -> str:
    """The diagram of a header or option class; the fields after the fixed ones are drawn as open rows.

    Every bit of a flags field has its letter. A name that does not fit stands as its declared abbreviation, else cut.
    """
    layout = kind.layout
    rows = grid(layout.fixed)
    lines = ruler()
    for index, row in enumerate(rows):
        lines.append(" " + separator(rows[index - 1] if index else [], row))
        lines.append(" |" + "".join(drawn(cell, paint) + "|" for cell in row))
    lines.append(" " + separator(rows[-1] if rows else [], []))
    for field in layout.variable:
        lines += open_row(field, paint)
    return "\n".join(lines)


def ruler() -> list[str]:
    """The two lines of bit numbers."""
    tens = "".join(f"{bit // 10 if bit % 10 == 0 else ' '} " for bit in range(ROW))
    ones = "".join(f"{bit % 10} " for bit in range(ROW))
    return [f"  {tens}".rstrip(), f"  {ones}".rstrip()]


def grid(fields: list[Field]) -> list[list[Cell]]:
    """The cells of the fixed fields, row by row; a field that crosses the end of a row has a cell in each."""
    rows: list[list[Cell]] = []
    at = 0
    for owner, field in enumerate(fields):
        for cell in cells(owner, field, at):
            if cell.first % ROW == 0:
                rows.append([])
            rows[-1].append(cell)
        at += field.bits
    return rows


def cells(owner: int, field: Field, first: int) -> list[Cell]:
    """The cells of one field: a bit each for flags, else one a row with the name in the widest."""
    if isinstance(field, FlagsField):
        letters = {bit.mask: bit.letter[0] for bit in field.kind.bits}
        masks = [1 << position for position in reversed(range(field.bits))]
        return [Cell(owner * 100 + at, first + at, 1, letters.get(mask, "0")) for at, mask in enumerate(masks)]
    found = []
    left = field.bits
    while left:
        bits = min(left, ROW - first % ROW)
        found.append(Cell(owner * 100, first, bits, ""))
        first, left = first + bits, left - bits
    widest = max(range(len(found)), key=lambda index: found[index].bits)
    labelled = found[widest]
    found[widest] = Cell(labelled.owner, labelled.first, labelled.bits, field.abbreviation or field.name)
    return found


def drawn(cell: Cell, paint: Paint) -> str:
    """A cell between its bars: its label in the middle, cut where it does not fit."""
    label = cell.label[: cell.width]
    left = (cell.width - len(label)) // 2
    right = cell.width - len(label) - left
    return " " * left + paint(label, FIELDS[cell.owner // 100 % len(FIELDS)]) + " " * right


def separator(above: list[Cell], below: list[Cell]) -> str:
    """The line between two rows: open where a field goes on in the next row."""
    over, under = owners(above), owners(below)
    width = max(sum(cell.bits for cell in above), sum(cell.bits for cell in below)) or ROW
    closed = [over[bit] != under[bit] or over[bit] is None for bit in range(width)]
    corners = [before or after for before, after in zip([True, *closed], [*closed, True], strict=True)]
    return (
        "".join(
            ("+" if corner else " ") + ("-" if line else " ") for corner, line in zip(corners, closed, strict=False)
        )
        + "+"
    )


def owners(row: list[Cell]) -> list[int | None]:
    """Whose each bit of a row is."""
    found: list[int | None] = [cell.owner for cell in row for _ in range(cell.bits)]
    return found + [None] * (ROW - len(found))


def open_row(field: Field, paint: Paint) -> list[str]:
    """A field whose length is not fixed."""
    width = ROW * 2 - 1
    note = f"{field.name} ({'where present, ' if field.when is not None else ''}{extent(field)})"
    middle = note[:width].center(width)
    return [f" ~{middle.replace(note, paint(note, 'name'))}~", " +" + "-+" * ROW]


def extent(field: Field) -> str:
    """How long a field of the variable part is, in words."""
    if field.bits:
        return counted(field.bits, "bit")
    size = getattr(field, "length", None)
    return counted(size, "octet") if isinstance(size, int) else "variable"
