"""Contents: the chapters with their sections, how many notes each has, and which have been read."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.ui.panel import Panel
from letstalk_desktop.ui.theme import Theme, focus_pen, scaled

_ID, _SECTION, _NUMBER, _COUNT, _READ = (Qt.ItemDataRole.UserRole + offset for offset in range(1, 6))


class ContentsPanel(Panel):
    """The table of contents of one resource."""

    chapter_requested = Signal(str)
    section_requested = Signal(str, str)  # chapter id, section id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = QTreeWidget(self)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(0)
        self.tree.setUniformRowHeights(False)
        self.tree.setItemsExpandable(False)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setMouseTracking(True)
        self._delegate = _ContentsDelegate(self.tree)
        self.tree.setItemDelegate(self._delegate)
        self.tree.itemClicked.connect(self._on_item_chosen)
        self.tree.itemActivated.connect(self._on_item_chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 10, 6, 6)
        layout.addWidget(self.tree)
        self._chapters: dict[str, QTreeWidgetItem] = {}
        self._translator: Translator | None = None
        self._current = ""
        self._section = ""

    def retranslate(self, translator: Translator) -> None:
        """Set the accessible words."""
        self._translator = translator
        self.tree.setAccessibleName(translator.gettext("Contents"))
        self.tree.setHeaderLabel(translator.gettext("Contents"))  # hidden, but a screen reader reads it
        for item in self._chapters.values():
            self._describe(item)

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self._delegate.theme = theme
        self.tree.viewport().update()

    @property
    def focus_target(self) -> QWidget:
        """The list."""
        return self.tree

    def show_resource(self, resource: Resource, language: str) -> None:
        """List the chapters of a resource."""
        self.tree.clear()
        self._chapters = {}
        self._current = self._section = ""
        for entry in resource.chapters:
            item = QTreeWidgetItem(self.tree, [entry.titles.get(language) or next(iter(entry.titles.values()))])
            item.setData(0, _ID, entry.id)
            item.setData(0, _NUMBER, entry.label if entry.number else "")
            self._chapters[entry.id] = item
            self._describe(item)

    def show_chapter(self, chapter: Chapter) -> None:
        """Open this chapter's sections and close those of the others."""
        if self._current and self._current in self._chapters:
            self._chapters[self._current].takeChildren()
            self._chapters[self._current].setExpanded(False)
        self._current = chapter.id
        item = self._chapters.get(chapter.id)
        if item is None:
            return
        item.takeChildren()
        for section in chapter.sections:
            if section.level <= 2:
                child = QTreeWidgetItem(item, [section.title])
                child.setData(0, _ID, chapter.id)
                child.setData(0, _SECTION, section.id)
        item.setExpanded(True)
        self._delegate.current, self._delegate.section = chapter.id, ""
        self.tree.setCurrentItem(item)
        if self.isVisible():
            self.tree.scrollToItem(item)

    def show_section(self, section: str) -> None:
        """The reader is in this section."""
        if self._delegate.section != section:
            self._delegate.section = section
            self.tree.viewport().update()

    def show_counts(self, counts: dict[str, int]) -> None:
        """How many notes and highlights each chapter has."""
        for chapter, item in self._chapters.items():
            item.setData(0, _COUNT, counts.get(chapter, 0))
            self._describe(item)

    def show_read(self, read: set[str]) -> None:
        """Which chapters have been read to the end."""
        for chapter, item in self._chapters.items():
            item.setData(0, _READ, chapter in read)
            self._describe(item)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Titles wrap anew."""
        super().resizeEvent(event)
        self.tree.scheduleDelayedItemsLayout()

    def _describe(self, item: QTreeWidgetItem) -> None:
        if self._translator is None:
            return
        words = [f"{item.data(0, _NUMBER) or ''} {item.text(0)}".strip()]
        count = item.data(0, _COUNT) or 0
        if count:
            words.append(self._translator.ngettext("{count} note", "{count} notes", count).format(count=count))
        if item.data(0, _READ):
            words.append(self._translator.gettext("read"))
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, ", ".join(words))

    def _on_item_chosen(self, item: QTreeWidgetItem) -> None:
        section = item.data(0, _SECTION)
        if section:
            self.section_requested.emit(item.data(0, _ID), section)
        else:
            self.chapter_requested.emit(item.data(0, _ID))


class _ContentsDelegate(QStyledItemDelegate):
    """Draws number, title, count and read mark; sections further in."""

    def __init__(self, parent: QTreeWidget) -> None:
        super().__init__(parent)
        self._tree = parent
        self.theme: Theme | None = None
        self.current = ""
        self.section = ""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """High enough for the title in the panel's width."""
        width = self._width()
        font = self._font(option.font, index)
        room = QRect(0, 0, max(width - self._left(index) - self._right(index), 60), 2000)
        words = index.data(Qt.ItemDataRole.DisplayRole) or ""
        bounds = QFontMetrics(font).boundingRect(room, Qt.TextFlag.TextWordWrap, words)
        return QSize(width, bounds.height() + (10 if index.data(_SECTION) else 12))

    def _width(self) -> int:
        """The width of a row, whether or not the scroll bar is there, so that titles wrap alike in both cases."""
        return max(self._tree.width() - 16, 80)

    @staticmethod
    def _left(index: QModelIndex | QPersistentModelIndex) -> int:
        return scaled(38) if index.data(_SECTION) else scaled(36)

    @staticmethod
    def _right(index: QModelIndex | QPersistentModelIndex) -> int:
        """Room for the count and the mark of a chapter; a section has none."""
        return 6 if index.data(_SECTION) else scaled(40)

    def _font(self, base: QFont, index: QModelIndex | QPersistentModelIndex) -> QFont:
        font = QFont(base)
        is_section = bool(index.data(_SECTION))
        current = index.data(_SECTION) == self.section if is_section else index.data(_ID) == self.current
        font.setWeight(QFont.Weight.DemiBold if current else QFont.Weight.Normal)
        return font

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw one row."""
        theme = self.theme
        if theme is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect
        section = index.data(_SECTION)
        current = not section and index.data(_ID) == self.current
        from PySide6.QtWidgets import QStyle  # slow to initialize; not before the first page is shown

        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 6, 6)
        if focused or hovered:
            painter.setPen(focus_pen(theme) if focused else QColor(theme.border))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        painter.setFont(self._font(option.font, index))
        in_section = bool(section) and section == self.section
        left = self._left(index)
        title = QRect(rect.left() + left, rect.top() + 6, self._width() - left - self._right(index), rect.height() - 12)
        painter.setPen(QColor(theme.accent if in_section else theme.muted if section else theme.text))
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
        painter.drawText(title, flags, index.data(Qt.ItemDataRole.DisplayRole))
        if not section:
            painter.setPen(QColor(theme.text if current else theme.muted))
            number = QRect(rect.left() + 12, rect.top() + 6, left - 12, rect.height() - 12)
            painter.drawText(number, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, str(index.data(_NUMBER) or ""))
            painter.setPen(QColor(theme.muted))
            small = QFont(option.font)
            small.setPixelSize(max(round(small.pixelSize() * 0.9), 10))
            painter.setFont(small)
            count, read = index.data(_COUNT) or 0, index.data(_READ)
            words = f"{count or ''}{' ' if count and read else ''}{'✓' if read else ''}"
            lower = QFontMetrics(option.font).ascent() - QFontMetrics(small).ascent()  # on the title's base line
            painter.drawText(
                rect.adjusted(0, 6 + lower, -12, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, words
            )
        painter.restore()
