"""What is inferred from TCP packets, and what must not be."""

from itertools import pairwise

import pytest

from rawkit.analysis import explain, gather
from rawkit.capture import Frame
from rawkit.protocols.icmpv4 import ICMPv4
from rawkit.protocols.icmpv4_messages import ICMPv4DestinationUnreachable
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.tcp import TCP
from rawkit.protocols.tcp_options import MSS, FastOpen
from rawkit.protocols.tcp_states import Event, State, next_state
from rawkit.show.ladder import ladder
from rawkit.timeline import Timeline
from rawkit.wire import Packet
from tests.analysis.talk import (
    CLIENT,
    HANDSHAKE,
    INTERFACE,
    SERVER,
    C,
    S,
    Talker,
    calls,
    gathered,
    states,
    talkers,
    told,
)

LINE = b"hello, wire\n"


def echo_packets(client: Talker = C, server: Talker = S) -> list[Packet]:
    """The plainest echo pair."""
    return [
        client("S"), server("SA", 0, 1), client("A", 1, 1),
        client("PA", 1, 1, LINE), server("A", 1, 13), server("PA", 1, 13, LINE), client("A", 13, 13),
        client("FA", 13, 13), server("FA", 13, 14), client("A", 14, 14),
    ]  # fmt: skip


def echo(client: Talker = C, server: Talker = S) -> Timeline:
    return told(*echo_packets(client, server))


def test_the_plainest_echo_pair() -> None:
    timeline = echo()
    assert calls(timeline, 0) == ["connect()", "send(12)", "recv() = 12", "close()"]
    assert calls(timeline, 1) == ["accept()", "recv() = 12", "send(12)", 'recv() = b""', "close()"]
    assert states(timeline, 0) == ["CLOSED", "SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "TIME-WAIT"]
    assert states(timeline, 1) == ["LISTEN", "SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", "LAST-ACK", "CLOSED"]
    assert timeline.counts["calls_that_sent"] == timeline.counts["packets_by_no_call"] == 5
    assert [end.role for end in timeline.ends] == ["client", "server"]
    assert [note.split(" for ")[0] for note in timeline.notes] == ["10.0.0.1:51234 stays in TIME-WAIT"]


def test_connect_lasts_from_its_syn_to_the_answer() -> None:
    connect = echo().calls[0]
    assert (connect.name, connect.begins_after, connect.returns_after, connect.caused) == ("connect", 0, 2, (1,))
    assert connect.certainty == "certain"
    assert connect.inferred


def test_every_call_is_where_causality_allows() -> None:
    """Nothing is received before it was sent, and a call's packet follows its beginning."""
    timeline = echo()
    for call in timeline.calls:
        if call.caused:
            assert call.begins_after == call.caused[0] - 1
        if call.name == "recv" and call.result == "12":
            sent = next(s for s in timeline.calls if s.end != call.end and s.name == "send")
            assert (call.returns_after or 0) >= sent.caused[-1]


@pytest.mark.parametrize(
    ("client", "server"),
    [(("127.0.0.1", 40000), ("127.0.0.1", 7)), (("127.0.0.1", 7), ("127.0.0.1", 40000))],
    ids=["high port asks", "low port asks"],
)
def test_one_address_at_both_ends(client: tuple[str, int], server: tuple[str, int]) -> None:
    timeline = echo(*talkers(client, server))
    assert [segment.end for segment in timeline.segments] == [0, 1, 0, 0, 1, 1, 0, 0, 1, 0]
    assert (timeline.ends[0].port, timeline.ends[1].port) == (client[1], server[1])
    assert timeline.data_octets == (12, 12)


@pytest.mark.parametrize("isn", [2**32 - 1, 2**32 - 5, 2**32 - 13, 2**31 - 3])
def test_sequence_numbers_wrap(isn: int) -> None:
    timeline = echo(*talkers(client_isn=isn, server_isn=2**32 - 7))
    assert timeline.data_octets == (12, 12)
    assert [segment.seq for segment in timeline.segments if segment.end == 0] == [0, 1, 1, 13, 13, 14]
    assert timeline.final_state(0) == "TIME-WAIT"


def test_states_follow_the_table() -> None:
    """Every change of state is a row of RFC 9293's table (or several, for what one packet does at once)."""
    for timeline in (echo(), simultaneous_close(), simultaneous_open(), half_close()):
        for end in (0, 1):
            mine = [state for state in timeline.states if state.end == end]
            for before, after in pairwise(mine):
                assert next_state(State(before.name), Event(after.cause)) == after.name


def sized(packet: Packet) -> Packet:
    """A SYN whose end takes 1,000 octets in a segment."""
    return packet.replace(TCP, options=[MSS(1000)])


OPEN = (sized(C("S")), sized(S("SA", 0, 1)), C("A", 1, 1))


def test_the_push_of_a_full_segment_does_not_end_a_send() -> None:
    """Linux pushes in the midst of a long send(), when half of the window is filled: such a push tells nothing.

    What follows is of the same call, unless the sender has read something or could have sent earlier.
    """
    full = b"x" * 1000
    more = C("PA", 1, 1, full), C("PA", 1001, 1, full), S("A", 1, 2001), C("PA", 2001, 1, b"rest")
    assert calls(told(*OPEN, *more), 0) == ["connect()", "send(2004)"]
    short = C("PA", 1, 1, full), C("PA", 1001, 1, b"short"), C("PA", 1006, 1, b"rest")
    assert calls(told(*OPEN, *short), 0) == ["connect()", "send(1005)", "send(4)"]
    answered = C("PA", 1, 1, full), S("PA", 1, 1001, b"yes"), C("PA", 1001, 4, full)
    assert calls(told(*OPEN, *answered), 0) == ["connect()", "send(1000)", "recv() = 3", "send(1000)"]
    unknown = C("PA", 1, 1, full), C("PA", 1001, 1, full)
    assert calls(told(*HANDSHAKE, *unknown), 0) == ["connect()", "send(1000)", "send(1000)"]


def test_a_sender_that_waited_for_nothing_had_nothing_more_to_send() -> None:
    full = b"x" * 1000
    packets = [*OPEN, C("PA", 1, 1, full), S("A", 1, 1001), C("PA", 1001, 1, full)]
    for pause_ns, sends in (0, ["send(2000)"]), (1_000_000_000, ["send(1000)", "send(1000)"]):
        times = [number * 1_000_000 + pause_ns * (number == 6) for number in range(1, 7)]
        made = [
            Frame(number, time_ns, bytes(packet), len(bytes(packet)), INTERFACE)
            for number, (time_ns, packet) in enumerate(zip(times, packets, strict=True), 1)
        ]
        (only,) = gather(made).all
        assert calls(explain(only), 0) == ["connect()", *sends]


def test_what_nobody_answers_is_not_said_to_arrive() -> None:
    line = C("PA", 1, 1, LINE)
    assert [each.arrives_after for each in told(*HANDSHAKE, line, line, line).segments[3:]] == [None, None, None]
    assert told(*HANDSHAKE, line).segments[3].arrives_after == 4  # sent once, and then the capture ends
    assert calls(told(*HANDSHAKE, line, line), 1) == []


def test_an_acknowledgement_that_did_not_arrive() -> None:
    """The FIN comes again after it: its sender is still in LAST-ACK."""
    timeline = told(*echo_packets(), S("FA", 13, 14), C("A", 14, 14))
    assert [each.arrives_after for each in timeline.segments[-3:]] == [None, 11, 12]
    assert states(timeline, 1) == ["LISTEN", "SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", "LAST-ACK", "CLOSED"]
    assert not any("missing" in note for note in timeline.notes)


def simultaneous_close() -> Timeline:
    return told(
        *HANDSHAKE,
        C("FA", 1, 1), S("FA", 1, 1),  # they cross: neither acknowledges the other
        C("A", 2, 2), S("A", 2, 2),
    )  # fmt: skip


def test_simultaneous_close() -> None:
    timeline = simultaneous_close()
    for end in (0, 1):
        assert states(timeline, end)[-3:] == ["FIN-WAIT-1", "CLOSING", "TIME-WAIT"]
        assert calls(timeline, end)[-1] == "close()"
        assert 'recv() = b""' not in calls(timeline, end)  # the socket was closed when the FIN came
    assert timeline.segments[3].arrives_after == 6  # A's FIN reached B only after B's own was sent


def simultaneous_open() -> Timeline:
    return told(C("S"), S("S"), C("SA", 0, 1), S("SA", 0, 1), C("PA", 1, 1, b"x"), S("A", 1, 2))


def test_simultaneous_open() -> None:
    timeline = simultaneous_open()
    for end in (0, 1):
        assert states(timeline, end) == ["CLOSED", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED"]
        assert calls(timeline, end)[0] == "connect()"
        assert "accept()" not in calls(timeline, end)
    assert [end.role for end in timeline.ends] == ["", ""]


def test_packets_of_one_end_arrive_in_their_order() -> None:
    """Its SYN crossed the other's, its SYN ACK did not: the SYN was there before the SYN ACK was sent."""
    timeline = told(C("S"), S("S"), C("SA", 0, 1), S("SA", 0, 1))
    assert [segment.arrives_after for segment in timeline.segments] == [2, 2, 3, 4]
    for end in (0, 1):
        assert timeline.final_state(end) == "ESTABLISHED"
    rows = ladder(timeline).splitlines()
    arrives, accepts = (next(at for at, row in enumerate(rows) if said in row) for said in ("1 arrives", " 3 accepts"))
    assert arrives < accepts
    assert "│ ESTABLISHED" in rows[accepts + 1]


def half_close() -> Timeline:
    return told(
        *HANDSHAKE,
        C("FA", 1, 1), S("A", 1, 2),
        S("PA", 1, 2, b"one"), C("A", 2, 4), S("FA", 4, 2), C("A", 2, 5),
    )  # fmt: skip


def test_half_close_is_a_shutdown() -> None:
    timeline = half_close()
    assert calls(timeline, 0) == ["connect()", "shutdown(SHUT_WR)", "recv() = 3 ?", 'recv() = b"" ?']
    assert states(timeline, 0)[-3:] == ["FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT"]
    assert calls(timeline, 1) == ["accept()", 'recv() = b""', "send(3)", "close()"]


def test_data_after_close_is_answered_by_the_kernel() -> None:
    """Nobody reads any more: the reset is no call's, and the close() stays a close()."""
    timeline = told(*HANDSHAKE, C("FA", 1, 1), S("PA", 1, 2, LINE), C("R", 2))
    assert calls(timeline, 0) == ["connect()", "close()"]
    assert timeline.counts["packets_by_call"] == 3  # SYN, FIN, data
    assert timeline.final_state(0) == timeline.final_state(1) == "CLOSED"


def test_refused() -> None:
    timeline = told(C("S"), S("RA", 0 - 9_000, 1))
    assert calls(timeline, 0) == ["connect() = ECONNREFUSED"]
    assert calls(timeline, 1) == []
    assert states(timeline, 0) == ["CLOSED", "SYN-SENT", "CLOSED"]
    assert states(timeline, 1) == ["CLOSED"]
    assert timeline.segments[1].does == ("refuses the connection",)


def test_closed_with_data_unread() -> None:
    timeline = told(*HANDSHAKE, C("PA", 1, 1, LINE), S("A", 1, 13), S("RA", 1, 13))
    assert calls(timeline, 1) == ["accept() ?", "close() ?"]  # no recv(): the reset says that nobody took the data
    assert calls(timeline, 0) == ["connect()", "send(12)", "recv() = ECONNRESET ?"]
    assert any("data unread (12 octets" in note for note in timeline.notes)


def test_a_reset_without_unread_data_is_only_possibly_an_abort() -> None:
    timeline = told(*HANDSHAKE, C("RA", 1, 1))
    assert calls(timeline, 0) == ["connect()", "close() ?"]
    assert calls(timeline, 1) == []
    assert states(timeline, 1)[-1] == "CLOSED"


def test_an_unanswered_syn_claims_nothing_of_the_other_end() -> None:
    timeline = told(C("S"), C("S"), C("S"))
    assert calls(timeline, 0) == ["connect()"]
    assert timeline.calls[0].returns_after is None
    assert timeline.calls[0].caused == (1,)  # the repetitions are the kernel's
    assert states(timeline, 0) == ["CLOSED", "SYN-SENT"]
    assert states(timeline, 1) == ["?"]
    assert any(str(timeline.ends[1]) in note for note in timeline.notes)


def test_a_handshake_alone_does_not_show_that_anybody_accepted() -> None:
    timeline = told(*HANDSHAKE, C("PA", 1, 1, LINE), S("A", 1, 13))
    assert calls(timeline, 1) == []
    assert any("accept()" in note for note in timeline.notes)


@pytest.mark.parametrize("start", range(1, 10))
def test_a_capture_that_begins_in_the_middle(start: int) -> None:
    """No handshake is invented, and states are what the rest of the packets allow."""
    whole = echo_packets()
    timeline = told(*whole[start:])
    if start >= 2:
        assert not {"connect", "accept"} & {call.name for call in timeline.calls}
        assert any("begins in the middle" in note for note in timeline.notes)
    client = next(end for end in (0, 1) if timeline.ends[end].port == CLIENT[1])
    told_finals = [timeline.final_state(client), timeline.final_state(1 - client)]
    # the client's FIN is the eighth packet: without it nothing tells who closed first
    assert told_finals == (["TIME-WAIT", "CLOSED"] if start <= 7 else ["?", "?"])


def test_the_answer_to_a_syn_shows_that_there_was_one() -> None:
    timeline = told(*echo_packets()[1:])
    assert calls(timeline, 0)[0] == "connect()"
    assert timeline.calls[0].begins_after is None
    assert states(timeline, 0)[:2] == ["SYN-SENT", "ESTABLISHED"]
    assert any("first SYN is not in the capture" in note for note in timeline.notes)


@pytest.mark.parametrize("end", [0, 1])
def test_one_side_of_a_conversation(end: int) -> None:
    """The other side's packets are not made up: its state stays open, and the gap is said."""
    mine = [packet for packet in echo_packets() if (packet[TCP].sport == SERVER[1]) == bool(end)]
    timeline = told(*mine)
    assert sum(segment.octets for segment in timeline.segments) == sum(map(len, mine))
    seen = 0 if end == 0 else 1
    assert timeline.data_octets[seen] == 12
    assert timeline.data_octets[1 - seen] == 0
    assert any("No segment of" in note for note in timeline.notes)
    assert not [call for call in timeline.calls if call.end == 1 - seen and call.caused]


def test_one_side_that_asks_does_not_get_an_invented_answer() -> None:
    timeline = told(C("S"), C("A", 1, 1), C("PA", 1, 1, LINE))
    assert calls(timeline, 0) == ["connect()", "send(12)"]
    assert timeline.calls[0].returns_after == 1  # what comes next shows that it did, though not its answer
    assert "not in the capture" in timeline.calls[0].why
    assert [segment.end for segment in timeline.segments] == [0, 0, 0]
    assert states(timeline, 0) == ["CLOSED", "SYN-SENT", "?"]
    assert any("missing" in note for note in timeline.notes)


def test_data_that_comes_twice_counts_once() -> None:
    timeline = told(*HANDSHAKE, C("PA", 1, 1, LINE), C("PA", 1, 1, LINE), S("A", 1, 13), S("PA", 1, 13, b"ok"))
    assert timeline.data_octets == (12, 2)
    assert [call.text for call in timeline.calls if call.end == 0 and call.name == "send"] == ["send(12)"]
    again = "retransmission (after 1.00 ms: a probe, or an early timer)"
    assert timeline.segments[4].does == ("12 octets of data again", again)
    assert timeline.segments[4].marks == ("retransmission",)
    assert timeline.segments[3].arrives_after is None  # this copy or the next one: nothing shows which
    assert "recv() = 12" in calls(timeline, 1)


def test_data_out_of_order_and_overlapping_counts_once() -> None:
    timeline = told(
        *HANDSHAKE, C("A", 6, 1, b"67890"), C("A", 1, 1, b"12345"), C("PA", 4, 1, b"4567890abc"), S("A", 1, 14)
    )
    assert timeline.data_octets == (13, 0)
    again = "retransmission (after 1.00 ms: a probe, or an early timer)"
    assert timeline.segments[5].does == ("10 octets of data, 3 of them new: 11 to 13 of send(13)", again)


def test_segments_of_one_push_are_one_call() -> None:
    timeline = told(
        *HANDSHAKE, C("A", 1, 1, bytes(100)), C("A", 101, 1, bytes(100)), C("PA", 201, 1, b"x"), S("A", 1, 202)
    )
    sends = [call for call in timeline.calls if call.name == "send"]
    assert [(call.text, call.caused) for call in sends] == [("send(201)", (4, 5, 6))]
    assert sends[0].certainty == "likely"


def test_a_fin_with_the_last_data() -> None:
    timeline = told(*HANDSHAKE, C("FPA", 1, 1, LINE), S("FA", 1, 14), C("A", 14, 2))
    assert calls(timeline, 0) == ["connect()", "send(12)", "close()"]
    assert states(timeline, 0)[-2:] == ["FIN-WAIT-1", "TIME-WAIT"]
    assert timeline.counts["packets_by_call"] == 3  # SYN, data with FIN, FIN


def test_a_repeated_fin_is_no_second_close() -> None:
    timeline = told(*HANDSHAKE, C("FA", 1, 1), C("FA", 1, 1), S("A", 1, 2), S("FA", 1, 2), C("A", 2, 2))
    assert calls(timeline, 0).count("close()") == 1
    assert timeline.final_state(0) == "TIME-WAIT"
    assert timeline.final_state(1) == "CLOSED"


def test_a_reset_that_both_ends_ignore_ends_nothing() -> None:
    """Somebody in between made it up: both went on."""
    timeline = told(*HANDSHAKE, S("R", 1), C("PA", 1, 1, LINE), S("A", 1, 13))
    assert timeline.segments[3].arrives_after is None
    assert timeline.final_state(0) == "ESTABLISHED"


def test_a_wrong_checksum_keeps_data_from_arriving() -> None:
    whole = C("PA", 1, 1, LINE)
    damaged = whole.replace(TCP, checksum=whole[TCP].checksum ^ 1)
    timeline = told(*HANDSHAKE, damaged)
    assert timeline.segments[3].arrives_after is None
    assert timeline.segments[3].does[-1] == "wrong TCP checksum"
    assert not [call for call in timeline.calls if call.name == "recv"]


def test_a_wrong_checksum_that_was_accepted_was_only_not_filled_in_yet() -> None:
    whole = C("PA", 1, 1, LINE)
    damaged = whole.replace(TCP, checksum=whole[TCP].checksum ^ 1)
    timeline = told(*HANDSHAKE, damaged, S("PA", 1, 13, b"ok"))
    assert timeline.segments[3].arrives_after == 4
    assert timeline.segments[3].does == ("12 octets of data",)
    assert any("network card" in note for note in timeline.notes)


def test_an_end_that_talks_to_itself_does_not_confuse_anybody() -> None:
    both = ("127.0.0.1", 7)
    timeline = told(*echo_packets(*talkers(both, both)))
    assert len(timeline.segments) == 10


def test_any_order_of_packets_is_survived() -> None:
    packets = echo_packets()
    for step in range(1, len(packets)):
        found = gathered(*packets[step:], *packets[:step]).all
        assert sum(len(explain(each).segments) for each in found) == 10


def test_a_reset_of_a_handshake_is_nobodys_call() -> None:
    timeline = told(C("S"), S("SA", 0, 1), S("R", 1))
    assert calls(timeline, 1) == []


def test_a_closed_window_is_said() -> None:
    timeline = told(*HANDSHAKE, C("PA", 1, 1, LINE), S("A", 1, 13, window=0), S("A", 1, 13, window=500))
    assert timeline.segments[4].does == ("acknowledges 12 octets", "no room: zero window")
    assert timeline.segments[5].does == ("window update: room for 500 octets",)


def test_a_reset_alone_shows_nobody() -> None:
    """A listener that closes resets the connections in its queue, and nobody had called accept()."""
    timeline = told(*HANDSHAKE, S("R", 1))
    assert calls(timeline, 1) == ["accept() ?", "close() ?"]
    assert any("called accept()" in note for note in timeline.notes)


def test_a_reset_with_data_unread_is_likely_a_close_once_the_program_was_seen() -> None:
    timeline = told(*HANDSHAKE, S("PA", 1, 1, b"hi"), C("PA", 1, 3, LINE), S("A", 3, 13), S("RA", 3, 13))
    assert calls(timeline, 1) == ["accept()", "send(2)", "close()"]
    (note,) = timeline.notes
    assert "most likely close() with data unread (12 octets" in note
    assert "SO_LINGER 0" in note


def test_a_syn_with_data_or_its_cookie_may_be_another_calls() -> None:
    """RFC 7413: sendto(MSG_FASTOPEN) sends a SYN that asks for a cookie, or that carries data."""
    asking = Packet.decode(bytes(C("S").replace(TCP, options=(FastOpen(),))))
    for first, certainty in (C("S"), "certain"), (C("S", 0, None, LINE), "likely"), (asking, "likely"):
        assert told(first, S("SA", 0, 1)).calls[0].certainty == certainty


def test_a_reset_after_the_end_of_data_fails_a_send_and_no_recv() -> None:
    """Linux: in CLOSE-WAIT a recv() still says that there is no more, and the next send() fails."""
    timeline = told(*HANDSHAKE, S("FA", 1, 1), C("A", 1, 2), C("PA", 1, 2, LINE), S("R", 2))
    assert calls(timeline, 0) == ["connect()", 'recv() = b""', "send(12)", "send() = EPIPE ?"]
    assert states(timeline, 0)[-2:] == ["CLOSE-WAIT", "CLOSED"]


def test_a_reset_of_what_is_closed_already_fails_nothing() -> None:
    timeline = told(*HANDSHAKE, S("FA", 1, 1), C("FA", 1, 2), S("R", 2))
    assert calls(timeline, 0) == ["connect()", 'recv() = b""', "close()"]


def test_a_reset_after_half_of_a_close_fails_the_recv_that_waits() -> None:
    timeline = told(*HANDSHAKE, C("FA", 1, 1), S("PA", 1, 2, b"x"), C("A", 2, 2), S("R", 2))
    assert calls(timeline, 0)[-2:] == ["recv() = 1 ?", "recv() = ECONNRESET ?"]


def test_a_reset_in_the_middle_refuses_nothing() -> None:
    """The first packet of its end, and an acknowledgement that counts from nowhere: no SYN was seen."""
    timeline = told(C("A", 500, 700), S("RA", 700, 500))
    assert timeline.segments[1].does == ("resets the connection", "nothing here shows why")
    assert told(C("S"), C("A", 1, 1), S("RA", 0, 1)).segments[2].does == ("resets the connection",)
    assert [segment.does for segment in told(C("S"), S("RA", 0, 1), S("RA", 0, 1)).segments[1:]] == [
        ("refuses the connection",),
        ("refuses the connection",),
    ]


def test_a_reset_of_an_end_that_said_nothing_else_is_no_call() -> None:
    """It may refuse a SYN that was sent before the capture began, or answer what belongs to no connection."""
    for timeline in told(S("RA", 700, 500)), told(C("A", 500, 700), S("RA", 700, 500)):
        end = next(end for end in (0, 1) if timeline.ends[end].port == SERVER[1])
        assert calls(timeline, end) == []
        assert states(timeline, end) == ["?"]
        assert not any("instead of FIN" in note for note in timeline.notes)


def test_nobody_reads_past_a_gap() -> None:
    """TCP delivers in order: what came after lost data waits in the kernel."""
    whole = C("PA", 1, 1, LINE)
    lost = whole.replace(TCP, checksum=whole[TCP].checksum ^ 1)
    timeline = told(*HANDSHAKE, S("PA", 1, 1, b"hi"), C("A", 1, 3), lost, C("PA", 13, 3, LINE))
    assert calls(timeline, 1) == ["accept()", "send(2)"]


def test_a_gap_that_is_filled_lets_all_of_it_be_read() -> None:
    timeline = told(
        *HANDSHAKE, C("PA", 13, 1, LINE), S("A", 1, 1), C("PA", 1, 1, LINE), S("A", 1, 25), S("PA", 1, 25, b"ok")
    )
    read = [call for call in timeline.calls if call.name == "recv" and call.end == 1]
    assert [(call.text, call.returns_after) for call in read] == [("recv() = 12", 7), ("recv() = 12", 7)]


def test_a_gap_that_was_acknowledged_is_only_the_captures() -> None:
    timeline = told(*HANDSHAKE, C("PA", 13, 1, LINE), S("A", 1, 25), S("PA", 1, 25, b"ok"))
    assert "recv() = 24 ?" in calls(timeline, 1)


def test_too_big_fails_no_connect() -> None:
    """RFC 1191 section 4: the kernel sends smaller packets; no program is told."""
    quote = bytes(HANDSHAKE[0])[14:42]
    said = (
        IPv4(src="10.0.0.254", dst=CLIENT[0]) / ICMPv4(code=4) / ICMPv4DestinationUnreachable(next_hop_mtu=600) / quote
    )
    timeline = told(HANDSHAKE[0], HANDSHAKE[0].layers[0] / said, *HANDSHAKE[1:])
    assert calls(timeline, 0) == ["connect()"]
    assert timeline.final_state(0) == "ESTABLISHED"


def test_an_end_that_has_closed_reads_no_end() -> None:
    timeline = told(*HANDSHAKE, C("FA", 1, 1), S("A", 1, 2), S("FA", 1, 2), C("A", 2, 2))
    assert calls(timeline, 0) == ["connect()", "close()"]


def test_the_last_data_needs_no_push_to_be_read() -> None:
    timeline = told(*HANDSHAKE, C("A", 1, 1, LINE), S("A", 1, 13))
    assert calls(timeline, 1) == []  # nothing shows that anybody accepted
    answered = told(*HANDSHAKE, C("A", 1, 1, LINE), S("A", 1, 13), S("PA", 1, 13, b"ok"))
    assert calls(answered, 1) == ["accept()", "recv() = 12", "send(2)"]


def test_a_reset_of_an_active_open_that_crossed_another_closes() -> None:
    """RFC 9293 section 3.10.7.4: SYN-RECEIVED goes back to LISTEN only where it came from there."""
    timeline = told(C("S"), S("S"), C("SA", 0, 1), S("RA", 1, 1))
    assert timeline.final_state(0) == "CLOSED"
