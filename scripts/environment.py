"""Makes the project's own Python environment, and prints where: `environment.py CLONE CACHE run|test`.

CACHE is the folder to take where the clone's .venv cannot be; empty where there is none. The environment holds the
dependencies of pyproject.toml and a .pth line that leads to the clone, so nothing is built, and nothing is written into
the clone but (where that is the place) the environment. Uses the standard library only. See environment.sh.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.get_pip import INSTALL, PIP, get_pip, surroundings

ELSEWHERE = "set XDG_CACHE_HOME to a folder that you may write to"
NO_PIP = (
    "this Python has neither ensurepip nor pip, and the package index does not give one; "
    "on Debian or Ubuntu: apt install python3-venv"
)

EXTRAS = {"run": ["zstd"], "test": ["zstd", "test"]}

FIND = "import importlib.metadata, sys; [importlib.metadata.distribution(name) for name in sys.argv[1:]]"
"""Fails where the Python that runs it has not all the distributions that are named."""


class SetupError(Exception):
    """Set-up cannot go on; the text says what the person can do."""


def main(clone: Path, environment: Path, kind: str) -> None:
    """Bring `environment` to what `clone`'s pyproject.toml asks for; nothing when it is there already."""
    try:
        environment.parent.mkdir(parents=True, exist_ok=True)
        with locked(lock(environment)):
            if not is_ready(clone, environment, kind):
                set_up(clone, environment, kind)
    except OSError as error:
        hint = "" if environment.parent == clone else f": {ELSEWHERE}"
        raise SetupError(f"cannot use {error.filename or environment} ({error.strerror}){hint}") from error


# Where the environment is, and whose.


def place(clone: Path, cache: str) -> Path:
    """The clone's .venv where that can be, else the folder in the cache."""
    inside = clone / ".venv"
    if is_possible(inside):
        return inside
    if not cache:
        raise SetupError(f"cannot use {inside}, and HOME and XDG_CACHE_HOME are not set: {ELSEWHERE}")
    return Path(cache)


def is_possible(environment: Path) -> bool:
    """Whether venv can make it (PATH's separator stops it, and it writes the path down in UTF-8), and we may."""
    text = str(environment)
    written = [each for each in (environment.parent, environment, lock(environment)) if each.exists()]
    return (
        os.pathsep not in text
        and text.encode(errors="replace").decode() == text
        and all(os.access(each, os.W_OK) for each in written)
        and is_ours(environment)
    )


def is_ours(environment: Path) -> bool:
    """Whether set-up made it, or may still do so: what a person put there is never touched."""
    if not environment.is_dir():
        return not environment.exists()
    return mark(environment).exists() or not any(environment.iterdir())


def lock(environment: Path) -> Path:
    return environment.with_name(environment.name + ".lock")


def mark(environment: Path) -> Path:
    """The stamp of every environment that set-up makes: there from the first moment on, and empty until it is ready."""
    return environment / "ready-run"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One set-up at a time. The kernel drops the lock when its holder ends, however it ends."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# What is in it.


def stamp(clone: Path) -> bytes:
    """What an environment was made for."""
    return os.fsencode(clone) + b"\n" + (clone / "pyproject.toml").read_bytes()


def is_ready(clone: Path, environment: Path, kind: str) -> bool:
    ready = environment / f"ready-{kind}"
    return (environment / "bin/python").exists() and ready.exists() and ready.read_bytes() == stamp(clone)


def set_up(clone: Path, environment: Path, kind: str) -> None:
    if not is_ours(environment):
        raise SetupError(f"{environment} was not made by rawkit, and is in the way")
    print(f"rawkit: setting up (once) in {environment} ...", file=sys.stderr, flush=True)
    python, stamps = environment / "bin/python", [mark(environment), environment / "ready-test"]
    complete = python.exists() and mark(environment).stat().st_size > 0
    environment.mkdir(exist_ok=True)
    for old in stamps:
        old.write_bytes(b"")
    if not complete:  # none yet, or one that was interrupted or lost its interpreter
        clear(environment)
        create(environment)
    install(python, requirements(clone, kind))
    (site_packages(environment) / "rawkit.pth").write_text(path_line(clone))
    for new in stamps if kind == "test" else stamps[:1]:
        partial = new.with_suffix(".partial")
        partial.write_bytes(stamp(clone))
        partial.replace(new)


def clear(environment: Path) -> None:
    """Empty it but for the mark."""
    for old in environment.iterdir():
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        elif old != mark(environment):
            old.unlink()


def path_line(clone: Path) -> str:
    """The .pth line for the clone. Python reads it in the encoding of the locale, whichever that is: it is ASCII."""
    return f"import os, sys; sys.path.append(os.fsdecode({os.fsencode(clone)!r}))\n"


def requirements(clone: Path, kind: str) -> list[str]:
    project = tomllib.loads((clone / "pyproject.toml").read_bytes().decode())["project"]
    extras = [each for extra in EXTRAS[kind] for each in project["optional-dependencies"][extra]]
    return sorted({*project["dependencies"], *extras})


def install(python: Path, wanted: list[str]) -> None:
    command: list[str | Path] = [python, "-I", "-m", *PIP, "--retries", "1", *INSTALL, *wanted]
    done = subprocess.run(command, env=surroundings({}), capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise SetupError(f"{why(done.stderr)}. Run the same command again when that is mended")
    names = [re.split(r"[^\w.-]", each)[0] for each in wanted]
    if subprocess.run([python, "-I", "-c", FIND, *names], capture_output=True, check=False).returncode != 0:
        raise SetupError(f"pip installed elsewhere: see what `{python} -m pip config list` sets")


def why(complaints: str) -> str:
    """What pip complained of, in one line."""
    lines = complaints.strip().splitlines() or ["pip failed"]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    broken = re.search(r"connection broken by '(\w+).*", complaints)
    if broken and (not errors or re.search("from versions: none|Max retries exceeded", complaints)):
        reason = re.search(r"(?<=\] )\w[\w ]+|timed out", broken[0])
        return f"the package index cannot be reached ({reason[0] if reason else broken[1]})"
    return "could not install what rawkit needs: " + "; ".join(line.rstrip(".") for line in errors or lines[-1:])


def site_packages(environment: Path) -> Path:
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(environment), "platbase": str(environment)}))


def create(environment: Path) -> None:
    """A virtual environment with pip. Its interpreter is linked by its full name (`python3.11`, not `python3`), so that
    the link breaks, and set-up runs again, when the system moves to another version."""
    sys._base_executable = os.path.realpath(sys._base_executable)  # type: ignore[attr-defined]  # what venv links to
    try:
        venv.EnvBuilder(symlinks=True, with_pip=False).create(environment)
    except ValueError as error:
        raise SetupError(str(error)) from error
    if not get_pip(environment / "bin/python"):
        raise SetupError(NO_PIP)


if __name__ == "__main__":
    try:
        clone, kind = Path(sys.argv[1]), sys.argv[3]
        environment = place(clone, sys.argv[2])
        main(clone, environment, kind)
        sys.stdout.buffer.write(os.fsencode(environment) + b"\n")
    except (SetupError, OSError) as error:
        print(f"rawkit: set-up failed: {error}", file=sys.stderr)
        sys.exit(3 if isinstance(error.__cause__, PermissionError) else 2)
    except KeyboardInterrupt:
        sys.exit(130)
