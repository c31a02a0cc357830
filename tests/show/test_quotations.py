"""Errors that quote errors that quote errors: every view shows the outer ones, and none falls over."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawkit.protocols.icmpv4 import ICMPv4
from rawkit.protocols.icmpv4_messages import ICMPv4DestinationUnreachable
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.udp import UDP
from rawkit.wire.quotation import MAX_QUOTATIONS
from tests.cli.run import run
from tests.written import written

RAW_IP = 228  # LINKTYPE_IPV4
HEADERS = len(bytes(IPv4() / ICMPv4(code=3) / ICMPv4DestinationUnreachable()))


def nested(times: int) -> bytes:
    """A datagram in as many quotations. The lengths are those of the whole; nobody looks at the checksums."""
    octets = bytes(IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=1, dport=2) / b"x")
    around = bytearray(bytes(IPv4(src="10.0.0.2", dst="10.0.0.1") / ICMPv4(code=3) / ICMPv4DestinationUnreachable()))
    for _ in range(times):
        around[2:4] = min(65535, HEADERS + len(octets)).to_bytes(2, "big")
        octets = bytes(around) + octets
    return octets


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """A packet of many quotations between two ordinary ones."""
    return written(tmp_path / "nested.pcap", map(nested, (0, 3000, 0)), RAW_IP)


@pytest.mark.parametrize("view", [
    ["read"], ["read", "-v"], ["read", "-x"], ["read", "--json"], ["read", "--summary"], ["explain"],
    ["hexdump", "-n", "2"], ["checksum", "-n", "2"],
])  # fmt: skip
def test_three_thousand(capsys: pytest.CaptureFixture[str], capture: Path, view: list[str]) -> None:
    command, *options = view
    result = run(capsys, command, capture, *options)
    assert result.code in (0, 1)
    assert "bug" not in result.err


def test_as_many_as_the_cap_are_told(capsys: pytest.CaptureFixture[str], capture: Path) -> None:
    first, second, third = run(capsys, "read", capture).out.splitlines()
    assert second.count("(about: ") == MAX_QUOTATIONS
    assert "UDP, length 1" in first
    assert "UDP, length 1" in third
