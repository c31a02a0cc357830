"""What passes an interface, with the kernel's time of each frame."""

import select
import socket
import struct
import time
from dataclasses import dataclass

from rawkit.lab import Host
from rawkit.lab.host import LONGEST_SECONDS

SOL_PACKET, PACKET_STATISTICS = 263, 6  # linux/socket.h, linux/if_packet.h
SO_TIMESTAMPNS = 35  # asm-generic/socket.h; the control message has the same number

QUIET_SECONDS = 0.3  # a wire that was silent for so long has nothing more to say (delayed ACKs take 0.04)
PAUSE_SECONDS = 0.02  # that a time of arrival can be told from a time of reading


@dataclass(frozen=True, slots=True)
class Recorded:
    """One frame as the recorder saw it; time in nanoseconds since 1970."""

    time_ns: int
    octets: bytes


class Recorder:
    """Records one interface of a host from the moment it is made; `frames()` ends it.

    On "lo" every packet passes twice, out and in: the one that came in is kept.
    """

    def __init__(self, host: Host, interface: str = "eth0") -> None:
        self._socket = host.packet_socket(interface, outgoing=interface != "lo")
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        until_stamped()

    def frames(self) -> list[Recorded]:
        """Everything since the start, once the wire is quiet."""
        recorded: list[Recorded] = []
        deadline = time.monotonic() + LONGEST_SECONDS
        with self._socket:
            while select.select([self._socket], [], [], QUIET_SECONDS)[0]:
                recorded.append(stamped(self._socket))
                if time.monotonic() > deadline:
                    raise TimeoutError(f"the wire is not quiet after {LONGEST_SECONDS} s")
            _, dropped = struct.unpack("=II", self._socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        if dropped:
            raise OSError(f"the recorder lost {dropped} frames: record less, or enlarge its buffer")
        recorded.sort(key=lambda frame: frame.time_ns)  # what an arrival leads to may be told before the next arrival
        return [frame for frame in recorded if not is_of_its_own_accord(frame.octets)]


def stamped(waiting: socket.socket) -> Recorded:
    """What arrived, with the kernel's time."""
    octets, control, _, _ = waiting.recvmsg(0x20000, socket.CMSG_SPACE(16))
    seconds, nanoseconds = struct.unpack("qq", control[0][2])
    return Recorded(seconds * 1_000_000_000 + nanoseconds, octets)


def until_stamped() -> None:
    """Wait until the kernel stamps frames as they pass: it begins some time after it was asked to.

    A frame without a stamp gets one when it is read, which would be its time of departure from the recorder.
    """
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with here, there:
        there.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        deadline = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < deadline:
            here.send(b"now")
            time.sleep(PAUSE_SECONDS)
            if time.time_ns() - stamped(there).time_ns > PAUSE_SECONDS * 0.5e9:
                return
    raise TimeoutError("the kernel stamps no frames")


MLD_REPORT = 14 + 40 + 8  # where its ICMPv6 begins: after Ethernet, IPv6, and hop-by-hop options with a router alert
MLD_RECORD = 20  # octets, without sources (RFC 3810 section 5.2)
SOLICITED_NODE = bytes.fromhex("ff0200000000000000000001ff")  # RFC 4291 section 2.7.1; then the end of an address
ALL_ROUTERS = tuple(socket.inet_pton(socket.AF_INET6, f"ff0{scope}::2") for scope in (1, 2, 5))


def is_of_its_own_accord(octets: bytes) -> bool:
    """Whether an IPv6 host reports (MLDv2, type 143) nothing but groups that it is in without any program's asking."""
    report = octets[MLD_REPORT:]
    if octets[12:14] != b"\x86\xdd" or octets[20:21] != b"\x00" or report[:1] != b"\x8f":
        return False
    groups = [report[at + 4 : at + MLD_RECORD] for at in range(8, len(report), MLD_RECORD)]
    return all(group.startswith(SOLICITED_NODE) or group in ALL_ROUTERS for group in groups)
