"""What is not told, of conversations that only seem to show it, or lack what it would need."""

from __future__ import annotations

from dataclasses import replace

from rawkit.timeline import Call, Segment, State, Timeline
from tests.analysis.lessons import (
    ALONE,
    ANSWER,
    ASKED,
    ECHO,
    ENDS,
    HELLO,
    LATE,
    LOST,
    MIDDLE,
    NAMED,
    NO_ANSWERS,
    NO_HOST,
    PLAIN,
    RESENT,
    ROUTER,
    SCALED,
    SYN,
    TLS_HELLO,
    TO_ALL,
    UDP,
    UNREACHABLE,
    UNREAD,
    after,
    between,
    mark,
    round_trips,
    udp,
)
from tests.analysis.lessons_told import MARKS, OF_UDP
from tests.analysis.talk import C, S
from tests.analysis.test_marks import BIG, OPEN, numbered, played, sent

CONNECT = Call(0, "connect", result="ETIMEDOUT", begins_after=0, returns_after=2, caused=(1,))
SYN_ACK = Segment(1, "SYN ACK", seq=0, ack=1)
FAILED = Timeline("tcp", ENDS, (SYN, SYN_ACK), (CONNECT,))
BY_NAME_ALONE = Timeline("tcp", ENDS, (ALONE, SYN), (Call(0, "connect", begins_after=0), Call(0, "close")))
AT_ONCE = played((0, C("S")), (0.1, S("S")), (5, C("SA", 0, 1)), (5.1, S("SA", 0, 1)))
NO_SYN = Timeline(
    "tcp", ENDS, (Segment(1, "RST ACK", seq=0, ack=1, marks=("refused",)),), (replace(CONNECT, returns_after=1),)
)
READ = (*OPEN, HELLO, (31, S("PA", 1, 6, b"more?")), (41, C("PA", 6, 6, b"world")), (51, S("A", 6, 11)))
ROOM = Segment(1, "ACK", seq=1, ack=1, room=8)

TELLS_NOT = [
    *(("loopback", timeline) for timeline in (played(*ECHO), between(("127.0.0.1", 51234), ("10.0.0.1", 7)))),
    ("name", ASKED),
    ("neighbour", NAMED),
    ("neighbour", after("arp", "asks who has 192.0.2.1", SYN, "connect", end=1)),  # the other end's question
    ("private addresses", between(("192.0.2.1", 51234), ("172.32.0.1", 7))),
    *(("ports", timeline) for timeline in (MIDDLE, udp(UDP, ends=TO_ALL))),
    ("ports", between(("10.0.0.1", 1000), ("10.0.0.2", 7))),
    ("asked again", played(*ECHO)),
    ("asked again", played((0, numbered(C("S"), 7)), (0.003, numbered(C("S"), 8)))),  # no timer is so short
    *(("no answer", timeline) for timeline in (MIDDLE, NO_ANSWERS, played(OPEN[0], OPEN[1]))),
    *(("refused", timeline) for timeline in (played(*UNREAD), played((0, S("RA", 0, 1))))),
    ("unreachable", played((0, C("S")), (10, S("RA", 0, 1)))),
    ("unreachable", played(*OPEN, (20, ROUTER))),
    *(("simultaneous open", timeline) for timeline in (played(*ECHO), NO_ANSWERS)),
    *(("handshake", timeline) for timeline in (MIDDLE, NO_ANSWERS, played((0, C("S"))))),
    ("data in the SYN", played(*ECHO)),
    *(("accept", timeline) for timeline in (MIDDLE, NO_ANSWERS, played(OPEN[0], OPEN[1]))),
    ("no handshake", played(*ECHO)),
    ("no handshake", udp(UNREACHABLE, UDP)),
    ("borders", played(*ECHO)),
    ("fragments", udp(UDP, UDP)),
    *(("ICMP error", timeline) for timeline in (udp(UDP, ANSWER), played((0, C("S")), (10, NO_HOST)))),
    *(("silence", timeline) for timeline in (udp(UDP, ANSWER), udp(UDP, UNREACHABLE), udp(UDP, ends=TO_ALL))),
    ("empty datagram", udp(UDP)),
    ("to many", udp(UDP)),
    *(("send", timeline) for timeline in (NO_ANSWERS, played(*OPEN, HELLO))),
    *(("segmentation", timeline) for timeline in (played(*ECHO), played(*OPEN, *sent(1, 2001), (30, S("A", 1, 3001))))),
    *(("stream", timeline) for timeline in (played(*ECHO), mark(played(*OPEN, HELLO, (21, C("PA", 6, 1, b"wo"))), 5,
                                                             "lost in the capture"))),
    ("no secrecy", played(*OPEN, (20, C("PA", 1, 1, TLS_HELLO)), (21, C("PA", 12, 1, b"readable")))),
    ("what TLS leaves", played(*ECHO)),
    *(("no guarantee", timeline) for timeline in (played(*ECHO), played(*UNREAD), played(*OPEN, HELLO))),
    ("no guarantee", played((20, C("PA", 1, 1, b"hello")), (30, C("R", 6)))),  # the other direction is not here
    ("not read", played(*OPEN, HELLO, (30, S("RA", 1, 1)))),
    ("acknowledgements", played(*OPEN[:2])),
    ("acknowledgements", played(OPEN[0], OPEN[1], (20, C("PA", 1, 1, b"hello")))),
    ("delayed ACK", played(*ECHO)),
    *(("Nagle", timeline) for timeline in (played(*LATE), played(*LATE, (170, C("PA", 6, 1, b"world"))))),
    ("keep-alive", played(*ECHO)),
    *(("retransmission", timeline) for timeline in (played(*ECHO), played((0, C("S")), (1000, C("S"))))),
    ("retransmission", played(*OPEN, (20, numbered(HELLO[1], 7)), (20.003, numbered(HELLO[1], 8)))),
    ("fast retransmission", played(*LOST, (240, RESENT[1]))),
    ("exactly once", played(*OPEN, *sent(1, 1001))),
    ("path MTU", played(*ECHO)),
    *(("window", timeline) for timeline in (played(*ECHO), played(*SCALED), MIDDLE)),
    ("zero window", played(*ECHO)),
    ("slow start", round_trips(4, 4, 4)),
    ("slow start", played(*OPEN, *sent(1, 1001), (30, S("A", 1, 2001)), *sent(2001, 3001, 4001, 5001, at=60))),
    ("close", played(*OPEN, HELLO)),
    ("close", played(*OPEN, (20, C("FA", 1, 1)), (20.1, S("FA", 1, 1)))),
    ("half-close", played(*ECHO)),
    ("simultaneous close", played(*ECHO)),
    *(("reset", timeline) for timeline in (played(*ECHO), played(*UNREAD), played((0, C("S")), (10, S("RA", 0, 1))))),
    *(("after close", timeline) for timeline in (played(*OPEN, HELLO), played(*UNREAD))),
    *(("left open", timeline) for timeline in (played(*ECHO), played(*OPEN, HELLO))),
    *(("TIME-WAIT", timeline) for timeline in (played(*OPEN, HELLO), played(*ECHO[:6]), NO_ANSWERS, played(*UNREAD))),
    *((topic, PLAIN) for topic in MARKS),
    *((topic, udp(UDP)) for topic in OF_UDP),
    ("neighbour", BY_NAME_ALONE),
    ("neighbour", after("arp", "asks who has 192.0.2.2", SYN, "send")),
    *(("refused", timeline) for timeline in (NO_SYN, mark(played(*OPEN), 2, "refused"))),
    *(("handshake", timeline) for timeline in (FAILED, AT_ONCE)),
    *(("accept", timeline) for timeline in (AT_ONCE, Timeline("tcp", ENDS, (SYN,), (), (State(1, 0, "ESTABLISHED"),)))),
    ("ICMP error", udp(UDP, replace(UNREACHABLE, marks=("path MTU lowered",)))),
    ("no secrecy", played(*OPEN, (20, C("PA", 1, 1, b"ab")))),
    ("no secrecy", played(*OPEN, (20, C("RA", 1, 1, b"because")))),
    ("not read", played(*READ, (61, S("RA", 6, 11)))),
    ("acknowledgements", mark(played(*OPEN), 3, "ghost")),
    ("delayed ACK", mark(played(*OPEN), 3, "delayed ACK")),
    ("Nagle", mark(played(OPEN[0], OPEN[1], (10.1, C("PA", 1, 1, b"hello"))), 2, "delayed ACK")),
    *(("Nagle", played(*LATE, (70.1, next_one))) for next_one in (
        S("PA", 1, 6, b"world"), C("FPA", 6, 1, b"world"), C("A", 6, 1, BIG), C("A", 6, 1))),
    ("window", Timeline("tcp", ENDS, (ROOM, Segment(0, "ACK", seq=1, ack=1, length=3)))),
    ("window update", mark(PLAIN, 4, "SACK", "window update")),
    ("slow start", round_trips(1, 2)),
    ("slow start",
     played(*OPEN, *sent(1, 1001), (25, C("A", 1, 1, BIG)), (30, S("A", 1, 2001)), *sent(2001, 3001, 4001, at=30.1))),
    ("after close", BY_NAME_ALONE),
]  # fmt: skip
