"""Hand-made messages of applications in frames, and whether tshark and tcpdump say of them what we do."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pytest

from rawkit.capture import read
from rawkit.protocols import TCP, UDP, Ethernet, IPv4
from rawkit.show import line, record
from rawkit.wire import Packet
from tests.show import tshark
from tests.written import written


def datagram(payload: bytes, dport: int, sport: int = 40000) -> Packet:
    """A frame with a UDP payload, decoded."""
    return Packet.decode(
        bytes(Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=sport, dport=dport) / payload)
    )


def segment(payload: bytes, dport: int, sport: int = 40000) -> Packet:
    """A frame with a TCP payload, decoded."""
    tcp = TCP(sport=sport, dport=dport, flags="PA", seq=1, ack=1)
    return Packet.decode(bytes(Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2") / tcp / payload))


def tshark_agrees(
    packets: Sequence[Packet],
    layer: str,
    path: Path,
    complete: tuple[str, ...] = (),
    deeper: Collection[str] = (),
) -> None:
    """Every key of ours is one of tshark's, with the same values.

    Of keys that begin as in `complete`, tshark has none that we have not, except those that go `deeper`; of these it
    may also have more values.
    """
    with read(written(path, packets)) as capture:
        for frame, theirs in zip(capture, tshark.packets(path), strict=True):
            mine: dict[str, Any] = record(frame)["layers"][-1]
            assert mine.pop("layer") == layer, frame.number
            named = {key: value for key, value in mine.items() if not key.startswith("rawkit.")}
            said = {key: value if isinstance(value, list) else [value] for key, value in named.items()}
            if complete:
                assert {key for key in theirs if key.startswith(complete)} - set(deeper) <= said.keys(), frame.number
            for key, values in said.items():
                assert key in theirs, f"frame {frame.number}: {key}: {values} here, nothing there"
                assert len(values) == len(theirs[key]) or (key in deeper and len(values) < len(theirs[key])), key
                assert all(map(tshark.same, values, theirs[key])), f"{key}: {values} here, {theirs[key]} there"


def tcpdump_says(packets: Sequence[Packet], path: Path) -> list[str]:
    """tcpdump's lines of them, without what goes on in the next line, spaces made one."""
    program = shutil.which("tcpdump")
    if program is None:
        pytest.skip("tcpdump is not installed")
    done = subprocess.run(
        [program, "-n", "-t", "-S", "-r", str(written(path, packets))],
        capture_output=True,
        text=True,
        errors="replace",
        check=True,
        timeout=60,
    )
    return [" ".join(each.split()) for each in done.stdout.splitlines() if not each.startswith("\t")]


def we_say(packets: Sequence[Packet]) -> list[str]:
    """Our lines of them, in tcpdump's spelling of TCP's flags."""
    return [line(packet).replace("[PA]", "[P.]") for packet in packets]
