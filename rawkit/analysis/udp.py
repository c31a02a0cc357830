"""A UDP conversation -> its timeline: every datagram is one call, and no packet is the kernel's own but ICMP errors."""

from __future__ import annotations

from dataclasses import dataclass

from rawkit.analysis.asking import serves, to_many, who_serves
from rawkit.analysis.conversations import Conversation
from rawkit.analysis.marks import COPY, of_packet
from rawkit.analysis.observed import Address, Observed
from rawkit.analysis.tunnels import sentences
from rawkit.analysis.words import PARTIAL, completed_words, datagram_words, label, other_words
from rawkit.timeline import Call, Certainty, End, Segment, Timeline

COPIES_APART = 64
"""Packets of a conversation among which the copy of an earlier one is looked for."""

Completed = tuple[bool, bool]
"""Of each end, whether its wrong checksums mean nothing."""


@dataclass(slots=True)
class Datagram:
    """One datagram of `end`: its first packet, all that it came in, the octets of data in those, and its ICMP error.

    `asked_from`: the packet (counted from 1) with which its kernel began to ask for the neighbour; else its first.
    """

    end: int
    record: Observed
    packets: list[int]
    here: int
    asked_from: int
    error: Observed | None = None

    @property
    def octets(self) -> int:
        """Of data, in the whole datagram."""
        return self.record.length if self.record.whole is None else self.record.whole

    @property
    def whole(self) -> bool:
        """Whether all of it is here."""
        return self.here >= self.octets


def udp_timeline(conversation: Conversation) -> Timeline:
    """The timeline of a UDP conversation. The work grows with the packets, and not faster."""
    ends = conversation.ends
    copied = copies(conversation)
    found = datagrams(conversation, copied)
    last_sent = _last_sent(found)
    completed = (_completed(found, 0, last_sent), _completed(found, 1, last_sent))
    calls = [*_calls(found, last_sent, completed, conversation.broadcast), *_errors(conversation)]
    roles = ("client", "server") if serves(ends[1], ends[0]) else ("", "")
    return Timeline(
        "udp",
        (End(*ends[0], roles[0]), End(*ends[1], roles[1])),
        _segments(conversation, found, completed, copied),
        tuple(sorted(calls, key=lambda call: (call.place, call.begins_after is not None))),
        (),
        (_data(found, 0), _data(found, 1)),
        tuple(_notes(conversation, completed)),
        conversation.until_ns,
    )


def copies(conversation: Conversation) -> frozenset[int]:
    """The packets (counted from 1) that are others a second time: copied on their way, or by the capture.

    A second datagram of the same content has an identification of its own (RFC 791 section 3.2), or none at all.
    """
    latest: dict[tuple[Address, int], tuple[int, Observed]] = {}
    found = set()
    for index, record in enumerate(conversation.in_order, 1):
        if record.kind == "udp" and record.identification:
            alike, key = record._replace(number=0, time_ns=None), (record.source, record.identification)
            if key in latest and latest[key][1] == alike and index - latest[key][0] <= COPIES_APART:
                found.add(index)
            latest[key] = index, alike
    return frozenset(found)


def datagrams(conversation: Conversation, copied: frozenset[int]) -> list[Datagram]:
    """Every datagram, with its pieces and with the error that it met."""
    found: list[Datagram] = []
    in_pieces: dict[tuple[Address, int | None], Datagram] = {}
    latest: dict[int, Datagram] = {}
    alike: dict[tuple[int, int | None, int | None], list[Datagram]] = {}
    packets = list(conversation.in_order)
    for index, record in enumerate(packets, 1):
        end = conversation.sender(record)
        if index in copied:
            continue
        if record.kind == "udp":
            asked_from = conversation.asked_first(packets, index - 1) + 1
            datagram = Datagram(end, record, [index], record.length, asked_from)
            found.append(datagram)
            latest[end] = in_pieces[record.source, record.identification] = datagram
            alike.setdefault((end, record.identification, record.whole), []).append(datagram)
        elif record.kind == "fragment":
            piece_of = in_pieces.get((record.source, record.identification))
            if piece_of is not None:
                piece_of.packets.append(index)
                piece_of.here += record.length
        elif record.error:
            quoted = alike.get((1 - end, record.identification, record.whole))
            about = quoted.pop() if quoted else latest.get(1 - end)
            if about is not None:
                about.error = record
    return found


def _data(found: list[Datagram], end: int) -> int:
    return sum(datagram.octets for datagram in found if datagram.end == end)


def _last_sent(found: list[Datagram]) -> tuple[int, int]:
    """The number of the last packet that each end began a datagram with; 0 for none."""
    last = {datagram.end: datagram.packets[0] for datagram in found}
    return last.get(0, 0), last.get(1, 0)


def _segments(
    conversation: Conversation, found: list[Datagram], completed: Completed, copied: frozenset[int]
) -> tuple[Segment, ...]:
    """Every packet. One that a router threw away, or that has a wrong checksum, is not shown as arrived."""
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
        arrives_after=None if lost or (record.bad_checksum and not completed[end]) else index,
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
    for datagram in found:
        calls.append(_sendto(datagram))
        if (broadcast and datagram.end == 0) or to_many(datagram.record.destination) or datagram.error is not None:
            continue
        if datagram.whole and (completed[datagram.end] or not datagram.record.bad_checksum):
            calls.append(_recvfrom(datagram, answered=last_sent[1 - datagram.end] > datagram.packets[-1]))
    return calls


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


def _notes(conversation: Conversation, completed: Completed) -> list[str]:
    notes = [*sentences(conversation.tunnel), *who_serves(conversation.ends)]
    notes += [completed_words(End(*conversation.ends[end])) for end in (0, 1) if completed[end]]
    notes += [PARTIAL] if any(record.partial for record in conversation.in_order) else []
    if any(told_to_socket(record) for record in conversation.in_order):
        notes.append("Only a connected UDP socket is told of an ICMP error, by its next call.")
    if conversation.broadcast or any(to_many(end) for end in conversation.ends):
        notes.append("Sent to many: whoever joined the group, or is on the link, may have received it.")
    if conversation.left_out:
        notes.append(f"{conversation.left_out:,} further packets are counted and not explained: too many.")
    return notes
