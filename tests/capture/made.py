"""Capture files put together by hand from the formats' specifications, so that no test trusts our own writers."""

from __future__ import annotations

from io import BytesIO
from struct import pack

from rawkit.capture import Capture, read

MICRO, NANO, MODIFIED = 0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34
SNOOP = b"snoop\0\0\0"


def pcap_header(
    order: str = "<",
    magic: int = MICRO,
    version: tuple[int, int] = (2, 4),
    snaplen: int = 65535,
    linktype: int = 1,
) -> bytes:
    return pack(order + "IHHIIII", magic, *version, 0, 0, snaplen, linktype)


def pcap_record(
    octets: bytes = b"abcd",
    order: str = "<",
    seconds: int = 1,
    fraction: int = 2,
    captured: int | None = None,
    wire: int | None = None,
) -> bytes:
    captured = len(octets) if captured is None else captured
    wire = max(len(octets), captured) if wire is None else wire
    return pack(order + "IIII", seconds, fraction, captured, wire) + octets


def block(
    kind: int, body: bytes = b"", order: str = "<", length: int | None = None, trailer: int | None = None
) -> bytes:
    body += bytes(-len(body) % 4)
    length = len(body) + 12 if length is None else length
    return pack(order + "II", kind, length) + body + pack(order + "I", length if trailer is None else trailer)


def options(*pairs: tuple[int, bytes], order: str = "<") -> bytes:
    """Code and value each, with the end mark."""
    parts = [pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4) for code, value in pairs]
    return b"".join(parts) + bytes(4)


def section(order: str = "<", said: bytes = b"", version: tuple[int, int] = (1, 0), length: int = -1) -> bytes:
    return block(0x0A0D0D0A, pack(order + "IHHq", 0x1A2B3C4D, *version, length) + said, order)


def interface(order: str = "<", linktype: int = 1, snaplen: int = 0, said: bytes = b"") -> bytes:
    return block(1, pack(order + "HHI", linktype, 0, snaplen) + said, order)


def enhanced(
    octets: bytes = b"abcd",
    order: str = "<",
    number: int = 0,
    ticks: int = 5,
    captured: int | None = None,
    wire: int | None = None,
    said: bytes = b"",
) -> bytes:
    captured = len(octets) if captured is None else captured
    wire = max(len(octets), captured) if wire is None else wire
    body = pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, captured, wire)
    return block(6, body + octets + bytes(-len(octets) % 4) + said, order)


def simple(octets: bytes, wire: int, order: str = "<") -> bytes:
    return block(3, pack(order + "I", wire) + octets, order)


def snoop_record(
    octets: bytes = b"abcd", wire: int | None = None, captured: int | None = None, pad: int = 0, fraction: int = 2
) -> bytes:
    wire = len(octets) if wire is None else wire
    captured = len(octets) if captured is None else captured
    return pack(">IIIIII", wire, captured, 24 + len(octets) + pad, 0, 1, fraction) + octets + bytes(pad)


def snoop_header(version: int = 2, datalink: int = 4) -> bytes:
    return SNOOP + pack(">II", version, datalink)


def opened(*parts: bytes) -> Capture:
    return read(BytesIO(b"".join(parts)))


def adds_up(capture: Capture) -> bool:
    return capture.read == capture.good + capture.damaged + capture.skipped
