"""The plays still make what was recorded: the same headers, lengths and flags in the same order, for every user."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from rawkit import TCP, Packet, read
from tests.lab.users import PATIENCE_S, command

CAPTURES = Path(__file__).parent.parent / "captures"

PLAY = """
import json, sys
from rawkit.lab import become_root
from scripts.recorded_captures import record
become_root()
print(json.dumps([[frame.octets.hex() for frame in record(name)] for name in sys.argv[1:]]))
"""

PLAYS = {
    "a cable": "tcp/echo.pcap",
    "a wire that loses": "udp/late-and-lost.pcap",
    "a library on the host": "applications/smtp.pcap",
    "a router": "icmp/traceroute-ipv6.pcap",
    "a switch": "tunnels/ipv4-in-ipv6.pcap",
}


def shapes(frames: Iterable[bytes]) -> list[tuple[list[str], int, str]]:
    """Headers, length and flags of each; without bare acknowledgements, which a kernel sends when a program is slow."""
    packets = [Packet.decode(octets) for octets in frames]
    flags = [str(packet[TCP].flags) if TCP in packet else "" for packet in packets]
    return [
        ([type(layer).__name__ for layer in packet.layers], len(packet.octets), flag)
        for packet, flag in zip(packets, flags, strict=True)
        if flag != "A" or packet.payload
    ]


def test_a_recording_is_what_it_was(user: str) -> None:
    how = command(user, ["-c", PLAY, *PLAYS.values()])
    done = subprocess.run(**how, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    for (network, name), again in zip(PLAYS.items(), json.loads(done.stdout), strict=True):
        with read(str(CAPTURES / name)) as capture:
            before = shapes(frame.octets for frame in capture)
        assert len(before) > 3
        assert shapes(map(bytes.fromhex, again)) == before, network
