"""Inference on captures: ours against the facts beside them, and those of others against nobody's expectations."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from rawkit.analysis import became, explain, gather
from rawkit.capture import Frame, read
from rawkit.errors import CaptureError
from rawkit.show.ladder import ladder
from rawkit.timeline import Timeline
from scripts.built_captures import BUILT

CAPTURES = Path(__file__).parent.parent.parent / "captures"
SUFFIXES = (".pcap", ".pcapng", ".snoop")
OURS = sorted(path for path in CAPTURES.rglob("*") if path.suffix in SUFFIXES)
MAX_LADDERS = 30
"""Conversations drawn of one capture of others; all are explained."""


def frames_of(path: Path) -> list[Frame]:
    with read(path) as capture:
        return list(capture)


def timelines(path: Path) -> list[Timeline]:
    return [explain(each) for each in gather(frames_of(path)).all]


def facts_of(path: Path) -> dict[str, Any]:
    facts: dict[str, Any] = tomllib.loads(path.with_suffix(".toml").read_text()).get("facts", {})
    return facts


def conversations_in(path: Path) -> list[dict[str, Any]]:
    """What the facts say of each conversation of a capture, in order; nothing where they say nothing."""
    facts = facts_of(path)
    found: list[dict[str, Any]] = facts.get("conversations", [facts] if "client" in facts else [])
    return found


TOLD = [path for path in OURS if conversations_in(path)]


@pytest.mark.parametrize("path", TOLD, ids=lambda path: str(path.relative_to(CAPTURES)))
def test_what_the_programs_did_is_what_was_inferred(path: Path) -> None:
    """The facts say what the recorded programs called: nothing else may be claimed, and nothing is missed."""
    for timeline, facts in zip(timelines(path), conversations_in(path), strict=True):
        both_asked = facts["server"].get("calls", [])[:1] == ["connect()"]  # then nobody is the server
        roles = facts.get("roles", not both_asked)
        closed = list(dict.fromkeys(segment.end for segment in timeline.segments if "FIN" in segment.label))
        for end, name in enumerate(("client", "server")):
            said = facts[name]
            assert (closed.index(end) + 1 if end in closed else None) == said.get("closes")
            assert timeline.ends[end].role == (name if roles else "")
            assert timeline.ends[end].address == said["address"]
            assert said["port"] in ("ephemeral", timeline.ends[end].port)
            assert timeline.data_octets[end] == said["data_octets"]
            if "calls" in said:
                assert [call.text for call in timeline.calls if call.end == end] == said["calls"]
            if "states" in said:
                assert [state.name for state in timeline.states if state.end == end] == said["states"]
                assert timeline.final_state(end) == said["final"]


NOT_TOLD = {
    "applications/dhcp.pcap": "one conversation that is two for who goes by addresses: the client has none yet",
    "udp/broadcast.pcap": "and the same with a question to everybody, and answers from those who heard it",
    "damaged/lost-by-recorder.pcap": "what was read and sent is in the capture that it was made of, and not in this",
    "damaged/mid-stream.pcap": "nor here",
    "damaged/one-sided.pcap": "nor here",
}
"""Recordings with conversations of which the facts say nothing, and why; of what was built nobody called anything."""


def test_of_every_recorded_conversation_the_facts_tell() -> None:
    silent = {str(path.relative_to(CAPTURES)) for path in OURS if timelines(path) and not conversations_in(path)}
    made_up = {name for name, plan in BUILT.items() if plan.seed is not None}
    assert silent - made_up == set(NOT_TOLD)


def test_the_table_says_that_a_kernel_gave_up() -> None:
    (conversation,) = gather(frames_of(CAPTURES / "tcp/keep-alive-unanswered.pcap")).all
    assert became(conversation).wrong == ("given up",)


def test_enough_captures_say_what_was_called() -> None:
    ends = [facts[name] for path in TOLD for facts in conversations_in(path) for name in ("client", "server")]
    assert sum("calls" in end for end in ends) >= 80
    assert sum("states" in end for end in ends) >= 80


def test_the_plainest_pair_counts_as_known_from_a_trace() -> None:
    """10 packets, 700 octets for 24 of data, 5 calls that send, 5 packets by none, as its traced calls had it."""
    (timeline,) = timelines(CAPTURES / "tcp" / "echo.pcap")
    assert timeline.counts == {
        "calls": 9,
        "calls_that_sent": 5,
        "packets": 10,
        "packets_by_call": 5,
        "packets_by_no_call": 5,
        "packets_unexplained": 0,
        "packets_copied": 0,
        "octets_on_the_wire": 700,
        "octets_of_data": 24,
        "companions": 2,
    }


@pytest.mark.parametrize("name", ["udp/late-and-lost", "tcp/duplicate"])
def test_a_packet_that_is_there_twice_was_sent_by_no_kernel_on_its_own(name: str) -> None:
    """The network or the capture doubled it: it counts as a copy, and in no other way."""
    path = next(iter(CAPTURES.glob(f"{name}.pcap*")))
    (timeline,) = timelines(path)
    counts, own = timeline.counts, [segment for segment in timeline.segments if not segment.companion]
    copies = [segment for segment in own if "duplicate" in segment.marks]
    assert copies
    assert counts["packets_copied"] == len(copies)
    assert counts["packets_by_call"] + counts["packets_by_no_call"] + len(copies) == len(own)


def explained_twice(frames: list[Frame]) -> None:
    """No exception, counts that add up, and the same result again."""
    found = gather(frames)
    assert found.frames == len(frames)
    assert found.frames == sum(each.packets for each in found.all) + sum(found.others.values()) + found.untold
    for each in found.all[:MAX_LADDERS]:
        timeline = explain(each)
        assert timeline == explain(each)
        assert timeline == Timeline.from_json(timeline.to_json())
        text = ladder(timeline, 80)
        assert text == ladder(timeline, 80)
        assert max(map(len, text.splitlines())) <= 80 or max(len(str(end)) for end in timeline.ends) > 38
    for each in found.all[MAX_LADDERS:]:
        explain(each)


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(CAPTURES)))
def test_flipped_octets_are_survived(path: Path) -> None:
    """Twenty seeded flips in the frames, four at a time: something else is told, and the same thing twice."""
    frames = frames_of(path)
    explained_twice(frames)
    dice = random.Random(str(path.relative_to(CAPTURES)))
    for flip in range(1, 21) if frames else ():
        at = dice.randrange(len(frames))
        frame = frames[at]
        octets = bytearray(frame.octets)
        if octets:
            octets[dice.randrange(len(octets))] ^= 1 << dice.randrange(8)
            frames[at] = Frame(frame.number, frame.time_ns, bytes(octets), frame.wire_length, frame.interface)
        if flip % 4 == 0:
            explained_twice(frames)


def shared(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES]


def test_captures_of_others_are_explained(shared_captures: Path) -> None:
    explained = 0
    for path in shared(shared_captures):
        try:
            explained_twice(frames_of(path))
            explained += 1
        except CaptureError:  # a format that is refused by name has nothing to explain
            continue
    assert explained > 50


RAW_LINE = re.compile(r"(\t?)([0-9a-f]+)")


def followed(path: Path, stream: int) -> list[int]:
    """Octets of data each way as tshark reassembles a TCP stream."""
    arguments = ["tshark", "-r", str(path), "-q", "-z", f"follow,tcp,raw,{stream}"]
    text = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    rows = [found for line in text.splitlines() if (found := RAW_LINE.fullmatch(line))]
    return [sum(len(row[2]) // 2 for row in rows if bool(row[1]) == other) for other in (False, True)]


def whole(timeline: Timeline) -> bool:
    """Whether a conversation was captured from its first packet on, with nothing missing."""
    return "begins in the middle" not in " ".join(timeline.notes) and "missing" not in " ".join(timeline.notes)


def test_data_counts_agree_with_tshark(shared_captures: Path) -> None:
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    names = ("one_tcp_stream_max_seq.pcap", "one_http_stream_fin.pcap", "one_ipv6_http_stream.pcap", "tls.pcap")
    found = [path for path in shared(shared_captures) if path.name in names]
    compared = 0
    ours = [path for path in OURS if path.parent.name == "tcp"][::3]  # of all of ours dpkt counts the data
    for path in [*found, *ours]:
        told = [timeline for timeline in timelines(path) if timeline.protocol == "tcp"]
        for stream, timeline in enumerate(told):
            cut = any(len(frame.octets) < frame.wire_length for frame in frames_of(path))
            if whole(timeline) and not cut:
                assert sorted(timeline.data_octets) == sorted(followed(path, stream)), (path.name, stream)
                compared += 1
    assert compared >= 8
