"""How long it takes until something happens, over an interpreter that does nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from tests.benchmarks.measure import typical
from tests.benchmarks.row import LIMIT, Row

COMMANDS = {
    "nothing": ["-c", "pass"],
    "import": ["-c", "import rawkit"],
    "help": ["-m", "rawkit", "--help"],
}


def run(arguments: list[str]) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def rows() -> list[Row]:
    ns = typical({name: run(arguments) for name, arguments in COMMANDS.items()}, rounds=3)
    over = {name: (time - ns["nothing"]) / 1e6 for name, time in ns.items()}
    return [
        Row("import rawkit, over python -c pass", "ms", over["import"], LIMIT, 40),
        Row("rawkit --help, over python -c pass", "ms", over["help"], LIMIT, 150),
    ]
