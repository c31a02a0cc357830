"""The User Datagram Protocol (RFC 768)."""

from __future__ import annotations

from rawkit.errors import Defect
from rawkit.protocols.ipv6 import IPv6
from rawkit.protocols.numbers import UDP_PORTS
from rawkit.wire import Checksum, Header, Region, TotalLength, u16


def defects(region: Region) -> list[Defect]:
    """RFC 8200 section 8.1: over IPv6 the checksum is not optional."""
    over_ipv6 = any(isinstance(header, IPv6) for header in region.layers[: region.index])
    if not over_ipv6 or region.head[6:8] != b"\0\0":
        return []
    return [Defect("UDP", "checksum", region.start + 6, 0, "a checksum", "over IPv6 a checksum is required")]


class UDP(Header, rfc="RFC 768", wireshark="udp", applications=UDP_PORTS, defects=defects):
    """Ports and a length around one datagram; nothing more is promised."""

    sport: int = u16(
        "source port; 0 when no answer is expected",
        wireshark="srcport",
        filled_by="bind(), or the kernel from its ephemeral range",
    )
    dport: int = u16("destination port", wireshark="dstport", filled_by="connect() or sendto()")
    length: int = u16("octets of header and data", unit="octets", role=TotalLength(), filled_by="the kernel")
    checksum: int = u16(
        "one's complement sum over pseudo-header, header and data; 0 when none was made",
        role=Checksum(over="pseudo", zero_means_none=True),
        filled_by="the kernel, or the network card",
        show="0x{:04x}".format,
    )
