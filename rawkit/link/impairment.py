"""What a bad wire does to frames, as decisions: pure, seeded, without a clock of its own."""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from itertools import count
from random import Random
from typing import NamedTuple

from rawkit.capture.offload import Offload
from rawkit.clock import NANOSECONDS
from rawkit.errors import FieldError
from rawkit.wire.checksum import checksum

KEPT_DECISIONS = 100_000
"""The last ones, in `decisions`; `counts` are of all."""


class Content(NamedTuple):
    """What travels: a frame's octets, what is still to be done to them, and whatever else belongs to it (untouched)."""

    octets: bytes
    offload: Offload | None = None
    origin: object = None


class Decision(NamedTuple):
    """What became of one frame. `due_ns` is when each of its copies arrives; there are none of one that was lost."""

    number: int
    """Counts from 1, in the order in which frames came."""
    came_ns: int
    due_ns: tuple[int, ...]
    what: tuple[str, ...]
    """Of "lost", "queue full", "delayed", "reordered", "duplicated", "corrupted", "not corrupted: a super-segment"."""
    bit: int | None = None
    """Which one was flipped, counted from the first octet's highest."""

    def __str__(self) -> str:
        return f"frame {self.number}: {', '.join(self.what) or 'passed'}"


@dataclass
class Impairment:
    """A wire's faults in one direction. Each chance has dice of its own: switching one on changes no other's outcome.

    >>> bad = Impairment(loss=0.5, seed=1)
    >>> [str(bad.offer(Content(bytes(60)), now_ns=0)) for _ in range(3)]
    ['frame 1: passed', 'frame 2: passed', 'frame 3: lost']
    >>> len(bad.due(now_ns=0)), bad.counts["lost"]
    (2, 1)
    """

    loss: float = 0.0
    """Chance from 0 to 1 that a frame does not arrive. So are `duplication`, `corruption` and `reordering`."""
    _: KW_ONLY
    delay_ns: int = 0
    jitter_ns: int = 0
    """Up to so much is added to or taken from the delay, evenly. It alone never changes the order of frames."""
    reordering: float = 0.0
    """Chance that a frame is held back, so that those after it may overtake it."""
    reordering_ns: int = 1_000_000
    """For how long it is."""
    duplication: float = 0.0
    corruption: float = 0.0
    """Chance that one bit is flipped. An unfinished checksum is finished first, or it would make the damage right."""
    rate_bits: int | None = None
    """Bits a second; None: as fast as they come."""
    queue: int = 1_000
    """Frames that may wait for their turn at that rate; what comes beyond them is lost."""
    seed: int | str = 0
    log: Callable[[Decision], object] | None = None
    """Called with every decision."""
    decisions: deque[Decision] = field(default_factory=lambda: deque(maxlen=KEPT_DECISIONS), init=False, repr=False)
    counts: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    """How many frames came ("offered"), how many arrived or will ("copies"), and how many met with what."""

    def __post_init__(self) -> None:
        for name in ("loss", "reordering", "duplication", "corruption"):
            if not 0 <= getattr(self, name) <= 1:
                raise FieldError(f"{name}: {getattr(self, name)!r}; a chance from 0 to 1")
        for name in ("delay_ns", "jitter_ns", "reordering_ns", "queue"):
            if getattr(self, name) < 0:
                raise FieldError(f"{name}: {getattr(self, name)!r}; not below 0")
        if self.rate_bits is not None and self.rate_bits <= 0:
            raise FieldError(f"rate_bits: {self.rate_bits!r}; more than 0, or None for no limit")
        names = ("loss", "jitter", "reordering", "duplication", "corruption", "bit")
        self._dice = {name: Random(f"{self.seed}/{name}") for name in names}
        self._under_way: list[tuple[int, int, Content]] = []
        self._ticket = count()
        self._last_due_ns = 0
        self._free_at_ns = 0
        self._leaving: deque[int] = deque()

    def offer(self, content: Content, now_ns: int) -> Decision:
        """Decide about a frame that comes now; what arrives of it is had from `due` when its time has come."""
        self.counts["offered"] += 1
        number = self.counts["offered"]
        if self._chance("loss"):
            return self._decided(Decision(number, now_ns, (), ("lost",)))
        leaves_ns = self._leaves(len(content.octets), now_ns)
        if leaves_ns is None:
            return self._decided(Decision(number, now_ns, (), ("queue full",)))
        what: list[str] = []
        bit = None
        if self._chance("corruption"):
            content, bit = self._corrupted(content)
            what.append("not corrupted: a super-segment" if bit is None else "corrupted")
        due_ns = self._arrives(leaves_ns, what)
        copies = 2 if self._chance("duplication") else 1
        if copies == 2:
            what.append("duplicated")
        for _ in range(copies):
            heapq.heappush(self._under_way, (due_ns, next(self._ticket), content))
        self.counts["copies"] += copies
        return self._decided(Decision(number, now_ns, (due_ns,) * copies, tuple(what), bit))

    def due(self, now_ns: int) -> list[Content]:
        """Take out what has arrived by now, in order."""
        arrived = []
        while self._under_way and self._under_way[0][0] <= now_ns:
            arrived.append(heapq.heappop(self._under_way)[2])
        return arrived

    @property
    def next_ns(self) -> int | None:
        """When the next frame arrives; None: none is under way."""
        return self._under_way[0][0] if self._under_way else None

    @property
    def under_way(self) -> int:
        """Frames decided about that have not been taken out yet."""
        return len(self._under_way)

    def _chance(self, name: str) -> bool:
        return bool(self._dice[name].random() < getattr(self, name)) if getattr(self, name, 0) else False

    def _leaves(self, octets: int, now_ns: int) -> int | None:
        """When the last bit is on the wire, at the rate given; None: too many wait already."""
        if self.rate_bits is None:
            return now_ns
        while self._leaving and self._leaving[0] <= now_ns:
            self._leaving.popleft()
        if len(self._leaving) > self.queue:  # the first of them is not waiting, it is on its way
            return None
        self._free_at_ns = max(self._free_at_ns, now_ns) + octets * 8 * NANOSECONDS // self.rate_bits
        self._leaving.append(self._free_at_ns)
        return self._free_at_ns

    def _arrives(self, leaves_ns: int, what: list[str]) -> int:
        jitter_ns = self._dice["jitter"].randint(-self.jitter_ns, self.jitter_ns) if self.jitter_ns else 0
        delay_ns = max(self.delay_ns + jitter_ns, 0)
        if delay_ns:
            what.append("delayed")
        in_order_ns = max(leaves_ns + delay_ns, self._last_due_ns)
        if self._chance("reordering"):
            what.append("reordered")
            return in_order_ns + self.reordering_ns
        self._last_due_ns = in_order_ns
        return in_order_ns

    def _corrupted(self, content: Content) -> tuple[Content, int | None]:
        """With one bit flipped, and which; a super-segment stays whole, since its pieces' checksums are made later."""
        octets, offload, _ = content
        if not octets or (offload is not None and offload.segment_size):
            return content, None
        if offload is not None and offload.is_partial:
            octets = finished(octets, offload)
        bit = self._dice["bit"].randrange(len(octets) * 8)
        damaged = bytearray(octets)
        damaged[bit // 8] ^= 0x80 >> bit % 8
        return content._replace(octets=bytes(damaged), offload=None), bit

    def _decided(self, decision: Decision) -> Decision:
        for what in decision.what:
            self.counts[what] += 1
        self.decisions.append(decision)
        if self.log is not None:
            self.log(decision)
        return decision


def finished(octets: bytes, offload: Offload) -> bytes:
    """The frame with its checksum as a network card would finish it: over everything from `checksum_start` on.

    The pseudo-header's sum stands in the field already, so it is summed up with the rest (linux/virtio_net.h).
    """
    at = offload.checksum_start + offload.checksum_offset
    if at + 2 > len(octets):
        return octets  # whoever asked for it named no place in the frame
    whole = checksum(octets[offload.checksum_start :]) or 0xFFFF  # as zero it would mean that there is none (RFC 768)
    return octets[:at] + whole.to_bytes(2, "big") + octets[at + 2 :]
