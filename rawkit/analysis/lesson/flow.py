"""Flow control and congestion control: how much may be on its way."""

from __future__ import annotations

from itertools import pairwise, takewhile

from rawkit.analysis.lesson.story import AT_ONCE_NS, SPECIAL, USUAL, Story, Teller, first, one_way, sentence
from rawkit.analysis.tcp.sending import DEFAULT_MSS
from rawkit.analysis.words import octets
from rawkit.show.counts import joined
from rawkit.timeline import Sentence

MOST_ROUNDS = 3
"""Round trips that a slow start is told of."""

GROWTH = 1.5
"""How much more leaves in a round trip than in the one before while a slow start goes on, at least: with delayed
acknowledgements half as much again (RFC 5681 section 3.1 adds a segment for each acknowledgement)."""


def window(story: Story) -> Sentence | None:
    """The room that a receiver announces, where the field is too small to say it."""
    for index in story.both:
        segment = story.at(index)
        if segment.room and segment.window and segment.room > segment.window and story.carriers(1 - segment.end):
            text = (
                f"{story.who(segment.end)}'s kernel has room for {octets(segment.room)}: no more may be on its way. "
                f"The field has 16 bits and says {segment.window:,}, in units of {segment.room // segment.window:,}, "
                "which the SYNs agreed on."
            )
            return sentence("window", "RFC 7323 section 2.2", [index], text)
    return None


def closed(story: Story) -> Sentence | None:
    """No room."""
    found = story.marked["zero window"]
    if not found:
        return None
    end = story.at(found[0]).end
    opened = first((other for other in story.spoken[end] if story.at(other).window), found[0])
    again = f" There is room again in {story.packets(opened)}" if opened else ""
    again += story.waited(found[0], opened, ", {} later") + "." if opened else ""
    text = (
        f"{story.who(end)}'s kernel has no room left: most likely its program did not read. The other kernel must "
        f"stop, and send() there waits once its own buffer is full too.{again}"
    )
    return sentence("zero window", "RFC 9293 section 3.8.6", [*found, *([opened] if opened else [])], text)


def slow_start(story: Story) -> Sentence | None:
    """Every round trip more, while nothing is lost."""
    for run in one_way(story):
        end = story.at(run[0]).end
        starts = rounds(story, run)
        edges = pairwise([*starts, run[-1] + 1])
        sizes = [sum(story.fresh[at] for at in run if start <= at < stop) for start, stop in edges][:MOST_ROUNDS]
        grown = 1 + len(list(takewhile(lambda two: two[1] >= GROWTH * two[0], pairwise(sizes))))
        if grown > 1 and sizes[0] >= 2 * (story.mss(1 - end) or DEFAULT_MSS):
            text = (
                f"{joined(f'{size:,}' for size in sizes[:grown])} octets left in one round trip after the other: "
                f"{story.who(end)}'s kernel does not know the way yet, and sends more with every answer. Most likely "
                "this is slow start."
            )
            return sentence("slow start", "RFC 5681 section 3.1", starts[:grown], text)
    return None


def rounds(story: Story, run: list[int]) -> list[int]:
    """The segments of a run that begin its round trips; none where anything was sent again.

    A round trip is over when the first octet that was sent in it is acknowledged, and what was waiting for that leaves.
    """
    end, sending = story.at(run[0]).end, set(run)
    starts: list[int] = []
    edge = acked = 0
    for index in range(run[0], run[-1] + 1):
        segment = story.at(index)
        if segment.protocol != "tcp":
            continue
        if segment.end != end:
            acked = max(acked, segment.ack or 0)
        elif index not in sending:
            if segment.length:
                return []
        elif acked >= edge:
            if starts and (story.wait_ns(index - 1, index) or 0) > AT_ONCE_NS:
                break  # it was the program that waited
            starts.append(index)
            edge = story.data(index)[0] + 1
    return starts


SENTENCES: dict[Teller, int] = {
    window: USUAL,
    closed: SPECIAL,
    slow_start: SPECIAL,
}
