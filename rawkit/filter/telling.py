"""A filter in words: a line a term, those inside of brackets further in."""

from __future__ import annotations

from rawkit.filter import words
from rawkit.filter.tree import (
    Arithmetic,
    Cast,
    Chained,
    Everything,
    Expression,
    FromLink,
    Layer,
    LLCType,
    Network,
    Node,
    Not,
    Number,
    Octets,
    PacketLength,
    Ports,
    Protocol,
    Qualifiers,
    Relation,
    Selection,
    Term,
    Value,
)

RELATIONS = {
    "=": "is",
    "!=": "is not",
    ">": "is more than",
    "<": "is less than",
    ">=": "is at least",
    "<=": "is at most",
}
LAYERS = {
    "vlan": "has a VLAN tag",
    "mpls": "has an MPLS label",
    "pppoes": "is of a PPPoE session",
    "geneve": "is of a Geneve tunnel",
}
NAMES = {
    "ip": "IPv4",
    "ip6": "IPv6",
    "icmp6": "ICMPv6",
    "decnet": "DECnet",
    "netbeui": "NetBEUI",
    "stp": "spanning tree",
}
DIRECTIONS = {
    "": "from or to",
    "src or dst": "from or to",
    "src": "from",
    "dst": "to",
    "src and dst": "both from and to",
}
NUMBERED = {"": "IPv4 or IPv6", "ip": "IPv4", "ip6": "IPv6"}


def told(text: str, node: Node) -> list[tuple[int, str, str, str]]:
    """Of each term: how deep it stands, the word that joins it to those before it, its own text, and what it asks."""
    return list(_told(text, node, 0, ""))


def _told(text: str, node: Node, depth: int, joint: str) -> list[tuple[int, str, str, str]]:
    if isinstance(node, Not):
        return _told(text, node.term, depth, f"{joint} not".strip())
    if isinstance(node, Chained):
        inner = depth + 1 if joint else depth
        opened = [(depth, joint, "(", "all of this together")] if joint else []
        parts = [("", node.first), *node.rest]
        return opened + [line for word, part in parts for line in _told(text, part, inner, word)]
    return [(depth, joint, text[slice(*node.span)], asked(node))]


def asked(term: Term) -> str:
    """What a term asks of a packet."""
    if isinstance(term, Everything):
        return "any packet"
    if isinstance(term, Protocol):
        return f"it is {_protocol(term.name)}"
    if isinstance(term, Selection):
        return _selection(term.qualifiers, term.value)
    if isinstance(term, Relation):
        return f"{_value(term.left)} {RELATIONS[term.operator]} {_value(term.right)}"
    if isinstance(term, Cast):
        return f"it goes to a {_protocol(term.protocol) + ' ' if term.protocol else 'link-layer '}{term.kind} address"
    if isinstance(term, Layer):
        number = "" if term.number is None else f", number {term.number}"
        return f"it {LAYERS[term.name]}{number}; from here on what is inside is asked"
    if isinstance(term, LLCType):
        return f"it has an IEEE 802.2 header{f', and its control field says {term.kind}' if term.kind else ''}"
    assert isinstance(term, FromLink)
    return f"it came by interface {term.number}" if term.number is not None else f"it is {term.name}"


def _protocol(name: str) -> str:
    """In the spelling people write."""
    if name in words.ISIS_WORDS:
        return f"IS-IS {name.upper()}"
    return NAMES.get(name, name.upper())


def _selection(qualifiers: Qualifiers, value: Value) -> str:
    direction = DIRECTIONS[qualifiers.direction]
    if isinstance(value, Ports):
        ports = f"port {value.first}" if value.first == value.last else f"a port of {value.first} to {value.last}"
        name = qualifiers.protocol or value.transport
        return f"{direction} {ports} of {name.upper() if name else 'TCP, UDP or SCTP'}"
    if isinstance(value, Network):
        return f"{direction} {_network(value)}{_in(qualifiers.protocol, value)}"
    if isinstance(value, Number):
        return _numbered(qualifiers, value)
    return f"{direction} the link address {value}"


def _network(value: Network) -> str:
    bits = 8 * len(value.address.packed)
    ones = value.mask.bit_count()
    if value.mask != (1 << bits) - (1 << bits - ones):
        return f"{value.address}, of which the bits {value.mask:#x} count"
    return str(value.address) if ones == bits else f"{value.address}/{ones}"


def _in(protocol: str, value: Network) -> str:
    if protocol:
        return f" in {_protocol(protocol)}"
    return "" if len(value.address.packed) > 4 else " in IPv4, ARP or RARP"


def _numbered(qualifiers: Qualifiers, value: Number) -> str:
    name = f" ({value.name})" if value.name else ""
    if qualifiers.protocol in words.LINK:
        return f"its link header says that {value.value:#06x}{name} follows"
    inside = NUMBERED.get(qualifiers.protocol, _protocol(qualifiers.protocol))
    if qualifiers.kind == "protochain":
        return f"{inside}, and header {value.value}{name} anywhere behind it"
    return f"{inside}, which says that protocol {value.value}{name} follows"


def _value(value: Expression) -> str:
    if isinstance(value, Number):
        return str(value.value) if not value.name or value.name[0].isdigit() else f"{value.name} ({value.value})"
    if isinstance(value, PacketLength):
        return "the packet's length"
    if isinstance(value, Octets):
        return _octets(value)
    assert isinstance(value, Arithmetic)
    return f"({_value(value.left)} {value.operator} {_value(value.right)})"


def _octets(value: Octets) -> str:
    header = "the link header" if value.protocol in words.LINK else f"the {_protocol(value.protocol)} header"
    if isinstance(value.index, Number):
        first, last = value.index.value, value.index.value + value.size - 1
        which = f"octet {first}" if first == last else f"octets {first} to {last}"
        return f"{which} of {header}"
    return f"{value.size} octet{'s' if value.size > 1 else ''} of {header}, from {_value(value.index)} on"
