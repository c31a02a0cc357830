"""Which connection a segment belongs to: ports used again, segments that come too late, and forged ones."""

import errno
import select
import socket

from rawkit import TCP, Ethernet, IPv4, Packet
from rawkit.lab.host import LONGEST_SECONDS
from scripts.plays.networks import Stage, two_hosts_acquainted, two_hosts_apart
from scripts.plays.plan import (
    CLIENT,
    DAYTIME,
    ECHO,
    LINE,
    SERVER,
    accepted,
    connected,
    converse,
    expect,
    failing,
    listening,
    patient,
    recorded,
    stream,
    until_readable,
)
from scripts.plays.segments import carrying, echo_until_acknowledged, flagged

FIXED_PORT = 40_000  # of a client that binds instead of taking what connect() gives it


def from_fixed_port(network: Stage) -> socket.socket:
    """A client's socket that has the same port each time."""
    client = stream(network, network.client)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    client.bind((CLIENT, FIXED_PORT))
    return client


@recorded("tcp/ghost-segment.pcap", two_hosts_acquainted, at="server")
def ghost_segment(network: Stage) -> None:
    """A line is so late on the wire that its connection is over when it comes, and another one has the same ports."""
    later = b"another connection\n"
    with listening(network, ECHO) as listener:
        for line in LINE, later:
            if line == LINE:
                network.wire.hold(carrying(LINE), until=carrying(later))
            with from_fixed_port(network) as client:
                client.connect((network.address, ECHO))
                with accepted(listener) as server:
                    client.sendall(line)
                    expect(server.recv(4096), line)
                expect(client.recv(4096), b"")
                over = network.wire.notice(flagged(SERVER, "A"))
            over.wait()


@recorded("tcp/port-reuse.pcap")
def port_reuse(network: Stage) -> None:
    """A client uses its port again while the connection before is in TIME-WAIT, which timestamps make safe."""
    network.client.sysctl("ipv4/tcp_tw_reuse", 1)
    network.client.sysctl("ipv4/tcp_tw_reuse_delay", 1)  # milliseconds that must have passed
    with listening(network, ECHO) as listener:
        for _ in range(2):
            client = from_fixed_port(network)
            client.connect((network.address, ECHO))
            converse(client, accepted(listener))


def forged(known: Packet, seq: int, flags: str) -> bytes:
    """A frame without data that looks as if it were of the connection of this one."""
    ethernet, ip, tcp = known[Ethernet], known[IPv4], known[TCP]
    segment = TCP(sport=tcp.sport, dport=tcp.dport, seq=seq, flags=flags, window=tcp.window)
    return bytes(Ethernet(src=ethernet.src, dst=ethernet.dst) / IPv4(src=ip.src, dst=ip.dst) / segment)


@recorded("tcp/challenge-ack.pcap", two_hosts_apart)
def challenge_ack(network: Stage) -> None:
    """A forged SYN and a forged reset with guessed numbers reach a connection: RFC 5961 has the server ask back."""
    network.server.sysctl("ipv4/tcp_invalid_ratelimit", 0)
    client, server = connected(network, ECHO)
    with client, server, network.client.packet_socket("eth0") as forger:
        seen = network.wire.notice(carrying(LINE))
        echo_until_acknowledged(network, client, server)
        known = seen.wait()
        guessed = known[TCP].seq + 10_000  # in the server's window, and not what it waits for
        for flags in "S", "R":
            answered = network.wire.notice(flagged(SERVER, "A"))
            forger.send(forged(known, seq=guessed, flags=flags))
            answered.wait()
        client.close()
        expect(server.recv(4096), b"")


@recorded("tcp/raw-socket-reset.pcap")
def raw_socket_reset(network: Stage) -> None:
    """A program asks for a connection through a raw socket; its own kernel, which knows nothing of that, undoes it."""
    unknowing = network.client.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
    with listening(network, ECHO), patient(unknowing) as raw:
        syn = IPv4(src=CLIENT, dst=SERVER) / TCP(sport=FIXED_PORT, dport=ECHO, seq=1000, flags="S", window=64240)
        raw.sendto(bytes(syn)[20:], (SERVER, 0))
        raw.recv(4096)  # the SYN ACK: a copy of it, as the kernel's own TCP has it too


@recorded("tcp/concurrent.pcap")
def concurrent(network: Stage) -> None:
    """Three clients at one listener: three sockets with the same port, told apart by the clients' ports."""
    with listening(network, ECHO) as listener:
        clients = [stream(network, network.client) for _ in range(3)]
        for number, client in enumerate(clients):
            client.connect((network.address, ECHO))
            client.sendall(b"client %d\n" % number)
        servers = [accepted(listener) for _ in clients]
        for server in reversed(servers):
            server.sendall(server.recv(4096))
        for number, client in enumerate(clients):
            expect(client.recv(4096), b"client %d\n" % number)
            client.close()
            expect(servers[number].recv(4096), b"")
            servers[number].close()


@recorded("tcp/reuse-port.pcap")
def reuse_port(network: Stage) -> None:
    """Two servers listen on one port by SO_REUSEPORT; the kernel deals four clients out, and each hears whose it is."""
    listeners = [stream(network, network.server) for _ in range(2)]
    for listener in listeners:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((network.address, DAYTIME))
        listener.listen()
    for _ in range(4):
        with stream(network, network.client) as client:
            client.connect((network.address, DAYTIME))
            (chosen,) = select.select(listeners, [], [], LONGEST_SECONDS)[0]
            with accepted(chosen) as server:
                server.sendall(b"server %d\n" % listeners.index(chosen))
            expect(client.recv(9), b"server %d\n" % listeners.index(chosen))
            expect(client.recv(9), b"")
    for listener in listeners:
        listener.close()


@recorded("tcp/backlog.pcap", two_hosts_apart)
def backlog(network: Stage) -> None:
    """A listener with room for one connection that nobody has accepted: the second SYN is dropped, and comes again."""
    with listening(network, ECHO, backlog=0) as listener:
        first, second = (stream(network, network.client) for _ in range(2))
        first.connect((network.address, ECHO))
        asked = network.wire.notice(flagged(CLIENT, "S"))
        second.setblocking(False)
        with failing(errno.EINPROGRESS):
            second.connect((network.address, ECHO))
        asked.wait()
        servers = [accepted(listener)]
        until_readable(listener)
        servers.append(accepted(listener))
        for client, server in zip((first, second), servers, strict=True):
            server.close()
            until_readable(client)
            client.close()
