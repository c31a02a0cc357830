"""The states of a TCP conversation's two ends, followed packet by packet through RFC 9293's table.

An end that was not seen from its beginning is in several states as far as anyone can tell: every packet leaves those
that it is possible in. One left is known, more are shown as "?".
"""

from __future__ import annotations

from rawkit.analysis.observed import ACK
from rawkit.analysis.tcp.steps import Side, Step
from rawkit.protocols.tcp_states import CAN_RECEIVE, CAN_SEND, SYNCHRONIZED, Event, State, next_state, next_states

ANY = frozenset(State)
AFTER_FIN = frozenset({State.CLOSE_WAIT, State.CLOSING, State.LAST_ACK, State.TIME_WAIT})
"""Here the other end's FIN has arrived."""
FIN_UNACKNOWLEDGED = frozenset({State.FIN_WAIT_1, State.CLOSING, State.LAST_ACK})
ASKED_OR_NOT = frozenset({State.CLOSED, State.SYN_SENT})
"""An end of which only the answer to its request is there: somebody else may have asked in its name."""
CAN_CLOSE = frozenset({State.SYN_RECEIVED, State.ESTABLISHED, State.CLOSE_WAIT})
WITHOUT_CONNECTION = frozenset({State.CLOSED, State.LISTEN, State.SYN_SENT})
"""A reset sent here answers something that belongs to no connection, and changes nothing (RFC 9293 section 3.5.2)."""


class EndState:
    """One end: the states it may be in, and what led to the last change."""

    def __init__(self, states: frozenset[State]) -> None:
        self.states = states
        self.active = False
        """Whether it asked for the connection (sent a SYN of its own accord)."""
        self.lost = False
        """Whether it did something that none of its states allows: packets are missing."""
        self.event = ""

    @property
    def known(self) -> State | None:
        """The state, when only one is possible."""
        return next(iter(self.states)) if len(self.states) == 1 else None

    @property
    def name(self) -> str:
        """The state as it is shown."""
        return self.known.value if self.known else "?"

    def sends(self, step: Step, side: Side) -> None:
        """What sending `step` says about its sender."""
        if step.rst:
            self._set(frozenset(s if s in WITHOUT_CONNECTION else State.CLOSED for s in self.states), Event.ABORT)
        elif step.syn and not step.has(ACK):
            self._ask()
        elif step.syn:
            self._only(frozenset({State.SYN_RECEIVED}), or_stay=True)
        else:
            self._only(CAN_SEND if step.new else SYNCHRONIZED)
            if step.fin and side.fin == step.data[1] and not self.states <= FIN_UNACKNOWLEDGED | {State.FIN_WAIT_2}:
                self._close()

    def _ask(self) -> None:
        if State.SYN_SENT not in self.states or len(self.states) > 1:
            self._set(frozenset({State.SYN_SENT}), Event.ACTIVE_OPEN)
        self.active = True

    def _close(self) -> None:
        if self.states & CAN_CLOSE:
            self._set(next_states(self.states & CAN_CLOSE, Event.CLOSE), Event.CLOSE)

    def may_have_sent_more(self) -> None:
        """What is not in the capture was sent from here and acknowledged: a FIN among it, for all we know."""
        closed = next_states(self.states & CAN_CLOSE, Event.CLOSE)
        self._widen(closed | next_states(closed, Event.ACK_OF_FIN))

    def may_have_got_more(self) -> None:
        """The same seen from the end that acknowledges it."""
        self._widen(next_states(self.states, Event.FIN))

    def _widen(self, states: frozenset[State]) -> None:
        self.lost = True
        self._set(self.states | states, "")

    def receives(self, step: Step, own: Side) -> None:
        """What the arrival of `step` does to this end; `own` is what this end had sent."""
        if step.rst:
            self._reset(step)
            return
        if step.syn:
            self._move(Event.SYN_ACK if step.has(ACK) else Event.SYN)
        if step.ack is not None and step.ack >= 1 and State.SYN_RECEIVED in self.states:
            self._move(Event.ACK_OF_SYN)
        if step.new and len(self.states) > 1 and self.states & CAN_RECEIVE:
            self._only(self.states & CAN_RECEIVE)
        acks_fin = own.fin is not None and step.ack is not None and step.ack > own.fin
        if step.fin:
            both = acks_fin and State.FIN_WAIT_1 in self.states
            self._take_fin(Event.FIN_AND_ACK_OF_FIN if both else Event.FIN)
        if acks_fin and self.states & FIN_UNACKNOWLEDGED:
            self._move(Event.ACK_OF_FIN)

    def _take_fin(self, event: Event) -> None:
        """FIN, or FIN and the acknowledgement of ours in one; states that neither can happen in drop out."""
        after = {next_state(state, event) or next_state(state, Event.FIN) for state in self.states} - {None}
        stay = self.states & AFTER_FIN
        found = frozenset(state for state in after if state is not None) | stay
        self._set(found or self.states, event)

    def _reset(self, step: Step) -> None:
        """RFC 9293 section 3.10.7.4: one that is outside the window is dropped."""
        if step.in_window is False:
            return
        if self.active and self.known is State.SYN_RECEIVED:
            self._set(frozenset({State.CLOSED}), Event.RST)
        elif self.known or step.in_window:
            self._move(Event.RST)
        else:
            self._set(self.states | next_states(self.states, Event.RST), "")

    def _move(self, event: Event) -> None:
        """Every state that knows the event takes its step; the others stay."""
        self._set(frozenset(next_state(state, event) or state for state in self.states), event)

    def _only(self, allowed: frozenset[State], or_stay: bool = False) -> None:
        """Keep the states that allow what was seen. When none does, packets are missing: any of the allowed ones is."""
        if self.states & allowed:
            self._set(self.states & allowed, "")
        elif not or_stay:
            self.lost = True
            self._set(allowed, "")

    def _set(self, states: frozenset[State], event: str) -> None:
        if states != self.states:
            self.states = states
            self.event = str(event)


def told_by_reset(states: frozenset[State]) -> tuple[str, str]:
    """(call, error) that a reset gives the program of an end in these states, ("", "") where none, as Linux has it.

    After the other end's FIN a recv() goes on to say that there is no more: only a send() can fail.
    """
    if states == {State.SYN_SENT}:
        return "connect", "ECONNREFUSED"
    if states - AFTER_FIN - WITHOUT_CONNECTION:
        return "recv", "ECONNRESET"
    return ("send", "EPIPE") if State.CLOSE_WAIT in states else ("", "")


def beginnings(steps: list[Step]) -> tuple[EndState, EndState]:
    """What each end was before the first packet, as far as its own first packet tells."""
    firsts = [next((s for s in steps if s.segment and s.end == end), None) for end in (0, 1)]
    return EndState(_before(firsts[0], firsts[1])), EndState(_before(firsts[1], firsts[0]))


def _before(first: Step | None, other: Step | None) -> frozenset[State]:
    """The states of an end before its first packet; `other` is the other end's first."""
    asked = other is not None and other.syn and not other.has(ACK)
    if first is None:
        answered = other is not None and other.syn and not asked
        return ASKED_OR_NOT if answered else (ANY if asked else SYNCHRONIZED)
    if first.syn and not first.has(ACK):
        return frozenset({State.CLOSED})
    if first.syn:
        return frozenset({State.LISTEN}) if asked else frozenset({State.SYN_RECEIVED})
    if other is not None and other.syn and not asked and other.index < first.index:
        return frozenset({State.SYN_SENT})
    if asked and other is not None and other.index < first.index:
        return frozenset({State.CLOSED}) if first.rst else ANY
    return ANY if first.rst else SYNCHRONIZED  # a reset is sent for want of a connection too
