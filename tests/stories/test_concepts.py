"""A reader thinks with concepts: finds them, makes her own, walks the map. By keyboard alone."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from letstalk_desktop.annotations.model import Annotation, OwnConcept, Query
from letstalk_desktop.library.text import locator_at
from letstalk_desktop.ui.concept_dialogs import ConceptEditor, MergeDialog
from letstalk_desktop.ui.concept_map import ConceptMap
from letstalk_desktop.ui.concept_page import CONCEPT, PASSAGE, PLACE, SOURCE, TITLE
from letstalk_desktop.ui.concepts_panel import ConceptsPanel
from letstalk_desktop.ui.dialogs import ConceptDialog
from letstalk_desktop.ui.links import follow_link
from letstalk_desktop.ui.popups import Popup
from tests.stories.conftest import WORDS, Reader

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
Key = Qt.Key
Open = Callable[[], Reader]


def panel_of(reader: Reader) -> ConceptsPanel:
    """Open the panel by its key."""
    reader.press(Key.Key_K, CONTROL | SHIFT)
    panel = reader.window.findChild(ConceptsPanel)
    assert panel is not None
    reader.qtbot.waitUntil(lambda: bool(panel.list.rows_model.rows))
    return panel


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def write(words: str) -> None:
    field = focused()
    if words.isascii():
        QTest.keyClicks(field, words)
    else:  # QTest knows no key for the others
        assert isinstance(field, QLineEdit)
        field.insert(words)


def strike(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, modifiers)


def back(reader: Reader) -> None:
    """A dialog has closed: its window has the keyboard again (the off-screen platform forgets to give it)."""
    reader.qtbot.waitUntil(lambda: not QApplication.activeModalWidget())
    reader.window.activateWindow()
    reader.qtbot.waitUntil(reader.window.isActiveWindow)


def link(reader: Reader, words: str, *terms: str) -> Annotation:
    """Mark words and link concepts by their terms."""
    reader.select(words)
    reader.press(Key.Key_K, CONTROL)
    dialog = reader.window.findChild(ConceptDialog)
    assert dialog is not None
    reader.qtbot.waitUntil(dialog.field.hasFocus)
    for term in terms:
        write(term)
        dialog.field.completer().popup().hide()
        strike(Key.Key_Return)
    strike(Key.Key_Return)
    back(reader)
    reader.saved()
    return next(one for one in reader.marks() if one.anchor.exact == words)


def texts(panel: ConceptsPanel, style: str) -> list[str]:
    return [row.spoken() for row in panel.page.rows_model.rows if row.style == style]


def walk_to(panel: ConceptsPanel, style: str, words: str = "") -> None:
    """Go down the page with the arrow key until a row of this style with these words has the keyboard."""
    assert panel.page.hasFocus()
    for _ in panel.page.rows_model.rows:
        row = panel.page.rows_model.rows[panel.page.currentIndex().row()]
        if row.style == style and words in row.spoken():
            return
        strike(Key.Key_Down)
    raise AssertionError((style, words))


def test_a_concept_is_found_and_followed_into_the_text(open_reader: Open) -> None:
    reader = open_reader().start()
    panel = panel_of(reader)
    assert panel.list.hasFocus()
    for _ in range(4):
        strike(Key.Key_Tab, SHIFT)
    assert panel.filter.hasFocus()
    write("STRUCTURE TE")
    assert [row.term for row in panel.list.rows_model.rows] == ["structure test"]
    strike(Key.Key_Down)
    strike(Key.Key_Return)
    assert panel.page.hasFocus()
    assert texts(panel, TITLE) == ["structure test"]
    reader.qtbot.waitUntil(lambda: bool(texts(panel, PLACE)), timeout=20_000)
    place = next(row for row in panel.page.rows_model.rows if row.style == PLACE)
    walk_to(panel, PLACE)
    strike(Key.Key_Return)
    assert reader.window.reading.page.hasFocus()
    chapter = reader.window.reading.chapter
    at = reader.window.reading.page.caret_place()
    assert place.head == f"¶ {locator_at(chapter, at)}"
    assert chapter.text[at:].casefold().startswith("structure test")


def test_my_passages_stand_on_the_page_of_each_of_their_concepts(open_reader: Open) -> None:
    reader = open_reader().start()
    one = link(reader, WORDS, "base", "power mapping")
    panel = panel_of(reader)
    reader.qtbot.waitUntil(lambda: {row.id: row.count for row in panel.list.rows_model.rows}["base"] == 1)
    counts = {row.id: row.count for row in panel.list.rows_model.rows}
    assert (counts["power-mapping"], counts["accountability"]) == (1, 0)
    panel.show_concept("base")
    reader.qtbot.waitUntil(lambda: any("¶ 3.2" in words for words in texts(panel, PASSAGE)), timeout=20_000)
    [passage] = texts(panel, PASSAGE)
    assert passage == f"K Key idea · ¶ 3.2. {WORDS}"
    [source] = texts(panel, SOURCE)
    assert source.startswith("Source: Pastor et al. (2020). Leading locally")
    walk_to(panel, SOURCE)
    strike(Key.Key_Return)
    assert reader.window.reading.chapter.id == "references"
    assert reader.text[reader.window.reading.page.caret_place() :].startswith("Pastor, M.")
    reader.window.open_chapter("central-concepts")
    reader.window.go_to_locator("3.9")
    panel.page.setFocus()
    strike(Key.Key_Home)
    walk_to(panel, PASSAGE)
    strike(Key.Key_Return)
    assert reader.window.reading.current == one.id
    panel.page.setFocus()
    walk_to(panel, CONCEPT, "accountability")
    strike(Key.Key_Return)
    assert texts(panel, TITLE) == ["accountability"]
    strike(Key.Key_Backspace)
    assert panel.list.hasFocus()
    assert panel.list.current_id() == "accountability"


def test_what_is_marked_while_the_panel_is_open_is_counted_at_once(open_reader: Open) -> None:
    reader = open_reader().start()
    panel = panel_of(reader)
    panel.show_concept("base")
    link(reader, WORDS, "base")
    reader.qtbot.waitUntil(lambda: len(texts(panel, PASSAGE)) == 1)
    reader.press(Key.Key_Z, CONTROL)
    reader.qtbot.waitUntil(lambda: not texts(panel, PASSAGE))


def test_the_page_speaks_the_language_of_the_text(open_reader: Open) -> None:
    reader = open_reader().start()
    panel = panel_of(reader)
    panel.show_concept("accountability")
    assert "FR  reddition de comptes" in [row.text for row in panel.page.rows_model.rows]
    reader.do("language")
    rows = [row.text for row in panel.page.rows_model.rows]
    assert rows[:2] == ["reddition de comptes", "EN  accountability"]
    assert rows[2].startswith("Le fait de devoir expliquer ses gestes")
    panel.show_list()
    panel.filter.setText("oeu")
    assert not panel.list.rows_model.rows
    assert panel.empty.isVisible()
    panel.filter.setText("determinants sociaux")  # without its accent
    assert [row.id for row in panel.list.rows_model.rows] == ["social-determinants-of-health"]


def make_own(reader: Reader, panel: ConceptsPanel, name: str, definition: str, related: str) -> str:
    panel.show_list()
    panel.list.setFocus()
    strike(Key.Key_Insert)
    dialog = reader.window.findChild(ConceptEditor)
    assert dialog is not None
    reader.qtbot.waitUntil(dialog.name.hasFocus)
    write(name)
    strike(Key.Key_Tab)
    write(definition)
    strike(Key.Key_Tab)
    write(related)
    dialog.field.completer().popup().hide()
    strike(Key.Key_Return)
    strike(Key.Key_Return)
    back(reader)
    reader.qtbot.waitUntil(lambda: panel.page.hasFocus())
    reader.saved()
    return panel.concept


def test_a_concept_of_ones_own_is_made_changed_and_deleted_and_each_is_undone(open_reader: Open) -> None:
    reader = open_reader().start()
    panel = panel_of(reader)
    own = make_own(reader, panel, "Rosa’s  kitchen", "Where it began.", "base")
    assert texts(panel, TITLE) == ["Rosa’s kitchen"]
    assert texts(panel, CONCEPT) == ["base"]
    link(reader, WORDS, "Rosa’s kitchen", "base")

    panel.page.setFocus()
    strike(Key.Key_F2)
    dialog = reader.window.findChild(ConceptEditor)
    assert dialog is not None
    reader.qtbot.waitUntil(dialog.name.hasFocus)
    strike(Key.Key_A, CONTROL)
    write("Accountability")
    strike(Key.Key_Return)
    assert dialog.isVisible()  # that name is taken
    assert "already a concept" in dialog.problem.text()
    strike(Key.Key_A, CONTROL)
    write("Kitchen table")
    strike(Key.Key_Return)
    reader.qtbot.waitUntil(lambda: texts(panel, TITLE) == ["Kitchen table"])
    back(reader)
    reader.saved()

    reader.qtbot.waitUntil(lambda: panel.page.hasFocus())
    strike(Key.Key_Delete)
    reader.qtbot.waitUntil(lambda: panel.codebook.get(own) is None)
    assert reader.window.notice.isVisible()
    reader.saved()
    assert [one.concepts for one in reader.marks()] == [("base",)]
    reader.do("undo")
    reader.qtbot.waitUntil(lambda: panel.codebook.get(own) is not None)
    reader.qtbot.waitUntil(lambda: [one.concepts for one in reader.marks()] == [(own, "base")])
    reader.do("undo")
    reader.qtbot.waitUntil(lambda: panel.codebook.get(own).own.term == "Rosa’s kitchen")


def test_a_concept_of_the_resource_cannot_be_changed(open_reader: Open) -> None:
    reader = open_reader().start()
    panel = panel_of(reader)
    panel.list.make_current("base")
    strike(Key.Key_Delete)
    assert "belongs to the resource" in reader.window.notice.findChild(QLabel).text()
    assert panel.codebook.get("base") is not None


def test_merging_moves_all_passages_the_trash_too(open_reader: Open) -> None:
    reader = open_reader().start()
    panel = panel_of(reader)
    own = make_own(reader, panel, "kitchens", "", "one-to-one")
    first = link(reader, WORDS, "kitchens", "base")
    second = link(reader, "“power before program”", "kitchens")
    reader.window.reading.make_current(second.id)
    reader.press(Key.Key_Delete)
    reader.saved()
    panel.page.setFocus()
    panel.merge_action.trigger()
    dialog = reader.window.findChild(MergeDialog)
    assert dialog is not None
    reader.qtbot.waitUntil(dialog.filter.hasFocus)
    write("house m")
    strike(Key.Key_Down)
    strike(Key.Key_Return)
    back(reader)
    reader.qtbot.waitUntil(lambda: panel.concept == "house-meeting")
    reader.saved()
    assert reader.marks()[0].concepts == ("house-meeting", "base")
    notebook = reader.window.desk.notebook
    [trashed] = notebook.annotations(Query(deleted=True))
    assert trashed.concepts == ("house-meeting",)
    assert notebook.concepts() == []
    reader.do("undo")
    reader.qtbot.waitUntil(lambda: reader.marks()[0].concepts == (own, "base"))
    assert notebook.annotation(second.id).concepts == (own,)
    assert first.id == reader.marks()[0].id


def test_the_pop_up_on_a_term_counts_my_passages_and_leads_to_all_of_them(open_reader: Open) -> None:
    reader = open_reader().start()
    link(reader, WORDS, "base")
    link(reader, "“power before program”", "base")
    reader.window.open_chapter("start-here")
    follow_link(reader.window, "concept:base", reader.window.mapToGlobal(QPoint(300, 300)))
    popup = reader.window.findChild(Popup)
    assert popup is not None
    reader.qtbot.waitUntil(lambda: "2 of your passages" in [label.text() for label in popup.findChildren(QLabel)])
    button = popup.findChild(QPushButton)
    assert button.text() == "All passages"
    QTest.keyClick(button, Key.Key_Space)
    panel = reader.window.findChild(ConceptsPanel)
    assert panel.concept == "base"
    reader.qtbot.waitUntil(lambda: len(texts(panel, PASSAGE)) == 2)
    assert panel.page.hasFocus()


def map_of(reader: Reader) -> ConceptMap:
    reader.press(Key.Key_G, CONTROL | SHIFT)
    found = reader.window.findChild(ConceptMap)
    assert found is not None
    reader.qtbot.waitUntil(lambda: found.picture is not None, timeout=20_000)
    reader.qtbot.waitUntil(found.view.hasFocus)
    return found


def test_the_map_is_walked_with_the_arrow_keys_and_opens_a_concept(open_reader: Open) -> None:
    reader = open_reader().start()
    link(reader, WORDS, "base", "power mapping")
    found = map_of(reader)
    assert len(found.picture.shapes) == len(reader.window.reading.resource.concepts)
    assert found.list.rows_model.rowCount() == len(found.picture.shapes)
    assert found.view.current == "base"  # mine, and with the most links
    assert found.list.current_id() == "base"
    seen = {"base"}
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_Left, Key.Key_Up, Key.Key_Right):
        strike(key)
        assert found.list.current_id() == found.view.current
        assert found.view.accessibleDescription().startswith(found._codebook.get(found.view.current).term("en"))
        seen.add(found.view.current)
    assert len(seen) > 2
    found.list.make_current("base")
    assert found.view.current == "base"
    assert "power mapping (1 shared)" in found.about.text()
    strike(Key.Key_Return)
    back(reader)
    panel = reader.window.findChild(ConceptsPanel)
    reader.qtbot.waitUntil(lambda: panel.concept == "base" and panel.page.hasFocus())


def look_and_close(reader: Reader) -> weakref.ref[ConceptMap]:
    found = map_of(reader)
    found.mine.setFocus()
    strike(Key.Key_Space)
    reader.qtbot.waitUntil(lambda: {shape.id for shape in found.picture.shapes} == {"base", "power-mapping"})
    strike(Key.Key_Escape)
    return weakref.ref(found)


@pytest.mark.usefixtures("no_collecting")
def test_the_map_shows_only_my_concepts_when_asked_and_is_freed_when_closed(open_reader: Open) -> None:
    reader = open_reader().start()
    link(reader, WORDS, "base", "power mapping")
    gone = look_and_close(reader)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    reader.qtbot.waitUntil(lambda: gone() is None)


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_the_map_is_saved(open_reader: Open, tmp_path: Path, ending: str) -> None:
    reader = open_reader().start()
    found = map_of(reader)
    path = tmp_path / f"map.{ending}"
    assert found.save_to(str(path))
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG" if ending == "png" else b"<svg")
    if ending == "svg":
        assert "power" in data.decode()
        assert "one-to-one" in data.decode()
    assert not found.save_to(str(tmp_path / "nowhere" / f"map.{ending}"))
    assert "could not be written" in found.about.text()


def test_a_codebook_goes_out_and_comes_in_again(open_reader: Open, tmp_path: Path) -> None:
    reader = open_reader().start()
    panel = panel_of(reader)
    make_own(reader, panel, "kitchens", "Where it began.", "one-to-one")
    path = tmp_path / "book.qdc"
    files = panel._files()
    with reader.qtbot.waitSignal(files.told):
        files.export_to(str(path))
    panel.show_concept(panel.concept)
    strike(Key.Key_Delete)
    reader.qtbot.waitUntil(lambda: panel.codebook.named("kitchens") is None)
    reader.saved()
    with reader.qtbot.waitSignal(panel.undo_offered):
        panel._files().import_from(str(path))
    reader.qtbot.waitUntil(lambda: panel.codebook.named("Kitchens") is not None)
    assert panel.codebook.named("kitchens").definition("en") == "Where it began."
    reader.saved()
    reader.do("undo")
    reader.qtbot.waitUntil(lambda: panel.codebook.named("kitchens") is None)


def test_a_concept_made_while_something_is_being_undone_stays(open_reader: Open) -> None:
    reader = open_reader().start()
    desk, panel = reader.window.desk, panel_of(reader)
    desk.do("Add concept", concepts=[OwnConcept("first", "first")])
    reader.saved()
    lane, undone = threading.Event(), []
    desk.run(lane.wait, undone.append)
    desk.undo()
    desk.do("Add concept", concepts=[OwnConcept("second", "second")])
    desk.undo_changed.connect(lambda: undone.append(True))
    lane.set()
    reader.qtbot.waitUntil(lambda: len(undone) > 1)
    assert [one.id for one in desk.own_concepts] == ["second"]
    reader.saved()
    assert [one.id for one in desk.own_concepts] == ["second"]
    assert panel.codebook.get("second") is not None


def test_a_word_that_no_concept_has_becomes_one_with_enter(open_reader: Open) -> None:
    reader = open_reader().start()
    panel = panel_of(reader)
    panel.filter.setFocus()
    write("housing co-op")
    assert panel.empty.isVisible()
    strike(Key.Key_Return)
    dialog = reader.window.findChild(ConceptEditor)
    reader.qtbot.waitUntil(dialog.name.hasFocus)
    assert dialog.name.text() == "housing co-op"
    strike(Key.Key_Return)
    back(reader)
    assert texts(panel, TITLE) == ["housing co-op"]
    strike(Key.Key_Backspace)
    rows = [(row.term, row.spoken) for row in panel.list.rows_model.rows if row.mark]
    assert rows == [("housing co-op", "housing co-op, your own, 0 of your passages")]
    reader.saved()
