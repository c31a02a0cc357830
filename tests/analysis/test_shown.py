"""What a segment carries to be shown (its window in octets, its range of numbers, its data): tshark says the same."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from rawkit.analysis import explain, gather
from rawkit.analysis.observed import MAX_DATA
from rawkit.timeline import Segment
from tests.analysis.talk import C, S, datagram, told
from tests.show.captures import frames, name, ours, shared
from tests.show.tshark import program

FIELDS = ("frame.number", "tcp.nxtseq", "tcp.seq", "tcp.window_size", "tcp.window_size_scalefactor", "tcp.payload")
UNKNOWN = "-1"
"""tshark's scale factor where it saw no handshake."""


class Seen(NamedTuple):
    """What tshark says of a TCP segment, as it prints it."""

    after: str
    seq: str
    window: str
    scale: str
    data: str


def seen(path: Path) -> dict[int, Seen]:
    """By packet number, of those packets that have one TCP header and no other (as ICMP errors would)."""
    command = [program(), "-r", str(path), "-n", "-T", "fields", "-o", "tcp.desegment_tcp_streams:FALSE"]
    command += [word for field in FIELDS for word in ("-e", field)]
    done = subprocess.run([*command, "-Y", "tcp && !icmp && !icmpv6"], capture_output=True, text=True, check=False)
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return {int(row[0]): Seen(*row[1:]) for row in rows if "," not in row[2]}


def segments(path: Path) -> list[Segment]:
    found = gather(frames(path)).all
    return [segment for each in found for segment in explain(each).segments if segment.protocol == "tcp"]


@pytest.mark.parametrize("path", [*ours(), *shared()], ids=name)
def test_windows_ranges_and_data_are_tshark_s(path: Path) -> None:
    found, compared = segments(path), 0
    witness = seen(path) if found else {}
    stray = next((segment.number or 0 for segment in found if "stray SYN" in segment.marks), None)
    for segment in found:
        if stray is not None and (segment.number or 0) >= stray:
            continue  # tshark takes a SYN within a connection for a new one's, and so begins to count anew
        said = witness.get(segment.number or 0)
        if said is None:
            continue
        compared += 1
        if segment.room is not None and said.scale != UNKNOWN and "RST" not in segment.label:
            assert segment.room == int(said.window), segment
        if segment.last is not None and said.after:
            assert segment.last - (segment.seq or 0) == (int(said.after) - int(said.seq) - 1) % 2**32, segment
        assert said.data.startswith(segment.data.hex()), segment
    assert compared or not found


def test_enough_of_ours_has_something_to_compare() -> None:
    found = [segment for path in ours() for segment in segments(path)]
    assert sum(segment.room not in (None, segment.window) for segment in found) > 50
    assert sum(bool(segment.data) for segment in found) > 20


def test_a_window_without_its_handshake_has_no_size() -> None:
    assert [each.room for each in told(C("S"), S("SA", 0, 1), C("A", 1, 1)).segments] == [500, 500, 500]
    assert [each.room for each in told(C("PA", 1, 1, b"x"), S("A", 1, 2, window=0)).segments] == [None, 0]


def test_only_what_takes_numbers_has_a_last_one() -> None:
    found = told(C("S"), S("SA", 0, 1), C("A", 1, 1), C("PA", 1, 1, b"x" * 12), C("FPA", 13, 1, b"yz")).segments
    assert [(each.seq, each.last) for each in found] == [(0, 0), (0, 0), (1, None), (1, 12), (13, 15)]


def test_the_beginning_of_the_data_is_kept() -> None:
    data = bytes(range(100))
    assert told(C("PA", 1, 1, data)).segments[0].data == data[:MAX_DATA]
    assert told(datagram(("10.0.0.1", 5000), ("10.0.0.2", 7), data)).segments[0].data == data[:MAX_DATA]
