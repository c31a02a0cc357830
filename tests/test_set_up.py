"""Set-up from end to end: a copy of the clone calls itself, in surroundings that lead others astray."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local_index import index_of

PROJECT = Path(__file__).parent.parent

PYPROJECT = """
[project]
dependencies = ["click"]
[project.optional-dependencies]
zstd = []
test = []
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with index_of(tmp_path_factory.mktemp("index"), "click", "pip") as address:
        yield address


@pytest.fixture
def surroundings(tmp_path: Path, index: str) -> dict[str, str]:
    """A home and nothing else; the Python that these tests run on; pip's configuration installs somewhere else."""
    programs, home = tmp_path / "bin", tmp_path / "home"
    programs.mkdir()
    home.mkdir()
    (programs / "python3").symlink_to(os.path.realpath(sys.executable))
    (home / "pip.conf").write_text(f"[global]\nindex-url = {index}\ntarget = {home}/astray\n[install]\nuser = true\n")
    return {
        "PATH": f"{programs}:{os.defpath}",
        "HOME": str(home),
        "LC_ALL": "C",
        "PIP_CONFIG_FILE": str(home / "pip.conf"),
        "PYTHONHOME": "/nonexistent",
        "PYTHONPATH": "/nonexistent",
        "XDG_CACHE_HOME": "relative",
    }


def copy(clone: Path) -> Path:
    """A clone with few dependencies."""
    for name in ("scripts", "rawkit"):
        shutil.copytree(PROJECT / name, clone / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    (clone / "pyproject.toml").write_text(PYPROJECT)
    return clone


def rawkit(clone: Path, surroundings: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    command = [str(clone / "scripts/rawkit"), "--version"]
    return subprocess.run(command, cwd=clone, env=surroundings, capture_output=True, check=False)


def test_in_the_clone(tmp_path: Path, surroundings: dict[str, str]) -> None:
    clone = copy(tmp_path / "Käse und Brot")
    first = rawkit(clone, surroundings)
    assert (first.returncode, first.stdout[:7]) == (0, b"rawkit "), first.stderr
    assert first.stderr.startswith(b"rawkit: setting up (once) in ")
    assert (first.stderr.count(b"\n"), (clone / ".venv/bin/python").exists()) == (1, True)
    second = rawkit(clone, surroundings)
    assert (second.returncode, second.stdout, second.stderr) == (0, first.stdout, b"")
    assert not (Path(surroundings["HOME"]) / "astray").exists()


def test_in_the_cache(tmp_path: Path, surroundings: dict[str, str]) -> None:
    """venv takes no colon and no octets that are not UTF-8; and the .venv is the person's own."""
    clone = copy(tmp_path / os.fsdecode(b"a:b \xff"))
    (clone / ".venv").mkdir()
    (clone / ".venv/mine").touch()
    first, second = rawkit(clone, surroundings), rawkit(clone, surroundings)
    assert (first.returncode, first.stdout[:7]) == (0, b"rawkit "), first.stderr
    assert (second.returncode, second.stdout, second.stderr) == (0, first.stdout, b"")
    (made,) = Path(surroundings["HOME"]).glob(".cache/rawkit/*/bin/python")
    assert made.parent.parent.name.startswith("clone-")
    assert [each.name for each in (clone / ".venv").iterdir()] == ["mine"]
    assert not (clone / "relative").exists()
