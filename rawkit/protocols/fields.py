"""Named fields straight from the octets, without making a packet: for millions of packets and a few questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rawkit.errors import FieldError
from rawkit.protocols.catalog import field
from rawkit.protocols.ethernet import Ethernet
from rawkit.wire import Header, Option, Packet
from rawkit.wire.chain import Chain, Wanted, fits, path
from rawkit.wire.extract import compile_extractor

Extractor = Callable[[bytes], tuple[Any, ...]]
"""Octets of a packet -> the values of the named fields in order, None for those of headers it has not got."""


def fields(*names: str, first: Any = Ethernet) -> Extractor:
    """A function from a packet's octets to the values of these fields: `fields("ip.src", "tcp.dport")(octets)`.

    Names are Wireshark's or ours ("tcp.dstport", "tcp.dport"). What it gives is what `Packet.decode(octets, first)` and
    the first header of each class would say; common chains of headers are read in one step.

    >>> ports = fields("udp.sport", "udp.dport", "tcp.dport")
    >>> from rawkit.protocols import IPv4, UDP
    >>> ports(bytes(Ethernet() / IPv4() / UDP(sport=53, dport=4000)))
    (53, 4000, None)
    """
    if not names:
        raise FieldError('fields() takes names of fields, like fields("ip.src", "tcp.dport")')
    wanted = [field(name) for name in names]
    quick = [compile_extractor(chain, wanted) for chain in chains(first, wanted)]

    def general(octets: bytes) -> tuple[Any, ...]:
        packet = Packet.decode(octets, first=first)
        headers = {cls: find(packet, cls) for cls, _ in wanted}
        return tuple(None if headers[cls] is None else getattr(headers[cls], name) for cls, name in wanted)

    if len(quick) == 1:
        only = quick[0]
        return lambda octets: only(octets) or general(octets)

    def extract(octets: bytes) -> tuple[Any, ...]:
        for each in quick:
            values = each(octets)
            if values is not None:
                return values  # type: ignore[no-any-return]
        return general(octets)

    return extract


def find(packet: Packet, cls: Any) -> Header | Option | None:
    """The first header of a class; the first option of one, in whichever header it stands."""
    if issubclass(cls, Header):
        return packet.get(cls)
    tails = [(header, type(header).layout.tail_field) for header in packet.layers]
    options = [option for header, tail in tails if tail for option in getattr(header, tail.name)]
    return next((option for option in options if type(option) is cls), None)


def chains(first: Any, wanted: Wanted) -> list[Chain]:
    """The chains of headers, from `first` to each of the innermost classes asked for, that can be read in one step."""
    paths = [path(first, cls) for cls in dict.fromkeys(cls for cls, _ in wanted)]
    found = [each for each in paths if each is not None and all(fits(cls.layout) for cls in each)]
    innermost = [each for each in found if not any(each != other and other[: len(each)] == each for other in found)]
    variable = {(cls, name) for cls, name in wanted if cls.layout.fields[name] in cls.layout.variable}
    return [] if variable else [Chain(each) for each in innermost]
