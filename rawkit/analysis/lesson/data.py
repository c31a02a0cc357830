"""Data: what becomes of a send(), and what recv() may make of it."""

from __future__ import annotations

from rawkit.analysis.lesson.story import CENTRAL, COMMON, SPECIAL, Story, Teller, hedged, one_way, sentence
from rawkit.analysis.words import octets
from rawkit.show.counts import joined
from rawkit.show.escape import quoted
from rawkit.timeline import Sentence

SHORTEST_TEXT = 4
"""Octets that must be letters before data is called readable."""

SHOWN = 24
"""Octets of data that a sentence quotes."""

TLS = b"\x16\x03"
"""How a connection under TLS begins: a handshake record, version 3 (RFC 8446 section 5.1)."""

LISTED = 3
"""Sizes that a sentence lists; of more it gives the sum."""


def copied(story: Story) -> Sentence | None:
    """When send() returns, and what an acknowledgement says."""
    for call in story.calls("send"):
        pieces = [index for index in call.caused if index in story.fresh]
        if not pieces or story.data(pieces[-1])[1] > story.acknowledged[call.end]:
            continue
        heard = story.heard(1 - call.end, story.data(pieces[-1])[1] - 1, pieces[-1])
        if heard is not None:
            size = octets(sum(story.fresh[index] for index in pieces))
            text = (
                f"send() returned when these {size} were in {story.who(call.end)}'s kernel, not when they had "
                "arrived. The acknowledgement "
                f"({story.packets(heard)}{story.waited(pieces[-1], heard, ', {} later')}) comes from the other "
                "kernel: it does not say that a program has read them."
            )
            return sentence("send", "RFC 9293 section 3.9.1.2", [*pieces, heard], text)
    return None


def segmented(story: Story) -> Sentence | None:
    """One send(), several segments."""
    longest = max(story.calls("send"), key=lambda call: len(call.caused), default=None)
    if (
        longest is None
        or len(longest.caused) < 2
        or longest.certainty == "possible"
        or story.marked["lost in the capture"]
    ):
        return None
    size = sum(story.fresh.get(index, 0) for index in longest.caused)
    most = max(story.at(index).length for index in longest.caused)
    takes = story.mss(1 - longest.end)
    limit = f": {story.who(1 - longest.end)} takes {takes:,} in one" if takes and most <= takes else ""
    text = (
        f"{octets(size)}, {hedged(longest)}of one send(), went in {len(longest.caused):,} segments of at most "
        f"{octets(most)}{limit}. recv() may return after any of them: one send() is not one recv()."
    )
    return sentence("segmentation", "RFC 9293 section 3.7", longest.caused, text)


def stream(story: Story) -> Sentence | None:
    """Several sends, no borders."""
    if story.marked["lost in the capture"]:
        return None  # and with it the sizes
    sender = {index: call for call in story.calls("send") for index in call.caused}
    for run in one_way(story):
        calls = list(dict.fromkeys(sender[index] for index in run if index in sender))
        if len(calls) < 2:
            continue
        sizes = [sum(story.fresh[index] for index in call.caused if index in story.fresh) for call in calls]
        what = f"{joined(f'{size:,}' for size in sizes)} octets" if len(calls) <= LISTED else octets(sum(sizes))
        text = (
            f"{what} left one after the other, {hedged(calls[0])}by {len(calls):,} calls of send(). One recv() may "
            f"return all {sum(sizes):,}, or only some of them: TCP keeps the order of octets, and no borders."
        )
        return sentence("stream", "RFC 9293 section 3.7", run, text)
    return None


def readable(story: Story) -> Sentence | None:
    """Whoever is on the way reads along."""
    sent = story.carriers(0, 1) if story.tcp else story.datagrams(0, 1)
    index = next((index for index in sent if story.at(index).length), None)
    if index is None:
        return None
    data = story.at(index).data[: min(SHOWN, story.at(index).length)]
    text = quoted(data)
    if len(data) < SHORTEST_TEXT or not text.startswith('"'):
        return None
    begins = "begins with" if story.at(index).length > len(data) else "is"
    protocol, rfc = ("TCP", "RFC 9293 section 7") if story.tcp else ("UDP", "RFC 8085 section 6")
    told = (
        f"Everyone on the way can read this, and change it: it {begins} {text}. {protocol} alone keeps nothing "
        "secret; that is what TLS is put on top for."
    )
    return sentence("no secrecy", rfc, [index], told)


def hidden(story: Story) -> Sentence | None:
    """What TLS hides, and what not."""
    index = next((index for index in story.carriers(0, 1) if story.at(index).data.startswith(TLS)), None)
    if index is None:
        return None
    text = (
        "This begins as TLS does, so most of what follows is encrypted, most likely. Addresses, ports, lengths and "
        "times stay visible to everyone on the way."
    )
    return sentence("what TLS leaves", "RFC 8446 appendix E.3", [index], text)


def no_guarantee(story: Story) -> Sentence | None:
    """What was not acknowledged when the connection was thrown away."""
    resets = [index for index in story.both if story.has(index, "RST")]
    for end in (0, 1):
        acked = max(1, story.acknowledged[end])
        waiting = [index for index in story.carriers(end) if story.data(index)[1] > acked]
        reset = next((index for index in resets if waiting and index > waiting[-1]), None)
        if reset is not None and story.spoken[1 - end]:
            missing = max(story.data(index)[1] for index in waiting) - max(acked, story.data(waiting[0])[0])
            text = (
                f"{octets(missing)} that {story.who(end)} sent were not acknowledged when the reset "
                f"({story.packets(reset)}) ended the connection. send() had taken them, and nothing shows that they "
                "arrived: TCP does not guarantee that data arrives, only that the program hears of it if not."
            )
            return sentence("no guarantee", "RFC 9293 section 3.10.7.4", [*waiting, reset], text)
    return None


def never_read(story: Story) -> Sentence | None:
    """What was acknowledged, and no program read."""
    for index in story.marked["unread data"]:
        end = story.at(index).end
        read = sum(int(call.result) for call in story.calls("recv", end) if call.result and call.result.isdigit())
        arrived = [other for other in story.carriers(1 - end) if other < index]
        acked = [other for other in arrived if story.data(other)[1] <= story.acknowledged[1 - end]]
        heard = story.heard(end, story.data(acked[-1])[1] - 1) if acked else None
        if read == 0 and heard is not None:
            size = octets(sum(story.fresh[other] for other in acked))
            text = (
                f"{size} of {story.who(1 - end)} were acknowledged ({story.packets(heard)}), and most likely no "
                "program ever read them: an acknowledgement says that the other kernel has the data, and no more."
            )
            return sentence("not read", "RFC 793 section 2.6", [*acked, heard], text)
    return None


SENTENCES: dict[Teller, int] = {
    copied: CENTRAL,
    segmented: CENTRAL,
    stream: CENTRAL,
    readable: COMMON,
    hidden: SPECIAL,
    no_guarantee: SPECIAL,
    never_read: CENTRAL,
}
