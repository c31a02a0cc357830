"""Frames that nobody here made: no exception, and the very octets back."""

from __future__ import annotations

from pathlib import Path

from rawkit.protocols import Ethernet, IPv4, IPv6, Loopback, raw_ip
from rawkit.wire import Packet


def frames(shared_captures: Path) -> dict[str, bytes]:
    folder = shared_captures / "pcapplusplus" / "frames"
    return {path.stem: bytes.fromhex("".join(path.read_text().split())) for path in sorted(folder.glob("*.dat"))}


def test_every_frame_is_read_and_written_again(shared_captures: Path) -> None:
    read = frames(shared_captures)
    assert read
    for name, octets in read.items():
        for first in (Ethernet, IPv4, IPv6, Loopback, raw_ip):
            packet = Packet.decode(octets, first=first)
            assert packet.octets == octets, name
            again = Packet(*packet.layers, packet.payload, packet.trailer)
            assert again.octets == octets, name
            assert again == packet, name
            assert all(0 <= defect.offset <= len(octets) for defect in packet.defects), name
            packet.check()
            _ = packet.quoted


def test_a_cut_frame_is_read_and_written_again(shared_captures: Path) -> None:
    for name, octets in frames(shared_captures).items():
        for length in range(0, min(len(octets), 120), 7):
            packet = Packet.decode(octets[:length], first=Ethernet, wire_length=len(octets))
            assert Packet(*packet.layers, packet.payload, packet.trailer).octets == octets[:length], name
