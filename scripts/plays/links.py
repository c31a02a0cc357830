"""Below the sockets: who has an address, how far packets go, and in what; and a pair of sockets without any."""

import errno
import socket
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.plays.networks import (
    Stage,
    behind_a_router,
    behind_a_router_with_ipv6,
    by_segment_routing,
    in_a_tunnel,
    one_host,
    three_hosts,
    two_hosts_with_ipv6,
)
from scripts.plays.plan import ECHO, LINE, SERVER, connected, converse, datagrams, expect, failing, recorded, stream
from scripts.plays.udp import exchange

UNIX_STORY = (
    "Recorded while two programs of one host were talking: a server called bind(), listen() and accept(), a client "
    "connect(); the client sent 12 octets, got them back and closed. But the sockets were of AF_UNIX, whose address is "
    "a file's name: the kernel moves what is sent from one socket's queue to the other's, and no header is ever made. "
    "The same calls over AF_INET, on the same interface, put 10 packets there: captures:tcp/echo-loopback."
)
"""The calls are those of `unix_echo`; the count is that of the capture that it names."""

TRACEROUTE = 33434  # the first port that traceroute sends to, in the hope that nobody listens there
HOP_LIMIT = {
    socket.AF_INET: (socket.IPPROTO_IP, socket.IP_TTL),
    socket.AF_INET6: (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS),
}
"""The option for how many routers may pass a packet on."""
RECEIVE_ERRORS = {socket.AF_INET: (socket.IPPROTO_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}
"""IP_RECVERR and IPV6_RECVERR of linux/in.h and in6.h: a socket is told of every ICMP error, not only of fatal ones."""


@recorded("icmp/ping.pcap")
@recorded("icmp/ping-ipv6.pcap", two_hosts_with_ipv6)
def ping(network: Stage) -> None:
    """Three echo requests of 56 octets; the kernel of the other host answers."""
    is_ipv6 = network.family == socket.AF_INET6
    protocol, request = (socket.IPPROTO_ICMPV6, 128) if is_ipv6 else (socket.IPPROTO_ICMP, 8)
    network.client.sysctl("ipv4/ping_group_range", "0 0")  # of both versions
    with datagrams(network, network.client, protocol) as client:
        for number in range(1, 4):
            body = bytes([0, number]) + bytes(range(56))  # sequence number, data; the kernel fills in the rest
            client.sendto(bytes([request, 0, 0, 0, 0, 0]) + body, (network.address, 0))
            expect(client.recv(4096)[6:], body)


@recorded("icmp/traceroute.pcap", behind_a_router)
@recorded("icmp/traceroute-ipv6.pcap", behind_a_router_with_ipv6)
def traceroute(network: Stage) -> None:
    """A datagram that may pass no router, then one that may pass one: each is answered from where it got to."""
    for hops, error in (1, errno.EHOSTUNREACH), (2, errno.ECONNREFUSED):
        with datagrams(network, network.client) as client:
            client.setsockopt(*HOP_LIMIT[network.family], hops)
            client.setsockopt(*RECEIVE_ERRORS[network.family], 1)
            client.connect((network.address, TRACEROUTE))
            client.send(b"hop %d" % hops)
            with failing(error):
                client.recv(4096)


@recorded("arp/unanswered.pcap")
def arp_unanswered(network: Stage) -> None:
    """Nobody has the address: three requests, a second apart, and connect() fails without a SYN."""
    with stream(network, network.client) as client, failing(errno.EHOSTUNREACH):
        client.connect(("10.0.0.9", ECHO))


@recorded("arp/announcement.pcap")
def arp_announcement(network: Stage) -> None:
    """The server's card gets another MAC, which its kernel tells everybody unasked; the client goes on with that."""
    network.server.sysctl("ipv4/conf/eth0/arp_notify", 1)
    exchange(network, LINE)
    network.server.change("eth0", address="02:00:00:00:00:22")
    exchange(network, LINE)


@recorded("arp/conflict.pcap", three_hosts)
def arp_conflict(network: Stage) -> None:
    """Two hosts have the same address: both answer, and the client believes one of them."""
    third = network.others["third"]
    third.add_address(f"{SERVER}/24")
    with datagrams(network, network.client) as client:
        client.sendto(LINE, (SERVER, ECHO))


@recorded("tunnels/vxlan.pcap", in_a_tunnel)
def vxlan(network: Stage) -> None:
    """The echo pair through a VXLAN: whole Ethernet frames, ARP's too, each in a datagram between other addresses."""
    converse(*connected(network, ECHO))


@recorded("tunnels/ipv4-in-ipv6.pcap", by_segment_routing, at="switch")
def ipv4_in_ipv6(network: Stage) -> None:
    """The echo pair over IPv4, between hosts that have only IPv6 between them: each packet goes inside of another."""
    converse(*connected(network, ECHO))


@recorded("unix/echo.pcapng", one_host, story=UNIX_STORY)
def unix_echo(network: Stage) -> None:
    """The same conversation over AF_UNIX, on a host whose only interface is recorded: nothing passes it."""
    with TemporaryDirectory() as folder, network.client.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        name = str(Path(folder, "echo"))
        listener.bind(name)
        listener.listen()
        client = network.client.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.connect(name)
        converse(client, listener.accept()[0])
