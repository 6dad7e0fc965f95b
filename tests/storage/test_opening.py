"""What a session does for the notebook beside the reader's work: a backup and a look at every entry, once a day."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

from letstalk_desktop.annotations.model import Query
from letstalk_desktop.storage.backups import Backups
from letstalk_desktop.storage.database import Database
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.storage.opening import keep_house, open_at_start
from tests.storage.things import DAY, NOTE, NOW, highlight, operation


def harm(path: Path) -> None:
    """Change a letter of a note, as a bad disk would."""
    connection = sqlite3.connect(path)
    connection.executescript("UPDATE annotations SET note = replace(note, 'quoted', 'quotfd')")
    connection.close()


def test_the_first_session_of_a_day_backs_up_and_puts_right_what_changed_by_itself(tmp_path: Path) -> None:
    path, backups = tmp_path / "notebook.sqlite", tmp_path / "backups"
    notebook, told = open_at_start(path, backups, NOW)
    assert told == []
    notebook.apply(operation(highlight("x")), now=NOW)
    keep_house(notebook, backups, NOW)
    assert [backup.reason for backup in Backups(backups).all()] == ["daily"]
    harm(path)
    keep_house(notebook, backups, NOW + timedelta(minutes=5))
    assert len(Backups(backups).all()) == 1
    keep_house(notebook, backups, NOW + DAY)
    assert len(Backups(backups).all()) == 2
    assert [one.note for one in notebook.annotations(Query())] == [NOTE]
    notebook.close()


def test_a_sound_notebook_is_looked_through_without_keeping_anybody_from_writing(tmp_path: Path) -> None:
    path = tmp_path / "notebook.sqlite"
    notebook = Notebook.open(path, now=NOW)
    notebook.apply(operation(highlight("x")), now=NOW)
    other = Database(path)
    with other.writing():  # somebody writes all the while
        assert notebook.mend(NOW) == []
    notebook.close()
