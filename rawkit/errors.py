"""Whose fault it was, in the type.

The caller's mistake is raised: a `RawkitError` that names the field and says what to do. What the network or a file
did wrong is a `Defect`: a value that is collected while decoding goes on, raised only where the caller asked for
`strict`.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Self


class RawkitError(Exception):
    """Root of everything that rawkit raises on purpose."""


class FieldError(RawkitError, ValueError):
    """A field was given a value it cannot hold, or there is no such field.

    `layer` is the header's (or option's) name and `field` the field that it is about; "" where it is about none.
    """

    def __init__(self, *told: object, layer: str = "", field: str = "") -> None:
        super().__init__(*told)
        self.layer = layer
        self.field = field

    @classmethod
    def of(cls, layer: str, field: str, text: str) -> Self:
        """What is wrong with one field: its name, and `text` after it."""
        return cls(f"{layer}.{field}{text}", layer=layer, field=field)


class NotPermitted(RawkitError, PermissionError):
    """The machine does not allow it to this user. The text says which setting forbids it, and what can be done."""


class CaptureError(RawkitError):
    """A file that cannot be read as a capture at all. `offset` is in octets from the start of the (unpacked) file."""

    def __init__(self, path: str, offset: int, why: str) -> None:
        super().__init__(path, offset, why)
        self.path = path
        self.offset = offset
        self.why = why

    def __str__(self) -> str:
        return f"{self.path}: offset {self.offset}: {self.why}"


class Defect(RawkitError):
    """Something on the wire or in a file that breaks its own rules. Data first; the sentence is derived.

    `layer` is the header's (or block's) name, `field` the field in it or "", `offset` octets from the start of the
    packet (of the file, for a capture's own records), `found` and `expected` what was read and what would be right.
    """

    def __init__(self, layer: str, field: str, offset: int, found: object, expected: object, why: str) -> None:
        super().__init__(layer, field, offset, found, expected, why)
        self.layer = layer
        self.field = field
        self.offset = offset
        self.found = found
        self.expected = expected
        self.why = why

    def __str__(self) -> str:
        where = f"{self.layer}.{self.field}" if self.field else self.layer
        return f"{where} at offset {self.offset}: {self.why} (found {self.found}, expected {self.expected})"

    def __repr__(self) -> str:
        return f"Defect({', '.join(map(repr, self.args))})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Defect) and self.args == other.args

    def __hash__(self) -> int:
        return hash(self.args)


def nearest(wrong: str, known: Iterable[str]) -> str:
    """`"; did you mean 'dport'?"`, or "" when nothing known is near."""
    close = get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""
