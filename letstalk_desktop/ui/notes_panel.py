"""Notes: every highlight, note and bookmark of the resource or of everything; the accessible list of what is marked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from letstalk_desktop.annotations.kinds import kind_name
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Changes, Kind, Placement, Query
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.storage.folding import fold
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.locators import Locators
from letstalk_desktop.ui.notes_choice import (
    LISTED,
    TRASH,
    Choice,
    Titles,
    chosen,
    folded,
    in_place_order,
    ordered,
    rows,
)
from letstalk_desktop.ui.notes_gestures import NotesGestures
from letstalk_desktop.ui.notes_list import NotesList
from letstalk_desktop.ui.notes_options import NotesOptions
from letstalk_desktop.ui.panel import Panel
from letstalk_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook

_FEW = 500  # changed notes are read alone; more, and all are read
_SOON_MS = 15
_PAINTED_MS = 60
_FIRST = 120  # notes that are shown before all are read


class NotesPanel(Panel):
    """A filter, choices that unfold, a list, and what can be done with the selected notes."""

    place_requested = Signal(object)  # Annotation
    unplaced_requested = Signal()
    undo_offered = Signal(str)
    export_requested = Signal(object)  # ids

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._resource: Resource | None = None
        self._notes: dict[str, Annotation] = {}  # of the resource or of everything; or the trash
        self._sorted: list[Annotation] = []  # the same in the order of the text
        self._chapters: dict[tuple[str, str], int] = {}
        self._words: dict[str, tuple[Annotation, str]] = {}
        self._aligned: list[str] | None = None  # the words of ``_sorted``, one by one
        self._read: tuple[str, bool, bool] | None = None  # resource, everything, trash: what has been asked for last
        self._changed: set[str] = set()
        self._stale = True
        self._folding = False
        self._whole = False  # all that was asked for has been read
        self._translator: Translator | None = None
        self.filter = QLineEdit(self)
        self.filter.setClearButtonEnabled(True)
        self.more = QPushButton(self)
        self.more.setCheckable(True)
        self.options = NotesOptions(self)
        self.options.hide()
        self.waiting = QPushButton(self)
        self.waiting.hide()
        self.count = QLabel(self)
        self.count.setContentsMargins(4, 0, 4, 0)
        self.empty = QLabel(self)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(10, 6, 10, 6)
        self._locators = Locators(desk, self)
        self.tree = NotesList(desk, self._locators, self)
        self.model = self.tree.notes
        self.gestures = NotesGestures(desk, self.tree.selected, self)
        self.selected = QPushButton(self)
        self.selected.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._refresh)
        self._all_later = QTimer(self)  # what is shown at once is painted first
        self._all_later.setSingleShot(True)
        self._all_later.setInterval(_PAINTED_MS)
        self._all_later.timeout.connect(self._read_all)
        self._build()
        self._connect()

    def _build(self) -> None:
        first = QHBoxLayout()
        first.addWidget(self.filter, 1)
        first.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 10, 8, 6)
        column.addLayout(first)
        for widget in (self.options, self.waiting, self.count, self.empty):
            column.addWidget(widget)
        column.addWidget(self.tree, 1)
        column.addWidget(self.selected)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._show)
        self.more.toggled.connect(self.options.setVisible)
        self.options.changed.connect(self._on_options_changed)
        self.waiting.clicked.connect(self.unplaced_requested)
        self.tree.opened.connect(self._on_opened)
        self.tree.delete_requested.connect(self.gestures.delete)
        self.tree.kind_requested.connect(self.gestures.set_kind)
        self.tree.menu_requested.connect(self.gestures.open_menu)
        self.tree.selection_changed.connect(self._show_selected)
        self.selected.clicked.connect(self._on_selected_clicked)
        self.gestures.opened.connect(self._on_opened)
        self.gestures.undo_offered.connect(self.undo_offered)
        self.gestures.export_requested.connect(self.export_requested)
        self.desk.changed.connect(self._on_desk_changed)
        self.desk.notebook_opened.connect(self._reload)

    @property
    def focus_target(self) -> QWidget:
        """What takes the keyboard."""
        return self.tree if self.model.rows else self.filter

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        _ = translator.gettext
        self._translator = self.model.translator = self.gestures.translator = translator
        self.filter.setPlaceholderText(_("Filter notes"))
        self.filter.setAccessibleName(_("Filter notes"))
        self.tree.setAccessibleName(_("Notes and highlights"))
        self.options.retranslate(translator, self.desk.kind_names)
        self._fill_options()
        self._show()
        self._show_selected()

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self.gestures.theme = theme
        self.tree.set_theme(theme)

    def show_place(self, resource: Resource, chapter: Chapter) -> None:
        """The notes of this resource."""
        if self._resource is None or (self._resource.id, self._resource.edition) != (resource.id, resource.edition):
            self._resource = resource
            self.model.resource = resource.id
            self._reload()

    def toggle_shared(self) -> bool:
        """Share the note under the keyboard, or make it private again."""
        notes = self.tree.selected() if self.tree.hasFocus() else []
        if len(notes) != 1 or notes[0].deleted:
            return False
        self.desk.set_shared(notes[0], notes[0].visibility == "private", self)
        return True

    @property
    def choice(self) -> Choice:
        """What the reader wants to see."""
        return self.options.choice(self.filter.text())

    # --- reading --------------------------------------------------------------------------------------------------

    def showEvent(self, event: object) -> None:
        """Read again what has changed while the panel was hidden."""
        if self._stale:
            self._reload()
        elif self._changed:
            self._soon.start()

    def _on_desk_changed(self, changes: Changes, initiator: object) -> None:
        if "*" in changes.annotations or len(changes.annotations) + len(self._changed) > _FEW:
            self._stale = True
        else:
            self._changed |= changes.annotations
        if self._translator is not None and changes.kinds:
            self.options.retranslate(self._translator, self.desk.kind_names)
        if self.isVisible():
            self._soon.start()

    def _refresh(self) -> None:
        if self._stale or self.choice.state == TRASH or self._read is None:
            self._reload()
            return
        ids, self._changed = tuple(self._changed), set()
        if ids:
            self.desk.ask(lambda notebook: notebook.annotations(Query(ids=ids)), partial(self._on_few_read, ids))
        else:
            self._fill_options()
            self._show()

    def _on_few_read(self, ids: tuple[str, ...], found: list[Annotation]) -> None:
        if self._read is None or self._read[2] or not self._whole:
            return  # all are about to be read
        resource, everything, _trash = self._read
        for one in ids:
            self._notes.pop(one, None)
        wanted = (one for one in found if one.type in LISTED and (everything or one.anchor.resource == resource))
        self._notes.update({one.id: one for one in wanted})
        self._locators.forget_unknown()
        self._take(list(self._notes.values()))

    def _reload(self) -> None:
        resource, choice = self._resource, self.choice
        if resource is None or not self.desk.is_open():
            return
        self._stale, self._changed = False, set()
        trash = choice.state == TRASH
        self._read = (resource.id, choice.everything, trash)
        self._whole = False
        if not self._notes and not choice.everything and not trash:
            self.desk.ask(partial(_first_few, resource), partial(self._on_first_read, self._read))
            self._all_later.start()
        else:
            self._read_all()

    def _read_all(self) -> None:
        assert self._read is not None
        resource, everything, trash = self._read
        query = Query(resource="" if everything else resource, types=() if trash else LISTED, deleted=trash)
        self.desk.ask(lambda notebook: notebook.annotations(query), partial(self._on_loaded, self._read))

    def _on_first_read(self, asked: tuple[str, bool, bool], found: list[Annotation]) -> None:
        if asked == self._read and not self._whole:
            self._take(found)

    def _on_loaded(self, asked: tuple[str, bool, bool], found: list[Annotation]) -> None:
        if asked != self._read:
            return
        self._notes = {one.id: one for one in found}
        self._whole = True
        self._locators.forget_unknown()
        self._take(found)
        self._prepare_words()

    def _take(self, found: list[Annotation]) -> None:
        for resource in {one.anchor.resource for one in found}:
            for number, entry in enumerate(self._entries(resource)):
                self._chapters[resource, entry.id] = number
        self._sorted = in_place_order(found, self._chapters)
        self._aligned = None
        self._fill_options()
        self._show()

    def _prepare_words(self) -> None:
        """Fold all words in the lane, so that the first letter in the filter need not wait for it."""
        notes = [one for one in self._sorted if one.id not in self._words or self._words[one.id][0] is not one]

        def work() -> dict[str, tuple[Annotation, str]]:
            return {one.id: (one, folded(one)) for one in notes}

        self._folding = bool(notes)
        if notes:
            self.desk.run(work, self._on_words_prepared)

    def _on_words_prepared(self, words: dict[str, tuple[Annotation, str]]) -> None:
        self._words.update(words)
        self._folding = False
        if self.filter.text().strip():
            self._show()

    def _all_words(self) -> list[str]:
        if self._aligned is None:
            self._aligned = [self._words_of(one) for one in self._sorted]
        return self._aligned

    def _words_of(self, one: Annotation) -> str:
        known = self._words.get(one.id)
        if known is None or (known[0] is not one and known[0] != one):
            known = self._words[one.id] = (one, folded(one))
        return known[1]

    def _entries(self, resource: str) -> tuple[Any, ...]:
        try:
            return self.desk.shelf.resource(resource).chapters
        except LetsTalkError:
            return ()

    # --- showing --------------------------------------------------------------------------------------------------

    def _on_options_changed(self) -> None:
        resource, choice = self._resource, self.choice
        if resource is not None and self._read != (resource.id, choice.everything, choice.state == TRASH):
            self.tree.clearSelection()
            self._reload()
        else:
            self._show()

    def _fill_options(self) -> None:
        """The concepts, chapters and authors that there are."""
        tr, resource = self._translator, self._resource
        if tr is None or resource is None:
            return
        _ = tr.gettext
        titles = self._titles()
        concepts = {concept: one.anchor.resource for one in self._sorted for concept in one.concepts}
        terms = sorted(((titles.concept(*pair), pair[0]) for pair in concepts.items()), key=lambda pair: fold(pair[0]))
        self.options.fill("concept", [(_("All concepts"), ""), *terms])
        places = dict.fromkeys((one.anchor.resource, one.anchor.chapter) for one in self._sorted)
        self.options.fill("chapter", [(_("All chapters"), None), *((titles.chapter(*place), place) for place in places)])
        authors = sorted({one.author for one in self._sorted}, key=fold)
        named = [(author or _("Without a name"), author) for author in authors]
        self.options.fill("author", [(_("All authors"), None), *named])

    def _titles(self) -> Titles:
        tr = self._translator
        assert tr is not None
        language = tr.language
        known: dict[tuple[str, str], str] = {}
        terms: dict[tuple[str, str], str] = {}

        def chapter(resource: str, chapter_id: str) -> str:
            key = (resource, chapter_id)
            if key not in known:
                known[key] = self._chapter_title(resource, chapter_id, language)
            return known[key]

        def concept(concept_id: str, resource: str) -> str:
            key = (concept_id, resource)
            if key not in terms:
                terms[key] = self._term(concept_id, resource, language)
            return terms[key]

        return Titles(chapter, self._kind_title, concept, tr.gettext("Without a concept"))

    def _chapter_title(self, resource: str, chapter: str, language: str) -> str:
        assert self._translator is not None
        _ = self._translator.gettext
        try:
            found = self.desk.shelf.resource(resource)
        except LetsTalkError:
            return " · ".join(part for part in (chapter, resource) if part)
        entry = found.entry(chapter) if chapter else None
        title = next(iter(entry.titles.values()), chapter) if entry else chapter or _("On the whole resource")
        if entry:
            title = entry.titles.get(language, title)
            title = f"{entry.number} · {title}" if entry.number else title
        return title if self._resource is None or resource == self._resource.id else f"{title} · {found.title(language)}"

    def _term(self, concept: str, resource: str, language: str) -> str:
        try:
            return self.desk.concept_term(concept, resource, language)
        except LetsTalkError:
            return concept

    def _kind_title(self, kind: str) -> str:
        assert self._translator is not None
        _ = self._translator.gettext
        others = {
            AnnotationType.NOTE.value: _("Notes on chapters"),
            AnnotationType.BOOKMARK.value: _("Bookmarks"),
            AnnotationType.ANSWER.value: _("Answers"),
        }
        return others.get(kind) or kind_name(Kind(kind), self._translator, self.desk.kind_names)

    def _show(self) -> None:
        if self._translator is None or (self._folding and self.filter.text().strip()):
            return  # the words to look in are about to come
        _, ngettext = self._translator.gettext, self._translator.ngettext
        choice = self.choice
        found = chosen(self._sorted, choice, self._all_words)
        self.tree.show_rows(rows(ordered(found, choice), choice, self._titles(), self._chapters))
        trash = choice.state == TRASH
        waiting = 0 if trash else sum(1 for one in self._sorted if one.placement is not Placement.PLACED)
        wait = ngettext("{count} note waits for a place", "{count} notes wait for a place", waiting)
        self.waiting.setText(wait.format(count=waiting))
        self.waiting.setVisible(bool(waiting))
        self.more.setText(_("Filters ({count})").format(count=choice.narrowed) if choice.narrowed else _("Filters"))
        self.more.setAccessibleName(self.more.text())
        total = len(self._sorted)
        words = _("{count} of {total}").format(count=len(found), total=total)
        self.count.setText(words)
        self.count.setAccessibleName(words)
        self.count.setVisible(len(found) != total)
        if total and not found:
            self.empty.setText(_("No note has these words.") if choice.words else _("No note is like that."))
        elif trash:
            self.empty.setText(_("The trash is empty. What you delete waits here for 90 days."))
        else:
            self.empty.setText(
                _("What you mark and write stands here. Select words in the text and press 1 to 6; Ctrl+M writes a note.")
            )
        self.empty.setVisible(not found)

    def narrowed_ids(self) -> tuple[str, ...]:
        """The ids of the notes shown, where a filter leaves some out; else none."""
        choice = self.choice
        if choice.state == TRASH or not (choice.words.strip() or choice.narrowed):
            return ()
        return tuple(one.id for one in chosen(self._sorted, choice, self._all_words))

    def _show_selected(self) -> None:
        if self._translator is None:
            return
        count = len(self.tree.selected())
        self.selected.setVisible(bool(count))
        words = self._translator.ngettext("{count} selected", "{count} selected", count).format(count=count)
        self.selected.setText(f"{words} ▾")
        self.selected.setAccessibleName(self._translator.gettext("{words}: what to do with it").format(words=words))

    def _on_selected_clicked(self) -> None:
        self.tree.setFocus()  # the button may be gone when the menu has done its work
        self.gestures.open_menu(self.selected.mapToGlobal(QPoint(0, 0)))

    def _on_opened(self, one: Annotation) -> None:
        if one.deleted:
            self.gestures.open_menu(self.tree.viewport().mapToGlobal(self.tree.visualRect(self.tree.currentIndex()).center()))
        else:
            self.place_requested.emit(one)


def _first_few(resource: Resource, notebook: Notebook) -> list[Annotation]:
    """The notes with which the list begins, so that something stands there at once."""
    on_all = notebook.annotations(Query(resource=resource.id, types=(AnnotationType.NOTE,), limit=_FIRST))
    found = [one for one in on_all if not one.anchor.chapter]
    for entry in resource.chapters:
        if len(found) >= _FIRST:
            break
        found += notebook.annotations(Query(resource=resource.id, chapter=entry.id, types=LISTED, limit=_FIRST))
    return found
