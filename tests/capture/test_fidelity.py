"""What a conversion keeps because the other format can hold it, and what it says it drops because it cannot."""

from __future__ import annotations

from pathlib import Path
from struct import pack

import pytest

from rawkit.capture import read
from rawkit.capture.convert import Conversion, convert
from rawkit.capture.lengths import MAX_CAPTURED_LENGTH
from rawkit.capture.pcapng_values import values
from rawkit.errors import FieldError
from tests.capture.made import (
    MICRO,
    MODIFIED,
    NANO,
    block,
    enhanced,
    interface,
    options,
    pcap_header,
    pcap_record,
    section,
    simple,
    snoop_header,
    snoop_record,
)


def converted(folder: Path, original: bytes, name: str) -> tuple[bytes, Conversion]:
    """The target's octets, and what was said."""
    source, target = folder / "source", folder / name
    source.write_bytes(original)
    result = convert(source, target, force=True)
    return target.read_bytes(), result


def dropped(result: Conversion) -> list[str]:
    start = f"dropped, since {result.format} cannot hold it: "
    assert all(sentence.startswith(start) for sentence in result.dropped)
    return [sentence.removeprefix(start) for sentence in result.dropped]


def resolution(code: int) -> bytes:
    return options((9, bytes([code])))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("magic", [MICRO, NANO])
@pytest.mark.parametrize("snaplen", [96, 65535, 1 << 20])
def test_pcap_to_pcapng_and_back_is_octet_for_octet(tmp_path: Path, order: str, magic: int, snaplen: int) -> None:
    original = pcap_header(order, magic, snaplen=snaplen, linktype=0x24000001)
    for records in (b"", pcap_record(b"abcd", order, wire=160) + pcap_record(b"", order, fraction=999)):
        between, there = converted(tmp_path, original + records, "made.pcapng")
        again, back = converted(tmp_path, between, "made.pcap")
        assert again == original + records
        assert (there.dropped, back.dropped) == ((), ())


@pytest.mark.parametrize(
    ("first", "second", "magic", "snaplen"),
    [
        (interface(snaplen=96), interface(snaplen=60), MICRO, 96),
        (interface(snaplen=96), interface(snaplen=1500), MICRO, 1500),
        (interface(snaplen=96), interface(), MICRO, MAX_CAPTURED_LENGTH),
        (interface(snaplen=96), interface(snaplen=96, said=resolution(9)), NANO, 96),
        (interface(snaplen=96, said=resolution(3)), interface(snaplen=96, said=resolution(0x80)), MICRO, 96),
        (interface(snaplen=96, said=resolution(0x8A)), interface(snaplen=96), NANO, 96),
    ],
)
def test_the_header_of_pcap_suits_all_interfaces_also_those_that_come_late(
    tmp_path: Path, first: bytes, second: bytes, magic: int, snaplen: int
) -> None:
    original = section() + first + enhanced(b"abcd") + second + enhanced(bytes(60), number=1)
    octets, _ = converted(tmp_path, original, "made.pcap")
    assert octets[:24] == pcap_header(magic=magic, snaplen=snaplen)
    with read(tmp_path / "made.pcap") as capture, read(tmp_path / "source") as source:
        assert [frame.time_ns for frame in capture] == [frame.time_ns for frame in source]
    assert capture.defects == []


def test_of_a_pipe_the_header_leaves_room_for_any_interface(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "source").write_bytes(section() + interface(snaplen=96, said=options((13, b"\4"))) + enhanced())
    with (tmp_path / "source").open() as given:
        monkeypatch.setattr("sys.stdin", given)
        result = convert("-", tmp_path / "made.pcap")
    octets = (tmp_path / "made.pcap").read_bytes()
    assert octets[:24] == pcap_header(magic=NANO, snaplen=MAX_CAPTURED_LENGTH, linktype=0x24000001)
    assert dropped(result) == ["1 x interface's snaplen"]


@pytest.mark.parametrize("code", [10, 12, 19, 0x8A, 0xFF])
def test_a_resolution_that_is_no_whole_number_of_nanoseconds_is_named(tmp_path: Path, code: int) -> None:
    original = section() + interface(said=resolution(code)) + enhanced(ticks=1_234_567)
    _, result = converted(tmp_path, original, "made.pcap")
    assert dropped(result) == ["1 x interface's resolution (its times are rounded down to nanoseconds)"]


@pytest.mark.parametrize("code", [0, 3, 6, 9, 0x80])
def test_any_other_resolution_is_kept_in_silence(tmp_path: Path, code: int) -> None:
    _, result = converted(tmp_path, section() + interface(said=resolution(code)) + enhanced(ticks=1), "made.pcap")
    assert result.dropped == ()


@pytest.mark.parametrize("length", [3, 32, 255])
def test_a_frame_check_sequence_length_that_pcap_cannot_say_is_named(tmp_path: Path, length: int) -> None:
    original = section() + interface(said=options((13, bytes([length])))) + enhanced()
    octets, result = converted(tmp_path, original, "made.pcap")
    assert octets[:24] == pcap_header(snaplen=MAX_CAPTURED_LENGTH)
    assert dropped(result) == [f"1 x interface's frame check sequence length of {length}"]


def test_frame_check_sequence_lengths_that_differ_are_named(tmp_path: Path) -> None:
    original = section() + interface(said=options((13, b"\4"))) + interface() + enhanced() + enhanced(number=1)
    octets, result = converted(tmp_path, original, "made.pcap")
    assert octets[20:24] == pack("<I", 1)
    assert "1 x interface's frame check sequence length of 4" in dropped(result)


@pytest.mark.parametrize("name", ["made.pcap", "made.pcapng"])
def test_the_modified_formats_extra_fields_are_named(tmp_path: Path, name: str) -> None:
    record = pcap_record(b"", captured=4) + bytes(8) + b"abcd"
    _, result = converted(tmp_path, pcap_header(magic=MODIFIED) + record * 2, name)
    assert dropped(result) == ["2 x record's interface index, protocol and packet type (modified pcap)"]


@pytest.mark.parametrize("order", ["<", ">"])
def test_what_old_writers_put_into_the_header_is_kept_or_named(tmp_path: Path, order: str) -> None:
    header = pcap_header(order)
    original = header[:8] + pack(order + "iI", -3600, 6) + header[16:] + pcap_record(b"abcd", order)
    octets, result = converted(tmp_path, original, "made.pcap")
    assert (octets, result.dropped) == (original, ())
    _, result = converted(tmp_path, original, "made.pcapng")
    assert dropped(result) == ["1 x time zone or accuracy in the file's header"]


def test_the_count_of_lost_packets_is_kept_or_named(tmp_path: Path) -> None:
    record = snoop_record(b"abcd")
    snoop = snoop_header() + record[:12] + pack(">I", 7) + record[16:]
    obsolete = section() + interface() + block(2, pack("<HHIIII", 0, 7, 0, 5, 4, 4) + b"abcd")
    for original in (snoop, obsolete):
        _, result = converted(tmp_path, original, "made.pcap")
        assert dropped(result)[0] == "1 x count of packets lost before one"
    _, result = converted(tmp_path, snoop, "made.pcapng")
    assert result.dropped == ()
    with read(tmp_path / "made.pcapng") as capture:
        assert [list(values(frame.options, "epb_dropcount")) for frame in capture] == [[7]]


def test_the_byte_order_is_kept(tmp_path: Path) -> None:
    for original in (pcap_header(">", linktype=0) + pcap_record(b"\0\0\0\2", ">"), snoop_header() + snoop_record()):
        octets, _ = converted(tmp_path, original, "made.pcapng")
        assert octets[8:12] == bytes.fromhex("1a2b3c4d")


def test_a_damaged_record_costs_no_other(tmp_path: Path) -> None:
    bad = pcap_record(b"bad", seconds=0xFFFFFFFF, fraction=1_000_000_000)
    original = pcap_header() + pcap_record(b"one") + bad + pcap_record(b"two")
    octets, result = converted(tmp_path, original, "made.pcap")
    assert octets == original.replace(bad, b"")
    assert (result.written, result.left_out, result.tally.read) == (2, 1, 3)
    assert dropped(result) == ["1 x packet of a time before 1970 or after 2106"]


@pytest.mark.parametrize("offset_s", [-5, 1 << 32, (1 << 63) - 1])
def test_a_time_that_pcap_cannot_hold_costs_no_other_packet(tmp_path: Path, offset_s: int) -> None:
    odd = interface(said=options((14, pack("<q", offset_s))))
    original = section() + odd + interface() + enhanced(b"lost") + enhanced(b"good", number=1) + simple(b"none", 4)
    _, result = converted(tmp_path, original, "made.pcap")
    with read(tmp_path / "made.pcap") as capture:
        assert [frame.octets for frame in capture] == [b"good", b"none"]
    assert (result.written, result.left_out, result.defects) == (2, 1, [])


def test_another_link_type_is_refused_also_of_a_packet_whose_time_pcap_cannot_hold(tmp_path: Path) -> None:
    odd = interface(linktype=113, said=options((14, pack("<q", -5))))
    with pytest.raises(FieldError, match="write pcapng"):
        converted(tmp_path, section() + interface() + odd + enhanced() + enhanced(number=1), "made.pcap")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]
