"""The names of what sockets hide, and what each of them claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rawkit.analysis.observed import Observed
from rawkit.show.counts import counted, joined
from rawkit.timeline import COPIED, UNEXPLAINED

NAMES = {
    "retransmission": "numbers that were sent before are sent again; by a timer where that long had passed",
    "fast retransmission": "sent again because duplicate ACKs or SACK asked for it (RFC 5681 section 3.2, RFC 6675)",
    "spurious retransmission": "sent again though it had been acknowledged before",
    "too late": "sent before so long ago that no kernel sends it again: a replay, or packets of several captures",
    "duplicate": "the same packet (IP's identification tells) a second time: copied on its way, or by the capture",
    "other data": "other octets than before under the same numbers: by something between, or of two connections",
    "out of order": "fills a gap, and was sent before the packet that made the gap",
    "gap": "octets before it have not been seen yet; they come later, or never",
    "lost in the capture": "octets before it are not in the capture, though the other end got them",
    "ACK of unseen": "acknowledges what the capture does not have",
    "zero window": "its sender has no room for more data",
    "window full": "the data ends exactly where the other end's window does",
    "window probe": "asks whether there is room now, while the window is zero (RFC 9293 section 3.8.6.1)",
    "window probe answer": "the answer to that",
    "window update": "says only that the window is another one",
    "keep-alive": "asks whether the other end is still there (RFC 1122 section 4.2.3.6)",
    "keep-alive answer": "the answer to that",
    "duplicate ACK": "acknowledges nothing new while data is outstanding (RFC 5681 section 2)",
    "delayed ACK": "was held back in the hope of more to say, most likely (RFC 1122 section 4.2.3.2)",
    "piggy-backed ACK": "acknowledges on data that goes the other way anyhow",
    "SACK": "names pieces that arrived beyond a gap (RFC 2018)",
    "D-SACK": "names a piece that arrived twice (RFC 2883)",
    "SACK of unseen": "names a piece that nobody sent here: numbers changed on the way, or packets are not here",
    "super-segment": "more than one segment's worth: the network card cuts it, or has joined it",
    "simultaneous open": "both ends asked (RFC 9293 section 3.5)",
    "simultaneous close": "both ends closed before they heard of each other's end (RFC 9293 section 3.6)",
    "challenge ACK": "answers a SYN or a reset that may be forged, and changes nothing (RFC 5961)",
    "stray SYN": "asks where a connection is: forged, or its sender knows of none (RFC 5961 section 4)",
    "ghost": "a segment of an older connection between the same ports",
    "refused": "the reset that answers a request (RFC 9293 section 3.10.7.1)",
    "not mine": "the reset of an end that has no such connection (RFC 9293 section 3.10.7.1)",
    "reset": "the connection is thrown away",
    UNEXPLAINED: "the reset of an end of which nothing else is known: a call may have caused it, or a kernel alone",
    "given up": "the reset of a kernel that asked for a sign of life and got none (RFC 1122 section 4.2.3.6)",
    "forged reset": "a reset after which its sender goes on, so that most likely another made it up",
    "unread data": "the reset of an end that closed with data unread, most likely (RFC 1122 section 4.2.2.13)",
    "late data": "the reset of an end that got data after its program had closed, most likely (RFC 9293 section 3.6.1)",
    "abort": "the reset of an end that had no data unread: SO_LINGER 0, or something between the ends",
    "half-close": "the end of one direction: its sender went on reading (RFC 9293 section 3.6)",
    "port reuse": "a request from ports that had a connection before",
    "path MTU lowered": "a router says how much fits: what is sent from now on is smaller (RFC 1191, RFC 8201)",
    "bad checksum": "a checksum is wrong, and nothing shows that the packet was taken all the same",
    "cut short": "the frame ends before the datagram does, by IP's own length: a kernel drops what comes so",
    "partial checksum": "the checksum was left to a network card, or on loopback to nobody",
    "fragment": "a piece of a datagram that IP cut (RFC 791 section 3.2)",
}
"""Name -> what it claims."""


class Mark(NamedTuple):
    """`words` are for the row of the ladder; "" where the name is said by what the segment did."""

    name: str
    words: str = ""


COPY = Mark(COPIED, "duplicate: the same packet twice")

COPY_NS = 1_000_000_000
"""Packets further apart in time are no copies of each other, but a replay, or two captures in one file.

Who copies on the way, or sees a packet in two places, does so within the time of that way, which is rarely longer (RFC
6298 appendix A: more than 97.5% of round trips took less than a second).
"""


def is_copy(before: Observed, observed: Observed) -> bool:
    """Whether two packets are alike in all but their numbers and times in the capture, and so near that one is a copy.

    Where no time is known the packets alone decide.
    """
    timed = before.time_ns is not None and observed.time_ns is not None
    if timed and abs((observed.time_ns or 0) - (before.time_ns or 0)) > COPY_NS:
        return False
    return before._replace(number=0, time_ns=None) == observed._replace(number=0, time_ns=None)


def of_packet(observed: Observed, completed: bool) -> list[Mark]:
    """What is hidden about a packet whatever it carries. `completed`: its end's wrong checksums mean nothing."""
    found = []
    if observed.fragment:
        found.append(Mark("fragment"))
    if observed.cut:
        found.append(Mark("cut short", f"cut short by {counted(observed.cut, 'octet')}"))
    if observed.bad_checksum and not completed:
        found.append(Mark("bad checksum", checksum_words("wrong", observed.bad_checksum)))
    if observed.mtu:
        found.append(Mark("path MTU lowered"))
    if observed.partial:
        found.append(Mark("partial checksum", checksum_words("partial", observed.partial)))
    return found


def checksum_words(what: str, called: Sequence[str]) -> str:
    """`wrong TCP checksum`, `partial IPv4 and TCP checksums`: of the headers that are called so."""
    return f"{what} {joined(called)} checksum{'s' if len(called) > 1 else ''}"
