"""TCP's table against RFC 9293: figure 5, copied arrow by arrow from the drawing, and the laws that the text states."""

import pytest

from rawkit.protocols.tcp_states import (
    CAN_RECEIVE,
    CAN_SEND,
    MEANINGS,
    SYNCHRONIZED,
    TRANSITIONS,
    Event,
    Kind,
    State,
    next_state,
    next_states,
    transition,
)

FIGURE_5 = [  # (from, event, what is sent, to) as the figure's arrows are labelled, its notes 1 to 3 included
    ("CLOSED", "passive OPEN", "", "LISTEN"),
    ("CLOSED", "active OPEN", "SYN", "SYN-SENT"),
    ("LISTEN", "CLOSE", "", "CLOSED"),
    ("LISTEN", "SEND", "SYN", "SYN-SENT"),
    ("LISTEN", "SYN", "SYN,ACK", "SYN-RECEIVED"),
    ("SYN-SENT", "CLOSE", "", "CLOSED"),
    ("SYN-SENT", "SYN", "SYN,ACK", "SYN-RECEIVED"),
    ("SYN-SENT", "SYN,ACK", "ACK", "ESTABLISHED"),
    ("SYN-RECEIVED", "ACK of SYN", "", "ESTABLISHED"),
    ("SYN-RECEIVED", "CLOSE", "FIN", "FIN-WAIT-1"),
    ("SYN-RECEIVED", "RST", "", "LISTEN"),
    ("ESTABLISHED", "CLOSE", "FIN", "FIN-WAIT-1"),
    ("ESTABLISHED", "FIN", "ACK", "CLOSE-WAIT"),
    ("FIN-WAIT-1", "ACK of FIN", "", "FIN-WAIT-2"),
    ("FIN-WAIT-1", "FIN", "ACK", "CLOSING"),
    ("FIN-WAIT-1", "FIN,ACK of FIN", "ACK", "TIME-WAIT"),  # note 2
    ("FIN-WAIT-2", "FIN", "ACK", "TIME-WAIT"),
    ("CLOSING", "ACK of FIN", "", "TIME-WAIT"),
    ("CLOSE-WAIT", "CLOSE", "FIN", "LAST-ACK"),
    ("LAST-ACK", "ACK of FIN", "", "CLOSED"),
    ("TIME-WAIT", "timeout 2 MSL", "", "CLOSED"),
]
NOTE_3 = ["SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"]
"""States that an acceptable RST leads to CLOSED from (SYN-RECEIVED is note 1's)."""


@pytest.mark.parametrize(("state", "event", "sends", "after"), FIGURE_5)
def test_every_arrow_of_figure_5(state: str, event: str, sends: str, after: str) -> None:
    found = transition(State(state), Event(event))
    assert found is not None
    assert (found.next.value, found.sends, found.figure) == (after, sends, True)


def test_the_table_claims_no_arrow_that_the_figure_lacks() -> None:
    drawn = {(row.state.value, row.event.value) for row in TRANSITIONS if row.figure}
    assert drawn == {row[:2] for row in FIGURE_5} | {(state, "RST") for state in NOTE_3}


@pytest.mark.parametrize("state", NOTE_3)
def test_a_reset_closes(state: str) -> None:
    assert next_state(State(state), Event.RST) is State.CLOSED


def test_every_row_is_unique_and_says_why() -> None:
    assert len({(row.state, row.event) for row in TRANSITIONS}) == len(TRANSITIONS)
    assert all(row.section.startswith("3.10.") and row.sentence.endswith(".") for row in TRANSITIONS)
    assert set(MEANINGS) == set(State)


def test_the_short_cut_equals_its_two_steps() -> None:
    two_steps = next_states(next_states([State.FIN_WAIT_1], Event.ACK_OF_FIN), Event.FIN)
    assert two_steps == next_states([State.FIN_WAIT_1], Event.FIN_AND_ACK_OF_FIN) == {State.TIME_WAIT}
    crossed = next_states(next_states([State.FIN_WAIT_1], Event.FIN), Event.ACK_OF_FIN)
    assert crossed == {State.TIME_WAIT}


def test_simultaneous_open_meets_in_established() -> None:
    states = next_states([State.CLOSED], Event.ACTIVE_OPEN)
    for event in Event.SYN, Event.ACK_OF_SYN:
        states = next_states(states, event)
    assert states == {State.ESTABLISHED}


def test_data_moves_only_where_the_rfc_lets_it() -> None:
    assert {state for state in State if next_state(state, Event.SEND) is state} == CAN_SEND
    assert {state for state in State if next_state(state, Event.DATA) is state} == CAN_RECEIVE
    assert CAN_SEND <= SYNCHRONIZED
    assert CAN_RECEIVE <= SYNCHRONIZED


def test_every_state_can_be_reached_and_left() -> None:
    reached = {State.CLOSED}
    for _ in State:
        reached |= {row.next for row in TRANSITIONS if row.state in reached}
    assert reached == set(State)
    assert {row.state for row in TRANSITIONS if row.next is not row.state} == set(State)


def test_kinds_of_events() -> None:
    assert Event.CLOSE.kind is Kind.CALL
    assert Event.FIN.kind is Kind.SEGMENT
    assert Event.TWO_MSL.kind is Kind.TIMEOUT


def test_what_cannot_be_is_none() -> None:
    assert transition(State.LISTEN, Event.FIN) is None
    assert next_state(State.CLOSED, Event.SEND) is None
    assert next_states([State.LISTEN, State.ESTABLISHED], Event.FIN) == {State.CLOSE_WAIT}
