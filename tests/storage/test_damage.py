"""Whatever happened to the file, the program opens, keeps it aside, saves what can be read and says what it could not."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from letstalk_desktop.annotations.model import Annotation, Kind, KindName, Query
from letstalk_desktop.errors import NotebookError
from letstalk_desktop.language import translator
from letstalk_desktop.storage import pages
from letstalk_desktop.storage.backups import Backups
from letstalk_desktop.storage.clock import timestamp
from letstalk_desktop.storage.damage import SalvageReport, check, open_or_salvage
from letstalk_desktop.storage.database import DamagedNotebook, NewerNotebook
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.storage.salvage import _BY_WIDTH, _READ
from tests.storage.things import DAY, NOTE, NOW, concept, highlight, kept, operation, plan

PAGE = 4096
COUNT = 300
LONG = "œuvre\u202f🌱 " * 1500  # far more than a page: the row goes on in overflow pages


def filled(path: Path) -> dict[str, Annotation]:
    """A notebook with many notes, some long, some edited, one deleted; what is in it."""
    notebook = Notebook.open(path, now=NOW)
    made = [
        highlight(f"n{number:03}", start=number, note=LONG if number % 50 == 7 else f"{NOTE} {number}")
        for number in range(COUNT)
    ]
    notebook.apply(operation(*made, concept(), plan(), KindName(Kind.KEY, "Clé"), kept(), label="Add"), now=NOW)
    notebook.apply(operation(made[5].changed(note="edited"), label="Edit"), now=NOW + DAY)
    notebook.apply(operation(made[6].changed(deleted=timestamp(NOW)), label="Delete"), now=NOW + DAY)
    found = {one.id: one for one in notebook.contents().annotations}
    notebook.close()
    return found


@pytest.fixture
def before(path: Path) -> dict[str, Annotation]:
    return filled(path)


@pytest.fixture
def backups(path: Path) -> Backups:
    return Backups.beside(path)


def opened(path: Path, backups: Backups, *, thorough: bool = False) -> tuple[dict[str, Annotation], SalvageReport | None]:
    """What is there after opening; that it can be written, and is whole."""
    notebook, report = open_or_salvage(path, backups, NOW + 2 * DAY, thorough=thorough)
    found = {one.id: one for one in notebook.contents().annotations}
    assert notebook.apply(operation(highlight()), now=NOW + 2 * DAY)
    notebook.close()
    state = check(path)
    assert state.errors == ()
    assert not [name for name in path.parent.iterdir() if name.name.startswith(".")]
    return found, report


def pages_of(path: Path, table: str) -> list[int]:
    """The numbers of the leaf pages of a table, read from the file itself."""
    data = path.read_bytes()
    width = {found.name: len(found.c) for found in _READ}[table]
    numbers = []
    for number in range(len(data) // PAGE):
        rows = list(pages._rows_of_page(data, data[number * PAGE : (number + 1) * PAGE], 0 if number else 100, PAGE, PAGE))
        if rows and len(rows[0].values) == width:
            numbers.append(number)
    return numbers


def overwrite(path: Path, first: int, content: bytes) -> None:
    data = bytearray(path.read_bytes())
    data[first : first + len(content)] = content
    path.write_bytes(data)


def test_a_sound_notebook_is_opened_without_a_word(path: Path, backups: Backups, before: dict[str, Annotation]) -> None:
    found, report = opened(path, backups)
    assert report is None
    assert found == before
    assert list(path.parent.glob("*damaged*")) == []


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1234])


def header_zeroed(path: Path) -> None:
    overwrite(path, 0, bytes(PAGE))


def middle_zeroed(path: Path) -> None:
    overwrite(path, pages_of(path, "annotations")[3] * PAGE, bytes(3 * PAGE))


def bits_flipped(path: Path) -> None:
    for number in pages_of(path, "annotations")[2:4]:
        overwrite(path, number * PAGE, b"\xf2\xff\xff\xff")


def root_flipped(path: Path) -> None:
    data = path.read_bytes()
    connection = sqlite3.connect(path)
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'annotations'").fetchone()[0]
    connection.close()
    overwrite(path, (root - 1) * PAGE, bytes([data[(root - 1) * PAGE] ^ 0xFF]))


def schema_broken(path: Path) -> None:
    data = path.read_bytes()
    overwrite(path, data.index(b"CREATE TABLE annotations"), b"CREATE TOBLE")


def index_broken(path: Path) -> None:
    connection = sqlite3.connect(path)
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_annotations_place'").fetchone()[0]
    connection.close()
    overwrite(path, (root - 1) * PAGE, bytes(PAGE))


def tables_dropped(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript("DROP TABLE gestures; DROP TABLE meta")
    connection.close()


def revision_lost(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript("UPDATE alembic_version SET version_num = '000!'")
    connection.close()


@pytest.mark.parametrize(
    ("harm", "saved"),
    [
        (truncated, 0.5),
        (torn, 0.95),
        (header_zeroed, 1.0),
        (middle_zeroed, 1.0),
        (bits_flipped, 1.0),
        (root_flipped, 1.0),
        (schema_broken, 1.0),
        (index_broken, 1.0),
        (tables_dropped, 1.0),
        (revision_lost, 1.0),
    ],
)
def test_a_damaged_notebook_opens_with_every_readable_note(
    path: Path, backups: Backups, before: dict[str, Annotation], harm: Callable[[Path], None], saved: float
) -> None:
    copy = Notebook.open(path, now=NOW)
    backups.make(copy.copy_to, NOW)
    copy.close()
    harm(path)
    harmed = path.read_bytes()
    found, report = opened(path, backups)
    assert report is not None
    assert report.reason == "damaged"
    assert report.kept[0].read_bytes() == harmed
    assert report.kept[0].name == "notebook-damaged-20261125T091200Z.sqlite"
    same = [name for name, one in found.items() if one == before.get(name)]
    assert len(same) >= saved * len(before)
    assert set(found) <= set(before)
    assert report.backup is not None
    assert report.backup_notes == COUNT - 1
    said = report.text(translator("en", None))
    assert "was damaged" in said
    assert report.kept[0].name in said
    assert "newest whole backup" in said


def test_what_is_lost_from_the_table_comes_from_the_journal(
    path: Path, backups: Backups, before: dict[str, Annotation]
) -> None:
    for number in pages_of(path, "annotations"):
        overwrite(path, number * PAGE, bytes(PAGE))
    found, report = opened(path, backups)
    assert report is not None
    assert report.rescued is not None
    assert report.rescued.from_journal >= len(before)
    assert found == before


def test_history_is_saved_too_and_undo_is_left_only_if_the_journal_is_whole(
    path: Path, backups: Backups, before: dict[str, Annotation]
) -> None:
    index_broken(path)
    notebook, _report = open_or_salvage(path, backups, NOW + 2 * DAY)
    assert [entry.label for entry in notebook.history("n005")] == ["Add", "Edit"]
    assert notebook.undo_label() == "Delete"
    notebook.close()
    overwrite(path, pages_of(path, "journal")[1] * PAGE, bytes(PAGE))
    notebook, _report = open_or_salvage(path, backups, NOW + 3 * DAY)
    assert notebook.undo_label() is None
    assert notebook.total() == len(before) - 1
    notebook.close()


def test_where_both_table_and_journal_are_gone_the_report_counts_what_is_lost(
    path: Path, backups: Backups, before: dict[str, Annotation]
) -> None:
    for table in ("annotations", "journal"):
        for number in pages_of(path, table)[2:]:
            overwrite(path, number * PAGE, bytes(PAGE))
    found, report = opened(path, backups)
    assert report is not None
    assert report.rescued is not None
    assert 0 < len(found) < len(before)
    assert report.rescued.lost == set(before) - set(found)
    assert f"{len(report.rescued.lost)} could not be read." in report.text(translator("en", None))


@pytest.mark.parametrize(
    "content", [b"", b"This is a shopping list.\n" * 500, bytes(3 * PAGE), b"SQLite format 3\x00" + bytes(9)]
)
def test_a_file_that_is_no_database_is_kept_aside_and_a_new_notebook_begun(
    path: Path, backups: Backups, content: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    found, report = opened(path, backups)
    assert found == {}
    if content:
        assert report is not None
        assert report.kept[0].read_bytes() == content
        assert "There is no backup" in report.text(translator("en", None))
    else:
        assert report is None


@pytest.mark.parametrize("reason", ["empty", "missing"])
def test_an_empty_or_missing_file_beside_backups_offers_the_newest(
    path: Path, backups: Backups, before: dict[str, Annotation], reason: str
) -> None:
    notebook = Notebook.open(path, now=NOW)
    made = backups.make(notebook.copy_to, NOW)
    notebook.close()
    path.unlink()
    if reason == "empty":
        path.touch()
    found, report = opened(path, backups)
    assert found == {}
    assert report is not None
    assert (report.reason, report.backup, report.backup_notes) == (reason, made, len(before) - 1)


def live_copy(path: Path, target: Path) -> Path:
    """The files of a notebook as a crash leaves them: its last commits only in the write-ahead log."""
    notebook = Notebook.open(path, now=NOW)
    notebook.apply(operation(highlight("in-the-log")), now=NOW)
    target.mkdir()
    for suffix in ("", "-wal", "-shm"):
        shutil.copy(path.with_name(path.name + suffix), target / (path.name + suffix))
    notebook.close()
    return target / path.name


def test_a_log_without_its_database_is_not_thrown_away(path: Path, tmp_path: Path) -> None:
    fresh = Notebook.open(path, now=NOW)
    fresh.apply(operation(highlight("x"), concept(), label="Add"), now=NOW)
    target = tmp_path / "crashed"
    target.mkdir()
    log = target / "notebook.sqlite-wal"
    shutil.copy(path.with_name("notebook.sqlite-wal"), log)
    fresh.close()
    content = log.read_bytes()
    with pytest.raises(DamagedNotebook):
        Notebook.open(target / "notebook.sqlite", now=NOW)
    assert log.read_bytes() == content
    found, report = opened(target / "notebook.sqlite", Backups(target / "backups"))
    assert set(found) == {"x"}
    assert report is not None
    assert [kept_file.read_bytes() for kept_file in report.kept] == [content]


def test_a_damaged_database_is_read_together_with_its_log(path: Path, tmp_path: Path, before: dict[str, Annotation]) -> None:
    crashed = live_copy(path, tmp_path / "crashed")
    overwrite(crashed, pages_of(crashed, "annotations")[4] * PAGE, bytes(PAGE))
    log = crashed.with_name(f"{crashed.name}-wal").read_bytes()
    found, report = opened(crashed, Backups(tmp_path / "backups"))
    assert set(found) == {*before, "in-the-log"}
    assert report is not None
    assert report.kept[1].read_bytes() == log


def test_files_left_by_a_crash_are_no_damage(path: Path, tmp_path: Path, before: dict[str, Annotation]) -> None:
    crashed = live_copy(path, tmp_path / "crashed")
    overwrite(crashed.with_name(f"{crashed.name}-shm"), 0, b"\xff" * 512)
    found, report = opened(crashed, Backups(tmp_path / "backups"))
    assert report is None
    assert set(found) == {*before, "in-the-log"}


def test_a_foreign_log_and_a_stale_lock_beside_a_sound_notebook_do_no_harm(
    path: Path, backups: Backups, before: dict[str, Annotation]
) -> None:
    path.with_name("notebook.sqlite-wal").write_bytes(b"nonsense" * 1000)
    path.with_name("notebook.sqlite-shm").write_bytes(b"nonsense" * 100)
    path.with_name("notebook.sqlite-journal").write_bytes(b"nonsense" * 100)
    notebook, report = open_or_salvage(path, backups, NOW + DAY)
    assert report is None
    assert {one.id for one in notebook.annotations(Query())} | {"n006"} == set(before)
    notebook.close()


def test_a_changed_letter_inside_a_note_is_found_and_mended_from_the_journal(
    path: Path, backups: Backups, before: dict[str, Annotation]
) -> None:
    connection = sqlite3.connect(path)
    connection.executescript("UPDATE annotations SET note = replace(note, 'code', 'cod3') WHERE id IN ('n010', 'n011')")
    connection.close()
    state = check(path)
    assert not state.whole
    assert {problem.id for problem in state.problems} == {"n010", "n011"}
    index_broken(path)
    found, report = opened(path, backups)
    assert report is not None
    assert found == before


def test_bad_rows_stay_where_they_are_and_are_reported(path: Path, backups: Backups, before: dict[str, Annotation]) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(
        "UPDATE annotations SET kind = 'nonsense' WHERE id = 'n001'; DELETE FROM journal WHERE thing_id = 'n001'"
    )
    connection.close()
    notebook, report = open_or_salvage(path, backups, NOW + DAY)
    assert report is None
    assert len(notebook.annotations(Query())) == len(before) - 2
    assert [problem.id for problem in notebook.problems()] == ["n001"]
    notebook.close()
    index_broken(path)
    found, report = opened(path, backups)
    assert report is not None
    assert report.rescued is not None
    assert report.rescued.repaired == 1
    assert found == before
    assert "1 entry was itself damaged" in report.text(translator("en", None))


def test_damage_met_while_the_notebook_is_in_use_is_salvaged_at_the_next_start(
    path: Path, backups: Backups, before: dict[str, Annotation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("letstalk_desktop.storage.damage._CHECKED_AT_ONCE", 0)
    middle_zeroed(path)
    notebook, report = open_or_salvage(path, backups, NOW)
    assert report is None
    with pytest.raises(DamagedNotebook, match="rescues what can be read"):
        notebook.annotations(Query())
    notebook.close()
    found, report = opened(path, backups)
    assert report is not None
    assert found == before
    assert opened(path, backups)[1] is None


def test_a_damaged_index_that_only_the_daily_backup_finds_is_mended_at_the_next_start(
    path: Path, backups: Backups, before: dict[str, Annotation]
) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'start, created', 'created, start') "
        "WHERE name = 'ix_annotations_place'; PRAGMA writable_schema = OFF"
    )
    connection.close()
    notebook, report = open_or_salvage(path, backups, NOW)
    assert report is None
    with pytest.raises(DamagedNotebook, match=str(path)):
        backups.daily(notebook.copy_to, NOW)
    assert list(backups.folder.iterdir()) == []
    notebook.close()
    found, report = opened(path, backups)
    assert report is not None
    assert found == before


def test_two_salvages_on_one_day_keep_both_damaged_files(path: Path, backups: Backups) -> None:
    for content in (b"one" * 500, b"two" * 500):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        open_or_salvage(path, backups, NOW)[0].close()
    kept_files = sorted(item.read_bytes()[:3] for item in path.parent.glob("notebook-damaged-*.sqlite"))
    assert kept_files == [b"one", b"two"]


def test_a_newer_or_foreign_file_is_not_salvaged_but_refused(path: Path, backups: Backups) -> None:
    Notebook.open(path, now=NOW).close()
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA user_version = 9; UPDATE alembic_version SET version_num = '0009'")
    connection.close()
    content = path.read_bytes()
    with pytest.raises(NewerNotebook):
        open_or_salvage(path, backups, NOW)
    assert path.read_bytes() == content
    path.unlink()
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE a (b)")
    connection.close()
    content = path.read_bytes()
    with pytest.raises(NotebookError, match="not a notebook"):
        open_or_salvage(path, backups, NOW)
    assert path.read_bytes() == content


def test_the_check_says_what_is_there(path: Path, before: dict[str, Annotation]) -> None:
    state = check(path)
    assert state.whole
    assert (state.notes, state.annotations, state.revision) == (COUNT - 1, COUNT, "0001")
    middle_zeroed(path)
    state = check(path)
    assert not state.whole
    assert state.errors
    with pytest.raises(NotebookError):
        check(path.with_name("nowhere.sqlite"))


def test_each_table_is_known_by_the_number_of_its_columns() -> None:
    assert len(_BY_WIDTH) == len([table for table in _READ if table.name != "purged"])


def test_rows_read_from_the_pages_are_those_that_sqlite_reads(path: Path, before: dict[str, Annotation]) -> None:
    found = {row.values[1]: row for row in pages.rows(path.read_bytes()) if len(row.values) == 26}
    connection = sqlite3.connect(path)
    for row in connection.execute("SELECT * FROM annotations"):
        assert found[row[1]].rowid == row[0]
        assert found[row[1]].values[1:] == row[1:]
    connection.close()
    assert len(found) == len(before)
