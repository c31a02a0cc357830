"""A TCP conversation -> its timeline: packets in the capture's order, states by RFC 9293's table, calls inferred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rawkit.analysis.conversations import Conversation
from rawkit.analysis.icmp_errors import PASSING
from rawkit.analysis.marks import Mark, of_packet
from rawkit.analysis.observed import ACK
from rawkit.analysis.tcp.arrivals import arrivals, completed_later
from rawkit.analysis.tcp.calls import Program
from rawkit.analysis.tcp.ends import beginnings, told_by_reset
from rawkit.analysis.tcp.marker import marks
from rawkit.analysis.tcp.notes import notes
from rawkit.analysis.tcp.sequence import Seen
from rawkit.analysis.tcp.steps import Side, Step, steps
from rawkit.analysis.words import deeds, label, other_words
from rawkit.protocols.tcp_states import SYNCHRONIZED
from rawkit.protocols.tcp_states import State as TCPState
from rawkit.timeline import UNEXPLAINED, End, Segment, State, Timeline

HANDSHAKE = frozenset({TCPState.SYN_SENT, TCPState.SYN_RECEIVED})


def tcp_timeline(conversation: Conversation) -> Timeline:
    """The timeline of a TCP conversation. Never raises on content; what is odd or missing is said in `notes`."""
    walk = Walk(conversation)
    walk.run()
    return walk.timeline()


class Walk:
    """Goes through the packets once: each is sent by one end, and reaches the other at its place."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.steps, self.sides = steps(conversation)
        self.marks = marks(self.steps, self.sides)
        self.places = arrivals(self.steps)
        self.further: dict[int, list[Mark]] = defaultdict(list)
        """By step: what only the walk knows of it."""
        self.completed = [completed_later(self.steps, end, self.places) for end in (0, 1)]
        """Of each end, whether its wrong checksums mean nothing: its network card fills them in."""
        self.now = (Side(), Side())
        """What each end has sent so far (`sides` is what it had sent in the end)."""
        self.received = (Seen(), Seen())
        """The octets that have reached each end."""
        self.states = beginnings(self.steps)
        self.programs = (Program(0), Program(1))
        self.found: list[State] = [State(end, 0, self.states[end].name) for end in (0, 1)]

    def run(self) -> None:
        """Place after place: a packet is sent, then what arrives there arrives."""
        arriving: dict[int, list[Step]] = defaultdict(list)
        for step, place in zip(self.steps, self.places, strict=True):
            if place is not None:
                arriving[place].append(step)
        for step in self.steps:
            if step.segment and not step.ghost:
                self._reuses(step)
                self._sends(step)
            for arrived in arriving[step.index]:
                if arrived.segment and not (arrived.ghost or arrived.stray or arrived.copy):
                    self._arrives(arrived, step.index)
                elif arrived.observed.kind == "icmp":
                    self._told(arrived, step.index)
        for program, side in zip(self.programs, self.sides, strict=True):
            program.ends()
            program.settle(self.steps, side)

    def _reuses(self, step: Step) -> None:
        """A first request from ports that had a conversation before."""
        before = self.conversation.previous
        if before is not None and step.syn and not step.has(ACK) and step.observed.number == self.conversation.first:
            self.further[step.index].append(Mark("port reuse", f"the ports of conversation {before.number:,} again"))

    def _sends(self, step: Step) -> None:
        if step.forged or step.stray or step.unknown:
            return
        state, program, own = self.states[step.end], self.programs[step.end], self.now[step.end]
        known, connected = state.known, state.states <= SYNCHRONIZED
        before = state.name
        if program.connecting is not None and not step.syn and not step.rst:  # the answer is not in the capture
            program.connected(step.index - 1, None, "it goes on; the answer to the SYN is not in the capture")
        first_fin = step.fin and own.fin is None
        if first_fin:
            own.fin = self.sides[step.end].fin
        state.sends(step, own)
        if step.unseen:
            state.may_have_got_more()
            self._sent_unseen(1 - step.end, step)
        self._note(step.end, step.asked_from or step.index, before, step)
        if step.rst:
            names = {mark.name for mark in self.marks[step.index - 1]}
            cause = program.resets(step, connected and state.known is TCPState.CLOSED, names)
            if cause is None and "reset" in names and not (known or connected):
                cause = Mark(UNEXPLAINED, "nothing here shows why")
            if cause is not None:
                self.further[step.index].append(cause)
            return
        if step.syn and not step.has(ACK):
            program.asks(step)
        if (
            step.syn and step.acked and program.connecting is None
        ):  # data in the SYN was taken: TCP Fast Open (RFC 7413 section 4.2)
            program.could_accept(step.index, step.observed.time_ns)
        program.acknowledges(step)
        if step.new:
            program.sends_data(step)
        if first_fin:
            program.closes(step)

    def _sent_unseen(self, end: int, step: Step) -> None:
        """`step` acknowledges what this end sent and the capture does not have."""
        before = self.states[end].name
        self.states[end].may_have_sent_more()
        self._note(end, step.index, before, step)

    def _arrives(self, step: Step, place: int) -> None:
        end = 1 - step.end
        state, program, own = self.states[end], self.programs[end], self.now[end]
        before, waited = state.name, state.states
        time_ns = step.observed.time_ns
        state.receives(step, own)
        self._note(end, place, before, step)
        if step.rst:
            call, error = told_by_reset(waited)
            if error:
                program.fails(call, error, place, time_ns, "the next such call tells of the reset")
            return
        if waited <= HANDSHAKE and state.states <= SYNCHRONIZED:
            self._connected(end, place, time_ns)
        if waited == {TCPState.CLOSED}:  # nobody is there any more
            return
        received = self.received[end]
        start, stop = step.data
        program.gets(step, received.add(start, stop - step.beyond), received.complete, place, time_ns)

    def _connected(self, end: int, place: int, time_ns: int | None) -> None:
        """A handshake is done at one end: its connect() returns, or its accept() could."""
        program = self.programs[end]
        if program.connecting is not None:
            program.connected(place, time_ns)
        elif self.sides[end].syn:
            program.could_accept(place, time_ns)
        else:
            program.connected_before(place, time_ns)

    def _told(self, step: Step, place: int) -> None:
        """An ICMP error fails a connect(); later ones are soft (RFC 1122 section 4.2.3.9)."""
        program, observed = self.programs[1 - step.end], step.observed
        if program.connecting is not None and observed.error not in PASSING:
            program.fails("connect", observed.error, place, observed.time_ns, "")
            before = self.states[1 - step.end].name
            self.states[1 - step.end].states = frozenset({TCPState.CLOSED})
            self.states[1 - step.end].event = "ICMP error"
            self._note(1 - step.end, place, before, step)

    def _note(self, end: int, place: int, before: str, step: Step) -> None:
        """Write a change of state down."""
        state = self.states[end]
        if state.name != before:
            self.found.append(State(end, place, state.name, state.event, step.index))

    # -- the result ---------------------------------------------------------------------------------------------------

    def timeline(self) -> Timeline:
        """Everything that the walk found."""
        first, second = self.conversation.ends
        self.parts = parts(self.programs, self.steps)
        for program in self.programs:
            if program.half_closed and program.closing is not None:
                index = program.calls[program.closing].caused[0]
                self.further[index].append(Mark("half-close", "half-close: it goes on reading"))
        roles = ("client", "server") if self._roles_known() else ("", "")
        calls = [call for program in self.programs for call in program.calls]
        return Timeline(
            "tcp",
            (End(*first, roles[0]), End(*second, roles[1])),
            tuple(self._segment(step, place) for step, place in zip(self.steps, self.places, strict=True)),
            tuple(sorted(calls, key=lambda call: (call.place, call.begins_after is not None))),
            tuple(sorted(self.found, key=lambda state: state.after)),
            (self.sides[0].seen.octets, self.sides[1].seen.octets),
            tuple(notes(self)),
            self.conversation.until_ns,
        )

    def _roles_known(self) -> bool:
        """Who asked is known from a SYN; when both asked, nobody is the server."""
        asked = [any(s.syn and not s.has(ACK) and not s.stray for s in self.steps if s.end == end) for end in (0, 1)]
        return (asked[0] and not asked[1]) or (not any(asked) and self.sides[1].syn)

    def _segment(self, step: Step, place: int | None) -> Segment:
        observed = step.observed
        hidden = [
            *self.marks[step.index - 1],
            *self.further[step.index],
            *of_packet(observed, self.completed[step.end]),
        ]
        says = deeds(step, hidden) if step.segment else (other_words(observed),)
        if step.index in self.parts:
            says = (f"{says[0]}: {self.parts[step.index]}", *says[1:])
        return Segment(
            step.end,
            label(observed),
            observed.kind,
            observed.number,
            observed.time_ns,
            step.seq if step.segment and not step.ghost else None,
            step.ack,
            observed.length,
            observed.octets,
            observed.window if step.segment else None,
            says,
            place,
            observed.via,
            tuple(mark.name for mark in hidden),
            step.room,
            observed.data,
            observed.options.mss,
        )


def parts(programs: Sequence[Program], steps: Sequence[Step]) -> dict[int, str]:
    """Which octets of a send() each of its segments carries, by step: only of a send() that needed several."""
    found = {}
    for program in programs:
        for call in program.calls:
            pieces = [steps[index - 1] for index in call.caused]
            start = min((step.fresh for step in pieces), default=0)
            for step in pieces if len(pieces) > 1 else ():
                first = step.fresh - start
                found[step.index] = f"{first + 1:,} to {first + step.new:,} of {call.text}"
    return found
