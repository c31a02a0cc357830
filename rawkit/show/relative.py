"""Sequence numbers counted from where their conversation was first seen, as tcpdump prints them.

A line printer remembers, for each pair of end points, the first sequence number of either side. Nothing else is
kept, and the number of conversations is bounded.
"""

from __future__ import annotations

from typing import Any

from rawkit.wire import Header

MAX_CONVERSATIONS = 65_536
"""Conversations remembered; when more come, all are forgotten and numbers start afresh where they then are."""

Key = tuple[Any, int, Any, int]


class SequenceNumbers:
    """Gives a segment's sequence and acknowledgement numbers as they are to be printed."""

    def __init__(self) -> None:
        self.first: dict[Key, tuple[int, int]] = {}

    def of(self, network: Header | None, segment: Any) -> tuple[int, int]:
        """(seq, ack): as they are in a SYN and in the first segment with an acknowledgement, later counted from there.

        A conversation is told by its end points, address and port together.
        """
        seq, ack = segment.seq, segment.ack
        if network is None or not segment.flags.ack:
            return seq, ack
        source, destination = (
            (getattr(network, "src", None), segment.sport),
            (getattr(network, "dst", None), segment.dport),
        )
        there, back = (*source, *destination), (*destination, *source)
        known = self.first.get(there)
        if known is None or segment.flags.syn:
            if len(self.first) >= 2 * MAX_CONVERSATIONS:  # an entry for each side
                self.first.clear()
            self.first[there] = (seq, ack - 1)
            self.first[back] = (ack - 1, seq)
            return seq, ack
        return (seq - known[0]) & 0xFFFFFFFF, (ack - known[1]) & 0xFFFFFFFF
