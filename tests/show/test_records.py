"""JSON by Wireshark's names, compared with tshark field by field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rawkit.capture import PcapWriter
from rawkit.protocols import SLL, SLL2, TCP, UDP, Ethernet, ICMPv4, IPv4, catalog
from rawkit.show import record
from rawkit.wire import Packet
from tests.show import tshark
from tests.show.captures import frames, name, ours, shared

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


def disagreements(mine: dict[str, list[Any]], theirs: tshark.Packet) -> list[str]:
    """Where tshark says something else. It may say more: it dissects deeper, and reads on after an end of options."""
    found = []
    for key, said in mine.items():
        routed = key == "ip.dst" and "ip.cur_rt" in theirs  # by a source route: tshark then shows its last address
        if key not in theirs or routed:
            continue
        if len(said) > len(theirs[key]) or not all(map(tshark.same, said, theirs[key])):
            found.append(f"{key}: {said} here, {theirs[key]} there")
    return found


@pytest.mark.parametrize("path", ours() + shared(), ids=name)
def test_tshark_says_the_same(path: Path) -> None:
    records = [record(frame) for frame in frames(path)]
    judged = tshark.packets(path)
    if not records or len(records) != len(judged):
        pytest.skip("tshark counts other blocks of this file as packets")
    for mine, theirs in zip(records, judged, strict=True):
        assert not disagreements(values(mine["layers"]), theirs), mine["frame.number"]
        for key in ("frame.number", "frame.len", "frame.cap_len"):
            assert tshark.same(mine[key], theirs[key][0])
        assert [mine["frame.time_epoch"]] == theirs.get("frame.time_epoch", [None])


@pytest.mark.parametrize("path", ours(), ids=name)
def test_protocols_are_tsharks_as_far_as_we_go(path: Path) -> None:
    judged = tshark.packets(path)
    for frame, theirs in zip(frames(path), judged, strict=True):
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


def test_a_message_and_its_common_header_are_one_layer_and_the_quotation_follows() -> None:
    (_, _, _, frame) = frames(Path("captures/udp/port-unreachable.pcap").resolve()) or pytest.skip("no capture")
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
    path = tmp_path / "cooked.pcap"
    with PcapWriter(path, linktype=linktype) as writer:
        for interface in (ETHERNET, LOOPBACK, GRE):
            for number in (0, 4, 1535, 1536, 1537, 0x0800, 0x88B5):
                writer.write_octets(bytes(kind(hardware_type=interface, protocol=number) / bytes(20)), time_ns=0)
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
