"""Linux cooked captures: what the kernel says of a frame when packets of all interfaces are captured together.

No such header is ever on a wire: the capturing program writes it in place of the link's own. Two versions; the second
names the interface. Source: https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html and LINKTYPE_LINUX_SLL2.html.
"""

from __future__ import annotations

from rawkit.protocols.numbers import COOKED_PROTOCOLS, HARDWARE_TYPES
from rawkit.wire import Accepts, Header, NextHeader, octets, u8, u16, u32

PACKET_TYPES = {0: "to us", 1: "broadcast", 2: "multicast", 3: "to another host", 4: "sent by us"}


def spaced(address: bytes) -> str:
    """Octets the way hardware addresses are written."""
    return address.hex(":")


HARDWARE_TYPE = u16(
    "kind of interface (ARPHRD)",
    default=1,
    names=HARDWARE_TYPES,
    wireshark="hatype",
    filled_by="the capturing kernel",
)
ADDRESS = octets(
    "the sender's link address, filled up with 0",
    length=8,
    wireshark="",
    show=spaced,
    filled_by="the capturing kernel",
)
PROTOCOL = u16(
    "what follows: an EtherType, or a number of Linux's own",
    default=0x88B5,
    role=NextHeader(COOKED_PROTOCOLS),
    names=COOKED_PROTOCOLS,
    wireshark="etype",
    filled_by="the capturing kernel",
    show="0x{:04x}".format,
)
"""What both versions have, each with a copy of its own."""


class SLL(Header, rfc="LINKTYPE_LINUX_SLL", wireshark="sll"):
    """Linux cooked capture, version 1: which way a packet went, and who sent it, without the link's own header."""

    packet_type: int = u16("to whom it went", names=PACKET_TYPES, wireshark="pkttype", filled_by="the capturing kernel")
    hardware_type: int = HARDWARE_TYPE
    address_length: int = u16(
        "octets of the sender's address", default=6, unit="octets", wireshark="halen", filled_by="the capturing kernel"
    )
    address: Accepts[bytes, bytes | str] = ADDRESS
    protocol: int = PROTOCOL


class SLL2(Header, rfc="LINKTYPE_LINUX_SLL2", wireshark="sll"):
    """Linux cooked capture, version 2: the interface too, by its number."""

    protocol: int = PROTOCOL
    reserved: int = u16("must be 0", wireshark="", filled_by="the capturing kernel")
    interface_index: int = u32(
        "number of the interface, as in if_nametoindex()", wireshark="ifindex", filled_by="the capturing kernel"
    )
    hardware_type: int = HARDWARE_TYPE
    packet_type: int = u8("to whom it went", names=PACKET_TYPES, wireshark="pkttype", filled_by="the capturing kernel")
    address_length: int = u8(
        "octets of the sender's address", default=6, unit="octets", wireshark="halen", filled_by="the capturing kernel"
    )
    address: Accepts[bytes, bytes | str] = ADDRESS
