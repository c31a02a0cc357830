"""UDP-Lite (RFC 3828): UDP whose checksum may leave out the end, for data that is of use damaged, too."""

from rawkit.protocols.numbers import UDP_PORTS
from rawkit.wire import Coverage, Header, PartialChecksum, u16


class UDPLite(Header, rfc="RFC 3828 section 3.1", called="UDP-Lite", wireshark="udp", applications=UDP_PORTS):
    """Ports around one datagram, of which a checksum covers as much as its sender finds worth it."""

    sport: int = u16("source port", wireshark="srcport", filled_by="bind(), or the kernel from its ephemeral range")
    dport: int = u16("destination port", wireshark="dstport", filled_by="connect() or sendto()")
    coverage: int = u16(
        "octets that the checksum covers, header included; 0: all; 1 to 7 are not allowed",
        unit="octets",
        role=Coverage(),
        wireshark="checksum_coverage",
        filled_by="the kernel; setsockopt(UDPLITE_SEND_CSCOV)",
    )
    checksum: int = u16(
        "one's complement sum over pseudo-header and what is covered; never 0",
        role=PartialChecksum(coverage="coverage"),
        filled_by="the kernel",
        show="0x{:04x}".format,
    )
