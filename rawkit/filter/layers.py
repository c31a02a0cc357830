"""`vlan`, `mpls`, `pppoes`, `geneve`: each asks for what it names and steps into it, for all that comes after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rawkit.filter.condition import (
    At,
    Calculation,
    Compare,
    Condition,
    Constant,
    Either,
    Known,
    Value,
    every,
    same,
    some,
)
from rawkit.filter.inside_ip import ports
from rawkit.filter.links import LINKS, MPLS, PPP, PPPOE, TPIDS, VLAN_TAG, Place, fixed, octets_of
from rawkit.filter.situation import Situation
from rawkit.filter.tree import Ports
from rawkit.protocols import UDP, VLAN, Ethernet, Geneve, IPv6, PPPoESession

LABEL = 4
"""Octets of an MPLS label."""

BRIDGED = 0x6558
"""Geneve's number for an Ethernet frame inside (transparent Ethernet bridging)."""

GENEVE_PORT = 6081
OUTGOING = 4
"""Linux's packet type of what the capturing host sent (PACKET_OUTGOING)."""


def refusal(here: Situation, name: str) -> str:
    """Why one cannot step into this here; "" where one can."""
    if name == "vlan" and here.labels:
        return "behind MPLS labels there is no VLAN tag to be told"
    if (name == "vlan" and not here.link.tags) or (name == "mpls" and not (here.link.tags or here.link is PPP)):
        return f"{here.link.name} frames carry no {'VLAN tags' if name == 'vlan' else 'MPLS labels'} that filters see"
    if name == "pppoes" and here.labels:
        return "behind MPLS labels only ip and ip6 can be told"
    return ""


def vlan(here: Situation, number: int | None) -> tuple[Condition, Situation]:
    """The tag's number is the low 12 bits of the two octets behind the EtherType."""
    tagged = some(*(same(here.place.type, 2, tpid) for tpid in TPIDS))
    tag: Value = (here.place.network + fixed(VLAN, "id").offset).load(2)
    further: Value = Constant(VLAN_TAG)
    if here.kernel and here.place == here.link.start:  # the outermost one: the kernel may have taken it out
        taken = Compare(Known("VLAN tag is there"), "=", Constant(1))
        tagged = some(taken, tagged)
        tag, further = Either(taken, Known("VLAN tag"), tag), Either(taken, Constant(0), further)
    place = Place(here.place.link, here.place.type.then(further), here.place.network.then(further))
    inside = replace(here, place=place)
    if number is None:
        return tagged, inside
    identifier = Calculation("&", tag, Constant(fixed(VLAN, "id").mask))
    return every(tagged, Compare(identifier, "=", Constant(number))), inside


def mpls(here: Situation, number: int | None) -> tuple[Condition, Situation]:
    """The first by the EtherType, the others by the bit of the one before, which is not the last."""
    another = same(here.at(-2), 1, 0, 1) if here.labels else here.carries(MPLS)
    network = here.at(LABEL)
    inside = replace(here, place=replace(here.place, network=network), labels=here.labels + 1)
    if number is None:
        return another, inside
    return every(another, same(here.at(0), 4, number << 12, 0xFFFFF000)), inside


def pppoes(here: Situation, number: int | None) -> tuple[Condition, Situation]:
    """Behind the session's header PPP follows, which begins with its own number of the protocol."""
    session = here.carries(PPPOE)
    begin = here.at(octets_of(PPPoESession))
    inside = replace(here, link=PPP, place=Place(begin, begin, begin + 2), labels=0)
    if number is None:
        return session, inside
    return every(session, same(here.at(fixed(PPPoESession, "session_id").offset), 2, number)), inside


def geneve(here: Situation, number: int | None) -> tuple[Condition, Situation]:
    """Inside is an Ethernet frame, or, without one, what the header's EtherType says (RFC 8926 section 3.4). Deep or
    not, what is inside is taken as it comes.
    """
    udp = here.at(0).then(_ip_header_length(here))
    header = udp + octets_of(UDP)
    asked = [ports(here, "udp", "dst", Ports(GENEVE_PORT, GENEVE_PORT, "udp")), same(header, 1, 0, 0xC0)]
    if number is not None:
        asked.append(same(header + fixed(Geneve, "vni").offset, 4, number << 8, 0xFFFFFF00))  # 24 bits and 8 unused
    options = Calculation("*", Calculation("&", header.load(1), Constant(0x3F)), Constant(4))
    payload = (header + octets_of(Geneve)).then(options)
    type_at = header + fixed(Geneve, "protocol_type").offset
    bridged = same(type_at, 2, BRIDGED)
    network = _one_of(bridged, payload + octets_of(Ethernet), payload)
    place = Place(payload, _one_of(bridged, payload + fixed(Ethernet, "type").offset, type_at), network)
    return every(*asked), Situation(LINKS[1], place, kernel=here.kernel, has_link=bridged)


def _ip_header_length(here: Situation) -> Value:
    words = Calculation("&", here.at(0).load(1), Constant(15))
    return Either(here.is_ip, Calculation("*", words, Constant(4)), Constant(octets_of(IPv6)))


def _one_of(condition: Condition, then: At, otherwise: At) -> At:
    """One of two places."""
    return At(0, Either(condition, then.value, otherwise.value))


STEPS: dict[str, Callable[[Situation, int | None], tuple[Condition, Situation]]] = {
    "vlan": vlan,
    "mpls": mpls,
    "pppoes": pppoes,
    "geneve": geneve,
}
