"""The list of concepts: rows, and how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from letstalk_desktop.ui.theme import Theme, focus_pen


@dataclass(frozen=True, slots=True)
class ConceptRow:
    """``mark`` stands before the number where the concept is the reader's own; ``spoken``: all of it, for a screen reader."""

    id: str
    term: str
    count: int
    mark: str
    spoken: str


class ConceptList(QListView):
    """A list that wraps long terms. Enter and a click open, F2 changes, Delete deletes, Insert makes a new one."""

    opened = Signal(str)  # by click or Enter
    entered_by_key = Signal()
    current_changed = Signal(str)
    change_requested = Signal(str)
    delete_requested = Signal(str)
    new_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows_model = ConceptListModel(self)
        self.setModel(self.rows_model)
        self._delegate = _ConceptDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.clicked.connect(self._on_index_chosen)

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self._delegate.theme = theme
        self.viewport().update()

    def show_rows(self, rows: list[ConceptRow]) -> None:
        """These rows; the current concept and the scroll position stay where they can."""
        current, scroll = self.current_id(), self.verticalScrollBar().value()
        self.rows_model.show_rows(rows)
        at = next((row for row, one in enumerate(rows) if one.id == current), 0)
        if rows:
            self.setCurrentIndex(self.rows_model.index(at, 0))
        self.verticalScrollBar().setValue(scroll)

    def current_id(self) -> str:
        """The concept under the keyboard, or ''."""
        row = self.currentIndex().row()
        return self.rows_model.rows[row].id if 0 <= row < len(self.rows_model.rows) else ""

    def make_current(self, concept_id: str) -> None:
        """Put the keyboard on a concept."""
        for row, one in enumerate(self.rows_model.rows):
            if one.id == concept_id:
                self.setCurrentIndex(self.rows_model.index(row, 0))

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Say which concept has the keyboard."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.current_changed.emit(self.rows_model.rows[current.row()].id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a row."""
        current = self.current_id()
        if event.key() == Qt.Key.Key_Insert:
            self.new_requested.emit()
        elif event.key() == Qt.Key.Key_F2 and current:
            self.change_requested.emit(current)
        elif event.key() == Qt.Key.Key_Delete and current:
            self.delete_requested.emit(current)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current:
            self.opened.emit(current)
            self.entered_by_key.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Terms wrap anew."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _on_index_chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self.rows_model.rows[index.row()].id)


class ConceptListModel(QAbstractListModel):
    """Concepts as rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[ConceptRow] = []

    def show_rows(self, rows: list[ConceptRow]) -> None:
        """These rows, in this order."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """How many."""
        return len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The term, or all that a screen reader should say."""
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.term
        return row.spoken if role == Qt.ItemDataRole.AccessibleTextRole else None


class _ConceptDelegate(QStyledItemDelegate):
    """Draws the term, whose it is, and how many passages it has."""

    def __init__(self, view: ConceptList) -> None:
        super().__init__(view)
        self.theme: Theme | None = None

    @property
    def _view(self) -> ConceptList:
        view = self.parent()
        assert isinstance(view, ConceptList)
        return view

    def _width(self) -> int:
        """The width of a row, whether or not the scroll bar is there."""
        return max(self._view.width() - 16, 80)

    def _parts(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> tuple[str, int]:
        """What stands at the right, and the width that is left for the term."""
        row = self._view.rows_model.rows[index.row()]
        right = "  ".join(part for part in (row.mark, str(row.count) if row.count else "") if part)
        room = option.fontMetrics.horizontalAdvance(right) + 12 if right else 0
        return right, self._width() - 20 - room

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """High enough for the term in the list's width."""
        _right, width = self._parts(option, index)
        term = self._view.rows_model.rows[index.row()].term
        bounds = option.fontMetrics.boundingRect(QRect(0, 0, width, 2000), Qt.TextFlag.TextWordWrap, term)
        return QSize(self._width(), bounds.height() + 12)

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
        right, width = self._parts(option, index)
        painter.setFont(option.font)
        painter.setPen(QColor(theme.text))
        area = QRect(rect.left() + 10, rect.top() + 6, width, rect.height() - 12)
        painter.drawText(area, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter, row.term)
        if right:
            painter.setPen(QColor(theme.muted))
            small = QFont(option.font)
            small.setPixelSize(max(round(small.pixelSize() * 0.9), 12))
            painter.setFont(small)
            edge = QRect(rect.left(), rect.top(), self._width() - 10, rect.height())
            painter.drawText(edge, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        painter.restore()


def draw_row_frame(painter: QPainter, rect: QRect, option: QStyleOptionViewItem, theme: Theme) -> None:
    """The ground of a row that is chosen, has the keyboard, or lies under the mouse."""
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    if not (chosen or focused or hovered):
        return
    ground = theme.accent_soft if focused or chosen else theme.card
    painter.setPen(focus_pen(theme) if focused else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
