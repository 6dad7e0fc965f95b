"""The list of notes: rows made only when they are shown, how they are drawn, and their keys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from PySide6.QtCore import QAbstractListModel, QItemSelection, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QFont, QGuiApplication, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, Placement
from letstalk_desktop.annotations.notes import parse_note, plain_text
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.language import Translator
from letstalk_desktop.ui.concept_list import draw_row_frame
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.locators import Locators
from letstalk_desktop.ui.notes_choice import Group, Row
from letstalk_desktop.ui.theme import Theme

_NOTE_BEGINNING = 300  # characters of a note that may show in its line
_BATCH = 300  # rows that are laid out before the list is painted
_KINDS = dict(zip((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_6), Kind, strict=True))


@lru_cache(maxsize=512)
def _without_markup(note: str) -> str:
    """The words of a note, remembered: a row is painted many times."""
    return plain_text(parse_note(note))


class NotesModel(QAbstractListModel):
    """Annotations and headings as rows; texts are made only for rows that are shown."""

    def __init__(self, desk: Desk, locators: Locators, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._locators = desk, locators
        self.rows: list[Row] = []
        self.translator: Translator | None = None
        self.resource = ""  # the one that is read; the notes of others say where they are from

    def show_rows(self, rows: list[Row]) -> None:
        """These rows, in this order."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """How many."""
        return len(self.rows)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """A heading can be walked over, not selected."""
        if index.isValid() and isinstance(self.rows[index.row()], Group):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The annotation itself (UserRole), or its words."""
        if not index.isValid() or not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row if isinstance(row, Annotation) else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            if isinstance(row, Group):
                return f"{row.title} ({row.size})"
            return ". ".join(part for part in (self.heading(row), self.quote(row), _without_markup(row.note)) if part)
        return None

    def heading(self, one: Annotation) -> str:
        """Kind and place."""
        if self.translator is None:
            return ""
        _ = self.translator.gettext
        if one.type is AnnotationType.HIGHLIGHT:
            name = f"{KIND_STYLES[one.kind].letter} {kind_name(one.kind, self.translator, self._desk.kind_names)}"
        elif one.type is AnnotationType.BOOKMARK:
            name = _("Bookmark")
        elif one.type is AnnotationType.ANSWER:
            name = _("Answer")
        elif one.anchor.chapter:
            name = _("Note on chapter {label}").format(label=self._locators.of(one))
        else:
            name = _("Note on the resource")
        place = ""
        if one.placement is not Placement.PLACED:
            place = _("waits for a place")
        elif one.type in (AnnotationType.HIGHLIGHT, AnnotationType.BOOKMARK):
            place = f"¶ {self._locators.of(one)}"
        other = self._title(one.anchor.resource) if one.anchor.resource != self.resource else ""
        return " · ".join(part for part in (name, place, other) if part)

    def _title(self, resource: str) -> str:
        language = self.translator.language if self.translator else ""
        try:
            return self._desk.shelf.resource(resource).title(language)
        except LetsTalkError:
            return resource

    @staticmethod
    def quote(one: Annotation) -> str:
        """The marked words on one line."""
        words = " ".join(one.anchor.exact[:400].split())
        return words if len(words) <= 140 else f"{words[:138].rstrip()}…"


class NotesList(QListView):
    """Enter and a click open, Delete deletes, 1 to 6 change the kind, Ctrl+A selects all; the menu key has the rest."""

    opened = Signal(object)  # Annotation
    delete_requested = Signal()
    kind_requested = Signal(object)  # Kind
    menu_requested = Signal(QPoint)
    selection_changed = Signal()

    def __init__(self, desk: Desk, locators: Locators, parent: QWidget) -> None:
        super().__init__(parent)
        self.notes = NotesModel(desk, locators, self)
        self.setModel(self.notes)
        self._delegate = NoteDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_BATCH)
        self.setMouseTracking(True)
        self.clicked.connect(self._on_clicked)
        locators.read.connect(self.viewport().update)

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self._delegate.theme = theme
        self.viewport().update()

    def show_rows(self, rows: list[Row]) -> None:
        """These rows; what is selected and has the keyboard keeps it, where it is still there."""
        kept = {one.id for one in self.selected()}
        at = self.currentIndex().row()
        current = self.notes.rows[at] if 0 <= at < len(self.notes.rows) else None
        scroll = self.verticalScrollBar().value()
        self.notes.show_rows(rows)
        place = -1
        if isinstance(current, Annotation):
            place = next((row for row, one in enumerate(rows) if isinstance(one, Annotation) and one.id == current.id), -1)
            if place < 0 and self.hasFocus():
                place = min(at, len(rows) - 1)
        self.setBatchSize(max(_BATCH, place + 100))
        if place >= 0:
            selection = self.selectionModel()
            selection.setCurrentIndex(self.notes.index(place, 0), selection.SelectionFlag.NoUpdate)
        if kept:
            self._select(kept)
        if self.hasFocus():
            self._select_current()
        self.verticalScrollBar().setValue(scroll)
        self.selection_changed.emit()

    def _select(self, ids: set[str]) -> None:
        found = QItemSelection()
        first = -1
        for row, one in enumerate([*self.notes.rows, None]):
            if isinstance(one, Annotation) and one.id in ids:
                first = row if first < 0 else first
            elif first >= 0:
                found.select(self.notes.index(first, 0), self.notes.index(row - 1, 0))
                first = -1
        model = self.selectionModel()
        model.select(found, model.SelectionFlag.Select)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """What the keyboard is on is selected, unless something else is."""
        super().focusInEvent(event)
        self._select_current()

    def _select_current(self) -> None:
        model = self.selectionModel()
        index = self.currentIndex()
        if index.isValid() and not model.hasSelection():
            model.select(index, model.SelectionFlag.Select)

    def selected(self) -> list[Annotation]:
        """The selected notes, each once, in the order of the list."""
        found: dict[str, Annotation] = {}
        for row in sorted(self._selected_rows()):
            one = self.notes.rows[row]
            if isinstance(one, Annotation):
                found[one.id] = one
        return list(found.values())

    def _selected_rows(self) -> Iterator[int]:
        selection = self.selectionModel().selection()
        for number in range(selection.count()):
            part = selection.at(number)
            yield from range(part.top(), min(part.bottom() + 1, len(self.notes.rows)))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Say that something else is selected."""
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the list."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif key == Qt.Key.Key_Delete:
            self.delete_requested.emit()
        elif key in _KINDS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.kind_requested.emit(_KINDS[key])
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the selected notes."""
        point = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            point = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_requested.emit(point)

    def _on_clicked(self, index: QModelIndex) -> None:
        held = QGuiApplication.keyboardModifiers()
        if not held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier):
            self._open(index)

    def _open(self, index: QModelIndex) -> None:
        one = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(one, Annotation):
            self.opened.emit(one)


class NoteDelegate(QStyledItemDelegate):
    """Kind and place, the quote, the note's beginning; a bar in the kind's colour."""

    def __init__(self, view: NotesList) -> None:
        super().__init__(view)
        self.theme: Theme | None = None

    @property
    def _view(self) -> NotesList:
        view = self.parent()
        assert isinstance(view, NotesList)
        return view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A line for a heading, else two to four."""
        row = self._view.notes.rows[index.row()]
        if isinstance(row, Group):
            return QSize(60, option.fontMetrics.lineSpacing() + 16)
        lines = 1 + (2 if row.anchor.exact else 0) + (1 if row.note else 0)
        return QSize(60, lines * option.fontMetrics.lineSpacing() + 16)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw one row."""
        theme = self.theme
        if theme is None:
            return
        row = self._view.notes.rows[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect
        rect.setWidth(self._view.viewport().width())
        draw_row_frame(painter, rect, option, theme)
        if isinstance(row, Group):
            self._draw_group(painter, option, row, theme)
        else:
            self._draw_note(painter, option, row, theme)
        painter.restore()

    def _draw_group(self, painter: QPainter, option: QStyleOptionViewItem, group: Group, theme: Theme) -> None:
        rect = option.rect.adjusted(6, 8, -8, 0)
        count = str(group.size)
        room = option.fontMetrics.horizontalAdvance(count) + 10
        font = QFont(option.font)
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        title = option.fontMetrics.elidedText(group.title, Qt.TextElideMode.ElideRight, rect.width() - room - 8)
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(option.font)
        painter.setPen(QColor(theme.muted))
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)

    def _draw_note(self, painter: QPainter, option: QStyleOptionViewItem, one: Annotation, theme: Theme) -> None:
        rect = option.rect.adjusted(2, 2, -4, -2)
        stroke = theme.kinds[one.kind][1] if one.type is AnnotationType.HIGHLIGHT else theme.accent
        painter.fillRect(rect.left(), rect.top() + 3, 3, rect.height() - 6, QColor(stroke))
        line = option.fontMetrics.lineSpacing()
        x, y, width = rect.left() + 10, rect.top() + 4, rect.width() - 16
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(stroke))
        model = self._view.notes
        heading = option.fontMetrics.elidedText(model.heading(one), Qt.TextElideMode.ElideRight, width - 8)
        painter.drawText(x, y, width, line, Qt.AlignmentFlag.AlignLeft, heading)
        painter.setFont(option.font)
        y += line
        if one.anchor.exact:
            painter.setPen(QColor(theme.muted))
            quote = model.quote(one)
            lines = 1 if option.fontMetrics.horizontalAdvance(quote) < width else 2
            words = option.fontMetrics.elidedText(quote, Qt.TextElideMode.ElideRight, int(width * 1.8))
            flag = Qt.TextFlag.TextWordWrap if lines > 1 else Qt.TextFlag.TextSingleLine
            painter.drawText(x, y, width, lines * line, flag, words)
            y += lines * line
        if one.note:  # it takes the line that a short quote leaves
            room = rect.bottom() - 4 - y
            lines = max(room // line, 1)
            painter.setPen(QColor(theme.text))
            words = " ".join(_without_markup(one.note[:_NOTE_BEGINNING]).split())
            wide = width if lines == 1 else int(width * (lines - 0.2))
            words = option.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, wide)
            flag = Qt.TextFlag.TextWordWrap if lines > 1 else Qt.TextFlag.TextSingleLine
            painter.drawText(x, y, width, lines * line, flag, words)
