"""What a damaged capture leads to, in every command that reads one: told on standard error, and exit code 1."""

from __future__ import annotations

import click

from rawkit.capture import Capture
from rawkit.cli.main import DAMAGED_INPUT, SUCCESS
from rawkit.show.escape import visible

TOLD = 5
"""Defects of a file told one by one; the counts tell of the rest."""


def report(capture: Capture) -> int:
    """Say what was wrong with a file that was gone through; its exit code."""
    defects = capture.defects
    if not defects:
        return SUCCESS
    for defect in defects[:TOLD]:
        say(f"{capture.path}: offset {defect.offset}: {defect.why} (found {defect.found}, expected {defect.expected})")
    more = capture.tally.defect_count - TOLD
    say(f"{capture.path}: {capture.tally}" + (f"; {more} more defects" if more > 0 else ""))
    return DAMAGED_INPUT


def say(message: str) -> None:
    """One line for the person, not for the pipe."""
    click.echo(f"rawkit: {visible(message)}", err=True)
