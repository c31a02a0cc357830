"""pcapng options: (code, length, value) triples after a block's fixed part, as typed values and back.

Codes and types are those of draft-ietf-opsawg-pcapng, section "Options" and each block's own section. An option that is
unknown, or whose length does not fit its type, keeps its octets as its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address
from struct import Struct
from typing import NamedTuple

from rawkit.capture.pcapng_values import (
    Custom,
    InterfaceFilter,
    Option,
    Order,
    PacketFlags,
    PacketHash,
    TerminatedText,
    Verdict,
)
from rawkit.errors import Defect, FieldError

MAX_OPTIONS = 1_000
"""Options of one block that are read; what comes after them is left in its octets, with one defect."""


class _Codec(NamedTuple):
    decode: Callable[[bytes, Order], object]
    encode: Callable[..., bytes]


def _sized(octets: bytes, size: int) -> bytes:
    if len(octets) != size:
        raise ValueError(f"{size} octets")
    return octets


def _integer(size: int, signed: bool = False, kind: Callable[[int], int] = int) -> _Codec:
    return _Codec(
        lambda octets, order: kind(int.from_bytes(_sized(octets, size), order, signed=signed)),
        lambda value, order: value.to_bytes(size, order, signed=signed),
    )


def _encode_address(value: str, address: Callable[[str], IPv4Address | IPv6Address]) -> bytes:
    return address(value).packed


def _ipv4_and_mask(octets: bytes, order: Order) -> str:
    _sized(octets, 8)
    return f"{IPv4Address(octets[:4])}/{IPv4Address(octets[4:])}"


def _ipv6_and_prefix(octets: bytes, order: Order) -> str:
    _sized(octets, 17)
    return f"{IPv6Address(octets[:16])}/{octets[16]}"


def _encode_ipv6_and_prefix(value: str, order: Order) -> bytes:
    address, _, prefix = value.partition("/")
    return IPv6Address(address).packed + bytes([int(prefix or 128)])


def _encode_ipv4_and_mask(value: str, order: Order) -> bytes:
    address, _, mask = value.partition("/")
    return IPv4Address(address).packed + IPv4Address(mask or "255.255.255.255").packed


def _eui(size: int) -> _Codec:
    return _Codec(
        lambda octets, order: _sized(octets, size).hex(":"),
        lambda value, order: _sized(bytes.fromhex(value.replace(":", "")), size),
    )


def _first_octet(octets: bytes) -> int:
    if not octets:
        raise ValueError("at least 1 octet")
    return octets[0]


def _decode_filter(octets: bytes, order: Order) -> InterfaceFilter:
    kind, rest = _first_octet(octets), octets[1:]
    return InterfaceFilter(kind, _text(rest) if kind == 0 else rest)


def _text(octets: bytes) -> str:
    """Many writers end a text with NUL; then it ends there for every reader."""
    return TerminatedText.of(octets) if 0 in octets else octets.decode()


def _text_octets(value: str) -> bytes:
    if isinstance(value, TerminatedText):
        return value.octets
    if "\0" in value:
        raise ValueError("a text ends at its first NUL")
    return value.encode()


def _as_octets(value: str | bytes) -> bytes:
    return _text_octets(value) if isinstance(value, str) else value


def _custom(text: bool) -> _Codec:
    def decode(octets: bytes, order: Order) -> Custom:
        if len(octets) < 4:
            raise ValueError("at least 4 octets")
        rest = octets[4:]
        return Custom(int.from_bytes(octets[:4], order), _text(rest) if text else rest)

    return _Codec(decode, lambda value, order: value[0].to_bytes(4, order) + _as_octets(value[1]))


def _decode_time(octets: bytes, order: Order) -> int:
    """Two 32-bit words, the upper one first in either byte order."""
    _sized(octets, 8)
    return int.from_bytes(octets[:4], order) << 32 | int.from_bytes(octets[4:], order)


_TEXT = _Codec(lambda octets, order: _text(octets), lambda value, order: _text_octets(value))
_OCTET, _U32, _U64 = _integer(1), _integer(4), _integer(8)
_I32, _I64 = _integer(4, signed=True), _integer(8, signed=True)
_FLAGS = _integer(4, kind=PacketFlags)
_IPV4 = _Codec(lambda o, order: str(IPv4Address(_sized(o, 4))), lambda v, order: _encode_address(v, IPv4Address))
_IPV6 = _Codec(lambda o, order: str(IPv6Address(_sized(o, 16))), lambda v, order: _encode_address(v, IPv6Address))
_IPV4_MASK = _Codec(_ipv4_and_mask, _encode_ipv4_and_mask)
_IPV6_PREFIX = _Codec(_ipv6_and_prefix, _encode_ipv6_and_prefix)
_FILTER = _Codec(_decode_filter, lambda value, order: bytes([value[0]]) + _as_octets(value[1]))
_HASH = _Codec(lambda o, order: PacketHash(_first_octet(o), o[1:]), lambda v, order: bytes([v[0]]) + v[1])
_VERDICT = _Codec(lambda o, order: Verdict(_first_octet(o), o[1:]), lambda v, order: bytes([v[0]]) + v[1])
_TIME = _Codec(
    _decode_time, lambda value, order: (value >> 32).to_bytes(4, order) + (value & 0xFFFFFFFF).to_bytes(4, order)
)

Table = Mapping[int, tuple[str, _Codec]]

_ANY: dict[int, tuple[str, _Codec]] = {
    1: ("opt_comment", _TEXT),
    2988: ("opt_custom_text", _custom(text=True)),
    2989: ("opt_custom_octets", _custom(text=False)),
    19372: ("opt_custom_text_nocopy", _custom(text=True)),
    19373: ("opt_custom_octets_nocopy", _custom(text=False)),
}
SECTION: Table = _ANY | {2: ("shb_hardware", _TEXT), 3: ("shb_os", _TEXT), 4: ("shb_userappl", _TEXT)}
INTERFACE: Table = _ANY | {
    2: ("if_name", _TEXT),
    3: ("if_description", _TEXT),
    4: ("if_IPv4addr", _IPV4_MASK),
    5: ("if_IPv6addr", _IPV6_PREFIX),
    6: ("if_MACaddr", _eui(6)),
    7: ("if_EUIaddr", _eui(8)),
    8: ("if_speed", _U64),
    9: ("if_tsresol", _OCTET),
    10: ("if_tzone", _I32),
    11: ("if_filter", _FILTER),
    12: ("if_os", _TEXT),
    13: ("if_fcslen", _OCTET),
    14: ("if_tsoffset", _I64),
    15: ("if_hardware", _TEXT),
    16: ("if_txspeed", _U64),
    17: ("if_rxspeed", _U64),
    18: ("if_iana_tzname", _TEXT),
}
# The obsolete Packet Block's pack_flags and pack_hash have the same codes and types as the first two.
PACKET: Table = _ANY | {
    2: ("epb_flags", _FLAGS),
    3: ("epb_hash", _HASH),
    4: ("epb_dropcount", _U64),
    5: ("epb_packetid", _U64),
    6: ("epb_queue", _U32),
    7: ("epb_verdict", _VERDICT),
    8: ("epb_processid_threadid", _U64),
}
NAMES: Table = _ANY | {2: ("ns_dnsname", _TEXT), 3: ("ns_dnsIP4addr", _IPV4), 4: ("ns_dnsIP6addr", _IPV6)}
STATISTICS: Table = _ANY | {
    2: ("isb_starttime", _TIME),
    3: ("isb_endtime", _TIME),
    4: ("isb_ifrecv", _U64),
    5: ("isb_ifdrop", _U64),
    6: ("isb_filteraccept", _U64),
    7: ("isb_osdrop", _U64),
    8: ("isb_usrdeliv", _U64),
}
ANY: Table = _ANY

_HEADS: dict[Order, Struct] = {"little": Struct("<HH"), "big": Struct(">HH")}


def lost_packets(count: int) -> tuple[Option, ...]:
    """That so many packets were lost before this one; nothing when none were. Other formats say it in fields."""
    return (Option(4, "epb_dropcount", count),) if count else ()


def padded(length: int) -> int:
    """Lengths in pcapng are padded to 32 bits."""
    return length + 3 & ~3


def decode_options(octets: bytes, order: Order, table: Table, offset: int) -> tuple[tuple[Option, ...], list[Defect]]:
    """The options in `octets`, which start at `offset` in the file, and what is wrong with them."""
    options: list[Option] = []
    defects: list[Defect] = []
    unpack = _HEADS[order].unpack_from
    at = 0
    while at + 4 <= len(octets):
        code, length = unpack(octets, at)
        if code == 0:
            break
        if len(options) == MAX_OPTIONS:
            why = "too many options in one block: the rest is not read"
            found = f"{len(octets) - at} octets of more options"
            defects.append(Defect("pcapng option", "", offset + at, found, f"<= {MAX_OPTIONS} options", why))
            break
        if at + 4 + length > len(octets):
            why = "the option runs past the end of its block"
            defects.append(Defect("pcapng option", "length", offset + at, length, len(octets) - at - 4, why))
            break
        options.append(_decode(code, octets[at + 4 : at + 4 + length], order, table, offset + at, defects))
        at += 4 + padded(length)
    return tuple(options), defects


def _decode(code: int, value: bytes, order: Order, table: Table, offset: int, defects: list[Defect]) -> Option:
    if code not in table:
        return Option(code, f"option {code}", value)
    name, codec = table[code]
    try:
        return Option(code, name, codec.decode(value, order))
    except UnicodeDecodeError as wrong:
        found = wrong.object[wrong.start : wrong.end]  # and not the whole text, of which a thousand defects may be kept
        defects.append(Defect("pcapng option", name, offset, found, "UTF-8 text", f"option {name} is kept as octets"))
    except ValueError as wrong:
        why = f"option {name} is kept as octets"
        defects.append(Defect("pcapng option", name, offset, f"{len(value)} octets", str(wrong), why))
    return Option(code, name, value)


def encode_options(options: Iterable[Option], order: Order, table: Table) -> bytes:
    """Options as they stand in a block, with their end mark; b"" when there are none."""
    parts: list[bytes] = []
    for option in options:
        value = _encode(option, order, table)
        if len(value) > 0xFFFF:
            raise FieldError(f"{option.name}: {len(value)} octets; a pcapng option holds at most 65535")
        parts.append(option.code.to_bytes(2, order) + len(value).to_bytes(2, order))
        parts.append(value.ljust(padded(len(value)), b"\0"))
    return b"".join([*parts, bytes(4)]) if parts else b""


def _encode(option: Option, order: Order, table: Table) -> bytes:
    if isinstance(option.value, bytes):
        return option.value
    try:
        return table[option.code][1].encode(option.value, order)
    except KeyError:
        raise FieldError(f"{option.name}: an option of unknown code {option.code} takes bytes") from None
    except (ValueError, TypeError, AttributeError, OverflowError) as wrong:
        raise FieldError(f"{option.name}: cannot hold {option.value!r} ({wrong})") from None


def option(name: str, value: object, table: Table) -> Option:
    """An option by its name in the specification.

    >>> option("opt_comment", "retried", PACKET)
    Option(code=1, name='opt_comment', value='retried')
    """
    for code, (known, _) in table.items():
        if known == name:
            return Option(code, name, value)
    raise FieldError(
        f"{name}: not an option of this block; there are {', '.join(known for known, _ in table.values())}"
    )
