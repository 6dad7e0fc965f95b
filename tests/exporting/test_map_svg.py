"""The saved map is a picture that other programs open, with its words as text and a description."""

from __future__ import annotations

from xml.etree import ElementTree

from letstalk_desktop.annotations.concepts import Link
from letstalk_desktop.annotations.map_layout import lay_out
from letstalk_desktop.annotations.map_picture import MapPicture, shape_of
from letstalk_desktop.exporting.map_svg import FONT_PIXELS, map_svg

COLOURS = dict.fromkeys(("page", "text", "muted", "accent", "accent_soft", "card"), "#123456")
SVG = "{http://www.w3.org/2000/svg}"


def test_words_are_text_and_nothing_is_code() -> None:
    terms = {"a": "base & <power>", "b": "œuvre\x00 « commune\u202f»", "c": "own"}
    shapes = [shape_of(one, term, 2, one == "c", lambda text: 7.0 * len(text), 18.0) for one, term in terms.items()]
    links = [Link("a", "b", True, 3), Link("b", "c", False, 1)]
    layout = lay_out({one.id: (one.width, one.height) for one in shapes}, links)
    picture = MapPicture.made(shapes, links, layout)
    root = ElementTree.fromstring(map_svg(picture, COLOURS, title="Map <1>", description="base, 2 & more", ascent=12))
    assert root.findtext(f"{SVG}title") == "Map <1>"
    assert root.findtext(f"{SVG}desc") == "base, 2 & more"
    words = " ".join(text.text for text in root.iter(f"{SVG}text"))
    assert "base & <power>" in words
    assert "œuvre[U+0000]" in words
    assert int(root.get("font-size")) == FONT_PIXELS >= 12
    lines = list(root.iter(f"{SVG}line"))
    assert [line.get("stroke-dasharray") for line in lines] == [None, "6 4"]
    assert float(lines[0].get("stroke-width")) > float(lines[1].get("stroke-width"))
    assert len(list(root.iter(f"{SVG}circle"))) == 4  # the reader's own has a double ring
    width, height = float(root.get("width")), float(root.get("height"))
    for text in root.iter(f"{SVG}text"):
        reach = float(text.get("textLength")) / 2
        assert reach <= float(text.get("x")) <= width - reach
        assert 0 < float(text.get("y")) < height
