"""What a capture lacks: what is still said of it, and what is not."""

from rawkit.protocols.icmpv4 import ICMPv4
from rawkit.protocols.icmpv4_messages import ICMPv4DestinationUnreachable
from rawkit.protocols.ipv4 import IPv4
from tests.analysis.talk import CLIENT, HANDSHAKE, C, S, calls, gathered, states, told

LINE = b"hello, wire\n"


def test_an_acknowledgement_of_what_nobody_saw_leaves_the_states_open() -> None:
    """The client's FIN (number 13) is lost to the capture: it may have been that, or an octet of data."""
    timeline = told(
        *HANDSHAKE, C("PA", 1, 1, LINE), S("A", 1, 13),
        S("PA", 1, 14, b"one"), C("A", 14, 4), S("FA", 4, 14), C("A", 14, 5),
    )  # fmt: skip
    assert timeline.segments[5].does == ("3 octets of data", "acknowledges what is not in the capture")
    assert timeline.final_state(0) == timeline.final_state(1) == "?"
    assert any("missing from the capture" in note for note in timeline.notes)


def test_data_that_goes_on_shows_that_it_was_no_end() -> None:
    timeline = told(
        *HANDSHAKE, C("PA", 1, 1, LINE), S("A", 1, 13), S("A", 1, 25), C("PA", 25, 1, LINE), S("A", 1, 37),
    )  # fmt: skip
    assert "?" in states(timeline, 0)
    assert timeline.final_state(0) == timeline.final_state(1) == "ESTABLISHED"
    assert timeline.data_octets == (24, 0)


def test_captured_after_its_acknowledgement_is_not_missing() -> None:
    timeline = told(*HANDSHAKE, S("A", 1, 13), C("PA", 1, 1, LINE), S("PA", 1, 13, b"ok"))
    assert timeline.segments[3].does == ("acknowledges 12 octets",)
    assert timeline.final_state(0) == "ESTABLISHED"
    assert not any("missing" in note for note in timeline.notes)


def test_a_connect_whose_answer_is_missing_returns_before_its_program_goes_on() -> None:
    timeline = told(C("S"), C("A", 1, 1), C("PA", 1, 1, LINE), S("A", 1, 13), S("FA", 1, 13), C("A", 13, 2))
    connect = timeline.calls[0]
    assert (connect.name, connect.begins_after, connect.returns_after) == ("connect", 0, 1)
    # its window is no other one than the SYN's, which is not scaled
    assert timeline.segments[1].does == ("acknowledges what came before",)
    assert timeline.segments[3].does == ("acknowledges the request", "acknowledges 12 octets")


def test_a_request_that_nobody_answers_did_not_arrive() -> None:
    timeline = told(C("S"), C("S"), C("S"))
    assert [segment.arrives_after for segment in timeline.segments] == [None, None, None]


def test_a_request_that_a_router_threw_away_did_not_arrive() -> None:
    asked = C("S")
    quote = bytes(asked)[14:42]
    refused = IPv4(src="10.0.0.254", dst=CLIENT[0]) / ICMPv4(code=1) / ICMPv4DestinationUnreachable() / quote
    timeline = told(asked, asked.layers[0] / refused)
    assert timeline.segments[0].arrives_after is None
    assert calls(timeline, 0) == ["connect() = EHOSTUNREACH"]


def test_data_in_a_syn_is_read_after_accept() -> None:
    """TCP Fast Open (RFC 7413): the answer acknowledges the data, so the connection was there before the handshake."""
    timeline = told(C("S", 0, None, b"abc"), S("SA", 0, 4), S("PA", 1, 4, b"ok"), C("A", 4, 3))
    assert calls(timeline, 1) == ["accept()", "recv() = 3", "send(2)"]
    accept, receive, _ = (call for call in timeline.calls if call.end == 1)
    assert (accept.returns_after, receive.returns_after) == (2, 2)


def test_a_split_handshake_is_one_conversation() -> None:
    timeline = told(C("S"), S("A", 500, 1), S("S"), C("SA", 0, 1), S("A", 1, 1))
    assert [segment.seq for segment in timeline.segments] == [0, 1, 0, 0, 1]
    assert calls(timeline, 0) == ["connect()"]
    assert timeline.final_state(0) == timeline.final_state(1) == "ESTABLISHED"
    assert not any("accept()" in note for note in timeline.notes)


def test_another_request_after_more_than_an_acknowledgement_is_another_conversation() -> None:
    found = gathered(C("S"), S("A", 1, 1), S("PA", 1, 1, LINE), S("S")).all
    assert len(found) == 2


def test_a_reset_outside_the_window_changes_nothing() -> None:
    """RFC 9293 section 3.10.7.4: "If the RST bit is set and the sequence number is outside the current receive window,
    silently drop the segment."
    """
    timeline = told(
        *HANDSHAKE, C("PA", 1, 1, LINE), S("A", 1, 13), C("R", 50_000), S("PA", 1, 13, b"ok"), C("A", 13, 3),
    )  # fmt: skip
    assert timeline.final_state(1) == "ESTABLISHED"


def test_a_reset_alone_does_not_show_that_it_was_taken() -> None:
    assert told(C("RA", 1, 1)).final_state(1) == "?"
