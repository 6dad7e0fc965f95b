"""When the world does not cooperate: one clear sentence, the rest keeps working, nothing written is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt

from letstalk_desktop.storage.notebook import Notebook
from tests.stories.conftest import WORDS, Reader

Open = Callable[[], Reader]


def begin(reader: Reader) -> None:
    """Open the window without waiting for a notebook that cannot be opened."""
    reader.window.change_settings(hint_seen=True, interface_language="en", theme="light")
    reader.application.start("community-organizing")
    reader.window.resize(1360, 890)
    with reader.qtbot.waitActive(reader.window):
        reader.window.activateWindow()
    reader.window.open_chapter("central-concepts")


def told(reader: Reader) -> str:
    """The sentence over the page."""
    return reader.window.notice.words.text()


def test_a_data_folder_that_cannot_be_written(open_reader: Open, basedir: Path) -> None:
    basedir.mkdir()
    place = basedir / "data"
    place.write_text("a file stands where the folder should be")
    reader = open_reader()
    begin(reader)
    reader.qtbot.waitUntil(lambda: reader.window.desk.problem is not None, timeout=30_000)
    assert str(place) in told(reader) or "notebook" in told(reader).lower()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.do("add-note")
    reader.write("kept while there is no place for it")
    assert reader.marks()[0].note == "kept while there is no place for it"
    assert reader.window.desk.waiting
    place.unlink()
    reader.qtbot.waitUntil(lambda: reader.window.desk.is_open() and not reader.window.desk.waiting, timeout=30_000)
    assert [one.note for one in reader.marks()] == ["kept while there is no place for it"]


def test_a_notebook_of_a_newer_program_is_left_alone(open_reader: Open, basedir: Path) -> None:
    first = open_reader().start()
    first.select(WORDS)
    first.press(Qt.Key.Key_1)
    first.saved()
    first.close()
    path = first.application.paths.notebook
    with sqlite3.connect(path) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert "alembic_version" in tables
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()
    reader = open_reader()
    begin(reader)
    reader.qtbot.waitUntil(lambda: reader.window.desk.problem is not None, timeout=30_000)
    assert "newer" in told(reader)
    assert reader.window.reading.chapter is not None
    assert path.read_bytes() == before


def test_a_damaged_notebook_is_salvaged_and_kept_aside(open_reader: Open, basedir: Path) -> None:
    first = open_reader().start()
    first.select(WORDS)
    first.press(Qt.Key.Key_1)
    first.saved()
    path = first.application.paths.notebook
    first.close()
    path.write_bytes(b"this was a notebook" * 500)
    reader = open_reader()
    begin(reader)
    reader.qtbot.waitUntil(reader.window.desk.is_open, timeout=30_000)
    reader.qtbot.waitUntil(lambda: "damaged" in told(reader))
    kept = [one for one in path.parent.iterdir() if one.is_file() and one.read_bytes().startswith(b"this was a notebook")]
    assert kept


def test_a_locked_notebook_is_tried_again(open_reader: Open) -> None:
    reader = open_reader().start()
    path = reader.application.paths.notebook
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    reader.select(WORDS)
    reader.press(Qt.Key.Key_2)
    reader.qtbot.waitUntil(lambda: reader.window.desk.problem is not None, timeout=30_000)
    assert len(reader.marks()) == 1
    other.execute("ROLLBACK")
    other.close()
    reader.saved()
    assert reader.window.desk.problem is None


def test_a_broken_resource_is_named_with_file_and_line(open_reader: Open, tmp_path: Path) -> None:
    reader = open_reader().start()
    shown = reader.window.reading.chapter
    assert not reader.window.open_path(str(tmp_path))
    assert "resource.toml" in told(reader)
    folder = tmp_path / "mine"
    (folder / "en").mkdir(parents=True)
    (folder / "resource.toml").write_text(
        'id = "mine"\nlanguages = ["en"]\ntitle = { en = "Mine" }\n[[chapters]]\nid = "one"\nfile = "01-one"\n',
        encoding="utf-8",
    )
    (folder / "en" / "01-one.md").write_text("Fine.\n\nSee [[nothing]] here.\n", encoding="utf-8")
    reader.window.open_path(str(folder))
    assert "01-one.md:3" in told(reader)
    assert reader.window.reading.chapter == shown
    (folder / "en" / "01-one.md").write_text("Fine.\n\nNow it is.\n", encoding="utf-8")
    assert reader.window.open_path(str(folder))
    assert reader.window.reading.chapter.resource == "mine"


def test_missing_fonts_are_said_and_the_text_is_shown(open_reader: Open) -> None:
    reader = open_reader()
    reader.application.paths = reader.application.paths._replace(bundled=Path("/nowhere"))
    reader.application._load_later_fonts()
    assert "fonts" in told(reader).lower()


def test_closing_with_unsaved_changes_asks_first(open_reader: Open, tmp_path: Path, monkeypatch: object) -> None:
    from letstalk_desktop.errors import NotebookError
    from letstalk_desktop.ui.dialogs import UnsavedDialog

    reader = open_reader().start()

    def full(self: Notebook, operation: object, *, now: object) -> None:
        raise NotebookError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(Notebook, "apply", full)
        reader.select(WORDS)
        reader.press(Qt.Key.Key_1)
        reader.qtbot.waitUntil(lambda: reader.window.desk.problem is not None)
        reader.window.close()
        assert reader.window.isVisible()
        dialog = reader.window.findChild(UnsavedDialog)
        dialog._on_file_selected(str(tmp_path / "unsaved.json"))
        assert WORDS in (tmp_path / "unsaved.json").read_text(encoding="utf-8")
        assert not reader.window.isVisible()
