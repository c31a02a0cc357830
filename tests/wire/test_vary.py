"""Many packets from one: each row is the packet that `replace` makes, octet for octet."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawkit import MPLS, SCTP, TCP, UDP, VLAN, VXLAN, Ethernet, Header, ICMPv4, IPv4, IPv6, Packet
from rawkit.errors import FieldError
from rawkit.protocols import GRE, ICMPv4EchoRequest, IPv6Routing

V4 = IPv4(src="10.0.0.1", dst="10.0.0.2")
V6 = IPv6(src="fd00::1", dst="fd00::2")
PACKETS = {
    "tcp": Ethernet() / V4 / TCP(dport=80, flags="S") / b"odd",
    "tcp over IPv6": V6 / TCP(dport=80) / b"data",
    "udp": Ethernet() / VLAN(id=5) / V4 / UDP(sport=9, dport=53) / bytes(7),
    "icmp": V4 / ICMPv4() / ICMPv4EchoRequest() / b"ping",
    "tunnel": Ethernet() / V4 / UDP(sport=1) / VXLAN(vni=7) / Ethernet() / V6 / UDP(dport=7) / b"inner",
    "gre": V4 / GRE() / V4 / TCP() / b"?",
    "mpls": Ethernet() / MPLS(label=5) / V4 / TCP(),
    "decoded": Packet.decode(bytes(Ethernet() / V4 / UDP(dport=7) / b"there")),
}
FIELDS: dict[str, list[tuple[type[Header], str, int]]] = {
    "tcp": [(TCP, "sport", 16), (TCP, "seq", 32), (TCP, "window", 16), (IPv4, "ttl", 8), (IPv4, "dscp", 6)],
    "tcp over IPv6": [(TCP, "dport", 16), (IPv6, "flow_label", 20), (IPv6, "hop_limit", 8), (TCP, "flags", 9)],
    "udp": [(UDP, "sport", 16), (IPv4, "identification", 16), (VLAN, "id", 12), (VLAN, "priority", 3)],
    "icmp": [(ICMPv4EchoRequest, "identifier", 16), (ICMPv4EchoRequest, "sequence_number", 16)],
    "tunnel": [(VXLAN, "vni", 24), (IPv6, "hop_limit", 8), (IPv4, "ttl", 8)],
    "gre": [(TCP, "ack", 32)],
    "mpls": [(MPLS, "label", 20), (MPLS, "ttl", 8), (TCP, "urgent_pointer", 16)],
    "decoded": [(UDP, "dport", 16), (IPv4, "ttl", 8)],
}


def one_by_one(packet: Packet, changes: dict[type[Header], dict[str, Any]]) -> bytes:
    for header, fields in changes.items():
        packet = packet.replace(header, **fields)
    return bytes(packet)


@pytest.mark.parametrize("name", PACKETS)
@given(st.data())
def test_each_row_is_what_replace_makes(name: str, data: st.DataObject) -> None:
    packet, count = PACKETS[name], data.draw(st.integers(1, 5))
    chosen = data.draw(st.lists(st.sampled_from(FIELDS[name]), min_size=1, unique=True))
    columns = {
        f"{header.__name__}.{field}": data.draw(
            st.lists(st.integers(0, (1 << bits) - 1), min_size=count, max_size=count)
        )
        for header, field, bits in chosen
    }
    matrix = packet.vary(columns)
    assert matrix.shape == (count, len(packet))
    for row in range(count):
        changes: dict[type[Header], dict[str, Any]] = {}
        for header, field, _ in chosen:
            changes.setdefault(header, {})[field] = columns[f"{header.__name__}.{field}"][row]
        assert matrix[row].tobytes() == one_by_one(packet, changes)


def test_addresses_as_texts_and_as_numbers() -> None:
    packet = PACKETS["tcp"]
    texts = [f"10.1.0.{number}" for number in range(50)]
    numbers = numpy.arange(50) + (10 << 24 | 1 << 16)
    matrix = packet.vary(src=texts)
    assert (matrix == packet.vary({"IPv4.src": numbers})).all()
    for row, text in zip(matrix, texts, strict=True):
        assert row.tobytes() == bytes(packet.replace(IPv4, src=text))
    six = PACKETS["tcp over IPv6"].vary(dst=["fd00::7", "fd00::8"], sport=[1, 2])
    assert Packet.decode(six[1].tobytes(), first=IPv6)[IPv6].dst == "fd00::8"
    assert {each.state for each in Packet.decode(six[1].tobytes(), first=IPv6).check()} == {"good"}
    cards = packet.vary({"Ethernet.dst": ["02:00:00:00:00:01", "02:00:00:00:00:02"]})
    assert Packet.decode(cards[1].tobytes())[Ethernet].dst == "02:00:00:00:00:02"


def test_the_innermost_header_is_meant() -> None:
    matrix = PACKETS["tunnel"].vary(sport=[5, 6], src=["fd00::5", "fd00::6"])
    outer, inner = Packet.decode(matrix[1].tobytes()).layers[2], Packet.decode(matrix[1].tobytes())
    assert isinstance(outer, UDP)
    assert outer.sport == 1
    assert inner.layers[6].sport == 6  # type: ignore[attr-defined]
    assert inner[IPv6].src == "fd00::6"
    assert {each.state for each in inner.check()} <= {"good", "absent"}


def test_one_value_goes_into_all_rows() -> None:
    matrix = PACKETS["udp"].vary(sport=range(3), ttl=1, dport=[7])
    assert [Packet.decode(row.tobytes())[UDP].sport for row in matrix] == [0, 1, 2]
    assert {Packet.decode(row.tobytes())[IPv4].ttl for row in matrix} == {1}


@pytest.mark.parametrize(("name", "field"), [("tcp", "window"), ("udp", "sport"), ("icmp", "sequence_number")])
def test_sums_at_the_edge(name: str, field: str) -> None:
    """Of every value of a word, those around which the sum turns: where a checksum is 0, 1, 0xfffe or 0xffff."""
    packet: Any = PACKETS[name]
    matrix, header = packet.vary({field: numpy.arange(1 << 16)}), packet.layers[-1]
    place = max(each.offset for each in packet.check() if each.checksum)  # the innermost
    sums = matrix[:, place].astype(int) << 8 | matrix[:, place + 1]
    turning = numpy.flatnonzero((sums <= 1) | (sums >= 0xFFFE))
    assert len(turning) >= 3
    for row in turning:
        assert matrix[row].tobytes() == bytes(packet.replace(header, **{field: int(row)})), row


def test_all_zero_octets_sum_to_0xffff() -> None:
    packet = Packet.decode(bytes.fromhex("0000ffff00000000"), first=ICMPv4)
    ping = packet if packet.check()[0].state == "good" else packet.replace(recompute=True)
    name = type(ping.layers[-1]).__name__
    matrix = ping.vary({f"{name}.sequence_number": [0, 1]})
    for row, number in zip(matrix, (0, 1), strict=True):
        assert row.tobytes() == bytes(ping.replace(ping.layers[-1], sequence_number=number))


def test_what_was_wrong_or_absent_stays_so() -> None:
    wrong = Packet.decode(bytes(V4 / UDP(dport=7, checksum=0x1234) / b"x"), first=IPv4)
    none = V4 / UDP(dport=7, checksum=0) / b"x"
    for packet in (wrong, none):
        assert packet.vary(sport=[4])[0].tobytes() == bytes(packet.replace(UDP, sport=4))


def test_a_crc_is_made_anew() -> None:
    packet = V4 / SCTP(sport=1, dport=2, verification_tag=3)
    matrix = packet.vary(verification_tag=[7, 8])
    for row, tag in zip(matrix, (7, 8), strict=True):
        assert row.tobytes() == bytes(packet.replace(SCTP, verification_tag=tag))


def test_a_route_hides_the_destination() -> None:
    routed = IPv6(src="fd00::1", dst="fd00::2") / IPv6Routing(segments_left=1, addresses=["fd00::3"]) / UDP(dport=7)
    matrix = routed.vary(src=["fd00::9"])
    assert matrix[0].tobytes() == bytes(routed.replace(IPv6, src="fd00::9"))
    with pytest.raises(FieldError, match=r"IPv6\.dst: a route says where it goes"):
        routed.vary(dst=["fd00::9"])


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"sprt": [1]}, "no header of this packet has a field 'sprt'; did you mean 'sport'?"),
        ({"UDP.sport": [1]}, "no UDP of this packet has a field 'sport'"),
        ({"sport": [70000]}, r"TCP\.sport: takes a row of numbers from 0 to 65535"),
        ({"sport": [-1]}, "takes a row of numbers"),
        ({"sport": [[1]]}, "takes a row of numbers"),
        ({"src": ["10.0.0.300"]}, r"IPv4\.src"),
        ({"sport": [1, 2], "seq": [1, 2, 3]}, "columns of different lengths: sport has 2, seq has 3"),
        ({"total_length": [40]}, r"IPv4\.total_length: it says how the octets are to be read"),
        ({"data_offset": [5]}, "it says how the octets are to be read"),
        ({"protocol": [17]}, "it says how the octets are to be read"),
        ({"TCP.options": [b""]}, "it has no fixed place"),
    ],
)
def test_the_callers_mistakes(columns: dict[str, Any], why: str) -> None:
    with pytest.raises(FieldError, match=why):
        PACKETS["tcp"].vary(columns)
