"""Closing: the end of data, what kernels do after their programs, and resets."""

from __future__ import annotations

from rawkit.analysis.clocks import doubted
from rawkit.analysis.lesson.story import CENTRAL, SPECIAL, USUAL, Story, Teller, hedged, sentence
from rawkit.analysis.tcp.notes import time_wait_left
from rawkit.analysis.words import octets
from rawkit.show.times import span
from rawkit.timeline import Sentence

CAUSES = frozenset({"unread data", "late data", "abort"})
"""Marks beside a reset that say why there is one; where there is another reason, that is the mark."""


def closes(story: Story) -> Sentence | None:
    """A FIN, and what the other program sees of it."""
    index = min([*story.fins(0), *story.fins(1)], default=None)
    if index is None or story.marked["half-close"] or story.marked["simultaneous close"]:
        return None
    end, call = story.at(index).end, story.cause.get(index)
    by = f", {hedged(call)}by {call.name}()" if call is not None else ""
    other = next((fin for fin in story.fins(1 - end) if fin > index), None)
    text = (
        f'{story.who(end)} sent a FIN behind its last octet{by}: at the other end recv() returns b"" for it, once all '
        "before it was read. The other direction ends by a FIN of its "
        f"own{f' ({story.packets(other)})' if other else ''}."
    )
    return sentence("close", "RFC 9293 section 3.6", [index, *([other] if other else [])], text)


def half_closes(story: Story) -> Sentence | None:
    """One direction ends, the other goes on."""
    for index in story.marked["half-close"]:
        end = story.at(index).end
        later = [other for other in story.carriers(1 - end) if other > index]
        if later:
            text = (
                f"{story.who(end)} said that it has no more data, and went on reading: "
                f"{octets(sum(story.fresh[other] for other in later))} came after that ({story.packets(*later)}). "
                "shutdown(SHUT_WR) ends one direction; after close() nobody could have read them."
            )
            return sentence("half-close", "RFC 9293 section 3.6.1", [index, *later], text)
    return None


def both_close(story: Story) -> Sentence | None:
    """A simultaneous close."""
    for index in story.marked["simultaneous close"]:
        text = (
            "Both ends closed before they heard of each other's FIN: the two crossed on their way, and both ends go "
            "through CLOSING (a simultaneous close)."
        )
        return sentence(
            "simultaneous close", "RFC 9293 section 3.6", [*story.fins(1 - story.at(index).end)[:1], index], text
        )
    return None


def lives_on(story: Story) -> Sentence | None:
    """The kernel after its program."""
    for call in story.calls("close"):
        left = max(call.caused, default=len(story.timeline.segments))
        later = [index for index in story.spoken[call.end] if index > left and index not in story.cause]
        alone = [index for index in later if not story.has(index, "RST")]
        if alone:
            text = (
                f"{story.who(call.end)}'s program had {hedged(call)}called close(), and its kernel still sent "
                f"{story.packets(*alone)} by itself: the program may have ended before, the kernel finishes the "
                "conversation."
            )
            return sentence("after close", "RFC 9293 section 3.9.1.4", alone, text)
    return None


def waits(story: Story) -> Sentence | None:
    """TIME-WAIT: who waits, for how long, and what that hinders."""
    ends = [end for end in (0, 1) if story.timeline.final_state(end) == "TIME-WAIT"]
    if not ends:
        return None
    since = {state.end: state.after for state in story.timeline.states if state.name == "TIME-WAIT"}
    began = since[ends[0]]
    told = began and not doubted(story.timeline.notes)
    left = time_wait_left(story.at(began).time_ns, story.timeline.until_ns) if told else None
    who = "both ends closed at once and stay" if len(ends) == 2 else f"{story.who(ends[0])} closed first and stays"
    rest = f", of which {span(left)} are left when the capture ends" if left is not None else ""
    text = (
        f"{who} in TIME-WAIT: 60 s on Linux{rest}. The last acknowledgement can still be sent again if it was lost, "
        "and old segments die out before the same ports are used again."
    )
    server = next((end for end in ends if story.timeline.ends[end].role == "server"), None)
    if server is not None:
        port = story.timeline.ends[server].port
        text += f" Here the server's port waits: bind() to {port} fails meanwhile, unless SO_REUSEADDR is set."
    return sentence("TIME-WAIT", "RFC 9293 section 3.3.2", [since[end] for end in ends if since[end]], text)


def left_open(story: Story) -> Sentence | None:
    """An end that waits for its program."""
    for end in (0, 1):
        if story.timeline.final_state(end) == "CLOSE-WAIT":
            text = (
                f"{story.who(end)}'s program has not closed as far as the capture goes: its end stays in CLOSE-WAIT "
                "until it does, and no timer ends that."
            )
            return sentence("left open", "RFC 9293 section 3.3.2", story.fins(1 - end)[:1], text)
    return None


def resets(story: Story) -> Sentence | None:
    """A reset of which no more is known."""
    index = next((index for index in story.marked["reset"] if not CAUSES & set(story.at(index).marks)), None)
    if index is None:
        return None
    text = (
        "A reset throws the connection away: it is not acknowledged, and what was unread or on its way is lost with it."
    )
    return sentence("reset", "RFC 9293 section 3.5.3", [index], text)


SENTENCES: dict[Teller, int] = {
    closes: CENTRAL,
    half_closes: SPECIAL,
    both_close: SPECIAL,
    resets: SPECIAL,
    lives_on: USUAL,
    left_open: SPECIAL,
    waits: CENTRAL,
}
