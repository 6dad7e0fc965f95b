"""Concepts: the resource's codebook and the reader's own, what each means, where the text and my passages speak of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from letstalk_desktop.annotations import concepts
from letstalk_desktop.annotations.concepts import Codebook, ConceptError, Entry
from letstalk_desktop.annotations.model import Annotation, Changes, Operation, OwnConcept, Query
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.finding import find_in_text
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.ui.concept_list import ConceptList, ConceptRow
from letstalk_desktop.ui.concept_page import ConceptPage
from letstalk_desktop.ui.concept_reading import ConceptReader, Facts
from letstalk_desktop.ui.concept_rows import page_rows
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.panel import Panel
from letstalk_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook

_MANY = 500  # changes at once; from here on everything is read anew


class ConceptsPanel(Panel):
    """A list with a filter, and the page of one concept in its place."""

    place_requested = Signal(str, str, str, str, int)  # resource, chapter, language, block, offset in code points
    annotation_requested = Signal(object)  # Annotation
    map_requested = Signal()
    undo_offered = Signal(str)  # a sentence; offer Undo beside it
    failed = Signal(object)  # LetsTalkError

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.codebook = Codebook((), ())
        self.concept = ""  # the id of the concept whose page is shown, or ''
        self._reader: ConceptReader | None = None
        self._linked: dict[str, Annotation] = {}
        self._passages: dict[str, tuple[Annotation, ...]] = {}
        self._facts: tuple[str, Facts] = ("", Facts())
        self._stale = True
        self._translator: Translator | None = None
        self._theme: Theme | None = None
        self.stack = QStackedWidget(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.stack)
        self._build_list()
        self._build_page()
        desk.changed.connect(self._on_desk_changed)
        desk.notebook_opened.connect(self._reload)

    def _build_list(self) -> None:
        self._list_page = QWidget(self.stack)
        self.filter = QLineEdit(self._list_page)
        self.filter.setClearButtonEnabled(True)
        self.new = QPushButton(self._list_page)
        self.map = QPushButton(self._list_page)
        self.empty = QLabel(self._list_page)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(8, 6, 8, 6)
        self.list = ConceptList(self._list_page)
        column = QVBoxLayout(self._list_page)
        column.setContentsMargins(8, 10, 8, 6)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.new)
        buttons.addWidget(self.map)
        buttons.addStretch(1)
        column.addWidget(self.filter)
        column.addLayout(buttons)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)
        self.stack.addWidget(self._list_page)
        self.filter.textChanged.connect(self._show_list)
        self.filter.returnPressed.connect(self._on_filter_returned)
        self.filter.installEventFilter(self)
        self.new.clicked.connect(self.make_concept)
        self.map.clicked.connect(self.map_requested)
        self.list.opened.connect(self.show_concept)
        self.list.new_requested.connect(self.make_concept)
        self.list.change_requested.connect(self.change_concept)
        self.list.delete_requested.connect(self.delete_concept)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_list_menu_requested)

    def _build_page(self) -> None:
        self._concept_page = QWidget(self.stack)
        self.back = QPushButton(self._concept_page)
        self.more = QToolButton(self._concept_page)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setText("⋯")
        self._own_menu = QMenu(self.more)
        self.change_action = self._own_menu.addAction("")
        self.merge_action = self._own_menu.addAction("")
        self.delete_action = self._own_menu.addAction("")
        self.more.setMenu(self._own_menu)
        self.page = ConceptPage(self._concept_page)
        column = QVBoxLayout(self._concept_page)
        column.setContentsMargins(8, 10, 8, 6)
        buttons = QHBoxLayout()
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        buttons.addWidget(self.more)
        column.addLayout(buttons)
        column.addWidget(self.page, 1)
        self.stack.addWidget(self._concept_page)
        self.back.clicked.connect(self.show_list)
        self.page.back_requested.connect(self.show_list)
        self.page.change_requested.connect(self._on_change_requested)
        self.page.delete_requested.connect(self._on_delete_requested)
        self.change_action.triggered.connect(self._on_change_requested)
        self.merge_action.triggered.connect(self._on_merge_requested)
        self.delete_action.triggered.connect(self._on_delete_requested)

    # --- what every panel does --------------------------------------------------------------------------------------

    @property
    def focus_target(self) -> QWidget:
        """What takes the keyboard."""
        if self.concept:
            return self.page
        return self.list if self.list.rows_model.rows else self.filter

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        _ = translator.gettext
        self._translator = translator
        self.filter.setPlaceholderText(_("Filter concepts"))
        self.filter.setAccessibleName(_("Filter concepts"))
        self.new.setText(_("New…"))
        self.new.setAccessibleName(_("New concept"))
        self.new.setToolTip(_("A concept of your own (Insert)"))
        self.map.setText(_("Map"))
        self.map.setAccessibleName(_("Concept map"))
        self.list.setAccessibleName(_("Concepts"))
        self.back.setText(_("‹ All concepts"))
        self.back.setAccessibleName(_("Back to all concepts"))
        self.more.setAccessibleName(_("What can be done with this concept"))
        self.change_action.setText(_("&Change… (F2)"))
        self.merge_action.setText(_("&Merge into another…"))
        self.delete_action.setText(_("&Delete (Del)"))
        self.page.setAccessibleName(_("Concept"))
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self._theme = theme
        self.list.set_theme(theme)
        self.page.set_theme(theme)

    def show_place(self, resource: Resource, chapter: Chapter) -> None:
        """The concepts of this resource in the language of the text."""
        reader = self._reader
        if reader is None or (reader.resource, reader.language) != (resource, chapter.language):
            if reader is not None and reader.resource.id != resource.id:
                self.concept = ""
                self._linked, self._passages = {}, {}
            self._reader = ConceptReader(self.desk.shelf, resource, chapter.language)
            self._facts = ("", Facts())
            self._reload()

    def showEvent(self, event: QShowEvent) -> None:
        """Read again what has changed while the panel was hidden."""
        super().showEvent(event)
        if self._stale:
            self._reload()

    def show_concept(self, concept_id: str) -> None:
        """The page of a concept."""
        if self.codebook.get(concept_id) is None:
            return
        fresh = concept_id != self.concept
        self.concept = concept_id
        self._show(fresh=fresh)
        self._gather()
        self.page.setFocus()

    def show_list(self) -> None:
        """All concepts, with the keyboard on the one whose page was shown."""
        last, self.concept = self.concept, ""
        self._show()
        self.list.make_current(last)
        self.focus_target.setFocus()

    # --- reading ----------------------------------------------------------------------------------------------------

    def _on_desk_changed(self, changes: Changes, initiator: object) -> None:
        if not self.isVisible():
            self._stale = True
        elif changes.concepts or len(changes.annotations) > _MANY:
            self._reload()
        elif changes.annotations and self._reader is not None:
            reader, codebook, ids = self._reader, self.codebook, changes.annotations
            self.desk.ask(lambda notebook: reader.linked(notebook, codebook, ids), partial(self._on_some_loaded, reader, ids))

    def _reload(self) -> None:
        reader = self._reader
        if reader is None:
            return
        self._stale = False
        codebook = self.codebook = Codebook(reader.resource.concepts, self.desk.own_concepts)
        self._index()
        self.desk.ask(lambda notebook: reader.linked(notebook, codebook), partial(self._on_loaded, reader))

    def _on_loaded(self, reader: ConceptReader, found: dict[str, Annotation]) -> None:
        if reader is self._reader:
            self._linked = found
            self._index()

    def _on_some_loaded(self, reader: ConceptReader, ids: frozenset[str], found: dict[str, Annotation]) -> None:
        if reader is self._reader:
            kept = {key: one for key, one in self._linked.items() if key not in ids}
            if (merged := kept | found) != self._linked:
                self._linked = merged
                self._index()

    def _index(self) -> None:
        reader = self._reader
        if reader is None:
            return
        order = {entry.id: number for number, entry in enumerate(reader.resource.chapters)}
        here = reader.resource.id

        def place(one: Annotation) -> tuple[bool, str, int, int, str]:
            at = one.anchor
            return at.resource != here, at.resource, order.get(at.chapter, -1), at.start, one.created

        passages = concepts.passages_by_concept(sorted(self._linked.values(), key=place))
        self._passages = {}
        for concept, found in passages.items():
            entry = self.codebook.get(concept)
            if entry is not None:
                mine = found if entry.own is not None else tuple(one for one in found if one.anchor.resource == here)
                self._passages[concept] = mine
        self._show()
        if self.concept:
            self._gather()

    def _gather(self) -> None:
        """Ask in the lane for what the page says beyond the codebook."""
        reader, entry = self._reader, self.codebook.get(self.concept)
        if reader is None or entry is None:
            return
        passages = self._passages.get(entry.id, ())
        self.desk.run(lambda: reader.facts(entry, passages), partial(self._on_gathered, reader, entry.id))

    def _on_gathered(self, reader: ConceptReader, concept_id: str, facts: Facts) -> None:
        if reader is self._reader and concept_id == self.concept:
            self._facts = (concept_id, facts)
            self._show_page(fresh=False)

    # --- showing ----------------------------------------------------------------------------------------------------

    def _show(self, *, fresh: bool = False) -> None:
        if self.concept and self.codebook.get(self.concept) is None:
            self.concept = ""
        self.stack.setCurrentWidget(self._concept_page if self.concept else self._list_page)
        self._show_list()
        if self.concept:
            self._show_page(fresh=fresh)

    def _show_list(self) -> None:
        translator, reader = self._translator, self._reader
        if translator is None or reader is None:
            return
        _ = translator.gettext
        words = self.filter.text().strip()
        rows = [
            self._row(entry, translator, reader.language)
            for entry in self.codebook.sorted(reader.language)
            if not words or any(find_in_text(term, words) for term in entry.terms.values())
        ]
        self.list.show_rows(rows)
        if words:
            self.empty.setText(_("No concept has these words. Enter makes one of your own."))
        else:
            self.empty.setText(
                _(
                    "Concepts are the terms you think with. Select words in the text and press Ctrl+K to link them to one; "
                    "Insert makes a concept of your own."
                )
            )
        self.empty.setVisible(not rows)
        self.list.setVisible(bool(rows))

    def _row(self, entry: Entry, translator: Translator, language: str) -> ConceptRow:
        _, ngettext = translator.gettext, translator.ngettext
        count = len(self._passages.get(entry.id, ()))
        spoken = [entry.term(language)]
        if entry.own is not None:
            spoken.append(_("your own"))
        spoken.append(ngettext("{count} of your passages", "{count} of your passages", count).format(count=count))
        return ConceptRow(entry.id, entry.term(language), count, _("yours") if entry.own is not None else "", ", ".join(spoken))

    def _show_page(self, *, fresh: bool) -> None:
        translator, reader, entry = self._translator, self._reader, self.codebook.get(self.concept)
        if translator is None or reader is None or entry is None:
            return
        own = entry.own is not None
        self.more.setVisible(own)
        facts = self._facts[1] if self._facts[0] == entry.id else None
        rows = page_rows(self, translator, reader, entry, self._passages.get(entry.id, ()), facts)
        self.page.show_rows(rows, fresh=fresh)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Down goes from the filter into the list."""
        down = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down
        if down and watched is self.filter and self.list.rows_model.rows:
            self.list.setFocus()
            return True
        return False

    def _on_filter_returned(self) -> None:
        if self.list.rows_model.rows:
            self.show_concept(self.list.rows_model.rows[0].id)
        elif self.filter.text().strip():
            self.make_concept()

    def passages_of(self, concept_id: str) -> tuple[Annotation, ...]:
        """The reader's passages and notes that are linked to a concept, in the order of the text."""
        return self._passages.get(concept_id, ())

    # --- changing ---------------------------------------------------------------------------------------------------

    def make_concept(self) -> None:
        """Make a concept of the reader's own."""
        self._edit(None, self.filter.text().strip() if not self.list.rows_model.rows else "")

    def change_concept(self, concept_id: str) -> None:
        """Change the name, definition and relations of one of the reader's own."""
        own = self._own(concept_id)
        if own is not None:
            self._edit(own.own, "")

    def _edit(self, concept: OwnConcept | None, name: str) -> None:
        from letstalk_desktop.ui.concept_dialogs import ConceptEditor

        if self._translator is None or self._reader is None:
            return
        dialog = ConceptEditor(self.window(), self._translator, self.desk, self.codebook, self._reader.language, concept, name)
        dialog.kept.connect(self._on_kept)
        dialog.open()

    def _on_kept(self, concept_id: str) -> None:
        self.filter.clear()
        self.show_concept(concept_id)

    def merge_concept(self, concept_id: str) -> None:
        """Ask into which other concept one of the reader's own goes."""
        from letstalk_desktop.ui.concept_dialogs import MergeDialog

        entry = self._own(concept_id)
        if entry is None or self._translator is None or self._reader is None or self._theme is None:
            return
        count = len(self._passages.get(concept_id, ()))
        dialog = MergeDialog(self.window(), self._translator, self.codebook, self._reader.language, entry, count, self._theme)
        dialog.chosen.connect(self._on_merge_chosen)
        dialog.open()

    def _on_merge_chosen(self, concept_id: str, into: str) -> None:
        self._with_linked(concept_id, partial(self._merge, concept_id, into))

    def _merge(self, concept_id: str, into: str, linked: list[Annotation]) -> None:
        entry, target = self.codebook.get(concept_id), self.codebook.get(into)
        if entry is not None and target is not None and self._reader is not None and self._translator is not None:
            who, language = self.desk.reader_name, self._reader.language
            shown = self.concept == concept_id
            self._do(concepts.merge(self.codebook, concept_id, into, linked, now=_now(), who=who))
            if shown:
                self.show_concept(into)
            words = self._translator.gettext("“{term}” is part of “{other}” now.")
            self.undo_offered.emit(words.format(term=entry.term(language), other=target.term(language)))

    def delete_concept(self, concept_id: str) -> None:
        """Delete one of the reader's own; its passages stay."""
        if self._own(concept_id) is not None:
            self._with_linked(concept_id, partial(self._delete, concept_id))

    def _delete(self, concept_id: str, linked: list[Annotation]) -> None:
        entry = self.codebook.get(concept_id)
        if entry is not None and entry.own is not None and self._translator is not None:
            self._do(concepts.delete(self.codebook, concept_id, linked, now=_now(), who=self.desk.reader_name))
            words = self._translator.gettext("The concept “{term}” is deleted. Your passages stay.")
            self.undo_offered.emit(words.format(term=entry.own.term))
            if self.isVisible():
                self.focus_target.setFocus()

    def _own(self, concept_id: str) -> Entry | None:
        """The concept if it is the reader's own; says so where it is not."""
        entry = self.codebook.get(concept_id)
        if entry is None or entry.own is not None:
            return entry
        self.failed.emit(ConceptError(N_("This concept belongs to the resource. Only concepts of your own can be changed.")))
        return None

    def _with_linked(self, concept_id: str, then: Callable[[list[Annotation]], None]) -> None:
        """Ask for all that is linked to a concept, the trash too, and what is not on disk yet in its newest state."""

        def question(notebook: Notebook) -> list[Annotation]:
            wanted = Query(concepts=(concept_id,))
            return notebook.annotations(wanted) + notebook.annotations(wanted._replace(deleted=True))

        def loaded(found: list[Annotation]) -> None:
            newest = {one.id: one for one in found}
            newest |= {one.id: one for operation in self.desk.waiting_operations() for one in operation.annotations}
            then([one for one in newest.values() if concept_id in one.concepts])

        self.desk.ask(question, loaded)

    def _do(self, operation: Operation) -> None:
        self.desk.do(operation.label, self, annotations=operation.annotations, concepts=operation.concepts)

    def _on_change_requested(self) -> None:
        self.change_concept(self._chosen())

    def _on_delete_requested(self) -> None:
        self.delete_concept(self._chosen())

    def _on_merge_requested(self) -> None:
        self.merge_concept(self._chosen())

    def _chosen(self) -> str:
        return self.concept or self.list.current_id()

    def _on_list_menu_requested(self, point: QPoint) -> None:
        entry = self.codebook.get(self.list.current_id())
        if entry is not None and entry.own is not None:
            self._own_menu.popup(self.list.viewport().mapToGlobal(point))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
