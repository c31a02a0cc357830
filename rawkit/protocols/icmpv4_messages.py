"""ICMP messages of IPv4: what follows the common header, by its type. Errors quote the beginning of a packet."""

from __future__ import annotations

from collections.abc import Sequence

from rawkit.protocols.icmpv4 import ICMPv4
from rawkit.wire import Accepts, Count, Header, IPv4Address, IPv4Like, Quotation, ipv4_address, repeat, u8, u16, u32

QUOTED = Quotation("rawkit.protocols.ipv4:IPv4")
EXTENDED = Quotation("rawkit.protocols.ipv4:IPv4", length="length", unit=4)
"""RFC 4884 section 5: extensions may follow the quotation; then it is padded to 32-bit words, which `length` counts."""


class ICMPv4EchoRequest(Header, rfc="RFC 792", wireshark="icmp", part_of=ICMPv4):
    """Are you there? (ping)"""

    identifier: int = u16(
        "tells one asker's requests from another's",
        wireshark="ident",
        filled_by="bind() on an ICMP socket, or ping's process",
    )
    sequence_number: int = u16("counts the requests", wireshark="seq", filled_by="the program")


class ICMPv4EchoReply(Header, rfc="RFC 792", wireshark="icmp", part_of=ICMPv4):
    """I am: the request's own octets come back."""

    identifier: int = u16("the request's", wireshark="ident", filled_by="the kernel that answers")
    sequence_number: int = u16("the request's", wireshark="seq", filled_by="the kernel that answers")


class ICMPv4DestinationUnreachable(Header, rfc="RFC 792", wireshark="icmp", part_of=ICMPv4, quotes=EXTENDED):
    """The packet quoted did not arrive, the code says why; a socket gets ECONNREFUSED, EHOSTUNREACH, EMSGSIZE."""

    unused: int = u8("0", wireshark="", filled_by="the kernel that complains")
    length: int = u8(
        "length of the quotation where extensions follow it, else 0",
        unit="32-bit words",
        section="RFC 4884 section 4.1",
        filled_by="the kernel that complains",
    )
    next_hop_mtu: int = u16(
        "with code 4: the largest packet that the next hop takes",
        unit="octets",
        section="RFC 1191 section 4",
        wireshark="mtu",
        filled_by="the router that complains",
    )


class ICMPv4SourceQuench(Header, rfc="RFC 792", wireshark="icmp", part_of=ICMPv4, quotes=QUOTED):
    """Send slower (deprecated by RFC 6633)."""

    unused: int = u32("0", wireshark="", filled_by="the kernel that complains")


class ICMPv4Redirect(Header, rfc="RFC 792", wireshark="icmp", part_of=ICMPv4, quotes=QUOTED):
    """There is a shorter way for packets like the one quoted: send them to this router."""

    gateway: Accepts[IPv4Address, IPv4Like] = ipv4_address(
        "the better router", wireshark="redir_gw", filled_by="the router that knows"
    )


class ICMPv4TimeExceeded(Header, rfc="RFC 792", wireshark="icmp", part_of=ICMPv4, quotes=EXTENDED):
    """The packet quoted passed too many routers (traceroute lives on it), or not all of its fragments came in time."""

    unused: int = u8("0", wireshark="", filled_by="the router that complains")
    length: int = u8(
        "length of the quotation where extensions follow it, else 0",
        unit="32-bit words",
        section="RFC 4884 section 4.2",
        filled_by="the router that complains",
    )
    unused_2: int = u16("0", wireshark="", filled_by="the router that complains")


class ICMPv4ParameterProblem(Header, rfc="RFC 792", wireshark="icmp", part_of=ICMPv4, quotes=EXTENDED):
    """The header of the packet quoted is wrong at this octet."""

    pointer: int = u8("octet of the quoted packet", unit="octets", filled_by="the kernel that complains")
    length: int = u8(
        "length of the quotation where extensions follow it, else 0",
        unit="32-bit words",
        section="RFC 4884 section 4.3",
        filled_by="the kernel that complains",
    )
    unused: int = u16("0", wireshark="", filled_by="the kernel that complains")


class ICMPv4TimestampRequest(Header, rfc="RFC 792", wireshark="icmp", part_of=ICMPv4):
    """What time is it at your end?"""

    identifier: int = u16("tells one asker's requests from another's", wireshark="ident", filled_by="the program")
    sequence_number: int = u16("counts the requests", wireshark="seq", filled_by="the program")
    originate_timestamp: int = u32("when it was sent", unit="ms since midnight UTC", filled_by="the program")
    receive_timestamp: int = u32("0", unit="ms since midnight UTC", filled_by="nobody yet")
    transmit_timestamp: int = u32("0", unit="ms since midnight UTC", filled_by="nobody yet")


class ICMPv4TimestampReply(Header, rfc="RFC 792", wireshark="icmp", part_of=ICMPv4):
    """The time at this end, when the request came and when this left."""

    identifier: int = u16("the request's", wireshark="ident", filled_by="the kernel that answers")
    sequence_number: int = u16("the request's", wireshark="seq", filled_by="the kernel that answers")
    originate_timestamp: int = u32("the request's", unit="ms since midnight UTC", filled_by="the kernel that answers")
    receive_timestamp: int = u32(
        "when the request came", unit="ms since midnight UTC", filled_by="the kernel that answers"
    )
    transmit_timestamp: int = u32("when this left", unit="ms since midnight UTC", filled_by="the kernel that answers")


class ICMPv4InformationRequest(Header, rfc="RFC 792", wireshark="icmp", part_of=ICMPv4):
    """Which network am I on? (deprecated by RFC 6918)"""

    identifier: int = u16("tells one asker's requests from another's", wireshark="ident", filled_by="the program")
    sequence_number: int = u16("counts the requests", wireshark="seq", filled_by="the program")


class ICMPv4InformationReply(Header, rfc="RFC 792", wireshark="icmp", part_of=ICMPv4):
    """The network is in the addresses of the IP header (deprecated by RFC 6918)."""

    identifier: int = u16("the request's", wireshark="ident", filled_by="the router that answers")
    sequence_number: int = u16("the request's", wireshark="seq", filled_by="the router that answers")


class ICMPv4AddressMaskRequest(Header, rfc="RFC 950 appendix I", wireshark="icmp", part_of=ICMPv4):
    """Which subnet mask is used here? (deprecated by RFC 6918)"""

    identifier: int = u16("tells one asker's requests from another's", wireshark="ident", filled_by="the program")
    sequence_number: int = u16("counts the requests", wireshark="seq", filled_by="the program")
    address_mask: Accepts[IPv4Address, IPv4Like] = ipv4_address("0", filled_by="the program")


class ICMPv4AddressMaskReply(Header, rfc="RFC 950 appendix I", wireshark="icmp", part_of=ICMPv4):
    """The subnet mask (deprecated by RFC 6918)."""

    identifier: int = u16("the request's", wireshark="ident", filled_by="the router that answers")
    sequence_number: int = u16("the request's", wireshark="seq", filled_by="the router that answers")
    address_mask: Accepts[IPv4Address, IPv4Like] = ipv4_address("the mask", filled_by="the router that answers")


class ICMPv4RouterSolicitation(Header, rfc="RFC 1256 section 3", wireshark="icmp", part_of=ICMPv4):
    """Routers, who is here?"""

    reserved: int = u32("0", wireshark="", filled_by="the program")


class ICMPv4RouterAdvertisement(Header, rfc="RFC 1256 section 3", wireshark="icmp", part_of=ICMPv4):
    """A router says that it is here, and how long to believe it."""

    number_of_addresses: int = u8(
        "entries that follow",
        role=Count(of="addresses"),
        abbreviation="num_addrs",
        wireshark="num_addrs",
        filled_by="the routing program",
    )
    entry_size: int = u8(
        "size of an entry: 2",
        default=2,
        unit="32-bit words",
        wireshark="addr_entry_size",
        filled_by="the routing program",
    )
    lifetime: int = u16("how long to believe it", default=1800, unit="seconds", filled_by="the routing program")
    addresses: Accepts[tuple[tuple[IPv4Address, int], ...], Sequence[tuple[IPv4Like, int]]] = repeat(
        ipv4_address("a router", wireshark="router_address"),
        u32("its preference, as 32 bits of a signed number", wireshark="pref_level"),
        count=lambda message: message.number_of_addresses,
        doc="(address of a router, its preference): as many as the first field says",
        wireshark="",
        filled_by="the routing program",
    )
