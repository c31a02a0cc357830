"""HTTP/1 (RFC 9112), heads only: TCP ports 80 and 8080, and any other where a segment begins with one.

`packet[HTTP]` has the start line and the header fields; of bodies it says how many octets are here, and how many there
are in all. A segment shows a message's beginning or a part of its rest, and it is said which.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rawkit.errors import Defect
from rawkit.interop.http_heads import NO_HEAD, REQUEST_LINE, STATUS_LINE, Head, read_head
from rawkit.interop.texts import clipped, count
from rawkit.wire import Application

LAST_CHUNK = b"0\r\n\r\n"
"""RFC 9112 section 7.1, without trailers."""

REQUEST_FIELDS = {"method": "http.request.method", "target": "http.request.uri", "version": "http.request.version"}
RESPONSE_FIELDS = {"version": "http.response.version", "status": "http.response.code", "reason": "http.response.phrase"}

HEADER_FIELDS = {
    name: f"http.{name.replace('-', '_')}"
    for name in (
        "accept",
        "accept-encoding",
        "accept-language",
        "authorization",
        "cache-control",
        "connection",
        "content-encoding",
        "content-type",
        "cookie",
        "date",
        "host",
        "last-modified",
        "location",
        "proxy-authenticate",
        "proxy-authorization",
        "referer",
        "sec-websocket-accept",
        "sec-websocket-extensions",
        "sec-websocket-key",
        "sec-websocket-protocol",
        "sec-websocket-version",
        "server",
        "set-cookie",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "www-authenticate",
        "x-forwarded-for",
    )
} | {"content-length": "http.content_length_header"}
"""Header fields that Wireshark has a name for."""


class HTTP(Application):
    """What of HTTP a segment shows; never a `Defect` as a whole: octets that are no head are a continuation, or of
    another protocol on this port: a segment alone does not tell.

    `messages` are the `Head`s in it; `method`, `target`, `version`, `status` (0 in a request), `reason` and `headers`
    are the first one's. `after` counts octets behind the last message that are none (after a 101 response: those of
    another protocol).
    """

    wireshark = "http"

    def __init__(self, octets: bytes) -> None:
        super().__init__(octets)
        messages: list[Head] = []
        defects: list[Defect] = []
        at = 0
        while at < len(octets) and (head := read_head(octets, at, defects)) is not None:
            messages.append(head)
            at = head.end + head.body
        self.messages = tuple(messages)
        head = messages[0] if messages else NO_HEAD
        self.method, self.target, self.version = head.method, head.target, head.version
        self.status, self.reason, self.headers = head.status, head.reason, head.headers
        self.after = len(octets) - at
        self.defects = tuple(defects)
        self.continuation = not self.messages
        self.continues = bool(self.messages) and self._goes_on(self.messages[-1])

    def _goes_on(self, last: Head) -> bool:
        """Whether the last message surely has more octets than are here.

        A response whose body has not begun may answer HEAD, and then has none (RFC 9112 section 6.3); one without a
        length ends with the connection.
        """
        if not last.complete:
            return True
        if last.chunked and last.length is None:
            body = self.octets[last.end :]
            return body != LAST_CHUNK and not body.endswith(b"\n" + LAST_CHUNK) and bool(body or not last.status)
        return last.length is not None and last.body < last.length and bool(last.body or not last.status)

    def summary(self) -> str:
        """One line in tcpdump's habit, then the body: `HTTP: HTTP/1.1 200 OK, 100 of 500 octets (continues)`."""
        if self.continuation:
            return f"HTTP, {count(len(self.octets))} (continuation, or not HTTP/1)"
        said = "; ".join(map(message_text, self.messages))
        more = f", then {count(self.after)}" if self.after else ""
        return f"HTTP: {said}{more}{' (continues)' if self.continues else ''}"

    def fields(self) -> list[tuple[str, Any]]:
        """(Wireshark's name, value) in the order of the messages."""
        return [each for message in self.messages for each in message_fields(message)]


def message_text(head: Head) -> str:
    """The start line and what is known of the body."""
    line = clipped(head.start_line.encode())
    if not head.complete:
        return line
    if head.chunked and head.length is None:
        return f"{line}, {count(head.body)} of chunks"
    if head.length is None:
        return f"{line}, {count(head.body)}" if head.body else line
    if head.body == head.length:
        return f"{line}, {count(head.length)}" if head.length else line
    return f"{line}, {head.body} of {count(head.length)}"


def message_fields(head: Head) -> Iterator[tuple[str, Any]]:
    if head.version:
        for attribute, name in (RESPONSE_FIELDS if head.status else REQUEST_FIELDS).items():
            yield name, getattr(head, attribute)
    for name, value in head.lines:
        known = HEADER_FIELDS.get(name.lower())
        yield (known, value) if known else ("rawkit.field", f"{name}: {value}")
    if head.complete:
        yield "rawkit.body.octets", head.body
    if head.complete and head.length is not None:
        yield "rawkit.body.length", head.length
    if head.chunked:
        yield "rawkit.body.chunked", True


def decode(octets: bytes) -> HTTP:
    """A TCP payload of HTTP's ports."""
    return HTTP(octets)


def recognise(octets: bytes) -> HTTP | None:
    """A TCP payload of any other port; None where it does not begin with a whole start line."""
    return HTTP(octets) if REQUEST_LINE.match(octets) or STATUS_LINE.match(octets) else None
