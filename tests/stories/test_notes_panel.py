"""A reader orders her notes: finds, changes and deletes many at once, looks into their past. By keyboard alone."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QPushButton, QWidget

from letstalk_desktop.annotations.model import Annotation, Kind
from letstalk_desktop.ui.dialogs import Dialog
from letstalk_desktop.ui.export_dialog import ExportDialog
from letstalk_desktop.ui.note_history import NoteHistory
from letstalk_desktop.ui.notes_choice import Group
from letstalk_desktop.ui.notes_gestures import LinkDialog
from letstalk_desktop.ui.notes_panel import NotesPanel
from tests.stories.conftest import WORDS, Reader

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
Key = Qt.Key
Open = Callable[[], Reader]
LISTENING = "What is the organizer listening for?"
STREET = "Three rental buildings stand on Maple Street"


@pytest.fixture
def reader(open_reader: Open) -> Reader:
    """A window with three marked passages, two of them with a note, and a bookmark in another chapter."""
    opened = open_reader().start("power-and-health-equity")
    opened.press(Key.Key_B, CONTROL)
    opened.window.open_chapter("central-concepts")
    for words, kind, note in (
        (STREET, Kind.STORY, ""),
        (WORDS, Kind.KEY, "Ask Rosa; l’œuvre d’une vie."),
        (LISTENING, Kind.EVIDENCE, "Survey of 2024"),
    ):
        start = opened.text.index(words)
        chapter = opened.window.reading.chapter
        opened.window.desk.add_highlight(chapter, start, start + len(words), kind, None, note=note)
    opened.saved()
    return opened


def panel_of(reader: Reader) -> NotesPanel:
    """Open the panel by its key."""
    reader.press(Key.Key_N, CONTROL | SHIFT)
    panel = reader.window.findChild(NotesPanel)
    assert panel is not None
    reader.qtbot.waitUntil(lambda: len(panel._sorted) == 4)
    return panel


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def strike(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(focused(), key, modifiers)


def walk_to(widget: QWidget) -> None:
    """Tab forward, or back, until the widget has the keyboard."""
    start = focused()
    for modifiers in (Qt.KeyboardModifier.NoModifier, SHIFT):
        start.setFocus()
        for _ in range(25):
            if focused() is widget:
                return
            strike(Key.Key_Tab, modifiers)
    raise AssertionError(widget)


def quotes(panel: NotesPanel) -> list[str]:
    return [row.title if isinstance(row, Group) else row.anchor.exact for row in panel.model.rows]


def choose(panel: NotesPanel, name: str, words: str) -> None:
    """Tab to a box and go down to an entry."""
    box: QComboBox = panel.options.boxes[name]
    walk_to(box)
    strike(Key.Key_Home)
    while box.currentText() != words:
        before = box.currentIndex()
        strike(Key.Key_Down)
        assert box.currentIndex() > before, [box.itemText(row) for row in range(box.count())]


def unfold(panel: NotesPanel) -> None:
    walk_to(panel.more)
    strike(Key.Key_Space)
    assert panel.options.isVisible()


def open_menu(panel: NotesPanel) -> QMenu:
    """The menu of what is selected, by its button."""
    walk_to(panel.selected)
    strike(Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def pick(menu: QMenu, words: str) -> None:
    for _ in menu.actions():
        QTest.keyClick(menu, Key.Key_Down)
        active = menu.activeAction()
        if active is not None and active.text().startswith(words):
            QTest.keyClick(menu, Key.Key_Return)
            return
    raise AssertionError([action.text() for action in menu.actions()])


def back(reader: Reader) -> None:
    """A dialog has closed: its window has the keyboard again (the off-screen platform forgets to give it)."""
    reader.qtbot.waitUntil(lambda: not QApplication.activeModalWidget())
    reader.window.activateWindow()
    reader.qtbot.waitUntil(reader.window.isActiveWindow)


def stored(reader: Reader) -> dict[str, Annotation]:
    reader.saved()
    return {one.anchor.exact: one for one in reader.marks()}


def test_notes_stand_in_the_order_of_the_text_and_open_there(reader: Reader) -> None:
    panel = panel_of(reader)
    walk_to(panel.tree)
    assert quotes(panel)[1:] == [STREET, WORDS, LISTENING]
    reader.qtbot.waitUntil(lambda: panel.model.heading(panel.model.rows[2]) == "K Key idea · ¶ 3.2")
    assert panel.model.heading(panel.model.rows[0]).startswith("Bookmark · ¶ 2.")
    said = panel.model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == f"K Key idea · ¶ 3.2. {WORDS}. Ask Rosa; l’œuvre d’une vie."
    strike(Key.Key_Home)
    strike(Key.Key_Return)
    assert reader.window.reading.chapter.id == "power-and-health-equity"
    assert reader.window.reading.page.hasFocus()


def test_words_are_found_whatever_their_accents_and_ligatures(reader: Reader) -> None:
    panel = panel_of(reader)
    walk_to(panel.filter)
    assert isinstance(focused(), QLineEdit)
    QTest.keyClicks(focused(), "L'OEUVRE rosa")
    reader.qtbot.waitUntil(lambda: quotes(panel) == [WORDS])
    reader.qtbot.waitUntil(lambda: panel.count.text() == "1 of 4")
    QTest.keyClicks(focused(), "zzz")
    reader.qtbot.waitUntil(lambda: quotes(panel) == [])
    assert panel.empty.text() == "No note has these words."


def test_kind_note_chapter_order_and_groups_are_chosen_from_the_keyboard(reader: Reader) -> None:
    panel = panel_of(reader)
    unfold(panel)
    choose(panel, "kind", "E  Evidence")
    assert quotes(panel) == [LISTENING]
    assert panel.more.text() == "Filters (1)"
    choose(panel, "kind", "All kinds")
    choose(panel, "with_note", "Without a note")
    assert quotes(panel)[1:] == [STREET]
    walk_to(panel.options.reset)
    strike(Key.Key_Space)
    assert len(quotes(panel)) == 4
    choose(panel, "chapter", "3 · Central concepts")
    choose(panel, "order", "By kind")
    assert quotes(panel) == [WORDS, LISTENING, STREET]
    choose(panel, "groups", "Grouped by kind")
    assert quotes(panel) == ["Key idea", WORDS, "Evidence", LISTENING, "Story", STREET]
    choose(panel, "chapter", "All chapters")
    choose(panel, "groups", "Grouped by chapter")
    assert [row.title for row in panel.model.rows if isinstance(row, Group)] == [
        "2 · Power and health equity",
        "3 · Central concepts",
    ]
    assert [row.size for row in panel.model.rows if isinstance(row, Group)] == [1, 3]


def test_many_change_their_kind_in_one_gesture(reader: Reader) -> None:
    panel = panel_of(reader)
    walk_to(panel.tree)
    strike(Key.Key_A, CONTROL)
    assert panel.selected.text().startswith("4 selected")
    strike(Key.Key_5)
    assert {one.kind for one in stored(reader).values()} == {Kind.TENSION}
    assert reader.window.notice.words.text() == "The kind of 3 notes was changed."
    reader.qtbot.waitUntil(lambda: panel.model.heading(panel.model.rows[1]).startswith("T Tension"))
    assert len(panel.tree.selected()) == 4  # still selected, for the next gesture
    strike(Key.Key_Z, CONTROL)
    reader.qtbot.waitUntil(lambda: stored(reader)[STREET].kind is Kind.STORY)
    assert [stored(reader)[words].kind for words in (WORDS, LISTENING)] == [Kind.KEY, Kind.EVIDENCE]


def test_many_get_a_concept_of_the_readers_own_in_one_gesture(reader: Reader) -> None:
    panel = panel_of(reader)
    walk_to(panel.tree)
    strike(Key.Key_End)
    strike(Key.Key_Up, SHIFT)
    pick(open_menu(panel), "Link a concept")
    dialog = reader.window.findChild(LinkDialog)
    assert dialog is not None
    reader.qtbot.waitUntil(dialog.field.hasFocus)
    QTest.keyClicks(dialog.field, "porch talks")
    strike(Key.Key_Return)
    back(reader)
    made = next(one for one in reader.window.desk.own_concepts if one.term == "porch talks")
    linked = stored(reader)
    assert linked[WORDS].concepts == linked[LISTENING].concepts == (made.id,)
    assert linked[STREET].concepts == ()
    unfold(panel)
    reader.qtbot.waitUntil(lambda: panel.options.boxes["concept"].count() == 2)
    choose(panel, "concept", "porch talks")
    assert quotes(panel) == [WORDS, LISTENING]
    reader.do("undo")
    reader.qtbot.waitUntil(lambda: stored(reader)[WORDS].concepts == ())
    assert all(one.term != "porch talks" for one in reader.window.desk.own_concepts)


def test_what_is_deleted_waits_in_the_trash_comes_back_or_goes_for_good(reader: Reader) -> None:
    panel = panel_of(reader)
    walk_to(panel.tree)
    strike(Key.Key_End)
    strike(Key.Key_Up, SHIFT)
    strike(Key.Key_Delete)
    reader.qtbot.waitUntil(lambda: len(panel.model.rows) == 2)
    assert set(stored(reader)) == {STREET}
    assert reader.window.notice.words.text() == "2 notes deleted."
    unfold(panel)
    choose(panel, "state", "Trash")
    reader.qtbot.waitUntil(lambda: quotes(panel) == [WORDS, LISTENING])
    walk_to(panel.tree)
    strike(Key.Key_Home)
    pick(open_menu(panel), "Restore")
    back(reader)
    reader.qtbot.waitUntil(lambda: quotes(panel) == [LISTENING])
    assert set(stored(reader)) == {STREET, WORDS}
    walk_to(panel.tree)
    strike(Key.Key_A, CONTROL)
    (one,) = [one.id for one in panel.tree.selected()]
    strike(Key.Key_Delete)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Dialog)
    reader.qtbot.waitUntil(lambda: dialog.isAncestorOf(focused()))
    strike(Key.Key_Return)  # the careful answer is the default
    back(reader)
    assert quotes(panel) == [LISTENING]
    walk_to(panel.tree)
    strike(Key.Key_A, CONTROL)
    strike(Key.Key_Delete)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Dialog)
    reader.qtbot.waitUntil(lambda: dialog.isAncestorOf(focused()))
    walk_to(next(button for button in dialog.findChildren(QPushButton) if button.text() == "Delete now"))
    strike(Key.Key_Space)
    back(reader)
    reader.qtbot.waitUntil(lambda: quotes(panel) == [])
    assert reader.window.desk.notebook.annotation(one) is None
    assert panel.empty.text().startswith("The trash is empty.")


def test_the_history_shows_every_step_and_gives_back_a_version(reader: Reader) -> None:
    one = stored(reader)[WORDS]
    reader.window.desk.set_note(one, "Something else", "later")
    reader.window.desk.set_kind(reader.window.desk.annotation(one.id), Kind.STORY)
    reader.saved()
    panel = panel_of(reader)
    walk_to(panel.tree)
    strike(Key.Key_Home)
    strike(Key.Key_Down, times=2)
    pick(open_menu(panel), "History")
    reader.qtbot.waitUntil(lambda: reader.window.findChild(NoteHistory) is not None)
    dialog = reader.window.findChild(NoteHistory)
    reader.qtbot.waitUntil(dialog.list.hasFocus)
    assert [entry.label for entry in dialog.entries] == ["Change kind", "Write note", "Add highlight"]
    said = dialog.list.item(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Before. K Key idea" in said
    assert said.index("Ask Rosa") < said.index("Something else")
    strike(Key.Key_End)
    strike(Key.Key_Return)
    back(reader)
    again = stored(reader)[WORDS]
    assert (again.kind, again.note) == (Kind.KEY, "Ask Rosa; l’œuvre d’une vie.")
    reader.do("undo")
    reader.qtbot.waitUntil(lambda: stored(reader)[WORDS].note == "Something else")
    gone = weakref.ref(dialog)
    del dialog
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert gone() is None


def test_selected_notes_go_to_the_export(reader: Reader) -> None:
    panel = panel_of(reader)
    walk_to(panel.tree)
    strike(Key.Key_End)
    pick(open_menu(panel), "Export these notes")
    dialog = reader.window.findChild(ExportDialog)
    assert dialog is not None
    assert dialog._ids == (stored(reader)[LISTENING].id,)
    dialog.reject()


def test_notes_of_everything_say_where_they_are_from(reader: Reader) -> None:
    window = reader.window
    window.open_resource("using-letstalk")
    reader.press(Key.Key_B, CONTROL)
    reader.saved()
    reader.press(Key.Key_N, CONTROL | SHIFT)
    panel = window.findChild(NotesPanel)
    assert panel is not None
    reader.qtbot.waitUntil(lambda: len(panel.model.rows) == 1)
    unfold(panel)
    choose(panel, "everything", "Everything")
    reader.qtbot.waitUntil(lambda: len(panel.model.rows) == 5)
    title = window.desk.shelf.resource("community-organizing").title("en")
    headings = [panel.model.heading(row) for row in panel.model.rows]
    assert sum(heading.endswith(f" · {title}") for heading in headings) == 4


def test_what_another_window_writes_appears(reader: Reader, open_reader: Open, basedir: Path) -> None:
    panel = panel_of(reader)
    other = open_reader().start()
    start = other.text.index("house meeting")
    other.window.desk.add_highlight(other.window.reading.chapter, start, start + 13, Kind.ACTION)
    other.saved()
    reader.qtbot.waitUntil(lambda: "house meeting" in quotes(panel), timeout=20_000)
