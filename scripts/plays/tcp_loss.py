"""What TCP makes of a wire that loses, holds back, swaps and doubles segments."""

import contextlib
import errno
import socket

from scripts.plays.networks import Stage, two_hosts_acquainted, two_hosts_apart
from scripts.plays.plan import (
    CLIENT,
    ECHO,
    LINE,
    SERVER,
    connected,
    converse,
    expect,
    expect_all,
    failing,
    recorded,
    stream,
)
from scripts.plays.segments import carrying, echo_until_acknowledged, flagged, named, parts, whatever

TCP_USER_TIMEOUT = 18  # linux/tcp.h: milliseconds that data may stay unacknowledged


@recorded("tcp/lost-syn.pcap", two_hosts_apart)
def lost_syn(network: Stage) -> None:
    network.wire.lose(flagged(CLIENT, "S"))
    converse(*connected(network, ECHO))


@recorded("tcp/lost-syn-ack.pcap", two_hosts_apart)
def lost_syn_ack(network: Stage) -> None:
    network.wire.lose(flagged(SERVER, "SA"))
    converse(*connected(network, ECHO))


@recorded("tcp/nobody-answers.pcap", two_hosts_acquainted)
def nobody_answers(network: Stage) -> None:
    """No SYN arrives. The client's kernel repeats it after 1, 3 and 7 seconds, and gives up after 8."""
    with contextlib.suppress(FileNotFoundError):  # since Linux 6.5 the first four would come a second apart
        network.client.sysctl("ipv4/tcp_syn_linear_timeouts", 0)
    network.wire.lose_all(whatever(CLIENT))
    with stream(network, network.client) as client:
        client.setsockopt(socket.IPPROTO_TCP, TCP_USER_TIMEOUT, 8000)
        with failing(errno.ETIMEDOUT):
            client.connect((network.address, ECHO))


@recorded("tcp/retransmission.pcap", two_hosts_apart)
def retransmission(network: Stage) -> None:
    """A line is lost three times: its timer runs 0.2 seconds, then 0.4, then 0.8."""
    network.client.sysctl("ipv4/tcp_early_retrans", 0)  # no probe for a lost tail before the timer
    client, server = connected(network, ECHO)
    network.wire.lose(carrying(LINE), times=3)
    converse(client, server)


@recorded("tcp/given-up.pcap", two_hosts_apart)
def given_up(network: Stage) -> socket.socket:
    """After the first line the wire is cut: the second one is repeated until TCP_USER_TIMEOUT is up, here 2 seconds."""
    client, server = connected(network, ECHO)
    with client:
        echo_until_acknowledged(network, client, server)
        client.setsockopt(socket.IPPROTO_TCP, TCP_USER_TIMEOUT, 2000)
        network.wire.lose_all(whatever(CLIENT))
        client.sendall(b"anybody?\n")
        with failing(errno.ETIMEDOUT):
            client.recv(4096)
    return server


@recorded("tcp/fast-retransmit.pcap", two_hosts_apart)
@recorded("tcp/fast-retransmit-at-receiver.pcap", two_hosts_apart, at="server")
def fast_retransmit(network: Stage) -> None:
    """The third of eight segments is lost: the acknowledgements that the later ones cause tell of it at once."""
    client, server = connected(network, ECHO)
    with client, server:
        network.wire.lose(carrying(named(3)))
        client.sendall(parts(1, 8))
        expect_all(server, parts(1, 8))
        client.close()
        expect(server.recv(4096), b"")


@recorded("tcp/fast-retransmit-without-sack.pcap", two_hosts_apart)
def fast_retransmit_without_sack(network: Stage) -> None:
    """The same where neither end has selective acknowledgements: the third duplicate ACK tells it (RFC 5681)."""
    for host in network.client, network.server:
        host.sysctl("ipv4/tcp_sack", 0)
    fast_retransmit(network)


@recorded("tcp/tail-loss-probe.pcap", two_hosts_apart)
def tail_loss_probe(network: Stage) -> None:
    """The last two of eight are lost, so that nothing comes after them: a probe repeats the last one (RFC 8985)."""
    client, server = connected(network, ECHO)
    with client, server:
        for number in 7, 8:
            network.wire.lose(carrying(named(number)))
        client.sendall(parts(1, 8))
        expect_all(server, parts(1, 8))
        client.close()
        expect(server.recv(4096), b"")


@recorded("tcp/spurious-retransmission.pcap", two_hosts_apart)
def spurious_retransmission(network: Stage) -> None:
    """A line arrives and its acknowledgement is late: the client repeats what the server has, who says so (D-SACK)."""
    network.client.sysctl("ipv4/tcp_early_retrans", 0)
    client, server = connected(network, ECHO)
    with client, server:
        network.wire.hold(flagged(SERVER, "A"), until=carrying(LINE))
        told = network.wire.notice(flagged(SERVER, "A"))
        client.sendall(LINE)
        expect(server.recv(4096), LINE)
        told.wait()
        client.close()
        expect(server.recv(4096), b"")


@recorded("tcp/out-of-order.pcap", two_hosts_apart)
def out_of_order(network: Stage) -> None:
    """The second of three segments is overtaken by the third."""
    client, server = connected(network, ECHO)
    with client, server:
        network.wire.hold(carrying(named(2)), until=carrying(named(3)))
        server.sendall(parts(1, 3))
        expect_all(client, parts(1, 3))
        client.close()
        expect(server.recv(4096), b"")


@recorded("tcp/duplicate.pcap", two_hosts_apart)
def duplicate(network: Stage) -> None:
    """The wire delivers the second of three segments twice; the program reads it once."""
    client, server = connected(network, ECHO)
    with client, server:
        network.wire.double(carrying(named(2)))
        server.sendall(parts(1, 3))
        expect_all(client, parts(1, 3))
        client.close()
        expect(server.recv(4096), b"")


@recorded("tcp/slow-start.pcap", two_hosts_apart)
def slow_start(network: Stage) -> None:
    """Thirty segments, ten in the first round; the wire brings the ten acknowledgements together, and twenty follow."""
    network.client.sysctl("ipv4/tcp_early_retrans", 0)  # a late acknowledgement is not to be taken for a lost tail
    client, server = connected(network, ECHO)
    with client, server:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 200_000)
        network.wire.gather(flagged(SERVER, "A"), times=10)
        client.sendall(parts(1, 30))
        expect_all(server, parts(1, 30))
        client.close()
        expect(server.recv(4096), b"")
