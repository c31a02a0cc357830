"""What people paste: hexadecimal dumps as octets."""

from __future__ import annotations

import re

from rawkit.errors import FieldError

# "0000  45 00 ..." (Wireshark), "0x0000:  4500 003c ..." (tcpdump), "00000010: 45 00" (xxd): an offset opens the line.
OFFSET = re.compile(r"^\s*(?:0x)?([0-9a-fA-F]{3,8})(?::|\s)\s*(?=[0-9a-fA-F]{2})")
GROUP = re.compile(r"^(?:[0-9a-fA-F]{2})+$")


def from_hex(text: str) -> bytes:
    """The octets of a pasted dump: Wireshark's, tcpdump's (`-x`, `-xx`, `-X`), xxd's, hexdump -C's, or plain
    hexadecimal with or without spaces, colons, `0x` and `\\x`. FieldError where there are none or half an octet.

    >>> from_hex("0x0000:  4500 0014  E...").hex()
    '45000014'
    """
    lines = [line for line in text.splitlines() if line.strip()]
    dump = dump_lines(lines)
    octets = join(dump) if dump is not None else plain(text)
    if not octets:
        raise FieldError("no octets in this text: give hexadecimal digits, or a dump of Wireshark or tcpdump")
    return octets


def dump_lines(lines: list[str]) -> list[tuple[int, str]] | None:
    """(offset, rest) of the lines that open with an offset; None where this is no dump."""
    found = [(int(match[1], 16), line[match.end() :]) for line in lines if (match := OFFSET.match(line))]
    if not found or found[0][0] != 0:
        return None
    if len(found) == 1 and ":" not in lines[0].split()[0] and not re.match(r"^\s*\S+\s{2,}", lines[0]):
        return None
    return found


def join(dump: list[tuple[int, str]]) -> bytes:
    """The octets of a dump's lines; each ends where the next one's offset says, the last where its column does."""
    octets = b""
    width: int | None = None
    for index, (offset, rest) in enumerate(dump):
        if offset != len(octets):
            break  # another packet begins, or lines are missing
        size = dump[index + 1][0] - offset if index + 1 < len(dump) and dump[index + 1][0] > offset else None
        octets += line_octets(rest, size, width)
        width = size
    return octets


def line_octets(rest: str, size: int | None, width: int | None) -> bytes:
    """The octets of one line without its offset: `size` of them; where that is not known, at most `width`, and two or
    more spaces end their column. Hexdump and Wireshark put two spaces after the eighth of single octets as well.
    """
    found, group, previous_end = b"", 0, 0
    limit = size if size is not None else width
    for match in re.finditer(r"\S+", rest.split("|")[0]):
        gap, word = match.start() - previous_end, match[0]
        if (limit is not None and len(found) >= limit) or not GROUP.match(word):
            break
        middle = group == 1 and len(found) == 8 and gap == 2
        if found and size is None and ((gap > 1 and not middle) or len(word) > 2 * group):
            break
        found += bytes.fromhex(word)
        group, previous_end = group or len(word) // 2, match.end()
    return found[:limit]


def plain(text: str) -> bytes:
    """Digits, whatever stands between them."""
    digits = re.sub(r"b(?=['\"])|0x|\\x|[\s:,;.\-{}\[\]()'\"]", "", text)
    if not re.fullmatch(r"[0-9a-fA-F]*", digits):
        wrong = next(character for character in digits if character not in "0123456789abcdefABCDEF")
        raise FieldError(f"{wrong!r} is no hexadecimal digit")
    if len(digits) % 2:
        raise FieldError(f"{len(digits)} hexadecimal digits: the last octet is only half there")
    return bytes.fromhex(digits)
