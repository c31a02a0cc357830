"""The tunnels that a packet is inside: a network's packet that another network carries as its data."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from rawkit.protocols.ipv4 import IPv4
from rawkit.protocols.ipv6 import IPv6
from rawkit.wire import Packet

CARRIERS = frozenset({"eth", "ieee8021ad", "ipv6.dstopts", "ipv6.fraghdr", "ipv6.hopopts", "llc", "udp", "vlan"})
"""Wireshark's names of headers that can stand between two networks and do not say what the tunnel is."""


def tunnel_of(packet: Packet) -> str:
    """`GRE between 192.0.2.1 and 192.0.2.2`, outermost first, the same in both directions; "" outside of any tunnel."""
    layers: list[Any] = list(packet.layers)
    places = [place for place, header in enumerate(layers) if isinstance(header, (IPv4, IPv6))]
    told = []
    for outer, inner in pairwise(places):
        between = [type(header).layout for header in layers[outer + 1 : inner]]
        kinds = dict.fromkeys(layout.called for layout in between if layout.wireshark not in CARRIERS)
        kind = "/".join(kinds) or f"{type(layers[inner]).__name__} in {type(layers[outer]).__name__}"
        ends = sorted((layers[outer].src, layers[outer].dst))
        told.append(f"{kind} between {ends[0]} and {ends[1]}")
    return ", and in that ".join(told)


def sentences(tunnel: str) -> list[str]:
    """What is to be said of a conversation's tunnel."""
    return [f"Inside a tunnel: {tunnel}."] if tunnel else []
