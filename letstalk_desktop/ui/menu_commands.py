"""What the menus do: each entry of the table of actions, and the dialogs that they open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.library.text import locator_at
from letstalk_desktop.settings import THEMES

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow

CONTENTS, CONCEPTS, NOTES, DISCUSS = range(4)


class MenuCommands(QObject):
    """Does for a window what its menus and keys ask for."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def handlers(self) -> dict[str, Callable[[], None]]:
        reading = self._window.reading
        return {
            "open": self.open_folder,
            "resources": self.choose_resource,
            "import": self._window.import_file,
            "export": self.export_summary,
            "export-pdf": self.export_pdf,
            "print": self.print_summary,
            "my-templates": self.my_templates,
            "your-notes": self.your_notes,
            "quit": self._on_quit,
            "undo": self._window.desk.undo,
            "redo": self._window.desk.redo,
            "copy": reading.page.copy,
            "copy-citation": self.copy_citation,
            "find": reading.open_find,
            "find-next": self._on_find_next,
            "find-previous": self._on_find_previous,
            "search": self._window.searching.begin,
            "settings": self.open_settings,
            "highlight": self._on_highlight,
            "kind-1": self._on_kind_1,
            "kind-2": self._on_kind_2,
            "kind-3": self._on_kind_3,
            "kind-4": self._on_kind_4,
            "kind-5": self._on_kind_5,
            "kind-6": self._on_kind_6,
            "add-note": reading.write_note,
            "chapter-note": reading.write_chapter_note,
            "resource-note": self.write_resource_note,
            "link-concept": self.link_concept,
            "toggle-shared": self._on_toggle_shared,
            "put-passage": self._window.put_passage,
            "attach-here": self._on_attach_here,
            "bookmark": self.toggle_bookmark,
            "end-further": self._on_end_further,
            "end-back": self._on_end_back,
            "start-back": self._on_start_back,
            "start-further": self._on_start_further,
            "delete": reading.delete_current,
            "rename-kinds": self.rename_kinds,
            "zoom-in": self._on_zoom_in,
            "zoom-out": self._on_zoom_out,
            "zoom-reset": self._on_zoom_reset,
            "reading-settings": self.open_reading_settings,
            "theme": self.next_theme,
            "left-panel": self.toggle_left_panel,
            "contents": self._on_contents,
            "concepts": self._on_concepts,
            "notes": self._on_notes,
            "discuss": self._on_discuss,
            "unplaced": self._on_unplaced,
            "concept-map": self.open_concept_map,
            "language": self._window.switch_language,
            "present": self.present,
            "full-screen": self.toggle_full_screen,
            "back": reading.go_back,
            "forward": reading.go_forward,
            "next-chapter": self._on_next_chapter,
            "previous-chapter": self._on_previous_chapter,
            "next-section": self._on_next_section,
            "previous-section": self._on_previous_section,
            "go-to": self.go_to,
            "next-highlight": self._on_next_highlight,
            "previous-highlight": self._on_previous_highlight,
            "where": self.say_where,
            "mark-read": self._on_mark_read,
            "to-text": self._on_to_text,
            "to-note": self._on_to_note,
            "guide": self.open_guide,
            "shortcuts": self.show_shortcuts,
            "hint": self.show_hint,
            "about": self.show_about,
        }

    def _on_unplaced(self) -> None:
        self._window.editions.show_unplaced()

    def _on_attach_here(self) -> None:
        self._window.editions.attach_here()

    def _on_next_chapter(self) -> None:
        self._step_chapter(1)

    def _on_previous_chapter(self) -> None:
        self._step_chapter(-1)

    def _step_chapter(self, step: int) -> None:
        resource, chapter = self._window.reading.resource, self._window.reading.chapter
        if resource is None or chapter is None:
            return
        ids = [entry.id for entry in resource.chapters]
        index = ids.index(chapter.id) + step
        if 0 <= index < len(ids):
            self._window.open_chapter(ids[index])

    def _on_next_section(self) -> None:
        self._step_section(1)

    def _on_previous_section(self) -> None:
        self._step_section(-1)

    def _step_section(self, step: int) -> None:
        """The heading after the caret, or before it; before the first one the chapter begins."""
        page = self._window.reading.page
        document = page.page_document
        if document is None:
            return
        caret = page.textCursor().position()
        places = [section.start for section in document.chapter.sections]
        later = [place for place in places if document.position_of(place) > caret]
        earlier = [place for place in places if document.position_of(place) < caret]
        if step > 0 and later:
            page.go_to(later[0])
        elif step < 0:
            page.go_to(earlier[-1] if earlier else 0)

    def go_to(self) -> None:
        """Ask for a locator and go there."""
        from letstalk_desktop.ui.dialogs import GoToDialog

        chapter = self._window.reading.chapter
        dialog = GoToDialog(self._window, self._window.translator, chapter.label if chapter else "1")
        dialog.accepted_text.connect(self._window.go_to_locator)
        dialog.open()

    def say_where(self) -> None:
        """Say the place: for the eye in a notice, for a screen reader as its text."""
        chapter = self._window.reading.chapter
        if chapter is None:
            return
        place = self._window.reading.page.caret_place()
        section = next((one.title for one in reversed(chapter.sections) if one.start <= place), "")
        _, ngettext = self._window.translator.gettext, self._window.translator.ngettext
        words = [_("{title}, paragraph {locator}").format(title=chapter.title, locator=locator_at(chapter, place))]
        if section:
            words.append(_("section “{section}”").format(section=section))
        ids = self._window.reading.page.highlights_at_caret()
        if ids:
            noted = sum(1 for one in ids if (found := self._window.reading.annotation(one)) and found.note)
            words.append(ngettext("{count} highlight", "{count} highlights", len(ids)).format(count=len(ids)))
            if noted:
                words.append(ngettext("{count} note", "{count} notes", noted).format(count=noted))
        self._window.tell(", ".join(words) + ".")

    def _on_mark_read(self) -> None:
        chapter = self._window.reading.chapter
        if chapter is not None:
            read = self._window.actions_table.by_id["mark-read"].isChecked()
            self._window.state.mark_read(chapter.resource, chapter.id, read)
            self._window.contents.show_read(self._window.state.read.get(chapter.resource, set()))

    def _on_highlight(self) -> None:
        self._window.reading.mark(Kind.KEY)

    def _on_kind_1(self) -> None:
        self._window.reading.mark(Kind.KEY)

    def _on_kind_2(self) -> None:
        self._window.reading.mark(Kind.EVIDENCE)

    def _on_kind_3(self) -> None:
        self._window.reading.mark(Kind.QUESTION)

    def _on_kind_4(self) -> None:
        self._window.reading.mark(Kind.ACTION)

    def _on_kind_5(self) -> None:
        self._window.reading.mark(Kind.TENSION)

    def _on_kind_6(self) -> None:
        self._window.reading.mark(Kind.STORY)

    def _on_end_further(self) -> None:
        self._window.reading.nudge("end", 1)

    def _on_end_back(self) -> None:
        self._window.reading.nudge("end", -1)

    def _on_start_back(self) -> None:
        self._window.reading.nudge("start", -1)

    def _on_start_further(self) -> None:
        self._window.reading.nudge("start", 1)

    def _on_next_highlight(self) -> None:
        self._window.reading.step_highlight(1)

    def _on_previous_highlight(self) -> None:
        self._window.reading.step_highlight(-1)

    def _on_toggle_shared(self) -> None:
        focus, panel = QApplication.focusWidget(), self._window.left.panel_of.get(self._window.left.panels.currentIndex())
        if panel is None or focus is None or not panel.isAncestorOf(focus) or not panel.toggle_shared():
            self._window.reading.toggle_shared()
        self._window.show_shared()

    def toggle_bookmark(self) -> None:
        """Mark the paragraph at the caret, or take its mark away."""
        chapter = self._window.reading.chapter
        if chapter is None:
            return
        marked = self._window.desk.toggle_bookmark(chapter, self._window.reading.page.caret_place(), self._window)
        _ = self._window.translator.gettext
        locator = locator_at(chapter, self._window.reading.page.caret_place())
        words = _("Paragraph {locator} is bookmarked.") if marked else _("Paragraph {locator} is not bookmarked any more.")
        self._window.tell(words.format(locator=locator))

    def link_concept(self) -> None:
        """Choose the concepts of the current highlight (marking the selection first)."""
        from letstalk_desktop.ui.dialogs import ConceptDialog

        if self._window.reading.page.selected_span() is not None:
            self._window.reading.mark(Kind.KEY)
        one = self._window.reading.current_annotation()
        chapter = self._window.reading.chapter
        if one is None or chapter is None:
            words = self._window.translator.gettext("Select some words first, with the mouse or with Shift and the arrow keys.")
            self._window.tell(words)
            return
        dialog = ConceptDialog(self._window, self._window.translator, self._window.desk, one, chapter)
        dialog.open()

    def write_resource_note(self) -> None:
        """Write a note on the whole resource."""
        from letstalk_desktop.ui.dialogs import ResourceNoteDialog

        chapter = self._window.reading.chapter
        if chapter is not None:
            ResourceNoteDialog(self._window, self._window.translator, self._window.desk, chapter).open()

    def rename_kinds(self) -> None:
        """Give the kinds names of the reader's own."""
        from letstalk_desktop.ui.dialogs import KindsDialog

        KindsDialog(self._window, self._window.translator, self._window.desk).open()

    def copy_citation(self) -> None:
        """Copy the selection, or the current passage, with its citation."""
        from letstalk_desktop.ui.citing import copy_citation

        copy_citation(self._window)

    def _on_zoom_in(self) -> None:
        size = self._window.settings.text_size
        self._window.change_settings(text_size=size + (10 if size < 150 else 25))

    def _on_zoom_out(self) -> None:
        size = self._window.settings.text_size
        self._window.change_settings(text_size=size - (10 if size <= 150 else 25))

    def _on_zoom_reset(self) -> None:
        self._window.change_settings(text_size=100)

    def next_theme(self) -> None:
        """The next of: system, light, sepia, dark, high contrast."""
        themes = list(THEMES)
        self._window.change_settings(theme=themes[(themes.index(self._window.settings.theme) + 1) % len(themes)])
        from letstalk_desktop.ui.settings_dialog import THEME_NAMES

        _ = self._window.translator.gettext
        self._window.tell(_("Theme: {name}").format(name=_(THEME_NAMES[self._window.settings.theme])))

    def open_reading_settings(self) -> None:
        """Size, line height, column, face, spacing and theme, applied as they change."""
        from letstalk_desktop.ui.settings_dialog import ReadingSettings

        popup = ReadingSettings(self._window, self._window.translator, self._window.settings)
        popup.changed.connect(self._on_reading_settings_changed)
        button = self._window.top_bar.settings
        popup.open_at(button.mapToGlobal(button.rect().bottomLeft()))

    def _on_reading_settings_changed(self, changes: dict[str, object]) -> None:
        self._window.change_settings(**changes)

    def open_settings(self) -> None:
        """Name, languages, keys."""
        from letstalk_desktop.ui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._window, self._window.translator, self._window.settings)
        dialog.changed.connect(self._on_reading_settings_changed)
        dialog.open()

    def toggle_left_panel(self) -> None:
        """Show or hide the left panel."""
        self._window.left.setVisible(not self._window.left.isVisible())
        self._window.actions_table.by_id["left-panel"].setChecked(self._window.left.isVisible())

    def _on_contents(self) -> None:
        self._window.show_panel(CONTENTS)

    def _on_concepts(self) -> None:
        self._window.show_panel(CONCEPTS)

    def _on_notes(self) -> None:
        self._window.show_panel(NOTES)

    def _on_discuss(self) -> None:
        self._window.show_panel(DISCUSS)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or not."""
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()
        self._window.actions_table.by_id["full-screen"].setChecked(self._window.isFullScreen())

    def _on_to_text(self) -> None:
        if self._window.reading.find_bar.isVisible():
            self._window.reading.find_bar.leave()
            return
        if self._window.searching.leave():
            return
        self._window.reading.margin.close_card()
        self._window.notice.hide()
        if self._window.reading.page.hasFocus() and self._window.reading.page.textCursor().hasSelection():
            self._window.reading.page.clear_selection()
        self._window.reading.page.setFocus()

    def _on_to_note(self) -> None:
        one = self._window.reading.current_annotation()
        if self._window.reading.margin.editing() or not self._window.reading.page.hasFocus():
            self._window.reading.page.setFocus()
        elif one is not None:
            self._window.reading.make_current(one.id)
            self._window.reading.margin.focus_card(one.id)
        else:
            self._window.tell(
                self._window.translator.gettext("Move the caret into a highlight first; its note is then one key away.")
            )

    def _on_find_next(self) -> None:
        self._window.reading.find_step(1)

    def _on_find_previous(self) -> None:
        self._window.reading.find_step(-1)

    def open_folder(self) -> None:
        """Choose the folder of a resource and open it."""
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self._window, self._window.translator.gettext("Open a resource folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._window.open_path)
        dialog.open()

    def open_concept_map(self) -> None:
        """How the concepts of this resource hang together."""
        from letstalk_desktop.ui.concept_map import open_concept_map

        open_concept_map(self._window)

    def choose_resource(self) -> None:
        """List the resources; opening one goes to where the reader was in it."""
        from letstalk_desktop.ui.dialogs import ResourcesDialog

        dialog = ResourcesDialog(self._window, self._window.translator, self._window.desk.shelf)
        dialog.chosen.connect(self._window.open_resource)
        dialog.open()

    def export_summary(self) -> None:
        """Choose what goes out, and how."""
        from letstalk_desktop.ui.notes_panel import NotesPanel

        panel = self._window.left.panel_of.get(NOTES)
        self._window.export_notes(filtered=panel.narrowed_ids() if isinstance(panel, NotesPanel) else ())

    def export_pdf(self) -> None:
        """The annotated summary as a PDF."""
        from letstalk_desktop.ui.export_dialog import ExportDialog

        dialog = ExportDialog(self._window)
        dialog.template.setCurrentIndex(0)
        dialog.format.setCurrentIndex(0)
        dialog.accept()

    def print_summary(self) -> None:
        """Print the summary's pages."""
        from letstalk_desktop.ui.printing import PrintRun

        PrintRun(self._window).start()

    def my_templates(self) -> None:
        """The folder of the reader's own templates."""
        from letstalk_desktop.ui.my_templates import MyTemplates

        MyTemplates(self._window).open()

    def your_notes(self) -> None:
        """Where the notes are, and their backups."""
        from letstalk_desktop.ui.your_notes import YourNotes

        self._window.store_all()
        YourNotes(
            self._window, self._window.translator, self._window.desk, self._window.paths.notebook, self._window.paths.backups
        ).open()

    def present(self) -> None:
        """Show questions, a session or passages to a room."""
        from letstalk_desktop.ui.present_run import present

        self._window.store_all()
        panel = self._window.left.panel_of.get(DISCUSS)
        present(self._window, panel.plan_at_hand() if panel is not None else "")

    def open_guide(self) -> None:
        """The user guide, read in this window."""
        self._window.open_resource("using-letstalk")

    def show_shortcuts(self) -> None:
        """Every key."""
        from letstalk_desktop.ui.dialogs import ShortcutsDialog

        ShortcutsDialog(self._window, self._window.translator, self._window.actions_table).open()

    def show_hint(self) -> None:
        """The first steps, once at first start and from the menu."""
        from letstalk_desktop.ui.dialogs import show_hint

        show_hint(self._window)

    def show_about(self) -> None:
        """Version, licences, where the notes live."""
        from letstalk_desktop.ui.about import AboutDialog

        AboutDialog(self._window, self._window.translator, self._window.paths).open()

    def _on_quit(self) -> None:
        self._window.close()
