"""Colour, kept apart from text: whoever draws says what a piece of text *is*, a painter says how that looks.

Every function of this room that can be in colour takes `paint`. With `plain` the text is what it is; `ansi` puts escape
sequences around the pieces and changes nothing else, so that the text reads the same without colour.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Role = Literal["dim", "name", "good", "bad", "warn", "field0", "field1", "field2", "field3", "field4", "field5"]
"""What a piece is: unimportant, a name, right, wrong, doubtful; or one of six neighbours to be told apart."""

Paint = Callable[[str, Role], str]

CODES: dict[Role, str] = {
    "dim": "2",
    "name": "1",
    "good": "32",
    "bad": "1;31",
    "warn": "33",
    "field0": "36",
    "field1": "33",
    "field2": "32",
    "field3": "35",
    "field4": "34",
    "field5": "31",
}
"""Select Graphic Rendition (ECMA-48) for each role: the colours every terminal has, in the user's shades."""

FIELDS: tuple[Role, ...] = ("field0", "field1", "field2", "field3", "field4", "field5")


def plain(text: str, role: Role) -> str:
    """No colour."""
    return text


def ansi(text: str, role: Role) -> str:
    """Colour for a terminal."""
    return f"\x1b[{CODES[role]}m{text}\x1b[0m" if text else text
