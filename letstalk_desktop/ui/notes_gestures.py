"""What can be done with several notes at once: each is one gesture, undone in one go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QPoint, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QMenu, QPushButton, QWidget

from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Changes, JournalEntry, Kind, OwnConcept, Placement
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.ui.desk import Desk, new_id
from letstalk_desktop.ui.dialogs import Dialog
from letstalk_desktop.ui.theme import Theme


class NotesGestures(QObject):
    """Changes notes through the desk. ``selected`` says which."""

    undo_offered = Signal(str)
    told = Signal(str)
    export_requested = Signal(object)  # ids
    opened = Signal(object)  # Annotation

    def __init__(self, desk: Desk, selected: Callable[[], list[Annotation]], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._selected = desk, selected
        self._parent = parent
        self.translator: Translator | None = None
        self.theme: Theme | None = None

    # --- the menu -------------------------------------------------------------------------------------------------

    def open_menu(self, point: QPoint) -> None:
        """Everything that can be done with what is selected."""
        tr, notes = self.translator, self._selected()
        if tr is None or not notes:
            return
        _ = tr.gettext
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        only = notes[0] if len(notes) == 1 else None
        if all(one.deleted for one in notes):
            menu.addAction(_("Restore")).triggered.connect(self.restore)
            menu.addAction(_("Delete now…")).triggered.connect(self.ask_to_delete_now)
        else:
            if only is not None:
                menu.addAction(_("Show in the text")).triggered.connect(partial(self._open, only))
            if any(one.type is AnnotationType.HIGHLIGHT for one in notes):
                kinds = menu.addMenu(_("Kind"))
                for number, kind in enumerate(Kind, 1):
                    name = kind_name(kind, tr, self._desk.kind_names)
                    action = kinds.addAction(f"{KIND_STYLES[kind].letter}  {name}\t{number}")
                    action.triggered.connect(partial(self.set_kind, kind))
                menu.addAction(_("Link a concept…")).triggered.connect(self.ask_for_concept)
            menu.addAction(_("Export these notes…")).triggered.connect(self.export)
        if only is not None:
            menu.addAction(_("History…")).triggered.connect(self.show_history)
        if not all(one.deleted for one in notes):
            menu.addSeparator()
            menu.addAction(f"{_('Delete')}\t{_('Del')}").triggered.connect(self.delete)
        menu.popup(point)

    def _open(self, one: Annotation, _checked: bool = False) -> None:
        self.opened.emit(one)

    def export(self) -> None:
        """Take the selected notes to the export dialog."""
        self.export_requested.emit(tuple(one.id for one in self._selected() if not one.deleted))

    # --- changes --------------------------------------------------------------------------------------------------

    def _offer(self, one: str, many: str, count: int) -> None:
        if self.translator is not None:
            self.undo_offered.emit(self.translator.ngettext(one, many, count).format(count=count))

    def set_kind(self, kind: Kind, _checked: bool = False) -> None:
        """Another kind for the selected highlights."""
        found = [one for one in self._selected() if one.type is AnnotationType.HIGHLIGHT and one.kind is not kind]
        if found and not found[0].deleted:
            self._desk.do(N_("Change kind"), self, annotations=[one.changed(kind=kind) for one in found])
            if len(found) > 1:
                self._offer("The kind of {count} note was changed.", "The kind of {count} notes was changed.", len(found))

    def delete(self) -> None:
        """Put the selected notes into the trash; what is there already, ask."""
        notes = self._selected()
        found = [one for one in notes if not one.deleted]
        if found:
            self._desk.delete(found, self)
            self._offer("{count} note deleted.", "{count} notes deleted.", len(found))
        elif notes:
            self.ask_to_delete_now()

    def restore(self) -> None:
        """Take the selected notes out of the trash."""
        found = [one.changed(deleted="") for one in self._selected() if one.deleted]
        if found:
            self._desk.do(N_("Restore"), self, annotations=found)
            self._offer("{count} note restored.", "{count} notes restored.", len(found))

    def ask_for_concept(self) -> None:
        """Choose a concept for the selected notes."""
        notes = [one for one in self._selected() if not one.deleted]
        if notes and self.translator is not None:
            dialog = LinkDialog(self._parent.window(), self.translator, self._desk, notes)
            dialog.linked.connect(self._on_linked)
            dialog.open()

    def _on_linked(self, count: int) -> None:
        self._offer("{count} note linked.", "{count} notes linked.", count)

    # --- the trash ------------------------------------------------------------------------------------------------

    def ask_to_delete_now(self) -> None:
        """Deleting from the trash cannot be undone: ask first."""
        found = tuple(one.id for one in self._selected() if one.deleted)
        if not found or self.translator is None:
            return
        _, ngettext = self.translator.gettext, self.translator.ngettext
        dialog = Dialog(self._parent.window(), _("Delete now"))
        words = ngettext(
            "{count} note will be gone for good. This cannot be undone.",
            "{count} notes will be gone for good. This cannot be undone.",
            len(found),
        )
        dialog.add_text(words.format(count=len(found)))
        buttons = dialog.add_buttons(self.translator, _("Delete now"), _("Keep"))
        for button in buttons.findChildren(QPushButton):
            keep = buttons.buttonRole(button) is buttons.ButtonRole.RejectRole
            button.setDefault(keep)
            if keep:
                button.setFocus()
        dialog.accepted.connect(partial(self._delete_now, found))
        dialog.open()

    def _delete_now(self, ids: tuple[str, ...]) -> None:
        notebook = self._desk.notebook
        if notebook is not None:
            self._desk.run(lambda: notebook.delete_now(ids, now=datetime.now(UTC)), self._on_deleted_now)

    def _on_deleted_now(self, changes: Changes) -> None:
        self._desk.refresh_all(changes)

    # --- the history ----------------------------------------------------------------------------------------------

    def show_history(self) -> None:
        """How the selected note came to be."""
        notes = self._selected()
        if len(notes) == 1:
            one = notes[0]
            self._desk.ask(lambda notebook: notebook.history(one.id), partial(self._on_history_read, one))

    def _on_history_read(self, one: Annotation, entries: list[JournalEntry]) -> None:
        from letstalk_desktop.ui.note_history import NoteHistory

        if self.translator is None or self.theme is None:
            return
        dialog = NoteHistory(self._parent.window(), self.translator, self.theme, self._desk, entries)
        dialog.taken_up.connect(partial(self._on_version_taken_up, one))
        dialog.open()

    def _on_version_taken_up(self, one: Annotation, version: Annotation) -> None:
        """As it was then; a place in another edition than today's is not taken over."""
        current = self._desk.annotation(one.id) or one
        fields: dict[str, Any] = {
            "kind": version.kind,
            "note": version.note,
            "concepts": version.concepts,
            "visibility": version.visibility,
            "deleted": version.deleted,
        }
        if version.anchor.edition == current.anchor.edition and version.placement is Placement.PLACED:
            fields |= {"anchor": version.anchor, "placement": version.placement}
        self._desk.do(N_("Restore this version"), self, annotations=[current.changed(**fields)])
        if self.translator is not None:
            self.undo_offered.emit(self.translator.gettext("The note is as it was then."))


class LinkDialog(Dialog):
    """Links one concept to several notes: type to find one; a new word makes a concept of the reader's own."""

    linked = Signal(int)

    def __init__(self, parent: QWidget, translator: Translator, desk: Desk, notes: list[Annotation]) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Link a concept"))
        self._desk, self._notes = desk, notes
        words = self.add_text(_("Type a concept and press Enter. A new word makes a concept of your own."))
        self.field = QLineEdit(self)
        self.field.setAccessibleName(words.text())
        self._ids = {term: concept for concept, term in desk.all_concepts(notes[0].anchor.resource, translator.language)}
        completer = QCompleter(self)
        completer.setModel(QStringListModel(sorted(self._ids), completer))
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.field.setCompleter(completer)
        self.rows.addWidget(self.field)
        self.add_buttons(translator, _("Link"), _("Cancel"))
        self.accepted.connect(self._on_accepted)
        self.resize(400, 160)
        self.field.setFocus()

    def _on_accepted(self) -> None:
        words = self.field.text().strip()
        if not words:
            return
        concept = next((found for term, found in self._ids.items() if term.casefold() == words.casefold()), "")
        made = []
        if not concept:
            made = [OwnConcept(new_id(), words, author=self._desk.reader_name)]
            concept = made[0].id
        notes = [one.changed(concepts=(*one.concepts, concept)) for one in self._notes if concept not in one.concepts]
        if notes:
            self._desk.do(N_("Link concept"), self, annotations=notes, concepts=made)
            self.linked.emit(len(notes))
