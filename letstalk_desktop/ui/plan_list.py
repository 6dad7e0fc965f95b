"""The steps of a session plan as a list that is ordered by dragging or with Alt+Up and Alt+Down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from letstalk_desktop.ui.theme import Theme, focus_pen

_MIME = "application/x-letstalk-step"
_Index = QModelIndex | QPersistentModelIndex


class StepRow(NamedTuple):
    """``minutes`` and ``spoken`` are words; ``note`` stands below the text."""

    minutes: str
    text: str
    note: str
    is_question: bool
    spoken: str


class PlanList(QListView):
    """Alt+Up and Alt+Down move a step, + and - change its minutes, Delete takes it out, Enter goes to its minutes."""

    move_requested = Signal(int, int)  # row, row that it takes
    minutes_requested = Signal(int, int)  # row, minutes more (or, negative, less)
    remove_requested = Signal(int)
    edit_requested = Signal(int)
    row_changed = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows_model = _StepModel(self)
        self.setModel(self.rows_model)
        self._delegate = _StepDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.rows_model.moved.connect(self.move_requested)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self.doubleClicked.connect(self._on_double_clicked)

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self._delegate.theme = theme
        self.viewport().update()

    def show_rows(self, rows: list[StepRow], current: int) -> None:
        """These steps, with the keyboard on ``current``."""
        scroll = self.verticalScrollBar().value()
        self.rows_model.show_rows(rows)
        self.scheduleDelayedItemsLayout()
        if rows:
            index = self.rows_model.index(min(max(current, 0), len(rows) - 1), 0)
            self.setCurrentIndex(index)
            self.verticalScrollBar().setValue(scroll)
            QTimer.singleShot(0, self._show_current)

    def row(self) -> int:
        """The step under the keyboard, or -1."""
        return self.currentIndex().row()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a step."""
        row, key = self.row(), event.key()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if row < 0:
            super().keyPressEvent(event)
        elif alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            to = row + (1 if key == Qt.Key.Key_Down else -1)
            if 0 <= to < len(self.rows_model.rows):
                self.move_requested.emit(row, to)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self.minutes_requested.emit(row, 1 if key == Qt.Key.Key_Plus else -1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_requested.emit(row)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit_requested.emit(row)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words wrap anew, and the step under the keyboard stays in sight."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
        QTimer.singleShot(0, self._show_current)

    def _show_current(self) -> None:
        self.scrollTo(self.currentIndex())

    def _on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        self.row_changed.emit(current.row())

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.edit_requested.emit(index.row())


class _StepModel(QAbstractListModel):
    """Steps as rows. A drop is a wish: whoever owns the plan moves the step and shows the rows again."""

    moved = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[StepRow] = []

    def show_rows(self, rows: list[StepRow]) -> None:
        """These rows; where only their words differ, no row moves."""
        if len(rows) == len(self.rows):
            changed = [row for row, (old, new) in enumerate(zip(self.rows, rows, strict=True)) if old != new]
            self.rows = rows
            for row in changed:
                self.dataChanged.emit(self.index(row, 0), self.index(row, 0))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """How many steps."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a step."""
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        return row.spoken if role == Qt.ItemDataRole.AccessibleTextRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """A step can be dragged between others, not onto one."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        """Only moves."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Our own; steps go nowhere else."""
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The row that is dragged."""
        carried = QMimeData()
        carried.setData(_MIME, str(indexes[0].row() if indexes else -1).encode())
        return carried

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index) -> bool:
        """Ask for the move. False: the view itself must not take rows away."""
        if data.hasFormat(_MIME):
            source = int(bytes(data.data(_MIME).data()))
            target = row if row >= 0 else len(self.rows)
            target -= 1 if target > source else 0
            if 0 <= source < len(self.rows) and source != target:
                self.moved.emit(source, target)
        return False


class _StepDelegate(QStyledItemDelegate):
    """Minutes at the left, the words beside them."""

    def __init__(self, view: PlanList) -> None:
        super().__init__(view)
        self._view = view
        self.theme: Theme | None = None

    def _width(self) -> int:
        return max(self._view.width() - 16, 100)

    def _left(self, font: QFont) -> int:
        """The width of the widest minutes."""
        metrics = QFontMetrics(font)
        return max((metrics.horizontalAdvance(row.minutes) for row in self._view.rows_model.rows), default=30) + 24

    def _heights(self, row: StepRow, font: QFont) -> tuple[int, int]:
        room = QRect(0, 0, self._width() - self._left(font) - 8, 10_000)
        text = QFontMetrics(font).boundingRect(room, Qt.TextFlag.TextWordWrap, row.text).height() if row.text else 0
        note = QFontMetrics(_small(font)).boundingRect(room, Qt.TextFlag.TextWordWrap, row.note).height() if row.note else 0
        return text, note

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """High enough for the words in the list's width."""
        text, note = self._heights(self._view.rows_model.rows[index.row()], option.font)
        return QSize(self._width(), max(text + note, QFontMetrics(option.font).height()) + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one step."""
        theme = self.theme
        if theme is None:
            return
        row = self._view.rows_model.rows[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect.adjusted(1, 1, -1, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(focus_pen(theme) if focused else QColor(theme.border))
        painter.setBrush(QColor(theme.accent_soft if chosen else theme.card))
        painter.drawRoundedRect(rect, 6, 6)
        left = self._left(option.font)
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(theme.accent))
        painter.drawText(QRect(rect.left() + 9, rect.top() + 6, left, 100), Qt.AlignmentFlag.AlignLeft, row.minutes)
        text, note = self._heights(row, option.font)
        width = self._width() - left - 8
        painter.setFont(option.font)
        painter.setPen(QColor(theme.text))
        painter.drawText(QRect(rect.left() + left, rect.top() + 6, width, text), Qt.TextFlag.TextWordWrap, row.text)
        if row.note:
            painter.setFont(_small(option.font))
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRect(rect.left() + left, rect.top() + 6 + text, width, note), Qt.TextFlag.TextWordWrap, row.note)
        painter.restore()


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(max(round(font.pixelSize() * 0.9), 12))
    return small
