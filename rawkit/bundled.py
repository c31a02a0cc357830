"""The recordings that come with rawkit, wherever it is installed.

`rawkit/captures` is a link to the top-level folder in a clone, and a folder of its own in an installed package.
"""

from __future__ import annotations

from pathlib import Path

from rawkit.errors import RawkitError, nearest

FOLDER = Path(__file__).parent / "captures"


def names() -> list[str]:
    """Every bundled capture as `topic/name.pcap`, sorted."""
    return sorted(found.relative_to(FOLDER).as_posix() for found in FOLDER.glob("*/*.pcap*"))


def path(name: str) -> Path:
    """Where the bundled capture `name` (`topic/name.pcap`) is. RawkitError when there is none of that name."""
    known = names()
    if name not in known:
        raise RawkitError(f"no bundled capture {name!r}{nearest(name, known)}")
    return FOLDER / name
