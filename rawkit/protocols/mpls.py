"""Multiprotocol label switching (RFC 3032): a stack of labels between a link's header and what it carries."""

from __future__ import annotations

from typing import Any

from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.numbers import MPLS_STACK
from rawkit.wire import Chooser, Header, NextHeader, bits, u8
from rawkit.wire.chooser import PlainOctets

RESERVED_LABELS = {
    0: "IPv4 explicit null",
    1: "router alert",
    2: "IPv6 explicit null",
    3: "implicit null",
    7: "entropy label indicator",
    13: "generic associated channel",
    14: "OAM alert",
    15: "extension",
}
"""Labels 0 to 15 mean the same everywhere (RFC 3032 section 2.1, RFC 6790, RFC 5586, RFC 3429, RFC 7274)."""

ROUTER = "the router that puts the label on (ip route ... encap mpls)"


class MPLS(Header, rfc="RFC 3032 section 2.1", wireshark="mpls"):
    """A label: routers forward by it alone, and exchange it for the next one's."""

    label: int = bits(20, "which path the packet takes", names=RESERVED_LABELS, filled_by=ROUTER)
    traffic_class: int = bits(
        3, "how routers should queue it", abbreviation="TC", section="RFC 5462", wireshark="exp", filled_by=ROUTER
    )
    bottom: int = bits(
        1,
        "1: the last label; what follows has no number, and is told by its first four bits",
        abbreviation="S",
        default=1,
        role=NextHeader(MPLS_STACK),
        names=MPLS_STACK,
        section="RFC 3032 section 2.1, RFC 4928 section 3",
        filled_by=ROUTER,
    )
    ttl: int = u8("routers it may still pass", default=64, unit="hops", filled_by=ROUTER)


CHANNELS = {0: "pseudowire control word", 1: "associated channel"}
"""What begins with these four bits is no IP datagram (RFC 4385 section 3), and stays octets."""


def inside(head: bytes, _: int) -> Any:
    """What the first octet behind the last label begins."""
    return {4: IPv4, 6: IPv6}.get(head[0] >> 4, PlainOctets) if head else PlainOctets


mpls_payload = Chooser("IP", 1, inside, (IPv4, IPv6), least=0)
"""IPv4 or IPv6, told by the version; octets where it is neither: of a pseudowire only its two ends know the kind."""
