"""Each of the six ways to think and find, from the first key to the last: whoever has only keys can do all of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QMenu, QWidget

from letstalk_desktop.annotations.model import AnnotationType, Kind, Query, Visibility
from letstalk_desktop.ui.concept_map import ConceptMap
from letstalk_desktop.ui.concept_page import PASSAGE
from letstalk_desktop.ui.concepts_panel import ConceptsPanel
from letstalk_desktop.ui.discuss_panel import DiscussPanel
from letstalk_desktop.ui.export_dialog import ExportDialog
from letstalk_desktop.ui.notes_panel import NotesPanel
from letstalk_desktop.ui.popups import Popup
from letstalk_desktop.ui.present import Presentation
from letstalk_desktop.ui.present_choice import PresentDialog
from letstalk_desktop.ui.room_view import RoomView
from letstalk_desktop.ui.search_panel import SearchPanel
from tests.stories.conftest import Reader

NO, CONTROL, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key
FIRST = "Three rental buildings stand"  # the first words of paragraph 3.1


class Hands:
    """Two hands on the keyboard, and eyes."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.window = reader.window
        self.wait = reader.qtbot.waitUntil

    @property
    def focus(self) -> QWidget:
        """Where a key goes: the open menu, else what has the focus."""
        popup = QApplication.activePopupWidget()
        found = (popup.focusWidget() or popup) if popup is not None else QApplication.focusWidget()
        assert found is not None
        return found

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self.focus, key, modifiers)

    def type(self, words: str) -> None:
        QTest.keyClicks(self.focus, words)

    def tab_to(self, name: str, key: Qt.Key = Key.Key_Tab) -> None:
        """Press Tab until what has the focus says this name."""
        said = []
        for _ in range(70):
            focus = self.focus
            text = getattr(focus, "text", None)
            words = focus.accessibleName() or (text() if callable(text) else "")
            if words.replace("&", "").startswith(name):
                return
            said.append(words)
            self.key(key, SHIFT if key == Key.Key_Backtab else NO)
        raise AssertionError((name, said))

    def pick(self, words: str) -> None:
        """Go down the open menu to an entry and choose it."""
        self.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        for _ in range(2 * len(menu.actions())):
            active = menu.activeAction()
            if active is not None and active.text().replace("&", "").startswith(words):
                self.key(Key.Key_Return)
                return
            self.key(Key.Key_Down)
        raise AssertionError([action.text() for action in menu.actions()])

    def asked(self) -> None:
        """A dialog has the keyboard."""

        def ready() -> bool:
            dialog = QApplication.activeModalWidget()
            return isinstance(dialog, QDialog) and dialog.isAncestorOf(self.focus)

        self.wait(ready)

    def back(self) -> None:
        """A dialog or a menu has closed: the window has the keyboard again (the off-screen platform forgets to give it)."""
        self.wait(lambda: not QApplication.activeModalWidget())
        self.window.activateWindow()
        self.wait(self.window.isActiveWindow)

    def select(self, locator: str, words: int) -> None:
        """Go to a paragraph and select its first words."""
        self.key(Key.Key_G, CONTROL)
        self.asked()
        self.key(Key.Key_A, CONTROL)
        self.type(locator)
        self.key(Key.Key_Return)
        self.back()
        self.wait(self.window.reading.page.hasFocus)
        self.key(Key.Key_Right, CONTROL | SHIFT, words)

    def undo(self) -> None:
        self.reader.saved()
        self.key(Key.Key_Z, CONTROL)

    def find(self, kind: type[QWidget]) -> QWidget:
        self.wait(lambda: self.window.findChild(kind) is not None, timeout=10_000)
        found = self.window.findChild(kind)
        assert isinstance(found, kind)
        return found


@pytest.fixture
def hands(open_reader: Callable[[], Reader]) -> Hands:
    return Hands(open_reader().start())


def test_a_concept_is_made_linked_met_merged_and_the_merging_undone(hands: Hands) -> None:
    hands.key(Key.Key_K, CONTROL | SHIFT)
    panel = hands.find(ConceptsPanel)
    assert isinstance(panel, ConceptsPanel)
    hands.wait(panel.list.hasFocus)
    hands.key(Key.Key_Insert)
    hands.asked()
    hands.type("kitchen table")
    hands.key(Key.Key_Return)
    hands.back()
    hands.wait(panel.page.hasFocus)
    own = panel.concept
    hands.key(Key.Key_Escape)
    hands.select("3.1", 4)
    hands.key(Key.Key_K, CONTROL)
    hands.asked()
    for term in ("kitchen table", "base"):
        hands.type(term)
        hands.key(Key.Key_Escape) if isinstance(QApplication.activePopupWidget(), QWidget) else None
        hands.key(Key.Key_Return)
    hands.key(Key.Key_Return)
    hands.back()
    hands.reader.saved()
    [one] = hands.reader.marks()
    assert one.anchor.exact.startswith(FIRST)
    assert one.concepts == (own, "base")

    hands.key(Key.Key_K, CONTROL | SHIFT)
    hands.wait(lambda: any(row.style == PASSAGE for row in panel.page.rows_model.rows))
    hands.tab_to("What can be done with this concept")
    hands.key(Key.Key_Space)
    hands.pick("Merge into another")
    hands.asked()
    hands.type("house m")
    hands.key(Key.Key_Down)
    hands.key(Key.Key_Return)
    hands.back()
    hands.wait(lambda: panel.concept == "house-meeting")
    hands.reader.saved()
    assert hands.reader.marks()[0].concepts == ("house-meeting", "base")
    hands.undo()
    hands.wait(lambda: hands.reader.marks()[0].concepts == (own, "base"))


def test_a_term_in_the_text_opens_its_pop_up_and_the_passages(hands: Hands) -> None:
    hands.select("3.1", 4)
    hands.key(Key.Key_K, CONTROL)
    hands.asked()
    hands.type("community organizer")
    hands.key(Key.Key_Escape) if isinstance(QApplication.activePopupWidget(), QWidget) else None
    hands.key(Key.Key_Return, times=2)
    hands.back()
    hands.reader.saved()
    hands.key(Key.Key_Tab)  # the next link of the page
    while "concept:community-organizer" not in hands.window.reading.page.textCursor().charFormat().anchorHref():
        hands.key(Key.Key_Tab)
    hands.key(Key.Key_Return)
    popup = hands.find(Popup)
    hands.wait(lambda: "1 of your passages" in [label.text() for label in popup.findChildren(QLabel)])
    hands.tab_to("All passages")
    hands.key(Key.Key_Space)
    panel = hands.find(ConceptsPanel)
    assert isinstance(panel, ConceptsPanel)
    assert panel.concept == "community-organizer"


def test_the_map_is_walked_left_for_its_list_and_saved(hands: Hands, tmp_path: Path) -> None:
    hands.key(Key.Key_G, CONTROL | SHIFT)
    found = hands.find(ConceptMap)
    assert isinstance(found, ConceptMap)
    hands.wait(lambda: found.picture is not None, timeout=20_000)
    hands.wait(found.view.hasFocus)
    first = found.view.current
    hands.key(Key.Key_Down)
    assert found.view.current != first
    assert found.list.current_id() == found.view.current
    hands.tab_to("Concepts")
    hands.key(Key.Key_Home)
    assert found.view.current == found.list.current_id() != first
    hands.tab_to("Save picture")
    hands.key(Key.Key_Space)
    dialog = hands.find(QFileDialog)
    hands.wait(lambda: dialog.isAncestorOf(hands.focus))
    hands.key(Key.Key_A, CONTROL)
    hands.type(str(tmp_path / "map.png"))
    hands.key(Key.Key_Return)
    hands.wait(lambda: (tmp_path / "map.png").exists())
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_notes_are_filtered_changed_together_taken_back_and_exported(hands: Hands) -> None:
    for locator, key in (("3.1", Key.Key_1), ("3.2", Key.Key_2), ("3.3", Key.Key_3)):
        hands.select(locator, 3)
        hands.key(key)
    hands.reader.saved()
    hands.key(Key.Key_N, CONTROL | SHIFT)
    panel = hands.find(NotesPanel)
    assert isinstance(panel, NotesPanel)
    hands.wait(lambda: len(panel.model.rows) == 3)
    hands.tab_to("Notes and highlights")
    hands.key(Key.Key_Home)
    hands.key(Key.Key_Down, SHIFT)
    hands.key(Key.Key_4)
    hands.reader.saved()
    assert sorted(one.kind for one in hands.reader.marks()) == sorted([Kind.ACTION, Kind.ACTION, Kind.QUESTION])
    hands.tab_to("Filters", Key.Key_Backtab)
    hands.key(Key.Key_Space)
    hands.tab_to("Kind")
    while panel.options.boxes["kind"].currentData() != Kind.ACTION:
        hands.key(Key.Key_Down)
    hands.wait(lambda: len(panel.model.rows) == 2)
    hands.undo()
    hands.wait(lambda: not panel.model.rows)  # none is an action any more
    hands.tab_to("Show all")
    hands.key(Key.Key_Space)
    hands.wait(lambda: len(panel.model.rows) == 3)
    hands.tab_to("Notes and highlights")
    hands.key(Key.Key_A, CONTROL)
    hands.tab_to("3 selected")
    hands.key(Key.Key_Space)
    hands.pick("Export these notes")
    dialog = hands.find(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    assert len(dialog._ids) == 3
    hands.key(Key.Key_Escape)


def test_what_is_searched_is_opened_walked_and_put_away(hands: Hands) -> None:
    hands.key(Key.Key_F, CONTROL | SHIFT)
    hands.type('"house meeting"')
    panel = hands.find(SearchPanel)
    assert isinstance(panel, SearchPanel)
    hands.wait(lambda: any(hit.kind == "text" for hit in panel.model.rows), timeout=60_000)
    hands.key(Key.Key_Down)
    assert panel.list.hasFocus()
    while panel.model.rows[panel.list.currentIndex().row()].kind != "text":
        hands.key(Key.Key_Down)
    hands.key(Key.Key_Return)
    reading = hands.window.reading
    hands.wait(lambda: reading.page.hasFocus() and bool(reading._hits))
    assert all("meeting" in hands.reader.text[start:end].casefold() for start, end in reading._hits)
    before = reading._hit
    hands.key(Key.Key_F3)
    assert reading._hit == (before + 1) % len(reading._hits)
    hands.key(Key.Key_F, CONTROL | SHIFT)
    hands.key(Key.Key_Down)
    hands.tab_to("Exactly as written", Key.Key_Backtab)
    hands.key(Key.Key_Space)
    assert panel.exact
    hands.wait(lambda: hands.window.searching._answered == hands.window.searching._serial)
    assert panel.has_hits
    hands.key(Key.Key_Escape)
    hands.wait(lambda: not panel.isVisible())


def test_a_question_is_answered_and_a_ready_made_plan_made_ones_own(hands: Hands) -> None:
    hands.select("3.1", 4)
    hands.key(Key.Key_D, CONTROL | SHIFT)
    panel = hands.find(DiscussPanel)
    assert isinstance(panel, DiscussPanel)
    hands.wait(lambda: panel.isAncestorOf(hands.focus))
    hands.key(Key.Key_Return)
    hands.wait(lambda: bool(panel.questions.opened) and panel.questions.cards[panel.questions.opened].answers[0].isVisible())
    hands.tab_to("Put the passage in")
    hands.key(Key.Key_Space)
    hands.type("We begin there.")
    hands.key(Key.Key_Escape)
    hands.reader.saved()
    notebook = hands.window.desk.notebook
    [answer] = notebook.annotations(Query(types=(AnnotationType.ANSWER,)))
    assert answer.note.startswith(f"> {FIRST}")
    assert answer.note.endswith("We begin there.")

    hands.tab_to("Questions or session plan", Key.Key_Backtab)
    hands.key(Key.Key_Right)
    hands.tab_to("From a ready-made plan")
    hands.key(Key.Key_Space)
    hands.pick("30 minutes")
    hands.reader.saved()
    [plan] = notebook.plans("community-organizing")
    hands.back()
    hands.wait(panel.plan.list.hasFocus)
    hands.key(Key.Key_Home)
    hands.key(Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    hands.key(Key.Key_Plus, times=2)
    hands.reader.saved()
    [changed] = notebook.plans("community-organizing")
    minutes, *what = plan.steps[0]
    assert changed.steps[:2] == (plan.steps[1], (minutes + 2, *what))
    assert "32 minutes" in panel.plan.total.text()
    hands.tab_to("What to do with this plan", Key.Key_Backtab)
    hands.key(Key.Key_Space)
    hands.pick("Rename")
    hands.asked()
    hands.key(Key.Key_A, CONTROL)
    hands.type("Tuesday")
    hands.key(Key.Key_Return)
    hands.back()
    hands.reader.saved()
    assert [one.title for one in notebook.plans("community-organizing")] == ["Tuesday"]
    hands.tab_to("What to do with this plan")
    hands.key(Key.Key_Space)
    hands.pick("Delete")
    hands.back()
    hands.reader.saved()
    assert notebook.plans("community-organizing") == []
    hands.undo()
    hands.wait(lambda: [one.title for one in notebook.plans("community-organizing")] == ["Tuesday"])


def test_a_shared_note_is_presented_a_private_one_is_not_and_the_screen_goes_blank(hands: Hands) -> None:
    for locator, words in (("3.1", "Said aloud"), ("3.2", "Kept for me")):
        hands.select(locator, 4)
        hands.key(Key.Key_M, CONTROL)
        hands.wait(lambda: bool(hands.window.reading.margin.editing()))
        hands.type(words)
        hands.key(Key.Key_Escape)
        if words == "Said aloud":
            hands.key(Key.Key_S, CONTROL | SHIFT)
        hands.reader.saved()
    assert {one.note: one.visibility for one in hands.reader.marks()} == {
        "Said aloud": Visibility.SHARED,
        "Kept for me": Visibility.PRIVATE,
    }
    hands.key(Key.Key_P, CONTROL | SHIFT)
    dialog = hands.find(PresentDialog)
    hands.wait(lambda: dialog.isAncestorOf(hands.focus))
    hands.key(Key.Key_Down)
    hands.key(Key.Key_Return)
    room = hands.find(RoomView)
    assert isinstance(room, RoomView)
    hands.wait(lambda: FIRST in room.words())
    assert "Said aloud" in room.words()
    hands.key(Key.Key_B)
    assert room.words() == ""
    hands.key(Key.Key_B)
    hands.key(Key.Key_Right)
    hands.wait(lambda: room.place.text() == "2 / 2")
    assert "Kept for me" not in room.words()
    hands.key(Key.Key_Escape)
    hands.wait(lambda: hands.window.findChild(Presentation) is None)
