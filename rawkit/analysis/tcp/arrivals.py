"""When a packet had reached the other end, as far as later packets show.

A capture sees a packet at one point of its way. That the other end had it is shown by what that end sends next: an
acknowledgement that covers it. Where the next packet of the other end does not cover it, the two crossed on the way.
"""

from __future__ import annotations

from collections import Counter
from heapq import heappop, heappush

from rawkit.analysis.observed import ACK
from rawkit.analysis.tcp.steps import Step

Piece = tuple[int, int, bool, bool]


def piece_of(step: Step) -> Piece:
    """What makes two segments copies of each other: their numbers.

    SYN and SYN ACK share those and are told apart, and so are a FIN and an octet in its place.
    """
    return step.seq, step.stop, step.syn and step.has(ACK), step.fin


def arrivals(steps: list[Step]) -> list[int | None]:
    """For each step the place (see `rawkit.timeline`) where it had arrived; None where nothing shows that it did.

    A packet after which the other end sends nothing is taken to have arrived at once, and so is one that occupies no
    sequence numbers: nothing could show otherwise. Not so a SYN that was never answered, data and questions that came
    again without any answer, an acknowledgement after which the other end sent the same again, what an ICMP error says
    was thrown away on its way, what has a wrong checksum, and what is cut short. Packets of one end arrive in the order
    of sending.
    """
    found = _by_evidence(steps)
    _unanswered_requests(steps, found)
    _thrown_away(steps, found)
    _unheard(steps, found)
    _sent_again_all_the_same(steps, found)
    _wrong_checksums(steps, found)
    _cut_short(steps, found)
    _resets_that_came_later(steps, found)
    floors = [0, 0]
    for at, step in enumerate(steps):
        place = found[at]
        if place is None:
            continue
        if step.stop == step.seq and floors[step.end] >= step.index:  # behind one that is still on its way
            place = max(place, min(len(steps), floors[step.end] + 1))
        else:
            floors[step.end] = max(floors[step.end], place)
        found[at] = max(place, step.index)
    return found


def _by_evidence(steps: list[Step]) -> list[int | None]:
    """Where each step arrived, judged by the acknowledgement that covers it."""
    found: list[int | None] = [step.index for step in steps]
    waiting: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])  # of each end: (stop, position in steps)
    latest: tuple[dict[Piece, int], dict[Piece, int]] = ({}, {})
    last_of = [-1, -1]
    for at, step in enumerate(steps):
        if not step.segment:
            continue
        if step.ack is not None or step.rst:
            covered = waiting[1 - step.end]
            late: list[int] = []  # positions of what crossed, and a later packet of the same end did not
            while covered and (step.ack is None or covered[0][0] <= step.ack):
                position = heappop(covered)[1]
                piece = piece_of(steps[position])
                if latest[1 - step.end].get(piece) == position:
                    crossed = last_of[step.end] > position
                    found[position] = step.index - 1 if crossed else position + 1
                    if crossed:
                        late.append(position)
                    while late and not crossed:  # in the order of sending: before this one was sent, at the latest
                        found[late.pop()] = position
                    del latest[1 - step.end][piece]
                else:
                    found[position] = None  # sent again before it was acknowledged: this or the other one arrived
        last_of[step.end] = at
        if step.stop > step.seq and not step.copy:
            heappush(waiting[step.end], (step.stop, at))
            latest[step.end][piece_of(step)] = at
    for end in (0, 1):
        for _, position in waiting[end]:
            answered = last_of[1 - end] > position
            superseded = latest[end].get(piece_of(steps[position])) != position
            found[position] = None if answered or superseded else position + 1
    return found


def _unanswered_requests(steps: list[Step], found: list[int | None]) -> None:
    """SYNs to an end that never said anything."""
    for end in (0, 1):
        own = [step for step in steps if step.segment and step.end == end]
        if own and all(step.syn and not step.has(ACK) for step in own) and len(own) == sum(s.segment for s in steps):
            for step in own:
                found[step.index - 1] = None


def _unheard(steps: list[Step], found: list[int | None]) -> None:
    """The last words of an end that nobody answered: what it repeated, what it asked, and its reset after that."""
    for end in (0, 1):
        last = []
        for step in reversed(steps):
            if step.segment:
                if step.end != end:
                    break
                last.append(step)
        asked = any(step.asks for step in last)
        pieces = Counter(piece_of(step) for step in last if step.stop > step.seq and not step.copy)
        for step in last:
            again = pieces[piece_of(step)] > 1
            if again or step.asks or (step.rst and asked):
                found[step.index - 1] = None


def _sent_again_all_the_same(steps: list[Step], found: list[int | None]) -> None:
    """Acknowledgements, and no more than that, of what the other end sends again after them."""
    lowest: list[int | None] = [None, None]  # of what each end sends again from here on
    for step in reversed(steps):
        if step.stop > step.seq:
            if not (step.new or step.asks or step.copy or step.rst):
                before = lowest[step.end]
                lowest[step.end] = step.seq if before is None else min(before, step.seq)
            continue
        again = lowest[1 - step.end]
        if again is not None and step.ack is not None and step.ack > again and not step.rst:
            found[step.index - 1] = None


def _thrown_away(steps: list[Step], found: list[int | None]) -> None:
    """The last segment before an ICMP error that quotes its number, when a router sent the error."""
    latest: dict[tuple[int, int], int] = {}
    for at, step in enumerate(steps):
        if step.segment:
            latest[step.end, step.observed.seq] = at
        elif step.observed.error and step.observed.via:
            quoted = latest.get((1 - step.end, step.observed.seq))
            if quoted is not None:
                found[quoted] = None


def completed_later(steps: list[Step], end: int, found: list[int | None]) -> bool:
    """Whether an end's wrong checksums are only left to its network card: one was acknowledged all the same."""
    return any(
        step.observed.bad_checksum and step.end == end and step.stop > step.seq and place is not None and answered
        for step, place, answered in zip(steps, found, _answered(steps), strict=True)
    )


def _answered(steps: list[Step]) -> list[bool]:
    """For each step whether a later acknowledgement of the other end covers it."""
    highest = [-1, -1]
    found = []
    for step in reversed(steps):
        found.append(step.segment and step.stop <= highest[1 - step.end])
        if step.ack is not None:
            highest[step.end] = max(highest[step.end], step.ack)
    return found[::-1]


def _wrong_checksums(steps: list[Step], found: list[int | None]) -> None:
    """A kernel throws a packet with a wrong checksum away (RFC 1122 section 4.2.2.7)."""
    for end in (0, 1):
        wrong = [at for at, step in enumerate(steps) if step.end == end and step.observed.bad_checksum]
        if wrong and not completed_later(steps, end, found):
            for at in wrong:
                found[at] = None


def _cut_short(steps: list[Step], found: list[int | None]) -> None:
    """A kernel drops what is shorter than IP's header says; where it was acknowledged at once, the capture cut it."""
    if not any(step.observed.cut for step in steps):
        return
    last = {(step.end, step.seq): at for at, step in enumerate(steps)}
    for at, (step, answered) in enumerate(zip(steps, _answered(steps), strict=True)):
        if step.observed.cut and (step.stop == step.seq or not answered or last[step.end, step.seq] > at):
            found[at] = None


def _resets_that_came_later(steps: list[Step], found: list[int | None]) -> None:
    """An end that still sends has not got the reset yet; when the resetting end goes on too, it was no end at all."""
    last_words = [0, 0]
    for step in steps:
        if step.segment and not step.rst:
            last_words[step.end] = step.index
    for at, step in enumerate(steps):
        if step.segment and step.rst and found[at] is not None:
            ignored = last_words[step.end] > step.index < last_words[1 - step.end]
            found[at] = None if ignored else max(step.index, last_words[1 - step.end])
