"""The ladder: a conversation as two programs, two kernels and the wire between them.

The outer columns are what the programs called, the inner ones what state their kernels' ends were in, and between the
two uprights are the packets: a heavy arrow was put on the wire by a call, a dashed one by no call at all. Made from a
`Timeline` and nothing else; it reads the same without colour, and in ASCII where a terminal has no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap

from rawkit.show.escape import visible
from rawkit.show.ladder_order import Order
from rawkit.show.ladder_text import footer, title
from rawkit.show.ladder_words import call_lines, deeds_line, lasts, numbers, preview
from rawkit.show.paint import Paint, Role, plain
from rawkit.show.times import span
from rawkit.timeline import Call, Segment, Timeline

NARROWEST = 72
"""Columns that a ladder needs; on less it is cut off by the terminal and not by us."""

WIDE = 110
"""Columns from which on windows, ranges of numbers and the beginning of the data are shown too."""

LEAST_PREVIEW = 16
"""Columns that a preview of data needs to stand behind words; where there are fewer it has a line of its own."""

WIDEST = 132
"""More columns than this only make the arrows longer."""

ASCII = str.maketrans("│├┤━╌►◄┌└┐┘┆…·×µ", "|||=->" + "<,`.'::.xu")
"""Every sign of the drawing in ASCII."""

Piece = tuple[str, Role | None]


def ladder(
    timeline: Timeline, width: int = 80, paint: Paint = plain, ascii_only: bool = False, others: str = ""
) -> str:
    """The picture, `width` columns wide. `others`: a sentence about the capture's packets that are not in it."""
    drawing = Ladder(timeline, max(NARROWEST, min(width, WIDEST)), paint)
    foot = footer(timeline, drawing.width, others, drawing.wide)
    lines = [*title(timeline, drawing.width, paint), *drawing.lines(), *foot]
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    return text.translate(ASCII) if ascii_only else text


class Ladder:
    """Draws one timeline, row by row. Side columns are `side` wide, the wire between the uprights `middle`."""

    def __init__(self, timeline: Timeline, width: int, paint: Paint) -> None:
        self.timeline = timeline
        self.width = width
        self.paint = paint
        self.side = 21 + max(0, (width - 92) // 8)
        self.middle = width - 2 * self.side - 2
        self.wide = width >= WIDE
        self.digits = max([1, *(len(str(segment.number or at)) for at, segment in enumerate(timeline.segments, 1))])
        self.state = ["", ""]
        self.shown = ["", ""]
        self.open: list[Call | None] = [None, None]
        """At each end the call that has begun and not returned, drawn as a line down the margin."""
        self.by_call = {index for call in timeline.calls for index in call.caused}
        self.order = Order(timeline)

    def lines(self) -> list[str]:
        """Every row."""
        rows = self._heads()
        start = self.timeline.segments[0].time_ns if self.timeline.segments else None
        self._take_states(0, ())
        if any(self.state):
            rows.append(self._row(state=(0, 1)))
        rows += self._after(0)
        for index, segment in enumerate(self.timeline.segments, 1):
            rows += self._before(index)
            rows += self._segment(index, segment, start)
            rows += self._after(index)
        return rows + self._before(len(self.timeline.segments) + 1)

    # -- the columns' heads -------------------------------------------------------------------------------------------

    def _heads(self) -> list[str]:
        kernel = "kernel" if self.timeline.states else ""
        left = f" program{kernel.rjust(self.side - 9)} "
        right = f" {kernel.ljust(self.side - 9)}program"
        return [self.paint(f"{left} {'on the wire'.center(self.middle)} {right}", "dim")]

    # -- packets ------------------------------------------------------------------------------------------------------

    def _before(self, index: int) -> list[str]:
        """Rows of calls that begin before a packet, but for the one that causes it: that stands beside it."""
        return [row for call in self.order.before(index) for row in self._call_rows(call)]

    def _segment(self, index: int, segment: Segment, start: int | None) -> list[str]:
        """Two rows: what it did, with the call that did it; and the arrow, with both ends' states after it."""
        rows = []
        number = str(segment.number or index).rjust(self.digits)
        time = span(segment.time_ns - start) if segment.time_ns is not None and start is not None else ""
        room = self.middle - self.digits - 3
        call = self.order.cause(index)
        for line, data in self._said(segment, room - len(time) - 1):
            shown: list[Piece] = [(line, None), (data, "field0")]
            blank = room - len(line) - len(data)
            rows.append(self._row(middle=[(f" {number} ", "dim"), *shown, (time.rjust(blank), "dim")], call=call))
            number, time, call = " " * self.digits, "", None
        return [*rows, self._arrow_row(index, segment)]

    def _said(self, segment: Segment, room: int) -> list[tuple[str, str]]:
        """Lines of words, the last with the beginning of the data behind it, or alone on one more line."""
        words = wrap(deeds_line(segment), room) or [""]
        lines = [(line, "") for line in words]
        if self.wide and segment.data:
            left = room - len(words[-1]) - 3
            if left < LEAST_PREVIEW:
                lines.append(("", preview(segment, room)))
            else:
                lines[-1] = (words[-1], "  " + preview(segment, left))
        return lines

    def _arrow_row(self, index: int, segment: Segment) -> str:
        self._take_states(index, self.order.late[index])
        line = "━" if index in self.by_call else "╌"
        text = self._arrow_text(segment)
        head = "►" if segment.end == 0 else "◄"
        if segment.arrives_after is None:
            head = "?"
        elif index in self.timeline.crossings:
            head = "…"
        room = self.middle - len(text) - len(head) - 4
        if segment.end == 0:
            arrow = f"{line} {text} {line * room}{line if head != '…' else ' '}{head}"
        else:
            arrow = f"{head}{line if head != '…' else ' '}{line * room} {text} {line}"
        role: Role | None = "name" if line == "━" else None
        return self._row(middle=[(arrow, role)], state=(0, 1), foot=segment.end)

    def _arrow_text(self, segment: Segment) -> str:
        """Flags and numbers, as many as there is room for."""
        parts = numbers(segment, everything=self.wide)
        while len(parts) > 1 and len(" ".join(parts)) > self.middle - 5:
            parts.pop()
        return " ".join(parts)

    def _after(self, index: int) -> list[str]:
        """Rows of what follows a packet: others that arrive only now, and calls that return."""
        rows = []
        for late in self.order.late[index]:
            self._take_states(index, (late,), only=True)
            sent = self.timeline.segments[late - 1]
            said = f"{sent.number or late} arrives"
            if sent.end == 0:
                text = f"{said} … ►".rjust(self.middle)
            else:
                text = f"◄ … {said}".ljust(self.middle)
            rows.append(self._row(middle=[(text, "dim")], state=(1 - sent.end,)))
        return rows + [row for call in self.order.returns[index] for row in self._call_rows(call, returned=True)]

    def _take_states(self, place: int, late: Sequence[int], only: bool = False) -> None:
        """Set the states that hold after `place`: those that packets in `late` brought, or (not `only`) the others."""
        for state in self.order.states[place]:
            if (state.segment in late) == only:
                self.state[state.end] = visible(state.name)

    # -- calls --------------------------------------------------------------------------------------------------------

    def _call_rows(self, call: Call, returned: bool = False) -> list[str]:
        """Rows of their own for a call, or for its return."""
        texts = call_lines(call, returned, self.side - 3)
        return [self._row(call=call, returned=returned, text=text) for text in texts]

    # -- a row --------------------------------------------------------------------------------------------------------

    def _row(
        self,
        middle: list[Piece] | None = None,
        call: Call | None = None,
        returned: bool = False,
        text: str = "",
        state: Iterable[int] = (),
        foot: int | None = None,
    ) -> str:
        """One line of text. `foot`: the end where an arrow begins, whose upright is joined to it."""
        if call is not None and not text:
            text = call_lines(call, returned, self.side - 3)[0]
        sides = [self._side(end, call, returned, text, end in state) for end in (0, 1)]
        left = "├" if foot == 0 else "│"
        right = "┤" if foot == 1 else "│"
        pieces = middle or []
        blank = " " * (self.middle - sum(len(text) for text, _ in pieces))
        body = "".join(self.paint(text, role) if role else text for text, role in pieces)
        return f"{sides[0]}{left}{body}{blank}{right}{sides[1]}"

    def _side(self, end: int, call: Call | None, returned: bool, text: str, with_state: bool) -> str:
        """One end's column: the program's call on the outside, the kernel's state next to the wire."""
        mine = call if call is not None and call.end == end else None
        mark = self._mark(end, mine, returned)
        text = text if mine else ""
        state = self.state[end] if with_state else ""
        room = self.side - 3 - len(text) - len(state)
        painted = self.paint(text, "name" if mine and mine.certainty != "possible" else "dim")
        changed = state != self.shown[end]
        self.shown[end] = state or self.shown[end]
        shown = self.paint(state, "field0" if changed else "dim")
        if end == 0:
            return f"{mark} {painted}{' ' * room}{shown} "
        return f" {shown}{' ' * room}{painted} {mark}"

    def _mark(self, end: int, call: Call | None, returned: bool) -> str:
        """The sign at the edge, which holds a call that takes its time together."""
        if call is not None and lasts(call):
            self.open[end] = None if returned else call
            return ("└┘" if returned else "┌┐")[end]
        return "│" if self.open[end] else " "
