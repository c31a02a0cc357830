"""What inference needs of a packet, and nothing else: a small record, so that long conversations fit in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rawkit.analysis.icmp_errors import meaning
from rawkit.analysis.tunnels import tunnel_of
from rawkit.protocols.icmpv4_messages import ICMPv4DestinationUnreachable
from rawkit.protocols.icmpv6_messages import ICMPv6PacketTooBig
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.tcp import TCP
from rawkit.protocols.tcp_options import MSS, SACK, FastOpen, SACKPermitted, Timestamps, WindowScale
from rawkit.protocols.udp import UDP
from rawkit.wire import UNKNOWN, Header, Packet, final_destination, regions
from rawkit.wire.walk import fragmented

if TYPE_CHECKING:
    from rawkit.capture import Frame

Address = tuple[str, int]
"""An end point: address and port."""

FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
"""Bits of the flags field (RFC 9293 section 3.1)."""

MAX_DATA = 30
"""Octets of data that are kept of each packet, to be shown."""

PROTOCOLS = {6: "tcp", 17: "udp"}
"""IP's numbers for what has conversations here."""


class Options(NamedTuple):
    """What a TCP segment's options say; None and empty where it has none of that kind."""

    mss: int | None = None
    scale: int | None = None
    sack_permitted: bool = False
    sack: tuple[tuple[int, int], ...] = ()
    """Pieces that have arrived, as the numbers of their first octet and of the one after their last (RFC 2018)."""
    tsval: int | None = None
    tsecr: int | None = None
    fast_open: bool = False


NO_OPTIONS = Options()


class Observed(NamedTuple):
    """One packet of a conversation.

    `kind` is "tcp", "udp", "icmp" (an error about a packet that `source` had sent) or "fragment" (a later piece of a
    datagram). `length` is octets of data in this packet, on the wire; `whole` those of the datagram that it begins, or
    of the one that an ICMP error quotes (None where it does not say), and `identification` IP's number of that
    datagram; `seq` of an ICMP error is that of the segment it quotes. `octets` are the whole frame's. `bad_checksum`:
    the headers, as they are called, whose checksum was judged wrong; `partial`: those that left it to the network card.
    `words` and `error` are an ICMP error's, `soft` that sockets of UDP do not hear of it, `mtu` the size that still
    fits, where it says one, and `via` its sender when that is not `destination`. `data`: the beginning of the data,
    `MAX_DATA` octets of it. `tunnel`: what it is inside of, "" outside of any.
    """

    kind: str
    protocol: str
    source: Address
    destination: Address
    number: int
    time_ns: int | None
    octets: int
    length: int = 0
    flags: int = 0
    seq: int = 0
    ack: int = 0
    window: int = 0
    whole: int | None = None
    identification: int | None = None
    data: bytes = b""
    options: Options = NO_OPTIONS
    # -- few packets have anything of the rest
    fragment: bool = False
    bad_checksum: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    words: str = ""
    error: str = ""
    soft: bool = False
    mtu: int | None = None
    via: str = ""
    tunnel: str = ""


def observe(frame: Frame) -> Observed | None:
    """The record of a frame of a TCP or UDP conversation, told by its own ports or those it quotes; else None.

    In a tunnel that is the conversation of the innermost packet.
    """
    packet = frame.packet
    network, transport = innermost_ends(packet)
    if isinstance(transport, TCP):
        return _segment(frame, packet, network, transport)
    if isinstance(transport, UDP):
        return _datagram(frame, packet, network, transport)
    return _icmp_error(frame, packet, network) if network is not None else None


def innermost_ends(packet: Packet) -> tuple[Any, TCP | UDP | None]:
    """The innermost IP header, and the header with ports that it carries; None where there is none.

    What carries one more header (UDP around VXLAN) is a tunnel's, and no program's.
    """
    networks = [header for header in packet.layers if isinstance(header, IPv4 | IPv6)]
    last = packet.layers[-1] if networks else None
    return networks[-1] if networks else None, last if isinstance(last, TCP | UDP) else None


def innermost(packet: Packet) -> str:
    """What a packet's last header is called; "" where it has none."""
    return type(packet.layers[-1]).layout.called if packet.layers else ""


def _common(frame: Frame, packet: Packet) -> dict[str, Any]:
    octets = max(packet.wire_length, len(frame.octets))
    return {"number": frame.number, "time_ns": frame.time_ns, "octets": octets, "tunnel": tunnel_of(packet)}


def _segment(frame: Frame, packet: Packet, network: Any, tcp: TCP) -> Observed:
    return Observed(
        "tcp",
        "tcp",
        (network.src, tcp.sport),
        (destination_of(packet), tcp.dport),
        length=_data_after(packet, network, tcp),
        flags=int(tcp.flags),
        seq=tcp.seq,
        ack=tcp.ack,
        window=tcp.window,
        options=options_of(tcp) if len(tcp.layout.octets) > 20 else NO_OPTIONS,
        fragment=packet.fragment,
        identification=network.identification if isinstance(network, IPv4) else None,
        data=packet.payload[:MAX_DATA],
        **_common(frame, packet),
    )


def options_of(tcp: TCP) -> Options:
    """What a segment's options say."""
    found: dict[str, Any] = {}
    for option in tcp.options:
        match option:
            case MSS():
                found["mss"] = option.value
            case WindowScale():
                found["scale"] = option.shift
            case SACKPermitted():
                found["sack_permitted"] = True
            case SACK():
                found["sack"] = option.blocks
            case Timestamps():
                found["tsval"], found["tsecr"] = option.value, option.echo
            case FastOpen():
                found["fast_open"] = True
    return Options(**found)


def _datagram(frame: Frame, packet: Packet, network: Any, udp: UDP) -> Observed:
    """RFC 768 has the length in the header; 0 means "as long as IP says" (RFC 2675), and shorter ones are wrong."""
    here = _data_after(packet, network, udp)
    whole = udp.length - 8 if udp.length >= 8 else here
    fragment = packet.fragment
    return Observed(
        "udp",
        "udp",
        (network.src, udp.sport),
        (destination_of(packet), udp.dport),
        length=here if fragment else whole,
        fragment=fragment,
        whole=whole,
        identification=identification_of(packet),
        data=packet.payload[:MAX_DATA],
        **_common(frame, packet),
    )


def later_fragment(frame: Frame, first: Observed) -> Observed:
    """The record of a piece without ports, whose datagram begins in `first`."""
    packet = frame.packet
    network, _ = innermost_ends(packet)
    return Observed(
        "fragment",
        first.protocol,
        first.source,
        first.destination,
        length=_data_after(packet, network, packet.layers[-1]),
        fragment=True,
        identification=first.identification,
        **_common(frame, packet) | {"tunnel": first.tunnel},
    )


def destination_of(packet: Packet) -> Any:
    """Whom a packet is for: where its source route ends, while `dst` is only the next router on it.

    RFC 791 section 3.1 (IPv4's options), RFC 8200 section 4.4 (IPv6's routing headers).
    """
    places = [place for place, header in enumerate(packet.layers) if isinstance(header, (IPv4, IPv6))]
    if not places:
        return None
    network: Any = packet.layers[places[-1]]
    final = final_destination(packet.layers[places[-1] :])
    return network.dst if final is None or final is UNKNOWN else final


def identification_of(packet: Packet) -> int | None:
    """The number that all pieces of a datagram share; over IPv6 only a piece has one.

    In a tunnel the datagram is the outermost that is in pieces, or else the innermost.
    """
    headers: list[Any] = list(packet.layers)
    numbered = [header for header in headers if "fragment_offset" in type(header).layout.fields]
    piece = next((header for header in numbered if fragmented([header])), None)
    network, _ = innermost_ends(packet)
    whole = next((header for header in numbered if network and header.layout.offset >= network.layout.offset), None)
    found = piece or whole
    return found.identification if found is not None else None


def _data_after(packet: Packet, network: Any, transport: Header) -> int:
    """Octets that the transport header carried on the wire, by IP's own length: also where the capture kept fewer.

    A length of 0 is a super-segment's, recorded before the network card cut it: then the frame tells.
    """
    start: int = network.layout.offset
    if isinstance(network, IPv4):
        stop = start + network.total_length if network.total_length else packet.wire_length
    else:
        stop = start + 40 + network.payload_length if network.payload_length else packet.wire_length
    return max(0, min(stop, packet.wire_length) - _behind(packet, transport))


def _behind(packet: Packet, transport: Header) -> int:
    """Where the transport header ended on the wire: also where the capture kept only a part of it."""
    end: int = transport.layout.offset + len(transport.layout.octets)
    return end if end < len(packet) else end + regions(packet)[-1].head_missing


def datagram_of(packet: Packet) -> tuple[Any, ...] | None:
    """What the pieces of one datagram share; None for a whole one.

    Source, destination, protocol and identification (RFC 791 section 3.2), over IPv6 no protocol (RFC 8200 section
    4.5).
    """
    headers: list[Any] = list(packet.layers)
    place = next((place for place, header in enumerate(headers) if fragmented([header])), None)
    if place is None:
        return None
    network = next(header for header in reversed(headers[: place + 1]) if isinstance(header, IPv4 | IPv6))
    protocol = network.protocol if isinstance(network, IPv4) else None
    return network.src, network.dst, protocol, identification_of(packet)


def _icmp_error(frame: Frame, packet: Packet, network: Any) -> Observed | None:
    """An ICMP error that quotes a TCP or UDP packet: it belongs to that packet's conversation, and to its sender."""
    quoted = packet.quoted
    ends = quoted_ends(quoted) if quoted is not None else None
    said = next((header for header in packet.layers if "code" in type(header).layout.fields), None)
    if quoted is None or ends is None or said is None:
        return None
    protocol, source, destination = ends
    message: Any = said
    words, error, soft = meaning(isinstance(network, IPv6), message.type, message.code)
    via = "" if network.src == destination[0] else str(network.src)
    return Observed(
        "icmp",
        protocol,
        source,
        destination,
        seq=_quoted_seq(quoted),
        whole=_quoted_length(quoted),
        identification=identification_of(quoted),
        words=words,
        error=error,
        soft=soft,
        mtu=_what_fits(packet.layers[-1]) if error == "EMSGSIZE" else None,
        via=via,
        **_common(frame, packet),
    )


def _what_fits(message: Header) -> int | None:
    """The size that an error about a packet too big asks for; old routers of IPv4 say 0 (RFC 1191 section 3)."""
    match message:
        case ICMPv4DestinationUnreachable():
            return message.next_hop_mtu or None
        case ICMPv6PacketTooBig():
            return message.mtu
    return None


def _quoted_seq(quoted: Packet) -> int:
    """The sequence number of the segment that was quoted: its second word, so that 8 octets of it are enough."""
    last = quoted.layers[-1]
    return last.seq if isinstance(last, TCP) else int.from_bytes(quoted.payload[4:8], "big")


def _quoted_length(quoted: Packet) -> int | None:
    """Octets of data of the UDP datagram that was quoted, by its own length."""
    last = quoted.layers[-1]
    return last.length - 8 if isinstance(last, UDP) and last.length >= 8 else None


def quoted_ends(quoted: Packet) -> tuple[str, Address, Address] | None:
    """(protocol, source, destination) of a quoted packet; the first 8 octets of its data are enough (RFC 792)."""
    if not quoted.layers:
        return None
    network: Any = quoted.layers[0]
    transport: Any = quoted.layers[-1]
    if not isinstance(network, IPv4 | IPv6) or tunnel_of(quoted):  # an error about a tunnel is for the tunnel's end
        return None
    if isinstance(transport, TCP | UDP):
        name = "tcp" if isinstance(transport, TCP) else "udp"
        return name, (network.src, transport.sport), (destination_of(quoted), transport.dport)
    number = network.protocol if isinstance(network, IPv4) else network.next_header
    ports = quoted.payload[:4]
    if number not in PROTOCOLS or len(ports) < 4 or len(quoted.layers) > 1:
        return None
    sport, dport = int.from_bytes(ports[:2], "big"), int.from_bytes(ports[2:], "big")
    return PROTOCOLS[number], (network.src, sport), (destination_of(quoted), dport)
