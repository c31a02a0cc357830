"""The captures that tests of this room go through: our own always, those that nobody here made when they are there."""

from __future__ import annotations

from pathlib import Path

from rawkit.capture import Frame, read
from rawkit.errors import CaptureError
from tests.conftest import shared_captures_folder

PROJECT = Path(__file__).parent.parent.parent


def ours() -> list[Path]:
    return sorted(path for path in PROJECT.glob("captures/*/*") if ".pcap" in path.name)


def shared() -> list[Path]:
    folder = shared_captures_folder()
    return sorted(path for path in folder.rglob("*") if ".pcap" in path.name) if folder else []


def frames(path: Path) -> list[Frame]:
    """All frames of a file; none where it is no capture."""
    try:
        with read(path) as capture:
            return list(capture)
    except CaptureError:
        return []


def name(path: Path) -> str:
    """For a test's name."""
    return "/".join(path.parts[-2:])
