"""Hosts for these tests: network namespaces in which sockets are opened, by the one process that made them."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import time
from itertools import count
from pathlib import Path
from types import TracebackType

from pyroute2 import IPRoute

NEW_USER, NEW_NET = 0x10000000, 0x40000000  # CLONE_NEW... of linux/sched.h
SIOCETHTOOL = 0x8946  # linux/sockios.h
ETHTOOL_SET = (0x17, 0x1F, 0x24, 0x2C)  # linux/ethtool.h: transmit checksum, TCP segmentation, segmentation, merging
NO_ADDRESS_CHECK = 0x02  # IFA_F_NODAD of linux/if_addr.h
FOR_GOOD = 0x80  # NUD_PERMANENT of linux/neighbour.h
LONGEST_SECONDS = 10.0

IPV6_SILENT = {"addr_gen_mode": 1, "accept_dad": 0, "accept_ra": 0, "autoconf": 0, "router_solicitations": 0}

_libc = ctypes.CDLL(None, use_errno=True)
_numbers = count(
    1_000
)  # of interfaces: where both ends of a cable have the same one, it takes the kernel 0.7 s to be up


def _succeed(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def leave_the_network() -> None:
    """Put this process into an empty network for good; an ordinary user becomes root of a user namespace."""
    user, group = os.geteuid(), os.getegid()
    _succeed(_libc.unshare(NEW_NET if user == 0 else NEW_NET | NEW_USER))
    if user:
        Path("/proc/self/setgroups").write_text("deny")  # before gid_map: user_namespaces(7)
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")


class Host:
    """One network namespace. `with host:` this thread is in it; a socket that is opened there stays there."""

    def __init__(self, ipv6: bool = False) -> None:
        self._came_from: list[int] = []
        here = _namespace()
        _succeed(_libc.unshare(NEW_NET))
        self._namespace = _namespace()
        _enter(here)
        os.close(here)
        for setting, value in IPV6_SILENT.items() if ipv6 else [("disable_ipv6", 1)]:
            with self:
                Path("/proc/sys/net/ipv6/conf/default", setting).write_text(str(value))
        self.link("lo", up=True)

    def __enter__(self) -> Host:
        self._came_from.append(_namespace())
        _enter(self._namespace)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        back = self._came_from.pop()
        _enter(back)
        os.close(back)

    @property
    def descriptor(self) -> int:
        """Of the namespace."""
        return self._namespace

    def socket(self, family: int, kind: int, protocol: int = 0) -> socket.socket:
        with self:
            opened = socket.socket(family, kind, protocol)
        opened.settimeout(LONGEST_SECONDS)
        return opened

    def link(self, interface: str, up: bool | None = None, **changes: object) -> None:
        """Change an interface: `up=True`, `address="02:…"` (its MAC), `mtu=1500`."""
        if up is not None:
            changes["state"] = "up" if up else "down"
        with self, IPRoute() as routes:
            routes.link("set", index=socket.if_nametoindex(interface), **changes)

    def device(self, name: str, kind: str) -> None:
        with self, IPRoute() as routes:
            routes.link("add", ifname=name, kind=kind)

    def delete(self, interface: str) -> None:
        with self, IPRoute() as routes:
            routes.link("del", index=socket.if_nametoindex(interface))

    def address(self, interface: str, address: str, prefix_length: int) -> None:
        flags = {"flags": NO_ADDRESS_CHECK} if ":" in address else {}
        with self, IPRoute() as routes:
            index = socket.if_nametoindex(interface)
            routes.addr("add", index=index, address=address, prefixlen=prefix_length, **flags)

    def neighbour(self, address: str, mac: str, interface: str = "eth0") -> None:
        """Known for good, so that nobody is asked for it."""
        with self, IPRoute() as routes:
            index = socket.if_nametoindex(interface)
            routes.neigh("add", ifindex=index, dst=address, lladdr=mac, state=FOR_GOOD)

    def no_offload(self, interface: str) -> None:
        """The kernel finishes every checksum and cuts every segment itself: frames are as on a real wire."""
        with self.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            for command in ETHTOOL_SET:
                value = ctypes.create_string_buffer(struct.pack("=II", command, 0))
                request = struct.pack("16sP8x", interface.encode(), ctypes.addressof(value))
                fcntl.ioctl(control, SIOCETHTOOL, request)

    def until_up(self) -> None:
        """Until the kernel has noticed of every cable that both its ends are up: what is sent before is lost."""
        deadline = time.monotonic() + LONGEST_SECONDS
        with self, IPRoute() as routes:
            while {link.get_attr("IFLA_OPERSTATE") for link in routes.get_links()} - {"UP", "UNKNOWN"}:
                if time.monotonic() > deadline:
                    raise TimeoutError("an interface does not come up")
                time.sleep(0.002)


def join(one: Host, its_interface: str, other: Host, others_interface: str, offload: bool = False) -> None:
    """A cable (a veth pair) between two hosts."""
    with one, IPRoute() as routes:
        peer = {"ifname": others_interface, "net_ns_fd": other.descriptor}
        routes.link("add", ifname=its_interface, kind="veth", index=next(_numbers), peer=peer)
    if not offload:
        one.no_offload(its_interface)
        other.no_offload(others_interface)


def number(host: Host, suffix: int, ipv6: bool = False, interface: str = "eth0") -> None:
    """The host's MAC and addresses, and up: 02:00:00:00:00:01, 10.0.0.1, and fd00::1 with IPv6."""
    host.link(interface, address=f"02:00:00:00:00:{suffix:02x}", up=True)
    host.address(interface, f"10.0.0.{suffix}", 24)
    if ipv6:
        host.address(interface, f"fd00::{suffix}", 64)


def _namespace() -> int:
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _enter(namespace: int) -> None:
    _succeed(_libc.setns(namespace, NEW_NET))
