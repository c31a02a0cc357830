"""dpkt: packets that go there and come back."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import dpkt
import dpkt.loopback
import dpkt.sll
import dpkt.sll2

from rawkit.errors import FieldError
from rawkit.interop.counterparts import Counterparts, exact
from rawkit.wire import Packet
from rawkit.wire.application import complaint

LOOPBACK = f"rawkit.protocols.loopback:Loopback{'LE' if sys.byteorder == 'little' else 'BE'}"
"""dpkt writes the word of a loopback header in this machine's order, whatever order it came in."""

COUNTERPARTS = Counterparts(
    ("dpkt.ethernet:Ethernet", "rawkit.protocols.ethernet:Ethernet"),
    ("dpkt.arp:ARP", "rawkit.protocols.arp:ARP"),
    ("dpkt.ip:IP", "rawkit.protocols.ipv4:IPv4"),
    ("dpkt.ip6:IP6", "rawkit.protocols.ipv6:IPv6"),
    ("dpkt.tcp:TCP", "rawkit.protocols.tcp:TCP"),
    ("dpkt.udp:UDP", "rawkit.protocols.udp:UDP"),
    ("dpkt.loopback:Loopback", LOOPBACK),
    ("dpkt.sll:SLL", "rawkit.protocols.sll:SLL"),
    ("dpkt.sll2:SLL2", "rawkit.protocols.sll:SLL2"),
)


class Octets(dpkt.Packet):  # type: ignore[misc]
    """Nothing but octets, in `.data`; `first` is the class that rawkit reads them with."""

    __hdr__ = ()
    first: Any = None


@cache
def tailed(kind: Any) -> Any:
    """A class of dpkt's with a place for what follows the packet that it frames, `.tail`: dpkt has none."""

    class Tailed(kind):  # type: ignore[misc]
        tail = b""

        def __bytes__(self) -> bytes:
            return bytes(kind.__bytes__(self) + self.tail)

        def __len__(self) -> int:
            return int(kind.__len__(self) + len(self.tail))

    Tailed.__name__ = kind.__name__
    return Tailed


def to_dpkt(packet: Packet) -> Any:
    """The packet as dpkt reads it, with exactly its octets.

    What follows the last header's data (an Ethernet frame's padding) stands in `.tail` of the first header. A header
    that dpkt would write otherwise than it stands in the packet becomes plain octets, with all inside it; where this is
    the first one, or dpkt does not have it, the result is `Octets`.
    """
    kind, tail = COUNTERPARTS.theirs(packet), bytes(packet.trailer)
    octets = packet.octets[: len(packet.octets) - len(tail)]
    if kind is None:
        return octets_of(packet)
    try:
        theirs = tailed(kind)(octets) if tail else kind(octets)
        whole = exact(theirs, octets, headers(theirs), carry)
    except Exception:  # whatever dpkt raises on octets from the network
        whole = False
    if not whole:
        return octets_of(packet)
    if tail:
        theirs.tail = tail
    return theirs


def octets_of(packet: Packet) -> Octets:
    """A packet that dpkt has no place for."""
    plain = Octets(packet.octets)
    plain.first = type(packet.layers[0]) if packet.layers else None
    return plain


def headers(theirs: Any) -> list[Any]:
    """dpkt's headers, each inside the one before."""
    found = []
    while isinstance(theirs, dpkt.Packet):
        found.append(theirs)
        theirs = theirs.data
    return found


def carry(header: Any, octets: bytes) -> None:
    """Let a header of dpkt's carry plain octets."""
    header.data = octets


def from_dpkt(theirs: Any) -> Packet:
    """dpkt's packet as ours: the octets that dpkt gives it, decoded.

    `Octets` come back as the packet that they were; of others, a first header that rawkit does not have leaves plain
    octets. FieldError for what is no packet of dpkt's, or cannot be encoded.
    """
    if not isinstance(theirs, dpkt.Packet):
        raise FieldError(f"from_dpkt takes a packet of dpkt's, not {type(theirs).__name__}")
    try:
        octets = bytes(theirs)
    except Exception as error:
        raise FieldError(f"dpkt cannot encode this packet: {complaint(error)}") from error
    first = theirs.first if isinstance(theirs, Octets) else COUNTERPARTS.ours(theirs)
    return Packet.decode(octets, first=first)
