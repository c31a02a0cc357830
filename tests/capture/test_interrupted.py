"""A write that a signal, a full disk or a full pipe interrupts: whole records, each of them once."""

from __future__ import annotations

import os
import threading
from io import BufferedWriter, BytesIO, FileIO, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from rawkit.capture import PcapWriter, WriteError, read
from rawkit.capture.output import BUFFER, Output

OCTETS = bytes(84)  # with its header, a record of 100 octets
MANY = 3 * BUFFER // 100


class Interrupted(FileIO):
    """A file whose second write is interrupted when a part of it is done."""

    writes = 0

    def write(self, octets: Any, /) -> int:
        self.writes += 1
        if self.writes == 2:
            super().write(memoryview(octets)[: len(octets) // 2])
            raise KeyboardInterrupt
        return super().write(octets)


def interrupt(file: BinaryIO, live: bool) -> PcapWriter:
    """Write more often than is gathered, and meet the interruption."""
    writer = PcapWriter(file, live=live)

    def write() -> None:
        with writer:
            for number in range(MANY):
                writer.write_octets(OCTETS, time_ns=number)

    with pytest.raises(KeyboardInterrupt):
        write()
    return writer


@pytest.mark.parametrize("buffered", [False, True])
@pytest.mark.parametrize("live", [False, True])
def test_a_file_keeps_whole_records_and_each_once(tmp_path: Path, live: bool, buffered: bool) -> None:
    path = tmp_path / "made.pcap"
    raw = Interrupted(path, "w")
    with BufferedWriter(raw) if buffered else raw as file:
        writer = interrupt(file, live)
    with read(path) as capture:
        times = [frame.time_ns for frame in capture]
    assert capture.defects == []
    assert times == list(range(writer.written))
    assert live or writer.written > BUFFER // 100


def test_a_writer_takes_no_more(tmp_path: Path) -> None:
    with Interrupted(tmp_path / "made.pcap", "w") as file:
        writer = PcapWriter(file, live=True)
        with pytest.raises(KeyboardInterrupt):
            writer.write_octets(OCTETS, time_ns=0)
        with pytest.raises(WriteError, match="writing was interrupted; 0 whole packets written"):
            writer.write_octets(OCTETS, time_ns=0)
        writer.close()
    assert (tmp_path / "made.pcap").stat().st_size == 24


class TornPipe(RawIOBase):
    """Takes one write, and is interrupted within the next."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, octets: Any, /) -> int:
        self.taken.append(bytes(octets) if not self.taken else bytes(octets[:50]))
        if len(self.taken) > 1:
            raise KeyboardInterrupt
        return len(octets)


def test_a_pipe_gets_no_record_twice() -> None:
    pipe = TornPipe()
    interrupt(pipe, live=False)  # type: ignore[arg-type]
    whole = b"".join(pipe.taken)
    with read(BytesIO(whole)) as capture:
        times = [frame.time_ns for frame in capture]
    assert len(pipe.taken) == 2
    assert times == list(range(len(times)))
    assert [defect.why for defect in capture.defects] == [f"cut short at offset {len(whole)}"]


def test_after_an_error_what_is_not_live_gets_no_more() -> None:
    file = BytesIO()

    def fail() -> None:
        with PcapWriter(file) as writer:
            writer.write_octets(OCTETS, time_ns=0)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert file.getvalue() == b""


def test_a_pipe_that_does_not_block_is_waited_for() -> None:
    out, in_ = os.pipe()
    os.set_blocking(in_, False)

    def write() -> None:
        with os.fdopen(in_, "wb") as file, PcapWriter(file) as writer:
            for number in range(MANY):
                writer.write_octets(OCTETS, time_ns=number)

    thread = threading.Thread(target=write)
    thread.start()
    with os.fdopen(out, "rb") as file, read(file) as capture:
        assert [frame.time_ns for frame in capture] == list(range(MANY))
    thread.join()


@pytest.mark.usefixtures("file_size_limit")
@pytest.mark.parametrize("flags", [os.O_APPEND, 0], ids=["append", "behind"])
@pytest.mark.parametrize("live", [False, True])
def test_what_stood_in_the_file_before_stays(tmp_path: Path, live: bool, flags: int) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"precious")

    def write(file: BinaryIO) -> None:
        with PcapWriter(file, live=live) as writer:
            for _ in range(20):
                writer.write_octets(OCTETS, time_ns=0)

    number = os.open(path, os.O_WRONLY | flags)
    with os.fdopen(number, "wb") as file:
        if not flags:
            file.seek(8)
        with pytest.raises(WriteError, match="10 whole packets written"):
            write(file)
    octets = path.read_bytes()
    assert octets[:8] == b"precious"
    assert len(octets) == 8 + 24 + 10 * 100


@pytest.mark.usefixtures("file_size_limit")
def test_a_record_given_in_parts_is_whole_or_absent(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        output = Output(file)
        output.append(bytes(24), packets=0)
        for _ in range(5):
            output.append(bytes(100))
        output.flush()
        for part in range(10):
            output.append(bytes(100), packets=part == 9, whole=part == 9)
        with pytest.raises(WriteError, match="5 whole packets written"):
            output.flush()
    assert (tmp_path / "file").stat().st_size == 524
