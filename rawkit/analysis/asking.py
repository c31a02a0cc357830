"""What a packet says by itself of who asked: a request of a new connection, an answer, a port that serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rawkit.analysis.observed import ACK, SYN, Address, Observed
from rawkit.protocols.services import UDP_SERVERS

if TYPE_CHECKING:
    from rawkit.analysis.conversations import Conversation


def starts_anew(conversation: Conversation, observed: Observed) -> bool:
    """Whether a segment opens another connection between the same end points: a SYN with another first number.

    A request (SYN without ACK) from an end that has sent already; the same number again is the same request again, but
    for a replay of what is over. An end that has only acknowledged the other's request, and now asks itself, goes on
    with it: a split handshake.
    """
    if observed.flags & (SYN | ACK) != SYN or observed.source not in conversation.initial:
        return False
    known = conversation.initial[observed.source]
    if known is None and conversation.split == observed.source:
        return False
    if known == observed.seq:
        return conversation.is_replayed(observed)
    return not conversation.has_stray(observed)


def is_answer(observed: Observed) -> bool:
    """Whether a packet shows by itself that its sender was asked: SYN ACK, or a datagram from a service's port."""
    if observed.protocol == "udp":
        return bool(serves(observed.source, observed.destination))
    return observed.kind == "tcp" and observed.flags & (SYN | ACK) == SYN | ACK


def to_many(destination: Address) -> bool:
    """Whether an address stands for more than one host: multicast (RFC 5771, RFC 4291 section 2.7) or broadcast."""
    address = destination[0]
    if ":" in address:
        return address.lower().startswith("ff")
    first = int(address.partition(".")[0])
    return 224 <= first <= 239 or address == "255.255.255.255"


def serves(end: Address, other: Address) -> Literal["likely", "possible", ""]:
    """How surely `end` is the one that serves, by the ports of UDP alone; "" where they do not tell.

    Likely, where its port is registered for a service and the other's is not. Else possible, where its port is a system
    port and the other's is not (RFC 6335 section 6: 0 to 1023): clients have such ports, too, that want to show that
    root began them, as those of NFS. What goes to many answers nobody in particular.
    """
    if to_many(other):
        return ""
    here, there = (port in UDP_SERVERS for _, port in (end, other))
    if here != there:
        return "likely" if here else ""
    return "possible" if 0 < end[1] < 1024 <= other[1] else ""


def who_serves(ends: tuple[Address, Address]) -> list[str]:
    """What is to be said of the roles of two ends of UDP, where `ends[1]` serves by its port."""
    port, sure = ends[1][1], serves(ends[1], ends[0])
    why = f"port {port} is registered as {UDP_SERVERS.get(port)}" if sure == "likely" else "one is below 1024"
    return [f"Which end is the client is taken from the ports, and {sure}: {why}."] if sure else []
