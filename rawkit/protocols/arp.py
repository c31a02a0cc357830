"""The Address Resolution Protocol (RFC 826): whose network card has this IP address?"""

from __future__ import annotations

from rawkit.protocols.numbers import ETHERTYPES, HARDWARE_TYPES
from rawkit.wire import (
    Accepts,
    Header,
    IPv4Address,
    IPv4Like,
    MACAddress,
    ipv4_address,
    mac_address,
    octets,
    u8,
    u16,
)

OPERATIONS = {
    1: "request",
    2: "reply",
    3: "reverse request",
    4: "reverse reply",
    8: "inverse request",
    9: "inverse reply",
}


def has_mac(arp: ARP) -> bool:
    """Whether its hardware addresses are those of Ethernet (or another of IEEE 802)."""
    return arp.hardware_type in (1, 6) and arp.hardware_length == 6


def has_ipv4(arp: ARP) -> bool:
    """Whether its protocol addresses are those of IPv4."""
    return arp.protocol_type == 0x0800 and arp.protocol_length == 4


class ARP(Header, rfc="RFC 826", wireshark="arp", closed=True):
    """A question to all on the link, and the answer to the one who asked: the network card behind an IP address.

    It can speak of any kind of address, whose lengths it says: MAC and IPv4 addresses read as such, others as octets.
    """

    hardware_type: int = u16(
        "kind of network", default=1, names=HARDWARE_TYPES, wireshark="hw.type", filled_by="the kernel"
    )
    protocol_type: int = u16(
        "kind of protocol address (EtherType)",
        default=0x0800,
        names=ETHERTYPES,
        wireshark="proto.type",
        filled_by="the kernel",
        show="0x{:04x}".format,
    )
    hardware_length: int = u8(
        "octets of a hardware address", default=6, unit="octets", wireshark="hw.size", filled_by="the kernel"
    )
    protocol_length: int = u8(
        "octets of a protocol address", default=4, unit="octets", wireshark="proto.size", filled_by="the kernel"
    )
    opcode: int = u16(
        "request, reply",
        default=1,
        names=OPERATIONS,
        filled_by="the kernel, when it has to send and no neighbour is known",
    )
    sender_mac: Accepts[MACAddress | None, MACAddress | str | bytes] = mac_address(
        "who asks, or answers", when=has_mac, wireshark="src.hw_mac", filled_by="the kernel, from the interface"
    )
    sender_hardware: Accepts[bytes | None, bytes | str] = octets(
        "who asks, or answers: another kind of hardware address",
        length=lambda arp: arp.hardware_length,
        when=lambda arp: not has_mac(arp),
        wireshark="src.hw",
        filled_by="the kernel, from the interface",
    )
    sender_ip: Accepts[IPv4Address | None, IPv4Like] = ipv4_address(
        "the sender's IP address; 0.0.0.0 in a probe (RFC 5227)",
        when=has_ipv4,
        wireshark="src.proto_ipv4",
        filled_by="the kernel, from the interface",
    )
    sender_protocol: Accepts[bytes | None, bytes | str] = octets(
        "the sender's address in another protocol",
        length=lambda arp: arp.protocol_length,
        when=lambda arp: not has_ipv4(arp),
        wireshark="src.proto",
        filled_by="the kernel, from the interface",
    )
    target_mac: Accepts[MACAddress | None, MACAddress | str | bytes] = mac_address(
        "who is asked for (nobody knows yet: 0), or answered",
        when=has_mac,
        wireshark="dst.hw_mac",
        filled_by="the kernel",
    )
    target_hardware: Accepts[bytes | None, bytes | str] = octets(
        "who is asked for, or answered: another kind of hardware address",
        length=lambda arp: arp.hardware_length,
        when=lambda arp: not has_mac(arp),
        wireshark="dst.hw",
        filled_by="the kernel",
    )
    target_ip: Accepts[IPv4Address | None, IPv4Like] = ipv4_address(
        "the IP address that is asked for, or answered",
        when=has_ipv4,
        wireshark="dst.proto_ipv4",
        filled_by="connect() or sendto(): the next hop's address",
    )
    target_protocol: Accepts[bytes | None, bytes | str] = octets(
        "the address that is asked for in another protocol",
        length=lambda arp: arp.protocol_length,
        when=lambda arp: not has_ipv4(arp),
        wireshark="dst.proto",
        filled_by="connect() or sendto(): the next hop's address",
    )
