"""Notes: every highlight and note of the resource, in the order of the text; the accessible list of what is marked."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Changes, Placement, Query
from letstalk_desktop.language import Translator
from letstalk_desktop.library.finding import find_in_text
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.library.text import locator_at
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.panel import Panel
from letstalk_desktop.ui.theme import Theme

_SHOWN = (AnnotationType.HIGHLIGHT, AnnotationType.NOTE, AnnotationType.BOOKMARK)


class NotesModel(QAbstractListModel):
    """Annotations as rows; texts are made only for rows that are shown."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.rows: list[Annotation] = []
        self.translator: Translator | None = None

    def show_rows(self, rows: list[Annotation]) -> None:
        """These rows, in this order."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """How many."""
        return len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The annotation itself (UserRole), or its words."""
        if not index.isValid() or not 0 <= index.row() < len(self.rows):
            return None
        one = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return one
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return ". ".join(part for part in (self.heading(one), self.quote(one), one.note) if part)
        return None

    def locator(self, one: Annotation) -> str:
        """Where it is."""
        if one.placement is not Placement.PLACED:
            return self.translator.gettext("waits for a place") if self.translator else ""
        try:
            chapter = self._desk.shelf.chapter(one.anchor.resource, one.anchor.chapter, one.anchor.language)
        except Exception:
            return one.anchor.chapter
        return locator_at(chapter, one.anchor.start) if one.type is not AnnotationType.NOTE else chapter.label

    def heading(self, one: Annotation) -> str:
        """Kind and place."""
        translator = self.translator
        if translator is None:
            return ""
        _ = translator.gettext
        if one.type is AnnotationType.NOTE:
            if not one.anchor.chapter:
                return _("Note on the resource")
            return _("Note on chapter {label}").format(label=self.locator(one))
        if one.type is AnnotationType.BOOKMARK:
            return f"{_('Bookmark')} · ¶ {self.locator(one)}"
        name = kind_name(one.kind, translator, self._desk.kind_names)
        return f"{KIND_STYLES[one.kind].letter} {name} · ¶ {self.locator(one)}"

    @staticmethod
    def quote(one: Annotation) -> str:
        """The marked words on one line."""
        words = " ".join(one.anchor.exact.split())
        return words if len(words) <= 140 else f"{words[:138].rstrip()}…"


class NotesPanel(Panel):
    """A filter and a list."""

    place_requested = Signal(object)  # Annotation
    unplaced_requested = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._resource: Resource | None = None
        self._all: list[Annotation] = []
        self._stale = True
        self._translator: Translator | None = None
        self.filter = QLineEdit(self)
        self.filter.setClearButtonEnabled(True)
        self.waiting = QPushButton(self)
        self.waiting.hide()
        self.waiting.clicked.connect(self.unplaced_requested)
        self.empty = QLabel(self)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(10, 6, 10, 6)
        self.tree = QListView(self)
        self.model = NotesModel(desk, self)
        self.tree.setModel(self.model)
        self.tree.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.tree.setResizeMode(QListView.ResizeMode.Adjust)
        self._delegate = _NoteDelegate(self.tree, self.model)
        self.tree.setItemDelegate(self._delegate)
        self.tree.clicked.connect(self._on_chosen)
        self.tree.activated.connect(self._on_chosen)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 10, 8, 6)
        rows.addWidget(self.filter)
        rows.addWidget(self.waiting)
        rows.addWidget(self.empty)
        rows.addWidget(self.tree, 1)
        self.filter.textChanged.connect(self._show)
        desk.changed.connect(self._on_desk_changed)
        desk.notebook_opened.connect(self._reload)

    @property
    def focus_target(self) -> QWidget:
        """What takes the keyboard."""
        return self.tree if self.model.rows else self.filter

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        _ = translator.gettext
        self._translator = self.model.translator = translator
        self.filter.setPlaceholderText(_("Filter notes"))
        self.filter.setAccessibleName(_("Filter notes"))
        self.tree.setAccessibleName(_("Notes and highlights"))
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self._delegate.theme = theme
        self.tree.viewport().update()

    def show_place(self, resource: Resource, chapter: Chapter) -> None:
        """The notes of this resource."""
        if self._resource is None or self._resource.id != resource.id:
            self._resource = resource
            self._reload()

    def showEvent(self, event: object) -> None:
        """Read again what has changed while the panel was hidden."""
        if self._stale:
            self._reload()

    def _on_desk_changed(self, changes: Changes, initiator: object) -> None:
        if self.isVisible():
            self._reload()
        else:
            self._stale = True

    def _reload(self) -> None:
        resource = self._resource
        if resource is None:
            return
        self._stale = False
        self.desk.ask(lambda notebook: notebook.annotations(Query(resource=resource.id, types=_SHOWN)), self._on_loaded)

    def _on_loaded(self, found: list[Annotation]) -> None:
        resource = self._resource
        if resource is None:
            return
        order = {entry.id: number for number, entry in enumerate(resource.chapters)}
        self._all = sorted(found, key=lambda one: (order.get(one.anchor.chapter, -1), one.anchor.start, one.created))
        self._show()

    def _show(self) -> None:
        if self._translator is None:
            return
        _ = self._translator.gettext
        waiting = sum(1 for one in self._all if one.placement is not Placement.PLACED)
        wait = self._translator.ngettext("{count} note waits for a place", "{count} notes wait for a place", waiting)
        self.waiting.setText(wait.format(count=waiting))
        self.waiting.setVisible(bool(waiting))
        words = self.filter.text().strip()
        rows = self._all
        if words:
            rows = [one for one in rows if find_in_text(f"{one.note}\n{one.anchor.exact}", words)]
        self.model.show_rows(rows)
        if self._all:
            self.empty.setText(_("No note has these words."))
        else:
            self.empty.setText(
                _("What you mark and write stands here. Select words in the text and press 1 to 6; Ctrl+M writes a note.")
            )
        self.empty.setVisible(not rows)

    def _on_chosen(self, index: QModelIndex) -> None:
        one = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(one, Annotation):
            self.place_requested.emit(one)


class _NoteDelegate(QStyledItemDelegate):
    """Kind and place, the quote, the note's beginning; a bar in the kind's colour."""

    def __init__(self, view: QListView, model: NotesModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self.theme: Theme | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Three or four lines."""
        one = self._model.rows[index.row()]
        lines = 1 + (2 if one.anchor.exact else 0) + (1 if one.note else 0)
        return QSize(self._view.viewport().width(), lines * option.fontMetrics.lineSpacing() + 16)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw one row."""
        theme = self.theme
        if theme is None:
            return
        one = self._model.rows[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect.adjusted(2, 2, -4, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QColor(theme.focus) if option.state & QStyle.StateFlag.State_HasFocus else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft if chosen else theme.card))
            painter.drawRoundedRect(rect, 6, 6)
        stroke = theme.kinds[one.kind][1] if one.type is AnnotationType.HIGHLIGHT else theme.accent
        painter.fillRect(rect.left(), rect.top() + 3, 3, rect.height() - 6, QColor(stroke))
        line = option.fontMetrics.lineSpacing()
        x, y, width = rect.left() + 10, rect.top() + 4, rect.width() - 16
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(stroke))
        heading = option.fontMetrics.elidedText(self._model.heading(one), Qt.TextElideMode.ElideRight, width - 8)
        painter.drawText(x, y, width, line, Qt.AlignmentFlag.AlignLeft, heading)
        painter.setFont(option.font)
        y += line
        if one.anchor.exact:
            painter.setPen(QColor(theme.muted))
            words = self._two_lines(self._model.quote(one), option, width)
            painter.drawText(x, y, width, 2 * line, Qt.TextFlag.TextWordWrap, words)
            y += 2 * line
        if one.note:
            painter.setPen(QColor(theme.text))
            words = option.fontMetrics.elidedText(" ".join(one.note.split()), Qt.TextElideMode.ElideRight, width)
            painter.drawText(x, y, width, line, Qt.AlignmentFlag.AlignLeft, words)
        painter.restore()

    @staticmethod
    def _two_lines(words: str, option: QStyleOptionViewItem, width: int) -> str:
        return option.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, int(width * 1.8))
