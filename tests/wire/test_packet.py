"""Packets: wire truth, what a decoder makes of honest and of damaged octets, and packets as values."""

from __future__ import annotations

import copy
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rawkit.errors import Defect, FieldError
from rawkit.protocols import (
    MSS,
    TCP,
    UDP,
    VLAN,
    EndOfOptions,
    Ethernet,
    ICMPv4,
    ICMPv4EchoRequest,
    IPv4,
    IPv6,
    IPv6Routing,
    Loopback,
    NeighborSolicitation,
    NoOperation,
    TCPOption,
    UnknownTCPOption,
)
from rawkit.protocols.numbers import TCP_PORTS, UDP_PORTS
from rawkit.wire import MAX_LAYERS, Application, Header, Option, Packet, Trailer


def ip(**fields: Any) -> IPv4:
    return IPv4(src="10.0.0.1", dst="10.0.0.2", **fields)


def segment() -> Packet:
    return ip() / TCP(sport=1024, dport=80, flags="S", options=[MSS(1460)]) / b"data"


# -- wire truth -----------------------------------------------------------------------------------------------------


def test_dividing_and_listing_make_the_same_packet() -> None:
    v4, tcp = ip(), TCP(sport=1024, dport=80)
    assert v4 / tcp / b"data" == Packet(v4, tcp, b"data") == v4 / (tcp / b"data") == Packet(v4 / tcp, b"data")


def test_a_packet_is_encoded_at_most_once() -> None:
    packet = segment()
    first = packet.octets
    assert packet.octets is first
    assert packet.layers is packet.layers
    assert packet[TCP] is packet[TCP]


def test_headers_are_read_as_they_are_on_the_wire() -> None:
    packet = segment()
    assert (packet[IPv4].total_length, packet[IPv4].protocol, packet[TCP].data_offset) == (48, 6, 6)
    assert packet[IPv4].checksum == int.from_bytes(packet.octets[10:12], "big") != 0
    assert packet[TCP].layout.offset == 20
    assert packet[TCP].layout.octets == packet.octets[20:44]


def test_a_header_alone_reads_as_if_it_were_the_whole_packet() -> None:
    alone = ip(ttl=9)
    assert (alone.total_length, alone.checksum) == (20, Packet(alone)[IPv4].checksum)
    assert bytes(alone) == bytes(Packet(alone))
    assert alone == Packet(alone)[IPv4]


def test_the_same_header_in_two_packets() -> None:
    tcp = TCP(sport=1, dport=2)
    one, two = IPv4(src="10.0.0.1", dst="10.0.0.2") / tcp, IPv6(src="fd00::1", dst="fd00::2") / tcp
    assert one[TCP].checksum != two[TCP].checksum
    assert tcp.layout.set == frozenset()


def test_set_by_hand_is_never_corrected() -> None:
    packet = ip(total_length=7, checksum=1, ihl=6, protocol=200) / UDP(length=3, checksum=2) / b"x"
    v4, udp = packet[IPv4], packet[UDP]
    assert (v4.total_length, v4.checksum, v4.ihl, v4.protocol, udp.length, udp.checksum) == (7, 1, 6, 200, 3, 2)
    assert v4.layout.set == {"total_length", "checksum", "ihl", "protocol"}


def test_asking_for_headers() -> None:
    packet = ip() / IPv4(src="10.1.0.1", dst="10.1.0.2") / UDP(sport=1, dport=2)
    assert TCP not in packet
    assert packet.get(TCP) is None
    assert [each.src for each in packet.all(IPv4)] == ["10.0.0.1", "10.1.0.1"]
    assert packet[IPv4].src == "10.0.0.1"
    with pytest.raises(KeyError, match="no TCP"):
        packet[TCP]


def test_parts_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(FieldError, match="after payload"):
        Packet(b"octets", TCP())
    with pytest.raises(FieldError, match="cannot be part"):
        Packet("text")  # type: ignore[arg-type]


def test_a_message_without_its_common_header_is_refused() -> None:
    with pytest.raises(FieldError, match=r"ICMPv4EchoRequest is a message of ICMPv4: put ICMPv4\(\) before it"):
        bytes(ip() / ICMPv4EchoRequest())
    assert bytes(ip() / ICMPv4() / ICMPv4EchoRequest())[20] == 8


def test_a_packet_is_asked_by_class_and_is_no_sequence() -> None:
    wrong: Any = "tcp"
    with pytest.raises(KeyError, match=r"packet\[TCP\]"):
        segment()[wrong]
    with pytest.raises(TypeError):
        iter(segment())  # type: ignore[call-overload]


@pytest.mark.parametrize("first", ["IPv4", Packet, MSS, Header, 4], ids=repr)
def test_what_is_no_header_s_class_is_no_first_header(first: Any) -> None:
    with pytest.raises(FieldError, match="takes the class of a header"):
        Packet.decode(bytes(40), first=first)


def test_a_packet_has_no_other_checksum_state() -> None:
    with pytest.raises(FieldError, match=r"checksum_state='good': takes \"partial\", or None"):
        Packet.decode(bytes(40), checksum_state="good")


@pytest.mark.parametrize("wrong", ["9", -1, 9.5], ids=repr)
def test_a_wire_length_is_a_number_of_octets(wrong: Any) -> None:
    with pytest.raises(FieldError, match=f"wire_length={wrong!r}: takes the number of octets"):
        Packet.decode(bytes(40), wire_length=wrong)
    assert [Packet.decode(bytes(40), wire_length=length).wire_length for length in (None, 0, 39, 40, 41)] == [
        *[40] * 4,
        41,
    ]


@pytest.mark.parametrize("base", [Header, Option])
def test_a_base_has_no_values(base: type) -> None:
    with pytest.raises(TypeError, match=f"{base.__name__} is the base of others"):
        base()


def test_the_payload_s_place_is_known_before_the_octets_are() -> None:
    assert (ip() / UDP() / b"data").payload_offset == 28


@pytest.mark.parametrize("wrong", ["4500", 20, None, [69, 0]])
def test_what_is_no_octets_is_not_decoded(wrong: Any) -> None:
    with pytest.raises(FieldError, match=f"takes octets, not {type(wrong).__name__}"):
        Packet.decode(wrong)


class Note(Application):
    def summary(self) -> str:
        return "a note"


def test_an_application_is_a_payload() -> None:
    packet = ip() / UDP(sport=1, dport=2) / Note(b"hello")
    assert (packet.payload, packet[UDP].length) == (b"hello", 13)
    assert packet.application is not None
    assert packet.application.summary() == "a note"


def test_an_application_stays_in_a_packet_of_packets() -> None:
    packet = ip() / UDP(sport=1, dport=2) / Note(b"hello")
    for around in (Packet(packet), Packet(Ethernet(), packet), Ethernet() / packet):
        assert isinstance(around.application, Note)


@pytest.mark.parametrize(
    "packet",
    [
        Packet(ip() / UDP(sport=1, dport=2) / Note(b"hello"), b" and more"),
        ip() / UDP(sport=1, dport=2) / Note(b"hello") / b" and more",
        ip() / UDP(sport=1, dport=2) / b"before it " / Note(b"hello"),
        ip() / UDP(sport=1, dport=2) / Note(b"hello") / Note(b"twice"),
    ],
)
def test_an_application_that_is_not_all_of_the_payload_is_none(packet: Packet) -> None:
    assert packet.application is None


@pytest.mark.parametrize(
    ("sport", "dport", "first"),
    [(1, 2, "to 2"), (2, 1, "to 1"), (1, 9, "to 1"), (9, 2, "to 2"), (9, 9, None)],
)
def test_a_dissector_is_told_by_the_destination_port_first(
    monkeypatch: pytest.MonkeyPatch, sport: int, dport: int, first: str | None
) -> None:
    dissectors = {1: f"{__name__}:decode_to_1", 2: f"{__name__}:decode_to_2"}
    for ports, transport in ((UDP_PORTS, UDP(sport=sport, dport=dport)), (TCP_PORTS, TCP(sport=sport, dport=dport))):
        monkeypatch.setattr(ports, "dissectors", dissectors)
        found = Packet.decode(bytes(ip() / transport / b"data"), first=IPv4).application
        assert (found.summary() if found else None) == first


class Told(Application):
    def __init__(self, octets: bytes, told: str) -> None:
        super().__init__(octets)
        self.told = told

    def summary(self) -> str:
        return self.told


def decode_to_1(octets: bytes) -> Told:
    return Told(octets, "to 1")


def decode_to_2(octets: bytes) -> Told:
    return Told(octets, "to 2")


# -- decode ---------------------------------------------------------------------------------------------------------


def test_padding_is_the_trailer() -> None:
    octets = bytes(Ethernet() / segment().replace(payload=b"")) + bytes(8)
    packet = Packet.decode(octets)
    assert (packet.payload, packet.trailer) == (b"", Trailer(bytes(8)))
    assert bytes(Packet(*packet.layers, packet.payload, packet.trailer)) == octets
    assert packet.defects == ()


@pytest.mark.parametrize("cut", range(62))
def test_cut_at_every_octet(cut: int) -> None:
    whole = bytes(Ethernet() / segment())
    lying = Packet.decode(whole[:cut])
    snapped = Packet.decode(whole[:cut], wire_length=len(whole))
    assert lying.octets == snapped.octets == whole[:cut]
    assert lying.defects
    assert all("by the capture" in defect.why for defect in snapped.defects)
    assert snapped.wire_length == len(whole)
    with pytest.raises(Defect):
        Packet.decode(whole[:cut], strict=True)


@pytest.mark.parametrize(
    ("octets", "size", "layer"),
    [
        (bytes(Ethernet()), 14, "Ethernet"),
        (bytes(Ethernet() / ip()), 34, "IPv4"),
        (bytes(Ethernet() / ip(options=bytes(8))), 42, "IPv4"),
        (bytes(Ethernet() / ip(total_length=0) / UDP()), 42, "UDP"),
        (bytes(Ethernet(type=0x8100) / VLAN()), 18, "VLAN"),
        (bytes(Loopback.classes[0](family=2)), 4, "Loopback"),
    ],
)
def test_the_capture_cut_a_header_where_all_of_it_was_on_the_wire(octets: bytes, size: int, layer: str) -> None:
    first: Any = Loopback if layer == "Loopback" else Ethernet
    for wire_length, why in (
        (size - 1, "header length past the end" if size == 42 and layer == "IPv4" else "header cut short"),
        (size, "header cut short by the capture"),
    ):
        packet = Packet.decode(octets[: size - 2], first=first, wire_length=wire_length)
        assert [(wrong.layer, wrong.why) for wrong in packet.defects if wrong.field != "total_length"] == [(layer, why)]


def test_a_lying_length_is_told_from_a_cut_capture() -> None:
    octets = bytes(ip(total_length=100) / UDP(sport=1, dport=2, length=80) / (b"x" * 8))
    lying = Packet.decode(octets, first=IPv4)
    assert [(defect.layer, defect.field) for defect in lying.defects] == [("IPv4", "total_length"), ("UDP", "length")]
    assert Packet.decode(octets, first=IPv4, wire_length=100).defects == ()


def test_strict_raises_the_same_defect() -> None:
    octets = bytes(segment().replace(IPv4, ihl=4))
    lenient = Packet.decode(octets, first=IPv4)
    with pytest.raises(Defect) as raised:
        Packet.decode(octets, first=IPv4, strict=True)
    assert raised.value == lenient.defects[0]
    assert (raised.value.layer, raised.value.field, raised.value.offset) == ("IPv4", "ihl", 0)


@pytest.mark.parametrize(
    ("change", "field", "why", "payload"),
    [
        ({"ihl": 3}, "ihl", "shorter than the header", b"data"),
        ({"ihl": 15}, "ihl", "past the end", b""),
        ({"total_length": 12}, "total_length", "shorter than the header", bytes.fromhex("00010002000c130e") + b"data"),
        ({"total_length": 5000}, "total_length", "past the end", b"data"),
        ({"total_length": 0}, "total_length", "presumed from the frame", b"data"),
        ({"version": 5}, "version", "one value", b"data"),
    ],
)
def test_bad_ipv4_lengths_keep_the_header_and_bound_the_payload(
    change: dict[str, int], field: str, why: str, payload: bytes
) -> None:
    octets = bytes(ip(**change) / UDP(sport=1, dport=2) / b"data")
    packet = Packet.decode(octets, first=IPv4)
    assert packet[IPv4].src == "10.0.0.1"
    assert any(defect.field == field and why in defect.why for defect in packet.defects)
    assert bytes(packet) == octets
    assert packet.payload == payload


@pytest.mark.parametrize("offset", [0, 1, 2, 3, 4, 15])
def test_bad_tcp_offsets(offset: int) -> None:
    octets = bytes(ip() / TCP(data_offset=offset) / b"data")
    packet = Packet.decode(octets, first=IPv4)
    assert (packet.defects[0].layer, packet.defects[0].field) == ("TCP", "data_offset")
    assert bytes(packet) == octets


@pytest.mark.parametrize(
    ("options", "layer", "read"),
    [
        ("02 00 05 b4", "TCPOption", ()),
        ("02 01 05 b4", "TCPOption", ()),
        ("02 ff 05 b4", "TCPOption", ()),
        ("01 01 01 02", "TCPOption", (NoOperation(),) * 3),
        ("02 03 05 00", "MSS", (UnknownTCPOption(b"\x05", kind=2), EndOfOptions())),
    ],
)
def test_bad_tcp_options_end_without_a_loop(options: str, layer: str, read: tuple[TCPOption, ...]) -> None:
    octets = bytes(ip() / TCP(options=bytes.fromhex(options)) / b"data")
    packet = Packet.decode(octets, first=IPv4)
    assert packet.payload == b"data"
    assert [defect.layer for defect in packet.defects] == [layer]
    assert packet[TCP].options == read


@pytest.mark.parametrize("length", [0, 1, 7, 13, 65535])
def test_bad_udp_lengths(length: int) -> None:
    packet = Packet.decode(bytes(ip() / UDP(sport=1, dport=2, length=length) / b"data"), first=IPv4)
    assert [(defect.layer, defect.field) for defect in packet.defects] == [("UDP", "length")]
    assert packet.payload == b"data"


def test_a_udp_length_that_leaves_octets_out_leaves_a_trailer() -> None:
    packet = Packet.decode(bytes(ip() / UDP(sport=1, dport=2, length=10) / b"data"), first=IPv4)
    assert (packet.payload, packet.trailer) == (b"da", b"ta")


def test_no_checksum_in_udp() -> None:
    over_ipv4 = Packet.decode(bytes(ip() / UDP(checksum=0) / b"x"), first=IPv4)
    over_ipv6 = Packet.decode(bytes(IPv6(src="fd00::1", dst="fd00::2") / UDP(checksum=0) / b"x"), first=IPv6)
    assert over_ipv4.defects == ()
    assert [(defect.layer, defect.field) for defect in over_ipv6.defects] == [("UDP", "checksum")]
    assert [v.state for v in over_ipv4.check() if v.layer == "UDP" and v.checksum] == ["absent"]


@pytest.mark.parametrize(
    ("count", "whys"), [(MAX_LAYERS, []), (MAX_LAYERS + 1, ["nested too deep"]), (3000, ["nested too deep"])]
)
def test_nesting_is_capped(count: int, whys: list[str]) -> None:
    deep = Packet(*[VLAN(id=7)] * (count - 1), VLAN(type=0x88B5), b"x")
    assert len(deep.layers) == count
    decoded = Packet.decode(deep.octets, first=VLAN)
    assert MAX_LAYERS == 64 == len(decoded.layers)
    assert [defect.why for defect in decoded.defects] == whys
    assert decoded.octets == deep.octets


@pytest.mark.parametrize(("count", "whys"), [(2048, []), (2049, ["too many options"])])
def test_options_of_one_header_are_capped(count: int, whys: list[str]) -> None:
    message = NeighborSolicitation(options=bytes.fromhex("0e01000000000000") * count)
    packet = Packet.decode(bytes(message), first=NeighborSolicitation)
    assert (len(packet[NeighborSolicitation].options), [wrong.why for wrong in packet.defects]) == (2048, whys)
    assert packet.octets == bytes(message)


@pytest.mark.parametrize(
    ("kept", "addresses"), [(8, ()), (23, ()), (24, ("fd00::1",)), (39, ("fd00::1",)), (40, ("fd00::1", "fd00::2"))]
)
def test_of_values_that_repeat_those_are_read_that_are_whole(kept: int, addresses: tuple[str, ...]) -> None:
    octets = bytes(IPv6Routing(addresses=["fd00::1", "fd00::2"]))
    packet = Packet.decode(octets[:kept], first=IPv6Routing, wire_length=len(octets))
    routing = packet[IPv6Routing]
    assert (routing.addresses, packet.octets) == (addresses, octets[:kept])
    assert routing.layout.declared.spans(routing)["addresses"] == (8, 8 + 16 * len(addresses))


def test_the_longest_headers_that_a_length_in_words_can_tell() -> None:
    inner = ip(options=bytes([1]) * 40) / TCP(options=bytes([1]) * 40)
    packet = Packet.decode(bytes(Ethernet() / inner / b"data"))
    assert (packet[IPv4].ihl, len(packet[IPv4].options), packet[IPv4].layout.octets[-1]) == (15, 40, 1)
    assert (packet[TCP].data_offset, len(packet[TCP].options)) == (15, 40)
    assert (packet.payload_offset, packet.payload, packet.defects) == (14 + 60 + 60, b"data", ())
    assert {verdict.state for verdict in packet.check()} == {"good"}
    for header in (IPv4, TCP):
        with pytest.raises(FieldError, match="options"):
            header(options=bytes([1]) * 41)


def test_octets_of_an_unknown_kind() -> None:
    packet = Packet.decode(b"anything", first=None)
    assert (packet.layers, packet.payload, packet.defects) == ((), b"anything", ())
    assert eval(packet.to_python(), {"Packet": Packet}) == packet


# -- values ---------------------------------------------------------------------------------------------------------


def test_equality_and_hash() -> None:
    one, two = segment(), Packet.decode(bytes(segment()), first=IPv4)
    assert one == two
    assert hash(one) == hash(two)
    assert one[TCP] == two[TCP]
    assert hash(one[TCP]) == hash(two[TCP])
    assert one != one.replace(IPv4, ttl=1)
    assert one != Packet.decode(bytes(one), first=None)
    assert one[TCP] != one[IPv4]
    assert UDP(sport=1) != UDP(sport=2)
    assert len({one, two}) == 1


def test_packets_compare_only_with_packets() -> None:
    assert segment() != bytes(segment())
    assert segment()[TCP] != bytes(segment()[TCP])


def test_matching_by_class_and_field() -> None:
    match segment()[IPv4]:
        case IPv4(src="10.0.0.1", ttl=64):
            found = "ours"
        case _:
            found = "another"
    assert found == "ours"
    match segment().layers:
        case [IPv4(), TCP(dport=80) as tcp]:
            assert tcp.flags.syn
        case _:
            pytest.fail("no TCP over IPv4")


def test_repr_is_the_expression() -> None:
    header = TCP(sport=1024, dport=80, flags="SA", options=[MSS(1460)])
    assert repr(header) == "TCP(sport=1024, dport=80, flags='SA', options=[MSS(value=1460)])"
    assert eval(repr(header), {"TCP": TCP, "MSS": MSS}) == header
    assert repr(segment()) == "<Packet IPv4 / TCP, 48 octets>"


def test_copies() -> None:
    packet = segment()
    assert copy.copy(packet) == copy.deepcopy(packet) == pickle.loads(pickle.dumps(packet)) == packet
    partial = Packet.decode(packet.octets, first=IPv4, checksum_state="partial")
    assert partial.check() != packet.check()
    assert partial.check() == pickle.loads(pickle.dumps(partial)).check() == copy.deepcopy(partial).check()
    header = TCP(sport=1, checksum=5)
    assert pickle.loads(pickle.dumps(header)).layout.set == {"checksum"}


def seen(packet: Packet) -> tuple[Any, ...]:
    v4, tcp = packet[IPv4], packet[TCP]
    return v4.total_length, v4.protocol, v4.checksum, tcp.data_offset, tcp.checksum, packet.layers, packet.octets


def test_a_thread_that_looks_while_another_does_sees_the_same() -> None:
    """The second looks at a new packet when the first, which is looking too, has come to its nth line; for every n."""
    expected = seen(segment())

    def look(stop: int, threads: ThreadPoolExecutor) -> bool:
        """Whether the first thread came so far."""
        packet, lines, others = segment(), 0, []

        def trace(frame: object, event: str, argument: object) -> object:
            nonlocal lines
            lines += event == "line"
            if event == "line" and lines == stop:
                others.append(threads.submit(seen, packet).result(timeout=60))
            return trace

        before = sys.gettrace()
        sys.settrace(trace)  # type: ignore[arg-type]
        try:
            mine = seen(packet)
        finally:
            sys.settrace(before)
        assert [mine, *others] == [expected] * (1 + len(others)), stop
        return bool(others)

    with ThreadPoolExecutor(1) as threads:
        lines = next(stop for stop in range(1, 10_000) if not look(stop, threads))
    assert lines > 20


def test_a_packet_does_not_change_with_the_buffer_it_was_read_from() -> None:
    whole = bytes(Ethernet() / segment())
    buffers: list[Any] = [bytearray(whole), memoryview(bytearray(whole))]
    for buffer in buffers:
        packet = Packet.decode(buffer)
        buffer[:] = bytes(len(whole))
        assert packet.octets == whole
        assert (packet[TCP].dport, packet.payload, packet[TCP].layout.octets) == (80, b"data", whole[34:58])
        assert hash(packet) == hash(Packet.decode(whole))


def test_packets_are_immutable_in_what_they_show() -> None:
    packet = segment()
    for name in ("octets", "payload", "layers", "trailer", "defects", "wire_length"):
        with pytest.raises(AttributeError):
            setattr(packet, name, b"")
