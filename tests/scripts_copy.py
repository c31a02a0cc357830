"""The shell scripts in a folder of their own, where nothing is set up: the tests' own Python is their environment."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent


def script(name: str, clone: Path) -> Path:
    """A copy of scripts/`name` in `clone`, beside a stand-in for environment.sh."""
    scripts = clone / "scripts"
    scripts.mkdir(parents=True, exist_ok=True)
    (scripts / "environment.sh").write_text(f"set_up() {{ bytecode=; python={shlex.quote(sys.executable)}; }}\n")
    return Path(shutil.copy(PROJECT / "scripts" / name, scripts))
