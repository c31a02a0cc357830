"""Tunnels that scapy builds too: cases of test_scapy.py."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import rawkit as R
from rawkit.wire import Packet
from tests.protocols.both import UDP, V4, case, ether, s_ether, s_udp, s_v4, s_v6, scapy, v4, v6

mpls: Any = import_module("scapy.contrib.mpls")


@case
def gre() -> tuple[Packet, Any]:
    return v4() / R.GRE() / v6() / UDP / b"data", s_v4() / scapy.GRE() / s_v6() / s_udp()


@case
def gre_with_key_and_sequence() -> tuple[Packet, Any]:
    theirs = scapy.GRE(key_present=1, key=5, seqnum_present=1, sequence_number=6)
    return v6() / R.GRE(key=5, sequence_number=6) / v4() / UDP / b"data", s_v6() / theirs / s_v4() / s_udp()


@case
def gre_with_all_fields() -> tuple[Packet, Any]:
    ours = R.GREChecksum(key=5, sequence_number=6, recursion=3, strict_source_route=1)
    theirs = scapy.GRE(
        chksum_present=1,
        key_present=1,
        key=5,
        seqnum_present=1,
        sequence_number=6,
        recursion_control=3,
        strict_route_source=1,
    )
    return v4() / ours / v4() / UDP / b"odd", s_v4() / theirs / s_v4() / scapy.UDP(sport=1000, dport=2000) / b"odd"


@case
def gre_of_ethernet() -> tuple[Packet, Any]:
    ours = v4() / R.GRE(key=7) / ether() / v4() / UDP / b"data"
    return ours, s_v4() / scapy.GRE(key_present=1, key=7, proto=0x6558) / s_ether() / s_v4() / s_udp()


@case
def gre_routing() -> tuple[Packet, Any]:
    route = "0800 00 04 c0000209 0000 00 00"
    theirs = scapy.GRErouting(address_family=0x800, SRE_len=4, routing_info=b"\xc0\0\2\x09")
    theirs = scapy.GRE(routing_present=1, chksum=0, proto=0x88B5) / theirs / scapy.GRErouting()
    ours = R.GRERouting(routing=route, protocol=0x88B5)
    return v4() / ours / b"data", s_v4() / theirs / b"data"


@case
def gre_of_pptp() -> tuple[Packet, Any]:
    ours = R.EnhancedGRE(call_id=6, sequence_number=34, acknowledgement_number=17)
    theirs = scapy.GRE_PPTP(call_id=6, seqnum_present=1, sequence_number=34, acknum_present=1, ack_number=17)
    return v4() / ours / R.PPPFramed(protocol=0x31) / b"bridged", s_v4() / theirs / b"\xff\x03\0\x31bridged"


@case
def gre_of_pptp_acknowledges() -> tuple[Packet, Any]:
    ours = R.EnhancedGRE(call_id=6, acknowledgement_number=26)
    return v4() / ours, s_v4() / scapy.GRE_PPTP(call_id=6, payload_len=0, acknum_present=1, ack_number=26)


@case
def mpls_stack() -> tuple[Packet, Any]:
    ours = ether() / R.MPLS(label=16, traffic_class=5, ttl=9) / R.MPLS(label=2, ttl=8) / v6() / UDP / b"data"
    theirs = mpls.MPLS(label=16, cos=5, s=0, ttl=9) / mpls.MPLS(label=2, s=1, ttl=8)
    return ours, s_ether() / theirs / s_v6() / s_udp()


@case
def mpls_pseudowire() -> tuple[Packet, Any]:
    return ether() / R.MPLS(label=16) / b"\0\0\0\1rest", s_ether(type=0x8847) / mpls.MPLS(
        label=16, s=1, ttl=64
    ) / b"\0\0\0\1rest"


@case
def ipv4_in_ipv4() -> tuple[Packet, Any]:
    return v4() / v4() / UDP / b"data", s_v4() / s_v4() / s_udp()


@case
def ipv6_in_ipv4() -> tuple[Packet, Any]:
    ours = R.IPv4(**V4, ttl=9) / v6() / R.TCP(sport=1, dport=2) / b"odd"
    return ours, scapy.IP(**V4, id=0, ttl=9) / s_v6() / scapy.TCP(sport=1, dport=2, flags="", window=65535) / b"odd"


@case
def ipv4_in_ipv6() -> tuple[Packet, Any]:
    return v6() / v4() / UDP / b"data", s_v6() / s_v4() / s_udp()


@case
def a_tunnel_in_a_tunnel() -> tuple[Packet, Any]:
    return v4() / R.GRE() / v4() / v6() / UDP / b"data", s_v4() / scapy.GRE() / s_v4() / s_v6() / s_udp()
