"""How rawkit was called, so that the commands it proposes work as they are printed."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

CALLED_AS = "RAWKIT_CALLED_AS"
"""Set by scripts/rawkit to what it was called by itself."""


def program() -> str:
    """The words that call rawkit again from the current folder; `rawkit` where that is not known."""
    called = os.environ.get(CALLED_AS) or (sys.argv[0] if sys.argv else "")
    path = Path(called)
    if path.parts[-2:] == ("rawkit", "__main__.py"):
        return f"{shlex.quote(command(sys.executable))} -m rawkit"
    if not path.is_file() or path.resolve().name != "rawkit":  # it may be called through a link of any name
        return "rawkit"
    words = shlex.quote(command(called if "/" in called else str(path.absolute())))
    return words if os.access(path, os.X_OK) else f"sh {words}"


def command(path: str) -> str:
    """A program's name where the shell finds that very program by it, else the path as it is."""
    name = Path(path).name
    found = shutil.which(name)
    return name if found is not None and Path(found).absolute() == Path(path).absolute() else path
