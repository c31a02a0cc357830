"""BSD loopback captures: four octets that say which address family follows, in the byte order of whoever captured.

Source: https://www.tcpdump.org/linktypes.html, LINKTYPE_NULL (host byte order) and LINKTYPE_LOOP (network byte order).
"""

from __future__ import annotations

from rawkit.protocols.numbers import ADDRESS_FAMILIES
from rawkit.wire import Chooser, Header, NextHeader, u32


class LoopbackLE(Header, rfc="LINKTYPE_NULL", called="loopback", wireshark="null"):
    """The address family of a packet on a BSD loopback, captured by a little-endian machine."""

    family: int = u32(
        "address family, by the numbers of the system that captured",
        role=NextHeader(ADDRESS_FAMILIES),
        names=ADDRESS_FAMILIES,
        filled_by="the capturing kernel",
        little_endian=True,
    )


class LoopbackBE(Header, rfc="LINKTYPE_LOOP", called="loopback", wireshark="null"):
    """The address family of a packet on a BSD loopback, in network byte order (OpenBSD, or a big-endian machine)."""

    family: int = u32(
        "address family, by the numbers of the system that captured",
        role=NextHeader(ADDRESS_FAMILIES),
        names=ADDRESS_FAMILIES,
        filled_by="the capturing kernel",
    )


Loopback = Chooser(
    "Loopback", 4, lambda head, _: LoopbackBE if head[:2] == b"\0\0" else LoopbackLE, (LoopbackLE, LoopbackBE)
)
"""Either, told by its value: families are small numbers, so their zeros are where the high octets are."""
