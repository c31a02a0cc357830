"""Any octets at all: deterministic, no exception but CaptureError on opening, counts that add up."""

from __future__ import annotations

import gzip
import random
from io import BytesIO
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawkit.capture import read
from rawkit.errors import CaptureError
from tests.capture.made import (
    MODIFIED,
    NANO,
    adds_up,
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

NAMES = pack("<HH", 1, 6) + bytes([10, 0, 0, 1]) + b"a\0\0\0" + bytes(4)
SAMPLES = {
    "pcap": pcap_header() + b"".join(pcap_record(bytes(number)) for number in range(30)),
    "pcap, big, nano": pcap_header(">", NANO) + b"".join(pcap_record(bytes(number), ">") for number in range(30)),
    "pcap, modified": pcap_header(magic=MODIFIED) + (pcap_record(b"", captured=4) + bytes(12)) * 20,
    "pcap 2.3": pcap_header(version=(2, 3)) + pcap_record(b"abcd", wire=9) * 20,
    "snoop": snoop_header() + b"".join(snoop_record(bytes(number), pad=-number % 4) for number in range(30)),
    "pcapng": b"".join(
        (
            section(said=options((1, b"text"), (4, b"program"))),
            interface(said=options((2, b"eth0"), (9, b"\x09"), (4, bytes(8)))),
            enhanced(bytes(40), said=options((1, b"comment"), (2, bytes(4)), (2988, bytes(4) + b"text"))),
            simple(bytes(30), 30),
            block(4, NAMES),
            block(5, pack("<III", 0, 0, 9) + options((4, bytes(8)))),
            block(10, pack("<II", 1, 4) + b"key!"),
            section(">"),
            interface(">"),
            enhanced(bytes(40), ">"),
        )
    ),
}
SAMPLES["gzip"] = gzip.compress(SAMPLES["pcap"], mtime=0)


def outcome(octets: bytes) -> str:
    """All there is to see of a capture, as text."""
    try:
        capture = read(BytesIO(octets))
    except CaptureError as refused:
        return f"refused: {refused}"
    frames = [
        (f.number, f.time_ns, f.octets, f.wire_length, f.linktype, f.options, f.direction, f.comment, f.defects)
        for f in capture
    ]
    assert adds_up(capture)
    assert sum(len(octets) for _, _, octets, *_ in frames) <= 2_000 * max(len(octets), 1)
    return f"{frames} {capture} {capture.defects} {capture.notes}"


@pytest.mark.parametrize("name", SAMPLES)
def test_twenty_flipped_octets_three_hundred_times(name: str) -> None:
    chance = random.Random(name)
    for _ in range(300):
        damaged = bytearray(SAMPLES[name])
        for _ in range(20):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        assert outcome(bytes(damaged)) == outcome(bytes(damaged))


@given(name=st.sampled_from(sorted(SAMPLES)), data=st.data())
def test_a_span_replaced_by_anything(name: str, data: st.DataObject) -> None:
    sample = SAMPLES[name]
    start = data.draw(st.integers(0, len(sample)))
    stop = data.draw(st.integers(start, min(start + 40, len(sample))))
    outcome(sample[:start] + data.draw(st.binary(max_size=40)) + sample[stop:])
