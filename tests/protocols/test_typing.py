"""Headers are typed: mypy and pyright see the fields' types, and refuse names and values that are wrong."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parent.parent / "typing"
PROJECT = SAMPLES.parent.parent
IGNORE = "  # type: ignore"

Checker = Callable[[Path], set[int]]


def run(*command: str) -> str:
    variables = {"MYPY_CACHE_DIR": os.devnull, **os.environ}  # nothing is written into the clone
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, env=variables).stdout


def mypy(sample: Path) -> set[int]:
    """The lines of a sample that mypy refuses."""
    pytest.importorskip("mypy", reason="mypy is not installed")
    told = run(sys.executable, "-m", "mypy", "--strict", str(sample))
    assert re.search("^(Found|Success)", told, re.MULTILINE), told or "mypy did not come to its end"
    return {int(line) for line in re.findall(rf"{sample.name}:(\d+): error", told)}


def pyright(sample: Path) -> set[int]:
    """The lines of a sample that pyright refuses."""
    program = shutil.which("pyright", path=str(Path(sys.executable).parent)) or shutil.which("pyright")
    if program is None:
        pytest.skip("pyright is not installed")
    told = run(program, "--pythonpath", sys.executable, str(sample))
    if "0 errors" not in told and " - error" not in told:
        pytest.skip(f"pyright does not run here: {told[:100]}")
    return {int(line) for line in re.findall(rf"{sample.name}:(\d+):\d+ - error", told)}


checkers = pytest.mark.parametrize("checker", [mypy, pyright])


@checkers
def test_what_is_wrong_is_refused(checker: Checker, tmp_path: Path) -> None:
    lines = (SAMPLES / "wrong.py").read_text().splitlines()
    bare = tmp_path / "wrong.py"
    bare.write_text("\n".join(line.partition(IGNORE)[0] for line in lines))
    assert checker(bare) == {number for number, line in enumerate(lines, 1) if IGNORE in line}


@checkers
def test_what_is_right_is_accepted(checker: Checker) -> None:
    assert checker(SAMPLES / "right.py") == set()
