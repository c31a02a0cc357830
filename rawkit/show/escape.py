"""Text from the network, made safe to print. Everything in this room that shows such text goes through `visible`."""

from __future__ import annotations

import re

# C0 and C1 controls, DEL; soft hyphen and the invisible (200B-200F, 2060-206F, FEFF); line and paragraph separators;
# the bidirectional controls (202A-202E, 2066-2069, 061C); lone surrogates; interlinear marks; what XML may not have
# either (FFFE, FFFF; section 2.2); tags (E0000-E007F).
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e007f]"
)
NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def visible(text: object) -> str:
    r"""The text of anything, every character that acts on a terminal or hides itself written out.

    >>> visible("a\x1b[2Jb\u202ec\n")
    'a\\x1b[2Jb\\u202ec\\n'
    """
    return UNSAFE.sub(_written_out, str(text))


def _written_out(match: re.Match[str]) -> str:
    character = match[0]
    number = ord(character)
    if number < 0x100:
        return NAMED.get(character, f"\\x{number:02x}")
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def letters(octets: bytes) -> str:
    """A column of text beside octets: ASCII as it is, anything else a dot."""
    return "".join(chr(octet) if 0x20 <= octet < 0x7F else "." for octet in octets)


def quoted(octets: bytes, limit: int = 48, of: int = 0) -> str:
    r"""Octets as a short quotation: text where they are text, hexadecimal where not.

    `of`: how many there are, where `octets` are only the first of them.

    >>> quoted(b"GET /\r\n"), quoted(bytes([1, 2, 255])), quoted(b"GET /", of=61)
    ('"GET /\\r\\n"', '0x0102ff', '"GET /"...')
    """
    part = octets[:limit]
    more = "..." if max(len(octets), of) > len(part) else ""
    printable = sum(0x20 <= octet < 0x7F or octet in b"\r\n\t" for octet in part)
    if part and printable == len(part):
        text = part.decode("ascii").replace("\\", "\\\\").replace('"', '\\"')
        return f'"{visible(text)}"{more}'
    return f"0x{part.hex()}{more}"
