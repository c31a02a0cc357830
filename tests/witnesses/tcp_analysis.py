"""Our names of what sockets hide beside Wireshark's `tcp.analysis.*`, and why both may be right where they differ."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from rawkit.analysis import explain, gather
from rawkit.analysis.tcp.sequence import Seen
from rawkit.capture import Frame
from rawkit.protocols.ipv4 import IPv4
from rawkit.timeline import Segment

NAMES = {
    "retransmission": "retransmission",
    "fast retransmission": "fast_retransmission",
    "spurious retransmission": "spurious_retransmission",
    "out of order": "out_of_order",
    "gap": "lost_segment",
    "lost in the capture": "lost_segment",
    "ACK of unseen": "ack_lost_segment",
    "zero window": "zero_window",
    "window full": "window_full",
    "window probe": "zero_window_probe",
    "window probe answer": "zero_window_probe_ack",
    "window update": "window_update",
    "keep-alive": "keep_alive",
    "keep-alive answer": "keep_alive_ack",
    "duplicate ACK": "duplicate_ack",
    "port reuse": "reused_ports",
}
"""Our mark -> Wireshark's field, `tcp.analysis.` before it. For our other marks Wireshark has no name."""

FLAGS = tuple(dict.fromkeys(NAMES.values()))

TIMELY_NS = 20_000_000
"""Wireshark's most between a duplicate ACK and the fast retransmission that it asks for."""


DUPLICATES = 2
"""Duplicate ACKs that it asks for."""


class Pair(NamedTuple):
    """A segment as both see it. `before`: its conversation's segments up to it, with what tshark says of them."""

    segment: Segment
    frame: Frame
    ours: frozenset[str]
    theirs: frozenset[str]
    before: Sequence[Pair]

    def of(self, end: int) -> list[Pair]:
        """The earlier ones of an end, the latest first."""
        return [each for each in reversed(self.before) if each.segment.end == end]

    @property
    def own(self) -> list[Pair]:
        return self.of(self.segment.end)

    @property
    def other(self) -> list[Pair]:
        return self.of(1 - self.segment.end)

    @property
    def start(self) -> int:
        assert self.segment.seq is not None
        return self.segment.seq

    @property
    def stop(self) -> int:
        flags = self.segment.label.split()
        return self.start + self.segment.length + ("SYN" in flags) + ("FIN" in flags)

    @property
    def ack(self) -> int:
        return self.segment.ack or 0

    @property
    def known(self) -> bool:
        """Whether some of its numbers were captured before."""
        return any(each.start < self.stop and self.start < each.stop for each in self.own)

    @property
    def identification(self) -> int:
        ip = self.frame.packet.get(IPv4)
        return ip.identification if ip is not None else 0


def pairs(path: Path, frames: Sequence[Frame]) -> list[Pair]:
    """Every segment of the TCP conversations in a file's first `frames`."""
    said, by_number, found = tshark(path, len(frames)), {frame.number: frame for frame in frames}, []
    for conversation in gather(frames).all:
        before: list[Pair] = []
        for segment in explain(conversation).segments if conversation.protocol == "tcp" else ():
            if segment.protocol == "tcp" and segment.number is not None:
                ours = frozenset(NAMES[mark] for mark in segment.marks if mark in NAMES)
                frame = by_number[segment.number]
                if {"ghost", "stray SYN"} & set(segment.marks):
                    break  # tshark knows of neither: it judges by other numbers from here on
                before.append(Pair(segment, frame, ours, said.get(segment.number, frozenset()), before[:]))
        found += before
    return found


def tshark(path: Path, count: int) -> dict[int, frozenset[str]]:
    """Frame number -> Wireshark's flags, without "retransmission" where it says which kind."""
    command = ["tshark", "-n", "-r", str(path), "-c", str(count), "-T", "fields", "-e", "frame.number"]
    for flag in FLAGS:
        command += ["-e", f"tcp.analysis.{flag}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    found = {}
    for row in (line.split("\t") for line in done.stdout.splitlines()):
        flags = {flag for flag, shown in zip(FLAGS, row[1:], strict=True) if shown}
        kinds = flags & {"fast_retransmission", "spurious_retransmission"}
        found[int(row[0])] = frozenset(flags - {"retransmission"} if kinds else flags)
    return found


class Rule(NamedTuple):
    """Why one of the two gives a name (`flag`) and the other does not, and how a case of that is recognized."""

    whose: str
    flag: str
    why: str
    applies: Callable[[Pair], bool]


def disagreements(pair: Pair) -> list[tuple[str, str]]:
    """(who says it, what) of everything that only one says."""
    return [
        *(("ours", flag) for flag in sorted(pair.ours - pair.theirs)),
        *(("tshark", flag) for flag in sorted(pair.theirs - pair.ours)),
    ]


def reason(pair: Pair, whose: str, flag: str) -> Rule | None:
    """The rule that explains a disagreement; None when it is one of which nobody knows why."""
    rules = (rule for rule in RULES if (rule.whose, rule.flag) == (whose, flag))
    return next((rule for rule in rules if rule.applies(pair)), None)


# -- how cases are recognized: by the packets, not by what we call them -----------------------------------------------


def recorded_twice(pair: Pair) -> bool:
    """A SYN ACK has no identification on Linux."""
    named = bool(pair.identification) or "SYN" in pair.segment.label
    return named and any(each.frame.octets == pair.frame.octets for each in pair.own)


def asks_again(pair: Pair) -> bool:
    """The last acknowledged number again, while the window is closed."""
    told = pair.other[0].segment if pair.other else None
    return told is not None and told.window == 0 and pair.start == max(each.ack for each in pair.other) - 1


def answers_what_looks_like_a_keep_alive(pair: Pair) -> bool:
    questions = [each for each in pair.other if "window probe" in each.segment.marks]
    return bool(questions) and ("keep_alive" in questions[0].theirs or "window_update" in pair.theirs)


def another_window(pair: Pair) -> bool:
    return bool(pair.own) and pair.own[0].segment.window != pair.segment.window


def ends(pair: Pair) -> bool:
    return "FIN" in pair.segment.label.split()


def begins_with_a_probe(pair: Pair) -> bool:
    return any(each.start == pair.start and "zero_window_probe" in each.theirs for each in pair.own)


def hardly_asked(pair: Pair) -> bool:
    """Asked for by SACK or by a partial ACK; or longer ago; or the other end has sent data in the meantime."""
    asked = pair.other[0] if pair.other else None
    now, then = pair.segment.time_ns, asked.segment.time_ns if asked else None
    late = now is None or then is None or now - then >= TIMELY_NS
    few = sum("duplicate_ack" in each.theirs for each in pair.other[:DUPLICATES]) < DUPLICATES
    return late or asked is None or few or asked.ack != pair.start


def half_an_hour_later(pair: Pair) -> bool:
    """Whether the other end had last been heard so long ago that no kernel waits for its acknowledgement."""
    now, then = pair.segment.time_ns, pair.other[0].segment.time_ns if pair.other else None
    return now is not None and then is not None and now - then > 1800 * 10**9


def nothing_outstanding(pair: Pair) -> bool:
    return pair.ack >= max((each.stop for each in pair.other), default=0)


def holes(pair: Pair) -> bool:
    """Some of the other end's numbers below its highest were not captured before this acknowledgement."""
    seen = Seen()
    for each in pair.other:
        seen.add(each.start, each.stop)
    return len(seen.starts) > 1


def after_a_needless_one(pair: Pair) -> bool:
    return any("spurious_retransmission" in each.theirs for each in pair.own)


def behind_an_overtaken(pair: Pair) -> bool:
    return overtaken(pair.own)


def told_by_an_overtaken(pair: Pair) -> bool:
    return overtaken(pair.other)


def overtaken(latest_first: Sequence[Pair]) -> bool:
    """Whether the last of an end's acknowledgements is an older one than one before it."""
    return bool(latest_first) and latest_first[0].ack < max(each.ack for each in latest_first)


def probing(pair: Pair) -> bool:
    return "zero_window_probe" in pair.theirs


def answers_an_earlier_one(pair: Pair) -> bool:
    """The question is not the last segment of the other end."""
    asked = [bool(each.ours & {"zero_window_probe", "keep_alive"}) for each in pair.other]
    return True in asked[1:] and not asked[0]


def not_known_to_be_acknowledged(pair: Pair) -> bool:
    return pair.start >= max((each.ack for each in pair.other), default=0)


def taken_for_late(pair: Pair) -> bool:
    return pair.known and "out_of_order" in pair.theirs


def numbered_earlier(pair: Pair) -> bool:
    """By IP's identification it was sent before what was captured before it, and none of it was captured."""
    later = (each for each in pair.own if each.start >= pair.stop)
    return not pair.known and any(pair.identification < each.identification for each in later)


def known(pair: Pair) -> bool:
    return pair.known


def without_data(pair: Pair) -> bool:
    return not pair.segment.length


def after_a_syn(pair: Pair) -> bool:
    return bool(pair.own) and "SYN" in pair.own[0].segment.label


def crossed(pair: Pair) -> bool:
    """In a simultaneous open: both ends asked."""
    return all(any(each.segment.label == "SYN" for each in side) for side in (pair.own, pair.other))


def instead_of(flag: str, applies: Callable[[Pair], bool]) -> Callable[[Pair], bool]:
    """For what tshark says where we say `flag`."""
    return lambda pair: flag in pair.ours and applies(pair)


COPY = "the same packet twice (IP's identification tells): we say so, and nothing else; tshark judges the copy anew"
PROBE = "Linux asks for room with the last number again, as RFC 9293 section 3.8.4 has keep-alives: to tshark it is one"
AGAIN = "what was captured before is no late packet: tshark goes by the time since the packet before it"
CONTIGUOUS = "tshark counts from the last octet without a hole before it, we from the highest that was captured"

UNSCALED = "tshark compares with the window of a SYN, which is not scaled (RFC 7323 section 2.2)"
CROSSED = "the SYN ACK of a simultaneous open has the number of the SYN before it (RFC 9293 section 3.5)"

LAST = "to tshark only the other end's last segment is a question; we remember it until it is answered"
BEFORE = "tshark compares with the acknowledgement captured last, though it was overtaken on its way"
SAME = "the other side of the same"

OF_COPIES = (
    "retransmission",
    "fast_retransmission",
    "spurious_retransmission",
    "duplicate_ack",
    "zero_window",
    "keep_alive",
    "keep_alive_ack",
)

RULES = (
    *(Rule("tshark", flag, COPY, recorded_twice) for flag in OF_COPIES),
    Rule("ours", "zero_window_probe", PROBE, asks_again),
    Rule("tshark", "keep_alive", PROBE, instead_of("zero_window_probe", asks_again)),
    Rule("ours", "zero_window_probe_ack", f"an answer to that: {PROBE}", answers_what_looks_like_a_keep_alive),
    Rule("ours", "zero_window_probe_ack", LAST, answers_an_earlier_one),
    Rule("ours", "keep_alive_ack", LAST, answers_an_earlier_one),
    Rule("tshark", "duplicate_ack", LAST, instead_of("keep_alive_ack", answers_an_earlier_one)),
    Rule("ours", "keep_alive_ack", "an answer with another window: to tshark an update", another_window),
    Rule("tshark", "window_update", SAME, instead_of("keep_alive_ack", another_window)),
    Rule("tshark", "keep_alive", "we say it of numbers that are known to have arrived", not_known_to_be_acknowledged),
    Rule("tshark", "window_full", "we say it of new data: what is sent again filled the window before", known),
    Rule("ours", "zero_window", "tshark leaves out segments that end the stream", ends),
    Rule("ours", "zero_window", "to tshark a window probe is nothing besides", probing),
    Rule(
        "ours", "retransmission", "its first octet was sent in a window probe; tshark forgets it", begins_with_a_probe
    ),
    Rule("ours", "retransmission", AGAIN, taken_for_late),
    Rule("tshark", "out_of_order", AGAIN, instead_of("retransmission", known)),
    Rule("ours", "fast_retransmission", "tshark wants duplicate ACKs just before it, 20 ms at most", hardly_asked),
    Rule("tshark", "retransmission", SAME, instead_of("fast_retransmission", hardly_asked)),
    Rule(
        "ours",
        "out_of_order",
        "IP's identification says that it was sent before; tshark goes by time",
        numbered_earlier,
    ),
    Rule("tshark", "retransmission", SAME, instead_of("out_of_order", numbered_earlier)),
    Rule(
        "tshark",
        "spurious_retransmission",
        "no kernel sends again after half an hour: to us that is another capture's, or a replay",
        half_an_hour_later,
    ),
    Rule("ours", "spurious_retransmission", BEFORE, told_by_an_overtaken),
    Rule("tshark", "retransmission", SAME, instead_of("spurious_retransmission", told_by_an_overtaken)),
    Rule("ours", "spurious_retransmission", "tshark says it of data only", without_data),
    Rule("tshark", "retransmission", SAME, instead_of("spurious_retransmission", without_data)),
    Rule("ours", "duplicate_ack", UNSCALED, after_a_syn),
    Rule("tshark", "window_update", UNSCALED, after_a_syn),
    Rule("tshark", "retransmission", CROSSED, crossed),
    Rule(
        "tshark", "duplicate_ack", "RFC 5681 section 2 asks for outstanding data; tshark does not", nothing_outstanding
    ),
    Rule("ours", "duplicate_ack", BEFORE, behind_an_overtaken),
    Rule("ours", "window_update", BEFORE, behind_an_overtaken),
    Rule("tshark", "ack_lost_segment", CONTIGUOUS, holes),
    Rule("ours", "ack_lost_segment", CONTIGUOUS, holes),
    Rule("ours", "ack_lost_segment", "tshark waits until the other end was seen", lambda pair: not pair.other),
    Rule(
        "ours", "ack_lost_segment", "once its sender had sent again in vain, tshark overlooks one", after_a_needless_one
    ),
)
"""The first that applies counts."""
