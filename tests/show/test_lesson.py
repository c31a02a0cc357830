"""Lessons as people read them: golden texts, and the laws of their layout."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from rawkit.analysis.lesson import lesson
from rawkit.show.lesson import HEADING, NOTHING, WIDEST, lesson_text
from rawkit.show.packet_lists import packet_list
from rawkit.show.paint import ansi
from rawkit.timeline import End, Segment, Sentence, Timeline
from tests.golden import assert_golden
from tests.show.test_ladder import ALL, ENDS, timeline_of

REVIEWED = (
    "damaged/bad-checksums",
    "dns/lookup",
    "ipv4/fragments",
    "ipv6/fragments",
    "tcp/echo",
    "tcp/echo-ipv6",
    "tcp/echo-loopback",
    "tcp/half-close",
    "tcp/http",
    "tcp/refused",
    "tcp/reset-after-close",
    "tcp/reset-unread",
    "tcp/server-closes-first",
    "tcp/simultaneous-close",
    "udp/echo",
    "udp/echo-ipv6",
    "udp/port-unreachable",
)


def taught(name: str, number: int = 1) -> Timeline:
    timeline = timeline_of(name, number)
    return replace(timeline, lesson=lesson(timeline))


def of(*sentences: Sentence, packets: int = 3) -> Timeline:
    segments = tuple(Segment(0, "ACK", number=10 * index) for index in range(1, packets + 1))
    return Timeline("tcp", ENDS, segments, lesson=sentences)


@pytest.mark.parametrize("stem", REVIEWED)
def test_golden(stem: str) -> None:
    assert_golden(f"lesson/{stem}", lesson_text(taught(f"{stem}.pcap")))


@pytest.mark.parametrize("width", [40, 72, 80, 96, 200])
def test_it_keeps_to_its_width(width: int) -> None:
    for name, number in ALL:
        lines = lesson_text(taught(name, number), width).splitlines()
        assert max(map(len, lines)) <= min(max(width, 48), WIDEST)
        assert [line for line in lines if line != line.rstrip()] == []


def test_an_rfc_that_has_no_room_stands_on_a_line_of_its_own() -> None:
    told = Sentence("a topic with a long name", "It is so.", "RFC 9293 section 3.8.6.2.2", (1, 2))
    lines = lesson_text(of(told), 50).splitlines()
    assert lines[2:5] == [" a topic with a long name, packets 10 and 20", f"{told.rfc:>50}", "   It is so."]


def test_packets_have_the_numbers_of_the_capture() -> None:
    assert packet_list(of(), (1,)) == "packet 10"
    assert packet_list(of(), (1, 3)) == "packets 10 and 30"
    unnumbered = replace(of(), segments=(Segment(0, "ACK"),) * 3)
    assert packet_list(unnumbered, (1, 2, 3)) == "packets 1-3"


def test_what_came_from_a_stranger_is_harmless() -> None:
    told = Sentence("a\x1b[2J", "b\x1b[31m\u202e.", "RFC 1\x07")
    assert not any(sign in lesson_text(of(told)) for sign in "\x1b\u202e\x07")


def test_nothing_to_tell_is_said() -> None:
    assert lesson_text(Timeline("tcp", (End("", 0), End("", 0)))) == f" {HEADING}\n\n {NOTHING}\n"


def test_in_ascii_and_in_colour_it_reads_the_same() -> None:
    timeline = taught("tcp/echo.pcap")
    plain = lesson_text(timeline)
    assert lesson_text(timeline, ascii_only=True) == plain.replace("µ", "u")
    painted = lesson_text(timeline, paint=ansi)
    assert painted != plain
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == plain
