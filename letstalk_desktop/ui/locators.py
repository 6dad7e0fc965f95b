"""Locators of notes, read from the texts that the notebook keeps: in its lane, once for each chapter, and never all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from letstalk_desktop.annotations.model import Annotation, AnnotationType, KeptText
from letstalk_desktop.annotations.places import locator_in_kept
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.ui.desk import Desk

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook

Key = tuple[str, str, str, str]  # resource, edition, language, chapter


class Locators(QObject):
    """Says the locator of a note as well as it is known; ``read`` follows where more has become known."""

    read = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._known: dict[Key, KeptText | None] = {}
        self._wanted: set[Key] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._ask)

    def of(self, one: Annotation) -> str:
        """``3.12``; the chapter's label for a note on a chapter, and until the paragraph is known."""
        anchor = one.anchor
        if one.type is not AnnotationType.NOTE:
            key = (anchor.resource, anchor.edition, anchor.language, anchor.chapter)
            if key not in self._known:
                self._known[key] = None
                self._wanted.add(key)
                self._timer.start()
            kept = self._known[key]
            if kept is not None and (found := locator_in_kept(one, kept)):
                return found
        return self.label(anchor.resource, anchor.chapter)

    def label(self, resource: str, chapter: str) -> str:
        """The first half of the locators of a chapter."""
        try:
            entry = self._desk.shelf.resource(resource).entry(chapter)
        except LetsTalkError:
            return chapter
        return entry.label if entry else chapter

    def _ask(self) -> None:
        wanted, self._wanted = frozenset(self._wanted), set()

        def question(notebook: Notebook) -> dict[Key, KeptText]:
            found = {key: notebook.kept_text(*key) for key in wanted}
            return {key: kept._replace(text="") for key, kept in found.items() if kept is not None}

        self._desk.ask(question, self._on_read)

    def _on_read(self, found: dict[Key, KeptText]) -> None:
        self._known.update(found)
        if found:
            self.read.emit()

    def forget_unknown(self) -> None:
        """Ask again for texts that were not kept yet."""
        self._known = {key: kept for key, kept in self._known.items() if kept is not None}
