"""Datagrams: what UDP does, and all that it leaves out."""

from __future__ import annotations

from rawkit.analysis.asking import to_many
from rawkit.analysis.lesson.story import CENTRAL, SPECIAL, Story, Teller, sentence
from rawkit.show.counts import counted
from rawkit.timeline import Sentence


def no_handshake(story: Story) -> Sentence | None:
    """A first packet with data."""
    asked = story.datagrams(0, 1)[:1]
    if asked != story.own[:1]:
        return None
    text = "Data goes in the first packet already: UDP has no handshake, and nothing acknowledges it."
    server = story.timeline.ends[1].role == "server" and story.at(asked[0]).end == 0
    answer = story.datagrams(1)[:1] if server else []
    if answer:
        text += (
            f" The first answer ({story.packets(*answer)}{story.waited(asked[0], answer[0], ', {} later')}) took one "
            'round trip; TCP would have taken two. That is most of "UDP is faster".'
        )
    return sentence("no handshake", "RFC 8085 section 1", [*asked, *answer], text)


def borders(story: Story) -> Sentence | None:
    """One call, one datagram."""
    sent = [call.caused[0] for call in story.calls("sendto") if call.caused]
    if not sent:
        return None
    each = (
        "This sendto() was one datagram" if len(sent) == 1 else f"Each of these {len(sent):,} sendto() was one datagram"
    )
    text = f"{each}, and one recvfrom() takes one, whole. What does not fit into its buffer is thrown away."
    return sentence("borders", "RFC 8085 section 1", sent, text)


def pieces(story: Story) -> Sentence | None:
    """A datagram that IP cut."""
    cut = next((call for call in story.calls("sendto") if len(call.caused) > 1), None)
    if cut is None:
        return None
    text = (
        f"One sendto(), and {len(cut.caused):,} packets: IP cut its datagram into pieces, as it does with what is more "
        "than a packet may hold on the way. Only the first piece has the ports. The other kernel joins the pieces "
        "before recvfrom() sees any; if one is lost, all are."
    )
    return sentence("fragments", "RFC 8200 section 4.5" if story.ipv6 else "RFC 791 section 3.2", cut.caused, text)


def errors(story: Story) -> Sentence | None:
    """An ICMP error, and who hears of it."""
    for index in story.own:
        error = story.at(index)
        if story.tcp or error.protocol != "icmp" or "path MTU lowered" in error.marks:
            continue
        before = [other for other in story.datagrams(1 - error.end) if other < index]
        heard = next((call for call in story.calls("recvfrom", 1 - error.end) if call.returns_after == index), None)
        told = f": its next call fails, with {heard.result}" if heard is not None and heard.result else ""
        if error.does[0] == "port unreachable":
            port = story.timeline.ends[error.end].port
            said = f"No socket had port {port}, most likely, and the kernel there said so with an ICMP error"
        else:
            said = f'{error.via or story.who(error.end)} answered with an ICMP error, "{error.does[0]}"'
        text = f"{said} ({story.packets(index)}). sendto() had succeeded. Only a connected socket hears of it{told}."
        return sentence("ICMP error", "RFC 1122 section 4.1.3.3", [*before[-1:], index], text)
    return None


def silence(story: Story) -> Sentence | None:
    """No answer, and nobody who says so."""
    sent, server = story.datagrams(0), story.timeline.ends[1]
    if not sent or any(story.at(index).end == 1 for index in story.own) or to_many((server.address, server.port)):
        return None
    text = (
        "Nothing that came back between these two sockets is in this capture. Lost, unread, or never meant to be "
        "answered: UDP does not tell, and repeats nothing. A program that needs an answer must wait for it, and ask "
        "again, by itself."
    )
    return sentence("silence", "RFC 8085 section 3.3", sent, text)


def empty(story: Story) -> Sentence | None:
    """Datagrams without data."""
    found = [index for index in story.datagrams(0, 1) if not story.at(index).length]
    text = 'A datagram without data is one, too: recvfrom() returns b"" for it, and that is no end as it is in TCP.'
    return sentence("empty datagram", "RFC 768, Fields", found, text) if found else None


def to_all(story: Story) -> Sentence | None:
    """Multicast and broadcast."""
    for end in (0, 1):
        address, found = story.timeline.ends[end].address, story.datagrams(1 - end)
        if found and to_many((address, 0)):
            broadcast = address == "255.255.255.255"
            many = "everyone on the link" if broadcast else "everyone who joined the group"
            text = (
                f"{address} is no computer but many: {many} may get this, {counted(len(found), 'packet')} for all of "
                "them. TCP cannot do that, for it needs one other end."
            )
            rfc = (
                "RFC 4291 section 2.7"
                if story.ipv6
                else f"RFC {'1122 section 3.2.1.3' if broadcast else '1112 section 4'}"
            )
            return sentence("to many", rfc, found, text)
    return None


SENTENCES: dict[Teller, int] = {
    no_handshake: CENTRAL,
    borders: CENTRAL,
    pieces: SPECIAL,
    errors: SPECIAL,
    silence: SPECIAL,
    empty: SPECIAL,
    to_all: SPECIAL,
}
