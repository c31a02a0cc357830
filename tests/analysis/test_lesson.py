"""Every sentence is told where its conversation shows it, and is not where that only seems so."""

from __future__ import annotations

import re

import pytest

from rawkit.analysis.lesson import MOST_SENTENCES, TOLD, lesson
from rawkit.analysis.lesson.story import Story
from rawkit.timeline import End, Segment, Timeline
from tests.analysis.lessons import ALONE, ECHO, ENDS, SYN, everything, mark, without_times
from tests.analysis.lessons_not_told import TELLS_NOT
from tests.analysis.lessons_told import MARKS, TELLS, WITH_MARKS
from tests.analysis.test_marks import played

EVERY = [*TELLS, *WITH_MARKS]


@pytest.mark.parametrize(("topic", "timeline", "words"), EVERY, ids=[topic for topic, _, _ in EVERY])
def test_told(topic: str, timeline: Timeline, words: str) -> None:
    found = everything(timeline)
    assert topic in found
    assert words in found[topic].text
    assert all(1 <= index <= len(timeline.segments) for index in found[topic].packets)


@pytest.mark.parametrize(("topic", "timeline"), TELLS_NOT, ids=[topic for topic, _ in TELLS_NOT])
def test_not_told(topic: str, timeline: Timeline) -> None:
    assert topic not in everything(timeline)


def test_every_sentence_is_tried_both_ways() -> None:
    tried = [story for _, timeline, _ in EVERY if (story := Story(timeline))]
    assert [teller for teller in TOLD if not any(teller(story) for story in tried)] == []
    assert {topic for topic, _, _ in EVERY} == {topic for topic, _ in TELLS_NOT}


@pytest.mark.parametrize("timeline", [timeline for _, timeline, _ in EVERY])
def test_every_sentence_has_its_rule_and_is_one(timeline: Timeline) -> None:
    for told in everything(timeline).values():
        assert re.fullmatch(r"RFC \d+(, Fields| (section|appendix) \w+(\.\d+)*)", told.rfc)
        assert told.text.endswith(".")
        assert "  " not in told.text
        assert "None" not in told.text
        assert list(told.packets) == sorted(set(told.packets))


@pytest.mark.parametrize("timeline", [timeline for _, timeline, _ in EVERY])
def test_where_no_times_are_known_none_are_told(timeline: Timeline) -> None:
    for told in everything(without_times(timeline)).values():
        assert not re.search(r"\d (ns|µs|ms)\b", told.text), told
        assert not re.search(r"(?<!60)(?<! 0) s\b.*are left", told.text)


def test_of_many_those_that_are_worth_most_are_told_in_the_order_of_their_packets() -> None:
    timeline = played(*ECHO)
    for index, topic in enumerate(list(MARKS)[:5], 4):
        timeline = mark(timeline, index, topic)
    told, found = lesson(timeline), everything(timeline)
    assert len(told) == MOST_SENTENCES < len(found)
    firsts = [sentence.packets[0] for sentence in told]
    assert firsts == sorted(firsts)
    assert {"handshake", "send", "close", "TIME-WAIT", *list(MARKS)[:2]} <= {sentence.topic for sentence in told}
    assert "ports" not in {sentence.topic for sentence in told}


def test_a_timeline_of_nothing_has_no_lesson() -> None:
    assert lesson(Timeline("tcp", (End("", 0), End("", 0)))) == ()
    assert lesson(Timeline("udp", ENDS)) == lesson(Timeline("tcp", ENDS, (ALONE,))) == ()


def test_ends_need_no_address_of_ip() -> None:
    assert "loopback" not in everything(Timeline("tcp", (End("/tmp/socket", 0), End("x", 0)), (SYN,)))


def test_a_sentence_begins_with_a_capital_but_no_call_and_no_address_does() -> None:
    segments = (SYN, Segment(1, "ICMP", "icmp", does=("packet too big",), via="fe80::9", marks=("path MTU lowered",)))
    assert everything(Timeline("tcp", ENDS, segments))["path MTU"].text.startswith("fe80::9 said that")
    found = everything(played(*ECHO))
    assert found["handshake"].text.startswith("connect() returned")
    assert found["close"].text.startswith("The client sent")
