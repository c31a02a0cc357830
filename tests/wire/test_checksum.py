"""The Internet checksum against RFC 1071's own example, its laws, and two other people's code."""

from __future__ import annotations

import random

import dpkt.dpkt
import pytest
import scapy.utils
from hypothesis import given, settings
from hypothesis import strategies as st

from rawkit.protocols import IPv4
from rawkit.wire import Packet, checksum, word_sum
from rawkit.wire.checksum import LARGE

LAW = settings(max_examples=200)
OCTETS = st.one_of(st.binary(max_size=64), st.binary(min_size=LARGE - 2, max_size=LARGE + 3))


def word_by_word(octets: bytes) -> int:
    """RFC 1071 section 1, as it is written: add, carry around the end, complement."""
    total = 0
    for at in range(0, len(octets), 2):
        total += int.from_bytes(octets[at : at + 2].ljust(2, b"\0"), "big")
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def test_the_example_of_rfc_1071() -> None:
    example = bytes.fromhex("00 01 f2 03 f4 f5 f6 f7")
    assert word_sum(example) == 0xDDF2
    assert checksum(example) == 0x220D


@pytest.mark.parametrize("size", [0, 1, 2, 3, LARGE - 1, LARGE, LARGE + 1, 65535])
@pytest.mark.parametrize("octet", [0, 1, 0xFF])
def test_sizes_and_uniform_octets(size: int, octet: int) -> None:
    octets = bytes([octet]) * size
    assert checksum(octets) == word_by_word(octets)
    assert checksum(bytearray(octets)) == checksum(octets)


@LAW
@given(OCTETS)
def test_as_the_rfc_says_it_and_as_scapy_and_dpkt_compute_it(octets: bytes) -> None:
    ours = checksum(octets)
    assert ours == word_by_word(octets) == scapy.utils.checksum(octets)
    assert ours == dpkt.dpkt.in_cksum(octets) or {ours, dpkt.dpkt.in_cksum(octets)} == {0, 0xFFFF}


@LAW
@given(st.lists(st.binary(min_size=2, max_size=2), max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_words_does_not_matter(words: list[bytes], shuffle: random.Random) -> None:
    before = checksum(b"".join(words))
    shuffle.shuffle(words)
    assert checksum(b"".join(words)) == before


@LAW
@given(OCTETS)
def test_an_odd_octet_is_followed_by_zero(octets: bytes) -> None:
    if len(octets) % 2:
        assert checksum(octets) == checksum(octets + b"\0")


@LAW
@given(OCTETS)
def test_the_sum_over_data_and_its_checksum_is_all_ones(octets: bytes) -> None:
    even = octets + bytes(len(octets) % 2)
    assert checksum(even + checksum(even).to_bytes(2, "big")) == 0


@LAW
@given(OCTETS, st.integers(0, 64))
def test_a_sum_can_be_taken_in_parts(octets: bytes, cut: int) -> None:
    cut = cut // 2 * 2
    assert checksum(octets[cut:], word_sum(octets[:cut])) == checksum(octets)


def test_only_zeros_sum_to_zero() -> None:
    assert (word_sum(b""), word_sum(bytes(40)), word_sum(bytes(LARGE + 2))) == (0, 0, 0)
    assert word_sum(b"\xff\xff") == word_sum(b"\xff\xff" * LARGE) == 0xFFFF
    assert checksum(bytes(20)) == 0xFFFF


@LAW
@given(st.binary(min_size=20, max_size=20))
def test_a_change_can_be_computed_from_the_words_alone(octets: bytes) -> None:
    """RFC 1624 equation 3: HC' = ~(~HC + ~m + m')."""
    packet = Packet.decode(b"\x45" + octets[1:9] + b"\x06\0\0" + octets[12:], first=IPv4).replace(recompute=True)
    edited = packet.replace(IPv4, identification=0x1234)
    old, new = packet[IPv4].identification, 0x1234
    total = (~packet[IPv4].checksum & 0xFFFF) + (~old & 0xFFFF) + new
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    assert edited[IPv4].checksum % 0xFFFF == (~total & 0xFFFF) % 0xFFFF
