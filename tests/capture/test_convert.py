"""Converting: lossless where the format allows, and what is dropped is named."""

from __future__ import annotations

import gzip
from pathlib import Path
from struct import pack

import pytest

from rawkit.capture import read
from rawkit.capture.convert import convert
from rawkit.capture.pcapng_blocks import MAX_BLOCK_LENGTH
from rawkit.errors import CaptureError, FieldError
from tests.capture.made import (
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

EVERYTHING = b"".join(
    (
        section(">", options((1, b"a file"), (4242, b"what"), order=">")),
        interface(">", 1, 96, options((2, b"eth0"), order=">")),
        block(0x777, b"unknown", ">"),
        block(0xBAD, pack(">I", 32473) + b"custom", ">"),
        enhanced(b"abcde", ">", wire=60, said=options((1, b"text"), (77, b"?"), order=">")),
        section("<", length=1000),
        interface("<", 1),
        block(9, b"__CURSOR=1\n"),
        simple(b"abcd", 4),
        block(0x40000BAD, pack("<I", 32473)),
        block(5, pack("<III", 0, 0, 9)),
    )
)


def made(folder: Path, octets: bytes) -> Path:
    path = folder / "source"
    path.write_bytes(octets)
    return path


def test_pcapng_to_pcapng_is_octet_for_octet(tmp_path: Path) -> None:
    target = tmp_path / "copy.pcapng"
    result = convert(made(tmp_path, EVERYTHING), target)
    assert target.read_bytes() == EVERYTHING
    assert (result.written, result.dropped, result.defects) == (2, (), [])


@pytest.mark.parametrize("kind", [6, 0x777])
@pytest.mark.parametrize("name", ["copy.pcapng", "copy.pcapng.gz"])
def test_a_block_too_long_to_be_held_is_copied_too(tmp_path: Path, kind: int, name: str) -> None:
    original = section() + interface() + block(kind, bytes(MAX_BLOCK_LENGTH + 4)) + enhanced()
    target = tmp_path / name
    result = convert(made(tmp_path, original), target)
    octets = target.read_bytes()
    assert (gzip.decompress(octets) if name.endswith("gz") else octets) == original
    assert (result.written, result.tally.skipped, result.defects) == (1, 1, [])


@pytest.mark.parametrize(("length", "trailer"), [(None, 99), (MAX_BLOCK_LENGTH + 400, None)])
def test_a_block_too_long_to_be_held_that_does_not_end_is_not_copied(
    tmp_path: Path, length: int | None, trailer: int | None
) -> None:
    wrong = block(0x777, bytes(MAX_BLOCK_LENGTH + 4), length=length, trailer=trailer)
    whole = section() + interface() + enhanced()
    target = tmp_path / "copy.pcapng"
    result = convert(made(tmp_path, whole + wrong), target)
    assert target.read_bytes() == whole
    assert (result.written, result.tally.damaged) == (1, 1)


def test_compressing_and_uncompressing_change_nothing(tmp_path: Path) -> None:
    packed, plain = tmp_path / "copy.pcapng.gz", tmp_path / "again.pcapng"
    convert(made(tmp_path, EVERYTHING), packed)
    assert gzip.decompress(packed.read_bytes()) == EVERYTHING
    convert(packed, plain)
    assert plain.read_bytes() == EVERYTHING


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("magic", [0xA1B2C3D4, NANO])
@pytest.mark.parametrize("snaplen", [96, 0, 1 << 20])
@pytest.mark.parametrize("empty", [False, True])
def test_pcap_to_pcap_is_octet_for_octet(tmp_path: Path, order: str, magic: int, snaplen: int, empty: bool) -> None:
    original = pcap_header(order, magic, snaplen=snaplen, linktype=0x24000001)
    original += b"" if empty else pcap_record(b"abcd", order, wire=60) + pcap_record(b"", order)
    target = tmp_path / "copy.pcap"
    convert(made(tmp_path, original), target)
    assert target.read_bytes() == original


def seen(path: Path) -> list[tuple[int | None, bytes, int, int]]:
    with read(path) as capture:
        return [(frame.time_ns, frame.octets, frame.wire_length, frame.linktype) for frame in capture]


@pytest.mark.parametrize(
    "original",
    [
        pcap_header(linktype=113) + pcap_record(b"abcd", wire=60),
        pcap_header(">", NANO, linktype=4321) + pcap_record(b"abcd", ">", fraction=123_456_789),
        pcap_header(version=(2, 1)) + pcap_record(b"abcd", captured=60, wire=4),
        snoop_header() + snoop_record(b"abcd", wire=60),
        pcap_header(),
    ],
)
@pytest.mark.parametrize("name", ["made.pcap", "made.pcapng"])
def test_other_formats_keep_time_octets_lengths_and_link_type(tmp_path: Path, original: bytes, name: str) -> None:
    source, target = made(tmp_path, original), tmp_path / name
    result = convert(source, target)
    assert seen(target) == seen(source)
    assert (result.format, result.written, result.dropped) == (target.suffix[1:], len(seen(source)), ())
    with read(source) as before, read(target) as after:
        list(after)
        assert after.interfaces[0].linktype == before.interfaces[0].linktype


@pytest.mark.parametrize("name", ["made.pcap", "made.pcapng"])
@pytest.mark.parametrize(
    "original",
    [
        pcap_header(snaplen=96, linktype=0x24000071),
        pcap_header(snaplen=96, linktype=0x24000071) + pcap_record(),
        section() + interface(linktype=113, snaplen=96, said=options((13, b"\x04"))),
        section() + interface(linktype=113, snaplen=96, said=options((13, b"\x04"))) + enhanced(),
    ],
    ids=["pcap, empty", "pcap", "pcapng, empty", "pcapng"],
)
def test_what_is_said_of_the_frames_is_kept_also_where_there_are_none(
    tmp_path: Path, original: bytes, name: str
) -> None:
    source, target = made(tmp_path, original), tmp_path / name
    assert convert(source, target).dropped == ()
    with read(target) as after:
        list(after)
        (only,) = after.interfaces
    assert (only.linktype, only.snaplen, only.fcs_length) == (113, 96, 4)


def test_what_pcap_cannot_hold_is_named_with_its_count(tmp_path: Path) -> None:
    target = tmp_path / "made.pcap"
    result = convert(made(tmp_path, EVERYTHING), target)
    assert [octets for _, octets, _, _ in seen(target)] == [b"abcde", b"abcd"]
    dropped = "\n".join(result.dropped)
    for what in (
        "1 x comment",
        "1 x packet option",
        "1 x missing time (written as 0)",
        "1 x file comment",
        "1 x section option",
        "1 x interface option",
        "1 x interface, all but the first,",
        "1 x unknown block 0x00000777 block",
        "1 x systemd journal export block",
        "1 x interface statistics block",
    ):
        assert what in dropped


def test_several_link_types_are_refused_for_pcap_and_leave_no_file(tmp_path: Path) -> None:
    original = section() + interface(linktype=1) + interface(linktype=113) + enhanced() + enhanced(number=1)
    source = made(tmp_path, original)
    with pytest.raises(FieldError, match="write pcapng"):
        convert(source, tmp_path / "made.pcap")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_of_a_damaged_source_all_before_the_damage_is_written(tmp_path: Path) -> None:
    start = EVERYTHING[: EVERYTHING.index(b"\x0a\x0d\x0d\x0a", 4)]
    source, target = made(tmp_path, start + pack("<II", 6, 13) + bytes(50)), tmp_path / "made.pcapng"
    result = convert(source, target)
    assert target.read_bytes() == start
    assert (result.written, result.tally.read, len(result.defects)) == (1, 4, 1)

    source.write_bytes(pcap_header() + pcap_record(b"good") + pcap_record(b"cut")[:-1])
    result = convert(source, target, force=True)
    assert [octets for _, octets, _, _ in seen(target)] == [b"good"]
    assert result.defects[0].why == "cut short at offset 62"


def test_what_is_no_capture_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(CaptureError):
        convert(made(tmp_path, b"nothing of the kind"), tmp_path / "made.pcap")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_the_name_or_to_says_the_format(tmp_path: Path) -> None:
    source = made(tmp_path, pcap_header())
    with pytest.raises(FieldError, match="--to"):
        convert(source, tmp_path / "made")
    with pytest.raises(FieldError, match="snoop"):
        convert(source, tmp_path / "made", to="snoop")
    assert convert(source, tmp_path / "made", to="pcapng").format == "pcapng"
    assert convert(source, tmp_path / "made.PCAPNG.GZ").format == "pcapng"
    assert convert(source, tmp_path / "made.cap").format == "pcap"
    assert convert(source, tmp_path / "made.ntar").format == "pcapng"
    assert (tmp_path / "made.cap").read_bytes() == pcap_header()


def test_a_file_can_be_converted_onto_itself(tmp_path: Path) -> None:
    path = tmp_path / "same.pcapng"
    path.write_bytes(EVERYTHING)
    with pytest.raises(FileExistsError):
        convert(path, path)
    convert(path, path, force=True)
    assert path.read_bytes() == EVERYTHING
