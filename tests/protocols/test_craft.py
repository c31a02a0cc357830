"""The language of `rawkit craft`: text to packet, and errors that point at the word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawkit.errors import FieldError
from rawkit.protocols import (
    ARP,
    MSS,
    SACK,
    SLL,
    TCP,
    UDP,
    Ethernet,
    ICMPv6,
    InternetTimestamp,
    IPv4,
    IPv6,
    NeighborSolicitation,
    NoOperation,
    RecordRoute,
    SourceLinkLayerAddress,
    Timestamps,
    WindowScale,
)
from rawkit.protocols.craft import CraftError, packet, wanting
from rawkit.wire import HeaderLength, Option, Packet, u8, u16


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (
            "ether / ipv4 dst=10.0.0.2 / tcp dport=80 flags=S",
            Ethernet() / IPv4(dst="10.0.0.2") / TCP(dport=80, flags="S"),
        ),
        ("IP ttl=0x10/UDP dstport=7/'hi'", IPv4(ttl=16) / UDP(dport=7) / b"hi"),
        ("ip protocol=TCP flags=DF", Packet(IPv4(protocol=6, flags="DF"))),
        ('udp / "a\\n\\x00\\xff\\"é"', UDP() / b'a\n\x00\xff"\xc3\xa9'),
        ('udp / 0xDEADbeef*2 "-"*3', UDP() / (b"\xde\xad\xbe\xef" * 2 + b"---")),
        (
            "tcp options=mss:1460,nop,wscale:7,ts:1:2",
            Packet(TCP(options=[MSS(1460), NoOperation(), WindowScale(7), Timestamps(1, 2)])),
        ),
        ("tcp options=sack:1-2:3-4", Packet(TCP(options=[SACK(((1, 2), (3, 4)))]))),
        ("tcp options=0x0204", Packet(TCP(options=b"\x02\x04"))),
        ("ip options=rr:8:10.0.0.9:0.0.0.0", Packet(IPv4(options=[RecordRoute(8, ("10.0.0.9", "0.0.0.0"))]))),
        (
            "ip options=internettimestamp:13:0:1:10.0.0.254-5",
            Packet(IPv4(options=[InternetTimestamp(13, 0, 1, stamps=[("10.0.0.254", 5)])])),
        ),
        ("ip options=internettimestamp:9:0:0:5", Packet(IPv4(options=[InternetTimestamp(9, entries=[5])]))),
        (
            "arp sender_hardware=0x0102 hardware_type=32 hardware_length=2",
            Packet(ARP(hardware_type=32, hardware_length=2, sender_hardware=b"\x01\x02")),
        ),
        (
            "ipv6 src=fe80::1 / icmpv6 / neighborsolicitation target=fe80::2 "
            "options=sourcelinklayeraddress:[02:00:00:00:00:01]",
            IPv6(src="fe80::1")
            / ICMPv6()
            / NeighborSolicitation(target="fe80::2", options=[SourceLinkLayerAddress("02:00:00:00:00:01")]),
        ),
        (r'udp / "\x7f\x80\x81"', UDP() / b"\x7f\x80\x81"),
        ('"x"*65535', Packet(b"x" * 65_535)),
        ("sll address=02:00:00:00:00:01:00:00", Packet(SLL(address="0200000000010000"))),
        ("ip checksum=0xb4c6", Packet(IPv4(checksum=0xB4C6))),
        ('"only octets"', Packet(b"only octets")),
    ],
)
def test_text_to_packet(text: str, meant: Packet) -> None:
    made = packet(text)
    assert made.octets == meant.octets
    assert [type(header) for header in made.layers] == [type(header) for header in meant.layers]


@pytest.mark.parametrize(
    ("text", "word", "why"),
    [
        ("ether / ipv5", "ipv5", "did you mean 'ipv"),
        ("ipv4 / udp dprt=7", "dprt", "did you mean 'dport'?"),
        ("ipv4 dst=10.0.0.300", "dst=10.0.0.300", "no IPv4Address"),
        ("tcp dport=70000", "dport=70000", "0..65535"),
        ("tcp dport=http", "http", "takes a number"),
        ("ip protocol=TPC", "TPC", "did you mean 'tcp'?"),
        ("arp sender_mac=1:2:3:4:5:6 hardware_type=32", "sender_mac=1:2:3:4:5:6", "only present"),
        ("tcp flags=X", "flags=X", "no flag has the letter 'X'"),
        ("ip tcp dport=1", "tcp", "a '/' goes before the next header"),
        ("tcp dport", "dport", "needs a value"),
        ("tcp dport=1 dport=2", "dport=2", "given twice"),
        ("tcp options=msss:1", "msss", "did you mean 'mss'?"),
        ("tcp options=nop,mss", "mss", "MSS takes value: mss:VALUE"),
        ("tcp options=ts", "ts", "Timestamps takes value, echo: ts:VALUE:ECHO"),
        ("tcp options=mss:1:2", "2", "MSS takes value"),
        ("tcp options=sack:1", "1", "2 values joined by '-'"),
        ("mss / tcp", "mss", "is an option"),
        ('udp / "a" / tcp', "tcp", "after payload"),
        ('udp / "a', '"', "not closed"),
        ("udp / 0x123", "0x123", "half there"),
        ('udp / "x"*65536', '"x"*65536', "65536 octets; at most 65535"),
        ("udp /", "/", "nothing after"),
        ("/ udp", "/", "nothing before"),
        ("", "", "name a protocol"),
    ],
)
def test_errors_point_at_the_word(text: str, word: str, why: str) -> None:
    with pytest.raises(CraftError) as caught:
        packet(text)
    error = caught.value
    assert why in error.why
    assert text[error.at : error.at + error.length] == word


@pytest.mark.parametrize(
    "text",
    [
        "tcp options=nop,sackok,sack,tfo",
        "ip options=rr",
        "ip / icmpv6 type=134 / routeradvertisement options=linkmtu,prefixinformation",
    ],
)
def test_an_option_that_says_something_by_default_needs_no_value(text: str) -> None:
    assert packet(text).layers


def test_a_value_s_name_does_not_tell_whether_it_is_needed() -> None:
    class Family(Option, rfc="nowhere"):
        """Options that exist only here."""

        kind = u8("which")
        length = u8("octets of it all", role=HeaderLength())

    class Limit(Family, kind=1):
        """Its value is called nearly as what frames it."""

        length_limit: int = u16("how much")

    class Quiet(Family, kind=2):
        """What nobody needs to give."""

        reserved: int = u16("0")

    assert [wanting(kind) for kind in (Limit, Quiet, MSS, NoOperation)] == [True, False, True, False]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('ipv4 / udp / "a"*65535', "UDP.length: 65543 octets do not fit, at most 65535 do"),
        (
            'ipv4 / "a"*65535',
            "65555 octets do not fit, at most 65535 do; set total_length=0 by hand for a super-segment",
        ),
        ('ipv6 / udp / "a"*65535', "at most 65535 do; set length=0 by hand for a jumbogram"),
        ('ipv6 / tcp / "a"*65535', "do; set payload_length=0 by hand for a super-segment or a jumbogram"),
    ],
)
def test_what_is_too_long_is_told_what_can_be_longer(text: str, hint: str) -> None:
    with pytest.raises(CraftError) as caught:
        packet(text)
    assert caught.value.why.endswith(hint)


@given(st.text(alphabet="ipv46tcpudether /=,:-*[]\"'0x1fS\\ \x1b\n", max_size=40))
def test_any_text_is_a_packet_or_a_field_error(text: str) -> None:
    said = ""
    try:
        packet(text)
    except FieldError as error:
        said = str(error)
    assert said.replace("\n", "").isprintable()
