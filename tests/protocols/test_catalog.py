"""Protocols and fields by the names that people type."""

from __future__ import annotations

import re

import pytest

from rawkit.errors import FieldError
from rawkit.protocols import ARP, MSS, TCP, VLAN, Ethernet, ICMPv4, ICMPv6, IPv4, IPv6, NeighborSolicitation, catalog
from rawkit.protocols.craft import packet
from rawkit.wire import Option


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


@pytest.mark.parametrize("name", ["mld", "NDP"])
def test_a_name_of_several_says_which(name: str) -> None:
    of_it = {"mld": ("MLDQuery", "MLDv2Report"), "NDP": ("RouterSolicitation", "Redirect")}[name]
    with pytest.raises(catalog.UnknownProtocol, match=f"'{name}' is several: write .* or ") as error:
        catalog.protocol(name)
    named = set(re.findall(r"\w+", str(error.value).partition("write ")[2])) - {"or"}
    assert named >= set(of_it)
    assert all(catalog.protocol(each).__name__ == each for each in named)


@pytest.mark.parametrize("name", catalog.applications())
def test_what_another_library_reads_is_no_header(name: str) -> None:
    with pytest.raises(catalog.UnknownProtocol, match=f"'{name}' has no header here"):
        catalog.protocol(name)


@pytest.mark.parametrize("cls", list(catalog.classes()))
def test_every_name_in_the_list_is_understood_by_craft(cls: catalog.Class) -> None:
    """A header is made by each of its names; an option says where it is written."""
    for name in (cls.__name__, *catalog.other_names(cls)):
        if issubclass(cls, Option):
            with pytest.raises(FieldError, match="is an option"):
                packet(name)
        else:
            before = f"{cls.layout.part_of[0].__name__} / " if cls.layout.part_of else ""
            assert isinstance(packet(before + name).layers[-1], cls)


def test_a_flag_by_name() -> None:
    for name in ("tcp.flags.syn", "TCP.flags.SYN"):
        cls, field, bit = catalog.flag(name)
        assert (cls, field, bit.letter) == (TCP, "flags", "S")
    assert catalog.flag("ip.flags.df")[0] is IPv4
    with pytest.raises(FieldError, match=r"did you mean 'tcp\.flags\.syn'"):
        catalog.flag("tcp.flags.sin")
