"""Datagrams: one a call, each by itself."""

import errno
import socket
import struct

from rawkit import IPv4, IPv6HopByHop
from scripts.plays.networks import (
    Stage,
    one_host,
    one_host_with_ipv6,
    three_hosts,
    two_hosts_apart,
    two_hosts_apart_with_ipv6,
    two_hosts_with_ipv6,
)
from scripts.plays.plan import CLIENT, DISCARD, ECHO, LINE, SERVER, datagrams, expect, failing, recorded
from scripts.plays.segments import carrying

THIRD, EVERYBODY = "10.0.0.3", "10.0.0.255"
GROUP, GROUP_IPV6 = "239.1.2.3", "ff05::123"  # RFC 2365: of this organization; RFC 4291: of this site
IGMP = 2  # IP's protocol number
GAME, CHAT = 5000, 5001  # registered for nothing of the kind


def exchange(network: Stage, datagram: bytes) -> None:
    """One datagram there and back, from a client that never called bind()."""
    with datagrams(network, network.server) as server, datagrams(network, network.client) as client:
        server.bind((network.address, ECHO))
        client.sendto(datagram, (network.address, ECHO))
        server.sendto(*server.recvfrom(0x10000))
        expect(client.recvfrom(0x10000)[0], datagram)


@recorded("udp/echo.pcap")
@recorded("udp/echo-ipv6.pcap", two_hosts_with_ipv6)
@recorded("udp/echo-loopback.pcap", one_host)
@recorded("udp/echo-loopback-ipv6.pcap", one_host_with_ipv6)
def echo(network: Stage) -> None:
    exchange(network, LINE)


@recorded("ipv4/fragments.pcap")
@recorded("ipv6/fragments.pcap", two_hosts_with_ipv6)
def fragments(network: Stage) -> None:
    """4,000 octets in one datagram, over an MTU of 1,500."""
    exchange(network, bytes(number % 251 for number in range(4000)))


@recorded("udp/port-unreachable.pcap")
@recorded("udp/port-unreachable-ipv6.pcap", two_hosts_with_ipv6)
def port_unreachable(network: Stage) -> None:
    """Only a connected UDP socket learns from ICMP that nobody listens, and only at its next call."""
    with datagrams(network, network.client) as client:
        client.connect((network.address, ECHO))
        client.sendto(LINE, (network.address, ECHO))
        with failing(errno.ECONNREFUSED):
            client.recvfrom(4096)


@recorded("udp/boundaries.pcap")
def boundaries(network: Stage) -> None:
    """Three calls, one of them with nothing to send, are three datagrams; what a recvfrom() has no room for is gone."""
    with datagrams(network, network.server) as server, datagrams(network, network.client) as client:
        server.bind((network.address, DISCARD))
        for datagram, room in (LINE, 4096), (b"", 4096), (b"twelve octets", 6):
            client.sendto(datagram, (network.address, DISCARD))
            expect(server.recvfrom(room)[0], datagram[:room])


@recorded("udp/late-and-lost.pcap", two_hosts_apart, at="server")
def late_and_lost(network: Stage) -> None:
    """A game tells where its ball is: of six positions one is lost, one overtaken, one doubled, and none sent again."""
    with datagrams(network, network.server) as server, datagrams(network, network.client) as client:
        server.bind((network.address, GAME))
        position = [b"ball %d" % number for number in range(1, 7)]
        network.wire.lose(carrying(position[1]))
        network.wire.hold(carrying(position[2]), until=carrying(position[3]))
        network.wire.double(carrying(position[4]))
        for each in position:
            client.sendto(each, (network.address, GAME))
        for number in 0, 3, 2, 4, 4, 5:
            expect(server.recvfrom(4096)[0], position[number])


@recorded("udp/chat.pcap", three_hosts)
def chat(network: Stage) -> None:
    """Three hosts, one UDP socket each: whoever has something to say sends it to each of the others."""
    hosts = {CLIENT: network.client, SERVER: network.server, THIRD: network.others["third"]}
    sockets = {address: datagrams(network, host) for address, host in hosts.items()}
    for address, opened in sockets.items():
        opened.bind((address, CHAT))
    for speaker, line in (CLIENT, b"anybody here?"), (SERVER, b"I am"), (THIRD, b"so am I"):
        for address, listener in sockets.items():
            if address != speaker:
                sockets[speaker].sendto(line, (address, CHAT))
                expect(listener.recvfrom(4096)[0], line)
    for opened in sockets.values():
        opened.close()


@recorded("udp/broadcast.pcap", three_hosts)
def broadcast(network: Stage) -> None:
    """One datagram to everybody on the link, which a socket may only send after SO_BROADCAST; two answer."""
    with datagrams(network, network.client) as client:
        servers = [datagrams(network, host) for host in (network.server, network.others["third"])]
        for server in servers:
            server.bind(("", GAME))
        with failing(errno.EACCES):
            client.sendto(b"who plays?", (EVERYBODY, GAME))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        client.sendto(b"who plays?", (EVERYBODY, GAME))
        for server in servers:
            question, asker = server.recvfrom(4096)
            server.sendto(b"I do", asker)
            expect(question, b"who plays?")
            expect(client.recvfrom(4096)[0], b"I do")
            server.close()


@recorded("udp/multicast.pcap", two_hosts_apart)
def multicast(network: Stage) -> None:
    """The server joins a group, gets what is sent to it, and leaves: each is told twice, in IGMP messages."""
    network.server.sysctl("ipv4/conf/eth0/igmpv3_unsolicited_report_interval", 10)  # milliseconds, at most
    told = network.wire.notice(lambda packet: IPv4 in packet and packet[IPv4].protocol == IGMP, times=2)
    membership = socket.inet_aton(GROUP) + socket.inet_aton(SERVER)
    with datagrams(network, network.server) as server, datagrams(network, network.client) as client:
        server.bind((GROUP, GAME))
        server.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        told.wait()
        client.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(CLIENT))
        client.sendto(LINE, (GROUP, GAME))
        expect(server.recvfrom(4096)[0], LINE)
        server.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, membership)


@recorded("udp/multicast-ipv6.pcap", two_hosts_apart_with_ipv6)
def multicast_ipv6(network: Stage) -> None:
    """The same over IPv6, where MLD, which is ICMPv6, does what IGMP did."""
    address = socket.inet_pton(socket.AF_INET6, GROUP_IPV6)
    network.server.add_address("fe80::2/64")  # as which a host reports its groups (RFC 3810 section 5.2.13)
    told = network.wire.notice(lambda packet: address in packet.octets and IPv6HopByHop in packet, times=2)
    membership = address + struct.pack("@I", network.server.interfaces["eth0"].index)
    with datagrams(network, network.server) as server, datagrams(network, network.client) as client:
        server.bind((GROUP_IPV6, GAME))
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, membership)
        told.wait()
        client.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, network.client.interfaces["eth0"].index)
        client.sendto(LINE, (GROUP_IPV6, GAME))
        expect(server.recvfrom(4096)[0], LINE)
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_LEAVE_GROUP, membership)
