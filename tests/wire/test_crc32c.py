"""CRC32c against the vectors of RFC 3720 appendix B.4, and against a division bit by bit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawkit.wire.crc32c import crc32c, register_after


@pytest.mark.parametrize(
    ("data", "octets"),
    [
        (bytes(32), "aa36918a"),
        (b"\xff" * 32, "43aba862"),
        (bytes(range(32)), "4e79dd46"),
        (bytes(reversed(range(32))), "5cdb3f11"),
        (
            bytes.fromhex(
                "01c00000000000000000000000000000 14000000000004000000001400000018 28000000000000000200000000000000"
            ),
            "563a96d9",
        ),
    ],
)
def test_vectors(data: bytes, octets: str) -> None:
    assert crc32c(data).to_bytes(4, "big").hex() == octets


def by_bits(data: bytes) -> int:
    """Long division by x^32 + ... + 1 = 0x11edc6f41, the highest bit first, as RFC 9260 appendix A describes it."""
    mirrored = [int(f"{octet:08b}"[::-1], 2) for octet in data]
    number = int.from_bytes(bytes(mirrored), "big") << 32
    number ^= 0xFFFFFFFF << len(data) * 8
    for place in reversed(range(len(data) * 8)):
        if number >> place + 32 & 1:
            number ^= 0x11EDC6F41 << place
    rest = int(f"{number:032b}"[::-1], 2) ^ 0xFFFFFFFF
    return int.from_bytes(rest.to_bytes(4, "little"), "big")


@given(st.binary(min_size=4, max_size=64), st.integers(0, 64))
def test_it_is_the_rest_of_a_division(data: bytes, cut: int) -> None:
    assert crc32c(data) == by_bits(data)
    assert register_after(data[cut:], register_after(data[:cut])) == register_after(data)
