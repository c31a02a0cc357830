"""Programs on hosts: what `subprocess` promises, kept."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT
from typing import Any

import pytest

from tests.lab.conftest import Pair

SHELL = "echo out; echo wrong >&2; cat; exit 3"


@pytest.mark.parametrize("text", [False, True])
def test_run_is_subprocess_run(pair: Pair, text: bool) -> None:
    how: dict[str, Any] = {"input": "in\n" if text else b"in\n", "capture_output": True, "text": text}
    command = ["sh", "-c", SHELL]
    here, there = (run(command, **how) for run in (subprocess.run, pair.a.run))
    assert vars(here) == vars(there)


def test_check_and_timeout_are_subprocess_s(pair: Pair) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        pair.a.run(["sh", "-c", SHELL], capture_output=True, stdin=DEVNULL, check=True)
    assert (failed.value.returncode, failed.value.stdout, failed.value.stderr) == (3, b"out\n", b"wrong\n")
    with pytest.raises(subprocess.TimeoutExpired):
        pair.a.run(["sleep", "1000"], timeout=0.01)


@pytest.mark.parametrize("name", ["rawkit-no-such-program", "/"])
def test_what_cannot_be_started_is_told_as_subprocess_tells_it(pair: Pair, name: str) -> None:
    told = []
    for run in (subprocess.run, pair.a.run):
        with pytest.raises(OSError) as raised:
            run([name])
        told.append((type(raised.value), raised.value.errno, raised.value.filename))
    assert told[0] == told[1]


def test_surroundings_and_folder(pair: Pair, tmp_path: Path) -> None:
    done = pair.a.run(["/bin/sh", "-c", "echo $X; pwd"], env={"X": "1 2"}, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["1 2", str(tmp_path)]


def test_a_program_that_runs_beside(pair: Pair) -> None:
    with pair.a.start(["cat"], stdin=PIPE, stdout=PIPE) as process:
        assert process.poll() is None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"line\n")
        assert process.stdout.readline() == b"line\n"
        assert Path(f"/proc/{process.pid}/comm").read_text() == "cat\n"
        process.terminate()
        assert process.wait(20) == process.poll() == -signal.SIGTERM
        process.kill()  # nothing, now


def test_it_is_killed_at_the_end_of_its_block(pair: Pair) -> None:
    with pair.a.start(["sleep", "1000"]) as process:
        pass
    assert process.returncode == -signal.SIGKILL


def test_errors_go_where_output_goes(pair: Pair, tmp_path: Path) -> None:
    with (
        (tmp_path / "said").open("wb") as file,
        pair.a.start(["sh", "-c", SHELL], stdin=DEVNULL, stdout=file, stderr=STDOUT) as process,
    ):
        assert process.wait(20) == 3
    assert (tmp_path / "said").read_bytes() == b"out\nwrong\n"


def test_orphans_are_waited_for(pair: Pair) -> None:
    """A daemon's first process ends, the second becomes the keeper's: it stays no zombie."""
    done = pair.a.run(["sh", "-c", "sleep 0 & echo $!"], capture_output=True, text=True)
    looked = pair.a.run(["sh", "-c", "echo"], capture_output=True)
    assert (done.returncode, looked.returncode) == (0, 0)


def test_nothing_leaks(pair: Pair) -> None:
    def count() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    pair.a.run(["true"])
    before = count()
    for _ in range(5):
        pair.a.run(["true"], capture_output=True, input=b"x")
        pair.a.socket().close()
        attempts: list[Callable[[], object]] = [
            lambda: pair.a.run(["rawkit-no-such-program"]),
            lambda: pair.a.socket(99),
        ]
        for attempt in attempts:
            with pytest.raises(OSError):
                attempt()
    assert count() == before


def test_a_program_gets_the_signals_of_a_program(pair: Pair) -> None:
    """The keeper pays no heed to a terminal's keys; what it starts does."""
    code = "import signal; print(signal.getsignal(signal.SIGINT).__name__, signal.getsignal(signal.SIGQUIT).name)"
    done = pair.a.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["default_int_handler", "SIG_DFL"]
