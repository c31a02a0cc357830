"""The quick ways, for common chains of headers, say exactly what the general ways say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawkit.errors import FieldError
from rawkit.protocols import ARP, MSS, TCP, UDP, VXLAN, Ethernet, Geneve, IPv4, Timestamps
from rawkit.protocols.fields import fields
from rawkit.protocols.numbers import UDP_PORTS
from rawkit.wire import Header, Packet

NAMES = (
    *("eth.src", "ip.src", "ip.dst", "ip.ttl", "ip.flags", "ip.len"),
    *("tcp.srcport", "tcp.dport", "tcp.seq_raw", "tcp.flags", "tcp.checksum", "udp.srcport", "udp.length"),
)
INNER = Ethernet() / IPv4(src="10.0.0.9") / TCP(dport=7)
SEGMENTS = (TCP(sport=1, dport=2, seq=3, flags="SA", options=[MSS(1460)]), TCP(options=[Timestamps(1, 2)]))
DATAGRAMS = (UDP(sport=9), UDP(dport=4789), UDP(dport=6081))
TUNNELS = (UDP() / VXLAN(vni=5) / INNER, UDP(sport=4789) / Geneve() / IPv4() / UDP(dport=9))
TRANSPORT: st.SearchStrategy[Header | Packet] = st.sampled_from([*SEGMENTS, *DATAGRAMS, *TUNNELS])
EDITS = st.lists(st.tuples(st.integers(0, 70), st.integers(0, 255)), max_size=3)


@st.composite
def damaged_frames(draw: st.DrawFn) -> bytes:
    """An Ethernet/IPv4/TCP or UDP frame with a few octets overwritten, cut or padded."""
    octets = bytearray(bytes(Packet(Ethernet(), IPv4(), draw(TRANSPORT), draw(st.binary(max_size=20)))))
    for place, value in draw(EDITS):
        octets[place % len(octets)] = value
    return bytes(
        octets[: draw(st.integers(0, len(octets)))] if draw(st.booleans()) else octets + b"\0" * draw(st.integers(0, 9))
    )


def general(monkeypatch: pytest.MonkeyPatch, function: Any, *arguments: Any) -> Any:
    """What a function gives without the quick ways."""
    with monkeypatch.context() as patch:
        for cls in (Ethernet, TCP, UDP):
            patch.setattr(cls, "_fused_decode", None)
            patch.setattr(cls, "_fused_encode", None)
        return function(*arguments)


def seen(octets: bytes, wire_length: int | None = None) -> tuple[Any, ...]:
    packet = Packet.decode(octets, wire_length=wire_length)
    places = [(type(header), header._start, header._end) for header in packet.layers]
    return places, packet.payload, packet.trailer, packet.defects, packet.check(), packet.wire_length


@given(octets=damaged_frames(), missing=st.sampled_from([None, 0, 5, 1000]))
def test_decoding_a_common_chain_is_decoding_header_by_header(octets: bytes, missing: int | None) -> None:
    with pytest.MonkeyPatch.context() as patch:
        wire_length = None if missing is None else len(octets) + missing
        assert seen(octets, wire_length) == general(patch, seen, octets, wire_length)


@given(octets=damaged_frames())
def test_an_extractor_says_what_the_packet_says(octets: bytes) -> None:
    packet = Packet.decode(octets)
    eth, ip, tcp, udp = packet.get(Ethernet), packet.get(IPv4), packet.get(TCP), packet.get(UDP)
    expected = (
        *((eth.src,) if eth else (None,)),
        *((ip.src, ip.dst, ip.ttl, ip.flags, ip.total_length) if ip else (None,) * 5),
        *((tcp.sport, tcp.dport, tcp.seq, tcp.flags, tcp.checksum) if tcp else (None,) * 5),
        *((udp.sport, udp.length) if udp else (None, None)),
    )
    assert fields(*NAMES)(octets) == expected
    assert fields(*NAMES[6:11])(octets) == expected[6:11]
    assert fields("ip.dst")(octets) == expected[2:3]


@pytest.mark.parametrize("port", [*UDP_PORTS.classes, 0, 9, 53, 4788, 6082])
@pytest.mark.parametrize("payload", [b"", b"octets", bytes(VXLAN() / INNER), bytes(Geneve() / INNER)])
def test_ports_that_mean_a_header_leave_the_quick_way(
    monkeypatch: pytest.MonkeyPatch, port: int, payload: bytes
) -> None:
    octets = bytes(Ethernet() / IPv4() / UDP(sport=4789, dport=port) / payload)
    bound = port in UDP_PORTS.classes
    Packet.decode(octets)  # from the first time on, the quick way is there
    assert (Ethernet._fused_decode(octets, len(octets)) is None) == bound
    assert seen(octets) == general(monkeypatch, seen, octets)
    assert UDP._fused_encode((Ethernet(), IPv4(), UDP(sport=4789, dport=port)), payload) == octets
    values = fields("udp.dport", "tcp.dport", "ip.src")(octets)
    tcp = Packet.decode(octets).get(TCP)
    assert values == (port, tcp and tcp.dport, "0.0.0.0")


def test_an_extractor_reads_what_is_no_common_chain() -> None:
    octets = bytes(Ethernet() / ARP(opcode=2))
    assert fields("arp.opcode", "tcp.dport")(octets) == (2, None)
    assert fields("tcp.options.mss_val")(bytes(Ethernet() / IPv4() / TCP(options=[MSS(99)]))) == (99,)
    assert fields("tcp.dport", first=IPv4)(bytes(IPv4() / TCP(dport=80))) == (80,)


@pytest.mark.parametrize("names", [(), ("tcp.prot",), ("tpc.dport",), ("tcp",)])
def test_an_extractor_of_what_is_not_there_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(FieldError):
        fields(*names)


LAYERS: list[tuple[Header, ...]] = [
    (Ethernet(), IPv4(src="10.0.0.1"), TCP(dport=80, options=[MSS(1460)])),
    (Ethernet(), IPv4(), UDP(sport=53)),
    (Ethernet(), IPv4(), UDP(dport=53)),
    (Ethernet(), IPv4(), UDP(), VXLAN(), Ethernet(), IPv4(), TCP()),
    (Ethernet(type=5), IPv4(), UDP()),
    (Ethernet(), IPv4(checksum=1), TCP()),
    (Ethernet(), IPv4(), TCP(checksum=7)),
    (Ethernet(), IPv4(total_length=9), UDP(length=1, checksum=0)),
    (IPv4(), TCP()),
    (Ethernet(), TCP()),
]


@pytest.mark.parametrize("layers", LAYERS, ids=lambda layers: " ".join(type(header).__name__ for header in layers))
@pytest.mark.parametrize("payload", [b"", b"odd", bytes(70_000)], ids=["empty", "odd", "too long for a length"])
def test_encoding_a_common_chain_is_encoding_header_by_header(
    monkeypatch: pytest.MonkeyPatch, layers: tuple[Header, ...], payload: bytes
) -> None:
    def encoded() -> bytes | str:
        try:
            return bytes(Packet(*layers, payload))
        except FieldError as error:
            return str(error)

    outcome = encoded()
    assert outcome == general(monkeypatch, encoded)
    if isinstance(outcome, bytes):
        assert bytes(Packet(*Packet(*layers, payload).layers, payload)) == outcome
    else:
        assert "octets do not fit" in outcome
        assert len(payload) == 70_000


def test_what_is_filled_in_is_what_the_roles_judge_to_be_right() -> None:
    for layers in LAYERS[:2]:
        verdicts = Packet(*layers, b"some data").check()
        assert {verdict.state for verdict in verdicts} == {"good"}
        assert all(verdict.found == verdict.expected for verdict in verdicts)
