"""A resource gets a newer edition: the notes follow, the reader is told, and what is not sure waits for her."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from letstalk_desktop.annotations import following
from letstalk_desktop.annotations.model import Annotation, Placement, Query
from letstalk_desktop.cli import main
from letstalk_desktop.ui import follow_run
from letstalk_desktop.ui.decorations import HIGHLIGHTS
from letstalk_desktop.ui.unplaced_panel import UnplacedPanel
from tests.stories.conftest import Reader

Open = Callable[[], Reader]
HEAD = """
id = "small"
edition = "{edition}"
languages = ["en"]
title = {{ en = "Small things" }}

[[chapters]]
id = "power"
file = "01-power"
title = {{ en = "Power" }}

[[chapters]]
id = "practice"
file = "02-practice"
title = {{ en = "Practice" }}
"""
FIRST = {
    "p-kitchen": "The people’s 😀 power grows when neighbours meet in kitchens, and not before they have met.",
    "p-union": "It grows slowly. A tenants’ union of forty households took eleven months to win a working boiler.",
    "p-ask": "Ask two neighbours what keeps them awake at night; write down their words, not yours.",
    "p-coeur": "« Le cœur de l’action\u00a0: e\u0301couter\u202f! » said the organizer from Trois-Rivières in her notebook.",
    "p-money": "Money that comes from outside goes away again, and then the meetings stop within a season.",
    "p-long": "Go back to everybody who came once. Ask what it was worth to them, and what they would do differently.",
    "p-last": "Leave the room with a date, a place and a name for each thing that was promised aloud.",
}
SECOND = {"p-practice": "A second chapter about what is done on a Tuesday evening."}
MARKS = {  # words -> what becomes of them
    "people’s 😀 power grows when neighbours meet": "kept",
    "union of forty households took eleven months to win": "edited",
    "write down their words, not yours": "deleted",
    "cœur de l’action\u00a0: e\u0301couter\u202f! » said the organizer": "moved",
    "Leave the room with a date, a place and a name": "other chapter",
    "Go back to everybody who came once. Ask what it was worth to them": "split",
}


def write(folder: Path, edition: str, first: dict[str, str], second: dict[str, str]) -> Path:
    texts = {"01-power": first, "02-practice": second}
    (folder / "en").mkdir(parents=True)
    (folder / "resource.toml").write_text(HEAD.format(edition=edition), encoding="utf-8")
    for name, blocks in texts.items():
        text = "\n\n".join(f"{words} {{#{block}}}" for block, words in blocks.items())
        (folder / "en" / f"{name}.md").write_text(text + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def older(tmp_path: Path) -> Path:
    return write(tmp_path / "older" / "small", "1.0", FIRST, SECOND)


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """Paragraphs are edited, moved within and between chapters, deleted and split."""
    before, after = FIRST["p-long"].split(" Ask")
    first = {
        "p-new": "This edition begins with a paragraph that nobody has read before.",
        "p-coeur": FIRST["p-coeur"],
        "p-kitchen": FIRST["p-kitchen"],
        "p-union": FIRST["p-union"].replace("took eleven months to win", "needed eleven months to win"),
        "p-money": FIRST["p-money"],
        "p-long": before,
        "p-long-2": f"Ask{after}",
    }
    return write(tmp_path / "newer" / "small", "2.0", first, {**SECOND, "p-last": FIRST["p-last"]})


def on_page(reader: Reader) -> tuple[str, str]:
    """The resource and edition that are read."""
    resource = reader.window.reading.resource
    return (resource.id, resource.edition) if resource is not None else ("", "")


def bands(reader: Reader) -> int:
    """How many highlights are painted."""
    decorations = reader.window.reading.page.decorations
    return len(decorations.group(HIGHLIGHTS)) if decorations is not None else 0


def choose(panel: UnplacedPanel, reader: Reader, wanted: Annotation) -> None:
    """Choose one of the unplaced notes."""
    panel.show_annotation(wanted.id)

    def chosen() -> bool:
        one = panel.current()
        return one is not None and one.id == wanted.id

    reader.qtbot.waitUntil(chosen)


def reading(open_reader: Open, older: Path) -> Reader:
    """A reader who has marked the first edition."""
    reader = open_reader().start("")
    reader.window.editions.import_path(str(older))
    reader.qtbot.waitUntil(lambda: on_page(reader)[0] == "small", timeout=20_000)
    for number, words in enumerate(MARKS):
        reader.select(words)
        reader.press(Qt.Key.Key_1)
        [made] = [one for one in reader.marks() if one.anchor.exact == words]
        reader.window.desk.set_note(made, f"note {number}: {MARKS[words]}", "")
    reader.saved()
    return reader


def stored(reader: Reader) -> dict[str, Annotation]:
    """All annotations of the resource, by what should become of them."""
    notebook = reader.window.desk.notebook
    assert notebook is not None
    return {one.note.split(": ")[-1]: one for one in notebook.annotations(Query(resource="small"))}


def upgraded(reader: Reader, newer: Path) -> None:
    """Import the newer edition and wait until the notes have followed."""
    window = reader.window
    window.editions.import_path(str(newer))
    reader.qtbot.waitUntil(lambda: on_page(reader)[1] == "2.0", timeout=20_000)
    reader.qtbot.waitUntil(lambda: window.editions.last is not None, timeout=20_000)
    reader.qtbot.waitUntil(lambda: "follow edition 2.0" in window.notice.words.text(), timeout=20_000)


def panel_of(reader: Reader) -> UnplacedPanel:
    reader.qtbot.waitUntil(lambda: bool(reader.window.findChildren(UnplacedPanel)))
    panel: UnplacedPanel = reader.window.findChildren(UnplacedPanel)[0]
    return panel


def test_notes_follow_and_the_reader_is_told(open_reader: Open, older: Path, newer: Path) -> None:
    reader = reading(open_reader, older)
    before = stored(reader)
    upgraded(reader, newer)
    after = stored(reader)
    assert {one.id for one in after.values()} == {one.id for one in before.values()}
    assert after["deleted"].placement is Placement.UNPLACED
    assert after["deleted"].anchor == before["deleted"].anchor
    for name in ("kept", "edited", "moved", "other chapter"):
        assert after[name].placement is Placement.PLACED
        anchor = after[name].anchor
        chapter = reader.window.desk.shelf.chapter("small", anchor.chapter, "en")
        assert (anchor.edition, chapter.text[anchor.start : anchor.end]) == ("2.0", anchor.exact)
    assert after["edited"].anchor.exact == "union of forty households needed eleven months to win"
    assert after["other chapter"].anchor.chapter == "practice"
    last = reader.window.editions.last
    assert last is not None
    assert last.total == len(MARKS)
    assert len(last.kept) + len(last.moved) + last.waiting == len(MARKS)
    assert f"{len(last.kept)} kept, {len(last.moved)} moved, {last.waiting} need" in reader.window.notice.words.text()
    here = [one for one in after.values() if one.placement is Placement.PLACED and one.anchor.chapter == "power"]
    reader.qtbot.waitUntil(lambda: bands(reader) == len(here))

    reader.do("undo")
    reader.qtbot.waitUntil(lambda: stored(reader)["kept"].anchor.edition == "1.0")
    assert {name: one.anchor for name, one in stored(reader).items()} == {name: one.anchor for name, one in before.items()}
    reader.qtbot.waitUntil(lambda: bands(reader) == 0)
    reader.do("redo")
    reader.qtbot.waitUntil(lambda: stored(reader)["kept"].anchor.edition == "2.0")


def test_what_waits_is_attached_with_the_keyboard_alone(open_reader: Open, older: Path, newer: Path) -> None:
    reader = reading(open_reader, older)
    upgraded(reader, newer)
    reader.do("unplaced")
    panel = panel_of(reader)
    reader.qtbot.waitUntil(lambda: panel.list.count() > 0)
    for widget in (panel.list, panel.places, panel.detail):
        assert widget.accessibleName()
    one = next(row.annotation for row in panel.rows if row.annotation.note.endswith("deleted"))
    choose(panel, reader, one)
    assert "write down their words, not yours" in panel.detail.text()
    assert "note 2: deleted" in panel.detail.text()
    reader.qtbot.waitUntil(lambda: panel.places.count() > 0)
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert panel.places.hasFocus()
    QTest.keyClick(panel.places, Qt.Key.Key_Return)
    reader.saved()
    placed = stored(reader)["deleted"]
    assert (placed.placement, placed.anchor.edition) == (Placement.PLACED, "2.0")
    assert reader.window.notice.button.text() == "Undo"
    reader.do("undo")
    reader.qtbot.waitUntil(lambda: stored(reader)["deleted"].placement is Placement.UNPLACED)

    choose(panel, reader, one)
    reader.window.open_chapter("power")
    reader.select("neighbours meet in kitchens")
    reader.press(Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    reader.saved()
    assert stored(reader)["deleted"].anchor.exact == "neighbours meet in kitchens"
    reader.do("undo")
    reader.qtbot.waitUntil(lambda: stored(reader)["deleted"].placement is Placement.UNPLACED)

    choose(panel, reader, one)
    panel.keep.click()
    assert stored(reader)["deleted"].placement is Placement.UNPLACED
    choose(panel, reader, one)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    reader.saved()
    assert "deleted" not in stored(reader)
    reader.do("undo")
    reader.qtbot.waitUntil(lambda: "deleted" in stored(reader))


def test_cancelling_leaves_everything_as_it_was_and_the_next_start_follows(
    open_reader: Open, older: Path, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = reading(open_reader, older)
    before = stored(reader)
    held, whole = threading.Event(), following.prepare

    def slow(*given: Any, **named: Any) -> object:
        held.wait(20)
        return whole(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(following, "prepare", slow)
        patch.setattr(follow_run, "SHOW_AFTER_MS", 0)
        reader.window.editions.import_path(str(newer))
        notice = reader.window.notice
        reader.qtbot.waitUntil(lambda: notice.isVisible() and notice.button.text() == "Cancel", timeout=20_000)
        notice.button.click()
        held.set()
        reader.qtbot.waitUntil(lambda: "as they were" in notice.words.text(), timeout=20_000)
    assert stored(reader) == before
    reader.close()

    again = open_reader()
    again.application.start("small")
    again.qtbot.waitUntil(lambda: again.window.editions.last is not None, timeout=30_000)
    assert stored(again)["kept"].anchor.edition == "2.0"


@pytest.mark.parametrize("met", [False, True], ids=["", "already met by the shelf"])
def test_an_edition_that_the_command_line_installs_is_noticed(open_reader: Open, older: Path, newer: Path, met: bool) -> None:
    reader = reading(open_reader, older)
    reader.window.go_to_locator("1.3")
    assert main(["import", str(newer)]) == 0
    if met:
        assert reader.window.desk.shelf.look_again("small").edition == "2.0"
    reader.qtbot.waitUntil(lambda: on_page(reader)[1] == "2.0", timeout=20_000)
    reader.qtbot.waitUntil(
        lambda: any(one.anchor.edition == "2.0" and one.note.endswith("kept") for one in reader.marks()), timeout=20_000
    )
    assert stored(reader)["deleted"].placement is Placement.UNPLACED


@pytest.mark.parametrize("name", ["notes.json", "summary.html"])
def test_notes_from_a_file_come_in_through_the_window(
    open_reader: Open, older: Path, newer: Path, tmp_path: Path, name: str
) -> None:
    reader = reading(open_reader, older)
    file = tmp_path / name
    assert main(["export", str(file), "--resource", "small"]) == 0
    before = stored(reader)
    reader.window.desk.delete(list(before.values()))
    reader.saved()
    upgraded_to = reader.window.editions
    upgraded_to.import_path(str(newer))
    reader.qtbot.waitUntil(lambda: on_page(reader)[1] == "2.0", timeout=20_000)
    for one in before.values():  # as a colleague has them
        assert one.id not in {other.id for other in stored(reader).values()}
    file.write_text(file.read_text(encoding="utf-8").replace('"id": "', '"id": "c-'), encoding="utf-8")
    upgraded_to.import_path(str(file))
    reader.qtbot.waitUntil(lambda: upgraded_to.last is not None, timeout=20_000)
    assert stored(reader)["kept"].anchor.edition == "2.0"
    assert stored(reader)["deleted"].placement is Placement.UNPLACED
