"""What each socket call of a TCP conversation puts on the wire."""

import errno
import socket
import struct

from rawkit.lab.host import LONGEST_SECONDS
from scripts.plays.networks import Stage, one_host, one_host_with_ipv6, two_hosts_with_ipv6
from scripts.plays.plan import (
    DAYTIME,
    ECHO,
    LINE,
    accepted,
    connected,
    converse,
    expect,
    failing,
    listening,
    recorded,
    stream,
    until_readable,
    until_reset,
    until_urgent,
)


@recorded("tcp/echo.pcap")
@recorded("tcp/echo-ipv6.pcap", two_hosts_with_ipv6)
@recorded("tcp/echo-loopback.pcap", one_host)
@recorded("tcp/echo-loopback-ipv6.pcap", one_host_with_ipv6)
def echo(network: Stage) -> None:
    """One line there and back; the client closes first."""
    converse(*connected(network, ECHO))


@recorded("tcp/refused.pcap")
def refused(network: Stage) -> None:
    with stream(network, network.client) as client, failing(errno.ECONNREFUSED):
        client.connect((network.address, ECHO))


@recorded("tcp/reset-unread.pcap")
def reset_unread(network: Stage) -> None:
    """The server closes with a line unread in its queue: RFC 1122 section 4.2.2.13 has it say so with a reset."""
    client, server = connected(network, ECHO)
    with client:
        client.sendall(LINE)
        until_readable(server)
        server.close()
        with failing(errno.ECONNRESET):
            client.recv(4096)


@recorded("tcp/reset-after-close.pcap")
def reset_after_close(network: Stage) -> None:
    """The server closes, and the client sends all the same: nobody can take it any more, which the reset says."""
    client, server = connected(network, ECHO)
    with client:
        server.close()
        expect(client.recv(4096), b"")
        client.sendall(LINE)
        until_reset(client)
        expect(client.recv(4096), b"")  # and no ConnectionResetError: the end of data came before the reset
        with failing(errno.EPIPE):
            client.sendall(LINE)


@recorded("tcp/abort.pcap")
def abort(network: Stage) -> None:
    """The client closes with SO_LINGER on and 0 seconds: what RFC 9293 section 3.10.5 calls ABORT."""
    client, server = connected(network, ECHO)
    with server:
        client.sendall(LINE)
        expect(server.recv(4096), LINE)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        with failing(errno.ECONNRESET):
            server.recv(4096)


@recorded("tcp/half-close.pcap")
def half_close(network: Stage) -> None:
    """The client says that it has no more to send; the server answers three times after that."""
    client, server = connected(network, ECHO)
    with client:
        client.sendall(LINE)
        expect(server.recv(4096), LINE)
        client.shutdown(socket.SHUT_WR)
        expect(server.recv(4096), b"")
        for answer in b"one\n", b"two\n", b"three\n":
            server.sendall(answer)
            expect(client.recv(4096), answer)
        server.close()
        expect(client.recv(4096), b"")


@recorded("tcp/server-closes-first.pcap")
def server_closes_first(network: Stage) -> None:
    """As RFC 867's daytime does: the server speaks, closes, and so has the TIME-WAIT."""
    client, server = connected(network, DAYTIME)
    with client:
        server.sendall(b"Saturday, November 21, 2026\r\n")
        server.close()
        expect(client.recv(4096), b"Saturday, November 21, 2026\r\n")
        expect(client.recv(4096), b"")


@recorded("tcp/before-accept.pcap")
def before_accept(network: Stage) -> None:
    """The client is connected and has sent its line before the server calls accept(), which sends nothing."""
    with listening(network, ECHO) as listener, stream(network, network.client) as client:
        client.connect((network.address, ECHO))
        client.sendall(LINE)
        with accepted(listener) as server:
            expect(server.recv(4096), LINE)
            client.close()
            expect(server.recv(4096), b"")


@recorded("tcp/urgent.pcap")
def urgent(network: Stage) -> None:
    """A line, then one urgent octet, which the server asks for by itself and finds before the line."""
    client, server = connected(network, ECHO)
    with client, server:
        client.sendall(LINE)
        until_readable(server)
        client.send(b"!", socket.MSG_OOB)
        until_urgent(server)
        expect(server.recv(1, socket.MSG_OOB), b"!")
        expect(server.recv(4096), LINE)
        client.close()
        expect(server.recv(4096), b"")


@recorded("tcp/cork.pcap")
def cork(network: Stage) -> None:
    """Three calls of send() on a corked socket, then the cork is pulled: one segment, and one recv()."""
    client, server = connected(network, ECHO)
    with client, server:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        for word in b"hello, ", b"corked ", b"wire\n":
            client.sendall(word)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
        expect(server.recv(4096), b"hello, corked wire\n")
        client.close()
        expect(server.recv(4096), b"")


@recorded("tcp/fast-open.pcap")
def fast_open(network: Stage) -> None:
    """RFC 7413: the first connection asks for a cookie; the second one sends its line in the SYN, with the cookie."""
    for host in network.client, network.server:
        host.sysctl("ipv4/tcp_fastopen", 3)
    with listening(network, ECHO) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 5)
        for _ in range(2):
            with stream(network, network.client) as client:
                client.setblocking(True)  # sendto() connects too, and is to return when that is done
                client.sendto(LINE, socket.MSG_FASTOPEN, (network.address, ECHO))
                client.settimeout(LONGEST_SECONDS)
                with accepted(listener) as server:
                    server.sendall(server.recv(4096))
                    expect(client.recv(4096), LINE)
                    client.close()
                    expect(server.recv(4096), b"")
