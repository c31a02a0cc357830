"""tshark as a witness: what it says of every packet of a file, by field name."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path

import pytest

# Each packet by itself, as rawkit reads it: nothing reassembled, nothing guessed from other packets.
ALONE = (
    "ip.defragment:FALSE",
    "ipv6.defragment:FALSE",
    "tcp.desegment_tcp_streams:FALSE",
    "tcp.analyze_sequence_numbers:FALSE",
    "tcp.relative_sequence_numbers:FALSE",
)

Packet = dict[str, list[str]]


def program() -> str:
    """tshark, or skip."""
    found = shutil.which("tshark")
    if found is None:
        pytest.skip("tshark is not installed")
    return found


def packets(path: Path) -> list[Packet]:
    """For each packet of a file: field name -> values as tshark shows them, in the packet's order."""
    command = [program(), "-r", str(path), "-n", "-T", "pdml"]
    for setting in ALONE:
        command += ["-o", setting]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    return [fields(packet) for packet in ElementTree.fromstring(done.stdout).iter("packet")]


def fields(packet: ElementTree.Element) -> Packet:
    """All fields of one packet, wherever they are nested."""
    found: Packet = {}
    for field in packet.iter("field"):
        found.setdefault(field.get("name", ""), []).append(field.get("show", ""))
    return found


@cache
def known_names() -> frozenset[str]:
    """Every name of a field that this tshark knows."""
    done = subprocess.run([program(), "-G", "fields"], capture_output=True, text=True, timeout=120, check=True)
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return frozenset(row[2] for row in rows if row[0] == "F")


def as_number(shown: str) -> int | None:
    """A shown value as a number: decimal, 0x..., True and False."""
    if shown in ("True", "False"):
        return int(shown == "True")
    try:
        return int(shown, 16) if shown.startswith("0x") else int(shown)
    except ValueError:
        return None


def same(ours: object, shown: str) -> bool:
    """Whether one of our JSON values is what tshark shows."""
    if isinstance(ours, bool | int):
        return as_number(shown) == int(ours)
    return str(ours).lower() == shown.lower()
