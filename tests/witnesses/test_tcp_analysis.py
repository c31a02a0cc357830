"""What we call a segment, and what tshark's `tcp.analysis.*` calls it; each disagreement has its reason.

Compared are recorded captures, and simulated ones in which everything occurs that has a name.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from rawkit.capture import Frame, PcapWriter
from rawkit.protocols.tcp import TCP
from tests.analysis.simulated import MS, Habits, Weather, simulated
from tests.conftest import NO_SHARED
from tests.witnesses.octets import CAPTURES, OURS, SHARED, captures, files, frames, needs
from tests.witnesses.tcp_analysis import NAMES, RULES, Pair, disagreements, pairs, reason

pytestmark = needs("tshark")

SIMULATED = {
    "lost": (Weather(lost=(0.03, 0.03)), Habits()),
    "lost, with SACK": (Weather(lost=(0.03, 0.03), late=(0.03, 0.03)), Habits(sack=True)),
    "late": (Weather(late=(0.1, 0.1)), Habits()),
    "recorded twice": (Weather(twice=0.1), Habits()),
    "not recorded": (Weather(unseen=0.1), Habits()),
    "slow readers": (Weather(), Habits(room=4000, read_ns=700 * MS)),
    "slow readers, asked with an octet": (Weather(), Habits(room=4000, read_ns=700 * MS, probe=b"x")),
    "slow readers, asked with the next octet": (Weather(), Habits(room=4000, read_ns=700 * MS, next_octet=True)),
    "idle": (Weather(), Habits(keep_alives=3)),
    "idle, asked with an octet": (Weather(lost=(0, 0.03)), Habits(keep_alives=3, probe=b"x", again=True)),
    "all of it": (
        Weather(lost=(0.03, 0.03), late=(0.03, 0.03), twice=0.03, unseen=0.03),
        Habits(room=6000, read_ns=400 * MS, sack=True, keep_alives=2, again=True),
    ),
}
SEEDS = "abc"


def unexplained(found: list[Pair]) -> list[str]:
    """The disagreements for which there is no reason."""
    return [
        f"frame {pair.frame.number} {pair.segment.label} {pair.segment.does}: only {whose}: {flag}"
        for pair in found
        for whose, flag in disagreements(pair)
        if reason(pair, whose, flag) is None
    ]


def has_tcp(frame: Frame) -> bool:
    return TCP in frame.packet


@pytest.mark.parametrize("path", captures(holding=has_tcp))
def test_recorded(path: Path) -> None:
    assert unexplained(pairs(path, frames(path))) == []


@cache
def of_simulated(name: str, seed: str, folder: Path) -> list[Pair]:
    made = simulated(f"{name} {seed}", *SIMULATED[name])
    path = folder / f"{name} {seed}.pcap"
    with PcapWriter(path) as writer:
        for frame in made:
            writer.write_octets(frame.octets, time_ns=frame.time_ns or 0)
    return pairs(path, made)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("simulated")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", SIMULATED)
def test_simulated(name: str, seed: str, folder: Path) -> None:
    assert unexplained(of_simulated(name, seed, folder)) == []


def everything(folder: Path) -> list[Pair]:
    return [pair for name in SIMULATED for seed in SEEDS for pair in of_simulated(name, seed, folder)]


def test_both_give_every_name_to_the_same_segments(folder: Path) -> None:
    """No name is only ever explained away."""
    agreed = Counter(flag for pair in everything(folder) for flag in pair.ours & pair.theirs)
    assert set(agreed) == set(NAMES.values())


def test_most_need_no_reason(folder: Path) -> None:
    found = everything(folder)
    named = [pair for pair in found if pair.ours or pair.theirs]
    assert sum(not disagreements(pair) for pair in named) > 0.75 * len(named) > 400


@pytest.mark.skipif(SHARED is None, reason=NO_SHARED)
def test_no_reason_is_superfluous(folder: Path) -> None:
    every = [*files(OURS, *CAPTURES), *files(SHARED, *CAPTURES)]
    recorded = [path for path in every if any(map(has_tcp, frames(path)))]
    unused = set(RULES)
    for found in chain([everything(folder)], (pairs(path, frames(path)) for path in recorded)):
        unused -= {reason(pair, *each) for pair in found for each in disagreements(pair)}
        if not unused:
            break
    assert [rule for rule in RULES if rule in unused] == []
