"""The work of an explanation grows with its packets and not faster: calls are counted, no clock is looked at."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from rawkit.analysis import Conversation, explain
from rawkit.analysis.lesson import lesson
from rawkit.analysis.observed import ACK, PSH, SYN, Observed
from rawkit.analysis.records import Records
from tests.analysis.talk import CLIENT, SERVER

PACKETS = 50_000
MOST_CALLS_A_PACKET = 400
"""Far above what a packet costs, and far below what looking at all the others would."""

Flow = Callable[[int], list[Observed]]


class Unsliced(Records):
    """Records that may be walked and asked for by number: a slice for every packet copies them all every time."""

    def __init__(self, kept: list[Observed]) -> None:
        super().__init__((CLIENT, SERVER))
        for observed in kept:
            self.append(observed)

    def __getitem__(self, at: Any) -> Any:
        assert not isinstance(at, slice), "a slice of the records"
        return super().__getitem__(at)


def seen(kind: str, number: int, out: bool = True, **values: Any) -> Observed:
    source, destination = (CLIENT, SERVER) if out else (SERVER, CLIENT)
    return Observed(kind, "udp" if kind == "udp" else "tcp", source, destination, number, number * 1000, 1000, **values)


def datagrams_one_way(count: int) -> list[Observed]:
    return [seen("udp", number, length=900, whole=900, identification=number % 65536) for number in range(count)]


def datagrams_both_ways(count: int) -> list[Observed]:
    return [seen("udp", number, number % 2 == 0, length=9, whole=9, identification=0) for number in range(count)]


def transfer(count: int, up: bool, late: bool) -> list[Observed]:
    """A handshake, then data one way; every tenth packet acknowledges it, or (late) only the last one does."""
    found = [
        seen("tcp", 1, flags=SYN, seq=1000),
        seen("tcp", 2, False, flags=SYN | ACK, seq=9000, ack=1001),
        seen("tcp", 3, flags=ACK, seq=1001, ack=9001),
    ]
    own, other = (1001, 9001) if up else (9001, 1001)
    for number in range(4, count + 1):
        if number == count or (number % 10 == 0 and not late):
            found.append(seen("tcp", number, not up, flags=ACK, seq=other, ack=own))
        else:
            found.append(seen("tcp", number, up, flags=ACK | PSH, seq=own, ack=other, length=900))
            own = (own + 900) % 2**32
    return found


def calls_made(work: Callable[[], object], most: int) -> int:
    """How many functions `work` called; it is stopped where they are more than `most`."""
    made = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal made
        if event in ("call", "c_call"):
            made += 1
            if made > most:
                raise AssertionError(f"more than {most:,} calls")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return made


@pytest.mark.parametrize(
    ("protocol", "flow"),
    [
        ("udp", datagrams_one_way),
        ("udp", datagrams_both_ways),
        ("tcp", lambda count: transfer(count, up=True, late=False)),
        ("tcp", lambda count: transfer(count, up=False, late=False)),
        ("tcp", lambda count: transfer(count, up=False, late=True)),
    ],
    ids=["udp one way", "udp both ways", "upload", "download", "download acknowledged at its end"],
)
def test_a_long_conversation(protocol: str, flow: Flow) -> None:
    conversation = Conversation(1, protocol, (CLIENT, SERVER))
    conversation.records = Unsliced(flow(PACKETS))
    made = calls_made(lambda: explain(conversation), MOST_CALLS_A_PACKET * PACKETS)
    assert made > PACKETS
    timeline = explain(conversation)
    assert calls_made(lambda: lesson(timeline), MOST_CALLS_A_PACKET * PACKETS) > PACKETS
