"""Reading the records of a capture file; no packet is decoded."""

from __future__ import annotations

from collections import deque
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import dpkt

import rawkit
from tests.benchmarks.measure import typical
from tests.benchmarks.packets import FRAME
from tests.benchmarks.row import Row

RECORDS = 50_000


def rows() -> list[Row]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records.pcap"
        write(path)
        ways = {"ours": lambda: last_of_ours(path), "dpkt": lambda: last_of_dpkt(path)}
        assert last_of_ours(path) == last_of_dpkt(path) == FRAME
        ns = typical(ways, rounds=3)
    return [Row("read records", "us", ns["ours"] / RECORDS / 1000, "dpkt", ns["dpkt"] / RECORDS / 1000, 2.5)]


def write(path: Path) -> None:
    whole = BytesIO()
    writer = dpkt.pcap.Writer(whole)
    for number in range(RECORDS):
        writer.writepkt(FRAME, number / 1000)
    path.write_bytes(whole.getvalue())


def last_of_ours(path: Path) -> bytes:
    with rawkit.read(path) as capture:
        return deque(capture, maxlen=1)[0].octets


def last_of_dpkt(path: Path) -> bytes:
    with path.open("rb") as file:
        octets: bytes = deque(dpkt.pcap.Reader(file), maxlen=1)[0][1]
        return octets
