"""From a path, a pipe, standard input, an open file; and a file that still grows."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from rawkit.capture import PcapngWriter, PcapWriter, read
from rawkit.errors import CaptureError
from tests.capture.made import (
    enhanced,
    interface,
    opened,
    pcap_header,
    pcap_record,
    section,
    snoop_header,
    snoop_record,
)

PCAP = pcap_header() + pcap_record(b"abcd") + pcap_record(b"efgh")


def test_a_path_is_told_by_content_never_by_name(tmp_path: Path) -> None:
    path = tmp_path / "lies.pcapng"
    path.write_bytes(PCAP)
    with read(path) as capture:
        assert capture.format == "pcap"
        assert [frame.octets for frame in capture] == [b"abcd", b"efgh"]
    with read(str(path)) as capture:
        assert capture.path == str(path)


def test_an_open_file_stays_open() -> None:
    file = BytesIO(PCAP)
    with read(file) as capture:
        assert len(list(capture)) == 2
    assert not file.closed


def test_a_missing_file_is_the_systems_own_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.pcap")


def test_a_refused_file_is_closed_again(tmp_path: Path) -> None:
    path = tmp_path / "no.pcap"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(CaptureError, match=r"no\.pcap: offset 0: starts with 6e6f7468"):
        read(path)  # filterwarnings = error: a file left open would be a ResourceWarning


def test_standard_input() -> None:
    script = "import rawkit.capture as c; print([frame.octets for frame in c.read('-')])"
    ran = subprocess.run([sys.executable, "-c", script], input=PCAP, capture_output=True, check=True)
    assert ran.stdout.strip() == b"[b'abcd', b'efgh']"


def test_a_pipe_gives_each_frame_when_it_came_and_not_when_the_pipe_closes() -> None:
    out, in_ = os.pipe()
    with os.fdopen(out, "rb") as readable, os.fdopen(in_, "wb", buffering=0) as writable:
        writable.write(pcap_header() + pcap_record(b"abcd") + b"half")
        capture = read(readable)
        frames = iter(capture)
        assert next(frames).octets == b"abcd"
        thread = threading.Thread(target=writable.close)
        thread.start()
        assert next(frames, None) is None
        thread.join()
    assert [defect.why for defect in capture.defects] == ["cut short at offset 48"]


def growing(path: Path, parts: list[bytes]) -> Callable[[], bool]:
    """A way to wait that adds the next part to the file each time, and stops when there are none."""
    left = iter(parts)

    def wait() -> bool:
        part = next(left, None)
        if part is None:
            return False
        with path.open("ab") as file:
            file.write(part)
        return True

    return wait


def in_pieces(octets: bytes, size: int) -> Iterator[bytes]:
    return (octets[at : at + size] for at in range(0, len(octets), size))


@pytest.mark.parametrize("size", [1, 5, 64])
@pytest.mark.parametrize(
    "whole",
    [
        PCAP,
        section() + interface() + enhanced(b"abcd") + enhanced(b"efgh"),
        snoop_header() + snoop_record(b"abcd") + snoop_record(b"efgh"),
    ],
    ids=["pcap", "pcapng", "snoop"],
)
def test_following_gives_each_frame_when_its_record_is_whole(tmp_path: Path, whole: bytes, size: int) -> None:
    path = tmp_path / "growing"
    path.write_bytes(b"")
    with read(path, follow=True, wait=growing(path, list(in_pieces(whole, size)))) as capture:
        found = [(frame.octets, path.stat().st_size) for frame in capture]
    assert [octets for octets, _ in found] == [b"abcd", b"efgh"]
    assert found[0][1] < found[1][1] or size == 64
    assert capture.defects == []


def test_following_that_is_stopped_within_a_record_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "growing"
    path.write_bytes(PCAP)
    with read(path, follow=True, wait=growing(path, [pcap_record(b"half")[:-1]])) as capture:
        assert [frame.octets for frame in capture] == [b"abcd", b"efgh"]
    assert (capture.defects, capture.read) == ([], 2)


def test_following_a_live_writer(tmp_path: Path) -> None:
    path = tmp_path / "live.pcap"
    texts = [b"one", b"two", b"three"]
    with PcapWriter(path, live=True) as writer:
        left = iter(texts)

        def wait() -> bool:
            text = next(left, None)
            if text is not None:
                writer.write_octets(text, time_ns=1)
            writer.flush()
            return text is not None

        with read(path, follow=True, wait=wait) as capture:
            assert [frame.octets for frame in capture] == texts


def test_writers_accept_what_readers_gave() -> None:
    file = BytesIO()
    with PcapngWriter(file) as writer:
        for frame in opened(PCAP):
            writer.write(frame)
    assert [frame.octets for frame in opened(file.getvalue())] == [b"abcd", b"efgh"]
