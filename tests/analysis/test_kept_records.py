"""What is kept of a packet is what was observed, and takes little room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rawkit.analysis.observed import MAX_DATA, NO_OPTIONS, Observed, Options
from rawkit.analysis.records import ROW, Records
from tests.analysis.talk import CLIENT, SERVER

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
