"""The words around a ladder: its title, and the count at its foot."""

from __future__ import annotations

from collections import Counter
from textwrap import wrap

from rawkit.show.counts import counted
from rawkit.show.escape import visible
from rawkit.show.ladder_words import UNSCALED
from rawkit.show.paint import Paint
from rawkit.timeline import Timeline


def title(timeline: Timeline, width: int, paint: Paint) -> list[str]:
    """Which conversation it is: the two ends, each over its side of the ladder."""
    left, right = (visible(end) for end in timeline.ends)
    first, second = (visible(end.role) for end in timeline.ends)
    side = (width - len(timeline.protocol)) // 2 - 1
    heads = f" {first:<{side}}{timeline.protocol.upper()}{second:>{width - side - len(timeline.protocol) - 2}}"
    if len(left) + len(right) + 4 <= width:
        ends = [f" {left}{right:>{width - len(left) - 2}}"]
    else:  # two IPv6 addresses at full length
        ends = [f" {left}", f"{right:>{width - 1}}"]
    return [paint(heads.rstrip(), "dim"), *(paint(line, "name") for line in ends)]


def footer(timeline: Timeline, width: int, others: str, wide: bool) -> list[str]:
    """The sentences below, in lines."""
    signs = [*legend(timeline), *wide_legend(timeline)] if wide else legend(timeline)
    lines = []
    for sentence in sentences(timeline, counted_packets(timeline, " (━►)", " (╌►)"), signs, others):
        lines += ["", *wrap(sentence, width - 2, initial_indent=" ", subsequent_indent=" ")]
    return lines


def sentences(timeline: Timeline, counts: str, signs: list[str], others: str) -> list[str]:
    """What was counted, how to read it, and what is not known."""
    found = [counts]
    if any(call.inferred for call in timeline.calls):
        found.append(inferred(timeline))
    found += [" ".join(signs)] if signs else []
    found += [visible(note) for note in timeline.notes]
    return [*found, others] if others else found


def counted_packets(timeline: Timeline, by_call: str = "", by_none: str = "") -> str:
    """Calls and packets. `by_call` and `by_none`: how an arrow looks that a call put on the wire, and that none did."""
    counts = timeline.counts
    calls, packets = counted(counts["calls"], "call"), counted(counts["packets"], "packet")
    octets, data = counted(counts["octets_on_the_wire"], "octet"), counts["octets_of_data"]
    callers, theirs = counted(counts["calls_that_sent"], "call"), counted(counts["packets_by_call"], "packet")
    alone = counts["packets_by_no_call"]
    were = "was" if alone == 1 else "were"
    kernels = f"{counted(alone, 'packet')} {were} sent by no call at all{by_none}, but by a kernel on its own"
    put = f"{callers} put {theirs} on the wire" if counts["calls_that_sent"] else "No call put one on the wire"
    if unexplained := counts["packets_unexplained"]:
        put = put.replace("No call put", "No call is known to have put")
        either = f"of {counted(unexplained, 'reset')} nothing tells whether a call or a kernel on its own sent it"
        kernels = f"{kernels}; {either}" if alone else either
    if copied := counts["packets_copied"]:
        are = "is another" if copied == 1 else "are others"
        twice = f"{counted(copied, 'packet')} {are} a second time, sent by no end"
        kernels = f"{kernels}; {twice}" if alone or unexplained else twice
    text = (
        f"{calls}, {packets}, {octets} on the wire for {f'{data:,}' if data else 'none'} of data. "
        f"{put}{by_call}; {kernels if alone or unexplained or copied else 'no packet was sent without a call'}."
    )
    around = Counter(visible(segment.label) for segment in timeline.segments if segment.companion)
    if around:
        kinds = ", ".join(f"{number:,} {label}" for label, number in around.items())
        text += f" Shown with them, and not counted: {kinds}."
    return text


def inferred(timeline: Timeline) -> str:
    """What is guessed, said plainly."""
    text = "Calls are inferred from the packets; "
    if timeline.protocol == "tcp":
        text += "socket(), bind() and listen() send none, and so are not seen."
        if any(call.name in ("send", "recv") for call in timeline.calls):
            text += " Where one send() or recv() ends and the next begins is not on the wire: "
            text += "the push flag is taken for it."
    else:
        text += "socket(), bind() and connect() send none over UDP, and so are not seen."
    if any(call.certainty == "possible" for call in timeline.calls):
        text += ' "?": possible, but nothing in the capture shows it.'
    if any(call.certainty == "possible" and call.caused for call in timeline.calls):
        text += " The packet beside such a call may be the kernel's own."
    return text


def legend(timeline: Timeline, drawn: bool = False) -> list[str]:
    """What the numbers and signs between the uprights mean, as far as there are any; `drawn`: with slanting arrows."""
    found = [numbering(timeline)] if any(segment.seq is not None for segment in timeline.segments) else []
    if any(segment.arrives_after is None for segment in timeline.segments):
        found.append('"?" for an arrowhead: sent again, thrown away or not answered; nothing shows that it arrived.')
    if timeline.crossings and not drawn:
        found.append('"…" for an arrowhead: still on its way; where it arrives is said.')
    if any(state.name == "?" for state in timeline.states):
        found.append('"?" for a state: the packets allow more than one.')
    return found


def numbering(timeline: Timeline) -> str:
    """What sequence numbers count from."""
    if any("SYN" in segment.label for segment in timeline.segments):
        return "Numbers count from each end's SYN, which is 0."
    text = "Numbers count from the first octet of each end that is here, which is 1"
    for end in (0, 1):
        first = next((s.seq for s in timeline.segments if s.end == end and s.seq is not None), None)
        heard = any(s.end != end and s.ack is not None for s in timeline.segments)
        if first not in (None, 1) or (first is None and heard):
            text += f"; those of {visible(timeline.ends[end])} from the first that the other end still waited for"
    return f"{text}."


def wide_legend(timeline: Timeline) -> list[str]:
    """The same for what only wide ladders say."""
    found = []
    windows = [segment for segment in timeline.segments if segment.window is not None]
    if windows:
        found.append("win= is the room for data that its sender announces, in octets.")
    if any(segment.room is None for segment in windows):
        found.append(f'"{UNSCALED}": the handshake, which is not here, told in which unit.')
    return found
