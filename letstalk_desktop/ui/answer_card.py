"""An answer on its question's card: shown rendered, edited in place, stored while it is typed, as notes are."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from letstalk_desktop.annotations.model import Annotation
from letstalk_desktop.language import Translator
from letstalk_desktop.ui.desk import new_id
from letstalk_desktop.ui.note_card import NoteCard
from letstalk_desktop.ui.theme import INTERFACE_PIXELS, Theme, scaled

_NO_LIMIT = 16_777_215  # Qt's QWIDGETSIZE_MAX


class AnswerCard(NoteCard):
    """One answer, as wide as its question's card. All keystrokes of one editing are one ``gesture``."""

    delete_requested = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.gesture = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.height_changed.connect(self.refit)

    def show_answer(self, one: Annotation, label: str, theme: Theme, translator: Translator, *, unsaved: bool) -> None:
        """Show an answer; an empty one says how to begin."""
        self.show_annotation(
            one,
            label=label,
            locator="",
            terms=[],
            quote="",
            theme=theme,
            translator=translator,
            unsaved=unsaved,
            pixels=scaled(INTERFACE_PIXELS),
            active=True,
        )
        self._menu.setAccessibleName(translator.gettext("What to do with this answer"))
        self._menu.setToolTip(translator.gettext("What to do with this answer"))
        self._hint.setText(translator.gettext("Press Enter to write an answer."))
        self.setAccessibleName(label)
        self.refit()

    def put_in(self, words: str) -> None:
        """Add a paragraph at the caret of the open editor, else at the end (opening it)."""
        self.start_editing()
        editor = self.editor
        if editor is None:
            return
        cursor = editor.textCursor()
        ahead = editor.textCursor()
        ahead.setPosition(0)
        ahead.setPosition(cursor.selectionStart(), ahead.MoveMode.KeepAnchor)
        before = ahead.selectedText()  # its lines end in U+2029
        gap = "" if not before.strip() else "\n" if before.endswith("\u2029") else "\n\n"
        cursor.insertText(f"{gap}{words}\n\n")
        editor.setTextCursor(cursor)
        editor.ensureCursorVisible()

    def start_editing(self) -> None:
        """Open the editor in place."""
        if self.editor is None:
            self.gesture = new_id()
        super().start_editing()
        if self.editor is not None:
            self.editor.keeps_escape = True
            QWidget.setTabOrder(self, self.editor)

    def stops(self) -> list[QWidget]:
        """What Tab visits, in order."""
        return [self, *([self.editor] if self.editor is not None else []), self._menu]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete puts the answer into the trash; the rest as on a note."""
        if event.key() == Qt.Key.Key_Delete and self.annotation is not None:
            self.delete_requested.emit(self.annotation.id)
        else:
            super().keyPressEvent(event)

    def refit(self) -> None:
        """As high as the answer needs to be at the present width."""
        self.fit(max(self.width(), 120))
        self.setMinimumWidth(0)
        self.setMaximumWidth(_NO_LIMIT)
        self._layout.setGeometry(self.rect())  # a card that is not shown yet would keep the places of its first height

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words wrap anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.refit()
