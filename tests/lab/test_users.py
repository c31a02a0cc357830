"""What works for root and for ordinary users alike; each is a program of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lab.users import ME, PATIENCE_S, act, command


@pytest.mark.parametrize("function", ["two_hosts", "is_sealed", "raises_inside", "in_threads", "goes_inside"])
def test_for_every_user(user: str, function: str) -> None:
    act(user, function)


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


def processes(group: int) -> set[str]:
    """Command lines of this session's processes that still run."""
    found = set()
    for process in numbered("/proc"):
        try:
            state, _, _, session = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[:4]
            if int(session) == group and state != "Z":
                found.add(Path(f"/proc/{process}/cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.mark.parametrize("ended_by", ["kill -9", "end of the program"])
def test_nothing_is_left(user: str, ended_by: str) -> None:
    """No process, no namespace, and with the namespaces no veth; the machine's interfaces are what they were."""
    interfaces = socket.if_nameindex()
    how = command(user, ["-c", "from tests.lab import acts; acts.waits_to_be_killed()"])
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
        assert any("1000" in each for each in processes(owner.pid))
        if ended_by == "kill -9":
            owner.kill()
        else:
            owner.stdin.close()
        owner.wait(PATIENCE_S)
        until(lambda: not in_use(namespaces))
        until(lambda: not processes(owner.pid))
        assert not Path(f"/proc/{lines[-1].split()[1]}").exists()
    assert socket.if_nameindex() == interfaces
