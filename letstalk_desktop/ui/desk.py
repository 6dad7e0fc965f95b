"""The desk: the one QObject between the window and the library. It runs operations and says what changed and who asked.

A change shows at once, is written in one background lane in the order in which it was made, and counts as saved only after
the commit. What cannot be written stays queued, flagged, and is tried again until it can. Undo is the notebook's: the desk
only asks for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from letstalk_desktop.annotations.model import (
    Anchor,
    Annotation,
    AnnotationType,
    Changes,
    KeptText,
    Kind,
    KindName,
    Operation,
    OwnConcept,
    Query,
    SessionPlan,
    Visibility,
)
from letstalk_desktop.annotations.places import anchor_at, kept_text
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Chapter, Concept
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.library.text import CONTEXT, numbered_block_at
from letstalk_desktop.ui.lane import Lane

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook

RETRY_MS = 2_000
KEPT_CHAPTERS = 4
WATCH_MS = 600


class Tellable(Protocol):
    """Something that has a text for the reader."""

    def text(self, translator: Translator) -> str:
        """The text in the translator's language."""


class Numbers(NamedTuple):
    """What the status line and the contents show: living notes and highlights, and those of each chapter of a resource."""

    total: int = 0
    by_chapter: dict[str, int] | None = None
    last_backup: datetime | None = None


def new_id() -> str:
    """A fresh UUID."""
    import uuid  # not needed before the reader does something

    return str(uuid.uuid4())


class Desk(QObject):
    """Runs operations; emits what changed. Lives in the window's thread."""

    changed = Signal(object, object)  # Changes, initiator
    saving_changed = Signal()
    notebook_opened = Signal()
    numbers_changed = Signal(object)  # Numbers
    told = Signal(str, bool)  # a sentence for the reader; True: it is a warning
    undo_changed = Signal()

    def __init__(
        self,
        shelf: Shelf,
        open_notebook: Callable[[], tuple[Notebook, list[Tellable]]],
        translator: Translator,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.shelf = shelf
        self.translator = translator
        self.notebook: Notebook | None = None
        self.reader_name = ""
        self.problem: LetsTalkError | None = None
        self.kind_names: dict[Kind, str] = {}
        self.own_concepts: list[OwnConcept] = []
        self.undo_text = ""
        self.redo_text = ""
        self._open_notebook = open_notebook
        self._lane = Lane("notebook", self)
        self._house = Lane("house", self)  # a backup of a large notebook must not keep a note from being saved
        self._waiting: deque[tuple[Operation, object]] = deque()
        self._writing = False
        self._opening = False
        self._chapters: dict[tuple[str, str], dict[str, Annotation]] = {}
        self._kept: set[tuple[str, str, str, str]] = set()
        self._counter = 0
        self._version = 0
        self._resource = ""
        self._looked: set[tuple[str, str]] = set()  # chapters shown from a first look
        self.first_look: Callable[[str, str], list[Annotation]] | None = None  # in the lane, before the notebook is open
        self.last_backup: Callable[[], datetime | None] | None = None  # asked in the lane
        self.keep_house: Callable[[Notebook], None] | None = None  # the daily backup and the trash, after opening
        self._retry = QTimer(self)
        self._retry.setInterval(RETRY_MS)
        self._retry.timeout.connect(self._on_retry_timeout)
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(self._on_watch_timeout)

    # --- the lane -------------------------------------------------------------------------------------------------

    def run(
        self, work: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run ``work`` in the lane, then ``then`` (or ``failed``) in the window's thread."""
        self._lane.run(work, then, failed or self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, LetsTalkError):
            self.told.emit(error.text(self.translator), True)
        else:
            raise error

    def ask(self, question: Callable[[Notebook], Any], then: Callable[[Any], None]) -> None:
        """Ask the notebook something in the lane; nothing happens while it is not open."""
        notebook = self.notebook
        if notebook is not None:
            self.run(lambda: question(notebook), then)

    # --- opening and closing --------------------------------------------------------------------------------------

    def open(self) -> None:
        """Open the notebook beside the window; ``notebook_opened`` follows. A failure is told and tried again."""
        if self.notebook is None and not self._opening:
            self._opening = True
            if self.first_look is not None:
                for key in self._chapters:
                    self.run(partial(self.first_look, *key), partial(self._on_first_look, key))
            self.run(self._open, self._on_opened, self._on_open_failed)

    def _on_first_look(self, key: tuple[str, str], found: list[Annotation]) -> None:
        """Show what a chapter holds; the opened notebook has the last word."""
        if self.notebook is None and found and self._chapters.get(key) == {}:
            self._looked.add(key)
            self._chapters[key] = {one.id: one for one in found}
            self._overlay(key)
            self.changed.emit(Changes(frozenset(self._chapters[key]), frozenset([key])), None)

    def _open(self) -> tuple[Any, ...]:
        notebook, notices = self._open_notebook()
        return (
            notebook,
            notices,
            notebook.kind_names(),
            notebook.concepts(),
            notebook.counter(),
            notebook.data_version(),
            notebook.undo_label() or "",
            notebook.redo_label() or "",
        )

    def _on_opened(self, opened: tuple[Any, ...]) -> None:
        self._opening = False
        self.notebook, notices, kind_names, own_concepts = opened[:4]
        self._know(kind_names, own_concepts)
        self._counter, self._version, self.undo_text, self.redo_text = opened[4:]
        self.problem = None
        self._retry.stop()
        self._watch.start()
        for notice in notices:
            self.told.emit(notice.text(self.translator), True)
        for resource, chapter in list(self._chapters):
            self._reload_chapter(resource, chapter)
        self.notebook_opened.emit()
        self.undo_changed.emit()
        self._write_next()
        if self.keep_house is not None:
            self._house.run(partial(self.keep_house, self.notebook), self._on_house_kept, self._on_failed)
        self._refresh_numbers()

    def _on_house_kept(self, _nothing: object) -> None:
        self._refresh_numbers()

    def _on_open_failed(self, error: Exception) -> None:
        self._opening = False
        if not isinstance(error, LetsTalkError):
            raise error
        first = self.problem is None
        self.problem = error
        if first:
            self.told.emit(error.text(self.translator), True)
        self.saving_changed.emit()
        self._retry.start()

    def close(self) -> None:
        """Write what waits, then let go of everything. Call once, from closeEvent."""
        if self._lane.closed:
            return
        self._retry.stop()
        self._watch.stop()
        self._lane.close()
        self._house.close()
        if self.notebook is not None:
            for operation, _initiator in self._waiting:
                try:
                    self.notebook.apply(operation, now=datetime.now(UTC))
                except LetsTalkError:
                    break
        if self.notebook is not None:
            self.notebook.close()

    @property
    def unsaved(self) -> frozenset[str]:
        """The ids of annotations whose newest state is not on disk yet."""
        return frozenset(one.id for operation, _initiator in self._waiting for one in operation.annotations)

    @property
    def waiting(self) -> int:
        """How many operations are not on disk yet."""
        return len(self._waiting)

    def waiting_operations(self) -> list[Operation]:
        """The operations that are not on disk yet."""
        return [operation for operation, _initiator in self._waiting]

    def is_open(self) -> bool:
        """True when the notebook can be asked."""
        return self.notebook is not None

    # --- what there is --------------------------------------------------------------------------------------------

    def chapter_annotations(self, resource: str, chapter: str) -> list[Annotation]:
        """The living annotations of a chapter, saved or not, in all languages; loads them when first asked for."""
        key = (resource, chapter)
        if key not in self._chapters:
            self._chapters[key] = {}
            self._overlay(key)
            self._reload_chapter(resource, chapter)
        return sorted(self._chapters[key].values(), key=lambda one: (one.anchor.start, one.anchor.end, one.created))

    def annotation(self, annotation_id: str) -> Annotation | None:
        """A living annotation of a loaded chapter."""
        for chapter in self._chapters.values():
            if annotation_id in chapter:
                return chapter[annotation_id]
        return None

    def forget_other_chapters(self, resource: str, chapter: str) -> None:
        """Keep this chapter's annotations, the resource's own, and those of the chapters read last in memory."""
        self._resource = resource
        shown = self._chapters.pop((resource, chapter), None)
        others = list(self._chapters.items())[-KEPT_CHAPTERS:]
        self._chapters = dict(others) | ({(resource, chapter): shown} if shown is not None else {})

    def concept_term(self, concept_id: str, resource: str, language: str) -> str:
        """The term of a concept of the resource or of the reader's own; the id where there is none."""
        own = next((one for one in self.own_concepts if one.id == concept_id), None)
        if own:
            return own.term
        found = self.shelf.resource(resource).concept(concept_id) if resource else None
        return found.terms.get(language) or next(iter(found.terms.values())) if found else concept_id

    def all_concepts(self, resource: str, language: str) -> list[tuple[str, str]]:
        """(id, term) of every concept at hand, alphabetically."""
        terms = [(one.id, one.terms.get(language) or next(iter(one.terms.values()))) for one in self._bundled(resource)]
        terms += [(one.id, one.term) for one in self.own_concepts if not one.deleted]
        return sorted(terms, key=lambda pair: pair[1].casefold())

    def _bundled(self, resource: str) -> tuple[Concept, ...]:
        return self.shelf.resource(resource).concepts if resource else ()

    def _reload_chapter(self, resource: str, chapter: str) -> None:
        def loaded(found: list[Annotation]) -> None:
            key = (resource, chapter)
            if key in self._chapters:
                fresh = {one.id: one for one in found if one.anchor.chapter == chapter}
                named = key in self._looked and (self.own_concepts or self.kind_names)  # the first look knew no names
                self._looked.discard(key)
                if fresh != self._chapters[key] or named:
                    self._chapters[key] = fresh
                    self._overlay(key)
                    self.changed.emit(Changes(frozenset(fresh), frozenset([key])), None)

        self.ask(lambda notebook: notebook.annotations(Query(resource=resource, chapter=chapter)), loaded)

    def _overlay(self, key: tuple[str, str]) -> None:
        for operation, _initiator in self._waiting:
            for one in operation.annotations:
                self._show(one, only=key)

    def _know(self, kind_names: dict[Kind, str], own_concepts: list[OwnConcept]) -> None:
        """What the notebook says of kinds and concepts, and what is not in it yet."""
        self.kind_names, self.own_concepts = kind_names, own_concepts
        for operation, _initiator in self._waiting:
            self._know_newer(operation)

    def _know_newer(self, operation: Operation) -> None:
        for concept in operation.concepts:
            self.own_concepts = [one for one in self.own_concepts if one.id != concept.id]
            if not concept.deleted:
                self.own_concepts.append(concept)
        for named in operation.kinds:
            self.kind_names = {**self.kind_names, named.kind: named.name}

    def _show(self, one: Annotation, only: tuple[str, str] | None = None) -> None:
        for key, chapter in self._chapters.items():
            if only is not None and key != only:
                continue
            if key == (one.anchor.resource, one.anchor.chapter) and not one.deleted:
                chapter[one.id] = one
            else:
                chapter.pop(one.id, None)

    # --- operations -----------------------------------------------------------------------------------------------

    def do(
        self,
        label: str,
        initiator: object = None,
        *,
        gesture: str = "",
        annotations: Iterable[Annotation] = (),
        concepts: Iterable[OwnConcept] = (),
        kinds: Iterable[KindName] = (),
        plans: Iterable[SessionPlan] = (),
        chapter: Chapter | None = None,
    ) -> None:
        """Do one operation: it shows at once and is written in the lane. ``label`` is an untranslated literal."""
        now = datetime.now(UTC)
        stamp = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        stamped = tuple(one._replace(modified=stamp, created=one.created or stamp) for one in annotations)
        texts: tuple[KeptText, ...] = ()
        if chapter is not None:
            key = (chapter.resource, chapter.edition, chapter.language, chapter.id)
            if key not in self._kept:
                texts = (kept_text(chapter),)
                self._kept.add(key)
        operation = Operation(
            new_id(), gesture or new_id(), label, self.reader_name, stamped, tuple(concepts), tuple(kinds), tuple(plans), texts
        )
        pairs = {(one.anchor.resource, one.anchor.chapter) for one in stamped}
        for one in stamped:
            before = self.annotation(one.id)
            if before:
                pairs.add((before.anchor.resource, before.anchor.chapter))
            self._show(one)
        self._know_newer(operation)
        self._waiting.append((operation, initiator))
        changes = Changes(
            frozenset(one.id for one in stamped),
            frozenset(pairs),
            frozenset(one.id for one in operation.concepts),
            frozenset(one.kind for one in operation.kinds),
            frozenset(one.id for one in operation.plans),
        )
        self.changed.emit(changes, initiator)
        self.saving_changed.emit()
        self._write_next()

    def _write_next(self) -> None:
        if self._writing or not self._waiting or self.notebook is None:
            return
        self._writing = True
        notebook, (operation, _initiator) = self.notebook, self._waiting[0]
        self.run(
            lambda: (notebook.apply(operation, now=datetime.now(UTC)), *self._undo_labels(notebook)),
            self._on_written,
            self._on_write_failed,
        )

    @staticmethod
    def _undo_labels(notebook: Notebook) -> tuple[str, str]:
        return notebook.undo_label() or "", notebook.redo_label() or ""

    def _on_written(self, result: tuple[Changes, str, str]) -> None:
        self._writing = False
        operation, initiator = self._waiting.popleft()
        _changes, self.undo_text, self.redo_text = result
        self._retry.stop()
        if self.problem is not None:
            self.problem = None
            self.told.emit(self.translator.gettext("Everything is saved again."), False)
        # What looked unsaved looks saved now.
        pairs = frozenset((one.anchor.resource, one.anchor.chapter) for one in operation.annotations)
        self.changed.emit(
            Changes(
                frozenset(one.id for one in operation.annotations),
                pairs,
                frozenset(one.id for one in operation.concepts),
                frozenset(one.kind for one in operation.kinds),
                frozenset(one.id for one in operation.plans),
            ),
            initiator,
        )
        self.saving_changed.emit()
        self.undo_changed.emit()
        self._write_next()
        if not self._waiting:
            self._refresh_numbers()

    def _on_write_failed(self, error: Exception) -> None:
        self._writing = False
        if not isinstance(error, LetsTalkError):
            self._waiting.popleft()
            raise error
        if self.problem is None:
            self.told.emit(error.text(self.translator), True)
        self.problem = error
        self.saving_changed.emit()
        if type(error).__name__ == "DamagedNotebook":  # opening again salvages what can be read
            notebook, self.notebook = self.notebook, None
            if notebook is not None:
                self.run(notebook.close, self._on_house_closed)
        self._retry.start()

    def _on_house_closed(self, _nothing: object) -> None:
        self.open()

    def _on_retry_timeout(self) -> None:
        if self.notebook is None:
            self.open()
        else:
            self._write_next()

    # --- undo -----------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the newest change, after what waits has been written."""
        self._step(lambda notebook: notebook.undo(now=datetime.now(UTC), who=self.reader_name), N_("Undone: {label}"))

    def redo(self) -> None:
        """Do again what was undone last."""
        self._step(lambda notebook: notebook.redo(now=datetime.now(UTC), who=self.reader_name), N_("Done again: {label}"))

    def _step(self, step: Callable[[Notebook], Any], told: str) -> None:
        def work(notebook: Notebook) -> tuple[Any, ...]:
            undone = step(notebook)
            return undone, notebook.kind_names(), notebook.concepts(), *self._undo_labels(notebook)

        def then(result: tuple[Any, ...]) -> None:
            undone, kind_names, own_concepts, self.undo_text, self.redo_text = result
            self._know(kind_names, own_concepts)
            self.undo_changed.emit()
            if undone is None:
                self.told.emit(self.translator.gettext("There is nothing to undo."), False)
                return
            label = self.translator.gettext(undone.label)
            self.told.emit(self.translator.gettext(told).format(label=label), False)
            self._refresh_after(undone.changes)

        notebook = self.notebook
        if notebook is not None:
            self.run(lambda: work(notebook), then)

    def refresh_all(self, changes: Changes) -> None:
        """Everything may be different now (a restore, an import): read all that is shown again."""

        def then(result: tuple[Any, ...]) -> None:
            kind_names, own_concepts, self.undo_text, self.redo_text = result
            self._know(kind_names, own_concepts)
            self.undo_changed.emit()
            everything = changes | Changes(frozenset(["*"]), frozenset(self._chapters), frozenset(["*"]), frozenset(["*"]))
            self._refresh_after(everything)

        def question(notebook: Notebook) -> tuple[Any, ...]:
            return notebook.kind_names(), notebook.concepts(), *self._undo_labels(notebook)

        self.ask(question, then)

    def _refresh_after(self, changes: Changes, initiator: object = None) -> None:
        """Show what the notebook says now, for changes that were not made through ``do``."""
        keys = [key for key in self._chapters if key in changes.chapters or not changes.chapters]

        def loaded(found: list[tuple[tuple[str, str], list[Annotation]]]) -> None:
            for key, current in found:
                if key in self._chapters:
                    self._chapters[key] = {one.id: one for one in current if one.anchor.chapter == key[1]}
                    self._overlay(key)
            self.changed.emit(changes, initiator)
            self._refresh_numbers()

        def question(notebook: Notebook) -> list[tuple[tuple[str, str], list[Annotation]]]:
            return [(key, notebook.annotations(Query(resource=key[0], chapter=key[1]))) for key in keys]

        self.ask(question, loaded)

    # --- what others do -------------------------------------------------------------------------------------------

    def _on_watch_timeout(self) -> None:
        """Notice what another program (the command line, a second window) wrote."""
        notebook = self.notebook
        if notebook is None or self._writing or self._lane.closed:
            return
        version, counter = self._version, self._counter

        def work() -> tuple[int, Changes | None, int, tuple[str, str], dict[Kind, str], list[OwnConcept]] | None:
            found = notebook.data_version()
            if found == version:
                return None
            changes, latest = notebook.changes_since(counter, by_others=True)
            labels = self._undo_labels(notebook)
            return found, changes, latest, labels, notebook.kind_names(), notebook.concepts()

        def then(result: Any) -> None:
            if result is None:
                return
            self._version, changes, self._counter, labels, kind_names, own_concepts = result
            self._know(kind_names, own_concepts)
            self.undo_text, self.redo_text = labels
            if changes:
                self.undo_changed.emit()
                self._refresh_after(changes)

        self.run(work, then, self._on_watch_failed)

    def _on_watch_failed(self, error: Exception) -> None:
        if not isinstance(error, LetsTalkError):
            raise error

    def _refresh_numbers(self) -> None:
        resource, last = self._resource, self.last_backup

        def question(notebook: Notebook) -> Numbers:
            return Numbers(notebook.total(), notebook.counts(resource) if resource else {}, last() if last else None)

        self.ask(question, self.numbers_changed.emit)

    def refresh_numbers(self, resource: str) -> None:
        """Count again, for this resource."""
        self._resource = resource
        self._refresh_numbers()

    # --- gestures -------------------------------------------------------------------------------------------------

    def add_highlight(
        self, chapter: Chapter, start: int, end: int, kind: Kind, initiator: object = None, *, note: str = ""
    ) -> Annotation:
        """Mark a span of a chapter; returns the annotation (on screen already, on disk soon)."""
        made = Annotation(
            new_id(), AnnotationType.HIGHLIGHT, anchor_at(chapter, start, end), kind, note, author=self.reader_name
        )
        self.do(N_("Add highlight"), initiator, annotations=[made], chapter=chapter)
        return self.annotation(made.id) or made

    def new_note(self, resource: str, chapter: Chapter | None, language: str, edition: str) -> Annotation:
        """An empty note on a chapter, or (without one) on the resource. It is stored when something is written in it."""
        anchor = Anchor(resource, edition, language, chapter.id if chapter else "")
        return Annotation(new_id(), AnnotationType.NOTE, anchor, author=self.reader_name)

    def toggle_bookmark(self, chapter: Chapter, place: int, initiator: object = None) -> bool:
        """Mark the block at a place, or take its mark away. Returns True where it is marked now."""
        block = numbered_block_at(chapter, place)
        if block is None:
            return False
        for one in self.chapter_annotations(chapter.resource, chapter.id):
            if one.type is AnnotationType.BOOKMARK and one.anchor.block == block.id:
                self.delete([one], initiator, label=N_("Remove bookmark"))
                return False
        anchor = anchor_at(chapter, block.start, min(block.end, block.start + CONTEXT * 3))
        made = Annotation(new_id(), AnnotationType.BOOKMARK, anchor, author=self.reader_name)
        self.do(N_("Add bookmark"), initiator, annotations=[made], chapter=chapter)
        return True

    def set_kind(self, one: Annotation, kind: Kind, initiator: object = None) -> None:
        """Change why a passage was marked."""
        if one.kind is not kind:
            self.do(N_("Change kind"), initiator, annotations=[one.changed(kind=kind)])

    def set_note(self, one: Annotation, note: str, gesture: str, initiator: object = None) -> None:
        """Write a note. Keystrokes of one editing share a gesture, so that they are undone together."""
        if one.note != note:
            self.do(N_("Write note"), initiator, gesture=gesture, annotations=[one.changed(note=note)])

    def set_concepts(self, one: Annotation, concepts: tuple[str, ...], initiator: object = None) -> None:
        """Link exactly these concepts."""
        if one.concepts != concepts:
            self.do(N_("Change concepts"), initiator, annotations=[one.changed(concepts=concepts)])

    def set_range(self, one: Annotation, chapter: Chapter, start: int, end: int, initiator: object = None) -> None:
        """Mark other words with the same highlight: id, note and concepts stay."""
        moved = one.changed(anchor=anchor_at(chapter, start, end))
        self.do(N_("Change range"), initiator, annotations=[moved], chapter=chapter)

    def set_shared(self, one: Annotation, shared: bool, initiator: object = None) -> None:
        """Mark a note as shared, or as private again."""
        visibility = Visibility.SHARED if shared else Visibility.PRIVATE
        label = N_("Mark as shared") if shared else N_("Mark as private")
        self.do(label, initiator, annotations=[one.changed(visibility=visibility)])

    def delete(self, annotations: Iterable[Annotation], initiator: object = None, *, label: str = "") -> None:
        """Put annotations into the trash."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.do(label or N_("Delete"), initiator, annotations=[one.changed(deleted=now) for one in annotations])

    def rename_kind(self, kind: Kind, name: str, initiator: object = None) -> None:
        """Give a kind the reader's own name ('' restores the program's)."""
        self.do(N_("Rename kind"), initiator, kinds=[KindName(kind, name.strip())])
