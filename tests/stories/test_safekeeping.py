"""Notes are on disk at once, come in from the command line, survive a folder that goes away, and can be brought back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QPushButton

from letstalk_desktop.annotations.model import Annotation, Query
from letstalk_desktop.storage.backups import Backups
from letstalk_desktop.storage.copying import verify
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.ui import desk, note_card
from letstalk_desktop.ui.note_card import NoteEditor
from letstalk_desktop.ui.your_notes import RestoreDialog, YourNotes
from tests.stories.conftest import WORDS, Reader

Open = Callable[[], Reader]
OTHER_WORDS = "people, one at a time. A"


def marked(open_reader: Open) -> Reader:
    """A reader with one highlight on disk."""
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.saved()
    return reader


def on_disk(notebook: Path) -> list[Annotation]:
    """What another program finds in the notebook now."""
    other = Notebook.open(notebook, now=datetime.now(UTC))
    try:
        return other.annotations(Query())
    finally:
        other.close()


def editor_of(reader: Reader) -> NoteEditor:
    """The editor of a note that has just been opened."""
    reader.do("add-note")
    margin = reader.window.reading.margin
    reader.qtbot.waitUntil(lambda: bool(margin.editing()))
    card = margin.card_of(margin.editing())
    assert card is not None
    assert card.editor is not None
    return card.editor


def test_a_note_is_on_disk_a_second_after_a_key_even_if_typing_goes_on(open_reader: Open) -> None:
    reader = marked(open_reader)
    notebook = reader.application.paths.notebook
    editor = editor_of(reader)
    began = time.monotonic()
    typed, first = "", 0.0
    while not first and time.monotonic() - began < 10:
        QTest.keyClick(editor, Qt.Key.Key_W)
        typed += "w"
        QTest.qWait(50)  # a key twenty times a second: a timer that begins again with each would never end
        if on_disk(notebook)[0].note:
            first = time.monotonic() - began
    saved = on_disk(notebook)[0].note
    assert saved
    assert typed.startswith(saved)
    assert note_card.SAVE_AFTER_MS < 1000
    assert first < 2.5  # a second by the clock of the program; the rest is for a busy machine


def test_leaving_the_field_saves_at_once(open_reader: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(note_card, "SAVE_AFTER_MS", 10**8)  # only leaving can have saved it
    reader = marked(open_reader)
    editor = editor_of(reader)
    QTest.keyClicks(editor, "left behind")
    assert on_disk(reader.application.paths.notebook)[0].note == ""
    reader.window.reading.page.setFocus()
    reader.saved()
    assert on_disk(reader.application.paths.notebook)[0].note == "left behind"


def test_a_note_is_saved_while_a_long_backup_is_made(open_reader: Open) -> None:
    reader = open_reader()
    done, kept = threading.Event(), []

    def slow(notebook: Notebook) -> None:
        kept.append(done.wait(60))

    reader.window.desk.keep_house = slow
    reader.start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_1)
    reader.saved()
    assert kept == []
    assert [one.anchor.exact for one in on_disk(reader.application.paths.notebook)] == [WORDS]
    done.set()
    reader.qtbot.waitUntil(lambda: kept == [True])


def test_a_note_of_the_command_line_is_in_the_window_within_a_second(open_reader: Open, basedir: Path) -> None:
    reader = marked(open_reader)
    command = [sys.executable, "-m", "letstalk_desktop", "--basedir", str(basedir), "annotate", "community-organizing", "3"]
    said = subprocess.run(
        [*command, "--quote", OTHER_WORDS, "--note", "from the command line"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert said.returncode == 0, said.stderr
    ended = time.monotonic()
    reader.qtbot.waitUntil(lambda: "from the command line" in [one.note for one in reader.marks()], timeout=5_000)
    assert time.monotonic() - ended < desk.WATCH_MS / 1000 + 1.0  # the rest is for a busy machine
    assert desk.WATCH_MS < 1000


def test_a_folder_that_disappears_is_told_once_and_all_is_saved_when_it_is_back(open_reader: Open) -> None:
    reader = marked(open_reader)
    told: list[str] = []
    reader.window.desk.told.connect(lambda words, warning: told.append(words) if warning else None)
    data = reader.application.paths.notebook.parent
    away = data.with_name("unplugged")
    data.rename(away)
    reader.select(OTHER_WORDS)
    reader.press(Qt.Key.Key_2)
    reader.qtbot.waitUntil(lambda: reader.window.desk.problem is not None, timeout=20_000)
    reader.do("add-note")
    reader.write("written while the folder was away")
    QTest.qWait(desk.RETRY_MS + desk.WATCH_MS)
    assert len(told) == 1
    assert reader.window.desk.waiting
    assert not (data / "notebook.sqlite").exists()
    if data.exists():  # nothing of worth may have been written to nowhere
        assert sorted(path.name for path in data.rglob("*.sqlite") if path.name.startswith("notebook")) == []
        shutil.rmtree(data)
    away.rename(data)
    reader.qtbot.waitUntil(lambda: not reader.window.desk.waiting, timeout=20_000)
    assert {one.note for one in on_disk(data / "notebook.sqlite")} == {"", "written while the folder was away"}


def test_a_note_made_while_the_clock_had_jumped_back_is_kept_with_its_later_changes(
    open_reader: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = marked(open_reader)

    class Yesteryear(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2001, 2, 3, tzinfo=UTC)

    monkeypatch.setattr(desk, "datetime", Yesteryear)
    editor_of(reader)
    reader.write("in the wrong year")
    reader.saved()
    assert [one.note for one in on_disk(reader.application.paths.notebook)] == ["in the wrong year"]
    monkeypatch.undo()
    reader.do("undo")
    reader.qtbot.waitUntil(lambda: [one.note for one in reader.marks()] == [""])
    reader.do("redo")
    reader.qtbot.waitUntil(lambda: [one.note for one in reader.marks()] == ["in the wrong year"])


def test_neither_a_lost_index_nor_a_lost_resource_takes_notes_along(open_reader: Open, basedir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "en").mkdir(parents=True)
    (folder / "resource.toml").write_text(
        'id = "mine"\nlanguages = ["en"]\ntitle = { en = "Mine" }\n[[chapters]]\nid = "one"\nfile = "01-one"\n',
        encoding="utf-8",
    )
    (folder / "en" / "01-one.md").write_text("Only these few words stand here.\n", encoding="utf-8")
    reader = open_reader().start()
    reader.window.editions.import_path(str(folder))
    reader.qtbot.waitUntil(lambda: reader.window.reading.resource.id == "mine", timeout=20_000)
    reader.select("these few words")
    reader.press(Qt.Key.Key_1)
    reader.saved()
    paths = reader.application.paths
    reader.qtbot.waitUntil(lambda: any(basedir.rglob("search.sqlite")), timeout=20_000)
    reader.close()
    index, installed = list(basedir.rglob("search.sqlite*")), list(basedir.rglob("mine"))
    assert index
    assert installed
    for path in index:
        path.unlink()
    for path in installed:
        shutil.rmtree(path)
    again = open_reader().start()
    assert [one.anchor.exact for one in on_disk(paths.notebook)] == ["these few words"]
    again.qtbot.waitUntil(lambda: again.window.desk.notebook is not None)
    assert [one.anchor.exact for one in again.window.desk.notebook.annotations(Query())] == ["these few words"]


def opened(reader: Reader) -> YourNotes:
    """The dialog, with its facts read."""
    reader.do("your-notes")
    dialog = reader.window.findChild(YourNotes)
    assert dialog is not None
    reader.qtbot.waitUntil(lambda: dialog.facts["count"].text() != "…")
    return dialog


def press(reader: Reader, button: QPushButton) -> None:
    """Press a button with the keyboard."""
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def test_your_notes_says_where_they_are_and_that_they_are_whole(open_reader: Open, tmp_path: Path) -> None:
    reader = marked(open_reader)
    dialog = opened(reader)
    assert dialog.facts["count"].text() == "1"
    assert str(reader.application.paths.notebook) in dialog.facts["place"].text()
    assert str(reader.application.paths.backups) in dialog.facts["folder"].text()
    assert dialog.facts["last"].text().startswith("today ")  # the first session of the day has made one
    assert "first start of the day" in dialog.list.item(0).text()
    press(reader, dialog.verify)
    reader.qtbot.waitUntil(lambda: "whole" in dialog.answer.text())
    assert dialog.answer.text().splitlines() == ["The notebook is whole: 1 note.", "1 backup is whole."]
    damaged = reader.application.paths.backups / Path(dialog.list.item(0).data(Qt.ItemDataRole.UserRole)).name
    damaged.write_bytes(damaged.read_bytes()[:5000])
    press(reader, dialog.verify)
    reader.qtbot.waitUntil(lambda: str(damaged) in dialog.answer.text())
    assert dialog.answer.text().splitlines()[0] == "The notebook is whole: 1 note."
    assert "backup is whole" not in dialog.answer.text()
    copy = tmp_path / "copy.sqlite"
    dialog.back_up_to(str(copy))
    reader.qtbot.waitUntil(lambda: str(copy) in dialog.answer.text())
    assert verify(copy).notes == 1


def test_a_backup_is_merged_by_default_and_replaces_only_by_choice(open_reader: Open, tmp_path: Path) -> None:
    reader = marked(open_reader)
    copy = tmp_path / "one.sqlite"
    dialog = opened(reader)
    dialog.back_up_to(str(copy))
    reader.qtbot.waitUntil(lambda: copy.name in dialog.answer.text())
    dialog.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    with reader.qtbot.waitActive(reader.window):
        reader.window.activateWindow()
    reader.select(OTHER_WORDS)
    reader.press(Qt.Key.Key_2)
    reader.saved()
    dialog = opened(reader)

    def choose(replace: bool) -> None:
        dialog.preview(str(copy))
        reader.qtbot.waitUntil(lambda: dialog.findChild(RestoreDialog) is not None)
        asking = dialog.findChild(RestoreDialog)
        assert asking.merge.isChecked()
        assert len(reader.marks()) == 2  # a preview changes nothing
        if replace:
            asking.replace.setFocus()
            QTest.keyClick(asking.replace, Qt.Key.Key_Space)
            assert "1 note that only stands here would go" in asking.replace.text()
        assert asking.buttons is not None
        [accept] = [
            button
            for button in asking.buttons.buttons()
            if asking.buttons.buttonRole(button) is QDialogButtonBox.ButtonRole.AcceptRole
        ]
        dialog.answer.setText("")
        press(reader, accept)
        reader.qtbot.waitUntil(lambda: "is kept in" in dialog.answer.text(), timeout=20_000)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    choose(replace=False)
    assert len(reader.marks()) == 2
    choose(replace=True)
    reader.qtbot.waitUntil(lambda: len(reader.marks()) == 1)
    safety = Backups(reader.application.paths.backups).all()[0]
    assert safety.reason == "before-restore"
    assert verify(safety.path).notes == 2


def test_your_notes_may_be_closed_while_it_still_reads(open_reader: Open) -> None:
    reader = marked(open_reader)
    dialog = opened(reader)
    dialog.verify.click()
    dialog.refresh()
    dialog.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    answered: list[int] = []
    reader.window.desk.ask(lambda notebook: notebook.total(), answered.append)
    reader.qtbot.waitUntil(lambda: answered == [1])  # whatever was asked before has been answered too, to nobody


def test_your_notes_is_freed_when_it_closes(open_reader: Open) -> None:
    reader = marked(open_reader)
    dialog = opened(reader)
    gone = weakref.ref(dialog)
    dialog.close()
    del dialog
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert gone() is None
