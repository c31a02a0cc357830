"""`rawkit captures`, and captures opened by their names in every command that takes a file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from rawkit import bundled
from rawkit.cli.main import main
from tests.cli.run import golden_text, run
from tests.golden import assert_golden

Capsys = pytest.CaptureFixture[str]

LOOKED_FOR = {
    "descriptor": "tcp/concurrent",
    "socket address": "arp/conflict",
    "well-known port": "udp/echo",
    "ephemeral": "tcp/port-reuse",
    "demultiplexing": "tcp/concurrent",
    "demultiplexing UDP": "udp/port-unreachable",
    "loopback": "udp/echo-loopback",
    "message boundaries": "tcp/cork",
    "SOCK_STREAM exactly once": "tcp/duplicate",
    "datagram": "udp/boundaries",
    "UDP is faster": "udp/echo",
    "raw socket": "tcp/raw-socket-reset",
    "IPC": "unix/echo",
    "listen": "tcp/backlog",
    "accept": "tcp/before-accept",
    "three-way handshake": "tcp/echo",
    "sendall": "tcp/segmentation",
    "recv pieces": "tcp/pieces",
    "recvfrom": "udp/echo",
    "connectionless server": "udp/echo",
    "shutdown": "tcp/half-close",
    "LAST-ACK": "tcp/last-ack-lost",
    "state machine": "tcp/simultaneous-open",
    "ghost": "tcp/ghost-segment",
    "address already in use": "tcp/server-closes-first",
    "SO_LINGER": "tcp/abort",
    "keepalive": "tcp/keep-alive",
    "SO_RCVBUF": "tcp/zero-window",
    "zero window": "tcp/zero-window",
    "timeout": "tcp/nobody-answers",
    "blocking": "tcp/given-up",
    "Nagle": "tcp/nagle",
    "broken into smaller packets": "tcp/segmentation",
    "fragmentation": "ipv4/fragments",
    "checksum offload": "tcp/super-segments",
    "congestion control": "tcp/slow-start",
    "retransmission": "tcp/fast-retransmit",
    "threads": "tcp/concurrent",
    "HTTP": "tcp/http",
    "FTP": "applications/ftp-active",
    "SMTP": "applications/smtp",
    "SNMP": "applications/snmp",
    "DNS": "dns/lookup",
    "chat": "udp/chat",
    "streaming": "udp/late-and-lost",
    "games": "udp/late-and-lost",
    "guarantees that data will arrive": "tcp/given-up",
    "one send is one recv": "tcp/cork",
    "unique across the Internet": "arp/conflict",
    "secure channel": "applications/snmp",
    "GRE tunnel": "tunnels/gre",
    "QinQ": "link/vlan-stack",
    "cut": "damaged/cut",
}
"""What people type who have met a concept elsewhere -> a capture that is to be among those found."""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another folder than the clone, on a screen of the usual width."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def test_golden(capsys: Capsys) -> None:
    assert_golden("cli/captures-window", golden_text(run(capsys, "captures", "window")))


def blocks(text: str) -> dict[str, str]:
    """Each heading, with what is listed below it."""
    found = {}
    for block in text.split("\n\n")[:-1]:
        heading, _, listed = re.sub(r"\n(?! )", " ", block).partition("\n")  # a long heading has two lines
        found[heading] = listed
    return found


def test_every_one_is_listed_once_below_its_main_concept_and_named_below_its_others(capsys: Capsys) -> None:
    text = run(capsys, "captures").out
    listed = blocks(text)
    assert list(listed) == [concept.heading for concept in bundled.CONCEPTS]
    for each in bundled.described():
        assert text.count(f"  {each.name}  ") == 1
        for concept in bundled.CONCEPTS:
            names = re.split(r"[,\s]+", listed[concept.heading])
            assert names.count(each.name) == (concept.key in each.concepts)
            assert (f"  {each.name}  " in listed[concept.heading]) == (concept.key == each.concepts[0])
    assert max(map(len, text.splitlines())) <= 80
    assert f"{len(bundled.names())} captures. Open one: rawkit explain captures:" in text


def found_by(capsys: Capsys, *words: str) -> set[str]:
    rows = [json.loads(line) for line in run(capsys, "captures", *words, "--json").out.splitlines()]
    assert all(set(row) == {"name", "packets", "sentence", "concepts", "states"} for row in rows)
    return {row["name"] for row in rows}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["so_keepalive"], {"tcp/keep-alive", "tcp/keep-alive-unanswered"}),
        (["SO_KeepAlive"], {"tcp/keep-alive", "tcp/keep-alive-unanswered"}),
        (["asks back"], {"tcp/challenge-ack"}),
        (["CLOSING"], {"tcp/simultaneous-close"}),
        (["AF_UNIX"], {"unix/echo"}),
        (["localhost", "UDP"], {"udp/echo-loopback", "udp/echo-loopback-ipv6"}),
        (["segment", "routing"], {"tunnels/ipv4-in-ipv6"}),
    ],
)
def test_every_word_is_looked_for_in_all_that_is_said(capsys: Capsys, words: list[str], names: set[str]) -> None:
    assert found_by(capsys, *words) == names


@pytest.mark.parametrize(("words", "name"), LOOKED_FOR.items())
def test_who_looks_for_a_concept_finds_it(capsys: Capsys, words: str, name: str) -> None:
    assert name in found_by(capsys, *words.split())


def test_for_every_concept_there_is_somebody_who_looks() -> None:
    shown = {each.name: each.concepts for each in bundled.described()}
    found = {concept for name in LOOKED_FOR.values() for concept in shown[name]}
    assert found == {each.key for each in bundled.CONCEPTS}


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
