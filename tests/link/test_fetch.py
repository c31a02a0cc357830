"""How frames are fetched, where the kernel cannot be made to do it at a given moment."""

from __future__ import annotations

import errno
import struct
from typing import Any

import pytest

from rawkit.capture.linktypes import LinkType
from rawkit.link import kernel
from rawkit.link.arrival import Arrivals
from rawkit.link.fetch import Queue
from rawkit.link.link import described


class _Socket:
    """Answers recvmsg_into as scripted: octets of a frame, or an error."""

    def __init__(self, *script: bytes | OSError) -> None:
        self._script = list(script)

    def setsockopt(self, *_: object) -> None:
        pass

    def recvmsg_into(self, buffers: list[bytearray], _: int) -> tuple[int, list[tuple[int, int, bytes]], int, Any]:
        answer = self._script.pop(0) if self._script else BlockingIOError()
        if isinstance(answer, OSError):
            raise answer
        buffers[0][: len(answer)] = answer
        told = [
            (kernel.SOL_PACKET, kernel.PACKET_AUXDATA, struct.pack("=5I", 0, len(answer), len(answer), 0, 0)),
            (1, kernel.SO_TIMESTAMPNS, struct.pack("@qq", 1, 2)),
        ]
        return len(answer), told, 0, ("eth0", 0x0800, 0, 1, b"")


def queue(*script: bytes | OSError) -> Queue:
    return Queue(_Socket(*script), Arrivals(described(LinkType(1), "eth0")), 1 << 20, vnet=False)  # type: ignore[arg-type]


def test_an_error_in_the_midst_comes_after_the_frames_before_it_and_only_once() -> None:
    fetched = queue(bytes(60), bytes(61), OSError(errno.ENETDOWN, "down"), bytes(62))
    assert [frame.captured_length for frame in fetched.take()] == [60, 61]
    with pytest.raises(OSError, match="down"):
        fetched.take()
    assert [(frame.captured_length, frame.time_ns) for frame in fetched.take()] == [(62, 1_000_000_002)]
    assert fetched.take() == []
