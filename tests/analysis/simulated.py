"""Two TCP ends and a bad way between them, simulated from a seed: what a capture somewhere on that way has.

    client ---- leg 0 ---- capture ---- leg 1 ---- server

The ends are as simple as they can be and still do by themselves what the ladder names: they acknowledge every second
segment or after 40 ms, send again after a timer or three duplicate ACKs, stop at the window's end, ask for room, say
when there is some, and ask at last whether the other end is still there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from random import Random

from rawkit.capture import Frame
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.tcp import TCP
from rawkit.protocols.tcp_options import SACK
from rawkit.wire import Packet
from tests.analysis.talk import INTERFACE, Talker, talkers

MS = 1_000_000
SIZE = 1000
"""Octets of data in a segment."""

TIMEOUT_NS = 250 * MS
LONGEST_NS = 30_000 * MS
"""Virtual time after which nothing new begins."""


@dataclass(frozen=True)
class Weather:
    """How bad the way is: probabilities by packet; `lost`, `late` and `twice` of each leg, `unseen` of the capture."""

    lost: tuple[float, float] = (0, 0)
    late: tuple[float, float] = (0, 0)
    twice: float = 0
    """Of the capture: the same packet recorded a second time, as a mirror port does."""
    unseen: float = 0


@dataclass(frozen=True)
class Habits:
    """What the ends do. `room`: octets of their buffers; `read_ns`: how long after data came a program reads it."""

    octets: tuple[int, int] = (20_000, 5_000)
    room: int = 20_000
    read_ns: int = 0
    sack: bool = False
    probe: bytes = b""
    """What a question (keep-alive, window probe) carries: an octet, or none."""
    next_octet: bool = False
    """Window probes are the next octet of data, not the last one again."""
    keep_alives: int = 0
    again: bool = False
    """A second connection between the same ports follows."""


@dataclass(frozen=True)
class Said:
    """A segment on its way."""

    flags: str
    seq: int
    ack: int | None
    size: int
    window: int
    blocks: tuple[tuple[int, int], ...]

    @property
    def stop(self) -> int:
        return self.seq + self.size + ("S" in self.flags) + ("F" in self.flags)


class World:
    """Time, the way, and the capture."""

    def __init__(self, seed: str, weather: Weather, habits: Habits) -> None:
        self.dice, self.weather, self.habits = Random(seed), weather, habits
        self.now = 0
        self.frames: list[Frame] = []
        self._agenda: list[tuple[int, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, delay: int, do: Callable[[], None]) -> None:
        self._count += 1
        heappush(self._agenda, (self.now + delay, self._count, do))

    def run(self) -> list[Frame]:
        """Everything until nobody has anything more to do."""
        for times in range(1 + self.habits.again):
            ends = [Peer(self, end, say) for end, say in enumerate(talkers(client_isn=1_000 + times * 2**30))]
            ends[0].other, ends[1].other = ends[1], ends[0]
            ends[0].asks()
            started = self.now
            while self._agenda and self.now < started + LONGEST_NS:
                self.now, _, do = heappop(self._agenda)
                do()
            self._agenda.clear()
        return self.frames

    def travels(self, packet: Packet, end: int, arrives: Callable[[], None]) -> None:
        """From its end's leg past the capture over the other leg."""

        def passes() -> None:
            self._record(packet)
            self._leg(1 - end, arrives)

        self._leg(end, passes)

    def _leg(self, leg: int, then: Callable[[], None]) -> None:
        if self.dice.random() >= self.weather.lost[leg]:
            late = self.dice.random() < self.weather.late[leg]
            self.at((1 + 4 * leg) * MS + late * 2 * MS, then)

    def _record(self, packet: Packet) -> None:
        copies = 0 if self.dice.random() < self.weather.unseen else 1 + (self.dice.random() < self.weather.twice)
        octets = bytes(packet)
        for _ in range(copies):
            self.frames.append(Frame(len(self.frames) + 1, self.now, octets, len(octets), INTERFACE))


class Peer:
    """One end: a sender and a receiver. Numbers count from the SYNs."""

    other: Peer

    def __init__(self, world: World, end: int, say: Talker) -> None:
        self.world, self.end, self.say, self.habits = world, end, say, world.habits
        self.last = 1 + world.habits.octets[end]
        """The number of its FIN."""
        self.una = self.next = 0
        self.edge = 0
        self.repeats = 0
        self.recover = 0
        self.timer = 0
        self.patience = TIMEOUT_NS
        self.got = 0
        self.early: dict[int, int] = {}
        self.unread = 0
        self.owed = 0
        self.questions = world.habits.keep_alives if end == 0 else 0
        self.idle_until = 0
        self.identification = 100 + 20_000 * end
        self.shut = False

    # -- what it sends ------------------------------------------------------------------------------------------------

    def asks(self) -> None:
        self._sends("S", 0)
        self.next = 1
        self._winds()

    @property
    def room(self) -> int:
        left = self.habits.room - self.unread
        return left if left >= SIZE or left == self.habits.room else 0

    def _sends(self, flags: str, seq: int, size: int = 0) -> None:
        blocks = tuple(sorted(self.early.items()))[:3] if self.habits.sack else ()
        said = Said(flags, seq, self.got if "A" in flags else None, size, self.room, blocks)
        data = bytes((seq + at) % 251 for at in range(size))
        packet = self.say(flags, seq, said.ack, data, said.window)
        if blocks:
            base = self.other.say.isn
            packet = packet.replace(TCP, options=[SACK([(base + low, base + high) for low, high in blocks])])
        self.identification += 1
        packet = packet.replace(IPv4, identification=self.identification)
        self.owed = 0
        self.world.travels(packet, self.end, lambda: self.other.hears(said))

    def _pushes(self) -> None:
        """New data as far as there is room, then the end."""
        while self.next < min(self.last, self.edge):
            size = min(SIZE, self.last - self.next, self.edge - self.next)
            self._sends("PA" if self.next + size == self.last else "A", self.next, size)
            self.next += size
        if self.next == self.last == self.una and not self.shut and self._may_close():
            self._sends("FA", self.next)
            self.next += 1
            self.shut = True
        self._winds()

    def _may_close(self) -> bool:
        """The client asks its questions first, and the server closes after the client."""
        if self.end == 1:
            return self.got > self.other.last
        if self.questions and self.idle_until <= self.world.now:
            self.questions -= 1
            self.idle_until = self.world.now + 5_100 * MS
            self.world.at(5_000 * MS, self._question)
            self.world.at(5_100 * MS, self._pushes)
        return self.got >= self.other.last and self.idle_until <= self.world.now

    def _question(self) -> None:
        self._sends("A", self.una - len(self.habits.probe or b"x"), len(self.habits.probe))

    def _again(self) -> None:
        """The first that is not acknowledged."""
        if self.una == 0:
            self._sends("S" if self.end == 0 else "SA", 0)
        elif self.una == self.last:
            self._sends("FA", self.una)
        else:
            self._sends("A", self.una, min(SIZE, self.last - self.una, self.next - self.una))

    def _winds(self) -> None:
        """The timer: for what is not acknowledged, or for room."""
        self.timer += 1
        mine = self.timer
        if self.una < self.next or (1 <= self.una < self.last):
            self.world.at(self.patience, lambda: self._rings() if self.timer == mine else None)

    def _rings(self) -> None:
        self.patience = min(2 * self.patience, 4_000 * MS)
        if self.una < self.next:
            self._again()
        elif self.habits.next_octet:
            self._sends("A", self.una, 1)
        else:
            self._question()
        self._winds()

    # -- what it hears ------------------------------------------------------------------------------------------------

    def hears(self, said: Said) -> None:
        if "S" in said.flags:
            self.got = max(self.got, 1)
            self.next = max(self.next, 1)
            self._sends(*(("SA", 0) if self.end == 1 else ("A", 1)))
        elif said.stop > said.seq or said.seq < self.got:
            self._takes(said)
        if said.ack is not None:
            self._is_told(said)

    def _takes(self, said: Said) -> None:
        fresh = said.seq <= self.got < said.stop
        if said.stop > self.got and said.size > self.room:
            self._sends("A", self.next)  # no room: thrown away
            return
        if said.seq > self.got:
            self.early[said.seq] = said.stop
        before = self.got
        if fresh:
            self.got = said.stop
            while self.got in self.early:
                self.got = self.early.pop(self.got)
        self.unread += min(self.got, self.other.last) - min(before, self.other.last)
        if self.got > before:
            self.world.at(self.habits.read_ns, self._reads)
        self.owed += 1
        if not fresh or self.owed >= 2 or "F" in said.flags or self.got - before != said.size:
            self._sends("A", self.next)
        else:
            self.world.at(40 * MS, lambda: self._sends("A", self.next) if self.owed else None)
        if "F" in said.flags or self.got >= self.other.last:
            self._pushes()

    def _reads(self) -> None:
        full, self.unread = self.room == 0, 0
        if full:
            self._sends("A", self.next)

    def _is_told(self, said: Said) -> None:
        assert said.ack is not None
        same_room, self.edge = self.edge == said.ack + said.window, max(self.edge, said.ack + said.window)
        if said.ack > self.una:
            self.una, self.repeats, self.patience = said.ack, 0, TIMEOUT_NS
            self.next = max(self.next, said.ack)
            if self.una < self.recover:
                self._again()
        elif said.ack == self.una < self.next and said.size == 0 and same_room:
            self.repeats += 1
            if self.repeats == 3 and self.una >= self.recover:
                self.recover = self.next
                self._again()
        if self.una >= 1:
            self._pushes()


def simulated(seed: str, weather: Weather, habits: Habits) -> list[Frame]:
    """The frames of a capture."""
    return World(seed, weather, habits).run()
