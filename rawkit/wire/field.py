"""The vocabulary of a declaration: what a protocol file writes for each field of a header.

A fixed field is four numbers: the octet offset of its word, the word's width, a shift and a mask. One value is
`word >> shift & mask`; a column over many packets, or a kernel filter, is the same four numbers. What four numbers
cannot say comes after the fixed fields, in the variable part: `octets`, `repeat`, `tail` (options), and any field with
`when`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from struct import Struct
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar, overload

from rawkit.errors import FieldError
from rawkit.wire.address import Address, IPv4Address, IPv6Address, MACAddress
from rawkit.wire.flags import Flags

if TYPE_CHECKING:
    from rawkit.wire.role import Role

G = TypeVar("G", covariant=True)
S = TypeVar("S", contravariant=True)


class Accepts(Generic[G, S]):
    """Annotation of a field that reads as G and may be given as S. Declared for type checkers: it never runs."""

    @overload
    def __get__(self, obj: None, owner: type) -> Accepts[G, S]: ...
    @overload
    def __get__(self, obj: object, owner: type) -> G: ...
    def __get__(self, obj: Any, owner: Any) -> Any:
        raise NotImplementedError

    def __set__(self, obj: Any, value: S) -> None:
        raise NotImplementedError


class Auto:
    """The value of a computed field that nobody set by hand."""

    def __repr__(self) -> str:
        return "AUTO"


AUTO: Any = Auto()

KEPT_FLAGS = 1024
"""Spellings of flags that a field remembers."""

CODES = {8: "B", 16: "H", 32: "I", 64: "Q"}
"""Word width in bits -> the `struct` code of an unsigned word."""

Condition = Callable[[Any], bool]
"""A question about the header as read so far."""


class Field:
    """One number of a header. `offset`, `width`, `shift` and `mask` are filled in when its class is made."""

    code = ""
    converter: Callable[[Any], Any] | None = None
    """From a caller's value to the number (or octets) to store, for fields whose values are not plain numbers."""

    def __init__(
        self,
        bits: int,
        doc: str,
        *,
        default: Any = 0,
        role: Role | None = None,
        when: Condition | None = None,
        must: int | None = None,
        names: Mapping[int, str] | None = None,
        names_by: tuple[str, Mapping[int, Mapping[int, str]]] | None = None,
        unit: str = "",
        section: str = "",
        filled_by: str = "",
        wireshark: str | None = None,
        little_endian: bool = False,
        show: Callable[[Any], str] | None = None,
        abbreviation: str = "",
    ) -> None:
        self.name = ""
        self.bits = bits
        self.doc = doc
        self.default = default if must is None else must
        self.role = role
        self.when = when
        self.must = must
        self.names = names
        self.names_by = names_by
        """Names that depend on another field of the header: (that field, its value -> names)."""
        self.unit = unit
        self.section = section
        self.filled_by = filled_by
        self.wireshark = wireshark
        self.order: Literal["<", ">"] = "<" if little_endian else ">"
        self.show = show
        self.abbreviation = abbreviation
        """What a diagram calls the field, where its bits have no room for its name."""
        self.offset = 0
        self.width = 0
        self.shift = 0
        self.mask = (1 << bits) - 1

    def named(self, name: str) -> Self:
        """A copy with its name: each class has its own, because its place differs from class to class."""
        copied = object.__new__(type(self))
        copied.__dict__.update(self.__dict__)
        copied.name = name
        return copied

    @property
    def size(self) -> int:
        """Octets, for a field that fills whole octets."""
        return self.bits // 8

    @property
    def shaped(self) -> bool:
        """Whether other fields say if it is there, or how long it is."""
        return self.when is not None

    @property
    def measured(self) -> bool:
        """Whether its length is told, and not by what is left of the header."""
        return True

    def extent(self, header: Any, left: int) -> int:
        """How many octets it takes in the variable part of a header, when `left` are there."""
        return self.size

    @property
    def computed(self) -> bool:
        """Whether it is filled in when nobody sets it."""
        return self.role is not None and self.role.computes

    @property
    def framing(self) -> bool:
        """Whether it says nothing of its own, but what an option is or where it ends: so it is given by name only."""
        return self.name in ("kind", "length") or self.computed

    @property
    def reserved(self) -> bool:
        """Whether it says nothing yet, by the words that RFCs have for such fields."""
        return self.name.startswith(("reserved", "unused"))

    @property
    def blank(self) -> bool:
        """Whether nothing but zeros stands in it where nobody gives a value."""
        return self.default in (0, bytes(self.size))

    def names_in(self, header: Any) -> Mapping[int, str]:
        """The names of this field's values in a header."""
        if self.names_by is None:
            return self.names or {}
        other, names = self.names_by
        return names.get(getattr(header, other), {})

    def convert(self, value: Any) -> Any:
        """A caller's value as the number (or octets) to store; FieldError where it is none."""
        return value if self.converter is None else self.converter(value)

    def present(self, number: Any) -> Any:
        """A stored number (or octets) as the value people read."""
        return number

    def check(self, owner: str, value: Any) -> None:
        """Raise FieldError unless `value`, already converted, fits."""
        if not isinstance(value, int) or not 0 <= value <= self.mask:
            raise FieldError.of(owner, self.name, f"={value!r}: takes an integer, 0..{self.mask}")

    def encode(self, owner: str, value: Any) -> bytes:
        """The octets of a value in the variable part."""
        return int(self.stored(owner, value)).to_bytes(self.size, "big" if self.order == ">" else "little")

    def stored(self, owner: str, value: Any) -> Any:
        """A caller's value as the number (or octets) to store; FieldError names the field where it does not fit."""
        if value is AUTO:
            raise FieldError.of(
                owner, self.name, ": is not computed, so AUTO says nothing: leave it out, or give a value"
            )
        try:
            number = self.convert(value)
            self.check(owner, number)
        except FieldError as wrong:
            if wrong.field:
                raise
            raise FieldError.of(owner, self.name, f": {wrong}") from None
        except (TypeError, AttributeError):
            raise FieldError.of(owner, self.name, f"={value!r}: not a value for it ({self.doc})") from None
        return number

    def decode(self, octets: bytes) -> Any:
        """The value of this field's octets in the variable part."""
        return self.present(int.from_bytes(octets, "big" if self.order == ">" else "little"))

    def reader(self) -> Callable[[Any], Any]:
        """A function from a header to this field's value, for a fixed field."""
        offset, shift, mask = self.offset, self.shift, self.mask
        if self.width == 8 and self.bits == 8:
            return lambda header: header._octets[header._start + offset]
        if self.width == 8:
            return lambda header: header._octets[header._start + offset] >> shift & mask
        unpack = word_reader(self.width, self.order)
        if self.bits == self.width:
            return lambda header: unpack(header._octets, header._start + offset)[0]
        return lambda header: unpack(header._octets, header._start + offset)[0] >> shift & mask


def word_reader(width: int, order: str) -> Callable[[bytes, int], tuple[Any, ...]]:
    """`unpack_from` of one word of 8, 16, 24, 32, 48 or 64 bits."""
    if width in CODES:
        return Struct(order + CODES[width]).unpack_from
    size, name = width // 8, "big" if order == ">" else "little"
    return lambda octets, at: (int.from_bytes(octets[at : at + size], name),)  # type: ignore[arg-type]


class FlagNumbers(dict[int | str, Any]):
    """What a caller gave for flags -> their number, each spelling worked out once."""

    def __init__(self, kind: type[Flags]) -> None:
        super().__init__()
        self.kind = kind

    def __missing__(self, value: int | str) -> Any:
        if not isinstance(value, str):
            return value  # not kept: 2 and 2.0 are one key, and only one of them a number of flags
        number = int(self.kind(value))
        if len(self) < KEPT_FLAGS:
            self[value] = number
        return number


class FlagsField(Field):
    """Named bits."""

    def __init__(self, bits: int, doc: str, kind: type[Flags], **options: Any) -> None:
        super().__init__(bits, doc, **options)
        self.kind = kind
        self.converter = FlagNumbers(kind).__getitem__

    def present(self, number: Any) -> Any:
        return self.kind(number)

    def reader(self) -> Callable[[Any], Any]:
        read, kind = super().reader(), self.kind
        known = [kind(number) for number in range(self.mask + 1)]
        return lambda header: known[read(header)]


class AddressField(Field):
    """An address: octets on the wire, text to people."""

    def __init__(self, kind: type[Address], doc: str, **options: Any) -> None:
        options.setdefault("default", bytes(kind.size))
        super().__init__(kind.size * 8, doc, **options)
        self.kind = kind
        self.code = f"{kind.size}s"
        self.converter = kind.packings.__getitem__

    def present(self, number: Any) -> Any:
        return self.kind.interned[number]

    def check(self, owner: str, value: Any) -> None:
        if not isinstance(value, bytes):
            kind = self.kind
            raise FieldError.of(owner, self.name, f"={value!r}: takes a {kind.__name__}, like {kind.example!r}")

    def encode(self, owner: str, value: Any) -> bytes:
        return bytes(self.stored(owner, value))

    def decode(self, octets: bytes) -> Any:
        return self.present(octets)

    def reader(self) -> Callable[[Any], Any]:
        begin, end, lookup = self.offset, self.offset + self.size, self.kind.interned.__getitem__
        return lambda header: lookup(header._octets[header._start + begin : header._start + end])


def from_digits(text: str) -> bytes:
    """Octets from their hexadecimal digits, also with spaces or, as octets are shown, colons between them."""
    return bytes.fromhex(text.replace(":", " "))


def octets_of(value: Any) -> bytes:
    """Octets, or their hexadecimal text, as octets; TypeError or ValueError for all else."""
    return from_digits(value) if isinstance(value, str) else bytes(memoryview(value))


class FixedOctets(Field):
    """A number of octets in a fixed place."""

    def __init__(self, length: int, doc: str, **options: Any) -> None:
        options.setdefault("default", bytes(length))
        super().__init__(length * 8, doc, **options)
        self.code = f"{length}s"
        self.converter = self._octets

    def _octets(self, value: Any) -> bytes:
        try:
            octets = octets_of(value)
        except (TypeError, ValueError):
            octets = b""
        if len(octets) != self.size:
            raise FieldError(f"{value!r}: takes {self.size} octets (or their hexadecimal text)")
        return octets

    def check(self, owner: str, value: Any) -> None:
        if not isinstance(value, bytes) or len(value) != self.size:
            raise FieldError.of(owner, self.name, f"={value!r}: takes {self.size} octets (or their hexadecimal text)")

    def encode(self, owner: str, value: Any) -> bytes:
        return bytes(self.stored(owner, value))

    def decode(self, octets: bytes) -> Any:
        return octets

    def reader(self) -> Callable[[Any], Any]:
        begin, end = self.offset, self.offset + self.size
        return lambda header: header._octets[header._start + begin : header._start + end]


class Octets(Field):
    """Octets of the variable part: `length` of them (a number, or a function of the header), or all that are left."""

    def __init__(self, doc: str, *, length: int | Callable[[Any], int] | None = None, **options: Any) -> None:
        options.setdefault("default", b"")
        super().__init__(0, doc, **options)
        self.length = length

    @property
    def shaped(self) -> bool:
        return self.when is not None or self.measured

    @property
    def measured(self) -> bool:
        return self.length is not None

    def extent(self, header: Any, left: int) -> int:
        if self.length is None:
            return left
        return self.length if isinstance(self.length, int) else max(0, self.length(header))

    def encode(self, owner: str, value: Any) -> bytes:
        try:
            return octets_of(value)
        except (TypeError, ValueError):
            raise FieldError.of(owner, self.name, f"={value!r}: takes octets (or their hexadecimal text)") from None

    def decode(self, octets: bytes) -> Any:
        return octets


class Repeat(Field):
    """The same fields again and again: a tuple of values, or of tuples where several fields repeat together."""

    def __init__(
        self, items: tuple[Field, ...], doc: str, *, count: Callable[[Any], int] | None = None, **options: Any
    ) -> None:
        options.setdefault("default", ())
        super().__init__(0, doc, **options)
        self.items = items
        self.count = count

    def named(self, name: str) -> Self:
        copied = super().named(name)
        copied.items = tuple(item.named(name) for item in self.items)
        return copied

    @property
    def shaped(self) -> bool:
        return self.when is not None or self.measured

    @property
    def measured(self) -> bool:
        return self.count is not None

    @property
    def step(self) -> int:
        """Octets of one turn."""
        return sum(item.size for item in self.items)

    def extent(self, header: Any, left: int) -> int:
        turns = left // self.step if self.count is None else max(0, self.count(header))
        return turns * self.step

    def encode(self, owner: str, value: Any) -> bytes:
        if not isinstance(value, Iterable) or isinstance(value, (str, bytes)):
            raise FieldError.of(owner, self.name, f"={value!r}: takes a list: {self.doc}")
        return b"".join(self._encode_turn(owner, turn) for turn in value)

    def _encode_turn(self, owner: str, turn: Any) -> bytes:
        values = turn if len(self.items) > 1 else (turn,)
        if not isinstance(values, Sequence) or isinstance(values, str) or len(values) != len(self.items):
            raise FieldError.of(owner, self.name, f": {turn!r} should be {len(self.items)} values: {self.doc}")
        return b"".join(item.encode(owner, value) for item, value in zip(self.items, values, strict=True))

    def decode(self, octets: bytes) -> Any:
        values = [self._decode_turn(octets[at : at + self.step]) for at in range(0, len(octets), self.step)]
        return tuple(value[0] if len(self.items) == 1 else value for value in values if value)

    def _decode_turn(self, octets: bytes) -> tuple[Any, ...]:
        if len(octets) < self.step:
            return ()
        values, at = [], 0
        for item in self.items:
            values.append(item.decode(octets[at : at + item.size]))
            at += item.size
        return tuple(values)


class Tail(Field):
    """Options, as many as `count` says or to the end of the header: each one of a family of `Option` classes, found by
    its kind.
    """

    def __init__(self, family: Any, doc: str, *, count: Callable[[Any], int] | None = None, **options: Any) -> None:
        options.setdefault("default", ())
        super().__init__(0, doc, **options)
        self.family = family
        self.count = count

    @property
    def shaped(self) -> bool:
        return self.when is not None or self.count is not None

    @property
    def measured(self) -> bool:
        return False

    def extent(self, header: Any, left: int) -> int:
        """Those that are told; all that is left where they are damaged, or fewer."""
        if self.count is None:
            return left
        octets, most = header._octets[header._end - left : header._end], self.count(header)
        options, defects = self.family.layout.parse(octets, 0, most)
        whole = len(options) == most and not defects
        return sum(self.family.layout.room(len(option._octets)) for option in options) if whole else left

    def encode(self, owner: str, value: Any) -> bytes:
        if value.__class__ is bytes:
            return value
        if not isinstance(value, Iterable):
            raise FieldError.of(owner, self.name, f"={value!r}: takes a list of options, or their octets")
        options = tuple(value)
        members = self.family._layout.members
        # An option has its octets to itself: they need no cutting out.
        parts = [option._octets for option in options if option.__class__ in members]
        if len(parts) < len(options):
            wrong = next(option for option in options if option.__class__ not in members)
            raise FieldError.of(owner, self.name, f": {wrong!r} is not a {self.family.__name__}")
        if self.family._layout.align > 1:
            parts = [part.ljust(self.family._layout.room(len(part)), b"\0") for part in parts]
        return b"".join(parts)

    def decode(self, octets: bytes) -> Any:
        return self.family.layout.parse(octets, 0)[0]


def bits(count: int, doc: str, **options: Any) -> Any:
    """`count` bits of a word that neighbouring `bits` and `flags` fill up to 8, 16 or 32 bits."""
    return Field(count, doc, **options)


def u8(doc: str, **options: Any) -> Any:
    """One octet."""
    return Field(8, doc, **options)


def u16(doc: str, **options: Any) -> Any:
    """Two octets, big-endian."""
    return Field(16, doc, **options)


def u24(doc: str, **options: Any) -> Any:
    """Three octets, big-endian."""
    return Field(24, doc, **options)


def u32(doc: str, **options: Any) -> Any:
    """Four octets, big-endian."""
    return Field(32, doc, **options)


def u64(doc: str, **options: Any) -> Any:
    """Eight octets, big-endian."""
    return Field(64, doc, **options)


def flags(count: int, doc: str, kind: type[Flags], **options: Any) -> Any:
    """`count` named bits; read and printed as `kind`, given as `kind`, letters or a number."""
    return FlagsField(count, doc, kind, **options)


def mac_address(doc: str, **options: Any) -> Any:
    """Six octets: the address of a network card."""
    return AddressField(MACAddress, doc, **options)


def ipv4_address(doc: str, **options: Any) -> Any:
    """Four octets."""
    return AddressField(IPv4Address, doc, **options)


def ipv6_address(doc: str, **options: Any) -> Any:
    """Sixteen octets."""
    return AddressField(IPv6Address, doc, **options)


def octets(doc: str, *, length: int | Callable[[Any], int] | None = None, **options: Any) -> Any:
    """Octets: `length` of them (a number, or a function of the header), or all to the end of the header."""
    if isinstance(length, int) and options.get("when") is None:
        return FixedOctets(length, doc, **options)
    return Octets(doc, length=length, **options)


def repeat(*items: Any, doc: str, count: Callable[[Any], int] | None = None, **options: Any) -> Any:
    """The fields `items` again and again, `count(header)` times or to the end of the header."""
    return Repeat(items, doc, count=count, **options)


def tail(family: Any, doc: str = "options", *, count: Callable[[Any], int] | None = None, **options: Any) -> Any:
    """Options of a family, `count(header)` of them or to the end of the header."""
    return Tail(family, doc, count=count, **options)


def fixed(fields: Iterable[Field]) -> list[Field]:
    """The leading fields that have a fixed place: all before the first of the variable part."""
    found: list[Field] = []
    for field in fields:
        if field.when is not None or isinstance(field, (Octets, Repeat, Tail)):
            break
        found.append(field)
    return found
