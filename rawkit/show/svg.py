"""SVG 1.1, as much of it as a drawing of lines, boxes and words needs: no script, no style sheet, nothing from outside.

Whatever text is handed in, the result is well-formed: signs that act or hide are written out, markup is escaped.
Lengths are pixels, x to the right and y down; the same calls give the same octets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from xml.sax.saxutils import escape, quoteattr

from rawkit.show.escape import visible

Value = str | float
Point = tuple[float, float]


def number(value: float) -> str:
    """At most one digit behind the point.

    >>> number(12.0), number(12.345), number(-0.01)
    ('12', '12.3', '0')
    """
    return f"{round(value, 1) + 0:.1f}".removesuffix(".0")


def attributes(values: dict[str, Value]) -> str:
    """` fill="none" stroke-width="2"`, names with `_` for `-`.

    >>> attributes({"stroke_width": 2.0, "id": 'a"<'})
    ' stroke-width="2" id=\\'a"&lt;\\''
    """
    texts = ((name, visible(value) if isinstance(value, str) else number(value)) for name, value in values.items())
    return "".join(f" {name.replace('_', '-')}={quoteattr(text)}" for name, text in texts)


def joined(points: Iterable[Point]) -> str:
    """`10,20 30,40.5`"""
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


class Drawing:
    """What was drawn so far, later things over earlier ones. Further attributes are handed on as they are named."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def element(self, name: str, text: str | None = None, /, **values: Value) -> None:
        """One element, with text or with nothing in it."""
        content = "/>" if text is None else f">{escape(visible(text))}</{name}>"
        self.lines.append(f"<{name}{attributes(values)}{content}")

    @contextmanager
    def group(self, title: str = "", **values: Value) -> Iterator[None]:
        """What is drawn inside shares the attributes; `title` is what a viewer shows under the pointer."""
        self.lines.append(f"<g{attributes(values)}>")
        if title:
            self.element("title", title)
        yield
        self.lines.append("</g>")

    def text(self, text: str, x: float, y: float, /, **values: Value) -> None:
        """Words on the base line `y`, from `x` on (`text_anchor`: "start", "middle", "end")."""
        self.element("text", text, x=x, y=y, **values)

    def rectangle(self, x: float, y: float, width: float, height: float, /, **values: Value) -> None:
        """By its upper left corner."""
        self.element("rect", x=x, y=y, width=width, height=height, **values)

    def path(self, *points: Point, **values: Value) -> None:
        """Straight lines from point to point."""
        self.element("polyline", points=joined(points), **values)

    def shape(self, *points: Point, **values: Value) -> None:
        """The same, and back to the first."""
        self.element("polygon", points=joined(points), **values)

    def whole(self, width: float, height: float, title: str, **values: Value) -> str:
        """The file: everything drawn, on a white ground, with the attributes for all of it."""
        head: dict[str, Value] = {"xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height}
        view: dict[str, Value] = {"viewBox": f"0 0 {number(width)} {number(height)}", "role": "img"}
        ground = f'<rect width="{number(width)}" height="{number(height)}" fill="#ffffff"/>'
        name = f"<title>{escape(visible(title))}</title>"
        return "\n".join([f"<svg{attributes({**head, **view, **values})}>", name, ground, *self.lines, "</svg>", ""])
