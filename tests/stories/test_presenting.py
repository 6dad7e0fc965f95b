"""A facilitator presents to a room, by keyboard alone, and nothing private is on the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from letstalk_desktop.annotations.discussing import chapter_questions, new_answer
from letstalk_desktop.annotations.model import Visibility
from letstalk_desktop.ui.desk import new_id
from letstalk_desktop.ui.discuss_panel import PLAN as PLAN_VIEW
from letstalk_desktop.ui.discuss_panel import DiscussPanel
from letstalk_desktop.ui.present import Presentation
from letstalk_desktop.ui.present_choice import PLAN, QUESTIONS, PresentDialog
from letstalk_desktop.ui.question_card import QuestionCard
from letstalk_desktop.ui.room_view import RoomView
from tests.stories.conftest import CHAPTER, WORDS, Reader

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SECRET, SHARED = "Only for me 🤫", "For everybody\u202f!"
Open = Callable[[], Reader]


@pytest.fixture
def reader(open_reader: Open) -> Reader:
    return open_reader().start()


def wish(reader: Reader) -> None:
    """Ctrl+Shift+P."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_P, CONTROL | SHIFT)


def room(reader: Reader) -> RoomView:
    reader.qtbot.waitUntil(lambda: reader.window.findChild(RoomView) is not None, timeout=10_000)
    found = reader.window.findChild(RoomView)
    reader.qtbot.waitUntil(lambda: bool(found.words()))
    return found


def choice(reader: Reader) -> PresentDialog:
    reader.qtbot.waitUntil(lambda: reader.window.findChild(PresentDialog) is not None, timeout=10_000)
    return reader.window.findChild(PresentDialog)


def leave(reader: Reader, view: RoomView) -> None:
    QTest.keyClick(view, Qt.Key.Key_Escape)
    reader.qtbot.waitUntil(lambda: reader.window.findChild(Presentation) is None)
    reader.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)


def all_words(view: RoomView) -> str:
    """Everything on the room's screen, slide after slide, with the passages too."""
    found = []
    count = int(view.place.text().split("/")[1])
    QTest.keyClick(view, Qt.Key.Key_Home)
    for _ in range(count):
        for key in (Qt.Key.Key_T, Qt.Key.Key_Question, Qt.Key.Key_P):
            QTest.keyClick(view, key)
        found += [view.words(), view.accessibleName(), view.accessibleDescription()]
        found += [label.text() for label in view.findChildren(QLabel)]
        found += [part.accessibleName() + part.toolTip() for part in view.findChildren(QWidget)]
        QTest.keyClick(view, Qt.Key.Key_Right)
    return "\n".join(found)


def write_answers(reader: Reader) -> None:
    """A private answer and a shared one to every question of the chapter."""
    resource, made = reader.window.reading.resource, []
    for question in chapter_questions(resource, CHAPTER):
        for note, visibility in ((SECRET, Visibility.PRIVATE), (SHARED, Visibility.SHARED)):
            one = new_answer(new_id(), resource, question, "en", "Rosa")
            made.append(one.changed(note=note, visibility=visibility))
    reader.window.desk.do("Write answer", annotations=made)
    reader.saved()


def test_the_questions_of_the_chapter_are_presented_at_once_where_there_is_nothing_else(reader: Reader) -> None:
    wish(reader)
    view = room(reader)
    questions = chapter_questions(reader.window.reading.resource, CHAPTER)
    assert view.isFullScreen()
    assert view.text.text() == questions[0].texts["en"]
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.text.text() == questions[1].texts["en"]
    assert view.place.text() == f"2 / {len(questions)}"
    QTest.keyClick(view, Qt.Key.Key_Period)
    assert view.words() == ""
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.text.text() == questions[0].texts["en"]
    leave(reader, view)
    assert not reader.window.isFullScreen()


def test_nothing_private_and_no_guidance_is_ever_on_the_screen(reader: Reader) -> None:
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.do("add-note")
    reader.write("PRIVATE NOTE")
    write_answers(reader)
    reader.window.show_panel(3)
    panel = reader.window.findChild(DiscussPanel)
    panel.show_view(PLAN_VIEW)
    panel.plan.copy_ready("plan-60")
    panel.plan.list.setCurrentIndex(panel.plan.list.rows_model.index(1, 0))
    reader.saved()
    resource = reader.window.reading.resource
    hidden = [SECRET, "PRIVATE NOTE", *(question.guidance["en"] for question in resource.questions)]
    hidden += [text["en"] for plan in resource.plans for _minutes, _question, text in plan.steps if text]
    for row in range(4):
        reader.qtbot.waitUntil(lambda: reader.window.findChild(PresentDialog) is None)
        wish(reader)
        dialog = choice(reader)
        assert sum(1 for source in dialog.sources if source.amount) == 4
        dialog.list.setCurrentRow(row)
        kind = dialog.sources[row].kind
        QTest.keyClick(dialog.list, Qt.Key.Key_Return)
        view = room(reader)
        words = all_words(view)
        assert [secret for secret in hidden if secret in words] == []
        if kind == QUESTIONS:
            assert SHARED in words
        leave(reader, view)


def test_the_plan_at_hand_is_offered_first(reader: Reader) -> None:
    QTest.keyClick(reader.window.page, Qt.Key.Key_D, CONTROL | SHIFT)
    reader.qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QuestionCard))
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Insert)
    reader.saved()
    wish(reader)
    dialog = choice(reader)
    assert dialog.sources[dialog.list.currentRow()].kind == PLAN
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    view = room(reader)
    assert view.place.text() == "1 / 1"
    leave(reader, view)


def test_a_note_that_becomes_private_leaves_the_screen(reader: Reader) -> None:
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.do("add-note")
    reader.write("Said aloud")
    reader.window.desk.set_shared(reader.marks()[0], True)
    reader.saved()
    wish(reader)
    dialog = choice(reader)
    QTest.keyClick(dialog.list, Qt.Key.Key_End)
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    view = room(reader)
    assert view.text.text() == WORDS
    assert "Said aloud" in view.words()
    reader.window.desk.set_shared(reader.marks()[0], False)
    reader.qtbot.waitUntil(lambda: "Said aloud" not in view.words())
    assert view.text.text() == WORDS
    leave(reader, view)


def test_where_there_is_nothing_it_says_what_to_do(reader: Reader) -> None:
    reader.window.open_resource("using-letstalk")
    wish(reader)
    if not reader.window.reading.resource.questions:
        dialog = choice(reader)
        words = [dialog.list.item(row).text() for row in range(dialog.list.count())]
        assert any("Insert" in text for text in words)
        assert any("1 to 6" in text for text in words)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    else:
        leave(reader, room(reader))


def test_closing_the_window_ends_the_presentation(reader: Reader) -> None:
    wish(reader)
    view = room(reader)
    reader.close()
    assert not view.isVisible()
