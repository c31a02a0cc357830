"""NTP: scapy's messages, what tshark and tcpdump say of the same octets, and messages that are wrong."""

from __future__ import annotations

import struct
from itertools import islice, product
from pathlib import Path

import pytest
from scapy.layers.ntp import NTPHeader

from rawkit.interop.ntp import MODES, NTP, decode, nanoseconds
from tests.interop.agreement import datagram, tcpdump_says, tshark_agrees, we_say

STAMPS = [
    0,
    1,
    0x7FFFFFFF_00000000,
    0xFFFFFFFF_FFFFFFFF,
    0x80000000_00000000,
    0xD9500000_80000000,
    0x83AA7E80_12345678,
    0x00000001_00000000,
]


def message(flags: int = 0x23, stamps: tuple[int, ...] = (0, 0, 0, 0), rest: bytes = b"") -> bytes:
    return struct.pack(">BBBBII4s4Q", flags, 2, 250, 0xEC, 65536, 5, b"GPS\0", *stamps) + rest


def extension(kind: int, length: int, octets: int) -> bytes:
    return struct.pack(">HH", kind, length) + b"e" * (octets - 4)


MESSAGES = [
    *(message(leap << 6 | 4 << 3 | mode) for leap, mode in product(range(4), range(6))),
    *(message(0x1C, stamps) for stamps in islice(product(STAMPS, repeat=4), 0, None, 37)),
    message(rest=struct.pack(">I", 7) + b"k" * 16),
    message(rest=struct.pack(">I", 7) + b"k" * 20),
    message(rest=bytes(4)),
    message(rest=extension(4, 16, 16) + struct.pack(">I", 9) + b"k" * 16),
    message(rest=extension(0x204, 28, 28)),
    message(rest=extension(0x204, 44, 28)),
    message(rest=b"zz"),
    bytes([0x16]) + bytes(11),
    bytes([0x17]) + bytes(7),
]


def test_tshark_says_the_same(tmp_path: Path) -> None:
    packets = [datagram(each, 123) for each in MESSAGES]
    tshark_agrees(packets, "ntp", tmp_path / "ntp.pcap", ("ntp.flags", "ntp.key", "ntp.mac"))


def test_the_line_is_tcpdumps(tmp_path: Path) -> None:
    packets = [datagram(each, 123) for each in MESSAGES]
    assert we_say(packets) == tcpdump_says(packets, tmp_path / "ntp.pcap")


def test_scapys_message() -> None:
    built = NTPHeader(leap=1, version=4, mode=4, stratum=3, poll=10, precision=-20, delay=0.5, dispersion=0.25)
    built.id = "192.0.2.7"
    built.sent = 3_913_056_000
    octets = bytes(built)  # the times that are not given are now
    found = decode(octets)
    assert (found.leap, found.version, found.mode, found.mode_name) == (1, 4, 4, "Server")
    assert (found.stratum, found.poll, found.precision) == (3, 10, -20)
    assert (found.root_delay, found.root_dispersion) == (0.5, 0.25)
    assert found.reference_id == bytes([192, 0, 2, 7])
    assert found.transmit_time_ns == (3_913_056_000 - 2_208_988_800) * 1_000_000_000
    assert (found.key_id, found.mac, found.extensions) == (None, None, ())
    assert datagram(octets, 123)[NTP] == found


def test_times_of_both_eras() -> None:
    """RFC 5905 appendix A: 1 January 1970 is second 2,208,988,800 of era 0; era 1 begins on 7 February 2036."""
    assert nanoseconds(bytes(8)) is None
    assert nanoseconds((2_208_988_800).to_bytes(4, "big") + bytes(4)) == 0
    assert nanoseconds((2_208_988_799).to_bytes(4, "big") + b"\x80\0\0\0") == -500_000_000
    assert nanoseconds(bytes(4) + b"\x80\0\0\0") == 2_085_978_496_500_000_000


def test_what_follows_the_header() -> None:
    found = decode(message(rest=extension(4, 16, 16) + b"\0\0\0\x09" + b"k" * 16))
    assert found.extensions == ((4, b"e" * 12),)
    assert (found.key_id, found.mac) == (b"\0\0\0\x09", b"k" * 16)


def test_a_control_message_has_no_clock() -> None:
    found = decode(bytes([0x16]) + bytes(11))
    assert (found.mode_name, found.header) == ("Control Message", None)
    assert [name for name, _ in found.fields()] == ["ntp.flags", "ntp.flags.li", "ntp.flags.vn", "ntp.flags.mode"]


@pytest.mark.parametrize("octets", [b"\x23", message()[:47], b"\x26" + bytes(10), b"\x27" + bytes(6)])
def test_a_message_cut_short_is_none(octets: bytes) -> None:
    packet = datagram(octets, 123)
    assert packet.application is None
    assert [(each.layer, each.why, each.offset) for each in packet.defects] == [("NTP", "message cut short", 42)]


def test_every_mode_has_a_word() -> None:
    assert [decode(message(0x20 | mode)).mode_name for mode in range(8)] == list(MODES)
