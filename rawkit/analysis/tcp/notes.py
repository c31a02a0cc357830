"""What is to be said of a TCP conversation besides its packets: what is missing from the capture, and what is odd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rawkit.analysis.observed import ACK
from rawkit.analysis.tcp.sequence import MAX_WINDOW
from rawkit.analysis.tunnels import sentences
from rawkit.analysis.words import PARTIAL, completed_words, octets
from rawkit.show.counts import joined
from rawkit.show.times import span
from rawkit.timeline import End

if TYPE_CHECKING:
    from rawkit.analysis.tcp.steps import Step
    from rawkit.analysis.tcp.walk import Walk


def notes(walk: Walk) -> list[str]:
    """Sentences, the one that matters most for reading the ladder first."""
    inside = sentences(walk.conversation.tunnel)
    odd = [*_missing(walk), *_unknown(walk), *_resets(walk), *_never_accepted(walk), *_odd(walk)]
    return [*inside, *odd, *_time_wait(walk)]


def _name(walk: Walk, end: int) -> str:
    return str(End(*walk.conversation.ends[end]))


def _missing(walk: Walk) -> list[str]:
    """What the capture lacks."""
    found = []
    segments = [step for step in walk.steps if step.segment]
    if segments and not segments[0].syn:
        found.append("The capture begins in the middle of this conversation: its handshake is not in it.")
    elif segments and segments[0].has(ACK) and not any(step.syn and not step.has(ACK) for step in segments):
        found.append("The first SYN is not in the capture; the answer to it shows that there was one.")
    silent = [end for end in (0, 1) if not any(step.end == end for step in segments)]
    found += [f"No segment of {_name(walk, end)} is in the capture." for end in silent]
    missing = [_octets_missing(walk, end) for end in (0, 1)]
    if any(missing):
        found.append(f"Packets are missing from the capture, by their numbers: {joined(filter(None, missing))}.")
    elif any(state.lost for state in walk.states):
        found.append("Packets seem to be missing from the capture: an end did what its state did not allow.")
    if walk.conversation.left_out:
        found.append(f"{walk.conversation.left_out:,} further packets are counted and not explained: too many.")
    return found


def _octets_missing(walk: Walk, end: int) -> str:
    """How many octets an end must have sent that are not here; "" where there are none.

    They lie before others that are here, or were acknowledged: then the last may be its FIN, which is none.
    """
    side = walk.sides[end]
    last = max([1, *side.seen.stops])
    acked = side.acked if side.fin is None and side.acked - last <= MAX_WINDOW else 0
    stop = max(last, acked)
    here = sum(max(0, high - max(1, low)) for low, high in zip(side.seen.starts, side.seen.stops, strict=True))
    count = stop - 1 - here
    unsure = " (one of them may be its FIN)" if acked > last else ""
    return f"{octets(count)} of {_name(walk, end)}{unsure}" if count else ""


def _unknown(walk: Walk) -> list[str]:
    """Who asked without a kernel's knowing."""
    ends = sorted({step.end for step in walk.steps if step.unknown})
    return [
        f"The kernel of {_name(walk, end)} resets the answer to a request that it knows nothing of: a raw socket sent "
        "that, as scanners do, or a connect() that had given up before."
        for end in ends
    ]


def _resets(walk: Walk) -> list[str]:
    """Why an end reset the connection, where its data shows it."""
    return [
        f"Packet {walk.steps[call.caused[0] - 1].observed.number}: {call.why}."
        for program in walk.programs
        for call in program.calls
        if call.name == "close" and call.caused and walk.steps[call.caused[0] - 1].rst
    ]


def _never_accepted(walk: Walk) -> list[str]:
    return [
        f"Nothing shows that {_name(walk, end)} called accept(): the kernel completes handshakes and acknowledges data "
        "by itself."
        for end, program in enumerate(walk.programs)
        if program.accepting is not None
    ]


def _odd(walk: Walk) -> list[str]:
    found = [completed_words(_name(walk, end)) for end in (0, 1) if walk.completed[end]]
    found += [PARTIAL] if any(step.observed.partial for step in walk.steps) else []
    again = sum(_again(step) for step in walk.steps if step.segment and not (step.rst or step.ghost))
    if again:
        found.append(f"{octets(again)} of data came more than once and count once.")
    return found


def _again(step: Step) -> int:
    """Octets of data that had been seen before; that of a question is none."""
    return 0 if step.asks else step.observed.length - step.new - step.beyond


LINUX_TIME_WAIT_NS = 60_000_000_000
"""TCP_TIMEWAIT_LEN; RFC 9293 section 3.4.2 has an MSL of 2 minutes, so that 2 MSL are 4."""


def _time_wait(walk: Walk) -> list[str]:
    """How long an end still waits that closed first."""
    found = []
    for end in (0, 1):
        last = next((state for state in reversed(walk.found) if state.end == end), None)
        if last is None or last.name != "TIME-WAIT":
            continue
        left = time_wait_left(walk.steps[last.after - 1].observed.time_ns, walk.conversation.until_ns)
        if left is not None:
            waits = "stays in TIME-WAIT for 60 s on Linux (2 MSL, RFC 9293 section 3.6)"
            found.append(f"{_name(walk, end)} {waits}; {span(left)} of them are left when the capture ends.")
    return found


def time_wait_left(since_ns: int | None, until_ns: int | None) -> int | None:
    """What is left of Linux's TIME-WAIT, in nanoseconds; None where it is over, or nothing tells."""
    if since_ns is None or until_ns is None:
        return None
    left = LINUX_TIME_WAIT_NS - (until_ns - since_ns)
    return left if 0 < left <= LINUX_TIME_WAIT_NS else None
