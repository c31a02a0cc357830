"""gzip and zstd: streamed, bounded, and a fault costs what comes after it only."""

from __future__ import annotations

import gzip
import importlib.util
import random
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from io import BytesIO
from itertools import accumulate
from pathlib import Path

import pytest

from rawkit.capture import read, zstd
from rawkit.capture.compression import FIRST_PIECE, MAX_RATIO, METHODS, RATIO_GRACE, Unpacker
from rawkit.capture.stream import Stream
from rawkit.capture.tally import Tally
from rawkit.errors import CaptureError, RawkitError
from tests.capture.made import (
    enhanced,
    interface,
    opened,
    pcap_header,
    pcap_record,
    section,
    snoop_header,
    snoop_record,
)

TEXTS = [bytes([number]) * 60 for number in range(100)]
RECORDS = [pcap_record(text) for text in TEXTS]
PLAIN = pcap_header() + b"".join(RECORDS)
BOMB_RECORD = pcap_record(bytes(65_000))

needs_zstd = pytest.mark.skipif(importlib.util.find_spec("zstandard") is None, reason="zstandard is not installed")


def test_gzip_of_each_format() -> None:
    assert [frame.octets for frame in opened(gzip.compress(PLAIN))] == TEXTS
    assert [f.octets for f in opened(gzip.compress(section() + interface() + enhanced(b"abcd")))] == [b"abcd"]
    capture = opened(gzip.compress(snoop_header() + snoop_record(b"abcd")))
    assert [frame.octets for frame in capture] == [b"abcd"]
    assert (capture.format, capture.compression) == ("snoop", "gzip")


def test_members_one_after_the_other_are_one_file() -> None:
    parts = [gzip.compress(PLAIN[:30]), gzip.compress(PLAIN[30:1000]), gzip.compress(b""), gzip.compress(PLAIN[1000:])]
    capture = opened(*parts)
    assert [frame.octets for frame in capture] == TEXTS
    assert capture.defects == []


def test_a_member_comes_after_one_that_expanded_to_more_than_is_asked_for_at_a_time() -> None:
    capture = opened(gzip.compress(pcap_header() + RECORDS[0] * 2_000), gzip.compress(RECORDS[1]))
    assert [frame.octets for frame in capture] == [TEXTS[0]] * 2_000 + [TEXTS[1]]
    assert capture.defects == []


def test_cut_at_any_octet_gives_the_packets_so_far_and_says_so() -> None:
    packed = gzip.compress(PLAIN, mtime=0)
    counts = []
    for end in range(60, len(packed)):
        try:
            capture = opened(packed[:end])
        except CaptureError:  # not even the header came through
            assert end < 100
            continue
        found = [frame.octets for frame in capture]
        counts.append(len(found))
        assert found == TEXTS[: len(found)]
        assert capture.defects[0].why == f"cut short at offset {end}"
        assert capture.defects[0].layer == "gzip"
    assert counts == sorted(counts)
    assert counts[-8:] == [len(TEXTS)] * 8  # only the checksum and the length at the end are missing


def test_a_wrong_checksum_is_told_after_the_packets() -> None:
    packed = bytearray(gzip.compress(PLAIN))
    packed[-5] ^= 1
    capture = opened(bytes(packed))
    assert [frame.octets for frame in capture] == TEXTS
    assert [(defect.layer, defect.why) for defect in capture.defects] == [("gzip", "damaged")]


def test_damage_within_costs_only_what_comes_after_it() -> None:
    first, second = gzip.compress(PLAIN[:3000]), bytearray(gzip.compress(PLAIN[3000:]))
    second[10] = 0b111  # after the member's 10-octet header: a block of the reserved type
    capture = opened(first, bytes(second))
    assert [frame.octets for frame in capture] == TEXTS[: (3000 - 24) // 76]
    assert [defect.layer for defect in capture.defects] == ["gzip", "pcap record"]
    assert capture.defects[1].why == "not unpacked beyond offset 3000"


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_whole_gzip_of_a_cut_capture_is_cut_short(pack: Callable[[bytes], bytes]) -> None:
    capture = opened(pack(PLAIN[:-1]))
    assert len(list(capture)) == len(TEXTS) - 1
    assert [defect.why for defect in capture.defects] == [f"cut short at offset {len(PLAIN) - 1}"]


def test_trailing_junk_is_told_after_the_packets() -> None:
    capture = opened(gzip.compress(PLAIN), b"junk that is no gzip")
    assert [frame.octets for frame in capture] == TEXTS
    assert [defect.why for defect in capture.defects] == ["trailing junk"]


def test_gzip_in_gzip_is_refused_with_what_to_do() -> None:
    with pytest.raises(CaptureError, match="gzip inside gzip: unpack it once"):
        opened(gzip.compress(gzip.compress(PLAIN)))


def bomb() -> bytes:
    """Well past the grace, at nearly gzip's best ratio."""
    packer = zlib.compressobj(9, wbits=31)
    pieces = [packer.compress(pcap_header())]
    pieces += [packer.compress(BOMB_RECORD) for _ in range(RATIO_GRACE // len(BOMB_RECORD) * 3)]
    return b"".join([*pieces, packer.flush()])


def test_a_bomb_is_stopped_within_bounded_memory_and_may_be_let_through() -> None:
    packed = bomb()
    total = RATIO_GRACE // len(BOMB_RECORD) * 3
    assert total * len(BOMB_RECORD) > MAX_RATIO * len(packed)
    tracemalloc.start()
    capture = opened(packed)
    count = sum(1 for _ in capture)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 0 < count < total
    stop, rest = capture.defects
    assert "max_ratio=None" in stop.why
    assert rest.why.startswith("not unpacked beyond offset ")  # and not "cut short", which the file is not
    assert capture.read == count + 1
    assert peak < 16 << 20
    assert sum(1 for _ in read(BytesIO(packed), max_ratio=None)) == total


def test_a_small_repetitive_file_is_no_bomb() -> None:
    packed = gzip.compress(pcap_header() + BOMB_RECORD * 100)
    assert sum(1 for _ in opened(packed)) == 100


def grown_in_pieces(packed: bytes, size: int, tmp_path: Path) -> list[tuple[bytes, int]]:
    """Follow a file that grows by so many octets at a time: each frame's octets, and the file's length when it came."""
    path = tmp_path / "growing"
    path.write_bytes(b"")
    pieces = iter([packed[at : at + size] for at in range(0, len(packed), size)])

    def wait() -> bool:
        piece = next(pieces, None)
        with path.open("ab") as file:
            file.write(piece or b"")
        return piece is not None

    with read(path, follow=True, wait=wait) as capture:
        found = [(frame.octets, path.stat().st_size) for frame in capture]
    assert capture.defects == []
    return found


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_gzip_file_is_followed_while_it_grows(tmp_path: Path, size: int) -> None:
    """Each frame comes when its writer's flush does, with the next member too, and stopping is no damage."""
    first = zlib.compressobj(wbits=31)
    parts = [first.compress(pcap_header() + RECORDS[0]) + first.flush(zlib.Z_SYNC_FLUSH)]
    parts += [first.compress(RECORDS[1] * 2_000) + first.flush(), gzip.compress(RECORDS[2])]
    unfinished = zlib.compressobj(wbits=31)
    parts += [unfinished.compress(RECORDS[3]) + unfinished.flush(zlib.Z_SYNC_FLUSH), b"\0"]
    found = grown_in_pieces(b"".join(parts), size, tmp_path)
    assert [octets for octets, _ in found] == [TEXTS[0], *[TEXTS[1]] * 2_000, TEXTS[2], TEXTS[3]]
    if size == 1:
        lengths = list(accumulate(map(len, parts)))
        for number, length in zip((0, 2_000, 2_001, 2_002), lengths, strict=False):
            assert length - 10 < found[number][1] <= length


def test_a_followed_gzip_file_that_ends_within_a_members_start_is_not_damaged(tmp_path: Path) -> None:
    packed = gzip.compress(PLAIN)
    assert len(grown_in_pieces(packed + packed[:1], 10, tmp_path)) == len(TEXTS)


@needs_zstd
def test_a_zstd_file_is_followed_while_it_grows(tmp_path: Path) -> None:
    import zstandard

    packer = zstandard.ZstdCompressor().compressobj()
    first = packer.compress(pcap_header() + RECORDS[0]) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    rest = packer.compress(RECORDS[1]) + packer.flush() + zstandard.ZstdCompressor().compress(RECORDS[2])
    found = grown_in_pieces(first + rest, 1, tmp_path)
    assert [octets for octets, _ in found] == TEXTS[:3]
    assert found[0][1] == len(first)


@pytest.mark.parametrize("end", [2, 3, 4, 9, 10, 25, 40])
def test_what_cannot_be_unpacked_from_the_beginning_on_says_so(end: int) -> None:
    packed = gzip.compress(PLAIN, mtime=0)
    with pytest.raises(CaptureError, match=f"offset {end}: gzip: cut short at offset {end}"):
        opened(packed[:end])
    damaged = packed[:10] + b"\7" + packed[11:]  # a block of the reserved type
    with pytest.raises(CaptureError, match=r"gzip: damaged .*invalid block type"):
        opened(damaged)


@needs_zstd
def test_a_zstd_file_that_needs_too_much_memory_says_so() -> None:
    import zstandard

    parameters = zstandard.ZstdCompressionParameters(window_log=31)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    packed = packer.compress(PLAIN) + packer.flush()
    with pytest.raises(CaptureError, match=r"zstd: damaged .*too much memory"):
        opened(packed)
    with pytest.raises(CaptureError, match="zstd: cut short at offset 5"):
        opened(packed[:5])


def test_zstd_without_its_library_says_how_this_python_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    monkeypatch.setattr(sys, "executable", "/x y/python")
    with pytest.raises(RawkitError, match="'/x y/python' -m pip install zstandard"):
        opened(b"\x28\xb5\x2f\xfd" + bytes(20))


@needs_zstd
def test_zstd_frames_and_a_cut_and_a_bomb() -> None:
    import zstandard

    packer = zstandard.ZstdCompressor(write_checksum=True)
    packed = packer.compress(PLAIN[:1000]) + packer.compress(PLAIN[1000:])
    capture = opened(packed)
    assert [frame.octets for frame in capture] == TEXTS
    assert (capture.compression, capture.defects) == ("zstd", [])
    cut = opened(packed[:-3])
    assert [frame.octets for frame in cut] == TEXTS  # only a part of the last frame's checksum is missing
    assert cut.defects[0].layer == "zstd"
    total = RATIO_GRACE // len(BOMB_RECORD) * 3
    bombed = opened(packer.compress(pcap_header() + BOMB_RECORD * total))
    assert sum(1 for _ in bombed) < total
    assert "expands too far" in bombed.defects[0].why


@needs_zstd
def test_the_library_for_zstd_is_given_little_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """It unpacks all that it is given, of which 1 KiB may become 32 MiB."""
    import zstandard

    given: list[int] = []
    decompress = zstd.Member.decompress

    def counted(member: zstd.Member, octets: bytes, count: int) -> bytes:
        given.append(len(octets))
        return decompress(member, octets, count)

    monkeypatch.setattr(zstd.Member, "decompress", counted)
    noise = random.Random(1).randbytes(60_000)
    (frame,) = opened(zstandard.ZstdCompressor().compress(pcap_header() + pcap_record(noise)))
    assert frame.octets == noise
    assert max(given) == 1024


def test_very_many_tiny_members_take_linear_time() -> None:
    """Counted and not timed: what is handed to zlib is about what there is, and not a whole chunk for each member."""
    empty = gzip.compress(b"", mtime=0)
    given = 0

    class Counting:
        def __init__(self) -> None:
            self._member = zlib.decompressobj(wbits=31)

        def __getattr__(self, name: str) -> object:
            return getattr(self._member, name)

        def decompress(self, octets: bytes, count: int) -> bytes:
            nonlocal given
            given += len(octets)
            return self._member.decompress(octets, count)

    method = METHODS[0]._replace(member=Counting, copies=False)
    packed = empty * 2_000 + gzip.compress(PLAIN)
    unpacker = Unpacker(method, Stream(BytesIO(packed).read), Tally(), None)
    assert b"".join(iter(lambda: unpacker.read(1 << 20), b"")) == PLAIN
    assert given < 2_001 * (FIRST_PIECE + 1) + 3 * len(packed)
