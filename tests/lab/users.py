"""Who the tests of networks run as: whoever runs them, and, where that is root, an ordinary user (nobody) besides."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 60
"""Fails a test; none passes by it."""

NOBODY = 65534
ME = "me"  # and "nobody": the fixture `user` has one or both
PROJECT = Path(__file__).parent.parent.parent


def command(user: str, arguments: Sequence[str]) -> dict[str, Any]:
    """How `subprocess` starts Python with these arguments as that user, with rawkit and its libraries at hand."""
    path = [str(PROJECT), *site.getsitepackages()]
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONDONTWRITEBYTECODE": "1"}
    if user == ME:
        return {"args": [sys.executable, *arguments], "env": surroundings}
    identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return {"args": [python_for_all(), *arguments], "env": {**surroundings, "HOME": "/"}, "cwd": "/", **identity}


@cache
def python_for_all() -> str:
    """A Python that an ordinary user may run, with this clone's libraries; the test is skipped where there is none."""
    path = os.pathsep.join([str(PROJECT), *site.getsitepackages()])
    for candidate in (sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin") or ""):
        try:
            asked = [candidate, "-c", "import rawkit.lab.network, pyroute2"]
            surroundings = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
            how = {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/", "env": surroundings}
            if subprocess.run(asked, capture_output=True, check=False, **how).returncode == 0:  # type: ignore[call-overload]
                return candidate
        except OSError:
            continue
    pytest.skip("no Python that an ordinary user may run (the clone, or the interpreter, is root's alone)")


def act(user: str, function: str, *arguments: str) -> str:
    """What a function of `tests.lab.acts` prints, run in a program of its own; what fails there fails here."""
    code = f"import sys; from tests.lab import acts; acts.{function}(*sys.argv[1:])"
    how = command(user, ["-W", "error", "-c", code, *arguments])
    done = subprocess.run(**how, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


@cache
def why_not() -> str:
    """Why there are no namespaces here; "" where there are."""
    from rawkit.errors import NotPermitted
    from rawkit.lab import Network

    try:
        with Network():
            return ""
    except NotPermitted as error:
        return str(error)
