"""An expression's text cut into words, numbers, addresses and signs, each with its place.

Of several readings the longest counts, as in pcap-filter(7)'s own scanner: `len-5` is one word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rawkit.filter.errors import FilterError
from rawkit.filter.words import KEYWORDS, NUMBERS
from rawkit.wire import IPv6Address, MACAddress

SPELLINGS = {"&&": "and", "||": "or", "!": "not", "==": "=", "length": "len"}
"""Other ways to write a word or sign."""

LARGEST = 0xFFFFFFFF

_SIGN = re.compile(r"&&|\|\||<<|>>|<=|>=|!=|==|[-!()\[\]:+*/%&|^<>=]")
_MAC = re.compile(
    r"[0-9A-Fa-f]{1,2}([-:.])[0-9A-Fa-f]{1,2}(?:\1[0-9A-Fa-f]{1,2}){4}"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"
    r"|[0-9A-Fa-f]{12}"
)
_DOTTED = re.compile(r"(?:0[xX])?[0-9A-Fa-f]+(?:\.(?:0[xX])?[0-9A-Fa-f]+){1,3}")
_IPV6 = re.compile(r"[0-9A-Fa-f]*(?::[0-9A-Fa-f]*)+(?:\.[0-9]+)*")
_NUMBER = re.compile(r"0[xX][0-9A-Fa-f]+|[0-9]+")
_WORD = re.compile(r"\\[^ !()\r\n\t]+|[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?")
_KINDS = {"number": _NUMBER, "mac": _MAC, "dotted": _DOTTED, "ipv6": _IPV6, "word": _WORD, "sign": _SIGN}
_SPACE = re.compile(r"[ \r\n\t]*")


@dataclass(frozen=True)
class Token:
    """`kind` is "keyword", "word", "number", "dotted", "ipv6", "mac", "sign" or "end"."""

    kind: str
    text: str
    value: Any
    begin: int
    end: int


def tokens(text: str) -> list[Token]:
    """All of them, and one of the kind "end"."""
    found: list[Token] = []
    at = _skip(text, 0)
    while at < len(text):
        found.append(_token(text, at))
        at = _skip(text, found[-1].end)
    found.append(Token("end", "", None, len(text), len(text)))
    return found


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    assert space is not None  # it matches nothing, too
    return space.end()


def _token(text: str, at: int) -> Token:
    """The longest that begins here; of two of one length the first of this order."""
    longest: tuple[str, str] = ("", "")
    for kind, pattern in _KINDS.items():
        match = pattern.match(text, at)
        if match and len(match[0]) > len(longest[1]) and _is(kind, match[0]):
            longest = (kind, match[0])
    kind, found = longest
    if not found:
        raise FilterError(text, at, f"no word begins with {text[at]!r}")
    return _valued(text, kind, found, at)


def _is(kind: str, found: str) -> bool:
    """Whether what looks like one is one, where the pattern alone does not tell."""
    if kind == "ipv6":
        return _readable(found)
    return kind != "dotted" or all(_NUMBER.fullmatch(part) for part in found.split("."))


def _readable(found: str) -> bool:
    try:
        IPv6Address(found)
    except ValueError:
        return False
    return True


def _valued(text: str, kind: str, found: str, at: int) -> Token:
    end = at + len(found)
    spelling = SPELLINGS.get(found, found)
    if kind == "word" and found in NUMBERS:
        return Token("number", found, NUMBERS[found], at, end)
    if (kind == "word" and spelling in KEYWORDS) or spelling in ("and", "or", "not"):
        return Token("keyword", spelling, None, at, end)
    if kind == "number":
        return Token(kind, found, number(text, found, at), at, end)
    if kind == "mac":
        return Token(kind, found, MACAddress(_mac(found)), at, end)
    if kind == "ipv6":
        return Token(kind, found, IPv6Address(found), at, end)
    if kind == "word":
        return Token(kind, found, found.removeprefix("\\"), at, end)
    return Token(kind, spelling, None, at, end)


def number(text: str, found: str, at: int) -> int:
    """As in C: 0x before hexadecimal digits, 0 before octal ones."""
    octal = len(found) > 1 and found[0] == "0" and found[1] not in "xX"
    if octal and set(found) & {"8", "9"}:
        raise FilterError(text, at, f"the number {found} begins with 0, so it is octal, and has no 8 or 9")
    value = int(found, 8 if octal else 0)
    if value > LARGEST:
        raise FilterError(text, at, f"the number {found} is larger than {LARGEST}")
    return value


def _mac(found: str) -> bytes:
    parts = re.split("[-:.]", found)
    return bytes.fromhex("".join(part.zfill(12 // len(parts)) for part in parts))
