"""Making, changing and merging concepts of the reader's own. Each dialog answers by an operation, checked before it closes."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCompleter,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QWidget,
)

from letstalk_desktop.annotations import concepts
from letstalk_desktop.annotations.concepts import Codebook, ConceptError, Entry
from letstalk_desktop.annotations.model import OwnConcept
from letstalk_desktop.language import Translator
from letstalk_desktop.library.finding import find_in_text
from letstalk_desktop.ui.concept_list import ConceptList, ConceptRow
from letstalk_desktop.ui.desk import Desk, new_id
from letstalk_desktop.ui.dialogs import Dialog
from letstalk_desktop.ui.theme import Theme


class ConceptEditor(Dialog):
    """Name, definition and related concepts of a concept of the reader's own, new or old."""

    kept = Signal(str)  # concept id

    def __init__(
        self,
        parent: QWidget,
        translator: Translator,
        desk: Desk,
        codebook: Codebook,
        language: str,
        concept: OwnConcept | None = None,
        name: str = "",
    ) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Change concept") if concept else _("New concept"))
        self.desk, self.codebook = desk, codebook
        self._translator = translator
        self._new = concept is None
        self._concept = concept or OwnConcept(new_id(), name, author=desk.reader_name)
        self.name = QLineEdit(self._concept.term, self)
        self.name.setMaxLength(concepts.LONGEST_TERM)
        self.definition = QPlainTextEdit(self._concept.definition, self)
        self.definition.setTabChangesFocus(True)
        self.field = _AddingField(self)
        self.related = QListWidget(self)
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.hide()
        for words, widget in (
            (_("&Name"), self.name),
            (_("&Definition, in your words"), self.definition),
            (_("&Related concepts: type one and press Enter; Delete takes one away"), self.field),
        ):
            label = QLabel(words, self)
            label.setWordWrap(True)
            label.setBuddy(widget)
            widget.setAccessibleName(words.replace("&", ""))
            self.rows.addWidget(label)
            self.rows.addWidget(widget)
        self.related.setAccessibleName(_("Related concepts"))
        self.rows.addWidget(self.related)
        self.rows.addWidget(self.problem)
        self._ids = {entry.term(language): entry.id for entry in codebook if entry.id != self._concept.id}
        completer = QCompleter(self)
        completer.setModel(QStringListModel(sorted(self._ids), completer))
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.field.setCompleter(completer)
        self.field.entered.connect(self._on_field_entered)
        for other in self._concept.related:
            found = codebook.get(other)
            if found is not None:
                self._add(found.term(language), other)
        self.add_buttons(translator, _("Keep"), _("Cancel"))
        self.resize(440, 460)
        self.name.selectAll()
        self.name.setFocus()

    def _add(self, term: str, concept_id: str) -> None:
        item = QListWidgetItem(term, self.related)
        item.setData(Qt.ItemDataRole.UserRole, concept_id)

    def _related(self) -> tuple[str, ...]:
        return tuple(self.related.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.related.count()))

    def _on_field_entered(self) -> None:
        words = self.field.text().strip()
        found = next(((term, one) for term, one in self._ids.items() if term.casefold() == words.casefold()), None)
        if found is None:
            words = self._translator.gettext(
                "There is no concept “{term}” yet. Choose one of the list, or make it first."
            ).format(term=words)
            self._say(words)
            return
        if found[1] not in self._related():
            self._add(*found)
        self.field.clear()
        self.problem.hide()

    def _say(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setAccessibleName(words)
        self.problem.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the chosen relation away."""
        row = self.related.currentRow()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.related.hasFocus() and row >= 0:
            self.related.takeItem(row)
        else:
            super().keyPressEvent(event)

    def accept(self) -> None:
        """Keep it, or say why that cannot be."""
        wanted = self._concept._replace(
            term=self.name.text(), definition=self.definition.toPlainText(), related=self._related()
        )
        try:
            make = concepts.add if self._new else concepts.change
            operation = make(self.codebook, wanted, who=self.desk.reader_name)
        except ConceptError as error:
            self._say(error.text(self._translator))
            self.name.setFocus()
            return
        if self._new or operation.concepts != (self._concept,):
            self.desk.do(operation.label, self, concepts=operation.concepts)
        super().accept()
        self.kept.emit(wanted.id)


class _AddingField(QLineEdit):
    """A field whose Enter adds; empty, Enter is the dialog's."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter from the dialog's button while there are words."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text().strip():
            self.entered.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class MergeDialog(Dialog):
    """Chooses the concept that one of the reader's own becomes part of."""

    chosen = Signal(str, str)  # concept id, into which

    def __init__(
        self,
        parent: QWidget,
        translator: Translator,
        codebook: Codebook,
        language: str,
        entry: Entry,
        count: int,
        theme: Theme,
    ) -> None:
        _, ngettext = translator.gettext, translator.ngettext
        super().__init__(parent, _("Merge concept"))
        self._entry, self._language = entry, language
        self._others = [other for other in codebook.sorted(language) if other.id != entry.id]
        words = ngettext(
            "“{term}” goes, and its {count} passage or note is linked to the concept that you choose. You can undo this.",
            "“{term}” goes, and its {count} passages and notes are linked to the concept that you choose. You can undo this.",
            count,
        )
        self.add_text(words.format(term=entry.term(language), count=count))
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(_("Filter concepts"))
        self.filter.setAccessibleName(_("Filter concepts"))
        self.list = ConceptList(self)
        self.list.setAccessibleName(_("Merge into"))
        self.list.set_theme(theme)
        self.rows.addWidget(self.filter)
        self.rows.addWidget(self.list)
        self.add_buttons(translator, _("Merge"), _("Cancel"))
        self.filter.textChanged.connect(self._show)
        self.list.entered_by_key.connect(self.accept)
        self._show()
        self.resize(420, 460)
        self.filter.setFocus()

    def _show(self) -> None:
        words = self.filter.text().strip()
        found = [
            other for other in self._others if not words or any(find_in_text(term, words) for term in other.terms.values())
        ]
        self.list.show_rows([ConceptRow(one.id, term := one.term(self._language), 0, "", term) for one in found])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Up walk the list while the filter has the keyboard."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.filter.hasFocus():
            self.list.setFocus()
            self.list.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def accept(self) -> None:
        """Answer, where one is chosen."""
        into = self.list.current_id()
        if into:
            super().accept()
            self.chosen.emit(self._entry.id, into)
