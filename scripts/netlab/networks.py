"""Networks to play in: who is joined to whom, and by what."""

import socket
from dataclasses import dataclass, field
from types import TracebackType

from scripts.netlab.host import Host, join
from scripts.netlab.wire import Wire

VXLAN_PORT = 4789  # RFC 7348 section 5


@dataclass(frozen=True)
class Network:
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

    def __enter__(self) -> "Network":
        for host in (self.client, self.server, *self.others.values()):
            host.until_up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.wire_between:
            self.wire_between.close()
        for host in {self.client, self.server, *self.others.values()}:
            host.close()


def number(host: Host, suffix: int, ipv6: bool = False, interface: str = "eth0") -> None:
    """The host's MAC and addresses: 02:00:00:00:00:01, 10.0.0.1, and fd00::1 with IPv6."""
    host.link(interface, address=mac(suffix), up=True)
    host.address(interface, f"10.0.0.{suffix}", 24)
    if ipv6:
        host.address(interface, f"fd00::{suffix}", 64)


def mac(suffix: int) -> str:
    """Of the host with this number."""
    return f"02:00:00:00:00:{suffix:02x}"


def one_host() -> Network:
    """Both ends on 127.0.0.1."""
    host = Host("alone")
    return Network(host, host, "127.0.0.1", interface="lo")


def one_host_with_ipv6() -> Network:
    """Both ends on ::1."""
    host = Host("alone", ipv6=True)
    return Network(host, host, "::1", interface="lo")


def two_hosts(ipv6: bool = False, offload: bool = False) -> Network:
    """A client (10.0.0.1, fd00::1) and a server (.2, ::2) on one Ethernet, each on its `eth0`, silent until used."""
    client, server = Host("client", ipv6), Host("server", ipv6)
    join(client, "eth0", server, "eth0", offload)
    number(client, 1, ipv6)
    number(server, 2, ipv6)
    return Network(client, server, "fd00::2" if ipv6 else "10.0.0.2")


def newcomer() -> Network:
    """The same, but the client has no address yet."""
    client, server = Host("client"), Host("server")
    join(client, "eth0", server, "eth0")
    client.link("eth0", address=mac(1), up=True)
    number(server, 2)
    return Network(client, server, "10.0.0.2")


def two_hosts_with_ipv6() -> Network:
    """The same, meant to speak IPv6."""
    return two_hosts(ipv6=True)


def two_hosts_with_offload() -> Network:
    """The same, with cards that cut segments and add up checksums: the kernel leaves both to them."""
    return two_hosts(offload=True)


def two_hosts_apart(ipv6: bool = False) -> Network:
    """The same two hosts, with a wire between them that does as it is told."""
    client, server, middle = Host("client", ipv6), Host("server", ipv6), Host("middle")
    join(client, "eth0", middle, "left")
    join(server, "eth0", middle, "right")
    number(client, 1, ipv6)
    number(server, 2, ipv6)
    wire = Wire(middle, "left", "right")
    middle.close()
    return Network(client, server, "fd00::2" if ipv6 else "10.0.0.2", wire_between=wire)


def two_hosts_apart_with_ipv6() -> Network:
    """The same, meant to speak IPv6."""
    return two_hosts_apart(ipv6=True)


def two_hosts_acquainted() -> Network:
    """The same; each knows the other's MAC already, so that nobody asks for it by ARP."""
    network = two_hosts_apart()
    network.client.neighbour("10.0.0.2", mac(2))
    network.server.neighbour("10.0.0.1", mac(1))
    return network


def at_a_switch(*names: str, ipv6: bool = False) -> tuple[Host, ...]:
    """Hosts with these names (10.0.0.1, .2, ...), and last the switch that they are at, by `port1`, `port2`, ..."""
    hosts = [Host(name, ipv6) for name in names]
    switch = Host("switch")
    switch.device("br0", "bridge", br_mcast_snooping=0)
    switch.link("br0", up=True)
    for suffix, host in enumerate(hosts, 1):
        join(host, "eth0", switch, f"port{suffix}")
        switch.link(f"port{suffix}", master="br0", up=True)
        number(host, suffix, ipv6)
    return (*hosts, switch)


def three_hosts() -> Network:
    """Client (10.0.0.1), server (.2) and a third (.3) at one switch."""
    client, server, third, switch = at_a_switch("client", "server", "third")
    return Network(client, server, "10.0.0.2", others={"third": third, "switch": switch})


def behind_a_router(ipv6: bool = False) -> Network:
    """A client (10.0.0.1, fd00::1), a router (.254, ::fe), and a server (10.0.1.2, fd01::2) behind an MTU of 1,300."""
    client, router, server = (Host(name, ipv6) for name in ("client", "router", "server"))
    join(client, "eth0", router, "left")
    join(server, "eth0", router, "right")
    number(client, 1, ipv6)
    server.link("eth0", address=mac(2), up=True)
    for interface, suffix, net in ("left", 0xFE, 0), ("right", 0xFD, 1):
        router.link(interface, address=mac(suffix), up=True)
        router.address(interface, f"10.0.{net}.254", 24)
        if ipv6:
            router.address(interface, f"fd0{net}::fe", 64)
            router.address(interface, "fe80::fe", 64)  # as which it asks for the neighbours of others' packets
    router.sysctl("ipv4/ip_forward", 1)
    router.link("right", mtu=1300)
    server.address("eth0", "10.0.1.2", 24)
    client.route("10.0.0.254")
    server.route("10.0.1.254")
    if ipv6:
        router.sysctl("ipv6/conf/all/forwarding", 1)
        server.address("eth0", "fd01::2", 64)
        client.route("fd00::fe")
        server.route("fd01::fe")
    return Network(client, server, "fd01::2" if ipv6 else "10.0.1.2", others={"router": router})


def behind_a_router_with_ipv6() -> Network:
    """The same, meant to speak IPv6."""
    return behind_a_router(ipv6=True)


def in_a_tunnel() -> Network:
    """Two hosts, with a VXLAN between them (RFC 7348) in which they are 10.1.0.1 and .2; recorded outside of it."""
    network = two_hosts()
    for host, suffix, peer in (network.client, 1, 2), (network.server, 2, 1):
        host.device(
            "vxlan0",
            "vxlan",
            vxlan_id=42,
            vxlan_local=f"10.0.0.{suffix}",
            vxlan_group=f"10.0.0.{peer}",
            vxlan_port=VXLAN_PORT,
        )
        host.link("vxlan0", address=f"02:00:00:00:01:{suffix:02x}", up=True)
        host.address("vxlan0", f"10.1.0.{suffix}", 24)
    return Network(network.client, network.server, "10.1.0.2")


def by_segment_routing() -> Network:
    """Two hosts at a switch, with IPv6 between them, who put their IPv4 (10.1.0.1, .2) in that (RFC 8754).

    To be recorded at the switch: a kernel that takes a packet out of another shows its recorders the outer one twice.
    """
    client, server, switch = at_a_switch("client", "server", ipv6=True)
    for host, suffix, peer in (client, 1, 2), (server, 2, 1):
        for interface in ("all", "eth0"):  # the kernel asks both whether it may take such a packet apart
            host.sysctl(f"ipv6/conf/{interface}/seg6_enabled", 1)
        host.address("lo", f"10.1.0.{suffix}", 32)
        host.route_by_segments(f"10.1.0.{peer}", f"fd00::{peer}", source=f"10.1.0.{suffix}")
    return Network(client, server, "10.1.0.2", interface="port1", others={"switch": switch})
