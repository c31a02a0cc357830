"""Make the fixtures in captures/.

    scripts/make_captures              list them
    scripts/make_captures --built      make again all built ones, of a seed or of another (the same octets each time)
    scripts/make_captures NAME...      make these, such as tcp/echo.pcap; a recorded one becomes another recording

A recorded capture is a moment that does not come again, so it is only replaced when named; what is built of it is told
then, and stays as it is until it is asked for. The facts beside it (NAME.toml) are written by hand; of them this script
changes `sha256` and nothing else. It runs in the project's environment (see CONTRIBUTING.md), needs no privileges, and
no octet leaves the machine.
"""

import argparse
import difflib
import hashlib
import io
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rawkit.capture import PcapngWriter, PcapWriter
from rawkit.lab import become_root
from scripts.built_captures import BUILT, build
from scripts.plays.recorder import Recorded
from scripts.recorded_captures import RECORDED, record

CAPTURES = Path(__file__).resolve().parent.parent / "captures"


def capture(frames: Iterable[Recorded], story: str) -> bytes:
    """The octets of a pcap file with nanoseconds; of a pcapng file where there is a story to tell."""
    file = io.BytesIO()
    with PcapngWriter(file, comment=story) if story else PcapWriter(file) as writer:
        for frame in frames:
            writer.write_octets(frame.octets, time_ns=frame.time_ns)
    return file.getvalue()


def keep(name: str, octets: bytes) -> None:
    """Write a capture, and its digest into the facts beside it."""
    path = CAPTURES / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(octets)
    digest = hashlib.sha256(octets).hexdigest()
    facts = path.with_suffix(".toml")
    if facts.exists():
        facts.write_text(re.sub(r'(?m)^sha256 = ".*"$', f'sha256 = "{digest}"', facts.read_text()))
        print(f"{name}: {len(octets)} octets")
    else:
        print(f'{name}: {len(octets)} octets, and no facts yet: write {facts.name}, with sha256 = "{digest}"')


def stale(made: Sequence[str]) -> list[str]:
    """The captures built of one of these recordings that were not made with it."""
    recorded = {name for name in made if name in RECORDED}
    return [name for name, plan in BUILT.items() if plan.of in recorded and name not in made]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make_captures", description="Make the fixtures in captures/; without arguments, list them."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="make this one, even if it is a recording")
    parser.add_argument("--built", action="store_true", help="make all that are built, from a seed or of another")
    given = parser.parse_args()
    known = {**RECORDED, **BUILT}
    for name in given.names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            parser.error(f"no capture is called {name}" + (f"; did you mean {near[0]}?" if near else ""))
    asked = {*given.names, *(BUILT if given.built else ())}
    names = sorted(asked, key=lambda name: (name in BUILT, name))  # recordings first: others are built of them
    if not names:
        print(*(f"{'recorded' if name in RECORDED else 'built   '}  {name}" for name in sorted(known)), sep="\n")
    if any(name in RECORDED for name in names):
        become_root()
    for name in names:
        keep(name, capture(record(name), RECORDED[name].story) if name in RECORDED else build(name))
    if old := stale(names):
        print(f"built of an older recording now; to build anew: scripts/make_captures {' '.join(old)}")


if __name__ == "__main__":
    main()
