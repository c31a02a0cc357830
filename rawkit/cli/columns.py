"""How many columns there are to write in."""

from __future__ import annotations

import shutil
import sys

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
