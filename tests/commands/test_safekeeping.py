"""``backup``, ``restore`` and ``check`` keep the notebook safe from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from letstalk_desktop.storage.copying import verify
from tests.commands.conftest import Letstalk

Annotate = Callable[..., dict[str, Any]]


def notes(letstalk: Letstalk) -> list[str]:
    return [note["exact"] for note in letstalk("notes", "--json").json["notes"]]


def damage(notebook: Path) -> None:
    """Overwrite the middle of the file, as a bad disk would."""
    content = bytearray(notebook.read_bytes())
    content[4096 * 3 : 4096 * 5] = b"\xaa" * 8192
    notebook.write_bytes(content)


def test_a_backup_is_whole_and_says_where_it_is(letstalk: Letstalk, annotate: Annotate, tmp_path: Path, basedir: Path) -> None:
    annotate("power grows")
    said = letstalk("backup")
    (file,) = (basedir / "data" / "backups").iterdir()
    assert said.out == f"1 note is safe in {file}.\n"
    assert verify(file).notes == 1
    named = tmp_path / "named.sqlite"
    assert letstalk("backup", named, "--json").json == {"backup": str(named), "notes": 1, "size": named.stat().st_size}
    assert letstalk("backup", named).status == 0
    inside = letstalk("backup", tmp_path, "--json").json["backup"]
    assert Path(inside).parent == tmp_path


def test_a_backup_overwrites_neither_the_notebook_nor_something_else(
    letstalk: Letstalk, annotate: Annotate, tmp_path: Path, basedir: Path
) -> None:
    annotate("power grows")
    notebook, letter = basedir / "data" / "notebook.sqlite", tmp_path / "letter.txt"
    letter.write_text("Dear Ana")
    assert letstalk("backup", notebook).status == 2
    assert letstalk("backup", letter).status == 2
    assert letter.read_text() == "Dear Ana"
    assert notes(letstalk) == ["power grows"]


@pytest.fixture
def backup(letstalk: Letstalk, annotate: Annotate, tmp_path: Path) -> Path:
    """A backup of two notes, after which one more was made."""
    annotate("power grows")
    annotate("Quoted words")
    file = tmp_path / "two.sqlite"
    assert letstalk("backup", file).status == 0
    annotate("Second", chapter="2")
    return file


def test_restoring_adds_what_is_missing_and_takes_nothing_away(letstalk: Letstalk, backup: Path, tmp_path: Path) -> None:
    assert "identical 2" in letstalk("restore", backup).out
    assert notes(letstalk) == ["power grows", "Quoted words", "Second"]
    elsewhere = ("--basedir", tmp_path / "fresh")
    said = letstalk("restore", backup, "--json", *elsewhere).json
    assert (said["mode"], said["added"], said["identical"], said["notes"]) == ("merge", 2, 0, 2)
    assert verify(Path(said["safety"])).notes == 0


def test_replacing_is_a_choice_of_its_own_and_a_copy_is_made_first(letstalk: Letstalk, backup: Path) -> None:
    dry = letstalk("restore", backup, "--replace", "--dry-run")
    assert "taken away 1" in dry.out
    assert "Nothing has been changed." in dry.out
    assert len(notes(letstalk)) == 3
    said = letstalk("restore", backup, "--replace", "--json").json
    assert (said["lost"], said["notes"]) == (1, 2)
    assert notes(letstalk) == ["power grows", "Quoted words"]
    assert verify(Path(said["safety"])).notes == 3


def test_what_is_no_backup_is_refused(letstalk: Letstalk, backup: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    assert "There is no file" in letstalk("restore", other).err
    other.write_bytes(b"SQLite format 3\0" + bytes(1000))
    said = letstalk("restore", other)
    assert said.status == 1
    assert str(other) in said.err
    assert len(notes(letstalk)) == 3


def test_check_says_that_all_is_well_and_which_backup_is_newest(letstalk: Letstalk, backup: Path, basedir: Path) -> None:
    assert letstalk("backup").status == 0
    said = letstalk("check")
    assert said.status == 0
    assert "is whole: 3 notes" in said.out
    assert "holds 3 notes" in said.out
    found = letstalk("check", "--json").json
    assert (found["whole"], found["notes"], found["errors"], found["problems"]) == (True, 3, [], [])
    assert found["newest_backup"]["notes"] == 3


def test_check_of_a_damaged_notebook_ends_with_1_and_changes_nothing(letstalk: Letstalk, backup: Path, basedir: Path) -> None:
    notebook = basedir / "data" / "notebook.sqlite"
    damage(notebook)
    before = notebook.read_bytes()
    said = letstalk("check")
    assert said.status == 1
    assert "is not whole:" in said.out
    assert letstalk("check", "--json").json["whole"] is False
    assert notebook.read_bytes() == before


def test_check_before_the_first_note_makes_nothing(letstalk: Letstalk, basedir: Path) -> None:
    said = letstalk("check")
    assert (said.status, said.err) == (0, "")
    assert "There is no notebook yet" in said.out
    assert not (basedir / "data").exists()


def test_a_notebook_that_has_gone_missing_is_not_whole(letstalk: Letstalk, backup: Path, basedir: Path) -> None:
    assert letstalk("backup").status == 0
    (basedir / "data" / "notebook.sqlite").unlink()
    said = letstalk("check")
    assert said.status == 1
    assert "There is no notebook" in said.err
    assert "holds 3 notes" in said.out


def test_a_command_on_a_damaged_notebook_rescues_it_and_says_so_beside_the_answer(
    letstalk: Letstalk, backup: Path, basedir: Path
) -> None:
    damage(basedir / "data" / "notebook.sqlite")
    said = letstalk("notes", "--json")
    assert said.status == 0
    assert isinstance(said.json["notes"], list)
    assert "kept untouched" in said.err
    assert letstalk("restore", backup).status == 0
    assert {"power grows", "Quoted words"} <= set(notes(letstalk))
