"""What a whole capture holds: counts, span, protocols, end points. Gathered packet by packet; none is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from rawkit.show.counts import counted
from rawkit.show.escape import visible
from rawkit.show.paint import Paint, plain
from rawkit.show.phrases import NETWORKS
from rawkit.show.seen import Frame
from rawkit.show.times import absolute, seconds
from rawkit.wire import NextHeader
from rawkit.wire.verdict import checksums

MAX_COUNTED = 65_536
"""Different protocol chains, or end points, that are told apart; all others are counted together."""

SHOWN = 20
"""Of each, the most frequent that are listed."""

OTHERS = "others"


class Summary:
    """The counts of the frames given to `add`."""

    def __init__(self) -> None:
        self.packets = 0
        self.octets = 0
        self.captured = 0
        self.earliest_ns: int | None = None
        self.latest_ns: int | None = None
        self.previous_ns: int | None = None
        self.backwards = 0
        self.defective = 0
        self.checksums: Counter[str] = Counter()
        self.protocols: Counter[str] = Counter()
        self.end_points: Counter[str] = Counter()

    def add(self, frame: Frame) -> None:
        """Count one frame."""
        packet = frame.packet
        self.packets += 1
        self.octets += frame.wire_length
        self.captured += frame.captured_length
        self.defective += bool(frame.defects or packet.defects)
        self._stamp(frame.time_ns)
        count(self.protocols, "/".join(chain(packet.layers)) or frame.linktype.name)
        for end in set(end_points(packet.layers)):
            count(self.end_points, end)
        self.checksums.update(verdict.state for verdict in checksums(packet))

    def _stamp(self, time_ns: int | None) -> None:
        if time_ns is None:
            return
        self.backwards += self.previous_ns is not None and time_ns < self.previous_ns
        self.earliest_ns = time_ns if self.earliest_ns is None else min(self.earliest_ns, time_ns)
        self.latest_ns = time_ns if self.latest_ns is None else max(self.latest_ns, time_ns)
        self.previous_ns = time_ns


def chain(layers: tuple[Any, ...]) -> Iterator[str]:
    """What the headers are called, then what stayed octets, where the last header's number has a name: `IPv4/OSPF`."""
    yield from (type(header).layout.called for header in layers)
    field = type(layers[-1]).layout.next_field if layers else None
    if field is None or not isinstance(field.role, NextHeader):
        return
    numbers, number = field.role.numbers, getattr(layers[-1], field.name)
    part = field.role.unless and getattr(layers[-1], field.role.unless)  # a later fragment begins with no header
    if number in numbers and number not in numbers.classes and not part:
        yield numbers[number]


def count(counter: Counter[str], name: str) -> None:
    """Count a name, or the rest of the names when there are too many."""
    counter[name if name in counter or len(counter) < MAX_COUNTED else OTHERS] += 1


def end_points(layers: Iterable[Any]) -> Iterator[str]:
    """Both ends of the innermost network header, with their ports where there are any."""
    network: Any = None
    transport: Any = None
    for header in layers:
        if type(header).__name__ in NETWORKS:
            network, transport = header, None
        elif hasattr(header, "sport"):
            transport = header
    if network is None:
        return
    for address, port in ((network.src, "sport"), (network.dst, "dport")):
        yield f"{address}.{getattr(transport, port)} {type(transport).layout.called}" if transport else str(address)


def summary(gathered: Summary, *, paint: Paint = plain) -> str:
    """The counts as text."""
    lines = [f"{paint('packets', 'name')}     {gathered.packets}, {gathered.octets} octets on the wire"]
    if gathered.captured != gathered.octets:
        lines[0] += f", {gathered.captured} captured"
    lines += span(gathered, paint)
    states = ", ".join(f"{number} {state}" for state, number in sorted(gathered.checksums.items()))
    lines.append(f"{paint('checksums', 'name')}   {states or 'none'}")
    if gathered.defective:
        lines.append(paint(f"damaged     {counted(gathered.defective, 'packet')} with defects", "bad"))
    lines += table("protocols", gathered.protocols, paint)
    lines += table("end points", gathered.end_points, paint)
    return "\n".join(lines)


def span(gathered: Summary, paint: Paint) -> Iterator[str]:
    """Earliest and latest time stamp."""
    if gathered.earliest_ns is None or gathered.latest_ns is None:
        return
    earliest, latest = absolute(gathered.earliest_ns), absolute(gathered.latest_ns)
    length = seconds(gathered.latest_ns - gathered.earliest_ns)
    yield f"{paint('span', 'name')}        {length} s, {earliest} to {latest} UTC"
    if gathered.backwards:
        yield f"            {counted(gathered.backwards, 'packet')} earlier than the one before"


def table(title: str, counter: Counter[str], paint: Paint) -> list[str]:
    """The most frequent names with their counts; ties in the names' order."""
    ranked = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    lines = [paint(title, "name")] if ranked else []
    lines += [f"  {number:>8}  {visible(name)}" for name, number in ranked[:SHOWN]]
    if len(ranked) > SHOWN:
        lines.append(f"  {sum(number for _, number in ranked[SHOWN:]):>8}  {len(ranked) - SHOWN} more")
    return lines
