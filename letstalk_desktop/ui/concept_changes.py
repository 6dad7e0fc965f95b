"""Making, changing, merging and deleting concepts of the reader's own, each as one step of undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from letstalk_desktop.annotations import concepts
from letstalk_desktop.annotations.concepts import Codebook, ConceptError, Entry
from letstalk_desktop.annotations.model import Annotation, Operation, OwnConcept, Query
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook


class ConceptChanges(QObject):
    """Asks what is needed in a dialog and does it; ``theme`` and ``translator`` are those of the dialogs."""

    kept = Signal(str)  # id of the concept that was made or changed
    merged = Signal(str, str)  # the id that is gone, and the one it became part of
    deleted = Signal(str)
    undo_offered = Signal(str)  # a sentence; offer Undo beside it
    failed = Signal(object)  # LetsTalkError

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.codebook = Codebook((), ())
        self.language = ""
        self.theme: Theme | None = None
        self.translator: Translator = desk.translator

    def make(self, name: str = "") -> None:
        """Make a new concept."""
        self._edit(None, name)

    def change(self, concept_id: str) -> None:
        """Change name, definition and relations."""
        entry = self._own(concept_id)
        if entry is not None:
            self._edit(entry.own, "")

    def merge(self, concept_id: str, count: int) -> None:
        """Ask into which other concept it goes; ``count``: its passages and notes."""
        from letstalk_desktop.ui.concept_dialogs import MergeDialog

        entry = self._own(concept_id)
        if entry is not None and self.theme is not None:
            window = self._window()
            dialog = MergeDialog(window, self.translator, self.codebook, self.language, entry, count, self.theme)
            dialog.chosen.connect(self._on_merge_chosen)
            dialog.open()

    def delete(self, concept_id: str) -> None:
        """Delete it; its passages and notes stay."""
        if self._own(concept_id) is not None:
            self._with_linked(concept_id, partial(self._delete, concept_id))

    def _window(self) -> QWidget:
        parent = self.parent()
        assert isinstance(parent, QWidget)
        return parent.window()

    def _edit(self, concept: OwnConcept | None, name: str) -> None:
        from letstalk_desktop.ui.concept_dialogs import ConceptEditor

        dialog = ConceptEditor(self._window(), self.translator, self._desk, self.codebook, self.language, concept, name)
        dialog.kept.connect(self.kept)
        dialog.open()

    def _own(self, concept_id: str) -> Entry | None:
        """The concept if it is the reader's own; says so where it is not."""
        entry = self.codebook.get(concept_id)
        if entry is None or entry.own is not None:
            return entry
        self.failed.emit(ConceptError(N_("This concept belongs to the resource. Only concepts of your own can be changed.")))
        return None

    def _on_merge_chosen(self, concept_id: str, into: str) -> None:
        self._with_linked(concept_id, partial(self._merge, concept_id, into))

    def _merge(self, concept_id: str, into: str, linked: list[Annotation]) -> None:
        entry, target = self.codebook.get(concept_id), self.codebook.get(into)
        if entry is not None and target is not None:
            self._do(concepts.merge(self.codebook, concept_id, into, linked, now=_now()))
            self.merged.emit(concept_id, into)
            words = self.translator.gettext("“{term}” is part of “{other}” now.")
            self.undo_offered.emit(words.format(term=entry.term(self.language), other=target.term(self.language)))

    def _delete(self, concept_id: str, linked: list[Annotation]) -> None:
        entry = self.codebook.get(concept_id)
        if entry is not None:
            self._do(concepts.delete(self.codebook, concept_id, linked, now=_now()))
            self.deleted.emit(concept_id)
            words = self.translator.gettext("The concept “{term}” is deleted. Your passages stay.")
            self.undo_offered.emit(words.format(term=entry.term(self.language)))

    def _do(self, operation: Operation) -> None:
        self._desk.do(operation.label, self, annotations=operation.annotations, concepts=operation.concepts)

    def _with_linked(self, concept_id: str, then: Callable[[list[Annotation]], None]) -> None:
        """Ask for all that is linked to a concept, the trash too, and what is not on disk yet in its newest state."""

        def question(notebook: Notebook) -> list[Annotation]:
            wanted = Query(concepts=(concept_id,))
            return notebook.annotations(wanted) + notebook.annotations(wanted._replace(deleted=True))

        def loaded(found: list[Annotation]) -> None:
            newest = {one.id: one for one in found}
            newest |= {one.id: one for operation in self._desk.waiting_operations() for one in operation.annotations}
            then([one for one in newest.values() if concept_id in one.concepts])

        self._desk.ask(question, loaded)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
