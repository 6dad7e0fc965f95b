"""A backup comes back: merged by default, in the place of the notebook by choice, and always after a safety copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from letstalk_desktop.annotations.model import Changes, Query
from letstalk_desktop.errors import NotebookError
from letstalk_desktop.storage.backups import BEFORE_RESTORE, Backup, Backups
from letstalk_desktop.storage.clock import timestamp
from letstalk_desktop.storage.copying import verify
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.storage.restoring import preview, restore
from tests.storage.things import DAY, NOW, concept, highlight, kept, operation


@pytest.fixture
def backups(path: Path) -> Backups:
    return Backups.beside(path)


@pytest.fixture
def backup(notebook: Notebook, backups: Backups) -> Backup:
    """A backup of four notes and a concept, after which the reader changed one, deleted one, lost one and added one."""
    notebook.apply(operation(*(highlight(name) for name in ("same", "edited", "deleted", "lost")), concept(), kept()), now=NOW)
    made = backups.make(notebook.copy_to, NOW)
    gone = timestamp(NOW)
    notebook.apply(
        operation(highlight("edited", note="later"), highlight("deleted", deleted=gone), highlight("new")), now=NOW + DAY
    )
    with notebook._database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM annotations WHERE id = 'lost'")
    return made


def notes(notebook: Notebook) -> dict[str, str]:
    return {found.id: found.note for found in notebook.annotations(Query())}


def test_a_preview_says_what_would_happen_and_changes_nothing(notebook: Notebook, backup: Backup) -> None:
    before = (notebook.contents(), notebook.counter())
    seen = preview(notebook, backup.path, now=NOW + 2 * DAY)
    assert (seen.added, seen.changed, seen.kept, seen.identical, seen.stay_deleted) == (1, 0, 1, 1, 1)
    assert (seen.lost, seen.others, seen.verified.notes) == (1, 0, 4)
    assert (notebook.contents(), notebook.counter()) == before


def test_merging_adds_what_is_missing_and_keeps_the_rest(notebook: Notebook, backup: Backup, backups: Backups) -> None:
    content = backup.path.read_bytes()
    done = restore(notebook, backup.path, backups, now=NOW + 2 * DAY)
    assert set(notes(notebook)) == {"same", "edited", "lost", "new"}
    assert notes(notebook)["edited"] == "later"
    assert done.changes.annotations == {"lost"}
    assert done.safety.reason == BEFORE_RESTORE
    assert verify(done.safety.path).notes == 3
    assert backup.path.read_bytes() == content
    notebook.undo(now=NOW + 3 * DAY)
    assert "lost" not in notes(notebook)


def test_replacing_brings_back_exactly_what_was_there(notebook: Notebook, path: Path, backup: Backup, backups: Backups) -> None:
    window = Notebook.open(path, now=NOW)
    counter, version = window.counter(), window.data_version()
    done = restore(notebook, backup.path, backups, now=NOW + 2 * DAY, mode="replace")
    assert set(notes(notebook)) == {"same", "edited", "deleted", "lost"}
    assert notes(notebook)["edited"] != "later"
    assert done.changes.annotations == {"same", "edited", "deleted", "lost", "new"}
    assert window.data_version() != version
    changes, later = window.changes_since(counter, by_others=True)
    assert changes.annotations == {"same", "edited", "deleted", "lost"}
    assert window.changes_since(later) == (Changes(), later)
    assert notes(window) == notes(notebook)
    window.apply(operation(highlight("after")), now=NOW + 3 * DAY)
    assert "after" in notes(notebook)
    assert notebook.undo_label() == "Change"
    window.close()
    restore(notebook, done.safety.path, backups, now=NOW + 4 * DAY)
    assert {"new", "after"} <= set(notes(notebook))


def test_an_unreadable_file_changes_nothing(notebook: Notebook, backup: Backup, backups: Backups) -> None:
    data = bytearray(backup.path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    backup.path.write_bytes(data)
    before = notebook.contents()
    for mode in ("merge", "replace"):
        with pytest.raises(NotebookError, match="damaged"):
            restore(notebook, backup.path, backups, now=NOW, mode=mode)  # type: ignore[arg-type]
    with pytest.raises(NotebookError):
        preview(notebook, backup.path.with_name("nowhere.sqlite"), now=NOW)
    assert notebook.contents() == before
    assert not [item for item in notebook.path.parent.iterdir() if "restoring" in item.name]


def test_a_live_notebook_of_another_machine_can_be_restored_too(notebook: Notebook, backups: Backups, tmp_path: Path) -> None:
    other = Notebook.open(tmp_path / "other" / "notebook.sqlite", now=NOW)
    other.apply(operation(highlight("theirs")), now=NOW)
    restore(notebook, other.path, backups, now=NOW)
    assert set(notes(notebook)) == {"theirs"}
    other.close()
