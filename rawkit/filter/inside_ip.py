"""What `port`, `proto`, `protochain` and the names of protocols inside IP ask."""

from __future__ import annotations

from rawkit.filter.addresses import directed
from rawkit.filter.condition import (
    FRAGMENT,
    At,
    Compare,
    Condition,
    Constant,
    Walk,
    Walked,
    every,
    field_is,
    is_number,
    same,
    some,
)
from rawkit.filter.links import fixed
from rawkit.filter.situation import Situation
from rawkit.filter.tree import Ports
from rawkit.filter.words import IP_WORDS
from rawkit.protocols import TCP, IPv4, IPv6, IPv6Fragment

WITH_PORTS = ("sctp", "tcp", "udp")


def ipv4_protocol(here: Situation, number: int) -> Condition:
    return same(here.at(fixed(IPv4, "protocol").offset), 1, number)


def ipv6_protocol(here: Situation, number: int) -> Condition:
    return same(here.at(fixed(IPv6, "next_header").offset), 1, number)


def protocol(here: Situation, version: str, number: int) -> Condition:
    """In IPv6 also that of a datagram of which this is a piece; other extension headers only a deep filter passes."""
    in_ipv4 = every(here.is_ip, ipv4_protocol(here, number))
    if version == "ip":
        return in_ipv4
    piece = fixed(IPv6Fragment, "next_header").offset
    in_piece = every(ipv6_protocol(here, FRAGMENT), same(here.behind_ipv6() + piece, 1, number))
    if here.deep:
        in_piece = _behind_extensions(here, is_number(number), until=number)
    in_ipv6 = every(here.is_ipv6, some(ipv6_protocol(here, number), in_piece))
    return in_ipv6 if version == "ip6" else some(in_ipv4, in_ipv6)


def _behind_extensions(here: Situation, asked: Condition, until: int | None = None, whole: bool = False) -> Condition:
    """What is asked of the first header that is no extension header of IPv6."""
    first = here.at(fixed(IPv6, "next_header").offset).load(1)
    return Walk(first, here.behind_ipv6().value, asked, until, whole)


def first_piece(here: Situation) -> Condition:
    """Whether an IPv4 header is followed by the beginning of what it carries: only there are ports."""
    return field_is(here.at(0), fixed(IPv4, "fragment_offset"), 0)


def ports(here: Situation, protocol: str, direction: str, value: Ports) -> Condition:
    """TCP's, UDP's and SCTP's ports stand at the same places. IPv6 first."""
    name = protocol or value.transport
    numbers = [IP_WORDS[each] for each in ((name,) if name else WITH_PORTS)]
    at_once = every(
        some(*(ipv6_protocol(here, number) for number in numbers)), _ports_at(here.behind_ipv6(), direction, value)
    )
    further = every(
        some(*(is_number(number) for number in numbers)), _ports_at(At(0, Walked("place")), direction, value)
    )
    in_ipv6 = every(here.is_ipv6, _behind_extensions(here, further, whole=True) if here.deep else at_once)
    in_ipv4 = every(
        here.is_ip,
        some(*(ipv4_protocol(here, number) for number in numbers)),
        first_piece(here),
        _ports_at(here.behind_ipv4(), direction, value),
    )
    return some(in_ipv6, in_ipv4)


def _ports_at(header: At, direction: str, value: Ports) -> Condition:
    return directed(direction, *(_between(header + fixed(TCP, name).offset, value) for name in ("sport", "dport")))


def _between(at: At, value: Ports) -> Condition:
    if value.first == value.last:
        return same(at, 2, value.first)
    loaded = at.load(2)
    return every(Compare(loaded, ">=", Constant(value.first)), Compare(loaded, "<=", Constant(value.last)))


def in_chain(here: Situation, version: str, number: int) -> Condition:
    """`protochain`: this header anywhere behind IP, as far as extension headers lead. IPv6 first."""
    in_ipv6 = every(here.is_ipv6, _behind_extensions(here, is_number(number), until=number))
    first = here.at(fixed(IPv4, "protocol").offset).load(1)
    in_ipv4 = every(here.is_ip, Walk(first, here.behind_ipv4().value, is_number(number), until=number))
    return in_ipv6 if version == "ip6" else in_ipv4 if version == "ip" else some(in_ipv6, in_ipv4)
