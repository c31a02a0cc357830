"""Runs one command line inside the test."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from rawkit.capture import Frame, read
from rawkit.cli.main import main

CAPTURES = Path(__file__).parent.parent.parent / "captures"


def frames(path: Path) -> list[Frame]:
    """All frames of a capture."""
    with read(path) as capture:
        return list(capture)


class Result(NamedTuple):
    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path | int) -> Result:
    """Exit code, standard output and standard error of `rawkit ARGUMENTS`."""
    code = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return Result(code, out, err)


def golden_text(result: Result) -> str:
    """What a person sees, with no path of this machine in it."""
    assert result.code == 0, result.err
    return result.out.replace(f"{CAPTURES}/", "captures/")
