"""Every view of every recorded capture with seeded flips, ten a time: no traceback, and the same words twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from rawkit.capture import PcapWriter
from tests.cli.run import CAPTURES, Result, frames, run
from tests.show.captures import name, ours

Captured = pytest.CaptureFixture[str]

FLIPS = 10
ROUNDS = range(2)

VIEWS = (
    *("explain FILE", "explain FILE --all --lesson", "explain FILE --json"),
    *("read FILE", "read FILE -v", "read FILE --json", "read FILE -x", "hexdump FILE"),
)

SUCCESS, DAMAGED = 0, 1


def flipped(octets: bytes, dice: Random, flips: int) -> bytes:
    """With some single bits the other way round."""
    found = bytearray(octets)
    for _ in range(flips if found else 0):
        found[dice.randrange(len(found))] ^= 1 << dice.randrange(8)
    return bytes(found)


def with_flips_in_packets(path: Path, target: Path, times: int = 0) -> None:
    """The records stay whole: whatever is wrong then, packets have to be told."""
    dice, packets = Random(f"packets of {name(path)}, {times}"), frames(path)
    hit = [dice.randrange(len(packets)) for _ in range(FLIPS if packets else 0)]
    with PcapWriter(target, linktype=packets[0].linktype if packets else 1) as writer:
        for at, frame in enumerate(packets):
            octets = flipped(frame.octets, dice, hit.count(at))
            writer.write_octets(octets, time_ns=frame.time_ns or 0, wire_length=max(frame.wire_length, len(octets)))


def with_flips_anywhere(path: Path, target: Path, times: int) -> None:
    """Headers and lengths of the file's own are hit too."""
    target.write_bytes(flipped(path.read_bytes(), Random(f"file of {name(path)}, {times}"), FLIPS))


def views(capsys: Captured, path: Path, which: Sequence[str] = VIEWS) -> list[Result]:
    return [run(capsys, *(path if word == "FILE" else word for word in view.split())) for view in which]


def shown_twice(capsys: Captured, path: Path, of: Path) -> list[Result]:
    """What is shown of a flipped file; `of` is the capture that it was."""
    which = VIEWS if frames(of) else VIEWS[:-1]  # where there is no packet, hexdump has none to show
    found = views(capsys, path, which)
    assert found == views(capsys, path, which)
    return found


@pytest.mark.parametrize("times", ROUNDS)
@pytest.mark.parametrize("path", ours(), ids=name)
def test_flips_in_packets(capsys: Captured, path: Path, times: int, tmp_path: Path) -> None:
    """They are the network's mistakes: everything is shown all the same."""
    with_flips_in_packets(path, tmp_path / "flipped.pcap", times)
    found = shown_twice(capsys, tmp_path / "flipped.pcap", path)
    assert [(shown.code, shown.err) for shown in found] == [(SUCCESS, "")] * len(found)


@pytest.mark.parametrize("times", ROUNDS)
@pytest.mark.parametrize("path", ours(), ids=name)
def test_flips_anywhere(capsys: Captured, path: Path, times: int, tmp_path: Path) -> None:
    """Damage is named, a line each; what is before it is shown."""
    target = tmp_path / f"flipped{path.suffix}"
    with_flips_anywhere(path, target, times)
    for shown in shown_twice(capsys, target, path):
        assert shown.code in (SUCCESS, DAMAGED)
        assert bool(shown.err) == (shown.code == DAMAGED)
        assert all(line.startswith("rawkit: ") for line in shown.err.splitlines())


def test_flips_change_what_is_shown(capsys: Captured, tmp_path: Path) -> None:
    """Or they would test nothing."""
    echo = CAPTURES / "tcp" / "echo.pcap"
    with_flips_in_packets(echo, tmp_path / "flipped.pcap")
    before, after = views(capsys, echo), views(capsys, tmp_path / "flipped.pcap")
    same = [view for view, one, other in zip(VIEWS, before, after, strict=True) if one.out == other.out]
    assert same == ["hexdump FILE"]  # of the first packet alone, which was not hit
