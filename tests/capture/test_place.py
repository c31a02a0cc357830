"""Where a written file stands: names that can be and that cannot, and links to what is no file."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from rawkit.capture import PcapWriter, read
from rawkit.errors import FieldError

OCTETS = bytes(84)


def one_packet(path: Path | str, force: bool) -> None:
    with PcapWriter(path, force=force) as writer:
        writer.write_octets(OCTETS, time_ns=0)


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250 + ".pcap")
    one_packet(path, force=False)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("name", ["file/made.pcap", "loop/made.pcap", "loop", "x" * 256, "none/made.pcap"])
def test_a_name_that_cannot_be_is_refused_before_anything_is_made(tmp_path: Path, name: str, live: bool) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError) as caught:  # which one is the system's matter
        PcapWriter(tmp_path / name, live=live, force=True)
    assert caught.value.filename == str(tmp_path / name)
    gc.collect()  # filterwarnings = error: what a finalizer could not do would be told here
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "loop"]


def test_an_empty_name_and_what_is_no_target_are_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="name of the file to write is empty"):
        PcapWriter("")
    with (tmp_path / "text").open("w") as text, pytest.raises(FieldError, match="opened with 'wb'"):
        PcapWriter(text)  # type: ignore[arg-type]
    with pytest.raises(FieldError, match="target: None"):
        PcapWriter(None)  # type: ignore[arg-type]


def test_a_name_in_octets(tmp_path: Path) -> None:
    with PcapWriter(os.fsencode(tmp_path) + b"/\xff.pcap"):
        pass
    assert [os.fsencode(path.name) for path in tmp_path.iterdir()] == [b"\xff.pcap"]


@pytest.mark.parametrize("force", [False, True])
def test_a_link_to_a_pipe_or_a_device_is_written_to_and_stays(tmp_path: Path, force: bool) -> None:
    fifo, pipe, device = tmp_path / "fifo", tmp_path / "pipe", tmp_path / "device"
    os.mkfifo(fifo)
    pipe.symlink_to(fifo)
    device.symlink_to("/dev/null")
    thread = threading.Thread(target=one_packet, args=(pipe, force))
    thread.start()
    with read(fifo) as capture:
        assert len(list(capture)) == 1
    thread.join()
    one_packet(device, force)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_symlink()) == ["device", "pipe"]


def test_a_link_to_a_folder_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    with pytest.raises(IsADirectoryError):
        PcapWriter(tmp_path / "link", force=True)
    assert (tmp_path / "link").is_symlink()


needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no /proc/self/fd")


@needs_proc
def test_a_pipe_by_its_descriptors_number_is_written_to(tmp_path: Path) -> None:
    link = tmp_path / "out"
    out, in_ = os.pipe()
    link.symlink_to(f"/proc/self/fd/{in_}")
    for name in (link, f"/dev/fd/{in_}"):
        for force in (False, True):
            one_packet(name, force)
    os.close(in_)
    with os.fdopen(out, "rb") as file:
        assert len(file.read()) == 4 * (24 + 100)
    assert link.is_symlink()


@needs_proc
def test_a_file_by_its_descriptors_number_needs_force_and_the_link_stays(tmp_path: Path) -> None:
    link, path = tmp_path / "out", tmp_path / "made.pcap"
    path.write_bytes(bytes(1000))
    with path.open("rb") as file:
        link.symlink_to(f"/proc/self/fd/{file.fileno()}")
        with pytest.raises(FileExistsError, match="--force"):
            one_packet(link, force=False)
        assert path.stat().st_size == 1000
        one_packet(link, force=True)
    assert link.is_symlink()
    assert path.stat().st_size == 24 + 100


def test_a_signal_as_soon_as_the_file_is_there_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def interrupted(*arguments: Any) -> int:
        os.close(opened(*arguments))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", interrupted)
    with pytest.raises(KeyboardInterrupt):
        PcapWriter(tmp_path / "made.pcap")
    gc.collect()
    assert list(tmp_path.iterdir()) == []
