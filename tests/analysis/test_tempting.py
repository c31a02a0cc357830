"""Captures that tempt to wrong inference: of each, why it does, and what must not be claimed."""

from __future__ import annotations

import pytest

from rawkit.analysis import explain, gather, overview
from rawkit.capture import Frame
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.tcp_options import MSS
from rawkit.show.ladder_text import counted_packets, numbering
from rawkit.timeline import Timeline
from rawkit.wire import Packet
from tests.analysis.lessons import everything
from tests.analysis.simulated import MS, Habits, Weather, simulated
from tests.analysis.talk import (
    CLIENT,
    HANDSHAKE,
    INTERFACE,
    SERVER,
    C,
    S,
    calls,
    datagram,
    frames,
    only,
    states,
    talkers,
    told,
)
from tests.analysis.test_marks import BIG, OPEN, beyond, having, made_at, marked, numbered, played, sent
from tests.analysis.test_tcp import LINE, echo_packets

ECHO = echo_packets()


def names(timeline: Timeline, end: int) -> list[str]:
    return [call.name for call in timeline.calls if call.end == end]


def all_marks(timeline: Timeline) -> set[str]:
    return {mark for segment in timeline.segments for mark in segment.marks}


def sure(timeline: Timeline, end: int) -> list[str]:
    """The calls that are claimed for more than possible."""
    return [text for text in calls(timeline, end) if not text.endswith("?")]


def said(timeline: Timeline) -> str:
    return " ".join([*timeline.notes, *(words for segment in timeline.segments for words in segment.does)])


# -- what the capture lacks -------------------------------------------------------------------------------------------


def test_a_start_in_the_middle() -> None:
    """The first piece looks like a whole send(): it may be the end of one that began before the capture."""
    timeline = told(*ECHO[3:7])
    assert calls(timeline, 0)[0] == "send(12) ?"
    assert calls(timeline, 1)[-1] == "send(12) ?"
    assert not {"connect", "accept"} & {*names(timeline, 0), *names(timeline, 1)}
    assert [end.role for end in timeline.ends] == ["", ""]


def test_one_side_only() -> None:
    """Data and FIN that somebody must have acknowledged: nothing shows that end's state, nor what it called."""
    timeline = told(*(packet for packet in ECHO if packet[IPv4].src == CLIENT[0]))
    assert states(timeline, 1) == ["?"]
    assert sure(timeline, 1) == []


def test_an_answer_to_nobody() -> None:
    """SYN ACKs come to addresses in whose name somebody else asked: that end called nothing, and is not connected."""
    timeline = told(S("SA", 0, 1), S("SA", 0, 1))
    assert calls(timeline, 0) == []
    assert states(timeline, 0) == ["?"]
    assert names(timeline, 1) == []


def test_a_reset_alone() -> None:
    """It looks like an abort: it may answer anything, also what belongs to no connection."""
    timeline = told(S("R", 1))
    assert calls(timeline, 0) == calls(timeline, 1) == []
    assert [timeline.final_state(end) for end in (0, 1)] == ["?", "?"]
    assert not {"abort", "unread data", "refused", "not mine"} & all_marks(timeline)
    assert timeline.segments[0].does == ("resets the connection", "nothing here shows why")
    assert "but by a kernel" not in counted_packets(timeline)
    assert "No call is known to have put one on the wire; of 1 reset nothing tells" in counted_packets(timeline)
    assert timeline.counts["packets_by_no_call"] == 0


def test_payloads_that_were_cut_off() -> None:
    """Few octets are there, and the headers tell of more: those were sent, and no checksum is wrong."""
    made = [
        Frame(number, number * MS, bytes(packet)[:54], len(bytes(packet)), INTERFACE)
        for number, packet in enumerate(ECHO, 1)
    ]
    timeline = explain(gather(made).all[0])
    assert timeline.data_octets == (12, 12)
    assert calls(timeline, 0) == calls(told(*ECHO), 0)
    assert all_marks(timeline) <= all_marks(told(*ECHO))


def cut(packet: Packet, by: int) -> Packet:
    """The same, as a frame that ends too early: it was no longer on the wire."""
    return Packet.decode(bytes(packet)[:-by])


def test_a_frame_shorter_than_its_datagram() -> None:
    """Its data looks like any: a kernel drops what is shorter than IP's header says, so that nobody reads it."""
    timeline = told(*HANDSHAKE, cut(C("PA", 1, 1, bytes(100)), 40))
    assert timeline.segments[3].does == ("60 octets of data", "cut short by 40 octets")
    assert timeline.segments[3].arrives_after is None
    assert calls(timeline, 0) == ["connect()", "send(60) ?"]
    assert calls(timeline, 1) == []
    assert overview(timeline).wrong == ("cut short",)
    again = told(*HANDSHAKE, cut(C("PA", 1, 1, bytes(100)), 40), C("PA", 1, 1, bytes(100)), S("A", 1, 101))
    assert [segment.arrives_after for segment in again.segments[3:]] == [None, 5, 6]
    behind = told(*HANDSHAKE, cut(C("PA", 1, 1, bytes(100)), 40), S("A", 1, 101))
    assert behind.segments[3].arrives_after is not None  # taken all the same: it was whole there


def test_a_datagram_cut_short() -> None:
    """UDP's length is that of a whole one."""
    timeline = told(cut(datagram(CLIENT, SERVER, bytes(100)), 40))
    assert timeline.segments[0].does == ("60 of 100 octets of data", "cut short by 40 octets")
    assert timeline.segments[0].arrives_after is None
    assert calls(timeline, 0) == ["sendto(100)"]
    assert calls(timeline, 1) == []
    assert timeline.data_octets == (60, 0)


def test_a_capture_that_lost_packets() -> None:
    """The rest of a send() looks like all of it, and its reader like one who read just that."""
    timeline = told(*HANDSHAKE, C("PA", 1001, 1, LINE), S("A", 1, 1013), S("PA", 1, 1013, LINE))
    assert "send(12)" not in calls(timeline, 0)
    assert not {"retransmission", "out of order", "gap"} & all_marks(timeline)
    assert calls(timeline, 1)[1] == "recv() = 1012 ?"
    missing = "Packets are missing from the capture, by their numbers: 1,000 octets of 10.0.0.1:51234."
    assert missing in timeline.notes


def test_a_reader_of_more_than_is_here() -> None:
    """190 octets came and the program went on: it had got 79 more by then, and where its recv() ended nobody saw."""
    timeline = told(C("PA", 1, 1, bytes(190)), S("PA", 1153, 270, LINE))
    assert calls(timeline, 1) == ["recv() = 190 ?", "send(12) ?"]
    (missing,) = (note for note in timeline.notes if "missing" in note)
    assert "79 octets of 10.0.0.1:51234 (one of them may be its FIN) and 1,152 octets of 10.0.0.2:7" in missing
    assert "those of 10.0.0.2:7 from the first that the other end still waited for" in numbering(timeline)
    assert numbering(told(C("PA", 1, 1, LINE), S("A", 1, 13))).endswith("each end that is here, which is 1.")
    assert calls(told(C("PA", 1, 1, LINE), S("PA", 1, 13, LINE)), 1) == ["recv() = 12", "send(12) ?"]


def test_an_acknowledgement_of_what_is_not_there() -> None:
    """5,000 octets were acknowledged, and none are there: no call is known to have sent them, nor how many did."""
    timeline = told(*HANDSHAKE, S("A", 1, 5001))
    assert "send" not in names(timeline, 0)
    assert timeline.data_octets == (0, 0)
    assert timeline.final_state(0) == "?"  # a FIN may be among them


# -- what the capture has twice, or in another order ------------------------------------------------------------------


def mirrored(*packets: Packet) -> list[Packet]:
    """As a port has them that mirrors both the way in and the way out."""
    return [copy for number, packet in enumerate(packets, 1) for copy in [numbered(packet, number)] * 2]


def test_a_mirror_port() -> None:
    """Everything twice looks like a bad connection: nothing was sent again, and nobody asked for anything."""
    timeline = told(*mirrored(*ECHO))
    assert all_marks(timeline) <= {"duplicate", "half-close", "piggy-backed ACK"}
    assert calls(timeline, 0) == calls(told(*ECHO), 0)
    assert calls(timeline, 1) == calls(told(*ECHO), 1)
    assert timeline.data_octets == (12, 12)


def test_a_mirror_port_on_udp() -> None:
    """Two datagrams of the same content look like two calls."""
    ask, answer = datagram(CLIENT, SERVER, LINE), datagram(SERVER, CLIENT, LINE)
    timeline = told(*mirrored(ask, answer))
    assert calls(timeline, 0) == ["sendto(12)", "recvfrom() = 12 ?"]
    assert calls(timeline, 1) == ["recvfrom() = 12", "sendto(12)"]
    assert timeline.data_octets == (12, 12)
    assert [segment.marks for segment in timeline.segments] == [(), ("duplicate",)] * 2
    again = told(numbered(ask, 1), numbered(ask, 2), ask, ask)  # two of their own, and two that cannot be told
    assert calls(again, 0) == ["sendto(12)"] * 4


def test_a_datagram_that_the_network_doubled() -> None:
    """UDP drops no double: its program reads it twice, unless it was the capture that saw it twice."""
    sent_once = [numbered(datagram(CLIENT, SERVER, LINE), number) for number in (1, 2, 3)]
    timeline = told(sent_once[0], sent_once[1], sent_once[1], sent_once[2], datagram(SERVER, CLIENT, LINE))
    assert calls(timeline, 0) == [*["sendto(12)"] * 3, "recvfrom() = 12 ?"]
    assert calls(timeline, 1) == [*["recvfrom() = 12"] * 2, "recvfrom() = 12 ?", "recvfrom() = 12", "sendto(12)"]
    assert timeline.data_octets == (36, 12)
    thrice = told(sent_once[0], *[sent_once[1]] * 3)
    assert calls(thrice, 1) == ["recvfrom() = 12 ?"] * 4
    assert [call.returns_after for call in thrice.calls if call.end == 1] == [1, 2, 3, 4]


def test_a_clock_that_is_put_back() -> None:
    """A negative time is no timer, and no delay."""
    timeline = played(*OPEN, (900, C("PA", 1, 1, LINE)), (400, C("PA", 1, 1, LINE)), (300, S("A", 1, 13)))
    assert "-" not in said(timeline).replace("TIME-WAIT", "")
    assert "timer" not in said(timeline)
    assert "delayed ACK" not in all_marks(timeline)


def clock_notes(timeline: Timeline) -> str:
    return " ".join(note for note in timeline.notes if "clock" in note)


CLOSE = ((20, C("FA", 1, 1)), (30, S("FA", 1, 2)), (30.1, C("A", 2, 2)))


def test_the_clock_of_one_direction_is_slow() -> None:
    """Its packets look older, and TIME-WAIT shorter by the difference: how much of it is left nothing tells."""
    talk = [(ms - 5000 * (packet[IPv4].src == SERVER[0]), packet) for ms, packet in (*OPEN, *CLOSE)]
    timeline = played(*talk)
    assert "2 packets, the first of them 2, are older than one before, by up to 4.99 s" in clock_notes(timeline)
    assert "the clocks of the two directions disagree, most likely" in clock_notes(timeline)
    assert "TIME-WAIT" not in " ".join(timeline.notes)
    assert clock_notes(played(*OPEN, *CLOSE)) == ""
    assert "are left" not in everything(timeline)["TIME-WAIT"].text
    assert "are left" in everything(played(*OPEN, *CLOSE))["TIME-WAIT"].text
    assert "TIME-WAIT" in " ".join(played(*OPEN, *CLOSE).notes)


def test_packets_sorted_by_clocks_that_disagree() -> None:
    """Every time is in order, and the answers stand before what they answer."""
    talk = [(ms - 5000 * (packet[IPv4].src == SERVER[0]), packet) for ms, packet in (*OPEN, *CLOSE)]
    timeline = played(*sorted(talk, key=lambda each: each[0]))
    assert "Packet 1 answers what stands only behind it" in clock_notes(timeline)
    assert "TIME-WAIT" not in " ".join(timeline.notes)
    middle = played((0, S("A", 1, 13)), (5000, C("PA", 1, 1, LINE)), (5001, C("PA", 13, 1, LINE)))
    assert clock_notes(middle) == ""  # sent again, or by another clock: nothing tells


def test_a_clock_that_was_put_back_is_said() -> None:
    """One direction alone goes back: no second clock explains that."""
    sent_back = (*OPEN, (900, C("PA", 1, 1, LINE)), (400, C("PA", 13, 1, LINE)))
    assert "packet 5 is older than one before, by up to 500 ms" in clock_notes(played(*sent_back))
    assert "A clock was put back" in clock_notes(played(*sent_back))
    ask, answer = datagram(CLIENT, SERVER, LINE), datagram(SERVER, CLIENT, LINE)
    assert "disagree" in clock_notes(played((10, ask), (5, answer)))
    assert clock_notes(played((10, ask), (15, answer))) == ""


def test_the_same_packets_a_day_later() -> None:
    """A replay looks like one connection whose every packet is there twice; no copy travels for a day."""
    first = [numbered(packet, number) for number, packet in enumerate(ECHO, 1)]
    ms = [(at, packet) for at, packet in enumerate(first)]
    made = made_at(*ms, *((at + 86_400_000, packet) for at, packet in ms), *((at + 1e9, packet) for at, packet in ms))
    timelines = [explain(each) for each in gather(made).all]
    assert [timeline.final_state(0) for timeline in timelines] == ["TIME-WAIT"] * 3
    assert [calls(timeline, 1) for timeline in timelines] == [calls(told(*ECHO), 1)] * 3
    assert not any("duplicate" in all_marks(timeline) for timeline in timelines)
    assert timelines[1].segments[0].does[1] == (
        "the ports of conversation 1 again, and its first number: a replay, most likely"
    )


@pytest.mark.parametrize(("apart", "copied"), [(0, True), (1000, True), (-1000, True), (1001, False), (-1001, False)])
def test_a_copy_is_no_more_than_a_second_away(apart: int, copied: bool) -> None:
    """IP's identification counts round (RFC 791: 16 bits), and a replay has the old ones."""
    data, pair = numbered(C("PA", 1, 1, LINE), 77), numbered(datagram(CLIENT, SERVER, LINE), 77)
    assert ("duplicate" in all_marks(played(*OPEN, (5000, data), (5000 + apart, data)))) is copied
    again = played((5000, pair), (5000 + apart, pair))
    assert ("duplicate" in all_marks(again)) is copied
    assert calls(again, 0).count("sendto(12)") == 2 - copied


def test_a_request_that_is_repeated_after_a_refusal() -> None:
    """Some kernels ask again after a reset, with the same number: that is no replay of a connection."""
    ms = (0, C("S")), (1, S("RA", 0, 1)), (1500, C("S")), (1501, S("RA", 0, 1))
    assert len(gather(made_at(*ms)).all) == 1


def test_two_interfaces_whose_clocks_differ() -> None:
    """Answers stand before their questions: nothing was asked twice, and the first SYN is there."""
    timeline = told(S("SA", 0, 1), C("S"), S("A", 1, 13), C("A", 1, 1), C("PA", 1, 1, LINE), S("PA", 1, 13, LINE))
    assert "first SYN is not in the capture" not in said(timeline)
    assert not {"simultaneous open", "retransmission", "ACK of unseen"} & all_marks(timeline)
    assert [end.role for end in timeline.ends] == ["client", "server"]


def test_data_that_was_overtaken() -> None:
    """What comes late looks like a later send(), and the push before it like the end of an earlier one."""
    late = (C("A", 1, 1, LINE), C("A", 13, 1, LINE), C("PA", 37, 1, LINE), C("A", 25, 1, LINE))
    timeline = told(*HANDSHAKE, *late, S("A", 1, 49))
    assert calls(timeline, 0) == ["connect()", "send(48)"]
    first = told(*HANDSHAKE, late[1], late[0], C("PA", 25, 1, LINE))
    assert calls(first, 0) == ["connect()", "send(36)"]
    assert first.segments[3].does[0].endswith("13 to 24 of send(36)")
    assert first.segments[4].does[0].endswith("1 to 12 of send(36)")


@pytest.mark.parametrize("seed", range(5))
def test_a_bad_way(seed: int) -> None:
    """Whatever is lost, late or twice on the way: two calls sent it all, and no program did anything more."""
    weather = Weather(lost=(0.05, 0.05), late=(0.1, 0.1), twice=0.05)
    (conversation,) = gather(simulated(f"bad {seed}", weather, Habits())).all
    timeline = explain(conversation)
    assert timeline.data_octets == (20_000, 5_000)
    for end, size in enumerate((20_000, 5_000)):
        sends = [call for call in timeline.calls if call.end == end and call.name == "send"]
        assert sum(int(call.arguments[0]) for call in sends) == size
        assert set(names(timeline, end)) <= {"connect", "accept", "send", "recv", "close", "shutdown"}
        assert names(timeline, end).count("connect") == 1 - end


# -- what somebody else has sent --------------------------------------------------------------------------------------


@pytest.mark.parametrize("flags", ["R", "RA"])
def test_a_reset_that_a_box_in_between_made_up(flags: str) -> None:
    """It looks like an abort of the server's: that sends data afterwards, so that it had thrown nothing away."""
    reset = S(flags, 1, 13 if "A" in flags else None)
    timeline = told(*HANDSHAKE, C("PA", 1, 1, LINE), reset, S("A", 1, 13), S("PA", 1, 13, LINE), C("R", 13))
    assert not {"close", "shutdown"} & set(names(timeline, 1))
    assert not {"abort", "unread data", "not mine"} & set(timeline.segments[4].marks)
    assert "CLOSED" not in states(timeline, 1)[:-1]
    assert "recv" not in sure(timeline, 0)


def test_a_reset_of_an_end_that_knows_nothing() -> None:
    """Data waits to be read, as where a program closes without reading: but that reset would acknowledge."""
    timeline = told(*HANDSHAKE, S("PA", 1, 1, LINE), C("R", 1))
    assert "unread data" not in all_marks(timeline)
    assert "close()" not in sure(timeline, 0)


def test_nothing_reaches_an_end_that_was_reset() -> None:
    """Data comes behind a reset: nobody is there to read it."""
    timeline = told(*HANDSHAKE, C("PA", 1, 1, LINE), S("RA", 1, 13), S("PA", 1, 13, LINE))
    assert [text for text in calls(timeline, 0) if text.startswith("recv() = 1")] == []


def test_the_same_ports_at_once_behind_a_translator() -> None:
    """Two computers behind one address use the same port one after the other: their data is not one stream."""
    first, second = talkers(), talkers(client_isn=2**31, server_isn=2**30)
    packets = [
        packet
        for client, server in (first, second)
        for packet in (client("S"), server("SA", 0, 1), client("PA", 1, 1, LINE))
    ]
    timelines = [explain(each) for each in gather(frames(*packets)).all]
    assert [timeline.data_octets for timeline in timelines] == [(12, 0), (12, 0)]
    assert [calls(timeline, 0) for timeline in timelines] == [["connect()", "send(12)"]] * 2
    assert not any({"retransmission", "gap", "out of order"} & all_marks(timeline) for timeline in timelines)


def test_other_data_with_the_same_numbers() -> None:
    """A retransmission that says something else: there are five octets, and one call that sent them."""
    timeline = told(*HANDSHAKE, C("PA", 1, 1, b"hello"), C("PA", 1, 1, b"HELLO"), S("PA", 1, 6, b"ok"))
    assert timeline.data_octets == (5, 2)
    assert names(timeline, 0).count("send") == 1
    assert calls(timeline, 1)[1] == "recv() = 5"
    assert "of data again" not in said(timeline)
    assert "came more than once" not in said(timeline)
    assert overview(timeline).wrong == ("other data", "retransmission")


@pytest.mark.parametrize("garbage", [b"\0", b"x"])
def test_the_octet_of_a_question_contradicts_nothing(garbage: bytes) -> None:
    """A keep-alive's octet is not the one that had its number (RFC 1122 section 4.2.3.6: "one garbage octet")."""
    asked = (9000, C("A", 5, 1, garbage)), (9010, S("A", 1, 6))
    timeline = played(*OPEN, (20, C("PA", 1, 1, b"hello")), (30, S("A", 1, 6)), *asked)
    assert "other data" not in all_marks(timeline)


# -- what the kernels do by themselves --------------------------------------------------------------------------------


@pytest.mark.parametrize("garbage", [b"", b"\0"])
def test_keep_alives_are_no_data(garbage: bytes) -> None:
    """An octet that nobody sends and nobody reads (RFC 1122 section 4.2.3.6)."""
    asked = (9000, C("A", 13 - len(garbage or b"x"), 1, garbage)), (9010, S("A", 1, 13))
    timeline = played(*OPEN, (20, C("PA", 1, 1, LINE)), (30, S("A", 1, 13)), *asked)
    assert timeline.data_octets == (12, 0)
    assert names(timeline, 0).count("send") == 1
    assert "again" not in said(timeline)
    assert "more than once" not in said(timeline)
    assert not {"retransmission", "spurious retransmission", "duplicate ACK"} & all_marks(timeline)


def test_a_window_probe_with_data() -> None:
    """The next octet is sent alone, and again with what follows it: one call sent them, and it counts once."""
    full = (30, S("A", 1, 1001, window=0)), (240, C("A", 1001, 1, b"x")), (250, S("A", 1, 1001, window=0))
    rest = (300, S("A", 1, 1001)), (301, C("PA", 1001, 1, b"xyz")), (310, S("A", 1, 1004))
    timeline = played(*OPEN, (20, C("A", 1, 1, BIG)), *full, *rest)
    assert calls(timeline, 0) == ["connect()", "send(1003)"]
    assert timeline.data_octets == (1003, 0)
    assert not {"keep-alive", "fast retransmission", "spurious retransmission"} & all_marks(timeline)


def test_a_fin_that_is_sent_again() -> None:
    """It closes once, and nobody closes twice; its answer is no third FIN's."""
    timeline = told(*HANDSHAKE, C("FA", 1, 1), C("FA", 1, 1), S("A", 1, 2), S("FA", 1, 2), S("FA", 1, 2), C("A", 2, 2))
    assert [names(timeline, end).count("close") for end in (0, 1)] == [1, 1]
    assert calls(timeline, 1).count('recv() = b""') == 1
    assert "simultaneous close" not in all_marks(timeline)


@pytest.mark.parametrize("seq", [1, 2])
def test_data_behind_its_end(seq: int) -> None:
    """Octets with the FIN's number or a later one are no data of this stream (RFC 9293 section 3.10.4)."""
    timeline = told(*HANDSHAKE, C("FA", 1, 1), C("PA", seq, 1, LINE), S("A", 1, 2), S("FA", 1, 2), C("A", 2, 2))
    assert timeline.data_octets == (0, 0)
    assert "send" not in names(timeline, 0)
    assert not any(text.startswith("recv() = 1") for text in calls(timeline, 1))
    assert timeline.final_state(0) == "TIME-WAIT"
    assert not {"retransmission", "spurious retransmission", "out of order"} & all_marks(timeline)


def test_a_syn_with_data_that_was_not_taken() -> None:
    """It looks like Fast Open: the server acknowledges the SYN alone, and gets the data once, later."""
    timeline = told(C("S", 0, None, LINE), S("SA", 0, 1), C("PA", 1, 1, LINE), S("A", 1, 13))
    assert timeline.data_octets == (12, 0)
    assert names(timeline, 0).count("send") == 1
    assert calls(timeline, 1) == []  # that it was taken before the handshake would have needed accept()


def test_a_syn_ack_that_is_sent_again() -> None:
    """Two answers and two acknowledgements are one connection that somebody may accept, and no challenge."""
    timeline = told(C("S"), S("SA", 0, 1), S("SA", 0, 1), C("A", 1, 1), C("A", 1, 1), S("PA", 1, 1, LINE))
    assert names(timeline, 1).count("accept") == 1
    assert names(timeline, 0).count("connect") == 1
    assert not {"challenge ACK", "duplicate ACK", "simultaneous open"} & all_marks(timeline)


def test_both_close_and_one_fin_is_lost() -> None:
    """The second FIN of an end looks like an answer to the other's: it says again that they had crossed."""
    timeline = told(*HANDSHAKE, C("FA", 1, 1), S("FA", 1, 1), S("FA", 1, 1), C("A", 2, 2), S("A", 2, 2))
    assert [names(timeline, end).count("close") for end in (0, 1)] == [1, 1]
    assert not {"CLOSE-WAIT", "LAST-ACK"} & {*states(timeline, 0), *states(timeline, 1)}
    assert 'recv() = b""' not in [*calls(timeline, 0), *calls(timeline, 1)]


# -- what offload and buffers do --------------------------------------------------------------------------------------


def test_super_segments() -> None:
    """A capture before the network card has frames that no Ethernet carries: nothing is damaged, and nothing jumbo."""
    opening = ((0, having(C("S"), MSS(1460))), (10, having(S("SA", 0, 1), MSS(1460))), OPEN[2])
    timeline = played(*opening, (20, C("PA", 1, 1, bytes(20_000))), (30, S("A", 1, 20_001)))
    assert timeline.segments[3].marks == ("super-segment",)
    assert calls(timeline, 0) == ["connect()", "send(20000)"]


def test_numbers_that_wrap() -> None:
    """After 4,294,967,295 comes 0: nothing is missing, and nothing is old."""
    wrapped = told(*echo_packets(*talkers(client_isn=2**32 - 5, server_isn=2**32 - 1)))
    assert all_marks(wrapped) == all_marks(told(*ECHO))
    assert calls(wrapped, 0) == calls(told(*ECHO), 0)
    assert calls(wrapped, 1) == calls(told(*ECHO), 1)


def test_a_push_on_every_segment() -> None:
    """Some stacks push everything: where a call ends is a guess then, and never more than likely."""
    pieces = [C("PA", 1 + 1460 * n, 1, bytes(1460)) for n in range(3)]
    timeline = told(*HANDSHAKE, *pieces, S("A", 1, 4381))
    assert {call.certainty for call in timeline.calls if call.name == "send"} == {"likely"}
    assert sum(int(call.arguments[0]) for call in timeline.calls if call.name == "send") == 4380


def test_what_was_acknowledged_before_its_sender_was_seen() -> None:
    """The first data of an end looks new, and the other end had acknowledged it before: it is sent again."""
    timeline = told(S("PA", 1, 13, LINE), C("PA", 1, 1, LINE), C("PA", 13, 13, LINE), S("A", 13, 25))
    assert timeline.segments[1].does == (
        "12 octets of data again",
        "spurious retransmission: it had been acknowledged",
    )
    assert calls(timeline, 0) == ["send(12) ?", "recv() = 12 ?"]  # the server's: it reads the second data
    assert calls(timeline, 1) == ["recv() = 12", "send(12) ?"]
    assert "missing" not in said(timeline)
    assert "came more than once" not in said(timeline)
    partly = told(S("A", 1, 7), C("PA", 1, 1, LINE), S("A", 1, 13))
    assert partly.segments[1].does[0] == "12 octets of data, 6 of them new"
    assert calls(partly, 1) == ["send(6) ?"]


def test_the_first_thing_seen_is_a_question() -> None:
    """Its octet has a number that was acknowledged, and is no data that is sent again."""
    asked = played((0, S("A", 1, 13)), (9000, C("A", 12, 1, b"x")), (9010, S("A", 1, 13)))
    assert [segment.marks for segment in asked.segments[1:]] == [("keep-alive",), ("keep-alive answer",)]
    assert calls(asked, 0) == calls(asked, 1) == []


def test_numbers_of_a_month_ago() -> None:
    """Two captures in one file look like a kernel that sends again after a month: Linux gives up after half an hour."""
    month = 31 * 86_400_000
    acked = (*OPEN, *sent(1), (30, S("A", 1, 1001)))
    for sending in (acked, (*OPEN, *sent(1))):
        for late, mark in ((month, "too late"), (1_700_000, "")):
            found = played(*sending, (late, C("A", 1, 1, BIG))).segments[-1]
            assert ("too late" in found.marks) is bool(mark)
            assert any("retransmission" in words for words in found.does) is not bool(mark)
    again = played(*acked, (400, C("A", 1, 1, BIG)))
    assert "spurious retransmission: its acknowledgement was lost, or is late" in again.segments[-1].does
    assert overview(again).wrong == ("spurious retransmission",)


def test_no_push_at_all() -> None:
    """Data that no push ends was sent and read all the same; how often nothing tells."""
    timeline = told(*HANDSHAKE, C("A", 1, 1, LINE), S("A", 1, 13), C("A", 13, 1, LINE), S("A", 1, 25, LINE))
    assert {call.certainty for call in timeline.calls if call.name in ("send", "recv")} <= {"likely", "possible"}
    assert timeline.data_octets == (24, 12)
    assert sum(int(call.result or 0) for call in timeline.calls if call.end == 1 and call.name == "recv") == 24


def test_an_acknowledgement_that_waited_for_a_hole() -> None:
    """It comes 200 ms after its data, as one that was held back would: its data was waited for."""
    sending = (*OPEN, *((20, C("A", start, 1, BIG)) for start in (1, 1001, 2001)))
    found = marked(*sending, *[(31, S("A", 1, 1))] * 2, (231, C("A", 1, 1, BIG)), (241, S("A", 1, 3001)))
    assert "delayed ACK" not in found[-1]


def test_the_quickest_acknowledgement_comes_last() -> None:
    """How long the way is shows only there: those before it waited for that much less, and the first waited too."""
    talk = ((0, C("PA", 1, 1, b"a")), (150, S("A", 1, 2)), (1000, C("PA", 2, 1, b"b")), (1100, S("A", 1, 3)))
    timeline = played(*talk, (2000, C("PA", 3, 1, b"c")), (2030, S("PA", 1, 4, b"d")))
    delayed = [words for segment in timeline.segments for words in segment.does if "delayed" in words]
    assert delayed == ["most likely a delayed ACK (120 ms)", "most likely a delayed ACK (70.0 ms)"]


@pytest.mark.parametrize(("ms", "held"), [(54, False), (55, True), (530, True), (531, False)])
def test_no_kernel_waits_for_longer_than_half_a_second(ms: int, held: bool) -> None:
    """RFC 1122 section 4.2.3.2: "MUST be less than 0.5 seconds"; and less than 25 ms is no delay."""
    talk = (*OPEN, (20, C("PA", 1, 1, b"hello")), (ms, S("A", 1, 6)))
    assert ("delayed ACK" in marked(*talk)[-1]) is held


def test_an_answer_to_what_was_sent_again_lately() -> None:
    """Fifty milliseconds after the second copy and ninety after the first: which one it answers nothing tells."""
    again = (60, C("PA", 1, 1, b"hello"))
    assert "delayed ACK" not in marked(*OPEN, (20, C("PA", 1, 1, b"hello")), again, (110, S("A", 1, 6)))[-1]


def test_two_full_segments_over_a_slow_path() -> None:
    """They are acknowledged 40 ms later than a SYN is: by large segments a slow path is longer, and no kernel waits."""
    assert "delayed ACK" not in marked(*OPEN, *sent(1, 1001), (70, S("A", 1, 2001)))[-1]
    assert "delayed ACK" in marked(*OPEN, *sent(1), (70, S("A", 1, 1001)))[-1]
    small = ((20, C("PA", at, 1, b"hello")) for at in (1, 6))
    assert "delayed ACK" in marked(*OPEN, *small, (70, S("A", 1, 11)))[-1]  # nothing large: these may wait


def test_one_large_segment_where_no_syn_tells_what_is_full() -> None:
    """One segment is never two, however much is in it."""
    large = b"x" * 1376
    quick = (0, C("PA", 1, 1, large)), (1, S("A", 1, 1377))
    assert "delayed ACK" in marked(*quick, (1000, C("PA", 1377, 1, large)), (1041, S("A", 1, 2753)))[-1]


def test_a_burst_over_a_slow_path() -> None:
    """Each segment is acknowledged at once, 20 ms after the one before it: the last has waited for the others."""
    answers = ((50 + 20 * at, S("A", 1, 1001 + 1000 * at)) for at in range(4))
    found = marked(*OPEN, *sent(1, 1001, 2001, 3001), *answers)
    assert "delayed ACK" not in {mark for marks in found for mark in marks}


def test_a_late_answer_to_what_was_sent_in_part_again() -> None:
    """The second copy begins elsewhere: which of the two is acknowledged nothing tells (RFC 6298 section 3)."""
    again = (40, C("A", 501, 1, BIG))
    assert "delayed ACK" not in marked(*OPEN, *sent(1), (20, C("PA", 1001, 1, LINE)), again, (70, S("A", 1, 1501)))[-1]


def test_an_answer_that_names_what_came_twice() -> None:
    """It answers the second copy at once, whatever has waited for it (RFC 5681 section 4.2)."""
    twice = having(S("A", 1, 1006), beyond((1, 1001)))
    assert "delayed ACK" not in marked(*OPEN, *sent(1), (20, C("PA", 1001, 1, b"hello")), (70, twice))[-1]


# -- UDP --------------------------------------------------------------------------------------------------------------


def test_an_answer_from_another_port() -> None:
    """As of TFTP (RFC 1350 section 4): it is not between the same ends, so that it answers nothing here."""
    ask = datagram(("10.0.0.1", 40_000), ("10.0.0.2", 69), b"\0\1file\0octet\0")
    answer = datagram(("10.0.0.2", 50_000), ("10.0.0.1", 40_000), b"\0\3\0\1data")
    first, second = (explain(each) for each in gather(frames(ask, answer)).all)
    assert sure(first, 1) == []  # nothing shows that anybody read the request
    assert [end.role for end in second.ends] == ["", ""]
    assert sure(second, 1) == []


def test_both_ways_without_roles() -> None:
    """Who sent first need not be who asks: neither port serves."""
    ends = ("10.0.0.1", 5000), ("10.0.0.2", 5000)
    timeline = told(datagram(*ends, b"a"), datagram(*ends[::-1], b"b"), datagram(*ends, b"c"))
    assert [end.role for end in timeline.ends] == ["", ""]


@pytest.mark.parametrize("everybody", ["255.255.255.255", "224.0.0.251"])
def test_sent_to_everybody(everybody: str) -> None:
    """An address that is no computer receives nothing, and its answer comes from another."""
    ask = datagram(("10.0.0.1", 5353), (everybody, 5353), LINE)
    answer = datagram(("10.0.0.2", 5353), ("10.0.0.1", 5353), LINE)
    first, second = (explain(each) for each in gather(frames(ask, answer)).all)
    assert calls(first, 1) == []
    assert calls(second, 0) == ["sendto(12)"]


def test_one_datagram_is_no_conversation_of_two() -> None:
    """Nothing shows that anybody is there."""
    timeline = explain(only(datagram(CLIENT, SERVER, LINE)))
    assert sure(timeline, 1) == []
