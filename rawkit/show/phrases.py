"""What one header says in one line: a small function for each header class that has a habit of its own.

A header without one here is shown by its name and first fields, so that a new protocol needs nothing from this file.
The functions are found by the class's name, which keeps `rawkit read` from loading protocols that no packet has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rawkit.show.escape import visible
from rawkit.show.messages import icmp
from rawkit.show.multicast import igmp, igmp_query, igmp_report
from rawkit.show.places import payload_length
from rawkit.show.ppp import PHRASES as PPP_PHRASES
from rawkit.show.relative import SequenceNumbers
from rawkit.show.sctp import sctp
from rawkit.show.tunnels import geneve, gre, mpls, vxlan
from rawkit.show.values import ethertype, inside, named, option_name, option_text, short_fields
from rawkit.wire import Header, Option, Packet, regions

if TYPE_CHECKING:
    from rawkit import protocols as room

NETWORKS = {"IPv4": "IP", "IPv6": "IP6"}
LINKS = ("Ethernet", "SLL", "SLL2")
TRANSPORTS = ("TCP", "UDP", "UDPLite", "SCTP")


class Scene:
    """A packet while its line is made. `said` is true once a phrase has said all about the headers inside."""

    def __init__(self, packet: Packet, sequences: SequenceNumbers | None) -> None:
        self.packet = packet
        self.layers: tuple[Any, ...] = packet.layers
        self.sequences = sequences
        self.index = 0

    @property
    def header(self) -> Any:
        return self.layers[self.index]

    @property
    def last(self) -> bool:
        return self.index == len(self.layers) - 1

    @property
    def network(self) -> Header | None:
        """The nearest network header around this one."""
        found = (layer for layer in reversed(self.layers[: self.index]) if type(layer).__name__ in NETWORKS)
        return next(found, None)

    def transport(self) -> Any:
        """The header with ports that this network header carries, None where there is none."""
        for layer in self.layers[self.index + 1 :]:
            name = type(layer).__name__
            if name in TRANSPORTS:
                return layer
            if name in NETWORKS:
                return None
        return None

    @property
    def length(self) -> int:
        """Octets of data after the last header, as they were on the wire."""
        return payload_length(self.packet)

    def whole_length(self, index: int) -> int:
        """Octets of header `index` and of all that it carries, as they were on the wire."""
        region = regions(self.packet)[index]
        return len(region.head) + len(region.data) + region.missing

    @property
    def frame_length(self) -> int:
        """Octets of the frame around this header, from the nearest link header on."""
        links = [index for index in range(self.index + 1) if type(self.layers[index]).__name__ in LINKS]
        return self.whole_length(links[-1] if links else self.index)


Phrase = Callable[[Scene], str]


def phrase(scene: Scene) -> str:
    """The phrase of the header at hand; "" for one that goes without saying."""
    kind = type(scene.header)
    said = PHRASES.get(kind.__name__)
    if said is None:
        said = message if scene.index and type(scene.layers[scene.index - 1]) in kind.layout.part_of else generic
    return said(scene)


def generic(scene: Scene) -> str:
    """Any header: what it is called and its first fields, with the length of what follows where it is the last."""
    text = f"{type(scene.header).layout.called} {short_fields(scene.header)}".rstrip() + ","
    return f"{text} length {scene.length}" if scene.last else text


def message(scene: Scene) -> str:
    """A header that is one protocol with the one before goes with that one's phrase."""
    return ""


def ethernet(scene: Scene) -> str:
    """Goes without saying, unless nobody here knows what it carries; then the length is the frame's."""
    header: room.Ethernet = scene.header
    if not scene.last:
        return ""
    ends = f"{header.src} > {header.dst}"
    if header.type >= 1536:
        return f"{ends}, {ethertype(header, 'type')}, length {scene.frame_length}"
    from rawkit.protocols.llc import raw_ipx

    kind = f"802.3 length {header.type}{' (IPX without LLC)' if raw_ipx(scene.packet.payload) else ''}"
    return f"{ends}, {kind}, length {scene.length}"


def vlan(scene: Scene) -> str:
    header: room.VLAN | room.ServiceVLAN = scene.header
    text = f"vlan {header.id}," + (f" p {header.priority}," if header.priority else "")
    return f"{text} {ethertype(header, 'type')}, length {scene.frame_length}" if scene.last else text


def llc(scene: Scene) -> str:
    """`LLC dsap 0x42 (STP) ssap 0x42 ctrl 0x03`; says nothing before SNAP, which says it all."""
    header: room.LLC | room.LLCNumbered = scene.header
    if not scene.last:
        return ""
    sides = f"dsap 0x{header.dsap:02x}{named(header, 'dsap')} ssap 0x{header.ssap:02x}"
    return f"LLC, {sides} ctrl 0x{header.control:02x}, length {scene.length}"


def snap(scene: Scene) -> str:
    return generic(scene) if scene.last else ""


def cooked(scene: Scene) -> str:
    """A capture's stand-in for a link header: goes without saying, unless nobody knows what it carries."""
    return generic(scene) if scene.last else ""


PACKET_TYPES = {0: "In", 1: "B", 2: "M", 3: "P", 4: "Out"}
"""Which way a packet went: to us, broadcast, multicast, to another host (promiscuous), sent by us."""


def cooked2(scene: Scene) -> str:
    """`if3 In`: the interface's number, for its name is known only where the packets were captured."""
    header: room.SLL2 = scene.header
    way = PACKET_TYPES.get(header.packet_type, "?")
    return generic(scene) if scene.last else f"if{header.interface_index} {way}"


def arp(scene: Scene) -> str:
    header: room.ARP = scene.header
    sender, target = header.sender_ip or "?", header.target_ip or "?"
    said = {
        1: f"Request who-has {target} tell {sender}",
        2: f"Reply {sender} is-at {header.sender_mac or '?'}",
    }.get(header.opcode, f"opcode {header.opcode}{named(header, 'opcode')}, sender {sender}, target {target}")
    return f"ARP, {said}, length {len(header.layout.octets) + scene.length}"


def network(scene: Scene) -> str:
    """`IP 10.0.0.1.51234 > 10.0.0.2.7:`, and where nothing inside is known, what the data is called."""
    header, ports = scene.header, scene.transport()
    name = NETWORKS[type(header).__name__]
    source, destination = (f".{ports.sport}", f".{ports.dport}") if ports is not None else ("", "")
    text = f"{name} {header.src}{source} > {header.dst}{destination}:"
    fragment = fragment_text(header) if name == "IP" else ""
    return f"{text} {fragment}" + (inside(scene) if scene.last else "")


def fragment_text(header: room.IPv4) -> str:
    """`fragment id 0x1234 offset 1480+, `; "+" where more follow; "" for a whole datagram."""
    if not (header.fragment_offset or header.flags.mf):
        return ""
    more = "+" if header.flags.mf else ""
    return f"fragment id 0x{header.identification:04x} offset {header.fragment_offset * 8}{more}, "


def fragment6(scene: Scene) -> str:
    """`frag (0x646edaea:1448|1448+) `: which datagram, offset and length of this piece; "+" where more follow."""
    header: room.IPv6Fragment = scene.header
    more = "+" if header.more_fragments else ""
    length = scene.whole_length(scene.index) - len(header.layout.octets)
    text = f"frag (0x{header.identification:08x}:{header.fragment_offset * 8}|{length}{more}) "
    return text + (inside(scene) if scene.last else "")


def extension(scene: Scene) -> str:
    """A hop-by-hop or destination options header: its name and the options that are more than padding."""
    header: room.IPv6HopByHop | room.IPv6DestinationOptions = scene.header
    name = "HBH" if type(header).__name__ == "IPv6HopByHop" else "DSTOPT"
    options = [option_text(option) for option in header.options if not type(option).__name__.startswith("Pad")]
    text = f"{name} [{','.join(options)}] " if options else f"{name} "
    return text + (inside(scene) if scene.last else "")


def routing(scene: Scene) -> str:
    header: room.IPv6Routing | room.IPv6SegmentRouting | room.IPv6UnknownRouting = scene.header
    text = f"RT type {header.routing_type}, segments left {header.segments_left}, "
    return text + (inside(scene) if scene.last else "")


def authentication(scene: Scene) -> str:
    header: room.AuthenticationHeader = scene.header
    text = f"AH spi 0x{header.spi:08x}, seq {header.sequence_number}, "
    return text + (inside(scene) if scene.last else "")


def udp(scene: Scene) -> str:
    """`UDP, length 4`, or what the application says; nothing before a header that UDP carries."""
    header: room.UDP = scene.header
    if not scene.last:
        return ""
    return application(scene) or f"UDP, length {max(header.length - 8, 0) or scene.length}"


def udp_lite(scene: Scene) -> str:
    """`UDP-Lite, coverage 8, length 5`: how much is covered only where that is not all."""
    header: room.UDPLite = scene.header
    part = f" coverage {header.coverage}," if header.coverage else ""
    return application(scene) or f"UDP-Lite,{part} length {scene.length}"


def application(scene: Scene) -> str:
    """What the dissected payload says of itself."""
    found = scene.packet.application
    return visible(found.summary()) if found is not None else ""


def tcp(scene: Scene) -> str:
    header: room.TCP = scene.header
    length = scene.length if scene.last else 0
    seq, ack = scene.sequences.of(scene.network, header) if scene.sequences else (header.seq, header.ack)
    parts = [f"Flags [{str(header.flags) or 'none'}]"]
    if length or header.flags & 0b111:  # SYN, FIN and RST occupy or reset a place in the sequence
        parts.append(f"seq {seq}:{seq + length & 0xFFFFFFFF}" if length else f"seq {seq}")
    if header.flags.ack:
        parts.append(f"ack {ack}")
    parts.append(f"win {header.window}")
    if header.flags.urg:
        parts.append(f"urg {header.urgent_pointer}")
    if header.options:
        origin = header.ack - ack  # what the other end's numbers are counted from, in its blocks too
        parts.append(f"options [{','.join(tcp_option(option, origin) for option in header.options)}]")
    parts.append(f"length {length}")
    said = scene.packet.application if length else None
    return ", ".join(parts) + (f": {visible(said.summary())}" if said is not None else "")


TCP_OPTIONS: dict[str, Callable[[Any], str]] = {
    "EndOfOptions": lambda option: "eol",
    "NoOperation": lambda option: "nop",
    "MSS": lambda option: f"mss {option.value}",
    "WindowScale": lambda option: f"wscale {option.shift}",
    "SACKPermitted": lambda option: "sackOK",
    "Timestamps": lambda option: f"TS val {option.value} ecr {option.echo}",
    "MD5Signature": lambda option: f"md5 {option.digest.hex()}",
    "UserTimeout": lambda option: f"uto {option.timeout} {'min' if option.granularity else 's'}",
    "FastOpen": lambda option: f"tfo cookie {option.cookie.hex()}" if option.cookie else "tfo cookiereq",
}


def tcp_option(option: Option, origin: int) -> str:
    """An option in tcpdump's words; a SACK's edges counted from `origin`."""
    name = type(option).__name__
    if name == "SACK":
        return sack(option, origin)  # type: ignore[arg-type]
    said = TCP_OPTIONS.get(name)
    if said is not None:
        return said(option)
    data = bytes(getattr(option, "data", b""))
    return f"{option_name(option)}" + (f" 0x{data.hex()}" if data else "")


def sack(option: room.SACK, origin: int) -> str:
    """`sack 1 {1461:2921}`."""
    edges = [((left - origin) & 0xFFFFFFFF, (right - origin) & 0xFFFFFFFF) for left, right in option.blocks]
    return f"sack {len(edges)} " + "".join(f"{{{left}:{right}}}" for left, right in edges)


PHRASES: dict[str, Phrase] = {
    "ARP": arp,
    "AuthenticationHeader": authentication,
    "EnhancedGRE": gre,
    "Ethernet": ethernet,
    "GRE": gre,
    "GREChecksum": gre,
    "GRERouting": gre,
    "Geneve": geneve,
    "ICMPv4": icmp,
    "ICMPv6": icmp,
    "IGMP": igmp,
    "IGMPQuery": igmp_query,
    "IGMPReport": igmp_report,
    "IPv4": network,
    "IPv6": network,
    "IPv6DestinationOptions": extension,
    "IPv6Fragment": fragment6,
    "IPv6HopByHop": extension,
    "IPv6Routing": routing,
    "IPv6SegmentRouting": routing,
    "IPv6UnknownRouting": routing,
    "LLC": llc,
    "LLCNumbered": llc,
    "LoopbackBE": cooked,
    "LoopbackLE": cooked,
    "MPLS": mpls,
    "SCTP": sctp,
    "SLL": cooked,
    "SLL2": cooked2,
    "SNAP": snap,
    "SNAPVendor": snap,
    "ServiceVLAN": vlan,
    "TCP": tcp,
    "UDP": udp,
    "UDPLite": udp_lite,
    "VLAN": vlan,
    "VXLAN": vxlan,
    **PPP_PHRASES,
}
