"""`rawkit explain FILE`: one conversation, several, none; damage; JSON."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import pytest

from rawkit.analysis.lesson import lesson
from rawkit.show.ladder import NARROWEST
from rawkit.show.lesson import AGAIN, HEADING
from rawkit.timeline import Timeline
from tests.cli.run import CAPTURES, golden_text, run
from tests.golden import FOLDER, assert_golden

Capsys = pytest.CaptureFixture[str]
ECHO = CAPTURES / "tcp" / "echo.pcap"
SEVERAL = CAPTURES / "damaged" / "bad-checksums.pcap"
NONE = CAPTURES / "icmp" / "ping.pcap"


def test_one_conversation_is_its_ladder(capsys: Capsys) -> None:
    result = run(capsys, "explain", ECHO)
    assert_golden("cli/explain-echo", golden_text(result))
    assert "Shown with them, and not counted: 2 ARP." in result.out


def test_several_are_listed(capsys: Capsys) -> None:
    assert_golden("cli/explain-several", golden_text(run(capsys, "explain", SEVERAL)))


def test_all_of_several(capsys: Capsys) -> None:
    out = run(capsys, "explain", SEVERAL, "--all").out
    assert out.count("on the wire  ") == 2
    assert "Conversation 1 of 2\n" in out
    assert "\n\nConversation 2 of 2\n" in out
    lines = run(capsys, "explain", SEVERAL, "--all", "--json").out.splitlines()
    assert [Timeline.from_json(json.loads(line)).protocol for line in lines] == ["tcp", "udp"]


@pytest.mark.parametrize("text", ["UDP", ":37041", "udp"])
def test_only_those_with_a_text(capsys: Capsys, text: str) -> None:
    """One is left: then it is its ladder."""
    out = run(capsys, "explain", SEVERAL, "--only", text).out
    assert "sendto(" in out
    both = run(capsys, "explain", SEVERAL, "--only", "bad checksum").out
    assert len(both.splitlines()) == len(run(capsys, "explain", SEVERAL).out.splitlines())


def test_a_text_that_none_has(capsys: Capsys) -> None:
    result = run(capsys, "explain", SEVERAL, "--only", "nowhere")
    assert (result.code, result.out) == (2, "")
    assert "no conversation with 'nowhere' in it; it has 2" in result.err


@pytest.mark.parametrize("beside", [["--all"], ["--only", "x"]])
def test_a_number_goes_with_no_other_choice(capsys: Capsys, beside: list[str]) -> None:
    assert run(capsys, "explain", SEVERAL, "-n", "1", *beside).code == 2
    assert run(capsys, "explain", "tcp", *beside).code == 2


def test_one_of_several_by_number(capsys: Capsys) -> None:
    result = run(capsys, "explain", SEVERAL, "-n", "2")
    assert result.code == 0
    assert "UDP" in result.out
    assert "of other conversations" in result.out.replace("\n ", " ")


def test_a_number_that_there_is_not(capsys: Capsys) -> None:
    result = run(capsys, "explain", SEVERAL, "-n", "9")
    assert (result.code, result.out) == (2, "")
    assert "no conversation 9: it has 2" in result.err


def test_none(capsys: Capsys) -> None:
    result = run(capsys, "explain", NONE)
    assert result.code == 0
    assert result.out.startswith("No TCP or UDP conversation in 8 packets: ")
    assert max(map(len, result.out.splitlines())) <= 80
    assert run(capsys, "explain", NONE, "-n", "1").code == 2


def test_json_is_the_timeline(capsys: Capsys) -> None:
    result = run(capsys, "explain", ECHO, "--json")
    timeline = Timeline.from_json(json.loads(result.out))
    assert timeline.counts["packets"] == 10
    assert next(call.text for call in timeline.calls if call.end == 0) == "connect()"


def test_json_of_several_is_a_line_each(capsys: Capsys) -> None:
    rows = [json.loads(line) for line in run(capsys, "explain", SEVERAL, "--json").out.splitlines()]
    assert [(row["number"], row["protocol"], row["packets"]) for row in rows] == [(1, "tcp", 4), (2, "udp", 2)]
    assert [(row["state"], row["wrong"]) for row in rows] == [("?", ["bad checksum x2"]), ("", ["bad checksum"])]


def test_a_lesson_follows_its_ladder(capsys: Capsys) -> None:
    plain, taught = run(capsys, "explain", ECHO).out, run(capsys, "explain", ECHO, "--lesson").out
    lesson = (FOLDER / "lesson" / "tcp" / "echo.txt").read_text()
    assert taught == f"{plain}\n{lesson}"
    assert HEADING not in plain


def test_a_lesson_after_each_of_several(capsys: Capsys) -> None:
    out = run(capsys, "explain", SEVERAL, "--all", "--lesson").out
    first, second = out.split("Conversation 2 of 2")
    assert first.count(HEADING) == second.count(HEADING) == 1
    assert "RFC 9293" in first
    assert "RFC 8085" in second


def test_a_sentence_of_several_lessons_is_told_once(capsys: Capsys) -> None:
    """What has a conversation's own numbers is told again; each lesson alone, and JSON, have every sentence."""
    several = CAPTURES / "tcp" / "concurrent.pcap"
    lines = run(capsys, "explain", several, "--all", "--lesson", "--json").out.splitlines()
    told = Counter(sentence.text for line in lines for sentence in Timeline.from_json(json.loads(line)).lesson)
    assert {number > 1 for number in told.values()} == {True, False}
    out = run(capsys, "explain", several, "--all", "--lesson").out
    said = " ".join(out.split())
    assert {said.count(text) for text in told} == {1}
    assert out.count(AGAIN) == told.total() - len(told)
    assert AGAIN not in run(capsys, "explain", several, "-n", "2", "--lesson").out


def test_where_there_are_several_the_table_says_how_to_learn_of_one(capsys: Capsys) -> None:
    assert run(capsys, "explain", SEVERAL, "--lesson").out.endswith(f"explain {SEVERAL} -n 1 --lesson\n")
    result = run(capsys, "explain", SEVERAL, "--lesson", "--json")
    assert (result.code, result.out) == (2, "")
    assert "--lesson is of conversations, and there are 2: choose with -n or --all" in result.err


def test_a_lesson_is_part_of_the_timeline(capsys: Capsys) -> None:
    taught = json.loads(run(capsys, "explain", ECHO, "--lesson", "--json").out)
    plain = json.loads(run(capsys, "explain", ECHO, "--json").out)
    assert plain == {**taught, "lesson": []}
    assert Timeline.from_json(taught).lesson == lesson(Timeline.from_json(plain))
    assert taught["lesson"][0]["topic"] == "neighbour"
    assert taught["lesson"][0]["packets"] == [1, 2, 3]


def test_a_lesson_is_of_files_and_no_picture(capsys: Capsys) -> None:
    result = run(capsys, "explain", ECHO, "--lesson", "--svg", "-")
    assert (result.code, result.out) == (2, "")
    assert "--svg does not go with --lesson, which would be ignored" in result.err
    assert "--lesson" in run(capsys, "explain", "tcp", "--lesson").err


def test_a_picture(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "echo.svg"
    result = run(capsys, "explain", ECHO, "--svg", path)
    assert (result.code, result.out) == (0, "")
    assert result.err == f"rawkit: {path}: conversation 1 as a picture, 10 packets\n"
    assert list(tmp_path.iterdir()) == [path]
    kept = path.read_text()
    assert ElementTree.fromstring(kept).tag == "{http://www.w3.org/2000/svg}svg"
    assert kept == (FOLDER / "ladder" / "svg" / "tcp" / "echo.svg").read_text()


def test_a_picture_on_standard_output_is_nothing_else(capsys: Capsys) -> None:
    result = run(capsys, "explain", SEVERAL, "--only", "udp", "--svg", "-")
    assert (result.code, result.err) == (0, "")
    assert "of other conversations" in "".join(ElementTree.fromstring(result.out).itertext())


def test_a_picture_replaces_a_file_only_when_it_is_forced_to(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "echo.svg"
    path.write_text("mine")
    result = run(capsys, "explain", ECHO, "--svg", path)
    assert (result.code, path.read_text()) == (2, "mine")
    assert "exists already" in result.err
    assert run(capsys, "explain", ECHO, "--svg", path, "--force").code == 0
    assert path.read_text().startswith("<svg")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([SEVERAL], "there are 2: choose with -n or --only"),
        ([SEVERAL, "--only", "bad checksum"], "there are 2: choose with -n or --only"),
        ([SEVERAL, "-n", "9"], "no conversation 9: it has 2"),
        ([NONE], "there is no TCP or UDP one"),
        ([SEVERAL, "--all"], "does not go with --all"),
        ([ECHO, "--json"], "does not go with --json"),
        ([ECHO, "--width", "90", "--color", "never"], "does not go with --width and --color"),
        (["tcp"], "'tcp' is a protocol"),
    ],
)
def test_a_picture_shows_one_conversation(
    capsys: Capsys, tmp_path: Path, arguments: list[str | Path], told: str
) -> None:
    result = run(capsys, "explain", *arguments, "--svg", tmp_path / "x.svg")
    assert (result.code, result.out) == (2, "")
    assert told in result.err
    assert not list(tmp_path.iterdir())


def test_force_is_for_pictures(capsys: Capsys) -> None:
    result = run(capsys, "explain", ECHO, "--force")
    assert (result.code, result.out) == (2, "")
    assert "--svg" in result.err


def test_a_picture_of_a_damaged_file(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "cut.pcap"
    path.write_bytes(ECHO.read_bytes()[:-20])
    result = run(capsys, "explain", path, "--svg", tmp_path / "x.svg")
    assert result.code == 1
    assert "cut short" in result.err
    assert ElementTree.parse(tmp_path / "x.svg")


@pytest.mark.parametrize("cut", [1, 20, 60, 100])
def test_a_damaged_file_is_explained_up_to_its_damage(capsys: Capsys, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cut.pcap"
    path.write_bytes(ECHO.read_bytes()[:-cut])
    result = run(capsys, "explain", path)
    assert result.code == 1
    assert "connect() returns" in result.out
    assert "cut short" in result.err
    assert str(path) in result.err


def test_no_capture_at_all(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "text.pcap"
    path.write_text("this is no capture")
    result = run(capsys, "explain", path)
    assert (result.code, result.out) == (1, "")
    assert run(capsys, "explain", tmp_path / "absent.pcap").code == 2


def test_width(capsys: Capsys) -> None:
    wide = run(capsys, "explain", ECHO, "--width", "120").out.splitlines()
    assert max(map(len, wide)) > 110
    assert max(map(len, run(capsys, "explain", ECHO).out.splitlines())) <= 80


@pytest.mark.parametrize("arguments", [("explain", ECHO), ("demo",)])
def test_a_ladder_is_not_narrower_than_it_can_be(capsys: Capsys, arguments: tuple[str | Path, ...]) -> None:
    result = run(capsys, *arguments, "--width", NARROWEST - 1)
    assert (result.code, result.out) == (2, "")
    assert str(NARROWEST) in result.err
    narrow = run(capsys, *arguments, "--width", NARROWEST)
    assert (narrow.code, narrow.err) == (0, "")
    assert max(map(len, run(capsys, "explain", ECHO, "--width", NARROWEST).out.splitlines())) <= NARROWEST


@pytest.mark.parametrize("width", [60, NARROWEST])
def test_a_terminal_that_is_too_narrow_is_told_so(capsys: Capsys, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setattr("rawkit.cli.columns.terminal_width", lambda: width)
    told = f"rawkit: the terminal has {width} columns and a ladder needs {NARROWEST}: the lines will break"
    result = run(capsys, "explain", ECHO)
    assert (result.code, result.err.startswith(told)) == (0, width < NARROWEST)
    assert run(capsys, "explain", SEVERAL).err == run(capsys, "explain", ECHO, "--json").err == ""  # no ladder
    text = run(capsys, "explain", "tcp", "--states").out
    assert max(map(len, text.splitlines())) <= width


def test_colour_is_asked_for(capsys: Capsys) -> None:
    assert "\x1b[" not in run(capsys, "explain", ECHO).out
    assert "\x1b[" in run(capsys, "explain", ECHO, "--color", "always").out


def test_a_file_named_as_a_protocol_is_reached_by_its_folder(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(ECHO, tmp_path / "tcp")
    monkeypatch.chdir(tmp_path)
    assert "connect() returns" in run(capsys, "explain", "./tcp").out
    assert "connect() returns" not in run(capsys, "explain", "tcp").out


def test_a_number_lost_to_the_damage_tells_of_the_damage(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "cut.pcap"
    path.write_bytes(SEVERAL.read_bytes()[:150])
    result = run(capsys, "explain", path, "-n", "2")
    assert (result.code, result.out) == (2, "")
    assert "cut short" in result.err
    assert "no conversation 2: it has 1" in result.err


def test_a_file_name_does_nothing_to_the_terminal(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "\x1b[2Jx.pcap"
    shutil.copy(SEVERAL, path)
    result = run(capsys, "explain", path)
    assert result.code == 0
    assert "\x1b" not in result.out


def test_standard_input() -> None:
    command = [sys.executable, "-m", "rawkit", "explain", "-"]
    done = subprocess.run(command, input=ECHO.read_bytes(), capture_output=True, check=True)
    assert "connect() returns" in done.stdout.decode()
