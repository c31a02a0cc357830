"""The Subnetwork Access Protocol: EtherTypes, and other organizations' numbers, behind LLC (IEEE 802, RFC 1042)."""

from __future__ import annotations

from rawkit.protocols.llc import LLC, LLCNumbered
from rawkit.protocols.numbers import ETHERTYPES
from rawkit.wire import Chooser, Header, NextHeader, u16, u24

ETHERTYPE_OUIS = (0x000000, 0x0000F8)
"""RFC 1042, and IEEE 802.1H's bridge tunnel: what follows is an EtherType."""


class SNAP(Header, rfc="RFC 1042", wireshark="llc", part_of=(LLC, LLCNumbered)):
    """An EtherType in a frame that has a length where Ethernet has its type."""

    oui: int = u24("whose numbers these are; 0: EtherTypes", filled_by="the kernel", show="0x{:06x}".format)
    type: int = u16(
        "what follows (EtherType)",
        default=0x88B5,
        role=NextHeader(ETHERTYPES),
        names=ETHERTYPES,
        filled_by="the kernel, from the socket's address family",
        show="0x{:04x}".format,
    )


class SNAPVendor(Header, rfc="IEEE 802 section 9", called="SNAP", wireshark="llc", part_of=(LLC, LLCNumbered)):
    """A protocol that an organization numbered for itself: what it carries stays octets."""

    oui: int = u24(
        "the organization's number, its own network cards' too", filled_by="the program", show="0x{:06x}".format
    )
    protocol_id: int = u16(
        "the organization's number for what follows", wireshark="pid", filled_by="the program", show="0x{:04x}".format
    )


snap = Chooser(
    "SNAP",
    5,
    lambda head, _: SNAP if int.from_bytes(head[:3], "big") in ETHERTYPE_OUIS else SNAPVendor,
    (SNAP, SNAPVendor),
    after=lambda llc: llc.ssap == 0xAA,
)
"""Either, told by the organization's number. RFC 1042: both access points are SNAP's (170), not only one."""
