"""One host: a network namespace, its interfaces, addresses, routes and settings."""

import ctypes
import fcntl
import os
import socket
import struct
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from pyroute2 import IPRoute

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000  # linux/sched.h
SIOCETHTOOL = 0x8946  # linux/sockios.h
ETHTOOL_SET = {"transmit checksum": 0x17, "TCP segmentation": 0x1F, "segmentation": 0x24, "receive merging": 0x2C}
IFF_UP = 0x01  # linux/if.h
IFA_F_NODAD = 0x02  # linux/if_addr.h
NUD_PERMANENT = 0x80  # linux/neighbour.h

LONGEST_SECONDS = 10.0  # whatever has not happened by then has gone wrong

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


CONGESTION_CONTROL = "reno"  # every kernel has it, and it does not pace what it sends

WITHOUT_IPV6 = {"disable_ipv6": 1}
SILENT_IPV6 = {
    "addr_gen_mode": 1,
    "accept_dad": 0,
    "accept_ra": 0,
    "autoconf": 0,
    "router_solicitations": 0,
    "mldv2_unsolicited_report_interval": 10,
}
"""No link-local address, no duplicate address detection, no router solicitation; memberships within milliseconds."""


class Host:
    """One network namespace. `with host:` acts inside it; `host.socket(...)` opens a socket that stays in it."""

    def __init__(self, name: str, ipv6: bool = False) -> None:
        self.name = name
        self._came_from: list[int] = []
        here = _namespace()
        _succeed(_libc.unshare(CLONE_NEWNET), "unshare a network namespace")
        self.namespace = _namespace()
        _enter(here)
        os.close(here)
        self.sysctl("ipv4/tcp_congestion_control", CONGESTION_CONTROL)
        for setting, value in (SILENT_IPV6 if ipv6 else WITHOUT_IPV6).items():
            self.sysctl(f"ipv6/conf/default/{setting}", value)
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

    def index(self, interface: str) -> int:
        """The kernel's number of an interface."""
        with self:
            return socket.if_nametoindex(interface)

    def link(self, interface: str, **changes: object) -> None:
        """Change an interface: `up=True`, `address="02:…"` (its MAC), `mtu=1500`, `master="bridge"`."""
        state = {"state": "up"} if changes.pop("up", False) else {}
        with self, IPRoute() as routes:
            if "master" in changes:
                changes["master"] = socket.if_nametoindex(str(changes["master"]))
            routes.link("set", index=socket.if_nametoindex(interface), **state, **changes)

    def until_up(self) -> None:
        """Wait for every cable: until the kernel has noticed that both ends are up (up to a second), it loses all."""
        deadline = time.monotonic() + LONGEST_SECONDS
        with self, IPRoute() as routes:
            while any(link["flags"] & IFF_UP and is_dead_cable(link) for link in routes.get_links()):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"an interface of {self.name} does not come up")
                time.sleep(0.005)

    def device(self, name: str, kind: str, **settings: object) -> None:
        """Make an interface of a kind that the kernel plays: `device("br0", "bridge")`."""
        with self, IPRoute() as routes:
            routes.link("add", ifname=name, kind=kind, **settings)

    def address(self, interface: str, address: str, prefix_length: int) -> None:
        """Give an interface an address; an IPv6 one without asking whether anybody has it already (no DAD)."""
        flags = {"flags": IFA_F_NODAD} if ":" in address else {}
        with self, IPRoute() as routes:
            index = socket.if_nametoindex(interface)
            routes.addr("add", index=index, address=address, prefixlen=prefix_length, **flags)

    def route(self, router: str) -> None:
        """Send to a router whatever is not for this link."""
        family = socket.AF_INET6 if ":" in router else socket.AF_INET
        with self, IPRoute() as routes:
            routes.route("add", family=family, dst="default", gateway=router)

    def route_by_segments(self, address: str, segment: str, source: str) -> None:
        """Send what is for an IPv4 address inside of IPv6, with a segment routing header (RFC 8754), to this host."""
        with self, IPRoute() as routes:
            how = {"type": "seg6", "mode": "encap", "segs": segment}
            link = socket.if_nametoindex("eth0")
            routes.route("add", dst=f"{address}/32", oif=link, prefsrc=source, encap=how)

    def neighbour(self, address: str, mac: str, interface: str = "eth0") -> None:
        """Know a neighbour's MAC for good, so that nobody is asked for it."""
        with self, IPRoute() as routes:
            index = socket.if_nametoindex(interface)
            routes.neigh("add", ifindex=index, dst=address, lladdr=mac, state=NUD_PERMANENT)

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


def join(one: Host, its_interface: str, other: Host, others_interface: str, offload: bool = False) -> None:
    """A cable (a veth pair) between two hosts."""
    with one, IPRoute() as routes:
        peer = {"ifname": others_interface, "net_ns_fd": other.namespace}
        routes.link("add", ifname=its_interface, kind="veth", peer=peer)
    if not offload:
        one.no_offload(its_interface)
        other.no_offload(others_interface)


def is_dead_cable(link: Any) -> bool:
    """Whether netlink says of an interface that it is a veth and not in operation (RFC 2863's states)."""
    kind = link.get_attr("IFLA_LINKINFO")
    is_cable = kind is not None and kind.get_attr("IFLA_INFO_KIND") == "veth"
    return is_cable and link.get_attr("IFLA_OPERSTATE") != "UP"


def _namespace() -> int:
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _enter(namespace: int) -> None:
    _succeed(_libc.setns(namespace, CLONE_NEWNET), "setns")
