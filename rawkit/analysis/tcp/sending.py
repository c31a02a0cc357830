"""What one end of a TCP conversation had sent at some point, and what the other end had said of it."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from rawkit.analysis.marks import is_copy
from rawkit.analysis.observed import ACK, Observed
from rawkit.analysis.tcp.steps import Step

MIN_TIMEOUT_NS = 200_000_000
"""No retransmission timer of Linux is shorter (TCP_RTO_MIN); RFC 6298 section 2.4 asks for a second."""

MAX_UNACKNOWLEDGED = 4096
"""Segments remembered while they are not acknowledged; the oldest are forgotten first."""


MAX_COPIES_APART = 64
"""Packets of one end among which the copy of an earlier one is looked for."""

MAX_GAPS = 64
"""Gaps remembered of one end; the oldest are forgotten first."""


class Gap(NamedTuple):
    """Numbers from `start` up to before `stop` that had not been seen when a packet behind them came."""

    start: int
    stop: int
    time_ns: int | None
    identification: int | None


class Took(NamedTuple):
    """Nanoseconds from what is acknowledged to its acknowledgement, and from the acknowledgement before to this one."""

    ns: int
    alone_ns: int


DUPLICATES = 3
"""Duplicate ACKs after which a sender need not wait for its timer (RFC 5681 section 3.2)."""

DEFAULT_MSS = 536
"""What an end takes that has not said (RFC 9293 section 3.7.1)."""


class Sending:
    """One end. Numbers count from its SYN."""

    peer: Sending

    def __init__(self) -> None:
        self.highest: int | None = None
        """One after the highest number sent; None before the first segment."""
        self.acked = 0
        self.acked_ns: int | None = None
        """When that was said."""
        self.too_large: int | None = None
        """What had been sent when a router said that it was too large."""
        self.window: int | None = None
        """Octets that the other end has room for; None where the scale of its windows is not known."""
        self.syn: Observed | None = None
        self.asked = False
        """Whether it sent a SYN of its own accord."""
        self.answered = False
        """Whether it sent a SYN ACK."""
        self.fin: int | None = None
        self.repeats = 0
        """Duplicate ACKs that it got in a row."""
        self.sacked = 0
        """One after the highest number that the other end has beyond a gap."""
        self.recover: int | None = None
        """While holes are filled without a timer: what had been sent when that began (RFC 6582's "recover")."""
        self.probe = ""
        """A keep-alive or window probe that was not answered yet."""
        self.unheard = ""
        """The same, as long as nothing at all was heard after it."""
        self.largest = 0
        """The most octets of data that it has sent in one segment."""
        self.pushed_full = False
        """Whether its last data was a full segment with a push."""
        self.latest_ns: int | None = None
        """When it last sent something or heard something."""
        self._gaps: deque[Gap] = deque(maxlen=MAX_GAPS)
        self._recent: dict[int, Observed] = {}
        self.quickest: int | None = None
        """The shortest time in which it acknowledged something, in nanoseconds: a round trip, and no delay."""
        self._sent: dict[int, Observed] = {}
        self._twice: set[int] = set()

    @property
    def edge(self) -> int | None:
        """The first number that the other end has no room for."""
        return None if self.window is None else self.acked + self.window

    @property
    def takes(self) -> int | None:
        """The most octets of data that it takes in one segment, by its own word."""
        return self.syn.options.mss if self.syn is not None else None

    def room(self, step: Step) -> int | None:
        """The window that a segment of this end announces, in octets; None where its scale is not known.

        RFC 7323 section 2.2: windows are scaled when both SYNs say so, and those of SYNs themselves never.
        """
        window = step.observed.window
        if step.syn or not window:
            return window
        if self.syn is None or self.peer.syn is None:
            return None
        scale, others = self.syn.options.scale, self.peer.syn.options.scale
        return window << min(scale, 14) if scale is not None and others is not None else window

    def opens(self, gap: Gap) -> None:
        """Remember numbers that were passed over."""
        self._gaps.append(gap)

    def gap_at(self, seq: int) -> Gap | None:
        """The gap that a number is in."""
        return next((gap for gap in reversed(self._gaps) if gap.start <= seq < gap.stop), None)

    # -- questions about a segment that is not counted yet ------------------------------------------------------------

    def is_copy(self, step: Step) -> bool:
        """Whether `step` is a packet that came before, and no second one of the same content.

        What is sent again gets an identification of its own (RFC 791 section 3.2), which Linux counts up for TCP; 0, in
        packets that may not be fragmented, tells nothing (RFC 6864). But no timer sends a SYN again so soon,
        and nothing else has asked for it.
        """
        observed = step.observed
        before = self._recent.get(observed.identification or 0)
        if before is None and step.syn and self.syn is not None and self._soon_after(self.syn, observed):
            before = self.syn
        return before is not None and is_copy(before, observed)

    def _soon_after(self, before: Observed, observed: Observed) -> bool:
        """Whether a packet follows another more quickly than any timer runs, with nothing between the two."""
        then, now = before.time_ns, observed.time_ns
        return then is not None and self.latest_ns == then and now is not None and 0 <= now - then < MIN_TIMEOUT_NS

    def probing(self, step: Step) -> str:
        """Whether `step` only asks for an answer: the last number again, with an octet or with none.

        RFC 9293 section 3.8.4: "SEG.SEQ = SND.NXT-1"; Linux asks so for the window too. Others send the next octet.
        """
        if step.syn or step.fin or step.observed.length > 1:
            return ""
        if self.window == 0 and step.observed.length == 1 and step.seq == self.acked:
            return "window probe"
        if step.seq != self.acked - 1 or self.acked < 1 or step.new:
            return ""
        return "window probe" if self.window == 0 else "keep-alive"

    def last_sending(self, seq: int) -> Observed | None:
        """The last segment that had this number and is not acknowledged: that began with it, if there is one."""
        begun = self._sent.get(seq)
        return begun or self._sent.get(max((first for first in self._sent if first < seq), default=seq))

    def asked_for(self, seq: int) -> bool:
        """Whether the other end asked for this number: by duplicate ACKs, by SACK, or by a partial ACK."""
        enough = self.repeats >= DUPLICATES or self.sacked - seq > DUPLICATES * (self.peer.takes or DEFAULT_MSS)
        if enough and (seq == self.acked or seq < self.sacked):
            return True
        filling = self.recover is not None and self.acked <= seq < self.recover
        return filling and (seq == self.acked or seq < self.sacked)

    def pieces(self, step: Step) -> int:
        """Segments that `step` is, by the size that the other end takes; 1 where that is not known."""
        if not self.peer.takes or step.observed.length <= self.peer.takes:
            return 1
        return -(-step.observed.length // self._segment_size(step))

    def fills(self, step: Step) -> bool:
        """Whether a segment has all the data that could go: whole segments, or up to where the other end's room ends.

        Where it ends says then nothing of what the program gave; Linux pushes in the midst of a long send().
        """
        length = step.observed.length
        if self.edge == step.stop:
            return True
        return bool(length and self.peer.takes) and length % self._segment_size(step) == 0

    def _segment_size(self, step: Step) -> int:
        """Octets of data that the other end takes in a segment with timestamps or without (RFC 6691 section 2)."""
        return max(1, (self.peer.takes or DEFAULT_MSS) - (12 if step.observed.options.tsval is not None else 0))

    def quiet_ns(self, step: Step) -> int:
        """For how long nothing had passed before `step`, while everything was acknowledged; 0 where nothing tells."""
        now = step.observed.time_ns
        if now is None or self.latest_ns is None or self.acked != self.highest:
            return 0
        return max(0, now - self.latest_ns)

    def took(self, step: Step) -> Took | None:
        """How long an acknowledgement took that its kernel may have held back; None for others, or where nothing tells.

        What was sent twice tells nothing (Karn's algorithm, RFC 6298 section 3), nor what waited behind a hole, nor an
        acknowledgement that goes out at once: with a SACK (RFC 5681 section 4.2), or of two full segments. Where one
        acknowledgement follows the other, it is the time between the two: a slow path delays all of a burst.
        """
        assert step.ack is not None
        first = next(iter(self.peer._sent), None)
        now = step.observed.time_ns
        if first is None or first >= step.ack or first in self.peer._twice or self.peer.repeats or now is None:
            return None
        sent_ns = self.peer._sent[first].time_ns
        if sent_ns is None or now < sent_ns or step.observed.options.sack:
            return None
        took = Took(now - sent_ns, now - max(sent_ns, self.peer.acked_ns or sent_ns))
        self.quickest = took.ns if self.quickest is None else min(took.ns, self.quickest)
        return None if self._is_due(step) else took

    def held_back(self, took: Took) -> int:
        """For how many nanoseconds an acknowledgement was held back, once the quickest of all is known."""
        return min(took.ns - (self.quickest or 0), took.alone_ns)

    def _is_due(self, step: Step) -> bool:
        """Whether an acknowledgement covers so much that it may not wait for more.

        RFC 9293 section 3.8.6.3: "An ACK SHOULD be generated for at least every second full-sized segment". A path may
        carry smaller ones than its ends take: the largest seen is full, unless nothing large was sent; it is, too,
        where no SYN tells what this end takes.
        """
        seen = max(self.peer.largest, DEFAULT_MSS)
        full = min(self.peer._segment_size(step), seen) if self.takes else seen
        return step.acked >= 2 * full

    def challenged_by(self, step: Step) -> bool:
        """Whether an ACK that follows `step` only defends: RFC 5961 sections 3.2 (resets), 4.2 (SYNs), 5.2 (ACKs)."""
        if not self.highest or not self.peer.highest:
            return False
        return step.rst or (step.syn and step.seq != 0) or (step.ack is not None and step.ack > self.highest)

    # -- count it -----------------------------------------------------------------------------------------------------

    def sends(self, step: Step, probe: str = "") -> None:
        """Count a segment of this end."""
        if step.observed.identification:
            self._recent[step.observed.identification] = step.observed
            if len(self._recent) > MAX_COPIES_APART:
                del self._recent[next(iter(self._recent))]
        self.probe, self.unheard = probe or self.probe, probe or self.unheard
        if step.syn:
            self.syn = step.observed
            self.asked, self.answered = self.asked or not step.has(ACK), self.answered or step.has(ACK)
        if step.fin and self.fin is None:
            self.fin = step.data[1]
        if step.stop > max(step.seq, self.acked) and not probe:
            if step.seq < (self.highest or 0):
                self._twice.update(
                    first for first, sent in self._sent.items() if first < step.stop and step.seq < first + sent.length
                )
            self._sent[step.seq] = step.observed
            if len(self._sent) > MAX_UNACKNOWLEDGED:
                self._forget(next(iter(self._sent)))
        self.highest = max(step.stop, self.highest or 0)
        self.largest = max(self.largest, step.observed.length)
        self.latest_ns = step.observed.time_ns

    def hears(self, step: Step) -> None:
        """Take in what a segment of the other end says about this one's data."""
        self.unheard, self.latest_ns = "", step.observed.time_ns
        if step.ack is None:
            return
        if step.ack > self.acked:
            self.acked, self.acked_ns, self.repeats, self.probe = step.ack, step.observed.time_ns, 0, ""
            while self._sent and (first := next(iter(self._sent))) < step.ack:
                self._forget(first)
            self.recover = None if self.recover is None or step.ack >= self.recover else self.recover
        elif step.stop == step.seq and not step.window_change and step.ack == self.acked < (self.highest or 0):
            self.repeats += 1
        self.sacked = max([self.sacked, *(stop for _, stop in step.sack)])
        if step.ack >= self.acked:
            self.window = step.room

    def _forget(self, seq: int) -> None:
        del self._sent[seq]
        self._twice.discard(seq)


def pair() -> tuple[Sending, Sending]:
    """Both ends of a conversation."""
    one, other = Sending(), Sending()
    one.peer, other.peer = other, one
    return one, other
