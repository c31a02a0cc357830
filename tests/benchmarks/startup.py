"""How long it takes until something happens, over an interpreter that does nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from tests.benchmarks.measure import fastest
from tests.benchmarks.row import Row

COMMANDS = {
    "nothing": ["-c", "pass"],
    "import": ["-c", "import rawkit"],
    "help": ["-m", "rawkit", "--help"],
    "dpkt": ["-c", "import dpkt"],
    "scapy": ["-c", "import scapy.all"],
}


def run(arguments: list[str]) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def rows() -> list[Row]:
    ns = fastest({name: run(arguments) for name, arguments in COMMANDS.items()}, rounds=7)
    over = {name: max(0.01, (time - ns["nothing"]) / 1e6) for name, time in ns.items()}
    return [
        Row("import rawkit, over python -c pass", "ms", over["import"], "limit 40 ms", 40, 1),
        Row("rawkit --help, over python -c pass", "ms", over["help"], "limit 150 ms", 150, 1),
        Row("import rawkit, over python -c pass", "ms", over["import"], "dpkt", over["dpkt"], None),
        Row("import rawkit, over python -c pass", "ms", over["import"], "scapy.all", over["scapy"], None),
    ]
