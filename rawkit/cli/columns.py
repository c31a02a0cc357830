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


def for_diagram(asked: int | None) -> int:
    """For paragraphs with a header's diagram among them."""
    from rawkit.show.diagrams import WIDTH

    see_that_it_fits("a diagram", WIDTH, asked)
    return for_text(asked)


def for_ladder(asked: int | None) -> int:
    """For a ladder: as asked, else the terminal's."""
    from rawkit.show.ladder import NARROWEST

    see_that_it_fits("a ladder", NARROWEST, asked)
    return asked or terminal_width()


def see_that_it_fits(drawing: str, needed: int, asked: int | None) -> None:
    """Refuse a width that a drawing has no room in. Where the terminal is too narrow, its lines break: that is said."""
    if asked is not None and asked < needed:
        raise RawkitError(f"--width {asked}: {drawing} needs {needed} columns or more")
    width = asked or terminal_width()
    if width < needed:
        say(f"the terminal has {width} columns and {drawing} needs {needed}: the lines will break (try a wider one)")
