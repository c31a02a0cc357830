"""Lessons of whole captures, ours and other people's: every number is the timeline's, or a sum of its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from rawkit.analysis import explain, gather
from rawkit.analysis.lesson import lesson
from rawkit.analysis.lesson.story import Story
from rawkit.analysis.tcp.notes import time_wait_left
from rawkit.show.times import span
from rawkit.timeline import Sentence, Timeline
from tests.analysis.lessons import everything
from tests.show.captures import frames, name, ours, shared

CONSTANTS = {"60 s", "0 s"}
"""TIME-WAIT on Linux; SO_LINGER at nothing."""

BITS = 16
"""Of TCP's window."""

TIME = re.compile(r"\d[\d.]* (?:s|ms|µs|ns)\b")
QUOTED = re.compile(r'0x[0-9a-f]+|b""|"(?:[^"\\]|\\.)*"')
NUMBER = re.compile(r"\d+(?:,\d{3})*")


def timelines(path: Path) -> Iterator[Timeline]:
    for conversation in gather(frames(path)).all:
        yield explain(conversation)


@pytest.mark.parametrize("path", [*ours(), *shared()], ids=name)
def test_every_number_is_the_timeline_s(path: Path) -> None:
    for timeline in timelines(path):
        for told in everything(timeline).values():
            text = without_names(timeline, told.text)
            times, numbers = set(TIME.findall(text)), NUMBER.findall(TIME.sub("", text))
            assert times <= times_of(timeline, told), told
            assert {int(number.replace(",", "")) for number in numbers} <= numbers_of(timeline, told), told


@pytest.mark.parametrize("path", [*ours(), *shared()], ids=name)
def test_the_same_twice(path: Path) -> None:
    assert [lesson(each) for each in timelines(path)] == [lesson(each) for each in timelines(path)]


def without_names(timeline: Timeline, text: str) -> str:
    """A sentence without addresses, and without what it quotes: data, and what packets did."""
    text = QUOTED.sub("", text)
    given = {segment.via for segment in timeline.segments} | {end.address for end in timeline.ends}
    given |= {words.replace("asks", "asked") for segment in timeline.segments for words in segment.does}
    for part in sorted(filter(None, given), key=len, reverse=True):
        text = text.replace(part, "")
    return text


def times_of(timeline: Timeline, told: Sentence) -> set[str]:
    """Between any two of its packets and the one before them; what is left of TIME-WAIT."""
    at = [timeline.segments[index - 1].time_ns for index in (told.packets[0] - 1 or 1, *told.packets)]
    known = [time for time in at if time is not None]
    found = {span(later - time) for time in known for later in known if later >= time}
    left = (time_wait_left(time, timeline.until_ns) for time in known)
    return CONSTANTS | found | {span(each) for each in left if each is not None}


def numbers_of(timeline: Timeline, told: Sentence) -> set[int]:
    """Of its packets, ends and calls; how many there are; and sums of what its packets carry one after the other.

    Or of what the same end sends from one of them on, up to the next.
    """
    mine = [timeline.segments[index - 1] for index in told.packets]
    found = {BITS, *range(len(mine) + 1), *timeline.counts.values(), *timeline.data_octets}
    for segment in mine:
        found |= {segment.number or 0, segment.length, segment.window or 0, segment.room or 0, segment.seq or 0}
        found |= {(segment.room or 0) // (segment.window or 1), segment.last or 0, (segment.ack or 1) - 1}
    for segment in timeline.segments:
        found.add(segment.mss or 0)
    for end in (0, 1):
        carried = [segment.length for segment in mine if segment.end == end]
        found |= {sum(carried[first:last]) for last in range(len(carried) + 1) for first in range(last)}
    for first, stop in pairwise([*told.packets, len(timeline.segments) + 1]):
        run = timeline.segments[first - 1 : stop - 1]
        found.add(sum(segment.length for segment in run if segment.end == run[0].end))
    fresh = Story(timeline).fresh
    again = sum(timeline.segments[index - 1].length - fresh.get(index, 0) for index in told.packets)
    return found | {again} | {end.port for end in timeline.ends}
