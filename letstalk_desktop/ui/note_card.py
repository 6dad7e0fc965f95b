"""One note beside its passage: shown rendered, edited in place, stored while it is typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QFont, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from letstalk_desktop.annotations.model import Annotation, Visibility
from letstalk_desktop.language import Translator
from letstalk_desktop.ui.note_text import Chips, NoteText
from letstalk_desktop.ui.theme import INTERFACE_FAMILY, Theme, focus_pen

SAVE_AFTER_MS = 700


class NoteEditor(QPlainTextEdit):
    """Plain text; Ctrl+Z takes back typing first and only then asks for the notebook's undo."""

    finished = Signal()
    undo_requested = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editor")
        self.keeps_escape = False  # True: Escape only finishes, and does not lead to the text at once
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().setDocumentMargin(4)

    def words(self) -> str:
        """What was typed, every character of it: toPlainText() would make a no-break space a plain one."""
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def event(self, event: QEvent) -> bool:
        """Take Escape before the window's shortcut does, where the editor keeps it."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if self.keeps_escape and override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape or Ctrl+Enter finishes."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape or (control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)):
            self.finished.emit()
        elif event.matches(QKeySequence.StandardKey.Undo) and not self.document().isUndoAvailable():
            self.undo_requested.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving stores and shows the note."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()

    def fitting_height(self) -> int:
        """The height in pixels that shows all lines, within reason."""
        lines = max(int(self.document().size().height()), 2)
        return min(lines, 14) * self.fontMetrics().lineSpacing() + 14


class NoteCard(QFrame):
    """A highlight's or chapter's note. ``annotation`` is what it shows."""

    note_changed = Signal(str, str)  # annotation id, note
    editing_started = Signal(str)
    editing_finished = Signal(str)
    activated = Signal(str)
    menu_requested = Signal(str, QPoint)
    undo_requested = Signal()
    height_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("noteCard")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.annotation: Annotation | None = None
        self._stroke = "#000000"
        self._theme: Theme | None = None
        self._shown: tuple[object, ...] = ()
        self._active = False
        self._header = QLabel(self)
        self._locator = QLabel(self)
        self._menu = QToolButton(self)
        self._menu.setText("⋯")
        self._menu.setAutoRaise(True)
        self._menu.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu.clicked.connect(self._on_menu_clicked)
        self._body = NoteText(self)
        self._quote = QLabel(self)
        self._quote.setWordWrap(True)
        self._chips = Chips(self)
        self._hint = QLabel(self)
        self._hint.setWordWrap(True)
        self.editor: NoteEditor | None = None
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(self._header, 1)
        head.addWidget(self._locator)
        head.addWidget(self._menu)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(15, 4, 10, 8)
        self._layout.setSpacing(3)
        self._layout.addLayout(head)
        self._layout.addWidget(self._quote)
        self._layout.addWidget(self._body)
        self._layout.addWidget(self._hint)
        self._layout.addWidget(self._chips)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_AFTER_MS)
        self._save.timeout.connect(self.store)

    def show_annotation(
        self,
        one: Annotation,
        *,
        label: str,
        locator: str,
        terms: list[str],
        quote: str,
        theme: Theme,
        translator: Translator,
        unsaved: bool,
        pixels: float,
        active: bool,
    ) -> None:
        """Show an annotation. ``quote`` stands above the note where its words are not on the page."""
        self.annotation = one
        shown = (one, label, locator, tuple(terms), quote, theme.name, translator.language, unsaved, pixels, active)
        self._active = active
        if shown == self._shown:
            return
        self._shown = shown
        self._theme = theme
        _ = translator.gettext
        self._stroke = theme.kinds[one.kind][1] if one.type == "highlight" else theme.accent
        small = QFont(INTERFACE_FAMILY)
        small.setPixelSize(round(pixels * 0.87))
        bold = QFont(small)
        bold.setWeight(QFont.Weight.DemiBold)
        shared = f" · {_('shared')}" if one.visibility is Visibility.SHARED else ""
        pending = f" · {_('not saved yet')}" if unsaved else ""
        self._header.setFont(bold)
        self._header.setText(label + shared + pending)
        self._header.setStyleSheet(f"color: {theme.warning if unsaved else self._stroke};")
        self._locator.setFont(small)
        self._menu.setFont(small)
        self._menu.setFixedHeight(round(pixels * 1.45))
        self._locator.setText(f"¶ {locator}" if locator else "")
        self._locator.setStyleSheet(f"color: {theme.muted};")
        self._menu.setAccessibleName(_("What to do with this note"))
        self._menu.setToolTip(_("What to do with this note"))
        flat = "border: none; padding: 0 4px; background: transparent;"
        self._menu.setStyleSheet(f"QToolButton {{ color: {theme.muted}; {flat} }}")
        italic = QFont(small)
        italic.setItalic(True)
        self._quote.setFont(italic)
        self._quote.setText(quote)
        self._quote.setTextFormat(Qt.TextFormat.PlainText)
        self._quote.setVisible(bool(quote))
        self._quote.setStyleSheet(f"color: {theme.muted};")
        self._body.show_note(one.note, theme, pixels)
        self._body.setVisible(bool(one.note) and self.editor is None)
        self._hint.setFont(small)
        self._hint.setText(_("Press Enter to write a note."))
        self._hint.setStyleSheet(f"color: {theme.muted};")
        self._hint.setVisible(active and not one.note and self.editor is None)
        self._chips.show_terms(terms, theme, pixels * 0.82)
        self.setAccessibleName(_("{kind}, paragraph {locator}").format(kind=label, locator=locator))
        self.setAccessibleDescription(one.note)
        self.update()

    def fit(self, width: int) -> int:
        """Take this width; returns the height in pixels that the card needs."""
        inner = width - 25
        height = max(self._header.sizeHint().height(), self._menu.height()) + 12
        if not self._quote.isHidden():
            height += self._quote.heightForWidth(inner) + 3
        if not self._body.isHidden():
            tall = self._body.heightForWidth(inner)
            self._body.setFixedHeight(tall)
            height += tall + 3
        if not self._hint.isHidden():
            height += self._hint.heightForWidth(inner) + 3
        if not self._chips.isHidden():
            tall = self._chips.heightForWidth(inner)
            self._chips.setFixedHeight(tall)
            height += tall + 3
        if self.editor is not None:
            tall = self.editor.fitting_height()
            self.editor.setFixedHeight(tall)
            height += tall + 3
        self.setFixedSize(QSize(width, height))
        return height

    # --- editing ---------------------------------------------------------------------------------------------------

    def start_editing(self) -> None:
        """Open the editor in place."""
        if self.editor is not None or self.annotation is None:
            if self.editor is not None:
                self.editor.setFocus()
            return
        editor = NoteEditor(self)
        editor.setFont(self._body.font())
        editor.setPlainText(self.annotation.note)
        editor.moveCursor(editor.textCursor().MoveOperation.End)
        editor.setAccessibleName(self.accessibleName())
        editor.textChanged.connect(self._on_text_changed)
        editor.finished.connect(self.finish_editing)
        editor.left.connect(self.finish_editing)
        editor.undo_requested.connect(self._on_undo_requested)
        self.editor = editor
        self._layout.insertWidget(self._layout.indexOf(self._hint), editor)
        self._body.hide()
        self._hint.hide()
        editor.show()
        editor.setFocus()
        self.editing_started.emit(self.annotation.id)
        self.height_changed.emit()

    def store(self) -> None:
        """Hand over what has been typed."""
        self._save.stop()
        if self.editor is not None and self.annotation is not None and self.editor.words() != self.annotation.note:
            self.note_changed.emit(self.annotation.id, self.editor.words())

    def finish_editing(self) -> None:
        """Store and show the note."""
        if self.editor is None or self.annotation is None:
            return
        self.store()
        editor, self.editor = self.editor, None
        had_focus = editor.hasFocus()
        editor.hide()
        editor.deleteLater()
        self._body.setVisible(bool(self.annotation.note))
        self._hint.setVisible(self._active and not self.annotation.note)
        if had_focus:
            self.setFocus()
        self.editing_finished.emit(self.annotation.id)
        self.height_changed.emit()

    def _on_text_changed(self) -> None:
        if not self._save.isActive():
            self._save.start()
        self.height_changed.emit()

    def _on_undo_requested(self) -> None:
        self.finish_editing()
        self.undo_requested.emit()

    def _on_menu_clicked(self) -> None:
        if self.annotation is not None:
            self.menu_requested.emit(self.annotation.id, self._menu.mapToGlobal(self._menu.rect().bottomLeft()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click edits in place."""
        if event.button() == Qt.MouseButton.LeftButton and self.annotation is not None:
            self.activated.emit(self.annotation.id)
            self.start_editing()
        elif event.button() == Qt.MouseButton.RightButton and self.annotation is not None:
            self.menu_requested.emit(self.annotation.id, event.globalPosition().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter edits; the menu key opens the menu."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Space):
            self.start_editing()
        elif event.key() == Qt.Key.Key_Menu:
            self._on_menu_clicked()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Reaching a card by keyboard makes its passage the current one."""
        super().focusInEvent(event)
        if self.annotation is not None and event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.activated.emit(self.annotation.id)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the focus has gone."""
        super().focusOutEvent(event)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Over a card the pointer is a text cursor: a click edits."""
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The kind's bar at the left; a frame around the current card."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._stroke))
        painter.drawRoundedRect(0, 0, 4, self.height(), 2, 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.hasFocus() and self._theme is not None:
            painter.setPen(focus_pen(self._theme))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 5, 5)
        elif self._active:
            painter.setPen(QColor(self._stroke))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 5, 5)
        painter.end()
