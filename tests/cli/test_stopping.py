"""Being told to stop: files are whole or absent, a stream ends where it was cut, and asking again is obeyed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rawkit.cli.stopping import Stopped, stoppable
from tests.capture.made import pcap_header, pcap_record

RAWKIT = [sys.executable, "-m", "rawkit"]
PATIENCE_S = 20
"""Fails a test; none passes by it."""


def until(true: Callable[[], bool]) -> None:
    """Wait for another process."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def converting(*arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """`rawkit convert - ...`, which was given a packet and waits for more."""
    command = [*RAWKIT, "convert", "-", *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin is not None
        process.stdin.write(pcap_header() + pcap_record())
        yield process


def partial(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.endswith(".partial")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_convert_that_is_told_to_stop_leaves_nothing(tmp_path: Path, number: int) -> None:
    with converting(tmp_path / "made.pcap") as process:
        until(lambda: partial(tmp_path) != [])
        process.send_signal(number)
        assert process.wait(PATIENCE_S) == 128 + number
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert list(tmp_path.iterdir()) == []


def test_convert_that_is_killed_leaves_a_temporary_file_at_most(tmp_path: Path) -> None:
    target = tmp_path / "made.pcap"
    target.write_bytes(b"precious")
    with converting(target, "--force") as process:
        until(lambda: partial(tmp_path) != [])
        process.kill()
        process.wait(PATIENCE_S)
    assert target.read_bytes() == b"precious"
    assert [path.name for path in tmp_path.iterdir() if path != target] == partial(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("to", ["pcap", "pcapng"])
def test_a_full_pipe_that_nobody_reads_keeps_no_one_from_stopping(tmp_path: Path, to: str, number: int) -> None:
    source, whole = tmp_path / "a.pcap", tmp_path / f"b.{to}"
    source.write_bytes(pcap_header() + b"".join(pcap_record(bytes(1000), seconds=number) for number in range(2_000)))
    subprocess.run([*RAWKIT, "convert", source, whole], check=True)
    out, in_ = os.pipe()
    with subprocess.Popen([*RAWKIT, "convert", "--to", to, source, "-"], stdout=in_) as process:
        os.close(in_)
        until(lambda: sleeps_in_write(process.pid, out))
        process.send_signal(number)
        assert process.wait(PATIENCE_S) == 128 + number
    with os.fdopen(out, "rb") as file:
        octets = file.read()
    assert octets
    assert whole.read_bytes().startswith(octets)  # nothing of it twice


def sleeps_in_write(pid: int, pipe: int) -> bool:
    """Whether the process waits and its pipe is full."""
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state == "S" and waiting(pipe) >= 1 << 16


def waiting(pipe: int) -> int:
    """Octets in a pipe that were not read yet."""
    from fcntl import ioctl
    from termios import FIONREAD

    return int.from_bytes(ioctl(pipe, FIONREAD, bytes(4)), sys.byteorder)


def test_asking_again_is_obeyed_at_once() -> None:
    script = """if True:
        import signal, time
        from rawkit.cli.stopping import stoppable
        with stoppable():
            try:
                signal.raise_signal(signal.SIGTERM)
            finally:
                print(flush=True)
                time.sleep(1_000)  # tidying up that does not end
    """
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGHUP)  # what a closing terminal sends beside it is not asking again
        process.terminate()
        assert process.wait(PATIENCE_S) == -signal.SIGTERM


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminal_that_closes_interrupts_no_tidying_up(first: int) -> None:
    tidied = []

    def stop() -> None:
        try:
            signal.raise_signal(first)
        finally:
            signal.raise_signal(signal.SIGHUP)
            tidied.append(True)

    with pytest.raises(Stopped), stoppable():
        stop()
    assert tidied
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL
