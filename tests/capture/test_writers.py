"""Writing: what is written reads back the same, by us and by the witnesses."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from struct import unpack_from
from typing import Any

import numpy
import pytest

from rawkit import UDP, Ethernet, IPv4
from rawkit.capture import Frame, Interface, LinkType, PcapngWriter, PcapWriter, read
from rawkit.capture.lengths import MAX_CAPTURED_LENGTH
from rawkit.capture.pcapng_options import INTERFACE, PACKET, option
from rawkit.capture.pcapng_values import Option, Order, PacketFlags
from rawkit.errors import FieldError
from tests.capture.made import enhanced, interface, opened, options, pcap_header, pcap_record, section, simple

ORDERS = pytest.mark.parametrize(("mark", "order"), [("<", "little"), (">", "big")])


@ORDERS
def test_a_pcap_file_is_octet_for_octet_what_the_specification_says(mark: str, order: Order) -> None:
    file = BytesIO()
    with PcapWriter(file, linktype=113, nanoseconds=False, snaplen=96, byteorder=order) as writer:
        writer.write_octets(b"abcd", time_ns=1_000_002_999, wire_length=60)
    expected = pcap_header(mark, linktype=113, snaplen=96) + pcap_record(b"abcd", mark, wire=60)
    assert file.getvalue() == expected


@pytest.mark.parametrize("seconds", [2**31 - 1, 2**31, 2**32 - 1])
def test_a_pcap_file_holds_all_times_of_32_bits(seconds: int) -> None:
    file = BytesIO()
    with PcapWriter(file) as writer:
        writer.write_octets(b"", time_ns=seconds * 10**9 + 999_999_999)
    assert unpack_from("<II", file.getvalue(), 24) == (seconds, 999_999_999)


@ORDERS
def test_a_pcapng_file_is_octet_for_octet_what_the_specification_says(mark: str, order: Order) -> None:
    file = BytesIO()
    with PcapngWriter(file, comment="a file", byteorder=order) as writer:
        eth0 = writer.add_interface(1, name="eth0", snaplen=96)
        writer.write_octets(b"abcde", time_ns=5, wire_length=60, interface=eth0, comment="text", direction="out")
    flags = (2).to_bytes(4, order)
    expected = [
        section(mark, options((1, b"a file"), order=mark)),
        interface(mark, 1, 96, options((2, b"eth0"), (9, b"\x09"), order=mark)),
        enhanced(b"abcde", mark, wire=60, said=options((1, b"text"), (2, flags), order=mark)),
    ]
    assert file.getvalue() == b"".join(expected)


def test_frames_of_many_interfaces_clocks_and_sections_keep_everything() -> None:
    said = options((1, b"one"), (1, b"two"), (2, (1).to_bytes(4, "big")), (4242, b"what"), order=">")
    original = [
        section(">"),
        interface(">", 113, 96, options((2, b"any"), (9, b"\x03"), order=">")),
        enhanced(b"abcd", ">", ticks=77, wire=99, said=said),
        section("<"),
        interface("<", 1, said=options((9, b"\x80"), (14, (3).to_bytes(8, "little")))),
        enhanced(b"efgh", "<", ticks=5),
    ]
    file = BytesIO()
    with PcapngWriter(file) as writer:
        for frame in opened(*original):
            writer.write(frame)
    first, second = opened(file.getvalue())
    assert (first.octets, first.time_ns, first.wire_length, first.comments) == (b"abcd", 77_000_000, 99, ("one", "two"))
    assert (first.direction, first.interface.name, first.interface.snaplen, first.linktype) == ("in", "any", 96, 113)
    assert (first.interface.ticks_per_second, Option(4242, "option 4242", b"what") in first.options) == (1000, True)
    assert (second.octets, second.time_ns, second.linktype) == (b"efgh", 8_000_000_000, 1)


def test_what_was_counted_on_an_interface_is_read_back() -> None:
    orders: tuple[Order, ...] = ("little", "big")
    for order in orders:
        file = BytesIO()
        with PcapngWriter(file, byteorder=order) as writer:
            writer.add_interface()
            interface = writer.add_interface(name="second", resolution=6)
            writer.write_statistics(interface, time_ns=5_000_000_000, received=7, dropped=1 << 40)
            assert writer.written == 0
        with read(BytesIO(file.getvalue())) as capture:
            assert list(capture) == []
            (counted,) = capture.notes.statistics
        assert (counted.interface.name, counted.time_ns) == ("second", 5_000_000_000)
        assert {each.name: each.value for each in counted.options} == {"isb_ifrecv": 7, "isb_osdrop": 1 << 40}


def test_simple_packets_stay_simple() -> None:
    original = section() + interface(snaplen=4) + simple(b"abcd", 90)
    file = BytesIO()
    with PcapngWriter(file) as writer:
        for frame in opened(original):
            writer.write(frame)
    (frame,) = opened(file.getvalue())
    assert (frame.octets, frame.wire_length, frame.time_ns) == (b"abcd", 90, None)


def test_a_packet_without_a_time_stays_on_its_interface() -> None:
    """A simple packet belongs to interface 0 of its section, and a written file has one section."""
    file = BytesIO()
    with PcapngWriter(file) as writer:
        for frame in opened(
            section() + interface() + enhanced(b"abcd") + section() + interface(linktype=113) + simple(b"efgh", 90)
        ):
            writer.write(frame)
    _, frame = opened(file.getvalue())
    assert (frame.octets, frame.wire_length, frame.linktype, frame.interface.index) == (b"efgh", 90, 113, 1)


@pytest.mark.parametrize(
    "original",
    [
        section() + interface(said=options((13, b"\x04"))) + enhanced(),
        pcap_header(linktype=0x24000001) + pcap_record(),
    ],
    ids=["pcapng", "pcap"],
)
def test_the_length_of_the_fcs_is_said_once(original: bytes) -> None:
    file = BytesIO()
    with PcapngWriter(file) as writer:
        for frame in opened(original):
            writer.write(frame)
    (frame,) = opened(file.getvalue())
    assert [option.value for option in frame.interface.options if option.name == "if_fcslen"] == [4]


def test_what_a_format_cannot_hold_is_the_callers_mistake() -> None:
    (frame,) = opened(pcap_header(linktype=113), pcap_record())
    pcap, pcapng = PcapWriter(BytesIO()), PcapngWriter(BytesIO())
    with pytest.raises(FieldError, match=r"linktype: frame 1 is LINUX_SLL.*write pcapng"):
        pcap.write(frame)
    for time_ns in (-1, 2**32 * 10**9):
        with pytest.raises(FieldError, match="time_ns"):
            pcap.write_octets(b"", time_ns=time_ns)
    for time_ns in (-1, 2**64):
        with pytest.raises(FieldError, match="time_ns"):
            pcapng.write_octets(b"", time_ns=time_ns)
    with pytest.raises(FieldError, match="interface"):
        pcapng.write_octets(b"", time_ns=0, interface=Interface(0, LinkType(1)))
    with pytest.raises(FieldError, match="resolution"):
        pcapng.add_interface(resolution=10)
    with pytest.raises(FieldError, match="linktype"):
        pcapng.add_interface(70_000)
    with pytest.raises(FieldError, match="fcs_length"):
        PcapWriter(BytesIO(), fcs_length=3)
    with pytest.raises(FieldError, match="fcs_length"):
        PcapWriter(BytesIO(), fcs_length=32)
    with pytest.raises(FieldError, match="compression"):
        PcapWriter(BytesIO(), compression="lzma")


WRITERS = pytest.mark.parametrize("make", [PcapWriter, PcapngWriter])


@WRITERS
@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"time_ns": 1.5}, r"time_ns: 1\.5; whole nanoseconds since 1970"),
        ({"time_ns": None}, "time_ns: None; whole nanoseconds"),
        ({"wire_length": 1 << 32}, "wire_length: 4294967296; a whole number from 4, the octets that are written, to"),
        ({"wire_length": 3}, "wire_length: 3; a whole number from 4.*leave it out where none were cut off"),
        ({"wire_length": "4"}, "wire_length: '4'; a whole number"),
        ({"octets": "text"}, "octets: str; give bytes, or a packet"),
        ({"octets": 5}, "octets: int; give bytes"),
        ({"octets": bytes(262_145)}, "octets: 262145; readers take 262144 .* with wire_length=262145"),
    ],
)
def test_what_no_reader_would_take_is_refused_by_name(make: Any, wrong: dict[str, Any], why: str) -> None:
    file = BytesIO()
    with make(file) as writer:
        with pytest.raises(FieldError, match=why):
            writer.write_octets(**{"octets": b"abcd", "time_ns": 0} | wrong)
        writer.write_octets(b"abcd", time_ns=0)
    assert [frame.octets for frame in opened(file.getvalue())] == [b"abcd"]


@WRITERS
def test_the_longest_frame_that_is_written_is_the_longest_that_is_read(make: Any) -> None:
    file = BytesIO()
    with make(file) as writer:
        writer.write_octets(bytes(MAX_CAPTURED_LENGTH), time_ns=0, wire_length=300_000)
    capture = opened(file.getvalue())
    assert [(len(frame.octets), frame.wire_length) for frame in capture] == [(MAX_CAPTURED_LENGTH, 300_000)]
    assert not capture.defects
    by_hand = Frame(1, 0, bytes(MAX_CAPTURED_LENGTH + 1), MAX_CAPTURED_LENGTH + 1, Interface(0, LinkType(1)))
    with pytest.raises(FieldError, match="octets: 262145"):
        make(BytesIO()).write(by_hand)


@WRITERS
@pytest.mark.parametrize("octets", [b"\0", bytearray(1), memoryview(bytes(1)), Ethernet() / IPv4() / UDP()])
def test_whatever_has_octets_can_be_written_at_any_whole_time(make: Any, octets: Any) -> None:
    now = 1_700_000_000_123_456_789
    file = BytesIO()
    with make(file) as writer:
        writer.write_octets(octets, time_ns=numpy.int64(now))
    assert [(frame.octets, frame.time_ns) for frame in opened(file.getvalue())] == [(bytes(octets), now)]


@WRITERS
def test_a_frame_that_says_it_was_shorter_is_written_as_it_was_read(make: Any) -> None:
    file = BytesIO()
    with make(file) as writer:
        for frame in opened(pcap_header(), pcap_record(b"abcd", wire=2)):
            writer.write(frame)
    assert [(frame.octets, frame.wire_length) for frame in opened(file.getvalue())] == [(b"abcd", 2)]


@pytest.mark.parametrize(("octets", "word"), [(0, 0x04000001), (4, 0x24000001), (30, 0xF4000001)])
def test_a_link_type_with_fcs_is_written_into_the_header(octets: int, word: int) -> None:
    file = BytesIO()
    with PcapWriter(file, fcs_length=octets):
        pass
    assert unpack_from("<I", file.getvalue(), 20)[0] == word
    assert opened(file.getvalue()).interfaces[0].fcs_length == octets


def test_frames_made_by_hand_can_be_written() -> None:
    lo = Interface(0, LinkType(1), options=(option("if_name", "lo", INTERFACE),), ticks_per_second=10**9)
    flags = option("epb_flags", PacketFlags(1), PACKET)
    file = BytesIO()
    with PcapngWriter(file) as writer:
        writer.write(Frame(1, 9, bytes(60), 60, lo, (flags,)))
    (frame,) = opened(file.getvalue())
    assert (frame.time_ns, frame.direction, frame.interface.name) == (9, "in", "lo")


def test_gzip_output(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "made.pcap.gz"
    with PcapWriter(path, compression="gzip") as writer:
        writer.write_octets(b"abcd", time_ns=0)
    assert [frame.octets for frame in opened(gzip.decompress(path.read_bytes()))] == [b"abcd"]
