"""libpcap is the witness: the same verdict on every packet, the same expressions refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import cypcap
import pytest

from rawkit.filter import Filter, FilterError
from tests.filter.expressions import DIFFERENCES, MATCHED, REFUSED
from tests.filter.frames import cut, frames

Packet = tuple[bytes, int]
"""Octets, and how many there were on the wire."""

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


def matched(program: Any, packets: Sequence[Packet]) -> list[bool]:
    """Which of the packets libpcap's program matches."""
    if program is None:
        return [False] * len(packets)
    return [program.offline_filter(header(len(octets), length), octets) for octets, length in packets]


@cache
def header(captured: int, length: int) -> Any:
    return cypcap.Pkthdr(1.0, captured, length)


def ours(expression: str, packets: Sequence[Packet], link: int = ETHERNET) -> list[bool]:
    """Which of them match here."""
    matches = Filter(expression, link).matches
    return [matches(octets, length) for octets, length in packets]


def test_there_are_as_many_as_it_takes() -> None:
    assert len(set(MATCHED)) >= 300
    assert len(set(REFUSED)) >= 100
    assert len(DIFFERENCES) <= 10


@pytest.mark.parametrize("expression", MATCHED)
def test_whole_packets_match_alike(expression: str) -> None:
    packets = frames(ETHERNET)
    assert ours(expression, packets) == matched(theirs(expression), packets)


def test_every_expression_matches_some_packet_and_not_every_one() -> None:
    """Else there is nothing to agree on. Those that cannot, or for which there is no packet, are counted."""
    whole = frames(ETHERNET)
    telling = [each for each in MATCHED if len(set(ours(each, whole))) == 2]
    assert len(telling) >= 300


@pytest.mark.parametrize("expression", MATCHED)
def test_cut_packets_match_as_one_of_libpcaps_two_programs_says(expression: str) -> None:
    packets = cut(frames(ETHERNET), SEED, 200)
    optimized, plain = (matched(theirs(expression, optimized=each), packets) for each in (True, False))
    for packet, *said, here in zip(packets, optimized, plain, ours(expression, packets), strict=True):
        assert here in said, f"{packet[0].hex()} (seed {SEED})"


@pytest.mark.parametrize(("link", "number"), [(RAW, OPEN_BSD_RAW), (LOOPBACK, LOOPBACK)])
def test_other_links_match_alike(link: int, number: int) -> None:
    """Raw IP, and BSD loopback, as far as they have what is asked for."""
    tried = 0
    for expression in MATCHED:
        try:
            program = theirs(expression, number)
        except cypcap.Error:
            with pytest.raises(FilterError):
                Filter(expression, link)
            continue
        tried += 1
        packets = inner(link)
        assert ours(expression, packets, link) == matched(program, packets), expression
    assert tried >= 150


@cache
def inner(link: int) -> tuple[Packet, ...]:
    """IP packets of Ethernet frames, as such a link carries them; of BSD loopbacks as a little-endian Linux would."""
    found = []
    for octets, length in frames(ETHERNET)[:600]:
        families = {b"\x08\x00": 2, b"\x86\xdd": 10}
        if octets[12:14] in families:
            head = families[octets[12:14]].to_bytes(4, "little") if link == LOOPBACK else b""
            found.append((head + octets[14:], length - 14 + len(head)))
    return tuple(found)


@pytest.mark.parametrize("expression", REFUSED)
def test_both_refuse(expression: str) -> None:
    with pytest.raises(cypcap.Error):
        theirs(expression)
    with pytest.raises(FilterError):
        Filter(expression)


@pytest.mark.parametrize("expression", DIFFERENCES)
def test_the_differences_are_there(expression: str) -> None:
    """One that is gone shall be gone from the list."""
    packets = frames(ETHERNET)
    assert outcome(lambda: ours(expression, packets)) != outcome(lambda: in_libpcap(expression, packets))


def in_libpcap(expression: str, packets: Sequence[Packet]) -> object:
    program = theirs(expression)
    return "rejects all" if program is None else matched(program, packets)


def outcome(tried: Callable[[], object]) -> object:
    """Refused, or which packets match."""
    try:
        return tried()
    except (FilterError, cypcap.Error):
        return "refused"
