"""What `host`, `net`, `ether host`, `multicast` and `broadcast` ask."""

from __future__ import annotations

from rawkit.filter.condition import At, Condition, every, opposite, same, some
from rawkit.filter.links import ARP, IP, RARP, fixed, octets_of
from rawkit.filter.situation import Situation
from rawkit.filter.tree import Network
from rawkit.protocols import ARP as ARPHeader
from rawkit.protocols import Ethernet, IPv4, IPv6
from rawkit.wire import IPv6Address, MACAddress

ARP_ADDRESSES = (octets_of(ARPHeader) + 6, octets_of(ARPHeader) + 16)
"""Behind the sender's link address; behind both link addresses and the sender's own: as Ethernet's are, of 6 octets."""

BROADCAST = MACAddress("ff:ff:ff:ff:ff:ff")


def directed(direction: str, source: Condition, destination: Condition) -> Condition:
    """Of one end, of both, or of either."""
    if direction in ("src", "dst"):
        return source if direction == "src" else destination
    return every(source, destination) if direction == "src and dst" else some(source, destination)


def network(here: Situation, protocol: str, direction: str, value: Network) -> Condition:
    """An IPv4 address is looked for in IPv4, ARP and RARP, where none of them is named."""
    if isinstance(value.address, IPv6Address):
        return every(here.is_ipv6, directed(direction, *_ends(here, IPv6, value)))
    asked = {"ip": (IP,), "arp": (ARP,), "rarp": (RARP,)}.get(protocol, (IP,) if here.labels else (IP, ARP, RARP))
    return some(*(_in_protocol(here, each, direction, value) for each in asked))


def _in_protocol(here: Situation, protocol: int, direction: str, value: Network) -> Condition:
    header = IPv4 if protocol == IP else ARPHeader
    return every(here.carries(protocol), directed(direction, *_ends(here, header, value)))


def _ends(here: Situation, header: type, value: Network) -> tuple[Condition, Condition]:
    """Whether source and destination are in the network."""
    places = ARP_ADDRESSES if header is ARPHeader else tuple(fixed(header, name).offset for name in ("src", "dst"))
    source, destination = (_within(here.at(place), value) for place in places)
    return source, destination


def _within(at: At, value: Network) -> Condition:
    """Word by word; those of which nothing counts are not asked."""
    address, size = value.address.packed, len(value.address.packed)
    mask = value.mask.to_bytes(size, "big")
    words = ((octet, _word(address, octet), _word(mask, octet)) for octet in range(0, size, 4))
    return every(*(same(at + octet, 4, number, counts) for octet, number, counts in words))


def _word(octets: bytes, at: int) -> int:
    return int.from_bytes(octets[at : at + 4], "big")


def link_address(here: Situation, direction: str, address: MACAddress) -> Condition:
    """Ethernet's own addresses; the last four octets first."""
    source, destination = (_is_mac(here.place.link + fixed(Ethernet, name).offset, address) for name in ("src", "dst"))
    return every(here.has_link, directed(direction, source, destination))


def _is_mac(at: At, address: MACAddress) -> Condition:
    packed = address.packed
    return every(same(at + 2, 4, _word(packed, 2)), same(at, 2, int.from_bytes(packed[:2], "big")))


def link_multicast(here: Situation) -> Condition:
    """The lowest bit of the destination's first octet (IEEE 802 clause 8.2.2)."""
    return every(here.has_link, opposite(same(here.place.link, 1, 0, 1)))


def ipv4_multicast(here: Situation) -> Condition:
    """224.0.0.0/4 (RFC 5771)."""
    return every(here.is_ip, same(here.at(fixed(IPv4, "dst").offset), 1, 0xE0, 0xF0))


def ipv6_multicast(here: Situation) -> Condition:
    """ff00::/8 (RFC 4291 section 2.7)."""
    return every(here.is_ipv6, same(here.at(fixed(IPv6, "dst").offset), 1, 0xFF))
