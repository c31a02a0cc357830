"""Frames that were recorded with their frame check sequence: a file says so once, and each packet shows where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawkit import UDP, Ethernet, IPv4
from rawkit.show import hexdump, octet_table, tree
from tests.capture.made import enhanced, interface, opened, options, pcap_header, pcap_record, section
from tests.cli.run import frames, run

Captured = pytest.CaptureFixture[str]
FRAME = bytes(Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(dport=9) / b"hello")
FCS = b"\1\2\3\4"
PCAP = pcap_header(linktype=0x24000001)


@pytest.mark.parametrize("command", ["read", "explain"])
def test_it_is_said_once_and_is_no_damage(capsys: Captured, tmp_path: Path, command: str) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(PCAP + pcap_record(FRAME + FCS) * 3)
    code, _, err = run(capsys, command, path)
    assert (code, err) == (0, f"rawkit: {path}: frames end in 4 octets of frame check sequence, as the file says\n")


@pytest.mark.parametrize("word", [0x04000001, 0xF0000001, 1])
def test_a_file_without_one_says_nothing(capsys: Captured, tmp_path: Path, word: int) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(pcap_header(linktype=word) + pcap_record(FRAME + FCS))
    assert run(capsys, "read", path).err == ""
    (frame,) = frames(path)
    assert "frame check" not in tree(frame) + hexdump(frame) + octet_table(frame)
    assert "Trailer 4 octets at 47 " in tree(frame)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (pcap_record(FRAME + FCS), "Trailer 4 octets at 47, frame check sequence "),
        (pcap_record(FRAME + bytes(6) + FCS), "Trailer 10 octets at 47, the last 4 frame check sequence "),
        (pcap_record(FRAME + FCS[:3], wire=51), "Trailer 3 octets at 47, frame check sequence "),
        (pcap_record(FRAME + bytes(6), wire=57), "Trailer 6 octets at 47 "),
        (pcap_record(FRAME + FCS, wire=2), "Trailer 4 octets at 47, frame check sequence "),
    ],
    ids=["whole", "padding before it", "cut", "cut off", "a wire length that lies"],
)
def test_the_tree_names_it(record: bytes, said: str) -> None:
    (frame,) = opened(PCAP, record)
    assert said in tree(frame)
    assert "frame check" not in tree(frame.packet)  # without the capture nobody knows


def test_the_octets_are_named() -> None:
    (frame,) = opened(PCAP, pcap_record(FRAME + bytes(6) + FCS))
    assert "Trailer: 10 octets, the last 4 frame check sequence\n" in hexdump(frame)
    *_, before, first, _, _, last = octet_table(frame).splitlines()
    assert "trailer, octet 6 of 6" in before
    assert "frame check sequence, octet 1 of 4" in first
    assert "frame check sequence, octet 4 of 4" in last


def test_a_frame_of_pcapng_may_say_it_itself() -> None:
    flags = options((2, (4 << 5).to_bytes(4, "little")))
    of_all = options((13, b"\2"))
    own, other = opened(section(), interface(said=of_all), enhanced(FRAME + FCS, said=flags), enhanced(FRAME + FCS))
    assert (own.fcs_length, other.fcs_length) == (4, 2)
    assert "Trailer 4 octets at 47, the last 2 frame check sequence " in tree(other)
