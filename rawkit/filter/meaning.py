"""What each term asks of a packet on one kind of link, in the order in which tcpdump's own filters ask it.

The order matters where a packet was cut: a question past its end decides that it does not match.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rawkit.filter import addresses, inside_ip, layers, words
from rawkit.filter.condition import (
    Always,
    At,
    Chain,
    Compare,
    Condition,
    Constant,
    Known,
    Length,
    Value,
    calculation,
    every,
    opposite,
    same,
    some,
)
from rawkit.filter.errors import FilterError
from rawkit.filter.links import IP, IP6, LINKS, LONGEST_8023
from rawkit.filter.situation import Situation
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
    PacketLength,
    Ports,
    Protocol,
    Relation,
    Selection,
    Term,
)
from rawkit.wire import MACAddress


@dataclass(frozen=True)
class Meant:
    """A part of the tree and what it asks; `parts` are those of a chain or a `not`."""

    node: Node
    condition: Condition
    parts: tuple[Meant, ...] = ()


def meaning(text: str, tree: Node, link_type: int, *, deep: bool = False, kernel: bool = False) -> Meant:
    """FilterError where this kind of link cannot tell what is asked. `deep` and `kernel`: see `Situation`."""
    link = LINKS.get(link_type)
    if link is None:
        known = ", ".join(sorted({each.name for each in LINKS.values()}))
        raise FilterError(text, 0, f"packets of link type {link_type} cannot be filtered; these can: {known}")
    return Reader(text, Situation(link, link.start, kernel=kernel, deep=deep)).node(tree)


class Reader:
    """Goes through a tree from left to right; `here` is where the terms so far have led."""

    def __init__(self, text: str, here: Situation) -> None:
        self.text = text
        self.here = here

    def wrong(self, term: Term, why: str) -> FilterError:
        return FilterError(self.text, term.span[0], why)

    def node(self, node: Node) -> Meant:
        if isinstance(node, Not):
            part = self.node(node.term)
            return Meant(node, opposite(part.condition), (part,))
        if isinstance(node, Chained):
            first = self.node(node.first)
            rest = [(joint, self.node(term)) for joint, term in node.rest]
            condition = Chain(first.condition, tuple((joint, part.condition) for joint, part in rest))
            return Meant(node, condition, (first, *(part for _, part in rest)))
        return Meant(node, TERMS[type(node)](self, node))

    # --- terms

    def everything(self, term: Everything) -> Condition:
        return Always(True)

    def selection(self, term: Selection) -> Condition:
        asked, value = term.qualifiers, term.value
        if isinstance(value, Ports):
            return inside_ip.ports(self.here, asked.protocol, asked.direction, value)
        if isinstance(value, Network):
            self.need_no_labels(term, asked.protocol not in ("arp", "rarp"))
            return addresses.network(self.here, asked.protocol, asked.direction, value)
        if isinstance(value, MACAddress):
            self.need_addresses(term)
            return addresses.link_address(self.here, asked.direction, value)
        if asked.kind == "protochain":
            return inside_ip.in_chain(self.here, asked.protocol, value.value)
        return self.numbered(term, asked.protocol, value.value)

    def need_addresses(self, term: Term) -> None:
        if not self.here.link.addresses:
            raise self.wrong(term, f"{self.here.link.name} frames have no link addresses")

    def numbered(self, term: Term, protocol: str, number: int) -> Condition:
        """`ether proto 0x800` and its like."""
        if protocol in words.LINK:
            return self.carries(term, number)
        if protocol in ("iso", "isis"):
            within = self.iso(term) if protocol == "iso" else self.isis(term)
            return every(within, same(self.here.at(3 if protocol == "iso" else 7), 1, number))
        return inside_ip.protocol(self.here, protocol, number)

    def iso(self, term: Term) -> Condition:
        return self.carries(term, words.SAP_WORDS["iso"])

    def isis(self, term: Term) -> Condition:
        """Its number is the first octet behind LLC (ISO 9577)."""
        return every(self.iso(term), same(self.here.at(3), 1, words.ISO_WORDS["isis"]))

    def carries(self, term: Term, protocol: int) -> Condition:
        self.need_no_labels(term, protocol in (IP, IP6))
        return self.here.carries(protocol)

    def need_no_labels(self, term: Term, is_ip: bool) -> None:
        """MPLS does not say what it carries; of IP the version does."""
        if self.here.labels and not is_ip:
            raise self.wrong(term, "behind MPLS labels only ip and ip6 can be told")

    def protocol(self, term: Protocol) -> Condition:
        name = term.name
        if name in words.ETHERTYPE_WORDS:
            return self.carries(term, words.ETHERTYPE_WORDS[name])
        if name in words.SAP_WORDS:
            return self.carries(term, words.SAP_WORDS[name])
        if name in words.ISO_WORDS:
            return every(self.iso(term), same(self.here.at(3), 1, words.ISO_WORDS[name]))
        if name in words.ISIS_WORDS:
            types = (same(self.here.at(7), 1, each) for each in words.ISIS_WORDS[name])
            return every(self.isis(term), some(*types))
        if name in words.IP_WORDS:
            version = "ip" if name in words.ONLY_IPV4 else "ip6" if name in words.ONLY_IPV6 else ""
            return inside_ip.protocol(self.here, version, words.IP_WORDS[name])
        raise self.wrong(term, f"{name} alone asks nothing: every packet has it; write {name} host ... or {name}[...]")

    def cast(self, term: Cast) -> Condition:
        protocol = "ether" if term.protocol in ("", *words.LINK) else term.protocol
        asks = CASTS.get((protocol, term.kind))
        if asks is None:
            raise self.wrong(term, NO_CAST.get((protocol, term.kind), f"{protocol} has no {term.kind}"))
        if protocol == "ether":
            self.need_addresses(term)
        return asks(self.here)

    def layer(self, term: Layer) -> Condition:
        """Changes where one stands, for all that follows."""
        refusal = layers.refusal(self.here, term.name)
        if refusal:
            raise self.wrong(term, refusal)
        condition, self.here = layers.STEPS[term.name](self.here, term.number)
        return condition

    def from_link(self, term: FromLink) -> Condition:
        here, interface = self.here, term.name == "ifindex"
        field = here.link.interface if interface else here.link.packet_type
        if field is not None:
            value: Value = At(field.offset).load(field.width // 8)
        elif here.kernel:
            value = Known("interface" if interface else "packet type")
        else:
            raise self.wrong(term, f"{here.link.name} frames do not say that; only while capturing the kernel knows it")
        if interface:
            return Compare(value, "=", Constant(term.number or 0))
        return Compare(value, "=" if term.name == "outbound" else "!=", Constant(layers.OUTGOING))

    def llc(self, term: LLCType) -> Condition:
        """IEEE 802.2: the last two bits of the control field tell its three kinds apart."""
        here = self.here
        if not here.link.addresses:
            raise self.wrong(term, f"{here.link.name} frames have no LLC header")
        self.need_no_labels(term, False)
        short = Compare(here.place.type.load(2), "<=", Constant(LONGEST_8023))
        has_llc = every(short, opposite(same(here.at(0), 2, 0xFFFF)))
        control, kind = here.at(2), term.kind
        if kind in ("", "i"):
            return every(has_llc, same(control, 1, 0, 1)) if kind else has_llc
        supervisory = kind in ("s", "rr", "rnr", "rej")
        format_is = same(control, 1, 1 if supervisory else 3, 3)
        if kind in ("s", "u"):
            return every(has_llc, format_is)
        return every(has_llc, format_is, same(control, 1, words.LLC_TYPES[kind], 0x0F if supervisory else 0xEF))

    # --- arithmetic

    def relation(self, term: Relation) -> Condition:
        """That the headers are there whose octets are asked for, then the relation itself."""
        there: list[Condition] = []
        left, right = (self.value(term, each, there) for each in (term.left, term.right))
        return every(*there, Compare(left, term.operator, right))

    def value(self, term: Term, asked: Expression, there: list[Condition]) -> Value:
        if isinstance(asked, Number):
            return Constant(asked.value)
        if isinstance(asked, PacketLength):
            return Length()
        if isinstance(asked, Arithmetic):
            left, right = self.value(term, asked.left, there), self.value(term, asked.right, there)
            return self.calculated(term, asked.operator, left, right)
        index = self.value(term, asked.index, there)
        return self.header(term, asked.protocol, there).then(index).load(asked.size)

    def calculated(self, term: Term, operator: str, left: Value, right: Value) -> Value:
        """Refuses what no number comes of."""
        if isinstance(right, Constant):
            if operator in ("/", "%") and right.value == 0:
                raise self.wrong(term, "nothing can be divided by 0")
            if operator in ("<<", ">>") and right.value > 31:
                raise self.wrong(term, "a value has 32 bits: it can be shifted by 31 at most")
        return calculation(operator, left, right)

    def header(self, term: Term, protocol: str, there: list[Condition]) -> At:
        """Where a protocol's header begins; what must hold for it to be there is added to `there`."""
        here = self.here
        if protocol in words.LINK:
            there.append(here.has_link)
            return here.place.link
        if protocol in words.ETHERTYPE_WORDS and protocol not in ("aarp", "pppoed"):
            there.append(self.carries(term, words.ETHERTYPE_WORDS[protocol]))
            return here.at(0)
        if protocol == "icmp6":
            there += [here.is_ipv6, inside_ip.ipv6_protocol(here, words.IP_WORDS[protocol])]
            return here.behind_ipv6()
        if protocol in words.IP_WORDS and protocol not in ("ah", "esp"):
            number = words.IP_WORDS[protocol]
            there += [here.is_ip, inside_ip.ipv4_protocol(here, number), inside_ip.first_piece(here)]
            return here.behind_ipv4()
        raise self.wrong(term, f"{protocol} has no octets that can be asked for by {protocol}[...]")


CASTS: dict[tuple[str, str], Callable[[Situation], Condition]] = {
    ("ether", "multicast"): addresses.link_multicast,
    ("ether", "broadcast"): lambda here: addresses.link_address(here, "dst", addresses.BROADCAST),
    ("ip", "multicast"): addresses.ipv4_multicast,
    ("ip6", "multicast"): addresses.ipv6_multicast,
}
NO_CAST = {
    ("ip", "broadcast"): "ip broadcast asks for the network's mask, which no packet tells; write dst host ADDRESS",
    ("ip6", "broadcast"): "IPv6 has no broadcast; write ip6 multicast",
}

TERMS: dict[type, Callable[[Reader, Any], Condition]] = {
    Everything: Reader.everything,
    Selection: Reader.selection,
    Protocol: Reader.protocol,
    Cast: Reader.cast,
    Layer: Reader.layer,
    FromLink: Reader.from_link,
    LLCType: Reader.llc,
    Relation: Reader.relation,
}
