"""Bad input in files: nothing is raised but CaptureError on opening, and all before the damage is delivered."""

from __future__ import annotations

import tracemalloc
from struct import pack

import pytest

from rawkit.capture import Capture
from rawkit.capture.lengths import MAX_CAPTURED_LENGTH
from rawkit.capture.pcapng_blocks import MAX_BLOCK_LENGTH
from rawkit.capture.pcapng_notes import MAX_KEPT_NOTES, MAX_NOTED_OCTETS, MAX_UNKNOWN_KINDS, OPTION_OCTETS
from rawkit.capture.pcapng_options import MAX_OPTIONS
from rawkit.capture.tally import MAX_KEPT_DEFECTS
from rawkit.errors import CaptureError, Defect
from tests.capture.made import (
    MICRO,
    MODIFIED,
    NANO,
    adds_up,
    block,
    enhanced,
    interface,
    opened,
    options,
    pcap_header,
    pcap_record,
    section,
    simple,
    snoop_header,
    snoop_record,
)

START = section() + interface()


def frames_of(capture: Capture) -> list[bytes]:
    found = [frame.octets for frame in capture]
    assert adds_up(capture)
    return found


def whys(capture: Capture) -> list[str]:
    return [defect.why for defect in capture.defects]


# --- the start of a file --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (b"", "the file is empty"),
        (b"GIF89a...", "starts with 47494638: not a pcap, pcapng or snoop file"),
        (b"\xa1", "starts with a1"),
        (pcap_header()[:23], "the pcap header is cut short: 23 of 24 octets"),
        (pcap_header()[:4], "the pcap header is cut short: 4 of 24 octets"),
        (b"snoop\0\0\0\0\0\0\2", "the snoop header is cut short: 12 of 16 octets"),
        (section()[:20], "the section header is cut short: 20 of 28 octets"),
        (section(version=(2, 0)), "pcapng version 2.0 is unknown"),
        (section(said=options((1, b"text")))[:35], "the section header is cut short: 35 of 40 octets"),
        (section()[:-4] + b"\x20\0\0\0", "the section header's length is 28 before it, 32 after it"),
        (block(0x0A0D0D0A, section()[8:-4], length=29), "the section header's length is 29, not a multiple of 4"),
        (block(0x0A0D0D0A, section()[8:-4], length=24), "the section header's length is 24, not"),
        (block(0x0A0D0D0A, section()[8:-4], length=0xFFFFFFFC), "the section header's length is 4294967292, not"),
        (block(0x0A0D0D0A, b"\1\2\3\4" + bytes(12)), "byte-order magic is 01020304"),
        (bytes.fromhex("a1b234cd") + bytes(20), "starts with a1b234cd"),
        (b"snoop\0\0\1" + snoop_header()[8:], "starts with 736e6f6f"),
    ],
)
def test_what_is_no_capture_is_refused_on_opening(octets: bytes, why: str) -> None:
    with pytest.raises(CaptureError) as caught:
        opened(octets)
    assert why in str(caught.value)


@pytest.mark.parametrize("octets", [pcap_header(), pcap_header(">", NANO), START, section()])
def test_a_header_alone_is_an_empty_capture(octets: bytes) -> None:
    capture = opened(octets)
    assert (frames_of(capture), capture.defects, capture.read) == ([], [], 0)


# --- pcap records ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("magic", [NANO, MODIFIED])
def test_cut_at_every_octet_never_gives_a_padded_packet(magic: int) -> None:
    more = bytes(8) if magic == MODIFIED else b""
    records = [pcap_record(b"", captured=4, wire=4) + more + text for text in (b"abcd", b"efgh")]
    whole = pcap_header(magic=magic) + b"".join(records)
    seam = 24 + len(records[0])
    for end in range(24, len(whole)):
        capture = opened(whole[:end])
        assert frames_of(capture) == ([b"abcd"] if end >= seam else [])
        assert whys(capture) == ([] if end in (24, seam) else [f"cut short at offset {end}"])


@pytest.mark.parametrize("captured", [0xFFFFFFFF, 0x80000000, MAX_CAPTURED_LENGTH + 1])
def test_a_captured_length_that_cannot_be_ends_the_file_there_without_allocating_it(captured: int) -> None:
    file = [pcap_header(), pcap_record(b"good"), pcap_record(b"bad", captured=captured), bytes(300_000)]
    tracemalloc.start()
    capture = opened(*file)
    found = frames_of(capture)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [b"good"]
    assert (capture.read, capture.good, capture.damaged) == (2, 1, 1)
    assert [(defect.field, defect.found, defect.offset) for defect in capture.defects] == [
        ("captured_length", captured, 24 + 20 + 8)
    ]
    assert peak < 4 << 20


def test_more_than_the_snaplen_is_delivered_and_flagged() -> None:
    capture = opened(pcap_header(snaplen=3), pcap_record(b"abcd"), pcap_record(b"abc"))
    first, second = capture
    assert (first.octets, second.octets, second.defects) == (b"abcd", b"abc", ())
    assert [defect.why for defect in first.defects] == ["more octets captured than the file's snaplen"]
    assert (capture.good, capture.damaged, capture.defects) == (1, 1, list(first.defects))


@pytest.mark.parametrize("captured", [4, MAX_CAPTURED_LENGTH])
def test_exactly_as_much_as_there_may_be_is_no_defect(captured: int) -> None:
    """Of the frame, of the snaplen, of what is kept; where each record is looked at twice, too."""
    octets = bytes(captured)
    for file in (
        pcap_header(snaplen=captured) + pcap_record(octets),
        pcap_header(version=(2, 3), snaplen=captured) + pcap_record(octets),
        section() + interface(snaplen=captured) + enhanced(octets),
        section() + interface(snaplen=captured) + enhanced(octets, said=options((1, b"text"))),
        snoop_header() + snoop_record(octets),
    ):
        (frame,) = opened(file)
        assert (frame.captured_length, frame.defects) == (captured, ())


@pytest.mark.parametrize(
    ("start", "record", "size"),
    [
        (pcap_header(snaplen=1 << 18), pcap_record(bytes(60_000)), 16),
        (START, enhanced(bytes(60_000)), 12),
        (snoop_header(), snoop_record(bytes(60_000)), 24),
    ],
    ids=["pcap", "pcapng", "snoop"],
)
def test_an_offset_counts_from_the_beginning_of_the_file_however_far_that_is(
    start: bytes, record: bytes, size: int
) -> None:
    """Many times the 128 KB that are read at a time."""
    file = start + record * 20 + record[: size - 1]
    capture = opened(file)
    assert len(frames_of(capture)) == 20
    assert [(wrong.offset, wrong.why) for wrong in capture.defects] == [
        (len(start + record * 20), f"cut short at offset {len(file)}")
    ]


def test_more_than_the_frame_had_is_delivered_and_flagged() -> None:
    capture = opened(pcap_header(), pcap_record(b"abcd", wire=2), pcap_record(b"ok"))
    first, _ = capture
    assert (first.octets, first.wire_length) == (b"abcd", 2)
    assert first.packet.octets == b"abcd"
    assert whys(capture) == ["more octets captured than the frame had"]


def test_a_captured_length_of_nothing_is_a_frame_of_nothing() -> None:
    (frame,) = opened(pcap_header(), pcap_record(b"", wire=60))
    assert (frame.octets, frame.captured_length, frame.wire_length, frame.defects) == (b"", 0, 60, ())
    assert frame.packet.octets == b""


def test_a_frame_beyond_the_bound_that_the_snaplen_allows_is_cut_to_the_bound() -> None:
    huge = bytes(MAX_CAPTURED_LENGTH + 9)
    capture = opened(pcap_header(snaplen=1 << 24), pcap_record(huge), pcap_record(b"next"))
    first, second = capture
    assert (len(first.octets), first.wire_length, second.octets) == (MAX_CAPTURED_LENGTH, len(huge), b"next")
    assert whys(capture) == ["only the first octets were kept"]
    cut = opened(pcap_header(snaplen=1 << 24), pcap_record(huge)[:-1])
    assert frames_of(cut) == []
    assert whys(cut)[0].startswith("cut short at offset")


@pytest.mark.parametrize(
    ("magic", "fraction", "time_ns", "wrong"),
    [
        (MICRO, 999_999, 2_999_999_000, []),
        (MICRO, 1_000_000, 3_000_000_000, ["fraction"]),
        (MICRO, 1_000_001, 3_000_001_000, ["fraction"]),
        (NANO, 999_999_999, 2_999_999_999, []),
        (NANO, 1_000_000_000, 3_000_000_000, ["fraction"]),
        (NANO, 1_000_000_001, 3_000_000_001, ["fraction"]),
    ],
)
def test_a_fraction_of_a_whole_second_or_more_is_flagged_and_kept_as_it_is(
    magic: int, fraction: int, time_ns: int, wrong: list[str]
) -> None:
    (frame,) = opened(pcap_header(magic=magic), pcap_record(seconds=2, fraction=fraction))
    assert (frame.time_ns, [defect.field for defect in frame.defects]) == (time_ns, wrong)


def test_times_past_2038_and_backwards_are_shown_as_they_are() -> None:
    records = [pcap_record(seconds=seconds) for seconds in (2**32 - 1, 2**31, 5, 0)]
    capture = opened(pcap_header(), *records)
    assert [(frame.time_ns or 0) // 10**9 for frame in capture] == [2**32 - 1, 2**31, 5, 0]
    assert capture.defects == []


def test_strict_raises_the_same_defect_after_the_packets_before_it() -> None:
    from io import BytesIO

    from rawkit.capture import read

    file = pcap_header() + pcap_record(b"good") + pcap_record(b"cut")[:-1]
    lenient = opened(file)
    assert frames_of(lenient) == [b"good"]
    delivered: list[bytes] = []

    def go_through() -> None:
        for frame in read(BytesIO(file), strict=True):
            delivered.append(frame.octets)

    with pytest.raises(Defect) as caught:
        go_through()
    assert (delivered, caught.value) == ([b"good"], lenient.defects[0])


def test_defects_kept_are_bounded_and_the_counts_stay_exact() -> None:
    count = MAX_KEPT_DEFECTS + 10
    capture = opened(pcap_header(), *[pcap_record(b"abcd", wire=2)] * count)
    assert len(frames_of(capture)) == count
    assert (len(capture.defects), capture.tally.defect_count, capture.damaged) == (MAX_KEPT_DEFECTS, count, count)


LIE = pcap_record(b"abcd", wire=2)


@pytest.mark.parametrize(
    ("many", "end", "why"),
    [
        ([pcap_header(), LIE], pcap_record(bytes(60))[:-1], "cut short at offset"),
        ([pcap_header(), LIE], pcap_record(captured=1 << 31), "cannot be followed further"),
        ([snoop_header(), snoop_record(wire=2)], snoop_record(captured=99), "cannot be followed further"),
        ([START, enhanced(wire=2)], enhanced()[:-1], "cut short at offset"),
        ([START, enhanced(wire=2)], block(6, trailer=99), "cannot be followed further"),
        ([START, enhanced(wire=2)], block(6, length=13), "cannot be followed further"),
        ([START, enhanced(wire=2)], section().replace(pack("<I", 0x1A2B3C4D), bytes(4)), "byte-order magic is none"),
    ],
)
def test_what_ended_a_file_is_kept_however_many_defects_came_before(many: list[bytes], end: bytes, why: str) -> None:
    header, lie = many
    capture = opened(header, *[lie] * (MAX_KEPT_DEFECTS + 10), end)
    assert len(frames_of(capture)) == MAX_KEPT_DEFECTS + 10
    assert why in capture.defects[-1].why
    assert capture.tally.endings == capture.defects[-1:]
    assert len(capture.defects) == MAX_KEPT_DEFECTS + 1
    assert capture.tally.defect_count == MAX_KEPT_DEFECTS + 11


def test_an_ending_among_the_first_defects_is_kept_once() -> None:
    capture = opened(pcap_header(), LIE, pcap_record(bytes(60))[:-1])
    assert len(frames_of(capture)) == 1
    assert capture.tally.defect_count == len(capture.defects) == 2
    assert capture.tally.endings == capture.defects[1:]


# --- pcapng blocks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 8, 11, 13, 0xFFFFFFFF])
def test_a_block_length_that_cannot_be_ends_the_file_there(length: int) -> None:
    capture = opened(START, enhanced(b"good"), pack("<II", 6, length), bytes(64))
    assert frames_of(capture) == [b"good"]
    offset = len(START + enhanced(b"good")) + 4
    assert [(defect.layer, defect.field, defect.offset) for defect in capture.defects] == [("block", "length", offset)]
    assert (capture.read, capture.good, capture.damaged) == (2, 1, 1)


def test_a_block_longer_than_the_file_is_cut_short_without_allocating_it() -> None:
    file = START + enhanced(b"good") + pack("<II", 6, 0xFFFFFFFC) + bytes(100)
    capture = opened(file)
    assert frames_of(capture) == [b"good"]
    assert whys(capture) == [f"cut short at offset {len(file)}"]


def test_cut_at_every_octet_of_a_pcapng_file() -> None:
    parts = [START, enhanced(b"abcd", said=options((1, b"text"))), enhanced(b"efgh")]
    whole = b"".join(parts)
    seams = [len(section()), len(START), len(START + parts[1])]
    for end in range(28, len(whole)):
        capture = opened(whole[:end])
        assert frames_of(capture) == ([b"abcd"] if end >= seams[2] else [])
        assert whys(capture) == ([] if end in seams else [f"cut short at offset {end}"])


def test_a_trailing_length_that_differs_ends_the_file_there() -> None:
    wrong = block(6, enhanced(b"lost")[8:-4], trailer=99)
    capture = opened(START, enhanced(b"good"), wrong, enhanced(b"more"))
    assert frames_of(capture) == [b"good"]
    offset = len(START + enhanced(b"good") + wrong) - 4
    assert [(defect.offset, defect.found) for defect in capture.defects] == [(offset, 99)]


@pytest.mark.parametrize("packet", [enhanced(), simple(b"abc", 3), block(2, pack("<HHIIII", 0, 0, 0, 0, 0, 0))])
def test_a_packet_before_any_interface_is_lost_and_the_next_ones_come(packet: bytes) -> None:
    capture = opened(section(), packet, interface(), enhanced(b"good"))
    assert frames_of(capture) == [b"good"]
    assert [(defect.field, defect.expected) for defect in capture.defects] == [
        ("interface", "an interface block first")
    ]
    assert (capture.read, capture.good, capture.damaged) == (2, 1, 1)


def test_interface_7_of_1_is_lost_and_the_next_ones_come() -> None:
    capture = opened(START, enhanced(number=7), enhanced(b"good"))
    assert frames_of(capture) == [b"good"]
    assert [(defect.found, defect.expected) for defect in capture.defects] == [(7, "below 1")]


def test_an_interface_of_the_section_before_is_not_taken() -> None:
    capture = opened(START, section(), enhanced(b"lost"))
    assert frames_of(capture) == []
    assert capture.damaged == 1


def test_a_packet_longer_than_its_block_is_lost_and_the_next_ones_come() -> None:
    capture = opened(START, enhanced(b"abcd", captured=5000), enhanced(b"abcd", captured=0xFFFFFFFF), enhanced(b"good"))
    assert frames_of(capture) == [b"good"]
    assert whys(capture) == ["more octets than the block holds"] * 2
    assert (capture.read, capture.good, capture.damaged) == (3, 1, 2)


@pytest.mark.parametrize("kind", [1, 2, 3, 5, 6, 10])
def test_a_block_too_short_for_its_own_fields_is_lost_and_the_next_ones_come(kind: int) -> None:
    capture = opened(START, block(kind), enhanced(b"good"))
    assert frames_of(capture) == [b"good"]
    assert whys(capture) == ["the block is too short for its own fields"]


def test_flagged_as_in_pcap() -> None:
    capture = opened(section(), interface(snaplen=3), enhanced(b"abcd", wire=2))
    (frame,) = capture
    assert frame.octets == b"abcd"
    assert [defect.why for defect in frame.defects] == [
        "more octets captured than the frame had",
        "more octets captured than the interface's snaplen",
    ]
    (huge,) = opened(START, enhanced(bytes(MAX_CAPTURED_LENGTH + 4)))
    assert len(huge.octets) == MAX_CAPTURED_LENGTH


@pytest.mark.parametrize("kind", [6, 0x777])
def test_a_block_beyond_the_bound_is_passed_over_and_counted(kind: int) -> None:
    long = block(kind, bytes(MAX_BLOCK_LENGTH))
    capture = opened(START, long, enhanced(b"good"))
    assert frames_of(capture) == [b"good"]
    assert (capture.read, capture.skipped, whys(capture)) == (2, 1, ["too long; passed over"])
    cut = opened(START, long[:-2])
    assert (frames_of(cut), cut.damaged) == ([], 1)
    wrong = opened(START, block(kind, bytes(MAX_BLOCK_LENGTH), trailer=3), enhanced(b"lost"))
    assert (frames_of(wrong), wrong.damaged) == ([], 1)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (pack("<HH", 1, 500) + b"text", "the option runs past the end of its block"),
        (options((1, b"\xff\xfe\0")), "option opt_comment is kept as octets"),
        (options((2, b"abc")), "option epb_flags is kept as octets"),
        (options((3, b"")), "option epb_hash is kept as octets"),
        (options((2988, b"ab")), "option opt_custom_text is kept as octets"),
    ],
)
def test_an_option_that_cannot_be_costs_a_defect_and_not_the_packet(said: bytes, why: str) -> None:
    capture = opened(START, enhanced(b"abcd", said=said), enhanced(b"next"))
    first, second = capture
    assert (first.octets, second.octets) == (b"abcd", b"next")
    assert [defect.why for defect in first.defects] == [why]
    assert (capture.good, capture.damaged) == (1, 1)


def test_unknown_options_are_kept_as_octets() -> None:
    (frame,) = opened(START, enhanced(said=options((4242, b"what"), (1, b"text"))))
    assert [(entry.code, entry.value) for entry in frame.options] == [(4242, b"what"), (1, "text")]
    assert frame.defects == ()


def test_a_name_record_longer_than_its_block() -> None:
    capture = opened(START, block(4, pack("<HH", 1, 400) + bytes(8)), enhanced(b"good"))
    assert frames_of(capture) == [b"good"]
    assert whys(capture) == ["the record is too long"]


@pytest.mark.parametrize("said", [b"\1\2\3\4", b"\x3c\x4d\x1a\x2b"])
def test_a_second_section_of_no_known_byte_order_ends_the_file_there(said: bytes) -> None:
    capture = opened(START, enhanced(b"good"), block(0x0A0D0D0A, said + bytes(12)), enhanced(b"lost"))
    assert frames_of(capture) == [b"good"]
    assert whys(capture) == ["the section's byte-order magic is none"]


def test_a_second_section_of_a_version_nobody_knows() -> None:
    capture = opened(START, enhanced(b"good"), section(version=(9, 0)), enhanced(b"lost"))
    assert frames_of(capture) == [b"good"]
    assert whys(capture)[0] == "a version nobody knows"


# --- what is kept beside the packets is bounded ---------------------------------------------------------------------


def test_the_bounds_are_those_that_are_told() -> None:
    assert MAX_CAPTURED_LENGTH == 262_144  # libpcap's MAXIMUM_SNAPLEN, Wireshark's WTAP_MAX_PACKET_SIZE_STANDARD
    assert MAX_BLOCK_LENGTH == 16_777_216  # Wireshark's MAX_BLOCK_SIZE
    assert (MAX_KEPT_NOTES, MAX_NOTED_OCTETS, MAX_UNKNOWN_KINDS) == (65_536, 67_108_864, 100)
    assert (MAX_OPTIONS, MAX_KEPT_DEFECTS) == (1_000, 1_000)


@pytest.mark.parametrize(
    ("length", "said"), [(MAX_BLOCK_LENGTH, []), (MAX_BLOCK_LENGTH + 4, ["too long; passed over"])]
)
def test_a_block_of_just_the_bound_is_held(length: int, said: list[str]) -> None:
    capture = opened(START, block(0x777, bytes(length - 12)), enhanced(b"good"))
    assert frames_of(capture) == [b"good"]
    assert (capture.skipped, whys(capture)) == (1, said)


def test_interfaces_beyond_the_bound_are_lost() -> None:
    count = MAX_KEPT_NOTES + 2
    capture = opened(section(), interface() * count, enhanced(b"good"), enhanced(number=count - 1))
    assert frames_of(capture) == [b"good"]
    assert whys(capture)[:2] == ["too many interfaces"] * 2
    assert (capture.read, capture.damaged, len(capture.interfaces)) == (4, 3, MAX_KEPT_NOTES)


def test_notes_are_bounded_in_octets_and_still_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rawkit.capture.pcapng_notes.MAX_NOTED_OCTETS", 100_000)
    named = interface(said=options((3, b"x" * 40_000)))
    secrets = block(10, pack("<II", 1, 40_000) + bytes(40_000))
    capture = opened(section(), named * 2, secrets * 9, interface(), enhanced(b"good", number=2))
    assert frames_of(capture) == [b"good"]
    assert [len(kept.options) for kept in capture.interfaces] == [1, 1]
    assert (len(capture.notes.secrets), capture.notes.blocks["decryption secrets"]) == (0, 9)
    assert capture.defects == []


def test_an_option_takes_room_of_the_notes_by_what_it_costs_in_memory() -> None:
    count = 400
    named = interface(said=options(*[(1, b"")] * count))
    kept = MAX_NOTED_OCTETS // (len(named) + count * OPTION_OCTETS)
    capture = opened(section(), named * (kept + 50), enhanced(b"good"), enhanced(b"good", number=kept + 49))
    tracemalloc.start()
    first, last = capture
    assert tracemalloc.get_traced_memory()[1] < 100 << 20
    tracemalloc.stop()
    assert (len(first.interface.options), len(last.interface.options)) == (count, 0)
    assert len(capture.interfaces) in (kept, kept + 1)


@pytest.mark.parametrize("code", [1, 2])
@pytest.mark.parametrize("kind", [0x0A0D0D0A, 1, 4, 5, 6, 10])
def test_options_of_a_block_are_bounded_and_one_defect_says_so(kind: int, code: int) -> None:
    said = pack("<HH", code, 0) * (15 << 18)  # nearly the longest block that there can be
    crowded = {
        0x0A0D0D0A: section(said=said),
        1: interface(said=said),
        4: block(4, bytes(4) + said),
        5: block(5, bytes(12) + said),
        6: enhanced(said=said),
        10: block(10, bytes(8) + said),
    }[kind]
    file = crowded + interface() + enhanced(b"good") if kind == 0x0A0D0D0A else START + crowded + enhanced(b"good")
    tracemalloc.start()
    capture = opened(file)
    found = [(frame.octets, len(frame.options), len(frame.defects)) for frame in capture]
    assert tracemalloc.get_traced_memory()[1] < 128 << 20
    tracemalloc.stop()
    assert found[-1] == (b"good", 0, 0)
    bad = MAX_OPTIONS if code == 2 and kind in (5, 6) else 0  # there option 2 is a number, and cannot be empty
    assert capture.tally.defect_count == bad + 1
    assert bad or whys(capture) == ["too many options in one block: the rest is not read"]
    if kind == 6:
        assert found[0][1:] == (MAX_OPTIONS, bad + 1)
    assert adds_up(capture)


def test_as_many_options_as_there_may_be_are_no_defect() -> None:
    (frame,) = opened(START, enhanced(said=options(*[(1, b"text")] * MAX_OPTIONS)))
    assert (len(frame.options), frame.defects) == (MAX_OPTIONS, ())


def test_names_of_one_address_are_bounded_in_number() -> None:
    """Over all records: with as many as there are here, work that grows with their square would not end."""
    count = MAX_KEPT_NOTES + 7
    records = [pack("<HH", 1, 12) + bytes([10, 0, 0, 1]) + b"%07d\0" % number for number in range(count)]
    capture = opened(START, block(4, b"".join(records)), enhanced(b"good"))
    assert frames_of(capture) == [b"good"]
    (names,) = capture.notes.names.values()
    assert names == tuple(f"{number:07}" for number in range(MAX_KEPT_NOTES))
    assert capture.defects == []


def test_names_of_all_addresses_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rawkit.capture.pcapng_notes.MAX_KEPT_NOTES", 3)
    values = [bytes([10, 0, 0, number]) + b"one\0two\0one\0" for number in range(9)]
    records = b"".join(pack("<HH", 1, len(value)) + value for value in values)
    capture = opened(START, block(4, records))
    assert frames_of(capture) == []
    assert capture.notes.names == {"10.0.0.0": ("one", "two"), "10.0.0.1": ("one",)}


def test_unknown_blocks_of_very_many_kinds_are_counted_together() -> None:
    count = MAX_UNKNOWN_KINDS + 5
    capture = opened(START, *[block(0x1000 + number) * 2 for number in range(count)], enhanced(b"good"))
    assert frames_of(capture) == [b"good"]
    assert (capture.skipped, capture.notes.blocks["unknown block, of further kinds"]) == (2 * count, 10)
    assert (len(capture.notes.blocks), capture.notes.blocks.total()) == (MAX_UNKNOWN_KINDS + 4, 2 * count + 3)
