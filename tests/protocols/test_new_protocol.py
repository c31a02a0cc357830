"""A new protocol is one file and its line in bindings.py: CONTRIBUTING's, in a copy of the package."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package and Wake-on-LAN in it, as CONTRIBUTING says."""
    folder = tmp_path_factory.mktemp("copy")
    package = folder / "rawkit"
    shutil.copytree(PROJECT / "rawkit", package, ignore=shutil.ignore_patterns("__pycache__", "captures"))
    block = re.search(r"^```python\n(.*?)^```", (PROJECT / "CONTRIBUTING.md").read_text(), re.MULTILINE | re.DOTALL)
    assert block
    declaration, numbers, line = block[1].partition("from rawkit.protocols.numbers import ETHERTYPES")
    assert numbers
    (package / "protocols" / "wol.py").write_text(declaration)
    with (package / "protocols" / "bindings.py").open("a") as bindings:
        bindings.write(f"from rawkit.protocols.wol import WakeOnLAN\n{line}")
    return folder


def run(copy: Path, *arguments: str, given: str = "") -> str:
    command = [sys.executable, "-W", "error", *arguments]
    done = subprocess.run(command, cwd=copy, input=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_explained(copy: Path) -> None:
    assert "WakeOnLAN: AMD publication 20213; Wireshark: wol" in run(copy, "-m", "rawkit", "explain", "wol")
    assert "sixteen times" in run(copy, "-m", "rawkit", "explain", "wol.targets")


def test_it_is_crafted_and_read(copy: Path) -> None:
    text = f"ether / wol targets={','.join(['02:00:00:00:00:02'] * 16)}"
    run(copy, "-m", "rawkit", "craft", text, "-o", "wol.pcap")
    shown = run(copy, "-m", "rawkit", "read", "-v", "wol.pcap")
    assert "WakeOnLAN" in shown
    assert "02:00:00:00:00:02" in shown
    assert "WakeOnLAN" in run(copy, "-m", "rawkit", "craft", "ether / wol")


def test_python_knows_its_name(copy: Path) -> None:
    program = """
import rawkit
from rawkit import Ethernet, Packet, WakeOnLAN, fields
from rawkit import *
frame = Ethernet() / WakeOnLAN(targets=["02:00:00:00:00:02"] * 16)
packet = Packet.decode(bytes(frame))
assert packet == frame == eval(packet.to_python(), vars(rawkit) | {name: getattr(rawkit, name) for name in dir(rawkit)})
assert not packet.defects and {verdict.state for verdict in packet.check()} == {"good"}
assert fields("wol.sync")(bytes(frame)) == (bytes([255] * 6),)
packet.show()
"""
    assert "WakeOnLAN" in run(copy, "-", given=program)
