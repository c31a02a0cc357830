"""The captures that come with rawkit, by the concept that each is about."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from rawkit.bundled import CONCEPTS, Bundled
from rawkit.show.counts import counted
from rawkit.show.paint import Paint, plain


def capture_list(captures: Sequence[Bundled], width: int = 80, paint: Paint = plain) -> str:
    """Each once, below its main concept: its name, its packets, and a sentence below the two."""
    lines: list[str] = []
    for concept in CONCEPTS:
        these = [each for each in captures if each.concepts[0] == concept]
        if these:
            lines += ["", *(paint(line, "dim") for line in wrap(concept, width))]
        for each in these:
            lines.append(f"  {paint(each.name, 'name')}  {counted(each.packets, 'packet')}")
            lines += wrap(each.sentence, width, initial_indent=" " * 6, subsequent_indent=" " * 6)
    return "\n".join(lines[1:])


def about(capture: Bundled, word: str) -> bool:
    """Whether a word is in a capture's name, in its sentence, or in one of its concepts; in any case."""
    return any(word.lower() in text.lower() for text in (capture.name, capture.sentence, *capture.concepts))
