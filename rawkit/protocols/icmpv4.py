"""The Internet Control Message Protocol for IPv4 (RFC 792), the header all messages share: see icmpv4_messages."""

from rawkit.protocols.numbers import ICMPV4_TYPES
from rawkit.wire import Checksum, Header, NextHeader, u8, u16

CODES = {
    3: {
        0: "network unreachable",
        1: "host unreachable",
        2: "protocol unreachable",
        3: "port unreachable",
        4: "fragmentation needed, and DF set",
        5: "source route failed",
        6: "destination network unknown",
        7: "destination host unknown",
        8: "source host isolated",
        9: "network administratively prohibited",
        10: "host administratively prohibited",
        11: "network unreachable for this type of service",
        12: "host unreachable for this type of service",
        13: "communication administratively prohibited",
        14: "host precedence violation",
        15: "precedence cutoff in effect",
    },
    5: {0: "for the network", 1: "for the host", 2: "for the service and network", 3: "for the service and host"},
    9: {0: "normal", 16: "does not route common traffic"},
    11: {0: "time to live exceeded in transit", 1: "fragment reassembly time exceeded"},
    12: {0: "pointer indicates the error", 1: "a required option is missing", 2: "bad length"},
}
"""type -> code -> meaning (RFC 792, 1122 section 3.2.2.1, 1812 section 5.2.7.1, 1256)."""


class ICMPv4(Header, rfc="RFC 792", wireshark="icmp"):
    """What IP has to say about itself: errors that quote the packet they are about, and questions like ping's."""

    type: int = u8(
        "kind of message",
        default=253,
        role=NextHeader(ICMPV4_TYPES),
        names=ICMPV4_TYPES,
        filled_by="the kernel; the program on a raw socket; socket(SOCK_DGRAM, IPPROTO_ICMP) for an echo",
    )
    code: int = u8("what kind of that kind: named type by type", names_by=("type", CODES), filled_by="the kernel")
    checksum: int = u16(
        "one's complement sum over the whole message",
        role=Checksum(over="data"),
        filled_by="the kernel; the program on a raw socket",
        show="0x{:04x}".format,
    )
