"""The ladder as SVG: everything of the timeline is in it, in its place, and nothing in it acts."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from itertools import pairwise

import pytest

from rawkit.show.ladder_layout import Box, Layout
from rawkit.show.ladder_svg import START, UPRIGHTS, ladder_svg
from rawkit.show.ladder_words import numbers
from rawkit.timeline import Call, End, Segment, State, Timeline
from tests.analysis.test_linear import calls_made
from tests.golden import assert_golden
from tests.show.test_ladder import ALL, ENDS, timeline_of
from tests.show.test_svg import SVG

CALLS_A_PACKET = 2_000
"""Far above what drawing a packet costs, far below what looking at all the others would."""

TAGS = {"svg", "title", "g", "text", "rect", "polyline", "polygon", "circle"}

OBSERVED = Timeline(
    "tcp",
    ENDS,
    (
        Segment(0, "PSH ACK", seq=1, ack=1, length=3, octets=57, does=("3 octets of data",), arrives_after=3),
        Segment(1, "ACK", seq=1, ack=1, octets=54, does=("acknowledges nothing new",), arrives_after=2),
        Segment(1, "ICMP", "icmp", octets=70, does=("fragmentation needed",), via="10.9.9.9", arrives_after=3),
        Segment(0, "PSH ACK", seq=1, ack=1, length=3, octets=57, does=("3 octets of data again",), arrives_after=None),
        Segment(1, "ACK", seq=1, ack=4, octets=54, does=("acknowledges 3 octets",), arrives_after=6),
        Segment(0, "ACK", seq=4, ack=1, octets=54, does=("acknowledges nothing new",), arrives_after=6),
    ),
    (
        Call(1, "poll", ("5", "-1"), "1", begins_after=0, returns_after=4),
        Call(1, "recv", ("4096",), "3", begins_after=1, returns_after=3),
        Call(0, "send", ("3",), "", begins_after=0, returns_after=1, caused=(1, 4)),
        Call(0, "recv", ("4096",), None, begins_after=2),
        Call(0, "recv", (), "ETIMEDOUT", returns_after=4, certainty="possible", why="nothing came"),
        Call(1, "pause", (), None, begins_after=6),
    ),
    (
        State(0, 0, "ESTABLISHED", observed=True),
        State(1, 0, "ESTABLISHED", observed=True),
        State(1, 3, "CLOSE-WAIT", "receive FIN", 1, True),
        State(1, 3, "LAST-ACK", "CLOSE", 3, True),
        State(1, 3, "CLOSED", "timeout", None, True),
    ),
    (3, 0),
)
"""Everything that a drawing has to know: a crossing, a packet lost, one from a router, one late, calls in calls."""

DRAWN = [
    *(pytest.param(timeline_of(*each), id=f"{each[0]}-{each[1]}") for each in ALL),
    pytest.param(OBSERVED, id="made"),
]


def tree(timeline: Timeline) -> ElementTree.Element:
    return ElementTree.fromstring(ladder_svg(timeline).encode())


def groups(root: ElementTree.Element) -> dict[str, list[ElementTree.Element]]:
    """The groups that have a title, by it."""
    found: dict[str, list[ElementTree.Element]] = {}
    for group in root.iter(f"{SVG}g"):
        title = group.find(f"{SVG}title")
        if title is not None:
            found.setdefault(title.text or "", []).append(group)
    return found


def letters(group: ElementTree.Element) -> str:
    """What is written in it, without spaces: long texts are broken."""
    return "".join(text.text or "" for text in group.iter(f"{SVG}text")).replace(" ", "")


@pytest.mark.parametrize("name", ["tcp/echo.pcap", "tcp/simultaneous-close.pcap", "udp/port-unreachable.pcap"])
def test_golden(name: str) -> None:
    assert_golden(f"ladder/svg/{name.rpartition('.')[0]}", ladder_svg(timeline_of(name)), ending=".svg")


def test_golden_observed() -> None:
    assert_golden(
        "ladder/svg/made", ladder_svg(OBSERVED, "7 packets of other conversations are not shown."), ending=".svg"
    )


@pytest.mark.parametrize("timeline", DRAWN)
def test_every_call_state_and_packet_is_in_it_once(timeline: Timeline) -> None:
    found = groups(tree(timeline))
    calls = [f"{call.text}: {call.certainty}" + (f" ({call.why})" if call.why else "") for call in timeline.calls]
    states = [state.name + (f": {state.cause}" if state.cause else "") for state in timeline.states]
    packets = [
        f"packet {segment.number or index}: {' '.join(numbers(segment, everything=True))}"
        for index, segment in enumerate(timeline.segments, 1)
    ]
    assert Counter({title: len(each) for title, each in found.items()}) == Counter([*calls, *states, *packets])
    for title, call in zip(calls, timeline.calls, strict=True):
        for part in (f"{call.name}(", call.result or "", *call.arguments):
            assert all(part.replace(" ", "") in letters(group) for group in found[title])
    for title, state in zip(states, timeline.states, strict=True):
        assert all(letters(group) == state.name for group in found[title])


@pytest.mark.parametrize("timeline", DRAWN)
def test_the_words_of_every_packet_are_in_it(timeline: Timeline) -> None:
    written = letters(tree(timeline))
    for segment in timeline.segments:
        assert ", ".join(segment.does).replace(" ", "") in written
        assert " ".join(numbers(segment, everything=False)).replace(" ", "") in written
    for note in timeline.notes:
        assert note.replace(" ", "") in written


@pytest.mark.parametrize("timeline", DRAWN)
def test_what_calls_sent_is_heavy_and_the_rest_dashed(timeline: Timeline) -> None:
    found = groups(tree(timeline))
    by_call = {index for call in timeline.calls for index in call.caused}
    for index, segment in enumerate(timeline.segments, 1):
        (group,) = found[f"packet {segment.number or index}: {' '.join(numbers(segment, everything=True))}"]
        shaft = list(group.iter(f"{SVG}polyline"))[-1 if segment.arrives_after is None or index in by_call else -2]
        assert (shaft.get("stroke-dasharray") is None) == (index in by_call)
        assert (float(shaft.get("stroke-width", "0")) > 2) == (index in by_call)
        assert (len(list(group.iter(f"{SVG}polygon"))) == 1) == (index in by_call and segment.arrives_after is not None)
        assert ("?" in letters(group)) == (segment.arrives_after is None)
        assert bool(list(group.iter(f"{SVG}circle"))) == bool(segment.via)


@pytest.mark.parametrize("timeline", DRAWN)
def test_arrows_go_down_by_cause(timeline: Timeline) -> None:
    layout = Layout(timeline, START)
    assert all(one.top < other.top for one, other in pairwise(layout.arrows))
    for arrow in layout.arrows:
        place = arrow.segment.arrives_after
        assert (arrow.bottom is None) == (place is None)
        if place is not None and arrow.bottom is not None:
            assert (arrow.bottom > arrow.top) == (place > arrow.index)
            if arrow.crosses:
                assert arrow.bottom > layout.arrows[place - 1].top


@pytest.mark.parametrize("timeline", DRAWN)
def test_calls_stand_where_they_began_and_returned(timeline: Timeline) -> None:
    layout = Layout(timeline, START)
    arrows = layout.arrows
    for box in layout.boxes:
        call = box.call
        for index in call.caused:
            assert box.top < arrows[index - 1].top
        first = call.begins_after if call.begins_after is not None else call.returns_after
        if first:
            assert box.top > arrows[first - 1].top
        if call.returns_after is not None and box.result:
            assert box.last > arrows[call.returns_after - 1].top
            later = [each for each in arrows[call.returns_after :] if each.segment.end == call.end]
            assert all(box.last < each.top for each in later)


@pytest.mark.parametrize("timeline", DRAWN)
def test_nothing_of_a_column_stands_on_another(timeline: Timeline) -> None:
    layout = Layout(timeline, START)
    for end in (0, 1):
        texts = [place for box in layout.boxes if box.call.end == end for place in written(box)]
        assert all(stop <= start for (_, stop), (start, _) in pairwise(sorted(texts)))
        labels = sorted(label.top for label in layout.labels if label.state.end == end)
        assert all(other - one >= 20 for one, other in pairwise(labels))
        assert max([START, *labels, *(stop for _, stop in texts)]) < layout.end


def written(box: Box) -> list[tuple[float, float]]:
    """From where to where a call's words go, and those of its return."""
    places = [(box.top, box.top + 19 * len(box.words))]
    return [*places, (box.last, box.last + 19 * len(box.result))] if box.result else places


def test_a_crossing_reaches_the_other_upright_where_it_arrives() -> None:
    timeline = timeline_of("tcp/simultaneous-close.pcap")
    layout = Layout(timeline, START)
    slanting = {arrow.index: arrow for arrow in layout.arrows if arrow.crosses}
    assert slanting.keys() == timeline.crossings
    assert len(slanting) == 2
    for arrow in slanting.values():
        place = arrow.segment.arrives_after or 0
        others = [each for each in layout.arrows[arrow.index : place] if each.segment.end != arrow.segment.end]
        assert any(arrow.top < each.top < (arrow.bottom or 0) for each in others)
        brought = [label for label in layout.labels if label.state.segment == arrow.index]
        assert [label.since for label in brought if label.state.end != arrow.segment.end] == [arrow.bottom]


def test_nothing_in_it_acts_or_comes_from_elsewhere() -> None:
    for name, number in ALL:
        text = ladder_svg(timeline_of(name, number))
        root = ElementTree.fromstring(text)
        assert {each.tag.removeprefix(SVG) for each in root.iter()} <= TAGS
        for each in root.iter():
            assert not [
                key for key in each.attrib if key.startswith("on") or "href" in key or key in ("style", "class")
            ]
            assert {each.get("font-family")} <= {None, "sans-serif", "monospace"}
        assert re.findall(r"https?:\S+|url\(", text) == ['http://www.w3.org/2000/svg"']


HOSTILE = '</text></svg><script>alert("1")</script>&\x1b[2J\u202e\x00\ud800\uffff]]>\n'


def test_text_from_elsewhere_stays_text() -> None:
    segment = Segment(
        0, HOSTILE, "udp", does=(HOSTILE,), length=40, arrives_after=1, via=HOSTILE, data=HOSTILE[:30].encode()
    )
    call = Call(0, HOSTILE, (HOSTILE,), HOSTILE, 0, 2, caused=(1,), why=HOSTILE)
    ends = End(HOSTILE, 1, HOSTILE), End("b", 2)
    states = (State(1, 1, HOSTILE, HOSTILE, 1),)
    text = ladder_svg(Timeline(HOSTILE, ends, (segment, segment), (call,), states, notes=(HOSTILE,)), HOSTILE)
    root = ElementTree.fromstring(text.encode())
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= TAGS
    assert not set(text) & set("\x00\x1b\u202e\ud800\uffff")
    assert text.count(r"\u202e") > 10


def test_data_is_quoted_or_hexadecimal() -> None:
    def drawn(data: bytes) -> str:
        segment = Segment(0, "UDP", "udp", length=100, does=("x",), arrives_after=1, data=data)
        return letters(tree(Timeline("udp", ENDS, (segment,))))

    assert r'"GET/<b>\r\n"...' in drawn(b"GET / <b>\r\n")
    assert "0x1b5b00ff..." in drawn(b"\x1b[\x00\xff")


@pytest.mark.parametrize("length", [5, 60, 300])
def test_long_texts_stay_in_their_columns(length: int) -> None:
    long = "x" * length
    call = Call(0, "send", (long,), long, 0, 1, caused=(1,))
    segment = Segment(0, long, "udp", does=(long,), length=1, arrives_after=1)
    root = tree(Timeline(long, (End(long, 1), End(long, 2)), (segment,), (call,), (State(0, 1, long),)))
    for text in root.iter(f"{SVG}text"):
        if text.get("font-family") == "monospace":
            wide = float(text.get("font-size", "0")) * 0.6 * len(text.text or "")
            assert wide <= UPRIGHTS[1] - UPRIGHTS[0]


def test_the_same_timeline_is_the_same_picture() -> None:
    for name, number in ALL:
        assert ladder_svg(timeline_of(name, number)) == ladder_svg(timeline_of(name, number))


def test_without_packets_there_are_calls_all_the_same() -> None:
    calls = (Call(0, "socket", (), "3", returns_after=0), Call(0, "read", ("3",), None, begins_after=0))
    found = groups(tree(Timeline("unix", ENDS, calls=calls)))
    assert list(found) == ["socket() = 3: observed", "read(3): observed"]
    assert "0 packets" in ladder_svg(Timeline("unix", ENDS))


def test_labels_hold_from_where_their_packet_meets_the_upright() -> None:
    layout = Layout(timeline_of("tcp/echo.pcap"), START)
    for label in layout.labels:
        meets = layout.arrows[label.state.after - 1].top if label.state.after else START
        assert label.since == meets
        assert 0 <= label.top - label.since < 20


def test_a_long_conversation_costs_no_more_a_packet() -> None:
    size = 2_000
    segments = tuple(
        Segment(
            index % 2, "PSH ACK", seq=1, ack=1, length=3, does=("3 octets of data",), arrives_after=index, data=b"abc"
        )
        for index in range(1, size + 1)
    )
    calls = tuple(
        Call(index % 2, "send", ("3",), "", index - 1, index, caused=(index,)) for index in range(1, size + 1)
    )
    assert calls_made(lambda: ladder_svg(Timeline("tcp", ENDS, segments, calls)), CALLS_A_PACKET * size) > size
