"""Addresses as people write them: `str` with their numbers beside it.

An address equals, hashes and prints as its text, so `packet[IPv4].src == "10.0.0.1"` is true; it orders by number. They
are made once for each distinct value and kept in a bounded table, because making one costs more than decoding a header.
"""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias

from rawkit.errors import FieldError

if TYPE_CHECKING:
    import ipaddress

KEPT_ADDRESSES = 65_536
"""Distinct addresses a table keeps before it starts afresh."""

IPv4Like: TypeAlias = "IPv4Address | ipaddress.IPv4Address | str | bytes | int"
"""What a caller may give for an IPv4 address: ours, the standard library's, text, four octets, a number."""

IPv6Like: TypeAlias = "IPv6Address | ipaddress.IPv6Address | str | bytes | int"
"""What a caller may give for an IPv6 address: ours, the standard library's, text, sixteen octets, a number."""

AddressLike: TypeAlias = "str | bytes | int | ipaddress.IPv4Address | ipaddress.IPv6Address"
"""What a caller may give for some address."""


class Interned(dict[bytes, Any]):
    """octets -> address, each made once; emptied when `KEPT_ADDRESSES` are kept."""

    def __init__(self, kind: type[Address]) -> None:
        super().__init__()
        self.kind = kind

    def __missing__(self, octets: bytes) -> Address:
        if len(self) >= KEPT_ADDRESSES:
            self.clear()
        address = self[octets] = str.__new__(self.kind, self.kind.to_text(octets))
        return address


class Packings(dict["AddressLike", bytes]):
    """What a caller gave -> octets, each spelling converted once; the way back from `Interned`."""

    def __init__(self, kind: type[Address]) -> None:
        super().__init__()
        self.kind = kind

    def __missing__(self, value: AddressLike) -> bytes:
        octets = packed(self.kind, value)
        if isinstance(value, str):  # numbers are not kept: 1 and 1.0 are one key, and only one of them an address
            if len(self) >= KEPT_ADDRESSES:
                self.clear()
            self[value] = octets
        return octets


class Address(str):
    """Base of the three: text, `.packed` (octets) and `.number` (unsigned, big-endian)."""

    __slots__ = ()
    size: ClassVar[int]
    example: ClassVar[str]
    interned: ClassVar[Interned]
    packings: ClassVar[Packings]

    def __init_subclass__(cls) -> None:
        cls.interned = Interned(cls)
        cls.packings = Packings(cls)

    @classmethod
    def to_text(cls, packed: bytes) -> str:
        raise NotImplementedError

    @classmethod
    def to_packed(cls, text: str) -> bytes:
        """The octets of a text; ValueError or OSError where it is none."""
        raise NotImplementedError

    def __new__(cls, value: AddressLike) -> Self:
        """From text, `size` octets, a number, or `ipaddress`'s of the kind; always in the canonical spelling."""
        return str.__new__(cls, cls.to_text(packed(cls, value)))

    @property
    def packed(self) -> bytes:
        return self.packings[self]

    @property
    def number(self) -> int:
        return int.from_bytes(self.packed, "big")

    def __lt__(self, other: str) -> bool:
        return self.packed < packed(type(self), other)

    def __le__(self, other: str) -> bool:
        return self.packed <= packed(type(self), other)

    def __gt__(self, other: str) -> bool:
        return self.packed > packed(type(self), other)

    def __ge__(self, other: str) -> bool:
        return self.packed >= packed(type(self), other)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


MAC = re.compile(r"[0-9a-fA-F]{1,2}(?:[:-][0-9a-fA-F]{1,2}){5}|[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4}){2}")


class MACAddress(Address):
    """48 bits of a network card, written `02:00:00:00:00:01` (also read with `-`, or as Cisco's `0200.0000.0001`)."""

    __slots__ = ()
    size = 6
    example = "02:00:00:00:00:01"

    @classmethod
    def to_text(cls, packed: bytes) -> str:
        return packed.hex(":")

    @classmethod
    def to_packed(cls, text: str) -> bytes:
        if not MAC.fullmatch(text):
            raise ValueError(text)
        if "." in text:
            return bytes.fromhex(text.replace(".", ""))
        return bytes.fromhex("".join(part.zfill(2) for part in re.split("[:-]", text)))


class IPv4Address(Address):
    """32 bits, written as four decimal numbers."""

    __slots__ = ()
    size = 4
    example = "10.0.0.1"

    @classmethod
    def to_text(cls, packed: bytes) -> str:
        return socket.inet_ntoa(packed)

    @classmethod
    def to_packed(cls, text: str) -> bytes:
        return socket.inet_pton(socket.AF_INET, text)


class IPv6Address(Address):
    """128 bits, in RFC 5952's spelling."""

    __slots__ = ()
    size = 16
    example = "fd00::1"

    @classmethod
    def to_text(cls, packed: bytes) -> str:
        return socket.inet_ntop(socket.AF_INET6, packed)

    @classmethod
    def to_packed(cls, text: str) -> bytes:
        return socket.inet_pton(socket.AF_INET6, text)


def packed(kind: type[Address], value: AddressLike) -> bytes:
    """The octets of anything that can be taken for an address of this kind. A name is never looked up."""
    try:
        if isinstance(value, str):
            octets = kind.to_packed(value)
        elif isinstance(value, int):
            octets = value.to_bytes(kind.size, "big")
        else:
            given: Any = getattr(value, "packed", value)  # `ipaddress`'s have it, as ours do
            octets = bytes(given)
    except (OSError, TypeError, ValueError, OverflowError):
        octets = b""
    if len(octets) != kind.size:
        raise FieldError(f"{value!r} is no {kind.__name__}: write it like {kind.example!r}, or give {kind.size} octets")
    return octets
