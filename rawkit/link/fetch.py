"""Two ways to fetch frames from a packet socket: a ring in memory that we share with the kernel, or one call a frame.

The ring (TPACKET_V3, packet_mmap of the kernel's documentation) is for many frames, and hands one over up to
`RETIRE_MS` after it came. Call by call each frame is there at once, and each costs a system call.
"""

from __future__ import annotations

import mmap
import socket
import struct
from contextlib import suppress

from rawkit.capture.frame import Frame
from rawkit.capture.lengths import MAX_CAPTURED_LENGTH
from rawkit.clock import NANOSECONDS
from rawkit.link import kernel
from rawkit.link.arrival import NOTHING_TO_DO, VNET, Arrivals

BLOCK = 1 << 18
"""Octets of a block, which the kernel fills with frames and then hands over; a super-segment fits in."""
RETIRE_MS = 20
"""It hands over a block that is not full after so long."""
SLOT = 2048
"""Octets a frame; blocks of this version are filled without gaps, but the kernel wants a number that divides them."""

CALLS = 64
"""Frames fetched before somebody else has his turn, call by call."""

_USED_BLOCK = struct.Struct("=8xIII")  # struct tpacket_block_desc: status, frames, where the first is
_HEADER = struct.Struct("=6I2H4xIH20xB")  # struct tpacket3_hdr, and the packet type of the sockaddr_ll behind it
_STATUS = struct.Struct("=I")
_AUXDATA = struct.Struct("=III4xHH")  # struct tpacket_auxdata: status, length, captured length, ..., tag
_TIME = struct.Struct("@qq")


class Ring:
    """Frames out of shared memory. A block goes back to the kernel when the next one is looked for."""

    settles_ns = 2 * RETIRE_MS * 1_000_000
    """After so long everything that came has been handed over."""

    def __init__(self, opened: socket.socket, arrivals: Arrivals, octets: int, vnet: bool) -> None:
        self._socket = opened
        self._arrivals = arrivals
        self._vnet = VNET.size if vnet else 0
        self._blocks = max(octets // BLOCK, 2)
        self._at = 0
        self._in_use = False
        opened.setsockopt(kernel.SOL_PACKET, kernel.PACKET_VERSION, kernel.TPACKET_V3)
        request = struct.pack("7I", BLOCK, self._blocks, SLOT, BLOCK // SLOT * self._blocks, RETIRE_MS, 0, 0)
        opened.setsockopt(kernel.SOL_PACKET, kernel.PACKET_RX_RING, request)
        self._memory = mmap.mmap(opened.fileno(), BLOCK * self._blocks)

    def take(self) -> list[Frame]:
        """All frames of the next block; none when the kernel has not handed one over."""
        self._give_back()
        start = self._at * BLOCK
        status, count, first = _USED_BLOCK.unpack_from(self._memory, start)
        if not status & kernel.TP_STATUS_USER:
            return []
        self._in_use = True
        return self._walk(start + first, count)

    def _give_back(self) -> None:
        """Only now: while frames of it wait to be fetched, the socket is to stay readable."""
        if self._in_use:
            _STATUS.pack_into(self._memory, self._at * BLOCK + 8, 0)
            self._at = (self._at + 1) % self._blocks
            self._in_use = False

    def _walk(self, at: int, count: int) -> list[Frame]:
        memory, make, vnet = self._memory, self._arrivals.frame, self._vnet
        frames = []
        for _ in range(count):
            step, seconds, rest, captured, length, status, mac, _, control, tpid, kind = _HEADER.unpack_from(memory, at)
            begin = at + mac
            frames.append(
                make(
                    seconds * NANOSECONDS + rest,
                    memory[begin : begin + captured],
                    length,
                    kind,
                    status,
                    (control, tpid),
                    memory[begin - vnet : begin] if vnet else NOTHING_TO_DO,
                )
            )
            at += step
        return frames

    def counts(self) -> tuple[int, int, int]:
        """Frames that came, dropped ones among them; how many were; freezes. Since the last time."""
        answer = self._socket.getsockopt(kernel.SOL_PACKET, kernel.PACKET_STATISTICS, 12)
        came, dropped, freezes = struct.unpack("=III", answer)
        return came, dropped, freezes

    def close(self) -> None:
        self._memory.close()


class Queue:
    """Frames out of the socket's own queue, one call each."""

    settles_ns = 0

    def __init__(self, opened: socket.socket, arrivals: Arrivals, octets: int, vnet: bool) -> None:
        self._socket = opened
        self._arrivals = arrivals
        self._vnet = VNET.size if vnet else 0
        self._happened: OSError | None = None
        self._buffer = bytearray(MAX_CAPTURED_LENGTH + VNET.size)
        opened.setsockopt(kernel.SOL_PACKET, kernel.PACKET_AUXDATA, 1)
        opened.setsockopt(socket.SOL_SOCKET, kernel.SO_TIMESTAMPNS, 1)
        with suppress(OSError):  # as much as the system lets us have
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, octets)

    def take(self) -> list[Frame]:
        """Some that have come; OSError when something has happened, after what came before it was handed over."""
        if self._happened is not None:
            happened, self._happened = self._happened, None
            raise happened
        frames: list[Frame] = []
        try:
            while len(frames) < CALLS:
                frames.append(self._one())
        except BlockingIOError:
            pass
        except OSError as happened:
            if not frames:
                raise
            self._happened = happened
        return frames

    def _one(self) -> Frame:
        count, said, _, (_, _, kind, _, _) = self._socket.recvmsg_into(
            [self._buffer], socket.CMSG_SPACE(_AUXDATA.size) + socket.CMSG_SPACE(_TIME.size)
        )
        by_kind = {kind_of: octets for _, kind_of, octets in said}
        status, length, _, control, tpid = _AUXDATA.unpack(by_kind[kernel.PACKET_AUXDATA][: _AUXDATA.size])
        seconds, rest = _TIME.unpack(by_kind[kernel.SO_TIMESTAMPNS][: _TIME.size])
        vnet = bytes(self._buffer[: self._vnet]) if self._vnet else NOTHING_TO_DO
        octets = bytes(memoryview(self._buffer)[self._vnet : count])
        return self._arrivals.frame(seconds * NANOSECONDS + rest, octets, length, kind, status, (control, tpid), vnet)

    def counts(self) -> tuple[int, int, int]:
        """As of `Ring`; nothing freezes here."""
        came, dropped = struct.unpack("=II", self._socket.getsockopt(kernel.SOL_PACKET, kernel.PACKET_STATISTICS, 8))
        return came, dropped, 0

    def close(self) -> None:
        pass
