"""What happened between two ends, in order: calls of their programs, packets on the wire, states of the ends.

A call is an interval, a packet is a point, a state holds until the next one. Their order is by cause and not by clock:
everything is placed by how many packets of the timeline came before it (`after`: 0 is before the first packet).
Whoever watches writes these events: inference from a capture writes calls with a certainty below "observed", a trace of
a running program or our own stack writes what it saw. Whoever shows them (the ladder) reads nothing else.

As JSON (`rawkit explain FILE --json`) a timeline is one object:

    timeline     1, the version of this form; fields may be added to it, and readers pass over those they do not know
    protocol     "tcp", "udp"
    ends         the two ends, each with the fields of `End`; 0 and 1 everywhere else mean these
    events       everything that happened, in order: each has `event`, "segment", "call" or "state", and the fields of
                 the class of that name, with the same meaning
    data_octets  octets of data that each end sent; what was sent twice counts once
    notes        sentences for people: what is missing or odd
    until_ns     when the watching ended, later than the last packet where other packets followed
    counts       what the foot of the ladder counts (`Timeline.counts`)
    lesson       where one was asked for: sentences, each with the fields of `Sentence`

A segment also has its `index`, counted from 1: what `caused`, `segment` and every `..._after` refer to; `number` is
that of the capture. Its `data` is hexadecimal: the octets as they were, for whoever shows them to make safe. Times are
nanoseconds since 1970, null stands for None. `Timeline.to_json` writes the object, `Timeline.from_json` reads it back.

>>> client, server = End("10.0.0.1", 51234, "client"), End("10.0.0.2", 7, "server")
>>> dial = Call(0, "connect", begins_after=0, returns_after=2, caused=(1,), certainty="certain")
>>> Timeline("tcp", (client, server), calls=(dial,)).counts["calls_that_sent"]
1
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any, Literal, Self, TypeVar

Certainty = Literal["observed", "certain", "likely", "possible"]
"""observed: somebody watched it. The rest is inferred. certain: nothing else explains the packets; likely: the usual
cause; possible: the packets allow it, and nothing shows it."""

COMPANIONS = frozenset({"arp", "ndp", "dns"})
"""Protocols of segments that belong to a conversation without being between its end points."""

UNEXPLAINED = "unexplained reset"
"""The mark of a packet of which nothing tells whether a call or a kernel on its own sent it."""

COPIED = "duplicate"
"""The mark of a packet that is another one a second time: no end sent it, the network or the capture made it."""

VERSION = 1
"""Of the JSON form; grows when a reader of the old form would misunderstand the new one."""


@dataclass(frozen=True, slots=True)
class End:
    """One end point. `role` is "client" or "server" (who asked, who answered), "" where nothing tells.

    TCP's SYN shows it; in UDP a service's port at one end only makes it likely or possible, and a note says so.
    """

    address: str
    port: int
    role: str = ""

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


@dataclass(frozen=True, slots=True)
class Call:
    """A socket call of the program at `end` (0 or 1).

    `arguments` and `result` are as a person writes them: `("12",)`, `"ECONNREFUSED"`; `result` is "" for a call that
    returns nothing, None where its return is not known. `begins_after` and `returns_after` count packets, None where
    the place is not known; `start_ns` and `end_ns` are clock times where there are any. `caused`: the packets it put on
    the wire, counted from 1. `why` says what the call was inferred from.
    """

    end: int
    name: str
    arguments: tuple[str, ...] = ()
    result: str | None = ""
    begins_after: int | None = None
    returns_after: int | None = None
    start_ns: int | None = None
    end_ns: int | None = None
    caused: tuple[int, ...] = ()
    certainty: Certainty = "observed"
    why: str = ""

    @property
    def inferred(self) -> bool:
        """Whether nobody saw the call itself."""
        return self.certainty != "observed"

    @property
    def text(self) -> str:
        """`recv() = 12`"""
        return f"{self.name}({', '.join(self.arguments)})" + (f" = {self.result}" if self.result else "")

    @property
    def place(self) -> int:
        """Where it stands in the order: where it begins; where it returns, when its beginning is not known."""
        known = self.returns_after if self.begins_after is None else self.begins_after
        return 0 if known is None else known


@dataclass(frozen=True, slots=True)
class Segment:
    """One packet, sent by `end`.

    `number` is its number in the capture (None where there is none), `label` what it is called (`SYN ACK`, `UDP`).
    `seq` and `ack` count from the SYN of the end that they are about (0; the first octet of data is 1), `length` is
    octets of data, `octets` all of it on the wire. `window` is TCP's as it stands in the header, `room` what it means
    in octets: None where the scale is not known, for the handshake told it and is not here. `mss` is what a SYN says:
    the most octets of data that its sender takes in a segment. `data` is the beginning of the data, as much as whoever
    watched has kept. `does`: what it did, in words, the most important first.
    `arrives_after`: the place where it had reached the other end; its own place when nothing says otherwise, None where
    nothing shows that it arrived. `via`: who sent it, where that was neither end (a router). `marks`: what sockets hide
    about it, by the names that `rawkit.analysis.marks` explains (`retransmission`, `delayed ACK`).
    """

    end: int
    label: str
    protocol: str = "tcp"
    number: int | None = None
    time_ns: int | None = None
    seq: int | None = None
    ack: int | None = None
    length: int = 0
    octets: int = 0
    window: int | None = None
    does: tuple[str, ...] = ()
    arrives_after: int | None = None
    via: str = ""
    marks: tuple[str, ...] = ()
    room: int | None = None
    data: bytes = b""
    mss: int | None = None

    @property
    def last(self) -> int | None:
        """The last of the sequence numbers that it takes: data does, and SYN and FIN take one each (RFC 9293 3.4)."""
        flags = self.label.split()
        taken = self.length + ("SYN" in flags) + ("FIN" in flags)
        return None if self.seq is None or not taken else self.seq + taken - 1

    @property
    def companion(self) -> bool:
        """Whether it belongs to the conversation without being between its end points: ARP, NDP, a look-up in DNS."""
        return self.protocol in COMPANIONS


@dataclass(frozen=True, slots=True)
class State:
    """`end` is in state `name` ("?" where the packets leave several) from place `after` on.

    `cause` is the event that led there, in the words of RFC 9293, `segment` the packet that carried it; "" and None at
    the start.
    """

    end: int
    after: int
    name: str
    cause: str = ""
    segment: int | None = None
    observed: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the sockets did, told of a timeline (`rawkit.analysis.lesson` makes them).

    `topic` is a short name for it, `rfc` where the rule stands, `packets` those that it is about, counted from 1 in the
    timeline; a packet that `text` names has its number in the capture.
    """

    topic: str
    text: str
    rfc: str
    packets: tuple[int, ...] = ()


Part = TypeVar("Part", Call, Segment, State)


@dataclass(frozen=True)
class Timeline:
    """A conversation: its two ends, and what happened. `notes` are sentences for people: what is missing or odd."""

    protocol: str
    ends: tuple[End, End]
    segments: tuple[Segment, ...] = ()
    calls: tuple[Call, ...] = ()
    states: tuple[State, ...] = ()
    data_octets: tuple[int, int] = (0, 0)
    """Octets of data that each end sent; what was sent twice counts once."""
    notes: tuple[str, ...] = ()
    until_ns: int | None = None
    """When the watching ended; None where nobody says."""
    lesson: tuple[Sentence, ...] = ()
    """What is to be learnt from it, where somebody asked for that."""

    @property
    def counts(self) -> dict[str, int]:
        """What the footer of the ladder says, counted; all but the last of packets between the two end points."""
        by_call = {index for call in self.calls for index in call.caused}
        own = [segment for segment in self.segments if not segment.companion]
        unexplained = sum(UNEXPLAINED in segment.marks for segment in own)
        copied = sum(COPIED in each.marks and index not in by_call for index, each in enumerate(self.segments, 1))
        return {
            "calls": len(self.calls),
            "calls_that_sent": sum(bool(call.caused) for call in self.calls),
            "packets": len(own),
            "packets_by_call": len(by_call),
            "packets_by_no_call": len(own) - len(by_call) - unexplained - copied,
            "packets_unexplained": unexplained,
            "packets_copied": copied,
            "octets_on_the_wire": sum(segment.octets for segment in own),
            "octets_of_data": sum(self.data_octets),
            "companions": len(self.segments) - len(own),
        }

    @cached_property
    def crossings(self) -> frozenset[int]:
        """Packets (counted from 1) that change a state of the other end, but only when others have passed."""
        brought = {(state.end, state.segment) for state in self.states}
        return frozenset(
            index
            for index, segment in enumerate(self.segments, 1)
            if segment.arrives_after is not None
            and segment.arrives_after > index
            and (1 - segment.end, index) in brought
        )

    def events(self) -> Iterator[Call | Segment | State]:
        """Everything in order. At one place: states, calls that returned there, calls that begin; then a packet."""
        here: dict[int, list[Call | Segment | State]] = defaultdict(list)
        for state in self.states:
            here[state.after].append(state)
        for returned in sorted(self.calls, key=lambda call: call.begins_after is not None):  # a stable order
            here[returned.place].append(returned)
        for place in range(len(self.segments) + 1):
            yield from here[place]
            yield from self.segments[place : place + 1]

    def final_state(self, end: int) -> str:
        """The last known state of an end; "" where there is none (UDP)."""
        return next((state.name for state in reversed(self.states) if state.end == end), "")

    def to_json(self) -> dict[str, Any]:
        """The object that this module's first lines describe, ready for `json.dumps`."""
        index = 0
        events = []
        for event in self.events():
            values = {"event": type(event).__name__.lower(), **asdict(event)}
            if isinstance(event, Segment):
                index += 1
                values |= {"data": event.data.hex(), "index": index}
            events.append(values)
        return {
            "timeline": VERSION,
            "protocol": self.protocol,
            "ends": [asdict(end) for end in self.ends],
            "events": events,
            "data_octets": list(self.data_octets),
            "notes": list(self.notes),
            "until_ns": self.until_ns,
            "counts": self.counts,
            "lesson": [asdict(sentence) for sentence in self.lesson],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The timeline that `to_json` wrote. ValueError where it is of a later version."""
        if values["timeline"] != VERSION:
            raise ValueError(f"a timeline of version {values['timeline']}: this rawkit reads version {VERSION}")
        first, second = (End(**_known(End, end)) for end in values["ends"])
        return cls(
            values["protocol"],
            (first, second),
            _parts(Segment, values),
            _parts(Call, values),
            _parts(State, values),
            (values["data_octets"][0], values["data_octets"][1]),
            tuple(values["notes"]),
            values.get("until_ns"),
            tuple(Sentence(**_known(Sentence, row)) for row in values.get("lesson", ())),
        )


def _parts(kind: type[Part], values: Mapping[str, Any]) -> tuple[Part, ...]:
    """The events of one kind."""
    rows = (event for event in values["events"] if event["event"] == kind.__name__.lower())
    return tuple(kind(**_known(kind, row)) for row in rows)


def _known(kind: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a class, as far as they are there; a later version may have written others."""
    return {field.name: _read(field.name, row[field.name]) for field in fields(kind) if field.name in row}


def _read(name: str, value: Any) -> Any:
    """A field's value: lists turned back into tuples, hexadecimal into octets."""
    if name == "data":
        return bytes.fromhex(value)
    return tuple(value) if isinstance(value, list) else value
