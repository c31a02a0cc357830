"""Packets that no program sends: acknowledgements, and questions whether somebody is there."""

from __future__ import annotations

from rawkit.analysis.lesson.story import AT_ONCE_NS, COMMON, SPECIAL, Story, Teller, first, sentence
from rawkit.analysis.tcp.sending import DEFAULT_MSS
from rawkit.show.counts import counted
from rawkit.timeline import Sentence

SAY_MORE = frozenset(
    ("keep-alive", "keep-alive answer", "window probe", "window probe answer", "window update", "challenge ACK")
)
"""Marks of segments without data that are there for something else."""

MOST_TRIED = 100
"""Delayed acknowledgements that are looked at for one that shows why."""


def by_no_call(story: Story) -> Sentence | None:
    """Segments that do nothing but acknowledge."""
    bare = [index for index in story.both if story.at(index).label == "ACK" and not story.at(index).length]
    found = [index for index in bare if not SAY_MORE & set(story.at(index).marks)]
    if not found:
        return None
    one = len(found) == 1
    text = (
        f"{len(found):,} of the {counted(len(story.own), 'packet')} {'does' if one else 'do'} nothing but "
        f"acknowledge. No call sent {'it' if one else 'them'}: kernels acknowledge by themselves, whether or not a "
        "program waits in recv()."
    )
    return sentence("acknowledgements", "RFC 9293 section 3.10.7.4", found, text)


def first_waiting(story: Story, ack: int) -> int | None:
    """The first segment with data that packet `ack` is the first to acknowledge; None where there is none."""
    number, end = story.at(ack).ack or 0, story.at(ack).end
    before = max((story.at(other).ack or 0 for other in story.spoken[end] if other < ack), default=0)
    waiting = (other for other in story.carriers(1 - end) if other < ack)
    return next((other for other in waiting if before < story.data(other)[1] <= number), None)


def delayed(story: Story) -> Sentence | None:
    """An acknowledgement that was held back."""
    for index in story.marked["delayed ACK"][:MOST_TRIED]:
        begun = first_waiting(story, index)
        if begun is not None and (waited := story.waited(begun, index)):
            text = (
                f"{story.packets(begun)} was acknowledged only {waited} later ({story.packets(index)}), most likely "
                "because the kernel waited for data that could take the acknowledgement along (a delayed ACK)."
            )
            return sentence("delayed ACK", "RFC 9293 section 3.8.6.3", [begun, index], text)
    return None


def nagle(story: Story) -> Sentence | None:
    """Nagle's algorithm and delayed acknowledgements wait for each other."""
    for late in story.marked["delayed ACK"][:MOST_TRIED]:
        end = 1 - story.at(late).end
        follows, begun = first(story.own, late), first_waiting(story, late)
        if follows is None or begun is None or story.at(follows).end != end or story.has(follows, "FIN"):
            continue
        waited = story.wait_ns(late, follows)
        full = story.mss(1 - end) or DEFAULT_MSS
        if waited is not None and waited <= AT_ONCE_NS and 0 < story.fresh.get(follows, 0) < full:
            text = (
                f"{story.packets(follows)} left only when {story.packets(late)} had acknowledged what was on its way"
                f"{story.waited(begun, late, ', and that was held back for {}')}. Most likely the small segment "
                "waited for the acknowledgement (Nagle's algorithm), and the acknowledgement for data to go with. "
                "TCP_NODELAY ends the one."
            )
            return sentence("Nagle", "RFC 9293 section 3.7.4", [begun, late, follows], text)
    return None


def alive(story: Story) -> Sentence | None:
    """Questions whether the other end is still there."""
    asked, answered = story.marked["keep-alive"], story.marked["keep-alive answer"]
    if not asked:
        return None
    before = max((index for index in story.own if index < asked[0]), default=None)
    idle = "" if before is None else story.waited(before, asked[0], "Nothing was said for {}; then ")
    answer = f"The answer ({story.packets(*answered)}) was no program's either. " if answered else ""
    text = (
        f"{idle}{story.who(story.at(asked[0]).end)}'s kernel asked whether the other one is still there, with a "
        f"number that was acknowledged before. {answer}SO_KEEPALIVE wants that: without it, a silent connection lives "
        "on after its other end is gone."
    )
    return sentence("keep-alive", "RFC 9293 section 3.8.4", [*asked, *answered], text)


SENTENCES: dict[Teller, int] = {
    by_no_call: COMMON,
    delayed: SPECIAL,
    nagle: SPECIAL,
    alive: SPECIAL,
}
