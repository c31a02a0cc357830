"""An interface as a link: a packet socket (packet(7)), opened once and kept."""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from rawkit.capture.frame import Frame
from rawkit.capture.offload import Offload
from rawkit.errors import FieldError
from rawkit.filter.instructions import Program
from rawkit.link import kernel, program
from rawkit.link.arrival import NOTHING_TO_DO, VNET, Arrivals, vnet_of
from rawkit.link.batch import FULL, MOST, PATIENCE_S, Batch, Queued, of_octets, of_rows
from rawkit.link.end import End
from rawkit.link.errors import (
    FrameTooLong,
    FrameTooShort,
    InterfaceDown,
    InterfaceGone,
    LinkEnded,
    LinkError,
    NotPermitted,
    QueueFull,
    SendFailed,
)
from rawkit.link.fetch import Queue, Ring
from rawkit.link.interface import OnInterface
from rawkit.link.link import Sendable, Sent, Statistics, described, parts, refuse_unfinished

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RING = 1 << 24
"""Octets: 64 blocks."""


class PacketLink(End):
    """All frames that come in on an interface, and a way to send any; needs CAP_NET_RAW.

    `ring`: octets of memory shared with the kernel, for many frames; None: call by call, which is the quicker answer
    to a single one (see `rawkit.link.fetch`). `outgoing`: also what this host sends there, with the direction "out",
    except what this link itself does; never on loopback, where every frame comes back in anyway. `filter` is a classic
    BPF program, in force before the first frame; `snaplen` keeps the beginnings of frames where there is no filter.
    `opened`: a packet socket of protocol 0, which has received nothing yet, to be used and closed instead of a new one:
    it may be of another network namespace, and the interface then is one of there.
    `offload`: super-segments come with the size of their pieces, and can be sent (PACKET_VNET_HDR). While that is on,
    the kernel drops (and counts) super-segments of SCTP.
    """

    def __init__(
        self,
        interface: str,
        *,
        ring: int | None = RING,
        filter: Program | None = None,  # noqa: A002 # the word that everybody knows
        snaplen: int = 0,
        outgoing: bool = False,
        promiscuous: bool = False,
        offload: bool = True,
        opened: socket.socket | None = None,
    ) -> None:
        super().__init__()
        self.name = interface
        if snaplen and filter is not None:
            raise FieldError("snaplen: the filter's return value says how much is kept; give one of the two")
        self._socket = opened or _packet_socket(interface)
        self._frames: Ring | Queue | None = None
        self._stopped = False
        self._trouble: LinkError | None = None
        self._came = self._dropped = self._freezes = self._sent = self._failed = 0
        try:
            self._on = OnInterface(self._socket, interface)
            self.medium = self._on.medium
            self._prepare(program.beginnings(snaplen) if snaplen else filter, outgoing, offload)
            self._frames = self._source(ring, offload, snaplen)
            if promiscuous:
                wish = struct.pack("=iHH8x", self._on.index, kernel.PACKET_MR_PROMISC, 0)
                self._socket.setsockopt(kernel.SOL_PACKET, kernel.PACKET_ADD_MEMBERSHIP, wish)
            self._socket.bind((interface, kernel.ETH_P_ALL))  # only now does anything come
        except BaseException:
            self.close()
            raise

    def _prepare(self, filter_: Program | None, outgoing: bool, offload: bool) -> None:
        self._socket.setblocking(False)
        if filter_ is not None:
            program.attach(self._socket, filter_)
        if not outgoing or self._on.is_loopback:
            self._socket.setsockopt(kernel.SOL_PACKET, kernel.PACKET_IGNORE_OUTGOING, 1)
        if offload:
            self._socket.setsockopt(kernel.SOL_PACKET, kernel.PACKET_VNET_HDR, 1)
        self._offload = offload

    def _source(self, ring: int | None, offload: bool, snaplen: int) -> Ring | Queue:
        arrivals = Arrivals(described(self.medium, self.name, snaplen))
        if ring is None:
            return Queue(self._socket, arrivals, RING, offload)
        try:
            return Ring(self._socket, arrivals, ring, offload)
        except OSError as error:
            raise LinkError(f"{self.name}: the kernel has no {ring} octets for the ring: {error.strerror}") from error

    @property
    def mtu(self) -> int:
        self._check_open()
        return self._on.mtu

    def fileno(self) -> int:
        return self._socket.fileno()

    def _take(self) -> list[Frame]:
        assert self._frames is not None
        frames = self._fetch()
        if frames:
            return frames
        self._trouble = self._trouble or self._what_happened()
        if self._trouble is None:
            return []
        self.clock.sleep_ns(self._frames.settles_ns)  # what came before it is handed over before it is told
        if frames := self._fetch():
            return frames
        trouble = self._trouble
        if isinstance(trouble, InterfaceDown):
            self._trouble = None  # told once: when the interface is up again, frames come again
        raise trouble

    def _fetch(self) -> list[Frame]:
        assert self._frames is not None
        try:
            return self._frames.take()
        except OSError as error:  # what has happened to the interface, told by a call that was to fetch a frame
            self._trouble = self._trouble or self._in_words(error.errno or 0, 0)
            return []

    def _what_happened(self) -> LinkError | None:
        if number := self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            return self._in_words(number, 0)
        return LinkEnded(f"{self.name}: the link was stopped") if self._stopped else None

    def _in_words(self, number: int, size: int) -> LinkError:
        """The error of ours for one of the system's; `size` is the frame's that was to be sent."""
        if number in (errno.ENETDOWN, errno.ENXIO, errno.ENODEV):
            return InterfaceDown(self._on.name) if self._on.is_there() else InterfaceGone(self._on.name)
        if number == errno.EMSGSIZE:
            return FrameTooLong(self._on.name, size, self._on.mtu if self._on.is_there() else None)
        if number in FULL:
            return QueueFull(self._on.name, PATIENCE_S)
        if number == errno.EINVAL and size <= 14:
            return FrameTooShort(self._on.name, size)
        if number == errno.EBADF:
            return LinkEnded(f"{self.name}: the link is closed")
        return SendFailed(self._on.name, size, number)

    def put(self, octets: bytes, offload: Offload | None = None) -> None:
        self._check_open()
        message = self._message(octets, offload)
        queued = Queued(self._socket)
        while True:
            try:
                self._socket.sendmsg(message)
            except OSError as error:
                number = error.errno or 0
                if number in FULL and queued.waited(number):
                    continue
                self._failed += 1
                raise self._in_words(number, len(octets)) from error
            self._sent += 1
            return

    def _message(self, octets: bytes, offload: Offload | None) -> list[bytes]:
        """The parts of what the kernel is given."""
        if self._offload:
            return [vnet_of(offload), octets]
        refuse_unfinished(self.name, offload)
        return [octets]

    def send_many(self, many: Iterable[Sendable] | NDArray[np.uint8]) -> Sent:
        """As every link's, with few calls; a matrix is sent as quickly as it can be."""
        self._check_open()
        told = Sent()
        for batch in self._batches(many):
            failures = batch.send(self._socket)
            told.failures += [
                (told.asked + index, errno.errorcode.get(number, str(number))) for index, number in failures
            ]
            told.asked += batch.count
            self._failed += len(failures)
            self._sent += batch.count - len(failures)
        return told

    def _batches(self, many: Iterable[Sendable] | NDArray[np.uint8]) -> Iterator[Batch]:
        if getattr(many, "ndim", 0) == 2:
            header = NOTHING_TO_DO if self._offload else b""
            rows: NDArray[np.uint8] = many  # type: ignore[assignment]
            if rows.dtype != "uint8":
                raise FieldError(f"many: a matrix of {rows.dtype}; give octets (uint8), a row a frame")
            yield from (of_rows(rows[at : at + MOST], header) for at in range(0, len(rows), MOST))
            return
        each = iter(many)
        while chunk := list(islice(each, MOST)):
            messages = [self._message(*parts(octets)) for octets in chunk]
            yield of_octets([part for message in messages for part in message], len(messages[0]))

    @property
    def statistics(self) -> Statistics:
        """The kernel's own counts, up to now (or to when the link was closed)."""
        self._count()
        return Statistics(self._came - self._dropped, self._dropped, self._freezes, self._sent, self._failed)

    def _count(self) -> None:
        """The kernel forgets what it has told."""
        if self._frames is not None and not self._released:
            came, dropped, freezes = self._frames.counts()
            self._came += came
            self._dropped += dropped
            self._freezes += freezes

    def stop(self) -> None:
        """Take in no more. What has come can still be received, and then the link ends (LinkEnded)."""
        if not self._closed:
            program.attach(self._socket, program.NOTHING)
            self._stopped = True
            self._bell.ring()

    def _release(self) -> None:
        if self._frames is not None:
            self._count()
            self._frames.close()
        self._socket.close()


def _packet_socket(interface: str) -> socket.socket:
    """One that receives nothing before it is bound. That there is no such interface is told first."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        OnInterface(asked, interface)
    try:
        return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    except PermissionError as error:
        raise NotPermitted.lacking(f"{interface}: a packet socket", "CAP_NET_RAW", error.errno) from error


assert VNET.size == 10  # linux/virtio_net.h
