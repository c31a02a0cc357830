"""`FILE -n K`: one packet of a capture, for the commands that look at one."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

import click

from rawkit import capture
from rawkit.capture import Frame
from rawkit.cli import ratio
from rawkit.cli.called import program
from rawkit.cli.main import in_options, one_line
from rawkit.cli.whole_number import WholeNumber
from rawkit.errors import CaptureError, RawkitError
from rawkit.show.counts import counted


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command FILE, `-n K` and `--max-ratio`, handed over as `file`, `number` and `max_ratio`."""
    command = ratio.option(command)
    command = click.option(
        "-n", "--number", type=WholeNumber(1), default=1, show_default=True, help="Which packet, from 1."
    )(command)
    return click.argument("file")(command)


def pick(path: str, number: int, max_ratio: int | None = None) -> Frame:
    """Packet `number` of a capture; says how many there are where it has less, and why when it is damaged before."""
    with capture.read(path, max_ratio=ratio.limit(max_ratio)) as opened:
        count = 0
        for frame in opened:
            count += 1
            if frame.number == number:
                return frame
        for defect in opened.tally.endings[:1] or opened.defects[-1:]:
            raise CaptureError(
                opened.path, defect.offset, f"{in_options(defect.why)}; packet {number} is not among the {count} before"
            )
    how = f"{program()} read --number {one_line(shlex.quote(path))}"
    raise RawkitError(f"{one_line(path)}: no packet {number}: it has {counted(count, 'packet')} ({how})")
