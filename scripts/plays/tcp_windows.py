"""Waiting: for room, for an acknowledgement, for a sign of life."""

import errno
import socket

from scripts.plays.networks import Stage, two_hosts_apart
from scripts.plays.plan import (
    CLIENT,
    ECHO,
    SERVER,
    accepted,
    connected,
    expect,
    expect_all,
    failing,
    listening,
    recorded,
    stream,
)
from scripts.plays.segments import echo_until_acknowledged, flagged, parts, whatever


@recorded("tcp/zero-window.pcap", two_hosts_apart)
def zero_window(network: Stage) -> None:
    """The server has a small receive buffer, and reads nothing until the client's kernel has asked for room twice."""
    network.client.sysctl("ipv4/tcp_early_retrans", 0)  # a late acknowledgement is not to be taken for a lost tail
    network.server.sysctl("ipv4/tcp_invalid_ratelimit", 0)  # and every probe is to be answered
    with listening(network, ECHO) as listener, stream(network, network.client) as client:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 100_000)
        client.connect((network.address, ECHO))
        with accepted(listener) as server:
            probe = network.wire.notice(flagged(CLIENT, "A"), times=2)
            client.sendall(parts(1, 8))
            probe.wait()
            expect_all(server, parts(1, 8))
            client.close()
            expect(server.recv(4096), b"")


def keep_alive(kept: socket.socket) -> None:
    """A probe after a second of silence, then every second; three without an answer are enough."""
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option in socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL:
        kept.setsockopt(socket.IPPROTO_TCP, option, 1)
    kept.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)


@recorded("tcp/keep-alive.pcap", two_hosts_apart)
def keep_alive_answered(network: Stage) -> None:
    """Nobody says anything for two seconds but the kernels: two probes, two answers."""
    client, server = connected(network, ECHO)
    with client, server:
        keep_alive(client)
        network.wire.notice(flagged(SERVER, "A"), times=2).wait()
        client.close()
        expect(server.recv(4096), b"")


@recorded("tcp/keep-alive-unanswered.pcap", two_hosts_apart)
def keep_alive_unanswered(network: Stage) -> socket.socket:
    """The server is no longer to be reached: after three probes the client's recv() fails."""
    client, server = connected(network, ECHO)
    with client:
        echo_until_acknowledged(network, client, server)
        network.wire.lose_all(whatever(CLIENT))
        keep_alive(client)
        with failing(errno.ETIMEDOUT):
            client.recv(4096)
    return server


def write_write_read(network: Stage, client: socket.socket, server: socket.socket) -> None:
    """A request in two pieces, answered when both are there; after a first exchange, so that the server delays ACKs."""
    with server, client:
        for head, body in (b"", b"first\n"), (b"the second in ", b"two pieces\n"):
            if head:
                client.sendall(head)
            client.sendall(body)
            expect_all(server, head + body)
            server.sendall(b"yes\n")
            expect(client.recv(4096), b"yes\n")
        client.close()
        expect(server.recv(4096), b"")


@recorded("tcp/nagle.pcap")
def nagle(network: Stage) -> None:
    """The second piece waits for the first one's acknowledgement, and that for data to ride on: 40 milliseconds."""
    write_write_read(network, *connected(network, ECHO))


@recorded("tcp/nodelay.pcap")
def nodelay(network: Stage) -> None:
    """The same with TCP_NODELAY: two segments at once, and no waiting."""
    client, server = connected(network, ECHO)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    write_write_read(network, client, server)
