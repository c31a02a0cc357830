"""What an ICMP message says in one line: its type and code in words, and what matters in each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rawkit.show.escape import visible
from rawkit.show.multicast import listener, listener_query, listener_report
from rawkit.show.values import short_fields

if TYPE_CHECKING:
    from rawkit import protocols as room
    from rawkit.show.phrases import Scene


def icmp(scene: Scene) -> str:
    """`ICMP echo request, id 7, seq 1, length 64`: the common header with the message that follows it."""
    header: room.ICMPv4 | room.ICMPv6 = scene.header
    six = type(header).__name__ == "ICMPv6"
    names = type(header).layout.fields["type"].names or {}
    said = visible(names.get(header.type, f"type {header.type}"))
    code = meaning(header)
    follows = scene.layers[scene.index + 1 :]
    detail = DETAILS.get(type(follows[0]).__name__, other)(follows[0]) if follows else ""
    length = sum(len(each.layout.octets) for each in scene.layers[scene.index :]) + scene.length
    if follows and type(follows[0]).__name__ == "MLDv2Query":  # its type is that of version 1
        said += " v2"
    joint = " " if detail.startswith("[") else ", "
    return f"{'ICMP6,' if six else 'ICMP'} {said}{code}{joint + detail if detail else ''}, length {length}"


def meaning(header: Any) -> str:
    """`: port unreachable`: the code in words where it has any."""
    code = header.code
    known = type(header).layout.fields["code"].names_in(header)
    return f": {known[code]}" if code in known else f": code {code}" if code else ""


def echo(header: Any) -> str:
    return f"id {header.identifier}, seq {header.sequence_number}"


def unreachable(header: room.ICMPv4DestinationUnreachable) -> str:
    return f"mtu {header.next_hop_mtu}" if header.next_hop_mtu else ""


def too_big(header: room.ICMPv6PacketTooBig) -> str:
    return f"mtu {header.mtu}"


def solicitation(header: room.NeighborSolicitation) -> str:
    return f"who has {header.target}"


def advertisement(header: room.NeighborAdvertisement) -> str:
    return f"tgt is {header.target}"


def redirect(header: room.ICMPv4Redirect) -> str:
    return f"to {header.gateway}"


def redirect6(header: room.Redirect) -> str:
    return f"{header.destination} to {header.target}"


def nothing(header: Any) -> str:
    return ""


def other(header: Any) -> str:
    """The first fields of any other message."""
    return short_fields(header)


DETAILS: dict[str, Callable[[Any], str]] = {
    "ICMPv4EchoRequest": echo,
    "ICMPv4EchoReply": echo,
    "ICMPv6EchoRequest": echo,
    "ICMPv6EchoReply": echo,
    "ICMPv4DestinationUnreachable": unreachable,
    "ICMPv6DestinationUnreachable": nothing,
    "ICMPv4TimeExceeded": nothing,
    "ICMPv6TimeExceeded": nothing,
    "ICMPv6PacketTooBig": too_big,
    "ICMPv4Redirect": redirect,
    "Redirect": redirect6,
    "MLDDone": listener,
    "MLDQuery": listener,
    "MLDReport": listener,
    "MLDv2Query": listener_query,
    "MLDv2Report": listener_report,
    "NeighborSolicitation": solicitation,
    "NeighborAdvertisement": advertisement,
}
