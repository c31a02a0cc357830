"""`rawkit demo`: what a newcomer sees first, and that every command it proposes works."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rawkit.cli import demo
from tests.cli.run import golden_text, run
from tests.golden import assert_golden

Capsys = pytest.CaptureFixture[str]
PROJECT = Path(__file__).parent.parent.parent


def test_golden(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    monkeypatch.setattr(sys, "argv", ["rawkit", "demo"])
    assert_golden("cli/demo", golden_text(run(capsys, "demo")))


def proposed(capsys: Capsys) -> list[str]:
    return [line.strip() for line in run(capsys, "demo").out.splitlines() if line.startswith("  rawkit ")]


@pytest.mark.parametrize("folder", [PROJECT, PROJECT / "tests", Path("/")], ids=["clone", "below", "elsewhere"])
def test_what_it_proposes_works_from_here(capsys: Capsys, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["/somewhere/bin/rawkit", "demo"])
    lines = proposed(capsys)
    assert len(lines) == len(demo.NEXT)
    for line in lines:
        result = run(capsys, *shlex.split(line)[1:])
        assert result.code == 0, (line, result.err)
        assert result.out


def test_it_proposes_the_program_as_it_was_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["./scripts/rawkit", "demo"])
    assert demo.program() == "./scripts/rawkit"
    monkeypatch.setattr(sys, "argv", [])
    assert demo.program() == "rawkit"


def test_it_prints_in_any_encoding_and_without_network_or_terminal() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    command = [sys.executable, "-m", "rawkit", "demo"]
    done = subprocess.run(command, capture_output=True, env=environment, stdin=subprocess.DEVNULL, check=True)
    assert done.stdout.isascii()
    assert b"?" not in done.stdout
    assert b"connect() returns" in done.stdout
