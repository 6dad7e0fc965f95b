"""Making documents in the background: files with a busy sign and Cancel, page images for the preview and the printer."""

from __future__ import annotations

import json
from dataclasses import replace
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
from letstalk_desktop.errors import ExportError, LetsTalkError
from letstalk_desktop.exporting.child import Engine
from letstalk_desktop.exporting.documents import Material, Written, counted, read_figure, remarks, write_document
from letstalk_desktop.exporting.model import Choices
from letstalk_desktop.exporting.process import ExportCancelled
from letstalk_desktop.exporting.reader_templates import ReaderTemplate
from letstalk_desktop.exporting.summary import chosen_annotations, summarize
from letstalk_desktop.exporting.summary_json import to_json
from letstalk_desktop.language import N_, translator
from letstalk_desktop.ui.lane import Lane

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow

BUSY_AFTER_MS = 500
PREVIEW_SECONDS = 15  # what a reader's template may take for its preview


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


def not_open() -> ExportError:
    """A document of notes needs the notebook."""
    return ExportError(N_("Your notebook is not open yet. Try again in a moment."))


def engine_for(window: MainWindow, template: ReaderTemplate | None) -> Engine:
    """A process that sets documents: the program's shapes, or what a reader's template makes of them."""
    if template is None:
        return Engine(window.paths.fonts, window.paths.resources / "typst")
    return Engine(window.paths.fonts, template.folder, own=True)


class ExportRun(QObject):
    """One document on its way to a file."""

    finished = Signal(bool)

    def __init__(
        self,
        window: MainWindow,
        choices: Choices,
        path: Path,
        *,
        obsidian: bool = False,
        template: ReaderTemplate | None = None,
    ) -> None:
        super().__init__(window)
        self.window, self.choices, self.path, self._obsidian = window, choices, path, obsidian
        self._template = template
        self._lane = Lane("export", self)
        self._engine = engine_for(window, template)
        self._busy: QProgressDialog | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(BUSY_AFTER_MS)
        self._timer.timeout.connect(self._show_busy)

    def start(self) -> None:
        """Read the notes and make the document; never one without them because the notebook is not open yet."""
        if not self.window.desk.is_open():
            self._on_failed(not_open())
            return
        self._timer.start()
        ask_notes(self.window, self.choices, self._make)

    def _make(self, notes: Notes) -> None:
        window, choices, engine, path, obsidian = self.window, self.choices, self._engine, self.path, self._obsidian
        template = self._template

        def work() -> Written:
            made = material(window, choices, notes, engine, obsidian=obsidian)
            return write_document(path, replace(made, template=template))

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


class _Wanted(NamedTuple):
    """The document whose pages are to be made."""

    choices: Choices
    ppi: int
    template: ReaderTemplate | None


class Pages(QObject):
    """Page images of a document, made anew as the choices change: always the newest, never two at once."""

    ready = Signal(list, int, str)  # pages, how many there are, what the document holds
    text_ready = Signal(str, str)  # what a reader's HTML or Markdown template made, what the document holds
    failed = Signal(object)

    def __init__(self, parent: QObject, window: MainWindow, shown: int = 0) -> None:
        """``shown``: so many pages come as QImages; with 0 all come as PNG files (a hundred sheets as images fill memories)."""
        super().__init__(parent)
        self._window, self._shown = window, shown
        self._lane = Lane("preview", self)
        self._engines: dict[Path | None, Engine] = {}
        self._wanted: _Wanted | None = None
        self._at_work: _Wanted | None = None
        self._closed = False

    def make(self, choices: Choices, ppi: int, template: ReaderTemplate | None = None) -> None:
        """Make the pages of this document at a resolution (pixels per inch)."""
        self._wanted = _Wanted(choices, ppi, template)
        if self._at_work is not None and self._at_work.template is not None:
            self._engine_of(self._at_work.template).interrupt()  # it may have no end
        self._next()

    def _engine_of(self, template: ReaderTemplate | None) -> Engine:
        folder = template.folder if template is not None else None
        if folder not in self._engines:
            self._engines[folder] = engine_for(self._window, template)
        return self._engines[folder]

    def _next(self) -> None:
        if self._at_work is not None or self._wanted is None or self._closed:
            return
        self._at_work, self._wanted = self._wanted, None
        ask_notes(self._window, self._at_work.choices, partial(self._render, self._at_work))

    def _render(self, wanted: _Wanted, notes: Notes) -> None:
        if self._closed:
            return
        window, engine, shown = self._window, self._engine_of(wanted.template), self._shown

        def work() -> tuple[_Wanted, list[Any], int, str]:
            made = material(window, wanted.choices, notes, engine)
            words = counted(made.summary.counts, window.translator)
            if wanted.template is None:
                pages = engine.render(made.summary, image_ppi=float(wanted.ppi)).content
            else:
                document = json.dumps(to_json(made.summary), ensure_ascii=False)
                seconds = PREVIEW_SECONDS
                pages = engine.typeset(document, wanted.template.file, image_ppi=float(wanted.ppi), seconds=seconds).content
                if wanted.template.makes != ".pdf":
                    return wanted, [pages[0].decode("utf-8", "replace")], 0, words
            return wanted, [QImage.fromData(page) for page in pages[:shown]] if shown else list(pages), len(pages), words

        self._lane.run(work, self._on_done, self._on_failed)

    def _on_done(self, result: tuple[_Wanted, list[Any], int, str]) -> None:
        self._at_work = None
        made, pages, total, words = result
        if self._wanted is None:
            if made.template is not None and made.template.makes != ".pdf":
                self.text_ready.emit(pages[0], words)
            else:
                self.ready.emit(pages, total, words)
        self._next()

    def _on_failed(self, error: Exception) -> None:
        self._at_work = None
        self.failed.emit(error)
        self._next()

    def close(self) -> None:
        """Let go of the typesetter."""
        if self._closed:
            return
        self._closed = True
        for engine in self._engines.values():
            engine.close()
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
