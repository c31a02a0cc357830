"""Sequence numbers that wrap, and which octets are new: against the obvious way to do it."""

from hypothesis import given
from hypothesis import strategies as st

from rawkit.analysis.tcp import sequence
from rawkit.analysis.tcp.sequence import MODULUS, Numbering, Seen, ahead

NUMBER = st.integers(0, MODULUS - 1)
RANGES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 15)), max_size=30)


@given(NUMBER, st.integers(-(2**31), 2**31 - 1))
def test_ahead_is_the_shorter_way_round(number: int, distance: int) -> None:
    assert ahead((number + distance) % MODULUS, number) == distance


@given(NUMBER, st.lists(st.integers(0, 2**20), max_size=40))
def test_numbers_grow_past_the_wrap(initial: int, sizes: list[int]) -> None:
    numbering = Numbering()
    numbering.start(initial)
    number = 0
    for size in sizes:
        assert numbering.of((initial + number) % MODULUS) == number
        number += size
        numbering.sent(number)


def test_without_a_syn_the_first_octet_seen_is_number_one() -> None:
    numbering = Numbering()
    assert numbering.of(12345) == 1
    assert numbering.of(12340) == -4


@given(RANGES)
def test_seen_counts_like_a_set(pieces: list[tuple[int, int]]) -> None:
    seen, octets = Seen(), set[int]()
    for start, length in pieces:
        piece = set(range(start, start + length))
        assert seen.add(start, start + length) == len(piece - octets)
        octets |= piece
        assert seen.octets == len(octets)
        assert all(low < high for low, high in zip(seen.starts, seen.stops, strict=True))
        assert all(high < low for high, low in zip(seen.stops, seen.starts[1:], strict=False))
    assert seen.complete == next(octet for octet in range(1, 1000) if octet not in octets)


def test_holes_at_every_other_octet_stay_bounded() -> None:
    seen = Seen()
    for start in range(0, 6 * sequence.MAX_RANGES, 2):
        seen.add(start, start + 1)
    assert len(seen.starts) == len(seen.stops) <= sequence.MAX_RANGES
