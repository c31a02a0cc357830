"""The event model: order, counts, and the JSON that every part of rawkit writes and reads."""

import json
from dataclasses import fields, replace

import pytest

from rawkit.timeline import Call, End, Segment, Sentence, State, Timeline

CLIENT, SERVER = End("10.0.0.1", 51234, "client"), End("10.0.0.2", 7, "server")
CONNECT = Call(0, "connect", begins_after=0, returns_after=2, caused=(1,), certainty="certain", why="its SYN")
SEND = Call(0, "send", ("12",), begins_after=2, returns_after=3, caused=(3,))
RECV = Call(1, "recv", result="12", returns_after=3, certainty="likely")
SEGMENTS = (
    Segment(
        0, "SYN", number=1, time_ns=5, seq=0, octets=74, does=("asks for a connection",), arrives_after=1, mss=1460
    ),
    Segment(1, "SYN ACK", number=2, time_ns=6, seq=0, ack=1, octets=74, arrives_after=2),
    Segment(0, "PSH ACK", number=3, time_ns=7, seq=1, ack=1, length=12, octets=78, window=2, room=8, data=b"a\x00\xff"),
)
STATES = (State(0, 0, "CLOSED"), State(0, 1, "SYN-SENT", "active OPEN", 1), State(1, 2, "?", observed=True))
LESSON = (Sentence("handshake", "connect() returned.", "RFC 9293 section 3.5", (1, 2)), Sentence("x", "y", "z"))
TIMELINE = Timeline("tcp", (CLIENT, SERVER), SEGMENTS, (CONNECT, SEND, RECV), STATES, (12, 0), ("A note.",), 9, LESSON)


def test_json_there_and_back() -> None:
    assert Timeline.from_json(json.loads(json.dumps(TIMELINE.to_json()))) == TIMELINE


def test_json_has_every_field_in_its_order_and_octets_as_hexadecimal() -> None:
    events = TIMELINE.to_json()["events"]
    for kind, beside in ((Segment, ["index"]), (Call, []), (State, [])):
        found = [event for event in events if event["event"] == kind.__name__.lower()]
        assert found
        names = [field.name for field in fields(kind)]
        assert all(list(event) == ["event", *names, *beside] for event in found)
    assert [event["data"] for event in events if event["event"] == "segment"] == ["", "", "6100ff"]


def test_json_with_fields_and_events_of_a_later_rawkit_is_read() -> None:
    values = TIMELINE.to_json()
    for part in (*values["events"], *values["ends"], *values["lesson"], values):
        part["later"] = ["x"]
    values["events"].append({"event": "later"})
    assert Timeline.from_json(values) == TIMELINE


def test_json_without_the_newest_fields_is_read() -> None:
    """Fields are added at the end, with a value for those who do not write them."""
    values = TIMELINE.to_json()
    for event in values["events"]:
        for name in ("room", "data", "mss"):
            event.pop(name, None)
    del values["until_ns"], values["lesson"]
    segments = tuple(replace(segment, room=None, data=b"", mss=None) for segment in SEGMENTS)
    assert Timeline.from_json(values) == replace(TIMELINE, segments=segments, until_ns=None, lesson=())


def test_a_segment_s_last_number() -> None:
    data = Segment(0, "FIN PSH ACK", seq=5, length=3)
    assert [each.last for each in SEGMENTS] == [0, 0, 12]
    assert data.last == 8
    assert replace(data, label="ACK", length=0).last is replace(data, seq=None).last is None


def test_json_is_in_order_and_numbers_its_segments() -> None:
    events = TIMELINE.to_json()["events"]
    assert [event.get("index", event.get("name")) for event in events] == [
        "CLOSED", "connect", 1, "SYN-SENT", 2, "?", "send", 3, "recv",
    ]  # fmt: skip


def test_json_of_a_later_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 99"):
        Timeline.from_json({**TIMELINE.to_json(), "timeline": 99})


def test_a_call_that_returned_comes_before_one_that_begins_at_the_same_place() -> None:
    first = Call(1, "recv", result="3", returns_after=1)
    second = Call(1, "send", ("3",), begins_after=1, caused=(2,))
    timeline = Timeline("tcp", (CLIENT, SERVER), SEGMENTS[:2], (second, first))
    assert [event for event in timeline.events() if isinstance(event, Call)] == [first, second]


def test_counts() -> None:
    assert TIMELINE.counts == {
        "calls": 3,
        "calls_that_sent": 2,
        "packets": 3,
        "packets_by_call": 2,
        "packets_by_no_call": 1,
        "packets_unexplained": 0,
        "packets_copied": 0,
        "octets_on_the_wire": 226,
        "octets_of_data": 12,
        "companions": 0,
    }


def test_texts() -> None:
    assert [call.text for call in TIMELINE.calls] == ["connect()", "send(12)", "recv() = 12"]
    assert str(End("fd00::1", 7)) == "[fd00::1]:7"
    assert (TIMELINE.final_state(0), TIMELINE.final_state(1)) == ("SYN-SENT", "?")
    assert [call.inferred for call in TIMELINE.calls] == [True, False, True]
