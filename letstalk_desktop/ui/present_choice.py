"""What to present: the session plans, the chapter's questions, my passages. A small list; Enter begins."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QWidget

from letstalk_desktop.language import Translator
from letstalk_desktop.ui.dialogs import Dialog

PLAN, QUESTIONS, CHAPTER_PASSAGES, ALL_PASSAGES = "plan", "questions", "chapter-passages", "all-passages"


class Source(NamedTuple):
    """Something that can be presented. ``amount`` 0: nothing yet, and ``words`` say how to make it."""

    kind: str
    id: str
    title: str
    words: str
    amount: int


class PresentDialog(Dialog):
    """Asks what to present."""

    chosen = Signal(object)  # Source

    def __init__(self, parent: QWidget, translator: Translator, sources: list[Source], current: int, two: bool) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Present"))
        self.sources = sources
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("What to present"))
        self.list.setWordWrap(True)
        for source in sources:
            item = QListWidgetItem(f"{source.title}\n{source.words}", self.list)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{source.title}. {source.words}")
            if not source.amount:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.rows.addWidget(self.list, 1)
        if two:
            words = _("The room sees the text on the other screen. Guidance and time stay here, in the presenter’s window.")
        else:
            words = _("There is one screen. The room sees it, so guidance and private notes are not shown on it.")
        self.add_text(words)
        self.add_text(_("Of your notes and answers, only those marked as shared are shown."))
        box = self.add_buttons(translator, _("Present"), _("Cancel"))
        for button in box.findChildren(QPushButton):
            if button.isDefault():
                button.setEnabled(any(source.amount for source in sources))
        self.list.itemActivated.connect(self._on_item_activated)
        self.accepted.connect(self._on_accepted)
        self.resize(520, 400)
        self.list.setCurrentRow(current)
        self.list.setFocus()

    def _on_item_activated(self, item: QListWidgetItem) -> None:
        self.accept()

    def _on_accepted(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self.sources) and self.sources[row].amount:
            self.chosen.emit(self.sources[row])
