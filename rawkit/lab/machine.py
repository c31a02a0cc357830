"""What this machine allows to this user, found out by trying, and how to allow the rest.

What is tried is tried in a network of one's own, or goes no further than opening a socket: no frame is sent or seen.
"""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rawkit.lab.forbidden import NoNamespaces
from rawkit.lab.host import SOL_PACKET, Host
from rawkit.lab.network import Network

PACKET_RX_RING, PACKET_VERSION, PACKET_VNET_HDR, TPACKET_V3 = 5, 10, 15, 2  # linux/if_packet.h
RING = struct.pack("=7I", 1 << 18, 4, 2048, (1 << 18) // 2048 * 4, 20, 0, 0)
"""struct tpacket_req3: four blocks of 256 KB, frames of 2,048 octets, a block handed over after 20 ms."""

TRACED = "import ctypes, sys; sys.exit(ctypes.CDLL(None).ptrace(0, 0, 0, 0) != 0)"
"""A program that asks to be traced by its parent: PTRACE_TRACEME of sys/ptrace.h."""

SYSCTLS = {
    "user/max_user_namespaces": "networks of one's own, for ordinary users",
    "kernel/unprivileged_userns_clone": "the same, on Debian's kernels",
    "kernel/apparmor_restrict_unprivileged_userns": "the same, on Ubuntu's kernels: 1 forbids them",
    "kernel/yama/ptrace_scope": "0 and 1 let a program trace what it starts, 2 only root, 3 nobody",
    "net/core/rmem_max": "octets that a socket without a ring may have waiting",
    "net/ipv4/ping_group_range": "groups whose programs may send echo requests without a raw socket",
}


@dataclass(frozen=True)
class Finding:
    """One thing that rawkit may need; `allowed` is None where there is only something to know."""

    name: str
    allowed: bool | None
    found: str
    how: str = ""
    """What would allow it."""


def findings() -> Iterator[Finding]:
    """One after another, as they are found."""
    yield raw("packet sockets", "on this machine's own interfaces", socket.AF_PACKET, socket.SOCK_RAW, 0)
    yield raw(
        "raw IP sockets", "on this machine's own interfaces", socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP
    )
    try:
        with Network() as net:
            a, b = net.host("a"), net.host("b")
            net.link(a, b, offloads=True)
            who = "root" if os.geteuid() == 0 else "an ordinary user"
            yield Finding("namespaces", True, f"networks of one's own work, for {who}")
            for name, what, attempt in IN_A_NETWORK:
                yield tried(name, what, attempt, a)
    except NoNamespaces as error:
        yield Finding("namespaces", False, error.why, error.how)
        for name, what, _ in IN_A_NETWORK:
            yield Finding(name, False, f"{what}: not tried without namespaces", "allow namespaces")
    yield tun()
    yield tracing()
    for name, meaning in SYSCTLS.items():
        with suppress(OSError):  # this kernel has none of that name
            value = " ".join((Path("/proc/sys") / name).read_text().split())
            yield Finding(name.replace("/", "."), None, f"{value} ({meaning})")


def raw(name: str, where: str, family: int, kind: int, protocol: int) -> Finding:
    """Whether this user may open such a socket; with protocol 0 a packet socket receives nothing."""
    try:
        socket.socket(family, kind, protocol).close()
    except OSError as error:
        how = f"sudo, or setcap cap_net_raw+ep {os.path.realpath(sys.executable)}, or a network of one's own"
        return Finding(name, False, f"{where}: {error.strerror}", how)
    return Finding(name, True, where)


def tried(name: str, what: str, attempt: Callable[[Host], object], host: Host) -> Finding:
    try:
        attempt(host)
    except OSError as error:
        return Finding(name, False, f"{what}: {error.strerror}", "a kernel that has it")
    return Finding(name, True, what)


def open_packet_socket(host: Host) -> None:
    host.packet_socket("eth0").close()


def map_ring(host: Host) -> None:
    with host.packet_socket("eth0") as opened:
        opened.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V3)
        opened.setsockopt(SOL_PACKET, PACKET_RX_RING, RING)


def take_offloads(host: Host) -> None:
    with host.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as opened:
        opened.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)


def switch_offloads(host: Host) -> None:
    host.set_offloads("eth0", False)


IN_A_NETWORK: tuple[tuple[str, str, Callable[[Host], object]], ...] = (
    ("packet sockets there", "in a network of one's own", open_packet_socket),
    ("ring", "frames by memory that the kernel shares (TPACKET_V3)", map_ring),
    ("super-segments", "frames that the kernel is to cut, and partial checksums (PACKET_VNET_HDR)", take_offloads),
    ("offloads", "a card's help can be switched off, so that frames are as on a wire", switch_offloads),
)


def tun() -> Finding:
    """Opening the device makes no interface."""
    device = "/dev/net/tun"
    try:
        os.close(os.open(device, os.O_RDWR | os.O_CLOEXEC))
    except FileNotFoundError:
        return Finding("tun", False, f"there is no {device}", "modprobe tun; in a container --device /dev/net/tun")
    except OSError as error:
        return Finding(
            "tun", False, f"{device}: {error.strerror}", f"sudo, or chmod 0666 {device}; nothing depends on it"
        )
    return Finding("tun", True, device)


def tracing() -> Finding:
    """A child of ours asks to be traced."""
    how = "sysctl -w kernel.yama.ptrace_scope=1; in a container --cap-add SYS_PTRACE, or another seccomp profile"
    child = [sys.executable, "-I", "-S", "-c", TRACED]
    if subprocess.run(child, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode != 0:
        return Finding("ptrace", False, "a program may not trace what it starts", how)
    return Finding("ptrace", True, "a program may trace what it starts")
