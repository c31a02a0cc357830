"""What works for root and for ordinary users alike; each is a program of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lab.users import ME, PATIENCE_S, act, command


@pytest.mark.parametrize(
    "function", ["two_hosts", "is_sealed", "raises_inside", "in_threads", "goes_inside", "keeper_is_killed"]
)
def test_for_every_user(user: str, function: str) -> None:
    act(user, function)


def test_a_program_sees_its_own_processes(user: str) -> None:
    mounted = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    if user != ME and any(place.startswith("/proc/") for place in mounted):
        pytest.skip("parts of /proc are hidden here, so that an ordinary user may not mount another")
    act(user, "sees_its_own_processes")


def until(true: Callable[[], bool]) -> None:
    """Wait for the kernel."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def numbered(folder: str) -> list[str]:
    """The processes in /proc."""
    return [each.name for each in Path(folder).iterdir() if each.name.isdigit()]


def in_use(namespaces: set[str]) -> set[str]:
    """Those that a process is in or has open, or that are mounted somewhere; as far as this user may look."""
    seen = {mount for mount in namespaces if mount in Path("/proc/self/mountinfo").read_text()}
    for process in numbered("/proc"):
        for folder in ("ns", "fd"):
            try:
                for each in Path(f"/proc/{process}/{folder}").iterdir():
                    seen.add(str(each.readlink()))
            except OSError:
                continue  # it has ended meanwhile, or is not ours to look at
    return seen & namespaces


def processes(group: int) -> dict[int, str]:
    """This session's processes that still run, each with its command line."""
    found = {}
    for process in numbered("/proc"):
        try:
            state, _, _, session = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[:4]
            if int(session) == group and state != "Z":
                found[int(process)] = Path(f"/proc/{process}/cmdline").read_text()
        except OSError:
            continue
    return found


@pytest.mark.parametrize("ended_by", ["kill -9", "kill -9, and a fork lives on", "end of the program"])
def test_nothing_is_left(user: str, ended_by: str) -> None:
    """No process, no namespace, and with the namespaces no veth; the machine's interfaces are what they were."""
    interfaces = socket.if_nameindex()
    fork = ["fork"] if "fork" in ended_by else []
    how = command(user, ["-c", "import sys; from tests.lab import acts; acts.waits_to_be_killed(*sys.argv[1:])", *fork])
    pipes: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "text": True,
        "start_new_session": True,
    }
    with subprocess.Popen(**how, **pipes) as owner:
        assert owner.stdin is not None
        assert owner.stdout is not None
        lines = [owner.stdout.readline().strip() for _ in range(7)]
        assert lines[-1].startswith("ready")
        mine = {str(Path(f"/proc/self/ns/{kind}").readlink()) for kind in ("net", "uts", "user")}
        namespaces = set(lines[:-1]) - mine
        assert len(namespaces) == 4 + (user != ME or os.geteuid() != 0)  # of each host two; a user's own besides
        assert in_use(namespaces) == namespaces
        assert any("1000" in each for each in processes(owner.pid).values())
        if "kill" in ended_by:
            owner.kill()
        else:
            owner.stdin.close()
        owner.wait(PATIENCE_S)
        until(lambda: not in_use(namespaces))
        until(lambda: len(processes(owner.pid)) == len(fork))
        for left in processes(owner.pid):
            os.kill(left, signal.SIGKILL)
        assert not Path(f"/proc/{lines[-1].split()[1]}").exists()
    assert socket.if_nameindex() == interfaces
