"""A TCP conversation's packets in relative numbers: what each one carries, repeats and acknowledges."""

from __future__ import annotations

from dataclasses import dataclass

from rawkit.analysis.conversations import Conversation
from rawkit.analysis.observed import ACK, FIN, PSH, RST, SYN, Observed
from rawkit.analysis.tcp.sequence import MAX_WINDOW, Numbering, Seen, ahead

MAX_GHOST = 1 << 20
"""Numbers nearer than this to what an end has sent belong to the connection that is, whatever else they fit."""


@dataclass(slots=True)
class Step:
    """Packet number `index` (from 1) of a conversation, sent by `end`.

    `seq` to `stop` is its piece of sequence space (SYN and FIN count one each), `ack` the acknowledgement or None.
    `new`: octets of data not seen before, from number `fresh` on (what comes again is before them); `acked`: octets of
    the other end's data acknowledged for the first time, and `unseen` those numbers among the acknowledged that no
    packet before it carries (data or FIN); `acks_syn`,
    `acks_fin`: that it is the first to acknowledge the other end's SYN or FIN, `acks_answer` that this SYN was itself
    an answer. `refuses`: it is a reset that answers a SYN, and nothing else had passed between the two. `in_window`: of
    a reset, whether it has the number that its receiver waits for (RFC 9293 section 3.10.7.4), None when unknown.
    `overtaken`: a later acknowledgement was seen before it. `ghost`: it belongs to an older connection between the same
    ports. `sack`: pieces that its sender has beyond `ack` or got twice; none that were never sent, for some that change
    the numbers on the way forget those in options.
    `forged`: a reset after which its sender goes on, `stray`: a SYN within an open connection, `unknown`:
    one of which its own kernel knows nothing. `beyond`: octets of data behind the end of data that it announced.
    `asked_from`: of a SYN, the step where its kernel began to ask for the neighbour (its own where it did not).
    `room`: octets that its window means, None where its scale is not known. `full`: it has all the data that could go
    in it, `after_pause` that its sender could have sent it earlier, `asks` that it is nothing but a keep-alive or a
    probe, whose octet nobody is to read (RFC 1122 section 4.2.3.6), `copy` that it is a packet which came before.
    """

    index: int
    end: int
    observed: Observed
    seq: int = 0
    stop: int = 0
    ack: int | None = None
    new: int = 0
    fresh: int = 0
    acked: int = 0
    unseen: int = 0
    acks_syn: bool = False
    acks_answer: bool = False
    acks_fin: bool = False
    refuses: bool = False
    in_window: bool | None = None
    ghost: bool = False
    forged: bool = False
    stray: bool = False
    unknown: bool = False
    beyond: int = 0
    asked_from: int = 0
    sack: tuple[tuple[int, int], ...] = ()
    repeats_ack: bool = False
    overtaken: bool = False
    window_change: bool = False
    room: int | None = None
    full: bool = False
    asks: bool = False
    copy: bool = False
    after_pause: bool = False

    def has(self, flag: int) -> bool:
        """Whether a flag is set."""
        return bool(self.observed.flags & flag)

    @property
    def syn(self) -> bool:
        return bool(self.observed.flags & SYN)

    @property
    def fin(self) -> bool:
        return bool(self.observed.flags & FIN)

    @property
    def rst(self) -> bool:
        return bool(self.observed.flags & RST)

    @property
    def push(self) -> bool:
        return bool(self.observed.flags & PSH)

    @property
    def ends_call(self) -> bool:
        """Whether its push is taken for the end of a send(): not where the segment is full."""
        return self.push and not self.full

    @property
    def segment(self) -> bool:
        """Whether it is a TCP segment: not an ICMP error, nor a later piece of one that IP cut."""
        return self.observed.kind == "tcp"

    @property
    def data(self) -> tuple[int, int]:
        """The octets of data that it carries: numbers of the first, and of the one after the last."""
        start = self.seq + self.syn
        return start, start + self.observed.length


class Side:
    """What has been seen of one end so far."""

    def __init__(self) -> None:
        self.numbers = Numbering()
        self.seen = Seen()
        self.syn = False
        self.asked = False
        """Whether its SYN was a request, and not the answer to one."""
        self.spoke = False
        """Whether it sent anything but resets."""
        self.fin: int | None = None
        """The number of its FIN."""
        self.acked = 0
        """Its numbers before this one have been acknowledged."""
        self.window: int | None = None
        """What it announced last; a SYN's window does not count, for it is not scaled (RFC 7323 section 2.2)."""


def steps(conversation: Conversation) -> tuple[list[Step], tuple[Side, Side]]:
    """Every packet of a TCP conversation in its place, and what was seen of the ends."""
    sides = (Side(), Side())
    found = []
    packets = list(conversation.in_order)
    for index, observed in enumerate(packets, 1):
        end = conversation.sender(observed)
        step = Step(index, end, observed)
        if step.syn:
            step.asked_from = conversation.asked_first(packets, index - 1) + 1
        if step.segment:
            step.ghost = conversation.of_the_last(observed) and _far(observed.seq, sides[end])
        if step.segment and not step.ghost:
            step.stray = _stray(step, sides[end])
            _place(step, sides[end], sides[1 - end])
        found.append(step)
    ghosts = [[step.observed for step in found if step.ghost and step.end == end] for end in (0, 1)]
    for step in found:
        if step.unseen and step.ack is not None and _comes_later(step.ack - step.unseen, step.ack, sides[1 - step.end]):
            step.unseen = 0
        if step.sack and sides[1 - step.end].spoke:
            other = 1 - step.end
            step.sack = tuple(block for block in step.sack if _was_sent(block, sides[other], ghosts[other]))
    _find_forged(found)
    _find_unknown(found)
    return found, sides


def _find_unknown(steps: list[Step]) -> None:
    """SYNs of an end that resets what answers them, and says nothing else: RFC 9293 section 3.10.7.1, "CLOSED"."""
    for end in (0, 1):
        own = [step for step in steps if step.segment and step.end == end]
        asked = [step for step in own if step.syn and not step.has(ACK)]
        answers = {step.observed.ack for step in steps if step.end != end and step.syn and step.acks_syn}
        resets = [step for step in own if step.rst and not step.has(ACK) and step.observed.seq in answers]
        if asked and resets and len(own) == len(asked) + len(resets):
            for step in asked:
                step.unknown = True


def _find_forged(steps: list[Step]) -> None:
    """Resets whose sender later sends new data, or acknowledges what was sent only after the reset."""
    if not any(step.observed.flags & RST for step in steps):
        return
    segments = [step for step in steps if step.segment and not step.ghost]
    sent = [0, 0]
    sent_before = {}
    for step in segments:
        sent[step.end] = max(sent[step.end], step.stop)
        if step.rst:
            sent_before[step.index] = sent[1 - step.end]
    data, acked = [0, 0], [0, 0]
    for step in reversed(segments):
        if not step.rst:
            data[step.end] = max(data[step.end], step.stop if step.new else 0)
            acked[step.end] = max(acked[step.end], step.ack or 0)
        elif not step.refuses:
            step.forged = data[step.end] > step.seq or acked[step.end] > max(1, sent_before[step.index])


def _was_sent(block: tuple[int, int], sent: Side, ghosts: list[Observed]) -> bool:
    """Whether a block of a SACK names numbers that its receiver has used here, be it in an older connection."""
    low, high = block
    if high > sent.numbers.highest:
        return False
    starts = ((sent.numbers.of(each.seq), each.length) for each in ghosts)
    return low >= (0 if sent.syn else 1) or any(start <= low and high <= start + length for start, length in starts)


def _comes_later(start: int, stop: int, sent: Side) -> bool:
    """Whether all from `start` on was only captured after its acknowledgement."""
    fin = sent.fin is not None and sent.fin == stop - 1
    return sent.seen.has(max(1, start), stop - fin) and (fin or sent.fin is None or stop <= sent.fin)


def _stray(step: Step, own: Side) -> bool:
    """Whether an end that has asked, or sent data, asks once more with another number."""
    begun = own.syn or own.seen.octets
    return bool(begun) and step.syn and not step.has(ACK) and own.numbers.of(step.observed.seq) != 0


def _far(seq: int, own: Side) -> bool:
    """Whether a number on the wire is far from what this end has sent."""
    numbers = own.numbers
    return numbers.base is not None and not -MAX_GHOST < ahead(seq, numbers.base + numbers.highest) < MAX_GHOST


def _place(step: Step, own: Side, other: Side) -> None:
    observed = step.observed
    if step.stray:
        step.seq = own.numbers.of(observed.seq)
        step.stop = step.seq
        return
    if step.syn:
        if not own.syn and not own.seen.octets:  # a bare ACK before it had no number of its own
            own.numbers = Numbering()
        own.numbers.start(observed.seq)
        own.syn = True
        own.asked = own.asked or not step.has(ACK)
    step.seq = own.numbers.of(observed.seq)
    start, stop = step.data
    step.stop = stop + step.fin
    if own.fin is not None:
        step.beyond = max(0, stop - max(start, own.fin))
    # what a reset carries is no data (RFC 9293 section 3.5.3)
    step.new = 0 if step.rst else own.seen.add(start, stop - step.beyond)
    step.fresh = stop - step.beyond - step.new
    own.numbers.sent(step.stop)
    if step.fin and own.fin is None:
        own.fin = stop
    if step.rst:
        step.in_window = own.acked <= step.seq <= own.acked + (other.window or 0) if own.acked else None
    if step.has(ACK):
        _acknowledge(step, own, other)
    if not step.rst:
        own.spoke = True
        own.window = own.window if step.syn or step.overtaken else observed.window


def _acknowledge(step: Step, own: Side, other: Side) -> None:
    known = other.numbers.base is not None
    step.ack = ack = other.numbers.of(step.observed.ack)
    if step.rst:
        step.refuses = other.syn and not own.spoke and not own.acked and 1 <= ack <= other.numbers.highest
        return
    step.acks_syn = other.syn and other.acked < 1 <= ack
    step.acks_answer = step.acks_syn and not other.asked
    step.acks_fin = other.fin is not None and other.acked <= other.fin < ack
    data_end = min(ack, other.fin) if other.fin is not None else ack
    step.acked = max(0, data_end - max(1, other.acked)) if other.acked or other.syn else 0
    step.unseen = max(0, ack - max(other.numbers.highest, other.acked)) if known else 0
    if step.unseen <= MAX_WINDOW:
        other.numbers.sent(ack)
    step.sack = tuple((other.numbers.of(low), other.numbers.of(high)) for low, high in step.observed.options.sack)
    step.repeats_ack, step.overtaken = ack <= other.acked, ack < other.acked
    step.window_change = own.window is not None and own.window != step.observed.window
    other.acked = max(other.acked, ack)
