"""What the status line, the contents and the Edit menu say about the notes and the reading: counts, saved or not, how far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from letstalk_desktop.annotations.model import Changes
from letstalk_desktop.ui.desk import Numbers
from letstalk_desktop.ui.reading_progress import Progress

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow


class StatusReport(QObject):
    """Keeps a window's figures true."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._numbers = Numbers()
        desk, reading = window.desk, window.reading
        desk.saving_changed.connect(self._show_saving)
        desk.numbers_changed.connect(self._on_numbers_changed)
        desk.undo_changed.connect(self._on_undo_changed)
        desk.changed.connect(self._on_desk_changed)
        reading.progress.changed.connect(self._on_progress_changed)
        reading.progress.finished.connect(self._on_chapter_finished)

    @property
    def numbers(self) -> Numbers:
        """The last count of the notes."""
        return self._numbers

    def retranslate(self) -> None:
        """Say it all in the window's language."""
        self._on_undo_changed()
        self._show_saving()

    def _show_saving(self) -> None:
        _, ngettext = self._window.translator.gettext, self._window.translator.ngettext
        if self._window.desk.problem is not None:
            waiting = self._window.desk.waiting
            if waiting:
                words = ngettext("{count} change is not saved yet", "{count} changes are not saved yet", waiting)
                words = words.format(count=waiting)
            else:
                words = _("The notebook is not open")
        elif not self._window.desk.is_open():
            words = _("Opening your notes…")
        elif self._window.desk.waiting:
            words = _("Saving…")
        else:
            count = self._numbers.total
            words = ngettext("{count} note, saved", "{count} notes, all saved", count).format(count=count) if count else ""
            if self._numbers.last_backup:
                from letstalk_desktop.ui.your_notes import when

                backup = _("last backup {when}").format(when=when(self._numbers.last_backup, self._window.translator))
                words = f"{words} · {backup}" if words else backup
            words = words or _("No notes yet")
        self._window.status.show_notes(words)

    def _on_numbers_changed(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._window.contents.show_counts(numbers.by_chapter or {})
        self._window.left.show_count(numbers.total)
        self._show_saving()

    def _on_progress_changed(self, progress: Progress) -> None:
        resource, chapter = self._window.reading.resource, self._window.reading.chapter
        if resource is None or chapter is None:
            return
        _, ngettext = self._window.translator.gettext, self._window.translator.ngettext
        count = sum(1 for entry in resource.chapters if entry.number)
        if chapter.number:
            words = _("Chapter {number} of {count} · ¶ {locator}").format(
                number=chapter.number, count=count, locator=progress.locator
            )
        else:
            words = f"{chapter.title} · ¶ {progress.locator}"
        if progress.minutes:
            left = ngettext(
                "about {minutes} minute left in this chapter", "about {minutes} minutes left in this chapter", progress.minutes
            )
            left = left.format(minutes=progress.minutes)
        else:
            left = _("end of the chapter")
        self._window.status.show_place(words, progress.percent, left)
        self._window.contents.show_section(progress.section)

    def _on_chapter_finished(self, resource: str, chapter: str) -> None:
        if chapter not in self._window.state.read.get(resource, set()):
            self._window.state.mark_read(resource, chapter)
            self._window.contents.show_read(self._window.state.read[resource])
            self._window.actions_table.by_id["mark-read"].setChecked(True)

    def _on_undo_changed(self) -> None:
        _ = self._window.translator.gettext
        for action_id, label, plain in (
            ("undo", self._window.desk.undo_text, _("&Undo")),
            ("redo", self._window.desk.redo_text, _("&Redo")),
        ):
            action = self._window.actions_table.by_id[action_id]
            action.setEnabled(bool(label))
            action.setText(_("{step}: {label}").format(step=plain, label=_(label)) if label else plain)

    def _on_desk_changed(self, changes: Changes, initiator: object) -> None:
        self._show_saving()
