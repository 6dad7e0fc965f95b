"""A note leaves the disk 90 days after the reader deleted it, and not earlier whatever the clock says."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from letstalk_desktop.annotations.model import Query
from letstalk_desktop.storage.clock import timestamp
from letstalk_desktop.storage.journal import UndoConflict
from letstalk_desktop.storage.merging import Incoming, Outcome
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import DAY, NOW, SECOND, concept, highlight, kept, operation, plan


def delete(notebook: Notebook, name: str, now: datetime) -> None:
    found = notebook.annotation(name)
    assert found is not None
    notebook.apply(operation(found.changed(deleted=timestamp(now)), label="Delete"), now=now)


def trash(notebook: Notebook) -> list[str]:
    return [found.id for found in notebook.annotations(Query(deleted=True))]


def sessions(notebook: Notebook, first: datetime, last: datetime) -> None:
    """The reader opens the program every ten days."""
    moment = first
    while moment <= last:
        notebook.purge(moment)
        moment += 10 * DAY


def test_what_was_deleted_can_be_restored_for_90_days(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x"), highlight("y")), now=NOW)
    delete(notebook, "x", NOW)
    sessions(notebook, NOW, NOW + 90 * DAY)
    assert trash(notebook) == ["x"]
    found = notebook.annotation("x")
    assert found is not None
    notebook.apply(operation(found.changed(deleted="")), now=NOW + 90 * DAY)
    sessions(notebook, NOW + 91 * DAY, NOW + 300 * DAY)
    assert {one.id for one in notebook.annotations(Query())} == {"x", "y"}


def test_then_it_is_gone_with_its_history_and_its_words_from_the_file(notebook: Notebook, path: Path) -> None:
    notebook.apply(operation(highlight("x", note="very private sentence"), highlight("y"), concept("c"), plan("p")), now=NOW)
    delete(notebook, "x", NOW)
    notebook.apply(operation(concept("c", deleted=timestamp(NOW)), plan("p", deleted=timestamp(NOW))), now=NOW)
    sessions(notebook, NOW, NOW + 90 * DAY)
    changes = notebook.purge(NOW + 120 * DAY)
    assert not changes
    changes = notebook.purge(NOW + 122 * DAY)
    assert (changes.annotations, changes.concepts, changes.plans) == ({"x"}, {"c"}, {"p"})
    assert notebook.annotation("x") is None
    assert notebook.history("x") == []
    assert trash(notebook) == []
    notebook.close()
    assert b"very private sentence" not in path.read_bytes()
    again = Notebook.open(path, now=NOW + 123 * DAY)
    assert again.undo_label() is None
    assert [one.id for one in again.annotations(Query())] == ["y"]
    again.close()


def test_what_is_gone_for_good_does_not_come_back_from_an_old_backup_unless_it_was_changed_since(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x"), highlight("y")), now=NOW)
    old = notebook.contents()
    delete(notebook, "x", NOW)
    sessions(notebook, NOW, NOW + 130 * DAY)
    result = notebook.merge(old, label="Restore", now=NOW + 130 * DAY)
    assert result.ids(Outcome.DELETED) == ("x",)
    assert notebook.annotation("x") is None
    newer = highlight("x", modified=timestamp(NOW + 200 * DAY))
    assert notebook.merge(Incoming((newer,)), label="Restore", now=NOW + 200 * DAY).ids(Outcome.NEW) == ("x",)


def test_one_session_in_the_wrong_year_removes_nothing(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x")), now=NOW)
    delete(notebook, "x", NOW)
    notebook.purge(NOW + DAY)
    future = datetime(2099, 1, 1, tzinfo=UTC)
    assert not notebook.purge(future)
    assert not notebook.purge(future + 3600 * SECOND)
    assert not notebook.purge(NOW + 2 * DAY)
    assert not notebook.purge(NOW + 4 * DAY)
    assert trash(notebook) == ["x"]


def test_what_was_deleted_while_the_clock_was_behind_is_kept_for_its_90_days(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x")), now=NOW)
    notebook.purge(NOW)
    past = datetime(1970, 1, 1, tzinfo=UTC)
    notebook.purge(past)
    delete(notebook, "x", past)
    sessions(notebook, NOW + DAY, NOW + 80 * DAY)
    assert trash(notebook) == ["x"]
    sessions(notebook, NOW + 91 * DAY, NOW + 120 * DAY)
    assert trash(notebook) == []


def test_the_trash_empties_again_once_a_clock_that_was_ahead_has_been_right_for_90_days(notebook: Notebook) -> None:
    notebook.purge(datetime(2099, 1, 1, tzinfo=UTC))
    notebook.apply(operation(highlight("x")), now=NOW)
    delete(notebook, "x", NOW)
    sessions(notebook, NOW, NOW + 170 * DAY)
    assert trash(notebook) == ["x"]
    sessions(notebook, NOW + 180 * DAY, NOW + 210 * DAY)
    assert trash(notebook) == []


def test_undo_passes_over_what_is_gone_for_good(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x"), highlight("y")), now=NOW)
    delete(notebook, "x", NOW)
    notebook.apply(operation(highlight("z")), now=NOW)
    sessions(notebook, NOW, NOW + 130 * DAY)
    done = notebook.undo(now=NOW + 130 * DAY)
    assert done is not None
    assert done.changes.annotations == {"z"}
    assert notebook.undo(now=NOW + 130 * DAY) is None
    assert [one.id for one in notebook.annotations(Query())] == ["y"]


def test_texts_that_nothing_refers_to_leave_after_90_days(notebook: Notebook) -> None:
    notebook.apply(operation(highlight("x"), kept("1.0"), kept("2.0"), kept("0.9")), now=NOW)
    notebook.apply(operation(highlight("y", edition="2.0")), now=NOW)
    notebook.apply(operation(highlight("x", edition="2.0")), now=NOW + 60 * DAY)
    sessions(notebook, NOW, NOW + 110 * DAY)
    assert notebook.kept_editions("organizing") == ["1.0", "2.0"]
    sessions(notebook, NOW + 120 * DAY, NOW + 180 * DAY)
    assert notebook.kept_editions("organizing") == ["2.0"]


def test_of_a_note_saved_every_second_one_entry_stays_and_undo_still_takes_it_back(notebook: Notebook, path: Path) -> None:
    notebook.apply(operation(highlight("x", note="before")), now=NOW)
    for number in range(50):
        notebook.apply(operation(highlight("x", note=f"text {number}"), gesture="typing"), now=NOW + number * SECOND)
    notebook.apply(operation(highlight("x", note="a", author="Ana"), gesture="two"), now=NOW)
    notebook.apply(operation(highlight("x", note="b", author="Ana"), gesture="three"), now=NOW)
    notebook.apply(operation(highlight("x", note="c", author="Ana"), gesture="two"), now=NOW)
    for day in range(4):
        notebook.purge(NOW + day * DAY)
    told = [(entry.before and entry.before.note, entry.after.note) for entry in notebook.history("x")]  # type: ignore[union-attr]
    assert told == [(None, "before"), ("before", "text 49"), ("text 49", "a"), ("a", "b"), ("b", "c")]
    with pytest.raises(UndoConflict):
        notebook.undo(now=NOW + 5 * DAY)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE gestures SET state = 'dropped' WHERE id = 'three'")
        other.execute("UPDATE annotations SET note = 'text 49', author = '' WHERE id = 'x'")
    other.close()
    notebook.undo(now=NOW + 5 * DAY)
    found = notebook.annotation("x")
    assert found is not None
    assert found.note == "before"


def test_what_the_reader_empties_from_the_trash_is_gone_at_once_and_nothing_else(notebook: Notebook, path: Path) -> None:
    notebook.apply(operation(highlight("x", note="very private sentence"), highlight("y"), highlight("z")), now=NOW)
    for name in ("x", "z"):
        delete(notebook, name, NOW)
    changes = notebook.delete_now(["x", "y", "no such note"], now=NOW + SECOND)  # y is not in the trash
    assert changes.annotations == {"x"}
    assert notebook.annotation("x") is None
    assert notebook.history("x") == []
    assert trash(notebook) == ["z"]
    assert [one.id for one in notebook.annotations(Query())] == ["y"]
    undone = notebook.undo(now=NOW + 2 * SECOND)
    assert undone is not None
    assert undone.changes.annotations == {"z"}
    notebook.close()
    assert b"very private sentence" not in path.read_bytes()
