"""Making documents in the background: files with a busy sign and Cancel, page images for the preview and the printer."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QProgressDialog

from letstalk_desktop import __version__
from letstalk_desktop.annotations.exchange import NotebookFile
from letstalk_desktop.annotations.model import Annotation, OwnConcept, Query, SessionPlan
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.exporting.child import Engine, ExportCancelled
from letstalk_desktop.exporting.documents import Material, Written, counted, read_figure, remarks, write_document
from letstalk_desktop.exporting.model import Choices
from letstalk_desktop.exporting.summary import chosen_annotations, summarize
from letstalk_desktop.language import translator
from letstalk_desktop.ui.lane import Lane

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow

BUSY_AFTER_MS = 500


class Notes(NamedTuple):
    """What the notebook gave for a document."""

    annotations: list[Annotation]
    plans: list[SessionPlan]


def ask_notes(window: MainWindow, choices: Choices, then: Any) -> None:
    """Store what is being written, then hand over the resource's notes (none while the notebook is not open)."""
    window.reading.margin.store()
    if not window.desk.is_open():
        then(Notes([], []))
        return
    query = Query(resource=choices.resource)
    window.desk.ask(lambda notebook: Notes(notebook.annotations(query), notebook.plans(choices.resource)), then)


def material(window: MainWindow, choices: Choices, notes: Notes, engine: Engine, *, obsidian: bool = False) -> Material:
    """What the writers need. May be called in a background thread: it reads chapters, nothing of the window."""
    shelf, own, names = window.desk.shelf, list(window.desk.own_concepts), dict(window.desk.kind_names)
    resource = shelf.resource(choices.resource)
    load = partial(shelf.chapter, resource.id)
    moment = datetime.now().astimezone()
    words = translator(choices.language, window.paths.locale)
    figures = partial(read_figure, shelf.folder(resource.id))
    summary = summarize(
        resource, load, notes.annotations, own, names, choices, words, moment, plans=notes.plans, load_figure=figures
    )
    chosen = chosen_annotations(notes.annotations, choices, moment)
    linked = {concept for one in chosen for concept in one.concepts}
    inside = NotebookFile(
        tuple(chosen),
        _linked(own, linked),
        plans=tuple(notes.plans),
        generated=moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        program=f"Let’s Talk Desktop {__version__}",
    )
    fonts, templates = window.paths.fonts, window.paths.resources / "typst"
    return Material(summary, inside, resource, load, moment, fonts, templates, obsidian=obsidian, engine=engine)


def _linked(own: list[OwnConcept], linked: set[str]) -> tuple[OwnConcept, ...]:
    return tuple(concept for concept in own if concept.id in linked)


class ExportRun(QObject):
    """One document on its way to a file."""

    finished = Signal(bool)

    def __init__(self, window: MainWindow, choices: Choices, path: Path, *, obsidian: bool = False) -> None:
        super().__init__(window)
        self.window, self.choices, self.path, self._obsidian = window, choices, path, obsidian
        self._lane = Lane("export", self)
        self._engine = Engine(window.paths.fonts, window.paths.resources / "typst")
        self._busy: QProgressDialog | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(BUSY_AFTER_MS)
        self._timer.timeout.connect(self._show_busy)

    def start(self) -> None:
        """Read the notes and make the document."""
        self._timer.start()
        ask_notes(self.window, self.choices, self._make)

    def _make(self, notes: Notes) -> None:
        window, choices, engine, path, obsidian = self.window, self.choices, self._engine, self.path, self._obsidian

        def work() -> Written:
            return write_document(path, material(window, choices, notes, engine, obsidian=obsidian))

        self._lane.run(work, self._on_done, self._on_failed)

    def cancel(self) -> None:
        """Kill the typesetter; nothing is written."""
        self._engine.cancel()

    def _show_busy(self) -> None:
        _ = self.window.translator.gettext
        busy = QProgressDialog(_("Making the document…"), _("Cancel"), 0, 0, self.window)
        busy.setWindowModality(Qt.WindowModality.NonModal)
        busy.setMinimumDuration(0)
        busy.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        busy.canceled.connect(self.cancel)
        busy.show()
        self._busy = busy

    def _end(self, good: bool) -> None:
        self._timer.stop()
        if self._busy is not None:
            self._busy.canceled.disconnect(self.cancel)
            self._busy.close()
            self._busy = None
        self._engine.close()
        self.finished.emit(good)
        QTimer.singleShot(0, self._let_go)

    def _let_go(self) -> None:
        self._lane.close()
        self.deleteLater()

    def _on_done(self, written: Written) -> None:
        tr = self.window.translator
        words = [tr.gettext("Written: {what}.").format(what=counted(written.counts, tr)), *remarks(written, tr)]
        url = QUrl.fromLocalFile(str(self.path))
        folder = QUrl.fromLocalFile(str(self.path.parent))
        notice = self.window.notice
        notice.tell(" ".join(words), button=tr.gettext("Open"), action=partial(QDesktopServices.openUrl, url), stays=True)
        notice.offer(tr.gettext("Show the folder"), partial(QDesktopServices.openUrl, folder))
        self._end(True)

    def _on_failed(self, error: Exception) -> None:
        window = self.window
        self._end(False)
        if isinstance(error, ExportCancelled):
            window.tell(error.text(window.translator))
        elif isinstance(error, LetsTalkError):
            window.show_error(error)
        else:
            raise error


class Pages(QObject):
    """Page images of a document, made anew as the choices change: always the newest, never two at once."""

    ready = Signal(list, int, str)  # QImages, how many pages there are, what the document holds
    failed = Signal(object)

    def __init__(self, parent: QObject, window: MainWindow) -> None:
        super().__init__(parent)
        self._window = window
        self._lane = Lane("preview", self)
        self._engine: Engine | None = None
        self._wanted: tuple[Choices, int] | None = None
        self._busy = False
        self._closed = False

    def make(self, choices: Choices, ppi: int) -> None:
        """Make the pages of this document at a resolution (pixels per inch)."""
        self._wanted = (choices, ppi)
        self._next()

    def _next(self) -> None:
        if self._busy or self._wanted is None or self._closed:
            return
        self._busy = True
        choices, ppi = self._wanted
        self._wanted = None
        ask_notes(self._window, choices, partial(self._render, choices, ppi))

    def _render(self, choices: Choices, ppi: int, notes: Notes) -> None:
        if self._closed:
            return
        window = self._window
        if self._engine is None:
            self._engine = Engine(window.paths.fonts, window.paths.resources / "typst")
        engine = self._engine

        def work() -> tuple[list[QImage], str]:
            made = material(window, choices, notes, engine)
            rendered = engine.render(made.summary, image_ppi=float(ppi))
            images = [QImage.fromData(page) for page in rendered.content]
            return images, counted(made.summary.counts, window.translator)

        self._lane.run(work, self._on_done, self._on_failed)

    def _on_done(self, result: tuple[list[QImage], str]) -> None:
        self._busy = False
        images, words = result
        if self._wanted is None:
            self.ready.emit(images, len(images), words)
        self._next()

    def _on_failed(self, error: Exception) -> None:
        self._busy = False
        self.failed.emit(error)
        self._next()

    def close(self) -> None:
        """Let go of the typesetter."""
        if self._closed:
            return
        self._closed = True
        if self._engine is not None:
            self._engine.cancel()
            self._engine.close()
        self._lane.close()


def default_choices(window: MainWindow) -> Choices | None:
    """The annotated summary of the resource on the page, in the language in which it is read."""
    chapter = window.reading.chapter
    if chapter is None:
        return None
    return Choices(resource=chapter.resource, language=chapter.language, reader=window.settings.reader_name)


def file_name(title: str, ending: str) -> str:
    """A file name made of a title, without characters that a file system forbids."""
    return "".join(character if character not in '\\/:*?"<>|' else "-" for character in title).strip(" .") + ending
