"""A concept map as a value: shapes at their places and the links between them. The window and the SVG file draw it.

Lengths are pixels; ``x`` grows to the right and ``y`` downwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from letstalk_desktop.annotations.concepts import Link
from letstalk_desktop.annotations.map_layout import MapLayout

LABEL_WIDTH = 118.0  # a longer term is wrapped
GAP = 3.0  # between a circle and its label


@dataclass(frozen=True, slots=True)
class Shape:
    """A circle with the lines of a term under it. ``widths`` are those of the lines; ``own``: the concept is the reader's."""

    id: str
    lines: tuple[str, ...]
    widths: tuple[float, ...]
    radius: float
    line_height: float
    own: bool

    @property
    def width(self) -> float:
        """Of the wider of circle and label."""
        return max(2 * self.radius, *self.widths)

    @property
    def height(self) -> float:
        """Of circle and label together."""
        return 2 * self.radius + GAP + len(self.lines) * self.line_height


def shape_of(concept_id: str, term: str, count: int, own: bool, measure: Callable[[str], float], line_height: float) -> Shape:
    """The shape of a concept with so many passages: the circle grows with them. ``measure``: the width of a text."""
    lines: list[str] = []
    for word in term.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer) <= LABEL_WIDTH:
            lines[-1] = longer
        else:
            lines.append(word)
    lines = lines or [concept_id]
    radius = min(7.0 + 5.0 * math.sqrt(count), 40.0)
    return Shape(concept_id, tuple(lines), tuple(measure(line) for line in lines), radius, line_height, own)


def link_width(link: Link) -> float:
    """How wide a link is drawn: wider with every passage that is shared."""
    return 1.0 + min(link.shared, 6) * 0.4


@dataclass(frozen=True, slots=True)
class MapPicture:
    """Everything that is drawn. ``circles``: the centre of each shape's circle."""

    shapes: tuple[Shape, ...]
    links: tuple[Link, ...]
    circles: Mapping[str, tuple[float, float]]
    width: float
    height: float

    @classmethod
    def made(cls, shapes: Sequence[Shape], links: Sequence[Link], layout: MapLayout) -> MapPicture:
        """The picture of shapes that have been laid out."""
        circles = {one.id: (layout.places[one.id][0], layout.places[one.id][1] - one.height / 2 + one.radius) for one in shapes}
        drawn = tuple(link for link in links if link.first in circles and link.second in circles)
        return cls(tuple(shapes), drawn, circles, layout.width, layout.height)

    def near(self, concept_id: str) -> set[str]:
        """The concepts linked to one."""
        pairs = ((link.first, link.second) for link in self.links)
        return {end for pair in pairs if concept_id in pair for end in pair} - {concept_id}

    def box(self, shape: Shape) -> tuple[float, float, float, float]:
        """Left, top, width and height of the room that a concept takes."""
        x, y = self.circles[shape.id]
        return x - shape.width / 2, y - shape.radius, shape.width, shape.height

    def at(self, x: float, y: float) -> str:
        """The concept at a point, or ''."""
        for shape in self.shapes:
            left, top, width, height = self.box(shape)
            if left <= x <= left + width and top <= y <= top + height:
                return shape.id
        return ""

    def next(self, concept_id: str, right: int, down: int) -> str:
        """The nearest concept to one side (``right``, ``down``: 1, -1 or 0); the same where there is none.

        A concept counts as on a side up to 60 degrees off; one that lies straight ahead counts as nearer.
        """
        x, y = self.circles[concept_id]
        best, found = math.inf, concept_id
        for other, (other_x, other_y) in self.circles.items():
            ahead = (other_x - x) * right + (other_y - y) * down
            aside = abs((other_x - x) * down) + abs((other_y - y) * right)
            if other != concept_id and ahead > 0.5 and aside <= math.sqrt(3) * ahead and ahead + 2 * aside < best:
                best, found = ahead + 2 * aside, other
        return found
