"""Networks to play in: who is joined to whom, and by what. Each is made in a network that is still empty."""

import socket
from dataclasses import dataclass, field
from types import TracebackType

from rawkit.lab import Bridge, Host, Network
from scripts.plays.wire import Wire

VXLAN_PORT = 4789  # RFC 7348 section 5
CONGESTION_CONTROL = "reno"  # every kernel has it, and it does not pace what it sends


@dataclass(frozen=True)
class Stage:
    """Who plays: a client, a server and the address it is reached at; recorded on one interface of a host.

    `wire` is what is between them, where it can be told what to do; `others` are the hosts besides.
    """

    client: Host
    server: Host
    address: str
    interface: str = "eth0"
    wire_between: Wire | None = None
    others: dict[str, Host] = field(default_factory=dict)

    @property
    def family(self) -> socket.AddressFamily:
        """Of `address`."""
        return socket.AF_INET6 if ":" in self.address else socket.AF_INET

    @property
    def wire(self) -> Wire:
        """What is between the two; ValueError where nothing is that could be told what to do."""
        if self.wire_between is None:
            raise ValueError("this network has no wire that can be told what to do: use two_hosts_apart")
        return self.wire_between

    def __enter__(self) -> "Stage":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.wire_between:
            self.wire_between.close()


def player(network: Network, name: str, ipv6: bool = False) -> Host:
    """A host whose kernel sends in the same way each time."""
    host = network.host(name, ipv6)
    host.sysctl("ipv4/tcp_congestion_control", CONGESTION_CONTROL)
    return host


def mac(suffix: int) -> str:
    """Of the host with this number: as the lab numbers those of its first network."""
    return f"02:00:00:00:00:{suffix:02x}"


def one_host(network: Network) -> Stage:
    """Both ends on 127.0.0.1."""
    host = player(network, "alone")
    return Stage(host, host, "127.0.0.1", interface="lo")


def one_host_with_ipv6(network: Network) -> Stage:
    """Both ends on ::1."""
    host = player(network, "alone", ipv6=True)
    return Stage(host, host, "::1", interface="lo")


def two_hosts(network: Network, ipv6: bool = False, offloads: bool = False) -> Stage:
    """A client (10.0.0.1, fd00::1) and a server (.2, ::2) on one Ethernet, each on its `eth0`, silent until used."""
    client, server = player(network, "client", ipv6), player(network, "server", ipv6)
    network.link(client, server, offloads=offloads)
    return Stage(client, server, "fd00::2" if ipv6 else "10.0.0.2")


def newcomer(network: Network) -> Stage:
    """The same, but the client has no address yet."""
    client, server = player(network, "client"), player(network, "server")
    network.link(client, server, addresses=((), "10.0.0.2/24"))
    return Stage(client, server, "10.0.0.2")


def two_hosts_with_ipv6(network: Network) -> Stage:
    """The same, meant to speak IPv6."""
    return two_hosts(network, ipv6=True)


def two_hosts_with_offload(network: Network) -> Stage:
    """The same, with cards that cut segments and add up checksums: the kernel leaves both to them."""
    return two_hosts(network, offloads=True)


def two_hosts_apart(network: Network, ipv6: bool = False) -> Stage:
    """The same two hosts, with a wire between them that does as it is told."""
    client, server, middle = player(network, "client", ipv6), player(network, "server", ipv6), network.host("middle")
    for suffix, host in enumerate((client, server), 1):
        addresses = [f"10.0.0.{suffix}/24", *([f"fd00::{suffix}/64"] if ipv6 else [])]
        _, end = network.link(host, middle, addresses=(addresses, ()))
        middle.change(end, address=f"02:00:00:00:ff:{suffix:02x}")  # nobody's whose frames it passes on
        host.change("eth0", address=mac(suffix))
    wire = Wire(middle, "eth0", "eth1")
    return Stage(client, server, "fd00::2" if ipv6 else "10.0.0.2", wire_between=wire)


def two_hosts_apart_with_ipv6(network: Network) -> Stage:
    """The same, meant to speak IPv6."""
    return two_hosts_apart(network, ipv6=True)


def two_hosts_acquainted(network: Network) -> Stage:
    """The same; each knows the other's MAC already, so that nobody asks for it by ARP."""
    stage = two_hosts_apart(network)
    stage.client.add_neighbour("10.0.0.2", mac(2))
    stage.server.add_neighbour("10.0.0.1", mac(1))
    return stage


def at_a_switch(network: Network, *names: str, ipv6: bool = False) -> tuple[list[Host], Bridge]:
    """Hosts with these names (10.0.0.1, .2, ...), and the switch that they are at, by `port1`, `port2`, ..."""
    hosts, switch = [player(network, name, ipv6) for name in names], network.bridge("switch")
    for host in hosts:
        network.link(host, switch)
    return hosts, switch


def three_hosts(network: Network) -> Stage:
    """Client (10.0.0.1), server (.2) and a third (.3) at one switch."""
    (client, server, third), switch = at_a_switch(network, "client", "server", "third")
    return Stage(client, server, "10.0.0.2", others={"third": third, "switch": switch})


def behind_a_router(network: Network, ipv6: bool = False) -> Stage:
    """A client (10.0.0.1, fd00::1), a router (.254, ::fe), and a server (10.0.1.2, fd01::2) behind an MTU of 1,300."""
    client, server = player(network, "client", ipv6), player(network, "server", ipv6)
    router = network.router("router", ipv6)
    network.link(client, router)
    of_server = ["10.0.1.2/24", *(["fd01::2/64"] if ipv6 else [])]
    of_router = ["10.0.1.254/24", *(["fd01::fe/64", "fe80::fe/64"] if ipv6 else [])]
    _, far = network.link(server, router, addresses=(of_server, of_router))
    router.change(far, mtu=1300)
    for gateway in ("10.0.1.254", *(["fd01::fe"] if ipv6 else [])):
        server.add_route(via=gateway)
    return Stage(client, server, "fd01::2" if ipv6 else "10.0.1.2", others={"router": router})


def behind_a_router_with_ipv6(network: Network) -> Stage:
    """The same, meant to speak IPv6."""
    return behind_a_router(network, ipv6=True)


def in_a_tunnel(network: Network) -> Stage:
    """Two hosts, with a VXLAN between them (RFC 7348) in which they are 10.1.0.1 and .2; recorded outside of it."""
    stage = two_hosts(network)
    for host, suffix, peer in (stage.client, 1, 2), (stage.server, 2, 1):
        host.add_device(
            "vxlan0",
            "vxlan",
            vxlan_id=42,
            vxlan_local=f"10.0.0.{suffix}",
            vxlan_group=f"10.0.0.{peer}",
            vxlan_port=VXLAN_PORT,
        )
        host.change("vxlan0", address=f"02:00:00:00:01:{suffix:02x}", state="up")
        host.add_address(f"10.1.0.{suffix}/24", "vxlan0")
    return Stage(stage.client, stage.server, "10.1.0.2")


def by_segment_routing(network: Network) -> Stage:
    """Two hosts at a switch, with IPv6 between them, who put their IPv4 (10.1.0.1, .2) in that (RFC 8754).

    To be recorded at the switch: a kernel that takes a packet out of another shows its recorders the outer one twice.
    """
    (client, server), switch = at_a_switch(network, "client", "server", ipv6=True)
    for host, suffix, peer in (client, 1, 2), (server, 2, 1):
        for interface in ("all", "eth0"):  # the kernel asks both whether it may take such a packet apart
            host.sysctl(f"ipv6/conf/{interface}/seg6_enabled", 1)
        host.add_address(f"10.1.0.{suffix}/32", "lo")
        inside = {"type": "seg6", "mode": "encap", "segs": f"fd00::{peer}"}
        host.netlink("route", "add", dst=f"10.1.0.{peer}/32", oif="eth0", prefsrc=f"10.1.0.{suffix}", encap=inside)
    return Stage(client, server, "10.1.0.2", interface="port1", others={"switch": switch})
