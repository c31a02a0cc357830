"""The picture: golden ladders of every conversation in our captures, and the laws of its layout."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from rawkit.analysis import explain, gather
from rawkit.capture import read
from rawkit.show.escape import quoted
from rawkit.show.ladder import ASCII, NARROWEST, WIDE, WIDEST, Ladder, ladder
from rawkit.show.paint import ansi, plain
from rawkit.timeline import Call, End, Segment, State, Timeline
from tests.golden import FOLDER, assert_golden

CAPTURES = Path(__file__).parent.parent.parent / "captures"
ENDS = (End("10.0.0.1", 51234, "client"), End("10.0.0.2", 7, "server"))


def conversations() -> list[tuple[str, int]]:
    """(capture, number) of every conversation that we have recorded or built."""
    found = []
    for path in sorted(CAPTURES.rglob("*.pcap*")):
        with read(path) as capture:
            found += [(str(path.relative_to(CAPTURES)), each.number) for each in gather(capture).all]
    return found


def timeline_of(name: str, number: int = 1) -> Timeline:
    with read(CAPTURES / name) as capture:
        return explain(gather(capture).all[number - 1])


ALL = conversations()


@pytest.mark.parametrize(("name", "number"), ALL)
def test_golden(name: str, number: int) -> None:
    stem = name.rpartition(".")[0]
    assert_golden(f"ladder/{stem}-{number}" if number > 1 else f"ladder/{stem}", ladder(timeline_of(name, number)))


def test_no_golden_text_is_left_of_a_conversation_that_there_is_not() -> None:
    stems = {name.rpartition(".")[0] + (f"-{number}" if number > 1 else "") for name, number in ALL}
    kept = {str(path.relative_to(FOLDER / "ladder").with_suffix("")) for path in (FOLDER / "ladder").rglob("*.txt")}
    assert {name for name in kept if not name.startswith(("ascii/", "wide/", "made/"))} == stems


@pytest.mark.parametrize("name", ["tcp/echo.pcap", "tcp/simultaneous-close.pcap", "udp/port-unreachable.pcap"])
def test_golden_ascii(name: str) -> None:
    assert_golden(f"ladder/ascii/{name.rpartition('.')[0]}", ladder(timeline_of(name), ascii_only=True))


WIDE_ONES = ["tcp/http.pcap", "tcp/simultaneous-close.pcap", "ipv4/fragments.pcap", "damaged/bad-checksums.pcap"]


@pytest.mark.parametrize("name", WIDE_ONES)
def test_golden_wide(name: str) -> None:
    assert_golden(f"ladder/wide/{name.rpartition('.')[0]}", ladder(timeline_of(name), 120))


def test_what_only_wide_ladders_show_needs_their_columns() -> None:
    for name, number in ALL:
        timeline = timeline_of(name, number)
        narrow, wide = ladder(timeline, WIDE - 1), ladder(timeline, WIDE)
        assert not re.search(r'win=|seq=\d+\.\.|"\.\.\.|0x', narrow)
        assert ("win=" in wide) == any(segment.window is not None for segment in timeline.segments)
        for segment in timeline.segments:
            begins = quoted(segment.data[:4]).rstrip('"'), f"0x{segment.data[:4].hex()}"
            assert not segment.data or any(f" {text}" in wide for text in begins)


def test_a_window_of_an_unknown_scale_says_so() -> None:
    middle = Segment(0, "ACK", seq=1, ack=1, window=500, octets=54, does=("x",), arrives_after=1)
    text = ladder(Timeline("tcp", ENDS, (middle,)), WIDE)
    assert "win=500×? " in text
    assert '"×?": the handshake, which is not here' in " ".join(text.split())
    assert "×" not in ladder(Timeline("tcp", ENDS, (replace(middle, room=64000),)), WIDE)
    assert "win=" not in ladder(Timeline("tcp", ENDS, (replace(middle, label="RST"),)), WIDE).split("win= is")[0]


def shown_data(data: bytes, length: int = 0, width: int = WIDEST, does: str = "data") -> str:
    """The ladder of one packet with these octets."""
    length = length or len(data)
    segment = Segment(0, "UDP", "udp", length=length, octets=80, time_ns=0, does=(does,), arrives_after=1, data=data)
    return ladder(Timeline("udp", ENDS, (segment,)), width)


@pytest.mark.parametrize("data", [b"\x1b[2J", "\u202eevil".encode(), b"a\x00b", b"\xff\xfe", b"\x9b1m", b"\x7f"])
def test_data_that_is_not_plain_text_is_shown_in_hexadecimal(data: bytes) -> None:
    text = shown_data(data)
    assert f"data  0x{data.hex()} " in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_text_in_data_is_quoted() -> None:
    assert r'data  "say \"hi\\\"\r\n\t" ' in shown_data(b'say "hi\\"\r\n\t')
    assert 'data  "GET /"... ' in shown_data(b"GET /", 500)


@pytest.mark.parametrize("size", [1, 10, 26, 30, 52, 56, 60, 300])
def test_data_has_a_line_of_its_own_where_words_leave_it_no_room(size: int) -> None:
    """And is never wider than the ladder: line breaks take two columns each."""
    does = "x " * (size // 2)
    for data in (b"\n" * 30, b"a" * 30, b"\x00" * 30):
        lines = shown_data(data, 1000, WIDE, does).splitlines()
        assert max(map(len, lines)) <= WIDE
        assert sum(1 for line in lines if re.search(r'(".*"|0x[0-9a-f]+)\.\.\.  ', line)) == 1  # clear of the time
        assert len({(line.find("│"), line.rfind("│")) for line in lines if line.count("│") == 2}) == 1


@pytest.mark.parametrize("width", [NARROWEST, 80, 97, WIDE - 1, WIDE, 120, WIDEST])
def test_it_keeps_to_its_width_and_its_columns(width: int) -> None:
    for name, number in ALL:
        timeline = timeline_of(name, number)
        drawing = Ladder(timeline, width, plain)
        lines = ladder(timeline, width).splitlines()
        assert max(map(len, lines)) <= width
        rungs = [line for line in lines if re.search("[│├].*[│┤]", line[1:])]
        assert {line[drawing.side] for line in rungs} <= set("│├")
        assert {line[drawing.side + 1 + drawing.middle] for line in rungs} <= set("│┤")


def test_narrower_and_wider_than_it_can_be_is_the_nearest() -> None:
    timeline = timeline_of("tcp/echo.pcap")
    assert ladder(timeline, 10) == ladder(timeline, NARROWEST)
    assert ladder(timeline, 1000) == ladder(timeline, WIDEST)


def test_colour_changes_no_letter() -> None:
    for name, number in ALL:
        timeline = timeline_of(name, number)
        painted = re.sub("\x1b\\[[0-9;]*m", "", ladder(timeline, paint=ansi))
        assert [line.rstrip() for line in painted.splitlines()] == ladder(timeline).splitlines()


def test_ascii_has_nothing_else_and_the_same_places() -> None:
    for name, number in ALL:
        text = ladder(timeline_of(name, number), ascii_only=True)
        assert text.isascii()
        assert text == ladder(timeline_of(name, number)).translate(ASCII)


def test_every_packet_has_its_arrow_and_every_call_its_place() -> None:
    for name, number in ALL:
        timeline = timeline_of(name, number)
        text = ladder(timeline)
        assert len(re.findall("├[━╌]|[━╌]┤", text)) == len(timeline.segments)
        for call in timeline.calls:
            assert call.name in text


def test_a_watched_call_that_blocks_is_drawn_as_an_interval() -> None:
    """Later parts of rawkit write observed calls: the drawing takes their beginning and their return."""
    segments = (Segment(0, "PSH ACK", seq=1, ack=1, length=3, octets=57, does=("3 octets of data",), arrives_after=1),)
    calls = (
        Call(1, "recv", ("4096",), "3", begins_after=0, returns_after=2),
        Call(0, "send", ("3",), "", 0, 1, caused=(1,)),
    )
    states = (State(0, 0, "ESTABLISHED", observed=True), State(1, 0, "ESTABLISHED", observed=True))
    text = ladder(Timeline("tcp", ENDS, segments * 2, calls, states, (3, 0)))
    assert_golden("ladder/made/observed", text)
    assert "inferred" not in text


def test_text_from_elsewhere_does_nothing_to_the_terminal() -> None:
    segment = Segment(0, "UDP", "udp", does=("\x1b[2J\u202eevil",), arrives_after=1, via="\x07")
    call = Call(0, "send\x1b", ("\x9b",), "\n", 0, 1, caused=(1,))
    text = ladder(Timeline("udp", (End("a\x1b", 1), End("b\r", 2)), (segment,), (call,), notes=("\x1b]0;x\x07",)))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_a_timeline_without_packets_is_an_empty_ladder() -> None:
    text = ladder(Timeline("tcp", ENDS))
    assert "0 calls, 0 packets" in text


def test_calls_before_and_after_all_packets_are_there() -> None:
    """A program that blocks for ever after the last packet; one that never sent anything (a Unix-domain socket)."""
    blocked = Call(0, "recv", ("4096",), None, begins_after=1)
    segment = Segment(0, "UDP", "udp", does=("data",), arrives_after=1)
    rows = ladder(Timeline("udp", ENDS, (segment,), (blocked,))).splitlines()
    assert [row.split()[:2] for row in rows if "recv" in row] == [["┌", "recv(4096)"]]
    calls = (Call(0, "socket", (), "3", returns_after=0), Call(1, "read", ("3",), begins_after=0))
    text = ladder(Timeline("unix", ENDS, calls=calls))
    assert "socket() = 3" in text
    assert "read(3)" in text


def test_long_addresses_do_not_push_anything() -> None:
    ends = (
        End("2001:db8:aaaa:bbbb:cccc:dddd:eeee:1", 51234, "client"),
        End("2001:db8:aaaa:bbbb:cccc:dddd:eeee:2", 7, "server"),
    )
    text = ladder(Timeline("tcp", ends))
    assert max(map(len, text.splitlines())) <= 80
    assert all(str(end) in text for end in ends)


def test_numbers_that_do_not_fit_are_left_out_last_first() -> None:
    huge = Segment(0, "PSH ACK", seq=10**9, ack=10**9, length=65000, octets=65054, does=("x",), arrives_after=1)
    text = ladder(Timeline("tcp", ENDS, (huge,)))
    assert "PSH ACK seq=1000000000" in text
    assert "len=65000" not in text
