"""`rawkit convert`: exit codes, what is said, and where."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rawkit.cli.main import main
from tests.capture.made import enhanced, interface, options, pcap_header, pcap_record, section

PCAP = pcap_header() + pcap_record(b"abcd")


def test_success_is_silent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "a.pcap", tmp_path / "b.pcapng"
    source.write_bytes(PCAP)
    assert main(["convert", str(source), str(target)]) == 0
    assert capsys.readouterr() == ("", "")
    assert target.read_bytes()[:4] == b"\n\r\r\n"


def test_what_is_dropped_is_said_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.pcapng"
    source.write_bytes(section() + interface() + enhanced(said=options((1, b"text"))))
    assert main(["convert", str(source), str(tmp_path / "b.pcap")]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"rawkit: {source}: dropped, since pcap cannot hold it: 1 x comment\n")


def test_damage_is_exit_1_with_the_counts_after_delivering(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "a.pcap", tmp_path / "b.pcap"
    source.write_bytes(PCAP + pcap_record()[:-1])
    assert main(["convert", str(source), str(target)]) == 1
    err = capsys.readouterr().err
    told, counts = err.splitlines()
    assert told.startswith(f"rawkit: {source}: offset 44: cut short at offset 63")
    assert counts == f"rawkit: {source}: 2 read = 1 good + 1 damaged + 0 skipped; 1 packets written to {target}"
    assert target.read_bytes()[40:] == b"abcd"


def test_a_packet_that_is_left_out_is_said_and_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "a.pcapng", tmp_path / "b.pcap"
    odd = options((14, (1 << 40).to_bytes(8, "little")))
    source.write_bytes(section() + interface() + interface(said=odd) + enhanced() + enhanced(number=1))
    assert main(["convert", str(source), str(target)]) == 1
    said = capsys.readouterr().err.splitlines()
    what = "1 x packet of a time before 1970 or after 2106"
    assert said[0] == f"rawkit: {source}: dropped, since pcap cannot hold it: {what}"
    assert target.read_bytes()[40:] == b"abcd"


def test_what_does_not_fit_in_one_file_is_told_with_the_file_and_the_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a\nb.pcapng"
    source.write_bytes(section() + interface() + interface(linktype=0) + enhanced() + enhanced(number=1))
    assert main(["convert", str(source), str(tmp_path / "b.pcap")]) == 2
    why = "frame 2 is NULL, and a pcap file holds one link type (ETHERNET here); write pcapng"
    assert capsys.readouterr().err == f"rawkit: {str(source)!r}: linktype: {why}\n"
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize(
    ("octets", "code", "message"),
    [(None, 2, "No such file"), (b"", 1, "the file is empty"), (b"GIF89a..", 1, "not a pcap, pcapng or snoop file")],
)
def test_what_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], octets: bytes | None, code: int, message: str
) -> None:
    source = tmp_path / "a.pcap"
    if octets is not None:
        source.write_bytes(octets)
    assert main(["convert", str(source), str(tmp_path / "b.pcap")]) == code
    err = capsys.readouterr().err
    assert message in err
    assert "a.pcap" in err
    assert not (tmp_path / "b.pcap").exists()


def test_an_existing_file_is_wrong_usage_without_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "a.pcap", tmp_path / "b.pcap"
    source.write_bytes(PCAP)
    target.write_bytes(b"precious")
    assert main(["convert", str(source), str(target)]) == 2
    assert "--force" in capsys.readouterr().err
    assert target.read_bytes() == b"precious"
    assert main(["convert", str(source), str(target), "--force"]) == 0
    assert target.read_bytes() == PCAP


def test_a_capture_is_put_in_its_own_place_when_that_is_forced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(PCAP + b"cut")
    assert main(["convert", str(path), str(path)]) == 2
    assert main(["convert", str(path), str(path), "--force"]) == 1
    assert "1 packets written" in capsys.readouterr().err
    assert path.read_bytes() == PCAP


@pytest.mark.parametrize("name", ["a.pcap/b.pcap", "loop/b.pcap", "loop", "x" * 300, "none/b.pcap", ""])
def test_a_name_that_cannot_be_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    source = Path("a.pcap")
    source.write_bytes(PCAP)
    Path("loop").symlink_to("loop")
    assert main(["convert", "--to", "pcap", "--force", "a.pcap", name]) == 2
    assert main(["convert", "--to", "pcap", "--force", name, "b.pcap"]) == 2
    for line in capsys.readouterr().err.splitlines():
        assert line.startswith(f"rawkit: {name}: ") if name else "is empty" in line
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pcap", "loop"]


def test_a_socket_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.pcap").write_bytes(PCAP)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        assert main(["convert", "--to", "pcap", "a.pcap", "socket"]) == 2
        assert main(["read", "socket"]) == 2
    assert capsys.readouterr().err == "rawkit: socket: No such device or address\n" * 2


def test_from_standard_input_to_standard_output(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rawkit", "convert", "-", "-", "--to", "pcap"]
    ran = subprocess.run(command, input=PCAP, capture_output=True, check=True, cwd=tmp_path)
    assert (ran.stdout, ran.stderr) == (PCAP, b"")


class StoppedInTheMiddle:
    """Standard input with one packet, during whose second reading a signal comes."""

    def __init__(self, folder: Path, number: int) -> None:
        self.buffer, self.folder, self.number = self, folder, number
        self.pieces = [PCAP]
        self.partial: list[str] = []

    def read1(self, count: int) -> bytes:
        if self.pieces:
            return self.pieces.pop()
        self.partial = [path.name for path in self.folder.iterdir()]
        signal.raise_signal(self.number)
        return b""

    read = read1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_being_told_to_stop_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, code: int
) -> None:
    given = StoppedInTheMiddle(tmp_path, number)
    monkeypatch.setattr(sys, "stdin", given)
    before = signal.getsignal(number)
    assert main(["convert", "-", str(tmp_path / "b.pcap")]) == code
    assert [name.endswith(".partial") for name in given.partial] == [True]
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr() == ("", "")
    assert signal.getsignal(number) is before


def test_a_signal_that_is_ignored_stays_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StoppedInTheMiddle(tmp_path, signal.SIGHUP))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as under nohup
    try:
        assert main(["convert", "-", str(tmp_path / "b.pcap")]) == 0
    finally:
        signal.signal(signal.SIGHUP, before)
    assert (tmp_path / "b.pcap").read_bytes() == PCAP


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    source = tmp_path / "a.pcap"
    source.write_bytes(pcap_header() + pcap_record(bytes(60_000)) * 50)
    out, in_ = os.pipe()
    os.close(out)
    command = [sys.executable, "-m", "rawkit", "convert", str(source), "-", "--to", "pcapng"]
    ran = subprocess.run(command, stdout=in_, stderr=subprocess.PIPE)
    os.close(in_)
    assert (ran.returncode, ran.stderr) == (0, b"")
