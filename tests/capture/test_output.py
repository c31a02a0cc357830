"""Whole or absent, whole records, flushed in time; and what happens when the disk is full."""

from __future__ import annotations

import gc
import stat
from io import BytesIO
from pathlib import Path

import pytest

from rawkit.capture import PcapngWriter, PcapWriter, WriteError, read
from rawkit.errors import FieldError

OCTETS = bytes(84)  # with its header, a record of 100 octets


def test_a_file_appears_under_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "made.pcap"
    with PcapWriter(path) as writer:
        writer.write_octets(OCTETS, time_ns=0)
        writer.flush()
        assert not path.exists()
    assert [frame.octets for frame in read(BytesIO(path.read_bytes()))] == [OCTETS]
    assert [path.name for path in tmp_path.iterdir()] == ["made.pcap"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_after_an_error_there_is_no_file(tmp_path: Path) -> None:
    def fail() -> None:
        with PcapngWriter(tmp_path / "made.pcapng") as writer:
            writer.write_octets(OCTETS, time_ns=0)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Python says so too
def test_what_nobody_closed_leaves_no_file(tmp_path: Path) -> None:
    writer = PcapWriter(tmp_path / "made.pcap")
    writer.write_octets(OCTETS, time_ns=0)
    assert len(list(tmp_path.iterdir())) == 1
    del writer
    gc.collect()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("live", [False, True])
def test_an_existing_file_is_an_error_unless_forced(tmp_path: Path, live: bool) -> None:
    path = tmp_path / "made.pcap"
    path.write_bytes(b"precious")
    with pytest.raises(FileExistsError, match="--force"):
        PcapWriter(path, live=live)
    assert path.read_bytes() == b"precious"
    with PcapWriter(path, live=live, force=True):
        pass
    assert len(path.read_bytes()) == 24
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_came_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "made.pcap"
    writer = PcapWriter(path)
    path.write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        writer.close()
    assert path.read_bytes() == b"precious"
    assert [path.name for path in tmp_path.iterdir()] == ["made.pcap"]


@pytest.mark.parametrize("live", [False, True])
def test_a_symbolic_link_is_replaced_and_never_followed(tmp_path: Path, live: bool) -> None:
    precious, link = tmp_path / "precious", tmp_path / "made.pcap"
    precious.write_bytes(b"precious")
    link.symlink_to(precious)
    with pytest.raises(FileExistsError):
        PcapWriter(link, live=live)
    with PcapWriter(link, live=live, force=True):
        pass
    assert precious.read_bytes() == b"precious"
    assert not link.is_symlink()


def test_errors_name_the_file_that_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        PcapWriter(tmp_path / "none" / "made.pcap")
    assert missing.value.filename == str(tmp_path / "none" / "made.pcap")
    for force in (False, True):
        with pytest.raises(IsADirectoryError) as directory:
            PcapWriter(tmp_path, force=force)
        assert directory.value.filename == str(tmp_path)


def test_a_device_is_written_to_and_not_replaced() -> None:
    with PcapWriter("/dev/null") as writer:
        writer.write_octets(OCTETS, time_ns=0)
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("kind", [PcapWriter, PcapngWriter])
def test_a_live_file_holds_each_record_when_it_was_written(
    tmp_path: Path, kind: type[PcapWriter] | type[PcapngWriter]
) -> None:
    """Also the last one, after which nobody may call the writer for a long time, or ever."""
    path = tmp_path / "live"
    with kind(path, live=True) as writer, read(path, follow=True, wait=lambda: False) as reader:
        for number in range(1, 4):
            writer.write_octets(OCTETS, time_ns=number)
            assert writer.written == number
            with read(path) as capture:
                assert [frame.time_ns for frame in capture] == list(range(1, number + 1))
        assert len(list(reader)) == 3


def test_a_live_file_after_an_error_keeps_what_came(tmp_path: Path) -> None:
    path = tmp_path / "live.pcap"

    def fail() -> None:
        with PcapWriter(path, live=True) as writer:
            writer.write_octets(OCTETS, time_ns=0)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with read(path) as capture:
        assert len(list(capture)) == 1


def test_a_full_disk_leaves_whole_records_and_the_exact_count(tmp_path: Path, file_size_limit: int) -> None:
    path = tmp_path / "live.pcap"
    writer = PcapWriter(path, live=True)
    for _ in range(10):
        writer.write_octets(OCTETS, time_ns=0)
    with pytest.raises(WriteError, match="File too large; 10 whole packets written") as caught:
        writer.write_octets(OCTETS, time_ns=0)
    assert (caught.value.written, caught.value.offset, writer.written) == (10, 24 + 1000, 10)
    with pytest.raises(WriteError):
        writer.write_octets(OCTETS, time_ns=0)
    writer.close()
    with read(path) as capture:
        assert len(list(capture)) == 10
        assert capture.defects == []


@pytest.mark.parametrize("file_size_limit", [-1, 0, 1], indirect=True)
def test_a_disk_that_is_full_at_a_records_end_has_taken_that_record(tmp_path: Path, file_size_limit: int) -> None:
    whole = 9 if file_size_limit < 24 + 1000 else 10
    path = tmp_path / "made.pcap"
    with path.open("wb") as file:
        writer = PcapWriter(file)
        for _ in range(20):
            writer.write_octets(OCTETS, time_ns=0)
        with pytest.raises(WriteError, match=f"{whole} whole packets written") as caught:
            writer.flush()
    assert (caught.value.written, writer.written, path.stat().st_size) == (whole, whole, 24 + whole * 100)


def test_a_full_disk_leaves_nothing_of_a_file_that_was_to_be_whole(tmp_path: Path, file_size_limit: int) -> None:
    def write_too_much() -> None:
        with PcapWriter(tmp_path / "made.pcap") as writer:
            for _ in range(20):
                writer.write_octets(OCTETS, time_ns=0)

    with pytest.raises(WriteError, match="nothing is left") as caught:
        write_too_much()
    assert caught.value.written == 0
    assert [path.name for path in tmp_path.iterdir()] == []


def test_a_live_file_cannot_be_compressed(tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="compression"):
        PcapWriter(tmp_path / "live.pcap.gz", live=True, compression="gzip")
    assert [path.name for path in tmp_path.iterdir()] == []


def test_after_closing_nothing_can_be_written() -> None:
    writer = PcapWriter(BytesIO())
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match="closed"):
        writer.write_octets(OCTETS, time_ns=0)
