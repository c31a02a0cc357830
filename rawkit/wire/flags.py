"""Named bits: an integer that prints as letters (one each, or more: `DF`) and answers questions by name.

>>> class Example(Flags):
...     fin = Bit(0, "F", "no more data from the sender")
...     syn = Bit(1, "S", "synchronize sequence numbers")
>>> Example("FS"), Example("FS").syn, "F" in Example(2)
(Example('FS'), True, False)
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from rawkit.errors import FieldError


class Bit:
    """One named bit of a `Flags` class; reading it on a value tells whether it is set.

    `section`: where it is defined, `filled_by`: who sets it when one uses a socket, if these are not its field's.
    """

    def __init__(
        self, position: int, letter: str, doc: str, *, section: str = "", filled_by: str = "", wireshark: str = ""
    ) -> None:
        self.mask = 1 << position
        self.letter = letter
        self.doc = doc
        self.section = section
        self.filled_by = filled_by
        self.wireshark = wireshark
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, value: int | None, owner: type) -> Any:
        return self if value is None else bool(value & self.mask)


class Flags(int):
    """Base of sets of named bits. Made from a number or from letters, in any order; unknown bits are kept."""

    __slots__ = ()
    bits: ClassVar[tuple[Bit, ...]] = ()
    _made: ClassVar[dict[int | str, Any]]

    def __init_subclass__(cls) -> None:
        cls.bits = tuple(bit for bit in vars(cls).values() if isinstance(bit, Bit))
        cls._made = {}

    def __new__(cls, value: int | str = 0) -> Self:
        known = cls._made.get(value)
        if known is None:
            known = int.__new__(cls, cls._number(value))
            if len(cls._made) < 1024:
                cls._made[value] = known
        return known

    @classmethod
    def _number(cls, value: int | str) -> int:
        if not isinstance(value, str):
            return value
        number, rest = 0, value.replace("+", "")
        while rest:
            bit = next((bit for bit in cls.bits if rest.startswith(bit.letter)), None)
            if bit is None:
                letters = ", ".join(f"{bit.letter} ({bit.name})" for bit in cls.bits)
                raise FieldError(f"{value!r}: no flag has the letter {rest[0]!r}; there are {letters}")
            number |= bit.mask
            rest = rest[len(bit.letter) :]
        return number

    def __contains__(self, letters: str) -> bool:
        """Whether all of them are set."""
        number = self._number(letters)
        return int(self) & number == number

    def __or__(self, other: int) -> Self:
        return type(self)(int(self) | other)

    def __and__(self, other: int) -> Self:
        return type(self)(int(self) & other)

    def names(self) -> list[str]:
        """The names of the bits that are set, in the order of declaration."""
        return [bit.name for bit in self.bits if self & bit.mask]

    def __str__(self) -> str:
        set_bits = [bit.letter for bit in self.bits if int(self) & bit.mask]
        rest = int(self) & ~sum(bit.mask for bit in self.bits)
        between = "+" if any(len(letter) > 1 for letter in set_bits) else ""
        return between.join(set_bits) + (f"+{rest:#x}" if rest else "")

    def __repr__(self) -> str:
        rest = int(self) & ~sum(bit.mask for bit in self.bits)
        return f"{type(self).__name__}({int(self)})" if rest else f"{type(self).__name__}({str(self)!r})"
