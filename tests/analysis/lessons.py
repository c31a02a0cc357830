"""Conversations that lessons are told of: each shows something, or only seems to."""

from __future__ import annotations

from dataclasses import replace

from rawkit.analysis.lesson import TOLD
from rawkit.analysis.lesson.story import Story
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.icmpv4 import ICMPv4
from rawkit.protocols.icmpv4_messages import ICMPv4DestinationUnreachable
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.tcp_options import MSS, WindowScale
from rawkit.timeline import Call, End, Segment, Sentence, Timeline
from tests.analysis.talk import CLIENT, C, S, talkers
from tests.analysis.test_marks import BIG, OPEN, Timed, having, played, sent

ENDS = (End("192.0.2.1", 51234, "client"), End("192.0.2.2", 7, "server"))
HELLO = (20, C("PA", 1, 1, b"hello"))
CLOSING = ((40, C("FA", 6, 1)), (50, S("FA", 1, 7)), (50.1, C("A", 7, 2)))
ECHO = (*OPEN, HELLO, (30, S("A", 1, 6)), *CLOSING)


def everything(timeline: Timeline) -> dict[str, Sentence]:
    """By topic, all that can be told of a timeline, and not only the best of it."""
    story = Story(timeline)
    return {told.topic: told for teller in TOLD if (told := teller(story)) is not None}


def between(client: tuple[str, int], server: tuple[str, int], flags: str = "S") -> Timeline:
    """One segment of these end points."""
    return played((0, talkers(client, server)[0](flags, 0, None if flags == "S" else 1)))


def mark(timeline: Timeline, index: int, *names: str) -> Timeline:
    """The same with these marks at packet `index`, and no others there."""
    segments = list(timeline.segments)
    segments[index - 1] = replace(segments[index - 1], marks=names)
    return replace(timeline, segments=tuple(segments))


def without_times(timeline: Timeline) -> Timeline:
    """The same where nobody knows when."""
    segments = tuple(replace(segment, time_ns=None) for segment in timeline.segments)
    return replace(timeline, segments=segments, until_ns=None)


def after(kind: str, does: str, left: Segment, call: str, end: int = 0) -> Timeline:
    """A companion, and then the first packet of a conversation; `end`: who sent the companion."""
    asked = Segment(end, kind.upper(), kind, time_ns=0, octets=42, does=(does,))
    dial = Call(0, call, begins_after=0, caused=(2,), certainty="certain")
    return Timeline(left.protocol, ENDS, (asked, replace(left, time_ns=5_000)), (dial,))


SYN = Segment(0, "SYN", seq=0, octets=74, does=("asks for a connection",), arrives_after=None)
UDP = Segment(0, "UDP", "udp", length=5, octets=47, does=("5 octets of data",), data=b"hello")


def udp(*segments: Segment, ends: tuple[End, End] = ENDS) -> Timeline:
    """Datagrams, each with the call that sent it."""
    timed = tuple(replace(segment, time_ns=at * 1_000) for at, segment in enumerate(segments))
    calls = tuple(
        Call(segment.end, "sendto", caused=(at,)) for at, segment in enumerate(segments, 1) if segment.protocol == "udp"
    )
    return Timeline("udp", ends, timed, calls)


ALONE = Segment(0, "ARP", "arp", octets=42, does=("asks who has 192.0.2.2",))
"""What belongs to a conversation that is not here."""
ANSWER = replace(UDP, end=1)
UNREACHABLE = Segment(1, "ICMP", "icmp", octets=70, does=("port unreachable",))


def round_trips(*sizes: int, at: float = 20) -> Timeline:
    """So many segments of 1,000 octets in one round trip after the other."""
    said: list[Timed] = []
    number = 1
    for turn, size in enumerate(sizes):
        said += sent(*range(number, number + 1000 * size, 1000), at=at + 10 * turn)
        number += 1000 * size
        said.append((at + 9.9 + 10 * turn, S("A", 1, number)))
    return played(*OPEN, *said)


LOST = (*OPEN, *sent(1, 1001, 2001, 3001, 4001), (30, S("A", 1, 1001)))
RESENT = (32, C("A", 1001, 1, BIG))

TLS_HELLO = bytes.fromhex("1603010200010001fc0303")
UNREAD = (*OPEN, HELLO, (30, S("A", 1, 6)), (40, S("RA", 1, 6)))
SCALED = ((0, having(C("S"), WindowScale(7))), (10, having(S("SA", 0, 1), WindowScale(7))), OPEN[2])
SIZED = ((0, having(C("S"), MSS(1000))), (10, having(S("SA", 0, 1), MSS(1000))), OPEN[2])
FULL = (*OPEN, *sent(1), (30, S("A", 1, 1001, window=0)))
TOO_BIG = ICMPv4(code=4) / ICMPv4DestinationUnreachable(next_hop_mtu=576) / bytes(sent(1)[0][1])[14:42]
ROUTER = Ethernet() / IPv4(src="10.0.0.254", dst=CLIENT[0]) / TOO_BIG
UNREACHED = ICMPv4(code=1) / ICMPv4DestinationUnreachable() / bytes(C("S"))[14:42]
NO_HOST = Ethernet() / IPv4(src="10.0.0.254", dst=CLIENT[0]) / UNREACHED
LATE = (*OPEN, HELLO, (70, S("A", 1, 6)))
NAGLE = (*OPEN, HELLO, (70, S("A", 1, 6)), (70.1, C("PA", 6, 1, b"world")))
TO_ALL = (ENDS[0], End("255.255.255.255", 67))
GROUP = (End("fe80::1", 5000), End("ff02::fb", 5353))
CUT = Timeline("udp", ENDS, (UDP, Segment(0, "fragment", "fragment", length=9)), (Call(0, "sendto", caused=(1, 2)),))
NAMED = after("dns", "answers A wire.example: 192.0.2.2", SYN, "connect")
ASKED = after("arp", "asks who has 192.0.2.2", SYN, "connect")


PLAIN = played(*OPEN, HELLO)
MIDDLE = played(*ECHO[4:])
NO_ANSWERS = played(*(each for each in ECHO if each[1][IPv4].src == CLIENT[0]))
