"""Making documents in the background: files with a busy sign and Cancel, page images for the preview and the printer."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QProgressDialog

from letstalk_desktop.errors import ExportError, LetsTalkError
from letstalk_desktop.exporting.child import Engine
from letstalk_desktop.exporting.documents import Preview, Written, counted, preview, remarks
from letstalk_desktop.exporting.gathering import Notes, Workshop, read_notes, summary_of
from letstalk_desktop.exporting.maker import Maker, Wish
from letstalk_desktop.exporting.model import Choices
from letstalk_desktop.exporting.process import ExportCancelled
from letstalk_desktop.exporting.reader_templates import ReaderTemplate
from letstalk_desktop.language import N_
from letstalk_desktop.ui.lane import Lane

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook
    from letstalk_desktop.ui.main_window import MainWindow

BUSY_AFTER_MS = 500
WHOLE_AFTER_MS = 400  # after the opening of a long document, unless its choices change
# With more notes than this on a resource its pages are made outside this process. With fewer they come sooner from within.
MANY = 1000


def wish_for(window: MainWindow, choices: Choices, template: ReaderTemplate | None = None, *, obsidian: bool = False) -> Wish:
    """The document as the process that makes it is asked for it. Raises LetsTalkError for a resource that is not there."""
    return Wish(choices, window.desk.shelf.folder(choices.resource), template.file if template else "", obsidian)


def not_open() -> ExportError:
    """A document of notes needs the notebook."""
    return ExportError(N_("Your notebook is not open yet. Try again in a moment."))


class ExportRun(QObject):
    """One document on its way to a file. Where the window is closed meanwhile, the program ends when the file is there."""

    finished = Signal(bool)

    def __init__(
        self,
        window: MainWindow,
        choices: Choices,
        path: Path,
        *,
        obsidian: bool = False,
        template: ReaderTemplate | None = None,
        maker: Maker | None = None,
    ) -> None:
        """``maker``: one that is already there; it is closed at the end."""
        super().__init__(window)
        self.window, self.choices, self.path, self._obsidian = window, choices, path, obsidian
        self._template = template
        self._lane = Lane("export", self)
        self._maker = maker or Maker(window.paths)
        self._busy: QProgressDialog | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(BUSY_AFTER_MS)
        self._timer.timeout.connect(self._show_busy)

    def start(self) -> None:
        """Make the document when what is being written is stored; never one without notes because none are open yet."""
        desk = self.window.desk
        if not desk.is_open():
            self._on_failed(not_open())
            return
        self._timer.start()
        self.window.reading.margin.store()
        desk.ask(lambda notebook: None, self._make)

    def _make(self, _stored: None) -> None:
        try:
            wish = wish_for(self.window, self.choices, self._template, obsidian=self._obsidian)
        except LetsTalkError as error:
            self._on_failed(error)
            return
        self._lane.run(partial(self._maker.write, wish, self.path), self._on_done, self._on_failed)

    def cancel(self) -> None:
        """Stop; nothing is written, unless it already is."""
        self._maker.cancel()

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
        self._maker.close()
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
    whole: bool  # else the opening of a long one

    @property
    def text(self) -> bool:
        """Whether its template makes a text and no pages."""
        return self.template is not None and self.template.makes != ".pdf"


class Pages(QObject):
    """Page images of a document, made anew as the choices change: always the newest, never two at once.

    Where only some are shown, those of a long document come twice: first without their number, and when the reader has
    changed nothing for a moment, as they are.
    """

    ready = Signal(list, int, str)  # pages, how many there are (0: not known yet), what the document holds
    text_ready = Signal(str, str)  # what a reader's HTML or Markdown template made, what the document holds
    failed = Signal(object)

    def __init__(self, parent: QObject, window: MainWindow, shown: int = 0) -> None:
        """``shown``: so many pages come as QImages; with 0 all come as PNG files (a hundred sheets as images fill memories)."""
        super().__init__(parent)
        self._window, self._shown = window, shown
        window.closed.connect(self.close)  # whoever shows them may still be open
        self._lane = Lane("preview", self)
        self._engines: dict[Path | None, Engine] = {}
        self._maker: Maker | None = None
        self._wanted: _Wanted | None = None
        self._at_work: _Wanted | None = None
        self._begun: _Wanted | None = None  # of which only the opening is there
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(WHOLE_AFTER_MS)
        self._later.timeout.connect(self._on_later)
        self._closed = False

    def make(self, choices: Choices, ppi: int, template: ReaderTemplate | None = None) -> None:
        """Make the pages of this document at a resolution (pixels per inch)."""
        self._wanted = _Wanted(choices, ppi, template, whole=not self._shown)
        self._later.stop()
        if self._at_work is not None:
            if self._at_work.template is not None or self._at_work.whole:  # it may have no end, or a late one
                self._engine_of(self._at_work.template).interrupt()
            if self._maker is not None:  # thousands of notes take longer than it takes to start again
                self._maker.interrupt()
        self._next()

    def _engine_of(self, template: ReaderTemplate | None) -> Engine:
        folder = template.folder if template is not None else None
        if folder not in self._engines:
            paths = self._window.paths
            self._engines[folder] = Engine(paths.fonts, folder or paths.resources / "typst", own=folder is not None)
        return self._engines[folder]

    def _next(self) -> None:
        if self._at_work is not None or self._wanted is None or self._closed:
            return
        wanted = self._at_work = self._wanted
        self._wanted = None
        desk, resource = self._window.desk, wanted.choices.resource
        self._window.reading.margin.store()
        if not desk.is_open():
            self._render(wanted, Notes())
            return

        def question(notebook: Notebook) -> Notes | None:
            return read_notes(notebook, resource) if sum(notebook.counts(resource).values()) <= MANY else None

        desk.ask(question, partial(self._render, wanted))

    def _render(self, wanted: _Wanted, notes: Notes | None) -> None:
        """Make the pages from the notes; where they are too many, let another process read them."""
        if self._closed:
            return
        window = self._window
        if notes is None:
            maker = self._maker = self._maker or Maker(window.paths)
            wish = partial(wish_for, window, wanted.choices, wanted.template)

            def make() -> Preview:
                return maker.pages(wish(), wanted.ppi, self._shown, opening=not wanted.whole)
        else:
            paths = window.paths
            workshop = Workshop(window.desk.shelf, paths.locale, paths.fonts, paths.resources / "typst")
            engine = self._engine_of(wanted.template)

            def make() -> Preview:
                summary = summary_of(notes, workshop, wanted.choices, datetime.now().astimezone())
                return preview(summary, engine, wanted.template, wanted.ppi, self._shown, briefly=not wanted.whole)

        def work() -> tuple[_Wanted, list[Any], int, str]:
            made = make()
            words = counted(made.counts, window.translator)
            if wanted.text:
                return wanted, [made.pages[0].decode("utf-8", "replace")], 0, words
            if not self._shown:
                return wanted, list(made.pages), made.total, words
            return wanted, [QImage.fromData(page) for page in made.pages], made.total, words

        self._lane.run(work, self._on_done, self._on_failed)

    def _on_done(self, result: tuple[_Wanted, list[Any], int, str]) -> None:
        self._at_work = None
        made, pages, total, words = result
        if self._wanted is None:
            if made.text:
                self.text_ready.emit(pages[0], words)
            else:
                self.ready.emit(pages, total, words)
                if not total:
                    self._begun = made
                    self._later.start()
        self._next()

    def _on_later(self) -> None:
        """The reader waits: now the whole document, for the number of its pages."""
        if self._begun is not None and self._wanted is None:
            self._wanted, self._begun = self._begun._replace(whole=True), None
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
        self._later.stop()
        for engine in self._engines.values():
            engine.close()
        if self._maker is not None:
            self._maker.close()
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
