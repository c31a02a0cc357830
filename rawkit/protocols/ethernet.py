"""Ethernet: from one network card to another on the same link (IEEE 802.3, RFC 894)."""

from rawkit.protocols.numbers import ETHERTYPES
from rawkit.wire import Accepts, Header, MACAddress, TypeOrLength, mac_address, u16


class Ethernet(Header, rfc="IEEE 802.3 clause 3", wireshark="eth"):
    """Who gets the frame, who sent it, and what it carries.

    The last field is an EtherType from 1536 (0x0600) on; below, it is the length of an 802.3 frame, and LLC follows.
    """

    dst: Accepts[MACAddress, MACAddress | str | bytes] = mac_address(
        "the network card that shall take the frame", filled_by="the kernel, which asks ARP or NDP for it"
    )
    src: Accepts[MACAddress, MACAddress | str | bytes] = mac_address(
        "the network card that sent the frame", filled_by="the kernel, from the outgoing interface"
    )
    type: int = u16(
        "what follows (EtherType), or the length of an 802.3 frame",
        default=0x88B5,
        role=TypeOrLength(ETHERTYPES),
        names=ETHERTYPES,
        filled_by="the kernel, from the socket's address family",
        show="0x{:04x}".format,
    )
