"""Full disks, read-only and vanishing folders, locks, several programs: nothing is lost, and writing goes on when it can."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from letstalk_desktop.annotations.model import Query
from letstalk_desktop.errors import NotebookError
from letstalk_desktop.storage import database
from letstalk_desktop.storage.backups import Backups
from letstalk_desktop.storage.copying import verify
from letstalk_desktop.storage.damage import check, open_or_salvage
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import DAY, NOW, highlight, operation

ROOT = Path(__file__).parents[2]


class Worker:
    """A program of its own; see ``workers.py``."""

    def __init__(self, what: str, path: Path, argument: str = "", *, unprivileged: bool = False) -> None:
        # Permissions do not hold for root: the program gives its privileges up.
        arguments = [what, str(path), argument, *(["unprivileged"] if unprivileged else [])]
        self.program = subprocess.Popen(
            [sys.executable, "-B", "-m", "tests.storage.workers", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_error: object) -> None:
        self.program.kill()
        self.program.communicate()

    def hear(self) -> list[Any]:
        assert self.program.stdout is not None
        line = self.program.stdout.readline()
        assert line, "the program ended early"
        words: list[Any] = json.loads(line)
        return words

    def go(self) -> None:
        assert self.program.stdin is not None
        self.program.stdin.write("\n")
        self.program.stdin.flush()


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that an unprivileged user can reach, with a notebook of two notes that everybody may write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        data = folder / "data"
        notebook = Notebook.open(data / "notebook.sqlite", now=NOW)
        notebook.apply(operation(highlight("a"), highlight("b")), now=NOW)
        notebook.close()
        data.chmod(0o777)
        (data / "notebook.sqlite").chmod(0o666)
        yield data
        data.chmod(0o777)


@pytest.mark.parametrize("what", ["folder", "file", "both"])
def test_in_a_read_only_place_notes_can_be_read_and_writing_goes_on_once_it_can(shared: Path, what: str) -> None:
    file = shared / "notebook.sqlite"
    if what in ("folder", "both"):
        shared.chmod(0o555)
    if what in ("file", "both"):
        file.chmod(0o444)
    with Worker("read_and_write_when_possible", file, unprivileged=True) as program:
        word, found, _read_only = program.hear()
        assert (word, found) == ("read", ["a", "b"])
        for _attempt in range(2):
            program.go()
            word, message = program.hear()
            assert word == "failed"
            assert str(file) in message
            assert "writable" in message or "may read and write" in message
        shared.chmod(0o777)
        file.chmod(0o666)
        program.go()
        assert program.hear() == ["saved", 3, False]


def test_an_unwritable_folder_without_a_notebook_is_refused_with_a_remedy(shared: Path) -> None:
    (shared / "notebook.sqlite").unlink()
    shared.chmod(0o555)
    with Worker("read_and_write_when_possible", shared / "notebook.sqlite", unprivileged=True) as program:
        word, message = program.hear()
    assert word == "refused"
    assert "may read and write there" in message
    assert list(shared.iterdir()) == []


def test_an_unreadable_notebook_is_refused_and_not_taken_for_damaged(shared: Path) -> None:
    (shared / "notebook.sqlite").chmod(0o000)
    with Worker("read_and_write_when_possible", shared / "notebook.sqlite", unprivileged=True) as program:
        word, message = program.hear()
    assert word == "refused"
    assert "may read and write there" in message


@pytest.fixture
def small_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with room for 1.5 MB: a file system of its own, or where mounting is forbidden, a limit in SQLite itself."""
    with tempfile.TemporaryDirectory() as name:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1536k", "tmpfs", name], check=False, capture_output=True)
        if mounted.returncode:
            prepare = database.prepare

            def limited(connection: sqlite3.Connection, foreign_keys: bool = True) -> None:
                prepare(connection, foreign_keys)
                connection.execute(f"PRAGMA max_page_count = {10_000 if (Path(name) / 'room').exists() else 256}")

            monkeypatch.setattr(database, "prepare", limited)
        try:
            yield Path(name)
        finally:
            if not mounted.returncode:
                subprocess.run(["umount", "-l", name], check=True)


def make_room(disk: Path, notebook: Notebook) -> None:
    if subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=False, capture_output=True).returncode:
        (disk / "room").touch()
        notebook._database.forget_connections()  # the limit belongs to each connection


def test_on_a_full_disk_everything_acknowledged_is_there_and_the_failed_note_can_be_saved_later(small_disk: Path) -> None:
    notebook = Notebook.open(small_disk / "notebook.sqlite", now=NOW)
    saved = 0
    while True:
        note = operation(highlight(f"n{saved:04}", note="x" * 5000))
        try:
            notebook.apply(note, now=NOW)
        except NotebookError as error:
            failure = error
            break
        saved += 1
    assert "no room left" in str(failure)
    assert str(notebook.path) in str(failure)
    assert saved > 10
    assert len(notebook.annotations(Query())) == saved
    with pytest.raises(NotebookError, match="no room left"):
        notebook.apply(note, now=NOW)
    with pytest.raises(NotebookError):
        Backups(small_disk / "backups").make(notebook.copy_to, NOW)
    assert list((small_disk / "backups").iterdir()) == []
    make_room(small_disk, notebook)
    assert notebook.apply(note, now=NOW).annotations == {f"n{saved:04}"}
    notebook.close()
    state = check(small_disk / "notebook.sqlite")
    assert state.whole
    assert state.notes == saved + 1


def test_a_damaged_notebook_on_a_full_disk_is_left_as_it_is(small_disk: Path) -> None:
    path = small_disk / "notebook.sqlite"
    path.write_bytes(b"damaged " * 130_000)
    with pytest.raises(NotebookError, match="no room left"):
        open_or_salvage(path, Backups.beside(path), NOW)
    assert path.read_bytes() == b"damaged " * 130_000
    assert [item.name for item in small_disk.iterdir()] == [path.name]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_where_files_may_not_grow_nothing_is_half_written(path: Path) -> None:
    with Worker("write_within_limit", path, str(900 * 1024)) as program:
        word, message, saved, total = program.hear()
        assert word == "failed"
        assert str(path) in message
        assert total == saved
        program.go()
        assert program.hear() == ["saved", saved + 1]
    assert check(path).notes == saved + 1


def test_a_lock_held_by_another_program_is_waited_for_then_reported_and_the_note_saved_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    notebook = Notebook.open(path, now=NOW)
    note = operation(highlight("x"))
    with Worker("hold_lock", path) as program:
        assert program.hear() == ["locked"]
        with pytest.raises(NotebookError, match="Another program is using"):
            notebook.apply(note, now=NOW)
        assert notebook.annotations(Query()) == []
        program.go()
        assert program.hear() == ["free"]
        notebook.apply(note, now=NOW)
    assert notebook.total() == 1
    notebook.close()


def test_several_programs_write_at_once_from_the_very_first_moment(path: Path) -> None:
    programs = [Worker("write_many", path, name) for name in ("one", "two", "three")]
    assert [worker.program.wait() for worker in programs] == [0, 0, 0]
    for worker in programs:
        worker.program.communicate()
    state = check(path)
    assert state.whole
    assert state.notes == 90


def test_a_folder_that_disappears_is_noticed_before_anything_is_written_to_nowhere(
    notebook: Notebook, path: Path, tmp_path: Path
) -> None:
    notebook.apply(operation(highlight("a")), now=NOW)
    path.parent.rename(tmp_path / "elsewhere")
    note = operation(highlight("b"))
    for _attempt in range(2):
        with pytest.raises(NotebookError, match="disappeared"):
            notebook.apply(note, now=NOW)
    assert [found.id for found in notebook.annotations(Query())] == ["a"]
    assert verify(Backups(tmp_path / "rescue").make(notebook.copy_to, NOW).path).notes == 1
    path.parent.mkdir()
    with pytest.raises(NotebookError, match="disappeared"):
        notebook.apply(note, now=NOW)
    path.parent.rmdir()
    (tmp_path / "elsewhere").rename(path.parent)
    notebook.apply(note, now=NOW)
    assert notebook.total() == 2
    assert check(path).notes == 2


def test_a_notebook_put_back_from_a_copy_is_taken_up_and_a_foreign_one_is_not(
    notebook: Notebook, path: Path, tmp_path: Path
) -> None:
    notebook.apply(operation(highlight("a")), now=NOW)
    copy = tmp_path / "copy.sqlite"
    notebook.copy_to(copy)
    notebook.apply(operation(highlight("b")), now=NOW)
    for item in path.parent.iterdir():
        item.unlink()
    shutil.copy(copy, path)
    notebook.apply(operation(highlight("c")), now=NOW + DAY)
    assert [found.id for found in notebook.annotations(Query())] == ["a", "c"]
    for item in path.parent.iterdir():
        item.unlink()
    foreign = Notebook.open(path, now=NOW)
    with pytest.raises(NotebookError, match="disappeared"):
        notebook.apply(operation(highlight("d")), now=NOW)
    assert foreign.total() == 0
    foreign.close()
