"""HTTP/1 heads: what the standard library, tshark and tcpdump say of the same octets; spans of segments; bad heads."""

from __future__ import annotations

from email.parser import BytesParser
from pathlib import Path

import pytest

from rawkit.capture import read
from rawkit.interop.http import HTTP, decode, recognise
from rawkit.interop.http_heads import METHODS
from rawkit.show import record
from rawkit.wire import Packet
from tests.interop.agreement import segment, tcpdump_says, tshark_agrees, we_say
from tests.interop.bounds import within_bounds
from tests.written import written

CAPTURE = Path(__file__).parents[2] / "captures/tcp/http.pcap"

FIELDS = (
    b"Host: example.com",
    b"User-Agent: test/1.0 (a; b)",
    b"Accept: */*",
    b"Accept-Language: en",
    b"Accept-Encoding: gzip",
    b"Authorization: Token abc",
    b"Connection: keep-alive",
    b"Cookie: a=b; c=d",
    b"Referer: http://example.com/",
    b"X-Forwarded-For: 192.0.2.1",
    b"DNT: 1",
)
GET = b"GET /index.html?q=1 HTTP/1.1\r\n" + b"\r\n".join(FIELDS) + b"\r\n\r\n"
POST = b"POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world"
OK = b"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: s\r\nContent-Type: text/plain\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"

MESSAGES = [
    GET,
    POST,
    b"PATCH /p HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET / HTTP/1.1\nHost: bare\n\n",
    OK + b"Content-Length: 5\r\n\r\nhello",
    OK + b"Location: /x\r\nSet-Cookie: a=b\r\nCache-Control: no-store\r\nLast-Modified: never\r\n\r\n",
    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    CHUNKED,
]


DEEPER = {
    "http.request.full_uri",
    "http.request.line",
    "http.request.uri.path",
    "http.request.uri.query",
    "http.request.uri.query.parameter",
    "http.response.code.desc",
    "http.response.line",
}
"""What of requests and responses only tshark tells."""


def text(octets: bytes) -> str:
    return decode(octets).summary()


def test_tshark_says_the_same(tmp_path: Path) -> None:
    packets = [segment(each, 80) for each in MESSAGES]
    tshark_agrees(packets, "http", tmp_path / "http.pcap", ("http.request.", "http.response."), DEEPER)


def test_the_line_begins_with_tcpdumps(tmp_path: Path) -> None:
    packets = [segment(each, 80) for each in MESSAGES]
    for ours, theirs in zip(we_say(packets), tcpdump_says(packets, tmp_path / "http.pcap"), strict=True):
        assert ours.startswith(theirs)


@pytest.mark.parametrize("octets", MESSAGES)
def test_the_standard_library_reads_the_same_fields(octets: bytes) -> None:
    (message,) = decode(octets).messages
    _, _, rest = octets.partition(b"\n")
    theirs = BytesParser().parsebytes(rest, headersonly=True)
    assert list(message.lines) == theirs.items()
    assert message.headers == {name.lower(): value for name, value in theirs.items()}


def test_a_request() -> None:
    found = decode(POST)
    assert (found.method, found.target, found.version, found.status) == ("POST", "/form", "HTTP/1.1", 0)
    assert found.headers["content-type"] == "text/plain"
    assert (found.messages[0].length, found.messages[0].body, found.messages[0].complete) == (11, 11, True)
    assert found.summary() == "HTTP: POST /form HTTP/1.1, 11 octets"
    assert (found.continues, found.continuation, found.after, found.defects) == (False, False, 0, ())


def test_a_response() -> None:
    found = decode(OK + b"Content-Length: 5\r\n\r\nhello")
    assert (found.method, found.status, found.reason) == ("", 200, "OK")
    assert found.summary() == "HTTP: HTTP/1.1 200 OK, 5 octets"


def test_the_recorded_conversation() -> None:
    with read(CAPTURE) as capture:
        found = [frame.packet[HTTP] for frame in capture if HTTP in frame.packet]
    assert [each.summary() for each in found] == [
        "HTTP: GET / HTTP/1.1",
        "HTTP: HTTP/1.0 200 OK, 0 of 69 octets",
        "HTTP, 69 octets (continuation)",
    ]


# -- what spans segments --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", range(5, len(GET)))
def test_a_head_that_the_segment_cuts_goes_on(cut: int) -> None:
    found = decode(GET[:cut])
    assert found.continues
    assert found.defects == ()
    assert found.messages[0].method == "GET"
    assert found.summary().endswith("(continues)")
    whole = decode(GET).messages[0].lines
    assert found.messages[0].lines == whole[: len(found.messages[0].lines)]


def test_a_body_that_the_segment_cuts_goes_on() -> None:
    assert text(POST[:-4]) == "HTTP: POST /form HTTP/1.1, 7 of 11 octets (continues)"
    assert text(POST[:-11]) == "HTTP: POST /form HTTP/1.1, 0 of 11 octets (continues)"
    assert text(CHUNKED[:-4]).endswith("11 octets of chunks (continues)")
    assert text(CHUNKED).endswith("15 octets of chunks")


def test_a_body_that_may_not_come_is_not_promised() -> None:
    """RFC 9112 section 6.3: what answers HEAD has none, whatever its length says; without one the end ends it."""
    assert text(OK + b"Content-Length: 5\r\n\r\n") == "HTTP: HTTP/1.1 200 OK, 0 of 5 octets"
    assert text(OK + b"\r\nabc") == "HTTP: HTTP/1.1 200 OK, 3 octets"
    assert decode(OK + b"\r\nabc").messages[0].length is None


def test_a_segment_that_begins_inside_a_message() -> None:
    packet = segment(b"llo world", 80)
    assert packet[HTTP].continuation
    assert packet[HTTP].summary() == "HTTP, 9 octets (continuation)"
    assert packet.defects == ()
    assert packet[HTTP].fields() == []


def test_json_says_so_too(tmp_path: Path) -> None:
    path = written(tmp_path / "spans.pcap", [segment(GET[:60], 80), segment(b"abc", 80), segment(GET, 80)])
    with read(path) as capture:
        layers = [record(frame)["layers"][-1] for frame in capture]
    told = [{key for key in layer if key.startswith("rawkit.cont")} for layer in layers]
    assert told == [{"rawkit.continues"}, {"rawkit.continuation"}, set()]


def test_several_messages_in_a_segment() -> None:
    found = decode(b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 1\r\n\r\na" + OK + b"\r\n")
    assert [each.status for each in found.messages] == [100, 200, 200]
    assert text(GET + POST).startswith("HTTP: GET /index.html?q=1 HTTP/1.1; POST /form HTTP/1.1, 11 octets")


def test_what_follows_a_change_of_protocols() -> None:
    found = decode(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello")
    assert (found.status, found.after) == (101, 7)
    assert found.summary() == "HTTP: HTTP/1.1 101 Switching Protocols, then 7 octets"


# -- by first octets ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("octets", [GET, POST, OK + b"\r\n"])
def test_a_whole_start_line_is_recognised_on_any_port(octets: bytes) -> None:
    assert segment(octets, 9999)[HTTP].messages


@pytest.mark.parametrize(
    "octets",
    [
        b"GET / HTTP",
        b"GET the book",
        b"OPTIONS rtsp://a RTSP/1.0\r\n\r\n",
        b"HTTP/1.1 in short\r\n",
        b"HTTP/2 200\r\n",
        b"get / HTTP/1.1",
    ],
)
def test_what_only_looks_like_one_is_not(octets: bytes) -> None:
    packet = segment(octets, 9999)
    assert (packet.application, packet.defects) == (None, ())
    assert recognise(octets) is None


def test_on_another_port_nothing_is_blamed() -> None:
    packet = segment(b"GET / HTTP/1.1\r\nno field\r\n\r\n", 9999)
    assert (packet.application, packet.defects) == (None, ())


def test_every_method_is_recognised() -> None:
    for method in METHODS:
        assert HTTP in segment(method + b" / HTTP/1.1\r\n\r\n", 9999), method


# -- what is wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"no field", "no field name before a colon"),
        (b": no name", "no field name before a colon"),
        (b"two words: x", "no field name before a colon"),
        (b"Host : x", "no field name before a colon"),
        (b"na\xffme: x", "no field name before a colon"),
        (b"Content-Length: x", "not a length"),
        (b"Content-Length: -1", "not a length"),
        (b"Content-Length: 1, 2", "not a length"),
        (b"Content-Length: " + b"9" * 5000, "not a length"),
        (b"Content-Length: 1\r\nContent-Length: 2", "not a length"),
        (b"Content-Length: 1\r\nTransfer-Encoding: chunked", "both a length and a transfer coding"),
    ],
)
def test_a_bad_head_is_a_defect_and_is_shown(line: bytes, why: str) -> None:
    octets = b"GET / HTTP/1.1\r\nHost: a\r\n" + line + b"\r\nAccept: b\r\n\r\n"
    packet = segment(octets, 80)
    found = packet[HTTP]
    assert (found.method, found.headers["host"], found.headers["accept"]) == ("GET", "a", "b")
    (defect,) = packet.defects
    assert defect.layer == "HTTP"
    assert defect.why.startswith(why)
    assert packet.payload_offset <= defect.offset < len(packet)
    assert packet.summary().isprintable()


def test_a_bad_lines_place_is_told() -> None:
    octets = b"GET / HTTP/1.1\r\nHost: a\r\nno field\r\n\r\n"
    (defect,) = segment(octets, 80).defects
    assert defect.offset - 54 == octets.index(b"no field")


def test_the_same_length_twice_is_one() -> None:
    """RFC 9112 section 6.3."""
    assert decode(b"GET / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab").messages[0].length == 2


def test_a_folded_field_is_one_field() -> None:
    """RFC 9112 section 5.2."""
    (message,) = decode(b"GET / HTTP/1.1\r\nA: one\r\n two\r\n\tthree\r\nB: c\r\n\r\n").messages
    assert message.lines == (("A", "one two three"), ("B", "c"))
    assert message.headers == {"a": "one two three", "b": "c"}


def test_text_is_escaped_on_the_line_and_kept_in_the_fields() -> None:
    found = decode(b"GET /\x1b[2J\xe2\x80\xae HTTP/1.1\r\nHost: caf\xc3\xa9\r\n\r\n")
    assert found.summary() == "HTTP: GET /\\x1b[2J\\u202e HTTP/1.1"
    assert dict(found.fields())["http.host"] == "café"


@pytest.mark.parametrize(
    "octets",
    [
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 170_000,
        b"GET / HTTP/1.1\r\n" + b"a" * 1_000_000,
        b"GET / HTTP/1.1\r\na: b\r\n" + b" c\r\n" * 250_000 + b"\r\n",
        b"GET " + b"/" * 1_000_000,
        b"GET / HTTP/1.1\r\n\r\n" * 55_000,
        b"GET / HTTP/1.1\r\n" + b"\r\n" * 500_000,
        b"HTTP/1.1 200 OK\r\n" + b"no field\r\n" * 100_000 + b"\r\n",
    ],
)
def test_a_head_of_a_million_octets_is_read_within_bounds(octets: bytes) -> None:
    with within_bounds():
        found = decode(octets)
        found.summary()
        found.fields()


def test_a_fragment_and_a_cut_frame_are_not_dissected() -> None:
    whole = segment(POST, 80)
    assert Packet.decode(whole.octets[:90], wire_length=len(whole)).application is None
