"""Set-up of the scripts' own environment, without the index: when it is due, what it asks for, what stops it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import environment

PROJECT = Path(__file__).parent.parent

create = environment.create  # the real one, where a test has another in its place


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for the slow steps and lists them: creation makes only an interpreter, installation nothing."""
    steps: list[str] = []

    def create(place: Path) -> None:
        steps.append("create")
        (place / "bin").mkdir(parents=True)
        (place / "bin/python").touch()

    monkeypatch.setattr(environment, "create", create)
    monkeypatch.setattr(environment, "install", lambda python, wanted: steps.append("install"))
    monkeypatch.setattr(environment, "site_packages", lambda place: place)
    (tmp_path / "pyproject.toml").write_text((PROJECT / "pyproject.toml").read_text())
    return steps


def test_sets_up_once(tmp_path: Path, made: list[str]) -> None:
    for _ in range(2):
        environment.main(tmp_path, tmp_path / "env", "run")
    assert made == ["create", "install"]
    assert (tmp_path / "env/rawkit.pth").exists()


@pytest.mark.parametrize("name", [b"plain", "Käse".encode(), b"not \xff UTF-8", b"quote's and\nmore"])
def test_the_line_that_leads_to_the_clone_is_ascii(name: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    line = environment.path_line(Path(os.fsdecode(name)))
    assert line.startswith("import ")  # else Python takes it for a path
    assert line.isascii()
    assert line.count("\n") == 1
    exec(line)
    assert sys.path == [os.fsdecode(name)]


def test_an_environment_is_made_in_the_clone(tmp_path: Path) -> None:
    inside, cache = tmp_path / ".venv", tmp_path / "cache"
    assert environment.place(tmp_path, str(cache)) == inside
    inside.mkdir()
    assert environment.place(tmp_path, str(cache)) == inside
    environment.mark(inside).touch()
    (inside / "bin").mkdir()
    assert environment.place(tmp_path, str(cache)) == inside


def test_what_a_person_put_there_is_left_alone(tmp_path: Path, made: list[str]) -> None:
    inside, cache = tmp_path / ".venv", tmp_path / "cache"
    inside.mkdir()
    (inside / "pyvenv.cfg").touch()
    assert environment.place(tmp_path, str(cache)) == cache
    with pytest.raises(environment.SetupError, match=r"\.venv was not made by rawkit, and is in the way"):
        environment.main(tmp_path, inside, "run")
    assert [each.name for each in inside.iterdir()] == ["pyvenv.cfg"]
    assert made == []


def test_a_lock_of_somebody_else_sends_it_to_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".venv.lock").touch()
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith(".lock"))
    assert environment.place(tmp_path, "/cache") == Path("/cache")


@pytest.mark.parametrize("clone", ["/x/a:b", os.fsdecode(b"/x/not \xff UTF-8")])
def test_a_path_that_venv_cannot_take_sends_it_to_the_cache(clone: str) -> None:
    assert environment.place(Path(clone), "/cache") == Path("/cache")
    with pytest.raises(environment.SetupError, match="HOME and XDG_CACHE_HOME are not set"):
        environment.place(Path(clone), "")


def test_a_cache_that_venv_cannot_take_is_one_line(tmp_path: Path, made: list[str]) -> None:
    with pytest.raises(environment.SetupError, match="PATH separator"):
        create(tmp_path / "a:b")


@pytest.mark.parametrize("cache", ["/proc/x/rawkit", "/dev/null/rawkit"])
def test_a_cache_that_cannot_be_is_said_with_what_to_do(tmp_path: Path, cache: str) -> None:
    with pytest.raises(environment.SetupError, match=r"^cannot use /\S+ \([A-Z].*\): set XDG_CACHE_HOME to a folder"):
        environment.main(tmp_path, Path(cache), "run")


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


def test_what_is_in_the_way_of_a_new_one_goes_but_for_the_mark(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/left").touch()
    (tmp_path / "lib64").symlink_to("lib")
    environment.mark(tmp_path).touch()
    environment.clear(tmp_path)
    assert list(tmp_path.iterdir()) == [environment.mark(tmp_path)]


def test_an_interrupted_set_up_starts_over(tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(python: Path, wanted: list[str]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "install", interrupted)
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
    assert any(requirement.startswith("zstandard") for requirement in plain)


def test_says_what_to_do_when_no_pip_can_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "get_pip", lambda python: False)
    with pytest.raises(environment.SetupError, match="apt install python3-venv"):
        environment.create(tmp_path / "env")


def test_an_index_that_cannot_be_reached_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody listens at the port of `discard`
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(
        environment.SetupError, match=r"^the package index cannot be reached \(Connection refused\)\. Run"
    ):
        environment.install(Path(sys.executable), ["rawkit-needs-no-such-thing"])


def test_what_pip_put_elsewhere_is_said(tmp_path: Path) -> None:
    """A Python whose pip succeeds and that still has nothing."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ "$2" = -m ]\n')
    python.chmod(0o755)
    with pytest.raises(
        environment.SetupError, match=r"^pip installed elsewhere: see what `.* -m pip config list` sets"
    ):
        environment.install(python, ["click>=8"])


RETRY = "WARNING: Retrying (Retry(total=0)) after connection broken by "
COMPLAINTS = {
    f"{RETRY}'ConnectTimeoutError(<HTTPSConnection object at 0x7f>, 'Connection to pypi.org timed out. (...)')': /x/\n"
    "ERROR: No version satisfies x (from versions: none)\n": "the package index cannot be reached (timed out)",
    f"{RETRY}'SSLError(SSLCertVerificationError(1, '[SSL: ..._FAILED] certificate verify failed: own (...)'))'": (
        "the package index cannot be reached (certificate verify failed)"
    ),
    f"{RETRY}'ProxyError('Cannot connect to proxy.')': /x/": "the package index cannot be reached (ProxyError)",
    f"{RETRY}'ProtocolError()': /x/\nERROR: No space\n": "could not install what rawkit needs: No space",
    "WARNING: a\nERROR: No space.\nERROR: It went wrong.\n": (
        "could not install what rawkit needs: No space; It went wrong"
    ),
    "Traceback\n  File\nKeyError: 'x'\n": "could not install what rawkit needs: KeyError: 'x'",
    "": "could not install what rawkit needs: pip failed",
}


@pytest.mark.parametrize("complaints", COMPLAINTS)
def test_what_pip_complains_of_is_one_line(complaints: str) -> None:
    assert environment.why(complaints) == COMPLAINTS[complaints]


def test_without_a_python_one_line_and_code_2(tmp_path: Path) -> None:
    """On a PATH with the few POSIX programs the script needs, and no Python. The clone is a copy of scripts/."""
    programs, clone = tmp_path / "bin", tmp_path / "clone"
    for folder in (programs, clone / "scripts"):
        folder.mkdir(parents=True)
    for name in ("sh", "dirname", "readlink", "cat", "cksum"):
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


CACHES = {
    "of the user": ({"HOME": "/home/u"}, "/home/u/.cache/rawkit/{name}-{sum}"),
    "named": ({"HOME": "/home/u", "XDG_CACHE_HOME": "/c"}, "/c/rawkit/{name}-{sum}"),
    "a relative one is ignored": ({"HOME": "/home/u", "XDG_CACHE_HOME": "c"}, "/home/u/.cache/rawkit/{name}-{sum}"),
    "an empty one is none": ({"HOME": "/home/u", "XDG_CACHE_HOME": ""}, "/home/u/.cache/rawkit/{name}-{sum}"),
    "no home": ({}, ""),
    "no home, but a cache": ({"XDG_CACHE_HOME": "/c"}, "/c/rawkit/{name}-{sum}"),
}


@pytest.mark.parametrize("which", CACHES)
@pytest.mark.parametrize(("clone", "name"), [("/x/raw-kit.2", "raw-kit.2"), ("/x/a:b c", "clone"), ("/Käse", "clone")])
def test_the_folder_in_the_cache(which: str, clone: str, name: str) -> None:
    variables, expected = CACHES[which]
    line = f'clone="{clone}"; . {PROJECT}/scripts/environment.sh; cache_environment'
    told = subprocess.check_output(["sh", "-c", line], env={"PATH": os.defpath, **variables}, text=True)
    total = subprocess.check_output(["cksum"], input=clone, text=True).split()[0]
    assert told.strip() == expected.format(name=name, sum=total)
