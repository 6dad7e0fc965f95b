"""How an answer came to be: every version of it, each of which can be taken up again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QScrollArea, QSplitter, QWidget

from letstalk_desktop.annotations.model import Annotation, JournalEntry
from letstalk_desktop.annotations.notes import parse_note, plain_text
from letstalk_desktop.language import Translator
from letstalk_desktop.storage.clock import moment
from letstalk_desktop.ui.dialogs import Dialog
from letstalk_desktop.ui.note_text import NoteText
from letstalk_desktop.ui.theme import INTERFACE_PIXELS, Theme, scaled
from letstalk_desktop.ui.your_notes import when


def versions(history: list[JournalEntry]) -> list[JournalEntry]:
    """The steps after which the answer read differently or was shown to others, newest first.

    What was typed in one go counts once, as it was in the end.
    """
    found: list[JournalEntry] = []
    for entry in history:
        if not isinstance(entry.after, Annotation):
            continue
        if found and found[-1].gesture == entry.gesture:
            found[-1] = entry
        elif not found or _differs(found[-1].after, entry.after):
            found.append(entry)
    return found[::-1]


def _differs(before: object, after: Annotation) -> bool:
    return not isinstance(before, Annotation) or (before.note, before.visibility, before.deleted) != (
        after.note,
        after.visibility,
        after.deleted,
    )


class AnswerHistory(Dialog):
    """Versions at the left, the chosen one at the right."""

    taken_up = Signal(str)  # the text of the version

    def __init__(self, parent: QWidget, translator: Translator, theme: Theme, history: list[JournalEntry]) -> None:
        _ = translator.gettext
        super().__init__(parent, _("History of this answer"))
        self._theme = theme
        self.entries = versions(history)
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("Versions of the answer, newest first"))
        for entry in self.entries:
            time = moment(entry.when)
            label = " · ".join(part for part in (when(time, translator) if time else "", _(entry.label), entry.who) if part)
            item = QListWidgetItem(label, self.list)
            note = entry.after.note if isinstance(entry.after, Annotation) else ""
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{label}. {plain_text(parse_note(note))}")
        self.text = NoteText(self)
        self.text.setContentsMargins(8, 8, 8, 8)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(self.text)
        area.setAccessibleName(_("The answer as it was"))
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(area)
        split.setSizes([300, 320])
        self.rows.addWidget(split, 1)
        self.add_buttons(translator, _("Use this version"))
        self.resize(680, 420)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.accepted.connect(self._on_accepted)
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _note(self) -> str:
        row = self.list.currentRow()
        after = self.entries[row].after if 0 <= row < len(self.entries) else None
        return after.note if isinstance(after, Annotation) else ""

    def _on_row_changed(self, row: int) -> None:
        self.text.show_note(self._note(), self._theme, scaled(INTERFACE_PIXELS))

    def _on_accepted(self) -> None:
        self.taken_up.emit(self._note())
