"""The quick ways say what the whole ways say, or nothing: frames without packets, conversations at a glance."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rawkit.analysis import Conversations, explain, gather, overview
from rawkit.analysis.glance import glance
from rawkit.analysis.quick import row_of
from rawkit.capture import Frame
from rawkit.errors import CaptureError
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.tcp import TCP
from rawkit.protocols.tcp_options import NoOperation, Timestamps
from rawkit.wire import Packet
from tests.analysis.talk import HANDSHAKE, C, S, frames
from tests.analysis.test_captures import OURS, frames_of, shared

Change = Callable[[random.Random, list[Frame]], None]


@contextmanager
def the_whole_way() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rawkit.analysis.conversations.row_of", lambda frame, flows: None)
        yield


def content(found: Conversations) -> list[object]:
    each = found.all
    return [
        found.frames, found.others, found.untold,
        [(c.number, c.ends, c.packets, c.octets, c.first, c.last, c.next, c.left_out, list(c.records)) for c in each],
    ]  # fmt: skip


def compared(captured: list[Frame]) -> None:
    quick = gather(captured)
    with the_whole_way():
        assert content(quick) == content(gather(captured))
    for each in quick.all:
        seen = glance(each)
        assert seen is None or seen == overview(explain(each)), each


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_captures(path: Path) -> None:
    compared(frames_of(path))


def test_captures_of_others(shared_captures: Path) -> None:
    for path in shared(shared_captures):
        try:
            compared(frames_of(path))
        except CaptureError:
            continue


def stamped(packet: Packet, value: int) -> Packet:
    return packet.replace(TCP, options=[NoOperation(), NoOperation(), Timestamps(value, 7)])


def talk(closes: str) -> list[Packet]:
    """An exchange in which "client", "server" or nobody closes first."""
    packets = [
        *HANDSHAKE,
        stamped(C("PA", 1, 1, b"hello"), 1), S("A", 1, 6), S("PA", 1, 6, b"answer"), C("A", 6, 7), C("PA", 6, 7, b"x"),
        stamped(S("PA", 7, 7, b"y"), 2), C("A", 7, 8),
    ]  # fmt: skip
    if closes == "client":
        packets += [C("FA", 7, 8), S("A", 8, 8), S("FA", 8, 8), C("A", 8, 9)]
    if closes == "server":
        packets += [S("FPA", 8, 7, b"z"), C("FA", 7, 10), S("A", 10, 8)]
    return packets


@pytest.mark.parametrize(("closes", "state"), [
    ("client", "TIME-WAIT / CLOSED"), ("server", "CLOSED / TIME-WAIT"), ("nobody", "ESTABLISHED"),
])  # fmt: skip
def test_a_glance_is_enough(closes: str, state: str) -> None:
    captured = frames(*talk(closes))
    compared(captured)
    (only,) = gather(captured).all
    seen = glance(only)
    assert seen is not None
    assert seen == (state, ())


def test_the_quick_way_is_taken() -> None:
    """Else the comparison above compares nothing."""
    found = Conversations()
    captured = frames(*talk("client"))
    for frame in captured[:5]:
        found.add(frame)
    assert [row_of(frame, found._flows) is not None for frame in captured[5:10]] == [True] * 5


def dropped(dice: random.Random, captured: list[Frame]) -> None:
    del captured[dice.randrange(len(captured))]


def repeated(dice: random.Random, captured: list[Frame]) -> None:
    captured.insert(dice.randrange(len(captured)), dice.choice(captured))


def swapped(dice: random.Random, captured: list[Frame]) -> None:
    at = dice.randrange(len(captured) - 1)
    captured[at], captured[at + 1] = captured[at + 1], captured[at]


def flipped(dice: random.Random, captured: list[Frame]) -> None:
    at = dice.randrange(len(captured))
    octets = bytearray(captured[at].octets)
    octets[dice.randrange(len(octets))] ^= 1 << dice.randrange(8)
    captured[at] = Frame(at + 1, captured[at].time_ns, bytes(octets), len(octets), captured[at].interface)


def edited(dice: random.Random, captured: list[Frame]) -> None:
    """Another value with right checksums: so that it is not the checksum that keeps it from the quick way."""
    at = dice.randrange(len(captured))
    packet = captured[at].packet
    if TCP in packet:
        values: list[dict[str, Any]] = [
            *({"seq": packet[TCP].seq + more} for more in (1, 5)),
            *({"ack": packet[TCP].ack + more} for more in (1, 5)),
            *({"flags": flags} for flags in ("A", "FA", "SA", "PA", "UA")),
            {"window": 0},
        ]
        packet = packet.replace(TCP, **dice.choice(values))
        packet = packet.replace(IPv4, identification=dice.randrange(65536), flags=dice.choice(["", "DF", "MF"]))
        captured[at] = Frame(at + 1, captured[at].time_ns, bytes(packet), len(packet), captured[at].interface)


@pytest.mark.parametrize("change", [dropped, repeated, swapped, flipped, edited])
def test_changed_conversations(change: Change) -> None:
    for seed in range(150):
        dice = random.Random(seed)
        captured = frames(*talk(dice.choice(["client", "server", "nobody"])), *talk("client"))
        for _ in range(dice.randint(1, 3)):
            change(dice, captured)
        compared(captured)
