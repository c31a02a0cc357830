"""Recorded frames -> the octets of a pcap file with nanosecond times."""

import struct

from netlab import Recorded

NANOSECOND_MAGIC, SNAP_LENGTH, LINKTYPE_ETHERNET = 0xA1B23C4D, 262_144, 1


def pcap(frames: list[Recorded]) -> bytes:
    """draft-ietf-opsawg-pcap sections 4 and 5, little-endian."""
    parts = [struct.pack("<IHHiIII", NANOSECOND_MAGIC, 2, 4, 0, 0, SNAP_LENGTH, LINKTYPE_ETHERNET)]
    for frame in frames:
        seconds, nanoseconds = divmod(frame.time_ns, 1_000_000_000)
        length = len(frame.octets)
        parts.append(struct.pack("<IIII", seconds, nanoseconds, length, length) + frame.octets)
    return b"".join(parts)
