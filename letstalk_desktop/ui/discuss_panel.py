"""Discuss: the questions of chapter and resource with the reader's answers, and session plans made of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from letstalk_desktop.annotations.discussing import total_minutes
from letstalk_desktop.annotations.model import Changes, JournalEntry, Visibility
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.ui.desk import Desk, new_id
from letstalk_desktop.ui.panel import Panel
from letstalk_desktop.ui.plan_book import PlanBook
from letstalk_desktop.ui.plan_view import PlanView
from letstalk_desktop.ui.question_list import QuestionList
from letstalk_desktop.ui.theme import Theme

QUESTIONS, PLAN = range(2)


class DiscussPanel(Panel):
    """Two views: questions, and the session plan."""

    place_requested = Signal(str, str, str, str, int)  # resource, chapter, language, block, offset
    passage_requested = Signal()
    present_requested = Signal(str)  # plan id
    told = Signal(str)
    undo_offered = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._stale = True
        self._translator: Translator | None = None
        self._theme: Theme | None = None
        self._place: tuple[Resource, Chapter] | None = None
        self._history_of = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._catch_up)
        self.book = PlanBook(desk, self)
        self.views = QTabBar(self)
        self.views.setObjectName("discussViews")
        self.views.setDrawBase(False)
        self.views.setExpanding(True)
        self.views.setUsesScrollButtons(False)
        self.views.setElideMode(Qt.TextElideMode.ElideRight)
        self.views.addTab("")
        self.views.addTab("")
        self.stack = QStackedWidget(self)
        self.questions = QuestionList(desk, self.stack)
        self.plan = PlanView(self.book, self.stack)
        self.stack.addWidget(self.questions)
        self.stack.addWidget(self.plan)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 4, 4, 4)
        rows.setSpacing(6)
        rows.addWidget(self.views)
        rows.addWidget(self.stack, 1)
        self._connect()

    def _connect(self) -> None:
        self.views.currentChanged.connect(self._on_view_changed)
        self.questions.place_requested.connect(self.place_requested)
        self.questions.passage_requested.connect(self.passage_requested)
        self.questions.plan_requested.connect(self.add_to_plan)
        self.questions.menu_requested.connect(self.open_answer_menu)
        self.questions.undo_offered.connect(self.undo_offered)
        self.plan.question_requested.connect(self.show_question)
        self.plan.present_requested.connect(self._on_present_requested)
        self.plan.undo_offered.connect(self.undo_offered)
        self.plan.undo_requested.connect(self.desk.undo)
        self.book.changed.connect(self._on_book_changed)
        self.desk.changed.connect(self._on_desk_changed)
        self.desk.notebook_opened.connect(self.reload)

    # --- what every panel does ------------------------------------------------------------------------------------

    @property
    def focus_target(self) -> QWidget:
        """What takes the keyboard: the panel is about to be seen."""
        self._catch_up()
        return self.plan.focus_target if self.stack.currentIndex() == PLAN else self.questions.focus_target

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        _ = translator.gettext
        self._translator = translator
        self.views.setAccessibleName(_("Questions or session plan"))
        self.views.setTabText(QUESTIONS, _("Questions"))
        self.views.setTabText(PLAN, _("Session plan"))
        self.questions.retranslate(translator)
        self.plan.retranslate(translator)

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        t = self._theme = theme
        self.setStyleSheet(f"""
#questionCard {{ background: {t.card}; border: 1px solid {t.border}; border-radius: 6px; }}
#questionCard:focus {{ border: 2px solid {t.focus}; }}
#questionCard:hover {{ border-color: {t.accent}; }}
#questionCard QLabel {{ background: transparent; color: {t.text}; }}
#questionCard QLabel#questionHead {{ color: {t.accent}; font-weight: 600; }}
#questionCard QLabel#questionAside {{ color: {t.muted}; }}
#blockLink {{ color: {t.link}; background: {t.card}; border: 1px solid {t.border}; border-radius: 9px; padding: 1px 7px; }}
#groupHeading {{ background: transparent; border: 1px solid transparent; color: {t.muted}; text-align: left;
    font-weight: 600; padding: 3px 4px; }}
#groupHeading:focus {{ border: 2px solid {t.focus}; padding: 2px 3px; }}
#groupHeading:hover {{ color: {t.accent}; }}
#discussViews::tab {{ padding: 6px 6px 5px 6px; }}
#leftPanel QToolButton {{ background: {t.card}; color: {t.text}; border: 1px solid {t.border}; border-radius: 6px;
    padding: 4px 8px; }}
#leftPanel QToolButton:focus {{ border: 2px solid {t.focus}; padding: 3px 7px; }}
#leftPanel QToolButton:disabled {{ color: {t.muted}; }}
""")
        self.questions.set_theme(theme)
        self.plan.set_theme(theme)

    def show_place(self, resource: Resource, chapter: Chapter) -> None:
        """The questions of this chapter, when the panel is seen."""
        self.store()
        self._place = (resource, chapter)
        self.reload()

    def showEvent(self, event: object) -> None:
        """Show what has changed while the panel was hidden."""
        self._catch_up()

    def hideEvent(self, event: object) -> None:
        """Leaving stores."""
        self.store()

    def store(self) -> None:
        """Hand over what has been typed."""
        self.questions.store()
        self.plan.store()

    def reload(self) -> None:
        """Read answers and plans again: soon (the page is painted first), or when the panel is seen."""
        self._stale = True
        if self.isVisible():
            self._soon.start()

    def _catch_up(self) -> None:
        if self._place is None or not self._stale:
            return
        self._stale = False
        resource, chapter = self._place
        self.questions.show_place(resource, chapter)
        self.book.show_resource(resource)
        self.plan.show_resource(resource, chapter.language)
        self.questions.reload()
        self.book.reload()

    def _on_desk_changed(self, changes: Changes, initiator: object) -> None:
        if changes.annotations or changes.plans:
            self.questions.overlay()
            self.reload()

    def _on_book_changed(self) -> None:
        self.questions.show_planned(self.book.planned)

    def _on_view_changed(self, view: int) -> None:
        self.store()
        self.stack.setCurrentIndex(view)

    # --- questions and plan ---------------------------------------------------------------------------------------

    def show_view(self, view: int) -> None:
        """Show the questions or the plan and give it the keyboard."""
        self.views.setCurrentIndex(view)
        self.focus_target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_present_requested(self) -> None:
        self.store()
        self.present_requested.emit(self.plan_at_hand())

    def show_question(self, question_id: str) -> None:
        """Show a question's card, open."""
        self.views.setCurrentIndex(QUESTIONS)
        self.questions.show_question(question_id)

    def add_to_plan(self, question_id: str) -> None:
        """Put a question at the end of the session plan at hand."""
        question = self.questions.question(question_id)
        if question is None or self._translator is None:
            return
        plan = self.book.add_question(question, self._translator)
        if plan is None:
            self.told.emit(self._translator.gettext("This question stands in the session plan already."))
            return
        ngettext, minutes = self._translator.ngettext, total_minutes(plan)
        words = ngettext("Added to “{title}”, {count} minute in all.", "Added to “{title}”, {count} minutes in all.", minutes)
        self.undo_offered.emit(words.format(title=plan.title, count=minutes))

    def plan_at_hand(self) -> str:
        """The id of the plan that is shown, or ''."""
        return self.book.current.id if self.book.current is not None else ""

    # --- answers --------------------------------------------------------------------------------------------------

    def take_passage(self, passage: tuple[str, str] | None) -> None:
        """Put (quote, locator) into the answer of the open card as a quotation."""
        if self._translator is None:
            return
        if passage is None:
            words = self._translator.gettext("Select words in the text first, or move the caret into a highlight.")
            self.told.emit(words)
            return
        self.views.setCurrentIndex(QUESTIONS)
        if not self.questions.put_in(quotation(*passage)):
            self.told.emit(self._translator.gettext("Open a question first; the passage then goes into its answer."))

    def toggle_shared(self) -> bool:
        """Mark the answer at hand as shared, or as private again; says so where there is none."""
        if self._translator is None:
            return False
        _ = self._translator.gettext
        self.questions.store()
        one = self.questions.current_answer() if self.stack.currentIndex() == QUESTIONS else None
        if one is None:
            self.told.emit(_("Open a question and write an answer first; it can then be shared."))
            return True
        shared = one.visibility is not Visibility.SHARED
        self.desk.set_shared(one, shared, self)
        self.told.emit(_("This answer is shared: Present shows it.") if shared else _("This answer is private again."))
        return True

    def open_answer_menu(self, annotation_id: str, point: QPoint) -> None:
        """What can be done with one answer."""
        if self._translator is None:
            return
        self.questions.store()
        _ = self._translator.gettext
        one = self.questions.answer(annotation_id)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Put the passage in")).triggered.connect(self.passage_requested)
        share = menu.addAction(_("Shared with others"))
        share.setCheckable(True)
        share.setChecked(one is not None and one.visibility is Visibility.SHARED)
        share.triggered.connect(self.toggle_shared)
        history = menu.addAction(_("History…"))
        history.triggered.connect(partial(self.show_history, annotation_id))
        menu.addSeparator()
        delete = menu.addAction(_("Delete"))
        delete.triggered.connect(partial(self._delete, annotation_id))
        for action in (share, history, delete):
            action.setEnabled(one is not None)
        menu.popup(point)

    def _delete(self, annotation_id: str, _checked: bool = False) -> None:
        self.questions.delete_answer(annotation_id)

    def show_history(self, annotation_id: str, _checked: bool = False) -> None:
        """Every version of an answer."""
        self._history_of = annotation_id
        self.desk.ask(lambda notebook: notebook.history(annotation_id), self._on_history_read)

    def _on_history_read(self, history: list[JournalEntry]) -> None:
        if self._translator is None or self._theme is None:
            return
        from letstalk_desktop.ui.answer_history import AnswerHistory

        dialog = AnswerHistory(self, self._translator, self._theme, history)
        dialog.taken_up.connect(self._on_version_taken_up)
        dialog.open()

    def _on_version_taken_up(self, note: str) -> None:
        one = self.questions.answer(self._history_of)
        if one is not None and one.note != note:
            self.desk.do(N_("Use earlier answer"), self, gesture=new_id(), annotations=[one.changed(note=note)])


def quotation(quote: str, locator: str) -> str:
    """A passage as a Markdown quotation in which every character appears as it is in the text."""
    from letstalk_desktop.exporting.note_markdown import escaped

    lines = [f"> {line}" for line in escaped(quote).split("\n")]
    return "\n".join([*lines, ">", f"> ¶ {locator}"])
