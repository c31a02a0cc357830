"""Makes frames of what the kernel tells beside the octets, by whichever way it tells."""

from __future__ import annotations

import struct

from rawkit.capture.frame import Frame, Interface
from rawkit.capture.offload import NEEDS_CHECKSUM, Offload
from rawkit.capture.pcapng_values import Option
from rawkit.link import kernel
from rawkit.link.link import flags_option

VNET = struct.Struct("=BBHHHH")
"""`struct virtio_net_hdr` in the host's byte order: what PACKET_VNET_HDR puts before each frame, both ways."""

NOTHING_TO_DO = bytes(VNET.size)

_ADDRESSES = 12  # octets of an Ethernet header before its tags
_TAG = 4


def vnet_of(offload: Offload | None) -> bytes:
    """What stands before a frame that is sent."""
    return NOTHING_TO_DO if offload is None else VNET.pack(*offload)


def offload_of(vnet: bytes) -> Offload | None:
    """What is still to be done to a frame that came; None when nothing is."""
    if vnet == NOTHING_TO_DO:
        return None
    offload = Offload(*VNET.unpack(vnet))
    return offload if offload.flags & NEEDS_CHECKSUM or offload.gso_type else None


class Arrivals:
    """Makes the frames of one interface, numbered from 1."""

    def __init__(self, interface: Interface) -> None:
        self._interface = interface
        self._number = 0
        self._has_tags = interface.linktype == 1
        self._flags: dict[tuple[int, int], tuple[Option, ...]] = {
            (kind, partial): flags_option(
                "out" if kind == kernel.PACKET_OUTGOING else "in",
                kind if kind < kernel.PACKET_OUTGOING else None,
                bool(partial),
            )
            for kind in range(8)
            for partial in (0, kernel.TP_STATUS_CSUMNOTREADY)
        }

    def frame(
        self, time_ns: int, octets: bytes, wire_length: int, kind: int, status: int, tag: tuple[int, int], vnet: bytes
    ) -> Frame:
        """`kind` is the kernel's packet type, `tag` the control information and type of a VLAN tag that it took off."""
        offload = offload_of(vnet)
        if status & kernel.TP_STATUS_VLAN_VALID and self._has_tags:
            octets, offload = _tagged(octets, offload, tag, status)
            wire_length += _TAG
        self._number += 1
        flags = self._flags[kind & 7, status & kernel.TP_STATUS_CSUMNOTREADY]
        return Frame(self._number, time_ns, octets, wire_length, self._interface, flags, (), offload)


def _tagged(octets: bytes, offload: Offload | None, tag: tuple[int, int], status: int) -> tuple[bytes, Offload | None]:
    """The frame as it was on the wire. Of one that was cut to less than its addresses, the tag was cut off too."""
    control, tpid = tag
    if not status & kernel.TP_STATUS_VLAN_TPID_VALID:
        tpid = kernel.TPID_OF_8021Q
    if len(octets) >= _ADDRESSES:
        octets = octets[:_ADDRESSES] + struct.pack("!HH", tpid, control) + octets[_ADDRESSES:]
    if offload is not None:
        start, length = offload.checksum_start + _TAG, offload.header_length
        offload = offload._replace(checksum_start=start, header_length=length + _TAG if length else 0)
    return octets, offload
