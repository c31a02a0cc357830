"""What a damaged capture leads to, in every command that reads one: told on standard error, and exit code 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rawkit.cli.main import DAMAGED_INPUT, SUCCESS, in_options, one_line, say
from rawkit.show.counts import counted

if TYPE_CHECKING:
    from rawkit.capture import Capture
    from rawkit.capture.convert import Conversion

TOLD = 5
"""Defects of a file told one by one, besides those that ended it; the counts tell of the rest."""


def say_frame_check(capture: Capture) -> None:
    """Say once what the file says of all its frames, as nothing is wrong with them."""
    for octets in sorted({each.fcs_length for each in capture.interfaces if each.fcs_length}):
        text = f"frames end in {counted(octets, 'octet')} of frame check sequence, as the file says"
        say(f"{one_line(capture.path)}: {text}")


def report(read: Capture | Conversion, done: str = "") -> int:
    """Say what was wrong with a file that was gone through, and what was `done` with the rest; its exit code."""
    name, tally = one_line(read.path), read.tally
    if not tally.defects:
        return SUCCESS
    first = tally.defects[:TOLD]
    told = [*first, *(each for each in tally.endings if each not in first)]
    for defect in told:
        why = one_line(f"{in_options(defect.why)} (found {defect.found}, expected {defect.expected})")
        say(f"{name}: offset {defect.offset}: {why}")
    more = tally.defect_count - len(told)
    rest = [counted(more, "more defect")] if more > 0 else []
    if not tally.damaged:
        rest.append("what is wrong is not in a packet")
    say("; ".join([f"{name}: {tally}", *rest, *([done] if done else [])]))
    return DAMAGED_INPUT
