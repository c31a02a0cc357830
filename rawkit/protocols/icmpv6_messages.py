"""ICMPv6's errors and echoes (RFC 4443): what follows the common header, by its type."""

from __future__ import annotations

from rawkit.protocols.icmpv6 import ICMPv6
from rawkit.wire import Header, Quotation, u8, u16, u24, u32

QUOTED = Quotation("rawkit.protocols.ipv6:IPv6")
EXTENDED = Quotation("rawkit.protocols.ipv6:IPv6", length="length", unit=8)
"""RFC 4884 section 5: extensions may follow the quotation; then it is padded to 64-bit words, which `length` counts."""


class ICMPv6DestinationUnreachable(
    Header, rfc="RFC 4443 section 3.1", wireshark="icmpv6", part_of=ICMPv6, quotes=EXTENDED
):
    """The packet quoted did not arrive, the code says why; a socket gets ECONNREFUSED, EHOSTUNREACH, EACCES."""

    length: int = u8(
        "length of the quotation where extensions follow it, else 0",
        unit="64-bit words",
        section="RFC 4884 section 4.4",
        filled_by="the kernel that complains",
    )
    unused: int = u24("0", wireshark="", filled_by="the kernel that complains")


class ICMPv6PacketTooBig(Header, rfc="RFC 4443 section 3.2", wireshark="icmpv6", part_of=ICMPv6, quotes=QUOTED):
    """The packet quoted does not fit the next link: routers of IPv6 never fragment."""

    mtu: int = u32("the largest packet that the next hop takes", unit="octets", filled_by="the router that complains")


class ICMPv6TimeExceeded(Header, rfc="RFC 4443 section 3.3", wireshark="icmpv6", part_of=ICMPv6, quotes=EXTENDED):
    """The packet quoted passed too many routers (traceroute lives on it), or not all of its fragments came in time."""

    length: int = u8(
        "length of the quotation where extensions follow it, else 0",
        unit="64-bit words",
        section="RFC 4884 section 4.5",
        filled_by="the router that complains",
    )
    unused: int = u24("0", wireshark="", filled_by="the router that complains")


class ICMPv6ParameterProblem(Header, rfc="RFC 4443 section 3.4", wireshark="icmpv6", part_of=ICMPv6, quotes=QUOTED):
    """The header of the packet quoted is wrong, or not understood, at this octet."""

    pointer: int = u32("octet of the quoted packet", unit="octets", filled_by="the kernel that complains")


class ICMPv6EchoRequest(Header, rfc="RFC 4443 section 4.1", wireshark="icmpv6", part_of=ICMPv6):
    """Are you there? (ping)"""

    identifier: int = u16(
        "tells one asker's requests from another's",
        wireshark="echo.identifier",
        filled_by="bind() on an ICMPv6 socket, or ping's process",
    )
    sequence_number: int = u16("counts the requests", wireshark="echo.sequence_number", filled_by="the program")


class ICMPv6EchoReply(Header, rfc="RFC 4443 section 4.2", wireshark="icmpv6", part_of=ICMPv6):
    """I am: the request's own octets come back."""

    identifier: int = u16("the request's", wireshark="echo.identifier", filled_by="the kernel that answers")
    sequence_number: int = u16("the request's", wireshark="echo.sequence_number", filled_by="the kernel that answers")
