"""A concept's page: what it means, where the text speaks of it, my passages, what it is related to. One list, walked by key."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.ui.concept_list import draw_row_frame
from letstalk_desktop.ui.theme import Theme

_BATCH = 200  # rows that are measured at once; the window answers in between
# What a row is.
TITLE, TEXT, MUTED, HEADING = "title", "text", "muted", "heading"
PLACE, PASSAGE, SOURCE, CONCEPT = "place", "passage", "source", "concept"


@dataclass(frozen=True, slots=True)
class PageRow:
    """``head`` stands above ``text``, ``note`` below it. ``target``: what opens when the reader opens the row, or None."""

    style: str
    text: str
    head: str = ""
    note: str = ""
    kind: Kind | None = None
    target: object = None

    def spoken(self) -> str:
        """All of it, for a screen reader and the clipboard."""
        return ". ".join(part for part in (self.head, self.text, self.note) if part)


class ConceptPage(QListView):
    """Rows of several shapes. Enter and a click open a row; Ctrl+C copies it; Backspace goes back to all concepts."""

    opened = Signal(int)  # row
    back_requested = Signal()
    change_requested = Signal()
    delete_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows_model = ConceptPageModel(self)
        self.setModel(self.rows_model)
        self._delegate = _PageDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setBatchSize(_BATCH)
        self.setMouseTracking(True)
        self.clicked.connect(self._on_clicked)

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self._delegate.theme = theme
        self.viewport().update()

    def show_rows(self, rows: list[PageRow], *, fresh: bool) -> None:
        """These rows; from the top where the page is ``fresh``, else where the reader is."""
        if rows == self.rows_model.rows and not fresh:
            return
        row, scroll = self.currentIndex().row(), self.verticalScrollBar().value()
        many = len(rows) > _BATCH
        self.setLayoutMode(QListView.LayoutMode.Batched if many else QListView.LayoutMode.SinglePass)
        self.rows_model.show_rows(rows)
        self._delegate.forget_heights()
        if rows:
            self.setCurrentIndex(self.rows_model.index(0 if fresh else min(max(row, 0), len(rows) - 1), 0))
        self.verticalScrollBar().setValue(0 if fresh else scroll)

    def open_row(self, row: int) -> None:
        """Say that the reader opened a row, where it opens anything."""
        if 0 <= row < len(self.rows_model.rows) and self.rows_model.rows[row].target is not None:
            self.opened.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the page."""
        row = self.currentIndex().row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_row(row)
        elif event.key() == Qt.Key.Key_Backspace:
            self.back_requested.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.change_requested.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_requested.emit()
        elif event.matches(QKeySequence.StandardKey.Copy) and 0 <= row < len(self.rows_model.rows):
            QGuiApplication.clipboard().setText(self.rows_model.rows[row].spoken())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second click of a double click that opened this page opens nothing on it."""
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words wrap anew."""
        super().resizeEvent(event)
        self._delegate.forget_heights()
        self.scheduleDelayedItemsLayout()

    def _on_clicked(self, index: QModelIndex) -> None:
        self.open_row(index.row())


class ConceptPageModel(QAbstractListModel):
    """The rows of the page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[PageRow] = []

    def show_rows(self, rows: list[PageRow]) -> None:
        """These rows, in this order."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """How many."""
        return len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a row."""
        if not 0 <= index.row() < len(self.rows):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.rows[index.row()].spoken()
        return None


class _PageDelegate(QStyledItemDelegate):
    """Draws each shape of row; long quotes and notes are cut after some lines."""

    def __init__(self, view: ConceptPage) -> None:
        super().__init__(view)
        self.theme: Theme | None = None
        self._heights: dict[int, int] = {}

    @property
    def _view(self) -> ConceptPage:
        view = self.parent()
        assert isinstance(view, ConceptPage)
        return view

    def forget_heights(self) -> None:
        """The rows or their width have changed."""
        self._heights.clear()

    def _width(self) -> int:
        return max(self._view.width() - 16, 80)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """High enough for its words in the list's width."""
        row = index.row()
        if row not in self._heights:
            parts = self._parts(self._view.rows_model.rows[row], option.font)
            self._heights[row] = sum(height for _words, _font, _role, height in parts) + self._space(row)
        return QSize(self._width(), self._heights[row])

    def _space(self, row: int) -> int:
        """Above and below the words."""
        style = self._view.rows_model.rows[row].style
        return {TITLE: 10, HEADING: 18, TEXT: 8, MUTED: 6, SOURCE: 6}.get(style, 12)

    def _parts(self, row: PageRow, base: QFont) -> list[tuple[str, QFont, str, int]]:
        """(words, font, role, height) of what stands in the row, from the top."""
        width = self._width() - (26 if row.style == PASSAGE else 20)
        found: list[tuple[str, QFont, str, int]] = []
        small = QFont(base)
        small.setPixelSize(max(round(base.pixelSize() * 0.9), 12))
        bold = QFont(base)
        bold.setWeight(QFont.Weight.DemiBold)
        if row.style == TITLE:
            title = QFont(bold)
            title.setPixelSize(round(base.pixelSize() * 1.3))
            return [(row.text, title, "text", _height(row.text, title, width))]
        if row.style == HEADING:
            small.setWeight(QFont.Weight.DemiBold)
            return [(row.text, small, "accent", _height(row.text, small, width))]
        if row.head:
            strong = QFont(small)
            strong.setWeight(QFont.Weight.DemiBold)
            words = QFontMetrics(strong).elidedText(row.head, Qt.TextElideMode.ElideRight, width)
            found.append((words, strong, "stroke", QFontMetrics(strong).lineSpacing()))
        if row.text:
            role = {MUTED: "muted", SOURCE: "muted", PASSAGE: "muted", CONCEPT: "link"}.get(row.style, "text")
            font = small if row.style in (MUTED, SOURCE) else base
            lines = {PASSAGE: 3, PLACE: 3, SOURCE: 2}.get(row.style, 0)
            found.append((*_cut(row.text, font, width, lines), role, 0))
        if row.note:
            found.append((*_cut(row.note, base, width, 3), "text", 0))
        return [(words, font, role, height or _height(words, font, width)) for words, font, role, height in found]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw one row."""
        theme = self.theme
        if theme is None:
            return
        row = self._view.rows_model.rows[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect
        draw_row_frame(painter, rect, option, theme)
        stroke = theme.kinds[row.kind][1] if row.kind is not None else theme.accent
        left = rect.left() + 10
        if row.style == PASSAGE:
            painter.fillRect(rect.left() + 6, rect.top() + 6, 3, rect.height() - 12, QColor(stroke))
            left += 6
        colours = {
            "text": theme.text,
            "muted": theme.muted,
            "accent": theme.accent,
            "link": theme.link,
            "stroke": stroke,
        }
        y = rect.top() + (self._space(index.row()) * 2 // 3 if row.style == HEADING else self._space(index.row()) // 2)
        for words, font, role, height in self._parts(row, option.font):
            painter.setFont(font)
            painter.setPen(QColor(colours[role]))
            painter.drawText(QRect(left, y, self._width() - (left - rect.left()) - 10, height), _WRAP, words)
            y += height
        painter.restore()


_WRAP = Qt.TextFlag.TextWordWrap


def _height(words: str, font: QFont, width: int) -> int:
    return QFontMetrics(font).boundingRect(QRect(0, 0, width, 20_000), _WRAP, words).height()


def _cut(words: str, font: QFont, width: int, lines: int) -> tuple[str, QFont]:
    """The words, cut so that they take about so many lines (0: uncut)."""
    if lines:
        words = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, round(width * (lines - 0.2)))
    return words, font
