"""What a class declares, worked out once: where each field lies, which are computed, how options are told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from struct import Struct
from typing import TYPE_CHECKING, Any, Literal

from rawkit.errors import Defect, FieldError
from rawkit.wire.checksum_role import Checksum
from rawkit.wire.field import CODES, Field, Repeat, Tail, fixed
from rawkit.wire.role import HeaderLength, NextHeader

if TYPE_CHECKING:
    from rawkit.wire.header import Declared, Header
    from rawkit.wire.numbers import Numbers
    from rawkit.wire.pseudo import PseudoHeader
    from rawkit.wire.quotation import Quotation

MAX_OPTIONS = 2048
"""Options read from one list: as many as the longest IPv6 extension header, of 2,048 octets, has room for. Longer lists
(chunks, records) stop there, with a defect.
"""


class Word:
    """Neighbouring fixed fields that are read and written as one unsigned number (or one run of octets)."""

    def __init__(self, offset: int, fields: list[Field]) -> None:
        self.offset = offset
        self.fields = fields
        self.width = sum(field.bits for field in fields)
        self.code = fields[0].code or CODES.get(self.width, f"{self.width // 8}s")
        shift = self.width
        for field in fields:
            shift -= field.bits
            field.offset, field.width, field.shift = offset, self.width, shift


def place(fields: Iterable[Field]) -> list[Word]:
    """Group neighbouring bit fields to words of 8, 16 or 32 bits; every other field is a word by itself."""
    words: list[Word] = []
    group: list[Field] = []
    offset = 0
    for field in fields:
        group.append(field)
        width = sum(member.bits for member in group)
        if width % 8 == 0 and (len(group) == 1 or width in CODES):
            words.append(Word(offset, group))
            offset += width // 8
            group = []
    if group:
        raise TypeError(f"the bits from {group[0].name!r} on do not fill a word of 8, 16 or 32")
    return words


def byte_order(name: str, fields: list[Field]) -> Literal["<", ">"]:
    """The order of a class's words; TypeError where they differ."""
    orders = {field.order for field in fields if field.width > 8 and not field.code}
    if len(orders) > 1:
        raise TypeError(f"{name}: words of both byte orders in one header; declare two headers")
    return "<" if orders == {"<"} else ">"


def as_tuple(given: Any) -> tuple[Any, ...]:
    """One class, or several, as a declaration names them."""
    return given if isinstance(given, tuple) else (given,)


INNER_BORDER = re.compile(r"(?<=[a-z]{2})(?=[A-Z])|(?<!^)(?=[A-Z][a-z]{2})")
"""Where a word ends in a class's name; not in `IPv4` or `PPPoE`."""


def in_words(name: str) -> str:
    """A class's name as people write it; one word is a name already.

    >>> in_words("ICMPv4EchoRequest"), in_words("ServiceVLAN"), in_words("Ethernet")
    ('ICMPv4 echo request', 'service VLAN', 'Ethernet')
    """
    words = INNER_BORDER.sub(" ", name).split()
    return name if len(words) == 1 else " ".join(word.lower() if word.istitle() else word for word in words)


class Layout:
    """The declaration of one header or option class. `size` is the octets of its fixed fields."""

    def __init__(self, owner: type[Declared], fields: dict[str, Field], options: dict[str, Any]) -> None:
        self.owner = owner
        self.name = owner.__name__
        self.fields = fields
        self.fixed = fixed(fields.values())
        self.variable = [field for field in fields.values() if field not in self.fixed]
        self.shaped = any(field.shaped for field in self.variable)
        self.words = place(self.fixed)
        self.order = byte_order(self.name, self.fixed)
        self.struct = Struct(self.order + "".join(word.code for word in self.words))
        self.size = self.struct.size
        self.rfc: str = options.get("rfc", "")
        self._called: str = options.get("called", "")
        self.wireshark: str = options.get("wireshark", "")
        self.part_of: tuple[Any, ...] = as_tuple(options.get("part_of", ()))
        self.pseudo_header: PseudoHeader | None = options.get("pseudo_header")
        self.pseudo_span = self.pseudo_header.span(self) if self.pseudo_header else (0, 0, 0)
        self.route: Callable[[Any], Any] | None = options.get("route")
        self.quotes: Quotation | None = options.get("quotes")
        self.applications: Any = options.get("applications")
        self.judgement: Callable[[Any, Sequence[Header]], list[Defect]] | None = options.get("defects")
        self.minimum: int = options.get("minimum", 0)
        self.closed: bool = options.get("closed", False)  # nothing is inside it: what follows is the packet's trailer
        self.carries: Any = options.get("carries")  # what is always inside it: a header class or a chooser
        self.computed = tuple(name for name, field in fields.items() if field.computed)
        self.context = tuple(field for field in self.fixed if field.role and field.computed and not field.role.own)
        self.length_field = self._with_role(HeaderLength)
        self.next_field = self._with_role(NextHeader)
        following: Any = self.next_field.role if self.next_field else None
        self.next_numbers: Numbers | None = following and following.numbers
        self.fragment: Callable[[Any], bool] | None = following and following.fragment
        self.checksum_field = self._with_role(Checksum)
        self.tail_field = next((field for field in self.variable if isinstance(field, Tail)), None)

    @cached_property
    def called(self) -> str:
        """What a header is called in a sentence: as its class says, or that class's name in words."""
        return self._called or in_words(self.name)

    def _with_role(self, kind: type) -> Field | None:
        return next((field for field in self.fields.values() if isinstance(field.role, kind)), None)

    def put(self, octets: bytearray, field: Field, value: int, start: int = 0) -> None:
        """Write a fixed field's number into the octets of a header, which begins at `start`."""
        begin, size = start + field.offset, field.width // 8
        name: Literal["big", "little"] = "big" if self.order == ">" else "little"
        word = int.from_bytes(octets[begin : begin + size], name)
        word = word & ~(field.mask << field.shift) | (value & field.mask) << field.shift
        octets[begin : begin + size] = word.to_bytes(size, name)

    def padding(self, length: int) -> bytes:
        """What fills a header of `length` octets up to its minimum and to whole units of its length field."""
        role = self.length_field.role if self.length_field else None
        unit, plus = (role.unit, role.plus) if isinstance(role, HeaderLength) else (1, 0)
        missing = max((plus - length) % unit, self.minimum - length)
        if not missing:
            return b""
        if self.tail_field is None:
            name = self.variable[-1].name
            raise FieldError.of(
                self.name, name, f": the header is {length} octets long; it must be a multiple of {unit}"
            )
        pad = getattr(self.tail_field.family, "pad", bytes)
        return bytes(pad(missing))

    def spans(self, header: Declared) -> dict[str, tuple[int, int]]:
        """Where the present fields of the variable part lie: name -> begin and end in the header's buffer."""
        found: dict[str, tuple[int, int]] = {}
        at, end = header._start + self.size, header._end
        for field in self.variable:
            if field.when is not None and not field.when(header):
                continue
            extent = field.extent(header, end - at)
            if at + extent > end and isinstance(field, Repeat):
                extent = (end - at) // field.step * field.step
            found[field.name] = (at, min(at + extent, end))
            at = min(at + extent, end)
        return found

    def variable_end(self, header: Declared) -> int:
        """Where the variable part ends, for a header whose length no field tells; past its octets where it is cut."""
        at = header._start + self.size
        for field in self.variable:
            if field.when is None or field.when(header):
                at += field.extent(header, max(0, header._end - at))
        return at

    def defects(self, header: Declared) -> list[Defect]:
        """What is wrong in the variable part: fields that are cut, options that do not hold together."""
        found: list[Defect] = []
        for name, (begin, end) in self.spans(header).items():
            field = self.fields[name]
            needed = field.extent(header, end - begin)
            if needed > end - begin:
                found.append(Defect(self.name, name, begin, f"{end - begin} octets", f"{needed} octets", "cut short"))
            elif isinstance(field, Tail):
                found += self._list_defects(field, header, begin, end)
        return found

    def _list_defects(self, field: Tail, header: Declared, begin: int, end: int) -> list[Defect]:
        """What is wrong with the options in a field: one by one, and that there are fewer than another field tells."""
        most = None if field.count is None else field.count(header)
        options, found = field.family.layout.parse(header._octets[begin:end], begin, most)
        if most is not None and len(options) < most and not found:
            found.append(Defect(self.name, field.name, begin, len(options), most, "fewer than are told"))
        return found  # type: ignore[no-any-return]


def number(field: Field, octets: bytes, start: int) -> int:
    """A fixed field's number (big-endian) in a header that begins at `start`."""
    if field.width == 8:
        return octets[start + field.offset] >> field.shift & field.mask
    begin = start + field.offset
    return int.from_bytes(octets[begin : begin + field.width // 8], "big") >> field.shift & field.mask


class FamilyLayout(Layout):
    """The layout of an option class; the family's first class tells its members apart by `kind`."""

    def __init__(self, owner: type[Declared], fields: dict[str, Field], options: dict[str, Any]) -> None:
        super().__init__(owner, fields, options)
        self.kinds: dict[int, Any] = {}
        self.members: set[Any] = set()
        self.unknown: Any = None
        self.single: bool = options.get("single", False)
        self.ends: bool = options.get("ends", False)
        self.align: int = options.get("align", 1)
        """Of a family: each option begins at a multiple of so many octets; its length counts no padding."""

    def parse(self, octets: bytes, place: int, most: int | None = None) -> tuple[tuple[Any, ...], list[Defect]]:
        """The options in `octets`, up to an end-of-list, the first that is damaged, or the end; and what was wrong.

        `place` is where the octets lie in the packet, for the defects; `most` is how many options there are, if told.
        """
        options: list[Any] = []
        defects: list[Defect] = []
        at, end = 0, len(octets)
        while at < end and len(options) != most:
            if len(options) == MAX_OPTIONS:
                defects.append(Defect(self.name, "", place + at, "more", MAX_OPTIONS, "too many options"))
                break
            kind = self.kinds.get(number(self.fields["kind"], octets, at), self.unknown)
            size = 1 if kind.layout.single else self._length(kind, octets, at, place, defects)
            if not size:
                break
            options.append(self._member(kind, octets, at, size, place, defects))
            at += self.room(size)
            if at > end:
                defects.append(Defect(self.name, "", place + end, "nothing", f"{at - end} octets", "padding cut short"))
            if kind.layout.ends:
                break
        return tuple(options), defects

    def room(self, size: int) -> int:
        """What an option of `size` octets takes up in a list, with its padding."""
        return size + -size % self.align

    def _length(self, kind: Any, octets: bytes, at: int, place: int, defects: list[Defect]) -> int:
        """The length of the option at `at`, in octets; 0, and a defect, where it cannot be right."""
        left = len(octets) - at
        if self.length_field is None:
            return self._measured(kind, octets, at, place, defects)
        if left < self.size:
            defects.append(Defect(self.name, "length", place + at, "nothing", "a length", "option cut short"))
            return 0
        role: Any = self.length_field.role
        size = int(role.octets(number(self.length_field, octets, at)))
        if self.size <= size <= left:
            return size
        why = "option runs past the end" if size > left else "option length shorter than itself"
        defects.append(
            Defect(self.name, "length", place + at + self.length_field.offset, size, f"{self.size}..{left}", why)
        )
        return 0

    def _measured(self, kind: Any, octets: bytes, at: int, place: int, defects: list[Defect]) -> int:
        """The length of an option that has none in it, by its own fields; 0, and a defect, where it is cut."""
        from rawkit.wire.header import view

        left, layout = len(octets) - at, kind.layout
        fits = left >= layout.size
        size = layout.variable_end(view(kind, octets, at, len(octets))) - at if fits else layout.size
        if size <= left:
            return int(size)
        defects.append(Defect(layout.name, "", place + at, f"{left} octets", f"{size} octets", "cut short"))
        return 0

    def _member(self, kind: Any, octets: bytes, at: int, size: int, place: int, defects: list[Defect]) -> Any:
        """The option as its class, or as an unknown one with its octets where its length does not fit the class."""
        from rawkit.wire.header import view

        own = octets[at : at + size]
        option = view(kind, own, 0, size)
        layout = kind.layout
        fits = size >= layout.size and layout.variable_end(option) == size and not layout.defects(option)
        if not fits:
            found = f"{size} octets"
            defects.append(
                Defect(layout.name, "length", place + at, found, f"{layout.size} octets", "length does not fit")
            )
            option = view(self.unknown, own, 0, size)
        return option
