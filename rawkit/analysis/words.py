"""What a segment did, in words: from its own numbers, and from nothing that the capture does not show."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from rawkit.analysis.observed import ACK, URG, Observed
from rawkit.analysis.tcp.steps import Step

if TYPE_CHECKING:
    from rawkit.analysis.marks import Mark

LETTERS = ((2, "SYN"), (1, "FIN"), (4, "RST"), (8, "PSH"), (32, "URG"), (16, "ACK"))
"""Flags in the order in which people say them."""


KIND_LABELS = {"udp": "UDP", "icmp": "ICMP", "fragment": "fragment", "arp": "ARP", "ndp": "NDP", "dns": "DNS"}


def label(observed: Observed) -> str:
    """`SYN ACK`; what kind of packet it is, where it is no TCP segment."""
    if observed.kind == "tcp":
        return " ".join(name for bit, name in LETTERS if observed.flags & bit) or "no flags"
    return KIND_LABELS[observed.kind]


def octets(count: int) -> str:
    """`1 octet`, `4,000 octets`."""
    return f"{count:,} octet" + ("" if count == 1 else "s")


def other_words(observed: Observed) -> str:
    """What an ICMP error, or a later piece of a packet that IP cut, says."""
    fits = f": {octets(observed.mtu)} fit" if observed.mtu else ""
    return f"{observed.words}{fits}" if observed.words else piece_words(observed)


def piece_words(observed: Observed) -> str:
    """What a piece without ports has of its datagram."""
    early = observed.number < observed.piece.first
    of = f"of the datagram that begins in packet {observed.piece.first:,}" if early else "more of it"
    return f"{octets(observed.length)} {of}{trouble(observed)}"


def trouble(observed: Observed) -> str:
    """What is wrong with a piece beside those that came before."""
    piece = observed.piece
    if piece.past:
        return ", past the end of the longest datagram"
    if not piece.before or piece.copy:
        return ""
    again = "all" if piece.before == piece.length else f"{piece.before:,}"
    return f", {again} of them again, {'with other data' if piece.other else 'with the same data'}"


def datagram_words(observed: Observed) -> str:
    """What a UDP datagram carries; of one that IP cut, its first piece; of one that is cut short, what is here."""
    if (observed.fragment or observed.cut) and observed.whole is not None:
        return f"{observed.length:,} of {octets(observed.whole)} of data{trouble(observed)}"
    return f"{octets(observed.length)} of data"


def deeds(step: Step, marks: Sequence[Mark] = ()) -> tuple[str, ...]:
    """What a TCP segment did, the most important first, and what is hidden about it."""
    names, hidden = {mark.name for mark in marks}, [mark.words for mark in marks if mark.words]
    if step.ghost:
        return tuple(hidden)
    if step.rst:
        return ("refuses the connection" if step.refuses else "resets the connection", *hidden)
    said = []
    if step.syn:
        said.append("accepts, and asks back" if step.has(ACK) and step.acks_syn else "asks for a connection")
        if step.has(ACK) and not step.acks_syn:
            said[0] = "accepts the connection"
    said += _data(step, names)
    if step.fin:
        said.append("end of data")
    if not (step.syn and step.acks_syn):
        said += _acknowledged(step, names)
    return (*said, *hidden) or (_nothing_new(step),)


def completed_words(end: object) -> str:
    """Why checksums that are wrong in the capture were accepted all the same."""
    return (
        f"Checksums of {end} are wrong here and were accepted there: the capture saw the packets before or after a "
        "network card or a kernel had to do with them (offload), or on loopback, where none are made."
    )


PARTIAL = (
    "A partial checksum is the pseudo-header's sum alone, or 0 in IPv4's header: a network card does the rest, behind "
    "the place of the capture or before it; on loopback, nobody."
)


def _data(step: Step, names: Set[str]) -> list[str]:
    length = step.observed.length
    if not length or (step.asks and not step.new):
        return []
    if step.beyond == length:
        return [f"{octets(length)} behind the end of data"]
    if step.new == length:
        return [f"{octets(length)} of data", *(["urgent"] if step.has(URG) else [])]
    if step.new:
        return [f"{octets(length)} of data, {step.new:,} of them new"]
    return [f"{octets(length)} again" if "other data" in names else f"{octets(length)} of data again"]


def _acknowledged(step: Step, names: Set[str]) -> list[str]:
    said = []
    along = " (piggy-backed)" if "piggy-backed ACK" in names else ""
    if step.acks_syn:
        said.append("confirms the connection" if step.acks_answer else "acknowledges the request")
    if step.acked > step.unseen:
        said.append(f"acknowledges {octets(step.acked - step.unseen)}{along}")
    if "ACK of unseen" in names:
        said.append("acknowledges what is not in the capture")
    elif step.unseen and step.ack is not None:  # nothing of the other end is there
        said.append(f"acknowledges up to {step.ack - 1:,}")
    if step.acks_fin:
        said.append("and the end" if step.acked else "acknowledges the end")
    return said


def _nothing_new(step: Step) -> str:
    """A segment that carries and acknowledges nothing new: what can be said without guessing why it was sent."""
    if step.ack is None:
        return "carries nothing"
    return "acknowledges nothing new" if step.repeats_ack else "acknowledges what came before"
