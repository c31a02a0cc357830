"""Dumps whose lines open with an offset: Wireshark's, tcpdump's, xxd's, hexdump -C's, od -tx1's.

The offsets are held against the octets: a dump that lacks a line, or has more than its offsets say, is refused.
"""

from __future__ import annotations

import re

from rawkit.errors import FieldError

# Words are known to be in the order of the octets only behind a colon (tcpdump, xxd); without one (Wireshark,
# hexdump -C, od) octets must follow one by one.
OFFSET = re.compile(r"\s*(?:0x)?([0-9a-fA-F]{3,8})(?::\s+(?=[0-9a-fA-F]{2})|\s+(?=[0-9a-fA-F]{2}(?:\s|$)))")
LAST_OFFSET = re.compile(r"\s*[0-9a-fA-F]{6,8}\s*")
CERTAIN = re.compile(r"\s*\S+(?::|\s\s)")
DIGITS = re.compile(r"\s*[0-9a-fA-F][0-9a-fA-F\s]*")
OCTETS = re.compile(r"\s*(?:[0-9a-fA-F]{2}\s+){4}")
GROUP = re.compile(r"(?:[0-9a-fA-F]{2})+")

OCTAL_DIGITS = 7
"""Digits of an offset that od prints, which is octal; nobody else prints as many before octets."""


MAX_OCTETS = 1 << 20
"""More than any packet has: a `*` is not believed beyond."""


class Row:
    """A line of a dump: its offset and what follows. `repeated`: a `*` before it stands for lines like the last."""

    def __init__(self, digits: str, rest: str, repeated: bool) -> None:
        try:
            self.offset = int(digits, 8 if len(digits) == OCTAL_DIGITS else 16)
        except ValueError:
            raise FieldError(f"the offset {digits} is not octal, as those of od are") from None
        self.rest = rest
        self.repeated = repeated


def dump_rows(lines: list[str]) -> list[Row]:
    """The lines of the first packet that open with an offset; none where this is no dump."""
    rows: list[Row] = []
    repeated = False
    for line in lines:
        match = OFFSET.match(line)
        if match:
            row = Row(match[1], line[match.end() :], repeated)
            if rows and row.offset == 0:
                break  # another packet
            if row.offset and not rows:
                if CERTAIN.match(line):
                    raise FieldError(f"the dump begins at offset {row.offset}: lines are missing")
                break
            rows.append(row)
        elif rows and LAST_OFFSET.fullmatch(line):
            rows.append(Row(line.strip(), "", repeated))
        elif DIGITS.fullmatch(line) or OCTETS.match(line):
            if rows:
                raise FieldError(f"a line of this dump has no offset: {line.strip()[:40]}")
            break
        repeated = line.strip() == "*"
    return rows


def join(rows: list[Row]) -> bytes:
    """The octets of a dump's lines; each ends where the next one's offset says, the last where its column does."""
    octets = line = b""
    width: int | None = None
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        if row.offset > MAX_OCTETS:
            raise FieldError(f"offset {row.offset}: a packet has at most {MAX_OCTETS} octets")
        if row.repeated and line:
            octets += line * ((row.offset - len(octets)) // len(line))
        if row.offset != len(octets):
            raise FieldError(f"before offset {row.offset} there are only {len(octets)} octets: lines are missing")
        size = after.offset - row.offset if after and not after.repeated else None
        line = line_octets(row.rest, size, width)
        if size is not None and len(line) != size:
            raise FieldError(f"at offset {row.offset} there are {len(line)} octets; the next offset says {size}")
        octets, width = octets + line, len(line)
    return octets


def line_octets(rest: str, size: int | None, width: int | None) -> bytes:
    """The octets of one line without its offset: `size` of them, or more where those go on; where that is not known, at
    most `width`, and two or more spaces end their column. Hexdump and Wireshark put two spaces after the eighth of
    single octets as well.
    """
    found, group, previous_end = b"", 0, 0
    limit = size if size is not None else width
    for match in re.finditer(r"\S+", rest.split("|")[0]):
        gap, word = match.start() - previous_end, match[0]
        full = limit is not None and len(found) >= limit
        more = size is not None and gap == 1 and len(word) == 2 * group
        if (full and not more) or not GROUP.fullmatch(word):
            break
        middle = group == 1 and len(found) == 8 and gap == 2
        if found and size is None and ((gap > 1 and not middle) or len(word) > 2 * group):
            break
        found += bytes.fromhex(word)
        group, previous_end = group or len(word) // 2, match.end()
    return found[:width] if size is None else found
