"""What to do where the system refuses a file: an error says more than that there is one."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from rawkit.errors import nearest

LISTED = 1_000
"""Names of a folder that are compared with one that is not there."""


def advice(error: OSError) -> str:
    """`; did you mean 'echo.pcap'?` and the like, to stand behind the system's words; "" where there is none."""
    if not isinstance(error.filename, str | bytes):
        return ""
    match error:
        case FileNotFoundError():
            return missing(Path(os.fsdecode(error.filename)))
        case PermissionError():
            return "; ls -ld shows who may, chmod or sudo changes it"
        case IsADirectoryError():
            return "; name a file in it"
    return ""


def missing(path: Path) -> str:
    """About a name that leads nowhere: the folder that is missing too, or what it may have been meant to be."""
    folder = path.parent
    try:
        if path.is_symlink():
            return "; it is a link to nothing"
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, LISTED)]
    except OSError:
        return f"; there is no folder {str(folder)!r}"
    return nearest(path.name, names) or f"; nothing in {str(folder)!r} has a name like it"
