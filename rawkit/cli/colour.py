"""`--color`, and the painter that it chooses; for every command that shows something."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TextIO

import click

from rawkit.show.paint import Paint, ansi, plain

CHOICES = ("auto", "always", "never")


def wanted(choice: str, stream: TextIO | None = None) -> bool:
    """Whether to use colour on `stream` (standard output): as told, else on a terminal that did not say NO_COLOR."""
    if choice != "auto":
        return choice == "always"
    stream = sys.stdout if stream is None else stream
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream is not None and stream.isatty()


def painter(choice: str) -> Paint:
    """The painter for standard output."""
    return ansi if wanted(choice) else plain


def option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command `--color`, handed over as the parameter `color`."""
    text = "Colour: auto is on a terminal, unless NO_COLOR is set."
    return click.option("--color", type=click.Choice(CHOICES), default="auto", help=text)(command)
