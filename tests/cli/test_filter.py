"""`rawkit filter EXPR [FILE]`, and filters beside the files of the other commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawkit.cli import filtering
from tests.cli.run import CAPTURES, frames, golden_text, run
from tests.golden import assert_golden

Captured = pytest.CaptureFixture[str]
ECHO = CAPTURES / "tcp" / "echo.pcap"
ALL_KINDS = r"llc ui or ether proto \arp or ip6 protochain \tcp or less 60 or inbound or port domain or net 10.0"
MIXED = "tcp dst port (80 or 443) and not net 10.0.0.0/8 or vlan 5 and ip[6:2] & 0x1fff = 0"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("filter/words", [MIXED]),
        (
            "filter/words-of-all-kinds",
            ["--live", ALL_KINDS],
        ),
        ("filter/program", ["-d", "tcp port 80 and host 10.0.0.1"]),
        ("filter/program-live", ["-d", "--live", "vlan 5 and tcp"]),
        ("filter/program-cooked", ["-d", "--link", "cooked", "icmp and outbound"]),
        ("filter/program-deep", ["-d", "--deep", "--link", "raw", "udp port 53"]),
        ("filter/everything", [""]),
    ],
)
def test_golden(capsys: Captured, name: str, arguments: list[str]) -> None:
    assert_golden(name, golden_text(run(capsys, "filter", *arguments)))


def test_golden_of_each_packet(capsys: Captured) -> None:
    result = run(capsys, "filter", "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and not port 443 or arp", ECHO)
    assert_golden("filter/echo", golden_text(result))


def test_a_question_past_the_end_is_said_to_be(capsys: Captured) -> None:
    result = run(capsys, "filter", "ether[200] = 1", ECHO)
    assert result.out.startswith("1 no    [ether[200] = 1 asks past the packet's end] ARP")
    assert result.out.endswith("0 of 12 packets match\n")


def test_an_expression_that_is_none(capsys: Captured) -> None:
    result = run(capsys, "filter", "tcp prot 80")
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines() == [
        "rawkit: filter: 'prot' is no word of the filter language; did you mean 'proto'?",
        "  tcp prot 80",
        "      ^",
    ]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["-d", "tcp", ECHO], "--program is for a filter alone"),
        (["--link", "raw", "tcp", ECHO], "--link is for a filter alone"),
        (["--live", "tcp", ECHO], "--live is for a filter alone"),
        (["--max-ratio", "5", "tcp"], "--max-ratio is for a FILE"),
    ],
)
def test_options_that_would_do_nothing(capsys: Captured, arguments: list[str | Path], why: str) -> None:
    result = run(capsys, "filter", *arguments)
    assert (result.code, result.out) == (2, "")
    assert why in result.err


def test_read_takes_a_filter(capsys: Captured) -> None:
    every = run(capsys, "read", "--number", "--time", "absolute", ECHO).out.splitlines()
    found = run(capsys, "read", "--number", "--time", "absolute", ECHO, "arp")
    assert (found.code, found.err) == (0, "")
    assert found.out.splitlines() == [line for line in every if "ARP" in line]
    counted = run(capsys, "read", "--number", "--time", "absolute", "-c", "1", ECHO, "tcp")
    assert counted.out.splitlines() == every[2:3]


def test_read_takes_a_filter_behind_several_files(capsys: Captured) -> None:
    found = run(capsys, "read", ECHO, ECHO, "not tcp").out.splitlines()
    assert [line for line in found if "ARP" not in line] == [f"== {ECHO}"] * 2
    assert len(found) == 6


@pytest.mark.parametrize(
    ("last", "why"),
    [
        ("tcp prt 80", "tcp prt 80: no such file, and as a filter: 'prt' is no word"),
        ("no.pcap", "no.pcap: No such file"),
        ("no/such", "no/such: No such file"),
    ],
)
def test_a_last_word_that_is_neither(capsys: Captured, last: str, why: str) -> None:
    result = run(capsys, "read", ECHO, last)
    assert result.code == 2
    assert why in result.err


def test_a_file_of_the_name_of_a_filter_is_the_file(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "arp").write_bytes(ECHO.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert len(run(capsys, "read", ECHO, "arp").out.splitlines()) == 26


def test_explain_takes_a_filter(capsys: Captured) -> None:
    path = CAPTURES / "tcp" / "echo.pcap"
    with_arp, without = (run(capsys, "explain", path, *more).out for more in ([], ["not arp"]))
    assert "who has" in with_arp
    assert "who has" not in without
    assert "9 calls, 10 packets" in without


def test_convert_takes_a_filter(capsys: Captured, tmp_path: Path) -> None:
    """From every format to every one; from pcapng to pcapng the blocks of those that match stay as they are."""
    original = ECHO
    for suffix in ("pcapng", "pcap", "pcapng", "pcapng"):
        target = tmp_path / f"{len(list(tmp_path.iterdir()))}.{suffix}"
        result = run(capsys, "convert", original, target, "arp or tcp[tcpflags] & tcp-syn != 0")
        assert (result.code, result.err) == (0, "")
        assert [frame.octets for frame in frames(target)] == [frame.octets for frame in frames(ECHO)[:4]]
        original = target
    run(capsys, "convert", original, tmp_path / "last.pcapng", "arp")
    assert (tmp_path / "last.pcapng").stat().st_size < original.stat().st_size
    assert len(frames(tmp_path / "last.pcapng")) == 2


@pytest.mark.parametrize("option", ["--deep", "--names"])
@pytest.mark.parametrize("command", ["read", "explain"])
def test_options_of_a_filter_that_is_not_there(capsys: Captured, command: str, option: str) -> None:
    result = run(capsys, command, option, ECHO)
    assert result.code == 2
    assert f"{option} is for a filter" in result.err


def test_a_filter_is_for_files(capsys: Captured) -> None:
    result = run(capsys, "explain", "tcp", "port 80")
    assert result.code == 2
    assert "is for files" in result.err


def test_names_are_looked_up_where_asked(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filtering, "look_up", lambda name: {"server": ["10.0.0.2"]}.get(name, []))
    assert run(capsys, "read", ECHO, "src host server").code == 2
    found = run(capsys, "read", "--names", ECHO, "tcp and src host server")
    assert len(found.out.splitlines()) == 4
    assert "no address of 'nobody' was found" in run(capsys, "read", "--names", ECHO, "host nobody").err


def test_look_up_of_what_needs_no_one() -> None:
    """An address is its own; a name that cannot be has none."""
    assert filtering.look_up("127.0.0.1") == ["127.0.0.1"]
    assert filtering.look_up("no..name") == []
