"""Gets pip into an environment whose Python may have come without it: Debian splits ensurepip off into python3-venv.

Each way tells whether it worked, and is silent about why not: the next one is tried. Uses the standard library only.
"""

from __future__ import annotations

import configparser
import hashlib
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

PIP = ("pip", "--disable-pip-version-check", "--no-input", "-q")
INSTALL = ("install", "--target=")  # an empty target undoes one of pip's configuration
INDEX = "https://pypi.org/simple"
DEBIAN_WHEELS = Path("/usr/share/python-wheels")
TIMEOUT_S = 30


def get_pip(python: Path) -> bool:
    """Give the environment of `python` a pip of its own, by the first way that does; False when none does."""
    ways = (ensurepip, this_pip, debian_wheel, uv, index_wheel, debian_download)
    return any(way(python) and succeeds([python, "-I", "-m", "pip", "--version"]) for way in ways)


def ensurepip(python: Path) -> bool:
    return succeeds([python, "-I", "-m", "ensurepip"])


def this_pip(python: Path) -> bool:
    """The pip of the Python that runs this script works on another one since pip 22.3."""
    return succeeds([sys.executable, "-I", "-m", "pip", "--python", python, *PIP[1:], *INSTALL, "pip"])


def debian_wheel(python: Path, folder: Path = DEBIAN_WHEELS) -> bool:
    """A wheel is a zip file that Python can import from: it installs itself. No configuration is needed for that."""
    return any(
        succeeds([python, "-m", *PIP, *INSTALL, wheel], PYTHONPATH=str(wheel), PIP_CONFIG_FILE=os.devnull)
        for wheel in folder.glob("pip-*.whl")
    )


def uv(python: Path) -> bool:
    return succeeds(["uv", "pip", "install", "--quiet", "--python", python, "pip"])


def index_wheel(python: Path) -> bool:
    """The newest wheel of the package index; it installs itself like Debian's."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            fetch_wheel(Path(folder))
        except (OSError, ValueError, HTTPException, configparser.Error):
            return False
        return debian_wheel(python, Path(folder))


def debian_download(python: Path) -> bool:
    """Debian's package that holds pip's wheel, unpacked in a temporary folder: needs no root, changes no system. Where
    the system has no lists of packages (containers often have none), apt fetches some into that folder too."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("lists", "archives"):
            Path(folder, name, "partial").mkdir(parents=True)
        own = ["-o", f"Dir::State::lists={folder}/lists", "-o", f"Dir::Cache={folder}", "-o", "APT::Sandbox::User=root"]
        download = ["-qq", "download", "python3-pip-whl"]
        fetched = succeeds(["apt-get", *download], cwd=folder) or (
            succeeds(["apt-get", *own, "-qq", "update"]) and succeeds(["apt-get", *own, *download], cwd=folder)
        )
        return (
            fetched
            and all(succeeds(["dpkg-deb", "-x", package, folder]) for package in Path(folder).glob("*.deb"))
            and debian_wheel(python, Path(folder) / DEBIAN_WHEELS.relative_to("/"))
        )


# From the package index.


class Wheels(HTMLParser):
    """pip's wheels on its page of a package index (PEP 503) that this Python can run and whose digest is given."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[list[int], str]] = []  # (version, link)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        link = given.get("href") or ""
        wheel = re.search(r"pip-([0-9]+(?:\.[0-9]+)*)-py3-none-any\.whl#sha256=[0-9a-f]{64}$", link)
        least = re.search(r">=\s*3\.([0-9]+)", given.get("data-requires-python") or ">=3.0")
        if wheel and "data-yanked" not in given and (least is None or int(least[1]) <= sys.version_info.minor):
            self.found.append(([int(number) for number in wheel[1].split(".")], link))


def fetch_wheel(folder: Path) -> None:
    """Leave the newest one in `folder`. ValueError where there is none, or not the one that the index means."""
    index = pip_setting("index-url") or INDEX
    page, address = fetch(f"{index.rstrip('/')}/pip/")
    wheels = Wheels()
    wheels.feed(page.decode())
    address, _, digest = urljoin(address, max(wheels.found)[1]).partition("#sha256=")
    octets, _ = fetch(address)
    if hashlib.sha256(octets).hexdigest() != digest:
        raise ValueError(f"{address} has another digest")
    (folder / address.rpartition("/")[2]).write_bytes(octets)


def fetch(address: str) -> tuple[bytes, str]:
    """What is there, and where it is after all."""
    trusted = ssl.create_default_context(cafile=pip_setting("cert"))
    with urlopen(address, timeout=TIMEOUT_S, context=trusted) as answer:
        return answer.read(), answer.url


def pip_setting(name: str) -> str | None:
    """What pip takes for an option that is not given: its variable, or its configuration files' last word."""
    configured = os.environ.get("PIP_CONFIG_FILE", "")
    home = Path(os.environ.get("HOME", "/"))
    own = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    usual: list[str | Path] = ["/etc/xdg/pip/pip.conf", "/etc/pip.conf", home / ".pip/pip.conf", own / "pip/pip.conf"]
    parser = configparser.RawConfigParser()
    parser.read([] if configured == os.devnull else [*usual, configured])
    value = parser.get("install", name, fallback=None) or parser.get("global", name, fallback=None)
    return os.environ.get(f"PIP_{name.upper().replace('-', '_')}") or value


# Programs.


def succeeds(command: list[str | Path], cwd: str | None = None, **variables: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return (
        subprocess.run(command, cwd=cwd, env=surroundings(variables), capture_output=True, check=False).returncode == 0
    )


def surroundings(variables: dict[str, str]) -> dict[str, str]:
    """The process's own variables, less those that send pip's work elsewhere."""
    astray = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME"}
    kept = {name: value for name, value in os.environ.items() if name not in astray}
    return {**kept, "PIP_USER": "0", "PIP_ROOT_USER_ACTION": "ignore", **variables}
