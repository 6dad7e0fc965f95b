"""Page, margin, selection bar and find bar together: where a chapter is read and marked."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Changes, Kind, Placement
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.library.text import block_by_id, locator_at, numbered_block_at, word_edge
from letstalk_desktop.reading_state import ReadingPlace
from letstalk_desktop.settings import Settings
from letstalk_desktop.ui.bars import FindBar
from letstalk_desktop.ui.decorations import HIGHLIGHTS, Decoration
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.document import PageDocument, page_document
from letstalk_desktop.ui.margin import Margin, MarginNote
from letstalk_desktop.ui.page import Page
from letstalk_desktop.ui.reading_progress import ReadingProgress
from letstalk_desktop.ui.selection_bar import SelectionBar
from letstalk_desktop.ui.theme import Theme, theme_for


class ReadingArea(QWidget):
    """Shows one chapter of one resource and lets the reader mark it."""

    chapter_opened = Signal(object)  # Chapter
    menu_requested = Signal(str, QPoint)  # annotation id
    link_requested = Signal(str, QPoint)
    context_requested = Signal(QPoint)
    cite_requested = Signal()
    concept_requested = Signal()
    told = Signal(str)
    deleted = Signal(str)  # a sentence; offer Undo
    failed = Signal(object)  # LetsTalkError
    current_changed = Signal()
    history_changed = Signal()

    def __init__(
        self, desk: Desk, settings: Settings, translator: Translator, page: Page, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.settings = settings
        self.translator = translator
        self._keys: dict[str, str] = {}
        self.theme: Theme = theme_for(settings)
        self.resource: Resource | None = None
        self.chapter: Chapter | None = None
        self.current = ""  # id of the annotation that is current
        self._drafts: dict[str, Annotation] = {}  # notes without words yet, not stored
        self._back: list[ReadingPlace] = []
        self._forward: list[ReadingPlace] = []
        self._hits: list[tuple[int, int]] = []
        self._hit = -1
        self.find_bar = FindBar(self)
        self.page = page
        page.complete()
        self.margin = Margin(self.page, self.theme, translator)
        self.selection_bar = SelectionBar(self.page, self.theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.find_bar)
        layout.addWidget(self.page, 1)
        self._bar_timer = QTimer(self)
        self._bar_timer.setSingleShot(True)
        self._bar_timer.setInterval(180)
        self._bar_timer.timeout.connect(self._show_selection_bar)
        self.progress = ReadingProgress(page)
        self._connect()

    def _connect(self) -> None:
        self.page.selection_changed.connect(self._on_selection_changed)
        self.page.place_changed.connect(self._on_place_changed)
        self.page.scrolled.connect(self._on_scrolled)
        self.page.highlight_clicked.connect(self._on_highlight_clicked)
        self.page.highlight_edge_dragged.connect(self._on_edge_dragged)
        self.page.link_requested.connect(self._on_link_requested)
        self.page.context_requested.connect(self.context_requested)
        self.selection_bar.kind_chosen.connect(self.mark)
        self.selection_bar.note_chosen.connect(self.write_note)
        self.selection_bar.concept_chosen.connect(self.concept_requested)
        self.selection_bar.cite_chosen.connect(self.cite_requested)
        self.margin.note_changed.connect(self._on_note_changed)
        self.margin.activated.connect(self.make_current)
        self.margin.menu_requested.connect(self.menu_requested)
        self.margin.undo_requested.connect(self.desk.undo)
        self.margin.editing_finished.connect(self._on_editing_finished)
        self.find_bar.words_changed.connect(self.find_words)
        self.find_bar.step_requested.connect(self.find_step)
        self.find_bar.closed.connect(self._on_find_closed)
        self.desk.changed.connect(self._on_desk_changed)

    def retranslate(self, translator: Translator, keys: dict[str, str]) -> None:
        """Set the words; ``keys``: shortcut by action id."""
        self.translator = translator
        self.page.retranslate(translator)
        self.find_bar.retranslate(translator)
        self.margin.retranslate(translator)
        self.selection_bar.retranslate(translator, self.desk.kind_names, keys)
        self._keys = keys
        self.rebuild()

    # --- opening --------------------------------------------------------------------------------------------------

    def open(self, place: ReadingPlace, *, remember: bool = True, flash: bool = False) -> bool:
        """Open a place. A broken resource or chapter is reported and leaves what is on the page."""
        try:
            resource = self.desk.shelf.resource(place.resource)
            chapter = self.desk.shelf.chapter(place.resource, place.chapter, place.language)
        except LetsTalkError as error:
            self.failed.emit(error)
            return False
        if remember and self.chapter is not None:
            here = self.here()
            if here is not None:
                self._back.append(here)
                self._forward.clear()
        self._show(resource, chapter)
        if place.block:
            block = block_by_id(chapter, place.block)
            if block is not None:
                at = min(block.start + place.offset, block.end)
                if flash:
                    self.page.go_to(at, flash_end=block.end)
                else:
                    self.page.scroll_to(at)
                    self.page.place_caret(at)
        self.history_changed.emit()
        self.progress.soon()
        return True

    def adopt(self, resource: Resource, chapter: Chapter) -> None:
        """Take over the chapter that is on the page already."""
        self._show(resource, chapter, already_shown=True)
        self.history_changed.emit()
        self.progress.soon()

    def _show(self, resource: Resource, chapter: Chapter, *, already_shown: bool = False) -> None:
        self.margin.store()
        self.selection_bar.hide()
        self.resource, self.chapter = resource, chapter
        self.current = ""
        self._drafts.clear()
        self._hits, self._hit = [], -1
        self.desk.forget_other_chapters(resource.id, chapter.id)
        if not already_shown:
            self.page.show_document(self._document(resource, chapter))
        self.progress.begin()
        self.refresh_annotations()
        if self.find_bar.isVisible():
            self.find_words(self.find_bar.field.text())
        self.chapter_opened.emit(chapter)

    def _document(self, resource: Resource, chapter: Chapter) -> PageDocument:
        shelf = self.desk.shelf
        folder, ratio = shelf.folder(resource.id), self.devicePixelRatioF()
        return page_document(resource, chapter, self.settings, self.theme, shelf.locale, folder, ratio)

    def apply(self, settings: Settings) -> None:
        """Set the text anew; the first visible line stays where it is."""
        self.settings = settings
        self.theme = theme_for(settings)
        self.page.gutter.show_numbers = settings.show_numbers
        self.margin.set_theme(self.theme)
        self.selection_bar.set_theme(self.theme)
        self.rebuild()

    def rebuild(self) -> None:
        """Lay the chapter out again, at the same words."""
        if self.resource is None or self.chapter is None:
            return
        first = self.page.first_visible() if self.page.verticalScrollBar().value() > 0 else None
        caret = self.page.caret_place()
        self.page.show_document(self._document(self.resource, self.chapter))
        self.refresh_annotations()
        if first:
            self.page.place_caret(caret)
            self.page.scroll_to(first[0].start + first[1])
        if self._hits:
            self.page.find_hits(self._hits, self._hit)

    def here(self) -> ReadingPlace | None:
        """Where the reader is, by text."""
        if self.chapter is None:
            return None
        place = ReadingPlace(self.chapter.resource, self.chapter.id, self.chapter.language)
        first = self.page.first_visible()
        if first and self.page.verticalScrollBar().value() > 0:
            place = place._replace(block=first[0].id, offset=first[1])
        return place

    def go_back(self) -> None:
        """To where the reader was before."""
        self._travel(self._back, self._forward)

    def go_forward(self) -> None:
        """To where she came back from."""
        self._travel(self._forward, self._back)

    def _travel(self, source: list[ReadingPlace], target: list[ReadingPlace]) -> None:
        if not source:
            return
        here = self.here()
        place = source.pop()
        if here is not None:
            target.append(here)
        self.open(place, remember=False)

    @property
    def can_go_back(self) -> bool:
        """True where there is somewhere to go back to."""
        return bool(self._back)

    @property
    def can_go_forward(self) -> bool:
        """True where there is somewhere to go forward to."""
        return bool(self._forward)

    def go_to_block(self, block_id: str, *, remember: bool = True) -> bool:
        """Show a block of this chapter by its id."""
        block = block_by_id(self.chapter, block_id) if self.chapter else None
        if block is None or self.chapter is None:
            return False
        here = self.here()
        if remember and here is not None:
            self._back.append(here)
            self._forward.clear()
        self.page.go_to(block.start, flash_end=block.end)
        self.history_changed.emit()
        return True

    def switch_language(self) -> bool:
        """The same block in the resource's next language. False where there is only one."""
        if self.resource is None or self.chapter is None or len(self.resource.languages) < 2:
            return False
        languages = self.resource.languages
        following = languages[(languages.index(self.chapter.language) + 1) % len(languages)]
        here = self.here()
        caret = numbered_block_at(self.chapter, self.page.caret_place())
        opened = self.open(
            here._replace(language=following, offset=0) if here else ReadingPlace(self.resource.id, self.chapter.id, following),
            remember=False,
        )
        if opened and caret is not None and here is not None and not here.block:
            block = block_by_id(self.chapter, caret.id)
            if block is not None:
                self.page.place_caret(block.start)
        return opened

    # --- what is marked -------------------------------------------------------------------------------------------

    def annotations(self) -> list[Annotation]:
        """The annotations of this chapter, and notes that have no words yet."""
        if self.chapter is None:
            return []
        stored = self.desk.chapter_annotations(self.chapter.resource, self.chapter.id)
        known = {one.id for one in stored}
        return stored + [one for one in self._drafts.values() if one.id not in known]

    def annotation(self, annotation_id: str) -> Annotation | None:
        """One of them."""
        return self.desk.annotation(annotation_id) or self._drafts.get(annotation_id)

    def refresh_annotations(self) -> None:
        """Declare bands, notes and bookmarks anew."""
        chapter, document = self.chapter, self.page.page_document
        if chapter is None or document is None:
            return
        bands: list[Decoration] = []
        notes: list[MarginNote] = []
        bookmarks = set()
        unsaved = self.desk.unsaved
        for one in self.annotations():
            if one.type is AnnotationType.BOOKMARK:
                bookmarks.add(one.anchor.block)
                continue
            if one.type is AnnotationType.ANSWER or one.placement is not Placement.PLACED:
                continue
            native = one.anchor.language == chapter.language
            if native and chapter.text[one.anchor.start : one.anchor.end] != one.anchor.exact:
                continue  # made on another edition: its words do not stand there
            if one.type is AnnotationType.HIGHLIGHT and native:
                fill, stroke = self.theme.kinds[one.kind]
                first = document.position_of(one.anchor.start)
                last = document.position_of(one.anchor.end, at_end=True)
                style = KIND_STYLES[one.kind].line
                bands.append(Decoration(one.id, first, last, fill, stroke, style, one.id == self.current, one.id in unsaved))
            if one.note or one.concepts or one.id == self.current or one.id in self._drafts or not native:
                note = self._margin_note(one, native, one.id in unsaved)
                if note is not None:
                    notes.append(note)
        self.page.declare(HIGHLIGHTS, bands)
        self.page.gutter.bookmarked = frozenset(bookmarks)
        self.page.gutter.update()
        self.margin.show_notes(notes)

    def _margin_note(self, one: Annotation, native: bool, unsaved: bool) -> MarginNote | None:
        chapter = self.chapter
        assert chapter is not None
        place = one.anchor.start
        if not native and one.type is AnnotationType.HIGHLIGHT:
            block = block_by_id(chapter, one.anchor.block)
            if block is None:
                return None
            place = block.start
        _ = self.translator.gettext
        if one.type is AnnotationType.HIGHLIGHT:
            name = kind_name(one.kind, self.translator, self.desk.kind_names)
            label, letter = f"{KIND_STYLES[one.kind].letter} {name}", KIND_STYLES[one.kind].letter
            locator, colour = locator_at(chapter, place), self.theme.kinds[one.kind][1]
        else:
            label, letter, locator, colour = _("Note on this chapter"), "¶", chapter.label, self.theme.accent
            place = 0
        quote = ""
        if not native and one.anchor.exact:
            words = one.anchor.exact.replace("\n", " ")
            short = words if len(words) <= 90 else f"{words[:88].rstrip()}…"
            quote = f"{one.anchor.language.upper()} · {short}"
        terms = tuple(self.desk.concept_term(concept, chapter.resource, chapter.language) for concept in one.concepts)
        return MarginNote(one, place, letter, label, locator, terms, quote, colour, unsaved)

    def make_current(self, annotation_id: str) -> None:
        """This annotation is the one that keys and menus act on."""
        if self.current == annotation_id:
            self.margin.set_active(annotation_id)
            return
        self.current = annotation_id
        self.refresh_annotations()
        self.margin.set_active(annotation_id)
        self.current_changed.emit()

    def current_annotation(self) -> Annotation | None:
        """The annotation that keys act on: the current one, else the one at the caret."""
        if self.current and self.annotation(self.current):
            return self.annotation(self.current)
        ids = self.page.highlights_at_caret()
        return self.annotation(ids[0]) if ids else None

    # --- marking --------------------------------------------------------------------------------------------------

    def mark(self, kind: Kind) -> None:
        """Mark the selection; without one, change the kind of the current highlight."""
        chapter = self.chapter
        if chapter is None:
            return
        span = self.page.selected_span()
        if span is not None:
            made = self.desk.add_highlight(chapter, *span, kind, self)
            self._caret_after(span[1])
            self._announce(made)
            return
        if self.page.textCursor().hasSelection():
            words = N_("Mark passages in the text itself: titles and key points are not part of it.")
            self.told.emit(self.translator.gettext(words))
            return
        one = self.current_annotation()
        if one is not None and one.type is AnnotationType.HIGHLIGHT:
            self.desk.set_kind(one, kind, self)
            return
        self.told.emit(self.translator.gettext("Select some words first, with the mouse or with Shift and the arrow keys."))

    def _announce(self, made: Annotation) -> None:
        self.make_current(made.id)

    def _caret_after(self, place: int) -> None:
        document = self.page.page_document
        if document is not None:
            cursor = self.page.textCursor()
            cursor.setPosition(document.position_of(place, at_end=True))
            self.page.setTextCursor(cursor)

    def write_note(self) -> None:
        """Write beside the selection (marking it as a key idea), or edit the current highlight's note."""
        if self.chapter is None:
            return
        span = self.page.selected_span()
        if span is not None:
            made = self.desk.add_highlight(self.chapter, *span, Kind.KEY, self)
            self._caret_after(span[1])
            self.make_current(made.id)
            self.margin.edit(made.id)
            return
        one = self.current_annotation()
        if one is not None:
            self.make_current(one.id)
            self.margin.edit(one.id)
            return
        self.told.emit(self.translator.gettext("Select some words first, with the mouse or with Shift and the arrow keys."))

    def write_chapter_note(self) -> None:
        """Write a note on the whole chapter."""
        chapter = self.chapter
        if chapter is None:
            return
        for one in self.annotations():
            if one.type is AnnotationType.NOTE:
                note = one
                break
        else:
            note = self.desk.new_note(chapter.resource, chapter, chapter.language, chapter.edition)
            self._drafts[note.id] = note
        self.make_current(note.id)
        self.page.scroll_to(0)
        self.refresh_annotations()
        self.margin.edit(note.id)

    def delete_current(self) -> None:
        """Put the current annotation into the trash, and offer Undo."""
        one = self.current_annotation()
        if one is None:
            self.told.emit(self.translator.gettext("Click on a highlight first, or move the caret into it."))
            return
        self.current = ""
        if one.id in self._drafts:
            self._drafts.pop(one.id)
            self.refresh_annotations()
            return
        self.desk.delete([one], self)
        self.margin.close_card()
        _ = self.translator.gettext
        self.deleted.emit(_("Highlight deleted.") if not one.note else _("Highlight and note deleted."))

    def nudge(self, edge: str, step: int) -> None:
        """Move an edge of the current highlight by one word. ``edge``: start or end."""
        one, chapter = self.current_annotation(), self.chapter
        if one is None or chapter is None or one.type is not AnnotationType.HIGHLIGHT:
            self.told.emit(self.translator.gettext("Click on a highlight first, or move the caret into it."))
            return
        if one.anchor.language != chapter.language:
            return
        start, end = one.anchor.start, one.anchor.end
        if edge == "end":
            end = word_edge(chapter.text, end, step, at_end=True)
        else:
            start = word_edge(chapter.text, start, step, at_end=False)
        if start < end:
            self.make_current(one.id)
            self.desk.set_range(one, chapter, start, end, self)

    def toggle_shared(self) -> None:
        """Mark the current note as shared, or as private again."""
        one = self.current_annotation()
        if one is not None:
            self.desk.set_shared(one, one.visibility == "private", self)

    def step_highlight(self, step: int) -> None:
        """Go to the next or previous highlight of the chapter."""
        bands = self.page.decorations.group(HIGHLIGHTS) if self.page.decorations else []
        if not bands:
            self.told.emit(self.translator.gettext("There are no highlights in this chapter yet."))
            return
        position = self.page.textCursor().position()
        ids = [band.id for band in bands]
        if self.current in ids:
            index = (ids.index(self.current) + step) % len(ids)
        else:
            later = [index for index, band in enumerate(bands) if band.first > position]
            index = (later[0] if later else 0) if step > 0 else ((later[0] if later else len(bands)) - 1) % len(bands)
        one = self.annotation(ids[index])
        if one is not None:
            self.page.go_to(one.anchor.start)
            self.make_current(one.id)
            self.margin.open_card(one.id)

    # --- what the parts say ---------------------------------------------------------------------------------------

    def _on_desk_changed(self, changes: Changes, initiator: object) -> None:
        if self.chapter is None:
            return
        ours = (self.chapter.resource, self.chapter.id)
        if changes.kinds:
            self.selection_bar.retranslate(self.translator, self.desk.kind_names, self._keys)
        if ours in changes.chapters or changes.concepts or changes.kinds:
            self.refresh_annotations()
            self.current_changed.emit()

    def _on_note_changed(self, annotation_id: str, note: str, gesture: str) -> None:
        one = self.annotation(annotation_id)
        if one is None:
            return
        if annotation_id in self._drafts:
            if not note.strip():
                return
            self._drafts.pop(annotation_id)
            chapter = self.chapter
            self.desk.do(N_("Write note"), self, gesture=gesture, annotations=[one.changed(note=note)], chapter=chapter)
            return
        self.desk.set_note(one, note, gesture, self)

    def _on_editing_finished(self, annotation_id: str) -> None:
        if annotation_id in self._drafts and not self._drafts[annotation_id].note:
            self._drafts.pop(annotation_id)
        self.refresh_annotations()

    def _on_selection_changed(self, span: tuple[int, int] | None) -> None:
        if span is None:
            self._bar_timer.stop()
            self.selection_bar.hide()
        else:
            self._bar_timer.start()
        self.current_changed.emit()

    def _show_selection_bar(self) -> None:
        if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._bar_timer.start()
            return
        if self.page.selected_span() is None:
            return
        cursor = self.page.textCursor()
        first, last = self.page.textCursor(), self.page.textCursor()
        first.setPosition(cursor.selectionStart())
        last.setPosition(cursor.selectionEnd())
        rect: QRect = self.page.cursorRect(first).united(self.page.cursorRect(last))
        offset = self.page.viewport().pos()
        self.selection_bar.show_near(rect.translated(offset))

    def _on_place_changed(self, place: int) -> None:
        ids = self.page.highlights_at_caret()
        if ids and self.current not in ids:
            self.make_current(ids[0])
        elif not ids and self.current and not self.margin.editing():
            one = self.annotation(self.current)
            if one is not None and one.type is AnnotationType.HIGHLIGHT:
                self.make_current("")

    def _on_scrolled(self) -> None:
        if self.selection_bar.isVisible():
            self._show_selection_bar()

    def _on_highlight_clicked(self, annotation_id: str, point: QPoint) -> None:
        ids = self.page.highlights_at_caret()
        if self.current in ids and len(ids) > 1:  # a second click reaches the highlight below
            annotation_id = ids[(ids.index(self.current) + 1) % len(ids)]
        self.make_current(annotation_id)
        self.margin.open_card(annotation_id)

    def _on_edge_dragged(self, annotation_id: str, start: int, end: int) -> None:
        one, chapter = self.annotation(annotation_id), self.chapter
        if one is not None and chapter is not None:
            self.desk.set_range(one, chapter, start, end, self)

    def _on_link_requested(self, href: str, place: int) -> None:
        point = self.page.viewport().mapToGlobal(self.page.cursorRect().bottomLeft())
        self.link_requested.emit(href, point)

    # --- finding --------------------------------------------------------------------------------------------------

    def open_find(self) -> None:
        """Find in this chapter, beginning with the selected words."""
        span = self.page.selected_span()
        words = self.chapter.text[span[0] : span[1]] if span and self.chapter else ""
        self.find_bar.open(words if "\n" not in words and len(words) < 80 else "")

    def find_words(self, words: str) -> None:
        """Mark every place where the words stand; the first after the caret is current."""
        from letstalk_desktop.library.finding import find_in_text

        self._hits = find_in_text(self.chapter.text, words) if self.chapter else []
        caret = self.page.caret_place()
        self._hit = next((index for index, hit in enumerate(self._hits) if hit[0] >= caret), 0 if self._hits else -1)
        self._show_hits()

    def show_hits(self, hits: list[tuple[int, int]], current: int) -> None:
        """Mark these places (from the search over everything); F3 goes on."""
        self._hits, self._hit = hits, current
        self._show_hits()

    def _show_hits(self) -> None:
        self.page.find_hits(self._hits, self._hit)
        self.find_bar.show_count(self._hit + 1, len(self._hits))
        if 0 <= self._hit < len(self._hits):
            start, _end = self._hits[self._hit]
            rect = self.page.place_rect(start)
            if not 40 <= rect.top() <= self.page.viewport().height() - 60:
                self.page.scroll_to(start, above=self.page.viewport().height() * 0.3)

    def find_step(self, step: int) -> None:
        """Go to the next or previous hit."""
        if not self._hits:
            self.open_find()
            return
        self._hit = (self._hit + step) % len(self._hits)
        self.page.place_caret(self._hits[self._hit][0])
        self._show_hits()

    def _on_find_closed(self) -> None:
        hit = self._hits[self._hit] if 0 <= self._hit < len(self._hits) else None
        self._hits, self._hit = [], -1
        self.page.find_hits([], -1)
        self.page.setFocus()
        if hit is not None:
            self.page.select_span(*hit)
