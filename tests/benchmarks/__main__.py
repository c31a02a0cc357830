"""The table of ratios. Absolute times swing from minute to minute; only the ratios of one run mean something."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import checksums, conversations, memory, packets, records, startup
from tests.benchmarks.row import HEADING, Row


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the results there too")
    arguments = parser.parse_args()
    if arguments.json:
        try:
            arguments.json.touch()  # now, not when all is measured
        except OSError as error:
            parser.error(f"cannot write {arguments.json}: {error.strerror}")
    peers = {"python": platform.python_version()} | {name: version(name) for name in ("dpkt", "scapy", "numpy")}
    print(", ".join(f"{name} {number}" for name, number in peers.items()))
    print(HEADING)
    rows: list[Row] = []
    for part in (packets, records, checksums, memory, startup, conversations):
        for row in part.rows():
            print(row.text(), flush=True)
            rows.append(row)
    if arguments.json:
        results = [asdict(row) | {"ratio": row.ratio, "met": row.met} for row in rows]
        arguments.json.write_text(json.dumps({"versions": peers, "rows": results}, indent=2) + "\n")
    return 0 if all(row.met for row in rows) else 1


sys.exit(main())
