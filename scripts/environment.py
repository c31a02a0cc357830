"""Makes the project's own Python environment: `environment.py CLONE ENVIRONMENT run|test`. See environment.sh.

The environment holds the dependencies of pyproject.toml and a .pth line that leads to the clone, so nothing is built,
and nothing is written into the clone but (where that is the place) the environment. Uses the standard library only.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PIP = ("pip", "--disable-pip-version-check", "--no-input", "-qq")
DEBIAN_WHEELS = Path("/usr/share/python-wheels")


class SetupError(Exception):
    """Set-up cannot go on; the text says what the person can do."""


def main(clone: Path, environment: Path, kind: str) -> None:
    """Bring `environment` to what `clone`'s pyproject.toml asks for; nothing when it is there already."""
    try:
        environment.parent.mkdir(parents=True, exist_ok=True)
        with locked(environment.with_name(environment.name + ".lock")):
            if not is_ready(clone, environment, kind):
                set_up(clone, environment, kind)
    except PermissionError as error:
        hint = "set XDG_CACHE_HOME to a folder that you may write to"
        raise SetupError(f"cannot write {error.filename}: {hint}") from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One set-up at a time. The kernel drops the lock when its holder ends, however it ends."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def stamp(clone: Path) -> str:
    """What an environment was made for."""
    return f"{clone}\n{(clone / 'pyproject.toml').read_text()}"


def is_ready(clone: Path, environment: Path, kind: str) -> bool:
    ready = environment / f"ready-{kind}"
    return (environment / "bin/python").exists() and ready.exists() and ready.read_text() == stamp(clone)


def set_up(clone: Path, environment: Path, kind: str) -> None:
    print(f"rawkit: setting up (once) in {environment} ...", file=sys.stderr, flush=True)
    stamps = [environment / "ready-run", environment / "ready-test"]
    complete = (environment / "bin/python").exists() and any(old.exists() for old in stamps)
    for old in stamps:
        old.unlink(missing_ok=True)
    if not complete:  # none yet, or one that was interrupted or lost its interpreter
        create(environment)
    python = environment / "bin/python"
    run([python, "-I", "-m", *PIP, "install", *requirements(clone, kind)], "could not install what rawkit needs")
    (site_packages(environment) / "rawkit.pth").write_text(f"{clone}\n")
    for new in stamps if kind == "test" else stamps[:1]:
        partial = new.with_suffix(".partial")
        partial.write_text(stamp(clone))
        partial.replace(new)


def requirements(clone: Path, kind: str) -> list[str]:
    project = tomllib.loads((clone / "pyproject.toml").read_text())["project"]
    extra = project["optional-dependencies"]["test"] if kind == "test" else []
    return [*project["dependencies"], *extra]


def site_packages(environment: Path) -> Path:
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(environment), "platbase": str(environment)}))


def create(environment: Path) -> None:
    """A virtual environment with pip. Its interpreter is linked by its full name (`python3.11`, not `python3`), so that
    the link breaks, and set-up runs again, when the system moves to another version."""
    sys._base_executable = os.path.realpath(sys._base_executable)  # type: ignore[attr-defined]  # what venv links to
    venv.EnvBuilder(clear=True, symlinks=True, with_pip=False).create(environment)
    python = environment / "bin/python"
    if not any(attempt(python) for attempt in (ensurepip, this_pip, debian_wheel, uv, debian_download)):
        raise SetupError("this Python has neither ensurepip nor pip; on Debian or Ubuntu: apt install python3-venv")


# Ways to get pip into the environment, each True when it worked. Debian splits ensurepip off into python3-venv.


def ensurepip(python: Path) -> bool:
    return succeeds([python, "-I", "-m", "ensurepip"])


def this_pip(python: Path) -> bool:
    """The pip of the Python that runs this script works on another one since pip 22.3."""
    return succeeds([sys.executable, "-I", "-m", "pip", "--python", python, *PIP[1:], "install", "pip"])


def debian_wheel(python: Path, folder: Path = DEBIAN_WHEELS) -> bool:
    """A wheel is a zip file that Python can import from: it installs itself."""
    return any(
        succeeds([python, "-m", *PIP, "install", wheel], PYTHONPATH=str(wheel)) for wheel in folder.glob("pip-*.whl")
    )


def uv(python: Path) -> bool:
    return succeeds(["uv", "pip", "install", "--quiet", "--python", python, "pip"])


def debian_download(python: Path) -> bool:
    """Debian's package that holds pip's wheel, unpacked in a temporary folder: needs no root, changes no system."""
    with tempfile.TemporaryDirectory() as folder:
        if not succeeds(["apt-get", "-qq", "download", "python3-pip-whl"], cwd=folder):
            return False
        packages = list(Path(folder).glob("*.deb"))
        return (
            bool(packages)
            and succeeds(["dpkg-deb", "-x", packages[0], folder])
            and debian_wheel(python, Path(folder) / DEBIAN_WHEELS.relative_to("/"))
        )


def succeeds(command: list[str | Path], cwd: str | None = None, **variables: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return (
        subprocess.run(command, cwd=cwd, env=surroundings(variables), capture_output=True, check=False).returncode == 0
    )


def run(command: list[str | Path], problem: str) -> None:
    """Run a command whose output and complaints are both for the person, hence on standard error."""
    if subprocess.run(command, env=surroundings({}), stdout=sys.stderr, check=False).returncode != 0:
        raise SetupError(f"{problem}; the lines above say why. Run the same command again when that is mended")


def surroundings(variables: dict[str, str]) -> dict[str, str]:
    """The process's own variables, less those that send pip's work elsewhere."""
    astray = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME"}
    kept = {name: value for name, value in os.environ.items() if name not in astray}
    return {**kept, "PIP_ROOT_USER_ACTION": "ignore", **variables}


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
    except (SetupError, OSError) as error:
        print(f"rawkit: set-up failed: {error}", file=sys.stderr)
        sys.exit(3 if isinstance(error.__cause__, PermissionError) else 2)
    except KeyboardInterrupt:
        sys.exit(130)
