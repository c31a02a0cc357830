"""The packets that filters are tried on: those of our captures and built ones, whole and cut."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

from rawkit import (
    ARP,
    MPLS,
    PPP,
    TCP,
    UDP,
    VLAN,
    Ethernet,
    Geneve,
    IPv4,
    IPv6,
    Packet,
    PPPoESession,
    ServiceVLAN,
    capture,
)
from rawkit.errors import RawkitError
from rawkit.protocols import ICMPv4, ICMPv4EchoRequest
from tests.cli.run import CAPTURES

MOST = 12
"""Of one capture."""


@cache
def frames(link_type: int) -> tuple[tuple[bytes, int], ...]:
    """Octets and length of each different packet of this link type, in the order of the captures."""
    built = [(octets, len(octets)) for octets in _built()] if link_type == 1 else []
    return tuple(dict.fromkeys([*built, *_all(link_type)]))


def _all(link_type: int) -> Iterator[tuple[bytes, int]]:
    for path in sorted(CAPTURES.glob("*/*.pcap*")):
        try:
            with capture.read(path) as opened:
                for frame in opened:
                    if frame.number > MOST:
                        break
                    if frame.interface.linktype == link_type:
                        yield frame.octets, frame.wire_length
        except RawkitError:  # damaged ones are among them
            continue


def cut(whole: tuple[tuple[bytes, int], ...], seed: int, count: int) -> list[tuple[bytes, int]]:
    """Some of them, each cut somewhere."""
    chance = random.Random(seed)
    some = chance.sample(whole, min(count, len(whole)))
    return [(octets[: chance.randrange(len(octets) + 1)], length) for octets, length in some]


def _built() -> Iterator[bytes]:
    """One of each kind that no capture has: what pcap-filter(7) has a word for."""
    here, there = b"\xaa\xbb\xcc\xdd\xee\xff", b"\x0a\x0b\x0c\x0d\x0e\x0f"
    ethernet = there + here
    filling = bytes(range(64))
    for ethertype in (0x6001, 0x6002, 0x6003, 0x6004, 0x6007, 0x8035, 0x8037, 0x8137, 0x809B, 0x80F3, 0x8863, 0x9000):
        yield ethernet + ethertype.to_bytes(2, "big") + filling
        yield ethernet + ethertype.to_bytes(2, "big") + bytes([1, *filling])
    arp = bytes.fromhex("000108000604000102000000000101020304ffffffffffff01020304")
    yield ethernet + b"\x80\x35" + arp
    yield here + there + b"\x80\x35" + b"\x01" + arp[1:]
    for sap in (0x42, 0xAA, 0xE0, 0xF0, 0xFE, 0xFF, 0x05, 0xDC):
        for control in (0x00, 0x01, 0x03, 0x05, 0x09, 0x43, 0x63, 0x6F, 0x87, 0xAF, 0xE3):
            yield ethernet + b"\x00\x40" + bytes([sap, sap, control]) + filling
    for organization, protocol in ((0, 0x8137), (0, 0x80F3), (0x080007, 0x809B), (0x00000C, 0x2000)):
        snap = b"\xaa\xaa\x03" + organization.to_bytes(3, "big") + protocol.to_bytes(2, "big")
        yield ethernet + b"\x00\x48" + snap + filling
    for number in (0x81, 0x82, 0x83, 0x05):
        for kind in (15, 16, 17, 18, 20, 24, 25, 26, 27):
            yield ethernet + b"\x00\x40" + b"\xfe\xfe\x03" + bytes([number, 0, 0, 0, kind]) + filling
    yield from (bytes(Ethernet(dst=there, src=here) / each / filling) for each in _ip())


def _ip() -> Iterator[IPv4 | IPv6 | Packet]:
    ends: Any = {"src": "10.9.0.1", "dst": "192.168.1.80"}
    ends_6: Any = {"src": "fe80::1", "dst": "ff02::2"}
    for protocol in (2, 6, 9, 17, 41, 47, 50, 51, 103, 112, 132):
        yield IPv4(**ends, protocol=protocol)
        yield IPv6(**ends_6, next_header=protocol)
    for carried in (TCP(sport=22, dport=20), UDP(sport=5353, dport=5353), TCP(sport=5, dport=5)):
        yield IPv4(**ends) / carried
        yield IPv6(**ends_6) / carried
        yield PPPoESession(session_id=0x27) / PPP() / IPv4(**ends) / carried
        yield PPPoESession(session_id=1) / PPP() / IPv6(**ends_6) / carried
        yield VLAN(id=5) / IPv4(**ends) / carried
        yield ServiceVLAN(id=10) / VLAN(id=20) / IPv4(**ends) / carried
        yield VLAN(id=100) / MPLS(label=16) / IPv4(**ends) / carried
        yield MPLS(label=5) / IPv4(src="10.0.0.1", dst="10.0.0.2") / carried
        yield MPLS(label=16) / MPLS(label=6) / IPv6(**ends_6) / carried
        inner = Ethernet(src="02:00:00:00:00:01", dst="01:00:00:00:00:02") / IPv4(src="10.0.0.1") / carried
        yield IPv4(**ends) / UDP(sport=9) / Geneve(vni=5) / inner
        yield IPv6(**ends_6) / UDP(sport=9) / Geneve(vni=6) / inner
    yield PPPoESession(session_id=9) / PPP(protocol=0xC021)
    yield PPPoESession(session_id=9) / PPP(protocol=0x23)
    yield PPPoESession(session_id=9) / PPP(protocol=0x281)
    yield PPPoESession(session_id=9) / PPP() / IPv4(**ends) / ICMPv4() / ICMPv4EchoRequest()
    geneve = IPv4(**ends) / UDP() / Geneve(vni=7)
    yield geneve / Ethernet(dst="02:00:00:00:00:01") / ARP(sender_ip="10.0.0.1", target_ip="10.0.0.2")
    yield geneve / Ethernet() / IPv4(src="10.0.0.1") / ICMPv4() / ICMPv4EchoRequest()
    yield geneve / Ethernet() / VLAN(id=3) / IPv4(src="10.0.0.1") / ICMPv4() / ICMPv4EchoRequest()
    yield geneve / IPv4(src="10.0.0.1") / TCP(dport=80)
