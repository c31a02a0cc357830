"""Headers whose fields say which others are there, and how long they are."""

from __future__ import annotations

from typing import Any, cast

import pytest

import rawkit.protocols
from rawkit.errors import FieldError
from rawkit.protocols import (
    ARP,
    SACK,
    TCP,
    AuthenticationHeader,
    Ethernet,
    ICMPv4RouterAdvertisement,
    IPv4,
    IPv6Routing,
    IPv6SegmentRouting,
    LooseSourceRoute,
    UnknownTCPOption,
)
from rawkit.wire import (
    AUTO,
    Accepts,
    Checksum,
    Count,
    Header,
    HeaderLength,
    IPv4Address,
    Option,
    Packet,
    TotalLength,
    bits,
    ipv4_address,
    octets,
    repeat,
    tail,
    u8,
    u16,
    u24,
    u32,
)

MAC = "02:00:00:00:00:01"


class NoteOption(Option):
    """One option."""

    kind = u8("which")
    length = u8("octets of it all", role=HeaderLength())


class NoteUnknown(NoteOption, unknown=True):
    """Any other."""

    data: bytes = octets("what it says")
    kind: int = u8("which")


class NoteEnd(NoteOption, kind=0, single=True, ends=True):
    """No more."""


class NoteColour(NoteOption, kind=5):
    """A colour."""

    value: int = u24("red, green, blue")


class Note(Header):
    """A length in words over fields that may be there or not, as GRE has them; options fill it up."""

    version: int = bits(3, "always 1", must=1)
    has_key: int = bits(1, "a key follows")
    header_length: int = bits(4, "words", role=HeaderLength(unit=4))
    spare: int = u8("nothing")
    checksum: int = u16("of header and data", role=Checksum())
    key: Accepts[int | None, int | None] = u32("the key", when=lambda note: note.has_key == 1)
    options: Accepts[tuple[NoteOption, ...], list[NoteOption]] = tail(NoteOption)


class Letter(Header):
    """Names that other names of the engine could be taken for; a text as long as the header says; a list counted."""

    length: int = u16("of it all", role=TotalLength())
    count: int = u8("names", role=Count(of="header"))
    header: Accepts[tuple[IPv4Address, ...], list[str]] = repeat(
        ipv4_address("a name"), doc="names", count=lambda letter: letter.count
    )
    octets: bytes = octets("the text", length=lambda letter: letter.length - 3 - 4 * letter.count)


class Signed(Header):
    """A password of a fixed length."""

    kind: int = u8("1: a password follows")
    cls: Accepts[bytes | None, bytes] = octets("password", length=8, when=lambda signed: signed.kind == 1)


NAMES: dict[str, Any] = vars(rawkit.protocols) | {
    "Packet": Packet,
    "Note": Note,
    "NoteColour": NoteColour,
    "NoteEnd": NoteEnd,
}


def note(**fields: Any) -> Packet:
    return Packet.decode(bytes(Note(**fields) / b"data"), first=Note)


def test_a_header_length_counts_the_fields_that_are_there() -> None:
    packet = note(has_key=1, key=7, options=[NoteColour(0xFF0000)])
    assert packet.octets[:2] + packet.octets[4:] == bytes.fromhex("3400 00000007 0505ff0000 000000") + b"data"
    assert (packet[Note].header_length, packet[Note].key, packet[Note].options[0]) == (4, 7, NoteColour(0xFF0000))
    assert {verdict.state for verdict in packet.check()} == {"good"}
    assert packet.defects == ()
    assert eval(packet.to_python(), NAMES) == packet
    assert note(has_key=1)[Note].key == 0
    assert note(header_length=9, options=[NoteColour(1)])[Note].header_length == 9


def test_a_header_too_long_for_its_length_names_the_field() -> None:
    with pytest.raises(FieldError, match=r"Note\.options: too long"):
        Note(has_key=1, key=1, options=[NoteColour(1)] * 11)


def test_a_conditional_field_is_added_and_removed() -> None:
    packet = note(has_key=1, key=7, options=[NoteColour(1)])
    without = packet.replace(Note, has_key=0, key=None)
    assert without == note(options=[NoteColour(1)])
    assert without.replace(Note, has_key=1, key=7) == packet
    assert without.replace(Note, has_key=1, options=[])[Note].key == 0
    assert Note(has_key=1, key=7).__replace__(has_key=0) == Note()
    with pytest.raises(FieldError, match=r"Note\.key=None: it is present, as other fields say: has_key=1"):
        packet.replace(Note, key=None)


def test_what_an_edit_does_not_change_is_carried_over_as_it_was() -> None:
    """Eight octets of segment routing that promise a segment: nothing is made up, and nothing refused."""
    promised = Packet.decode(bytes.fromhex("fc000400 00000000"), first=IPv6SegmentRouting)
    assert promised[IPv6SegmentRouting].segments == ()
    for fields in ({"segments": ()}, {"tlvs": b""}, {"tlvs": b"", "tag": 0}):
        assert promised.replace(IPv6SegmentRouting, **fields) == promised
    arp = Packet.decode(bytes(ARP(hardware_type=32, hardware_length=8)), first=ARP)
    with pytest.raises(FieldError, match=r"ARP\.target_hardware: 8 octets, but it has 9 by hardware_length=9"):
        arp.replace(ARP, hardware_length=9, sender_hardware=bytes(9))
    ethernet = arp.replace(ARP, hardware_type=1, hardware_length=6, sender_mac=MAC)[ARP]
    assert (ethernet.sender_mac, ethernet.target_mac, ethernet.target_hardware) == (MAC, "00:00:00:00:00:00", None)


def test_a_value_for_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(FieldError, match=r"Note\.key: only present when other fields say so, .* has_key=0"):
        Note(key=7)
    with pytest.raises(FieldError, match=r"ARP\.sender_hardware: only present .* hardware_type=1, hardware_length=6"):
        ARP(sender_hardware=b"abcdef")
    with pytest.raises(FieldError, match=r"ARP\.sender_mac: only present"):
        ARP(hardware_type=32, hardware_length=8, sender_mac=MAC)


def test_a_value_of_another_length_is_refused() -> None:
    with pytest.raises(FieldError, match=r"ARP\.sender_hardware: 3 octets, but it has 8 by hardware_length=8"):
        ARP(hardware_type=32, hardware_length=8, sender_hardware=b"abc")
    with pytest.raises(FieldError, match=r"ARP\.target_protocol: 5 octets, but it has 16"):
        ARP(protocol_type=0x86DD, protocol_length=16, target_protocol=b"short")
    with pytest.raises(FieldError, match=r"Signed\.cls: 3 octets, but it has 8"):
        Signed(kind=1, cls=b"abc")


def test_what_nobody_gives_is_zeros_of_the_length_that_others_say() -> None:
    assert bytes(ARP(hardware_type=32, hardware_length=8)) == bytes.fromhex("0020080008040001") + bytes(24)
    assert bytes(Signed(kind=1)) == b"\1" + bytes(8)
    packet = Ethernet() / ARP(hardware_type=32, hardware_length=8)
    assert packet.defects == ()
    assert Packet.decode(bytes(packet)) == packet
    assert eval(packet.to_python(), NAMES) == packet


def test_lengths_and_counts_of_what_is_given() -> None:
    letter = Letter(header=["10.0.0.1", "10.0.0.2"], octets=b"text")
    assert (letter.count, letter.length, letter.octets) == (2, 15, b"text")
    assert Packet.decode(bytes(letter), first=Letter)[Letter] == letter
    assert bytes(Letter()).hex() == "000300"


def test_a_wrong_count_by_hand_is_kept() -> None:
    advertised = ICMPv4RouterAdvertisement(number_of_addresses=9, addresses=[("10.0.0.1", 1)])
    assert (advertised.number_of_addresses, len(bytes(advertised))) == (9, 12)
    assert Letter(count=200).count == 200
    assert len(bytes(IPv6Routing(header_ext_len=9))) == 8
    with pytest.raises(FieldError, match=r"Letter\.count=256"):
        Letter(count=256)


@pytest.mark.parametrize(
    "packet",
    [
        Packet.decode(bytes(Ethernet() / ARP())).replace(ARP, protocol_length=181),
        Packet.decode(bytes(Ethernet() / ARP())).replace(ARP, hardware_length=0),
        Ethernet() / ARP(hardware_length=255, protocol_length=255),
        note(has_key=1, key=7).replace(Note, has_key=0),
    ],
    ids=["longer", "shorter", "long", "without"],
)
def test_an_expression_of_a_header_that_does_not_hold_together(packet: Packet) -> None:
    assert eval(packet.to_python(), NAMES) == packet


def test_an_expression_of_options_that_the_capture_cut() -> None:
    """The length is printed, so nothing is filled up."""
    octets_there = bytes.fromhex(
        "000f66aee98a0019e3e75d23080045000034b13c4000ee0600004d432ccec0a80102"
        "0050c14e91f74ad8eed856958012102c4095000004020000"
    )
    packet = Packet.decode(octets_there, wire_length=66)
    assert eval(packet.to_python(), NAMES) == packet
    assert eval(repr(packet[TCP]), NAMES) == packet[TCP]


def test_a_header_from_its_octets() -> None:
    arp = ARP.from_octets(bytes(10))
    assert (bytes(arp), arp.layout.decoded) == (bytes(10), True)
    with pytest.raises(FieldError, match="at least 8 octets"):
        ARP.from_octets(bytes(7))
    with pytest.raises(FieldError, match="at least 8 octets"):
        ARP.from_octets("00" * 8)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (lambda: IPv4(ttl=AUTO), r"IPv4\.ttl: is not computed"),
        (lambda: TCP(flags=AUTO), r"TCP\.flags: is not computed"),
        (lambda: IPv4(src=AUTO), r"IPv4\.src: is not computed"),
        (lambda: (IPv4() / TCP()).replace(IPv4, ttl=AUTO), r"IPv4\.ttl: is not computed"),
        (lambda: IPv6Routing(addresses="fd00::1"), r"IPv6Routing\.addresses='fd00::1': takes a list"),
        (lambda: LooseSourceRoute(route=["x"]), r"LooseSourceRoute\.route: 'x' is no IPv4Address"),
        (lambda: SACK([(1, 2**32)]), r"SACK\.blocks=4294967296: takes an integer"),
        (lambda: AuthenticationHeader(icv=cast(Any, 4)), r"AuthenticationHeader\.icv=4: takes octets"),
        (lambda: UnknownTCPOption(cast(Any, 5)), r"UnknownTCPOption\.data=5: takes octets"),
    ],
    ids=range(9),
)
def test_a_message_names_the_field(build: Any, why: str) -> None:
    with pytest.raises(FieldError, match=why):
        build()


def test_names_within_a_list_are_those_of_the_list() -> None:
    assert [item.name for item in SACK.layout.fields["blocks"].items] == ["blocks", "blocks"]  # type: ignore[attr-defined]
