"""Protocols and fields by the names that people type."""

from __future__ import annotations

import pytest

from rawkit.errors import FieldError
from rawkit.protocols import ARP, MSS, TCP, VLAN, Ethernet, ICMPv4, ICMPv6, IPv4, IPv6, NeighborSolicitation, catalog


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("tcp", TCP),
        ("TCP", TCP),
        ("ip", IPv4),
        ("ipv4", IPv4),
        ("IPv6", IPv6),
        ("eth", Ethernet),
        ("ether", Ethernet),
        ("icmp", ICMPv4),
        ("icmpv6", ICMPv6),
        ("arp", ARP),
        ("vlan", VLAN),
        ("dot1q", VLAN),
        ("mss", MSS),
        ("neighborsolicitation", NeighborSolicitation),
    ],
)
def test_a_protocol_by_name(name: str, cls: type) -> None:
    assert catalog.protocol(name) is cls


def test_an_unknown_protocol_suggests_the_nearest() -> None:
    with pytest.raises(FieldError, match="did you mean 'tcp'"):
        catalog.protocol("tpc")
    with pytest.raises(FieldError, match=r"no protocol 'zzzzzz'$"):
        catalog.protocol("zzzzzz")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("tcp.dport", (TCP, "dport")),
        ("TCP.DstPort", (TCP, "dport")),
        ("ip.src", (IPv4, "src")),
        ("ipv4.ttl", (IPv4, "ttl")),
        ("ip.total_length", (IPv4, "total_length")),
        ("ip.dsfield.dscp", (IPv4, "dscp")),
        ("arp.src.hw_mac", (ARP, "sender_mac")),
        ("icmpv6.target", (NeighborSolicitation, "target")),
        ("icmpv6.nd.ns.target_address", (NeighborSolicitation, "target")),
        ("mss.value", (MSS, "value")),
        ("tcp.options.mss_val", (MSS, "value")),
    ],
)
def test_a_field_by_name(name: str, place: tuple[type, str]) -> None:
    assert catalog.field(name) == place


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tcp.dprt", "did you mean 'dport'"),
        ("tcp.dstprt", "did you mean 'dstport'"),
        ("tpc.dport", "did you mean 'tcp'"),
        ("tcp", "write PROTOCOL.FIELD"),
        ("tcp.", "write PROTOCOL.FIELD"),
    ],
)
def test_an_unknown_field_suggests_the_nearest(name: str, message: str) -> None:
    with pytest.raises(FieldError, match=message):
        catalog.field(name)


def test_a_flag_by_name() -> None:
    for name in ("tcp.flags.syn", "TCP.flags.SYN"):
        cls, field, bit = catalog.flag(name)
        assert (cls, field, bit.letter) == (TCP, "flags", "S")
    assert catalog.flag("ip.flags.df")[0] is IPv4
    with pytest.raises(FieldError, match=r"did you mean 'tcp\.flags\.syn'"):
        catalog.flag("tcp.flags.sin")
