"""The Internet Control Message Protocol for IPv4 (RFC 792), the header all messages share: see icmpv4_messages."""

from rawkit.protocols.numbers import ICMPV4_TYPES
from rawkit.wire import Checksum, Header, NextHeader, u8, u16


class ICMPv4(Header, rfc="RFC 792", wireshark="icmp"):
    """What IP has to say about itself: errors that quote the packet they are about, and questions like ping's."""

    type: int = u8(
        "kind of message",
        default=253,
        role=NextHeader(ICMPV4_TYPES),
        names=ICMPV4_TYPES,
        filled_by="the kernel; the program on a raw socket; socket(SOCK_DGRAM, IPPROTO_ICMP) for an echo",
    )
    code: int = u8("what kind of that kind; see `icmpv4_messages.CODES`", filled_by="the kernel")
    checksum: int = u16(
        "one's complement sum over the whole message",
        role=Checksum(over="data"),
        filled_by="the kernel; the program on a raw socket",
        show="0x{:04x}".format,
    )
