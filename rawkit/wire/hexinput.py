"""What people paste as octets. What cannot be read with certainty is refused."""

from __future__ import annotations

import re

from rawkit.errors import FieldError
from rawkit.wire.hexdump import DIGITS, GROUP, dump_rows, join

BETWEEN = re.compile(r"[\s:,;.\-{}\[\]()'\"]+")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
ARRAY = re.compile(r"\w\s*\[[^\]]*\]\s*=\s*\{([^{}]*)\}")
LITERAL = re.compile(r"""b'((?:[^'\\]|\\.)*)'|b"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
CHARACTER = re.compile(r"\\x([0-9a-fA-F]{2})|\\(.)|([^\\])", re.DOTALL)
ESCAPES = {"n": 10, "r": 13, "t": 9, "\\": 92, "'": 39, '"': 34}
HEXADECIMAL = "0123456789abcdefABCDEF"


def from_hex(text: str) -> bytes:
    """The octets of a pasted dump: Wireshark's, tcpdump's (`-x`, `-xx`, `-X`), xxd's, hexdump -C's, od -tx1's, or plain
    hexadecimal with or without spaces, colons, `0x` and `\\x`; an array in C, `bytes` in Python. Of several packets the
    first. FieldError where there are none, half an octet, or lines missing.

    >>> from_hex("0x0000:  4500 0014  E...").hex()
    '45000014'
    """
    if not isinstance(text, str):
        raise FieldError(f"from_hex takes text, not {type(text).__name__}")
    rows = dump_rows(text.splitlines())
    octets = join(rows) if rows else plain(text)
    if not octets:
        raise FieldError("no octets in this text: give hexadecimal digits, or a dump of Wireshark or tcpdump")
    return octets


def plain(text: str) -> bytes:
    """Octets without offsets, as people write them and as programs print them."""
    literals = [match[1] or match[2] or "" for match in LITERAL.finditer(text)]
    if literals and not LITERAL.sub("", text).strip("()+ \r\n"):
        return python_octets("".join(literals))
    if "{" in text:
        text = COMMENT.sub(" ", text)
        array = ARRAY.search(text)
        text = array[1] if array else text
    if "\\x" in text:
        text = re.sub(r"\\x([0-9a-fA-F]{2})(?![0-9a-fA-F])", r" \1 ", text)
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if all(len(line) == 1 and DIGITS.fullmatch(line[0]) for line in lines):
        lines = [["".join(line[0] for line in lines)]]  # wrapped anywhere, also inside an octet
    if lines and offset_of_words(lines[0]):
        raise FieldError("words after an offset may be swapped: dump octet by octet (hexdump -C, od -tx1, xxd)")
    return b"".join(octets_of_word(word) for line in lines for word in BETWEEN.split(" ".join(line)) if word)


def offset_of_words(line: list[str]) -> bool:
    """Whether it opens like a line of od -x or of hexdump, whose words are in the order of the machine they ran on."""
    first, *words = line
    return 3 <= len(first) <= 8 and not first.strip("0") and bool(words) and max(map(len, words)) < len(first)


def octets_of_word(word: str) -> bytes:
    """The octets of a run of digits; after 0x one digit alone is an octet too."""
    digits = word.removeprefix("0x").removeprefix("0X")
    for character in digits:
        if character not in HEXADECIMAL:
            raise FieldError(f"{character!r} is no hexadecimal digit")
    if len(digits) == 1 and digits != word:
        digits = "0" + digits
    if len(digits) % 2:
        raise FieldError(f"{word[:40]}: {len(digits)} hexadecimal digits, the last octet is only half there")
    return bytes.fromhex(digits)


def python_octets(text: str) -> bytes:
    """What stands within `b'...'`. Digits alone are taken for hexadecimal, as `hexlify()` gives them."""
    if GROUP.fullmatch(text):
        return bytes.fromhex(text)
    octets = bytearray()
    for code, escape, character in CHARACTER.findall(text):
        octet = int(code, 16) if code else ESCAPES.get(escape, -1) if escape else ord(character)
        if not 0 <= octet < 256 or (character and octet > 127):
            raise FieldError(f"{escape or character!r} does not stand in octets that Python prints")
        octets.append(octet)
    return bytes(octets)
