"""Headers that no kernel here would send: options, routes, tags, extension headers, cooked captures."""

from random import Random

from rawkit import (
    ARP,
    SLL,
    SLL2,
    UDP,
    VLAN,
    AuthenticationHeader,
    Ethernet,
    Header,
    InternetTimestamp,
    IPv4,
    IPv4EndOfOptions,
    IPv4NoOperation,
    IPv4Option,
    IPv4UnknownOption,
    IPv6,
    IPv6DestinationOptions,
    IPv6Fragment,
    IPv6HopByHop,
    IPv6RouterAlert,
    IPv6Routing,
    IPv6SegmentRouting,
    IPv6UnknownOption,
    LooseSourceRoute,
    Packet,
    PadN,
    RecordRoute,
    RouterAlert,
    ServiceVLAN,
    StrictSourceRoute,
)
from rawkit.wire import IPv4Address
from scripts.builds.plan import CLIENT, LINE, SERVER, TO_SERVER, built, dialogue, ephemeral, pcap

CLIENT_COOKED, SERVER_COOKED = "0200000000010000", "0200000000020000"  # MACs, filled up to 8 octets


@built("ipv4/options.pcap", seed=4)
def ipv4_options(choose: Random) -> bytes:
    """A datagram an option, as it reaches the server: routes are travelled, one router has written itself in."""
    milliseconds = choose.randrange(86_400_000)  # since midnight UTC
    nobody, router, earlier = map(IPv4Address, ("0.0.0.0", "10.0.0.254", "10.0.0.253"))
    options: list[list[IPv4Option]] = [
        [RecordRoute(pointer=8, route=(router, nobody, nobody)), IPv4NoOperation()],
        [InternetTimestamp(pointer=9, overflow=1, format=0, entries=(milliseconds,))],
        [InternetTimestamp(pointer=13, format=1, stamps=((router, milliseconds),))],
        [LooseSourceRoute(pointer=12, route=(earlier, router)), IPv4EndOfOptions()],
        [IPv4NoOperation(), StrictSourceRoute(pointer=8, route=(router,))],
        [RouterAlert(value=0)],
        [IPv4UnknownOption(kind=222, data=choose.randbytes(6))],  # 222: for experiments (RFC 4727 section 3.2)
    ]
    udp = UDP(sport=ephemeral(choose), dport=7)
    return pcap(TO_SERVER / IPv4(src=CLIENT, dst=SERVER, options=some) / udp / LINE for some in options)


@built("ipv4/source-routes.pcap", seed=9)
def ipv4_source_routes(choose: Random) -> bytes:
    """Datagrams by way of two routers, met on the first, the second and the last link; then one by a strict route.

    The destination is the next stop; a router puts the next one there, and itself where that one was (RFC 791).
    """
    near, far = "10.0.0.254", "10.0.0.253"
    travelled = [
        (near, 4, (far, SERVER)),
        (far, 8, (near, SERVER)),
        (SERVER, 12, (near, far)),
    ]
    udp = UDP(sport=ephemeral(choose), dport=7)
    packets = [
        TO_SERVER
        / IPv4(src=CLIENT, dst=stop, ttl=64 - hops, options=[LooseSourceRoute(pointer=pointer, route=route)])
        / udp
        / LINE
        for hops, (stop, pointer, route) in enumerate(travelled)
    ]
    strict = StrictSourceRoute(pointer=4, route=(far, SERVER))
    return pcap([*packets, TO_SERVER / IPv4(src=CLIENT, dst=near, options=[strict]) / udp / LINE])


@built("link/vlan-stack.pcap", seed=5)
def vlan_stack(choose: Random) -> bytes:
    """One tag, a provider's tag before it, two tags of the same kind, a tag for its priority only, and a padded ARP."""
    customer, provider = VLAN(id=10), ServiceVLAN(id=100, priority=3)
    udp = UDP(sport=ephemeral(choose), dport=7) / LINE
    ip = IPv4(src=CLIENT, dst=SERVER)
    ask = ARP(opcode=1, sender_mac=TO_SERVER.src, sender_ip=CLIENT, target_ip=SERVER)
    everybody = Ethernet(src=TO_SERVER.src, dst="ff:ff:ff:ff:ff:ff")
    return pcap(
        [
            TO_SERVER / customer / ip / udp,
            TO_SERVER / provider / customer / ip / udp,
            TO_SERVER / VLAN(id=20) / customer / ip / udp,
            TO_SERVER / VLAN(id=0, priority=5, dei=1) / IPv6(src="fd00::1", dst="fd00::2") / udp,
            bytes(everybody / provider / customer / ask) + bytes(10),  # up to 60 octets, the least on Ethernet
        ]
    )


@built("cooked/sll.pcap", seed=6)
def cooked_sll(choose: Random) -> bytes:
    """A dialogue as the client's kernel tells it to a capture of all interfaces."""
    sent, received = SLL(packet_type=4, address=CLIENT_COOKED), SLL(packet_type=0, address=SERVER_COOKED)
    directions = (sent, received, sent)
    return pcap((cooked(head, packet) for head, packet in zip(directions, dialogue(choose), strict=True)), linktype=113)


@built("cooked/sll2.pcap", seed=7)
def cooked_sll2(choose: Random) -> bytes:
    """The same by the second version, which names the interface: here a host's third."""
    sent = SLL2(packet_type=4, address=CLIENT_COOKED, interface_index=3)
    received = SLL2(packet_type=0, address=SERVER_COOKED, interface_index=3)
    directions = (sent, received, sent)
    return pcap((cooked(head, packet) for head, packet in zip(directions, dialogue(choose), strict=True)), linktype=276)


def cooked(head: Header, packet: Packet) -> Packet:
    """The packet with this in place of its Ethernet header."""
    _, *layers = packet.layers
    return Packet(head, *layers, packet.payload)


@built("ipv6/extension-headers.pcap", seed=8)
def ipv6_extension_headers(choose: Random) -> bytes:
    """Each extension header alone before a datagram, then all in RFC 8200's order, then one with nothing after it."""
    experiment = IPv6UnknownOption(kind=0x1E, data=choose.randbytes(4))  # RFC 4727 section 3.3
    alert = IPv6HopByHop(options=[IPv6RouterAlert(value=0), PadN(data=b"")])
    options = IPv6DestinationOptions(options=[experiment])
    routing = IPv6Routing(segments_left=1, addresses=["fd00::2"])  # the checksum's destination, not where it goes next
    segments = IPv6SegmentRouting(segments_left=1, last_entry=1, segments=["fd00::2", "fd00::fe"])
    whole = IPv6Fragment(identification=choose.getrandbits(32))  # a fragment that is all there is (RFC 6946)
    signed = AuthenticationHeader(spi=256, sequence_number=1, icv=choose.randbytes(12))
    udp = UDP(sport=ephemeral(choose), dport=7) / LINE
    there, by_router = IPv6(src="fd00::1", dst="fd00::2"), IPv6(src="fd00::1", dst="fd00::fe")
    return pcap(
        [
            TO_SERVER / there / alert / udp,
            TO_SERVER / there / options / udp,
            TO_SERVER / by_router / routing / udp,
            TO_SERVER / by_router / segments / udp,
            TO_SERVER / there / whole / udp,
            TO_SERVER / there / signed / udp,
            TO_SERVER / by_router / alert / options / routing / whole / signed / options / udp,
            Packet(TO_SERVER, there, alert),
        ]
    )
