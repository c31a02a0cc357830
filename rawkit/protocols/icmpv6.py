"""The Internet Control Message Protocol for IPv6 (RFC 4443), the header all messages share.

Errors and echoes are in icmpv6_messages, neighbour discovery in ndp.
"""

from rawkit.protocols.numbers import ICMPV6_TYPES
from rawkit.wire import Checksum, Header, NextHeader, u8, u16

CODES = {
    1: {
        0: "no route to destination",
        1: "communication administratively prohibited",
        2: "beyond scope of source address",
        3: "address unreachable",
        4: "port unreachable",
        5: "source address failed ingress/egress policy",
        6: "reject route to destination",
        7: "error in source routing header",
    },
    3: {0: "hop limit exceeded in transit", 1: "fragment reassembly time exceeded"},
    4: {
        0: "erroneous header field",
        1: "unrecognized next header",
        2: "unrecognized IPv6 option",
        3: "first fragment has an incomplete header chain",
    },
}
"""type -> code -> meaning (RFC 4443 section 3, RFC 7112, RFC 6550)."""


class ICMPv6(Header, rfc="RFC 4443 section 2.1", wireshark="icmpv6"):
    """What IPv6 has to say about itself: errors, ping, and how neighbours and routers find each other."""

    type: int = u8(
        "kind of message; from 128 on not an error",
        default=200,
        role=NextHeader(ICMPV6_TYPES),
        names=ICMPV6_TYPES,
        filled_by="the kernel; the program on a raw socket",
    )
    code: int = u8("what kind of that kind: named type by type", names_by=("type", CODES), filled_by="the kernel")
    checksum: int = u16(
        "one's complement sum over pseudo-header and the whole message",
        role=Checksum(over="pseudo"),
        section="RFC 4443 section 2.3",
        filled_by="the kernel, on raw sockets too (IPV6_CHECKSUM)",
        show="0x{:04x}".format,
    )
