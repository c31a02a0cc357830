"""`--max-ratio`, in every command that reads a file."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from rawkit.capture.compression import MAX_RATIO
from rawkit.cli.main import group
from tests.capture.made import pcap_header, pcap_record
from tests.cli.run import run

Captured = pytest.CaptureFixture[str]
COMMANDS = ("read", "explain", "hexdump", "checksum", "convert", "filter")


@pytest.fixture
def bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("rawkit.capture.compression.RATIO_GRACE", 1 << 18)
    path = tmp_path / "bomb.pcap.gz"
    path.write_bytes(gzip.compress(pcap_header() + pcap_record(bytes(50_000)) * 40))
    return path


def arguments(command: str, path: Path) -> list[str | Path | int]:
    """The last packet, or all of them."""
    if command in ("hexdump", "checksum"):
        return [command, path, "-n", 40]
    if command == "filter":
        return [command, "ip", path]
    return [command, path, *([path.with_name("out.pcap")] if command == "convert" else [])]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_expands_too_far_is_stopped_and_the_option_lifts_it(
    capsys: Captured, bomb: Path, command: str
) -> None:
    stopped = run(capsys, *arguments(command, bomb))
    assert stopped.code == 1
    assert "expands too far; if you trust it, lift the limit (--max-ratio 0)" in stopped.err
    assert "max_ratio" not in stopped.err
    bomb.with_name("out.pcap").unlink(missing_ok=True)
    assert run(capsys, *arguments(command, bomb), "--max-ratio", 0).code == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_the_limit(capsys: Captured, command: str) -> None:
    helped = " ".join(run(capsys, command, "--help").out.split())
    assert f"({MAX_RATIO}, if not said)" in helped


READS = {"file", "files", "source", "what"}
"""Arguments of commands that are, or may be, captures."""


def test_there_is_no_other_command_that_reads_a_file() -> None:
    context = group.make_context("rawkit", ["read"])
    told = {name: parameters(name, context) for name in group.list_commands(context)}
    assert sorted(name for name, has in told.items() if READS & has) == sorted(COMMANDS)
    assert sorted(name for name, has in told.items() if "--max-ratio" in has) == sorted(COMMANDS)


def parameters(name: str, context: object) -> set[str]:
    """The names of a command's arguments, and its options as one writes them."""
    command = group.get_command(context, name)  # type: ignore[arg-type]
    assert command is not None
    return {option for each in command.params for option in each.opts}


def test_the_name_of_a_file_is_told_as_it_is(capsys: Captured) -> None:
    assert "max_ratio=None.pcap" in run(capsys, "read", "max_ratio=None.pcap").err


def test_it_is_of_files(capsys: Captured) -> None:
    said = run(capsys, "explain", "tcp", "--max-ratio", 0)
    assert said.code == 2
    assert re.search(r"--max-ratio is for files, and 'tcp' is a protocol \(\./tcp\)", said.err)
