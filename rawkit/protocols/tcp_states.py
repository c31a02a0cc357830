"""TCP's states and what moves a connection from one to the next: RFC 9293 section 3.3.2 and section 3.10, as data.

One table for everyone: inference reads from it what a packet did to its ends, the stack is checked against it, and the
state diagram is drawn from it. An event is a call of the program, a segment that arrives, or a time that has passed.

>>> next_state(State.CLOSED, Event.ACTIVE_OPEN)
<State.SYN_SENT: 'SYN-SENT'>
>>> next_state(State.LISTEN, Event.FIN) is None
True
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """RFC 9293 section 3.3.2, in the order in which a connection meets them."""

    CLOSED = "CLOSED"
    LISTEN = "LISTEN"
    SYN_SENT = "SYN-SENT"
    SYN_RECEIVED = "SYN-RECEIVED"
    ESTABLISHED = "ESTABLISHED"
    FIN_WAIT_1 = "FIN-WAIT-1"
    FIN_WAIT_2 = "FIN-WAIT-2"
    CLOSE_WAIT = "CLOSE-WAIT"
    CLOSING = "CLOSING"
    LAST_ACK = "LAST-ACK"
    TIME_WAIT = "TIME-WAIT"


MEANINGS = {
    State.CLOSED: "no connection",
    State.LISTEN: "waiting for a connection request",
    State.SYN_SENT: "asked for a connection, waiting for the answer",
    State.SYN_RECEIVED: "got a request and answered it, waiting for the confirmation",
    State.ESTABLISHED: "open: data may go both ways",
    State.FIN_WAIT_1: "said that it has no more data, waiting for that to be acknowledged",
    State.FIN_WAIT_2: "its end of data is acknowledged, waiting for the other end's",
    State.CLOSE_WAIT: "the other end has no more data; its own program has not closed yet",
    State.CLOSING: "both ends closed at once; its own end of data is not acknowledged yet",
    State.LAST_ACK: "both ends closed, waiting for the last acknowledgement",
    State.TIME_WAIT: "all done; waits until old segments have died out",
}
"""What each state is, in a few words (RFC 9293 section 3.3.2)."""

SYNCHRONIZED = frozenset(State) - {State.CLOSED, State.LISTEN, State.SYN_SENT, State.SYN_RECEIVED}
"""The states in which both ends know each other's sequence numbers (RFC 9293 section 3.5.2)."""

CAN_SEND = frozenset({State.ESTABLISHED, State.CLOSE_WAIT})
"""New data may be sent (RFC 9293 section 3.10.2)."""

CAN_RECEIVE = frozenset({State.ESTABLISHED, State.FIN_WAIT_1, State.FIN_WAIT_2})
"""Data that arrives is taken (RFC 9293 section 3.10.7.4, seventh check)."""


class Kind(StrEnum):
    """What sort of event it is."""

    CALL = "call"
    SEGMENT = "segment"
    TIMEOUT = "timeout"


class Event(StrEnum):
    """What can happen to a connection, in the RFC's words."""

    PASSIVE_OPEN = "passive OPEN"
    ACTIVE_OPEN = "active OPEN"
    SEND = "SEND"
    RECEIVE = "RECEIVE"
    CLOSE = "CLOSE"
    ABORT = "ABORT"
    SYN = "SYN"
    SYN_ACK = "SYN,ACK"
    ACK_OF_SYN = "ACK of SYN"
    DATA = "data"
    FIN = "FIN"
    ACK_OF_FIN = "ACK of FIN"
    FIN_AND_ACK_OF_FIN = "FIN,ACK of FIN"
    RST = "RST"
    USER_TIMEOUT = "user timeout"
    TWO_MSL = "timeout 2 MSL"

    @property
    def kind(self) -> Kind:
        """A call, a segment that arrives, or a timeout."""
        if self in CALLS:
            return Kind.CALL
        return Kind.TIMEOUT if self in TIMEOUTS else Kind.SEGMENT


CALLS = {
    Event.PASSIVE_OPEN: "listen()",
    Event.ACTIVE_OPEN: "connect()",
    Event.SEND: "send()",
    Event.RECEIVE: "recv()",
    Event.CLOSE: "close() or shutdown(SHUT_WR)",
    Event.ABORT: "close() with SO_LINGER 0, or with data unread",
}
"""RFC 9293's calls (section 3.9.1) and the socket calls that make them."""

TIMEOUTS = frozenset({Event.USER_TIMEOUT, Event.TWO_MSL})


@dataclass(frozen=True)
class Transition:
    """One arrow: in `state`, `event` sends `sends` ("" nothing) and leads to `next`.

    `figure`: whether RFC 9293 figure 5 draws it (its notes included); the rest is in the text of `section`.
    """

    state: State
    event: Event
    next: State
    sends: str
    section: str
    sentence: str
    figure: bool = True


S, E = State, Event  # the table is read more easily with short names

TRANSITIONS: tuple[Transition, ...] = (
    # -- opening
    Transition(S.CLOSED, E.PASSIVE_OPEN, S.LISTEN, "", "3.10.1", "The program waits for connections; nothing is sent."),
    Transition(S.CLOSED, E.ACTIVE_OPEN, S.SYN_SENT, "SYN", "3.10.1", "The program asks for a connection."),
    Transition(S.LISTEN, E.ACTIVE_OPEN, S.SYN_SENT, "SYN", "3.10.1", "A waiting end asks by itself.", False),
    Transition(S.LISTEN, E.SEND, S.SYN_SENT, "SYN", "3.10.2", "A waiting end has something to say, and asks first."),
    Transition(S.LISTEN, E.SYN, S.SYN_RECEIVED, "SYN,ACK", "3.10.7.2", "A request arrives and is answered."),
    Transition(S.LISTEN, E.CLOSE, S.CLOSED, "", "3.10.4", "The program waits no longer; nothing is sent."),
    Transition(S.SYN_SENT, E.SYN_ACK, S.ESTABLISHED, "ACK", "3.10.7.3", "The request is accepted, and that confirmed."),
    Transition(S.SYN_SENT, E.SYN, S.SYN_RECEIVED, "SYN,ACK", "3.10.7.3", "Both ends asked at once: simultaneous open."),
    Transition(S.SYN_SENT, E.CLOSE, S.CLOSED, "", "3.10.4", "The program gives up before there was an answer."),
    Transition(S.SYN_RECEIVED, E.ACK_OF_SYN, S.ESTABLISHED, "", "3.10.7.4", "The other end confirms: open."),
    Transition(S.SYN_RECEIVED, E.CLOSE, S.FIN_WAIT_1, "FIN", "3.10.4", "The program closes before the confirmation."),
    # -- data: no other state
    Transition(S.ESTABLISHED, E.SEND, S.ESTABLISHED, "data", "3.10.2", "Data is sent.", False),
    Transition(
        S.CLOSE_WAIT, E.SEND, S.CLOSE_WAIT, "data", "3.10.2", "Data may still be sent to the end that has none.", False
    ),
    Transition(S.ESTABLISHED, E.RECEIVE, S.ESTABLISHED, "", "3.10.3", "The program takes what has arrived.", False),
    Transition(S.FIN_WAIT_1, E.RECEIVE, S.FIN_WAIT_1, "", "3.10.3", "The program takes what has arrived.", False),
    Transition(S.FIN_WAIT_2, E.RECEIVE, S.FIN_WAIT_2, "", "3.10.3", "The program takes what has arrived.", False),
    Transition(S.CLOSE_WAIT, E.RECEIVE, S.CLOSE_WAIT, "", "3.10.3", "The program takes the rest, then the end.", False),
    Transition(S.ESTABLISHED, E.DATA, S.ESTABLISHED, "ACK", "3.10.7.4", "Data arrives.", False),
    Transition(S.FIN_WAIT_1, E.DATA, S.FIN_WAIT_1, "ACK", "3.10.7.4", "Data still arrives.", False),
    Transition(S.FIN_WAIT_2, E.DATA, S.FIN_WAIT_2, "ACK", "3.10.7.4", "Data still arrives: half-closed.", False),
    # -- closing first
    Transition(S.ESTABLISHED, E.CLOSE, S.FIN_WAIT_1, "FIN", "3.10.4", "The program has no more data and says so."),
    Transition(S.FIN_WAIT_1, E.ACK_OF_FIN, S.FIN_WAIT_2, "", "3.10.7.4", "The other end knows that no more comes."),
    Transition(S.FIN_WAIT_1, E.FIN, S.CLOSING, "ACK", "3.10.7.4", "Both ends closed at once: simultaneous close."),
    Transition(
        S.FIN_WAIT_1,
        E.FIN_AND_ACK_OF_FIN,
        S.TIME_WAIT,
        "ACK",
        "3.10.7.4",
        "The other end acknowledges and closes in one segment: the short cut.",
    ),
    Transition(S.FIN_WAIT_2, E.FIN, S.TIME_WAIT, "ACK", "3.10.7.4", "The other end has no more data either."),
    Transition(S.CLOSING, E.ACK_OF_FIN, S.TIME_WAIT, "", "3.10.7.4", "The other end knows that no more comes."),
    Transition(
        S.TIME_WAIT, E.TWO_MSL, S.CLOSED, "", "3.10.8", "Old segments have died out: the connection is forgotten."
    ),
    Transition(
        S.TIME_WAIT,
        E.FIN,
        S.TIME_WAIT,
        "ACK",
        "3.10.7.4",
        "The last acknowledgement was lost: it is sent again.",
        False,
    ),
    # -- closing second
    Transition(S.ESTABLISHED, E.FIN, S.CLOSE_WAIT, "ACK", "3.10.7.4", "The other end has no more data."),
    Transition(S.CLOSE_WAIT, E.CLOSE, S.LAST_ACK, "FIN", "3.10.4", "The program has no more data either."),
    Transition(S.LAST_ACK, E.ACK_OF_FIN, S.CLOSED, "", "3.10.7.4", "The other end knows: the connection is over."),
    Transition(
        S.SYN_RECEIVED, E.FIN, S.CLOSE_WAIT, "ACK", "3.10.7.4", "The other end confirms and closes at once.", False
    ),
    # -- resets
    Transition(
        S.SYN_RECEIVED,
        E.RST,
        S.LISTEN,
        "",
        "3.10.7.4",
        "The request is withdrawn: back to waiting (to CLOSED, where this end had asked itself).",
    ),
    Transition(S.SYN_SENT, E.RST, S.CLOSED, "", "3.10.7.3", "The request is refused."),
    *(
        Transition(state, E.RST, S.CLOSED, "", "3.10.7.4", "The other end has thrown the connection away.")
        for state in (S.ESTABLISHED, S.FIN_WAIT_1, S.FIN_WAIT_2, S.CLOSE_WAIT, S.CLOSING, S.LAST_ACK, S.TIME_WAIT)
    ),
    *(
        Transition(state, E.ABORT, S.CLOSED, "RST", "3.10.5", "This end throws the connection away.", False)
        for state in (S.SYN_RECEIVED, S.ESTABLISHED, S.FIN_WAIT_1, S.FIN_WAIT_2, S.CLOSE_WAIT)
    ),
    *(
        Transition(state, E.ABORT, S.CLOSED, "", "3.10.5", "This end gives up; there is nothing to reset.", False)
        for state in (S.LISTEN, S.SYN_SENT, S.CLOSING, S.LAST_ACK, S.TIME_WAIT)
    ),
    # -- nobody answers
    *(
        Transition(state, E.USER_TIMEOUT, S.CLOSED, "", "3.10.8", "Nothing was acknowledged for too long.", False)
        for state in (S.SYN_SENT, S.SYN_RECEIVED, S.ESTABLISHED, S.FIN_WAIT_1, S.CLOSE_WAIT, S.CLOSING, S.LAST_ACK)
    ),
)
"""Every transition. Other pairs of state and event change nothing, or cannot be."""

_TABLE = {(transition.state, transition.event): transition for transition in TRANSITIONS}


def transition(state: State, event: Event) -> Transition | None:
    """What `event` does in `state`; None where the RFC has no such step."""
    return _TABLE.get((state, event))


def next_state(state: State, event: Event) -> State | None:
    """Where `event` leads from `state`; None where the RFC has no such step."""
    found = transition(state, event)
    return found.next if found else None


def next_states(states: Iterable[State], event: Event) -> frozenset[State]:
    """Where `event` leads from any of `states`; those that do not know it drop out: for an end only partly observed."""
    found = (next_state(state, event) for state in states)
    return frozenset(state for state in found if state is not None)
