"""tcpdump -vv on the same frames: what it says of TCP's and UDP's checksums, and of the correct value."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from rawkit.capture import Frame, PcapWriter
from rawkit.protocols import TCP, UDP, IPv4, IPv6, LooseSourceRoute, StrictSourceRoute
from rawkit.wire import Packet
from tests.witnesses.octets import captures, frames, needs

pytestmark = needs("tcpdump")

ETHERNET = 1

SOURCE_ROUTES = (LooseSourceRoute, StrictSourceRoute)

SAYINGS = [
    (re.compile(r"cksum 0x([0-9a-f]{4}) \(correct\)"), "good"),
    (re.compile(r"cksum 0x([0-9a-f]{4}) \(incorrect -> 0x([0-9a-f]{4})\)"), "bad"),
    (re.compile(r"\[udp sum ok\]"), "good"),
    (re.compile(r"\[bad udp cksum 0x([0-9a-f]{4}) -> 0x([0-9a-f]{4})!\]"), "bad"),
    (re.compile(r"\[no cksum\]"), "absent"),
]
"""tcpdump's words -> our verdict; the numbers in them are the value found and the correct one."""

DIFFERENCES = {
    "partial": "tcpdump has no word for what was left to the network card: incorrect",
    "source routes": "tcpdump sums the last address of a source route also where the route was followed to its end",
}
"""Why tcpdump may say otherwise."""


def said(text: str) -> list[tuple[str, list[int]]]:
    """What tcpdump says of the checksums in one packet."""
    found = [(match.start(), state, match) for pattern, state in SAYINGS for match in pattern.finditer(text)]
    return [
        (state, [int(number, 16) for number in match.groups()])
        for _, state, match in sorted(found, key=lambda each: each[0])
    ]


def texts(found: list[Frame], folder: Path) -> list[str]:
    """What tcpdump prints of each frame."""
    path = folder / "frames.pcap"
    with PcapWriter(path) as writer:
        for frame in found:
            writer.write_octets(frame.octets, time_ns=0, wire_length=frame.wire_length)
    command = ["tcpdump", "-nn", "-#", "-vv", "-r", str(path)]
    printed = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout.decode("latin-1")
    return re.split(r"^ *\d+  \d\d:\d\d:\d\d\.\d+ ", printed, flags=re.MULTILINE)[1:]


def arrived_by_route(packet: Packet) -> bool:
    """Whether a source route is used up (RFC 791 section 3.1: its pointer is greater than its length)."""
    options = [option for ip in packet.all(IPv4) for option in ip.options]
    return any(isinstance(option, SOURCE_ROUTES) and option.pointer > option.length for option in options)


def is_ethernet(frame: Frame) -> bool:
    return frame.linktype == ETHERNET


@pytest.mark.parametrize("path", captures(is_ethernet))
def test_checksums(path: Path, tmp_path: Path) -> None:
    found = [frame for frame in frames(path) if is_ethernet(frame)]
    wrong = []
    for frame, text in zip(found, texts(found, tmp_path), strict=True):
        sayings = said(text)
        verdicts = [v for v in frame.packet.check() if v.checksum and v.layer in (TCP.__name__, UDP.__name__)]
        plain = [type(header) for header in frame.packet.layers][1:2] in ([IPv4], [IPv6])
        if (
            arrived_by_route(frame.packet)
            or len(sayings) != 1
            or len(verdicts) != 1
            or frame.packet.defects
            or not plain
        ):
            continue  # tunnels, fragments and damage: tcpdump does not say which checksum it means
        (state, numbers), verdict = sayings[0], verdicts[0]
        ours = "bad" if verdict.state == "partial" else verdict.state
        if ours != state or (len(numbers) == 2 and numbers != [verdict.found, verdict.expected]):
            wrong.append(f"frame {frame.number}: ours {verdict}, tcpdump's {state} {numbers}")
    assert not wrong, "\n".join(wrong[:20])
