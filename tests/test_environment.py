"""Set-up of the scripts' own environment, without the index: when it is due, what it asks for, what stops it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from scripts import environment

PROJECT = Path(__file__).parent.parent


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for the slow steps and lists them: creation makes only an interpreter, installation nothing."""
    steps: list[str] = []

    def create(place: Path) -> None:
        steps.append("create")
        (place / "bin").mkdir(parents=True)
        (place / "bin/python").touch()

    monkeypatch.setattr(environment, "create", create)
    monkeypatch.setattr(environment, "run", lambda command, problem: steps.append("install"))
    monkeypatch.setattr(environment, "site_packages", lambda place: place)
    (tmp_path / "pyproject.toml").write_text((PROJECT / "pyproject.toml").read_text())
    return steps


def test_sets_up_once(tmp_path: Path, made: list[str]) -> None:
    for _ in range(2):
        environment.main(tmp_path, tmp_path / "env", "run")
    assert made == ["create", "install"]
    assert (tmp_path / "env/rawkit.pth").read_text() == f"{tmp_path}\n"


def test_tests_need_more_and_what_they_have_is_enough_to_run(tmp_path: Path, made: list[str]) -> None:
    for kind in ("run", "test", "run"):
        environment.main(tmp_path, tmp_path / "env", kind)
    assert made == ["create", "install", "install"]


def test_installs_again_when_the_project_changed(tmp_path: Path, made: list[str]) -> None:
    environment.main(tmp_path, tmp_path / "env", "run")
    with (tmp_path / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    environment.main(tmp_path, tmp_path / "env", "run")
    assert made == ["create", "install", "install"]


def test_an_interrupted_set_up_starts_over(tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(command: object, problem: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.main(tmp_path, tmp_path / "env", "run")
    assert not environment.is_ready(tmp_path, tmp_path / "env", "run")
    (tmp_path / "env/bin/python").unlink()
    (tmp_path / "env/bin").rmdir()
    environment.main(tmp_path, tmp_path / "env", "run")
    assert made == ["create", "create", "install"]


def test_asks_for_what_the_project_declares() -> None:
    plain, with_tests = (environment.requirements(PROJECT, kind) for kind in ("run", "test"))
    assert "dpkt==1.9.8" in with_tests
    assert set(plain) < set(with_tests)
    assert not any("==" in requirement for requirement in plain)


def test_says_what_to_do_when_no_pip_can_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "succeeds", lambda command, **variables: False)
    with pytest.raises(environment.SetupError, match="apt install python3-venv"):
        environment.create(tmp_path / "env")


def test_without_a_python_one_line_and_code_2(tmp_path: Path) -> None:
    """On a PATH with the few POSIX programs the script needs, and no Python. The clone is a copy of scripts/."""
    programs, clone = tmp_path / "bin", tmp_path / "clone"
    for folder in (programs, clone / "scripts"):
        folder.mkdir(parents=True)
    for name in ("sh", "dirname", "basename", "readlink", "cat", "cksum"):
        real = next(Path(place, name) for place in os.defpath.split(":") if Path(place, name).exists())
        (programs / name).symlink_to(real)
    for name in ("rawkit", "environment.sh"):
        (clone / "scripts" / name).write_text((PROJECT / "scripts" / name).read_text())
    script = ["/bin/sh", str(clone / "scripts/rawkit")]
    done = subprocess.run(script, env={"PATH": str(programs)}, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("rawkit: needs Python 3.11 or newer")
    assert done.stderr.count("\n") == 1
