"""Runs a program and prints, as JSON, its seconds and the octets of memory that it had at most.

A process of its own, and a small one: Linux counts what the parent has when a child begins as the child's too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import NamedTuple


class Cost(NamedTuple):
    seconds: float
    octets: int


def cost(*command: str) -> Cost:
    """What a command takes. Its output is thrown away; that it fails is an error."""
    this = [sys.executable, "-IS", __file__, *command]
    return Cost(*json.loads(subprocess.run(this, check=True, capture_output=True, text=True).stdout))


def measured(command: list[str]) -> tuple[float, int]:
    """The same, of a child of this very process."""
    silent = os.open(os.devnull, os.O_RDWR)
    nowhere = [(os.POSIX_SPAWN_DUP2, silent, stream) for stream in (0, 1, 2)]
    started = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=nowhere)
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    if status:
        sys.exit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return seconds, used.ru_maxrss * 1024


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1:])))
