"""`rawkit demo`: what a newcomer sees first, and that every command it proposes works."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rawkit.cli import demo
from rawkit.cli.called import program
from tests.cli.run import golden_text, run
from tests.golden import assert_golden
from tests.scripts_copy import PROJECT, script

Capsys = pytest.CaptureFixture[str]


def test_golden(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    monkeypatch.setattr(sys, "argv", ["rawkit", "demo"])
    assert_golden("cli/demo", golden_text(run(capsys, "demo")))


def shell(line: str, folder: Path, path: str = "") -> subprocess.CompletedProcess[str]:
    """Run a line as it is printed, where this Python is not found by its name (an activated environment's is)."""
    here = str(Path(sys.executable).parent)
    others = ":".join(each for each in os.environ["PATH"].split(":") if each != here)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PATH": f"{path}{others}"}
    environment.pop("RAWKIT_CALLED_AS", None)
    return subprocess.run(["sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, check=False)


CALLS = {
    "from the clone": ("./scripts/rawkit", ".", ""),
    "from below it": ("../scripts/rawkit", "docs", ""),
    "from elsewhere": ("{clone}/scripts/rawkit", "/", ""),
    "by its name": ("rawkit", "/", "{clone}/scripts:"),
    "by a link of another name": ("{links}/rk", "/", ""),
    "by a link that the shell finds": ("rk", "/", "{links}:"),
    "through sh, beside it": ("sh ./rawkit", "scripts", ""),
    "through sh, by its name": ("sh rawkit", "scripts", ""),
    "as a module": (f"{shlex.quote(sys.executable)} -P -m rawkit", "/", ""),
}


PROPOSED = {"through sh, beside it": "./rawkit", "through sh, by its name": "{clone}/scripts/rawkit"}
"""What calls it again, where that is not what it was called by."""


@pytest.mark.parametrize("how", CALLS)
def test_what_it_proposes_works_as_it_is_printed(tmp_path: Path, how: str) -> None:
    clone, links = tmp_path / "a clone", tmp_path / "links"
    (clone / "docs").mkdir(parents=True)
    links.mkdir()
    (links / "rk").symlink_to(script("rawkit", clone))
    called, place, path, first = (
        part.replace("{clone}", str(clone)).replace("{links}", str(links))
        for part in (*CALLS[how], PROPOSED.get(how, CALLS[how][0]).replace(" -P", ""))
    )
    called, first = (shlex.quote(each) if str(clone) in each else each for each in (called, first))
    folder = clone / place
    lines = [line.strip() for line in shell(f"{called} demo", folder, path).stdout.splitlines()]
    proposed = [line for line in lines[lines.index("What to try next:") :] if line.startswith((first, "Your"))]
    commands, own = proposed[:-1], proposed[-1]
    assert len(commands) == len(demo.NEXT)
    assert own == f"Your own captures work the same: {first} explain FILE"
    for line in commands:
        assert line.startswith(f"{first} ")
        done = shell(line, folder, path)
        assert (done.returncode, done.stderr) == (0, ""), line
        assert done.stdout


@pytest.mark.parametrize("called", ["", "-c", "/x/pytest/__main__.py", "/usr/bin/pytest", "rawkit"])
def test_whoever_else_runs_it_is_told_its_name(monkeypatch: pytest.MonkeyPatch, called: str) -> None:
    monkeypatch.delenv("RAWKIT_CALLED_AS", raising=False)
    monkeypatch.setattr(sys, "argv", [called])
    assert program() == "rawkit"


def test_a_script_that_is_not_executable_is_given_to_sh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = script("rawkit", tmp_path)
    called.chmod(0o644)
    monkeypatch.setenv("RAWKIT_CALLED_AS", str(called))
    assert program() == f"sh {called}"


def test_it_prints_in_any_encoding_and_without_network_or_terminal() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    command = [sys.executable, "-m", "rawkit", "demo"]
    done = subprocess.run(command, capture_output=True, env=environment, stdin=subprocess.DEVNULL, check=True)
    assert done.stdout.isascii()
    assert b"?" not in done.stdout
    assert b"connect() returns" in done.stdout
