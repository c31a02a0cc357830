"""A UDP conversation -> its timeline: every datagram is one call, and no packet is the kernel's own but ICMP errors."""

from __future__ import annotations

from rawkit.analysis.conversations import Conversation
from rawkit.analysis.observed import Address, Observed
from rawkit.analysis.steps import sender
from rawkit.analysis.words import checksum_words, label, octets, other_words
from rawkit.timeline import Call, Certainty, End, Segment, Timeline


def udp_timeline(conversation: Conversation) -> Timeline:
    """The timeline of a UDP conversation."""
    records = conversation.records
    ends = conversation.ends
    segments = tuple(_segment(conversation, index, record) for index, record in enumerate(records, 1))
    calls = _calls(conversation)
    data = tuple(sum(r.length for r in records if r.kind == "udp" and sender(conversation, r) == end) for end in (0, 1))
    return Timeline(
        "udp",
        (End(*ends[0], "client"), End(*ends[1], "server")),
        segments,
        tuple(sorted(calls, key=lambda call: (call.place, call.begins_after is not None))),
        (),
        (data[0], data[1]),
        tuple(_notes(conversation)),
    )


def _segment(conversation: Conversation, index: int, record: Observed) -> Segment:
    if record.kind == "udp":
        says = f"{octets(record.length)} of data" + (", in fragments" if record.fragment else "")
    else:
        says = other_words(record)
    return Segment(
        sender(conversation, record),
        label(record),
        record.kind,
        record.number,
        record.time_ns,
        length=record.length,
        octets=record.octets,
        does=(says, *checksum_words(record)),
        arrives_after=None if record.bad_checksum else index,
        via=record.via,
    )


def _calls(conversation: Conversation) -> list[Call]:
    """A sendto() for every datagram; a recvfrom() for every one that reached a program which then answered."""
    records = conversation.records
    refused = {record.source for record in records if record.kind == "icmp"}
    calls = []
    for index, record in enumerate(records, 1):
        end = sender(conversation, record)
        if record.kind == "udp":
            pieces = _pieces(records, index)
            calls.append(_sendto(end, index, record, pieces))
            if record.source not in refused and not to_many(record.destination):
                answered = _answered(conversation, 1 - end, index)
                if answered or not record.bad_checksum:
                    calls.append(_recvfrom(1 - end, pieces[-1], record, answered))
        elif record.kind == "icmp" and record.error:
            why = "only a connected socket is told of an ICMP error, by its next call"
            calls.append(
                Call(1 - end, "recvfrom", (), record.error, None, index, None, record.time_ns, (), "possible", why)
            )
    return calls


def _sendto(end: int, index: int, record: Observed, caused: tuple[int, ...]) -> Call:
    why = "one datagram is one call"
    return Call(end, "sendto", (str(record.length),), "", index - 1, index, None, None, caused, "likely", why)


def _recvfrom(end: int, index: int, record: Observed, answered: bool) -> Call:
    certainty: Certainty = "likely" if answered else "possible"
    why = "it went on after the datagram came" if answered else "the datagram came; nothing shows who read it"
    return Call(end, "recvfrom", (), str(record.length), None, index, None, record.time_ns, (), certainty, why)


def _pieces(records: list[Observed], index: int) -> tuple[int, ...]:
    """The packets of one datagram: itself, and the later fragments that follow it directly."""
    found = [index]
    first = records[index - 1]
    for later, record in enumerate(records[index:], index + 1):
        if record.kind != "fragment" or record.source != first.source or not first.fragment:
            break
        found.append(later)
    return tuple(found)


def _answered(conversation: Conversation, end: int, index: int) -> bool:
    """Whether `end` sent anything after packet `index`."""
    return any(r.kind == "udp" and sender(conversation, r) == end for r in conversation.records[index:])


def to_many(destination: Address) -> bool:
    """Whether an address stands for more than one host: multicast (RFC 5771, RFC 4291 section 2.7) or broadcast."""
    address = destination[0]
    if ":" in address:
        return address.lower().startswith("ff")
    first = int(address.partition(".")[0])
    return 224 <= first <= 239 or address == "255.255.255.255"


def _notes(conversation: Conversation) -> list[str]:
    notes = []
    if any(to_many(end) for end in conversation.ends):
        notes.append("Sent to many: whoever joined the group, or is on the link, may have received it.")
    if conversation.left_out:
        notes.append(f"{conversation.left_out} further packets are counted and not explained: too many.")
    return notes
