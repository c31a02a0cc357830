"""snoop, from files put together by hand by RFC 1761."""

from __future__ import annotations

import pytest

from rawkit.capture.pcapng_values import values
from rawkit.errors import CaptureError
from tests.capture.made import opened, snoop_header, snoop_record


def test_records_with_padding_and_cut_packets() -> None:
    capture = opened(snoop_header(), snoop_record(b"abc", pad=1), snoop_record(b"defg", wire=60))
    assert [(frame.octets, frame.wire_length, frame.time_ns) for frame in capture] == [
        (b"abc", 3, 1_000_002_000),
        (b"defg", 60, 1_000_002_000),
    ]
    assert (capture.format, capture.interfaces[0].linktype, capture.read, capture.good) == ("snoop", 1, 2, 2)


def test_lost_packets_are_counted_from_packet_to_packet() -> None:
    """RFC 1761: "cumulative drops" since the file's beginning, in 32 bits."""
    records = [bytearray(snoop_record()) for _ in range(5)]
    for record, lost in zip(records, (0, 7, 7, 0xFFFFFFFF, 2), strict=True):
        record[12:16] = lost.to_bytes(4, "big")
    found = [list(values(frame.options, "epb_dropcount")) for frame in opened(snoop_header(), *map(bytes, records))]
    assert found == [[], [7], [], [0xFFFFFFF8], [3]]


@pytest.mark.parametrize(
    ("datalink", "number", "name"),
    [
        (0, 1, "ETHERNET"),
        (2, 6, "IEEE802_5"),
        (4, 1, "ETHERNET"),
        (8, 10, "FDDI"),
        (1, 0x10001, "snoop link type 1"),
        (5, 0x10005, "snoop link type 5"),
    ],
)
def test_data_link_types(datalink: int, number: int, name: str) -> None:
    """Those of RFC 1761 that have no number in the registry stay beyond its 16 bits."""
    (frame,) = opened(snoop_header(datalink=datalink), snoop_record())
    assert (frame.linktype, frame.linktype.name) == (number, name)


@pytest.mark.parametrize(("fraction", "wrong"), [(999_999, []), (1_000_000, ["fraction"])])
def test_a_fraction_of_a_whole_second_is_flagged_and_kept_as_it_is(fraction: int, wrong: list[str]) -> None:
    (frame,) = opened(snoop_header(), snoop_record(fraction=fraction))
    assert (frame.time_ns, [defect.field for defect in frame.defects]) == (10**9 + fraction * 1000, wrong)


def test_a_version_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(CaptureError, match="snoop version 3 is unknown"):
        opened(snoop_header(version=3))


def test_a_record_too_short_for_its_packet_ends_the_file_there() -> None:
    capture = opened(snoop_header(), snoop_record(b"abcd"), snoop_record(b"abcd", captured=9, wire=9), snoop_record())
    assert [frame.octets for frame in capture] == [b"abcd"]
    assert [(defect.field, defect.offset) for defect in capture.defects] == [("record_length", 16 + 28 + 8)]
    assert (capture.read, capture.good, capture.damaged) == (2, 1, 1)


def test_cut_at_every_octet() -> None:
    records = [snoop_record(b"abcd", pad=4), snoop_record(b"efgh")]
    whole = b"".join([snoop_header(), *records])
    for end in range(16, len(whole)):
        capture = opened(whole[:end])
        count = len(list(capture))
        assert count == (end >= 16 + len(records[0]))
        at_a_seam = end in (16, 16 + len(records[0]))
        assert [defect.why for defect in capture.defects] == ([] if at_a_seam else [f"cut short at offset {end}"])
