"""A wire between two links, good or bad."""

from __future__ import annotations

import select
from contextlib import ExitStack, suppress
from dataclasses import dataclass, fields
from io import UnsupportedOperation

from rawkit.clock import NANOSECONDS, SystemClock
from rawkit.link.errors import InterfaceDown, InterfaceGone, LinkEnded
from rawkit.link.impairment import Content, Impairment
from rawkit.link.link import Link
from rawkit.link.packet import PacketLink

LONGEST_NAP_MS = 100
"""After so long at the most it is noticed that somebody closed a link."""


@dataclass
class Forwarded:
    """What became of the frames in one direction: `came` = `passed` + `refused` + those that the bad wire kept."""

    impairment: Impairment | None
    came: int = 0
    passed: int = 0
    refused: int = 0
    """By the link that they were to go out on: too long for it, its queue full."""


class Forwarder:
    """Passes frames between two links, both ways, super-segments as they are. `step` does what there is to do now.

    >>> from rawkit.link import pipe
    >>> host, a = pipe()
    >>> b, other_host = pipe()
    >>> forwarder = Forwarder(a, b)
    >>> host.send(bytes(60))
    >>> forwarder.step(0)
    1
    >>> other_host.receive()
    <Frame 1: 60 of 60 octets, ETHERNET>
    """

    def __init__(self, a: Link, b: Link, impair: Impairment | tuple[Impairment, Impairment] | None = None) -> None:
        """`impair` is what happens on the way: one for both directions, with other dice, or (a to b, b to a)."""
        there, back = impair if isinstance(impair, tuple) else _both_ways(impair)
        self.a_to_b, self.b_to_a = Forwarded(there), Forwarded(back)
        self._clock = a.clock
        self._ways = ((a, b, self.a_to_b), (b, a, self.b_to_a))
        self._waiting = select.poll()
        for link in (a, b):
            with suppress(UnsupportedOperation):
                self._waiting.register(link.fileno(), select.POLLIN)

    def step(self, timeout: float | None = None) -> int:
        """Pass what is there and what is due; else wait for it. How many frames came or went.

        LinkEnded when one of the links has; an interface that is down loses what is sent to it.
        """
        moved = self._move()
        if not moved:
            self._wait(timeout)
            moved = self._move()
        return moved

    def _move(self) -> int:
        return sum(self._take(link, out, way) + self._give_due(out, way) for link, out, way in self._ways)

    def _take(self, link: Link, out: Link, way: Forwarded) -> int:
        try:
            frames = link.receive_many(0)
        except InterfaceDown:
            return 0
        way.came += len(frames)
        contents = [Content(frame.octets, frame.offload) for frame in frames]
        if way.impairment is None:
            self._give(out, way, contents)
        else:
            now = self._clock.monotonic_ns()
            for content in contents:
                way.impairment.offer(content, now)
        return len(frames)

    def _give_due(self, out: Link, way: Forwarded) -> int:
        due = way.impairment.due(self._clock.monotonic_ns()) if way.impairment is not None else []
        self._give(out, way, due)
        return len(due)

    def _give(self, out: Link, way: Forwarded, contents: list[Content]) -> None:
        for octets, offload, _ in contents:
            try:
                out.put(octets, offload)
                way.passed += 1
            except InterfaceGone:
                raise
            except OSError:
                way.refused += 1

    def _wait(self, timeout: float | None) -> None:
        """For a frame, for what is due, or for as long as was said."""
        now = self._clock.monotonic_ns()
        marks = [way.impairment.next_ns for _, _, way in self._ways if way.impairment is not None]
        marks += [link.due_ns() for link, _, _ in self._ways]
        if timeout is not None:
            marks.append(now + int(timeout * NANOSECONDS))
        left = min((mark - now for mark in marks if mark is not None), default=None)
        if isinstance(self._clock, SystemClock):
            self._waiting.poll(LONGEST_NAP_MS if left is None else min(max(-(-left // 1_000_000), 0), LONGEST_NAP_MS))
        elif left is not None:
            self._clock.sleep_ns(left)


def forward(
    a: Link | str,
    b: Link | str,
    impair: Impairment | tuple[Impairment, Impairment] | None = None,
    *,
    duration: float | None = None,
) -> tuple[Forwarded, Forwarded]:
    """Be the wire between two links, or two interfaces by name: for `duration` seconds, or until one of them ends.

    Of interfaces every frame is taken, whoever it is for; neither should have addresses, or its kernel answers too.
    Returns what happened from a to b and from b to a.
    """
    with ExitStack() as opened:
        link, other = (
            opened.enter_context(PacketLink(each, ring=None, promiscuous=True)) if isinstance(each, str) else each
            for each in (a, b)
        )
        forwarder = Forwarder(link, other, impair)
        end = None if duration is None else link.clock.monotonic_ns() + int(duration * NANOSECONDS)
        with suppress(LinkEnded):
            while end is None or (left := end - link.clock.monotonic_ns()) > 0:
                forwarder.step(None if end is None else left / NANOSECONDS)
    return forwarder.a_to_b, forwarder.b_to_a


def _both_ways(impair: Impairment | None) -> tuple[Impairment | None, Impairment | None]:
    """The same faults in both directions, but not the same dice."""
    if impair is None:
        return None, None
    asked = {each.name: getattr(impair, each.name) for each in fields(impair) if each.init}
    return impair, Impairment(**(asked | {"seed": f"{impair.seed}/back"}))
