"""Concepts: the resource's codebook and the reader's own, what each means, where the text and my passages speak of it."""

from __future__ import annotations

from collections.abc import Callable
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
    QVBoxLayout,
    QWidget,
)

from letstalk_desktop.annotations import concepts
from letstalk_desktop.annotations.concepts import Codebook, Entry
from letstalk_desktop.annotations.model import Annotation, Changes
from letstalk_desktop.language import Translator
from letstalk_desktop.library.finding import find_in_text
from letstalk_desktop.library.mentions import Mention
from letstalk_desktop.library.model import REFERENCES, Chapter, Resource
from letstalk_desktop.ui.concept_changes import ConceptChanges
from letstalk_desktop.ui.concept_list import ConceptList, ConceptRow
from letstalk_desktop.ui.concept_page import ConceptPage
from letstalk_desktop.ui.concept_reading import ConceptReader, Facts, Source
from letstalk_desktop.ui.concept_rows import page_rows
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.panel import Panel
from letstalk_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from letstalk_desktop.ui.codebook_files import CodebookFiles

_MANY = 500  # changes at once; from here on everything is read anew


class ConceptsPanel(Panel):
    """A list with a filter, and the page of one concept in its place."""

    place_requested = Signal(str, str, str, str, int)  # resource, chapter, language, block, offset in code points
    annotation_requested = Signal(object)  # Annotation
    map_requested = Signal()
    undo_offered = Signal(str)  # a sentence; offer Undo beside it
    told = Signal(str)
    failed = Signal(object)  # LetsTalkError

    def __init__(self, desk: Desk, shown_key: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._shown_key = shown_key  # the key of an action, as the system writes it
        self.codebook = Codebook((), ())
        self.concept = ""  # the id of the concept whose page is shown, or ''
        self._reader: ConceptReader | None = None
        self._linked: dict[str, Annotation] = {}
        self._passages: dict[str, tuple[Annotation, ...]] = {}
        self._facts: tuple[str, Facts] = ("", Facts())
        self._stale = True
        self._translator: Translator | None = None
        self._shown = ""  # the concept whose page was shown last
        self.changes = ConceptChanges(desk, self)
        self.stack = QStackedWidget(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.stack)
        self._build_list()
        self._build_page()
        self.changes.kept.connect(self._on_kept)
        self.changes.merged.connect(self._on_merged)
        self.changes.deleted.connect(self._on_deleted)
        self.changes.undo_offered.connect(self.undo_offered)
        self.changes.failed.connect(self.failed)
        desk.changed.connect(self._on_desk_changed)
        desk.notebook_opened.connect(self._reload)

    def _build_list(self) -> None:
        self._list_page = QWidget(self.stack)
        self.filter = QLineEdit(self._list_page)
        self.filter.setClearButtonEnabled(True)
        self.new = QPushButton(self._list_page)
        self.map = QPushButton(self._list_page)
        self.files = QPushButton("⋯", self._list_page)
        self._files_menu = QMenu(self.files)
        self.import_action = self._files_menu.addAction("")
        self.export_action = self._files_menu.addAction("")
        self.empty = QLabel(self._list_page)
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.empty.setContentsMargins(8, 6, 8, 6)
        self.list = ConceptList(self._list_page)
        column = QVBoxLayout(self._list_page)
        column.setContentsMargins(8, 10, 8, 6)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.new)
        buttons.addWidget(self.map)
        buttons.addStretch(1)
        buttons.addWidget(self.files)
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
        self.files.clicked.connect(self._on_files_clicked)
        self.import_action.triggered.connect(self._on_import_requested)
        self.export_action.triggered.connect(self._on_export_requested)
        self.list.opened.connect(self.show_concept)
        self.list.new_requested.connect(self.make_concept)
        self.list.change_requested.connect(self.changes.change)
        self.list.delete_requested.connect(self.changes.delete)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_list_menu_requested)

    def _build_page(self) -> None:
        self._concept_page = QWidget(self.stack)
        self.back = QPushButton(self._concept_page)
        self.more = QPushButton("⋯", self._concept_page)
        self._own_menu = QMenu(self.more)
        self.change_action = self._own_menu.addAction("")
        self.merge_action = self._own_menu.addAction("")
        self.delete_action = self._own_menu.addAction("")
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
        self.page.opened.connect(self._on_row_opened)
        self.page.back_requested.connect(self.show_list)
        self.page.change_requested.connect(self._on_change_requested)
        self.page.delete_requested.connect(self._on_delete_requested)
        self.more.clicked.connect(self._on_more_clicked)
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
        self._translator = self.changes.translator = translator
        self.filter.setPlaceholderText(_("Filter concepts"))
        self.filter.setAccessibleName(_("Filter concepts"))
        self.new.setText(_("New…"))
        self.new.setAccessibleName(_("New concept"))
        self.new.setToolTip(_("A concept of your own (Insert)"))
        self.map.setText(_("Map"))
        self.map.setAccessibleName(_("Concept map"))
        self.files.setAccessibleName(_("Import and export of concepts"))
        self.import_action.setText(_("&Import a codebook…"))
        self.export_action.setText(_("&Export the codebook…"))
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
        self.changes.theme = theme
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
        self.concept = self._shown = concept_id
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
        elif changes.kinds:
            self._show()
        elif changes.annotations and self._reader is not None:
            reader, codebook, ids = self._reader, self.codebook, changes.annotations
            self.desk.ask(lambda notebook: reader.linked(notebook, codebook, ids), partial(self._on_some_loaded, reader, ids))

    def _reload(self) -> None:
        reader = self._reader
        if reader is None:
            return
        codebook = self.codebook = Codebook(reader.resource.concepts, self.desk.own_concepts)
        self.changes.codebook, self.changes.language = codebook, reader.language
        self._index()
        self._stale = not self.isVisible()
        if not self._stale:
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
        if self.concept and self.isVisible():
            self._gather()

    def _gather(self) -> None:
        """Ask in the lane for what the page says beyond the codebook: first each chapter, then all of it."""
        reader, entry = self._reader, self.codebook.get(self.concept)
        if reader is not None and entry is not None:
            self.desk.run(lambda: reader.look_into_next(entry), partial(self._on_looked, reader, entry))

    def _on_looked(self, reader: ConceptReader, entry: Entry, more: bool) -> None:
        if reader is not self._reader or entry.id != self.concept:
            return
        if more:
            self._gather()
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
                    "Concepts are the terms you think with. Select words in the text and press {key} to link them to one; "
                    "Insert makes a concept of your own."
                ).format(key=self._shown_key("link-concept"))
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
        key = self._shown_key("link-concept")
        rows = page_rows(translator, reader, self.codebook, entry, self._passages, facts, self.desk.kind_names, key)
        self.page.show_rows(rows, fresh=fresh)

    def _on_row_opened(self, row: int) -> None:
        target = self.page.rows_model.rows[row].target
        reader = self._reader
        if isinstance(target, Mention):
            self.place_requested.emit(target.resource, target.chapter, target.language, target.block, target.offset)
        elif isinstance(target, Annotation):
            self.annotation_requested.emit(target)
        elif isinstance(target, Entry):
            self.show_concept(target.id)
        elif isinstance(target, Source) and reader is not None:
            self.place_requested.emit(reader.resource.id, REFERENCES, reader.language, f"ref-{target.key}", 0)

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
        """Make a concept of the reader's own, named by the filter where it finds nothing."""
        self.changes.make(self.filter.text().strip() if not self.list.rows_model.rows else "")

    def _on_kept(self, concept_id: str) -> None:
        self.filter.clear()
        self.show_concept(concept_id)

    def _on_merged(self, gone: str, into: str) -> None:
        if self._shown in (gone, into):
            self.show_concept(into)
        else:
            self.list.make_current(into)
            self.focus_target.setFocus()

    def _on_deleted(self, gone: str) -> None:
        if self.isVisible():
            self.focus_target.setFocus()

    def _on_change_requested(self) -> None:
        self.changes.change(self._chosen())

    def _on_delete_requested(self) -> None:
        self.changes.delete(self._chosen())

    def _on_merge_requested(self) -> None:
        self.changes.merge(self._chosen(), len(self.passages_of(self._chosen())))

    def _on_import_requested(self) -> None:
        self._files().choose_import()

    def _on_export_requested(self) -> None:
        self._files().choose_export({concept: len(found) for concept, found in self._passages.items()})

    def _files(self) -> CodebookFiles:
        """Made when it is first needed."""
        from letstalk_desktop.ui.codebook_files import CodebookFiles

        files = self.findChild(CodebookFiles)
        if files is None:
            files = CodebookFiles(self.desk, self)
            files.failed.connect(self.failed)
            files.told.connect(self.told)
            files.undo_offered.connect(self.undo_offered)
        assert self._reader is not None
        files.use(self._reader.resource, self._reader.language, self.codebook, self.changes.translator)
        return files

    def _chosen(self) -> str:
        return self.concept or self.list.current_id()

    def _on_more_clicked(self) -> None:
        self._own_menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _on_files_clicked(self) -> None:
        self._files_menu.popup(self.files.mapToGlobal(self.files.rect().bottomLeft()))

    def _on_list_menu_requested(self, point: QPoint) -> None:
        entry = self.codebook.get(self.list.current_id())
        if entry is not None and entry.own is not None:
            self._own_menu.popup(self.list.viewport().mapToGlobal(point))
