"""VXLAN and Geneve: what follows UDP by its destination port, verdicts inside, damage."""

from __future__ import annotations

import pytest

from rawkit.errors import FieldError
from rawkit.protocols import (
    TCP,
    UDP,
    VXLAN,
    Ethernet,
    Geneve,
    IPv4,
    IPv6,
    UnknownGeneveOption,
)
from rawkit.protocols.fields import fields
from rawkit.wire import MAX_LAYERS, Packet

OUTER = Ethernet() / IPv4(src="192.0.2.1", dst="192.0.2.2")
INNER = Ethernet() / IPv4(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=1000, dport=7, flags="PA") / b"hello"

# RFC 7348 section 5: flags 0x08, three reserved octets, the identifier, a reserved octet.
VXLAN_OCTETS = bytes.fromhex("08000000 12345600")
# RFC 8926 sections 3.4 and 3.5: C set, one word of options after the first: class 0x0102, type 0x80, four octets.
GENEVE_OCTETS = bytes.fromhex("02406558 12345600 01028001 deadbeef")

# Linux 6's vxlan device between two network namespaces: data of a TCP connection, its checksum left to the card.
KERNEL = bytes.fromhex(
    "0200000000020200000000010800 45000072a775000040114f02c0000201c0000202 c64812b5005e7662 0800000000002a00"
    "0200000001020200000001010800 45000040c04e4000400666670a0000010a000002"
    "c378000759cb56e7a26cf9528018003f143500000101080a8d114320978163a1 68656c6c6f2c20776972650a"
)


def read(packet: Packet) -> Packet:
    """Its octets, decoded; and checked for what holds of any."""
    decoded = Packet.decode(bytes(packet))
    assert bytes(Packet(*decoded.layers, decoded.payload, decoded.trailer)) == decoded.octets
    return decoded


def states(packet: Packet) -> list[tuple[str, str]]:
    return [(each.layer, each.state) for each in packet.check() if each.checksum]


def test_a_vxlan_header() -> None:
    header = Packet.decode(VXLAN_OCTETS + bytes(INNER), first=VXLAN)[VXLAN]
    assert header == VXLAN(vni=0x123456)
    assert (header.flags.names(), header.vni, header.group_policy) == (["i"], 0x123456, 0)


def test_a_geneve_header_keeps_what_nobody_knows_of_its_options() -> None:
    header = Packet.decode(GENEVE_OCTETS + bytes(INNER), first=Geneve)[Geneve]
    assert header == Geneve(
        critical=1,
        vni=0x123456,
        protocol_type=0x6558,
        options=[UnknownGeneveOption(kind=0x0102, type=0x80, data=b"\xde\xad\xbe\xef")],
    )
    (option,) = header.options
    assert (option.kind, option.type, option.length, option.data) == (0x0102, 0x80, 1, b"\xde\xad\xbe\xef")  # type: ignore[attr-defined]
    assert header.opt_len == 2


@pytest.mark.parametrize("tunnel", [VXLAN(vni=7), Geneve(vni=7)])
def test_a_header_in_udp_has_a_port(tunnel: VXLAN | Geneve) -> None:
    port = {VXLAN: 4789, Geneve: 6081}[type(tunnel)]
    packet = OUTER / UDP(sport=50000) / tunnel / INNER
    decoded = read(packet)
    assert decoded == packet
    assert decoded[UDP].dport == port
    assert not decoded.defects
    assert [state for _, state in states(decoded)] == ["good"] * 4
    elsewhere = read(OUTER / UDP(sport=50000, dport=8472) / tunnel / INNER)  # a port of one's own is kept
    assert [type(each) for each in elsewhere.layers] == [Ethernet, IPv4, UDP]
    from_there = read(OUTER / UDP(sport=port, dport=50000) / b"an answer to that port")
    assert [type(each) for each in from_there.layers] == [Ethernet, IPv4, UDP]


def test_the_udp_header_says_which_port_only_where_nobody_does() -> None:
    assert (UDP().dport, UDP(dport=7).layout.set, UDP().layout.set) == (0, frozenset({"dport"}), frozenset())
    assert not [each for each in (UDP(dport=9) / VXLAN()).check() if each.field == "dport"]
    assert (UDP(dport=9) / VXLAN()).to_python() == "UDP(dport=9) / VXLAN()"
    assert read(OUTER / UDP() / VXLAN() / INNER).to_python().count("dport") == 1  # TCP's


@pytest.mark.parametrize("network", [IPv4(), IPv6()])
@pytest.mark.parametrize("tunnel", [VXLAN(), Geneve()])
def test_a_tunnel_may_do_without_a_checksum_and_what_is_inside_not(
    network: IPv4 | IPv6, tunnel: VXLAN | Geneve
) -> None:
    packet = read(Ethernet() / network / UDP(checksum=0) / tunnel / Ethernet() / IPv6() / UDP(dport=9, checksum=0))
    assert [(defect.layer, defect.offset == packet.all(UDP)[1].layout.offset + 6) for defect in packet.defects] == [
        ("UDP", True)
    ]
    assert states(packet)[-2:] == [("UDP", "absent"), ("UDP", "absent")]
    over_ipv4 = read(Ethernet() / IPv6() / UDP() / VXLAN() / Ethernet() / IPv4() / UDP(dport=9, checksum=0))
    assert over_ipv4.defects == ()


@pytest.mark.parametrize("tunnel", [VXLAN(), Geneve()])
def test_verdicts_inside(tunnel: VXLAN | Geneve) -> None:
    packet = read(OUTER / UDP(sport=50000) / tunnel / INNER)
    octets = bytearray(packet.octets)
    octets[-1] ^= 1
    assert states(Packet.decode(bytes(octets))) == [("IPv4", "good"), ("UDP", "bad"), ("IPv4", "good"), ("TCP", "bad")]
    edited = packet.replace(packet.all(IPv4)[1], ttl=9)
    assert [state for _, state in states(edited)] == ["good"] * 4
    changed = {(each.layer, each.field) for each in packet.diff(edited)}
    # The inner header's own sum makes up for its change, and so the sum around it stays what it was.
    assert changed == {("IPv4", "ttl"), ("IPv4", "checksum")}
    wrong = packet.replace(TCP, checksum=1).replace(UDP, sport=1)
    assert [state for _, state in states(wrong)] == ["good", "good", "good", "bad"]


def test_the_kernel_sums_around_a_partial_checksum_as_it_will_be() -> None:
    packet = Packet.decode(KERNEL)
    assert packet.defects == ()
    assert states(packet) == [("IPv4", "good"), ("UDP", "partial"), ("IPv4", "good"), ("TCP", "partial")]
    assert (packet[VXLAN].vni, packet.payload) == (42, b"hello, wire\n")
    (partial,) = (each for each in packet.check() if each.layer == "TCP" and each.checksum)
    sent = packet.replace(TCP, checksum=partial.expected or 0)
    assert sent[UDP].checksum == packet[UDP].checksum
    assert states(sent) == [("IPv4", "good"), ("UDP", "good"), ("IPv4", "good"), ("TCP", "good")]
    wrong = Packet.decode(KERNEL.replace(b"\0\0\x2a\0", b"\0\0\x2b\0"))
    assert states(wrong) == [("IPv4", "good"), ("UDP", "bad"), ("IPv4", "good"), ("TCP", "partial")]
    assert states(packet.replace(packet.all(IPv4)[1], ttl=9)) == states(packet)


@pytest.mark.parametrize(
    ("octets", "layer", "why"),
    [
        ("00000000 12345600", "VXLAN", "no network is named"),
        ("08000000 1234", "VXLAN", "header cut short"),
        ("08000000 12345600", "Ethernet", "header cut short"),
        ("40006558 12345600", "Geneve", "must always have one value"),
        ("02006558 12345600 01028001 deadbeef", "Geneve", "an option is critical, and the header does not say so"),
        ("01406558 12345600 01028001", "GeneveOption", "option runs past the end"),
        ("02406558 12345600 01028001", "Geneve", "header length past the end"),
    ],
)
def test_damage(octets: str, layer: str, why: str) -> None:
    first = Geneve if "6558" in octets else VXLAN
    packet = Packet.decode(bytes.fromhex(octets), first=first)
    assert (layer, why) in [(defect.layer, defect.why) for defect in packet.defects]
    assert bytes(Packet(*packet.layers, packet.payload, packet.trailer)) == packet.octets


def test_tunnels_of_any_depth_are_bounded() -> None:
    once = bytes(IPv4(total_length=0) / UDP(length=0, checksum=0) / VXLAN() / Ethernet(type=0x0800))
    packet = Packet.decode(bytes(Ethernet(type=0x0800)) + once * 3000)
    assert len(packet.layers) == MAX_LAYERS
    assert packet.defects[-1].why == "nested too deep"
    assert packet.summary()
    assert packet.check()
    assert bytes(Packet(*packet.layers, packet.payload, packet.trailer)) == packet.octets


def test_extractors_see_what_is_in_the_tunnel() -> None:
    octets = bytes(OUTER / UDP(sport=50000) / VXLAN(vni=0x123456) / INNER)
    assert fields("vxlan.vni", "udp.srcport")(octets) == (0x123456, 50000)
    assert fields("udp.dstport", "tcp.dstport", "ip.src")(octets) == (4789, 7, "192.0.2.1")
    assert fields("ip.ttl", "arp.opcode")(octets) == (64, None)


def test_a_port_that_is_bound_by_a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables are read when a packet is, not when its code was made."""
    from rawkit.protocols.numbers import UDP_PORTS

    octets = bytes(OUTER / UDP(dport=8472) / VXLAN(vni=5) / INNER)
    assert VXLAN not in Packet.decode(octets)
    monkeypatch.setitem(UDP_PORTS.classes, 8472, VXLAN)
    assert Packet.decode(octets)[VXLAN].vni == 5
    assert fields("udp.dstport", "tcp.dstport")(octets) == (8472, 7)


def test_the_caller_is_told_what_does_not_fit() -> None:
    with pytest.raises(FieldError, match=r"VXLAN\.vni"):
        VXLAN(vni=2**24)
    with pytest.raises(FieldError, match=r"data: the header is 5 octets long; it must be a multiple of 4"):
        UnknownGeneveOption(kind=1, data=b"x")
    with pytest.raises(FieldError, match=r"Geneve\.options: too long"):
        Geneve(options=[UnknownGeneveOption(kind=1, data=bytes(124))] * 3)
