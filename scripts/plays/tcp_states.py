"""States of RFC 9293 that a plain conversation does not pass, or passes too fast to be seen."""

import errno
import socket

from scripts.plays.networks import Stage, two_hosts_acquainted, two_hosts_apart
from scripts.plays.plan import (
    CLIENT,
    ECHO,
    LINE,
    SERVER,
    connected,
    expect,
    failing,
    recorded,
    stream,
    there_and_back,
    until_readable,
    until_writable,
)
from scripts.plays.segments import flagged


@recorded("tcp/simultaneous-open.pcap", two_hosts_acquainted)
def simultaneous_open(network: Stage) -> None:
    """Both connect to each other while the wire is held, so that the two SYNs cross in it. Nobody listens."""
    with stream(network, network.client) as client, stream(network, network.server) as server:
        client.bind((CLIENT, 7001))
        server.bind((SERVER, 7002))
        for end in client, server:
            end.setblocking(False)
        with network.wire.held():
            for end, other in (client, (SERVER, 7002)), (server, (CLIENT, 7001)):
                with failing(errno.EINPROGRESS):
                    end.connect(other)
        for end in client, server:
            until_writable(end)
        client.sendall(LINE)
        until_readable(server)
        expect(server.recv(4096), LINE)
        client.close()
        until_readable(server)
        expect(server.recv(4096), b"")


@recorded("tcp/simultaneous-close.pcap", two_hosts_apart)
def simultaneous_close(network: Stage) -> None:
    """Both close while the wire is held, so that the two FINs cross in it."""
    client, server = connected(network, ECHO)
    there_and_back(client, server)
    with network.wire.held():
        client.close()
        server.close()


@recorded("tcp/fin-wait-2.pcap")
def fin_wait_2(network: Stage) -> socket.socket:
    """The client closes, and the server never does: it stays in CLOSE-WAIT, and the client's kernel in FIN-WAIT-2."""
    client, server = connected(network, ECHO)
    there_and_back(client, server)
    client.close()
    expect(server.recv(4096), b"")
    return server


@recorded("tcp/last-ack-lost.pcap", two_hosts_apart)
def last_ack_lost(network: Stage) -> None:
    """The last ACK is lost: the server, in LAST-ACK, sends its FIN again; for that the client has its TIME-WAIT."""
    client, server = connected(network, ECHO)
    there_and_back(client, server)
    client.close()
    expect(server.recv(4096), b"")
    network.wire.lose(flagged(CLIENT, "A"))
    arrives = network.wire.notice(flagged(CLIENT, "A"))
    server.close()
    arrives.wait()


@recorded("tcp/fin-lost.pcap", two_hosts_apart)
def fin_lost(network: Stage) -> None:
    """The client's FIN is lost: it stays in FIN-WAIT-1, and sends it again when no acknowledgement comes."""
    client, server = connected(network, ECHO)
    there_and_back(client, server)
    network.wire.lose(flagged(CLIENT, "FA"))
    client.close()
    expect(server.recv(4096), b"")
    server.close()
