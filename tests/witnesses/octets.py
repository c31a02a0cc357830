"""What the witnesses are shown: recorded frames, by the capture file that holds them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest

import rawkit
from rawkit.capture import Frame, Interface, LinkType
from rawkit.errors import CaptureError
from tests.conftest import NO_SHARED, PROJECT, shared_captures_folder

OURS = PROJECT / "captures"
SHARED = shared_captures_folder()

CAPTURES = (".pcap", ".pcapng", ".cap", ".snoop")

MAX_FRAMES = 300
"""Frames of one capture that are judged: the first ones."""


def needs(tool: str) -> pytest.MarkDecorator:
    """A mark for a test whose witness is a program."""
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def files(folder: Path | None, *suffixes: str) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in suffixes) if folder else []


@cache
def frames(path: Path) -> tuple[Frame, ...]:
    """The first frames of a capture; those before the damage of a damaged one."""
    found: list[Frame] = []
    try:
        with rawkit.read(path) as capture:
            for frame in capture:
                if len(found) == MAX_FRAMES:
                    break
                found.append(frame)
    except CaptureError:
        return ()
    return tuple(found)


def captures(holding: Callable[[Frame], bool] | None = None) -> Sequence[object]:
    """A parameter for each capture (that has such a frame); one that skips, and says why, without those of others."""
    ours, others = (
        [path for path in files(folder, *CAPTURES) if holding is None or any(map(holding, frames(path)))]
        for folder in (OURS, SHARED)
    )
    parameters = [pytest.param(path, id=str(path.relative_to(OURS))) for path in ours]
    if SHARED is None:
        return [*parameters, pytest.param(None, marks=pytest.mark.skip(reason=NO_SHARED), id="shared")]
    return parameters + [pytest.param(path, id=f"shared/{path.relative_to(SHARED)}") for path in others]


def single_frames() -> list[Frame]:
    """The frames that are kept one a file, as hexadecimal text; all taken for Ethernet, by us and by the witnesses."""
    ethernet = Interface(index=0, linktype=LinkType(1))
    texts = [path.read_text(encoding="ascii") for path in files(SHARED, ".dat")]
    octets = [bytes.fromhex("".join(text.split())) for text in texts]
    return [Frame(number, 0, each, len(each), ethernet) for number, each in enumerate(octets, 1) if len(each) >= 14]
