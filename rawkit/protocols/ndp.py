"""Neighbour discovery for IPv6 (RFC 4861): what ARP, router discovery and redirects are to IPv4, as ICMPv6 messages."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.protocols.icmpv6 import ICMPv6
from rawkit.protocols.ndp_options import NDPOption
from rawkit.wire import (
    Accepts,
    Bit,
    Flags,
    Header,
    IPv6Address,
    IPv6Like,
    bits,
    flags,
    ipv6_address,
    tail,
    u8,
    u16,
    u32,
)

PREFERENCES = {0: "medium", 1: "high", 2: "reserved", 3: "low"}


class RouterFlags(Flags):
    """RFC 4861 section 4.2."""

    h = Bit(
        0,
        "H",
        "the router is a mobile node's home agent",
        section="RFC 6275 section 7.1",
        wireshark="icmpv6.nd.ra.flag.h",
    )
    o = Bit(1, "O", "other configuration by DHCPv6", wireshark="icmpv6.nd.ra.flag.o")
    m = Bit(2, "M", "managed: addresses by DHCPv6", wireshark="icmpv6.nd.ra.flag.m")


class NeighborFlags(Flags):
    """RFC 4861 section 4.4."""

    o = Bit(0, "O", "override what is known", wireshark="icmpv6.nd.na.flag.o")
    s = Bit(1, "S", "solicited: an answer", wireshark="icmpv6.nd.na.flag.s")
    r = Bit(2, "R", "the sender is a router", wireshark="icmpv6.nd.na.flag.r")


class RouterSolicitation(Header, rfc="RFC 4861 section 4.1", wireshark="icmpv6", part_of=ICMPv6):
    """Routers, who is here?"""

    reserved: int = u32("0", wireshark="", filled_by="the kernel")
    options: Accepts[tuple[NDPOption, ...], Sequence[NDPOption] | bytes] = tail(
        NDPOption, "options, to the end of the message", wireshark="", filled_by="the kernel"
    )


class RouterAdvertisement(Header, rfc="RFC 4861 section 4.2", wireshark="icmpv6", part_of=ICMPv6):
    """A router says that it is here, which prefixes are on the link, and how hosts shall configure themselves."""

    hop_limit: int = u8(
        "what hosts shall use; 0: unspecified",
        default=64,
        unit="hops",
        wireshark="nd.ra.cur_hop_limit",
        filled_by="the router's radvd, or its like",
    )
    flags: Accepts[RouterFlags, RouterFlags | str | int] = flags(
        3, "how hosts get addresses", RouterFlags, wireshark="", filled_by="the router's radvd, or its like"
    )
    preference: int = bits(
        2,
        "among several default routers",
        abbreviation="prf",
        section="RFC 4191 section 2.2",
        names=PREFERENCES,
        wireshark="nd.ra.flag.prf",
        filled_by="the router's radvd, or its like",
    )
    reserved: int = bits(3, "0", abbreviation="rsrvd", wireshark="", filled_by="the router's radvd, or its like")
    router_lifetime: int = u16(
        "how long it is a default router; 0: it is none",
        default=1800,
        unit="seconds",
        wireshark="nd.ra.router_lifetime",
        filled_by="the router's radvd, or its like",
    )
    reachable_time: int = u32(
        "how long a neighbour is believed to be there; 0: unspecified",
        unit="ms",
        wireshark="nd.ra.reachable_time",
        filled_by="the router's radvd, or its like",
    )
    retransmit_timer: int = u32(
        "between solicitations; 0: unspecified",
        unit="ms",
        wireshark="nd.ra.retrans_timer",
        filled_by="the router's radvd, or its like",
    )
    options: Accepts[tuple[NDPOption, ...], Sequence[NDPOption] | bytes] = tail(
        NDPOption, "options, to the end of the message", wireshark="", filled_by="the router's radvd, or its like"
    )


class NeighborSolicitation(Header, rfc="RFC 4861 section 4.3", wireshark="icmpv6", part_of=ICMPv6):
    """Whose network card has this address? Also: is it still there, and: has anybody my address already?"""

    reserved: int = u32("0", wireshark="", filled_by="the kernel")
    target: Accepts[IPv6Address, IPv6Like] = ipv6_address(
        "the address asked for",
        wireshark="nd.ns.target_address",
        filled_by="connect() or sendto(): the next hop's address",
    )
    options: Accepts[tuple[NDPOption, ...], Sequence[NDPOption] | bytes] = tail(
        NDPOption, "options, to the end of the message", wireshark="", filled_by="the kernel"
    )


class NeighborAdvertisement(Header, rfc="RFC 4861 section 4.4", wireshark="icmpv6", part_of=ICMPv6):
    """The network card behind an address: an answer, or news to all."""

    flags: Accepts[NeighborFlags, NeighborFlags | str | int] = flags(
        3, "how to take it", NeighborFlags, wireshark="", filled_by="the kernel"
    )
    reserved: int = bits(29, "0", wireshark="", filled_by="the kernel")
    target: Accepts[IPv6Address, IPv6Like] = ipv6_address(
        "the address that was asked for, or has moved", wireshark="nd.na.target_address", filled_by="the kernel"
    )
    options: Accepts[tuple[NDPOption, ...], Sequence[NDPOption] | bytes] = tail(
        NDPOption, "options, to the end of the message", wireshark="", filled_by="the kernel"
    )


class Redirect(Header, rfc="RFC 4861 section 4.5", called="ICMPv6 redirect", wireshark="icmpv6", part_of=ICMPv6):
    """There is a shorter way to this destination."""

    reserved: int = u32("0", wireshark="", filled_by="the router's kernel")
    target: Accepts[IPv6Address, IPv6Like] = ipv6_address(
        "the better next hop; the destination itself where it is on the link",
        wireshark="nd.rd.target_address",
        filled_by="the router's kernel",
    )
    destination: Accepts[IPv6Address, IPv6Like] = ipv6_address(
        "the destination it is about", wireshark="rd.na.destination_address", filled_by="the router's kernel"
    )
    options: Accepts[tuple[NDPOption, ...], Sequence[NDPOption] | bytes] = tail(
        NDPOption, "options, to the end of the message", wireshark="", filled_by="the router's kernel"
    )
