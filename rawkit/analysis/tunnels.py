"""The tunnels that a packet is inside: a network's packet that another network carries as its data.

Each has two ends that can be named: IP addresses where IP carries it (IP in IP, GRE, VXLAN, Geneve, whatever stands
between), network cards where Ethernet carries a session of PPPoE (RFC 2516). MPLS labels and PPP on a line of its own
are none: a label is "locally significant" (RFC 3031 section 3.1) and names no end, and PPP is the link itself.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from rawkit.protocols.ethernet import Ethernet
from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.pppoe import PPPoESession
from rawkit.wire import Packet

CARRIERS = frozenset({"eth", "ieee8021ad", "ipv6.dstopts", "ipv6.fraghdr", "ipv6.hopopts", "llc", "udp", "vlan"})
"""Wireshark's names of headers that can stand between two networks and do not say what the tunnel is."""


def tunnel_of(packet: Packet) -> str:
    """`GRE between 192.0.2.1 and 192.0.2.2`, outermost first, the same in both directions; "" outside of any tunnel."""
    layers: list[Any] = list(packet.layers)
    places = [place for place, header in enumerate(layers) if isinstance(header, (IPv4, IPv6, PPPoESession))]
    return ", and in that ".join(_tunnel(layers, outer, inner) for outer, inner in pairwise(places))


def _tunnel(layers: list[Any], outer: int, inner: int) -> str:
    """One tunnel: what header `outer` carries up to header `inner`, and its ends."""
    around = layers[outer]
    if isinstance(around, PPPoESession):
        cards = [header for header in layers[:outer] if isinstance(header, Ethernet)]
        return f"PPPoE session {around.session_id}" + (_between(cards[-1]) if cards else "")
    between = [type(header).layout for header in layers[outer + 1 : inner]]
    kinds = dict.fromkeys(layout.called for layout in between if layout.wireshark not in CARRIERS)
    kind = "/".join(kinds) or f"{type(layers[inner]).__name__} in {type(around).__name__}"
    return kind + _between(around)


def _between(header: Any) -> str:
    low, high = sorted((header.src, header.dst))
    return f" between {low} and {high}"


def sentences(tunnel: str) -> list[str]:
    """What is to be said of a conversation's tunnel."""
    return [f"Inside a tunnel: {tunnel}."] if tunnel else []
