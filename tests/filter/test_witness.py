"""libpcap is the witness: the same verdict on every packet, the same expressions refused."""

from __future__ import annotations

from typing import Any

import pytest

from rawkit.filter import Filter, FilterError
from tests.filter.expressions import DIFFERENCES, MATCHED, REFUSED
from tests.filter.frames import cut, frames

cypcap = pytest.importorskip("cypcap")

ETHERNET, RAW, LOOPBACK = 1, 101, 0
OPEN_BSD_RAW = 12
"""libpcap's own number of raw IP."""

SEED = 20260101
NO_MASK = 0xFFFFFFFF
REJECTS_ALL = "expression rejects all packets"


def theirs(expression: str, link: int = ETHERNET, *, optimized: bool = True) -> Any | None:
    """libpcap's program; None where its optimizer finds out that no packet can match."""
    try:
        return cypcap.compile(cypcap.DatalinkType(link), 262_144, expression, optimized, NO_MASK)
    except cypcap.Error as error:
        if REJECTS_ALL in str(error):
            return None
        raise


def matched(program: Any | None, octets: bytes, length: int) -> bool:
    return program is not None and program.offline_filter(cypcap.Pkthdr(1.0, len(octets), length), octets)


def test_there_are_as_many_as_it_takes() -> None:
    assert len(set(MATCHED)) >= 300
    assert len(set(REFUSED)) >= 100
    assert len(DIFFERENCES) <= 10


@pytest.mark.parametrize("expression", MATCHED)
def test_whole_packets_match_alike(expression: str) -> None:
    ours, program = Filter(expression), theirs(expression)
    for octets, length in frames(ETHERNET):
        assert ours.matches(octets, length) == matched(program, octets, length), octets.hex()


def test_every_expression_matches_some_packet_and_not_every_one() -> None:
    """Else there is nothing to agree on. Those that cannot, or for which there is no packet, are counted."""
    whole = frames(ETHERNET)
    telling = [each for each in MATCHED if len({Filter(each).matches(*frame) for frame in whole}) == 2]
    assert len(telling) >= 200


@pytest.mark.parametrize("expression", MATCHED)
def test_cut_packets_match_as_one_of_libpcaps_two_programs_says(expression: str) -> None:
    ours, both = Filter(expression), [theirs(expression, optimized=each) for each in (True, False)]
    for octets, length in cut(frames(ETHERNET), SEED, 200):
        said = {matched(program, octets, length) for program in both}
        assert ours.matches(octets, length) in said, f"{octets.hex()} (seed {SEED})"


@pytest.mark.parametrize(("ours", "number"), [(RAW, OPEN_BSD_RAW), (LOOPBACK, LOOPBACK)])
def test_other_links_match_alike(ours: int, number: int) -> None:
    """Raw IP, and BSD loopback, as far as they have what is asked for."""
    tried = 0
    for expression in MATCHED:
        try:
            program = theirs(expression, number)
        except cypcap.Error:
            with pytest.raises(FilterError):
                Filter(expression, ours)
            continue
        tried += 1
        mine = Filter(expression, ours)
        for octets, length in inner(ours):
            assert mine.matches(octets, length) == matched(program, octets, length), (expression, octets.hex())
    assert tried >= 150


def inner(link: int) -> list[tuple[bytes, int]]:
    """IP packets of Ethernet frames, as such a link carries them; of BSD loopbacks as a little-endian Linux would."""
    found = []
    for octets, length in frames(ETHERNET)[:600]:
        families = {b"\x08\x00": 2, b"\x86\xdd": 10}
        if octets[12:14] in families:
            head = families[octets[12:14]].to_bytes(4, "little") if link == LOOPBACK else b""
            found.append((head + octets[14:], length - 14 + len(head)))
    return found


@pytest.mark.parametrize("expression", REFUSED)
def test_both_refuse(expression: str) -> None:
    with pytest.raises(cypcap.Error):
        theirs(expression)
    with pytest.raises(FilterError):
        Filter(expression)


@pytest.mark.parametrize("expression", DIFFERENCES)
def test_the_differences_are_there(expression: str) -> None:
    """One that is gone shall be gone from the list."""
    assert outcome(lambda: Filter(expression).matches) != outcome(lambda: theirs(expression))


def outcome(compiled: object) -> object:
    """Refused, or which of our packets match."""
    try:
        test = compiled()  # type: ignore[operator]
    except (FilterError, cypcap.Error):
        return "refused"
    if callable(test):
        return [test(octets, length) for octets, length in frames(ETHERNET)]
    if test is None:
        return "rejects all"
    return [matched(test, octets, length) for octets, length in frames(ETHERNET)]
