"""JSON by Wireshark's names, compared with tshark field by field."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from rawkit import bundled
from rawkit.protocols import (
    LLC,
    SLL,
    SLL2,
    TCP,
    UDP,
    Ethernet,
    ICMPv4,
    ICMPv4DestinationUnreachable,
    ICMPv4ParameterProblem,
    ICMPv4TimeExceeded,
    IPv4,
    IPv6,
    IPv6DestinationOptions,
    IPv6UnknownRouting,
    LoopbackBE,
    LoopbackLE,
    LooseSourceRoute,
    RecordRoute,
    SNAPVendor,
    StrictSourceRoute,
    catalog,
)
from rawkit.show import record
from rawkit.wire import Packet
from tests.show import tshark
from tests.show.captures import frames, name, ours, shared
from tests.written import written

ETHERNET, LOOPBACK, GRE = 1, 772, 778
"""Kinds of interfaces (ARPHRD)."""


def values(layers: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Every Wireshark name of a record with its values, in order."""
    found: dict[str, list[Any]] = {}
    for layer in layers:
        for key, value in layer.items():
            if key != "layer" and not key.startswith("rawkit."):
                found.setdefault(key, []).extend(value if isinstance(value, list) else [value])
    return found


def going_on(layers: list[dict[str, Any]]) -> set[str]:
    """The keys of what goes on in later segments: tshark tells of a TLS record where it ends, we where it begins."""
    return {key for layer in layers if layer.get("rawkit.continues") for key in layer}


def disagreements(mine: dict[str, list[Any]], theirs: tshark.Packet, begun: Collection[str] = ()) -> list[str]:
    """Where tshark says something else, or nothing. It may say more: it dissects deeper.

    Of the keys that are `begun`, we may say more.
    """
    if any(name.startswith("ip.bogus_") for name in theirs):  # it reads no further
        mine = {key: said for key, said in mine.items() if key in theirs}
    if "icmp.type" in theirs:  # of a quoted segment it shows tcp.seq alone
        mine = {key: said for key, said in mine.items() if key != "tcp.seq_raw"}
    if "tls.record.opaque_type" in theirs:  # TLS 1.3, which tshark may know from other packets
        mine = {key: said for key, said in mine.items() if key != "tls.record.content_type"}
    told = {key: said[: len(theirs.get(key, ()))] if key in begun else said for key, said in mine.items()}
    return [
        f"{key}: {said} here, {theirs.get(key)} there"
        for key, said in told.items()
        if said and (key not in theirs or len(said) > len(theirs[key]) or not all(map(tshark.same, said, theirs[key])))
    ]


@pytest.mark.parametrize("path", ours() + shared(), ids=name)
def test_tshark_says_the_same(path: Path) -> None:
    records = [record(frame) for frame in frames(path)]
    judged = tshark.packets(path)
    if not records or len(records) != len(judged):
        pytest.skip("tshark counts other blocks of this file as packets")
    for mine, theirs in zip(records, judged, strict=True):
        layers = mine["layers"]
        assert not disagreements(values(layers), theirs, going_on(layers)), mine["frame.number"]
        for key in ("frame.number", "frame.len", "frame.cap_len"):
            assert tshark.same(mine[key], theirs[key][0])
        assert [mine["frame.time_epoch"]] == theirs.get("frame.time_epoch", [None])


QUOTATION = bytes(IPv4() / UDP()).ljust(128, b"\0")
"""Of an ICMP error, as long as one that extensions may follow."""


def network(**fields: Any) -> Packet:
    return Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2", **fields)


def unreachable(**fields: int) -> list[Packet]:
    """An error of each code."""
    message = ICMPv4DestinationUnreachable(**fields)
    return [network() / ICMPv4(type=3, code=code) / message / QUOTATION for code in range(6)]


ROUTE = ["10.0.0.3", "10.0.0.4"]
OUIS = (0x0C, 0x5E, 0x81, 0x1E8, 0x1090, 0x17F2, 0x1958, 0x4096, 0x805F, 0xE02B, 0xE052, 0x80007, 0x80C2, 0x123456)
MADE: dict[str, list[Packet]] = {
    "source routes": [
        network(options=[kind(route=ROUTE, pointer=pointer)]) / UDP()
        for kind in (LooseSourceRoute, StrictSourceRoute)
        for pointer in (4, 8, 12)
    ],
    "routes that are none": [
        network(options=[option]) / UDP() for option in (LooseSourceRoute(), RecordRoute(route=ROUTE))
    ],
    "unreachable": unreachable(),
    "unreachable with an MTU": unreachable(next_hop_mtu=1400),
    "unreachable with extensions": unreachable(length=32),
    "time exceeded": [
        network() / ICMPv4(type=11) / ICMPv4TimeExceeded(length=length) / QUOTATION for length in (0, 32)
    ],
    "parameter problem": [
        network() / ICMPv4(type=12) / ICMPv4ParameterProblem(pointer=20, length=length) / QUOTATION
        for length in (0, 32)
    ],
    "organizations": [Ethernet() / LLC() / SNAPVendor(oui=oui, protocol_id=0x2000) / bytes(40) for oui in OUIS],
    "IPv6 options": [
        Ethernet() / IPv6() / IPv6DestinationOptions(options=bytes([kind, 4]) + bytes(4)) / UDP()
        for kind in (2, 4, 7, 15, 0x1E, 0x26, 0x30, 0x3E, 0x63, 0x8B, 0xFE)
    ],
    "routing headers": [Ethernet() / IPv6() / IPv6UnknownRouting(routing_type=kind) / UDP() for kind in (3, 5, 99)],
    "IPv4 options": [network(options=bytes([kind, 4, 0, 0])) for kind in range(2, 256)],
    "TCP options": [network() / TCP(options=bytes([kind, 4, 0, 0])) for kind in range(2, 256)],
    "the end of options": [
        network() / TCP(options=octets)
        for octets in (bytes(4), b"\1" + bytes(7), b"\0\0\1\1", b"\2\4\5\xb4\0\0\0\5", b"\1\1\0\3\3\7\0\0")
    ],
}
"""Packets in which Wireshark's names depend on what is in them."""


@pytest.mark.parametrize("what", MADE)
def test_tshark_says_the_same_of_made_packets(what: str, tmp_path: Path) -> None:
    path = written(tmp_path / "made.pcap", MADE[what])
    for frame, theirs in zip(frames(path), tshark.packets(path), strict=True):
        mine = values(record(frame)["layers"])
        assert not disagreements(mine, theirs)
        assert mine.get("tcp.option_kind") == numbers(theirs.get("tcp.option_kind"))


def numbers(shown: list[str] | None) -> list[int] | None:
    return None if shown is None else [int(each) for each in shown]


@pytest.mark.parametrize("linktype", [0, 108])
def test_an_address_family_has_its_name_where_it_is_one(linktype: int, tmp_path: Path) -> None:
    families = (2, 30, 255, 256, 1500, 1501, 0x0800, 0x8000F, 2 << 24)
    heads = [kind(family=family) for family in families for kind in (LoopbackBE, LoopbackLE)]
    packets = [bytes(head) + bytes(IPv4() / UDP()) for head in heads]
    path = written(tmp_path / "loopback.pcap", packets, linktype)
    for frame, theirs in zip(frames(path), tshark.packets(path), strict=True):
        assert not disagreements(values(record(frame)["layers"]), theirs), frame.number


@pytest.mark.parametrize("path", ours(), ids=name)
def test_protocols_are_tsharks_as_far_as_we_go(path: Path) -> None:
    judged = tshark.packets(path)
    whole = path.parent.name != "damaged"  # tshark shows nothing behind a damaged block
    for frame, theirs in zip(frames(path), judged, strict=whole):
        mine = record(frame)["frame.protocols"].removesuffix(":data")
        assert theirs["frame.protocols"][0].startswith(mine)


@pytest.mark.parametrize("path", ours() + shared(), ids=name)
def test_every_other_key_is_a_name_of_wireshark(path: Path) -> None:
    for frame in frames(path):
        assert values(record(frame)["layers"]).keys() <= tshark.known_names(), frame.number


def test_every_declared_name_is_a_name_of_wireshark() -> None:
    names = {catalog.wireshark_name(kind, field) for kind in catalog.classes() for field in kind.layout.fields} - {""}
    assert names <= tshark.known_names()


def layer(packet: Packet, which: int) -> dict[str, Any]:
    from rawkit.show.records import packet_layers

    return packet_layers(packet)[which]


def test_a_wrong_value_has_its_state_and_the_correct_value_beside_it() -> None:
    packet = IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(dport=7, checksum=0xB4C6) / b"hello"
    udp = layer(packet, 1)
    assert (udp["udp.checksum"], udp["rawkit.checksum.state"]) == (0xB4C6, "bad")
    assert udp["rawkit.checksum.correct"] == packet.replace(UDP, recompute=True)[UDP].checksum


def test_flags_are_a_number_and_bits() -> None:
    tcp = layer(IPv4() / TCP(flags="SA"), 1)
    assert (tcp["tcp.flags"], tcp["tcp.flags.syn"], tcp["tcp.flags.fin"]) == (0x12, True, False)
    assert layer(IPv4() / TCP(flags="S", reserved=7), 1)["tcp.flags"] == 0xE02


def test_under_a_source_route_the_destination_is_its_end() -> None:
    on_the_way, there = (
        layer(IPv4(dst="10.0.0.2", options=[LooseSourceRoute(route=ROUTE, pointer=pointer)]) / UDP(), 0)
        for pointer in (4, 12)
    )
    assert (on_the_way["ip.dst"], on_the_way["ip.cur_rt"]) == ("10.0.0.4", "10.0.0.2")
    assert there["ip.dst"] == "10.0.0.2"
    assert "ip.cur_rt" not in there


def test_a_message_without_its_common_header_has_a_record() -> None:
    packet = Packet.decode(bytes.fromhex("00000578"), first=ICMPv4DestinationUnreachable)
    assert layer(packet, 0)["rawkit.next_hop_mtu"] == 1400


def test_a_message_and_its_common_header_are_one_layer_and_the_quotation_follows() -> None:
    (_, _, _, frame) = frames(bundled.path("udp/port-unreachable"))
    found = record(frame)
    assert [each["layer"] for each in found["layers"]] == ["eth", "ip", "icmp", "ip", "udp"]
    assert ICMPv4 in frame.packet
    assert found["layers"][4]["udp.dstport"] == 7


def test_a_length_is_not_called_a_type() -> None:
    frame = Packet.decode(bytes(Ethernet(type=3)) + bytes.fromhex("424203") + bytes(43))
    assert layer(frame, 0)["eth.len"] == 3
    assert "eth.type" not in layer(frame, 0)


@pytest.mark.parametrize(("kind", "linktype"), [(SLL, 113), (SLL2, 276)])
def test_a_cooked_protocol_has_tsharks_name(kind: Any, linktype: int, tmp_path: Path) -> None:
    numbers = (0, 4, 1535, 1536, 1537, 0x0800, 0x88B5)
    heads = [kind(hardware_type=each, protocol=number) for each in (ETHERNET, LOOPBACK, GRE) for number in numbers]
    path = written(tmp_path / "cooked.pcap", [head / bytes(20) for head in heads], linktype)
    names = {"sll.etype", "sll.ltype", "sll.gretype"}
    for frame, theirs in zip(frames(path), tshark.packets(path), strict=True):
        mine = values(record(frame)["layers"])
        assert mine.keys() & names == theirs.keys() & names
        assert not disagreements(mine, theirs)
        assert ("ethertype" in record(frame)["frame.protocols"]) == ("ethertype" in theirs["frame.protocols"][0])


def test_json_is_one_line_of_ascii() -> None:
    from rawkit.show import json_line

    for path in ours():
        for frame in frames(path):
            line = json_line(frame)
            assert line.isascii()
            assert "\n" not in line
            assert json.loads(line) == json.loads(json.dumps(record(frame)))


def test_defects_are_objects_with_their_place() -> None:
    octets = bytes(IPv4(src="10.0.0.1") / TCP(options=b"\x02\x09\x00\x00"))
    from rawkit.show.records import defect_record

    (defect,) = Packet.decode(octets, first=IPv4).defects
    assert defect_record(defect) == {
        "layer": "TCPOption",
        "field": "length",
        "offset": 41,
        "found": 9,
        "expected": "2..4",
        "why": "option runs past the end",
    }
