"""The writer of SVG: whatever is drawn, it is XML, and nothing in it acts."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from hypothesis import given
from hypothesis import strategies as st

from rawkit.show.svg import Drawing

SVG = "{http://www.w3.org/2000/svg}"


@given(st.text(), st.text(), st.text())
def test_any_text_is_well_formed(words: str, title: str, attribute: str) -> None:
    drawing = Drawing()
    with drawing.group(title, id=attribute):
        drawing.text(words, 1, 2, font_family=attribute)
    root = ElementTree.fromstring(drawing.whole(10, 20, title).encode())
    assert [each.tag for each in root.iter()].count(f"{SVG}text") == 1
    assert len(list(root.iter())) == 5 + bool(title)


def test_markup_in_text_stays_text() -> None:
    drawing = Drawing()
    hostile = "</text><script>alert(1)</script>&lt;<![CDATA[x]]><!--\x1b[2J\u202e\x00\ud800\ufffe"
    drawing.text(hostile, 0, 0, fill='"/><script/>')
    text = drawing.whole(10, 20, "</title><script/>")
    root = ElementTree.fromstring(text.encode())
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {"svg", "title", "rect", "text"}
    found = root.find(f"{SVG}text")
    assert found is not None
    assert found.text == r"</text><script>alert(1)</script>&lt;<![CDATA[x]]><!--\x1b[2J\u202e\x00\ud800\ufffe"
    assert found.get("fill") == '"/><script/>'


def test_the_same_drawing_is_the_same_octets() -> None:
    drawing = Drawing()
    drawing.path((0, 1 / 3), (10.0, -0.04), stroke="#000000", stroke_width=1.5)
    drawing.shape((0, 0), (1, 1), (2, 0))
    drawing.rectangle(1, 2, 3, 4.26, rx=2)
    assert drawing.lines == [
        '<polyline points="0,0.3 10,0" stroke="#000000" stroke-width="1.5"/>',
        '<polygon points="0,0 1,1 2,0"/>',
        '<rect x="1" y="2" width="3" height="4.3" rx="2"/>',
    ]
