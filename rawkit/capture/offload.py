"""What was still to be done to a frame when it was seen: the work that a host leaves to its network card."""

from __future__ import annotations

from typing import NamedTuple

NEEDS_CHECKSUM = 1  # VIRTIO_NET_HDR_F_NEEDS_CSUM
CUTS = {0: "", 1: "TCP over IPv4", 4: "TCP over IPv6", 5: "UDP"}  # VIRTIO_NET_HDR_GSO_*
ECN = 0x80  # VIRTIO_NET_HDR_GSO_ECN: set in gso_type besides the kind


class Offload(NamedTuple):
    """The six values of Linux's `virtio_net_hdr` (linux/virtio_net.h), as a kernel tells and takes them.

    >>> Offload.checksum_only(34, 16).is_partial, Offload.checksum_only(34, 16).segment_size
    (True, 0)
    """

    flags: int
    gso_type: int
    header_length: int
    """Octets of all headers, in what is sent. Of a frame that came the kernel tells how many octets lie together at its
    beginning: headers among them, often more."""
    segment_size: int
    """Octets of data in each piece that a super-segment is to be cut to; 0: it is not to be cut."""
    checksum_start: int
    """Where the octets begin that the checksum is about, from the start of the frame."""
    checksum_offset: int
    """Where the checksum stands, from `checksum_start`. Until it is made, the pseudo-header's sum stands there."""

    @classmethod
    def checksum_only(cls, start: int, offset: int) -> Offload:
        """One whole segment, of which the kernel (or the card) is to finish the checksum."""
        return cls(NEEDS_CHECKSUM, 0, 0, 0, start, offset)

    @property
    def is_partial(self) -> bool:
        """Whether the checksum is still to be finished."""
        return bool(self.flags & NEEDS_CHECKSUM)

    @property
    def cut(self) -> str:
        """What it is to be cut as: "TCP over IPv4", "UDP"; "" where it is not to be cut."""
        kind = self.gso_type & ~ECN
        return CUTS.get(kind, f"kind {kind}")
