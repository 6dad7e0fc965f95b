"""How a note came to be: every step with what was before and after, each of which can be taken up again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QScrollArea, QSplitter, QVBoxLayout, QWidget

from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.model import Annotation, AnnotationType, JournalEntry, Visibility
from letstalk_desktop.annotations.notes import parse_note, plain_text
from letstalk_desktop.language import Translator
from letstalk_desktop.storage.clock import moment
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.dialogs import Dialog
from letstalk_desktop.ui.note_text import NoteText
from letstalk_desktop.ui.theme import INTERFACE_PIXELS, Theme, scaled
from letstalk_desktop.ui.your_notes import when


def steps(history: list[JournalEntry]) -> list[JournalEntry]:
    """What changed the note, newest first. What was typed in one go counts once, from before it to after it."""
    found: list[JournalEntry] = []
    for entry in history:
        if not isinstance(entry.after, Annotation):
            continue
        if found and found[-1].gesture == entry.gesture:
            found[-1] = entry._replace(before=found[-1].before)
        else:
            found.append(entry)
    return found[::-1]


class NoteHistory(Dialog):
    """Steps at the left; what was before and after the chosen one at the right."""

    taken_up = Signal(object)  # Annotation: the version

    def __init__(self, parent: QWidget, translator: Translator, theme: Theme, desk: Desk, history: list[JournalEntry]) -> None:
        _ = translator.gettext
        super().__init__(parent, _("History of this note"))
        self._translator, self._theme, self._desk = translator, theme, desk
        self.entries = steps(history)
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("What was done, newest first"))
        for entry in self.entries:
            time = moment(entry.when)
            label = " · ".join(part for part in (when(time, translator) if time else "", _(entry.label), entry.who) if part)
            item = QListWidgetItem(label, self.list)
            spoken = (label, _("Before"), self._spoken(entry.before), _("After"), self._spoken(entry.after))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ". ".join(spoken))
        body = QWidget(self)
        column = QVBoxLayout(body)
        self._sides = tuple(self._side(column, body, title) for title in (_("After"), _("Before")))
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(body)
        area.setAccessibleName(_("The note as it was"))
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(area)
        split.setSizes([280, 400])
        self.rows.addWidget(split, 1)
        self.add_buttons(translator, _("Restore this version"))
        self.resize(720, 460)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.accepted.connect(self._on_accepted)
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _side(self, column: QVBoxLayout, body: QWidget, title: str) -> tuple[QLabel, NoteText]:
        heading = QLabel(title, body)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        facts = QLabel(body)
        facts.setTextFormat(Qt.TextFormat.PlainText)
        facts.setWordWrap(True)
        note = NoteText(body)
        for widget in (heading, facts, note):
            column.addWidget(widget)
        column.addSpacing(14)
        return facts, note

    def _facts(self, one: object) -> str:
        """All but the note: kind, quote, concepts, where it is."""
        _ = self._translator.gettext
        if not isinstance(one, Annotation):
            return _("It was not there yet.")
        words = []
        if one.type is AnnotationType.HIGHLIGHT:
            name = kind_name(one.kind, self._translator, self._desk.kind_names)
            words.append(f"{KIND_STYLES[one.kind].letter} {name}")
        if one.anchor.exact:
            words.append(_("“{quote}”").format(quote=" ".join(one.anchor.exact[:300].split())))
        terms = [self._desk.concept_term(concept, one.anchor.resource, one.anchor.language) for concept in one.concepts]
        if terms:
            words.append(_("Concepts: {terms}").format(terms=", ".join(terms)))
        if one.visibility is Visibility.SHARED:
            words.append(_("Shared"))
        if one.deleted:
            words.append(_("In the trash"))
        return "\n".join(words)

    def _spoken(self, one: object) -> str:
        note = plain_text(parse_note(one.note)) if isinstance(one, Annotation) else ""
        return ". ".join(part for part in (self._facts(one).replace("\n", ". "), note) if part)

    def _on_row_changed(self, row: int) -> None:
        entry = self.entries[row] if 0 <= row < len(self.entries) else None
        for (facts, note), one in zip(self._sides, (entry.after, entry.before) if entry else (None, None), strict=True):
            facts.setText(self._facts(one))
            note.show_note(one.note if isinstance(one, Annotation) else "", self._theme, scaled(INTERFACE_PIXELS))

    def _on_accepted(self) -> None:
        row = self.list.currentRow()
        after = self.entries[row].after if 0 <= row < len(self.entries) else None
        if isinstance(after, Annotation):
            self.taken_up.emit(after)
