"""What a value means by the qualifiers before it: an address, a network, ports, a protocol's number."""

from __future__ import annotations

from rawkit.errors import nearest
from rawkit.filter.errors import FilterError
from rawkit.filter.tokens import LARGEST, Token, number
from rawkit.filter.tree import Network, Number, Ports, Qualifiers, Value
from rawkit.filter.words import ETHER_PROTO_NAMES, IP_PROTOCOL_NAMES, ISO_WORDS, LINK
from rawkit.protocols.services import BOTH_SERVICES, TCP_SERVICES, UDP_SERVICES, ports_of
from rawkit.wire import IPv4Address, IPv6Address

MAX_PORT = 0xFFFF


def value_of(text: str, qualifiers: Qualifiers, token: Token, mask: Token | None) -> Value:
    """FilterError where the value is none of that kind."""
    try:
        return _value(qualifiers, token, mask)
    except _Wrong as wrong:
        raise FilterError(text, (wrong.token or token).begin, wrong.why) from None


class _Wrong(Exception):
    """What is wrong with a value; of which token, where it is not the value's own."""

    def __init__(self, why: str, token: Token | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.token = token


def _value(qualifiers: Qualifiers, token: Token, mask: Token | None) -> Value:
    kind, protocol = qualifiers.kind, qualifiers.protocol
    if kind == "gateway":
        raise _Wrong("'gateway' asks for a host's name in two tables; write ether host MAC and not host ADDRESS")
    if kind in ("port", "portrange"):
        return _ports(kind, protocol, token)
    if kind in ("proto", "protochain"):
        return _protocol(kind, protocol, token)
    if token.kind == "mac":
        return _mac(qualifiers, token)
    if protocol in LINK:
        raise _Wrong(f"{token.text!r} is no link address; write one as 02:00:00:00:00:01")
    if protocol == "decnet":
        raise _Wrong("DECnet's addresses are not read; decnet alone is")
    if protocol not in ("", "ip", "ip6", "arp", "rarp"):
        raise _Wrong(f"{protocol} has no addresses; they are those of ip, ip6, arp, rarp and ether")
    if token.kind == "word":
        raise _Wrong(f"{token.value!r} is a name, and no name is looked up here; write the address")
    address = _ipv6(token, mask) if token.kind == "ipv6" else _ipv4(kind, token, mask)
    if mask is not None and kind != "net":
        raise _Wrong("only a net has a mask; write net before it", mask)
    version = "ip6" if token.kind == "ipv6" else "ip"
    if protocol in ({"ip", "arp", "rarp"} if version == "ip6" else {"ip6"}):
        raise _Wrong(f"{protocol} has no such address as {token.text}")
    return address


def _mac(qualifiers: Qualifiers, token: Token) -> Value:
    if qualifiers.protocol not in LINK or qualifiers.kind not in ("", "host"):
        raise _Wrong(f"{token.text} is a link address; write ether host before it")
    return token.value  # type: ignore[no-any-return]


def _ipv6(token: Token, mask: Token | None) -> Network:
    bits = 128 if mask is None else int(mask.value)
    if bits > 128:
        raise _Wrong("an IPv6 prefix is at most 128 bits long", mask)
    return _network(token, IPv6Address(token.text), (1 << 128) - (1 << 128 - bits))


def _ipv4(kind: str, token: Token, mask: Token | None) -> Network:
    """One to four numbers; those that are missing on the right do not count. A host's single number is all of it."""
    if token.kind == "number":
        value, known = int(token.value), 32
        while kind == "net" and 0 < value <= LARGEST >> 8:
            value, known = value << 8, known - 8
        return Network(IPv4Address(value), LARGEST << (32 - known) & LARGEST if kind == "net" else LARGEST)
    value, known = _dotted(token)
    if mask is None:
        return Network(IPv4Address(value << 32 - known), LARGEST << (32 - known) & LARGEST)
    if mask.kind == "number":
        if mask.value > 32:
            raise _Wrong("an IPv4 prefix is at most 32 bits long", mask)
        counts = LARGEST << (32 - mask.value) & LARGEST
    else:
        part, length = _dotted(mask)
        counts = part << 32 - length
    return _network(token, IPv4Address(value << 32 - known), counts)


def _dotted(token: Token) -> tuple[int, int]:
    """The number that the parts make, and its bits."""
    parts = [number(token.text, part, 0) if part.isdigit() else int(part, 16) for part in token.text.split(".")]
    if any(part > 255 for part in parts) or "x" in token.text.lower():
        raise _Wrong(f"{token.text} is no IPv4 address: its parts are numbers of at most 255", token)
    return int.from_bytes(bytes(parts), "big"), 8 * len(parts)


def _network(token: Token, address: IPv4Address | IPv6Address, counts: int) -> Network:
    if address.number & ~counts:
        right = type(address)(address.number & counts)
        raise _Wrong(f"{token.text} has bits outside of its prefix; that network is {right}")
    return Network(address, counts)


def _ports(kind: str, protocol: str, token: Token) -> Ports:
    if protocol not in ("", "tcp", "udp", "sctp"):
        raise _Wrong(f"{protocol} has no ports; tcp, udp and sctp have")
    if token.kind not in ("number", "word"):
        raise _Wrong(f"{token.text} is no port")
    if token.kind == "number":
        return Ports(*(_port(token.value),) * 2, "")
    whole = kind == "port" or ports_of(token.value)
    names = [token.value] if whole else token.value.split("-", 1)
    ends = [_named_port(name, protocol) for name in names]
    transports = {transport for _, transport in ends}
    (first, transport), (last, _) = ends[0], ends[-1]
    return Ports(min(first, last), max(first, last), transport if len(transports) == 1 else "")


def _named_port(name: str, protocol: str) -> tuple[int, str]:
    """A port, and the one transport that the name belongs to; "" where it is both's."""
    if name.isdigit():
        return _port(int(name)), ""
    ports = ports_of(name)
    if not ports:
        known = [*TCP_SERVICES, *UDP_SERVICES, *BOTH_SERVICES]
        hint = "; write portrange for a range" if name.replace("-", "").isdigit() else nearest(name, known)
        raise _Wrong(f"{name!r} is no port that rawkit knows by name{hint}")
    if protocol in ("tcp", "udp") and protocol not in ports:
        raise _Wrong(f"port {name} is {' and '.join(ports)}'s, not {protocol}'s")
    return next(iter(ports.values())), next(iter(ports)) if len(ports) == 1 else ""


def _port(value: int) -> int:
    if value > MAX_PORT:
        raise _Wrong(f"{value} is no port: the largest is {MAX_PORT}")
    return value


def _protocol(kind: str, protocol: str, token: Token) -> Number:
    names = ETHER_PROTO_NAMES if protocol in LINK else ISO_WORDS if protocol == "iso" else IP_PROTOCOL_NAMES
    if protocol not in ("", "ip", "ip6", *(("iso", "isis", *LINK) if kind == "proto" else ())):
        raise _Wrong(f"{protocol or 'it'} tells no protocol inside of it; ether, ip, ip6 and iso do")
    if token.kind == "number":
        return Number(token.value)
    if token.kind != "word" or token.value not in names:
        raise _Wrong(f"{token.text!r} is no protocol that rawkit knows by name{nearest(str(token.value), names)}")
    return Number(names[token.value], token.value)
