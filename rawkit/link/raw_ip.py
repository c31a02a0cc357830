"""IP as a link: a raw socket (raw(7)), which the kernel routes and we write the headers for."""

from __future__ import annotations

import errno
import socket
import struct

from rawkit.capture.frame import Frame
from rawkit.capture.lengths import MAX_CAPTURED_LENGTH
from rawkit.capture.linktypes import LinkType
from rawkit.capture.offload import Offload
from rawkit.clock import NANOSECONDS
from rawkit.errors import FieldError
from rawkit.filter.instructions import Program
from rawkit.link import kernel, program
from rawkit.link.batch import FULL, PATIENCE_S, Queued
from rawkit.link.end import End
from rawkit.link.errors import (
    FrameTooLong,
    FrameTooShort,
    InterfaceDown,
    LinkEnded,
    LinkError,
    NotPermitted,
    QueueFull,
    SendFailed,
)
from rawkit.link.link import Statistics, described, made_frame, refuse_unfinished
from rawkit.protocols.ipv6 import IPv6

CALLS = 64
"""Packets fetched before somebody else has his turn."""

IPPROTO_RAW = 255
"""The protocol of a socket that only sends."""

_SEEN_OF_IPV6 = (
    (socket.IPV6_RECVPKTINFO, 1),
    (socket.IPV6_RECVHOPLIMIT, 1),
    (kernel.IPV6_FLOWINFO, 1),
)
_TIME = struct.Struct("@qq")
_CONTROL = sum(map(socket.CMSG_SPACE, (_TIME.size, 20, 4, 4)))


class RawIPLink(End):
    """IP packets of one protocol, headers included; needs CAP_NET_RAW. The kernel chooses the way and the next hop.

    What is sent goes out as it is, with raw(7)'s exceptions of IPv4: the kernel fills in the header's checksum and the
    total length always, the source and the identification where they are 0. `protocol` says which packets come (6 TCP,
    17 UDP, 1 ICMP; 255: none). They come whole: the kernel puts fragments together before.

    Of IPv6 the kernel hands over no header, but says what stood in it: the one that comes with the packet is put
    together from that. Extension headers are not told, so there are none in it. `filter` judges what the kernel hands
    over: IPv4 from its header on, IPv6 from what follows the header.
    """

    def __init__(
        self,
        protocol: int,
        *,
        version: int = 4,
        filter: Program | None = None,  # noqa: A002 # the word that everybody knows
        opened: socket.socket | None = None,
    ) -> None:
        """`opened`: a raw socket of that version and protocol, to be used and closed instead of a new one."""
        super().__init__()
        if version not in (4, 6):
            raise FieldError(f"version: {version!r}; 4 or 6")
        if not 0 < protocol <= IPPROTO_RAW:
            raise FieldError(f"protocol: {protocol!r}; 1 to 255, such as 17 for UDP")
        self.name = f"raw IPv{version}"
        self.medium = LinkType(228 if version == 4 else 229)
        self._version = version
        self._protocol = protocol
        self._interface = described(self.medium, self.name)
        self._received = self._sent = self._failed = 0
        self._buffer = bytearray(MAX_CAPTURED_LENGTH)
        self._socket = opened or _raw_socket(version, protocol)
        try:
            self._prepare(filter)
        except BaseException:
            self.close()
            raise

    def _prepare(self, filter_: Program | None) -> None:
        self._socket.setblocking(False)
        if filter_ is not None:
            program.attach(self._socket, filter_)
        self._socket.setsockopt(socket.SOL_SOCKET, kernel.SO_TIMESTAMPNS, 1)
        if self._version == 4:
            self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 1)
            return
        self._socket.setsockopt(socket.IPPROTO_IPV6, kernel.IPV6_HDRINCL, 1)
        for option, value in _SEEN_OF_IPV6:
            self._socket.setsockopt(socket.IPPROTO_IPV6, option, value)

    @property
    def mtu(self) -> int | None:
        """That of the way, which depends on where a packet goes: not known beforehand."""
        return None

    def fileno(self) -> int:
        return self._socket.fileno()

    def _take(self) -> list[Frame]:
        frames: list[Frame] = []
        try:
            while len(frames) < CALLS:
                frames.append(self._one())
        except BlockingIOError:
            pass
        return frames

    def _one(self) -> Frame:
        count, said, _, source = self._socket.recvmsg_into([self._buffer], _CONTROL)
        told = {(level, kind): octets for level, kind, octets in said}
        seconds, rest = _TIME.unpack(told[socket.SOL_SOCKET, kernel.SO_TIMESTAMPNS])
        octets = bytes(memoryview(self._buffer)[:count])
        if self._version == 6:
            octets = self._with_header(octets, source[0], told)
        self._received += 1
        return made_frame(self._received, seconds * NANOSECONDS + rest, octets, self._interface, "in")

    def _with_header(self, payload: bytes, source: str, told: dict[tuple[int, int], bytes]) -> bytes:
        (hop_limit,) = struct.unpack("=i", told[socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT])
        flow = int.from_bytes(
            told.get((socket.IPPROTO_IPV6, kernel.IPV6_FLOWINFO), b""), "big"
        )  # not told where it is 0
        header = IPv6(
            dscp=flow >> 22 & 0x3F,
            ecn=flow >> 20 & 0x3,
            flow_label=flow & 0xFFFFF,
            next_header=self._protocol,
            hop_limit=hop_limit,
            src=source.partition("%")[0],
            dst=socket.inet_ntop(socket.AF_INET6, told[socket.IPPROTO_IPV6, socket.IPV6_PKTINFO][:16]),
        )
        return bytes(header / payload)

    def put(self, octets: bytes, offload: Offload | None = None) -> None:
        self._check_open()
        refuse_unfinished(self.name, offload)
        queued = Queued(self._socket)
        while True:
            try:
                self._socket.sendto(octets, (self._destination(octets), 0))
            except OSError as error:
                number = error.errno or 0
                if number in FULL and queued.waited(number):
                    continue
                self._failed += 1
                raise self._in_words(number, octets) from error
            except FrameTooShort:
                self._failed += 1
                raise
            self._sent += 1
            return

    def _destination(self, octets: bytes) -> str:
        """The kernel wants it besides (RFC 791 section 3.1, RFC 8200 section 3: the end of the fixed header)."""
        family, begin, end = (socket.AF_INET, 16, 20) if self._version == 4 else (socket.AF_INET6, 24, 40)
        if len(octets) < end:
            raise FrameTooShort(self.name, len(octets))
        return socket.inet_ntop(family, octets[begin:end])

    def _in_words(self, number: int, octets: bytes) -> LinkError:
        size = len(octets)
        if number == errno.EMSGSIZE:
            return FrameTooLong(self.name, size, self._path_mtu(octets))
        if number == errno.ENETDOWN:
            return InterfaceDown(self.name)
        if number in FULL:
            return QueueFull(self.name, PATIENCE_S)
        if number == errno.EBADF:
            return LinkEnded(f"{self.name}: the link is closed")
        return SendFailed(self.name, size, number, f" to {self._destination(octets)}")

    def _path_mtu(self, octets: bytes) -> int | None:
        """Of the way to where the packet was to go, as far as the kernel knows it; the IP header counts."""
        level, option = (
            (socket.IPPROTO_IP, kernel.IP_MTU) if self._version == 4 else (socket.IPPROTO_IPV6, kernel.IPV6_MTU)
        )
        try:
            with socket.socket(self._socket.family, socket.SOCK_DGRAM) as asked:
                asked.connect((self._destination(octets), 9))
                return asked.getsockopt(level, option)
        except OSError:
            return None

    @property
    def statistics(self) -> Statistics:
        """The kernel does not tell of such a socket how many packets it dropped."""
        return Statistics(received=self._received, sent=self._sent, failed=self._failed)

    def _release(self) -> None:
        self._socket.close()


def _raw_socket(version: int, protocol: int) -> socket.socket:
    try:
        return socket.socket(socket.AF_INET if version == 4 else socket.AF_INET6, socket.SOCK_RAW, protocol)
    except PermissionError as error:
        raise NotPermitted.lacking("a raw IP socket", "CAP_NET_RAW", error.errno) from error
