"""The User Datagram Protocol (RFC 768)."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.errors import Defect
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.numbers import UDP_PORTS
from rawkit.wire import Checksum, Header, Port, TotalLength, u16


def defects(udp: UDP, outer: Sequence[Header]) -> list[Defect]:
    """RFC 8200 section 8.1: over IPv6 the checksum is not optional; RFC 6935 section 5: but for tunnels."""
    network = next((header for header in reversed(outer) if type(header).layout.pseudo_header), None)
    if udp.checksum or not isinstance(network, IPv6) or udp.dport in UDP_PORTS.classes:
        return []
    at = udp.layout.offset + UDP.layout.fields["checksum"].offset
    return [Defect("UDP", "checksum", at, 0, "a checksum", "over IPv6 a checksum is required")]


class UDP(Header, rfc="RFC 768", wireshark="udp", applications=UDP_PORTS, defects=defects):
    """Ports and a length around one datagram; nothing more is promised."""

    sport: int = u16(
        "source port; 0 when no answer is expected",
        wireshark="srcport",
        filled_by="bind(), or the kernel from its ephemeral range",
    )
    dport: int = u16("destination port", role=Port(UDP_PORTS), wireshark="dstport", filled_by="connect() or sendto()")
    length: int = u16("octets of header and data", unit="octets", role=TotalLength(), filled_by="the kernel")
    checksum: int = u16(
        "one's complement sum over pseudo-header, header and data; 0 when none was made",
        role=Checksum(over="pseudo", zero_means_none=True),
        filled_by="the kernel, or the network card",
        show="0x{:04x}".format,
    )
