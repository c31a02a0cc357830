"""A UDP conversation -> its timeline: every datagram is one call, and no packet is the kernel's own but ICMP errors."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from rawkit.analysis.asking import serves, to_many, who_serves
from rawkit.analysis.clocks import backwards
from rawkit.analysis.conversations import Conversation
from rawkit.analysis.fragments import LONGEST
from rawkit.analysis.marks import COPY, is_copy, of_packet
from rawkit.analysis.observed import Address, Observed, Piece
from rawkit.analysis.tunnels import sentences
from rawkit.analysis.words import PARTIAL, completed_words, datagram_words, label, octets, other_words
from rawkit.show.counts import counted
from rawkit.timeline import Call, Certainty, End, Segment, Timeline

COPIES_APART = 64
"""Packets of a conversation among which the copy of an earlier one is looked for."""

READ_AGAIN = "a copy made on the way is read as well, for UDP drops none; one made by the capture is not"

UDP_HEADER = 8

MAX_TOLD = 3
"""Datagrams that are not whole, told one by one."""

Completed = tuple[bool, bool]
"""Of each end, whether its wrong checksums mean nothing."""


@dataclass(slots=True)
class Datagram:
    """One datagram of `end`: the packet with its ports, all that it came in, the pieces in those, and its ICMP error.

    `copies`: packets (counted from 1) that are its only one a second time.
    `asked_from`: the packet (counted from 1) with which its kernel began to ask for the neighbour; else its first.
    """

    end: int
    record: Observed
    packets: list[int]
    pieces: list[Piece]
    asked_from: int
    error: Observed | None = None
    copies: list[int] = field(default_factory=list)

    @property
    def octets(self) -> int:
        """Of data, in the whole datagram."""
        return self.record.length if self.record.whole is None else self.record.whole

    @property
    def here(self) -> int:
        """Octets of its data that are here."""
        return max(0, self.octets - self.missing) if self.pieces else self.record.length

    @property
    def whole(self) -> bool:
        """Whether all of it is here, and in no piece that a kernel would not take."""
        return not self.pieces or not (self.overlaps or self.missing or any(each.past for each in self.pieces))

    @property
    def overlaps(self) -> bool:
        """Whether pieces have octets that others have, too, and are not the same piece twice."""
        return any(each.before for each in self.pieces)

    @property
    def missing(self) -> int:
        """Octets of its data that are in none of its pieces; 1 at least where its last piece is not here."""
        reached, lacking = 0, 0
        for piece in sorted((each for each in self.pieces if not each.past), key=attrgetter("offset")):
            lacking += max(0, piece.offset - reached)
            reached = max(reached, piece.offset + piece.length)
        ends = any(not each.more and not each.past for each in self.pieces)
        return lacking + max(not ends, UDP_HEADER + self.octets - reached)


def udp_timeline(conversation: Conversation) -> Timeline:
    """The timeline of a UDP conversation. The work grows with the packets, and not faster."""
    ends = conversation.ends
    copied = copies(conversation)
    found = datagrams(conversation, copied)
    last_sent = _last_sent(found)
    completed = (_completed(found, 0, last_sent), _completed(found, 1, last_sent))
    calls = [*_calls(found, last_sent, completed, conversation.broadcast), *_errors(conversation)]
    roles = ("client", "server") if serves(ends[1], ends[0]) else ("", "")
    segments = _segments(conversation, found, completed, copied)
    return Timeline(
        "udp",
        (End(*ends[0], roles[0]), End(*ends[1], roles[1])),
        segments,
        tuple(sorted(calls, key=lambda call: (call.place, call.begins_after is not None))),
        (),
        (_data(found, 0), _data(found, 1)),
        tuple(_notes(conversation, found, completed, segments)),
        conversation.until_ns,
    )


def copies(conversation: Conversation) -> dict[int, int]:
    """Packets (counted from 1) that are others a second time -> the first of those, 0 of pieces: copied on the way, or
    here.

    A second datagram of the same content has an identification of its own (RFC 791 section 3.2), or none at all.
    """
    latest: dict[tuple[Address, int], tuple[int, Observed]] = {}
    found: dict[int, int] = {}
    for index, record in enumerate(conversation.in_order, 1):
        if record.piece.copy:
            found[index] = 0
        elif record.kind == "udp" and record.identification and not record.fragment:
            before = latest.get(key := (record.source, record.identification))
            if before is not None and index - before[0] <= COPIES_APART and is_copy(before[1], record):
                found[index] = found.get(before[0], before[0])
            latest[key] = index, record
    return found


def datagrams(conversation: Conversation, copied: Mapping[int, int]) -> list[Datagram]:
    """Every datagram, with its pieces and with the error that it met."""
    found: list[Datagram] = []
    in_pieces: dict[int, Datagram] = {}
    latest: dict[int, Datagram] = {}
    begun: dict[int, Datagram] = {}
    alike: dict[tuple[int, int | None, int | None], list[Datagram]] = {}
    packets = list(conversation.in_order)
    early = _early(packets, copied)
    for index, record in enumerate(packets, 1):
        end = conversation.sender(record)
        if index in copied:
            if copied[index]:
                begun[copied[index]].copies.append(index)
            continue
        piece_of = in_pieces.get(record.piece.first)
        if piece_of is not None:
            piece_of.packets.append(index)
            piece_of.pieces.append(record.piece)
        elif record.kind == "udp":
            own = [*early.get(record.number, ()), index]
            pieces = [packets[each - 1].piece for each in own] if record.fragment else []
            datagram = Datagram(end, record, own, pieces, conversation.asked_first(packets, own[0] - 1) + 1)
            found.append(datagram)
            begun[index] = latest[end] = datagram
            if record.fragment:
                in_pieces[record.number] = datagram
            alike.setdefault((end, record.identification, record.whole), []).append(datagram)
        elif record.error:
            quoted = alike.get((1 - end, record.identification, record.whole))
            about = quoted.pop() if quoted else latest.get(1 - end)
            if about is not None:
                about.error = record
    return found


def _early(packets: list[Observed], copied: Container[int]) -> dict[int, list[int]]:
    """Of datagrams whose first piece did not come first, by the number of its frame: the packets before it."""
    found: dict[int, list[int]] = {}
    for index, record in enumerate(packets, 1):
        if record.number < record.piece.first and index not in copied:
            found.setdefault(record.piece.first, []).append(index)
    return found


def _data(found: list[Datagram], end: int) -> int:
    return sum(min(datagram.here, datagram.octets) for datagram in found if datagram.end == end)


def _last_sent(found: list[Datagram]) -> tuple[int, int]:
    """The number of the last packet that each end began a datagram with; 0 for none."""
    last = {datagram.end: datagram.packets[0] for datagram in found}
    return last.get(0, 0), last.get(1, 0)


def _segments(
    conversation: Conversation, found: list[Datagram], completed: Completed, copied: Container[int]
) -> tuple[Segment, ...]:
    """Every packet. What a router threw away, has a wrong checksum or is cut short is not shown as arrived."""
    lost = {index for datagram in found if datagram.error and datagram.error.via for index in datagram.packets}
    return tuple(
        _segment(record, index, conversation.sender(record), index in lost, completed, index in copied)
        for index, record in enumerate(conversation.in_order, 1)
    )


def _segment(record: Observed, index: int, end: int, lost: bool, completed: Completed, copied: bool) -> Segment:
    says = datagram_words(record) if record.kind == "udp" else other_words(record)
    hidden = [COPY, *of_packet(record, completed[end])] if copied else of_packet(record, completed[end])
    return Segment(
        end,
        label(record),
        record.kind,
        record.number,
        record.time_ns,
        length=record.length,
        octets=record.octets,
        does=(says, *(mark.words for mark in hidden if mark.words)),
        arrives_after=None if lost or record.cut or (record.bad_checksum and not completed[end]) else index,
        via=record.via,
        marks=tuple(mark.name for mark in hidden),
        data=record.data,
    )


def _completed(found: list[Datagram], end: int, last_sent: tuple[int, int]) -> bool:
    """Whether an end's wrong checksums mean nothing: one was answered all the same."""
    wrong = (each for each in found if each.end == end and each.record.bad_checksum)
    return any(last_sent[1 - end] > datagram.packets[-1] for datagram in wrong)


def _calls(found: list[Datagram], last_sent: tuple[int, int], completed: Completed, broadcast: bool) -> list[Call]:
    """A sendto() for every datagram; a recvfrom() for every one that may have reached a program."""
    calls = []
    everything_twice = mirrored(found)
    for datagram in found:
        calls.append(_sendto(datagram))
        if (broadcast and datagram.end == 0) or to_many(datagram.record.destination) or datagram.error is not None:
            continue
        if datagram.whole and not datagram.record.cut and (completed[datagram.end] or not datagram.record.bad_checksum):
            calls.append(_recvfrom(datagram, answered=last_sent[1 - datagram.end] > datagram.packets[-1]))
            if not (everything_twice or datagram.record.fragment):
                calls += [_read_again(calls[-1], place) for place in datagram.copies]
    return calls


def mirrored(found: list[Datagram]) -> bool:
    """Whether a capture has every datagram of several twice, as one of a mirror port: no network does that."""
    return len(found) > 1 and all(datagram.copies for datagram in found)


def _read_again(call: Call, place: int) -> Call:
    """UDP drops no doubles (RFC 8085 section 3.3): a program reads what was copied on its way as often as it came."""
    return replace(call, returns_after=place, certainty="possible", why=READ_AGAIN)


def _sendto(datagram: Datagram) -> Call:
    """It begins before the first piece, and does not wait for the neighbour; the other pieces are its doing too."""
    first, why = datagram.asked_from, "one datagram is one call"
    returns = first if first == datagram.packets[0] else first - 1
    arguments, caused = (str(datagram.octets),), tuple(datagram.packets)
    return Call(datagram.end, "sendto", arguments, "", first - 1, returns, None, None, caused, "likely", why)


def _recvfrom(datagram: Datagram, answered: bool) -> Call:
    certainty: Certainty = "likely" if answered else "possible"
    why = "it went on after the datagram came" if answered else "the datagram came; nothing shows who read it"
    place, time_ns = datagram.packets[-1], datagram.record.time_ns
    result = str(datagram.octets)
    return Call(1 - datagram.end, "recvfrom", (), result, None, place, None, time_ns, (), certainty, why)


def _errors(conversation: Conversation) -> list[Call]:
    """What an ICMP error may have told the program whose datagram it quotes."""
    why = "only a connected socket is told of an ICMP error, by its next call"
    return [
        Call(
            1 - conversation.sender(record),
            "recvfrom",
            (),
            record.error,
            None,
            index,
            None,
            record.time_ns,
            (),
            "possible",
            why,
        )
        for index, record in enumerate(conversation.in_order, 1)
        if told_to_socket(record)
    ]


def told_to_socket(record: Observed) -> bool:
    """Whether a packet is an ICMP error that a connected socket hears of without asking for it."""
    return record.kind == "icmp" and bool(record.error) and not record.soft


def _broken(found: list[Datagram]) -> list[str]:
    """Why datagrams in pieces are read by nobody, as far as is known: of the first ones, and how many more."""
    told = [_why_broken(each) for each in found if not each.whole]
    more = len(told) - MAX_TOLD
    return [*told[:MAX_TOLD], *([f"Of {counted(more, 'more datagram')} the same is true."] if more > 0 else [])]


def _why_broken(datagram: Datagram) -> str:
    """Why a datagram that came in pieces is not put together again."""
    which = f"the datagram that begins in packet {datagram.record.number:,}"
    if datagram.overlaps:
        if ":" in datagram.record.source[0]:
            return f"Pieces of {which} overlap: all of it must be thrown away (RFC 5722 section 4)."
        return (
            f"Pieces of {which} overlap: RFC 791 section 3.2 takes what came last, kernels of today throw all of it "
            "away, so that no recvfrom() is claimed."
        )
    if any(each.past for each in datagram.pieces):
        return f"A piece of {which} ends past {LONGEST:,} octets, which no datagram can have: no kernel takes it."
    are = "is" if datagram.missing == 1 else "are"
    return f"Of {which}, {octets(datagram.missing)} {are} not in the capture: without all of it, nothing is read."


def _notes(
    conversation: Conversation, found: list[Datagram], completed: Completed, segments: Sequence[Segment]
) -> list[str]:
    notes = [*sentences(conversation.tunnel, conversation.labels), *who_serves(conversation.ends), *_broken(found)]
    back = backwards((segment.end, segment.number, segment.time_ns) for segment in segments if not segment.companion)
    notes += [back] if back else []
    notes += [completed_words(End(*conversation.ends[end])) for end in (0, 1) if completed[end]]
    notes += [PARTIAL] if any(record.partial for record in conversation.in_order) else []
    if any(told_to_socket(record) for record in conversation.in_order):
        notes.append("Only a connected UDP socket is told of an ICMP error, by its next call.")
    if conversation.broadcast or any(to_many(end) for end in conversation.ends):
        notes.append("Sent to many: whoever joined the group, or is on the link, may have received it.")
    if conversation.left_out:
        notes.append(f"{conversation.left_out:,} further packets are counted and not explained: too many.")
    return notes
