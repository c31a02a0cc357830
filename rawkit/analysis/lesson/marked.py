"""What a mark alone is enough to tell: a table of sentences."""

from __future__ import annotations

from typing import NamedTuple

from rawkit.analysis.lesson.story import CENTRAL, COMMON, SPECIAL, USUAL, Story, Teller, sentence
from rawkit.show.counts import counted
from rawkit.timeline import Sentence


class Told(NamedTuple):
    """What the mark `mark` teaches. In `text`, {who} sent the first packet that has it to {other}, {times} in all."""

    mark: str
    worth: int
    rfc: str
    text: str
    protocol: str = "tcp"
    topic: str = ""
    """Where the mark's name would not do."""
    unless: str = ""
    """A mark beside it, with which it would mean something else."""


BEGUN = (
    "A checksum is only begun: the sum of the pseudo-header (addresses, protocol and length) or, in IP's header, 0. "
    "A network card does the rest, behind the place of the capture or before it; on loopback, nobody."
)

TABLE = (
    Told("port reuse", SPECIAL, "RFC 9293 section 3.4.1",
         "{who} asked from a port that had a connection to the same socket before, in this capture. The new one "
         "counts from another first number."),
    Told("ghost", SPECIAL, "RFC 9293 section 3.4.1",
         "This came from an older connection between the same ports. Its numbers did not fit, so no program got "
         "any of it. TIME-WAIT exists to keep such apart."),
    Told("piggy-backed ACK", USUAL, "RFC 9293 section 3.10.7.4",
         "Data took the acknowledgement of the other direction along: that needed no packet of its own."),
    Told("super-segment", SPECIAL, "RFC 9293 section 3.7.1",
         "This is more data than one segment may hold. The network card cuts it behind the place of the capture, "
         "or had joined it before."),
    Told("out of order", SPECIAL, "RFC 9293 section 3.10.7.4",
         "These octets came after others that {who} had sent later. recv() gives them in their order all the same: "
         "the kernel keeps back what is ahead until the rest has come."),
    Told("spurious retransmission", SPECIAL, "RFC 9293 section 3.8.1",
         "{who} sent again what {other} had acknowledged. Its kernel cannot tell lost data from a late or lost "
         "acknowledgement: it can only wait for a time, and guess."),
    Told("SACK", SPECIAL, "RFC 2018 section 4",
         "{who}'s kernel named what had arrived behind a gap (a selective acknowledgement), so that only the gap "
         "need be sent again."),
    Told("D-SACK", CENTRAL, "RFC 2883 section 4",
         "{who}'s kernel named numbers that it had got before: so the kernel of {other} can learn what it sent "
         "again without need."),
    Told("lost in the capture", SPECIAL, "RFC 9293 section 3.4",
         "Octets before this are not in the capture, and yet {other} acknowledged them: whoever captured lost "
         "them, not the connection."),
    Told("duplicate", SPECIAL, "RFC 9293 section 3.4",
         "The same packet a second time, down to IP's number for it: the network copied it, or the capture did. "
         "TCP would drop the copy by its sequence numbers."),
    Told("duplicate", SPECIAL, "RFC 8085 section 3.3",
         "The same packet a second time, down to IP's number for it: the network copied it, or the capture did. "
         "UDP has no numbers: if it was the network, the program gets both.", protocol="udp"),
    Told("window full", SPECIAL, "RFC 9293 section 3.8.6",
         "{who} has filled the window of {other} to the last octet: its kernel may send no more until it hears of "
         "room, however much its program gives it."),
    Told("window probe", SPECIAL, "RFC 9293 section 3.8.6.1",
         "While there was no room, {who}'s kernel asked {times} whether there is some: had the news of room been "
         "lost, both ends would have waited for ever."),
    Told("window update", SPECIAL, "RFC 9293 section 3.8.6.2.2",
         "{who}'s kernel says only that there is more room: most likely its program has read, or the kernel gave "
         "it a larger buffer. So recv() can send a packet.", unless="SACK"),
    Told("bad checksum", SPECIAL, "RFC 9293 section 3.8",
         "A kernel that gets a wrong checksum throws the packet away without a word. No program hears of it: "
         "TCP's sender sends again what is not acknowledged."),
    Told("bad checksum", SPECIAL, "RFC 1122 section 4.1.3.4",
         "A kernel that gets a wrong checksum throws the packet away without a word. No program hears of it, and "
         "UDP does not send it again.", protocol="udp"),
    Told("partial checksum", COMMON, "RFC 9293 section 3.1", BEGUN),
    Told("partial checksum", COMMON, "RFC 768, Fields", BEGUN, protocol="udp"),
    Told("challenge ACK", SPECIAL, "RFC 5961 section 3.2",
         "{who}'s kernel answered what may have been forged, and changed nothing (a challenge ACK): who is honest "
         "will say it again, with the right number."),
    Told("forged reset", SPECIAL, "RFC 5961 section 3.1",
         "After this reset its sender goes on: most likely something between the ends made it up. TCP alone does "
         "not protect a connection from that."),
    Told("unread data", SPECIAL, "RFC 9293 section 3.6.1",
         "{who}'s program closed with data unread, most likely: so its kernel sent a reset and no FIN, to show "
         "{other} that data was lost. recv() fails there, with ECONNRESET."),
    Told("late data", SPECIAL, "RFC 9293 section 3.6.1",
         "Data came when {who}'s program had called close(), most likely: nobody could read it any more, so the kernel "
         "sent a reset, to show that data was lost. The send() of {other} had succeeded; its next call fails."),
    Told("abort", SPECIAL, "RFC 9293 section 3.9.1.6",
         "A reset in place of a FIN, and nothing shows unread data: most likely {who} closed with SO_LINGER at 0 "
         "s, or something between the ends did it. Nobody waits in TIME-WAIT after it."),
    Told("given up", SPECIAL, "RFC 1122 section 4.2.3.6",
         "{who}'s kernel had asked for a sign of life and got none: it threw the connection away by itself, and told "
         "{other} by a reset. recv() fails with ETIMEDOUT at the end that gave up."),
    Told("stray SYN", SPECIAL, "RFC 5961 section 4",
         "A request for a connection where there is one already: forged, or of a computer that began anew. It changes "
         "nothing: the kernel only says which number it waits for."),
    Told("not mine", SPECIAL, "RFC 9293 section 3.5.2",
         "{who}'s kernel got a segment of a connection that it does not have, and answered with a reset. A send() "
         "that is too late succeeds; the next call fails.", topic="no such connection", unless="late data"),
)  # fmt: skip


def teller(told: Told) -> Teller:
    """What tells one row of the table; where it says {who}, only of the packets that this end sent."""

    def tell(story: Story) -> Sentence | None:
        found = [index for index in story.marked[told.mark] if told.unless not in story.at(index).marks]
        if not found or told.protocol != story.timeline.protocol:
            return None
        end = story.at(found[0]).end
        mine = [index for index in found if "{who}" not in told.text or story.at(index).end == end]
        text = told.text.format(who=story.who(end), other=story.who(1 - end), times=counted(len(mine), "time"))
        return sentence(told.topic or told.mark, told.rfc, mine, text)

    return tell


SENTENCES: dict[Teller, int] = {teller(told): told.worth for told in TABLE}
