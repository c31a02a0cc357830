"""What scapy's cases have in common: the same addresses on both sides, and the list that the cases go into."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import rawkit as R
from rawkit.wire import Header, Packet

scapy: Any = import_module("scapy.all")
scapy.conf.verb = 0

MAC_1, MAC_2 = "02:00:00:00:00:01", "02:00:00:00:00:02"
V4: dict[str, Any] = {"src": "192.0.2.1", "dst": "192.0.2.2"}
V6: dict[str, Any] = {"src": "2001:db8::1", "dst": "2001:db8::2"}
UDP = R.UDP(sport=1000, dport=2000)


def s_ether(**fields: Any) -> Any:
    return scapy.Ether(src=MAC_1, dst=MAC_2, **fields)


def ether() -> Header:
    return R.Ethernet(src=MAC_1, dst=MAC_2)


def s_udp() -> Any:
    return scapy.UDP(sport=1000, dport=2000) / b"data"


def v4() -> Header:
    return R.IPv4(**V4)


def s_v4(**fields: Any) -> Any:
    return scapy.IP(id=0, **V4, **fields)


def v6() -> Header:
    return R.IPv6(**V6)


def neighbor() -> Header:
    """Neighbour discovery is believed only from the link itself (RFC 4861 section 6.1)."""
    return R.IPv6(**V6, hop_limit=255)


def s_v6() -> Any:
    return scapy.IPv6(**V6)


Both = Callable[[], tuple[Packet, Any]]
CASES: dict[str, Both] = {}


def case(function: Both) -> Both:
    CASES[function.__name__] = function
    return function
