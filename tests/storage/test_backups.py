"""Backups are made once a day, are whole, and the right ones stay."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from letstalk_desktop.errors import NotebookError
from letstalk_desktop.storage.backups import DAILY, Backup, Backups, superfluous
from letstalk_desktop.storage.copying import verify
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import DAY, NOW, SECOND, everything, highlight, operation


@pytest.fixture
def backups(path: Path) -> Backups:
    return Backups.beside(path)


def test_a_backup_is_one_whole_file_with_all_notes(notebook: Notebook, backups: Backups) -> None:
    notebook.apply(everything(), now=NOW)
    made = backups.make(notebook.copy_to, NOW)
    assert made.path.name == "notebook-20261123T091200.000Z-manual.sqlite"
    assert [item.name for item in backups.folder.iterdir()] == [made.path.name]
    held = verify(made.path)
    assert (held.notes, held.annotations, held.revision) == (1, 1, "0001")
    assert made.size == made.path.stat().st_size
    assert backups.all() == [made]
    copy = Notebook.open(made.path, now=NOW)
    assert copy.contents() == notebook.contents()
    copy.close()


def test_the_first_session_of_a_day_makes_one_and_the_next_none(notebook: Notebook, backups: Backups) -> None:
    first = backups.daily(notebook.copy_to, NOW)
    assert first is not None
    assert backups.daily(notebook.copy_to, NOW + 3600 * SECOND) is None
    assert backups.daily(notebook.copy_to, NOW + DAY) is not None
    assert backups.newest() != first


def test_a_day_is_the_reader_s_own(notebook: Notebook, backups: Backups) -> None:
    zone = timezone(timedelta(hours=-5))
    evening = datetime(2026, 11, 23, 20, 0, tzinfo=zone)
    assert backups.daily(notebook.copy_to, evening) is not None
    assert backups.daily(notebook.copy_to, evening + timedelta(hours=3)) is None
    assert backups.daily(notebook.copy_to, evening + timedelta(hours=6)) is not None


def test_a_clock_that_has_jumped_back_does_not_stop_backups(notebook: Notebook, backups: Backups) -> None:
    backups.daily(notebook.copy_to, datetime(2099, 1, 1, tzinfo=UTC))
    assert backups.daily(notebook.copy_to, NOW) is not None


def daily(*days: int) -> list[Backup]:
    return [Backup(Path(f"{day}"), NOW - day * DAY, DAILY, 1) for day in days]


def test_ten_newest_and_eight_weekly_stay() -> None:
    found = daily(*range(120))
    gone = superfluous(found)
    left = [backup for backup in found if backup not in gone]
    assert left[:10] == found[:10]
    weeks = [backup.made.isocalendar()[:2] for backup in left]
    assert len(set(weeks)) == 8
    assert len(left) < 10 + 8
    assert all(weeks[index] != weeks[index - 1] for index in range(11, len(left)))


def test_a_reader_who_comes_once_a_month_keeps_all_of_ten_months() -> None:
    assert superfluous(daily(*range(0, 300, 30))) == []


def test_safety_copies_have_a_rotation_of_their_own_and_manual_ones_none() -> None:
    safety = [Backup(Path(f"s{day}"), NOW - day * DAY, "before-restore", 1) for day in range(12)]
    manual = [Backup(Path(f"m{day}"), NOW - day * DAY, "manual", 1) for day in range(40)]
    assert superfluous(safety + manual) == safety[10:]


def test_rotation_removes_files_and_leaves_foreign_ones_alone(notebook: Notebook, backups: Backups) -> None:
    whole = backups.make(notebook.copy_to, NOW - 400 * DAY, DAILY)
    for day in range(1, 70):
        name = f"notebook-{NOW - day * DAY:%Y%m%dT%H%M%S}.000Z-daily.sqlite"
        (backups.folder / name).write_bytes(whole.path.read_bytes())
    (backups.folder / "holiday.sqlite").write_text("mine")
    backups.daily(notebook.copy_to, NOW)
    assert not whole.path.exists()
    assert (backups.folder / "holiday.sqlite").read_text() == "mine"
    assert 10 < len(backups.all()) <= 18


def test_a_damaged_backup_is_passed_over(notebook: Notebook, backups: Backups) -> None:
    notebook.apply(operation(highlight("x")), now=NOW)
    good = backups.make(notebook.copy_to, NOW)
    bad = backups.make(notebook.copy_to, NOW + DAY)
    data = bytearray(bad.path.read_bytes())
    data[4096:12288] = bytes(8192)
    bad.path.write_bytes(data)
    with pytest.raises(NotebookError):
        verify(bad.path)
    found = backups.newest_whole()
    assert found is not None
    assert (found[0], found[1].notes) == (good, 1)


@pytest.mark.parametrize("content", [b"", b"not a database at all, only text" * 200])
def test_what_is_no_notebook_is_not_taken_for_a_backup(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.sqlite"
    file.write_bytes(content)
    with pytest.raises(NotebookError, match=r"x\.sqlite"):
        verify(file)
    with sqlite3.connect(tmp_path / "y.sqlite") as other:
        other.execute("CREATE TABLE annotations (id)")
    other.close()
    with pytest.raises(NotebookError, match="not a notebook"):
        verify(tmp_path / "y.sqlite")


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(notebook: Notebook, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(NotebookError, match="blocked"):
        Backups(blocked).make(notebook.copy_to, NOW)
    assert notebook.apply(operation(highlight("x")), now=NOW)


def test_a_backup_made_while_notes_are_written_is_whole(notebook: Notebook, backups: Backups) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            notebook.apply(operation(highlight(f"n{number}")), now=NOW)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        made = [backups.make(notebook.copy_to, NOW + number * SECOND) for number in range(5)]
    finally:
        stop.set()
        thread.join()
    counts = [verify(backup.path).annotations for backup in made]
    assert counts == sorted(counts)
