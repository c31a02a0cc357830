"""What the table of ratios is made of; the measuring itself is no test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rawkit.analysis import became, gather
from rawkit.capture import read
from tests.benchmarks import measure
from tests.benchmarks.child import cost
from tests.benchmarks.many import write
from tests.benchmarks.row import LIMIT, Row


def test_a_ratio_and_its_floor() -> None:
    row = Row("reading", "us", 2.0, "dpkt", 5.0, 2.5)
    assert (row.ratio, row.met) == (2.5, True)
    assert row.text().split() == ["reading", "2.00", "5.00", "us", "dpkt", "2.5x", "2.5x"]
    assert Row("reading", "us", 2.0, "dpkt", 4.0, 2.5).text().split()[-2:] == ["2.5x", "BELOW"]


def test_a_limit_is_no_ratio() -> None:
    row = Row("import", "ms", 5.0, LIMIT, 40.0)
    assert (row.ratio, row.met) == (None, True)
    assert row.text().split() == ["import", "5.00", "40.00", "ms", LIMIT]
    assert Row("import", "ms", 41.0, LIMIT, 40.0).text().split()[-1] == "ABOVE"


def test_neither_one_lucky_nor_one_unlucky_series_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that takes 10, but 1 once, and 90 throughout the third series."""
    rounds = 3
    times = iter([10.0] * rounds + [1.0] + [10.0] * (rounds - 1) + [90.0] * rounds + [10.0] * 2 * rounds)
    monkeypatch.setattr(measure, "calibrate", lambda function: 1)
    monkeypatch.setattr(measure, "turn", lambda function, calls: next(times))
    assert measure.typical({"it": lambda: None}, rounds) == {"it": 10.0}


def test_a_file_that_cannot_be_written_is_said_before_anything_is_measured(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "--json", "missing/results.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("bench: error: cannot write missing/results.json: No such file or directory\n")


def test_what_a_program_takes_is_its_own() -> None:
    """Not what this process has already, which a child of it would be counted too."""
    ballast = bytes(100_000_000)
    small = cost(sys.executable, "-ISc", "pass")
    large = cost(sys.executable, "-ISc", "kept = bytearray(b'x') * 60_000_000; import time; time.sleep(0.2)")
    assert small.octets < len(ballast) / 2
    assert 50_000_000 < large.octets - small.octets < 80_000_000
    assert large.seconds >= 0.2


def test_a_program_that_fails_is_not_measured() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        cost(sys.executable, "-ISc", "raise SystemExit(3)")


def test_many_conversations_are_plain_ones(tmp_path: Path) -> None:
    """The same ones every time; nothing is lost or sent again, so that explaining them is the ordinary case."""
    for name in ("one.pcap", "two.pcap"):
        write(tmp_path / name, 3_000)
    assert (tmp_path / "one.pcap").read_bytes() == (tmp_path / "two.pcap").read_bytes()
    with read(tmp_path / "one.pcap") as capture:
        found = gather(capture)
    protocols = [each.protocol for each in found.all]
    assert (found.frames, found.others.total(), set(protocols)) == (3_000, 0, {"tcp", "udp"})
    assert protocols.count("tcp") > 60
    assert [each for each in found.all if became(each).wrong] == []
    assert len({each.ends for each in found.all}) == len(found.all)
