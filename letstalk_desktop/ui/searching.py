"""The one search behind the box in the top bar: asks while the reader types, keeps the index up to date, opens what was found.

Two lanes of their own, so that typing never waits: one asks, the other keeps the index. A question that is no longer wanted
is broken off.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from letstalk_desktop.annotations.model import Annotation, Changes
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.library.model import Chapter
from letstalk_desktop.reading_state import ReadingPlace
from letstalk_desktop.ui.lane import Lane

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook
    from letstalk_desktop.storage.search import Hit, SearchIndex
    from letstalk_desktop.ui.main_window import MainWindow
    from letstalk_desktop.ui.search_panel import SearchPanel

LIMIT = 60  # results; who wants more wants other words
TYPING_MS = 20  # of quiet before a question is asked: little, because one that is no longer wanted is broken off
INDEX_MS = 1_200  # after the notebook has opened: the page comes first
CHANGED_MS = 300
INDEXING_SWITCH, USUAL_SWITCH = 0.001, 0.005  # seconds after which another thread has its turn: the window waits less for it
SLOW_SECONDS = 1.0  # work on the index that takes longer is told


class Searching(QObject):
    """Wires box, results, index and page together. Close it before the desk."""

    _progressed = Signal(int, int)  # from the index lane: chapters done, and how many there are

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._box = window.top_bar.search
        self._panel: SearchPanel | None = None
        self._index: SearchIndex | None = None
        self._asking = Lane("search", self)
        self._indexing = Lane("index", self)
        self._folder: TemporaryDirectory[str] | None = None
        self._serial = 0  # of the question that is wanted
        self._answered = 0
        self._go_in = False  # the reader pressed Enter before there were answers
        self._left_was_hidden = False
        self._closing = False
        self._busy = False  # with the index
        self._again = self._whole = False  # what the index lane does next
        self._known: frozenset[tuple[str, str]] = frozenset()
        self._began = 0.0
        self.shown_words = ""  # of the results that are shown
        self._typing = self._timer(TYPING_MS, self._ask)
        self._later = self._timer(INDEX_MS, self._update_all)
        self._changed = self._timer(CHANGED_MS, self._update_notes)
        self._box.installEventFilter(self)
        self._box.textChanged.connect(self._on_text_changed)
        self._progressed.connect(self._on_progressed)
        window.top_bar.search_edited.connect(self._on_edited)
        window.top_bar.search_accepted.connect(self._on_accepted)
        window.desk.notebook_opened.connect(self._later.start)
        window.desk.changed.connect(self._on_desk_changed)
        window.reading.chapter_opened.connect(self._on_chapter_opened)

    def _timer(self, milliseconds: int, slot: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(slot)
        return timer

    # --- the box --------------------------------------------------------------------------------------------------

    @property
    def active(self) -> bool:
        """True while results stand in the left panel's place."""
        return self._panel is not None and self._panel.isVisible()

    def begin(self) -> None:
        """Take the keyboard to the box; a short selection is what is looked for."""
        reading = self._window.reading
        span = reading.page.selected_span()
        if span and reading.chapter and reading.page.hasFocus() and span[1] - span[0] < 80:
            self._box.setText(reading.chapter.text[span[0] : span[1]].replace("\n", " "))
        if self._box.text().strip():
            self._show_panel()
            self._ask()
        self._box.selectAll()
        self._box.setFocus()

    def leave(self) -> bool:
        """Empty the box and show the tab again, with the keyboard in the text. False where nothing was looked for."""
        if not self.active and not self._box.text():
            return False
        self._box.clear()  # _on_text_changed does the rest
        self._restore()
        self._window.reading.page.setFocus()
        return True

    def _on_edited(self, words: str) -> None:
        if words.strip():
            self._show_panel()
            self._go_in = False
            self._typing.start()

    def _on_text_changed(self, words: str) -> None:
        if not words.strip():
            self._restore()

    def _restore(self) -> None:
        self._typing.stop()
        self._serial += 1
        self._answered = self._serial
        self._go_in = False
        self.shown_words = ""
        if self._index is not None:
            self._index.interrupt()
        if self._panel is not None:
            self._panel.show_hits([], "")
            if self.active and self._left_was_hidden:
                self._window.left.hide()
                self._window.actions_table.by_id["left-panel"].setChecked(False)
            self._left_was_hidden = False
            self._window.left.uncover()
        self._window.reading.show_hits([], -1)

    def _on_accepted(self, words: str) -> None:
        if not words.strip():
            return
        self._show_panel()
        self._go_in = True
        if self._typing.isActive() or words != self.shown_words:
            self._ask()
        self._enter_results()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the box into the results."""
        pressed = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down
        if watched is self._box and pressed and self._box.text().strip():
            self._on_accepted(self._box.text())
            return True
        return False

    def _enter_results(self) -> None:
        if self._go_in and self._answered == self._serial and self._panel is not None and self._panel.has_hits:
            self._go_in = False
            self._panel.enter()

    def _show_panel(self) -> None:
        from letstalk_desktop.ui.search_panel import SearchPanel

        left = self._window.left
        if self._panel is None:
            self._panel = SearchPanel(left)
            self._panel.opened.connect(self.open_hit)
            self._panel.options_changed.connect(self._ask)
            self._panel.box_requested.connect(self._box.setFocus)
        if not left.isVisible():
            self._left_was_hidden = True
            left.show()
            self._window.actions_table.by_id["left-panel"].setChecked(True)
        left.cover(self._panel)

    # --- asking ---------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        words, panel = self._box.text(), self._panel
        if panel is None or not words.strip() or self._closing:
            return
        self._typing.stop()
        self._serial += 1
        serial = self._serial
        if self._index is not None:
            self._index.interrupt()
        if self._later.isActive():  # do not wait with the index when it is wanted
            self._later.stop()
            self._update_all()
        chapter = self._window.reading.chapter
        near = (chapter.resource, chapter.language) if chapter else ("", "")
        resources = (chapter.resource,) if chapter and panel.only_this_resource else ()
        exact = panel.exact

        def stale() -> bool:
            return self._closing or serial != self._serial

        def work() -> list[Hit] | None:
            if stale():
                return None
            return self._opened().search(
                words, resources=resources, exact=exact, typing=True, limit=LIMIT, near=near, cancelled=stale
            )

        self._asking.run(work, partial(self._on_answered, serial, words), partial(self._on_ask_failed, serial))

    def _on_answered(self, serial: int, words: str, hits: list[Hit] | None) -> None:
        if hits is None or serial != self._serial or self._panel is None:
            return
        self._answered, self.shown_words = serial, words
        self._panel.show_hits(hits, words, more=len(hits) == LIMIT)
        self._enter_results()

    def _on_ask_failed(self, serial: int, error: Exception) -> None:
        if not isinstance(error, LetsTalkError):
            raise error
        if serial == self._serial:
            self._window.show_error(error)

    # --- the index ------------------------------------------------------------------------------------------------

    def _opened(self) -> SearchIndex:
        """The index; only a convenience: where its place cannot be written, one for this session. Runs in the asking lane."""
        if self._index is None:
            from letstalk_desktop.errors import NotebookError
            from letstalk_desktop.storage.search import SearchIndex

            path = self._window.paths.search
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._index = SearchIndex.open(path)
            except (NotebookError, OSError):
                self._folder = TemporaryDirectory(prefix="letstalk-", ignore_cleanup_errors=True)
                self._index = SearchIndex.open(Path(self._folder.name) / path.name)
        return self._index

    def _update_all(self) -> None:
        self._whole = self._again = True
        self._next_update()

    def _update_notes(self) -> None:
        self._again = True
        self._next_update()

    def _on_desk_changed(self, changes: Changes, initiator: object) -> None:
        if self._known and (changes.annotations or changes.concepts) and not self._window.desk.waiting:
            self._changed.start()

    def _on_chapter_opened(self, chapter: Chapter) -> None:
        if self._known and (chapter.resource, chapter.edition) not in self._known:  # opened or imported since
            self._update_all()

    def _next_update(self) -> None:
        if self._busy or not self._again or self._closing:
            return
        if self._index is None:
            self._busy = True
            self._asking.run(self._opened, self._on_index_opened, self._on_update_failed)
            return
        notebook = self._window.desk.notebook
        whole, self._again, self._whole = self._whole, False, False
        if notebook is None and not whole:
            return
        self._busy = True
        self._began = monotonic()
        self._indexing.run(partial(self._update, self._index, notebook, whole), self._on_updated, self._on_update_failed)

    def _on_index_opened(self, _index: SearchIndex) -> None:
        self._busy = False
        self._next_update()

    def _update(self, index: SearchIndex, notebook: Notebook | None, whole: bool) -> bool:
        """Runs in the index lane."""
        if not whole:
            if notebook is not None:
                index.update_annotations(notebook)
            return True
        shelf = self._window.desk.shelf
        self._known = frozenset((one.id, one.edition) for one in shelf.resources())
        sys.setswitchinterval(INDEXING_SWITCH)
        try:
            return index.update(shelf, notebook, progress=self._progressed.emit, cancelled=lambda: self._closing)
        finally:
            sys.setswitchinterval(USUAL_SWITCH)

    def _on_progressed(self, done: int, total: int) -> None:
        if self._closing or monotonic() - self._began < SLOW_SECONDS or done >= total:
            return
        words = self._window.translator.gettext("Preparing the search: {done} of {total} chapters")
        self._window.status.show_work(words.format(done=done, total=total))
        if self._panel is not None:
            self._panel.show_incomplete(incomplete=True)

    def _on_updated(self, complete: bool) -> None:
        self._busy = False
        self._window.status.show_work("")
        if self._panel is not None:
            self._panel.show_incomplete(incomplete=not complete)
            if self.active and self._box.text().strip():
                self._ask()
        if not complete and not self._closing:  # another program is at the file
            self._later.start()
        self._next_update()

    def _on_update_failed(self, error: Exception) -> None:
        self._busy = False
        self._window.status.show_work("")
        if not isinstance(error, LetsTalkError):
            raise error

    # --- opening --------------------------------------------------------------------------------------------------

    def open_hit(self, hit: Hit) -> None:
        """Show what was found where it belongs."""
        if hit.annotation and hit.kind == "note":
            self._window.desk.ask(partial(_annotation, hit.annotation), partial(self._on_annotation_read, hit))
        elif hit.kind == "concept":
            self._open_resource_of(hit)
            self._window.show_concept(hit.concept)
        elif hit.kind in ("question", "answer"):
            self._show_question(hit)
        else:
            self._show_text(hit)

    def _on_annotation_read(self, hit: Hit, one: Annotation | None) -> None:
        if one is not None and not one.deleted:
            self._window.open_annotation(one)
            self._mark_hits(hit.start)
        else:
            self._ask()

    def _open_resource_of(self, hit: Hit) -> None:
        chapter = self._window.reading.chapter
        if hit.resource and (chapter is None or chapter.resource != hit.resource):
            self._window.open_resource(hit.resource)

    def _show_question(self, hit: Hit) -> None:
        from letstalk_desktop.ui.discuss_panel import DiscussPanel
        from letstalk_desktop.ui.left_panel import DISCUSS

        shown = self._window.reading.chapter
        if hit.chapter and (shown is None or (shown.resource, shown.id) != (hit.resource, hit.chapter)):
            self._window.reading.open(ReadingPlace(hit.resource, hit.chapter, hit.language))
        else:
            self._open_resource_of(hit)
        panel = self._window.show_panel(DISCUSS)
        if isinstance(panel, DiscussPanel) and hit.question:
            panel.show_question(hit.question)

    def _show_text(self, hit: Hit) -> None:
        reading = self._window.reading
        shown = reading.chapter
        here = shown is not None and (shown.resource, shown.id, shown.language) == (hit.resource, hit.chapter, hit.language)
        if here and hit.block:
            reading.go_to_block(hit.block)
        elif not here and not reading.open(ReadingPlace(hit.resource, hit.chapter, hit.language)):
            return
        if hit.end > hit.start or hit.block:
            reading.page.go_to(hit.start)
        reading.page.setFocus()
        self._mark_hits(hit.start if hit.end > hit.start else None)

    def _mark_hits(self, start: int | None) -> None:
        """Mark all that answers in the chapter on the page; F3 goes on from ``start`` (None: the page stays where it is)."""
        from letstalk_desktop.storage.search import hits_in_chapter

        chapter, panel = self._window.reading.chapter, self._panel
        if chapter is None or panel is None or not self.shown_words:
            return
        hits = hits_in_chapter(chapter, self.shown_words, panel.exact, typing=True)
        current = -1
        if start is not None:
            current = next((index for index, (_first, last) in enumerate(hits) if last > start), len(hits) - 1)
        self._window.reading.show_hits(hits, current)

    # --- the end --------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Break off what runs and let go of the file. Call once, before the desk is closed."""
        if self._closing:
            return
        self._closing = True
        for timer in (self._typing, self._later, self._changed):
            timer.stop()
        if self._index is not None:
            self._index.interrupt()
        self._indexing.close()
        self._asking.close()
        if self._index is not None:
            self._index.close()
        if self._folder is not None:
            with suppress(OSError):
                self._folder.cleanup()


def _annotation(annotation_id: str, notebook: Notebook) -> Annotation | None:
    return notebook.annotation(annotation_id)
