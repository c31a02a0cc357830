"""One Ethernet/IPv4/TCP frame with timestamps and 100 octets of data: read, named fields extracted, built."""

from __future__ import annotations

import socket
import struct

import dpkt
from scapy.layers.inet import IP as ScapyIP
from scapy.layers.inet import TCP as ScapyTCP
from scapy.layers.l2 import Ether

from rawkit import TCP, Ethernet, IPv4, NoOperation, Packet, Timestamps, fields
from tests.benchmarks.measure import typical
from tests.benchmarks.row import Row

DATA = bytes(range(100))
TO, FROM = "02:00:00:00:00:02", "02:00:00:00:00:01"


def build() -> bytes:
    options = [NoOperation(), NoOperation(), Timestamps(1000, 2000)]
    tcp = TCP(sport=51234, dport=80, seq=1, ack=2, flags="PA", options=options)
    return bytes(Ethernet(dst=TO, src=FROM) / IPv4(src="10.0.0.1", dst="10.0.0.2") / tcp / DATA)


def mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


def build_dpkt() -> bytes:
    options = struct.pack(">BBBBII", 1, 1, 8, 10, 1000, 2000)
    tcp = dpkt.tcp.TCP(sport=51234, dport=80, seq=1, ack=2, off=8, flags=0x18, opts=options, data=DATA)
    ip = dpkt.ip.IP(src=socket.inet_aton("10.0.0.1"), dst=socket.inet_aton("10.0.0.2"), p=6, data=tcp)
    return bytes(dpkt.ethernet.Ethernet(dst=mac(TO), src=mac(FROM), type=0x800, data=ip))


def build_scapy() -> bytes:
    options = [("NOP", None), ("NOP", None), ("Timestamp", (1000, 2000))]
    tcp = ScapyTCP(sport=51234, dport=80, seq=1, ack=2, flags="PA", window=65535, options=options)
    return bytes(Ether(dst=TO, src=FROM) / ScapyIP(id=0, src="10.0.0.1", dst="10.0.0.2") / tcp / DATA)


FRAME = build()
extract = fields("ip.src", "ip.dst", "tcp.srcport", "tcp.dstport", "tcp.seq_raw")


def read() -> tuple[str, str, int, int, int]:
    packet = Packet.decode(FRAME)
    ip, tcp = packet[IPv4], packet[TCP]
    return ip.src, ip.dst, tcp.sport, tcp.dport, tcp.seq


def read_dpkt() -> tuple[bytes, bytes, int, int, int]:
    ip = dpkt.ethernet.Ethernet(FRAME).data
    tcp = ip.data
    return ip.src, ip.dst, tcp.sport, tcp.dport, tcp.seq


def read_scapy() -> tuple[str, str, int, int, int]:
    packet = Ether(FRAME)
    ip, tcp = packet[ScapyIP], packet[ScapyTCP]
    return ip.src, ip.dst, tcp.sport, tcp.dport, tcp.seq


def rows() -> list[Row]:
    """Reading, extracting, building; every way must come to the same result first."""
    assert build() == build_dpkt() == build_scapy()
    assert read() == extract(FRAME) == read_scapy()
    ways = {
        "read": read,
        "extract": lambda: extract(FRAME),
        "read dpkt": read_dpkt,
        "read scapy": read_scapy,
        "build": build,
        "build dpkt": build_dpkt,
        "build scapy": build_scapy,
    }
    us = {name: time / 1000 for name, time in typical(ways).items()}
    return [
        Row("Packet.decode and five fields", "us", us["read"], "dpkt", us["read dpkt"], 2.5),
        Row("Packet.decode and five fields", "us", us["read"], "scapy", us["read scapy"], 50),
        Row("rawkit.fields extractor of the same five", "us", us["extract"], "dpkt", us["read dpkt"], 12),
        Row("rawkit.fields extractor of the same five", "us", us["extract"], "scapy", us["read scapy"], 250),
        Row("build from keywords, both checksums", "us", us["build"], "dpkt", us["build dpkt"], 2.5),
        Row("build from keywords, both checksums", "us", us["build"], "scapy", us["build scapy"], 50),
    ]
