"""What the kernel says of a card's offloads."""

from __future__ import annotations

import ctypes
import fcntl
import socket
import struct

from rawkit.lab import Host
from rawkit.lab.host import SIOCETHTOOL


def state_of(host: Host, interface: str, setting: int) -> bool:
    """Whether an offload is on: ETHTOOL_G... is the number before ETHTOOL_S... (linux/ethtool.h)."""
    value = ctypes.create_string_buffer(struct.pack("=II", setting - 1, 0))
    with host.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCETHTOOL, struct.pack("16sP8x", interface.encode(), ctypes.addressof(value)))
    return bool(struct.unpack("=II", value.raw[:8])[1])
