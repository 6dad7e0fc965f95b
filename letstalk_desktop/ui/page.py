"""The reader view: one chapter, with caret, selection, bands behind the words and numbers beside them.

It shows and it says what the reader wishes; it changes nothing. Places are code points of the text of record.

What runs before the first paint (making the page, showing a document, painting it) does not touch ``QtCore.Qt``: PySide
makes all the enums of that namespace at its first use, which takes 15 ms. tests/ui/test_first_paint.py holds this.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6 import QtCore
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QScrollBar, QTextBrowser, QWidget

from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import Block, BlockKind, Chapter, ContainerKind
from letstalk_desktop.library.text import block_at, block_by_id
from letstalk_desktop.ui.decorations import FIND, FLASH, HIGHLIGHTS, Decoration, Decorations
from letstalk_desktop.ui.document import PageDocument
from letstalk_desktop.ui.gutter import Gutter, number_pixels
from letstalk_desktop.ui.theme import brush, scaled

MARGIN_MIN = 232  # a note beside its passage needs this many pixels
MARGIN_MAX = 320
GUTTER_MIN = 52
GAP = 36
_ALWAYS_ON = 2  # Qt.ScrollBarPolicy.ScrollBarAlwaysOn


class QTextEdit(QTextBrowser):
    """A QTextBrowser that a screen reader meets as a text to walk through.

    WORKAROUND: Qt gives every QTextBrowser the role of a label, which screen readers read once and do not enter. It decides by
    the name of the class, and knows this one as a text.
    """


class Page(QTextEdit):
    """Shows a PageDocument; emits wishes and facts."""

    selection_changed = Signal(object)  # (start, end) or None
    place_changed = Signal(int)  # the caret's place
    scrolled = Signal()
    link_reached = Signal()  # by Tab
    link_requested = Signal(str, int)  # anchor (kind:target), place
    highlight_clicked = Signal(str, object)  # annotation id, global point
    highlight_edge_dragged = Signal(str, int, int)  # annotation id, new start, new end
    geometry_changed = Signal()
    context_requested = Signal(QPoint)
    first_painted = Signal()  # once, when the first chapter is on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        # WORKAROUND: the first widget that Qt itself hands to Python makes PySide initialize every kind of widget it knows
        # (some 20 ms). Made here, these are known already, and the first page does not wait for that.
        self._scroll_bar = QScrollBar()
        self.setVerticalScrollBar(self._scroll_bar)
        self._side_bar = QScrollBar()
        self.setHorizontalScrollBar(self._side_bar)
        self._viewport = QWidget(self)
        self.setViewport(self._viewport)
        self._viewport.setMouseTracking(True)
        self.setProperty("verticalScrollBarPolicy", _ALWAYS_ON)
        self.gutter = Gutter(self)
        self.page_document: PageDocument | None = None
        self.decorations: Decorations | None = None
        self.margin_width = 0  # pixels kept for notes at the right; 0: folded
        self.wants_margin = True
        self._settling = False
        self._was_painted = False
        self._top: tuple[tuple[int, ...], int] = ((), 0)
        self._dragging: tuple[str, int, bool] | None = None
        self._margins = (0, 0)
        self._flash_timer = QTimer(self)
        self._flash_timer.setSingleShot(True)
        self._flash_timer.setInterval(1600)
        self._flash_timer.timeout.connect(self._on_flash_timeout)
        self.cursorPositionChanged.connect(self._on_cursor_position_changed)
        self.selectionChanged.connect(self._on_selection_changed)
        self.anchorClicked.connect(self._on_anchor_clicked)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def dress(self, colour: str) -> None:
        """Give the page its colour before the window's style sheet does, which takes longer than showing the text."""
        table = self.palette()
        for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Window, QPalette.ColorRole.Button):
            table.setColor(role, QColor(colour))
        self.setPalette(table)
        self.setAutoFillBackground(True)
        self._viewport.setBackgroundRole(QPalette.ColorRole.Base)
        self._viewport.setAutoFillBackground(True)

    def complete(self) -> None:
        """The style sheet dresses the page from here on, and the reader can select and follow links by mouse and keyboard."""
        self.setPalette(QPalette())
        self.setAutoFillBackground(False)
        flags = QtCore.Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextBrowserInteraction | flags.TextSelectableByKeyboard)

    def retranslate(self, translator: Translator) -> None:
        """Set the accessible words."""
        _ = translator.gettext
        self.setAccessibleName(_("Chapter text"))
        self.setAccessibleDescription(_("Read with the arrow keys, select with Shift and the arrow keys."))

    # --- the chapter ----------------------------------------------------------------------------------------------

    @property
    def chapter(self) -> Chapter | None:
        """The chapter on the page."""
        return self.page_document.chapter if self.page_document else None

    def show_document(self, document: PageDocument) -> None:
        """Put a chapter on the page, scrolled to its beginning."""
        self._settling = True
        previous = self.page_document
        self._top = ((), 0)
        document.setParent(self)
        self.page_document = document
        self.decorations = Decorations(document)
        self.gutter.set_colour(document.theme.muted)
        self._fit_margins()
        document.setTextWidth(self.viewport().width())  # else Qt lays it out twice, at first without a width
        self.setDocument(document)
        self.setCursorWidth(2)  # Qt keeps it with the document
        self._settling = False
        if previous is not None:
            previous.deleteLater()
        self.viewport().update()
        self.gutter.update()

    def declare(self, group: str, decorations: list[Decoration]) -> None:
        """Show these decorations for a group, and no others."""
        if self.decorations:
            self.decorations.declare(group, decorations)
            self.viewport().update()

    def place_rect(self, place: int) -> QRectF:
        """The caret rectangle of a place, in viewport pixels."""
        if not self.page_document:
            return QRectF()
        cursor = QTextCursor(self.page_document)
        cursor.setPosition(self.page_document.position_of(place))
        return QRectF(self.cursorRect(cursor))

    def document_y(self, place: int) -> float:
        """How far down the document a place is, in pixels."""
        return self.place_rect(place).top() + self.verticalScrollBar().value()

    # --- where the reader is --------------------------------------------------------------------------------------

    def selected_span(self) -> tuple[int, int] | None:
        """The selected span of the text of record, or None."""
        cursor = self.textCursor()
        if not cursor.hasSelection() or not self.page_document:
            return None
        return self.page_document.span_of(cursor.selectionStart(), cursor.selectionEnd())

    def caret_place(self) -> int:
        """The caret's place."""
        return self.page_document.place_of(self.textCursor().position()) if self.page_document else 0

    def select_span(self, start: int, end: int) -> None:
        """Select a span of the text of record."""
        if not self.page_document:
            return
        cursor = QTextCursor(self.page_document)
        cursor.setPosition(self.page_document.position_of(start))
        cursor.setPosition(self.page_document.position_of(end, at_end=True), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def clear_selection(self) -> None:
        """Leave the caret where it is and select nothing."""
        cursor = self.textCursor()
        cursor.clearSelection()
        self.setTextCursor(cursor)

    def first_visible(self) -> tuple[Block, int] | None:
        """The block at the top of the window, and how many code points into it its first visible line starts."""
        if not self.page_document or not self.page_document.segments:
            return None
        cursor = QTextCursor(self.page_document)
        if self._scroll_bar.value() > 0:  # see top_position
            cursor = self.cursorForPosition(QPoint(0, 3))  # a line that ends right at the edge is not the first visible one
        line = cursor.block().layout().lineForTextPosition(cursor.positionInBlock())
        position = cursor.block().position() + (line.textStart() if line.isValid() else 0)
        if not self.page_document.is_in_text(position):
            position = max(position, self.page_document.segments[0].position)
        place = self.page_document.place_of(position, forward=True)
        block = block_at(self.page_document.chapter, place)
        return (block, max(place - block.start, 0)) if block else None

    def bottom_place(self) -> int:
        """The last place that is visible."""
        if not self.page_document:
            return 0
        corner = self.viewport().rect().bottomLeft()
        return self.page_document.place_of(self.cursorForPosition(corner).position())

    def scroll_to(self, place: int, *, above: float = 0.0) -> None:
        """Bring the line of a place to the top of the window, ``above`` pixels lower."""
        self.verticalScrollBar().setValue(round(self.document_y(place) - above))

    def go_to(self, place: int, *, flash_end: int | None = None, above: float | None = None) -> None:
        """Move the caret to a place, show it in the upper third, and mark the span up to ``flash_end`` for a moment."""
        if not self.page_document:
            return
        cursor = self.textCursor()
        cursor.setPosition(self.page_document.position_of(place))
        self.setTextCursor(cursor)
        self.scroll_to(place, above=self.viewport().height() * 0.22 if above is None else above)
        self._show_picture(place)
        if flash_end is not None and flash_end > place:
            theme = self.page_document.theme
            first = self.page_document.position_of(place)
            last = self.page_document.position_of(flash_end, at_end=True)
            self.declare(FLASH, [Decoration("flash", first, last, theme.accent_soft)])
            self._flash_timer.start()

    def _show_picture(self, place: int) -> None:
        """The words of a figure stand below its picture; show that too."""
        document = self.page_document
        block = block_at(document.chapter, place) if document else None
        if document is None or block is None or block.kind is not BlockKind.FIGURE:
            return
        picture = document.findBlock(document.block_positions[block.id])
        top = document.documentLayout().blockBoundingRect(picture).top()
        self._scroll_bar.setValue(min(self._scroll_bar.value(), round(top - 16)))

    def _on_flash_timeout(self) -> None:
        self.declare(FLASH, [])

    def place_caret(self, place: int) -> None:
        """Move the caret to a place without scrolling."""
        if self.page_document is None:
            return
        scroll = self.verticalScrollBar().value()
        cursor = self.textCursor()
        cursor.setPosition(self.page_document.position_of(place))
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(scroll)

    def move_by_block(self, step: int, *, select: bool = False) -> None:
        """Move the caret to the next or previous block (Shift: select up to there)."""
        if not self.page_document:
            return
        place = self.caret_place()
        starts = [block.start for block in self.page_document.chapter.blocks]
        later = [start for start in starts if start > place]
        earlier = [start for start in starts if start < place]
        target = (later[0] if later else len(self.page_document.chapter.text)) if step > 0 else (earlier[-1] if earlier else 0)
        cursor = self.textCursor()
        mode = QTextCursor.MoveMode.KeepAnchor if select else QTextCursor.MoveMode.MoveAnchor
        cursor.setPosition(self.page_document.position_of(target), mode)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def turn(self, step: int) -> None:
        """One screen on or back, keeping two lines in sight; the caret goes along to the first line that is whole."""
        if not self.page_document:
            return
        bar, pitch = self._scroll_bar, self.page_document.style.pixels * self.page_document.style.line_height
        before = bar.value()
        bar.setValue(round(before + step * max(self.viewport().height() - 2 * pitch, pitch)))
        if bar.value() == before:  # the end, or the beginning
            cursor = self.textCursor()
            ends = QTextCursor.MoveOperation
            cursor.movePosition(ends.End if step > 0 else ends.Start)
            self.setTextCursor(cursor)
            return
        after = bar.value()
        self.setTextCursor(self.cursorForPosition(QPoint(0, round(pitch * 0.75))))
        bar.setValue(after)

    # --- layout ----------------------------------------------------------------------------------------------------

    def _fit_margins(self) -> None:
        """Share the width among numbers, column and notes; fold the notes away where they have no room."""
        if not self.page_document:
            return
        width = self.width() - self.verticalScrollBar().sizeHint().width()
        column = self.page_document.style.column
        least = max(GUTTER_MIN, round(number_pixels(self.page_document.style) * 3.1 + 22))
        gutter = max(least, min(96, round((width - column) * 0.12)))
        room = width - column - gutter - GAP
        if self.wants_margin and room >= scaled(MARGIN_MIN):
            self.margin_width = min(room - 12, scaled(MARGIN_MAX))
            left = gutter + max(0, (room - self.margin_width - 48) // 3)
        else:
            self.margin_width = 0
            left = max(least, (width - column) // 2)
        right = max(width - left - column, scaled(34))
        if self._margins != (left, right):
            self._margins = (left, right)
            self.setViewportMargins(left, 0, right, 0)
        self.page_document.fit(min(column, width - left - right))
        self.gutter.setGeometry(0, 0, left, self.height())
        self.geometry_changed.emit()

    @property
    def column_right(self) -> int:
        """Where the text column ends, in this widget's pixels."""
        return self.viewport().geometry().right()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A change of size keeps the first visible block."""
        kept = self.first_visible() if self._scroll_bar.value() > 0 and not self._settling else None
        self._fit_margins()
        super().resizeEvent(event)
        if kept:
            block, offset = kept
            self.scroll_to(block.start + offset)
        self.geometry_changed.emit()

    def top_position(self) -> int:
        """The document position at the top left corner, found once for each place to which the page is scrolled.

        WORKAROUND: Qt lays out what is further down a little later. Until then every table there lies at the very top for it,
        and it finds the first one in that corner.
        """
        if self._scroll_bar.value() == 0:
            return 0
        at = (self._scroll_bar.value(), self._scroll_bar.maximum(), self.viewport().width(), id(self.page_document))
        if self._top[0] != at:
            self._top = (at, self.cursorForPosition(self.viewport().rect().topLeft()).position())
        return self._top[1]

    def visible_blocks(self) -> Iterator[tuple[QTextBlock, QRectF]]:
        """The visible paragraphs of the document with their rectangles in viewport pixels."""
        layout = self.document().documentLayout()
        top = self.verticalScrollBar().value()
        offset = QPointF(-self.horizontalScrollBar().value(), -top)
        height = self.viewport().height()
        block = self.document().findBlock(self.top_position())
        for _ in range(3):  # a table row or a picture may reach up from before
            if block.previous().isValid():
                block = block.previous()
        while block.isValid():
            rect = layout.blockBoundingRect(block).translated(offset)
            if rect.top() > height:
                break
            yield block, rect
            block = block.next()

    # --- painting --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Panels and bands first, the words over them."""
        if self.page_document and self.decorations:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_panels(painter)
            pitch = self.page_document.style.pixels * self.page_document.style.line_height
            for block, rect in self.visible_blocks():
                line_height = block.blockFormat().lineHeight()
                self.decorations.paint(painter, block, rect.topLeft(), line_height or pitch)
            painter.end()
        super().paintEvent(event)
        if self.page_document and not self._was_painted:
            self._was_painted = True
            self.first_painted.emit()

    def _paint_panels(self, painter: QPainter) -> None:
        document = self.page_document
        assert document is not None
        layout = document.documentLayout()
        scroll = self.verticalScrollBar().value()
        height = self.viewport().height()
        pad = document.style.pixels * 0.75
        below = self.cursorForPosition(self.viewport().rect().bottomRight()).position()
        for panel in document.panels:
            if panel.first > below:
                continue  # to ask where it stands would lay out all the text up to it
            top = layout.blockBoundingRect(document.findBlock(panel.first)).top() - scroll - pad * 0.75
            if top > height:
                continue
            bottom = layout.blockBoundingRect(document.findBlock(panel.last)).bottom() - scroll + pad
            if bottom < 0:
                continue
            left = panel.indent - self.horizontalScrollBar().value()
            width = self.viewport().width() - 2 * panel.indent
            shape, edge = QPainterPath(), QPainterPath()
            if panel.kind is ContainerKind.BOX:
                shape.addRoundedRect(QRectF(left, top, width, bottom - top), 4, 4)
                painter.fillPath(shape, brush(document.theme.panel))
                edge.addRect(QRectF(left, top, 4, bottom - top))
                painter.fillPath(edge, brush(document.theme.accent))
                if document.theme.name == "contrast":
                    pen = QPen()
                    pen.setColor(QColor(document.theme.border))
                    painter.strokePath(shape, pen)
            else:
                inset = pad * 0.6
                edge.addRect(QRectF(left + 2, top + inset, 2, bottom - top - 2 * inset))
                painter.fillPath(edge, brush(document.theme.muted))

    # --- wishes ----------------------------------------------------------------------------------------------------

    def _on_cursor_position_changed(self) -> None:
        if self.page_document and not self._settling:
            self.place_changed.emit(self.caret_place())

    def _on_selection_changed(self) -> None:
        if not self._settling:
            self.selection_changed.emit(self.selected_span())

    def _on_scrolled(self) -> None:
        self.gutter.update()
        self.scrolled.emit()

    def _on_anchor_clicked(self, url: QUrl) -> None:
        self.link_requested.emit(url.toString(), self.caret_place())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Screens (Space, PgDn), paragraph steps (Ctrl+Up, Ctrl+Down, Shift to select); Enter opens what is at the caret."""
        control = event.modifiers() & QtCore.Qt.KeyboardModifier.ControlModifier
        shift = bool(event.modifiers() & QtCore.Qt.KeyboardModifier.ShiftModifier)
        if control and event.key() in (QtCore.Qt.Key.Key_Up, QtCore.Qt.Key.Key_Down):
            self.move_by_block(1 if event.key() == QtCore.Qt.Key.Key_Down else -1, select=shift)
            return
        if event.key() == QtCore.Qt.Key.Key_Space and not control:
            self.turn(-1 if shift else 1)
            return
        if event.key() in (QtCore.Qt.Key.Key_PageDown, QtCore.Qt.Key.Key_PageUp) and event.modifiers() in (
            QtCore.Qt.KeyboardModifier.NoModifier,
            QtCore.Qt.KeyboardModifier.KeypadModifier,
        ):
            self.turn(1 if event.key() == QtCore.Qt.Key.Key_PageDown else -1)
            return
        if event.key() in (QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter) and not control:
            href = self.link_at_caret()
            if href:
                self.link_requested.emit(href, self.caret_place())
                return
            ids = self.highlights_at_caret()
            if ids:
                point = self.viewport().mapToGlobal(self.cursorRect().bottomLeft())
                self.highlight_clicked.emit(ids[0], point)
                return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab and Shift+Tab go from link to link, then on to what stands beside the text.

        Qt asks here too when the page is hidden, and when the keyboard leaves a note or the selection bar, which lie in it;
        links are not next then.
        """
        if not (self.hasFocus() and self.isVisible()):
            return bool(QWidget.focusNextPrevChild(self, forward))
        went = super().focusNextPrevChild(forward)
        if went and self.hasFocus():
            self.link_reached.emit()  # Qt moves its caret there without saying so
        return went

    def link_at_caret(self) -> str:
        """The link at the caret, or selected, as PageDocument writes it; '' where there is none."""
        cursor = self.textCursor()
        if cursor.hasSelection() and cursor.charFormat().isAnchor():
            return cursor.charFormat().anchorHref()
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
        return cursor.charFormat().anchorHref() if cursor.charFormat().isAnchor() else ""

    def highlights_at_caret(self) -> list[str]:
        """The ids of the highlights that cover the caret, the shortest first."""
        if not self.decorations:
            return []
        position = self.textCursor().position()
        found = self.decorations.at(position) or (self.decorations.at(position - 1) if position else [])
        return [one.id for one in found]

    def highlights_at(self, point: QPointF) -> list[str]:
        """The ids of the highlights under a viewport point, the shortest first."""
        if not self.decorations:
            return []
        position = (
            self.document()
            .documentLayout()
            .hitTest(
                point + QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value()),
                QtCore.Qt.HitTestAccuracy.ExactHit,
            )
        )
        return [one.id for one in self.decorations.at(position)] if position >= 0 else []

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the end of the active highlight, else as Qt does."""
        edge = self._edge_at(event.position()) if event.button() == QtCore.Qt.MouseButton.LeftButton else None
        if edge:
            self._dragging = edge
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the end of a highlight, else as Qt does."""
        if self._dragging and self.page_document and self.decorations:
            identity, fixed, _moves_start = self._dragging
            position = self.cursorForPosition(event.position().toPoint()).position()
            drawn = [
                Decoration(one.id, min(fixed, position), max(fixed, position), one.fill, one.stroke, one.line, True)
                if one.id == identity
                else one
                for one in self.decorations.group(HIGHLIGHTS)
            ]
            self.declare(HIGHLIGHTS, drawn)
            return
        super().mouseMoveEvent(event)
        if self._edge_at(event.position()):
            self.viewport().setCursor(QtCore.Qt.CursorShape.SizeHorCursor)
        elif self.viewport().cursor().shape() == QtCore.Qt.CursorShape.SizeHorCursor:
            self.viewport().setCursor(QtCore.Qt.CursorShape.IBeamCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a highlight opens it; the end of a drag asks for its new range."""
        if self._dragging and self.page_document and self.decorations:
            identity = self._dragging[0]
            self._dragging = None
            found = next((one for one in self.decorations.group(HIGHLIGHTS) if one.id == identity), None)
            span = self.page_document.span_of(found.first, found.last) if found else None
            if span:
                self.highlight_edge_dragged.emit(identity, *span)
            return
        super().mouseReleaseEvent(event)
        if event.button() == QtCore.Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            ids = self.highlights_at(event.position())
            if ids and not self.anchorAt(event.position().toPoint()):
                self.highlight_clicked.emit(ids[0], event.globalPosition().toPoint())

    def _edge_at(self, point: QPointF) -> tuple[str, int, bool] | None:
        """The active highlight whose end is under the pointer: (id, the other end's position, it is the start)."""
        active = next((one for one in self.decorations.group(HIGHLIGHTS) if one.active), None) if self.decorations else None
        if active is None:
            return None
        cursor = QTextCursor(self.document())
        for position, other, is_start in ((active.first, active.last, True), (active.last, active.first, False)):
            cursor.setPosition(position)
            rect = QRectF(self.cursorRect(cursor)).adjusted(-5, -4, 5, 4)
            if rect.contains(point):
                return active.id, other, is_start
        return None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for our own menu."""
        self.context_requested.emit(event.globalPos())

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy exactly the characters of the text of record."""
        data = QMimeData()
        span = self.selected_span()
        if span and self.chapter:
            data.setText(self.chapter.text[span[0] : span[1]])
        else:
            words = self.textCursor().selectedText()  # toPlainText() would make no-break spaces plain
            data.setText(words.replace("\u2029", "\n").replace("\u2028", "\n").replace("\ufffc", ""))
        return data

    def forward_wheel(self, event: QWheelEvent) -> None:
        """Scroll for a widget that lies beside the text."""
        self.wheelEvent(event)

    def find_hits(self, hits: list[tuple[int, int]], current: int) -> None:
        """Mark search hits (spans of the record); ``current`` is an index, or -1."""
        if not self.page_document:
            return
        theme = self.page_document.theme
        marks = []
        for index, (start, end) in enumerate(hits):
            first, last = self.page_document.position_of(start), self.page_document.position_of(end, at_end=True)
            fill = theme.find_current if index == current else theme.find
            marks.append(Decoration(f"hit-{index}", first, last, fill, theme.text, "solid" if index == current else ""))
        self.declare(FIND, marks)

    def block_place(self, block_id: str) -> tuple[int, int] | None:
        """The span of a block by its id."""
        block = block_by_id(self.page_document.chapter, block_id) if self.page_document else None
        return (block.start, block.end) if block else None
