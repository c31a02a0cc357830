"""A packet on one line, in tcpdump's habit: numbers, not names; `A` for an acknowledgement; what is wrong is last."""

from __future__ import annotations

from typing import Any

from rawkit.errors import Defect
from rawkit.show.counts import counted
from rawkit.show.escape import visible
from rawkit.show.paint import Paint, plain
from rawkit.show.phrases import Scene, phrase
from rawkit.show.relative import SequenceNumbers
from rawkit.show.seen import Frame, packet_of
from rawkit.wire import Packet
from rawkit.wire.quotation import MAX_QUOTATIONS
from rawkit.wire.verdict import checksums

SHOWN_DEFECTS = 2
"""Defects told on a line; the others are counted."""


def line(what: Packet | Frame, *, sequences: SequenceNumbers | None = None, paint: Paint = plain) -> str:
    """A packet or frame on one line, without its time. `sequences` makes TCP's numbers relative, as tcpdump does.

    >>> from rawkit.protocols import IPv4, UDP
    >>> line(IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=5000, dport=7) / b"hello")
    'IP 10.0.0.1.5000 > 10.0.0.2.7: UDP, length 5'
    """
    packet = packet_of(what)
    text = sentence(Scene(packet, sequences)) if packet.layers else octets_only(what)
    wrong = troubles(packet) + ([] if what is packet else [defect.why for defect in what.defects])
    return text + (" " + paint(f"[{'; '.join(wrong)}]", "bad") if wrong else "")


def sentence(scene: Scene, depth: int = 0) -> str:
    """The phrases of all headers, outermost first, and what is quoted."""
    said = []
    for index in range(len(scene.layers)):
        scene.index = index
        text = phrase(scene)
        if text:
            said.append(text.rstrip())
    quoted = scene.packet.quoted if depth < MAX_QUOTATIONS else None
    if quoted is not None and quoted.layers:
        said[-1] += f" (about: {sentence(Scene(quoted, None), depth + 1)})"
    return " ".join(said).rstrip(",")


def octets_only(what: Packet | Frame) -> str:
    """A packet of which not even the first header is known."""
    packet = packet_of(what)
    name = "octets" if isinstance(what, Packet) else what.linktype.name
    if not isinstance(what, Packet) and "link type" not in name:
        name += f" (link type {int(what.linktype)})"
    return f"{visible(name)}, length {packet.wire_length}"


def troubles(packet: Packet) -> list[str]:
    """What is wrong, in brief: defects first, then checksums."""
    defects = packet.defects
    told = [brief(defect) for defect in defects[:SHOWN_DEFECTS]]
    if len(defects) > SHOWN_DEFECTS:
        told.append(counted(len(defects) - SHOWN_DEFECTS, "more defect"))
    return told + bad_checksums(packet)


def brief(defect: Defect) -> str:
    """A defect in a few words: where and why."""
    where = f"{defect.layer}.{defect.field}" if defect.field else defect.layer
    return visible(f"{where}: {defect.why}")


def bad_checksums(packet: Any) -> list[str]:
    """`bad TCP cksum 0xb4c6 (correct 0xf3c6)`, for each checksum that is wrong."""
    return [
        f"bad {verdict.called} cksum {verdict.text(verdict.found)} (correct {verdict.text(verdict.expected)})"
        for verdict in checksums(packet)
        if verdict.state == "bad"
    ]
