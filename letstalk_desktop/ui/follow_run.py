"""One run in which the notes of a resource follow a newer edition: beside the window, with progress and Cancel."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from letstalk_desktop.annotations import following
from letstalk_desktop.annotations.anchoring import Cancelled
from letstalk_desktop.annotations.model import Annotation, Changes
from letstalk_desktop.annotations.moving import Followed
from letstalk_desktop.errors import LetsTalkError

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook
    from letstalk_desktop.ui.main_window import MainWindow

SHOW_AFTER_MS = 500
TELL_S = 0.1
WORK_S, REST_S = 0.004, 0.001  # how long it computes before the window gets its turn


class FollowRun(QObject):
    """Looks for places in a thread of its own, then writes them in the notebook's lane: all of them, or none."""

    finished = Signal(object, object)  # Followed (None: cancelled or failed), annotations before
    _progressed = Signal(int, int)
    _looked = Signal(object, object)

    def __init__(self, window: MainWindow, resource: str) -> None:
        super().__init__(window)
        self.resource = resource
        self._window = window
        self._cancelled = Event()
        self._lane = ThreadPoolExecutor(max_workers=1, thread_name_prefix="editions")
        self._told = ""
        self._numbers = (0, 0)
        self._show = QTimer(self)
        self._show.setSingleShot(True)
        self._show.setInterval(SHOW_AFTER_MS)
        self._show.timeout.connect(self._show_progress)
        self._progressed.connect(self._on_progressed)
        self._looked.connect(self._on_looked)

    def start(self) -> None:
        """Begin; ``finished`` follows."""
        self._show.start()
        notebook = self._window.desk.notebook
        assert notebook is not None
        self._lane.submit(self._look, notebook, self._window.desk.reader_name)

    def cancel(self) -> None:
        """Leave everything as it was."""
        self._cancelled.set()

    def stop(self) -> None:
        """Cancel, and wait for the thread."""
        self._cancelled.set()
        self._show.stop()
        self._lane.shutdown(wait=True)

    # In the thread

    def _look(self, notebook: Notebook, who: str) -> None:
        interval = sys.getswitchinterval()
        sys.setswitchinterval(0.001)  # the window's turns come sooner
        try:
            pace = _Pace(self._cancelled, self._progressed.emit)
            found = following.prepare(notebook, self._window.desk.shelf, self.resource, who=who, progress=pace)
        except Exception as error:  # handed to the window's thread, which tells or logs it
            self._looked.emit(None, error)
        else:
            self._looked.emit(found, None)
        finally:
            sys.setswitchinterval(interval)

    # In the window

    def _on_progressed(self, done: int, total: int) -> None:
        self._numbers = (done, total)
        if self._told:
            self._show_progress()

    def _show_progress(self) -> None:
        notice, _ = self._window.notice, self._window.translator.gettext
        if self._told and notice.isVisible() and notice.words.text() != self._told:
            return  # something else is being said
        done, total = self._numbers
        words = _("Your notes follow the new edition…")
        if total:
            words = _("Your notes follow the new edition: {done} of {total}…").format(done=done, total=total)
        if not notice.isVisible() and self._told:
            return  # the reader has closed it
        self._told = words
        notice.tell(words, button=_("Cancel"), action=self.cancel, goes_on=True)

    def _on_looked(self, found: tuple[Followed, list[Annotation]] | None, error: Exception | None) -> None:
        self._show.stop()
        if error is not None or found is None:
            self._on_failed(error or Cancelled())
            return
        done, before = found
        if self._cancelled.is_set():
            self._on_failed(Cancelled())
        elif done.operation is None:
            self._hide_progress()
            self.finished.emit(done, before)
        else:
            work = partial(_write, self._window.desk.notebook, done, before, self._window)
            self._window.desk.run(work, partial(self._on_written, done, before), self._on_failed)

    def _on_written(self, done: Followed, before: list[Annotation], changes: Changes) -> None:
        self._hide_progress()
        self._window.desk.refresh_all(changes)
        self.finished.emit(done, before)

    def _on_failed(self, error: Exception) -> None:
        self._hide_progress()
        _ = self._window.translator.gettext
        if isinstance(error, Cancelled):
            words = _("Cancelled; your notes are as they were. Those of an older edition wait until they may follow.")
            self._window.notice.tell(words, button=_("Let them follow"), action=self._again, stays=True)
        elif isinstance(error, LetsTalkError):
            self._window.show_error(error)
        self.finished.emit(None, [])
        if not isinstance(error, (Cancelled, LetsTalkError)):
            raise error

    def _again(self) -> None:
        self._window.editions.follow(self.resource)

    def _hide_progress(self) -> None:
        if self._told and self._window.notice.words.text() == self._told:
            self._window.notice.hide()


class _Pace:
    """Reports now and then, lets the window have its turns, and says whether to go on."""

    def __init__(self, cancelled: Event, report: object) -> None:
        self._cancelled, self._report = cancelled, report
        self._told = self._rested = time.monotonic()

    def __call__(self, done: int, total: int) -> bool:
        now = time.monotonic()
        if now - self._rested > WORK_S:
            time.sleep(REST_S)
            self._rested = time.monotonic()
        if now - self._told > TELL_S:
            self._told = now
            self._report(done, total)  # type: ignore[operator]
        return not self._cancelled.is_set()


def _write(notebook: Notebook | None, done: Followed, before: list[Annotation], window: MainWindow) -> Changes:
    """In the notebook's lane: a safety copy, then all at once."""
    from letstalk_desktop.storage.bringing import safety_copy

    if notebook is None:
        raise Cancelled
    now = datetime.now(UTC)
    safety_copy(notebook, window.paths.backups, now.astimezone())
    return following.carry_out(notebook, done, before, now)
