"""How many columns there are to write in."""

from __future__ import annotations

import shutil
import sys

from rawkit.cli.main import say
from rawkit.errors import RawkitError

DEFAULT_WIDTH = 80
"""Columns when the output is no terminal."""

MOST_READABLE = 96
"""Columns that text fills at most, unless more are asked for."""

NARROWEST_TEXT = 40
"""Columns that text needs."""


def terminal_width() -> int:
    """Of the terminal, or `DEFAULT_WIDTH`."""
    return shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns if sys.stdout.isatty() else DEFAULT_WIDTH


def for_text(asked: int | None) -> int:
    """For paragraphs: as asked, else those of the terminal that are readable."""
    return asked or max(NARROWEST_TEXT, min(terminal_width(), MOST_READABLE))


def for_ladder(asked: int | None) -> int:
    """For a ladder: as asked, else the terminal's. Where that is too narrow, its lines will break, and that is said."""
    from rawkit.show.ladder import NARROWEST

    if asked is not None and asked < NARROWEST:
        raise RawkitError(f"--width {asked}: a ladder needs {NARROWEST} columns or more")
    width = asked or terminal_width()
    if width < NARROWEST:
        say(f"the terminal has {width} columns and a ladder needs {NARROWEST}: the lines will break (try a wider one)")
    return width
