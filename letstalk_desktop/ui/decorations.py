"""What is painted behind the words: highlights, search hits, a place just gone to.

Declared by group, drawn for what is visible. Qt's extra selections colour only the natural height of a line and know no line
styles; the bands here cover the whole pitch and carry each kind's line, so that colour is never the only cue. Positions are
UTF-16 units of one document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from PySide6 import QtCore
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QTextBlock, QTextDocument, QTextLayout, QTextLine

HIGHLIGHTS, FIND, FLASH = "highlights", "find", "flash"
_ORDER = (HIGHLIGHTS, FIND, FLASH)


class Decoration(NamedTuple):
    """A painted span [first, last) of positions. ``line``: a line style of KIND_STYLES or ''. ``flagged``: not saved."""

    id: str
    first: int
    last: int
    fill: str
    stroke: str = ""
    line: str = ""
    active: bool = False
    flagged: bool = False


class Decorations:
    """Groups of decorations on one document, indexed by paragraph, so that painting costs only what is visible."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._groups: dict[str, dict[int, list[Decoration]]] = {}
        self._all: dict[str, list[Decoration]] = {}

    def declare(self, group: str, decorations: Iterable[Decoration]) -> None:
        """These, and only these, belong to the group now."""
        ordered = sorted(decorations, key=lambda one: (one.first, -one.last))
        index: dict[int, list[Decoration]] = defaultdict(list)
        for decoration in ordered:
            block = self._document.findBlock(decoration.first)
            while block.isValid() and block.position() < decoration.last:
                index[block.blockNumber()].append(decoration)
                block = block.next()
        self._groups[group] = index
        self._all[group] = ordered

    def group(self, group: str) -> list[Decoration]:
        """The decorations of a group in document order."""
        return self._all.get(group, [])

    def at(self, position: int, group: str = HIGHLIGHTS) -> list[Decoration]:
        """The decorations of a group that cover a position, the shortest first."""
        block = self._document.findBlock(position)
        found = [one for one in self._groups.get(group, {}).get(block.blockNumber(), []) if one.first <= position < one.last]
        return sorted(found, key=lambda one: one.last - one.first)

    def paint(self, painter: QPainter, block: QTextBlock, origin: QPointF, pitch: float) -> None:
        """Paint what covers ``block``, whose layout starts at ``origin``; ``pitch`` is the distance of two lines in pixels."""
        for group in _ORDER:
            covering = self._groups.get(group, {}).get(block.blockNumber())
            if not covering:
                continue
            depths = _depths(covering)
            for decoration, depth in zip(covering, depths, strict=True):
                for rect in line_rects(block, decoration.first, decoration.last, origin, pitch):
                    paint_band(painter, rect, decoration, depth)


def _depths(covering: list[Decoration]) -> list[int]:
    """How many earlier decorations each one overlaps: the lines of overlapping highlights stand side by side."""
    depths: list[int] = []
    for index, decoration in enumerate(covering):
        taken = {depths[at] for at in range(index) if covering[at].last > decoration.first}
        depths.append(next(depth for depth in range(len(taken) + 1) if depth not in taken))
    return depths


def line_rects(block: QTextBlock, first: int, last: int, origin: QPointF, pitch: float) -> list[QRectF]:
    """The rectangles that positions [first, last) cover in a block, one per line."""
    layout: QTextLayout = block.layout()
    start = max(first - block.position(), 0)
    end = min(last - block.position(), block.length() - 1)
    rects = []
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        line_start, line_end = line.textStart(), line.textStart() + line.textLength()
        if line_end <= start:
            continue
        if line_start >= end:
            break
        left = _x(line, max(start, line_start))
        right = _x(line, min(end, line_end))
        base = origin.y() + line.y() + line.ascent()
        rects.append(QRectF(origin.x() + min(left, right), base - pitch * 0.69, abs(right - left), pitch * 0.96))
    return rects


def _x(line: QTextLine, position: int) -> float:
    """The horizontal pixel of a position of a line; white space at the line's end has no width."""
    found: Any = line.cursorToX(position)
    return min(float(found[0]), line.naturalTextRect().right())


def paint_band(painter: QPainter, rect: QRectF, decoration: Decoration, depth: int) -> None:
    """One line's band: fill, and the kind's line along its lower edge (further down for each overlap)."""
    fill = QColor(decoration.fill)
    if depth:
        fill.setAlphaF(0.55)
    painter.fillRect(rect, fill)
    if decoration.active:
        painter.setPen(QPen(QColor(decoration.stroke or decoration.fill), 1))
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
    if decoration.stroke:
        y = rect.bottom() - 1 - 3 * min(depth, 2)
        draw_line(painter, rect.left(), rect.right(), y, decoration.stroke, decoration.line)
    if decoration.flagged:
        draw_line(painter, rect.left(), rect.right(), rect.top() + 1, decoration.stroke, "dotted")


def draw_line(painter: QPainter, left: float, right: float, y: float, colour: str, style: str) -> None:
    """A line in one of the six styles."""
    pen = QPen(QColor(colour), 2)
    pen.setCapStyle(QtCore.Qt.PenCapStyle.FlatCap)
    if style == "dashed":
        pen.setDashPattern([3, 2])
    elif style == "dotted":
        pen.setDashPattern([1, 1.2])
    elif style == "dash-dot":
        pen.setDashPattern([4, 1.5, 1, 1.5])
    elif style == "heavy":
        pen.setWidthF(4)
        y -= 1
    elif style == "double":
        pen.setWidthF(1.2)
        painter.setPen(pen)
        painter.drawLine(QPointF(left, y - 3), QPointF(right, y - 3))
    painter.setPen(pen)
    painter.drawLine(QPointF(left, y), QPointF(right, y))
