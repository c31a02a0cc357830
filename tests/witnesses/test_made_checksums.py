"""tshark's verdicts on the checksums of packets made here, right ones and wrong ones."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from rawkit.protocols import SCTP, GREChecksum, IGMPReport, MLDv2Report, UDPLite
from rawkit.show import line
from rawkit.wire import Header, Packet
from tests.show.test_records_made import MADE
from tests.witnesses.octets import needs
from tests.written import written

pytestmark = needs("tshark")

JUDGED = {
    "GRE": ("gre.checksum.status", ("GREChecksum",)),
    "IGMP": ("igmp.checksum.status", ("IGMP", "IGMPQuery", "IGMPReport")),
    "MLD": ("icmpv6.checksum.status", ("ICMPv6",)),
    "SCTP": ("sctp.checksum.status", ("SCTP",)),
    "UDP-Lite": ("udp.checksum.status", ("UDPLite",)),
}
"""Packets -> Wireshark's status of the checksum, our layers that have it."""

PREFERENCES = {
    "sctp.checksum": "CRC 32c",
    "udplite.check_checksum": "TRUE",
    "udplite.ignore_checksum_coverage": "FALSE",
}

STATUS = {"0": "bad", "1": "good", "2": ""}
"""2: there is room for a checksum, and none in it (GRE with routing alone)."""


def theirs(packets: list[Packet], name: str, folder: Path) -> list[str]:
    """tshark's verdicts, a packet a line."""
    path = written(folder / f"{len(list(folder.iterdir()))}.pcap", packets)
    settings = [word for key, value in PREFERENCES.items() for word in ("-o", f"{key}:{value}")]
    command = ["tshark", "-n", "-r", str(path), *settings, "-T", "fields", "-e", name]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    return [STATUS.get(status, status) for status in said.splitlines()]


def mine(packet: Packet, layers: tuple[str, ...]) -> str:
    """Our verdict; "" where there is no such checksum."""
    return next((each.state for each in packet.check() if each.checksum and each.layer in layers), "")


def flipped(packet: Packet, layers: tuple[str, ...], back: int) -> Packet:
    """The packet with a bit of one octet other than it was: of the octet `back` from the end, or of the checksum."""
    octets = bytearray(packet.octets)
    place = next((each.offset for each in packet.check() if each.checksum and each.layer in layers), None)
    octets[-back if back or place is None else place] ^= 0x40
    return Packet.decode(bytes(octets))


@pytest.mark.parametrize("what", JUDGED)
def test_tshark_judges_as_we_do(what: str, tmp_path: Path) -> None:
    name, layers = JUDGED[what]
    packets = [Packet.decode(bytes(packet)) for packet in MADE[what]]
    found = [mine(packet, layers) for packet in packets]
    assert set(found) <= {"good", ""}
    assert found == theirs(packets, name, tmp_path)
    for back in (0, 1):
        wrong = [flipped(packet, layers, back) for packet, state in zip(packets, found, strict=True) if state]
        wrong = [packet for packet in wrong if mine(packet, layers)]  # a count that lies leaves nothing to judge
        states = [mine(packet, layers) for packet in wrong]
        assert states == theirs(wrong, name, tmp_path)
        assert "bad" in states


@pytest.mark.parametrize("kind", [GREChecksum, IGMPReport, MLDv2Report, SCTP, UDPLite])
def test_a_wrong_checksum_is_told(kind: type[Header]) -> None:
    packet = next(packet for packets in MADE.values() for packet in packets if kind in packet)
    summed = next(each for each in reversed(packet.check()) if each.checksum)
    wrong = packet.replace(packet.layers[summed.index], checksum=summed.found ^ 1)
    told = f"{summed.text(summed.found ^ 1)} (correct {summed.text(summed.found)})"
    assert f"bad {summed.called} cksum {told}" in line(wrong)
