"""How far a command is that takes its time: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from rawkit.capture import Capture, Frame

Thing = TypeVar("Thing")

FEW = 20_000
"""Frames that are read before anybody could look at a bar."""

STEP = 1_000
"""Frames, or things, between two looks at how far it is."""


def reading(capture: Capture, size: int | None) -> Iterator[Frame]:
    """The frames of a capture; how far it is, by its offset in a file of `size` octets (None: nobody knows)."""
    frames = iter(capture)
    if size is None or not sys.stderr.isatty():
        yield from frames
        return
    before = 0
    for number, frame in enumerate(frames):
        yield frame
        if number == FEW:
            break
    else:
        return
    with click.progressbar(length=size, label="reading", file=sys.stderr) as bar:
        for number, frame in enumerate(frames):
            yield frame
            if number % STEP == 0:
                bar.update(min(capture.stream.offset, size) - before)
                before = min(capture.stream.offset, size)


def through(things: Iterable[Thing], count: int, label: str) -> Iterator[Thing]:
    """Things that are worked on one by one, with a bar where there are many."""
    shown = count > STEP and sys.stderr.isatty()
    bar = click.progressbar(things, length=count, label=label, file=sys.stderr) if shown else nullcontext(things)
    with bar as each:
        yield from each
