"""Which number means which header: a two-way table for each number space (EtherTypes, IP protocols, ...)."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from rawkit.wire.chooser import members


class Numbers(Mapping[int, str]):
    """One number space: number -> header class for decoding, header class -> number for building, number -> name to
    show.

    `after_length` is the header that follows where the number is a length instead (IEEE 802.3 among the EtherTypes).
    A space that `extends` another has that one's numbers too, later ones as well; its own are not in the other.
    The engine knows no protocol: `protocols/numbers.py` makes the spaces and `protocols/bindings.py` fills them.
    """

    def __init__(self, name: str, names: Mapping[int, str] | None = None, *, extends: Numbers | None = None) -> None:
        self.name = name
        self.classes: MutableMapping[int, Any] = {}
        self.after_length: Any = None
        self.length_classes: tuple[Any, ...] = ()
        self._names: MutableMapping[int, str] = dict(names or {})
        self.numbers: MutableMapping[Any, int] = {}
        if extends is not None:
            self.classes = ChainMap(self.classes, extends.classes)
            self._names = ChainMap(self._names, extends._names)
            self.numbers = ChainMap(self.numbers, extends.numbers)

    def bind(self, number: int, follows: Any) -> None:
        """Let `number` mean `follows`: a header class or a chooser. The first number bound to a class is its own."""
        self.classes[number] = follows
        for each in members(follows):
            self.numbers.setdefault(each, number)
        self._names.setdefault(number, follows.__name__)

    def bind_length(self, follows: Any) -> None:
        """Let `follows` be what comes after a length."""
        self.after_length = follows
        self.length_classes = members(follows)

    def of(self, follows: Any) -> int | None:
        """The number of a header class, or None where it has none here."""
        return self.numbers.get(follows)

    def __getitem__(self, number: int) -> str:
        return self._names[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
