"""`rawkit craft`: what it prints, what it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawkit.capture import read
from rawkit.protocols import craft
from tests.cli.run import frames, golden_text, run
from tests.golden import assert_golden

Captured = pytest.CaptureFixture[str]
SYN = "ether / ipv4 dst=10.0.0.2 / tcp dport=80 flags=S options=mss:1460,nop,wscale:7"


def test_golden(capsys: Captured) -> None:
    assert_golden("craft/syn", golden_text(run(capsys, "craft", SYN)))
    assert_golden("craft/wrong-checksum", golden_text(run(capsys, "craft", 'ipv4 / udp checksum=0xb4c6 / "hello"')))


@pytest.mark.parametrize("ending", ["pcap", "pcapng"])
def test_the_file_holds_the_packet(capsys: Captured, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"syn.{ending}"
    assert run(capsys, "craft", SYN, "-o", path).code == 0
    with read(path) as capture:
        assert capture.format == ending
        assert [frame.packet for frame in capture] == [craft.packet(SYN)]


@pytest.mark.parametrize(
    ("text", "linktype"),
    [("ipv4 / udp", "RAW"), ("ipv6 / udp", "RAW"), ("sll2 / ipv4", "LINUX_SLL2"), (SYN, "ETHERNET")],
)
def test_the_link_type_is_that_of_the_first_header(capsys: Captured, tmp_path: Path, text: str, linktype: str) -> None:
    path = tmp_path / "x.pcap"
    assert run(capsys, "craft", text, "-o", path).code == 0
    (frame,) = frames(path)
    assert frame.linktype.name == linktype
    assert frame.packet == craft.packet(text)


def test_an_existing_file_is_not_replaced_unless_forced(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(b"mine")
    result = run(capsys, "craft", SYN, "-o", path)
    assert (result.code, path.read_bytes()) == (2, b"mine")
    assert "--force" in result.err
    assert run(capsys, "craft", SYN, "-o", path, "--force").code == 0
    assert len(frames(path)) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["x.pcap"]


def test_hexadecimal_and_a_capture_are_not_both_for_standard_output(capsys: Captured) -> None:
    result = run(capsys, "craft", "ether", "--hex", "-o", "-")
    assert (result.code, result.out) == (2, "")
    assert "--output does not go with --hex" in result.err


def test_what_no_capture_can_begin_with(capsys: Captured, tmp_path: Path) -> None:
    result = run(capsys, "craft", "tcp dport=80", "-o", tmp_path / "x.pcap")
    assert (result.code, list(tmp_path.iterdir())) == (2, [])
    assert "no capture can begin with TCP" in result.err


def test_hex_is_only_the_octets(capsys: Captured) -> None:
    assert run(capsys, "craft", "--hex", SYN).out == craft.packet(SYN).octets.hex() + "\n"


def test_an_error_points_at_the_word(capsys: Captured) -> None:
    result = run(capsys, "craft", "ipv4 / udp dprt=7")
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines()[1:] == ["    ipv4 / udp dprt=7", "               ^^^^"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([""], "there is nothing to build: name a protocol"),
        ([" "], "there is nothing to build: name a protocol"),
        ([], "Missing argument 'PROTOCOL [FIELD=VALUE]... / ... [/ PAYLOAD]' (see: rawkit craft --help)"),
    ],
)
def test_nothing_to_build_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(capsys, "craft", *arguments) == (2, "", f"rawkit: {said}\n")
