"""The socket calls that a TCP conversation's packets imply, each beside the end that made it.

What the wire cannot show is not claimed: the kernel completes a handshake, acknowledges data and answers a FIN without
its program. That a program took what arrived is inferred from what it does afterwards; where one call ends and the next
begins is taken from the pushes, which the sender's kernel sets at the end of what it was given, and stays a guess.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from rawkit.analysis.marks import Mark
from rawkit.analysis.tcp.sends import settled
from rawkit.analysis.tcp.steps import Side, Step
from rawkit.analysis.words import octets
from rawkit.timeline import Call, Certainty

END_OF_DATA = 'b""'


@dataclass(slots=True)
class Arrived:
    """Data (or, with 0 octets, the other end's FIN) that waits in an end's queue to be read; from `place` on."""

    octets: int
    place: int
    time_ns: int | None
    stop: int
    whole: bool


class Program:
    """The calls of the program at one end."""

    def __init__(self, end: int) -> None:
        self.end = end
        self.calls: list[Call] = []
        self.connecting: int | None = None
        """Where in `calls` a connect() is that has not returned."""
        self.accepting: tuple[int, int | None] | None = None
        """Place and time at which accept() could return: the connection is there, the program has not shown itself."""
        self.accepted = 0
        """Where accept() returned: nothing is read before."""
        self.sending: int | None = None
        """Where in `calls` a send() is that further segments may still belong to; `sent` has those so far."""
        self.sent: list[Step] = []
        self.closing: int | None = None
        """Where in `calls` the close() or shutdown() is."""
        self.queue: list[Arrived] = []
        self.acknowledged = 0
        """How many in the queue, from its beginning, are acknowledged."""
        self.readable = 1
        """The number up to which everything has come."""
        self.without_room: list[Arrived] = []
        """What it had acknowledged when it last said that it has no room: as long as it says so, nobody reads that."""
        self.lacks = False
        """Whether something that it got beside what is in the queue is not in the capture."""
        self.behind_a_gap: list[tuple[int, int, Arrived]] = []
        """What arrived while data before it was missing: (where it begins, a count, it), the first one first."""

    @property
    def half_closed(self) -> bool:
        """Whether it said that it has no more data and went on reading."""
        return self.closing is not None and self.calls[self.closing].name == "shutdown"

    # -- what it sends ------------------------------------------------------------------------------------------------

    def asks(self, step: Step) -> None:
        """Its SYN: connect()."""
        if self.connecting is None and not self.calls:
            self.connecting = len(self.calls)
            fast = step.observed.options.fast_open or step.observed.length
            why = "sendto(MSG_FASTOPEN) sends such a SYN too" if fast else "only connect() sends a SYN"
            self._add("connect", step, "likely" if fast else "certain", why, result=None)

    def sends_data(self, step: Step) -> None:
        """New data: a send() of its own, or the rest of the last one."""
        if self.sent and self.sent[-1].push and (self.queue or step.after_pause):  # the push of a full segment
            self._sent_all()
        self._shows_itself()
        if self.sending is None:
            self.sending = len(self.calls)
            why = "data was sent; the push is taken for the end of the call, but for that of a full segment"
            self._add("send", step, "likely", why)
        self.sent.append(step)
        if step.ends_call:
            self._sent_all()

    def _sent_all(self) -> None:
        """The send() is complete."""
        if self.sending is not None:
            size = str(sum(step.new for step in self.sent))
            caused = tuple(step.index for step in self.sent)
            self.calls[self.sending] = replace(self.calls[self.sending], arguments=(size,), caused=caused)
            self.sending = None
            self.sent.clear()

    def closes(self, step: Step) -> None:
        """Its FIN: close() until it shows that it goes on reading."""
        self._shows_itself()
        self._sent_all()
        self.closing = len(self.calls)
        self._add("close", step, "likely", "its FIN; shutdown(SHUT_WR) would look the same while nothing more arrives")

    def resets(self, step: Step, connected: bool, marks: Set[str]) -> Mark | None:
        """Its RST: an abort where there was a connection that its program had not closed, else the kernel's answer.

        Its `marks` tell when it has the form of an end's that knows of no connection, and says nothing of unread data
        ("not mine"), and when a kernel gave up by itself.
        """
        if not connected or (self.closing is not None and not self.half_closed):
            return None
        if "given up" in marks:
            why = "the next such call tells that nobody answered any more"
            self.fails("recv", "ETIMEDOUT", step.index, step.observed.time_ns, why)
            return None
        stranger = "not mine" in marks
        unread = 0 if stranger else sum(arrived.octets for arrived in self.queue)
        self._empty()
        self._sent_all()
        unseen = self.accepting is not None
        if self.accepting is not None:  # a reset does not show that anybody had: it stays so
            self._returns("accept", "", *self.accepting, "possible", "a reset alone shows no program")
        self.closing = len(self.calls)
        self._add("close", step, "likely" if unread and not unseen else "possible", reset_causes(unread, unseen))
        if stranger:
            return None
        return Mark("unread data", "most likely with data unread") if unread else Mark("abort", "an abort, most likely")

    def acknowledges(self, step: Step) -> None:
        """An acknowledgement comes from the kernel; it only says that the data was there before."""
        if step.ack is None:
            return
        taken = False
        self.lacks = self.lacks or step.unseen > 0
        self._readable(step.ack, step.index - 1, step.observed.time_ns)
        if step.observed.window:
            for arrived in self.without_room:
                arrived.place, arrived.time_ns = step.index - 1, step.observed.time_ns
            self.without_room.clear()
        while self.acknowledged < len(self.queue) and self.queue[self.acknowledged].stop <= step.ack:
            arrived = self.queue[self.acknowledged]
            self.acknowledged += 1
            taken = taken or bool(arrived.octets)
            if step.stop == step.seq:  # nothing but the acknowledgement: the kernel was faster than the program
                arrived.place, arrived.time_ns = step.index, step.observed.time_ns
            if not step.observed.window:
                self.without_room.append(arrived)
        if self.closing is not None and not self.half_closed and taken:
            call = self.calls[self.closing]
            why = "its FIN, after which it still took data"
            self.calls[self.closing] = replace(call, name="shutdown", arguments=("SHUT_WR",), why=why)

    # -- what reaches it ----------------------------------------------------------------------------------------------

    def connected(self, place: int, time_ns: int | None, why: str = "") -> None:
        """The handshake is done as seen from here; `why`, where that is not seen from its answer."""
        if self.connecting is not None:
            call = self.calls[self.connecting]
            why = f"{call.why}; {why}" if why else call.why
            self.calls[self.connecting] = replace(call, result="", returns_after=place, end_ns=time_ns, why=why)
            self.connecting = None

    def connected_before(self, place: int, time_ns: int | None) -> None:
        """The same, of a connect() that began before the capture did."""
        why = "the answer to a SYN that is not in the capture"
        self.calls.append(Call(self.end, "connect", (), "", None, place, None, time_ns, (), "certain", why))

    def could_accept(self, place: int, time_ns: int | None) -> None:
        """The connection waits in the listener's queue, from its first such place on."""
        if self.accepting is None and not self.accepted:
            self.accepting = (place, time_ns)

    def fails(self, name: str, error: str, place: int, time_ns: int | None, why: str) -> None:
        """The connect() that waits, or the next call of that name, gives an error."""
        if self.connecting is not None:
            call = self.calls[self.connecting]
            self.calls[self.connecting] = replace(call, result=error, returns_after=place, end_ns=time_ns)
            self.connecting = None
        elif self.calls and (self.closing is None or self.half_closed):
            self.read_all("possible")
            self._returns(name, error, place, time_ns, "possible", why)

    def gets(self, step: Step, new: int, complete: int, place: int, time_ns: int | None) -> None:
        """Data (`new` octets had not arrived before) or FIN for its queue, which `complete` is the first gap in.

        After close() the end reads no FIN.
        """
        start, stop = step.data
        if new:
            arrived = Arrived(new, place, time_ns, stop, step.push or step.fin)
            heappush(self.behind_a_gap, (start, step.index, arrived))
        if step.fin and (self.closing is None or self.half_closed):
            heappush(self.behind_a_gap, (stop, step.index, Arrived(0, place, time_ns, step.stop, True)))
        self._readable(complete, place, time_ns)

    def _readable(self, complete: int, place: int, time_ns: int | None) -> None:
        """All before `complete` is there: what is not behind a gap any more can be read from here on."""
        while self.behind_a_gap and self.behind_a_gap[0][0] <= complete:
            start, _, arrived = heappop(self.behind_a_gap)
            if arrived.octets and start > self.readable:
                arrived.octets += start - self.readable  # what is not in the capture came, too
                self.lacks = True
            self.readable = max(arrived.stop, self.readable)
            arrived.place, arrived.time_ns = place, time_ns
            self.queue.append(arrived)

    # -- what it must have read ---------------------------------------------------------------------------------------

    def read_all(self, certainty: Certainty) -> None:
        """recv() for what is in the queue, one for each push."""
        of_data: Certainty = "possible" if self.lacks else certainty
        count = 0
        for at, arrived in enumerate(self.queue):
            count += arrived.octets
            if not (arrived.whole or at == len(self.queue) - 1) and arrived.octets:
                continue
            place = max(arrived.place, self.accepted)
            if count:
                why = (
                    "it went on after the data came"
                    if of_data == "likely"
                    else "the data came; nothing shows who read it, or with what that is not in the capture"
                    if self.lacks
                    else "the data came; nothing shows who read it"
                )
                self._returns("recv", str(count), place, arrived.time_ns, of_data, why)
            if not arrived.octets:
                why = (
                    "it went on after the FIN came"
                    if certainty == "likely"
                    else "the FIN came; nothing shows who saw it"
                )
                self._returns("recv", END_OF_DATA, place, arrived.time_ns, certainty, why)
            count = 0
        self._empty()

    def _empty(self) -> None:
        self.queue.clear()
        self.lacks = False
        self.acknowledged = 0

    def ends(self) -> None:
        """The capture is over: what is still in the queue may have been read."""
        self._sent_all()
        closed = self.closing is not None and not self.half_closed
        if not closed and self.accepting is None:
            self.read_all("possible")

    def settle(self, steps: Sequence[Step], own: Side) -> None:
        """Tell its send() calls apart, now that all its data is known; `own` is what it sent."""
        closing = None if self.closing is None else self.calls[self.closing]
        self.calls = settled(self.calls, steps, own)
        if closing is not None:
            self.closing = self.calls.index(closing)

    def _shows_itself(self) -> None:
        """The program does something: so it had accepted the connection, and probably read what had come."""
        if self.accepting is not None:
            place, time_ns = self.accepting
            self.accepted = place
            self.accepting = None
            why = "only a program that has the connection can use it; here is the earliest that it had"
            self._returns("accept", "", place, time_ns, "certain", why)
        if self.queue:
            self.read_all("likely")

    def _returns(self, name: str, result: str, place: int, time_ns: int | None, certainty: Certainty, why: str) -> None:
        """A call of which the wire shows only that it returned."""
        self.calls.append(Call(self.end, name, (), result, None, place, None, time_ns, (), certainty, why))

    def _add(
        self,
        name: str,
        step: Step,
        certainty: Certainty,
        why: str,
        arguments: tuple[str, ...] = (),
        result: str | None = "",
    ) -> None:
        """A call that begins before `step`, which it puts on the wire."""
        self.calls.append(
            Call(
                self.end,
                name,
                arguments,
                result,
                begins_after=(step.asked_from or step.index) - 1,
                returns_after=None if result is None else step.index,
                start_ns=None,
                end_ns=None,
                caused=(step.index,),
                certainty=certainty,
                why=why,
            )
        )


def reset_causes(unread: int, unseen: bool) -> str:
    """Why an end reset an open connection, the likeliest first; `unseen`: its program had not shown itself."""
    causes = ["an abort (SO_LINGER 0)"]
    if unread:
        had_come = f"{octets(unread)} had come since its last call"
        causes.insert(0, f"most likely close() with data unread ({had_come}; RFC 1122 section 4.2.2.13)")
    if unseen:
        causes.append("a listener that closed before anybody called accept()")
    likeliest, *others = causes
    alike = ", ".join([*others, "something between the ends"])
    return f"a reset instead of FIN: {likeliest}. What would look the same: {alike}"
