"""The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit words.

Adding 16-bit words with end-around carry is arithmetic modulo 65535, because 2**16 leaves the rest 1. So the octets,
read as one big number, modulo 65535 *are* the sum, and Python computes that in one step.
"""

from __future__ import annotations

LARGE = 2048
"""Above this many octets a NumPy sum of words is faster than one big number (at 64 KB 9 us against 100)."""


def word_sum(data: bytes | bytearray) -> int:
    """The one's complement sum of `data` as big-endian 16-bit words, 0..65535; an odd last octet counts as a high one.

    Sums that are multiples of 65535 have two spellings; this gives 0 only where every octet is 0, as adding with
    end-around carry does.
    """
    length = len(data)
    if length > LARGE:
        return _word_sum_large(data)
    number = int.from_bytes(data, "big")
    if length & 1:
        number <<= 8
    return number % 65535 or (65535 if number else 0)


def _word_sum_large(data: bytes | bytearray) -> int:
    import numpy

    whole = len(data) & ~3
    # RFC 1071 section 2: the sum may be taken in either byte order and swapped once at the end, and of longer words
    # (2**32, too, leaves the rest 1).
    total = int(numpy.frombuffer(data, numpy.dtype("<u4"), whole // 4).sum(dtype=numpy.uint64))
    total += int.from_bytes(data[whole:], "little")
    folded = total % 65535 or (65535 if total else 0)
    return folded >> 8 | (folded & 0xFF) << 8


def checksum(data: bytes | bytearray, initial: int = 0) -> int:
    """The Internet checksum of `data`, 0..65535, ready to be written big-endian.

    `initial` is a sum to start from: that of a pseudo-header, `word_sum(pseudo_header)`.

    >>> hex(checksum(bytes.fromhex("0001f203f4f5f6f7")))  # RFC 1071 section 3: the sum is ddf2
    '0x220d'
    """
    length = len(data)
    if length > LARGE:
        total = _word_sum_large(data) + initial
    else:
        total = (int.from_bytes(data, "big") << 8 if length & 1 else int.from_bytes(data, "big")) + initial
    return 65535 - (total % 65535 or (65535 if total else 0))
