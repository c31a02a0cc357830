"""A timeline as a lesson reads it: who is who, which packets have a mark, what came before what, and in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import groupby, pairwise

from rawkit.analysis.tcp.sequence import Seen
from rawkit.show.counts import joined
from rawkit.show.packet_lists import packet_list
from rawkit.show.times import span
from rawkit.timeline import Call, Segment, Sentence, Timeline

USUAL, COMMON, CENTRAL, SPECIAL = 1, 2, 3, 4
"""How much a sentence is worth to a reader: what nearly every conversation shows, and it tells little of this one; what
many show; what sockets are about; what happened in this conversation, and not in others."""

Teller = Callable[["Story"], Sentence | None]
"""Makes one sentence; None where the timeline does not show what it is about."""

NOT_OURS = frozenset({"ghost", "forged reset"})
"""Marks of segments whose numbers are not this connection's."""

HEDGES = {"likely": "most likely ", "possible": "perhaps "}
"""By certainty: what is put before a call that nobody watched, and that something else might explain."""


MOST_WAITS = 6
"""Waits between repeated packets that a sentence lists."""

SOONEST_TIMER_NS = 1_000_000
"""What comes again sooner is a copy that the network or the capture made: no timer of a kernel is so short (RFC 6298
section 2.4 has 1 s at least, Linux 200 ms, and a few ms for a tail loss probe)."""

AT_ONCE_NS = 10_000_000
"""What follows an acknowledgement so soon was waiting for it."""


class Story:
    """A timeline, and what sentences ask of it. Packets are counted from 1, as everywhere in a timeline."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.tcp = timeline.protocol == "tcp"
        self.ipv6 = any(":" in end.address for end in timeline.ends)
        self.marked: dict[str, list[int]] = defaultdict(list)
        """Name of a mark -> the packets that have it."""
        self.spoken: tuple[list[int], list[int]] = ([], [])
        """Of each end, the TCP segments that belong to this connection."""
        for index, segment in enumerate(timeline.segments, 1):
            for mark in segment.marks:
                self.marked[mark].append(index)
            if segment.protocol == "tcp" and not NOT_OURS & set(segment.marks):
                self.spoken[segment.end].append(index)
        self.own = [index for index, segment in enumerate(timeline.segments, 1) if not segment.companion]
        """Packets between the two end points."""
        self.cause = {index: call for call in timeline.calls for index in call.caused}
        """Packet -> the call that put it on the wire."""

    @cached_property
    def fresh(self) -> dict[int, int]:
        """TCP segment -> octets of data in it that no packet before it has."""
        seen, found = (Seen(), Seen()), {}
        for index in self.both:
            segment = self.at(index)
            if segment.seq is not None and not self.has(index, "RST"):
                found[index] = seen[segment.end].add(*self.data(index))
        return found

    @cached_property
    def both(self) -> list[int]:
        """The TCP segments of both ends."""
        return sorted(self.spoken[0] + self.spoken[1])

    # -- one packet ---------------------------------------------------------------------------------------------------

    def at(self, index: int) -> Segment:
        """Packet number `index` of the timeline."""
        return self.timeline.segments[index - 1]

    def has(self, index: int, *flags: str) -> bool:
        """Whether a TCP segment has all of these flags."""
        return set(flags) <= set(self.at(index).label.split())

    def data(self, index: int) -> tuple[int, int]:
        """The octets of data that a TCP segment carries: numbers of the first, and of the one after the last."""
        segment = self.at(index)
        start = (segment.seq or 0) + self.has(index, "SYN")
        return start, start + segment.length

    # -- packets of an end --------------------------------------------------------------------------------------------

    def syns(self, end: int) -> list[int]:
        """Its requests for a connection."""
        asked = [index for index in self.spoken[end] if self.has(index, "SYN") and not self.has(index, "ACK")]
        return [index for index in asked if "stray SYN" not in self.at(index).marks]

    def answers(self, end: int) -> list[int]:
        """Its answers to a request."""
        return [index for index in self.spoken[end] if self.has(index, "SYN", "ACK")]

    def fins(self, end: int) -> list[int]:
        """Its ends of data."""
        return [index for index in self.spoken[end] if self.has(index, "FIN")]

    @cached_property
    def _carriers(self) -> tuple[list[int], list[int]]:
        first, second = ([index for index in own if self.fresh.get(index)] for own in self.spoken)
        return first, second

    def carriers(self, *ends: int) -> list[int]:
        """Segments of these ends with data that was not seen before."""
        return self._carriers[ends[0]] if len(ends) == 1 else sorted(self._carriers[0] + self._carriers[1])

    def datagrams(self, *ends: int) -> list[int]:
        """The packets that begin these ends' datagrams."""
        return [index for index in self.own if self.at(index).protocol == "udp" and self.at(index).end in ends]

    def mss(self, end: int) -> int | None:
        """How much data an end takes in one segment, as its SYN says."""
        return next((mss for index in self.spoken[end] if self.has(index, "SYN") and (mss := self.at(index).mss)), None)

    def heard(self, end: int, number: int, after: int = 0) -> int | None:
        """The first segment of `end` after packet `after` that acknowledges `number`."""
        acks = (index for index in self.spoken[end] if not self.has(index, "RST"))
        return first((index for index in acks if (self.at(index).ack or 0) > number), after)

    @cached_property
    def acknowledged(self) -> tuple[int, int]:
        """To each end, the highest number that the other end acknowledged; 0 where there is none."""
        first, second = (max((self.at(index).ack or 0 for index in own), default=0) for own in self.spoken)
        return second, first

    def calls(self, name: str, *ends: int) -> Iterator[Call]:
        """Calls of that name, in order; of these ends, or of both."""
        return (call for call in self.timeline.calls if call.name == name and (not ends or call.end in ends))

    # -- words --------------------------------------------------------------------------------------------------------

    def who(self, end: int) -> str:
        """`the client`; the end point where nothing tells who asked."""
        point = self.timeline.ends[end]
        return f"the {point.role}" if point.role else str(point)

    def wait_ns(self, one: int, later: int) -> int | None:
        """Time from one packet to a later one; None where it is not known, or a clock was put back."""
        begin, stop = self.at(one).time_ns, self.at(later).time_ns
        return None if begin is None or stop is None or stop < begin else stop - begin

    def waited(self, one: int, later: int, words: str = "{}") -> str:
        """The same, put into `words`; "" where it is not known."""
        wait = self.wait_ns(one, later)
        return "" if wait is None else words.format(span(wait))

    def packets(self, *indices: int) -> str:
        """`packet 6`, `packets 6, 8-11`: by their numbers in the capture."""
        return packet_list(self.timeline, indices)


def first(indices: Iterable[int], after: int = 0) -> int | None:
    """The first of these packets that comes after packet `after`."""
    return next((index for index in indices if index > after), None)


def hedged(call: Call) -> str:
    """How sure a call is, in words to stand before it; "" where somebody saw it, or nothing else explains the packets.

    >>> hedged(Call(0, "close", certainty="likely")), hedged(Call(0, "close"))
    ('most likely ', '')
    """
    return HEDGES.get(call.certainty, "")


def copied(story: Story, sent: list[int]) -> bool:
    """Whether one of these packets is no repetition, but a copy."""
    times = [story.wait_ns(*two) for two in pairwise(sent)]
    return any(time is not None and time < SOONEST_TIMER_NS for time in times)


def waits(story: Story, sent: list[int]) -> str:
    """`, after 1.03 s, 2.01 s and 4.03 s, longer every time`: the times between packets; "" where not known."""
    times = [story.wait_ns(*two) for two in pairwise(sent)]
    known = [time for time in times if time is not None]
    if not 0 < len(known) == len(times) <= MOST_WAITS:
        return ""
    growing = len(known) > 1 and all(later > 1.5 * time for time, later in pairwise(known))
    return f", after {joined(map(span, known))}{', longer every time' if growing else ''}"


def one_way(story: Story) -> Iterator[list[int]]:
    """Runs of segments with data that one end sent before the other sent any."""
    for _, run in groupby(story.carriers(0, 1), key=lambda index: story.at(index).end):
        yield list(run)


def sentence(topic: str, rfc: str, packets: Iterable[int], text: str) -> Sentence:
    """With a capital at its beginning, unless that is a call or an address; its packets in order, each once."""
    word = text.partition(" ")[0].removesuffix("'s")
    begin = text[0].upper() if word.isalpha() else text[0]
    return Sentence(topic, begin + text[1:], rfc, tuple(sorted(set(packets))))
