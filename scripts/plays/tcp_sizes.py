"""How a long send() is cut: by the MSS, by a card, by a router's smaller MTU."""

from scripts.plays.networks import (
    Stage,
    behind_a_router,
    behind_a_router_with_ipv6,
    two_hosts_apart,
    two_hosts_with_offload,
)
from scripts.plays.plan import ECHO, connected, expect, expect_all, recorded
from scripts.plays.segments import carrying, named, parts

TEXT = b"".join(b"%05d octets before this line, and a line takes 50\n" % (50 * number) for number in range(600))


def send_at_once(network: Stage, octets: int) -> None:
    """So many octets in one call, and the end."""
    client, server = connected(network, ECHO)
    with client, server:
        client.sendall(TEXT[:octets])
        expect_all(server, TEXT[:octets])
        client.close()
        expect(server.recv(4096), b"")


@recorded("tcp/segmentation.pcap")
def segmentation(network: Stage) -> None:
    """10,000 octets by one send(): six segments of the MSS, and the rest."""
    send_at_once(network, 10_000)


@recorded("tcp/super-segments.pcap", two_hosts_with_offload)
def super_segments(network: Stage) -> None:
    """30,000 octets by one send(), which the kernel hands to a card that cuts them; this one hands them on uncut."""
    send_at_once(network, 30_000)


@recorded("tcp/path-mtu.pcap", behind_a_router)
@recorded("tcp/path-mtu-ipv6.pcap", behind_a_router_with_ipv6)
def path_mtu(network: Stage) -> None:
    """3,000 octets towards a link that carries 1,300 at a time: the router refuses, and says how much would pass."""
    send_at_once(network, 3_000)


@recorded("tcp/pieces.pcap", two_hosts_apart)
def pieces(network: Stage) -> None:
    """Two segments by one send(); the second is late. The server reads what is there, says so, and reads the rest."""
    client, server = connected(network, ECHO)
    with client, server:
        network.client.sysctl("ipv4/tcp_early_retrans", 0)  # what is late is not to be taken for lost
        network.wire.hold(carrying(named(2)), until=carrying(b"half\n"))
        client.sendall(parts(1, 2))
        expect(server.recv(1000), parts(1, 1)[:1000])
        expect(server.recv(4096), parts(1, 1)[1000:])
        server.sendall(b"half\n")
        expect(server.recv(4096), parts(2, 2))
        expect(client.recv(4096), b"half\n")
        client.close()
        expect(server.recv(4096), b"")
