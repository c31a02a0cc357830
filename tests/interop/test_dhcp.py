"""DHCP: scapy's messages, what tshark and tcpdump say of the same octets, and messages that are wrong."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from scapy.layers.dhcp import BOOTP
from scapy.layers.dhcp import DHCP as ScapyDHCP

from rawkit.errors import Defect
from rawkit.interop.dhcp import COOKIE, DHCP, MESSAGE_TYPES, decode
from rawkit.wire import Packet
from tests.interop.agreement import datagram, tcpdump_says, tshark_agrees, we_say

FIXED = struct.Struct(">BBBBIHH4s4s4s4s16s64s128s")
MAC = bytes.fromhex("020000000001")

Option = tuple[int, bytes]


def options(*given: Option, end: bytes = b"\xff") -> bytes:
    return b"".join(bytes([code, len(data)]) + data for code, data in given) + end


def message(
    area: bytes = COOKIE + options((53, b"\x01")),
    *,
    op: int = 1,
    htype: int = 1,
    hlen: int = 6,
    secs: int = 3,
    flags: int = 0,
    chaddr: bytes = MAC,
    yiaddr: bytes = bytes(4),
    sname: bytes = b"",
    file: bytes = b"",
) -> bytes:
    zero = bytes(4)
    fixed = FIXED.pack(op, htype, hlen, 0, 0x12345678, secs, flags, zero, yiaddr, zero, zero, chaddr, sname, file)
    return fixed + area


def ip(*texts: str) -> bytes:
    return b"".join(bytes(map(int, text.split("."))) for text in texts)


ALL_KINDS: list[Option] = [
    (53, b"\x05"),
    (61, b"\x01" + MAC),
    (12, b"host"),
    (12, b"ends\0"),
    (15, b"example.com"),
    (55, bytes([1, 3, 6, 42, 119, 121, 252])),
    (50, ip("10.0.0.5")),
    (51, b"\0\0\x0e\x10"),
    (54, ip("10.0.0.1")),
    (56, b"because"),
    (57, b"\x05\xdc"),
    (58, b"\0\0\x07\x08"),
    (59, b"\0\0\x0c\x4e"),
    (60, b"a vendor"),
    (1, ip("255.255.255.0")),
    (3, ip("10.0.0.1", "10.0.0.2")),
    (4, ip("10.0.0.3")),
    (5, ip("10.0.0.3")),
    (6, ip("10.0.0.3", "10.0.0.4")),
    (7, ip("10.0.0.3")),
    (9, ip("10.0.0.3")),
    (2, b"\xff\xff\xff\xff"),
    (17, b"/root"),
    (19, b"\x01"),
    (23, b"\x40"),
    (26, b"\x05\xdc"),
    (28, ip("10.0.0.255")),
    (35, b"\0\0\0\x01"),
    (37, b"\x40"),
    (38, b"\0\0\0\x01"),
    (40, b"nis"),
    (41, ip("10.0.0.3")),
    (42, ip("10.0.0.3")),
    (44, ip("10.0.0.3")),
    (46, b"\x08"),
    (64, b"nisplus"),
    (65, ip("10.0.0.3")),
    (66, b"tftp"),
    (67, b"boot.img"),
    (69, ip("10.0.0.3")),
    (80, b""),
    (93, b"\0\x07"),
    (100, b"EST5"),
    (101, b"Europe/Berlin"),
    (108, b"\0\0\x07\x08"),
    (114, b"http://portal/"),
    (116, b"\x01"),
    (118, ip("10.0.0.0")),
    (121, b"\x18\x0a\x01\x02" + ip("10.0.0.1")),
    (150, ip("10.0.0.9")),
    (224, b"private"),
    (252, b"http://wpad/"),
]

MESSAGES = [
    message(COOKIE + options(*ALL_KINDS)),
    message(COOKIE + options(*ALL_KINDS[:20]) + bytes(60), op=2, flags=0x8000, yiaddr=ip("10.0.0.5")),
    message(COOKIE + options((53, b"\x02"), end=b"\0\0") + options((1, ip("255.0.0.0"))), op=2),
    *(message(COOKIE + options((53, bytes([number])))) for number in range(16)),
    message(b""),
    message(bytes(64)),
    message(b"abcd" + b"xyz" * 20),
    message(sname=b"server", file=b"boot.img", flags=0x7FFF),
    message(htype=32, hlen=16, chaddr=bytes(range(16))),
    message(htype=6, hlen=0),
    message(htype=1, hlen=8),
    *(message(secs=secs) for secs in (0, 9, 255, 256, 0x0900, 0x0901, 0xFF00)),
    message(op=3),
]

CLIENT_IDENTIFIER = ("dhcp.hw.type", "dhcp.hw.mac_addr")
"""What tshark also finds in an option that we leave as octets."""


def test_tshark_says_the_same(tmp_path: Path) -> None:
    packets = [datagram(each, 67, 68) for each in MESSAGES]
    tshark_agrees(packets, "dhcp", tmp_path / "dhcp.pcap", deeper=(*CLIENT_IDENTIFIER, "dhcp.option.type"))


def test_the_line_begins_with_tcpdumps(tmp_path: Path) -> None:
    packets = [datagram(each, 67, 68) for each in MESSAGES]
    for ours, theirs in zip(we_say(packets), tcpdump_says(packets, tmp_path / "dhcp.pcap"), strict=True):
        assert ours.startswith(theirs)


def test_scapys_message() -> None:
    given = [
        ("message-type", "offer"),
        ("server_id", "10.0.0.1"),
        ("lease_time", 3600),
        ("router", "10.0.0.1", "10.0.0.2"),
        ("hostname", b"host"),
        "pad",
        "end",
    ]
    built = BOOTP(op=2, chaddr=MAC, yiaddr="10.0.0.5", xid=7, sname=b"name", file=b"boot") / ScapyDHCP(options=given)
    found = decode(bytes(built))
    assert (found.op, found.xid, found.yiaddr, found.hardware_address) == (2, 7, "10.0.0.5", "02:00:00:00:00:01")
    assert (found.sname, found.file, found.message_type) == ("name", "boot", "Offer")
    assert [(each.code, each.name, each.value) for each in found.options] == [
        (53, "message type", 2),
        (54, "server identifier", "10.0.0.1"),
        (51, "lease time", 3600),
        (3, "router", ("10.0.0.1", "10.0.0.2")),
        (12, "host name", "host"),
        (0, "padding", b""),
        (255, "end", b""),
    ]
    assert found.option(51) == 3600
    assert found.option(99) is None
    assert found.defects == ()
    assert bytes(found) == bytes(built)


def test_in_a_packet_and_on_its_line() -> None:
    packet = datagram(message(COOKIE + options((53, b"\x03"), (50, ip("10.0.0.5")))), 67, 68)
    assert packet[DHCP].message_type == "Request"
    (said,) = we_say([packet])
    assert said.endswith(": BOOTP/DHCP, Request from 02:00:00:00:00:01, length 250: Request 10.0.0.5")
    assert datagram(message(op=2), 68, 67)[DHCP].op == 2


def test_every_type_of_message_has_a_word() -> None:
    for number, word in MESSAGE_TYPES.items():
        assert decode(message(COOKIE + options((53, bytes([number]))))).message_type == word
    assert decode(message(COOKIE + options((53, b"\x63")))).message_type == "type 99"
    assert decode(message(b"")).message_type is None


def test_options_in_the_fields_of_names() -> None:
    """RFC 2131 section 4.1: after the options field come `file` and `sname`, in this order."""
    area = COOKIE + options((52, b"\x03"), (53, b"\x01"))
    found = decode(message(area, file=options((12, b"host")), sname=options((15, b"example"))))
    assert [each.code for each in found.options] == [52, 53, 255, 12, 255, 15, 255]
    assert (found.option(12), found.option(15), found.file, found.sname) == ("host", "example", None, None)
    assert found.defects == ()
    assert "dhcp.file" not in dict(found.fields())


def test_every_octet_has_its_place() -> None:
    octets = message(COOKIE + options((53, b"\x05"), (51, b"\0\0\x0e\x10"), end=b"\0\0\xff"), sname=b"name")
    found = {name: (octets[begin:end], value) for name, begin, end, value in decode(octets).parts()}
    assert found["dhcp.id"] == (b"\x12\x34\x56\x78", str(0x12345678))
    assert found["dhcp.hw.mac_addr"] == (MAC, "02:00:00:00:00:01")
    assert found["dhcp.server"] == (b"name".ljust(64, b"\0"), "name")
    assert found["dhcp.cookie"] == (COOKIE, "99.130.83.99")
    assert found["dhcp.option.padding"] == (b"\0\0", "")
    assert found["dhcp.option.value"] == (b"\0\0\x0e\x10", "3600")
    assert found["dhcp.option.type"] == (b"\xff", "255 (end)")
    covered = [place for _, begin, end, _ in decode(octets).parts() for place in range(begin, end)]
    assert sorted({*covered} | {*range(34, 44)}) == [*range(len(octets))]  # but for what pads the hardware address
    assert len(covered) == len({*covered})


def wrong(area: bytes, hlen: int = 6) -> list[tuple[str, int, object]]:
    """Field, offset in the message and why, of each defect."""
    packet = datagram(message(area, hlen=hlen), 67, 68)
    assert packet[DHCP].message_type == "Discover"
    assert bytes(packet[DHCP]) == packet.payload
    return [(each.field, each.offset - 42, each.why) for each in packet.defects if each.layer == "DHCP"]


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (b"", ("options", 243, "options without an end")),
        (b"\x0c", ("host name", 243, "option past the end")),
        (b"\x0c\x20abc", ("host name", 243, "option past the end")),
        (b"\xfe\xff", ("option 254", 243, "option past the end")),
        (options((1, b"abc")), ("subnet mask", 243, "length of the option")),
        (options((3, b"")), ("router", 243, "length of the option")),
        (options((3, b"abcde")), ("router", 243, "length of the option")),
        (options((51, b"a")), ("lease time", 243, "length of the option")),
    ],
)
def test_a_bad_option_is_a_defect_and_the_others_are_read(area: bytes, expected: tuple[str, int, str]) -> None:
    assert wrong(COOKIE + options((53, b"\x01"), end=b"") + area) == [expected]


def test_options_without_an_end_say_in_which_field() -> None:
    """RFC 2132 section 9.3: an overload of 3 says that options go on in both fields."""
    assert wrong(COOKIE + options((53, b"\x01"), (52, b"\x03"))) == [
        ("file", 236, "options without an end"),
        ("sname", 108, "options without an end"),
    ]


@pytest.mark.parametrize("value", [b"", b"\x01\x01"])
def test_a_message_type_that_is_no_number_is_not_told_as_one(value: bytes) -> None:
    found = decode(message(COOKIE + options((53, value))))
    assert found.message_type is None
    assert found.summary() == f"BOOTP/DHCP, Request from 02:00:00:00:00:01, length {len(found.octets)}"
    assert [(each.field, each.why) for each in found.defects] == [("message type", "length of the option")]


def test_a_hardware_address_longer_than_its_field() -> None:
    assert wrong(COOKIE + options((53, b"\x01")), hlen=17) == [("hlen", 2, "longer than the field of the address")]


def test_strict_raises_what_is_wrong_inside() -> None:
    octets = datagram(message(COOKIE + b"\x0c\x20"), 67, 68).octets
    with pytest.raises(Defect, match="option past the end"):
        Packet.decode(octets, strict=True)


@pytest.mark.parametrize("length", [1, 100, 235])
def test_a_message_cut_short_is_none(length: int) -> None:
    packet = datagram(message()[:length], 67, 68)
    assert packet.application is None
    assert [each.why for each in packet.defects] == ["message cut short"]
