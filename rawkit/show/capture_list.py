"""The captures that come with rawkit, by the concepts that each is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap

from rawkit.bundled import CONCEPTS, Bundled
from rawkit.show.counts import counted
from rawkit.show.paint import Paint, plain


def capture_list(captures: Sequence[Bundled], width: int = 80, paint: Paint = plain) -> str:
    """Each once in full, below its main concept: its name, its packets, a sentence; by its name below its others."""
    lines: list[str] = []
    for concept in CONCEPTS:
        about_it = [each for each in captures if concept.key in each.concepts]
        main = [each for each in about_it if each.concepts[0] == concept.key]
        if about_it:
            lines += ["", *(paint(line, "dim") for line in wrap(concept.heading, width))]
        for each in main:
            lines.append(f"  {paint(each.name, 'name')}  {counted(each.packets, 'packet')}")
            lines += wrap(each.sentence, width, initial_indent=" " * 6, subsequent_indent=" " * 6)
        others = ", ".join(each.name for each in about_it if each not in main)
        start = "  also " if main else "  "
        lines += wrap(others, width, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False)
    return "\n".join(lines[1:])


def about(capture: Bundled, words: Iterable[str]) -> bool:
    """Whether each of the words is in what is said of a capture, in any case.

    That is its name, its sentence, the states it comes to, and what its concepts are called.
    """
    concepts = [concept for concept in CONCEPTS if concept.key in capture.concepts]
    called = [text for each in concepts for text in (each.key, each.heading, each.words)]
    said = " ".join((capture.name, capture.sentence, *capture.states, *called)).lower()
    return all(word.lower() in said for word in words)
