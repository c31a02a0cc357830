"""What explaining a capture of 100,000 packets costs, beside tshark's own table of its conversations."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.child import Cost, cost
from tests.benchmarks.many import write
from tests.benchmarks.row import Row

PACKETS = 100_000
TURNS = 3


def rows() -> list[Row]:
    if shutil.which("tshark") is None:
        print("tshark is not installed: nothing to hold explain against")
        return []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "many.pcap"
        write(path, PACKETS)
        ours, theirs = costs(path)
    what, megabyte = f"explain {PACKETS:,} packets", 1_000_000
    return [
        Row(f"{what}, time", "s", ours.seconds, "tshark conv,tcp", theirs.seconds, 0.5),
        Row(f"{what}, memory", "MB", ours.octets / megabyte, "tshark conv,tcp", theirs.octets / megabyte),
    ]


def costs(path: Path) -> tuple[Cost, Cost]:
    """The least of several turns each, for other programs only ever add to it."""
    ours = [sys.executable, "-P", "-m", "rawkit", "explain", str(path)]
    theirs = ["tshark", "-n", "-q", "-z", "conv,tcp", "-r", str(path)]
    turns = [(cost(*ours), cost(*theirs)) for _ in range(TURNS)]
    one, other = zip(*turns, strict=True)
    return least(one), least(other)


def least(found: tuple[Cost, ...]) -> Cost:
    return Cost(min(each.seconds for each in found), min(each.octets for each in found))
