"""A capture file of packets that a test made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rawkit.capture import PcapWriter
from rawkit.wire import Packet


def written(path: Path, packets: Iterable[Packet | bytes], linktype: int = 1) -> Path:
    """A pcap file of these, all at time 0; its path."""
    with PcapWriter(path, linktype=linktype) as writer:
        for packet in packets:
            writer.write_octets(bytes(packet), time_ns=0)
    return path
