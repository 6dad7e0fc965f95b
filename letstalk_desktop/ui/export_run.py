"""Making a document in the background: a busy sign after half a second, Cancel, and a truthful sentence at the end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QProgressDialog

from letstalk_desktop.annotations.model import Annotation, Query
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.exporting.child import Engine, ExportCancelled
from letstalk_desktop.exporting.model import Choices, Counts
from letstalk_desktop.exporting.rendered import export_file
from letstalk_desktop.exporting.summary import summarize
from letstalk_desktop.language import Translator, translator

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow

BUSY_AFTER_MS = 500


@dataclass(frozen=True)
class Exported:
    """What was written: the file, what it holds, and how many characters no font could show."""

    path: Path
    counts: Counts
    replaced: int


class ExportJob(QObject):
    """One document on its way to a file. Emits exactly one of ``done`` and ``failed``, then frees itself."""

    done = Signal(object)  # Exported
    failed = Signal(object)  # LetsTalkError, or any other exception

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lane = ThreadPoolExecutor(max_workers=1, thread_name_prefix="export")
        self._engine: Engine | None = None
        self._cancelled = False

    def start(self, work: Callable[[Engine], Exported], fonts: Path, templates: Path) -> None:
        """Run ``work`` with a fresh engine in a thread of its own."""
        self._engine = engine = Engine(fonts, templates)

        def task() -> None:
            try:
                result = work(engine)
            except Exception as error:  # told to the reader by the window
                self.failed.emit(error)
            else:
                self.done.emit(result)
            finally:
                engine.close()

        self._lane.submit(task)

    def cancel(self) -> None:
        """Kill the engine; nothing is written."""
        self._cancelled = True
        if self._engine is not None:
            self._engine.cancel()

    def finish(self) -> None:
        """Let go of the thread."""
        self._lane.shutdown(wait=True)
        self.deleteLater()


class ExportRun(QObject):
    """Runs one export for the window."""

    finished = Signal(bool)

    def __init__(self, window: MainWindow, choices: Choices, path: Path) -> None:
        super().__init__(window)
        self.window, self.choices, self.path = window, choices, path
        self.job = ExportJob(self)
        self.job.done.connect(self._on_done)
        self.job.failed.connect(self._on_failed)
        self._busy: QProgressDialog | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(BUSY_AFTER_MS)
        self._timer.timeout.connect(self._show_busy)

    def start(self) -> None:
        """Store what is being written, read the notes, and make the document."""
        self.window.reading.margin.store()
        self._timer.start()
        query = Query(resource=self.choices.resource)
        if not self.window.desk.is_open():
            self._make([])
            return
        self.window.desk.ask(lambda notebook: notebook.annotations(query), self._make)

    def _make(self, annotations: list[Annotation]) -> None:
        window, choices, path = self.window, self.choices, self.path
        resource = window.desk.shelf.resource(choices.resource)
        shelf, own, kinds = window.desk.shelf, list(window.desk.own_concepts), dict(window.desk.kind_names)
        tr: Translator = translator(choices.language, window.paths.locale)
        now = datetime.now().astimezone()

        def work(engine: Engine) -> Exported:
            load = partial(shelf.chapter, resource.id)
            summary = summarize(resource, load, annotations, own, kinds, choices, tr, now)
            rendered = engine.render(summary)
            export_file(path, rendered.document)
            return Exported(path, summary.counts, rendered.replaced_count)

        self.job.start(work, window.paths.fonts, window.paths.resources / "typst")

    def _show_busy(self) -> None:
        _ = self.window.translator.gettext
        busy = QProgressDialog(_("Making the document…"), _("Cancel"), 0, 0, self.window)
        busy.setWindowModality(Qt.WindowModality.NonModal)
        busy.setMinimumDuration(0)
        busy.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        busy.canceled.connect(self.job.cancel)
        busy.show()
        self._busy = busy

    def _end(self, good: bool) -> None:
        self._timer.stop()
        if self._busy is not None:
            self._busy.canceled.disconnect(self.job.cancel)
            self._busy.close()
            self._busy = None
        self.job.finish()
        self.finished.emit(good)
        self.deleteLater()

    def _on_done(self, exported: Exported) -> None:
        tr = self.window.translator
        _ = tr.gettext
        words = _("Written: {what}.").format(what=counted(exported.counts, tr))
        if exported.replaced:
            missing = tr.ngettext(
                "{count} character that no font has is shown by its code.",
                "{count} characters that no font has are shown by their codes.",
                exported.replaced,
            )
            words = f"{words} {missing.format(count=exported.replaced)}"
        url = QUrl.fromLocalFile(str(exported.path))
        self.window.notice.tell(words, button=_("Open"), action=partial(QDesktopServices.openUrl, url), stays=True)
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


def counted(counts: Counts, tr: Translator) -> str:
    """``14 passages, 9 notes, 1 unplaced``"""
    parts = [
        tr.ngettext("{count} passage", "{count} passages", counts.passages).format(count=counts.passages),
        tr.ngettext("{count} note", "{count} notes", counts.notes).format(count=counts.notes),
    ]
    if counts.unplaced:
        parts.append(tr.ngettext("{count} unplaced", "{count} unplaced", counts.unplaced).format(count=counts.unplaced))
    return ", ".join(parts)


def default_choices(window: MainWindow) -> Choices | None:
    """The annotated summary of the resource on the page, in the language in which it is read."""
    chapter = window.reading.chapter
    if chapter is None:
        return None
    return Choices(resource=chapter.resource, language=chapter.language, reader=window.settings.reader_name)


def export_with_dialog(window: MainWindow) -> None:
    """Ask for a place and write the annotated summary there."""
    choices = default_choices(window)
    resource = window.reading.resource
    if choices is None or resource is None:
        return
    _ = window.translator.gettext
    dialog = QFileDialog(window, _("Export summary to PDF"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(_("PDF documents (*.pdf)"))
    dialog.setDefaultSuffix("pdf")
    dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    dialog.selectFile(file_name(resource.title(choices.language)))
    dialog.fileSelected.connect(partial(_write, window, choices))
    dialog.open()


def _write(window: MainWindow, choices: Choices, path: str) -> None:
    ExportRun(window, choices, Path(path)).start()


def file_name(title: str) -> str:
    """A file name made of a title, without characters that a file system forbids."""
    return "".join(character if character not in '\\/:*?"<>|' else "-" for character in title).strip(" .") + ".pdf"
