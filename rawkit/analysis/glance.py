"""What became of a conversation without surprises, at a glance: 0.6 us a packet, where its explanation takes 25.

Where anything is out of the ordinary the whole explanation is made; the tests hold the two against each other.
"""

from __future__ import annotations

from rawkit.analysis.conversations import Conversation
from rawkit.analysis.observed import ACK, FIN, PSH, SYN
from rawkit.analysis.overview import Overview

OPENING = (SYN, SYN | ACK, ACK)
"""Flags of the first three segments, one from each end and one from the first again."""

PLAIN = frozenset({ACK, ACK | PSH, ACK | FIN, ACK | PSH | FIN})


def glance(conversation: Conversation) -> Overview | None:
    """The same of a TCP conversation in which every segment continues the one before and acknowledges what was there.

    None where it is not so: anything sent again, missing or reset, no room, an end that closed alone.
    """
    if conversation.protocol != "tcp" or conversation.previous is not None:
        return None
    if conversation.left_out or conversation.early:
        return None
    start, rows = conversation.records[:3], conversation.records.plain(3)
    if rows is None or not opens(conversation):
        return None
    sent, heard = [start[2].seq, start[2].ack], [start[2].seq, start[2].ack]
    """Of each end: the number after the last it sent, and the number up to which that is acknowledged."""
    closed: list[int] = []
    for first, flags, window, _, _, _, length, seq, ack, *_ in rows:
        end, fin = first & 1, flags & FIN
        other, size = 1 - end, length + fin
        new = (ack - heard[other]) & 0xFFFFFFFF
        if flags not in PLAIN or not window or seq != sent[end] or new > (sent[other] - heard[other]) & 0xFFFFFFFF:
            return None
        if not (size or new) or (size and end in closed):
            return None
        sent[end], heard[other] = (seq + size) & 0xFFFFFFFF, ack
        if fin:
            if closed and ack != sent[other]:
                return None  # they closed at once
            closed.append(end)
    if not closed:
        return Overview("ESTABLISHED", ())
    done = len(closed) == 2 and sent == heard
    return Overview("TIME-WAIT / CLOSED" if closed[0] == 0 else "CLOSED / TIME-WAIT", ()) if done else None


def opens(conversation: Conversation) -> bool:
    """Whether it begins with a plain handshake."""
    start = conversation.records[:3]
    if tuple(each.flags for each in start) != OPENING or any(
        each.length or each.cut or each.bad_checksum for each in start
    ):
        return False
    asked, answered, confirmed = start
    return (
        [conversation.sender(each) for each in start] == [0, 1, 0]
        and asked.seq + 1 & 0xFFFFFFFF == answered.ack == confirmed.seq
        and answered.seq + 1 & 0xFFFFFFFF == confirmed.ack
        and asked.kind == answered.kind == confirmed.kind == "tcp"
        and all(each.window for each in start)
    )
