"""What type checkers must accept, and the types they must see."""

import ipaddress
from typing import assert_type

from rawkit.protocols import (
    ARP,
    MSS,
    SLL,
    TCP,
    InternetTimestamp,
    IPv4,
    RecordRoute,
    StrictSourceRoute,
    TCPFlags,
    TCPOption,
)
from rawkit.wire import IPv4Address, MACAddress, Packet


def types(packet: Packet) -> None:
    assert_type(packet[TCP], TCP)
    assert_type(packet[TCP].dport, int)
    assert_type(packet[TCP].flags, TCPFlags)
    assert_type(packet[TCP].options, tuple[TCPOption, ...])
    assert_type(packet[IPv4].src, IPv4Address)
    assert_type(packet[ARP].sender_mac, MACAddress | None)
    assert_type(RecordRoute().route, tuple[IPv4Address, ...])
    assert_type(InternetTimestamp().entries, tuple[int, ...] | None)
    assert_type(InternetTimestamp().stamps, tuple[tuple[IPv4Address, int], ...] | None)
    assert_type(packet.get(TCP), TCP | None)
    assert_type(packet.all(TCP), tuple[TCP, ...])


def values() -> Packet:
    options = [
        RecordRoute(route=["192.0.2.1"]),
        StrictSourceRoute(route=(IPv4Address("192.0.2.1"), 0xC0000202, b"\xc0\0\2\3")),
        RecordRoute(route=[ipaddress.IPv4Address("192.0.2.1")]),
        InternetTimestamp(entries=[1, 2]),
        InternetTimestamp(format=1, stamps=[("192.0.2.1", 5)]),
    ]
    ip = IPv4(src=ipaddress.IPv4Address("192.0.2.1"), dst=b"\xc0\0\2\2", options=options)
    return SLL(address="02:00:00:00:00:01:00:00") / ip / TCP(dport=80, flags="S", options=[MSS(1460)])
