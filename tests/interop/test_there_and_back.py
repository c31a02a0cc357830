"""Packets to scapy and dpkt and back: the same octets on every frame there is, and what each library makes of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dpkt.ethernet
import dpkt.ip
import dpkt.ip6
import dpkt.udp
import pytest
import scapy.layers.inet
import scapy.layers.inet6
import scapy.layers.l2
import scapy.packet
from hypothesis import given, settings
from hypothesis import strategies as st

from rawkit.capture import Frame
from rawkit.errors import FieldError
from rawkit.interop.dpkt import COUNTERPARTS as DPKT
from rawkit.interop.dpkt import Octets, headers
from rawkit.interop.scapy import COUNTERPARTS as SCAPY
from rawkit.protocols import (
    ARP,
    SLL,
    SLL2,
    TCP,
    UDP,
    VLAN,
    Ethernet,
    ICMPv4,
    IPv4,
    IPv6,
    LoopbackBE,
    LoopbackLE,
)
from rawkit.wire import Header, Packet, Trailer
from tests.conftest import NO_SHARED
from tests.interop.bounds import runs_silently
from tests.witnesses.octets import captures, frames, single_frames


def there_and_back(packet: Packet) -> None:
    """Both ways, with both libraries."""
    for theirs, back in ((packet.to_scapy(), Packet.from_scapy), (packet.to_dpkt(), Packet.from_dpkt)):
        assert bytes(theirs) == packet.octets
        again = back(theirs)
        assert again.octets == packet.octets
        if not isinstance(theirs, scapy.packet.Raw):  # nothing but octets
            assert [*map(type, again.layers)][:1] == [*map(type, packet.layers)][:1]
            if len(packet) == packet.wire_length:
                assert again == packet


@pytest.mark.parametrize("path", captures())
def test_every_frame_of_every_capture(path: Path) -> None:
    found: Sequence[Frame] = frames(path)
    for frame in found:
        there_and_back(frame.packet)


def test_single_frames() -> None:
    for frame in single_frames() or pytest.skip(NO_SHARED):
        there_and_back(frame.packet)


@settings(max_examples=200)
@given(st.binary(max_size=120), st.sampled_from([Ethernet, IPv4, IPv6, SLL, SLL2, LoopbackLE, LoopbackBE, TCP, None]))
def test_any_octets(octets: bytes, first: type[Header] | None) -> None:
    there_and_back(Packet.decode(octets, first=first))


INSIDE: list[tuple[Packet, list[Any], list[Any]]] = [
    (
        Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(dport=9, flags="S"),
        [scapy.layers.l2.Ether, scapy.layers.inet.IP, scapy.layers.inet.TCP],
        [dpkt.ethernet.Ethernet, dpkt.ip.IP, dpkt.tcp.TCP],
    ),
    (
        Ethernet() / IPv6() / UDP(dport=9) / b"abc",
        [scapy.layers.l2.Ether, scapy.layers.inet6.IPv6, scapy.layers.inet.UDP, scapy.packet.Raw],
        [dpkt.ethernet.Ethernet, dpkt.ip6.IP6, dpkt.udp.UDP],
    ),
    (
        Ethernet() / VLAN(id=7) / ARP(),
        [scapy.layers.l2.Ether, scapy.layers.l2.Dot1Q, scapy.layers.l2.ARP],
        [dpkt.ethernet.Ethernet, dpkt.arp.ARP],
    ),
    (
        IPv4() / UDP(dport=9) / b"abc",
        [scapy.layers.inet.IP, scapy.layers.inet.UDP, scapy.packet.Raw],
        [dpkt.ip.IP, dpkt.udp.UDP],
    ),
    (
        SLL(protocol=0x0800) / IPv4() / UDP(dport=9),
        [scapy.layers.l2.CookedLinux, scapy.layers.inet.IP, scapy.layers.inet.UDP],
        [dpkt.sll.SLL, dpkt.ip.IP, dpkt.udp.UDP],
    ),
    (
        SLL2(protocol=0x0800) / IPv4() / UDP(dport=9),
        [scapy.layers.l2.CookedLinuxV2, scapy.layers.inet.IP, scapy.layers.inet.UDP],
        [dpkt.sll2.SLL2, dpkt.ip.IP, dpkt.udp.UDP],
    ),
    (
        LoopbackLE(family=2) / IPv4() / UDP(dport=9),
        [scapy.layers.l2.Loopback, scapy.layers.inet.IP, scapy.layers.inet.UDP],
        [dpkt.loopback.Loopback, dpkt.ip.IP, dpkt.udp.UDP],
    ),
    (
        LoopbackBE(family=2) / IPv4() / UDP(dport=9),
        [scapy.layers.l2.LoopbackOpenBSD, scapy.layers.inet.IP, scapy.layers.inet.UDP],
        [Octets],  # dpkt writes the word in this machine's order, whatever order it came in
    ),
    (UDP(dport=9) / b"abc", [scapy.layers.inet.UDP, scapy.packet.Raw], [dpkt.udp.UDP]),
    (ICMPv4(type=77) / b"abc", [scapy.packet.Raw], [Octets]),
]
"""A packet, scapy's headers of it, dpkt's."""


@pytest.mark.parametrize(("packet", "scapys", "dpkts"), INSIDE, ids=[repr(each[0]) for each in INSIDE])
def test_the_headers_are_theirs(packet: Packet, scapys: list[Any], dpkts: list[Any]) -> None:
    assert [*map(type, packet.to_scapy().iterpayloads())] == scapys
    if sys.byteorder == "little" or type(packet.layers[0]) not in (LoopbackLE, LoopbackBE):
        assert [*map(type, headers(packet.to_dpkt()))] == dpkts
    there_and_back(packet)


def test_their_fields_have_our_values() -> None:
    packet = Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2", ttl=9) / UDP(sport=7, dport=9) / b"abc"
    theirs = packet.to_scapy()
    assert (theirs["IP"].ttl, theirs["UDP"].dport, bytes(theirs["UDP"].payload)) == (9, 9, b"abc")
    assert (packet.to_dpkt().ip.ttl, packet.to_dpkt().ip.udp.dport, packet.to_dpkt().ip.udp.data) == (9, 9, b"abc")


def test_padding_has_a_place_in_both() -> None:
    packet = Packet(Ethernet(), IPv4(), UDP(dport=9), b"abc", Trailer(bytes(15)))
    theirs = packet.to_dpkt()
    assert (theirs.tail, theirs.ip.udp.data, len(theirs)) == (bytes(15), b"abc", len(packet))
    assert isinstance(theirs, dpkt.ethernet.Ethernet)
    assert packet.to_scapy()[scapy.packet.Padding].load == bytes(15)
    there_and_back(packet)


def test_what_dpkt_would_correct_is_left_as_octets() -> None:
    """dpkt computes an IPv4 checksum that is 0, as it stands where the network card computes it."""
    packet = Ethernet() / IPv4(checksum=0) / UDP(dport=9) / b"abc"
    theirs = packet.to_dpkt()
    assert isinstance(theirs, dpkt.ethernet.Ethernet)
    assert theirs.data == packet.octets[14:]
    there_and_back(packet)


def test_an_edit_there_is_seen_here() -> None:
    packet = Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(dport=9) / b"abc"
    theirs = packet.to_scapy()
    theirs["IP"].ttl = 3
    assert Packet.from_scapy(theirs)[IPv4].ttl == 3
    other = packet.to_dpkt()
    other.ip.ttl = 3
    assert Packet.from_dpkt(other)[IPv4].ttl == 3


def test_packets_that_they_build() -> None:
    theirs = scapy.layers.l2.Ether() / scapy.layers.inet.IP(src="10.0.0.1", dst="10.0.0.2") / scapy.layers.inet.TCP()
    packet = Packet.from_scapy(theirs)
    assert packet[TCP].dport == 80
    assert {verdict.state for verdict in packet.check()} == {"good"}
    other = dpkt.ip.IP(src=bytes([10, 0, 0, 1]), dst=bytes([10, 0, 0, 2]), p=17, data=dpkt.udp.UDP(dport=9, data=b"x"))
    assert Packet.from_dpkt(other)[IPv4].src == "10.0.0.1"


def test_a_length_on_the_wire_goes_to_scapy_and_back() -> None:
    packet = Packet.decode(bytes(Ethernet() / IPv4() / UDP() / bytes(100))[:60], wire_length=142)
    assert packet.to_scapy().wirelen == 142
    assert Packet.from_scapy(packet.to_scapy()).wire_length == 142


def test_a_first_header_that_we_do_not_have_leaves_octets() -> None:
    assert Packet.from_scapy(scapy.packet.Raw(b"abc")).layers == ()
    assert Packet.from_dpkt(Octets(b"abc")).octets == b"abc"
    assert Packet.from_scapy(scapy.layers.l2.LLC()).layers == ()


@pytest.mark.parametrize("convert", [Packet.from_scapy, Packet.from_dpkt])
@pytest.mark.parametrize("wrong", [None, b"abc", "abc", Ethernet()])
def test_what_is_no_packet_of_theirs_is_the_callers_mistake(convert: Any, wrong: object) -> None:
    with pytest.raises(FieldError, match=type(wrong).__name__):
        convert(wrong)


def test_what_they_cannot_encode_is_the_callers_mistake() -> None:
    with pytest.raises(FieldError, match="scapy cannot encode"):
        Packet.from_scapy(scapy.layers.inet.IP(ttl="soon"))
    with pytest.raises(FieldError, match="dpkt cannot encode"):
        Packet.from_dpkt(dpkt.udp.UDP(sport="soon"))


def test_every_counterpart_is_there() -> None:
    for table in (SCAPY, DPKT):
        for _, ours in table.pairs:
            assert ours.startswith("rawkit.protocols.")
    packet = Packet.decode(b"", first=None)
    assert (SCAPY.theirs(packet), DPKT.theirs(packet)) == (None, None)


def test_scapy_is_imported_without_a_word_or_a_file_and_reads_routes_only_when_asked(tmp_path: Path) -> None:
    """Only the list of interfaces is read on import, which scapy does not let one avoid."""
    program = """
import os, sys, logging
environment = dict(os.environ)
from rawkit import Ethernet, IPv4, UDP
opened = []
sys.addaudithook(lambda event, _: opened.append(event) if event.startswith(("socket.", "subprocess.")) else None)
theirs = (Ethernet() / IPv4() / UDP()).to_scapy()
assert opened.count("socket.__new__") <= 2, opened
assert "sendto" not in opened
from scapy.config import conf
assert conf.route_autoload and conf.route6_autoload
assert dict(os.environ) == environment
assert logging.getLogger("scapy").level == logging.WARNING
assert not vars(conf.route).get("routes"), "read too early"
before = len(opened)
assert isinstance(conf.route.routes, list)
assert isinstance(conf.route6.ipv6_ifaces, set)
assert conf.route.route("127.0.0.1")[1] == "127.0.0.1"
assert len(opened) > before
"""
    runs_silently(program, tmp_path)
