"""What a socket hides, by name: each name where it is right, and where it would be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawkit.analysis import explain, gather
from rawkit.analysis.marks import NAMES
from rawkit.capture import Frame
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.icmpv4 import ICMPv4
from rawkit.protocols.icmpv4_messages import ICMPv4DestinationUnreachable
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.tcp import TCP
from rawkit.protocols.tcp_options import MSS, SACK, TCPOption, Timestamps, WindowScale
from rawkit.timeline import Segment, Timeline
from rawkit.wire import Packet
from rawkit.wire.checksum import word_sum
from tests.analysis.talk import CLIENT, CLIENT_ISN, INTERFACE, SERVER, C, S, datagram, states

Timed = tuple[float, Packet]
"""Milliseconds, and what came then."""


def played(*packets: Timed) -> Timeline:
    """The timeline of one conversation."""
    frames = [
        Frame(number, round(ms * 1_000_000), bytes(packet), len(bytes(packet)), INTERFACE)
        for number, (ms, packet) in enumerate(packets, 1)
    ]
    (only,) = gather(frames).all
    return explain(only)


def marked(*packets: Timed) -> list[tuple[str, ...]]:
    return [segment.marks for segment in played(*packets).segments]


def last(*packets: Timed) -> Segment:
    return played(*packets).segments[-1]


def having(packet: Packet, *options: TCPOption) -> Packet:
    return packet.replace(TCP, options=options)


def numbered(packet: Packet, identification: int) -> Packet:
    return packet.replace(IPv4, identification=identification)


def beyond(*blocks: tuple[int, int]) -> SACK:
    """The server's SACK of the client's numbers."""
    return SACK([((CLIENT_ISN + low) % 2**32, (CLIENT_ISN + high) % 2**32) for low, high in blocks])


OPEN: tuple[Timed, ...] = ((0, C("S")), (10, S("SA", 0, 1)), (10.1, C("A", 1, 1)))
"""A handshake over a way of 10 ms there and back, captured at the client."""

BIG = bytes(1000)


def sent(*starts: int, at: float = 20) -> list[Timed]:
    """Segments of 1,000 octets from the client."""
    return [(at, C("A", start, 1, BIG)) for start in starts]


def dup(ack: int, count: int, at: float = 31) -> list[Timed]:
    """The server says the same again."""
    return [(at, S("A", 1, ack))] * count


def test_a_request_that_is_repeated() -> None:
    again = last((0, C("S")), (1000, C("S")))
    assert again.marks == ("retransmission",)
    assert again.does == ("asks for a connection", "retransmission (timer, 1.00 s)")


def test_a_timer_ran_out() -> None:
    again = last(*OPEN, *sent(1), (230, C("A", 1, 1, BIG)))
    assert again.marks == ("retransmission",)
    assert "retransmission (timer, 210 ms)" in again.does


def test_sooner_than_any_timer() -> None:
    again = last(*OPEN, *sent(1), (45, C("A", 1, 1, BIG)))
    assert again.marks == ("retransmission",)
    assert "a probe, or an early timer" in again.does[1]


def test_three_duplicate_acks_ask_for_it() -> None:
    sending = (*OPEN, *sent(1, 1001, 2001, 3001, 4001))
    found = played(*sending, (30, S("A", 1, 1001)), *dup(1001, 3), (32, C("A", 1001, 1, BIG)))
    assert [segment.marks for segment in found.segments[-4:]] == [
        *[("duplicate ACK",)] * 3,
        ("fast retransmission",),
    ]
    assert found.segments[-1].does[1] == "fast retransmission (3 duplicate ACKs)"


def test_two_do_not() -> None:
    sending = (*OPEN, *sent(1, 1001, 2001, 3001))
    assert last(*sending, (30, S("A", 1, 1001)), *dup(1001, 2), (32, C("A", 1001, 1, BIG))).marks == ("retransmission",)


def test_a_partial_acknowledgement_asks_for_the_next_hole() -> None:
    """RFC 6582 section 3.2: while recovering, the first number that is still missing is sent at once."""
    found = marked(
        *OPEN, *sent(1, 1001, 2001, 3001, 4001), *dup(1, 4, at=30),
        (32, C("A", 1, 1, BIG)), (42, S("A", 1, 2001)), (42.1, C("A", 2001, 1, BIG)),
    )  # fmt: skip
    assert found[-3:] == [("fast retransmission",), (), ("fast retransmission",)]


def test_sack_asks_for_what_lies_before_it() -> None:
    hole = having(S("A", 1, 1), beyond((1001, 5001)))
    opening = ((0, having(C("S"), MSS(1000))), (10, having(S("SA", 0, 1), MSS(1000))), OPEN[2])
    found = played(*opening, *sent(1, 1001, 2001, 3001, 4001), (30, hole), (31, C("A", 1, 1, BIG)))
    assert found.segments[-2].marks == ("SACK", "duplicate ACK")
    assert found.segments[-2].does[-2:] == ("SACK: has 1,001 to 5,000", "duplicate ACK 1")
    assert found.segments[-1].does[1] == "fast retransmission (SACK)"


def test_what_was_acknowledged_need_not_be_sent_again() -> None:
    again = last(*OPEN, *sent(1), (30, S("A", 1, 1001)), (231, C("A", 1, 1, BIG)))
    assert again.marks == ("spurious retransmission",)


def test_the_other_end_got_it_twice() -> None:
    twice = having(S("A", 1, 1001), beyond((1, 1001)))
    found = last(*OPEN, *sent(1), (30, S("A", 1, 1001)), (231, C("A", 1, 1, BIG)), (241, twice))
    assert found.marks[0] == "D-SACK"
    assert "D-SACK: got 1 to 1,000 twice" in found.does


def test_one_packet_seen_twice_was_not_sent_twice() -> None:
    copy = numbered(C("A", 1, 1, BIG), 77)
    assert last(*OPEN, (20, copy), (20.01, copy)).marks == ("duplicate",)
    assert last(*OPEN, (20, copy), (231, numbered(copy, 78))).marks == ("retransmission",)
    unnumbered = numbered(copy, 0)
    assert last(*OPEN, (20, unnumbered), (231, unnumbered)).marks == ("retransmission",)  # RFC 6864: 0 tells nothing


def test_an_acknowledgement_seen_twice_was_not_repeated() -> None:
    """Three copies of one ACK are no three duplicate ACKs: nothing asks for what is then sent again."""
    copy = numbered(S("A", 1, 1001), 77)
    sending = (*OPEN, *sent(1, 1001, 2001, 3001))
    found = marked(*sending, *[(30, copy)] * 4, (32, C("A", 1001, 1, BIG)))
    assert found[-5:] == [(), *[("duplicate",)] * 3, ("retransmission",)]
    assert marked(*sending, (30, copy), (30, numbered(copy, 78)))[-1] == ("duplicate ACK",)


def test_an_acknowledgement_that_was_overtaken_says_nothing_of_the_present() -> None:
    late = S("A", 1, 1001, window=400)
    found = marked(*OPEN, *sent(1, 1001, 2001), (30, S("A", 1, 2001)), (30.1, late), (41, S("A", 1, 2001)))
    assert found[-2:] == [(), ("duplicate ACK",)]


def test_an_acknowledgement_shows_a_gap_too() -> None:
    found = played(*OPEN, (20, C("A", 1001, 1)), (30, S("A", 1, 1001)))
    assert found.segments[3].marks == ("lost in the capture",)


def test_every_gap_is_judged_by_the_packet_behind_it() -> None:
    """Sent again before the second gap was made, and after the first one was."""
    behind, again, behind_the_next = (numbered(C("A", start, 1, BIG), n) for start, n in ((1001, 7), (1, 8), (3001, 9)))
    assert marked(*OPEN, (20, behind), (20, behind_the_next), (20.1, again))[-1] == ("retransmission",)


def test_numbers_that_were_never_sent_are_not_had() -> None:
    """Something on the way has changed the numbers, and not those in the options."""
    foreign = having(S("A", 1, 1), SACK([(2**31, 2**31 + 1000)]))
    found = played(*OPEN, *sent(1, 1001), (30, foreign), (31, C("A", 1, 1, BIG)))
    assert [segment.marks for segment in found.segments[-2:]] == [
        ("SACK of unseen", "duplicate ACK"),
        ("retransmission",),
    ]
    assert "SACK of octets never seen here" in found.segments[-2].does


@pytest.mark.parametrize("block", [(-2000, -1000), (0, 1001), (1, 1001), (-(2**30), 1)])
def test_numbers_from_before_the_connection(block: tuple[int, int]) -> None:
    """Below its first number nobody got anything twice, unless an older connection's segment is here."""
    answer = having(S("A", 1, 1001), beyond(block))
    found = last(*OPEN, *sent(1), (30, answer))
    assert ("SACK of unseen" in found.marks, "D-SACK" in found.marks) == (block[0] < 0, block[0] >= 0)


def test_a_block_of_what_was_sent_before_the_capture() -> None:
    """Without the handshake, what was sent twice may be older than the capture."""
    found = last(*sent(5001), (30, having(S("A", 1, 6001), beyond((4001, 5001)))))
    assert found.marks == ("SACK of unseen",)


def test_overtaken_on_the_way() -> None:
    first, second = numbered(C("A", 1, 1, BIG), 7), numbered(C("A", 1001, 1, BIG), 8)
    found = played(*OPEN, (20, second), (20.1, first))
    assert [segment.marks for segment in found.segments[-2:]] == [("gap",), ("out of order",)]
    assert found.segments[-2].does[1] == "1,000 octets before it come later"


def test_sent_again_after_the_first_copy_was_lost_before_the_capture() -> None:
    first, second = numbered(C("A", 1, 1, BIG), 9), numbered(C("A", 1001, 1, BIG), 8)
    assert marked(*OPEN, (20, second), (20.1, first))[-1] == ("retransmission",)
    assert marked(*OPEN, (20, C("A", 1001, 1, BIG)), (250, C("A", 1, 1, BIG)))[-1] == ("retransmission",)


def test_what_the_capture_lacks() -> None:
    found = played(*OPEN, *sent(1001), (30, S("A", 1, 2001)))
    assert found.segments[-2].marks == ("lost in the capture",)
    assert found.segments[-2].does[1] == "1,000 octets before it are not in the capture"
    assert played(*OPEN, *sent(1001)).segments[-1].does[1] == "1,000 octets before it are missing"
    assert last(*OPEN, (30, S("A", 1, 1001))).marks == ("ACK of unseen",)


def test_no_room_and_asking_for_it() -> None:
    found = played(
        *OPEN, *sent(1), (30, S("A", 1, 1001, window=0)),
        (240, C("A", 1000, 1)), (250, S("A", 1, 1001, window=0)),
        (700, C("A", 1000, 1)), (710, S("A", 1, 1001, window=500)),
    )  # fmt: skip
    assert [segment.marks for segment in found.segments[-5:]] == [
        ("zero window",),
        ("window probe",),
        ("window probe answer", "zero window"),
        ("window probe",),
        ("window probe answer",),
    ]


def test_a_probe_of_one_octet() -> None:
    probing = (*OPEN, *sent(1), (30, S("A", 1, 1001, window=0)), (240, C("A", 1001, 1, b"x")))
    assert last(*probing).marks == ("window probe",)
    assert last(*probing, (250, S("A", 1, 1001, window=0))).marks == ("window probe answer", "zero window")


def test_room_again() -> None:
    update = last(*OPEN, *sent(1), (30, S("A", 1, 1001, window=0)), (90, S("A", 1, 1001, window=4096)))
    assert update.marks == ("window update",)
    assert update.does == ("window update: room for 4,096 octets",)


def test_windows_are_scaled_when_both_ends_say_so() -> None:
    opening = ((0, having(C("S"), WindowScale(7))), (10, having(S("SA", 0, 1), WindowScale(7))), OPEN[2])
    update = (30, S("A", 1, 1, window=10)), (40, S("A", 1, 1, window=100))
    assert last(*opening, *update).does == ("window update: room for 12,800 octets",)
    one_sided = (opening[0], OPEN[1], OPEN[2])
    assert last(*one_sided, *update).does == ("window update: room for 100 octets",)
    assert last(OPEN[2], *update).does == ("window update",)  # nobody saw the scale


def test_data_up_to_the_last_octet_of_the_window() -> None:
    opening = (OPEN[0], (10, S("SA", 0, 1, window=2000)), OPEN[2])
    assert marked(*opening, *sent(1, 1001))[-2:] == [(), ("window full",)]


@pytest.mark.parametrize("garbage", [b"", b"x"])
def test_are_you_there(garbage: bytes) -> None:
    """RFC 1122 section 4.2.3.6: with or without an octet that was sent before."""
    talk = (
        *OPEN,
        (20, C("PA", 1, 1, b"hello")),
        (30, S("A", 1, 6)),
        (9000, C("A", 5, 1, garbage)),
        (9010, S("A", 1, 6)),
    )
    assert marked(*talk)[-2:] == [("keep-alive",), ("keep-alive answer",)]


def test_an_answer_that_was_held_back() -> None:
    talk = (*OPEN, (20, C("PA", 1, 1, b"hello")), (70, S("A", 1, 6)))
    assert last(*talk).marks == ("delayed ACK",)
    assert "most likely a delayed ACK (40.0 ms)" in last(*talk).does  # 50 ms less the way there and back
    assert marked(*talk[:-1], (30, S("A", 1, 6)))[-1] == ()


def test_an_answer_to_what_was_sent_twice_tells_no_delay() -> None:
    assert marked(*OPEN, *sent(1), (230, C("A", 1, 1, BIG)), (240, S("A", 1, 1001)))[-1] == ()


def test_an_answer_that_waited_for_what_was_lost_tells_no_delay() -> None:
    sending = (*OPEN, *sent(1, 1001, 2001), (30, S("A", 1, 1)), (30, S("A", 1, 1)), (230, C("A", 1, 1, BIG)))
    assert marked(*sending, (240, S("A", 1, 3001)))[-1] == ()
    before_the_capture = (*OPEN, *sent(1, 1001), *dup(1, 2), (230, S("A", 1, 2001)))
    assert marked(*before_the_capture)[-1] == ()


def test_what_was_sent_in_vain_delays_no_answer() -> None:
    """The other end had it all before: its answer to what came next was quick."""
    in_vain = (*OPEN, *sent(1), (30, S("A", 1, 1001)), (231, C("A", 1, 1, BIG)))
    assert marked(*in_vain, (500, C("PA", 1001, 1, b"hello")), (510, S("A", 1, 1006)))[-1] == ()


def test_an_acknowledgement_that_rides_along() -> None:
    answer = last(*OPEN, (20, C("PA", 1, 1, b"hello")), (31, S("PA", 1, 6, b"hello")))
    assert answer.marks == ("piggy-backed ACK",)
    assert answer.does == ("5 octets of data", "acknowledges 5 octets (piggy-backed)")


def test_more_than_one_segments_worth() -> None:
    opening = ((0, having(C("S"), MSS(1460))), (10, having(S("SA", 0, 1), MSS(1460))), OPEN[2])
    assert last(*opening, (20, C("A", 1, 1, bytes(2920)))).marks == ("super-segment",)
    assert last(*opening, (20, C("A", 1, 1, bytes(2920)))).does[1] == "super-segment: 2 segments"
    assert last(*opening, (20, C("A", 1, 1, bytes(1460)))).marks == ()
    stamped = having(C("A", 1, 1, bytes(2896)), Timestamps(1, 2))
    assert last(*opening, (20, stamped)).does[1] == "super-segment: 2 segments"
    assert last(*OPEN, (20, C("A", 1, 1, bytes(9000)))).marks == ()  # nobody said how much fits


def test_both_asked() -> None:
    found = played((0, C("S")), (0.1, S("S")), (5, C("SA", 0, 1)), (5.1, S("SA", 0, 1)))
    assert [segment.marks for segment in found.segments] == [(), ("simultaneous open",), (), ()]


def test_both_closed() -> None:
    found = played(*OPEN, (20, C("FA", 1, 1)), (20.1, S("FA", 1, 1)), (25, C("A", 2, 2)), (25.1, S("A", 2, 2)))
    assert [segment.marks for segment in found.segments[3:]] == [(), ("simultaneous close",), (), ()]
    assert states(found, 0)[-2] == "CLOSING"


def test_one_after_the_other_is_not_at_once() -> None:
    assert marked(*OPEN, (20, C("FA", 1, 1)), (30, S("FA", 1, 2)), (30.1, C("A", 2, 2)))[3:] == [(), (), ()]


def test_a_reset_that_may_be_forged_is_challenged() -> None:
    """RFC 5961 section 3.2: in the window, but not the number that is waited for."""
    found = played(*OPEN, (20, C("PA", 1, 1, b"hello")), (30, S("A", 1, 6)), (40, C("R", 106)), (50, S("A", 1, 6)))
    assert found.segments[-1].marks == ("challenge ACK",)


def test_resets() -> None:
    assert last((0, C("S")), (10, S("RA", 0, 1))).marks == ("refused",)
    closed = (*OPEN, (20, S("FA", 1, 1)), (20.1, C("A", 1, 2)), (30, C("PA", 1, 2, b"late")))
    assert last(*closed, (40, S("R", 2))).marks == ("not mine",)


def test_why_it_was_reset() -> None:
    unread = played(*OPEN, (20, C("PA", 1, 1, b"hello")), (30, S("A", 1, 6)), (40, S("RA", 1, 6)))
    assert unread.segments[-1].marks == ("reset", "unread data")
    assert last(*OPEN, (20, C("RA", 1, 1))).marks == ("reset", "abort")


def test_a_reset_after_which_its_sender_goes_on() -> None:
    """No end sends data on a connection that it has thrown away; that both wrote at once would show nothing."""
    made_up = (*OPEN, (20, C("PA", 1, 1, b"hello")), (21, S("RA", 1, 6)))
    found = played(*made_up, (30, S("PA", 1, 6, b"hello"))).segments[4]
    assert found.marks == ("forged reset",)
    assert found.does[1] == "its sender goes on: most likely forged"  # by whom the wire does not show
    later = (22, C("PA", 6, 1, b"more"))
    assert played(*made_up, later, (31, S("A", 1, 10))).segments[4].marks == ("forged reset",)
    assert played(*made_up, (30, S("A", 1, 6))).segments[4].marks == ("reset", "unread data")


def test_a_clock_that_is_put_back_tells_no_time() -> None:
    again = last(*OPEN, *sent(1, at=500), (200, C("A", 1, 1, BIG)))
    assert again.does == ("1,000 octets of data again", "retransmission")
    put_back = (*OPEN, *sent(1, at=500), (300, S("A", 1, 1001)), *sent(1001, at=310), (320, S("A", 1, 2001)))
    assert marked(*put_back)[-1] == ()


def test_one_direction_ends() -> None:
    found = played(*OPEN, (20, C("FA", 1, 1)), (30, S("PA", 1, 2, b"more")), (30.1, C("A", 2, 5)))
    assert found.segments[3].marks == ("half-close",)
    assert "half-close: it goes on reading" in found.segments[3].does
    assert marked(*OPEN, (20, C("FA", 1, 1)), (30, S("FA", 1, 2)), (30.1, C("A", 2, 2)))[3] == ()


def test_a_router_says_how_much_fits() -> None:
    big = C("A", 1, 1, BIG)
    said = ICMPv4(code=4) / ICMPv4DestinationUnreachable(next_hop_mtu=576) / bytes(big)[14:42]
    error = last(*OPEN, (20, big), (21, Ethernet() / IPv4(src="10.0.0.254", dst=CLIENT[0]) / said))
    assert error.marks == ("path MTU lowered",)
    assert error.does == ("too large, and may not be fragmented: 576 octets fit",)


def test_how_long_it_still_waits() -> None:
    closing = (*OPEN, (20, C("FA", 1, 1)), (30, S("FA", 1, 2)), (30.1, C("A", 2, 2)))
    (note,) = (note for note in played(*closing).notes if "TIME-WAIT" in note)
    assert note.startswith("10.0.0.1:51234 stays in TIME-WAIT for 60 s on Linux")
    assert "59.9 s of them are left" in note
    later = [*closing, (61_000, datagram(CLIENT, SERVER, b"much later"))]
    made = [Frame(n, round(ms * 1e6), bytes(p), len(bytes(p)), INTERFACE) for n, (ms, p) in enumerate(later, 1)]
    assert not any("TIME-WAIT" in note for note in explain(gather(made).all[0]).notes)


def test_a_segment_of_the_connection_before() -> None:
    """The same ports again, with numbers far from the old ones: what then comes with an old number is a ghost."""
    old = C("PA", 1, 1, b"hello")
    again = C("S", 2**30)
    frames = [
        *((ms, packet) for ms, packet in OPEN), (20, old), (30, S("A", 1, 6)),
        (40, C("FA", 6, 1)), (50, S("FA", 1, 7)), (50.1, C("A", 7, 2)),
        (90_000, again), (90_000.2, old),
    ]  # fmt: skip
    made = [Frame(n, round(ms * 1e6), bytes(p), len(bytes(p)), INTERFACE) for n, (ms, p) in enumerate(frames, 1)]
    first, second = gather(made).all
    assert second.previous is first
    ghost = explain(second).segments[-1]
    assert ghost.marks == ("ghost",)
    assert explain(second).segments[0].marks == ("port reuse",)
    assert explain(second).segments[0].does == ("asks for a connection", "the ports of conversation 1 again")
    assert explain(second).data_octets == (0, 0)


def test_a_request_where_there_is_a_connection() -> None:
    """A forged SYN with a number within the window is challenged (RFC 5961 section 4.2), and changes nothing."""
    timeline = played(*OPEN, (20, C("S", 9_000)), (20.1, S("A", 1, 1)), (30, C("PA", 1, 1, b"hello")))
    assert timeline.segments[3].marks == ("stray SYN",)
    assert timeline.segments[3].does == ("asks for a connection", "stray: there is one already")
    assert timeline.segments[4].marks == ("challenge ACK",)
    assert states(timeline, 0) == ["CLOSED", "SYN-SENT", "ESTABLISHED"]
    assert timeline.data_octets == (5, 0)
    closed = [*OPEN, (20, C("FA", 1, 1)), (30, S("FA", 1, 2)), (30.1, C("A", 2, 2)), (40, C("S", 9_000))]
    made = [Frame(n, round(ms * 1e6), bytes(p), len(bytes(p)), INTERFACE) for n, (ms, p) in enumerate(closed, 1)]
    assert len(gather(made).all) == 2  # where it is over, it is another one


def test_given_up() -> None:
    """A kernel whose keep-alives nobody answers resets the connection by itself: no program closed it."""
    said = (*OPEN, (20, S("PA", 1, 1, b"hello")), (20.1, C("A", 1, 6)))
    asked = ((1020, C("A", 0, 6)), (2020, C("A", 0, 6)))
    alone = played(*said, *asked, (3020, C("RA", 1, 6)))
    assert alone.segments[-1].marks == ("given up",)
    assert alone.segments[-1].does == ("resets the connection", "nobody answered its keep-alives")
    assert [call.text for call in alone.calls if call.end == 0] == ["connect()", "recv() = 5", "recv() = ETIMEDOUT"]
    assert [segment.arrives_after for segment in alone.segments[5:]] == [None, None, None]
    assert states(alone, 1)[-1] == "ESTABLISHED"
    answered = played(*said, *asked, (2030, S("A", 6, 1)), (3020, C("RA", 1, 6)))
    assert answered.segments[-1].marks != ("given up",)


def test_checksums_and_pieces() -> None:
    wrong = C("PA", 1, 1, b"hello").replace(TCP, checksum=1)
    assert last(*OPEN, (20, wrong)).marks == ("bad checksum",)
    assert "wrong TCP checksum" in last(*OPEN, (20, wrong)).does
    piece = C("PA", 1, 1, b"hello").replace(IPv4, flags="MF")
    assert last(*OPEN, (20, piece)).marks == ("fragment",)


def test_a_checksum_is_said_to_be_whose_it_is() -> None:
    """As a program saw it that captured before the network card: IPv4's is 0, TCP's is not what the card wants."""
    whole = C("PA", 1, 1, b"hello")
    unfit = whole.replace(IPv4, checksum=0).replace(TCP, checksum=1)
    said = last(*OPEN, (20, unfit))
    assert said.marks == ("bad checksum", "partial checksum")
    assert said.does == ("5 octets of data", "wrong TCP checksum", "partial IPv4 checksum")
    both = whole.replace(IPv4, checksum=1).replace(TCP, checksum=1)
    assert last(*OPEN, (20, both)).does == ("5 octets of data", "wrong IPv4 and TCP checksums")


def test_left_to_the_network_card() -> None:
    """What Linux hands to a card that adds up itself: the pseudo-header's sum alone."""
    whole = C("PA", 1, 1, b"hello")
    pseudo = bytes(whole)[26:34] + b"\0\6" + (20 + 5).to_bytes(2, "big")
    partial = whole.replace(TCP, checksum=word_sum(pseudo))
    assert last(*OPEN, (20, partial)).marks == ("partial checksum",)


def test_a_reset_of_an_end_that_was_not_heard_before() -> None:
    assert last((0, C("A", 500, 700)), (10, S("RA", 700, 500))).marks == ("reset", "unexplained reset")
    assert "unexplained reset" not in last((0, C("A", 500, 700)), (10, S("A", 700, 500)), (20, S("RA", 700, 500))).marks
    assert last(*OPEN, (20, S("RA", 1, 1))).marks == ("reset", "abort")


def test_every_name_is_explained_and_tested() -> None:
    """Each name that is given stands in the table, and each of the table is given by some test of this file."""
    source = Path(__file__).read_text(encoding="utf-8")
    for name in NAMES:
        assert f'"{name}"' in source, name
