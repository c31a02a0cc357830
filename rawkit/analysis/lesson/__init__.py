"""What the sockets did in one conversation, sentence by sentence, each with the RFC where its rule stands.

    story    what sentences ask of a timeline                 acknowledging  packets that no program sends
    marked   a table: what a mark alone is enough to tell     loss           what was sent again, and why
    before   addresses, names, ports, network cards           flow           windows; slow start
    opening  the handshake, and what comes instead            closing        FINs, TIME-WAIT, resets
    data     what becomes of a send()                         datagrams      UDP, and what it leaves out

Its one rule: **a sentence says nothing that this timeline does not show**: its numbers are the timeline's or computed
from them, and where it goes beyond them it says "most likely". Made from a `Timeline` and nothing else.

>>> from rawkit.timeline import End, Segment, Timeline
>>> asked = Segment(0, "SYN", seq=0, octets=74, does=("asks for a connection",))
>>> [sentence.topic for sentence in lesson(Timeline("tcp", (End("192.0.2.1", 5), End("192.0.2.2", 7)), (asked,)))]
['no answer']
"""

from __future__ import annotations

from rawkit.analysis.lesson import acknowledging, before, closing, data, datagrams, flow, loss, marked, opening
from rawkit.analysis.lesson.story import Story, Teller
from rawkit.timeline import Sentence, Timeline

MOST_SENTENCES = 10
"""Of one lesson: of more, nobody would read any."""

TOLD: dict[Teller, int] = (
    before.SENTENCES
    | opening.SENTENCES
    | datagrams.SENTENCES
    | data.SENTENCES
    | acknowledging.SENTENCES
    | loss.SENTENCES
    | flow.SENTENCES
    | marked.SENTENCES
    | closing.SENTENCES
)
"""Everything that can be told, and how much it is worth: see `story.SPECIAL`."""


def lesson(timeline: Timeline) -> tuple[Sentence, ...]:
    """The sentences about a timeline that are worth most, `MOST_SENTENCES` at most, in the order of their packets."""
    story = Story(timeline)
    if not story.own:
        return ()
    told = [(worth, sentence) for teller, worth in TOLD.items() if (sentence := teller(story)) is not None]
    best = sorted(told, key=lambda each: -each[0])[:MOST_SENTENCES]  # a stable order
    last = len(timeline.segments) + 1
    chosen = (sentence for worth, sentence in told if (worth, sentence) in best)
    return tuple(sorted(chosen, key=lambda each: each.packets[0] if each.packets else last))


__all__ = ["MOST_SENTENCES", "lesson"]
