"""`--max-ratio`: how far a compressed capture may expand; for every command that reads one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from rawkit.cli.whole_number import WholeNumber

OPTION = "--max-ratio"


def option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command `--max-ratio`, handed over as `max_ratio`; `limit` says what it means to the library."""
    text = "How many octets one octet of a compressed file may become (250, if not said); 0 lifts the limit."
    return click.option(OPTION, type=WholeNumber(0), help=text)(command)


def limit(asked: int | None) -> int | None:
    """What `rawkit.capture.read` takes; None is no limit."""
    from rawkit.capture.compression import MAX_RATIO  # here, because `explain tcp` opens no file

    return MAX_RATIO if asked is None else asked or None
