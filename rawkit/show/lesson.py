"""A lesson as text: each sentence below its topic, the packets that it is about, and the RFC where its rule stands."""

from __future__ import annotations

from collections.abc import Collection
from textwrap import wrap

from rawkit.show.escape import visible
from rawkit.show.ladder import ASCII
from rawkit.show.packet_lists import packet_list
from rawkit.show.paint import Paint, plain
from rawkit.timeline import Sentence, Timeline

HEADING = "What the sockets did for you here"
AGAIN = "As told above."
NOTHING = "Nothing in these packets is worth a sentence of its own."

INDENT = "   "

WIDEST = 96
"""More columns are tiring to read."""


def lesson_text(
    timeline: Timeline,
    width: int = 80,
    paint: Paint = plain,
    ascii_only: bool = False,
    told: Collection[str] = (),
) -> str:
    """The lesson of a timeline, `width` columns wide. `told`: texts that were shown before, word for word."""
    width = min(width, WIDEST)
    lines = [f" {paint(HEADING, 'name')}"]
    if not timeline.lesson:
        lines += ["", f" {NOTHING}"]
    for sentence in timeline.lesson:
        lines += ["", *headed(timeline, sentence, width, paint)]
        lines += wrap(
            AGAIN if sentence.text in told else visible(sentence.text),
            width,
            initial_indent=INDENT,
            subsequent_indent=INDENT,
        )
    text = "\n".join(lines) + "\n"
    return text.translate(ASCII) if ascii_only else text


def headed(timeline: Timeline, sentence: Sentence, width: int, paint: Paint) -> list[str]:
    """`handshake, packets 3-4 ... RFC 9293 section 3.5`: the RFC to the right, on a line of its own where it must."""
    topic, rfc = visible(sentence.topic), visible(sentence.rfc)
    about = f", {packet_list(timeline, sentence.packets)}" if sentence.packets else ""
    blank = width - 1 - len(topic + about) - len(rfc)
    left = f" {paint(topic, 'name')}{about}"
    if blank < 2:
        first, *more = wrap(f"{topic}{about}", width - 1, subsequent_indent=INDENT[1:])
        head = first.replace(topic, paint(topic, "name"), 1)
        return [f" {line}" for line in (head, *more)] + [paint(rfc.rjust(width), "dim")]
    return [left + " " * blank + paint(rfc, "dim")]
