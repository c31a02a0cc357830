"""The ladder as a picture for slides: the same timeline as `ladder` draws in letters, as SVG.

The two uprights are the border between a kernel and the wire. A heavy arrow begins in the box of the call that put it
there, a dashed one at the kernel that sent it on its own. It reads the same without colour; a viewer tells more of a
thing under the pointer. Long conversations grow downward.
"""

from __future__ import annotations

from textwrap import wrap

from rawkit.show.escape import visible
from rawkit.show.ladder_layout import GAP, LINE, SMALL_LINE, STATE, Arrow, Box, Label, Layout
from rawkit.show.ladder_text import counted_packets, legend, sentences
from rawkit.show.ladder_words import numbers
from rawkit.show.svg import Drawing, Point, Value
from rawkit.show.times import span
from rawkit.timeline import Timeline

WIDTH, MARGIN, PROGRAM = 1280, 28, 196
"""Of the picture, of its edge, and of the column where a program's calls stand."""

UPRIGHTS = (392.0, WIDTH - 392.0)
EDGES = (MARGIN + PROGRAM, WIDTH - MARGIN - PROGRAM)
"""Where the program's columns end, towards the wire."""

START = 132
"""Where the columns begin, below the names of the ends."""

REACH = 0.82
"""How far over the wire an arrow goes that nothing shows to have arrived."""

FOOT_LETTERS = 170
"""In a line of the sentences at the foot."""

INK, DIM, CALLED, ALONE, PALE, BAND = "#1d2733", "#5d6b79", "#12408f", "#4a5560", "#e6eefb", "#f4f6f9"
LETTER = 0.61
"""Width of a letter of a monospaced font, in its size."""

MOST_LANES = 6
"""Boxes inside each other that are told apart."""


def ladder_svg(timeline: Timeline, others: str = "") -> str:
    """The picture. `others`: a sentence about the capture's packets that are not in it."""
    picture = Picture(timeline)
    picture.columns()
    for box in picture.layout.boxes:
        picture.box(box)
    for arrow in picture.layout.arrows:
        picture.arrow(arrow)
    for arrow in picture.layout.arrows:
        picture.words(arrow)
    for label in picture.layout.labels:
        picture.label(label)
    height = picture.foot(picture.layout.end + 4 * GAP, others)
    first, second = timeline.ends
    title = f"{timeline.protocol.upper()} {first} and {second}"
    return picture.drawing.whole(WIDTH, height, title, font_family="sans-serif", font_size=14, fill=INK)


class Picture:
    """Draws the parts of one timeline."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.layout = Layout(timeline, START)
        self.drawing = Drawing()
        self.callers = {index: box for box in self.layout.boxes for index in box.call.caused}
        self.crossing = [arrow for arrow in self.layout.arrows if arrow.crosses]
        self.start = timeline.segments[0].time_ns if timeline.segments else None

    def columns(self) -> None:
        """The names of the ends, the heads of the columns, and the two uprights."""
        draw, end = self.drawing, self.layout.end
        middle = WIDTH / 2
        for left in (MARGIN, EDGES[1]):
            draw.rectangle(left, START - 30, PROGRAM, end - START + 30, fill=BAND)
        draw.text(self.timeline.protocol.upper(), middle, 66, text_anchor="middle", font_size=22, fill=DIM)
        kernel = "kernel" if self.timeline.states else ""
        centres = (MARGIN + PROGRAM / 2, (EDGES[0] + UPRIGHTS[0]) / 2, middle)
        with draw.group(fill=DIM, font_size=13, text_anchor="middle"):
            for text, x in zip(("program", kernel, "on the wire"), centres, strict=True):
                for place in sorted({x, WIDTH - x}):
                    draw.text(text, place, START - 12)
        size = min(fitting(17, visible(which), 304) for which in self.timeline.ends)
        for which, x in zip(self.timeline.ends, UPRIGHTS, strict=True):
            draw.rectangle(x - 160, 26, 320, 56, rx=6, fill="#ffffff", stroke=INK, stroke_width=1.5)
            if which.role:
                draw.text(which.role, x, 46, text_anchor="middle", fill=DIM)
            y = 69 if which.role else 60
            self.fitted(str(which), x, y, 304, size, text_anchor="middle", font_weight="bold")
            draw.path((x, 82), (x, end), stroke=INK, stroke_width=2)

    def fitted(self, text: str, x: float, y: float, room: float, size: float, **values: Value) -> None:
        """Monospaced text, smaller where it is too long for its room."""
        size = fitting(size, visible(text), room)
        self.drawing.text(text, x, y, font_family="monospace", font_size=size, **values)

    # -- calls and states ---------------------------------------------------------------------------------------------

    def box(self, box: Box) -> None:
        """One call; open at the bottom where it did not return, dashed where it is only possible."""
        call = box.call
        inset = 10 * min(box.lane, MOST_LANES)
        left = MARGIN + inset if call.end == 0 else EDGES[1]
        right = EDGES[0] if call.end == 0 else WIDTH - MARGIN - inset
        bottom = self.layout.end if box.bottom is None else box.bottom
        look: dict[str, Value] = {"fill": PALE}
        if call.certainty == "possible":
            look = {"fill": "#ffffff", "stroke_dasharray": "5 4"}
        with self.drawing.group(f"{call.text}: {call.certainty}" + (f" ({call.why})" if call.why else "")):
            look |= {"stroke": CALLED, "stroke_width": 1.4}
            if box.bottom is None:
                self.drawing.path((left, bottom), (left, box.top), (right, box.top), (right, bottom), **look)
            else:
                self.drawing.rectangle(left, box.top, right - left, bottom - box.top, rx=4, **look)
            x, anchor = (left + 10, "start") if call.end == 0 else (right - 10, "end")
            for top, lines in ((box.top, box.words), (box.last, box.result)):
                for at, line in enumerate(lines):
                    self.fitted(line, x, top + 18 + LINE * at, PROGRAM - 20, 14, text_anchor=anchor)

    def label(self, label: Label) -> None:
        """One state, behind the upright whose end it is the state of."""
        state = label.state
        text = visible(state.name)
        width = min(len(text) * 12 * LETTER + 14, 150)
        sign = 1 if state.end else -1
        upright = UPRIGHTS[state.end]
        left = upright + 8 if state.end else upright - 8 - width
        with self.drawing.group(f"{state.name}: {state.cause}" if state.cause else state.name):
            corner = (upright + 8 * sign, label.top + STATE / 2)
            self.drawing.path((upright, label.since), (upright, corner[1]), corner, fill="none", stroke=INK)
            self.drawing.rectangle(left, label.top, width, STATE, rx=STATE / 2, fill="#ffffff", stroke=INK)
            self.fitted(text, left + width / 2, label.top + 14, width - 12, 12, text_anchor="middle")

    # -- packets ------------------------------------------------------------------------------------------------------

    def arrow(self, arrow: Arrow) -> None:
        """One packet's way, from the box of its call where one caused it."""
        segment, caller = arrow.segment, self.callers.get(arrow.index)
        start, stop = UPRIGHTS[segment.end], UPRIGHTS[1 - segment.end]
        bottom = arrow.top if arrow.bottom is None else arrow.bottom
        look = shaft(caller is not None)
        said = f"packet {segment.number or arrow.index}: {' '.join(numbers(segment, everything=True))}"
        with self.drawing.group(said, stroke=look["stroke"], fill="none"):
            if segment.via:
                start = (start + stop) / 2
                self.drawing.element("circle", cx=start, cy=arrow.top, r=5)
            if arrow.bottom is None:
                stop = start + (stop - start) * REACH
            self.drawing.path(
                (start if caller is None else self.leave(caller, arrow.top), arrow.top),
                (start, arrow.top),
                (stop, bottom),
                **look,
            )
            if arrow.bottom is None:
                side = 12 if segment.end == 0 else -12
                self.drawing.text(
                    "?", stop + side, bottom + 7, text_anchor="middle", stroke="none", fill=INK, font_size=20
                )
            else:
                self.head((start, arrow.top), (stop, bottom), filled=caller is not None)

    def leave(self, caller: Box, y: float) -> float:
        """Where a packet leaves the box of a call that caused it: at its side, or at a stem below it."""
        edge, sign = EDGES[caller.call.end], 1 - 2 * caller.call.end
        if caller.bottom is None or y <= caller.bottom:
            return edge
        stem = edge - 14 * sign
        self.drawing.path((stem, caller.bottom), (stem, y), stroke_width=1.5)
        return stem

    def head(self, before: Point, tip: Point, filled: bool) -> None:
        """An arrowhead at `tip`, seen from the point before: filled, or two strokes."""
        across, down = tip[0] - before[0], tip[1] - before[1]
        length = (across**2 + down**2) ** 0.5 or 1.0
        along = (across / length, down / length)
        back = (tip[0] - 14 * along[0], tip[1] - 14 * along[1])
        wings = [(back[0] - side * along[1], back[1] + side * along[0]) for side in (5.5, -5.5)]
        if filled:
            self.drawing.shape(wings[0], tip, wings[1], fill=CALLED, stroke_width=1)
        else:
            self.drawing.path(wings[0], tip, wings[1], stroke_width=1.6)

    def words(self, arrow: Arrow) -> None:
        """What a packet did stands over its arrow, its number and time beside that, the small print below."""
        segment, draw = arrow.segment, self.drawing
        first = arrow.top - arrow.above + 13
        for at, line in enumerate(arrow.words):
            self.line(line, first + LINE * at, 14)
        with draw.group(fill=DIM, font_size=12):
            draw.text(str(segment.number or arrow.index), UPRIGHTS[0] + 16, first)
            if segment.time_ns is not None and self.start is not None:
                draw.text(span(segment.time_ns - self.start), UPRIGHTS[1] - 16, first, text_anchor="end")
        below = arrow.top if arrow.bottom is None else arrow.bottom
        y = first + LINE * len(arrow.words) - 2 if arrow.crosses else below + 15
        for at, line in enumerate([" ".join(numbers(segment, everything=False)), arrow.data]):
            if line:
                self.line(line, y + SMALL_LINE * at, 12, font_family="monospace", fill=DIM)

    def line(self, text: str, y: float, size: float, **values: Value) -> None:
        """A line in the middle of the wire; beside an arrow that crosses it, or on a white ground where none fits."""
        size = fitting(size, text, UPRIGHTS[1] - UPRIGHTS[0] - 2 * GAP)
        middle, width = WIDTH / 2, len(text) * size * LETTER
        top, bottom = y - size, y + size / 3
        if crossed := [each for each in self.crossing if each.top < bottom and top < (each.bottom or 0)]:
            room, place = widest_piece(crossed, top, bottom)
            if room >= width:
                middle = place
            else:
                self.drawing.rectangle(middle - width / 2, top, width, bottom - top, fill="#ffffff")
        self.drawing.text(text, middle, y, text_anchor="middle", font_size=size, **values)

    # -- the foot -----------------------------------------------------------------------------------------------------

    def foot(self, y: float, others: str) -> float:
        """How to read the arrows, what was counted, and what is not known; the height of the whole."""
        draw, x = self.drawing, float(MARGIN)
        for heavy, text in ((True, "put on the wire by a call"), (False, "sent by a kernel on its own")):
            with draw.group(stroke=CALLED if heavy else ALONE, fill="none"):
                draw.path((x, y), (x + 64, y), **shaft(heavy))
                self.head((x, y), (x + 64, y), heavy)
            draw.text(text, x + 76, y + 5)
            x += 320
        y += 3 * GAP
        signs = legend(self.timeline, drawn=True)
        with draw.group(font_size=13, fill=DIM):
            for sentence in sentences(self.timeline, counted_packets(self.timeline), signs, others):
                y += GAP
                for line in wrap(sentence, FOOT_LETTERS):
                    draw.text(line, MARGIN, y)
                    y += LINE
        return y + GAP


def fitting(size: float, text: str, room: float) -> float:
    """The size of monospaced text: as given, or smaller where it would be too long."""
    return min(size, room / LETTER / max(1, len(text)))


def widest_piece(crossed: list[Arrow], top: float, bottom: float) -> tuple[float, float]:
    """Of the wire between these arrows from one height to another, less what number and time take: width and middle."""
    left, pieces = UPRIGHTS[0] + 48, []
    for start, stop in sorted(tuple(sorted((place_at(arrow, top), place_at(arrow, bottom)))) for arrow in crossed):
        pieces.append((start - left, (left + start) / 2))
        left = max(left, stop)
    right = UPRIGHTS[1] - 68
    room, middle = max([*pieces, (right - left, (left + right) / 2)])
    return room - 2 * GAP, middle


def place_at(arrow: Arrow, y: float) -> float:
    """Where a slanting arrow is at a height."""
    start, stop = UPRIGHTS[arrow.segment.end], UPRIGHTS[1 - arrow.segment.end]
    down = (arrow.bottom or arrow.top) - arrow.top
    return start + (stop - start) * min(1, max(0, (y - arrow.top) / down if down else 0))


def shaft(heavy: bool) -> dict[str, Value]:
    """How an arrow's line looks."""
    if heavy:
        return {"stroke": CALLED, "stroke_width": 3}
    return {"stroke": ALONE, "stroke_width": 1.6, "stroke_dasharray": "7 5"}
