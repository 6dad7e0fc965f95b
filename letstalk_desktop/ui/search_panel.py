"""Results of the one search, in the left panel's place: one ranked list with where it is, what it is, and the words around."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.library.text import to_utf16
from letstalk_desktop.ui.concept_list import draw_row_frame
from letstalk_desktop.ui.elided_box import ElidedBox
from letstalk_desktop.ui.panel import Panel
from letstalk_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from letstalk_desktop.storage.search import Hit

KIND_NAMES = {"note": N_("Note"), "answer": N_("Answer"), "concept": N_("Concept"), "question": N_("Question")}
LANGUAGES = {"en": "English", "fr": "Français"}
_LINES = 4  # of a snippet


class SearchModel(QAbstractListModel):
    """Hits as rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Hit] = []
        self.translator: Translator | None = None
        self.here = ""  # the resource that is read

    def show_rows(self, rows: list[Hit]) -> None:
        """These, in this order."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """How many."""
        return len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The hit itself (UserRole), or its words."""
        if not index.isValid() or not 0 <= index.row() < len(self.rows):
            return None
        hit = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return hit
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            where = f"{hit.title}, {hit.resource_title}" if hit.resource_title != hit.title else hit.title
            language = LANGUAGES.get(hit.language, hit.language)
            return ". ".join(part for part in (self.heading(hit), where, language, hit.snippet) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(dict.fromkeys(part for part in (hit.title, hit.resource_title) if part))
        return None

    def heading(self, hit: Hit) -> str:
        """What it is (where it is not text), and its place."""
        _ = self.translator.gettext if self.translator else str
        name = _(KIND_NAMES[hit.kind]) if hit.kind in KIND_NAMES else ""
        if "." in hit.locator:
            place = f"¶ {hit.locator}"
        elif hit.locator:
            place = _("Chapter {label}").format(label=hit.locator) if hit.locator.isdigit() else hit.locator
        else:
            place = ""
        return " · ".join(part for part in (name, place) if part)

    def where(self, hit: Hit) -> str:
        """The chapter; of another resource also that."""
        if hit.resource in ("", self.here) or hit.resource_title == hit.title:
            return hit.title
        return f"{hit.title} · {hit.resource_title}"


class SearchPanel(Panel):
    """Where to look and how, how much was found, and the list."""

    opened = Signal(object)  # Hit
    options_changed = Signal()
    box_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._translator: Translator | None = None
        self._words = ""
        self._incomplete = self._more = False
        self._resource = ""
        self.scope = ElidedBox(self)
        self.scope.addItems(["", ""])
        self.scope.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.scope.setMinimumContentsLength(8)
        self.exact_button = QPushButton(self)
        self.exact_button.setCheckable(True)
        self.found = QLabel(self)
        self.found.setWordWrap(True)
        self.found.setTextFormat(Qt.TextFormat.PlainText)
        self.found.setContentsMargins(4, 4, 4, 2)
        self.list = QListView(self)
        self.model = SearchModel(self)
        self.list.setModel(self.model)
        self._delegate = _HitDelegate(self.list, self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMouseTracking(True)
        self.list.installEventFilter(self)
        options = QHBoxLayout()
        options.addWidget(self.scope, 1)
        options.addWidget(self.exact_button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 10, 8, 6)
        rows.addLayout(options)
        rows.addWidget(self.found)
        rows.addWidget(self.list, 1)
        self.scope.activated.connect(self._on_option_chosen)
        self.exact_button.clicked.connect(self._on_option_chosen)
        self.list.clicked.connect(self._on_index_chosen)
        self.list.activated.connect(self._on_index_chosen)

    @property
    def focus_target(self) -> QWidget:
        """What takes the keyboard."""
        return self.list

    @property
    def exact(self) -> bool:
        """Whether only what is written just so is wanted."""
        return self.exact_button.isChecked()

    @property
    def only_this_resource(self) -> bool:
        """Whether only the resource that is read is asked."""
        return self.scope.currentIndex() == 1

    @property
    def has_hits(self) -> bool:
        """Whether anything was found."""
        return bool(self.model.rows)

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        _ = translator.gettext
        self._translator = self.model.translator = translator
        self.setAccessibleName(_("Search results"))
        self.scope.setItemText(0, _("Everything"))
        self.scope.setItemText(1, _("This resource"))
        self.scope.setAccessibleName(_("Where to search"))
        self.exact_button.setText(_("Exact"))
        self.exact_button.setAccessibleName(_("Exactly as written"))
        self.exact_button.setToolTip(_("Only the words as you write them, not their other forms"))
        self.list.setAccessibleName(_("Search results"))
        self._tell()

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self._delegate.theme = theme
        self.list.viewport().update()

    def show_place(self, resource: Resource, chapter: Chapter) -> None:
        """The reader is in this resource."""
        if self._resource not in ("", resource.id) and self.only_this_resource and self.isVisible():
            self.scope.setCurrentIndex(0)
        self._resource = self.model.here = resource.id

    def show_hits(self, hits: list[Hit], words: str, *, more: bool = False) -> None:
        """These answers to these words (``more``: the best of them); the one that has the keyboard keeps it if it is there."""
        row = self.list.currentIndex().row()
        before = self._key(self.model.rows[row]) if 0 <= row < len(self.model.rows) and words == self._words else None
        scroll = self.list.verticalScrollBar().value() if words == self._words else 0
        self._words, self._more = words, more
        self.model.show_rows(hits)
        if before is not None:
            at = next((number for number, hit in enumerate(hits) if self._key(hit) == before), 0)
            self.list.setCurrentIndex(self.model.index(at, 0))
        self.list.verticalScrollBar().setValue(scroll)
        self._tell()

    @staticmethod
    def _key(hit: Hit) -> tuple[str, ...]:
        return (hit.kind, hit.resource, hit.language, hit.chapter, hit.block, hit.annotation, hit.concept, hit.question)

    def show_incomplete(self, *, incomplete: bool) -> None:
        """Whether some texts are not in the index yet."""
        self._incomplete = incomplete
        self._tell()

    def _tell(self) -> None:
        if self._translator is None:
            return
        _, ngettext = self._translator.gettext, self._translator.ngettext
        count = len(self.model.rows)
        if not self._words:
            words = ""
        elif self._more:
            words = _("The {count} best results").format(count=count)
        elif count:
            words = ngettext("{count} result", "{count} results", count).format(count=count)
        else:
            words = _("Nothing was found.")
        if self._incomplete:
            words = " ".join(part for part in (words, _("Some texts are still being prepared.")) if part)
        self.found.setText(words)
        self.found.setAccessibleName(words)

    def enter(self) -> None:
        """Give the list the keyboard, on the first result or where it was."""
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0, 0))
        self.list.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up from the first result leads back to the box."""
        if (
            watched is self.list
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Up
            and self.list.currentIndex().row() <= 0
        ):
            self.box_requested.emit()
            return True
        return False

    def _on_option_chosen(self) -> None:
        self.options_changed.emit()

    def _on_index_chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self.model.rows[index.row()])


class _HitDelegate(QStyledItemDelegate):
    """Place and kind, the chapter, and the words around with what was looked for marked."""

    def __init__(self, view: QListView, model: SearchModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self.theme: Theme | None = None

    def _width(self) -> int:
        return max(self._view.width() - 18, 100)

    def _layout(self, hit: Hit, font: QFont) -> QTextLayout:
        """The snippet in lines of the list's width, with its marks."""
        layout = QTextLayout(hit.snippet, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        theme = self.theme
        if theme is not None:
            ranges = []
            for start, end in hit.marks:
                marked = QTextLayout.FormatRange()
                marked.start = to_utf16(hit.snippet, start)
                marked.length = to_utf16(hit.snippet, end) - marked.start
                look = QTextCharFormat()
                look.setBackground(QColor(theme.find))
                look.setForeground(QColor(theme.text))
                look.setFontWeight(QFont.Weight.DemiBold)
                marked.format = look
                ranges.append(marked)
            layout.setFormats(ranges)
        layout.beginLayout()
        y = 0.0
        for _number in range(_LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(self._width() - 16)
            line.setPosition(QPointF(0, y))
            y += line.height()
        layout.endLayout()
        return layout

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as heading, chapter and snippet need."""
        hit = self._model.rows[index.row()]
        layout = self._layout(hit, option.font)
        lines = layout.lineCount()
        height = layout.lineAt(lines - 1).rect().bottom() if lines else 0
        return QSize(self._width(), round(2 * option.fontMetrics.lineSpacing() + height) + 16)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw one row."""
        theme = self.theme
        if theme is None:
            return
        hit = self._model.rows[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect
        draw_row_frame(painter, rect, option, theme)
        line = option.fontMetrics.lineSpacing()
        x, y, width = rect.left() + 8, rect.top() + 6, self._width() - 16
        language = hit.language.upper()
        room = option.fontMetrics.horizontalAdvance(language) + 8 if language else 0
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(theme.accent))
        heading = option.fontMetrics.elidedText(self._model.heading(hit), Qt.TextElideMode.ElideRight, width - room - 8)
        painter.drawText(x, y, width - room, line, Qt.AlignmentFlag.AlignLeft, heading)
        painter.setFont(option.font)
        painter.setPen(QColor(theme.muted))
        painter.drawText(x, y, width, line, Qt.AlignmentFlag.AlignRight, language)
        where = option.fontMetrics.elidedText(self._model.where(hit), Qt.TextElideMode.ElideRight, width)
        painter.drawText(x, y + line, width, line, Qt.AlignmentFlag.AlignLeft, where)
        painter.setPen(QColor(theme.text))
        self._layout(hit, option.font).draw(painter, QPointF(x, y + 2 * line + 2))
        painter.restore()
