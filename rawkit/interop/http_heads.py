"""The head of an HTTP/1 message (RFC 9112): its start line, its field lines (read by dpkt), and how long its body is.

The body is counted, not parsed. All of this takes time linear in the octets. dpkt reads the field lines one by one; it
is not asked for the start line (it knows no PATCH), nor for the whole (it reads bodies, and gives up at a bad line).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

import dpkt
import dpkt.http

from rawkit.errors import Defect
from rawkit.interop.texts import text

TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
"""RFC 9110 section 5.6.2: methods, and names of fields."""

REQUEST_LINE = re.compile(rb"(?P<method>%b) (?P<target>[^ \r\n]+) (?P<version>HTTP/1\.\d)\r?\n" % TOKEN)
STATUS_LINE = re.compile(rb"(?P<version>HTTP/1\.\d) (?P<status>[1-9]\d\d)(?: (?P<reason>[^\r\n]*))?\r?\n")
"""RFC 9112 sections 3 and 4. A line may end with LF alone (section 2.2)."""

METHODS = (b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH")
"""RFC 9110 section 9.3 and RFC 5789: by these a request line is known whose end is not in the segment."""

CUT_LINE = re.compile(rb"(?:(?P<method>%b) [^\r\n]*|HTTP/1\.\d [^\r\n]*)\r?\Z" % b"|".join(METHODS))

HEAD_END = re.compile(rb"\n\r?\n")
NAME = re.compile(TOKEN)
NO_BODY = (204, 304)
"""Status codes without one, besides all below 200 (RFC 9112 section 6.3)."""

MAX_LENGTH_DIGITS = 19
"""Of a Content-Length: more octets than 63 bits count is nobody's body."""


@dataclass(frozen=True)
class Head:
    """`lines` are (name, value) as on the wire, without what is no field; `headers` as dpkt reads them, by lower-case
    name, ASCII only, several of one name joined by commas (RFC 9110 section 5.2).

    `complete`: its end is here; `end` is where it ends. `length` is the body's, None where only chunks or the end of
    the connection tell; `body` its octets that are here.
    """

    start_line: str
    method: str = ""
    target: str = ""
    version: str = ""
    status: int = 0
    reason: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    complete: bool = False
    end: int = 0
    length: int | None = 0
    body: int = 0

    @property
    def chunked(self) -> bool:
        """RFC 9112 section 6.1: whether the body comes in chunks that tell their length."""
        return self.headers.get("transfer-encoding", "").lower().endswith("chunked")


NO_HEAD = Head("")


def read_head(octets: bytes, at: int, defects: list[Defect]) -> Head | None:
    """The head that begins there; None where none does. What is wrong in it goes to `defects`."""
    line = REQUEST_LINE.match(octets, at) or STATUS_LINE.match(octets, at) or CUT_LINE.match(octets, at)
    if line is None:
        return None
    parts: dict[str, Any] = {name: text(value or b"") for name, value in line.groupdict().items()}
    parts |= {"start_line": text(line[0].rstrip()), "status": int(parts.get("status", 0)), "end": line.end()}
    if not line[0].endswith(b"\n"):
        return Head(**parts)
    end = HEAD_END.search(octets, line.end() - 1)
    parts["end"] = end.end() if end is not None else len(octets)
    lines, headers = read_fields(octets, line.end(), parts["end"], defects)
    head = Head(**parts, lines=lines, headers=headers, complete=end is not None)
    if end is None:
        return head
    length, here = body_length(head, defects, at), len(octets) - head.end
    return replace(head, length=length, body=here if length is None else min(here, length))


def read_fields(
    octets: bytes, at: int, end: int, defects: list[Defect]
) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
    """The lines and the headers of a `Head`."""
    lines: list[tuple[str, str]] = []
    headers: dict[str, list[str]] = {}
    for offset, line in field_lines(octets, at, end):
        begin, _, rest = line.partition(b":")
        for name, value in read_field(line, offset, defects).items():
            lines.append((text(begin), text(rest.strip())))
            headers.setdefault(name, []).append(value)
    return tuple(lines), {name: ", ".join(values) for name, values in headers.items()}


def field_lines(octets: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Offset and octets of each whole field line, folded ones joined (RFC 9112 section 5.2)."""
    while (newline := octets.find(b"\n", at, end)) >= 0:
        parts = [octets[at:newline].rstrip(b"\r")]
        if not parts[0]:
            return
        begin, at = at, newline + 1
        while octets[at : at + 1] in (b" ", b"\t") and (newline := octets.find(b"\n", at, end)) >= 0:
            parts.append(octets[at:newline].strip())
            at = newline + 1
        yield begin, b" ".join(parts)


def read_field(line: bytes, offset: int, defects: list[Defect]) -> dict[str, str]:
    """A field's lower-case name with its value, as dpkt reads them; none where it is no field (RFC 9112 section 5)."""
    try:
        if b":" not in line or not NAME.fullmatch(line.partition(b":")[0]):
            raise dpkt.UnpackError("no field name before a colon")
        return dict(dpkt.http.parse_headers(BytesIO(line)))
    except dpkt.UnpackError as error:
        found = ascii(text(line[:40]))
        defects.append(Defect("HTTP", "field line", offset, found, "name: value", str(error)))
        return {}


def body_length(head: Head, defects: list[Defect], offset: int) -> int | None:
    """RFC 9112 section 6.3."""
    declared = head.headers.get("content-length")
    if head.status and (head.status < 200 or head.status in NO_BODY):
        return 0
    if "transfer-encoding" in head.headers:
        if declared is not None:
            why = "both a length and a transfer coding (RFC 9112 section 6.3)"
            defects.append(Defect("HTTP", "Content-Length", offset, declared[:40], "one of the two", why))
        return None
    if declared is None:
        return None if head.status else 0
    numbers = {each.strip() for each in declared.split(",")}
    if any(not number.isdigit() or len(number) > MAX_LENGTH_DIGITS for number in numbers):
        defects.append(Defect("HTTP", "Content-Length", offset, declared[:40], "a number", "not a length"))
        return None
    if len(numbers) > 1:
        why = "lengths that disagree (RFC 9112 section 6.3)"
        defects.append(Defect("HTTP", "Content-Length", offset, declared[:40], "one number", why))
        return None
    return int(numbers.pop())
