"""A reader marks, writes, changes her mind, closes, comes back, and hands her summary on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from letstalk_desktop.annotations.model import AnnotationType, Kind, Visibility
from letstalk_desktop.errors import NotebookError
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.ui.export_run import ExportRun, default_choices
from tests.stories.conftest import CHAPTER, WORDS, Reader

SHIFT, CONTROL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
Open = Callable[[], Reader]


def test_everything_is_there_again_after_closing(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.do("add-note")
    reader.write("Ask *Rosa* first. « Œuvre »\u202f!")
    reader.select("“power before program”")
    reader.press(Qt.Key.Key_4)
    reader.saved()
    reader.window.go_to_locator("3.7")
    before = reader.marks()
    place = reader.window.reading.here()
    reader.close()

    again = open_reader()
    again.application.start()
    again.qtbot.waitUntil(again.window.desk.is_open, timeout=30_000)
    again.qtbot.waitUntil(lambda: len(again.marks()) == 2)
    assert again.marks() == before
    assert again.window.reading.chapter.id == CHAPTER
    here = again.window.reading.here()
    assert (here.block, here.offset) == (place.block, place.offset)
    assert {one.anchor.exact for one in again.marks()} == {WORDS, "“power before program”"}


def test_marking_with_the_mouse(open_reader: Open) -> None:
    reader = open_reader().start()
    page = reader.window.reading.page
    start = reader.text.index(WORDS)
    page.scroll_to(start, above=200)
    first = page.place_rect(start).center().toPoint()
    last = page.place_rect(start + 12).center().toPoint()
    QTest.mousePress(page.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first)
    QTest.mouseMove(page.viewport(), (first + last) / 2)
    QTest.mouseMove(page.viewport(), last)
    QTest.mouseRelease(page.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, last)
    assert page.selected_span() == (start, start + 12)
    bar = reader.window.reading.selection_bar
    reader.qtbot.waitUntil(bar.isVisible)
    selection = page.cursorRect().translated(page.viewport().pos())
    assert not bar.geometry().intersects(selection)
    reader.qtbot.mouseClick(bar.kinds[Kind.STORY], Qt.MouseButton.LeftButton)
    [one] = reader.marks()
    assert one.kind is Kind.STORY
    assert one.anchor.exact == reader.text[start : start + 12]


def test_marking_with_the_keyboard_alone(open_reader: Open) -> None:
    reader = open_reader().start()
    page = reader.window.reading.page
    reader.window.go_to_locator("3.2")
    reader.press(Qt.Key.Key_Right, SHIFT | CONTROL, times=3)
    words = reader.text[slice(*page.selected_span())]
    assert words == "You might begin"
    reader.press(Qt.Key.Key_Down, SHIFT | CONTROL)
    assert page.selected_span()[1] >= reader.text.index("What is the organizer listening for?") - 2
    page.clear_selection()
    reader.window.go_to_locator("3.2")
    reader.press(Qt.Key.Key_Right, SHIFT, times=8)
    reader.press(Qt.Key.Key_2)
    [one] = reader.marks()
    assert (one.anchor.exact, one.kind) == ("You migh", Kind.EVIDENCE)
    reader.press(Qt.Key.Key_Right, ALT | SHIFT)
    [one] = reader.marks()
    assert one.anchor.exact == "You might"
    reader.press(Qt.Key.Key_Right, ALT | SHIFT)
    reader.press(Qt.Key.Key_Down, ALT | SHIFT)
    [one] = reader.marks()
    assert one.anchor.exact == "might begin"
    assert one.id == reader.window.reading.current
    reader.press(Qt.Key.Key_5)
    [one] = reader.marks()
    assert one.kind is Kind.TENSION
    reader.do("add-note")
    reader.write("by key")
    reader.saved()
    assert reader.marks()[0].note == "by key"
    reader.press(Qt.Key.Key_Delete)
    assert reader.marks() == []
    assert reader.window.notice.isVisible()
    reader.saved()
    reader.do("undo")
    reader.qtbot.waitUntil(lambda: len(reader.marks()) == 1)
    assert reader.marks()[0].note == "by key"


def test_undo_and_redo_survive_closing(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.do("add-note")
    reader.write("first")
    reader.do("add-note")
    reader.write(" second")
    reader.saved()
    assert reader.marks()[0].note == "first second"
    reader.close()

    again = open_reader().start()
    again.qtbot.waitUntil(lambda: len(again.marks()) == 1)
    for expected in ("first", ""):
        again.do("undo")
        again.qtbot.waitUntil(lambda wanted=expected: again.marks()[0].note == wanted)
    again.do("undo")
    again.qtbot.waitUntil(lambda: not again.marks())
    for expected in ("", "first", "first second"):
        again.do("redo")
        again.qtbot.waitUntil(lambda wanted=expected: bool(again.marks()) and again.marks()[0].note == wanted)


def test_in_an_editor_undo_takes_back_typing_first(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.do("add-note")
    margin = reader.window.reading.margin
    editor = margin.card_of(margin.editing()).editor
    QTest.keyClicks(editor, "some words")
    QTest.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    assert editor.toPlainText() != "some words"
    assert len(reader.marks()) == 1
    while editor.document().isUndoAvailable():
        QTest.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    reader.saved()
    QTest.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    reader.qtbot.waitUntil(lambda: not margin.editing())


def test_overlapping_highlights_are_both_reachable(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.select("people, one at a time. A")
    reader.press(Qt.Key.Key_5)
    place = reader.text.index("one at a time")
    page = reader.window.reading.page
    page.go_to(place)
    assert len(page.highlights_at_caret()) == 2
    point = page.place_rect(place + 2).center().toPoint()
    seen = set()
    for _ in range(2):
        QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
        seen.add(reader.window.reading.current)
    assert seen == {one.id for one in reader.marks()}
    steps = set()
    for _ in range(2):
        reader.do("next-highlight")
        steps.add(reader.window.reading.current)
    assert steps == seen


def test_dragging_the_end_changes_the_range(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    [one] = reader.marks()
    page = reader.window.reading.page
    page.scroll_to(one.anchor.start, above=200)
    band = page.decorations.group("highlights")[0]
    cursor = page.textCursor()
    cursor.setPosition(band.last)
    handle = page.cursorRect(cursor).center()
    target = page.place_rect(one.anchor.start + 12).center().toPoint()
    viewport, left, none = page.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(viewport, left, none, handle)
    QTest.mouseMove(viewport, target)
    QTest.mouseRelease(viewport, left, none, target)
    [moved] = reader.marks()
    assert moved.id == one.id
    assert moved.anchor.start == one.anchor.start
    assert moved.anchor.exact == reader.text[one.anchor.start : one.anchor.start + 12].rstrip()


def test_concepts_bookmarks_and_sharing(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.do("link-concept")
    from letstalk_desktop.ui.dialogs import ConceptDialog

    dialog = reader.window.findChild(ConceptDialog)
    for words in ("power mapping", "our own word"):
        dialog.field.setText(words)
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.list.count() == 2
    dialog.close()
    [one] = reader.marks()
    assert one.concepts[0] == "power-mapping"
    chapter = reader.window.reading.chapter
    assert reader.window.desk.concept_term(one.concepts[1], chapter.resource, "en") == "our own word"
    assert one.visibility is Visibility.PRIVATE
    reader.do("toggle-shared")
    assert reader.marks()[0].visibility is Visibility.SHARED
    reader.window.go_to_locator("3.7")
    reader.do("bookmark")
    assert [one.anchor.block for one in reader.marks() if one.type is AnnotationType.BOOKMARK] != []
    reader.do("bookmark")
    assert [one for one in reader.marks() if one.type is AnnotationType.BOOKMARK] == []
    reader.do("chapter-note")
    reader.write("About the whole chapter")
    assert [one.note for one in reader.marks() if one.type is AnnotationType.NOTE] == ["About the whole chapter"]


def test_what_cannot_be_saved_stays_and_is_retried(open_reader: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = open_reader().start()
    desk = reader.window.desk
    with monkeypatch.context() as patch:

        def full(self: Notebook, operation: object, *, now: object) -> None:
            raise NotebookError("The disk is full; make room, and saving goes on by itself.")

        patch.setattr(Notebook, "apply", full)
        reader.select(WORDS)
        reader.press(Qt.Key.Key_1)
        reader.qtbot.waitUntil(lambda: desk.problem is not None)
        [one] = reader.marks()
        assert one.id in desk.unsaved
        assert "not saved" in reader.window.status.notes.accessibleName()
        assert "disk is full" in reader.window.notice.words.text()
        reader.do("add-note")
        reader.write("kept in its place")
        assert reader.marks()[0].note == "kept in its place"
    reader.qtbot.waitUntil(lambda: desk.waiting == 0, timeout=10_000)
    assert desk.problem is None
    assert desk.notebook.annotation(one.id).note == "kept in its place"


def test_another_program_writes_and_the_window_shows_it(open_reader: Open) -> None:
    from datetime import UTC, datetime

    from letstalk_desktop.annotations.model import Operation

    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.saved()
    [one] = reader.marks()
    other = Notebook.open(reader.application.paths.notebook, now=datetime.now(UTC))
    changed = one.changed(note="from elsewhere")
    other.apply(Operation("op-1", "gesture-1", "Write note", annotations=(changed,)), now=datetime.now(UTC))
    other.close()
    reader.qtbot.waitUntil(lambda: reader.marks()[0].note == "from elsewhere", timeout=2_000)


def test_the_summary_is_written_as_pdf(open_reader: Open, tmp_path: Path, qtbot: QtBot) -> None:
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_4)
    reader.do("add-note")
    reader.write('#import "x" a_b$ #let')
    reader.saved()
    target = tmp_path / "out.pdf"
    run = ExportRun(reader.window, default_choices(reader.window), target)
    with qtbot.waitSignal(run.finished, timeout=60_000) as ended:
        run.start()
    assert ended.args == [True]
    from pypdf import PdfReader

    words = " ".join(page.extract_text() for page in PdfReader(str(target)).pages)
    assert "An organizer begins with people" in words.replace("\n", " ")
    assert '#import "x" a_b$ #let' in words
    assert "1 passage, 1 note" in reader.window.notice.words.text()


def test_copying_gives_the_exact_characters(open_reader: Open) -> None:
    reader = open_reader().start()
    reader.window.switch_language()
    page = reader.window.reading.page
    text = reader.text
    at = text.index("\u00a0")
    start = max(at - 20, 0)
    page.select_span(start, at + 10)
    span = page.selected_span()
    reader.do("copy")
    assert QGuiApplication.clipboard().text() == text[span[0] : span[1]]
    assert "\u00a0" in QGuiApplication.clipboard().text()


def test_a_note_menu_and_a_text_menu_open(open_reader: Open) -> None:
    from PySide6.QtWidgets import QMenu

    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.window.reading.menu_requested.emit(reader.marks()[0].id, QPoint(50, 50))
    menus = [menu for menu in reader.window.findChildren(QMenu) if menu.isVisible()]
    assert menus
    assert any("Kind" in action.text() for action in menus[0].actions())
    menus[0].close()


def test_a_note_can_be_written_beside_its_passage_however_long_the_note_above_is(open_reader: Open) -> None:
    """A long note fills the margin; the one that is being written still stands at its passage, and stays after it."""
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.do("add-note")
    reader.write("A long story. " * 600)
    at = reader.text.index(WORDS) + len(WORDS) + 40
    reader.window.reading.page.select_span(at, at + 30)
    reader.press(Qt.Key.Key_2)
    reader.do("add-note")
    margin = reader.window.reading.margin
    reader.qtbot.waitUntil(lambda: bool(margin.editing()))
    card = margin.card_of(margin.editing())
    assert card is not None
    assert card.isVisible()
    assert 0 <= card.y() < reader.window.reading.page.height() - 40
    reader.write("short")
    reader.saved()
    margin.focus_card(reader.marks()[0].id)  # the long one has the keyboard when the next is begun
    reader.window.reading.page.select_span(at + 100, at + 130)
    reader.do("kind-3")
    reader.do("add-note")
    reader.write("third")
    reader.saved()
    assert [one.note.strip()[:5] for one in reader.marks()] == ["A lon", "short", "third"]


def test_a_note_on_a_passage_out_of_sight_brings_it_into_sight(open_reader: Open) -> None:
    reader = open_reader().start()
    page = reader.window.reading.page
    at = len(reader.text) - 400
    page.select_span(at, at + 30)
    reader.do("kind-1")
    page.verticalScrollBar().setValue(0)
    reader.do("add-note")
    reader.write("far below")
    reader.saved()
    assert page.verticalScrollBar().value() > 0
    assert [one.note for one in reader.marks()] == ["far below"]
