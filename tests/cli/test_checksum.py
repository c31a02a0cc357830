"""`rawkit checksum FILE -n K`."""

from __future__ import annotations

import pytest

from tests.cli.run import CAPTURES, golden_text, run
from tests.golden import assert_golden

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("checksum/echo", ["tcp/echo.pcap", "-n", "6"]),
        ("checksum/echo-steps", ["tcp/echo.pcap", "-n", "6", "--steps"]),
        ("checksum/echo-ipv6-steps", ["udp/echo-ipv6.pcap", "-n", "3", "--steps"]),
        ("checksum/bad-steps", ["damaged/bad-checksums.pcap", "-n", "2", "--steps"]),
        ("checksum/fragment", ["ipv4/fragments.pcap", "-n", "3"]),
        ("checksum/fragment-steps", ["ipv4/fragments.pcap", "-n", "3", "--steps"]),
        ("checksum/arp", ["tcp/echo.pcap", "-n", "1"]),
    ],
)
def test_golden(capsys: Captured, name: str, arguments: list[str]) -> None:
    file, *rest = arguments
    assert_golden(name, golden_text(run(capsys, "checksum", CAPTURES / file, *rest)))


def test_a_packet_that_is_not_there(capsys: Captured) -> None:
    path = CAPTURES / "tcp" / "echo.pcap"
    result = run(capsys, "checksum", path, "-n", "13")
    assert (result.code, result.out) == (2, "")
    assert f"{path}: no packet 13: it has 12 packets" in result.err


def test_a_packet_behind_the_damage(capsys: Captured) -> None:
    path = CAPTURES / "damaged" / "cut.pcap"
    assert run(capsys, "checksum", path, "-n", "2").code == 0
    result = run(capsys, "checksum", path, "-n", "3")
    assert (result.code, result.out) == (1, "")
    assert "cut short" in result.err
    assert "packet 3 is not among the 2 before" in result.err
