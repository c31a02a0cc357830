"""`rawkit net up` and `rawkit doctor`: a network for a person, as root and as an ordinary user."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from rawkit.lab.description import EXAMPLE
from tests.cli.run import run
from tests.lab.users import PATIENCE_S, command

TWO = "hosts = ['a', 'b']\n[[links]]\nbetween = ['a', 'b']\n"

IN_A_TERMINAL = """
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn([sys.executable, "-m", "rawkit", *sys.argv[1:]])))
"""


@pytest.fixture
def two() -> Iterator[Path]:
    """A file that everybody may read."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "two.toml")
        path.write_text(TWO)
        path.chmod(0o644)
        path.parent.chmod(0o755)
        yield path


def rawkit(user: str, *arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:
    how = {"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, **how}
    return subprocess.run(**{**command(user, ["-m", "rawkit", *arguments]), **how}, check=False, timeout=PATIENCE_S)


def test_a_command_on_a_host(user: str, two: Path) -> None:
    for on, name in (([], "a"), (["--on", "b"], "b")):
        done = rawkit(user, "net", "up", str(two), *on, "--", "sh", "-c", "hostname; id -u; exit 5")
        assert (done.returncode, done.stdout, done.stderr) == (5, f"{name}\n0\n", "")


def test_a_shell_is_told_what_is_there(user: str, two: Path) -> None:
    surroundings = {**command(user, [])["env"], "SHELL": "/bin/sh"}
    done = rawkit(user, "net", "up", str(two), "--on", "b", input="hostname\n", stdin=None, env=surroundings)
    assert (done.returncode, done.stdout) == (0, "b\n")
    assert done.stderr.splitlines() == [
        "rawkit: a eth0 -- b eth0                 10.0.0.1/24",
        "rawkit: b eth0 -- a eth0                 10.0.0.2/24",
        "rawkit: this is b; exit ends the network",
    ]


def test_a_shell_in_a_terminal_has_its_jobs(user: str, two: Path) -> None:
    surroundings = {**command(user, [])["env"], "SHELL": "/bin/sh", "PS1": ""}
    how = command(user, ["-c", IN_A_TERMINAL, "net", "up", str(two)]) | {"env": surroundings}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(**how, **pipes) as process:
        out, _ = process.communicate("set -m; sleep 1000 & jobs; hostname; ps -o comm=; exit 4\n", timeout=PATIENCE_S)
    assert process.returncode == 4
    lines = [line.strip() for line in out.splitlines()]
    assert any("Running" in line for line in lines)
    assert "a" in lines
    assert "tty" not in out  # what shells complain of


@pytest.mark.usefixtures("namespaces")
def test_the_interrupt_key_is_for_the_command(two: Path) -> None:
    caught = "trap 'echo caught; exit 7' INT; echo on; while :; do sleep 0.01; done"
    how = command("me", ["-c", IN_A_TERMINAL, "net", "up", str(two), "--", "sh", "-c", caught])
    with subprocess.Popen(**how, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\r\n"
        out, _ = process.communicate(b"\x03", timeout=PATIENCE_S)
        assert (process.returncode, b"caught" in out) == (7, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.usefixtures("namespaces")
def test_told_to_stop(two: Path, number: int) -> None:
    how = command("me", ["-m", "rawkit", "net", "up", str(two), "--", "sh", "-c", "echo on; exec sleep 1000"])
    with subprocess.Popen(**how, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_S)  # until nothing has its streams: the sleeper, too, is gone
        assert (process.returncode, out, err) == (128 + number, b"", b"")


def test_how_a_command_was_ended_is_told(user: str, two: Path) -> None:
    assert rawkit(user, "net", "up", str(two), "--", "sh", "-c", "kill -9 $$").returncode == 128 + 9


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--on", "c"], "rawkit: no host 'c'; there are a, b\n"),
        (["--", "rawkit-no-such-program"], "rawkit: no program 'rawkit-no-such-program' to run on a\n"),
    ],
)
@pytest.mark.usefixtures("namespaces")
def test_a_mistake_is_one_line(capsys: pytest.CaptureFixture[str], two: Path, arguments: list[str], said: str) -> None:
    assert run(capsys, "net", "up", two, *arguments) == (2, "", said)


def test_a_file_that_is_no_network(capsys: pytest.CaptureFixture[str], two: Path) -> None:
    two.write_text("hosts = 3")
    assert run(capsys, "net", "up", two) == (2, "", f"rawkit: {two}: hosts: 3 is not a list of texts\n")
    missing = run(capsys, "net", "up", two.with_name("tow.toml"))
    assert (missing.code, missing.err.endswith("did you mean 'two.toml'?\n")) == (2, True)


def test_the_example_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "net", "example") == (0, EXAMPLE.read_text(), "")


def test_the_doctor_says_what_is_allowed(user: str) -> None:
    said = rawkit(user, "doctor")
    assert (said.returncode, said.stderr) == (0, "")
    told = [json.loads(line) for line in rawkit(user, "doctor", "--json").stdout.splitlines()]
    assert len(said.stdout.splitlines()) == len(told)
    by_name = {each["name"]: each for each in told}
    assert by_name["namespaces"]["allowed"] is True
    assert by_name["packet sockets there"]["allowed"] is True
    assert by_name["packet sockets"]["allowed"] is (user == "me" and os.geteuid() == 0)
    for line, each in zip(said.stdout.splitlines(), told, strict=True):
        assert line.split()[0] == {True: "yes", False: "no", None: "is"}[each["allowed"]]
        assert each["name"] in line
        assert bool(each["how"]) == (each["allowed"] is False)


def test_the_doctor_where_namespaces_are_forbidden(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from rawkit.lab import machine
    from rawkit.lab.forbidden import NoNamespaces

    def refuse() -> None:
        raise NoNamespaces("user.max_user_namespaces is 0", "sysctl -w user.max_user_namespaces=10000")

    monkeypatch.setattr(machine, "Network", refuse)
    said = run(capsys, "doctor", "--color", "never")
    assert said.code == 0
    how = "no   namespaces: user.max_user_namespaces is 0; to allow it: sysctl -w user.max_user_namespaces=10000"
    assert how in said.out.splitlines()
    assert "no   ring: frames by memory" in said.out
