"""What one header says in one line: a small function for each header class that has a habit of its own.

A header without one here is shown by its name and first fields, so that a new protocol needs nothing from this file.
The functions are found by the class's name, which keeps `rawkit read` from loading protocols that no packet has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rawkit.show.escape import visible
from rawkit.show.relative import SequenceNumbers
from rawkit.show.values import option_name, short_fields
from rawkit.wire import Header, Option, Packet

NETWORKS = {"IPv4": "IP", "IPv6": "IP6"}
TRANSPORTS = ("TCP", "UDP")


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
        packet = self.packet
        missing = packet.wire_length - len(packet)
        if not missing:
            return len(packet.payload)
        from rawkit.wire import regions

        region = regions(packet)[-1]
        return len(region.data) + region.missing


Phrase = Callable[[Scene], str]


def phrase(scene: Scene) -> str:
    """The phrase of the header at hand; "" for one that goes without saying."""
    return PHRASES.get(type(scene.header).__name__, generic)(scene)


def generic(scene: Scene) -> str:
    """Any header: its name and first fields, with the length of what follows where it is the last."""
    header = scene.header
    name = header_name(header)
    shown = short_fields(header)
    return " ".join([f"{name} {shown}".rstrip() + ",", *([f"length {scene.length}"] if scene.last else [])])


def header_name(header: Any) -> str:
    """`NeighborSolicitation` as people say it: `ICMPv6 neighbor solicitation`."""
    part_of = type(header).layout.part_of
    if part_of is None:
        return str(type(header).__name__)
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(header).__name__)
    return words.strip()


def ethernet(scene: Scene) -> str:
    """Goes without saying, unless nobody here knows what it carries."""
    if not scene.last:
        return ""
    header = scene.header
    kind = (
        f"ethertype 0x{header.type:04x}{named(header, 'type')}"
        if header.type >= 1536
        else f"802.3 length {header.type}"
    )
    return f"{header.src} > {header.dst}, {kind}, length {scene.length}"


def named(header: Any, field: str) -> str:
    """` (LLDP)`: the name of a field's number, where it has one."""
    names = type(header).layout.fields[field].names or {}
    number = getattr(header, field)
    return f" ({visible(names[number])})" if number in names else ""


def vlan(scene: Scene) -> str:
    header = scene.header
    identifier = getattr(header, "id", getattr(header, "vlan", getattr(header, "vid", "?")))
    priority = getattr(header, "priority", getattr(header, "pcp", 0))
    text = f"vlan {identifier}," + (f" p {priority}," if priority else "")
    return f"{text} ethertype 0x{header.type:04x}{named(header, 'type')}, length {scene.length}" if scene.last else text


def cooked(scene: Scene) -> str:
    """Linux's stand-in for a link header: goes without saying, unless nobody knows what it carries."""
    return generic(scene) if scene.last else ""


def arp(scene: Scene) -> str:
    header = scene.header
    match int(header.operation):
        case 1:
            said = f"Request who-has {header.target_ip} tell {header.sender_ip}"
        case 2:
            said = f"Reply {header.sender_ip} is-at {header.sender_mac}"
        case other:
            said = f"operation {other}, sender {header.sender_ip}, target {header.target_ip}"
    return f"ARP, {said}, length {len(header.layout.octets) + scene.length}"


def network(scene: Scene) -> str:
    """`IP 10.0.0.1.51234 > 10.0.0.2.7:`, and where nothing inside is known, what the data is called."""
    header, ports = scene.header, scene.transport()
    name = NETWORKS[type(header).__name__]
    source, destination = (f".{ports.sport}", f".{ports.dport}") if ports is not None else ("", "")
    text = f"{name} {header.src}{source} > {header.dst}{destination}:"
    fragment = fragment_text(header) if name == "IP" else ""
    if not scene.last:
        return f"{text} {fragment}" if fragment else text
    field = type(header).layout.next_field
    number = getattr(header, field.name)
    inside = visible((field.names or {}).get(number, f"protocol {number}"))
    return f"{text} {fragment}{inside}, length {scene.length}"


def fragment_text(header: Any) -> str:
    """`fragment id 0x1234 offset 1480+, `; "+" where more follow."""
    if not (header.fragment_offset or header.flags.mf):
        return ""
    more = "+" if header.flags.mf else ""
    return f"fragment id 0x{header.identification:04x} offset {header.fragment_offset * 8}{more}," + " "


def fragment6(scene: Scene) -> str:
    header = scene.header
    offset, more = header.fragment_offset * 8, "+" if getattr(header, "more", getattr(header, "m", 0)) else ""
    text = f"fragment id 0x{header.identification:08x} offset {offset}{more},"
    if not scene.last:
        return text
    names = type(header).layout.next_field.names or {}
    inside = visible(names.get(header.next_header, f"protocol {header.next_header}"))
    return f"{text} {inside}, length {scene.length}"


def udp(scene: Scene) -> str:
    return application(scene) or f"UDP, length {max(scene.header.length - 8, 0) or scene.length}"


def application(scene: Scene) -> str:
    """What the dissected payload says of itself."""
    found = scene.packet.application
    return visible(found.summary()) if found is not None else ""


def tcp(scene: Scene) -> str:
    header = scene.header
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
        parts.append(f"options [{','.join(map(tcp_option, header.options))}]")
    parts.append(f"length {length}")
    said = scene.packet.application if length else None
    return ", ".join(parts) + (f": {visible(said.summary())}" if said is not None else "")


TCP_OPTIONS: dict[str, Callable[[Any], str]] = {
    "EndOfOptions": lambda option: "eol",
    "NoOperation": lambda option: "nop",
    "MSS": lambda option: f"mss {option.value}",
    "WindowScale": lambda option: f"wscale {option.shift}",
    "SACKPermitted": lambda option: "sackOK",
    "SACK": lambda option: (
        f"sack {len(option.blocks)} " + "".join(f"{{{left}:{right}}}" for left, right in option.blocks)
    ),
    "Timestamps": lambda option: f"TS val {option.value} ecr {option.echo}",
    "MD5Signature": lambda option: f"md5 {option.digest.hex()}",
    "UserTimeout": lambda option: f"uto {option.timeout} {'min' if option.granularity else 's'}",
    "FastOpen": lambda option: f"tfo cookie {option.cookie.hex()}" if option.cookie else "tfo cookiereq",
}


def tcp_option(option: Option) -> str:
    """An option in tcpdump's words."""
    said = TCP_OPTIONS.get(type(option).__name__)
    if said is not None:
        return said(option)
    data = bytes(getattr(option, "data", b""))
    return f"{option_name(option)}" + (f" 0x{data.hex()}" if data else "")


PHRASES: dict[str, Phrase] = {
    "Ethernet": ethernet,
    "VLAN": vlan,
    "ServiceVLAN": vlan,
    "SLL": cooked,
    "SLL2": cooked,
    "Loopback": cooked,
    "LoopbackBE": cooked,
    "ARP": arp,
    "IPv4": network,
    "IPv6": network,
    "IPv6Fragment": fragment6,
    "UDP": udp,
    "TCP": tcp,
}
