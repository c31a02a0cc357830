"""Where everything of a drawn ladder stands: packets below each other, and beside them calls and states by their cause.

One pass over the places of the timeline (see `rawkit.timeline`), from the top down. A thing is pushed down only by what
its own column holds, and by what it follows from: calls of one end cost the other no room. Lengths are pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import wrap

from rawkit.show.ladder_order import Order
from rawkit.show.ladder_words import call_lines, deeds_line, lasts, preview
from rawkit.timeline import Call, Segment, State, Timeline

WORDS, CALL, DATA = 40, 20, 56
"""Letters that there is room for in a line: of what a packet did, of a call, of data."""

LINE, SMALL_LINE, STATE = 19, 16, 20
"""Heights of a line of words, of one in small print, and of a state's label."""

GAP = 8
"""Between two things of a column, and inside a box above and below its words together."""

SLANT = 16
"""How much lower an arrow ends that arrives later, where nothing depends on when."""


@dataclass(slots=True)
class Arrow:
    """Packet `index` (counted from 1). It leaves at `top` and arrives at `bottom`: None where nothing shows that."""

    index: int
    segment: Segment
    words: list[str]
    data: str
    crosses: bool
    top: float = 0
    bottom: float | None = None

    @property
    def above(self) -> float:
        """Room for the words over it, and where it crosses others for the small print too."""
        return LINE * len(self.words) + (self.small if self.crosses else 0) + GAP / 2

    @property
    def small(self) -> float:
        """Room for the small print: flags and numbers, data."""
        return SMALL_LINE * (2 if self.data else 1)


@dataclass(slots=True)
class Box:
    """One call, with its words at `top` and those of its return, in a call that lasts, at `last`.

    `bottom` is None while it has not returned. `lane`: calls of its end that were open when it began.
    """

    call: Call
    words: list[str]
    top: float
    lane: int = 0
    bottom: float | None = None
    result: list[str] = field(default_factory=list)
    last: float = 0


@dataclass(frozen=True, slots=True)
class Label:
    """One state, written at `top`; it holds from `since` on."""

    state: State
    since: float
    top: float


class Layout:
    """The places of all `arrows`, `boxes` and `labels` of a timeline whose columns begin at `start`; their `end`."""

    def __init__(self, timeline: Timeline, start: float) -> None:
        self.arrows: list[Arrow] = []
        self.boxes: list[Box] = []
        self.labels: list[Label] = []
        self._crossings = timeline.crossings
        self._wire = start
        self._calls, self._kernels = [start, start], [start, start]
        """Where each column is free."""
        self._open: tuple[list[Box], list[Box]] = ([], [])
        self._order = Order(timeline)
        self._settle(0)
        for index, segment in enumerate(timeline.segments, 1):
            self._packet(index, segment)
            self._settle(index)
        for call in self._order.before(len(self.arrows) + 1):
            self._begin(call, self._calls[call.end])
        self.end = max(self._wire, *self._calls, *self._kernels) + GAP

    # -- packets ------------------------------------------------------------------------------------------------------

    def _packet(self, index: int, segment: Segment) -> None:
        """An arrow, with the call beside it that caused it; other calls that begin before it stand above that."""
        for call in self._order.before(index):
            self._begin(call, self._calls[call.end])
        words = wrap(deeds_line(segment), WORDS) or [""]
        arrow = Arrow(index, segment, words, preview(segment, DATA), index in self._crossings)
        self.arrows.append(arrow)
        self._place(arrow, self._order.cause(index))

    def _place(self, arrow: Arrow, cause: Call | None) -> None:
        end = arrow.segment.end
        middle = (LINE + GAP) / 2
        after = self._calls[end] + (middle if cause else 0)
        arrow.top = y = max(self._wire + arrow.above + GAP / 2, after, self._kernels[end], self._calls[1 - end])
        if cause is not None:
            self._begin(cause, y - middle)
        self._below(end, y)
        if not arrow.crosses and arrow.segment.arrives_after is not None:
            arrow.bottom = y + (SLANT if arrow.segment.arrives_after > arrow.index else 0)
        self._below(1 - end, arrow.bottom or y)
        self._wire = max(y, arrow.bottom or y) + (0 if arrow.crosses else arrow.small) + 2 * GAP

    def _below(self, end: int, y: float) -> None:
        """Calls and states that come now stand below `y`."""
        self._calls[end] = max(self._calls[end], y + GAP)
        self._kernels[end] = max(self._kernels[end], y + GAP / 2)

    # -- what follows a packet ----------------------------------------------------------------------------------------

    def _settle(self, place: int) -> None:
        """The states that hold after a packet, others that arrive only now, and the calls that return."""
        late = self._order.late[place]
        for state in self._order.states[place]:
            if state.segment not in late:
                self._label(state, self._reached(place, state.end))
        for index in late:
            arrow = self.arrows[index - 1]
            arrow.bottom = self._wire
            self._below(1 - arrow.segment.end, arrow.bottom)
            self._wire += 2 * GAP
            for state in self._order.states[place]:
                if state.segment == index:
                    self._label(state, arrow.bottom)
        for call in self._order.returns[place]:
            self._return(call)

    def _reached(self, place: int, end: int) -> float:
        """Where the arrow of a place meets an end's upright."""
        if not place:
            return self._wire
        arrow = self.arrows[place - 1]
        return arrow.top if arrow.segment.end == end or arrow.bottom is None else arrow.bottom

    def _label(self, state: State, since: float) -> None:
        top = self._kernels[state.end]
        self.labels.append(Label(state, since, top))
        self._kernels[state.end] = top + STATE + GAP / 2

    # -- calls --------------------------------------------------------------------------------------------------------

    def _begin(self, call: Call, top: float) -> None:
        box = Box(call, words_of(call, returned=False), top, len(self._open[call.end]))
        self.boxes.append(box)
        filled = top + height(box.words)
        if lasts(call):
            self._open[call.end].append(box)
        else:
            box.bottom = filled
        self._calls[call.end] = filled + GAP

    def _return(self, call: Call) -> None:
        """The end of a box that has its beginning, or all there is of one."""
        top, words = self._calls[call.end], words_of(call, returned=True)
        box = next((box for box in self._open[call.end] if box.call is call), None)
        if box is None:
            box = Box(call, words, top, len(self._open[call.end]))
            self.boxes.append(box)
        else:
            self._open[call.end].remove(box)
            box.result, box.last = words, top
        box.bottom = top + height(words)
        self._calls[call.end] = box.bottom + GAP


def words_of(call: Call, returned: bool) -> list[str]:
    """Lines that fit into a box."""
    return [line for text in call_lines(call, returned, CALL) for line in wrap(text, CALL)]


def height(words: list[str]) -> float:
    """Of a box around these lines."""
    return LINE * len(words) + GAP
