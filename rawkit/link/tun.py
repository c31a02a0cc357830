"""A TUN or TAP interface: the kernel routes packets (or bridges frames) to this program."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import struct
from contextlib import suppress

from rawkit.capture.frame import Frame
from rawkit.capture.lengths import MAX_CAPTURED_LENGTH
from rawkit.capture.linktypes import LinkType
from rawkit.capture.offload import Offload
from rawkit.link import kernel
from rawkit.link.end import End
from rawkit.link.errors import (
    FrameTooLong,
    FrameTooShort,
    InterfaceDown,
    InterfaceGone,
    LinkEnded,
    LinkError,
    NotPermitted,
    SendFailed,
)
from rawkit.link.interface import OnInterface
from rawkit.link.link import Statistics, described, made_frame, refuse_unfinished

DEVICE = "/dev/net/tun"
CALLS = 64
"""Frames fetched before somebody else has his turn."""


class TunLink(End):
    """An interface that is made for this link and goes when it is closed; IP packets, or Ethernet frames with `tap`.

    Many systems let only root do so (the file's mode, CAP_NET_ADMIN): then NotPermitted says it, and a `PacketLink` on
    a veth does as much. The interface has no address and is down: that is for whoever made the network. Times are
    those of fetching.
    """

    def __init__(self, name: str = "", *, tap: bool = False) -> None:
        super().__init__()
        self.name = name or ("tap" if tap else "tun")
        self._received = self._sent = self._failed = 0
        self._descriptor = _opened(self.name)
        try:
            flags = (kernel.IFF_TAP if tap else kernel.IFF_TUN) | kernel.IFF_NO_PI
            self.name = self._attach(name, flags)
            self.medium = LinkType(1 if tap else 101)
            self._interface = described(self.medium, self.name)
            self._asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._on = OnInterface(self._asked, self.name)
        except BaseException:
            os.close(self._descriptor)
            raise

    def _attach(self, name: str, flags: int) -> str:
        """Make the interface; the name that the kernel gave it."""
        try:
            answer = fcntl.ioctl(self._descriptor, kernel.TUNSETIFF, struct.pack("16sH22x", name.encode()[:15], flags))
        except PermissionError as error:
            raise NotPermitted.lacking(f"{self.name}: a TUN interface", "CAP_NET_ADMIN", error.errno) from error
        except OSError as error:
            why = "in use by another program, or not a TUN interface" if error.errno == errno.EBUSY else error.strerror
            raise LinkError(f"{self.name}: {why}") from error
        return answer[: kernel.IFNAMSIZ].rstrip(b"\0").decode()

    @property
    def mtu(self) -> int:
        self._check_open()
        return self._on.mtu

    def fileno(self) -> int:
        return self._descriptor

    def _take(self) -> list[Frame]:
        frames: list[Frame] = []
        try:
            while len(frames) < CALLS:
                octets = os.read(self._descriptor, MAX_CAPTURED_LENGTH)
                self._received += 1
                frames.append(made_frame(self._received, self.clock.time_ns(), octets, self._interface, "in"))
        except BlockingIOError:
            pass
        except OSError as error:
            if not frames:
                raise self._in_words(error.errno or 0, 0) from error
        return frames

    def put(self, octets: bytes, offload: Offload | None = None) -> None:
        self._check_open()
        refuse_unfinished(self.name, offload)
        try:
            if len(octets) > self._on.mtu + (14 if self.medium == 1 else 0):
                raise FrameTooLong(self.name, len(octets), self._on.mtu)  # the kernel would take it
            os.write(self._descriptor, octets)
        except LinkError:
            self._failed += 1
            raise
        except OSError as error:
            self._failed += 1
            raise self._in_words(error.errno or 0, len(octets)) from error
        self._sent += 1

    def _in_words(self, number: int, size: int) -> LinkError:
        if not self._on.is_there():
            return InterfaceGone(self.name)
        if number in (errno.EIO, errno.ENETDOWN):
            return InterfaceDown(self.name)
        if number == errno.EINVAL and size < (14 if self.medium == 1 else 20):
            return FrameTooShort(self.name, size)
        if number == errno.EBADF:
            return LinkEnded(f"{self.name}: the link is closed")
        return SendFailed(self.name, size, number)

    @property
    def statistics(self) -> Statistics:
        return Statistics(received=self._received, sent=self._sent, failed=self._failed)

    def _release(self) -> None:
        with suppress(OSError):
            os.close(self._descriptor)
        self._descriptor = -1
        self._asked.close()


def _opened(name: str) -> int:
    try:
        return os.open(DEVICE, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise LinkError(f"{name}: this system has no {DEVICE}: use a packet socket on a veth") from error
    except PermissionError as error:
        text = f"{name}: this user may not open {DEVICE} (ls -l {DEVICE}): use a packet socket on a veth, or sudo"
        raise NotPermitted(text, errno.EACCES) from error
