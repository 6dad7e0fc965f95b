"""A concept map as an SVG file: text as text, with a title and a description for those who do not see it."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from letstalk_desktop.annotations.concepts import Link
from letstalk_desktop.annotations.map_picture import GAP, MapPicture, Shape, link_width
from letstalk_desktop.exporting.characters import carried

FONT_PIXELS = 14
_FAMILY = "font-family=\"'Source Sans 3', 'Source Sans Pro', sans-serif\""


def map_svg(picture: MapPicture, colours: Mapping[str, str], *, title: str, description: str, ascent: float) -> str:
    """The picture as SVG. ``colours``: page, text, muted, accent, accent_soft and card as #rrggbb; ``ascent`` in pixels."""
    width, height = f"{picture.width:.0f}", f"{picture.height:.0f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="title desc" {_FAMILY} font-size="{FONT_PIXELS}">',
        f'<title id="title">{escape(carried(title))}</title>',
        f'<desc id="desc">{escape(carried(description))}</desc>',
        f'<rect width="{width}" height="{height}" fill="{colours["page"]}"/>',
        *(_line(picture, link, colours) for link in picture.links),
        *(_ground(picture, shape, colours) for shape in picture.shapes),
        *(_concept(picture, shape, colours, ascent) for shape in picture.shapes),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _line(picture: MapPicture, link: Link, colours: Mapping[str, str]) -> str:
    (x1, y1), (x2, y2) = picture.circles[link.first], picture.circles[link.second]
    dashes = "" if link.related else ' stroke-dasharray="6 4"'
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colours["muted"]}" '
        f'stroke-opacity="0.72" stroke-width="{link_width(link):.1f}"{dashes}/>'
    )


def _ground(picture: MapPicture, shape: Shape, colours: Mapping[str, str]) -> str:
    left, top, width, height = picture.box(shape)
    below = 2 * shape.radius
    return (
        f'<rect x="{left - 3:.1f}" y="{top + below:.1f}" width="{width + 6:.1f}" height="{height - below:.1f}" rx="4" '
        f'fill="{colours["page"]}" fill-opacity="0.92"/>'
    )


def _concept(picture: MapPicture, shape: Shape, colours: Mapping[str, str], ascent: float) -> str:
    x, y = picture.circles[shape.id]
    accent, fill = colours["accent"], colours["card"] if shape.own else colours["accent_soft"]
    parts = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{shape.radius:.1f}" fill="{fill}" stroke="{accent}" stroke-width="1.4"/>']
    if shape.own:
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{shape.radius - 3:.1f}" fill="none" stroke="{accent}" stroke-width="1.2"/>'
        )
    for number, (line, width) in enumerate(zip(shape.lines, shape.widths, strict=True)):
        at = y + shape.radius + GAP + ascent + number * shape.line_height
        # The length keeps labels apart where another face stands in for ours.
        parts.append(
            f'<text x="{x:.1f}" y="{at:.1f}" text-anchor="middle" textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs" '
            f"fill={quoteattr(colours['text'])}>{escape(carried(line))}</text>"
        )
    return "\n".join(parts)
