"""`rawkit captures`, and captures opened by their names in every command that takes a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rawkit import bundled
from rawkit.cli.main import main
from tests.cli.run import golden_text, run
from tests.golden import assert_golden

Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another folder than the clone, on a screen of the usual width."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def test_golden(capsys: Capsys) -> None:
    assert_golden("cli/captures-window", golden_text(run(capsys, "captures", "window")))


def test_every_one_is_listed_once_below_its_main_concept(capsys: Capsys) -> None:
    text = run(capsys, "captures").out
    for each in bundled.described():
        assert text.count(f"  {each.name}  ") == 1
        assert text.index(each.concepts[0][:40]) < text.index(f"  {each.name}  ")
    assert max(map(len, text.splitlines())) <= 80
    assert f"{len(bundled.names())} captures. Open one: rawkit explain captures:" in text


@pytest.mark.parametrize("word", ["loopback", "LOOPBACK", "so_keepalive", "asks back"])
def test_a_word_is_looked_for_in_names_sentences_and_concepts(capsys: Capsys, word: str) -> None:
    rows = [json.loads(line) for line in run(capsys, "captures", word, "--json").out.splitlines()]
    assert 0 < len(rows) < 10
    for row in rows:
        assert word.lower() in json.dumps(row).lower()
        assert set(row) == {"name", "packets", "sentence", "concepts"}


def test_a_word_that_none_has(capsys: Capsys) -> None:
    refused = run(capsys, "captures", "tunels")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == "rawkit: no capture is about 'tunels'; did you mean 'tunnels'?\n"


@pytest.mark.parametrize(
    "command",
    [
        ["explain", "NAME"],
        ["read", "NAME"],
        ["read", "--summary", "NAME"],
        ["checksum", "NAME", "-n", "3"],
        ["hexdump", "NAME", "-n", "3"],
        ["convert", "NAME", "-", "--to", "pcapng"],
    ],
    ids=" ".join,
)
def test_every_command_that_takes_a_file_takes_a_name(
    capfdbinary: pytest.CaptureFixture[bytes], command: list[str]
) -> None:
    shown = []
    for name in "captures:tcp/echo", "captures:tcp/echo.pcap", str(bundled.path("tcp/echo.pcap")):
        assert main([name if word == "NAME" else word for word in command]) == 0
        shown.append(capfdbinary.readouterr().out)
    assert shown[0] == shown[1] == shown[2] != b""
    assert main(["captures:tcp/ehco" if word == "NAME" else word for word in command]) == 2
    assert b"did you mean 'tcp/echo'?" in capfdbinary.readouterr().err


def test_an_unknown_name_does_not_stop_the_other_files(capsys: Capsys) -> None:
    result = run(capsys, "read", "captures:tcp/ehco", "captures:tcp/echo")
    assert result.code == 2
    assert "did you mean 'tcp/echo'?" in result.err
    assert "Flags [S]" in result.out


def test_a_capture_without_packets_tells_its_story(capsys: Capsys) -> None:
    """A Unix-domain socket sends none: what the file says of itself is all that there is."""
    assert_golden("cli/explain-unix", golden_text(run(capsys, "explain", "captures:unix/echo")))
