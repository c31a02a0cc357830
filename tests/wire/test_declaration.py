"""A header is declared once: a protocol that exists only here, and what follows from its declaration."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from rawkit.errors import FieldError
from rawkit.wire import (
    AUTO,
    Accepts,
    Bit,
    Checksum,
    Flags,
    Header,
    HeaderLength,
    IPv4Address,
    MACAddress,
    NextHeader,
    Numbers,
    Option,
    Packet,
    TotalLength,
    bits,
    flags,
    ipv4_address,
    mac_address,
    octets,
    repeat,
    tail,
    u8,
    u16,
    u24,
    u32,
    u64,
)

KINDS = Numbers("toy kind", {9: "nine"})


class ToyFlags(Flags):
    """Two of three bits have names."""

    urgent = Bit(0, "U", "soon")
    last = Bit(2, "L", "no more")


class ToyOption(Option, rfc="nowhere"):
    """One option."""

    kind = u8("which")
    length = u8("octets of it all", role=HeaderLength())


class ToyUnknown(ToyOption, unknown=True):
    """Any other."""

    kind: int = u8("which")
    data: bytes = octets("what it says")


class ToyEnd(ToyOption, kind=0, single=True, ends=True):
    """No more."""


class ToyCount(ToyOption, kind=5):
    """A number."""

    value: int = u16("how many")


class Toy(Header, rfc="RFC 0 section 1", wireshark="toy"):
    """Every kind of fixed field, and options."""

    version: int = bits(4, "always 3", must=3)
    size: int = bits(4, "header length", unit="32-bit words", role=HeaderLength(unit=4))
    marks: Accepts[ToyFlags, ToyFlags | str | int] = flags(3, "marks", ToyFlags)
    rest: int = bits(13, "thirteen bits")
    kind: int = u8("what follows", role=NextHeader(KINDS), default=9, names=KINDS)
    serial: int = u24("three octets")
    spare: int = u8("to fill up")
    length: int = u16("header and data", unit="octets", role=TotalLength())
    checksum: int = u16("of header and data", role=Checksum())
    long: int = u64("eight octets")
    sender: Accepts[MACAddress, MACAddress | str | bytes] = mac_address("who")
    options: Accepts[tuple[ToyOption, ...], list[ToyOption] | bytes] = tail(ToyOption)


class Inner(Header, rfc="RFC 0 section 2"):
    """What a Toy carries: a count, and so many pairs, a condition, the rest."""

    count: int = u8("pairs that follow")
    shape: int = u8("1: an address follows the pairs")
    pairs: Accepts[tuple[tuple[int, int], ...], list[tuple[int, int]]] = repeat(
        u8("one"), u16("two"), doc="pairs", count=lambda inner: inner.count
    )
    address: Accepts[IPv4Address | None, IPv4Address | str] = ipv4_address("where", when=lambda inner: inner.shape == 1)
    name: bytes = octets("four octets of name", length=lambda inner: 4)


class Little(Header):
    """Host byte order of a little-endian machine."""

    small: int = u16("two octets", little_endian=True)
    large: int = u32("four octets", little_endian=True)
    high: int = bits(4, "of a word", little_endian=True)
    low: int = bits(12, "of a word", little_endian=True)


KINDS.bind(1, Inner)


# -- places ---------------------------------------------------------------------------------------------------------


def test_a_fixed_field_is_four_numbers() -> None:
    places = {name: (f.offset, f.width, f.shift, f.mask) for name, f in Toy.layout.fields.items() if name != "options"}
    assert places["version"] == (0, 8, 4, 0xF)
    assert places["size"] == (0, 8, 0, 0xF)
    assert places["marks"] == (1, 16, 13, 7)
    assert places["rest"] == (1, 16, 0, 0x1FFF)
    assert places["kind"] == (3, 8, 0, 0xFF)
    assert places["serial"] == (4, 24, 0, 0xFFFFFF)
    assert places["long"] == (12, 64, 0, 2**64 - 1)
    assert Toy.layout.size == 26
    assert [field.name for field in Toy.layout.variable] == ["options"]


def test_the_four_numbers_read_the_octets() -> None:
    raw = bytes.fromhex("37a005 01 112233 44 001c 0000 0102030405060708 020000000001 0000")
    header = Packet.decode(raw, first=Toy).layers[0]
    for name in ("version", "size", "marks", "rest", "kind", "serial", "long", "spare"):
        field = Toy.layout.fields[name]
        word = int.from_bytes(raw[field.offset : field.offset + field.width // 8], "big")
        assert getattr(header, name) == word >> field.shift & field.mask


def test_metadata_stays_with_the_field() -> None:
    field = Toy.layout.fields["length"]
    assert (field.doc, field.unit, field.computed) == ("header and data", "octets", True)
    assert (Toy.layout.rfc, Toy.layout.wireshark, Toy.layout.name) == ("RFC 0 section 1", "toy", "Toy")
    assert Toy.layout.fields["kind"].names is KINDS
    assert (KINDS[9], KINDS[1]) == ("nine", "Inner")


def test_put_writes_one_field_and_no_other() -> None:
    head = bytearray(b"\xff" * Toy.layout.size)
    Toy.layout.put(head, Toy.layout.fields["rest"], 0)
    assert head.hex() == "ff" + "e000" + "ff" * (Toy.layout.size - 3)
    Toy.layout.put(head, Toy.layout.fields["serial"], 0x010203)
    assert head[4:7].hex() == "010203"


def test_a_declaration_that_cannot_be_is_refused() -> None:
    with pytest.raises(TypeError, match="'lonely'"):

        class Uneven(Header):
            lonely: int = bits(3, "three bits and no more")

    with pytest.raises(TypeError, match="did you mean 'rfc'"):

        class Misspelt(Header, rcf="RFC 1"):
            octet: int = u8("one octet")


def test_one_header_has_one_byte_order() -> None:
    with pytest.raises(TypeError, match="Mixed: words of both byte orders"):

        class Mixed(Header):
            small: int = u16("two octets", little_endian=True)
            large: int = u32("four octets")

    with pytest.raises(TypeError, match="MixedBits: words of both byte orders"):

        class MixedBits(Header):
            high: int = bits(4, "of a word", little_endian=True)
            low: int = bits(12, "of the same word")


# -- values to octets -----------------------------------------------------------------------------------------------


def test_every_field_built_by_hand_arithmetic() -> None:
    toy = Toy(
        marks="UL",
        rest=0x1234,
        kind=1,
        serial=0x0A0B0C,
        long=1 << 63,
        sender="02:00:00:00:00:01",
        options=[ToyCount(7)],
    )
    word = 0b101 << 13 | 0x1234
    expected = bytes([0x38]) + word.to_bytes(2, "big") + b"\x01\x0a\x0b\x0c\x00\x00\x20"
    assert bytes(toy)[:10] == expected
    assert bytes(toy)[12:] == (1 << 63).to_bytes(8, "big") + bytes.fromhex("020000000001 05040007 0000")
    assert (toy.size, toy.length) == (8, 32)


def test_three_octet_and_little_endian_fields() -> None:
    little = Little(small=0x0102, large=0x01020304, high=0xA, low=0xBCD)
    assert bytes(little).hex() == "0201" + "04030201" + "cdab"
    read = Packet.decode(bytes(little), first=Little)[Little]
    assert (read.small, read.large, read.high, read.low) == (0x0102, 0x01020304, 0xA, 0xBCD)
    changed = Packet(little).replace(Little, low=1)[Little]
    assert bytes(changed).hex() == "0201" + "04030201" + "01a0"


def test_repeat_octets_and_a_condition() -> None:
    inner = Inner(count=2, shape=1, pairs=[(1, 2), (3, 4)], address="10.0.0.1", name=b"abcd")
    assert bytes(inner).hex() == "0201" + "010002" + "030004" + "0a000001" + "61626364"
    packet = Packet.decode(bytes(inner) + b"rest", first=Inner)
    read = packet[Inner]
    assert (read.pairs, read.address, read.name) == (((1, 2), (3, 4)), "10.0.0.1", b"abcd")
    assert packet.payload == b"rest"


def test_an_absent_field_is_none() -> None:
    read = Packet.decode(bytes.fromhex("0000 61626364"), first=Inner)[Inner]
    assert (read.address, read.pairs, read.name) == (None, (), b"abcd")
    assert read.layout.declared.spans(read).keys() == {"pairs", "name"}


def test_a_variable_part_that_is_cut_is_a_defect() -> None:
    octets_there = bytes.fromhex("0301 010002 03")
    packet = Packet.decode(octets_there, first=Inner)
    assert packet.octets == octets_there
    assert packet.defects
    assert bytes(Packet(*packet.layers, packet.payload, packet.trailer)) == octets_there


def test_options_known_unknown_damaged() -> None:
    def decode(hexadecimal: str) -> Packet:
        options = bytes.fromhex(hexadecimal)
        head = bytes.fromhex("38000009 00000000 0020 0000") + bytes(14) + options
        assert len(head) == 32
        return Packet.decode(head, first=Toy)

    assert decode("05040009 0000")[Toy].options == (ToyCount(9), ToyEnd())
    assert decode("63060102 0304")[Toy].options == (ToyUnknown(kind=0x63, data=b"\1\2\3\4"),)
    assert decode("00050400 0900")[Toy].options == (ToyEnd(),)
    wrong_size = decode("05030100 0000")
    assert isinstance(wrong_size[Toy].options[0], ToyUnknown)
    assert "length does not fit" in [defect.why for defect in wrong_size.defects]
    for hexadecimal, why in [("05000000 0000", "shorter than itself"), ("05090000 0000", "past the end")]:
        packet = decode(hexadecimal)
        assert packet[Toy].options == ()
        assert any(why in defect.why for defect in packet.defects)


def test_options_are_given_by_position_headers_by_name() -> None:
    assert ToyCount(7) == ToyCount(value=7)
    with pytest.raises(TypeError):
        Toy(3)  # type: ignore[call-arg]


# -- the caller's mistakes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rest", 0x2000),
        ("rest", -1),
        ("kind", 256),
        ("serial", 1 << 24),
        ("serial", -1),
        ("long", 1 << 64),
        ("long", "many"),
        ("marks", "X"),
        ("marks", 8),
        ("sender", "nobody"),
        ("sender", b"short"),
        ("spare", None),
        ("spare", 1.5),
        ("length", 65536),
        ("checksum", -1),
        ("size", 16),
        ("options", 7),
        ("options", [IPv4Address("10.0.0.1")]),
    ],
)
def test_a_value_that_does_not_fit_names_the_field(field: str, value: object) -> None:
    with pytest.raises(FieldError, match=rf"Toy\.{field}"):
        Toy(**{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(("field", "good", "bad"), [("marks", 2, 2.0), ("sender", 9, 9.0), ("rest", 3, 3.0)])
def test_a_number_that_is_equal_is_not_taken_for_one_that_fits(field: str, good: int, bad: float) -> None:
    """1 and 1.0 are one key of a table: neither may be found in the other's place, whichever came first."""
    for value in (bad, good, bad, good):
        fields: dict[str, Any] = {field: value}
        if value is bad:
            with pytest.raises(FieldError, match=rf"Toy\.{field}"):
                Toy(**fields)
        else:
            assert Toy.layout.fields[field].convert(getattr(Toy(**fields), field)) == Toy.layout.fields[field].convert(
                good
            )


def test_a_misspelt_field_suggests_the_nearest() -> None:
    with pytest.raises(FieldError, match="did you mean 'checksum'"):
        Toy(cheksum=1)  # type: ignore[call-arg]
    with pytest.raises(FieldError, match="did you mean 'serial'"):
        Packet(Toy()).replace(Toy, serail=1)


def test_options_too_long_for_the_header_length() -> None:
    with pytest.raises(FieldError, match=r"Toy\.options"):
        Toy(options=[ToyCount(1)] * 10)


def test_headers_are_immutable() -> None:
    toy = Toy()
    with pytest.raises(AttributeError, match=r"packet\.replace\(Toy"):
        toy.kind = 5  # type: ignore[misc]
    with pytest.raises(AttributeError):
        toy.anything = 5  # type: ignore[attr-defined]


# -- roles fill, obey, judge ----------------------------------------------------------------------------------------


def test_roles_fill() -> None:
    packet = Toy() / Inner(name=b"abcd") / b"data"
    toy = packet[Toy]
    assert (toy.size, toy.kind, toy.length) == (7, 1, 28 + 6 + 4)
    total = sum(int.from_bytes(packet.octets[at : at + 2], "big") for at in range(0, len(packet), 2))
    assert total % 65535 == 0


def test_roles_obey() -> None:
    octets_built = bytes(Toy() / Inner(name=b"abcd") / b"data") + b"trailer"
    packet = Packet.decode(octets_built, first=Toy)
    assert [type(header) for header in packet.layers] == [Toy, Inner]
    assert (packet.payload, packet.trailer) == (b"data", b"trailer")


def test_roles_judge() -> None:
    packet = Toy(length=99, kind=9) / Inner(name=b"abcd")
    states = {verdict.field: (verdict.state, verdict.expected) for verdict in packet.check() if verdict.layer == "Toy"}
    assert states["size"] == ("good", 7)
    assert states["kind"] == ("bad", 1)
    assert states["length"][0] == "bad"
    assert states["checksum"][0] == "good"


def test_what_is_set_by_hand_is_known_and_kept() -> None:
    toy = Toy(checksum=0x1234, kind=5)
    assert toy.layout.set == {"checksum", "kind"}
    packet = toy / b"data"
    assert (packet[Toy].checksum, packet[Toy].kind) == (0x1234, 5)
    assert packet[Toy].layout.set == {"checksum", "kind"}
    assert Toy(checksum=AUTO).layout.set == frozenset()
    assert Packet.decode(bytes(packet), first=Toy)[Toy].layout.set == {"size", "kind", "length", "checksum"}


def test_a_must_is_a_default_and_a_defect() -> None:
    assert Toy().version == 3
    (defect,) = [d for d in Packet(Toy(version=5)).defects if d.field == "version"]
    assert (defect.layer, defect.offset, defect.found, defect.expected) == ("Toy", 0, 5, 3)


def test_a_header_is_no_kind_of_another() -> None:
    """Numbers, routes and applications are bound to a class: a subclass would be half of it."""
    with pytest.raises(TypeError, match="share the fields instead"):

        class Other(Toy):
            """A toy that is another toy."""


@pytest.mark.parametrize(
    ("layer", "values"),
    [
        ("Toy", {"rest": 1 << 13}),
        ("Toy", {"kind": "?"}),
        ("Toy", {"rest": AUTO}),
        ("Toy", {"marks": "?"}),
        ("Toy", {"sender": 1.5}),
        ("Toy", {"sender": "here"}),
        ("Toy", {"options": 5}),
        ("Toy", {"options": [7]}),
        ("Toy", {"options": bytes(60)}),
        ("Inner", {"pairs": 5}),
        ("Inner", {"pairs": [5]}),
        ("Inner", {"address": "10.0.0.1"}),
        ("ToyCount", {"value": -1}),
    ],
)
def test_an_error_tells_whose_field_it_is_about(layer: str, values: dict[str, Any]) -> None:
    kind: Any = {"Toy": Toy, "Inner": Inner, "ToyCount": ToyCount}[layer]
    (name,) = values
    with pytest.raises(FieldError, match=rf"^{layer}\.{name}") as caught:
        kind(**values)
    assert (caught.value.layer, caught.value.field) == (layer, name)
    assert pickle.loads(pickle.dumps(caught.value)).field == name


def test_an_error_about_no_field_names_none() -> None:
    with pytest.raises(FieldError) as caught:
        Packet(5)  # type: ignore[arg-type]
    assert (caught.value.layer, caught.value.field) == ("", "")
