"""What is kept of a packet is what was observed, and takes little room."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawkit.analysis import conversations, explain, gather
from rawkit.analysis.observed import MAX_DATA, NO_OPTIONS, Observed, Options
from rawkit.analysis.records import ROW, Records
from rawkit.capture import Frame
from tests.analysis.talk import CLIENT, HANDSHAKE, SERVER, C, frames, talkers

ENDS = (CLIENT, SERVER)
WORD, HALF = st.integers(0, 2**32 - 1), st.integers(0, 2**16 - 1)
OPTIONS = st.one_of(
    st.just(NO_OPTIONS),
    st.builds(Options, tsval=WORD, tsecr=WORD),
    st.builds(Options, mss=HALF, scale=st.integers(0, 255), sack_permitted=st.booleans(), fast_open=st.booleans()),
    st.builds(Options, sack=st.lists(st.tuples(WORD, WORD), max_size=4).map(tuple), tsval=WORD, tsecr=WORD),
)
KIND = st.sampled_from([("tcp", "tcp"), ("udp", "udp"), ("icmp", "tcp"), ("fragment", "udp")])


@st.composite
def observations(draw: st.DrawFn) -> Observed:
    kind, protocol = draw(KIND)
    source, destination = draw(st.permutations(ENDS))
    return Observed(
        kind, protocol, source, destination, draw(WORD), draw(st.none() | st.integers(-(2**64), 2**65)), draw(WORD),
        draw(HALF), draw(st.integers(0, 511)), draw(WORD), draw(WORD), draw(HALF),
        whole=draw(st.none() | HALF), identification=draw(st.none() | HALF), data=draw(st.binary(max_size=MAX_DATA)),
        options=draw(OPTIONS), words=draw(st.text(max_size=3)),
        bad_checksum=draw(st.sampled_from([(), ("IPv4", "TCP")])),
    )  # fmt: skip


@given(st.lists(observations(), max_size=20))
def test_what_is_kept_is_what_was_observed(observed: list[Observed]) -> None:
    records = Records(ENDS)
    for each in observed:
        records.append(each)
    assert list(records) == observed
    assert len(records) == len(observed)
    assert records[1:3] == observed[1:3]


def test_a_plain_segment_takes_eighty_octets() -> None:
    """So a million of them fit into 100 MB."""
    assert ROW.size <= 80
    records = Records(ENDS)
    plain = Observed("tcp", "tcp", CLIENT, SERVER, 1, 10**18, 1514, 1460, 24, 7, 9, 500, None, 3, b"x" * MAX_DATA)
    for stamped in (plain, plain._replace(options=Options(tsval=1, tsecr=2)), plain._replace(time_ns=None)):
        records.append(stamped)
    assert not records._others


def talks(count: int, packets: int) -> Iterator[Frame]:
    """So many connections, each of a handshake and so many segments of data; no frame is kept here."""
    number = 0
    for port in range(count):
        client, server = talkers(client=("10.0.0.1", 10_000 + port))
        opening = frames(client("S"), server("SA", 0, 1), client("A", 1, 1))
        (data,) = frames(client("PA", 1, 1, bytes(500)))
        for frame in [*opening, *[data] * packets]:
            number += 1
            yield Frame(number, number, frame.octets, frame.wire_length, frame.interface)


def kept(count: int, packets: int) -> int:
    """Octets that stay when a capture was gathered."""
    tracemalloc.start()
    try:
        found = gather(talks(count, packets))
        assert len(found.all) == count
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def test_a_thousand_conversations_of_a_million_packets_fit() -> None:
    """What a packet more and a conversation more take, times as many: within 300 MB, with 50 for Python and rawkit."""
    kept(10, 10)  # what is made once
    few, longer, more = kept(100, 10), kept(100, 110), kept(200, 10)
    of_packet, of_conversation = (longer - few) / (100 * 100), (more - few) / 100
    assert of_packet < 110  # a row of 80 octets, in a buffer that grows by an eighth at a time
    assert 1_000 * of_conversation + 1_000_000 * of_packet < 250_000_000


def test_no_more_are_kept_than_the_limits_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one conversation, and of all together; the others are counted, and said to be left out."""
    packets = [*HANDSHAKE, *[C("PA", 1, 1, b"x")] * 7]
    monkeypatch.setattr(conversations, "MAX_EXPLAINED", 8)
    (only,) = gather(frames(*packets)).all
    assert (only.packets, len(only.records), only.left_out) == (10, 8, 2)
    assert "2 further packets are counted and not explained: too many." in explain(only).notes
    monkeypatch.setattr(conversations, "MAX_KEPT_PACKETS", 11)
    found = gather(talks(2, 5)).all
    assert [(each.packets, len(each.records), each.left_out) for each in found] == [(8, 8, 0), (8, 3, 5)]
