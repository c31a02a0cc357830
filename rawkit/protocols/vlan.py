"""Virtual networks on one wire (IEEE 802.1Q): four octets before a frame's type. They can be stacked."""

from rawkit.protocols.numbers import ETHERTYPES
from rawkit.wire import Header, TypeOrLength, bits, u16


class VLAN(Header, rfc="IEEE 802.1Q section 9.6", wireshark="vlan"):
    """Which virtual network the frame belongs to (customer tag, 0x8100)."""

    priority: int = bits(
        3,
        "priority code point, 0..7",
        abbreviation="prio",
        filled_by="the VLAN device's egress map: setsockopt(SO_PRIORITY)",
    )
    dei: int = bits(1, "drop eligible: may go first where queues are full", abbreviation="D", filled_by="the kernel")
    id: int = bits(12, "number of the virtual network; 0: priority only", filled_by="the VLAN device that it leaves by")
    type: int = u16(
        "what follows (EtherType), or the length of an 802.3 frame",
        default=0x88B5,
        role=TypeOrLength(ETHERTYPES),
        names=ETHERTYPES,
        wireshark="etype",
        filled_by="the kernel, from the socket's address family",
        show="0x{:04x}".format,
    )


class ServiceVLAN(Header, rfc="IEEE 802.1Q section 9.6", wireshark="ieee8021ad"):
    """Which of the provider's virtual networks carries the frame (service tag, 0x88a8); a customer's tag may follow."""

    priority: int = bits(
        3,
        "priority code point, 0..7",
        abbreviation="prio",
        filled_by="the VLAN device's egress map: setsockopt(SO_PRIORITY)",
    )
    dei: int = bits(1, "drop eligible: may go first where queues are full", abbreviation="D", filled_by="the kernel")
    id: int = bits(12, "number of the virtual network", filled_by="the VLAN device that it leaves by")
    type: int = u16(
        "what follows (EtherType), or the length of an 802.3 frame",
        default=0x88B5,
        role=TypeOrLength(ETHERTYPES),
        names=ETHERTYPES,
        wireshark="",
        filled_by="the kernel, from the socket's address family",
        show="0x{:04x}".format,
    )
