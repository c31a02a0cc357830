"""Packets that belong to a conversation though they are not between its end points.

Before a first packet can be sent, its kernel asks for the neighbour's network card (ARP, NDP), and the program for the
address behind a name (DNS). Such packets are remembered while a capture is gathered, and then shown where they were.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rawkit.analysis.observed import Address, Observed, innermost, innermost_ends
from rawkit.protocols.arp import ARP
from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.icmpv6 import ICMPv6
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.ndp import NeighborAdvertisement, NeighborSolicitation
from rawkit.protocols.ndp_options import SourceLinkLayerAddress, TargetLinkLayerAddress
from rawkit.protocols.udp import UDP

if TYPE_CHECKING:
    from rawkit.capture import Frame
    from rawkit.wire import Packet

MAX_COMPANIONS = 10_000
"""Remembered at a time; the oldest are forgotten first."""

DNS_PORT = 53

CARD_OPTIONS = (SourceLinkLayerAddress, TargetLinkLayerAddress)


@dataclass(slots=True)
class Companion:
    """One such packet. `asker` wanted to reach one of `about`; `hardware` is the network card that was found."""

    observed: Observed
    asker: str
    about: frozenset[str]
    hardware: str = ""
    layer: str = ""
    """What its last header is called."""


class Companions:
    """Those of a capture, in its order; and what else of the capture a conversation needs."""

    def __init__(self) -> None:
        self._kept: deque[Companion] = deque(maxlen=MAX_COMPANIONS)
        self._asked: dict[tuple[str, int, str], Companion] = {}
        self._cards: dict[str, str] = {}
        """IP address -> the network card that answered for it."""
        self.until_ns: int | None = None
        """When the capture ended."""

    def add(self, frame: Frame) -> None:
        """Remember a frame, if it is one."""
        packet = frame.packet
        if ARP in packet:
            self._keep(_arp(frame, packet), packet)
        elif ICMPv6 in packet:
            self._keep(_ndp(frame, packet), packet)
        else:
            network, transport = innermost_ends(packet)
            if isinstance(transport, UDP) and DNS_PORT in (transport.sport, transport.dport):
                self._keep_dns(frame, network, transport)

    def _keep(self, found: Companion | None, packet: Packet) -> None:
        if found is not None:
            found.layer = innermost(packet)
            self._kept.append(found)
            if found.hardware:
                self._learn(found)

    def _learn(self, found: Companion) -> None:
        """The card that an address is at; another than before is a conflict (RFC 5227 section 2.4), or a move."""
        (address,) = found.about
        before = self._cards.get(address, found.hardware)
        if before != found.hardware:
            words = f"{found.observed.words} and was at {before}: an address conflict, or a move"
            found.observed = found.observed._replace(words=words)
        self._cards[address] = found.hardware

    def _keep_dns(self, frame: Frame, network: Any, transport: UDP) -> None:
        """A question is about what its answer says."""
        message: Any = frame.packet.application
        if getattr(message, "wireshark", "") != "dns" or not message.questions:
            return
        question = message.questions[0]
        answers = frozenset(str(record.text) for record in message.answers if record.type in ("A", "AAAA"))
        is_answer = transport.sport == DNS_PORT
        asker = str(network.dst if is_answer else network.src)
        key = (asker, message.id, question.name)
        wanted = f"{question.type} {question.name}"
        words = f"answers {wanted}: {_listed(answers)}" if is_answer else f"asks for {wanted}"
        found = Companion(_observed(frame, "dns", str(network.src), str(network.dst), words), asker, answers)
        self._kept.append(found)
        if not is_answer:
            self._asked[key] = found
        elif key in self._asked:
            self._asked.pop(key).about = answers

    def of(self, ends: tuple[Address, Address], cards: frozenset[str]) -> Iterator[Companion]:
        """Those of a conversation between `ends`, whose first frame went between the network cards `cards`."""
        here = {address for address, _ in ends}
        for companion in self._kept:
            if companion.asker in here and self._concerns(companion, here - {companion.asker}, cards):
                yield companion

    def _concerns(self, companion: Companion, others: set[str], cards: frozenset[str]) -> bool:
        if companion.about & others:
            return True
        resolved = {self._cards.get(address, "") for address in companion.about}
        return companion.observed.kind != "dns" and bool(resolved & cards)


def cards_of(packet: Packet) -> frozenset[str]:
    """The network cards that a frame went between."""
    ethernet = packet.get(Ethernet)
    return frozenset() if ethernet is None else frozenset({str(ethernet.src), str(ethernet.dst)})


def _observed(frame: Frame, kind: str, source: str, destination: str, words: str) -> Observed:
    octets = max(frame.wire_length, len(frame.octets))
    where = ((source, 0), (destination, 0))
    return Observed(kind, kind, *where, frame.number, frame.time_ns, octets, words=words)


def _arp(frame: Frame, packet: Packet) -> Companion | None:
    """A request asks for its target, a reply tells of its sender (RFC 826)."""
    arp = packet[ARP]
    if arp.sender_ip is None or arp.target_ip is None or arp.opcode not in (1, 2):
        return None
    sender, target, card = str(arp.sender_ip), str(arp.target_ip), str(arp.sender_mac or "")
    if arp.opcode == 1:
        asks = _observed(frame, "arp", sender, target, f"asks who has {target}")
        return Companion(asks, sender, frozenset({target}))
    words = f"{sender} is at {card}"
    return Companion(_observed(frame, "arp", sender, target, words), target, frozenset({sender}), card)


def _ndp(frame: Frame, packet: Packet) -> Companion | None:
    """The same in IPv6 (RFC 4861 sections 4.3, 4.4)."""
    network = packet.get(IPv6)
    message = packet.layers[-1]
    if network is None or not isinstance(message, NeighborSolicitation | NeighborAdvertisement):
        return None
    source, target = str(network.src), str(message.target)
    card = next((str(option.mac) for option in message.options if isinstance(option, CARD_OPTIONS)), "")
    if isinstance(message, NeighborSolicitation):
        return Companion(_observed(frame, "ndp", source, target, f"asks who has {target}"), source, frozenset({target}))
    words = f"{target} is at {card}" if card else f"{target} is here"
    asker = str(network.dst)
    return Companion(_observed(frame, "ndp", target, asker, words), asker, frozenset({target}), card)


def _listed(answers: frozenset[str]) -> str:
    return ", ".join(sorted(answers)) or "no address"
