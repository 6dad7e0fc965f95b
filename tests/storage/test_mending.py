"""An entry that can no longer be understood is put right: from the journal, or field by field, and the note is seen again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from letstalk_desktop.annotations.model import Annotation, Placement, Query
from letstalk_desktop.storage.journal import UndoConflict
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import DAY, NOTE, NOW, concept, highlight, operation, plan


def harm(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


def test_a_sound_notebook_is_left_alone(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x"), concept(), plan()), now=NOW)
    before = (notebook.contents(), notebook.counter())
    assert notebook.mend(NOW) == []
    assert (notebook.contents(), notebook.counter()) == before


def test_the_journal_knows_what_an_entry_was(notebook: Notebook, path: Path) -> None:
    notebook.apply(operation(highlight("x"), highlight("y"), concept(), plan()), now=NOW)
    before = notebook.contents()
    harm(path, "UPDATE annotations SET kind = 'kei'; UPDATE concepts SET related = '['; UPDATE plans SET steps = 'x'")
    assert notebook.annotations(Query()) == []
    assert sorted(notebook.mend(NOW + DAY)) == ["own", "plan", "x", "y"]
    assert notebook.contents() == before
    assert notebook.undo_label() == "Change"


def test_a_letter_that_changed_by_itself_is_noticed(notebook: Notebook, path: Path) -> None:
    notebook.apply(operation(highlight("x")), now=NOW)
    harm(path, "UPDATE annotations SET note = replace(note, 'quoted', 'quotfd')")
    assert notebook.mend(NOW) == ["x"]
    assert [one.note for one in notebook.annotations(Query())] == [NOTE]


def test_where_the_journal_knows_nothing_the_note_is_still_seen_again(notebook: Notebook, path: Path) -> None:
    notebook.apply(operation(highlight("x"), highlight("y")), now=NOW)
    broken = ", ".join(f"{column} = '?'" for column in ("kind", "type", "visibility", "placement", "concepts", "start"))
    harm(path, f"DELETE FROM journal; UPDATE annotations SET {broken}, author = x'41'")
    assert sorted(notebook.mend(NOW + DAY)) == ["x", "y"]
    found = {one.id: one for one in notebook.annotations(Query())}
    assert set(found) == {"x", "y"}
    assert (found["x"].note, found["x"].author, found["x"].placement) == (NOTE, "A", Placement.DOUBTFUL)
    assert (found["x"].concepts, found["x"].anchor.start) == ((), 0)
    with pytest.raises(UndoConflict, match="record is damaged"):
        notebook.undo(now=NOW + DAY)
    assert notebook.undo(now=NOW + DAY) is None
    (entry,) = notebook.history("x")
    assert entry.label == "Repair a damaged entry"


@pytest.mark.parametrize("column", ["before", "after"])
def test_a_broken_journal_breaks_nothing(notebook: Notebook, path: Path, column: str) -> None:
    notebook.apply(operation(highlight("x")), now=NOW)
    notebook.apply(operation(highlight("x", note="b")), now=NOW)
    harm(path, f"UPDATE journal SET {column} = x'ff'; UPDATE annotations SET kind = ''")
    assert notebook.mend(NOW) == ["x"]
    (found,) = notebook.annotations(Query())
    assert isinstance(found, Annotation)
    assert found.note == "b"
