"""What a packet says by itself of who asked: a request of a new connection, an answer, a port that serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rawkit.analysis.observed import ACK, SYN, Address, Observed

if TYPE_CHECKING:
    from rawkit.analysis.conversations import Conversation


def starts_anew(conversation: Conversation, observed: Observed) -> bool:
    """Whether a segment opens another connection between the same end points: a SYN with another first number.

    A request (SYN without ACK) from an end that has sent already; the same number again is the same request again. An
    end that has only acknowledged the other's request, and now asks itself, goes on with it: a split handshake.
    """
    if observed.flags & (SYN | ACK) != SYN or observed.source not in conversation.initial:
        return False
    known = conversation.initial[observed.source]
    if known is None and conversation.split == observed.source:
        return False
    return known != observed.seq and not conversation.has_stray(observed)


def is_answer(observed: Observed) -> bool:
    """Whether a packet shows by itself that its sender was asked: SYN ACK, or a datagram from a well-known port."""
    if observed.protocol == "udp":
        return serves(observed.source, observed.destination)
    return observed.kind == "tcp" and observed.flags & (SYN | ACK) == SYN | ACK


def serves(end: Address, other: Address) -> bool:
    """Whether ports tell who serves: a well-known one here and none there (RFC 6335 section 6: 0 to 1023)."""
    return 0 < end[1] < 1024 <= other[1]
