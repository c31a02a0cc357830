"""From a path, a pipe, standard input, an open file; and a file that still grows."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from fcntl import ioctl
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from termios import FIONREAD

import pytest

from rawkit.capture import PcapngWriter, PcapWriter, read
from rawkit.errors import CaptureError, FieldError
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


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("left", [0, 10, 30])
def test_a_followed_file_that_is_cut_ends_there(tmp_path: Path, left: int, pack: Callable[[bytes], bytes]) -> None:
    """Read on from where it was it would, once it is as long again, go on in the middle of something else."""
    path = tmp_path / "growing"
    path.write_bytes(pack(PCAP))

    def wait() -> bool:
        if path.stat().st_size > left:
            os.truncate(path, left)
        else:
            path.write_bytes(pack(PCAP * 9))
        return True

    with read(path, follow=True, wait=wait) as capture:
        assert [frame.octets for frame in capture] == [b"abcd", b"efgh"]
    assert [(wrong.why, wrong.found) for wrong in capture.defects] == [
        ("it was cut while it was followed", f"{left} octets")
    ]


@pytest.mark.parametrize("replace", [False, True])
def test_a_followed_file_that_is_removed_ends_after_what_was_written(tmp_path: Path, replace: bool) -> None:
    path, other = tmp_path / "growing", tmp_path / "other"
    path.write_bytes(PCAP)
    other.write_bytes(PCAP)
    waited = 0

    def wait() -> bool:
        nonlocal waited
        waited += 1
        with path.open("ab") as file:
            file.write(pcap_record(b"last"))
        if replace:
            other.rename(path)
        else:
            path.unlink()
        return True

    with read(path, follow=True, wait=wait) as capture:
        assert [frame.octets for frame in capture] == [b"abcd", b"efgh", b"last"]
    assert [wrong.why for wrong in capture.defects] == ["it was removed or replaced while it was followed"]
    assert waited == 1


def test_a_followed_file_that_only_gets_another_name_is_followed_on(tmp_path: Path) -> None:
    path, other = tmp_path / "growing", tmp_path / "other"
    path.write_bytes(PCAP)
    grow = growing(other, [pcap_record(b"more")])

    def wait() -> bool:
        if path.exists():
            path.rename(other)
        return grow()

    with read(path, follow=True, wait=wait) as capture:
        assert [frame.octets for frame in capture] == [b"abcd", b"efgh", b"more"]
    assert capture.defects == []


def test_a_file_that_never_had_a_name_is_followed() -> None:
    with TemporaryFile() as file:
        file.write(PCAP)
        file.seek(0)
        capture = read(file, follow=True, wait=lambda: False)
        assert [frame.octets for frame in capture] == [b"abcd", b"efgh"]
    assert capture.defects == []


@pytest.mark.parametrize("buffering", [0, -1])
def test_a_pipe_that_does_not_block_is_waited_for(buffering: int) -> None:
    out, in_ = os.pipe()
    os.set_blocking(out, False)
    with os.fdopen(out, "rb", buffering) as readable, os.fdopen(in_, "wb", buffering=0) as writable:

        def go_on() -> None:
            writable.write(PCAP[:30])
            until_read(out)
            writable.write(PCAP[30:])
            until_read(out)
            writable.close()

        thread = threading.Thread(target=go_on)
        thread.start()
        with read(readable) as capture:
            assert [frame.octets for frame in capture] == [b"abcd", b"efgh"]
        thread.join()
    assert capture.defects == []


def until_read(pipe: int) -> None:
    """Wait until somebody took what is in the pipe."""
    while int.from_bytes(ioctl(pipe, FIONREAD, bytes(4)), sys.byteorder):
        time.sleep(0.001)


def test_standard_input_that_does_not_block() -> None:
    out, in_ = os.pipe()
    os.set_blocking(out, False)
    script = "import rawkit.capture as c; print(len([frame for frame in c.read('-')]))"
    with subprocess.Popen([sys.executable, "-c", script], stdin=out, stdout=subprocess.PIPE) as process:
        os.write(in_, PCAP[:30])
        until_read(out)
        os.write(in_, PCAP[30:])
        os.close(in_)
        os.close(out)
        assert process.communicate()[0] == b"2\n"


def test_names_as_text_octets_and_paths(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(PCAP)
    for name in (path, str(path), os.fsencode(path)):
        with read(name) as capture:
            assert capture.path == str(path)


def test_what_is_no_source_is_the_callers_mistake(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(PCAP)
    with path.open() as text, pytest.raises(FieldError, match=r"a\.pcap is open as text; open it with 'rb'"):
        read(text)  # type: ignore[arg-type]
    for empty in ("", b""):
        with pytest.raises(FieldError, match="name of the file to read is empty"):
            read(empty)
    for wrong in (None, 5):
        with pytest.raises(FieldError, match=r"source: .*; give a path"):
            read(wrong)  # type: ignore[arg-type]


def test_writers_accept_what_readers_gave() -> None:
    file = BytesIO()
    with PcapngWriter(file) as writer:
        for frame in opened(PCAP):
            writer.write(frame)
    assert [frame.octets for frame in opened(file.getvalue())] == [b"abcd", b"efgh"]
