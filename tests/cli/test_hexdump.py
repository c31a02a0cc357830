"""`rawkit hexdump FILE -n K`."""

from __future__ import annotations

import pytest

from tests.cli.run import CAPTURES, frames, golden_text, run
from tests.golden import assert_golden

ECHO = CAPTURES / "tcp" / "echo.pcap"


def test_golden(capsys: pytest.CaptureFixture[str]) -> None:
    assert_golden("hexdump/echo", golden_text(run(capsys, "hexdump", ECHO, "-n", "4")))


def test_every_octet_of_every_packet_has_its_line_and_its_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    for frame in frames(ECHO):
        _, _, *rows = run(capsys, "hexdump", ECHO, "-n", str(frame.number)).out.splitlines()
        assert bytes(int(row.split()[1], 16) for row in rows) == frame.octets
        assert all(len(row.split()) > 4 for row in rows)
