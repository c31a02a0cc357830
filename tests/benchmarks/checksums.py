"""The Internet checksum of short, usual and very long data."""

from __future__ import annotations

from random import Random

from scapy.utils import checksum as checksum_scapy

from rawkit import checksum
from tests.benchmarks.measure import typical
from tests.benchmarks.row import Row

FLOORS = {20: 2.0, 64: 2.0, 1500: 2.5, 65535: 40.0}


def rows() -> list[Row]:
    return [row(length, floor) for length, floor in FLOORS.items()]


def row(length: int, floor: float) -> Row:
    data = Random(length).randbytes(length)
    assert checksum(data) == checksum_scapy(data)
    ns = typical({"ours": lambda: checksum(data), "scapy": lambda: checksum_scapy(data)})
    return Row(f"checksum of {length} octets", "us", ns["ours"] / 1000, "scapy", ns["scapy"] / 1000, floor)
