"""A facilitator answers questions, plans a session and changes her mind, by keyboard alone."""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from letstalk_desktop.annotations.model import Annotation, AnnotationType, Query, SessionPlan, Visibility
from letstalk_desktop.library.text import block_at
from letstalk_desktop.ui.answer_card import AnswerCard
from letstalk_desktop.ui.answer_history import AnswerHistory
from letstalk_desktop.ui.discuss_panel import DiscussPanel
from letstalk_desktop.ui.note_card import NoteEditor
from letstalk_desktop.ui.question_card import QuestionCard
from letstalk_desktop.ui.theme import THEMES
from tests.stories.conftest import CHAPTER, WORDS, Reader

CONTROL, ALT, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
Open = Callable[[], Reader]


class Facilitator:
    """What somebody does in the Discuss panel with the keyboard."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.qtbot = reader.qtbot
        self.window = reader.window

    @property
    def panel(self) -> DiscussPanel:
        panel = self.window.findChild(DiscussPanel)
        assert panel is not None
        return panel

    def focus(self) -> QWidget:
        focused = QApplication.focusWidget()
        assert focused is not None
        return focused

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self.focus(), key, modifiers)

    def type(self, words: str) -> None:
        for part in re.findall(r"[ -~]+|[^ -~]+", words):
            if part.isascii():
                QTest.keyClicks(self.focus(), part)
            else:  # QTest has keys for ASCII only; the rest comes as from an input method
                event = QInputMethodEvent()
                event.setCommitString(part)
                QCoreApplication.sendEvent(self.focus(), event)

    def tab_to(self, kind: type[QWidget]) -> QWidget:
        for _ in range(60):
            if isinstance(self.focus(), kind):
                return self.focus()
            self.key(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not reach {kind.__name__}")

    def open_panel(self) -> Facilitator:
        self.key(Qt.Key.Key_D, CONTROL | SHIFT)
        self.qtbot.waitUntil(lambda: isinstance(self.focus(), QuestionCard))
        return self

    def open_question(self) -> QuestionCard:
        card = self.focus()
        assert isinstance(card, QuestionCard)
        self.key(Qt.Key.Key_Return)
        assert card.is_open
        self.qtbot.waitUntil(card.answers[0].isVisible)
        return card

    def to_plan(self) -> None:
        self.panel.views.setFocus(Qt.FocusReason.TabFocusReason)
        self.key(Qt.Key.Key_Right)

    def answers(self) -> list[Annotation]:
        notebook = self.window.desk.notebook
        assert notebook is not None
        return notebook.annotations(Query(types=(AnnotationType.ANSWER,)))

    def plans(self) -> list[SessionPlan]:
        notebook = self.window.desk.notebook
        assert notebook is not None
        return notebook.plans("community-organizing")

    def undo(self) -> None:
        self.reader.saved()
        self.reader.do("undo")


@pytest.fixture
def facilitator(open_reader: Open) -> Facilitator:
    return Facilitator(open_reader().start())


def test_the_questions_of_the_chapter_stand_first_with_kind_time_and_place(facilitator: Facilitator) -> None:
    facilitator.open_panel()
    resource = facilitator.window.reading.resource
    ours = {question.id: question for question in resource.questions if question.chapter == CHAPTER}
    cards = facilitator.panel.questions.cards
    assert set(cards) == set(ours)
    closing = [card for card in cards.values() if "¶" in card.words.head]
    assert len(closing) == sum(question.closing for question in ours.values())
    for identity, card in cards.items():
        assert card.words.text == ours[identity].texts["en"]
        assert f"{ours[identity].minutes} min" in card.words.head
        assert card.words.text in card.accessibleName()
    assert set(facilitator.panel.questions.headings) == {question.chapter for question in resource.questions}


def test_an_answer_is_written_in_place_and_saved_while_it_is_typed(facilitator: Facilitator) -> None:
    facilitator.open_panel()
    card = facilitator.open_question()
    facilitator.tab_to(AnswerCard)
    facilitator.key(Qt.Key.Key_Return)
    assert isinstance(facilitator.focus(), NoteEditor)
    facilitator.type("We *never* asked")
    facilitator.qtbot.waitUntil(lambda: [one.note for one in facilitator.answers()] == ["We *never* asked"], timeout=3_000)
    facilitator.type(" them.")
    facilitator.key(Qt.Key.Key_Escape)
    facilitator.reader.saved()
    [one] = facilitator.answers()
    assert (one.note, one.question, one.visibility) == ("We *never* asked them.", card.words.id, Visibility.PRIVATE)
    assert "answered" in card.words.state
    facilitator.undo()
    facilitator.qtbot.waitUntil(lambda: not facilitator.answers())
    facilitator.qtbot.waitUntil(lambda: "answered" not in card.words.state)


def test_what_is_being_typed_survives_closing_the_window(open_reader: Open) -> None:
    facilitator = Facilitator(open_reader().start()).open_panel()
    facilitator.open_question()
    facilitator.tab_to(AnswerCard)
    facilitator.key(Qt.Key.Key_Return)
    facilitator.type("«\u00a0Œuvre\u00a0»\u202f!")
    facilitator.reader.close()
    again = Facilitator(open_reader().start()).open_panel()
    again.qtbot.waitUntil(lambda: bool(again.panel.questions.answers))
    again.open_question()
    again.tab_to(AnswerCard)
    again.key(Qt.Key.Key_Return)
    again.key(Qt.Key.Key_Escape)
    again.reader.saved()
    [one] = again.answers()
    assert one.note == "«\u00a0Œuvre\u00a0»\u202f!"
    assert len(again.window.desk.notebook.history(one.id)) == 1


def test_a_passage_goes_into_the_answer_as_it_stands_in_the_text(facilitator: Facilitator) -> None:
    facilitator.open_panel()
    facilitator.open_question()
    facilitator.reader.select(WORDS)
    facilitator.reader.press(Qt.Key.Key_Q, CONTROL | SHIFT)
    assert isinstance(facilitator.focus(), NoteEditor)
    facilitator.type("Yes.")
    facilitator.key(Qt.Key.Key_Escape)
    facilitator.reader.saved()
    [one] = facilitator.answers()
    assert one.note.startswith(f"> {WORDS}\n>\n> ¶ 3.")
    assert one.note.endswith("\n\nYes.")


def test_an_answer_is_shared_and_private_again_by_key(facilitator: Facilitator) -> None:
    facilitator.open_panel()
    facilitator.open_question()
    facilitator.tab_to(AnswerCard)
    facilitator.key(Qt.Key.Key_Return)
    facilitator.type("For all")
    facilitator.key(Qt.Key.Key_Escape)
    for wanted in (Visibility.SHARED, Visibility.PRIVATE):
        facilitator.reader.saved()
        facilitator.panel.questions.focus_target.setFocus()
        facilitator.key(Qt.Key.Key_S, CONTROL | SHIFT)
        facilitator.qtbot.waitUntil(lambda wanted=wanted: [one.visibility for one in facilitator.answers()] == [wanted])


def test_an_earlier_answer_can_be_taken_up_again(facilitator: Facilitator) -> None:
    facilitator.open_panel()
    facilitator.open_question()
    for words in ("First", " and second"):
        facilitator.tab_to(AnswerCard)
        facilitator.key(Qt.Key.Key_Return)
        facilitator.key(Qt.Key.Key_End, CONTROL)
        facilitator.type(words)
        facilitator.key(Qt.Key.Key_Escape)
        facilitator.reader.saved()
    facilitator.qtbot.waitUntil(lambda: isinstance(facilitator.focus(), AnswerCard))
    facilitator.key(Qt.Key.Key_Menu)
    menu = facilitator.panel.findChild(QMenu)
    facilitator.qtbot.waitUntil(menu.isVisible)
    QTest.keyClick(menu, Qt.Key.Key_Down, delay=1)
    while menu.activeAction() is None or "History" not in menu.activeAction().text():
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    facilitator.qtbot.waitUntil(lambda: facilitator.panel.findChild(AnswerHistory) is not None)
    dialog = facilitator.panel.findChild(AnswerHistory)
    assert dialog.list.count() == 2
    QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.text.accessibleName() == "First"
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    facilitator.qtbot.waitUntil(lambda: [one.note for one in facilitator.answers()] == ["First"])


def test_an_answer_is_deleted_at_once_and_comes_back(facilitator: Facilitator) -> None:
    facilitator.open_panel()
    facilitator.open_question()
    facilitator.tab_to(AnswerCard)
    facilitator.key(Qt.Key.Key_Return)
    facilitator.type("Gone?")
    facilitator.key(Qt.Key.Key_Escape)
    facilitator.reader.saved()
    facilitator.tab_to(AnswerCard)
    facilitator.key(Qt.Key.Key_Delete)
    facilitator.reader.saved()
    assert facilitator.answers() == []
    facilitator.undo()
    facilitator.qtbot.waitUntil(lambda: [one.note for one in facilitator.answers()] == ["Gone?"])


def test_a_link_of_the_card_goes_to_its_passage(facilitator: Facilitator) -> None:
    facilitator.open_panel()
    card = facilitator.open_question()
    question = facilitator.panel.questions.question(card.words.id)
    facilitator.qtbot.waitUntil(lambda: len(card.stops()) > 6 and card.stops()[1].isVisible())
    facilitator.key(Qt.Key.Key_Tab)
    assert facilitator.focus().accessibleName().startswith("Paragraph 3.")
    facilitator.key(Qt.Key.Key_Return)
    reading = facilitator.window.reading
    block = block_at(reading.chapter, reading.page.caret_place())
    assert (reading.chapter.id, block.id) == (CHAPTER, question.blocks[0])
    assert facilitator.window.reading.page.hasFocus()


def test_a_session_is_planned_ordered_and_timed_by_key(facilitator: Facilitator) -> None:
    facilitator.open_panel()
    first = facilitator.focus().words.id
    facilitator.key(Qt.Key.Key_Insert)
    facilitator.key(Qt.Key.Key_Down)
    second = facilitator.focus().words.id
    facilitator.key(Qt.Key.Key_Insert)
    facilitator.key(Qt.Key.Key_Insert)  # it stands there already
    facilitator.to_plan()
    facilitator.tab_to(type(facilitator.panel.plan.list))
    facilitator.key(Qt.Key.Key_Down)
    facilitator.key(Qt.Key.Key_Up, ALT)
    facilitator.key(Qt.Key.Key_Plus, times=3)
    facilitator.reader.saved()
    [plan] = facilitator.plans()
    minutes = {question.id: question.minutes for question in facilitator.window.reading.resource.questions}
    assert plan.steps == ((minutes[second] + 3, second, ""), (minutes[first], first, ""))
    assert f"{sum(step[0] for step in plan.steps)} minutes in all" in facilitator.panel.plan.total.text()
    guidance = facilitator.panel.questions.question(second).guidance["en"]
    assert guidance.split(".")[0] in facilitator.panel.plan.detail.guidance.toPlainText()
    for expected in (minutes[second], minutes[first]):  # the minutes were one gesture; then the order
        facilitator.undo()
        facilitator.qtbot.waitUntil(lambda wanted=expected: facilitator.plans()[0].steps[0][0] == wanted)


def test_what_to_do_in_a_step_is_written_and_the_step_taken_out(facilitator: Facilitator) -> None:
    facilitator.open_panel()
    facilitator.to_plan()
    facilitator.tab_to(type(facilitator.panel.plan.start))
    facilitator.key(Qt.Key.Key_Space)
    assert facilitator.focus() is facilitator.panel.plan.add
    facilitator.key(Qt.Key.Key_Space)
    facilitator.type("Coffee for Œuvre")
    facilitator.key(Qt.Key.Key_Escape)
    facilitator.reader.saved()
    assert [plan.steps for plan in facilitator.plans()] == [((5, "", "Coffee for Œuvre"),)]
    facilitator.key(Qt.Key.Key_Delete)
    facilitator.reader.saved()
    assert facilitator.plans()[0].steps == ()
    facilitator.undo()
    facilitator.qtbot.waitUntil(lambda: facilitator.plans()[0].steps == ((5, "", "Coffee for Œuvre"),))


def test_a_ready_made_plan_is_copied_renamed_and_deleted(facilitator: Facilitator) -> None:
    facilitator.open_panel()
    facilitator.to_plan()
    view = facilitator.panel.plan
    ready = facilitator.window.reading.resource.plans[0]
    view.start_ready.setFocus()
    facilitator.key(Qt.Key.Key_Space)
    menu = view.findChild(QMenu)
    facilitator.qtbot.waitUntil(menu.isVisible)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    facilitator.reader.saved()
    [plan] = facilitator.plans()
    assert plan.title == ready.titles["en"]
    assert [(step[0], step[1]) for step in plan.steps] == [(step[0], step[1]) for step in ready.steps]
    assert view.list.rows_model.rowCount() == len(ready.steps)
    view.rename()
    dialog = view.findChild(QDialog)
    QTest.keyClicks(dialog.field, "Tuesday")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    facilitator.reader.saved()
    assert facilitator.plans()[0].title == "Tuesday"
    assert view.choice.currentText() == "Tuesday"
    view.delete()
    facilitator.reader.saved()
    assert facilitator.plans() == []
    assert view.empty.isVisible()
    facilitator.undo()
    facilitator.qtbot.waitUntil(lambda: view.choice.currentText() == "Tuesday")


def test_a_step_is_dragged_to_its_place(facilitator: Facilitator) -> None:
    facilitator.open_panel()
    facilitator.panel.plan.copy_ready("plan-30")
    facilitator.panel.show_view(1)
    facilitator.key(Qt.Key.Key_End)
    facilitator.key(Qt.Key.Key_Home)
    model = facilitator.panel.plan.list.rows_model
    before = facilitator.panel.book.current.steps
    carried = model.mimeData([model.index(0, 0)])
    assert model.dropMimeData(carried, Qt.DropAction.MoveAction, 3, 0, model.index(-1, 0)) is False
    assert facilitator.panel.book.current.steps == (*before[1:3], before[0], *before[3:])
    carried = model.mimeData([model.index(2, 0)])
    model.dropMimeData(carried, Qt.DropAction.MoveAction, 0, 0, model.index(-1, 0))
    assert facilitator.panel.book.current.steps == before


def test_looking_at_a_french_plan_does_not_change_it(facilitator: Facilitator) -> None:
    facilitator.window.switch_language()
    facilitator.open_panel()
    facilitator.panel.plan.copy_ready("plan-60")
    facilitator.panel.show_view(1)
    facilitator.qtbot.waitUntil(facilitator.panel.plan.list.hasFocus)
    before = facilitator.panel.book.current
    assert any("\u00a0" in text for _minutes, _question, text in before.steps)
    facilitator.key(Qt.Key.Key_Down, times=len(before.steps))
    facilitator.panel.store()
    assert facilitator.panel.book.current == before


def show_and_close(facilitator: Facilitator) -> weakref.ref[QWidget]:
    facilitator.panel.plan.rename()
    dialog = facilitator.panel.plan.findChild(QDialog)
    dialog.reject()
    return weakref.ref(dialog)


@pytest.mark.usefixtures("no_collecting")
def test_cards_and_dialogs_are_gone_when_they_are_closed(facilitator: Facilitator) -> None:
    facilitator.open_panel()
    facilitator.open_question()
    facilitator.panel.plan.copy_ready("plan-30")
    card = weakref.ref(facilitator.panel.questions.cards[facilitator.panel.questions.opened].answers[0])
    facilitator.window.reading.page.setFocus()
    gone = show_and_close(facilitator)
    facilitator.panel.questions.toggle_card(facilitator.panel.questions.opened)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert gone() is None
    assert card() is None


def make_and_drop(facilitator: Facilitator) -> list[weakref.ref[QWidget]]:
    panel = DiscussPanel(facilitator.window.desk, facilitator.window)
    panel.retranslate(facilitator.window.translator)
    panel.set_theme(THEMES["dark"])
    panel.show_place(facilitator.window.reading.resource, facilitator.window.reading.chapter)
    panel.questions.open_card(panel.focus_target.words.id)
    panel.plan.copy_ready("plan-30")
    facilitator.reader.saved()
    panel.deleteLater()
    return [weakref.ref(part) for part in (panel, panel.questions, panel.plan, panel.plan.detail, panel.book)]


@pytest.mark.usefixtures("no_collecting")
def test_a_panel_is_gone_when_it_is_dropped(facilitator: Facilitator) -> None:
    gone = make_and_drop(facilitator)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    facilitator.qtbot.waitUntil(lambda: [part() for part in gone] == [None] * 5)
