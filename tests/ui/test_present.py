"""The room's view and the presenter's window: what stands on which, which keys lead on, and that both are freed."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from letstalk_desktop.annotations.presenting import Cue, Show, Slide, SlideKind
from letstalk_desktop.language import translator
from letstalk_desktop.ui.present import Look, Presentation, rooms_screen
from letstalk_desktop.ui.room_view import RoomView
from letstalk_desktop.ui.theme import THEMES

ENGLISH = translator("en", None)
SECRET = "Ask Rosa first"
SLIDES = (
    Slide("a", SlideKind.QUESTION, "Recall", "What stands out?", "¶ 1.5", 2, (("1.1", "A passage\u202f!"),), ("For *all*",)),
    Slide("b", SlideKind.STEP, "Step 2 of 3", "", minutes=1),
    Slide("c", SlideKind.PASSAGE, "3 · Concepts", "L’œuvre « commune » 🙂", "¶ 3.2"),
)
SHOW = Show(SLIDES, (Cue(SECRET, SECRET), Cue("", SECRET), Cue()))


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def begin(window: QWidget) -> Iterator[Callable[..., Presentation]]:
    begun: list[Presentation] = []

    def started(show: Show = SHOW, theme: str = "light", scale: float = 1.0, two: bool = False) -> Presentation:
        look = Look(THEMES[theme], "Source Serif 4", scale)
        screens = lambda window: (window.screen(), window.screen() if two else None)  # noqa: E731
        begun.append(Presentation(window, ENGLISH, look, show, Clock(), screens))
        begun[-1].begin()
        return begun[-1]

    yield started
    for one in begun:
        one.room.close()


def words_on(view: QWidget) -> str:
    """Every word on a window, in labels and for screen readers."""
    labels = [label.text() for label in view.findChildren(QLabel)]
    return "\n".join(labels + [part.accessibleName() + part.accessibleDescription() for part in view.findChildren(QWidget)])


@pytest.mark.parametrize(
    ("others", "index"),
    [
        ([], -1),
        ([QRect(0, 0, 1920, 1080)], -1),  # a mirror
        ([QRect(0, 0, 1280, 720)], -1),  # a mirror with fewer pixels
        ([QRect(1920, 0, 1280, 720)], 0),
        ([QRect(0, 0, 1920, 1080), QRect(-800, 0, 800, 600)], 1),
    ],
)
def test_the_rooms_screen_shows_something_else_than_ours(others: list[QRect], index: int) -> None:
    assert rooms_screen(QRect(0, 0, 1920, 1080), others) == index


@pytest.mark.parametrize(
    ("key", "modifiers", "index"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 2),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, 2),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, 2),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, 2),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, 2),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, 2),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier, 0),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_X, Qt.KeyboardModifier.NoModifier, 1),
    ],
)
def test_the_keys_of_presenting(
    begin: Callable[..., Presentation], key: Qt.Key, modifiers: Qt.KeyboardModifier, index: int
) -> None:
    shown = begin()
    shown.go_to(1)
    QTest.keyClick(shown.room, key, modifiers)
    assert shown.index == index


def test_the_ends_hold(begin: Callable[..., Presentation]) -> None:
    shown = begin()
    shown.step(-1)
    assert shown.index == 0
    shown.step(5)
    assert shown.index == 2


@pytest.mark.parametrize("key", [Qt.Key.Key_B, Qt.Key.Key_Period])
def test_a_blank_screen_shows_nothing_until_it_is_asked_to(begin: Callable[..., Presentation], key: Qt.Key) -> None:
    shown = begin()
    QTest.keyClick(shown.room, key)
    assert shown.room.blank.isVisible()
    assert not shown.room.text.isVisible()
    QTest.keyClick(shown.room, key)
    assert not shown.room.blank.isVisible()
    assert shown.room.text.text() == "What stands out?"


@pytest.mark.parametrize("two", [False, True])
def test_the_room_never_sees_what_is_the_facilitators(begin: Callable[..., Presentation], two: bool) -> None:
    shown = begin(two=two)
    for _ in SLIDES:
        for key in (Qt.Key.Key_T, Qt.Key.Key_P, Qt.Key.Key_Question, Qt.Key.Key_F1, Qt.Key.Key_G, Qt.Key.Key_N, Qt.Key.Key_R):
            QTest.keyClick(shown.room, key)
            assert SECRET not in words_on(shown.room) + shown.room.words() + shown.room.accessibleName()
        shown.step(1)
    assert (shown.presenter is not None) is two


def test_the_presenters_window_has_guidance_and_what_comes_next(begin: Callable[..., Presentation]) -> None:
    shown = begin(two=True)
    presenter = shown.presenter
    assert presenter is not None
    assert (presenter.guidance.text(), presenter.todo.text()) == (SECRET, SECRET)
    assert presenter.next.text() == "1 min · Step 2 of 3"
    QTest.keyClick(presenter, Qt.Key.Key_End)
    assert shown.index == 2
    assert presenter.next.text() == "This is the last one."
    assert not presenter.guidance.isVisible()


def test_guidance_goes_when_its_screen_does(begin: Callable[..., Presentation], window: QWidget) -> None:
    shown = begin(two=True)
    shown._screens = lambda window: (window.screen(), None)
    shown._on_screens_changed()
    assert shown.presenter is None
    assert shown.room.isVisible()


def test_each_slide_has_its_time(begin: Callable[..., Presentation]) -> None:
    shown = begin()
    shown._now.now = 30
    shown._show_time()
    assert shown.room.time.text() == "1:30"
    QTest.keyClick(shown.room, Qt.Key.Key_Right)
    shown._now.now = 95
    shown._show_time()
    assert shown.room.text.text() == "+0:05"  # a step without words shows its time in large type
    QTest.keyClick(shown.room, Qt.Key.Key_P)
    shown._now.now = 300
    shown._show_time()
    assert shown.room.time.text().endswith("+0:05")
    QTest.keyClick(shown.room, Qt.Key.Key_R)
    assert shown.room.time.text().endswith("1:00")


def test_passages_are_shown_when_asked_for(begin: Callable[..., Presentation]) -> None:
    shown = begin()
    assert "A passage" not in shown.room.words()
    QTest.keyClick(shown.room, Qt.Key.Key_T)
    assert "A passage\u202f!" in shown.room.words()
    shown.step(1)
    shown.step(-1)
    assert "A passage" not in shown.room.words()


def test_what_is_no_longer_shared_goes_from_the_screen(begin: Callable[..., Presentation]) -> None:
    shown = begin()
    assert "For all" in shown.room.words()
    shown.show_again(Show((SLIDES[1], SLIDES[0]._replace(shared=())), (Cue(), Cue())))
    assert shown.index == 1
    assert "For all" not in shown.room.words() + words_on(shown.room)


@pytest.mark.parametrize("theme", list(THEMES))
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_long_slide_is_read_to_its_end(begin: Callable[..., Presentation], theme: str, scale: float) -> None:
    long = Slide("long", SlideKind.PASSAGE, "1 · Title", "Des mots très longs pour tout le monde. " * 60)
    shown = begin(Show((long, SLIDES[2]), (Cue(), Cue())), theme, scale)
    room = shown.room
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert room.area.horizontalScrollBar().maximum() == 0
    room.area.widget().adjustSize()
    presses = 0
    while shown.index == 0 and presses < 40:
        QTest.keyClick(room, Qt.Key.Key_Space)
        presses += 1
    assert presses > 1
    assert shown.index == 1


def open_and_leave(shown: Presentation) -> list[weakref.ref[object]]:
    found: list[weakref.ref[object]] = [weakref.ref(shown), weakref.ref(shown.room), weakref.ref(shown.presenter)]
    QTest.keyClick(shown.room, Qt.Key.Key_Escape)
    return found


@pytest.mark.usefixtures("no_collecting")
def test_everything_is_freed_on_leaving(qtbot: QtBot, window: QWidget) -> None:
    look = Look(THEMES["dark"], "Source Serif 4", 1.0)
    shown = Presentation(window, ENGLISH, look, SHOW, Clock(), lambda one: (one.screen(), one.screen()))
    shown.begin()
    gone = open_and_leave(shown)
    del shown
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [one() for one in gone] == [None, None, None]
    assert window.findChild(RoomView) is None
