"""Frames -> conversations, told apart by end points: address and port of both ends, never by address alone.

What is inside of a tunnel is another conversation than what is outside of it: a capture may hold both.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from heapq import merge
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from rawkit.analysis.asking import is_answer, starts_anew
from rawkit.analysis.companions import DNS_PORT, Companion, Companions, cards_of
from rawkit.analysis.observed import (
    ACK,
    FIN,
    RST,
    SYN,
    Address,
    Observed,
    datagram_of,
    innermost,
    later_fragment,
    observe,
)
from rawkit.analysis.quick import Flows, row_of
from rawkit.analysis.records import FLAGS_AT, Records
from rawkit.timeline import COMPANIONS
from rawkit.wire.verdict import checksums

if TYPE_CHECKING:
    from rawkit.capture import Frame
    from rawkit.wire import Verdict

MAX_CONVERSATIONS = 100_000
"""Conversations told apart; packets of further ones are counted as `untold`."""

MAX_KEPT_PACKETS = 2_000_000
"""Packets kept over all conversations; further ones are counted in `Conversation.left_out`."""

MAX_EXPLAINED = 50_000
"""Packets kept of one conversation, the first ones: a ladder of more is for nobody."""

EVERY_CARD = "ff:ff:ff:ff:ff:ff"

MAX_OPEN_DATAGRAMS = 1024
"""Datagrams in pieces whose conversation is remembered; the oldest goes first."""

MAX_STRAY = 1 << 16
"""A request that is no further ahead of what its end has sent is one within the connection that is open."""

LAST_NUMBERS = 1 << 16
"""Of an end whose beginning was not seen, numbers before its last that are taken to be its own."""


class Conversation:
    """Packets between two end points. `ends[0]` asked, as far as one can tell; `number` counts by first packet."""

    __slots__ = (
        *("cards", "ends", "first", "initial", "last", "left_out", "next", "number", "octets", "packets"),
        *("over", "previous", "protocol", "records", "since", "split", "together", "tunnel"),
    )

    def __init__(self, number: int, protocol: str, ends: tuple[Address, Address]) -> None:
        self.number = number
        self.protocol = protocol
        self.ends = ends
        self.records = Records(ends)
        self.packets = 0
        self.octets = 0
        """On the wire, all headers included."""
        self.tunnel = ""
        """What it is inside of: see `tunnels`."""
        self.left_out = 0
        """Packets counted and not kept: see `MAX_KEPT_PACKETS`."""
        self.initial: dict[Address, int | None] = {}
        """The sequence number of each end's SYN; None for an end that was first seen without."""
        self.next: dict[Address, int] = {}
        """The number on the wire after the last one that each end sent."""
        self.over = False
        """Whether an end has closed or reset it."""
        self.previous: Conversation | None = None
        """The one that the same ports had before."""
        self.first = self.last = 0
        """Numbers of its first and last frame."""
        self.since = 0
        """The first frame of the conversation before it between the same addresses."""
        self.cards: frozenset[str] = frozenset()
        """The network cards that its first frame went between."""
        self.together: Companions | None = None
        """What may belong to it."""
        self.split: Address | None = None
        """The end that has answered a request with a bare ACK and nothing else so far (RFC 9293 section 3.10.7.2 has
        no such answer, but some make it: the rest of the handshake is split over three more segments)."""

    def note(self, observed: Observed) -> None:
        """Note what a segment says of its end: how it began, how far it is, whether it closes."""
        if self.has_stray(observed):
            return
        self.over = self.over or bool(observed.flags & (FIN | RST))
        source, destination = observed.source, observed.destination
        if not self.of_the_last(observed):
            self.next[source] = (observed.seq + observed.length + bool(observed.flags & (SYN | FIN))) % 2**32
        bare = observed.flags == ACK and not observed.length
        if observed.flags & SYN and self.split == source:
            self.initial[source] = observed.seq
            self.split = None
        elif source not in self.initial:
            self.initial[source] = observed.seq if observed.flags & SYN else None
            asked = self.initial.get(destination) is not None
            self.split = source if bare and asked else self.split
        elif self.split == source and not bare:
            self.split = None

    def has_stray(self, observed: Observed) -> bool:
        """Whether a SYN asks within the numbers of the connection that is open: it gets a challenge, and no other.

        RFC 5961 section 4. A number far away is taken for that of an end which has begun anew.
        """
        known, sent = self.initial.get(observed.source, observed.seq), self.next.get(observed.source)
        if observed.flags & (SYN | ACK) != SYN or known == observed.seq or sent is None or self.over:
            return False
        return self.split != observed.source and (observed.seq - sent) % 2**32 < MAX_STRAY

    def of_the_last(self, observed: Observed) -> bool:
        """Whether a segment's number is one of the connection that these ports had before."""
        if self.previous is None or observed.source not in self.previous.next:
            return False
        first, stop = self.previous.initial.get(observed.source), self.previous.next[observed.source]
        span = LAST_NUMBERS if first is None else (stop - first) % 2**32
        return (stop - observed.seq) % 2**32 <= span

    @property
    def broadcast(self) -> bool:
        """Whether its first frame went to every card on the link, as to the last address of a network."""
        return EVERY_CARD in self.cards

    @property
    def companions(self) -> list[Companion]:
        """Packets that belong to it and are not between its end points: see `companions`."""
        if self.together is None:
            return []
        looks_up = any(port == DNS_PORT for _, port in self.ends)  # then its look-ups are its own packets
        found = self.together.of(self.ends, self.cards)
        near = (each for each in found if self.since < each.observed.number < self.last)
        return [each for each in near if not (looks_up and each.observed.kind == "dns")]

    @property
    def until_ns(self) -> int | None:
        """When the capture ended; None where nobody says."""
        return None if self.together is None else self.together.until_ns

    @property
    def in_order(self) -> Iterable[Observed]:
        """Its packets, and those that belong to it, in the order of the capture."""
        companions = [each.observed for each in self.companions]
        return merge(companions, self.records, key=attrgetter("number")) if companions else self.records

    def asked_first(self, observed: Sequence[Observed], at: int) -> int:
        """Where the kernel began to ask for the neighbour that packet `at` goes to; `at` where it did not."""
        first = at
        while first and observed[first - 1].kind in ("arp", "ndp"):
            first -= 1
        asks = first < at and self.sender(observed[first]) == self.sender(observed[at])
        return first if asks else at

    def sender(self, observed: Observed) -> int:
        """Which end sent it, or on whose side the sender is.

        An ICMP error comes from the side of the end that the quoted packet was meant for, an answer from a third host
        from the side that the asker is not on.
        """
        if observed.kind in COMPANIONS:
            addresses = [address for address, _ in self.ends]
            source, destination = observed.source[0], observed.destination[0]
            return addresses.index(source) if source in addresses else 1 - addresses.index(destination)
        end = 0 if observed.source == self.ends[0] else 1
        return 1 - end if observed.kind == "icmp" else end

    def __repr__(self) -> str:
        ends = " ".join(f"{address}:{port}" for address, port in self.ends)
        return f"<Conversation {self.number}: {self.protocol} {ends}, {self.packets} packets>"


class Conversations:
    """The conversations of a capture, gathered frame by frame.

    `keep`: the number of the one whose packets shall be kept, or None for all (up to `MAX_KEPT_PACKETS`). Counted:
    `frames` that were added, `others` that belong to no conversation (by protocol), and those that are `untold` because
    they came after `MAX_CONVERSATIONS`.
    """

    def __init__(self, keep: int | None = None) -> None:
        self.keep = keep
        self.all: list[Conversation] = []
        self.frames = 0
        self.others: Counter[str] = Counter()
        self.untold = 0
        self.companions = Companions()
        self._flows: Flows = {}
        self._kept = 0
        self._latest: dict[tuple[str, str], int] = {}
        """Of two addresses, the first frame of the last conversation between them."""
        self._open: dict[tuple[str, Address, Address, str], Conversation] = {}
        self._datagrams: OrderedDict[tuple[Any, ...], Observed] = OrderedDict()

    def add(self, frame: Frame) -> None:
        """Take one frame to its conversation."""
        self.frames += 1
        self.companions.until_ns = frame.time_ns
        found = row_of(frame, self._flows)
        if found is not None:
            self._add_row(frame, *found)
            return
        observed = observe(frame) or self._later_fragment(frame)
        if observed is None or observed.kind == "udp":
            self.companions.add(frame)
        if observed is None:
            self.others[_name(frame)] += 1
            return
        if observed.fragment:
            self._remember(frame, observed)
        conversation = self._find(observed)
        if conversation is None:
            self.untold += 1
            return
        if not conversation.packets:
            self._begin(conversation, frame)
        conversation.packets += 1
        conversation.octets += observed.octets
        conversation.last = frame.number
        if self.keep in (None, conversation.number):
            self._keep(conversation, observed, frame)

    def _add_row(self, frame: Frame, conversation: Conversation, end: int, after: int, row: bytes) -> None:
        """A plain segment of a conversation that is known."""
        conversation.packets += 1
        conversation.octets += len(frame.octets)
        conversation.last = frame.number
        conversation.next[conversation.ends[end]] = after
        if row[FLAGS_AT] & FIN:
            conversation.over = True
        if self.keep in (None, conversation.number):
            if self._has_room(conversation):
                conversation.records.append_row(row)
            else:
                conversation.left_out += 1

    def _has_room(self, conversation: Conversation) -> bool:
        room = self._kept < MAX_KEPT_PACKETS and len(conversation.records) < MAX_EXPLAINED
        self._kept += room
        return room

    def _begin(self, conversation: Conversation, frame: Frame) -> None:
        """What only its first frame tells."""
        low, high = sorted(address for address, _ in conversation.ends)
        conversation.first = frame.number
        conversation.since = self._latest.get((low, high), 0)
        self._latest[low, high] = frame.number
        conversation.cards = cards_of(frame.packet)
        conversation.together = self.companions

    def _keep(self, conversation: Conversation, observed: Observed, frame: Frame) -> None:
        if self._has_room(conversation):
            verdicts = checksums(frame.packet)
            bad, partial = _whose(verdicts, "bad"), _whose(verdicts, "partial")
            if bad or partial:
                observed = observed._replace(bad_checksum=bad, partial=partial)
            conversation.records.append(observed._replace(tunnel="") if observed.tunnel else observed)
        else:
            conversation.left_out += 1

    def _find(self, observed: Observed) -> Conversation | None:
        """The conversation of a packet, begun if need be."""
        source, destination = observed.source, observed.destination
        low, high = sorted((source, destination))
        key = (observed.protocol, low, high, observed.tunnel)
        conversation = self._open.get(key)
        if conversation is None or (observed.kind == "tcp" and starts_anew(conversation, observed)):
            if len(self.all) >= MAX_CONVERSATIONS:
                return conversation if conversation is not None and not observed.flags & SYN else None
            ends = (destination, source) if is_answer(observed) else (source, destination)
            before, conversation = conversation, Conversation(len(self.all) + 1, observed.protocol, ends)
            conversation.previous, conversation.tunnel = before, observed.tunnel
            self._open[key] = conversation
            self.all.append(conversation)
        if observed.kind == "tcp":
            conversation.note(observed)
            self._know(conversation, observed)
        return conversation

    def _know(self, conversation: Conversation, observed: Observed) -> None:
        """Let further segments of this end go the quick way, where nothing but the conversation itself decides."""
        if conversation.tunnel:  # the quick way knows of none
            return
        there, back = (*observed.source, *observed.destination), (*observed.destination, *observed.source)
        if conversation.split or conversation.previous:
            self._flows.pop(there, None)
            self._flows.pop(back, None)
        else:
            self._flows[there] = (conversation, conversation.sender(observed))

    def _remember(self, frame: Frame, observed: Observed) -> None:
        datagram = datagram_of(frame.packet)
        if datagram is not None and observed.kind != "fragment":
            self._datagrams[datagram] = observed
            if len(self._datagrams) > MAX_OPEN_DATAGRAMS:
                self._datagrams.popitem(last=False)

    def _later_fragment(self, frame: Frame) -> Observed | None:
        """A piece without ports belongs where the first piece of its datagram went; None when that was not seen."""
        datagram = datagram_of(frame.packet) if self._datagrams else None
        first = self._datagrams.get(datagram) if datagram is not None else None
        return later_fragment(frame, first) if first is not None else None


def _whose(verdicts: Iterable[Verdict], state: str) -> tuple[str, ...]:
    """What the headers are called whose checksum is judged so."""
    return tuple(dict.fromkeys(each.called for each in verdicts if each.state == state))


def _name(frame: Frame) -> str:
    """What a frame that belongs to no conversation is, by its innermost header."""
    return innermost(frame.packet) or frame.linktype.name


def gather(frames: Iterable[Frame], keep: int | None = None) -> Conversations:
    """All conversations of some frames."""
    found = Conversations(keep)
    for frame in frames:
        found.add(frame)
    return found


__all__ = ["Conversation", "Conversations", "gather"]
