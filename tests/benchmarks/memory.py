"""What a packet costs that is kept: 10,000 of them, five fields read, their octets not counted."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable

import dpkt

from rawkit import TCP, IPv4, Packet
from tests.benchmarks.packets import FRAME
from tests.benchmarks.row import LIMIT, Row

KEPT = 10_000
MOST = 1000


def keep() -> list[object]:
    kept: list[object] = []
    for frame in FRAMES:
        packet = Packet.decode(frame)
        ip, tcp = packet[IPv4], packet[TCP]
        _ = (ip.src, ip.dst, tcp.sport, tcp.dport, tcp.seq)
        kept.append(packet)
    return kept


def keep_dpkt() -> list[object]:
    kept: list[object] = []
    for frame in FRAMES:
        packet = dpkt.ethernet.Ethernet(frame)
        ip = packet.data
        _ = (ip.src, ip.dst, ip.data.sport, ip.data.dport, ip.data.seq)
        kept.append(packet)
    return kept


FRAMES = [bytes(bytearray(FRAME)) for _ in range(KEPT)]


def octets_each(keep: Callable[[], list[object]]) -> float:
    keep()  # whatever is made once
    gc.collect()
    tracemalloc.start()
    kept = keep()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return size / len(kept)


def rows() -> list[Row]:
    ours, theirs = octets_each(keep), octets_each(keep_dpkt)
    what = "a kept packet, five fields read"
    return [Row(what, "B", ours, LIMIT, MOST), Row(what, "B", ours, "dpkt", theirs)]
