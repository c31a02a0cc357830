"""Hosts in network namespaces of our own, and a recorder on their wire: what `make_captures` needs, and no more.

One process plays every host: a namespace is entered only to open a socket, and the socket stays there. Nothing is
joined to the machine's own network, so no octet can leave. As an ordinary user a user namespace is made first.
"""

import ctypes
import fcntl
import os
import select
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from pyroute2 import IPRoute

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000  # linux/sched.h
ETH_P_ALL = 3  # linux/if_ether.h
SOL_PACKET, PACKET_STATISTICS, PACKET_IGNORE_OUTGOING = 263, 6, 23  # linux/socket.h, linux/if_packet.h
SO_TIMESTAMPNS = 35  # asm-generic/socket.h; the control message has the same number
SIOCETHTOOL = 0x8946  # linux/sockios.h
ETHTOOL_SET = {"transmit checksum": 0x17, "TCP segmentation": 0x1F, "segmentation": 0x24, "receive merging": 0x2C}

QUIET_SECONDS = 0.3  # a wire that was silent for so long has nothing more to say (delayed ACKs take 0.04)
LONGEST_SECONDS = 10.0  # and a recording that is not quiet by then has gone wrong

_libc = ctypes.CDLL(None, use_errno=True)


def _succeed(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def leave_the_network() -> None:
    """Put this process into an empty network namespace for good; an ordinary user becomes root of a user namespace."""
    user, group = os.geteuid(), os.getegid()
    flags = CLONE_NEWNET if user == 0 else CLONE_NEWNET | CLONE_NEWUSER
    _succeed(_libc.unshare(flags), "unshare (are user namespaces allowed? kernel.unprivileged_userns_clone)")
    if user:
        Path("/proc/self/setgroups").write_text("deny")  # before gid_map, or the kernel refuses: user_namespaces(7)
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One frame as the recorder saw it; time in nanoseconds since 1970."""

    time_ns: int
    octets: bytes


class Host:
    """One network namespace. `with host:` acts inside it; `host.socket(...)` opens a socket that stays in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._came_from: list[int] = []
        here = _namespace()
        _succeed(_libc.unshare(CLONE_NEWNET), "unshare a network namespace")
        self.namespace = _namespace()
        _enter(here)
        os.close(here)
        self.link("lo", up=True)

    def __enter__(self) -> "Host":
        self._came_from.append(_namespace())
        _enter(self.namespace)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        back = self._came_from.pop()
        _enter(back)
        os.close(back)

    def socket(self, family: int, kind: int, protocol: int = 0) -> socket.socket:
        """A socket of this host, which gives up after some seconds instead of waiting for ever."""
        with self:
            opened = socket.socket(family, kind, protocol)
        opened.settimeout(LONGEST_SECONDS)
        return opened

    def sysctl(self, name: str, value: int | str) -> None:
        """`sysctl("ipv4/tcp_timestamps", 0)`: /proc/sys/net shows the namespace of whoever opens it."""
        with self:
            Path("/proc/sys/net", name).write_text(str(value))

    def link(self, interface: str, **changes: object) -> None:
        """Change an interface: `up=True`, `address="02:…"` (its MAC), `mtu=1500`."""
        state = {"state": "up"} if changes.pop("up", False) else {}
        with self, IPRoute() as routes:
            routes.link("set", index=routes.link_lookup(ifname=interface)[0], **state, **changes)

    def address(self, interface: str, address: str, prefix_length: int) -> None:
        """Give an interface an address; an IPv6 one without asking whether anybody has it already (no DAD)."""
        flags = {"flags": 0x02} if ":" in address else {}  # IFA_F_NODAD
        with self, IPRoute() as routes:
            index = routes.link_lookup(ifname=interface)[0]
            routes.addr("add", index=index, address=address, prefixlen=prefix_length, **flags)

    def no_offload(self, interface: str) -> None:
        """Make the kernel finish every checksum and cut every segment itself, so that frames are as on a real wire."""
        with self.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            for command in ETHTOOL_SET.values():
                value = ctypes.create_string_buffer(struct.pack("=II", command, 0))
                request = struct.pack("16sP8x", interface.encode(), ctypes.addressof(value))
                fcntl.ioctl(control, SIOCETHTOOL, request)

    def close(self) -> None:
        """Forget the namespace; the kernel removes it with its last socket."""
        os.close(self.namespace)


def _namespace() -> int:
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _enter(namespace: int) -> None:
    _succeed(_libc.setns(namespace, CLONE_NEWNET), "setns")


@dataclass(frozen=True)
class Network:
    """Who plays: a client, a server and the address it is reached at. The recorder sits on the client's `interface`."""

    client: Host
    server: Host
    address: str
    interface: str = "eth0"
    between: "HeldWire | None" = None

    @property
    def family(self) -> socket.AddressFamily:
        """Of `address`."""
        return socket.AF_INET6 if ":" in self.address else socket.AF_INET

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing arrives at either side until the block ends."""
        if self.between is None:
            raise ValueError("this wire cannot be held; use two_hosts_apart()")
        with self.between.may_pass:
            yield

    def __enter__(self) -> "Network":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.between:
            self.between.close()
        for host in {self.client, self.server}:
            host.close()


def one_host() -> Network:
    """Both ends on 127.0.0.1."""
    host = _host("alone", ipv6=False)
    return Network(host, host, "127.0.0.1", interface="lo")


def two_hosts(ipv6: bool = False) -> Network:
    """A client (10.0.0.1, fd00::1) and a server (.2, ::2) on one Ethernet, each on its `eth0`, silent until used."""
    client, server = _host("client", ipv6), _host("server", ipv6)
    _join(client, "eth0", server, "eth0")
    _number(client, 1, ipv6)
    _number(server, 2, ipv6)
    return Network(client, server, "fd00::2" if ipv6 else "10.0.0.2")


def two_hosts_with_ipv6() -> Network:
    """The same, meant to speak IPv6."""
    return two_hosts(ipv6=True)


def two_hosts_apart() -> Network:
    """The same two hosts, with a wire between them that can be held."""
    client, server, middle = (_host(name, ipv6=False) for name in ("client", "server", "middle"))
    _join(client, "eth0", middle, "left")
    _join(server, "eth0", middle, "right")
    _number(client, 1, ipv6=False)
    _number(server, 2, ipv6=False)
    between = HeldWire(middle, "left", "right")
    middle.close()
    return Network(client, server, "10.0.0.2", between=between)


def _host(name: str, ipv6: bool) -> Host:
    """No link-local address, no duplicate address detection, no router solicitation; or no IPv6 at all."""
    host = Host(name)
    silent = {"addr_gen_mode": 1, "accept_dad": 0, "accept_ra": 0, "autoconf": 0, "router_solicitations": 0}
    for setting, value in silent.items() if ipv6 else {"disable_ipv6": 1}.items():
        host.sysctl(f"ipv6/conf/default/{setting}", value)
    return host


def _join(one: Host, its_interface: str, other: Host, others_interface: str) -> None:
    with one, IPRoute() as routes:
        peer = {"ifname": others_interface, "net_ns_fd": other.namespace}
        routes.link("add", ifname=its_interface, kind="veth", peer=peer)
    one.no_offload(its_interface)
    other.no_offload(others_interface)


def _number(host: Host, number: int, ipv6: bool) -> None:
    host.link("eth0", address=f"02:00:00:00:00:0{number}", up=True)
    host.address("eth0", f"10.0.0.{number}", 24)
    if ipv6:
        host.address("eth0", f"fd00::{number}", 64)


class HeldWire:
    """Passes frames between two interfaces of a host in the middle, while nobody else has `may_pass`."""

    def __init__(self, middle: Host, *interfaces: str) -> None:
        self._ends = [middle.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) for _ in interfaces]
        for end, interface in zip(self._ends, interfaces, strict=True):
            middle.link(interface, up=True)
            end.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
            end.bind((interface, ETH_P_ALL))
        self.may_pass = threading.Lock()  # whoever has it holds the wire
        self._cut = threading.Event()
        self._carrier = threading.Thread(target=self._carry)
        self._carrier.start()

    def _carry(self) -> None:
        left, right = self._ends
        while not self._cut.is_set():
            for end in select.select(self._ends, [], [], 0.05)[0]:
                with self.may_pass:
                    (right if end is left else left).send(end.recv(0x10000))

    def close(self) -> None:
        """Stop carrying."""
        self._cut.set()
        self._carrier.join()
        for end in self._ends:
            end.close()


class Recorder:
    """A packet socket on one interface of a host. It records from the moment it is made; `frames()` ends it."""

    def __init__(self, host: Host, interface: str = "eth0") -> None:
        self._socket = host.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        if interface == "lo":  # every packet passes twice, out and in: keep the one that came in
            self._socket.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        self._socket.bind((interface, ETH_P_ALL))

    def frames(self) -> list[Recorded]:
        """Everything since the start, once the wire is quiet."""
        recorded: list[Recorded] = []
        deadline = time.monotonic() + LONGEST_SECONDS
        with self._socket:
            while select.select([self._socket], [], [], QUIET_SECONDS)[0]:
                octets, control, _, _ = self._socket.recvmsg(0x10000, socket.CMSG_SPACE(16))
                seconds, nanoseconds = struct.unpack("qq", control[0][2])
                recorded.append(Recorded(seconds * 1_000_000_000 + nanoseconds, octets))
                if time.monotonic() > deadline:
                    raise TimeoutError(f"the wire is not quiet after {LONGEST_SECONDS} s")
            _, dropped = struct.unpack("=II", self._socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        if dropped:
            raise OSError(f"the recorder lost {dropped} frames: record less, or enlarge its buffer")
        return [frame for frame in recorded if not is_multicast_chatter(frame.octets)]


def is_multicast_chatter(octets: bytes) -> bool:
    """An IPv6 host's reports of its multicast groups (MLDv2, RFC 3810), sent when an address is set, by no program."""
    is_ipv6_hop_by_hop = octets[12:14] == b"\x86\xdd" and octets[20:21] == b"\x00"
    return is_ipv6_hop_by_hop and octets[62:63] == b"\x8f"  # after an 8-octet router alert: ICMPv6 type 143
