"""One host of a network: its interfaces, addresses, routes and settings; what runs on it, and its sockets."""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EPERM
from ipaddress import ip_address, ip_interface, ip_network
from subprocess import CompletedProcess
from typing import TYPE_CHECKING, Any

from rawkit.clock import NANOSECONDS, SYSTEM, Clock
from rawkit.errors import FieldError, NotPermitted, RawkitError
from rawkit.lab import kernel, process
from rawkit.lab.keeper import Keeper

if TYPE_CHECKING:
    from rawkit.link import PacketLink

ETH_P_ALL = 3  # linux/if_ether.h
SOL_PACKET, PACKET_IGNORE_OUTGOING = 263, 23  # linux/socket.h, linux/if_packet.h
SIOCETHTOOL = 0x8946  # linux/sockios.h
OFFLOADS = {"transmit checksum": 0x17, "TCP segmentation": 0x1F, "segmentation": 0x24, "receive merging": 0x2C}
"""ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO of linux/ethtool.h."""
IFA_F_NODAD = 0x02  # linux/if_addr.h
NUD_PERMANENT = 0x80  # linux/neighbour.h

Socket = socket.socket
"""Python's own; a host's method has the same name."""

SETTING = re.compile(r"\w+(/[\w.-]*\w[\w.-]*)+")
"""Of a name below /proc/sys/net: nothing above it."""

LONGEST_SECONDS = 10.0
"""What a link of a network in one machine's memory has not done by then has gone wrong."""

LOOK_AGAIN_NS = 2_000_000

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


class NetworkError(RawkitError):
    """The kernel refuses what a network was told to be."""


@dataclass(frozen=True)
class Interface:
    """What the kernel says of one interface of a host; `addresses` are written with their prefix, "10.0.0.1/24"."""

    index: int
    """The kernel's number of it."""
    name: str
    mac: str | None
    mtu: int
    state: str
    """"UP", "DOWN", "UNKNOWN" (as of a loopback), ...: RFC 2863's states."""
    kind: str
    """"veth" for a cable, "bridge", ...; "" for what was there by itself."""
    addresses: tuple[str, ...]


class Host:
    """A host in a `rawkit.lab.Network`, which makes it. Interfaces are named, addresses are texts ("10.0.0.1/24").

    Whatever the kernel refuses is a NetworkError with the host's name and the kernel's words.
    """

    is_router = False

    def __init__(self, name: str, keeper: Keeper, number: int, ipv6: bool) -> None:
        self.name = name
        self.ipv6 = ipv6
        self.number = number
        """What the keeper knows it by."""
        self._keeper = keeper
        keeper.ask("host", name=name)
        for setting, value in (SILENT_IPV6 if ipv6 else WITHOUT_IPV6).items():
            self.sysctl(f"ipv6/conf/default/{setting}", value)
        self.change("lo", state="up")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    # What runs on it.

    def run(self, arguments: Sequence[process.Argument], **how: Any) -> CompletedProcess[Any]:
        """Run a program to its end, as `subprocess.run`: input, capture_output, text, timeout, check, env, cwd."""
        return process.run(self._keeper, self.number, arguments, **how)

    def start(self, arguments: Sequence[process.Argument], **how: Any) -> process.Process:
        """Start a program, as `subprocess.Popen`: stdin, stdout, stderr, env, cwd. It ends with the network at last."""
        return process.start(self._keeper, self.number, arguments, **how)

    def socket(self, family: int = socket.AF_INET, kind: int = socket.SOCK_STREAM, protocol: int = 0) -> Socket:
        """A socket of this host, for this process: it stays on the host wherever it is used."""
        _, (descriptor,) = self._keeper.ask("socket", host=self.number, family=family, kind=kind, protocol=protocol)
        return socket.socket(family, kind, protocol, fileno=descriptor)

    def packet_socket(self, interface: str = "eth0", outgoing: bool = True) -> Socket:
        """A packet socket on one interface: it sees every frame (those sent too, or not), and sends as it is told."""
        opened = self.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        if not outgoing:
            opened.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        opened.bind((interface, ETH_P_ALL))
        return opened

    def capture(self, interface: str = "eth0", **how: Any) -> PacketLink:
        """Every frame on one interface from now on, those that the host sends too; `how` goes to `PacketLink`."""
        from rawkit.link import PacketLink  # heavy, and not needed by those who only talk

        opened = self.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        return PacketLink(interface, opened=opened, **{"outgoing": True, **how})

    @contextmanager
    def inside(self) -> Iterator[None]:
        """This thread is on the host: for libraries that open sockets of their own.

        Only for root, or in a process that has called `rawkit.lab.become_root()`; NotPermitted for others.
        """
        _, (there,) = self._keeper.ask("namespace", host=self.number)
        here = kernel.namespace("net")
        try:
            kernel.enter(there)
        except OSError as error:
            if error.errno != EPERM:
                raise
            text = f"{self.name}: only root may go inside of a host; socket() and run() work for everybody"
            raise NotPermitted(text) from None
        finally:
            os.close(there)
        try:
            yield
        finally:
            kernel.enter(here)
            os.close(here)

    # What it is like.

    @property
    def interfaces(self) -> dict[str, Interface]:
        """By name, as they are now, in the order of their names: lo, eth0, eth1, ..., eth10."""
        told = self._keeper.ask("interfaces", host=self.number)[0]
        told.sort(key=lambda each: (each["name"] != "lo", *_letters_and_number(each["name"])))
        return {each["name"]: Interface(**{**each, "addresses": tuple(each["addresses"])}) for each in told}

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses but those of loopback and link-local ones, in the order of the interfaces, IPv4 first."""
        each = [ip_interface(text).ip for interface in self.interfaces.values() for text in interface.addresses]
        others = [address for address in each if not address.is_loopback and not address.is_link_local]
        return tuple(str(address) for address in sorted(others, key=lambda address: address.version))

    @property
    def address(self) -> str:
        """The first of its addresses; NetworkError where it has none."""
        if not self.addresses:
            raise NetworkError(f"{self.name}: it has no address; link it to another host, or add_address()")
        return self.addresses[0]

    def sysctl(self, name: str, value: int | str | None = None) -> str:
        """`sysctl("ipv4/tcp_timestamps", 0)` sets what is below /proc/sys/net; without a value it only tells."""
        if not SETTING.fullmatch(name):
            raise FieldError(f"setting: {name!r} is not like 'ipv4/tcp_timestamps'", field="setting")
        try:
            text = None if value is None else str(value)
            return str(self._keeper.ask("sysctl", host=self.number, name=name, value=text)[0])
        except OSError as error:
            raise NetworkError(f"{self.name}: setting {name} = {value}: {error.strerror}") from None

    def change(self, interface: str, **settings: object) -> None:
        """`state="up"` or `"down"`, `address="02:…"` (its MAC), `mtu=1500`, `master="br0"`."""
        self.netlink("link", "set", index=interface, **settings)

    def add_device(self, name: str, kind: str, **settings: object) -> None:
        """An interface of a kind that the kernel plays: `add_device("br0", "bridge")`."""
        self.netlink("link", "add", ifname=name, kind=kind, **settings)

    def add_address(self, address: str, interface: str = "eth0") -> None:
        """ "10.0.0.1/24"; an IPv6 one is taken without asking whether anybody has it already (no DAD)."""
        parsed = _parsed(ip_interface, "address", address)
        flags = {"flags": IFA_F_NODAD} if parsed.version == 6 else {}
        prefix_length = parsed.network.prefixlen
        self.netlink("addr", "add", index=interface, address=str(parsed.ip), prefixlen=prefix_length, **flags)

    def add_route(self, to: str = "default", via: str = "", interface: str = "") -> None:
        """Send what is for a network ("10.0.1.0/24") to the router `via`, or just out of an interface."""
        if not via and not interface:
            raise FieldError.of("route", "via", ": say by which router (via) or interface it goes")
        settings: dict[str, object] = {"dst": to if to == "default" else str(_parsed(ip_network, "to", to))}
        if via:
            router = _parsed(ip_address, "via", via)
            settings |= {"gateway": str(router), "family": socket.AF_INET6 if router.version == 6 else socket.AF_INET}
        if interface:
            settings["oif"] = interface
        self.netlink("route", "add", **settings)

    def add_neighbour(self, address: str, mac: str, interface: str = "eth0") -> None:
        """Know a neighbour's MAC for good, so that nobody is asked for it."""
        self.netlink("neigh", "add", ifindex=interface, dst=address, lladdr=mac, state=NUD_PERMANENT)

    def set_offloads(self, interface: str, on: bool) -> None:
        """Off, the kernel finishes every checksum and cuts every segment itself: frames are as on a real wire."""
        with self.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            for command in OFFLOADS.values():
                value = ctypes.create_string_buffer(struct.pack("=II", command, on))
                request = struct.pack("16sP8x", interface.encode(), ctypes.addressof(value))
                fcntl.ioctl(control, SIOCETHTOOL, request)

    def netlink(self, noun: str, verb: str, **settings: object) -> None:
        """What else the kernel can be told, as pyroute2 has it (`IPRoute.route("add", ...)`); interfaces by name."""
        try:
            self._keeper.ask("netlink", host=self.number, noun=noun, verb=verb, settings=settings)
        except OSError as error:
            told = " ".join(f"{name}={value}" for name, value in settings.items())
            raise NetworkError(f"{self.name}: {noun} {verb} {told}: {error.strerror}") from None

    def until_up(self, interface: str, clock: Clock = SYSTEM) -> None:
        """Wait until the kernel has noticed that a cable has both ends: what is sent before is lost."""
        deadline_ns = clock.monotonic_ns() + round(LONGEST_SECONDS * NANOSECONDS)
        while self.interfaces[interface].state != "UP":
            if clock.monotonic_ns() > deadline_ns:
                raise NetworkError(f"{self.name}: {interface} does not come up")
            clock.sleep_ns(LOOK_AGAIN_NS)


class Router(Host):
    """A host that passes on what is not for it. Its numbers count from the end of a network: 10.0.0.254."""

    is_router = True

    def __init__(self, name: str, keeper: Keeper, number: int, ipv6: bool) -> None:
        super().__init__(name, keeper, number, ipv6)
        self.sysctl("ipv4/ip_forward", 1)
        if ipv6:
            self.sysctl("ipv6/conf/all/forwarding", 1)


class Bridge(Host):
    """A switch: what is linked to it is on one Ethernet. As a host it has no address; its device is `br0`."""

    DEVICE = "br0"

    def __init__(self, name: str, keeper: Keeper, number: int) -> None:
        super().__init__(name, keeper, number, ipv6=False)
        self.add_device(self.DEVICE, "bridge", br_mcast_snooping=0)
        self.change(self.DEVICE, state="up")


def _letters_and_number(name: str) -> tuple[str, int]:
    letters = name.rstrip("0123456789")
    return letters, int(name[len(letters) :] or 0)


def _parsed(reader: Any, field: str, text: str) -> Any:
    try:
        return reader(text)
    except ValueError as error:
        raise FieldError(f"{field}: {error}", field=field) from None
