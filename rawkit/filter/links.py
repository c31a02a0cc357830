"""What a frame starts with, as far as filters ask: how each link says which protocol follows, and where that begins.

`Link.asks(place, protocol)` is the question whether a protocol follows, by its EtherType (or 802.2 service access
point). Where things stand is read from the headers' declarations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rawkit.filter.condition import Always, At, Compare, Condition, Constant, every, field_is, same, some
from rawkit.filter.words import ETHERTYPE_WORDS, SAP_WORDS
from rawkit.protocols import SLL, SLL2, Ethernet, IPv4
from rawkit.wire import Field

IP, IP6, ARP, RARP = (ETHERTYPE_WORDS[name] for name in ("ip", "ip6", "arp", "rarp"))
ATALK, AARP, IPX_TYPE, PPPOE, MPLS = 0x809B, 0x80F3, 0x8137, 0x8864, 0x8847
TPIDS = (0x8100, 0x88A8, 0x9100)
"""EtherTypes of VLAN tags: IEEE 802.1Q's, 802.1ad's, and one used before it."""

VLAN_TAG = 4
"""Octets of a tag: those of its header's declaration."""

LONGEST_8023 = 1500
"""Larger numbers in the place of an Ethernet frame's length are EtherTypes (IEEE 802.3 clause 3.2.6)."""

SNAP = 0xAAAA0300
"""DSAP, SSAP and control of a SNAP header, and the first octet of its organization."""

PPP_NUMBERS = {
    IP: 0x0021,
    IP6: 0x0057,
    MPLS: 0x0281,
    0x6003: 0x0027,
    ATALK: 0x0029,
    0xFE: 0x0023,
    0x42: 0x0031,
    0xE0: 0x002B,
}
"""What PPP numbers a protocol by; one that is not here by its EtherType."""

FAMILIES = {IP: (2,), IP6: (10, 24, 28, 30)}
"""What BSD loopbacks number protocols by: IPv6 is 24, 28, 30 or Linux's 10, depending on who captured."""


@dataclass(frozen=True)
class Place:
    """Where one stands in a packet: after `vlan` further in than before it.

    `link` begins a link header, `type` the field in it that says what follows, `network` what follows.
    """

    link: At
    type: At
    network: At


@dataclass(frozen=True)
class Link:
    """A kind of link. `start` is the place of its header's parts, `asks` how it says what follows."""

    name: str
    start: Place
    asks: Callable[[Place, int], Condition]
    addresses: bool = False
    """Whether its header has Ethernet's two addresses."""
    tags: bool = False
    """Whether VLAN tags and MPLS labels are looked for behind it."""
    packet_type: Field | None = None
    interface: Field | None = None


def fixed(cls: type, name: str) -> Field:
    """The declaration of a field."""
    return cls.layout.fields[name]  # type: ignore[attr-defined, no-any-return]


def octets_of(cls: type) -> int:
    """How long a header is, less its variable part."""
    return cls.layout.size  # type: ignore[attr-defined, no-any-return]


def _start(cls: type, type_field: str) -> Place:
    return Place(At(0), At(fixed(cls, type_field).offset), At(octets_of(cls)))


def _llc_is(llc: At, sap: int) -> Condition:
    """Whether the destination's service access point is this; of OSI's and NetBIOS's the source's, too."""
    return same(llc, 2, sap << 8 | sap) if sap in (SAP_WORDS["iso"], SAP_WORDS["netbeui"]) else same(llc, 1, sap)


def _snap_is(llc: At, organization: int, protocol: int) -> Condition:
    """Whether a SNAP header follows, with this protocol of this organization."""
    return every(same(llc + 4, 4, (organization & 0xFFFF) << 16 | protocol), same(llc, 4, SNAP | organization >> 16))


def ethernet(place: Place, protocol: int) -> Condition:
    """By the EtherType; OSI, spanning tree, NetBIOS and small numbers by 802.2; AppleTalk and IPX by either."""
    is_type = same(place.type, 2, protocol)
    length = Compare(place.type.load(2), "<=", Constant(LONGEST_8023))
    llc = place.network
    if protocol == SAP_WORDS["ipx"]:
        raw = same(llc, 2, 0xFFFF)  # Novell's own: no LLC header, and the checksum that IPX never has
        inside = some(_snap_is(llc, 0, IPX_TYPE), _llc_is(llc, protocol), raw)
        return some(same(place.type, 2, IPX_TYPE), every(length, inside))
    if protocol in (ATALK, AARP):
        return some(is_type, every(length, _snap_is(llc, 0x080007 if protocol == ATALK else 0, protocol)))
    return every(length, _llc_is(llc, protocol)) if protocol <= LONGEST_8023 else is_type


def cooked(place: Place, protocol: int) -> Condition:
    """By the EtherType; of Linux's own numbers 1 is Novell's 802.3 and 4 is 802.2."""
    is_type = same(place.type, 2, protocol)
    llc, has_llc = place.network, same(place.type, 2, 4)
    if protocol == SAP_WORDS["ipx"]:
        inside = some(_llc_is(llc, protocol), _snap_is(llc, 0, IPX_TYPE))
        return some(same(place.type, 2, IPX_TYPE), same(place.type, 2, 1), every(has_llc, inside))
    if protocol in (ATALK, AARP):
        return some(is_type, every(has_llc, _snap_is(llc, 0x080007 if protocol == ATALK else 0, protocol)))
    return every(has_llc, _llc_is(llc, protocol)) if protocol <= LONGEST_8023 else is_type


def cooked_2(place: Place, protocol: int) -> Condition:
    """By the EtherType alone."""
    return same(place.type, 2, protocol)


def raw_ip(place: Place, protocol: int) -> Condition:
    """By the version in the first half of the first octet."""
    versions = {IP: 4, IP6: 6}
    version = fixed(IPv4, "version")
    return field_is(place.network, version, versions[protocol]) if protocol in versions else Always(False)


def only(protocol: int) -> Callable[[Place, int], Condition]:
    """A link that carries one protocol, and says so nowhere."""
    return lambda place, asked: Always(asked == protocol)


def loopback(place: Place, protocol: int) -> Condition:
    """By the address family, in the byte order of whoever captured."""
    families = FAMILIES.get(protocol, ())
    swapped = [int.from_bytes(family.to_bytes(4, "little"), "big") for family in families]
    return some(*(same(place.type, 4, family) for family in (*families, *swapped)))


def ppp(place: Place, protocol: int) -> Condition:
    """By PPP's own number of the protocol."""
    return same(place.type, 2, PPP_NUMBERS.get(protocol, protocol))


_NOTHING = Place(At(0), At(0), At(0))
_ADDRESS_FAMILY = Place(At(0), At(0), At(4))

LINKS = {
    0: Link("BSD loopback", _ADDRESS_FAMILY, loopback),
    1: Link("Ethernet", _start(Ethernet, "type"), ethernet, addresses=True, tags=True),
    12: Link("raw IP", _NOTHING, raw_ip),
    14: Link("raw IP", _NOTHING, raw_ip),
    101: Link("raw IP", _NOTHING, raw_ip),
    108: Link("BSD loopback", _ADDRESS_FAMILY, loopback),
    113: Link("Linux cooked (version 1)", _start(SLL, "protocol"), cooked, packet_type=fixed(SLL, "packet_type")),
    228: Link("raw IPv4", _NOTHING, only(IP)),
    229: Link("raw IPv6", _NOTHING, only(IP6)),
    276: Link(
        "Linux cooked (version 2)",
        _start(SLL2, "protocol"),
        cooked_2,
        packet_type=fixed(SLL2, "packet_type"),
        interface=fixed(SLL2, "interface_index"),
    ),
}
"""By link type number: the links whose packets can be filtered."""

PPP = Link("PPP", _NOTHING, ppp)
"""What is inside of a PPPoE session."""
