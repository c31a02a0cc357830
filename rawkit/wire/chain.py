"""A common chain of headers, each in a fixed place.

Most packets are Ethernet, IPv4 without options, TCP or UDP: there every field lies at an offset that is known
beforehand. From the declarations of such a chain comes a *guard*: one `unpack` of all the words that decide (numbers
of what follows, lengths, constants) and the comparisons that say whether these octets are that chain, whole and
undamaged. Where the guard fails, nothing was claimed, and the general way decides. `fused.py` decodes and encodes with
it, `extract.py` reads named fields.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from struct import Struct
from typing import Any

from rawkit.wire.dissect import control_fields
from rawkit.wire.field import CODES, Field
from rawkit.wire.layout import Layout, Word
from rawkit.wire.pseudo import PseudoHeader
from rawkit.wire.role import HeaderLength, NextHeader, TotalLength

Wanted = Sequence[tuple[Any, str]]
"""Fields asked for: header class and field name."""


class Chain:
    """Header classes that follow one another, all but the last in their shortest form."""

    def __init__(self, classes: Sequence[Any]) -> None:
        self.classes = tuple(classes)
        self.layouts: list[Layout] = [cls.layout for cls in classes]
        self.starts = [sum(layout.size for layout in self.layouts[:index]) for index in range(len(classes))]
        self.size = sum(layout.size for layout in self.layouts)

    def words(self, wanted: Wanted = ()) -> list[tuple[int, Word]]:
        """(place in the packet, word) of every word that decides or is wanted, in order."""
        names = {(cls, name) for cls, name in wanted}
        found = []
        for cls, layout, start in zip(self.classes, self.layouts, self.starts, strict=True):
            control = control_fields(layout)
            for word in layout.words:
                if any(field in control or (cls, field.name) in names for field in word.fields):
                    found.append((start + word.offset, word))
        return found

    def unpacker(self, wanted: Wanted = ()) -> tuple[Callable[[bytes], tuple[Any, ...]], str]:
        """The `unpack_from` of these words, and the names it is assigned to."""
        codes, at, names = ">", 0, ""
        for place, word in self.words(wanted):
            codes += f"{place - at}x{word.code}" if place > at else word.code
            at = place + word.width // 8
            names += f"w{place}, "
        return Struct(codes).unpack_from, names

    def constants(self) -> list[str]:
        """The comparisons: each word's deciding bits must have one value."""
        wanted: dict[int, list[int]] = {}
        widths: dict[int, int] = {}
        for index, (layout, start) in enumerate(zip(self.layouts, self.starts, strict=True)):
            for field, number in self._fixed_values(index, layout):
                place = start + field.offset
                widths[place] = field.width
                bits = wanted.setdefault(place, [0, 0])
                bits[0] |= field.mask << field.shift
                bits[1] |= number << field.shift
        return [
            f"w{place} == {number}" if mask == (1 << widths[place]) - 1 else f"w{place} & {mask} == {number}"
            for place, (mask, number) in wanted.items()
        ]

    def _fixed_values(self, index: int, layout: Layout) -> list[tuple[Field, int]]:
        """(field, number) for what must hold so that header `index` is this one, and the next follows it directly."""
        values = [(field, field.must) for field in layout.fixed if field.must is not None]
        if index + 1 == len(self.classes):
            return values
        if layout.length_field is not None and isinstance(layout.length_field.role, HeaderLength):
            role = layout.length_field.role
            values.append((layout.length_field, (layout.size - role.plus) // role.unit))
        if layout.next_field is not None and isinstance(layout.next_field.role, NextHeader):
            number = layout.next_field.role.numbers.of(self.classes[index + 1])
            values.append((layout.next_field, -1 if number is None else number))
            if layout.next_field.role.unless:
                values.append((layout.fields[layout.next_field.role.unless], 0))
        return values

    def pseudo_header(self, index: int) -> tuple[int, PseudoHeader, tuple[int, int], int | None]:
        """What header `index` sums beside its octets: the index of the header that lends it, how the rest is made,
        where in that header the addresses begin and end, and the number by which that header knows this one.
        """
        outer = next(each for each in range(index - 1, -1, -1) if self.layouts[each].pseudo_header)
        layout = self.layouts[outer]
        assert layout.pseudo_header is not None
        assert layout.next_numbers is not None
        begin, _, end = layout.pseudo_span
        return outer, layout.pseudo_header, (begin, end), layout.next_numbers.of(self.classes[index])

    def last_one(self, scope: dict[str, Any], name: str) -> list[str]:
        """The comparison that no header follows the last: its number is not bound. `name` goes into `scope`."""
        layout, start = self.layouts[-1], self.starts[-1]
        if layout.next_field is None or layout.next_numbers is None:
            return []
        scope[name] = layout.next_numbers.classes
        return [f"{value(start, layout.next_field)} not in {name}"]

    def lengths(self) -> list[str]:
        """Statements that set `end` (where the data ends) and `body` (where the last header ends), and leave with
        `return None` where a length does not fit."""
        lines = []
        for layout, start in zip(self.layouts, self.starts, strict=True):
            for field in layout.fixed:
                if isinstance(field.role, TotalLength):
                    base = start + layout.size if field.role.payload_only else start
                    lines += [
                        f"stop = {base} + {value(start, field)}",
                        f"if not {self.size} <= stop <= end: return None",
                        "end = stop",
                    ]
        last, start = self.layouts[-1], self.starts[-1]
        if last.length_field is not None and isinstance(last.length_field.role, HeaderLength):
            role = last.length_field.role
            lines += [
                f"body = {start + role.plus} + ({value(start, last.length_field)}) * {role.unit}",
                f"if not {self.size} <= body <= end: return None",
            ]
        else:
            lines.append(f"body = {self.size}")
        return lines


def value(start: int, field: Field) -> str:
    """A field's number (or octets) from its word's name."""
    word = f"w{start + field.offset}"
    if field.width not in CODES and not field.code:  # no unsigned word of `struct`: it was unpacked as octets
        word = f"int.from_bytes({word}, 'big')"
    if field.bits == field.width:
        return word
    return f"({word} >> {field.shift} & {field.mask})" if field.shift else f"({word} & {field.mask})"


def fits(layout: Layout) -> bool:
    """Whether a class can stand in a chain: big-endian, and its end told by its size or its header length."""
    ends = not layout.variable or isinstance(layout.length_field and layout.length_field.role, HeaderLength)
    return ends and layout.order == ">"


def path(first: Any, last: Any, depth: int = 6) -> list[Any] | None:
    """The shortest chain of classes from `first` to `last` by the numbers that bind them; None where there is none."""
    if first is last:
        return [first]
    waiting: list[list[Any]] = [[first]]
    seen = {first}
    while waiting:
        chain = waiting.pop(0)
        layout: Layout = chain[-1].layout
        numbers = layout.next_numbers
        if numbers is None or not fits(layout) or len(chain) >= depth:
            continue
        for follows in numbers.classes.values():
            if follows is last:
                return [*chain, last]
            if isinstance(follows, type) and follows not in seen:
                seen.add(follows)
                waiting.append([*chain, follows])
    return None
