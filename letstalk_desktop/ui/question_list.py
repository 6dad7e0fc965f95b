"""The questions of a resource as cards: those of the chapter at hand first, then each other chapter under its heading."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from letstalk_desktop.annotations.discussing import chapter_questions, in_language, new_answer, question_by_id, question_kind
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Query, Visibility
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Chapter, Question, Resource
from letstalk_desktop.library.text import block_by_id
from letstalk_desktop.ui.desk import Desk, new_id
from letstalk_desktop.ui.group_heading import GroupHeading
from letstalk_desktop.ui.question_card import BlockLink, QuestionCard, QuestionWords
from letstalk_desktop.ui.theme import Theme

_BEGINNING = 80  # code points of a passage that a link shows


class QuestionList(QScrollArea):
    """Cards under headings; one card is open at a time."""

    place_requested = Signal(str, str, str, str, int)  # resource, chapter, language, block, offset
    plan_requested = Signal(str)  # question id
    passage_requested = Signal()
    menu_requested = Signal(str, QPoint)  # annotation id
    undo_offered = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self.cards: dict[str, QuestionCard] = {}
        self.headings: dict[str, QPushButton] = {}
        self.answers: dict[str, list[Annotation]] = {}  # by question id, oldest first
        self.opened = ""
        self._planned: frozenset[str] = frozenset()
        self._drafts: dict[str, Annotation] = {}  # by question id: the empty answer that waits to be written
        self._unfolded: set[str] = set()
        self._resource: Resource | None = None
        self._chapter: Chapter | None = None
        self._translator: Translator | None = None
        self._theme: Theme | None = None
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget(self)
        self._rows = QVBoxLayout(self._inside)
        self._rows.setContentsMargins(2, 2, 6, 10)
        self._rows.setSpacing(8)
        self.empty = QLabel(self._inside)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(8, 6, 8, 6)
        self.setWidget(self._inside)

    # --- what is shown --------------------------------------------------------------------------------------------

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        self._translator = translator
        self.setAccessibleName(translator.gettext("Questions"))
        self.empty.setText(
            translator.gettext("Questions to talk about stand here, where the authors of a resource have written some.")
        )
        self.build()

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self._theme = theme
        self.build()

    def show_place(self, resource: Resource, chapter: Chapter) -> None:
        """The questions of this resource, this chapter's first."""
        before = self._chapter
        self._resource, self._chapter = resource, chapter
        if before is None or (before.resource, before.edition, before.id, before.language) != (
            resource.id,
            resource.edition,
            chapter.id,
            chapter.language,
        ):
            self._unfolded = {chapter.id}
            self.build()
            self.verticalScrollBar().setValue(0)

    def show_planned(self, planned: frozenset[str]) -> None:
        """Which questions stand in the session plan."""
        if planned != self._planned:
            self._planned = planned
            self._refresh_cards()

    def build(self) -> None:
        """Make headings and cards anew; what is open stays open."""
        resource, chapter = self._resource, self._chapter
        if resource is None or chapter is None or self._translator is None or self._theme is None:
            return
        self.store()
        opened = self.opened
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None and widget is not self.empty:
                widget.hide()
                widget.deleteLater()
        self.cards, self.headings, self.opened = {}, {}, ""
        self.empty.setVisible(not resource.questions)
        self._rows.addWidget(self.empty)
        others = [entry.id for entry in resource.chapters if entry.id != chapter.id]
        for chapter_id in (chapter.id, *others, ""):
            questions = chapter_questions(resource, chapter_id)
            if questions:
                self._add_group(resource, chapter_id, questions)
        self._rows.addStretch(1)
        self._refresh_cards()
        if opened in self.cards:
            self.open_card(opened)
        self._chain()

    def _add_group(self, resource: Resource, chapter_id: str, questions: list[Question]) -> None:
        translator = self._translator
        if translator is None:
            return
        entry = resource.entry(chapter_id) if chapter_id else None
        title = translator.gettext("The whole resource")
        if entry is not None:
            title = in_language(entry.titles, self._language())
            title = f"{entry.label} · {title}" if entry.number else title
        unfolded = chapter_id in self._unfolded
        heading = GroupHeading(self._inside)
        heading.show_title(f"{'▾' if unfolded else '▸'}  {title}", f"  ({len(questions)})")
        count = translator.ngettext("{count} question", "{count} questions", len(questions)).format(count=len(questions))
        state = translator.gettext("shown") if unfolded else translator.gettext("hidden; Enter shows them")
        heading.setAccessibleName(f"{title}, {count}, {state}")
        heading.setProperty("chapter", chapter_id)
        heading.clicked.connect(self._on_heading_clicked)
        heading.setAutoDefault(True)
        self.headings[chapter_id] = heading
        self._rows.addWidget(heading)
        if unfolded:
            for question in questions:
                self._rows.addWidget(self._make_card(question))

    def _make_card(self, question: Question) -> QuestionCard:
        assert self._translator is not None
        assert self._theme is not None
        card = QuestionCard(self._inside, self._translator, self._theme)
        self.cards[question.id] = card
        card.toggled.connect(self.toggle_card)
        card.step_requested.connect(self._on_step_requested)
        card.link_requested.connect(self._on_link_requested)
        card.plan_requested.connect(self.plan_requested)
        card.passage_requested.connect(self._on_passage_requested)
        card.note_changed.connect(self._on_note_changed)
        card.editing_finished.connect(self._on_editing_finished)
        card.menu_requested.connect(self.menu_requested)
        card.delete_requested.connect(self.delete_answer)
        card.undo_requested.connect(self.desk.undo)
        return card

    def _language(self) -> str:
        return self._chapter.language if self._chapter is not None else ""

    def question(self, question_id: str) -> Question | None:
        """A question of the resource."""
        return question_by_id(self._resource, question_id) if self._resource is not None else None

    def _words(self, question: Question) -> QuestionWords:
        assert self._translator is not None
        _ = self._translator.gettext
        head = [question_kind(question, self._translator)]
        if question.minutes:
            head.append(_("{minutes} min").format(minutes=question.minutes))
        block = block_by_id(self._chapter, question.id) if question.closing and self._chapter is not None else None
        if block is not None and self._chapter is not None and self._chapter.id == question.chapter:
            head.append(f"¶ {self._chapter.locator(block)}")
        state = []
        answers = [one for one in self.answers.get(question.id, []) if one.note.strip()]
        if answers:
            shared = any(one.visibility is Visibility.SHARED for one in answers)
            state.append(_("answered, shared") if shared else _("answered"))
        if question.id in self._planned:
            state.append(_("in the session plan"))
        language = self._language()
        guidance = in_language(question.guidance, language)
        return QuestionWords(question.id, " · ".join(head), in_language(question.texts, language), " · ".join(state), guidance)

    def _refresh_cards(self) -> None:
        for identity, card in self.cards.items():
            question = self.question(identity)
            if question is not None:
                card.show_words(self._words(question))
                card.show_in_plan(identity in self._planned)
        if self.opened:
            self._show_answers(self.opened)

    # --- opening a card -------------------------------------------------------------------------------------------

    def toggle_card(self, question_id: str) -> None:
        """Open a card, or close it."""
        if self.opened == question_id:
            self.cards[question_id].close_body()
            self.opened = ""
            self._chain()
        else:
            self.open_card(question_id)

    def show_question(self, question_id: str) -> None:
        """Unfold the question's chapter and open its card."""
        question = self.question(question_id)
        if question is None:
            return
        if question.chapter not in self._unfolded:
            self._unfolded.add(question.chapter)
            self.build()
        self.open_card(question_id)
        self.cards[question_id].setFocus(Qt.FocusReason.OtherFocusReason)

    def open_card(self, question_id: str) -> None:
        """Open a card; the one that was open closes."""
        card, question, resource = self.cards.get(question_id), self.question(question_id), self._resource
        if card is None or question is None or resource is None:
            return
        if self.opened and self.opened != question_id and self.opened in self.cards:
            self.cards[self.opened].close_body()
        self.opened = question_id
        card.open(in_plan=question_id in self._planned)
        self._show_answers(question_id)
        self._chain()
        QTimer.singleShot(0, self._on_opened)
        if question.chapter:
            find = partial(self.desk.shelf.chapter_once, resource.id, question.chapter, self._language())
            self.desk.run(partial(_links, find, question), self._on_links_found, self._on_links_failed)

    def _on_links_found(self, found: tuple[str, list[BlockLink]]) -> None:
        card = self.cards.get(found[0])
        if card is not None:
            card.show_links(found[1])
            self._chain()

    def _on_links_failed(self, error: Exception) -> None:
        """A chapter that cannot be read says so when it is opened; a card without links is still a card."""

    def _on_opened(self) -> None:
        card = self.cards.get(self.opened)
        if card is not None:
            self.ensureWidgetVisible(card, 0, 10)

    def _show_answers(self, question_id: str) -> None:
        card, question = self.cards.get(question_id), self.question(question_id)
        if card is None or question is None or not card.is_open or self._resource is None or self._translator is None:
            return
        _ = self._translator.gettext
        shown = list(self.answers.get(question_id, []))
        if not shown:
            draft = self._drafts.get(question_id)
            if draft is None:
                draft = new_answer(new_id(), self._resource, question, self._language(), self.desk.reader_name)
                self._drafts[question_id] = draft
            shown = [draft]
        unsaved = self.desk.unsaved
        rows = []
        for one in shown:
            label = one.author if one.author and one.author != self.desk.reader_name else _("My answer")
            rows.append((one, label, one.id in unsaved))
        card.show_answers(rows)

    def _chain(self) -> None:
        """Tab goes through headings and cards as they stand, and through an open card's inside."""
        stops: list[QWidget] = []
        for index in range(self._rows.count()):
            item = self._rows.itemAt(index)
            widget = item.widget() if item is not None else None
            if isinstance(widget, QuestionCard):
                stops += widget.stops()
            elif isinstance(widget, QPushButton):
                stops.append(widget)
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)

    @property
    def focus_target(self) -> QWidget:
        """The open card, else the first."""
        card = self.cards.get(self.opened) or next(iter(self.cards.values()), None)
        return card or next(iter(self.headings.values()), self)

    def _on_heading_clicked(self) -> None:
        chapter_id = str(self.sender().property("chapter"))
        self._unfolded ^= {chapter_id}
        self.build()
        self.headings[chapter_id].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_step_requested(self, question_id: str, step: int) -> None:
        order = list(self.cards)
        index = order.index(question_id) + step if question_id in order else -1
        if 0 <= index < len(order):
            card = self.cards[order[index]]
            card.setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(card, 0, 10)

    def _on_passage_requested(self, question_id: str) -> None:
        self.passage_requested.emit()

    def _on_link_requested(self, question_id: str, block: str) -> None:
        question = self.question(question_id)
        if question is not None and self._resource is not None:
            self.place_requested.emit(self._resource.id, question.chapter, self._language(), block, 0)

    # --- answers --------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the answers to this resource's questions again."""
        resource = self._resource
        if resource is not None:
            query = Query(resource=resource.id, types=(AnnotationType.ANSWER,))
            self.desk.ask(lambda notebook: notebook.annotations(query), self._on_loaded)
            if not self.desk.is_open():
                self._on_loaded([])

    def _on_loaded(self, found: list[Annotation]) -> None:
        resource = self._resource
        if resource is None:
            return
        self._keep({one.id: one for one in found if one.anchor.resource == resource.id})

    def overlay(self) -> None:
        """What has been changed but is not on disk yet counts at once."""
        if self._resource is not None:
            self._keep({one.id: one for given in self.answers.values() for one in given})

    def _keep(self, known: dict[str, Annotation]) -> None:
        resource = self._resource
        for operation in self.desk.waiting_operations():
            for one in operation.annotations:
                if one.type is AnnotationType.ANSWER and resource is not None and one.anchor.resource == resource.id:
                    known[one.id] = one
        answers: dict[str, list[Annotation]] = {}
        for one in sorted(known.values(), key=lambda one: (one.created, one.id)):
            if not one.deleted:
                answers.setdefault(one.question, []).append(one)
        self.answers = answers
        self._refresh_cards()
        self._chain()

    def answer(self, annotation_id: str) -> Annotation | None:
        """A stored answer."""
        return next((one for given in self.answers.values() for one in given if one.id == annotation_id), None)

    def current_answer(self) -> Annotation | None:
        """The answer that keys act on: the one with the keyboard, else the first of the open card."""
        card = self.cards.get(self.opened)
        for shown in card.answers if card is not None else []:
            if shown.annotation is not None and (shown.hasFocus() or shown.editor is not None):
                return self.answer(shown.annotation.id)
        given = self.answers.get(self.opened, [])
        return given[0] if given else None

    def store(self) -> None:
        """Hand over what has been typed."""
        card = self.cards.get(self.opened)
        if card is not None:
            card.store()

    def put_in(self, words: str) -> bool:
        """Add a paragraph to the answer of the open card; False where none is open."""
        card = self.cards.get(self.opened)
        if card is None or not card.answers:
            return False
        shown = next((one for one in card.answers if one.editor is not None or one.hasFocus()), card.answers[0])
        shown.put_in(words)
        self.ensureWidgetVisible(shown, 0, 10)
        return True

    def delete_answer(self, annotation_id: str) -> None:
        """Put an answer into the trash."""
        one = self.answer(annotation_id)
        if one is not None:
            self.desk.delete([one], self, label=N_("Delete answer"))
            if self._translator is not None:
                self.undo_offered.emit(self._translator.gettext("The answer is deleted."))

    def _on_note_changed(self, annotation_id: str, note: str, gesture: str) -> None:
        label = N_("Write answer")
        one = self.answer(annotation_id)
        if one is not None:
            if one.note != note:
                self.desk.do(label, self, gesture=gesture, annotations=[one.changed(note=note)])
            return
        draft = next((one for one in self._drafts.values() if one.id == annotation_id), None)
        if draft is not None and note.strip():
            self._drafts.pop(draft.question)
            self.desk.do(label, self, gesture=gesture, annotations=[draft.changed(note=note)])

    def _on_editing_finished(self, annotation_id: str) -> None:
        one = self.answer(annotation_id)
        if one is not None and not one.note.strip():
            self.delete_answer(annotation_id)


def _links(find: Callable[[], Chapter], question: Question) -> tuple[str, list[BlockLink]]:
    """The question's id and its passages, its own block last. Runs in the lane."""
    chapter = find()
    found = []
    for block_id in (*question.blocks, *((question.id,) if question.closing else ())):
        block = block_by_id(chapter, block_id)
        if block is not None:
            words = " ".join(chapter.text[block.start : block.end].split())
            words = words if len(words) <= _BEGINNING else f"{words[: _BEGINNING - 1].rstrip()}…"
            found.append(BlockLink(block.id, chapter.locator(block), words))
    return question.id, found
