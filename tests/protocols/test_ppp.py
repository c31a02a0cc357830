"""PPP in its four forms, what the two ends say to each other over it, and PPPoE around it."""

from __future__ import annotations

from typing import Any

import pytest

import rawkit.protocols as room
from rawkit.capture import LinkType
from rawkit.errors import FieldError
from rawkit.protocols import (
    CHAP,
    IPCP,
    LCP,
    MPLS,
    PAP,
    PPP,
    UDP,
    CHAPValue,
    EnhancedGRE,
    Ethernet,
    IPCPAddress,
    IPCPConfigure,
    IPv4,
    IPv6,
    IPv6CP,
    IPv6CPConfigure,
    LCPConfigure,
    LCPEcho,
    MagicNumber,
    MaximumReceiveUnit,
    PAPRequest,
    PPPCompressed,
    PPPFramed,
    PPPFramedCompressed,
    PPPoEDiscovery,
    PPPoEHostUniq,
    PPPoEServiceName,
    PPPoESession,
    ProtocolFieldCompression,
)
from rawkit.protocols.ppp import ppp, ppp_serial
from rawkit.protocols.pppoe import pppoe
from rawkit.show import line
from rawkit.wire import Packet

INNER = IPv4(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=1000, dport=7) / b"hello"

# RFC 2516 appendix B: a PADI that asks for any service, and a PADS without the session's number.
PADI = bytes.fromhex("ffffffffffff 02608c 010203 8863 11 09 0000 0004 0101 0000")
# RFC 2516 appendix B: a PPP LCP packet in session 0x1234: PPPoE header, protocol 0xc021, then LCP.
SESSION = bytes.fromhex("02608c 030201 02608c 010203 8864 11 00 1234 000c c021 01 01 000a 0506 deadbeef")


def read(octets: bytes, first: Any) -> Packet:
    packet = Packet.decode(octets, first=first)
    assert packet.octets == octets == bytes(Packet(*packet.layers, packet.payload, packet.trailer))
    return packet


@pytest.mark.parametrize(
    ("octets", "form"),
    [
        ("0021", PPP),
        ("21", PPPCompressed),
        ("ff03 0021", PPPFramed),
        ("ff03 21", PPPFramedCompressed),
    ],
)
def test_the_first_octets_tell_the_form(octets: str, form: type) -> None:
    packet = read(bytes.fromhex(octets) + bytes(INNER), ppp)
    assert [type(each) for each in packet.layers] == [form, IPv4, UDP]
    assert not packet.defects
    assert packet.octets == bytes(Packet(form(), INNER))
    assert {verdict.state for verdict in packet.check()} == {"good"}


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        ("", "header cut short"),
        ("00", "header cut short"),
        ("ff", "header cut short"),
        ("ff03", "header cut short"),
        ("ff0300", "header cut short"),
        ("0020", "no protocol has such a number"),
        ("ff030020", "no protocol has such a number"),
        ("c021 0101", "header cut short"),
        ("c021 0101 0003", "length shorter than the header"),
        ("c021 0101 0009 05", "length past the end of the packet"),
        ("c021 0101 0006 0506", "option runs past the end"),
        ("c021 0101 0006 0500", "option length shorter than itself"),
        ("c021 0101 0007 010300", "length does not fit"),
        ("c021 0901 0006 abcd", "header cut short"),
        ("c223 0101 0006 05ab", "header cut short"),
        ("c023 0101 0006 05ab", "header cut short"),
    ],
)
def test_damage(octets: str, why: str) -> None:
    packet = read(bytes.fromhex(octets), ppp)
    assert why in [defect.why for defect in packet.defects], packet.defects
    assert packet.to_python()


def test_lcp() -> None:
    built = PPP() / LCP(identifier=1) / LCPConfigure(options=[MaximumReceiveUnit(1492), ProtocolFieldCompression()])
    octets = bytes.fromhex("c021 01 01 000a 0104 05d4 0702")
    assert bytes(built) == octets
    packet = read(octets, ppp)
    assert packet == built
    assert packet[LCPConfigure].options == (MaximumReceiveUnit(1492), ProtocolFieldCompression())
    nak = packet.replace(LCP, code=3)
    assert [str(each) for each in packet.diff(nak)] == ["LCP.code: 1 | 3"]
    assert {verdict.state for verdict in nak.check()} == {"good"}
    longer = packet.replace(LCPConfigure, options=[MaximumReceiveUnit(1492), MagicNumber(7)])
    assert (longer[LCP].length, longer[LCP].code) == (14, 1)
    echo = PPP() / LCP(code=10) / LCPEcho(magic_number=1)
    assert bytes(echo) == bytes.fromhex("c021 0a 00 0008 00000001")


def test_addresses_for_both_versions_of_ip() -> None:
    v4 = read(bytes.fromhex("8021 01 03 000a 0306 0a010101"), ppp)
    assert v4[IPCPConfigure].options == (IPCPAddress("10.1.1.1"),)
    v6 = read(bytes.fromhex("8057 01 03 000e 010a 0001020304050607"), ppp)
    assert v6[IPv6CPConfigure].options[0].identifier == bytes(range(8))  # type: ignore[attr-defined]
    assert (IPCP in v4, IPv6CP in v6) == (True, True)


def test_who_is_there() -> None:
    pap = read(bytes.fromhex("c023 01 01 000f 03") + b"joe\6secret", ppp)
    assert (pap[PAPRequest].peer_id, pap.payload, pap[PAP].length) == (b"joe", b"\6secret", 15)
    chap = read(bytes.fromhex("c223 01 01 000c 04") + b"1234bob", ppp)
    assert (chap[CHAPValue].value, chap.payload, chap[CHAP].length) == (b"1234", b"bob", 12)


def test_a_number_of_two_octets_does_not_fit_one() -> None:
    with pytest.raises(FieldError, match=r"PPPCompressed\.protocol: LCP's number, 49185, does not fit, at most 255"):
        bytes(PPPCompressed() / LCP())


@pytest.mark.parametrize(
    ("number", "octets", "kinds"),
    [
        (9, "ff03 0021", [PPPFramed, IPv4, UDP]),
        (9, "21", [PPPCompressed, IPv4, UDP]),
        (50, "ff03 0021", [PPPFramed, IPv4, UDP]),
        (50, "0f00 0800", []),  # Cisco's framing
        (51, "1100 0005 0023 0021", [PPPoESession, PPP, IPv4, UDP]),
    ],
)
def test_link_types(number: int, octets: str, kinds: list[type]) -> None:
    packet = read(bytes.fromhex(octets) + bytes(INNER), LinkType(number).header)
    assert [type(each) for each in packet.layers] == kinds
    assert not packet.defects
    assert read(PADI[14:], pppoe).layers[0] == PPPoEDiscovery(tags=[PPPoEServiceName()])


def test_cut_link_types() -> None:
    for chooser in (ppp, ppp_serial, pppoe):
        assert [defect.why for defect in read(b"", chooser).defects] == ["header cut short"]


def test_pppoe_discovery() -> None:
    packet = read(PADI + bytes(40), Ethernet)
    assert (packet[PPPoEDiscovery].tags, len(packet.trailer), packet.defects) == ((PPPoEServiceName(),), 40, ())
    asked = packet.replace(PPPoEDiscovery, tags=[PPPoEServiceName(b"internet"), PPPoEHostUniq(b"\1")])
    assert asked[PPPoEDiscovery].length == 12 + 5
    assert {verdict.state for verdict in asked.check()} <= {"good"}
    longer = read(PADI[:18] + b"\0\5" + PADI[20:], Ethernet)
    assert [defect.why for defect in longer.defects] == ["header length past the end"]
    lies = read(PADI[:22] + b"\0\1", Ethernet)
    assert [(each.layer, each.offset, each.why) for each in lies.defects] == [
        ("PPPoETag", 22, "option runs past the end")
    ]
    tags = b"".join(each.to_bytes(2, "big") + b"\0\0" for each in (*range(0x300, 0x300 + 500), 0, 0x0101))
    many = read(PADI[:18] + len(tags).to_bytes(2, "big") + tags, Ethernet)[PPPoEDiscovery]
    assert len(many.tags) == 501  # nothing after the end of the list
    assert len(many.layout.octets) == 6 + len(tags)


def test_pppoe_session() -> None:
    packet = read(SESSION, Ethernet)
    assert [type(each) for each in packet.layers] == [Ethernet, PPPoESession, PPP, LCP, LCPConfigure]
    assert (packet[PPPoESession].session_id, packet[LCPConfigure].options) == (0x1234, (MagicNumber(0xDEADBEEF),))
    assert not packet.defects
    padded = read(SESSION + bytes(14), Ethernet)
    assert (padded.payload, len(padded.trailer), padded.defects) == (b"", 14, ())
    wrong = read(SESSION[:14] + b"\x21\x09" + SESSION[16:], Ethernet)
    assert [(each.field, each.found) for each in wrong.defects] == [("version", 2), ("code", 9)]
    labelled = Ethernet() / PPPoESession(session_id=5) / PPP() / MPLS(label=16) / INNER
    assert read(bytes(labelled), Ethernet)[PPP].protocol == 0x0281
    assert {verdict.state for verdict in labelled.check()} == {"good"}


def test_ppp_in_pptp() -> None:
    outer = IPv4(src="192.0.2.1", dst="192.0.2.2") / EnhancedGRE(call_id=6, sequence_number=1)
    built = outer / PPPFramedCompressed() / INNER
    packet = read(bytes(built), IPv4)
    assert packet == built
    assert {verdict.state for verdict in packet.check()} == {"good"}
    assert packet[EnhancedGRE].payload_length == 3 + len(INNER)


def test_tunnels_through_ppp_are_bounded() -> None:
    once = bytes(PPP() / IPv6(payload_length=0, next_header=4) / IPv4(protocol=47, total_length=0))
    octets = once + bytes.fromhex("0000880b")
    packet = read(octets * 3000, ppp)
    assert [defect.why for defect in packet.defects][-1] == "nested too deep"


def test_lines() -> None:
    session = Ethernet() / PPPoESession(session_id=5)
    assert line(session / PPP(protocol=0x3D) / b"123") == "PPPoE  [ses 0x5] PPP protocol 0x003d (multilink), length 3"
    assert line(session / PPP() / LCP(code=5, identifier=2) / b"bye").endswith(
        "LCP, Term-Request (0x05), id 2, length 7"
    )
    secret = line(session / PPP() / PAP() / PAPRequest(peer_id=b"joe\x1b") / b"\6secret")
    assert secret.endswith("PAP, Auth-Req (0x01), id 0, Peer joe\\x1b")
    odd = room.UnknownPPPoETag(kind=0x0999, data=b"\x1b")
    assert line(Ethernet() / PPPoEDiscovery(code=1, tags=[odd])) == "PPPoE PAD-1 [TAG-0x999 0x1B]"
