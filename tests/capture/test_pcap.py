"""pcap: every variant in both byte orders, from files put together by hand."""

from __future__ import annotations

import pytest

from rawkit.errors import CaptureError
from tests.capture.made import MICRO, MODIFIED, NANO, opened, pcap_header, pcap_record

ORDERS = pytest.mark.parametrize("order", ["<", ">"])


@ORDERS
@pytest.mark.parametrize(("magic", "time_ns"), [(MICRO, 1_000_002_000), (NANO, 1_000_000_002)])
def test_both_resolutions_in_both_byte_orders(order: str, magic: int, time_ns: int) -> None:
    capture = opened(pcap_header(order, magic, linktype=113), pcap_record(b"abcd", order, wire=9))
    (frame,) = capture
    assert (frame.number, frame.time_ns, frame.octets) == (1, time_ns, b"abcd")
    assert (frame.captured_length, frame.wire_length) == (4, 9)
    assert (frame.linktype, frame.linktype.name) == (113, "LINUX_SLL")
    assert (frame.direction, frame.comment, frame.options, frame.defects) == (None, None, (), ())
    assert frame.interface is capture.interfaces[0]
    assert frame.interface.byteorder == ("little" if order == "<" else "big")
    assert capture.format == "pcap"
    assert (capture.read, capture.good, capture.defects) == (1, 1, [])


@ORDERS
def test_modified_records_have_eight_octets_more(order: str) -> None:
    records = [pcap_record(b"", order, captured=4, wire=4) + bytes(8) + text for text in (b"abcd", b"efgh")]
    assert [frame.octets for frame in opened(pcap_header(order, MODIFIED), *records)] == [b"abcd", b"efgh"]


@ORDERS
@pytest.mark.parametrize("version", [(2, 0), (2, 1), (2, 2), (543, 0)])
def test_old_versions_have_the_lengths_exchanged(order: str, version: tuple[int, int]) -> None:
    record = pcap_record(b"abcd", order, captured=9, wire=4)
    (frame,) = opened(pcap_header(order, version=version), record)
    assert (frame.octets, frame.wire_length, frame.defects) == (b"abcd", 9, ())


def test_version_2_3_has_either_order_and_each_record_says_which() -> None:
    exchanged, right = pcap_record(b"abcd", captured=9, wire=4), pcap_record(b"efgh", captured=4, wire=9)
    frames = list(opened(pcap_header(version=(2, 3)), exchanged, right, exchanged))
    assert [(frame.octets, frame.wire_length) for frame in frames] == [(b"abcd", 9), (b"efgh", 9), (b"abcd", 9)]


@pytest.mark.parametrize("version", [(2, 5), (1, 2), (3, 0), (543, 1), (0, 0)])
def test_a_version_nobody_knows_is_refused_by_name(version: tuple[int, int]) -> None:
    with pytest.raises(CaptureError, match=rf"pcap version {version[0]}\.{version[1]} is unknown"):
        opened(pcap_header(version=version))


@pytest.mark.parametrize(
    ("word", "octets"), [(0x24000001, 4), (0x04000001, 0), (0xF4000001, 30), (0xF0000001, None), (0x00000001, None)]
)
def test_fcs_length_in_the_link_type_word_is_masked_and_told(word: int, octets: int | None) -> None:
    capture = opened(pcap_header(linktype=word), pcap_record())
    assert capture.interfaces[0].fcs_length == octets
    assert [frame.linktype for frame in capture] == [1]
    assert capture.defects == []


@pytest.mark.parametrize("bit", [*range(16, 26), 27])
def test_each_reserved_bit_of_the_link_type_word_is_masked_and_reported(bit: int) -> None:
    capture = opened(pcap_header(linktype=1 << bit | 1), pcap_record())
    assert [frame.linktype for frame in capture] == [1]
    assert [(wrong.layer, wrong.field, wrong.offset, wrong.found) for wrong in capture.defects] == [
        ("pcap", "linktype", 20, hex(1 << bit))
    ]


def test_an_unknown_link_type_stays_usable_and_is_never_taken_for_ethernet() -> None:
    (frame,) = opened(pcap_header(linktype=4321), pcap_record(bytes(60)))
    assert frame.linktype.name == "unknown link type 4321"
    assert frame.packet.layers == ()
    assert frame.packet.payload == bytes(60)


def test_records_across_the_seams_of_the_window_are_all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [bytes([number % 256]) * (number % 50) for number in range(400)]
    file = [pcap_header(), *(pcap_record(text, fraction=number) for number, text in enumerate(texts))]
    for chunk in (1, 7, 16, 64, 1000):
        monkeypatch.setattr("rawkit.capture.stream.CHUNK", chunk)
        capture = opened(*file)
        frames = list(capture)
        assert capture.defects == []
        assert [frame.octets for frame in frames] == texts
        assert [frame.number for frame in frames] == list(range(1, 401))
        assert [frame.time_ns for frame in frames] == [1_000_000_000 + number * 1000 for number in range(400)]
