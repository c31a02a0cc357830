"""What a file is called acts on no terminal and breaks no line, whichever command meets it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rawkit.show.escape import UNSAFE
from tests.cli.run import CAPTURES, run

Captured = pytest.CaptureFixture[str]
NAME = "a\x1b[31m\n\u202eb"
SHOWN = r"a\x1b[31m\n\u202eb"
FAULTS = ["absent", "empty", "no capture", "cut"]
COMMANDS = [
    ("read",),
    ("explain",),
    ("explain", "-n", "99"),
    ("checksum", "-n", "99"),
    ("hexdump", "-n", "99"),
    ("convert",),
]


def made(folder: Path, fault: str) -> Path:
    """A file of the name, with the fault."""
    path = folder / f"{NAME}.pcap"
    whole = (CAPTURES / "tcp" / "echo.pcap").read_bytes()
    content = {"empty": b"", "no capture": b"GIF89a..", "cut": whole[:700], "whole": whole}
    if fault in content:
        path.write_bytes(content[fault])
    return path


def assert_safe(text: str, lines: int) -> None:
    """So many lines, each of one message, and nothing else that a terminal acts on."""
    assert text.endswith("\n")
    assert UNSAFE.sub("", text) == text.replace("\n", "")
    assert text.count("\n") == lines, text
    assert SHOWN in text


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_of_a_file_that_fails(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], fault: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = made(tmp_path, fault).name
    target = ["out.pcapng"] if command == ("convert",) else []
    result = run(capsys, command[0], path, *target, *command[1:])
    assert result.code in (1, 2)
    assert_safe(result.err, len([line for line in result.err.splitlines() if line.startswith("rawkit: ")]))


@pytest.mark.parametrize("arguments", [("checksum", "-n", "99"), ("hexdump", "-n", "99"), ("explain", "-n", "99")])
def test_of_a_file_that_has_not_so_many(capsys: Captured, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(capsys, arguments[0], made(tmp_path, "whole"), *arguments[1:])
    assert (result.code, result.out) == (2, "")
    assert_safe(result.err, 1)


def test_of_a_file_that_is_written(capsys: Captured, tmp_path: Path) -> None:
    target = tmp_path / f"{NAME}.pcapng"
    assert_safe(run(capsys, "craft", "ether", "-o", target).err, 1)
    assert_safe(run(capsys, "craft", "ether", "-o", target).err, 1)  # exists already
    assert_safe(run(capsys, "convert", made(tmp_path, "whole"), target).err, 1)
    assert_safe(run(capsys, "convert", made(tmp_path, "whole"), tmp_path / f"{NAME}.gif").err, 1)


def test_of_files_that_are_shown(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.pcap"
    shutil.copy(CAPTURES / "damaged" / "bad-checksums.pcap", path)
    listed = run(capsys, "explain", path).out
    assert_safe(listed, listed.count("\n"))
    shown = run(capsys, "read", path, path).out
    assert [row for row in shown.splitlines() if row.startswith("==")] == [f"== {tmp_path}/{SHOWN}.pcap"] * 2
    assert UNSAFE.sub("", shown) == shown.replace("\n", "")
    as_json = run(capsys, "read", "--json", path, path).out
    assert UNSAFE.sub("", as_json) == as_json.replace("\n", "")


def test_of_what_is_neither_file_nor_protocol(capsys: Captured) -> None:
    assert_safe(run(capsys, "explain", NAME).err, 1)
    assert_safe(run(capsys, "explain", f"tcp.{NAME}").err, 1)
