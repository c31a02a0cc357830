"""pcapng: blocks, sections, interfaces, clocks and typed options, from files put together by hand."""

from __future__ import annotations

from struct import pack

import pytest

from rawkit.capture.pcapng_options import (
    INTERFACE,
    PACKET,
    SECTION,
    STATISTICS,
    Table,
    decode_options,
    encode_options,
    option,
)
from rawkit.capture.pcapng_values import (
    Custom,
    InterfaceFilter,
    Option,
    Order,
    PacketFlags,
    PacketHash,
    Verdict,
    values,
)
from rawkit.errors import FieldError
from tests.capture.made import adds_up, block, enhanced, interface, opened, options, section, simple

ORDERS = pytest.mark.parametrize(("mark", "order"), [("<", "little"), (">", "big")])


@ORDERS
def test_a_packet_with_everything(mark: str, order: Order) -> None:
    said = options((1, b"one"), (1, "zwölf".encode()), (2, pack(mark + "I", 1)), (4, pack(mark + "Q", 3)), order=mark)
    described = options((2, b"eth0"), (3, b"the first"), (13, b"\x04"), order=mark)
    capture = opened(
        section(mark, options((1, b"a file"), order=mark)),
        interface(mark, 113, 96, described),
        enhanced(b"abcde", mark, ticks=1_700_000_000_123_456, wire=9, said=said),
    )
    (frame,) = capture
    assert (frame.time_ns, frame.octets, frame.wire_length) == (1_700_000_000_123_456_000, b"abcde", 9)
    assert (frame.direction, frame.comment, frame.comments) == ("in", "one\nzwölf", ("one", "zwölf"))
    assert list(values(frame.options, "epb_dropcount")) == [3]
    assert (frame.interface.name, frame.interface.description, frame.interface.snaplen) == ("eth0", "the first", 96)
    assert (frame.interface.fcs_length, frame.interface.byteorder, frame.linktype) == (4, order, 113)
    assert (capture.format, capture.comments, capture.notes.sections[0].byteorder) == ("pcapng", ("a file",), order)


@ORDERS
@pytest.mark.parametrize("comment", [b"one\0", b"one\0\0\0", b"one\0xM9\x87\x0c"])  # the last is a real writer's
def test_a_text_that_ends_in_nul_is_a_text_and_its_octets_are_kept(mark: str, order: Order, comment: bytes) -> None:
    said = options((1, comment), (2988, pack(mark + "I", 7) + comment), order=mark)
    capture = opened(section(mark), interface(mark), enhanced(b"abcd", mark, said=said))
    (frame,) = capture
    assert (frame.comment, frame.defects, capture.good) == ("one", (), 1)
    assert encode_options(frame.options, order, PACKET) == said


def test_simple_packets_have_no_time_and_are_cut_by_the_snaplen() -> None:
    whole, cut, padded = opened(
        section(), interface(snaplen=5), simple(b"abc", 3), simple(b"abcde", 90), simple(b"abcde", 5)
    )
    assert (whole.octets, whole.wire_length, whole.time_ns) == (b"abc", 3, None)
    assert (cut.octets, cut.wire_length, cut.defects) == (b"abcde", 90, ())
    assert (padded.octets, padded.wire_length, padded.defects) == (b"abcde", 5, ())


def test_the_obsolete_packet_block_is_read() -> None:
    body = pack("<HHIIII", 0, 2, 0, 7, 3, 8) + b"abc\0" + options((2, pack("<I", 2)))
    (frame,) = opened(section(), interface(), block(2, body))
    assert (frame.octets, frame.wire_length, frame.time_ns, frame.direction) == (b"abc", 8, 7_000, "out")
    assert list(values(frame.options, "epb_dropcount")) == [2]


@pytest.mark.parametrize(("field", "said"), [(0, []), (1, [1]), (0xFFFE, [0xFFFE]), (0xFFFF, [])])
def test_the_obsolete_packets_count_of_lost_ones(field: int, said: list[int]) -> None:
    (frame,) = opened(section(), interface(), block(2, pack("<HHIIII", 0, field, 0, 7, 3, 3) + b"abc\0"))
    assert list(values(frame.options, "epb_dropcount")) == said


@pytest.mark.parametrize(
    ("resolution", "ticks", "time_ns"),
    [
        (0, 3, 3_000_000_000),
        (6, 2**64 - 1, (2**64 - 1) * 1000),
        (9, 2**64 - 1, 2**64 - 1),
        (19, 2**64 - 1, (2**64 - 1) // 10**10),
        (0x7F, 2**64 - 1, 0),
        (0x80, 3, 3_000_000_000),
        (0x8A, 1536, 1_500_000_000),
        (0xFF, 2**64 - 1, 0),
    ],
)
def test_every_resolution_gives_exact_integers(resolution: int, ticks: int, time_ns: int) -> None:
    described = interface(said=options((9, bytes([resolution]))))
    (frame,) = opened(section(), described, enhanced(ticks=ticks))
    assert frame.time_ns == time_ns
    assert type(frame.time_ns) is int


@pytest.mark.parametrize("said", [b"", options((1, b"text"))], ids=["plain", "with options"])
@pytest.mark.parametrize(("offset_s", "time_ns"), [(-10, 5_000_000_000), (3, 18_000_000_000), (-16, -1_000_000_000)])
def test_the_time_offset_is_added(offset_s: int, time_ns: int, said: bytes) -> None:
    described = interface(said=options((14, pack("<q", offset_s))))
    (frame,) = opened(section(), described, enhanced(ticks=15_000_000, said=said))
    assert frame.time_ns == time_ns


def test_sections_of_other_byte_order_and_interfaces_each_with_their_own_clock_and_link_type() -> None:
    nano = options((9, b"\x09"))
    capture = opened(
        section("<"),
        interface("<", 1),
        interface("<", 101, said=nano),
        enhanced(b"a", "<", 1, 7),
        enhanced(b"b", "<", 0, 7),
        section(">"),
        interface(">", 113, said=options((9, b"\x03"), order=">")),
        enhanced(b"c", ">", 0, 7),
        section("<"),
        interface("<", 0),
        enhanced(b"d", "<", 0, 7),
    )
    seen = [(f.octets, f.linktype, f.time_ns, f.interface.section, f.interface.index) for f in capture]
    assert seen == [
        (b"a", 101, 7, 0, 1),
        (b"b", 1, 7_000, 0, 0),
        (b"c", 113, 7_000_000, 1, 0),
        (b"d", 0, 7_000, 2, 0),
    ]
    assert len(capture.interfaces) == 4


def test_names_statistics_and_secrets_are_kept_as_notes() -> None:
    records = b"".join(
        pack("<HH", kind, len(value)) + value + bytes(-len(value) % 4)
        for kind, value in [
            (1, bytes([10, 0, 0, 1]) + b"a.example\0b.example\0"),
            (2, bytes(15) + b"\1" + b"six.example\0"),
            (3, bytes.fromhex("021122334455") + b"card\0"),
            (99, b"?"),
            (0, b""),
        ]
    )
    statistics = pack("<III", 0, 0, 9) + options((4, pack("<Q", 12)), (2, pack("<II", 1, 2)))
    secrets = pack("<II", 0x544C534B, 5) + b"key \n\0\0\0"
    parts = [block(4, records), block(5, statistics), block(10, secrets), block(9, b"__CURSOR=1\n")]
    capture = opened(section(), interface(), *parts)
    assert list(capture) == []
    assert capture.notes.names == {
        "10.0.0.1": ("a.example", "b.example"),
        "::1": ("six.example",),
        "02:11:22:33:44:55": ("card",),
    }
    (counted,) = capture.notes.statistics
    assert (counted.time_ns, counted.interface) == (9_000, capture.interfaces[0])
    assert [(entry.name, entry.value) for entry in counted.options] == [
        ("isb_ifrecv", 12),
        ("isb_starttime", (1 << 32) + 2),
    ]
    assert capture.notes.secrets == [(0x544C534B, b"key \n")]
    assert dict(capture.notes.blocks) == {
        "section header": 1,
        "interface description": 1,
        "name resolution": 1,
        "interface statistics": 1,
        "decryption secrets": 1,
        "systemd journal export": 1,
    }
    assert (capture.read, capture.defects) == (0, [])


def test_unknown_and_custom_blocks_are_skipped_and_counted() -> None:
    capture = opened(section(), interface(), block(0x777, b"what"), enhanced(), block(0xBAD, bytes(4)), enhanced())
    assert [frame.number for frame in capture] == [1, 2]
    assert (capture.read, capture.good, capture.damaged, capture.skipped) == (4, 2, 0, 2)
    assert adds_up(capture)
    assert capture.defects == []


TYPED: list[tuple[Table, str, object]] = [
    (SECTION, "opt_comment", "zwölf"),
    (SECTION, "shb_hardware", "a box"),
    (SECTION, "opt_custom_text", Custom(32473, "text")),
    (SECTION, "opt_custom_octets", Custom(32473, b"\xff\0\1")),
    (INTERFACE, "if_IPv4addr", "10.1.2.3/255.255.255.0"),
    (INTERFACE, "if_IPv6addr", "2001:db8::1/64"),
    (INTERFACE, "if_MACaddr", "02:00:5e:10:00:01"),
    (INTERFACE, "if_EUIaddr", "02:00:5e:ff:fe:10:00:01"),
    (INTERFACE, "if_speed", 10**10),
    (INTERFACE, "if_tsresol", 9),
    (INTERFACE, "if_tzone", -3600),
    (INTERFACE, "if_filter", InterfaceFilter(0, "tcp port 80")),
    (INTERFACE, "if_filter", InterfaceFilter(1, b"\x06\0\0\0")),
    (INTERFACE, "if_tsoffset", -5),
    (INTERFACE, "if_rxspeed", 54_000_000),
    (PACKET, "epb_flags", PacketFlags(0x1E2)),
    (PACKET, "epb_hash", PacketHash(2, b"\1\2\3\4")),
    (PACKET, "epb_packetid", 2**64 - 1),
    (PACKET, "epb_queue", 7),
    (PACKET, "epb_verdict", Verdict(2, bytes(8))),
    (STATISTICS, "isb_endtime", (5 << 32) + 6),
]


@ORDERS
@pytest.mark.parametrize(("table", "name", "value"), TYPED)
def test_typed_options_come_back_from_their_octets(
    mark: str, order: Order, table: Table, name: str, value: object
) -> None:
    said = [option(name, value, table)]
    decoded, defects = decode_options(encode_options(said, order, table), order, table, 0)
    assert (list(decoded), defects) == (said, [])
    assert type(decoded[0].value) is type(value)


@pytest.mark.parametrize(
    ("octets", "name", "value"),
    [
        # draft-ietf-opsawg-pcapng's own examples for if_IPv4addr, if_MACaddr and if_tsresol.
        ("0400 0800 c0a80101 ffffff00", "if_IPv4addr", "192.168.1.1/255.255.255.0"),
        ("0600 0600 000102030405 0000", "if_MACaddr", "00:01:02:03:04:05"),
        ("0900 0100 06 000000", "if_tsresol", 6),
    ],
)
def test_options_as_the_specification_shows_them(octets: str, name: str, value: object) -> None:
    decoded, defects = decode_options(bytes.fromhex(octets), "little", INTERFACE, 0)
    assert [(entry.name, entry.value) for entry in decoded] == [(name, value)]
    assert defects == []


def test_what_an_option_cannot_hold_is_the_callers_mistake() -> None:
    with pytest.raises(FieldError, match="if_speed"):
        encode_options([option("if_speed", -1, INTERFACE)], "little", INTERFACE)
    with pytest.raises(FieldError, match="opt_comment"):
        encode_options([option("opt_comment", "x" * 70_000, PACKET)], "little", PACKET)
    with pytest.raises(FieldError, match=r"opt_comment: .* ends at its first NUL"):
        encode_options([option("opt_comment", "one\0two", PACKET)], "little", PACKET)
    with pytest.raises(FieldError, match="not an option"):
        option("if_sped", 1, INTERFACE)
    with pytest.raises(FieldError, match="takes bytes"):
        encode_options([Option(77, "option 77", 5)], "little", INTERFACE)


def test_reception_and_errors_in_the_flags_word() -> None:
    flags = PacketFlags(0x0100_0000 | 3 << 2 | 1 << 9)
    assert (flags.reception, flags.errors, flags.checksum_not_ready, flags.direction) == ("broadcast", 256, True, None)
    assert PacketFlags(7 << 2).reception == "7"


@pytest.mark.parametrize(("word", "octets"), [(0x010, 0), (0x020, 1), (0x080, 4), (0x1E0, 15), (0x200, 0)])
def test_the_flags_word_has_four_bits_for_the_fcs_length(word: int, octets: int) -> None:
    assert PacketFlags(word).fcs_length == octets


def test_a_checksum_that_was_not_ready_is_told_to_the_decoder() -> None:
    said = options((2, pack("<I", 1 << 9)))
    ip = bytes.fromhex("45000020000000004011 66cb 0a000001 0a000002")
    udp = bytes.fromhex("0001 0002 000c 1425") + b"text"
    for flags, state in ((said, "partial"), (b"", "bad")):
        (frame,) = opened(section(), interface(linktype=228), enhanced(ip + udp, said=flags))
        assert [v.state for v in frame.packet.check() if v.layer == "UDP" and v.checksum] == [state]
