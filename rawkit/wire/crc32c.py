"""CRC32c, the checksum of SCTP (RFC 9260 appendix A): the rest of a division by Castagnoli's polynomial 0x1edc6f41.

Bits are taken lowest first, so the polynomial is written mirrored. The register begins with all ones, is inverted in
the end, and goes onto the wire lowest octet first.
"""

from __future__ import annotations

POLYNOMIAL = 0x82F63B78
"""0x1edc6f41, mirrored."""

START = 0xFFFFFFFF


def steps_of(octet: int) -> int:
    """What eight steps make of a register that holds one octet."""
    register = octet
    for _ in range(8):
        register = register >> 1 ^ (POLYNOMIAL if register & 1 else 0)
    return register


TABLE = tuple(map(steps_of, range(256)))


def register_after(data: bytes | bytearray, register: int = START) -> int:
    """The register when `data` has gone through it."""
    table = TABLE
    for octet in data:
        register = register >> 8 ^ table[(register ^ octet) & 0xFF]
    return register


def crc32c(data: bytes | bytearray) -> int:
    """The checksum of `data` as the four octets on the wire read, big-endian.

    >>> hex(crc32c(bytes(32)))  # RFC 3720 appendix B.4: aa 36 91 8a
    '0xaa36918a'
    """
    return on_the_wire(register_after(data))


def on_the_wire(register: int) -> int:
    """A register's last value, inverted, its lowest octet first."""
    return int.from_bytes((register ^ START).to_bytes(4, "little"), "big")
