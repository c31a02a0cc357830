"""Text in lines of a width. No line depends on colour: it is painted when it is broken."""

from __future__ import annotations

import textwrap

from rawkit.show.paint import Paint, Role


def clean(doc: str | None) -> str:
    """A docstring without its indentation."""
    return textwrap.dedent(doc or "").strip()


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Paragraphs, broken to lines."""
    found: list[str] = []
    for paragraph in text.split("\n\n"):
        lines = textwrap.wrap(" ".join(paragraph.split()), width, initial_indent=indent, subsequent_indent=indent)
        found += ["", *lines]
    return found[1:]


def named(
    name: str, text: str, width: int, paint: Paint, *, indent: str = "", hanging: str = "    ", role: Role | None = None
) -> list[str]:
    """A painted name that stands behind `indent`, and what follows it, painted as `role`; further lines hang.

    A name, or another word, that is longer than a line is not broken.
    """
    lines = textwrap.wrap(name + text, width, initial_indent=indent, subsequent_indent=hanging, break_long_words=False)
    first, *rest = lines
    tail = first[len(indent + name) :]
    if role is not None:
        tail, rest = paint(tail, role), [paint(line, role) for line in rest]
    return [indent + paint(name, "name") + tail, *rest]
