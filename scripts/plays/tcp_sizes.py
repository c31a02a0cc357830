"""How a long send() is cut: by the MSS, by a card, by a router's smaller MTU."""

from scripts.netlab import Network
from scripts.netlab.networks import behind_a_router, behind_a_router_with_ipv6, two_hosts_with_offload
from scripts.plays.plan import ECHO, connected, expect, expect_all, recorded

TEXT = b"".join(b"%05d octets before this line, and a line takes 50\n" % (50 * number) for number in range(600))


def send_at_once(network: Network, octets: int) -> None:
    """So many octets in one call, and the end."""
    client, server = connected(network, ECHO)
    with client, server:
        client.sendall(TEXT[:octets])
        expect_all(server, TEXT[:octets])
        client.close()
        expect(server.recv(4096), b"")


@recorded("tcp/segmentation.pcap")
def segmentation(network: Network) -> None:
    """10,000 octets by one send(): six segments of the MSS, and the rest."""
    send_at_once(network, 10_000)


@recorded("tcp/super-segments.pcap", two_hosts_with_offload)
def super_segments(network: Network) -> None:
    """30,000 octets by one send(), which the kernel hands to a card that cuts them; this one hands them on uncut."""
    send_at_once(network, 30_000)


@recorded("tcp/path-mtu.pcap", behind_a_router)
@recorded("tcp/path-mtu-ipv6.pcap", behind_a_router_with_ipv6)
def path_mtu(network: Network) -> None:
    """3,000 octets towards a link that carries 1,300 at a time: the router refuses, and says how much would pass."""
    send_at_once(network, 3_000)
