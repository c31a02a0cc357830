"""A recorded conversation inside of a tunnel that no kernel here has: its frames, with other headers around them.

The ends of the tunnel are the two hosts themselves, by other addresses. The packets inside are octet for octet those
that were recorded: a kernel that knew of the tunnel would have asked for smaller segments.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import count

from rawkit import (
    ARP,
    GRE,
    IPCP,
    LCP,
    MPLS,
    PPP,
    UDP,
    Ethernet,
    Geneve,
    Header,
    IPCPAddress,
    IPCPConfigure,
    IPv4,
    LCPConfigure,
    MagicNumber,
    MaximumReceiveUnit,
    NeighborAdvertisement,
    NeighborSolicitation,
    Packet,
    PPPoEACCookie,
    PPPoEACName,
    PPPoEDiscovery,
    PPPoEHostUniq,
    PPPoEServiceName,
    PPPoESession,
    UnknownGeneveOption,
)
from scripts.builds.plan import CLIENT, SERVER, STEP_NS, TO_CLIENT, TO_SERVER, Frames, altered, timed_pcap

NEAR, FAR = "192.0.2.1", "192.0.2.2"  # the hosts outside of the tunnel (RFC 5737: for examples)
NEAR_MAC, FAR_MAC = "02:00:00:00:02:01", "02:00:00:00:02:02"
SESSION = 0x002A

Around = Callable[[bool], Sequence[Header]]
"""The headers around a packet from the client (True), or to it."""


def carried(frames: Frames, around: Around, whole: bool = False) -> Iterator[tuple[int, bytes]]:
    """Each frame's time and octets in a tunnel: `whole`, or without Ethernet's header, and what its link was told."""
    for frame in frames:
        forth = frame.packet[Ethernet].src == TO_SERVER.src
        if whole or not is_of_the_link(frame.packet):
            inner = frame.packet.layers if whole else frame.packet.layers[1:]
            yield frame.time_ns or 0, bytes(Packet(*around(forth), *inner, frame.packet.payload))


def is_of_the_link(packet: Packet) -> bool:
    """ARP and neighbour discovery: no router passes them on."""
    return any(kind in packet for kind in (ARP, NeighborSolicitation, NeighborAdvertisement))


def link(forth: bool) -> Ethernet:
    """Outside of the tunnel, by other cards."""
    return Ethernet(src=NEAR_MAC, dst=FAR_MAC) if forth else Ethernet(src=FAR_MAC, dst=NEAR_MAC)


def ip(forth: bool) -> IPv4:
    """The outer one: it is all that the network between the ends goes by."""
    near, far = (NEAR, FAR) if forth else (FAR, NEAR)
    return IPv4(src=near, dst=far, flags="DF")  # as the packets inside have it (RFC 2003)


@altered("tunnels/gre.pcap", of="tcp/echo.pcap")
def gre(frames: Frames) -> bytes:
    """A key says which tunnel it is; each end counts what it sends (RFC 2890)."""
    numbers = {True: count(), False: count()}
    return timed_pcap(
        carried(frames, lambda forth: (link(forth), ip(forth), GRE(key=42, sequence_number=next(numbers[forth]))))
    )


@altered("tunnels/ip-in-ip.pcap", of="tcp/echo.pcap")
def ip_in_ip(frames: Frames) -> bytes:
    """A header of IPv4 before another one, and nothing between them (RFC 2003)."""
    return timed_pcap(carried(frames, lambda forth: (link(forth), ip(forth))))


@altered("tunnels/6in4.pcap", of="tcp/echo-ipv6.pcap")
def six_in_four(frames: Frames) -> bytes:
    """IPv6 through a network that has only IPv4 (RFC 4213)."""
    return timed_pcap(carried(frames, lambda forth: (link(forth), ip(forth))))


@altered("tunnels/mpls.pcap", of="tcp/echo.pcap")
def mpls(frames: Frames) -> bytes:
    """Two labels: the outer one is the path, the inner one whose packet it is at the path's end."""
    return timed_pcap(carried(frames, lambda forth: (link(forth), MPLS(label=100 if forth else 200), MPLS(label=42))))


@altered("tunnels/geneve.pcap", of="tcp/echo.pcap")
def geneve(frames: Frames) -> bytes:
    """Whole Ethernet frames, ARP's too, with an option that says more of them than the number of their network."""
    mark = UnknownGeneveOption(kind=0x0102, type=0x80, data=b"\x00\x01\x00\x02")  # OVN: from its port 1 to its port 2
    return timed_pcap(
        carried(
            frames,
            lambda forth: (
                *(link(forth), ip(forth), UDP(sport=50001 if forth else 50002)),
                Geneve(vni=42, critical=1, options=[mark]),
            ),
            whole=True,
        )
    )


@altered("tunnels/pppoe.pcap", of="tcp/echo.pcap")
def pppoe(frames: Frames) -> bytes:
    """A modem finds its provider, agrees with it on PPP and on an address, is used, and says goodbye."""
    conversation = list(carried(frames, lambda forth: inside(forth).layers))
    before, after = [*discovery(), *agreement()], goodbye()
    begin, end = conversation[0][0] - len(before) * STEP_NS, conversation[-1][0] + STEP_NS
    return timed_pcap(
        [
            *((begin + number * STEP_NS, bytes(packet)) for number, packet in enumerate(before)),
            *conversation,
            *((end + number * STEP_NS, bytes(packet)) for number, packet in enumerate(after)),
        ]
    )


def modem_to_provider(forth: bool) -> Ethernet:
    """From the modem (the client's MAC) to the provider's concentrator (the server's), or back."""
    ends = TO_SERVER if forth else TO_CLIENT
    return Ethernet(src=ends.src, dst=ends.dst)


def discovery() -> list[Packet]:
    """RFC 2516 section 5: who is there? I am; then you; this is your session's number."""
    modem, service, name = PPPoEHostUniq(b"modem"), PPPoEServiceName(), PPPoEACName(b"concentrator")
    cookie = PPPoEACCookie(bytes(range(16)))
    everybody = Ethernet(src=TO_SERVER.src, dst="ff:ff:ff:ff:ff:ff")
    return [
        everybody / PPPoEDiscovery(code=0x09, tags=[service, modem]),
        modem_to_provider(False) / PPPoEDiscovery(code=0x07, tags=[service, name, modem, cookie]),
        modem_to_provider(True) / PPPoEDiscovery(code=0x19, tags=[service, modem, cookie]),
        modem_to_provider(False) / PPPoEDiscovery(code=0x65, session_id=SESSION, tags=[service, modem]),
    ]


def agreement() -> list[Packet]:
    """Each asks and is granted: of LCP how large a frame may be, of IPCP which address it has (RFC 1661, RFC 1332)."""
    steps: list[Packet] = []
    for forth, magic in (True, 0x1001), (False, 0x2002):
        options = LCPConfigure(options=[MaximumReceiveUnit(1492), MagicNumber(magic)])
        steps += [inside(forth) / LCP(code=1) / options, inside(not forth) / LCP(code=2) / options]
    for forth, address in (True, CLIENT), (False, SERVER):
        addresses = IPCPConfigure(options=[IPCPAddress(address)])
        steps += [inside(forth) / IPCP(code=1) / addresses, inside(not forth) / IPCP(code=2) / addresses]
    return steps


def goodbye() -> list[Packet]:
    """PPP ends (terminate request and its acknowledgement), and then the session."""
    return [
        inside(True) / LCP(code=5, identifier=1),
        inside(False) / LCP(code=6, identifier=1),
        modem_to_provider(True) / PPPoEDiscovery(code=0xA7, session_id=SESSION),
    ]


def inside(forth: bool) -> Packet:
    """What is before PPP's messages."""
    return modem_to_provider(forth) / PPPoESession(session_id=SESSION) / PPP()
