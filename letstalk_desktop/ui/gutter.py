"""The block numbers beside the text, and bookmarks. What it paints before the first paint keeps to the rule of page.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from letstalk_desktop.library.model import Block
from letstalk_desktop.ui.theme import ReadingStyle

if TYPE_CHECKING:
    from letstalk_desktop.ui.page import Page


def number_pixels(style: ReadingStyle) -> float:
    """The size of the block numbers: they grow less than the text."""
    return 12.5 + (style.pixels - 18.0) * 0.25


class Gutter(QWidget):
    """The block numbers beside the text, and bookmarks."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self.show_numbers = True
        self.bookmarked: frozenset[str] = frozenset()

    def set_colour(self, colour: str) -> None:
        """The colour of the numbers; a painter on a widget begins with the pen that its palette names."""
        palette = self.palette()
        palette.setColor(self.foregroundRole(), QColor(colour))
        self.setPalette(palette)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page."""
        self._page.forward_wheel(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Each visible block's number at the height of its first line."""
        document = self._page.page_document
        if document is None:
            return
        painter = QPainter(self)
        style = document.style
        font = style.font(number_pixels(style) / style.pixels, sans=True)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        scroll = self._page.verticalScrollBar().value()
        layout = document.documentLayout()
        right = self.width() - 14
        positions = document.block_positions
        blocks = document.chapter.blocks
        first = self._page.top_position()
        start = max(_first_block(blocks, positions, first) - 2, 0)
        for block in blocks[start:]:
            if block.id not in positions:
                continue
            text_block = document.findBlock(positions[block.id])
            rect = layout.blockBoundingRect(text_block)
            top = rect.top() - scroll
            if top > self.height():
                break
            line = text_block.layout().lineAt(0)
            base = top + (line.y() + line.ascent() if line.isValid() else font.pixelSize())
            if text_block.text().startswith("\ufffc"):
                base = top + font.pixelSize()
            if block.number and self.show_numbers:
                words = document.chapter.locator(block)
                painter.drawText(QPointF(right - metrics.horizontalAdvance(words), base), words)
            if block.id in self.bookmarked:
                painter.setPen(QtCore.Qt.PenStyle.NoPen)
                painter.setBrush(QColor(document.theme.accent))
                x, y, size = 6.0, base - style.pixels * 0.62, style.pixels * 0.5
                corner = [QPointF(x, y), QPointF(x + size, y), QPointF(x + size, y + size * 1.4)]
                painter.drawPolygon([*corner, QPointF(x + size / 2, y + size), QPointF(x, y + size * 1.4)])
        painter.end()


def _first_block(blocks: tuple[Block, ...], positions: dict[str, int], position: int) -> int:
    """The index of the last block that starts at or before a document position."""
    low, high = 0, len(blocks)
    while low < high:
        middle = (low + high) // 2
        if positions.get(blocks[middle].id, 0) <= position:
            low = middle + 1
        else:
            high = middle
    return max(low - 1, 0)
