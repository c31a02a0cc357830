"""`rawkit hexdump FILE -n K`."""

from __future__ import annotations

import re

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


def colours(text: str) -> list[tuple[str, str]]:
    """(colour, octet) of each octet that has one."""
    return re.findall(r"\x1b\[([0-9;]+)m([0-9a-f]{2})\x1b\[0m", text)


def test_octets_have_the_colours_that_read_gives_them(capsys: pytest.CaptureFixture[str]) -> None:
    table = run(capsys, "hexdump", ECHO, "-n", "1", "--color", "always").out
    dump = run(capsys, "read", "-x", "-c", "1", ECHO, "--color", "always").out
    assert colours(table) == colours(dump)
    assert len(colours(table)) == len(frames(ECHO)[0].octets)
    assert not colours(run(capsys, "hexdump", ECHO, "-n", "1").out)
