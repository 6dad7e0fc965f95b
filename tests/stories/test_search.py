"""A reader finds anything she has read or written, by keyboard alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from letstalk_desktop.annotations.model import OwnConcept
from letstalk_desktop.app import make_shelf
from letstalk_desktop.paths import find_paths
from letstalk_desktop.storage.search import SearchIndex
from letstalk_desktop.ui.concepts_panel import ConceptsPanel
from letstalk_desktop.ui.discuss_panel import DiscussPanel
from letstalk_desktop.ui.left_panel import CONCEPTS, CONTENTS, DISCUSS
from letstalk_desktop.ui.search_panel import SearchPanel
from tests.stories.conftest import WORDS, Reader

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
Key = Qt.Key
Open = Callable[[], Reader]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the bundled texts, as an earlier start of the program leaves it."""
    paths = find_paths(str(tmp_path_factory.mktemp("prepared")))
    path = tmp_path_factory.mktemp("index") / "search.sqlite"
    index = SearchIndex.open(path)
    assert index.update(make_shelf(paths))
    index.close()
    return path


@pytest.fixture
def reader(open_reader: Open, basedir: Path, prepared: Path) -> Reader:
    """A window with everything in its index."""
    path = find_paths(str(basedir)).search
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(prepared, path)
    opened = open_reader().start()
    searching = opened.window.searching
    searching._later.setInterval(0)
    opened.qtbot.waitUntil(lambda: bool(searching._known) and not searching._busy, timeout=60_000)
    return opened


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def strike(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, modifiers)


def search(reader: Reader, words: str) -> SearchPanel:
    """Ctrl+Shift+F, the words, and the answers as they come."""
    reader.press(Key.Key_F, CONTROL | SHIFT)
    box = reader.window.top_bar.search
    assert box.hasFocus()
    strike(Key.Key_Delete)
    if words.isascii():
        QTest.keyClicks(box, words)
    else:  # QTest knows no key for the others
        box.insert(words)
        box.textEdited.emit(words)
    return answers(reader, words)


def answers(reader: Reader, words: str) -> SearchPanel:
    reader.qtbot.waitUntil(lambda: reader.window.searching.shown_words == words, timeout=20_000)
    panel = reader.window.findChild(SearchPanel)
    assert panel is not None
    return panel


def go_to(panel: SearchPanel, kind: str, words: str = "") -> None:
    """Into the list, and down to the first result of this kind with these words."""
    strike(Key.Key_Down)
    assert panel.list.hasFocus()
    for _ in panel.model.rows:
        hit = panel.model.rows[panel.list.currentIndex().row()]
        if hit.kind == kind and words in hit.snippet:
            return
        strike(Key.Key_Down)
    raise AssertionError((kind, words, [hit.snippet for hit in panel.model.rows]))


def spoken(panel: SearchPanel) -> list[str]:
    return [str(panel.model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(len(panel.model.rows))]


def test_text_is_found_opened_with_all_hits_and_walked_with_f3(reader: Reader) -> None:
    window = reader.window
    panel = search(reader, "one-to-one")
    assert panel.isVisible()
    assert not window.left.tabs.isVisible()
    go_to(panel, "text", "Rosa")
    hit = panel.model.rows[panel.list.currentIndex().row()]
    said = spoken(panel)[panel.list.currentIndex().row()]
    assert said.startswith(f"¶ {hit.locator}. ")
    assert "English" in said
    strike(Key.Key_Return)
    assert window.reading.page.hasFocus()
    assert window.reading.chapter.id == hit.chapter
    marked = window.reading._hits
    assert len(marked) > 1
    assert (hit.start, hit.end) == marked[window.reading._hit]
    assert all("one" in reader.text[start:end].casefold() for start, end in marked)
    before = window.reading._hit
    strike(Key.Key_F3)
    assert window.reading._hit == (before + 1) % len(marked)
    assert window.reading.page.caret_place() == marked[window.reading._hit][0]
    strike(Key.Key_F3, SHIFT)
    assert window.reading._hit == before
    assert panel.isVisible()  # the results stay until they are put away
    strike(Key.Key_Escape)
    assert window.left.tabs.isVisible()
    assert not panel.isVisible()
    assert window.top_bar.search.text() == ""
    assert window.reading._hits == []


def test_another_chapter_opens_at_the_place_and_back_leads_back(reader: Reader) -> None:
    window = reader.window
    panel = search(reader, '"community organizing"')
    strike(Key.Key_Return)
    assert panel.list.hasFocus()
    for _ in panel.model.rows:
        hit = panel.model.rows[panel.list.currentIndex().row()]
        if hit.kind == "text" and hit.chapter != "central-concepts" and hit.language == "en" and hit.end:
            break
        strike(Key.Key_Down)
    strike(Key.Key_Return)
    assert (window.reading.chapter.resource, window.reading.chapter.id) == (hit.resource, hit.chapter)
    opened = reader.text[hit.start : hit.end].casefold().replace("\n", " ")
    assert opened in ("community organizing", "community organizer", "community organizers")
    assert window.reading.page.caret_place() == hit.start
    reader.press(Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.reading.chapter.id == "central-concepts"


def test_a_french_reader_need_not_mind_accents_ligatures_and_elisions(reader: Reader) -> None:
    panel = search(reader, "l'équité")
    french = [hit for hit in panel.model.rows if hit.language == "fr"]
    assert french
    assert all("équité" in hit.snippet.casefold() for hit in french if hit.marks)
    again = search(reader, "equite")
    assert [hit.snippet for hit in again.model.rows if hit.language == "fr"]


def test_a_note_just_written_is_found_and_opened(reader: Reader) -> None:
    reader.select(WORDS)
    reader.press(Key.Key_M, CONTROL)
    reader.write("Ask Rosa about the zebra crossing.")
    reader.saved()
    reader.window.open_chapter("power-and-health-equity")
    panel = search(reader, "zebra cro")
    reader.qtbot.waitUntil(lambda: panel.has_hits, timeout=20_000)
    assert spoken(panel)[0].startswith("Note · ¶ 3.2. ")
    strike(Key.Key_Return)
    strike(Key.Key_Return)
    reader.qtbot.waitUntil(lambda: reader.window.reading.chapter.id == "central-concepts")
    one = reader.window.reading.current_annotation()
    assert one is not None
    assert one.anchor.exact == WORDS


def test_concepts_and_questions_open_where_they_belong(reader: Reader) -> None:
    window = reader.window
    window.desk.do("Add concept", None, concepts=[OwnConcept("own-1", "porch talks", "Talks on a porch.")])
    reader.saved()
    panel = search(reader, "porch")
    reader.qtbot.waitUntil(lambda: panel.has_hits, timeout=20_000)
    go_to(panel, "concept")
    strike(Key.Key_Return)
    assert window.tabs.currentIndex() == CONCEPTS
    assert window.tabs.isVisible()
    concepts = window.findChild(ConceptsPanel)
    assert concepts is not None
    assert any("porch talks" in row.spoken() for row in concepts.page.rows_model.rows)
    question = window.reading.resource.questions[0]
    words = " ".join(question.texts["en"].split()[:6])
    panel = search(reader, words)
    go_to(panel, "question")
    chosen = panel.model.rows[panel.list.currentIndex().row()]
    strike(Key.Key_Return)
    assert window.tabs.currentIndex() == DISCUSS
    assert window.reading.chapter.id == chosen.chapter
    assert window.findChild(DiscussPanel).isVisible()


def test_exact_and_this_resource_narrow_the_answers(reader: Reader) -> None:
    panel = search(reader, "organizers")
    loose = {hit.snippet for hit in panel.model.rows}
    strike(Key.Key_Tab)
    while focused() is not panel.scope:
        strike(Key.Key_Tab)
    strike(Key.Key_Tab)
    assert panel.exact_button.hasFocus()
    serial = reader.window.searching._serial
    strike(Key.Key_Space)
    searching = reader.window.searching
    reader.qtbot.waitUntil(lambda: searching._answered > serial)
    assert panel.exact
    marked = [hit.snippet[start:end].casefold() for hit in panel.model.rows for start, end in hit.marks]
    assert marked
    assert all(words.startswith("organizers") for words in marked)
    assert {hit.snippet for hit in panel.model.rows} != loose
    strike(Key.Key_Tab, SHIFT)
    assert panel.scope.hasFocus()
    serial = searching._serial
    strike(Key.Key_Down)
    reader.qtbot.waitUntil(lambda: searching._answered > serial)
    assert panel.only_this_resource
    assert {hit.resource for hit in panel.model.rows} == {"community-organizing"}


def test_up_leads_back_to_the_box_and_an_emptied_box_brings_the_tab_back(reader: Reader) -> None:
    panel = search(reader, "power")
    strike(Key.Key_Down)
    assert panel.list.hasFocus()
    assert panel.list.currentIndex().row() == 0
    strike(Key.Key_Up)
    box = reader.window.top_bar.search
    assert box.hasFocus()
    for _ in "power":
        strike(Key.Key_Backspace)
    assert not panel.isVisible()
    assert reader.window.tabs.currentIndex() == CONTENTS
    assert box.hasFocus()


def test_strange_words_find_something_or_nothing_and_say_so(reader: Reader) -> None:
    box = reader.window.top_bar.search
    for words in ('"', "foo(", "AND", "-x", "a" * 10_000, "* OR NEAR(", "\\", "zzqqxx"):
        reader.press(Key.Key_F, CONTROL | SHIFT)
        box.setText(words)
        box.textEdited.emit(words)
        panel = answers(reader, words)
        assert panel.found.text() == "Nothing was found." if not panel.has_hits else "result" in panel.found.text()
        strike(Key.Key_Return)
        assert box.hasFocus() is not panel.has_hits


def test_typing_on_breaks_off_what_was_asked(reader: Reader) -> None:
    """Only the newest words are answered, whatever is under way."""
    searching = reader.window.searching
    reader.press(Key.Key_F, CONTROL | SHIFT)
    box = reader.window.top_bar.search
    for letter in "power with others":
        QTest.keyClick(box, letter)
        searching._ask()
    panel = answers(reader, "power with others")
    assert searching._answered == searching._serial
    assert all(hit.marks for hit in panel.model.rows)


def test_a_damaged_index_is_made_anew_unnoticed(open_reader: Open, basedir: Path) -> None:
    path = find_paths(str(basedir)).search
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"SQLite format 3\x00" + b"\x13" * 5_000)
    reader = open_reader().start()
    panel = search(reader, "accountability")
    reader.qtbot.waitUntil(lambda: panel.has_hits and not reader.window.searching._busy, timeout=60_000)
    assert not reader.window.notice.isVisible()


def test_find_in_the_chapter_is_still_a_key_away(reader: Reader) -> None:
    reader.press(Key.Key_F, CONTROL)
    assert reader.window.reading.find_bar.isVisible()
    QTest.keyClicks(focused(), "survey")
    assert reader.window.reading._hits
    assert not reader.window.searching.active
