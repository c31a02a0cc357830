"""What a socket hides, named packet by packet: sent again and why, out of order, delayed, no room, probes.

A segment is compared with what both ends had sent before it, as the capture saw it; nothing is guessed from a packet
alone. Times are those at the place of the capture: what travels is older where it was sent and younger where it
arrives, so that a delay is measured against the shortest one seen.
"""

from __future__ import annotations

from rawkit.analysis.marks import COPY, Mark
from rawkit.analysis.observed import ACK
from rawkit.analysis.tcp.sending import DUPLICATES, MIN_TIMEOUT_NS, Gap, Sending, pair
from rawkit.analysis.tcp.steps import Side, Step
from rawkit.analysis.words import octets
from rawkit.show.times import span

DELAY_NS = 25_000_000
"""An acknowledgement that comes so much later than the quickest one was held back: Linux waits 40 ms at least."""

LONGEST_DELAY_NS = 500_000_000
"""And nobody waits longer (RFC 1122 section 4.2.3.2)."""

PROBES = {"keep-alive": "keep-alive: are you there?", "window probe": "window probe: is there room?"}


def marks(steps: list[Step], sides: tuple[Side, Side]) -> list[tuple[Mark, ...]]:
    """The marks of each step. `sides`: what each end had sent when the capture ended."""
    marker = Marker(sides)
    return [marker.mark(step) if step.segment else marker.hear(step) for step in steps]


class Marker:
    """Goes through a conversation's segments in the order of the capture."""

    def __init__(self, sides: tuple[Side, Side]) -> None:
        self.sides = sides
        self.ends = pair()
        self.last: Step | None = None

    def hear(self, step: Step) -> tuple[Mark, ...]:
        """What is no segment (an ICMP error, or a later piece of one that IP cut): it may explain later marks."""
        if step.observed.mtu:
            told = self.ends[1 - step.end]
            told.too_large = told.highest
        return ()

    def mark(self, step: Step) -> tuple[Mark, ...]:
        """What is hidden about `step`."""
        if step.ghost:
            return (Mark("ghost", "ghost: of an older connection between these ports"),)
        own, other = self.ends[step.end], self.ends[1 - step.end]
        step.room = own.room(step)
        if step.stray:
            found = [Mark("stray SYN", "stray: there is one already")]
        else:
            found = self._reset(step, own) if step.rst else self._segment(step, own, other)
        self.last = step
        return tuple(found)

    def _segment(self, step: Step, own: Sending, other: Sending) -> list[Mark]:
        step.copy = own.is_copy(step)
        if step.copy:
            return [COPY]
        probe = own.probing(step)
        step.asks = bool(probe)
        if step.new:
            step.after_pause = own.pushed_full and own.quiet_ns(step) > DELAY_NS
            step.full = own.pushed_full = step.push and own.fills(step)
        found = [Mark(probe, PROBES[probe])] if probe else [*self._crossing(step, own, other), *self._sent(step, own)]
        if step.has(ACK) and not probe:
            found += self._acknowledgement(step, own, other)
        if step.observed.window == 0 and not step.syn:
            found.append(Mark("zero window", "no room: zero window"))
        own.sends(step, probe)
        other.hears(step)
        return found

    # -- what is sent -------------------------------------------------------------------------------------------------

    def _crossing(self, step: Step, own: Sending, other: Sending) -> list[Mark]:
        """Both ends at once."""
        if step.syn and not step.has(ACK) and other.asked and not own.asked:
            return [Mark("simultaneous open", "simultaneous open")]
        if step.fin and other.fin is not None and own.fin is None and step.ack is not None and step.ack <= other.fin:
            return [Mark("simultaneous close", "simultaneous close")]
        return []

    def _sent(self, step: Step, own: Sending) -> list[Mark]:
        """What its numbers say."""
        found = []
        if own.highest is not None and (step.stop > step.seq or step.seq > own.highest):
            found += self._again_or_late(step, own)
        if step.new and own.edge is not None and step.stop == own.edge and own.window:
            found.append(Mark("window full", "window full"))
        pieces = own.pieces(step)
        if pieces > 1:
            found.append(Mark("super-segment", f"super-segment: {pieces} segments"))
        return found

    def _again_or_late(self, step: Step, own: Sending) -> list[Mark]:
        assert own.highest is not None
        if step.beyond:
            return []
        if step.syn and step.has(ACK) and own.asked and not own.answered:
            return []  # the SYN ACK of a simultaneous open has the number of the SYN before it
        if step.seq >= own.highest:
            return [self._gap(step, own)] if step.seq > own.highest else []
        if step.new == step.observed.length > 0:
            return [_late(step, own, own.gap_at(step.seq))]
        return [_again(step, own)]

    def _gap(self, step: Step, own: Sending) -> Mark:
        """Numbers before it that have not been seen."""
        assert own.highest is not None
        own.opens(Gap(own.highest, step.seq, step.observed.time_ns, step.observed.identification))
        missing = octets(step.seq - own.highest)
        side = self.sides[step.end]
        if side.seen.has(max(1, own.highest), step.seq):
            return Mark("gap", f"{missing} before it come later")
        if side.acked >= step.seq:
            return Mark("lost in the capture", f"{missing} before it are not in the capture")
        return Mark("gap", f"{missing} before it are missing")

    # -- what is acknowledged -----------------------------------------------------------------------------------------

    def _acknowledgement(self, step: Step, own: Sending, other: Sending) -> list[Mark]:
        assert step.ack is not None
        found = _sack(step, other)
        if step.unseen and self.sides[1 - step.end].spoke:
            found.append(Mark("ACK of unseen"))
        if not step.repeats_ack:
            return [*found, *_progress(step, own.held_back(step))]
        return found if step.stop > step.seq else [*found, *self._repeated(step, own, other)]

    def _repeated(self, step: Step, own: Sending, other: Sending) -> list[Mark]:
        """A pure acknowledgement of nothing new."""
        if step.overtaken:
            return []
        if other.probe:
            name, other.probe = f"{other.probe} answer", ""
            return [Mark(name, name)]
        if step.window_change:
            room = f": room for {octets(step.room)}" if step.room else ""
            return [Mark("window update", f"window update{room}")]
        if self.last is not None and self.last.end != step.end and not step.sack and own.challenged_by(self.last):
            return [Mark("challenge ACK", "challenge ACK")]
        if other.highest is not None and step.ack is not None and step.ack < other.highest:
            return [Mark("duplicate ACK", f"duplicate ACK {other.repeats + 1}")]
        return []

    def _reset(self, step: Step, own: Sending) -> list[Mark]:
        if step.refuses:
            return [Mark("refused")]
        if step.forged:
            return [Mark("forged reset", "its sender goes on: most likely forged")]
        last = self.last
        answers = last is not None and last.end != step.end and last.has(ACK) and last.observed.ack == step.observed.seq
        if answers and not step.has(ACK):
            return [Mark("not mine", "it has no such connection")]
        if own.unheard:
            return [Mark("given up", f"nobody answered its {own.unheard}s")]
        return [Mark("reset")]


def _progress(step: Step, held: int | None) -> list[Mark]:
    """An acknowledgement of something new; `held`: the time for which it was held back."""
    if step.stop > step.seq:
        return [Mark("piggy-backed ACK")] if step.acked and step.new else []
    if held is not None and DELAY_NS <= held <= LONGEST_DELAY_NS:
        return [Mark("delayed ACK", f"most likely a delayed ACK ({span(held)})")]
    return []


def _again(step: Step, own: Sending) -> Mark:
    """Numbers that were sent before."""
    before = own.last_sending(step.seq)
    observed = step.observed
    if step.stop <= own.acked:
        return _spurious(elapsed(own.acked_ns, observed.time_ns))
    if step.stop <= (own.too_large or 0):
        return Mark("retransmission", "retransmission (in pieces that fit)")
    if own.asked_for(step.seq):
        return _fast(own)
    waited = None if before is None else elapsed(before.time_ns, observed.time_ns)
    if waited is None:
        return Mark("retransmission", "retransmission")
    if waited >= MIN_TIMEOUT_NS:
        return Mark("retransmission", f"retransmission (timer, {span(waited)})")
    return Mark("retransmission", f"retransmission (after {span(waited)}: a probe, or an early timer)")


def _spurious(since_ack_ns: int | None) -> Mark:
    """What had been acknowledged: so recently that the two may have crossed, or so long ago that its sender waited."""
    why = "spurious retransmission: it had been acknowledged"
    if since_ack_ns is not None and since_ack_ns >= MIN_TIMEOUT_NS:
        why = "retransmission: its acknowledgement was lost, or is late"
    return Mark("spurious retransmission", why)


def _fast(own: Sending) -> Mark:
    own.recover = own.highest
    asked = f"{own.repeats} duplicate ACKs" if own.repeats >= DUPLICATES else "SACK" if own.sacked else "partial ACK"
    return Mark("fast retransmission", f"fast retransmission ({asked})")


def _late(step: Step, own: Sending, gap: Gap | None) -> Mark:
    """Data that was not seen before, in a gap: overtaken on its way, or sent again after the first copy was lost."""
    observed = step.observed
    earlier = None if gap is None else sent_earlier(observed.identification, gap.identification)
    waited = None if gap is None else elapsed(gap.time_ns, observed.time_ns)
    if earlier:
        return Mark("out of order", "out of order")
    if own.asked_for(step.seq):
        return _fast(own)
    if earlier is False or (waited is not None and waited >= MIN_TIMEOUT_NS):
        after = f", {span(waited)}" if waited is not None and waited >= MIN_TIMEOUT_NS else ""
        return Mark("retransmission", f"retransmission (the first copy was lost before the capture{after})")
    return Mark("out of order", "out of order")


def _sack(step: Step, other: Sending) -> list[Mark]:
    """RFC 2883 section 4: a block below the acknowledgement, or inside the next one, is a duplicate's."""
    blocks, found = step.sack, list[Mark]()
    if len(blocks) < len(step.observed.options.sack):
        found.append(Mark("SACK of unseen", "SACK of octets never seen here"))
    if not blocks:
        return found
    assert step.ack is not None
    first = blocks[0]
    inside = any(low <= first[0] and first[1] <= high for low, high in blocks[1:2])
    if first[1] <= step.ack or inside:
        found.append(Mark("D-SACK", f"D-SACK: got {numbers(first)} twice" if first[0] > 0 else beyond_data(first)))
        blocks = blocks[1:]
    if blocks:
        found.append(Mark("SACK", f"SACK: has {', '.join(numbers(block) for block in blocks)}"))
    return found


def beyond_data(block: tuple[int, int]) -> str:
    """Of a duplicate that is no data of this connection."""
    return "D-SACK: got the SYN twice" if block == (0, 1) else "D-SACK: got what it has no use for"


def numbers(block: tuple[int, int]) -> str:
    """`1,461 to 2,920`: a block's first and last number."""
    return f"{block[0]:,} to {block[1] - 1:,}"


def sent_earlier(identification: int | None, other: int | None) -> bool | None:
    """Whether a packet was sent before another, by IP's identification; None where that does not tell."""
    if not identification or not other:
        return None
    ahead = (other - identification) % 65536
    return None if ahead == 0 or 1024 < ahead < 65536 - 1024 else ahead <= 1024


def elapsed(start: int | None, stop: int | None) -> int | None:
    """Nanoseconds; None where a time is not known, or a clock was put back (or is another's)."""
    return None if start is None or stop is None or stop < start else stop - start
