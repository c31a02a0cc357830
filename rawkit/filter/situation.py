"""Where one stands in a packet while a filter is read: terms like `vlan` step into what they name."""

from __future__ import annotations

from dataclasses import dataclass

from rawkit.filter.condition import Always, At, Calculation, Condition, Constant, Either, every, same, some
from rawkit.filter.links import IP, IP6, TPIDS, VLAN_TAG, Link, Place, octets_of, raw_ip
from rawkit.protocols import IPv6

THERE = Always(True)


@dataclass(frozen=True)
class Situation:
    """`labels`: MPLS labels passed. `kernel`: the kernel asks, who took the outer VLAN tag out of the frame, and knows
    what no frame says. `deep`: VLAN tags and IPv6 extension headers are passed unasked. `has_link`: whether there is a
    link header here (not in every Geneve tunnel is one).
    """

    link: Link
    place: Place
    labels: int = 0
    kernel: bool = False
    deep: bool = False
    has_link: Condition = THERE

    @property
    def beyond(self) -> Place:
        """Where what follows the link's header begins: in a deep filter behind up to two VLAN tags."""
        place = self.place
        if not (self.deep and self.link.tags) or self.labels:
            return place
        one, two = (some(*(same(place.type + more, 2, tpid) for tpid in TPIDS)) for more in (0, VLAN_TAG))
        tags = Either(one, Either(two, Constant(2 * VLAN_TAG), Constant(VLAN_TAG)), Constant(0))
        return Place(place.link, place.type.then(tags), place.network.then(tags))

    def at(self, offset: int) -> At:
        """A place in what follows the link's header."""
        return self.beyond.network + offset

    def carries(self, protocol: int) -> Condition:
        """Whether this protocol follows, by its EtherType; behind MPLS labels the version of IP has to tell it."""
        if not self.labels:
            return self.link.asks(self.beyond, protocol)
        last_label = same(self.at(-2), 1, 1, 1)
        return every(last_label, raw_ip(self.beyond, protocol))

    def behind_ipv4(self) -> At:
        """Behind IPv4's header, whose first octet says how long it is."""
        words = Calculation("&", self.at(0).load(1), Constant(15))
        return self.at(0).then(Calculation("*", words, Constant(4)))

    def behind_ipv6(self) -> At:
        """Behind IPv6's fixed header."""
        return self.at(octets_of(IPv6))

    @property
    def is_ip(self) -> Condition:
        return self.carries(IP)

    @property
    def is_ipv6(self) -> Condition:
        return self.carries(IP6)
