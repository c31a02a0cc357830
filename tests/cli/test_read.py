"""`rawkit read`: what is printed, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.capture.made import (
    enhanced,
    interface,
    options,
    pcap_header,
    pcap_record,
    section,
    snoop_header,
    snoop_record,
)
from tests.cli.run import CAPTURES, golden_text, run
from tests.golden import assert_golden

Captured = pytest.CaptureFixture[str]
ECHO = CAPTURES / "tcp" / "echo.pcap"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("read/echo", ["tcp/echo.pcap"]),
        ("read/echo-number-delta", ["--number", "--time", "delta", "-c", "4", "tcp/echo.pcap"]),
        ("read/echo-absolute", ["--time", "absolute", "-c", "2", "tcp/echo.pcap"]),
        ("read/echo-ipv6", ["tcp/echo-ipv6.pcap"]),
        ("read/ping", ["icmp/ping.pcap", "-c", "4"]),
        ("read/ping-ipv6", ["icmp/ping-ipv6.pcap", "-c", "4"]),
        ("read/port-unreachable", ["udp/port-unreachable.pcap"]),
        ("read/port-unreachable-v", ["-v", "udp/port-unreachable.pcap"]),
        ("read/dns", ["dns/lookup.pcap"]),
        ("read/dns-v", ["-v", "-c", "4", "dns/lookup.pcap"]),
        ("read/fragments", ["ipv4/fragments.pcap"]),
        ("read/fragments-ipv6", ["ipv6/fragments.pcap"]),
        ("read/ipv4-options", ["-v", "ipv4/options.pcap"]),
        ("read/extension-headers", ["ipv6/extension-headers.pcap"]),
        ("read/extension-headers-v", ["-v", "ipv6/extension-headers.pcap"]),
        ("read/vlan-stack", ["link/vlan-stack.pcap"]),
        ("read/sctp", ["sctp/association.pcap"]),
        ("read/sctp-v", ["-v", "-c", "4", "sctp/association.pcap"]),
        ("read/pppoe", ["tunnels/pppoe.pcap"]),
        ("read/geneve-v", ["-v", "-c", "3", "tunnels/geneve.pcap"]),
        ("read/cooked", ["cooked/sll.pcap", "cooked/sll2.pcap"]),
        ("read/bad-checksums-v", ["-v", "damaged/bad-checksums.pcap"]),
        ("read/echo-x", ["-x", "-c", "5", "tcp/echo.pcap"]),
        ("read/http", ["tcp/http.pcap"]),
        ("read/http-summary", ["--summary", "tcp/http.pcap"]),
        ("read/echo-json", ["--json", "-c", "5", "tcp/echo.pcap"]),
    ],
)
def test_golden(capsys: Captured, name: str, arguments: list[str]) -> None:
    paths = [str(CAPTURES / each) if "/" in each else each for each in arguments]
    assert_golden(name, golden_text(run(capsys, "read", *paths)))


def test_colour_changes_nothing_but_the_colour(capsys: Captured) -> None:
    for how in (["-v"], ["-x"], ["--summary"], []):
        plain = run(capsys, "read", "--color", "never", *how, ECHO).out
        coloured = run(capsys, "read", "--color", "always", *how, ECHO).out
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
        assert run(capsys, "read", *how, ECHO).out == plain  # a pipe is no terminal


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--summary --json", "--summary does not go with --json, which would be ignored"),
        ("-xv --json", "--json does not go with --verbose and --hex, which would be ignored"),
        ("--json --time relative", "--json does not go with --time, which would be ignored"),
        (
            "--summary -v -x --number --time delta",
            "--summary does not go with --verbose, --hex, --number and --time, which would be ignored",
        ),
    ],
)
def test_no_option_is_ignored_silently(capsys: Captured, options: str, said: str) -> None:
    result = run(capsys, "read", *options.split(), ECHO)
    assert result == (2, "", f"rawkit: {said} (see: rawkit read --help)\n")


def test_damage_comes_after_what_was_read_and_is_exit_1(capsys: Captured, tmp_path: Path) -> None:
    cut = tmp_path / "cut.pcap"
    cut.write_bytes(ECHO.read_bytes()[:700])
    code, out, err = run(capsys, "read", cut)
    assert (code, len(out.splitlines())) == (1, 8)
    assert err.startswith(f"rawkit: {cut}: offset 672: cut short at offset 700")
    assert "9 read = 8 good + 1 damaged + 0 skipped" in err
    assert run(capsys, "read", "--json", cut)[0] == 1
    assert run(capsys, "read", "--summary", cut)[0] == 1


@pytest.mark.parametrize(("command", "rest"), [("read", []), ("convert", ["out.pcap"]), ("explain", [])])
def test_the_reason_that_a_file_ended_is_told_after_any_number_of_defects(
    capsys: Captured, tmp_path: Path, command: str, rest: list[str]
) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(pcap_header() + pcap_record(bytes(42), wire=10) * 10 + pcap_record(bytes(42))[:53])
    code, _, err = run(capsys, command, path, *[tmp_path / each for each in rest])
    *told, counts = err.splitlines()
    assert [("more octets captured" in each, "cut short at offset 657" in each) for each in told] == [
        *[(True, False)] * 5,
        (False, True),
    ]
    assert "11 read = 0 good + 11 damaged + 0 skipped; 5 more defects" in counts
    assert code == 1


def test_damage_that_is_in_no_packet_says_so(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    path.write_bytes(section() + interface(said=options((6, b"1"))) + enhanced(b"abcd"))
    code, _, err = run(capsys, "read", path)
    option, counts = err.splitlines()
    assert option.endswith("option if_MACaddr is kept as octets (found 1 octets, expected 6 octets)")
    assert counts.endswith("1 read = 1 good + 0 damaged + 0 skipped; what is wrong is not in a packet")
    assert code == 1


@pytest.mark.parametrize(
    ("content", "code", "said"), [(None, 2, "No such file"), (b"", 1, "empty"), (b"GIF89a..", 1, "not a pcap")]
)
def test_what_is_no_capture(capsys: Captured, tmp_path: Path, content: bytes | None, code: int, said: str) -> None:
    path = tmp_path / "x.pcap"
    if content is not None:
        path.write_bytes(content)
    result = run(capsys, "read", path)
    assert (result.code, result.out) == (code, "")
    assert said in result.err
    assert str(path) in result.err


def test_a_file_that_cannot_be_opened_does_not_stop_the_others(capsys: Captured, tmp_path: Path) -> None:
    missing, empty = tmp_path / "missing.pcap", tmp_path / "empty.pcap"
    empty.touch()
    code, out, err = run(capsys, "read", missing, ECHO, empty, ECHO)
    assert [line for line in out.splitlines() if line.startswith("==")] == [f"== {ECHO}"] * 2
    assert len(out.splitlines()) == 2 * (1 + 12)
    assert err.splitlines() == [
        f"rawkit: {missing}: No such file or directory; nothing in '{tmp_path}' has a name like it",
        f"rawkit: {empty}: offset 0: the file is empty",
    ]
    assert code == 2
    assert run(capsys, "read", ECHO, empty).code == 1


def test_count_is_over_all_files(capsys: Captured) -> None:
    out = run(capsys, "read", "-c", "14", ECHO, ECHO).out.splitlines()
    assert [line for line in out if line.startswith("==")] == [f"== {ECHO}"] * 2
    assert len(out) == 14 + 2
    assert run(capsys, "read", "-c", "0", ECHO).out == ""
    assert "\n== " not in run(capsys, "read", "-c", "12", ECHO, ECHO).out


def test_json_of_several_files_says_which(capsys: Captured) -> None:
    out = run(capsys, "read", "--json", "-c", "13", ECHO, ECHO).out.splitlines()
    records = [json.loads(line) for line in out]
    assert {record["rawkit.file"] for record in records} == {str(ECHO)}
    assert [record["frame.number"] for record in records] == [*range(1, 13), 1]


def test_no_link_type_is_guessed(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(pcap_header(linktype=147) + pcap_record(bytes(20)))
    assert run(capsys, "read", path).out == "0.000000 USER0 (link type 147), length 20\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pcap_header(linktype=60_000) + pcap_record(bytes(20)), "unknown link type 60000, length 20"),
        (snoop_header(datalink=30) + snoop_record(bytes(20)), "snoop link type 30, length 20"),
    ],
)
def test_the_number_of_an_unknown_link_type_is_told_once(
    capsys: Captured, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    assert run(capsys, "read", path).out == f"0.000000 {said}\n"


def rawkit(*arguments: str, **how: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "rawkit", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)  # type: ignore[call-overload,no-any-return]


def test_a_reader_that_leaves_is_no_error() -> None:
    # More than a pipe holds: the same file again and again.
    process = rawkit("read", *[str(ECHO)] * 200)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert (process.stderr.read(), process.wait(timeout=60)) == (b"", 0)
    process.stderr.close()


def test_standard_input_and_no_color() -> None:
    process = rawkit("read", "-", "-c", "1", stdin=subprocess.PIPE, env=os.environ | {"NO_COLOR": "1"})
    out, err = process.communicate(ECHO.read_bytes(), timeout=60)
    assert (out, err) == (b"0.000000 ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28\n", b"")


def test_nothing_heavy_is_loaded() -> None:
    program = (
        "import sys; from rawkit.cli.main import main;"
        f"main(['read', '-c', '3', {str(ECHO)!r}]);"
        "print([name for name in ('numpy', 'scapy', 'dpkt', 'rich', 'dns') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"
