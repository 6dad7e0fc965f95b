"""Editions in the window: notices newer ones, lets the notes follow them in the background, and brings files in."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer

from letstalk_desktop.annotations.model import Annotation, Placement, Query
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.library.text import block_by_id

if TYPE_CHECKING:
    from letstalk_desktop.annotations.moving import Followed
    from letstalk_desktop.importing.editions import Incoming
    from letstalk_desktop.library.model import Chapter
    from letstalk_desktop.storage.notebook import Notebook
    from letstalk_desktop.ui.follow_run import FollowRun
    from letstalk_desktop.ui.main_window import MainWindow
    from letstalk_desktop.ui.unplaced_panel import UnplacedPanel

LOOK_MS = 1_000
NOTES = 2  # the panel among whose tabs the unplaced notes stand


class Editions(QObject):
    """Keeps the notes of the window with their texts. What it needs beyond this file is imported when it is needed."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk = window, window.desk
        self._looked: set[tuple[str, str]] = set()
        self._run: FollowRun | None = None
        self._panel: UnplacedPanel | None = None
        self.last: Followed | None = None
        self._told = ""
        self.moved: dict[str, Annotation] = {}  # what moved in the last run, as it was before
        self._seen = self._stamp()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._on_look_timeout)
        self._desk.notebook_opened.connect(self._on_notebook_opened)
        window.reading.chapter_opened.connect(self._on_chapter_opened)

    def stop(self) -> None:
        """Cancel what runs; before the window closes."""
        self._timer.stop()
        if self._run is not None:
            self._run.stop()
            self._run = None

    # --- following ------------------------------------------------------------------------------------------------

    def _on_notebook_opened(self) -> None:
        self._timer.start()
        shown = self._window.reading.resource
        if shown is not None:
            self.check(shown.id)

    def _on_chapter_opened(self, chapter: Chapter) -> None:
        if self._desk.is_open():
            self.check(chapter.resource)

    def check(self, resource: str, *, again: bool = False) -> None:
        """Let notes that were made on another edition of a resource follow; looked for once per edition, or ``again``."""
        shelf = self._desk.shelf
        try:
            edition = shelf.resource(resource).edition
        except LetsTalkError:
            return
        if self._run is not None or ((resource, edition) in self._looked and not again):
            return
        self._looked.add((resource, edition))

        def question(notebook: Notebook) -> bool:
            if not notebook.annotations(Query(resource=resource, other_than_edition=edition)):
                return False
            from letstalk_desktop.annotations.following import needs_following

            return needs_following(notebook, shelf, resource)

        self._desk.ask(question, partial(self._on_checked, resource))

    def _on_checked(self, resource: str, needed: bool) -> None:
        if needed:
            self.follow(resource)

    def follow(self, resource: str) -> None:
        """Let the notes of a resource follow the edition at hand, in the background."""
        from letstalk_desktop.ui.follow_run import FollowRun

        if self._run is None and self._desk.notebook is not None:
            self._run = FollowRun(self._window, resource)
            self._run.finished.connect(self._on_finished)
            self._run.start()

    @property
    def is_following(self) -> bool:
        """True while notes are being put to their places."""
        return self._run is not None

    def _on_finished(self, done: Followed | None, before: list[Annotation]) -> None:
        """``done`` is None where it was cancelled or failed."""
        run, self._run = self._run, None
        if run is None:
            return
        resource = run.resource
        run.stop()
        run.deleteLater()
        if done is not None and done.operation is not None:
            self.last = done
            self.moved = {one.id: one for one in before if one.id in done.moved}
            self._tell(done)
            # what was written with an old anchor while this ran
            self._desk.ask(partial(_left, resource, done.edition), partial(self._on_checked, resource))
        if self._panel is not None:
            self._panel.reload()

    def _tell(self, done: Followed) -> None:
        from letstalk_desktop.annotations.following import counts_in_words

        _ = self._window.translator.gettext
        counts = counts_in_words(len(done.kept), len(done.moved), done.waiting, self._window.translator)
        words = _("Your notes follow edition {edition}: {counts}.").format(edition=done.edition, counts=counts)
        self._told = words
        if done.waiting or done.moved:
            self._window.notice.tell(words, button=_("Show them"), action=self.show_unplaced, stays=bool(done.waiting))
        else:
            self._window.offer_undo(words)

    # --- what waits -----------------------------------------------------------------------------------------------

    def show_unplaced(self, annotation_id: str = "") -> None:
        """Show what waits for a place, in the left panel."""
        window = self._window
        if self._panel is None:
            from letstalk_desktop.ui.unplaced_panel import UnplacedPanel

            self._panel = UnplacedPanel(self._desk, self)
            self._panel.closed.connect(self._on_panel_closed)
            self._panel.place_shown.connect(self._on_place_shown)
            self._panel.attach_requested.connect(self.attach_here)
            self._panel.undo_offered.connect(window.offer_undo)
            self._panel.told.connect(window.tell)
        if window.notice.words.text() == self._told:
            window.notice.hide()
        window.show_unlisted_panel(self._panel)
        self._panel.show_annotation(annotation_id)

    def _on_panel_closed(self) -> None:
        self._window.show_panel(NOTES)

    def attach_here(self) -> None:
        """Put the note that is chosen in the panel on the words that are selected in the text."""
        window, panel = self._window, self._panel
        _ = window.translator.gettext
        chapter, span = window.reading.chapter, window.reading.page.selected_span()
        one = panel.current() if panel is not None else None
        if panel is None or one is None:
            window.tell(_("Choose first, under “Unplaced notes”, which note belongs here."))
        elif chapter is None or span is None:
            window.tell(_("Select the words in the text to which the note belongs, then attach it."))
        else:
            panel.attach(one, chapter, *span)
            window.reading.page.clear_selection()

    def _on_place_shown(self, chapter: Chapter, start: int, end: int) -> None:
        from letstalk_desktop.reading_state import ReadingPlace

        reading = self._window.reading
        shown = reading.chapter
        if shown is None or (shown.resource, shown.id, shown.language) != (chapter.resource, chapter.id, chapter.language):
            reading.open(ReadingPlace(chapter.resource, chapter.id, chapter.language))
        reading.page.go_to(start, flash_end=end)

    # --- coming in ------------------------------------------------------------------------------------------------

    def choose_import(self) -> None:
        """Ask what comes in: the folder of a resource, or a file of notes."""
        from letstalk_desktop.ui.import_dialog import ImportDialog

        dialog = ImportDialog(self._window, self._window.translator)
        dialog.folder_wanted.connect(self._choose_folder)
        dialog.file_wanted.connect(self._choose_file)
        dialog.open()

    def _choose_folder(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self._window, self._window.translator.gettext("Import a resource folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.import_path)
        dialog.open()

    def _choose_file(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        _ = self._window.translator.gettext
        dialog = QFileDialog(self._window, _("Import notes"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(_("Notes of this program (*.json *.pdf *.html);;All files (*)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.import_path)
        dialog.open()

    def import_path(self, name: str) -> None:
        """Install a resource folder (or its resource.toml) as an edition, or merge a file of notes."""
        path = Path(name)
        if path.name == "resource.toml":
            path = path.parent
        if path.is_dir():
            self._window.tell(self._window.translator.gettext("Reading the resource…"))
            self._desk.run(partial(self._install, path), self._on_installed)
        elif self._desk.is_open():
            self._window.reading.margin.store()
            self._desk.ask(partial(self._merge, path), self._on_merged)
        else:
            self._window.tell(self._window.translator.gettext("Your notes are still being opened. Try again in a moment."))

    def _install(self, folder: Path) -> tuple[Incoming, Path]:
        from letstalk_desktop.importing.editions import EditionOutcome, examine, install
        from letstalk_desktop.library.shelf import Shelf

        paths, shelf = self._window.paths, self._desk.shelf
        fresh = Shelf([paths.content, paths.imported], paths.compiled, shelf.locale)
        incoming = examine(folder, fresh, paths.compiled)
        if incoming.outcome is EditionOutcome.IDENTICAL:
            return incoming, fresh.folder(incoming.resource.id)
        return incoming, install(incoming, paths.imported, paths.compiled)

    def _on_installed(self, result: tuple[Incoming, Path]) -> None:
        incoming, folder = result
        resource = incoming.resource
        _ = self._window.translator.gettext
        template = {
            "new": _("“{title}” is on your shelf now."),
            "updated": _("“{title}” is edition {edition} now."),
            "identical": _("“{title}” was here already; nothing has changed."),
        }[incoming.outcome.value]
        self._window.tell(template.format(title=resource.title(self._window.translator.language), edition=resource.edition))
        self._window.state.folders.pop(resource.id, None)
        self._seen = self._stamp()
        self._take(resource.id, folder, open_it=True)

    def _take(self, resource: str, folder: Path, *, open_it: bool) -> None:
        """Put the edition in ``folder`` on the shelf; show it where the reader was in the one before."""
        reading = self._window.reading
        shown, here = reading.chapter, reading.here()
        try:
            self._desk.shelf.add(folder)
        except LetsTalkError as error:
            self._window.show_error(error)
            return
        if shown is None or here is None or shown.resource != resource:
            if open_it:
                self._window.open_resource(resource)
            return
        reading.margin.store()
        try:
            new = self._desk.shelf.chapter(resource, shown.id, shown.language)
        except LetsTalkError:
            self._window.open_resource(resource)  # the chapter is gone: to its beginning
            return
        if here.block and block_by_id(new, here.block) is None:
            ids = [block.id for block in shown.blocks]
            earlier = reversed(ids[: ids.index(here.block)] if here.block in ids else [])
            here = here._replace(block=next((one for one in earlier if block_by_id(new, one)), ""), offset=0)
        reading.open(here, remember=False)

    def _merge(self, path: Path, notebook: Notebook) -> tuple[Any, set[str]]:
        from letstalk_desktop.importing.notes_file import read_notes
        from letstalk_desktop.storage.bringing import merge_file

        found = read_notes(path)
        now = datetime.now(UTC)
        result = merge_file(notebook, found, self._window.paths.backups, now=now, who=self._desk.reader_name)
        return result, {one.anchor.resource for one in found.annotations}

    def _on_merged(self, merged: tuple[Any, set[str]]) -> None:
        result, resources = merged
        self._desk.refresh_all(result.changes)
        counts = dict.fromkeys(("new", "updated", "identical", "kept", "conflict"), 0)
        for (thing, _id), outcome in result.outcomes.items():
            if thing == "annotation" and outcome.value in counts:
                counts[outcome.value] += 1
        _ = self._window.translator.gettext
        words = _("Imported: {new} new, {updated} updated, {same} as they were.")
        same = counts["identical"] + counts["kept"] + counts["conflict"]
        words = words.format(new=counts["new"], updated=counts["updated"], same=same)
        if result.changes:
            self._window.offer_undo(words)
        else:
            self._window.tell(words)
        for resource in resources:
            self._looked = {key for key in self._looked if key[0] != resource}
        shown = self._window.reading.resource
        if shown is not None and shown.id in resources:
            self.check(shown.id)

    # --- what others install --------------------------------------------------------------------------------------

    def _stamp(self) -> int:
        try:
            return self._window.paths.imported.stat().st_mtime_ns
        except OSError:
            return 0

    def _on_look_timeout(self) -> None:
        """The command line may have installed a resource, or a newer edition of what is being read."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            self._desk.run(self._warm, self._on_warmed, _ignore)

    def _warm(self) -> list[tuple[str, str, Path]]:
        """Compile in the lane, so that the window finds it in the cache. Returns (resource, edition, folder)."""
        from letstalk_desktop.library.shelf import Shelf

        shelf = Shelf([], self._window.paths.compiled, self._desk.shelf.locale)
        shown = self._window.reading.chapter
        found = []
        for folder in sorted(self._window.paths.imported.iterdir()):
            try:
                resource = shelf.add(folder)
                if shown is not None and resource.id == shown.resource and resource.entry(shown.id):
                    shelf.chapter(resource.id, shown.id, shown.language)
            except LetsTalkError:
                continue  # not a resource, or not complete yet; its next change is noticed too
            found.append((resource.id, resource.edition, folder))
        return found

    def _on_warmed(self, found: list[tuple[str, str, Path]]) -> None:
        shown = self._window.reading.resource
        for resource, edition, folder in found:
            try:
                before = self._desk.shelf.resource(resource).edition
            except LetsTalkError:
                before = ""
            if shown is not None and shown.id == resource:
                before = shown.edition  # the shelf may have met the newer edition already, on another errand
            if edition == before:
                continue
            self._take(resource, folder, open_it=False)
            if shown is not None and shown.id == resource and self._desk.shelf.resource(resource).edition == edition:
                words = self._window.translator.gettext("Another program installed edition {edition}; it is shown now.")
                self._window.tell(words.format(edition=edition))


def _ignore(_error: Exception) -> None:
    """The folder of imported resources is gone, or cannot be read; its next change is noticed too."""


def _left(resource: str, edition: str, notebook: Notebook) -> bool:
    """Whether notes stand on another edition although no place was looked for."""
    found = notebook.annotations(Query(resource=resource, other_than_edition=edition, placement=Placement.PLACED))
    return bool(found)
