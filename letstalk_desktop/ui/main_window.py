"""The window: layout, menus, geometry, and the wires between its parts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QByteArray, QEvent, QPoint, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.library.text import block_by_id, block_by_number, locator_at, parse_locator
from letstalk_desktop.paths import Paths
from letstalk_desktop.reading_state import ReadingPlace, ReadingState
from letstalk_desktop.settings import Settings, save_settings, valid
from letstalk_desktop.ui.document import page_document
from letstalk_desktop.ui.page import Page
from letstalk_desktop.ui.theme import interface_font, palette, scaled, style_sheet, theme_at_start, theme_for

if TYPE_CHECKING:  # what is made in `complete`, after the first page has been shown
    from letstalk_desktop.annotations.model import Annotation
    from letstalk_desktop.ui.desk import Desk
    from letstalk_desktop.ui.panel import Panel

CONTENTS, CONCEPTS, NOTES, DISCUSS = range(4)
REMEMBER_MS = 400
FIRST_RESOURCE = "community-organizing"
CHROME = (77, 262, 30)  # pixels above, left of and below the page, until the window knows its own


class MainWindow(QMainWindow):
    """One window on one notebook. It is made in two steps, so that the page need not wait for what stands around it."""

    closed = Signal()
    before_language = Signal(object)  # Translator: names of keys must be known before the words that hold them

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        state: ReadingState,
        translator: Translator,
        make_translator: Callable[[str], Translator],
    ) -> None:
        super().__init__()
        self.paths = paths
        self.settings = settings
        self.state = state
        self.translator = translator
        self._make_translator = make_translator
        self._settled = False  # True once everything is in its place
        self._listed: tuple[str, ...] = ()
        self._first: tuple[Resource, Chapter] | None = None
        self.page = Page(self)
        self._first_theme = theme_at_start(settings)
        QApplication.setPalette(palette(self._first_theme))
        self._leave_room()
        self._restore_geometry()

    def _leave_room(self) -> None:
        """The page where it will stand, with empty room for the bars and the panel around it."""
        above, left, below = CHROME
        stored = self.state.window.get("chrome")
        if isinstance(stored, list) and len(stored) == 3 and all(isinstance(one, int) and 0 <= one < 900 for one in stored):
            above, left, below = stored
        middle = QWidget(self)
        rows = QVBoxLayout(middle)
        rows.setContentsMargins(0, above, 0, below)
        columns = QHBoxLayout()
        columns.setContentsMargins(left, 0, 0, 0)
        columns.addWidget(self.page)
        rows.addLayout(columns)
        self._middle = middle
        self._first_rows = rows
        self.setCentralWidget(middle)

    def show_first_page(self, shelf: Shelf, resource: str = "") -> bool:
        """Show the text where the reader was last. False where that is not possible: `start` will say why."""
        try:
            place = self._first_place(shelf, resource or self.state.last or FIRST_RESOURCE)
            found = shelf.resource(place.resource)
            chapter = shelf.chapter(place.resource, place.chapter, place.language)
        except LetsTalkError:
            return False
        window = self.layout()
        assert window is not None
        window.activate()  # the page has its width before the text is laid out for it
        self._first_rows.activate()
        folder, ratio = shelf.folder(found.id), self.devicePixelRatioF()
        document = page_document(found, chapter, self.settings, self._first_theme, shelf.locale, folder, ratio)
        self.page.dress(self._first_theme.page)
        self.page.show_document(document)
        block = block_by_id(chapter, place.block) if place.block else None
        if block is not None:
            self.page.place_caret(min(block.start + place.offset, block.end))
            self.page.scroll_to(min(block.start + place.offset, block.end))
        self._first = (found, chapter)
        return True

    def complete(self, desk: Desk) -> None:
        """Build everything around the page. Until then only ``show_first_page`` may be called."""
        from letstalk_desktop.ui.actions import Actions
        from letstalk_desktop.ui.bars import Notice, StatusLine, TopBar
        from letstalk_desktop.ui.editions import Editions
        from letstalk_desktop.ui.left_panel import LeftPanel
        from letstalk_desktop.ui.menu_commands import MenuCommands
        from letstalk_desktop.ui.reading_area import ReadingArea
        from letstalk_desktop.ui.searching import Searching
        from letstalk_desktop.ui.spoken import Spoken
        from letstalk_desktop.ui.status_report import StatusReport

        self.desk = desk
        self.top_bar = TopBar(self)
        self.reading = ReadingArea(desk, self.settings, self.translator, self.page, self)
        self.spoken = Spoken(self.reading)
        self.status = StatusLine(self)
        self.notice = Notice(self)
        self.left = LeftPanel(self, self._make_panel)
        self.contents, self.tabs = self.left.contents, self.left.tabs
        self.actions_table = Actions(self, self.page, self.settings.shortcuts)
        self.commands = MenuCommands(self)
        self.searching = Searching(self)
        self._remember_timer = QTimer(self)
        self._remember_timer.setSingleShot(True)
        self._remember_timer.setInterval(REMEMBER_MS)
        self._remember_timer.timeout.connect(self._remember)
        self._build()
        self.report = StatusReport(self)
        self._connect()
        self._apply_theme()
        self.retranslate(self.translator)
        self._restore_panel()
        self.editions = Editions(self)

    # --- building -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.actions_table.add_menus(self.menuBar())
        from PySide6.QtWidgets import QSplitter

        self.splitter = QSplitter(QtCore.Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.left)
        self.splitter.addWidget(self.reading)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([scaled(262), 1098])
        middle = QWidget(self)
        rows = QVBoxLayout(middle)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.top_bar)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self.splitter)
        rows.addLayout(body, 1)
        rows.addWidget(self.status)
        self._middle = middle
        self.setCentralWidget(middle)
        for first, second in (
            (self.top_bar.export, self.tabs),
            (self.tabs, self.contents.tree),
            (self.contents.tree, self.reading.page),
        ):
            QWidget.setTabOrder(first, second)

    def _connect(self) -> None:
        reading, desk, top = self.reading, self.desk, self.top_bar
        top.back.clicked.connect(reading.go_back)
        top.forward.clicked.connect(reading.go_forward)
        top.settings.clicked.connect(self.commands.open_reading_settings)
        top.language.clicked.connect(self.switch_language)
        top.present.clicked.connect(self.commands.present)
        top.export.clicked.connect(self.commands.export_summary)
        self.contents.chapter_requested.connect(self.open_chapter)
        self.contents.section_requested.connect(self._on_section_requested)
        reading.chapter_opened.connect(self._on_chapter_opened)
        reading.link_requested.connect(self._on_link_requested)
        reading.menu_requested.connect(self._on_note_menu_requested)
        reading.context_requested.connect(self._on_context_requested)
        reading.concept_requested.connect(self.commands.link_concept)
        reading.cite_requested.connect(self.commands.copy_citation)
        reading.told.connect(self.tell)
        reading.deleted.connect(self.offer_undo)
        reading.failed.connect(self.show_error)
        reading.current_changed.connect(self.show_shared)
        reading.history_changed.connect(self._on_history_changed)
        desk.told.connect(self._on_told)
        self.notice.undo_requested.connect(desk.undo)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)
        self.actions_table.connect_all(self.commands.handlers())

    def _key(self, action_id: str) -> str:
        return self.actions_table.shown_key(action_id)

    def retranslate(self, translator: Translator) -> None:
        """Set every word of the window in this language."""
        self.translator = translator
        self.desk.translator = translator
        _ = translator.gettext
        self.actions_table.retranslate(translator)
        self.top_bar.retranslate(translator, self._key)
        self.status.retranslate(translator)
        self.notice.retranslate(translator)
        keys = {action_id: self._key(action_id) for action_id in self.actions_table.by_id}
        self.reading.retranslate(translator, keys)
        self.left.retranslate(translator, self.report.numbers.total)
        self.report.retranslate()
        if self.reading.chapter is not None:
            self._show_titles(self.reading.chapter)

    def _apply_theme(self) -> None:
        theme = theme_for(self.settings)
        QApplication.setPalette(palette(theme))
        self.setStyleSheet(style_sheet(theme, self.paths.resources / "icons"))
        self.left.set_theme(theme)

    def change_settings(self, **changes: object) -> None:
        """Use and keep other settings."""
        old = self.settings
        self.settings = valid(self.settings, **changes)
        if self.settings == old:
            return
        self._keep_settings()
        if self.settings.interface_size != old.interface_size:
            self._scale_interface(self.settings.interface_size / old.interface_size)
        if theme_for(old).name != theme_for(self.settings).name:
            self._apply_theme()
        self.desk.reader_name = self.settings.reader_name
        if self.settings.shortcuts != old.shortcuts:
            self.actions_table.set_keys(self.settings.shortcuts)
            self.retranslate(self.translator)  # words that name keys
        if self.settings.interface_language != old.interface_language:
            translator = self._make_translator(self.settings.interface_language)
            self.before_language.emit(translator)
            self.retranslate(translator)
        self.reading.apply(self.settings)

    def _scale_interface(self, ratio: float) -> None:
        """Menus, panels and notes grow with the application's font, and widgets with a font of their own by the same ratio."""
        QApplication.setFont(interface_font(self.settings))
        for widget in QApplication.allWidgets():
            if widget.testAttribute(QtCore.Qt.WidgetAttribute.WA_SetFont) and widget.font().pixelSize() > 0:
                font = widget.font()
                font.setPixelSize(max(round(font.pixelSize() * ratio), 6))
                widget.setFont(font)
        self._apply_theme()
        left = min(round(self.left.width() * ratio), round(self.width() * 0.36))
        self.splitter.setSizes([left, max(self.width() - left, 300)])
        self.retranslate(self.translator)

    def _keep_settings(self) -> None:
        try:
            save_settings(self.paths.config / "settings.json", self.settings)
        except OSError as error:
            _ = self.translator.gettext
            words = _("Your settings could not be kept ({reason}); they hold until you close the window.")
            self.tell(words.format(reason=error.strerror or error))

    # --- telling --------------------------------------------------------------------------------------------------

    def tell(self, words: str) -> None:
        """A sentence that goes by itself."""
        self.notice.tell(words)

    def show_error(self, error: LetsTalkError) -> None:
        """What went wrong and what to do, until it is closed."""
        self.notice.tell(error.text(self.translator), stays=True)

    def _on_told(self, words: str, warning: bool) -> None:
        self.notice.tell(words, stays=warning)

    def offer_undo(self, words: str) -> None:
        """A sentence with Undo beside it."""
        self.notice.tell(words, button=self.translator.gettext("Undo"), action=self.desk.undo)

    # --- reading --------------------------------------------------------------------------------------------------

    def start(self, resource: str = "") -> None:
        """Open the given resource, or where the reader was last, or the beginning."""
        wanted = resource or self.state.last or FIRST_RESOURCE
        if self._first is not None and self._first[0].id == wanted and self.reading.theme is self._first_theme:
            self.reading.adopt(*self._first)
            return
        self._lay_out()
        try:
            place = self._first_place(self.desk.shelf, wanted)
        except LetsTalkError as error:
            self.show_error(error)
        else:
            if self.reading.open(place, remember=False) or self._open_first_chapter(wanted):
                return
        for other in self.desk.shelf.resources():
            if other.id != wanted and self._open_first_chapter(other.id):
                return

    def _first_place(self, shelf: Shelf, resource: str) -> ReadingPlace:
        """Where to begin in a resource: where the reader was, else its first chapter. Raises LetsTalkError."""
        found = shelf.resource(resource)
        place = self.state.places.get(resource)
        if place is not None:
            return place if found.entry(place.chapter) else place._replace(chapter=found.chapters[0].id, block="")
        language = self.settings.reading_language or self.translator.language
        if language not in found.languages:
            language = found.languages[0]
        return ReadingPlace(found.id, found.chapters[0].id, language)

    def settle(self) -> None:
        """What the first page need not wait for: the menus' entries, the list of chapters at its place."""
        self._settled = True
        self.actions_table.fill_menus()
        self.top_bar.settle()
        if self.reading.chapter is not None:
            self._list_contents(self.reading.chapter)
        self._remember()

    def _lay_out(self) -> None:
        """Give every part its size before the window is shown, so that the chapter is laid out once."""
        for widget in (self, self._middle):
            layout = widget.layout()
            if layout is not None:
                layout.activate()
        self.splitter.refresh()
        for part in (self.left, self.reading):
            layout = part.layout()
            if layout is not None:
                layout.activate()

    def _open_first_chapter(self, resource: str) -> bool:
        try:
            place = self._first_place(self.desk.shelf, resource)
        except LetsTalkError as error:
            self.show_error(error)
            return False
        return self.reading.open(place._replace(block="", offset=0), remember=False)

    def open_resource(self, resource: str) -> None:
        """Open a resource where the reader was last."""
        self._remember()
        try:
            place = self._first_place(self.desk.shelf, resource)
        except LetsTalkError as error:
            self.show_error(error)
            return
        if not self.reading.open(place):
            self._open_first_chapter(resource)

    def open_chapter(self, chapter: str) -> None:
        """Open a chapter of the present resource from its beginning."""
        shown = self.reading.chapter
        if shown is not None:
            self.reading.open(ReadingPlace(shown.resource, chapter, shown.language))
            self.reading.page.setFocus()

    def open_place(self, resource: str, chapter: str, language: str, block: str, offset: int = 0) -> None:
        """Open a place and show it for a moment."""
        self.reading.open(ReadingPlace(resource, chapter, language, block, offset), flash=True)
        self.reading.page.setFocus()

    def _on_section_requested(self, chapter: str, section: str) -> None:
        self.reading.go_to_block(section)
        self.reading.page.setFocus()

    def _on_chapter_opened(self, chapter: Chapter) -> None:
        resource = self.reading.resource
        if resource is None:
            return
        if self._settled:
            self._list_contents(chapter)
        self.desk.refresh_numbers(resource.id)
        languages = " | ".join(language.upper() for language in resource.languages)
        self.top_bar.language.setText(languages)
        self.top_bar.language.setVisible(len(resource.languages) > 1)
        self._show_titles(chapter)
        self.actions_table.by_id["language"].setEnabled(len(resource.languages) > 1)
        self.actions_table.by_id["mark-read"].setChecked(chapter.id in self.state.read.get(resource.id, set()))
        self.left.show_place(resource, chapter)
        self._remember_timer.start()

    def _list_contents(self, chapter: Chapter) -> None:
        """Show the chapters of the resource, and this one's sections."""
        resource = self.reading.resource
        if resource is None:
            return
        if self._listed != (resource.id, resource.edition, chapter.language):
            self._listed = (resource.id, resource.edition, chapter.language)
            self.contents.show_resource(resource, chapter.language)
            self.contents.show_read(self.state.read.get(resource.id, set()))
            self.contents.show_counts(self.report.numbers.by_chapter or {})
        self.contents.show_chapter(chapter)

    def _show_titles(self, chapter: Chapter) -> None:
        resource = self.reading.resource
        if resource is None:
            return
        title = resource.title(chapter.language)
        self.top_bar.show_titles(title, f"{chapter.number} · {chapter.title}" if chapter.number else chapter.title)
        self.setWindowTitle(f"{chapter.title} – {title}")
        self.reading.page.setAccessibleName(self.translator.gettext("Chapter text: {title}").format(title=chapter.title))

    def _on_history_changed(self) -> None:
        for action_id, button, can in (
            ("back", self.top_bar.back, self.reading.can_go_back),
            ("forward", self.top_bar.forward, self.reading.can_go_forward),
        ):
            self.actions_table.by_id[action_id].setEnabled(can)
            button.setEnabled(can)

    def show_shared(self) -> None:
        one = self.reading.current_annotation()
        shared = self.actions_table.by_id["toggle-shared"]
        shared.setChecked(one is not None and one.visibility == "shared")

    def switch_language(self) -> None:
        """The same paragraph in the other language."""
        if self.reading.switch_language() and self.reading.chapter is not None:
            self.change_settings(reading_language=self.reading.chapter.language)

    def go_to_locator(self, text: str) -> bool:
        """Go to ``3.12`` (or ``12`` in this chapter, or chapter ``3``); says so where there is no such paragraph."""
        resource, chapter = self.reading.resource, self.reading.chapter
        parsed = parse_locator(text)
        if resource is None or chapter is None or parsed is None:
            self.tell(self.translator.gettext("Write a paragraph’s number, such as 3.12."))
            return False
        label, number = parsed
        entry = next((one for one in resource.chapters if one.label == label), None)
        if entry is None:
            words = self.translator.gettext("There is no chapter {label} in this resource.")
            self.tell(words.format(label=label))
            return False
        if not number:
            self.open_chapter(entry.id)
            return True
        try:
            target = self.desk.shelf.chapter(resource.id, entry.id, chapter.language)
        except LetsTalkError as error:
            self.show_error(error)
            return False
        block = block_by_number(target, number)
        if block is None:
            last = max((one.number for one in target.blocks), default=0)
            words = self.translator.gettext("Chapter {label} has paragraphs {label}.1 to {label}.{last}.")
            self.tell(words.format(label=label, last=last))
            return False
        if target.id == chapter.id:
            self.reading.go_to_block(block.id)
        else:
            self.open_place(resource.id, target.id, target.language, block.id)
        return True

    def _on_link_requested(self, href: str, point: QPoint) -> None:
        from letstalk_desktop.ui.links import follow_link

        follow_link(self, href, point)

    # --- marking --------------------------------------------------------------------------------------------------

    def put_passage(self) -> None:
        """Put the selection, or the current passage, into the answer at hand."""
        passage = self.passage()
        self.show_panel(DISCUSS).take_passage(passage)

    def store_all(self) -> None:
        """Hand over everything that is being written."""
        self.reading.margin.store()
        for panel in self.left.each():
            panel.store()

    def _on_note_menu_requested(self, annotation_id: str, point: QPoint) -> None:
        from letstalk_desktop.ui.note_menu import open_note_menu

        self.reading.make_current(annotation_id)
        open_note_menu(self, annotation_id, point)

    def _on_context_requested(self, point: QPoint) -> None:
        from letstalk_desktop.ui.note_menu import open_text_menu

        open_text_menu(self, point)

    def passage(self) -> tuple[str, str] | None:
        """(quote, locator) of the selection, else of the current highlight."""
        from letstalk_desktop.annotations.model import AnnotationType

        chapter = self.reading.chapter
        if chapter is None:
            return None
        span = self.reading.page.selected_span()
        if span is not None:
            return chapter.text[span[0] : span[1]], locator_at(chapter, span[0])
        one: Annotation | None = self.reading.current_annotation()
        if one is not None and one.type is AnnotationType.HIGHLIGHT:
            return one.anchor.exact, locator_at(chapter, one.anchor.start)
        return None

    # --- view -----------------------------------------------------------------------------------------------------

    def _on_color_scheme_changed(self) -> None:
        if self.settings.theme == "system":
            self._apply_theme()
            self.reading.apply(self.settings)

    def show_panel(self, index: int) -> Panel:
        """Show one of the left panels and give it the keyboard."""
        self.left.show()
        self.actions_table.by_id["left-panel"].setChecked(True)
        return self.left.show_panel(index)

    def show_unlisted_panel(self, panel: Panel) -> None:
        """Show a left panel that has no tab, among the notes, and give it the keyboard."""
        self.left.show()
        self.actions_table.by_id["left-panel"].setChecked(True)
        self.left.show_unlisted(panel, NOTES)

    def _make_panel(self, index: int) -> Panel:
        from letstalk_desktop.ui.panels import make_panel

        return make_panel(index, self)

    # --- files ----------------------------------------------------------------------------------------------------

    def open_path(self, path: str) -> bool:
        """Open a resource folder (or its resource.toml); bring in a file of notes."""
        folder = Path(path)
        if folder.name == "resource.toml":
            folder = folder.parent
        elif folder.is_file():
            self.editions.import_path(path)
            return True
        try:
            resource = self.desk.shelf.add(folder)
        except LetsTalkError as error:
            self.show_error(error)
            return False
        self.state.folders[resource.id] = str(folder)
        self.open_resource(resource.id)
        return True

    def handle_request(self, request: dict[str, str]) -> None:
        """What a second start of the program asked for; this window comes to the front."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()
        if request.get("path"):
            self.open_path(request["path"])
        elif request.get("resource"):
            self.open_resource(request["resource"])

    def open_annotation(self, one: Annotation) -> None:
        """Show where an annotation belongs and make it current; what waits for a place is shown among the unplaced."""
        from letstalk_desktop.annotations.model import AnnotationType, Placement

        if one.placement is not Placement.PLACED:
            self.editions.show_unplaced(one.id)
            return
        shown = self.reading.chapter
        language = one.anchor.language
        if shown is not None and shown.resource == one.anchor.resource and one.type is not AnnotationType.HIGHLIGHT:
            language = shown.language
        chapter = one.anchor.chapter or (shown.id if shown is not None else "")
        if shown is None or (shown.resource, shown.id, shown.language) != (one.anchor.resource, chapter, language):
            self.reading.open(ReadingPlace(one.anchor.resource, chapter, language))
        if one.anchor.exact:
            self.reading.page.go_to(one.anchor.start)
        self.reading.make_current(one.id)
        self.reading.margin.open_card(one.id)
        self.reading.page.setFocus()

    def show_concept(self, concept_id: str) -> None:
        """Show a concept's page in the left panel."""
        self.show_panel(CONCEPTS).show_concept(concept_id)

    def import_file(self) -> None:
        """Bring in a resource folder, or notes from a file."""
        self.editions.choose_import()

    def export_notes(self, ids: tuple[str, ...] = (), filtered: tuple[str, ...] = ()) -> None:
        """The export dialog; ``ids`` are notes selected in a list, ``filtered`` those a list shows."""
        from letstalk_desktop.ui.export_dialog import ExportDialog

        ExportDialog(self, ids=ids, filtered=filtered).open()

    def present_plan(self, plan_id: str) -> None:
        """Show this session to a room."""
        from letstalk_desktop.ui.present_run import present

        present(self, plan_id, ask=False)

    # --- help -----------------------------------------------------------------------------------------------------

    # --- the window itself ----------------------------------------------------------------------------------------

    def _restore_geometry(self) -> None:
        self.resize(1360, 890)
        stored = self.state.window
        geometry = stored.get("geometry")
        if isinstance(geometry, str):
            self.restoreGeometry(QByteArray.fromHex(geometry.encode("ascii", "ignore")))

    def _restore_panel(self) -> None:
        """The left panel as wide, or as hidden, as it was."""
        stored = self.state.window
        left = stored.get("left")
        if isinstance(left, int) and left >= 190:
            self.splitter.setSizes([left, max(self.width() - left, 300)])
        if stored.get("left_hidden"):
            self.left.hide()
        self.actions_table.by_id["left-panel"].setChecked(not stored.get("left_hidden"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the left panel gives way to the text."""
        super().resizeEvent(event)
        if not self._settled:
            return
        if self.notice.isVisible():
            self.notice.place()
        narrow = self.width() < 760
        if narrow != bool(self.property("narrow")):
            self.setProperty("narrow", narrow)
            self.left.setVisible(not narrow)
            self.actions_table.by_id["left-panel"].setChecked(not narrow)

    def _chrome(self) -> list[int]:
        """Pixels above, left of and below the page, for the next start."""
        corner = self.page.mapTo(self, QPoint(0, 0))
        return [corner.y(), corner.x(), max(self.height() - corner.y() - self.page.height(), 0)]

    def _remember(self) -> None:
        here = self.reading.here()
        if here is not None:
            self.state.remember(here)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the place when another window comes to the front."""
        super().changeEvent(event)
        if self._settled and event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow() and self.isVisible():
            self._remember()
            QTimer.singleShot(0, self.state.save)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Store what is being written; where something cannot be saved, ask before it is given up."""
        if not self._settled:
            super().closeEvent(event)
            return
        self.store_all()
        if self.desk.waiting and self.desk.problem is not None and not self.property("leaving"):
            from letstalk_desktop.ui.dialogs import UnsavedDialog

            event.ignore()
            dialog = UnsavedDialog(self, self.translator, self.desk)
            dialog.leave.connect(self._on_leave_unsaved)
            dialog.open()
            return
        self._remember()
        self.state.window = {
            "geometry": bytes(self.saveGeometry().toHex().data()).decode("ascii"),
            "chrome": self._chrome(),
            "left": self.splitter.sizes()[0] or 262,
            "left_hidden": not self.left.isVisible() and not self.property("narrow"),
        }
        self.state.save()
        self.editions.stop()
        self.searching.close()
        self.desk.close()
        super().closeEvent(event)
        self.closed.emit()

    def _on_leave_unsaved(self) -> None:
        self.setProperty("leaving", True)
        self.close()
