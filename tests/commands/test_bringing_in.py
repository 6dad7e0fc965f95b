"""``import`` brings in resources whole or not at all, and notes through a merge that loses nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from letstalk_desktop.paths import find_paths
from letstalk_desktop.storage.backups import BEFORE_IMPORT, Backups
from tests.commands.conftest import Letstalk, write_resource

Annotate = Callable[..., dict[str, Any]]
COUNTS = ("new", "updated", "identical", "conflict", "unplaced", "rejected")


def counts(letstalk: Letstalk, *words: object, status: int = 0) -> list[tuple[int, ...]]:
    said = letstalk("import", *words, "--json")
    assert said.status == status
    return [tuple(row[name] for name in COUNTS) for row in said.json["files"]]


def edition(letstalk: Letstalk, resource: str = "small") -> str:
    return next(one["edition"] for one in letstalk("list", "--json").json["resources"] if one["id"] == resource)


def edited(folder: Path, edition: str, *changes: tuple[str, str, str]) -> Path:
    return write_resource(folder, ("resource.toml", 'edition = "1.0"', f'edition = "{edition}"'), *changes)


# --- resources


def test_a_new_resource_and_then_a_newer_edition_of_it_are_installed(letstalk: Letstalk, tmp_path: Path, basedir: Path) -> None:
    folder = write_resource(tmp_path / "mine", ("resource.toml", '"small"', '"mine"'))
    (folder / ".git").mkdir()
    (folder / ".git" / "config.txt").write_text("not part of the resource")
    assert counts(letstalk, folder) == [(1, 0, 0, 0, 0, 0)]
    assert counts(letstalk, folder) == [(0, 0, 1, 0, 0, 0)]
    assert edition(letstalk, "mine") == "1.0"
    (folder / "resource.toml").write_text((folder / "resource.toml").read_text().replace('"1.0"', '"1.10"'))
    assert counts(letstalk, folder) == [(0, 1, 0, 0, 0, 0)]
    assert edition(letstalk, "mine") == "1.10"
    installed = basedir / "data" / "resources"
    assert [path.name for path in installed.iterdir()] == ["mine"]
    assert not (installed / "mine" / ".git").exists()
    assert [path.name for path in (basedir / "data").iterdir()] == ["resources"]


def test_a_newer_edition_of_a_bundled_resource_takes_its_place(letstalk: Letstalk, annotate: Annotate, tmp_path: Path) -> None:
    annotate("power grows")
    assert counts(letstalk, edited(tmp_path / "newer", "2", ("en/01-power.md", "## Roots", "## Deep roots"))) == [
        (0, 1, 0, 0, 0, 0)
    ]
    assert edition(letstalk) == "2"
    assert "## Deep roots" in letstalk("show", "small", "1").out
    (note,) = letstalk("notes", "--json").json["notes"]
    assert (note["edition"], note["locator"], note["exact"]) == ("2", "1.1", "power grows")


def test_notes_follow_a_newer_edition_and_what_became_of_them_is_told(
    letstalk: Letstalk, annotate: Annotate, tmp_path: Path
) -> None:
    annotate("people’s 😀 power grows", "--note", "stays")
    annotate("Ask two neighbours", "--note", "moves")
    annotate("Quoted words", "--note", "goes")
    ids = {note["id"] for note in letstalk("notes", "--json").json["notes"]}
    newer = edited(
        tmp_path / "newer",
        "2",
        ("en/01-power.md", "## Roots", "A new paragraph before everything else. {#p-new}\n\n## Roots"),
        ("fr/01-power.md", "## Racines", "Un nouveau paragraphe avant tout le reste. {#p-new}\n\n## Racines"),
        ("en/01-power.md", "Ask two neighbours.", "Ask two good neighbours."),
        ("en/01-power.md", "> Quoted words. {#p-quoted}\n\n", ""),
        ("fr/01-power.md", "> Mots cités. {#p-quoted}\n\n", ""),
    )
    tried = letstalk("import", newer, "--dry-run", "--json").json["files"][0]["followed"]
    assert {note["edition"] for note in letstalk("notes", "--json").json["notes"]} == {"1.0"}
    said = letstalk("import", newer)
    assert said.status == 0
    assert f"{newer}: your notes: 1 kept, 1 moved, 1 needs you" in said.out
    assert tried == {"kept": 1, "moved": 1, "doubtful": 0, "unplaced": 1}
    notes = {note["note"]: note for note in letstalk("notes", "--json").json["notes"]}
    assert {note["id"] for note in notes.values()} == ids
    assert [notes[name]["placement"] for name in ("stays", "moves", "goes")] == ["placed", "placed", "unplaced"]
    assert (notes["stays"]["locator"], notes["stays"]["exact"]) == ("1.2", "people’s 😀 power grows")
    assert (notes["moves"]["edition"], notes["moves"]["exact"]) == ("2", "Ask two good neighbours")
    assert (notes["goes"]["edition"], notes["goes"]["exact"]) == ("1.0", "Quoted words")
    (waiting,) = letstalk("notes", "--unplaced", "--json").json["notes"]
    assert waiting["note"] == "goes"
    assert [backup.reason for backup in Backups(find_paths().backups).all()] == [BEFORE_IMPORT]
    assert letstalk("import", newer, "--json").json["files"][0]["followed"] is None


def test_notes_from_a_file_made_on_an_older_edition_follow_at_once(
    letstalk: Letstalk, annotate: Annotate, tmp_path: Path
) -> None:
    annotate("power grows")
    annotate("Quoted words")
    file = tmp_path / "notes.json"
    assert letstalk("export", file).status == 0
    newer = edited(tmp_path / "newer", "2", ("en/01-power.md", "Quoted words.", "Nothing of it."))
    fresh = ("--basedir", tmp_path / "fresh")
    assert letstalk("import", newer, *fresh).status == 0
    row = letstalk("import", file, "--json", *fresh).json["files"][0]
    assert (row["new"], row["unplaced"]) == (2, 1)
    assert row["followed"] == {"kept": 1, "moved": 0, "doubtful": 0, "unplaced": 1}
    notes = letstalk("notes", "--json", *fresh).json["notes"]
    assert sorted((note["exact"], note["edition"], note["placement"]) for note in notes) == [
        ("Quoted words", "1.0", "unplaced"),
        ("power grows", "2", "placed"),
    ]


def test_a_dry_run_installs_nothing(letstalk: Letstalk, tmp_path: Path, basedir: Path) -> None:
    assert counts(letstalk, edited(tmp_path / "newer", "2"), "--dry-run") == [(0, 1, 0, 0, 0, 0)]
    assert edition(letstalk) == "1.0"
    assert not (basedir / "data").exists()


@pytest.mark.parametrize(
    ("number", "change", "reason"),
    [
        ("0.9", ("en/02-practice.md", "Second", "Other"), "older than edition 1.0"),
        ("1.0", ("en/02-practice.md", "Second", "Other"), "chapter “practice” differs"),
        ("2", ("fr/02-practice.md", "Deuxième", "[[nothing]] Deuxième"), "02-practice.md:1"),
        ("2", ("resource.toml", "[[chapters]]", "[[chapters"), "resource.toml:"),
    ],
)
def test_what_must_not_be_installed_is_refused_with_a_reason_and_changes_nothing(
    letstalk: Letstalk, tmp_path: Path, basedir: Path, number: str, change: tuple[str, str, str], reason: str
) -> None:
    folder = edited(tmp_path / "in", number, change)
    said = letstalk("import", folder)
    assert said.status == 1
    assert reason in said.err
    assert edition(letstalk) == "1.0"
    assert not list((basedir / "data").glob("*"))


def test_a_folder_of_resources_is_taken_one_by_one(letstalk: Letstalk, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_resource(tmp_path / "many" / name, ("resource.toml", '"small"', f'"{name}"'))
    write_resource(tmp_path / "many" / "torn", ("en/01-power.md", "[[base]]", "[[bass]]"))
    assert counts(letstalk, tmp_path / "many", status=1) == [(1, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 1), (1, 0, 0, 0, 0, 0)]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "resource.toml" in letstalk("import", empty).err


def test_a_newer_edition_wins_over_an_older_one_that_was_opened_in_the_window(
    letstalk: Letstalk, tmp_path: Path, basedir: Path
) -> None:
    opened = write_resource(tmp_path / "opened", ("resource.toml", '"small"', '"mine"'))
    state = find_paths().config / "state.json"
    state.parent.mkdir(parents=True)
    state.write_text(json.dumps({"folders": {"mine": str(opened)}}))
    assert edition(letstalk, "mine") == "1.0"
    newer = edited(tmp_path / "newer", "2", ("resource.toml", '"small"', '"mine"'))
    assert letstalk("import", newer).status == 0
    assert edition(letstalk, "mine") == "2"


# --- notes


@pytest.fixture
def exported(letstalk: Letstalk, annotate: Annotate, tmp_path: Path) -> Path:
    """Two notes, exported."""
    annotate("power grows", "--note", "first")
    annotate("Quoted words", "--concept", "base")
    file = tmp_path / "notes.json"
    assert letstalk("export", file).status == 0
    return file


def test_notes_come_back_without_loss_and_only_once(letstalk: Letstalk, exported: Path, tmp_path: Path) -> None:
    before = letstalk("notes", "--json").json
    fresh = ("--basedir", tmp_path / "fresh")
    assert counts(letstalk, exported, *fresh) == [(2, 0, 0, 0, 0, 0)]
    assert letstalk("notes", "--json", *fresh).json == before
    assert counts(letstalk, exported, *fresh) == [(0, 0, 2, 0, 0, 0)]
    again = tmp_path / "again.json"
    assert letstalk("export", again, *fresh).status == 0
    one, two = (json.loads(file.read_text()) | {"generated": ""} for file in (exported, again))
    assert one == two


@pytest.mark.parametrize("name", ["summary.pdf", "summary.html"])
def test_a_document_brings_its_notes_into_an_empty_notebook(
    letstalk: Letstalk, annotate: Annotate, tmp_path: Path, name: str
) -> None:
    annotate("power grows", "--note", '</script><b>"quoted"</b> \u2028 {#id} 😀')
    annotate("Quoted words", "--concept", "base")
    before = letstalk("notes", "--json").json
    document, bare, fresh = tmp_path / name, tmp_path / f"bare-{name}", ("--basedir", tmp_path / "fresh")
    assert letstalk("export", document).status == 0
    assert letstalk("export", bare, "--bare").status == 0
    assert counts(letstalk, document, *fresh) == [(2, 0, 0, 0, 0, 0)]
    assert letstalk("notes", "--json", *fresh).json == before
    assert counts(letstalk, document, *fresh) == [(0, 0, 2, 0, 0, 0)]
    said = letstalk("import", bare, *fresh)
    assert said.status == 1
    assert said.err.count("\n") == 1
    assert "carries no notes" in said.err


def test_a_later_state_updates_an_earlier_one_is_kept_out_and_a_copy_is_made_first(letstalk: Letstalk, exported: Path) -> None:
    document = json.loads(exported.read_text())
    first, second = document["annotations"]
    first |= {"note": "newer", "modified": "2099-01-01T00:00:00.000Z"}
    second |= {"note": "older, of somebody else", "modified": "2001-01-01T00:00:00.000Z"}
    exported.write_text(json.dumps(document))
    assert counts(letstalk, exported, "--dry-run") == [(0, 1, 0, 1, 0, 0)]
    assert {note["note"] for note in letstalk("notes", "--json").json["notes"]} == {"first", ""}
    assert counts(letstalk, exported) == [(0, 1, 0, 1, 0, 0)]
    assert {note["note"] for note in letstalk("notes", "--json").json["notes"]} == {"newer", ""}
    assert [backup.reason for backup in Backups(find_paths().backups).all()] == [BEFORE_IMPORT]


def test_one_malformed_note_is_rejected_with_its_place_and_the_others_come_in(
    letstalk: Letstalk, exported: Path, tmp_path: Path
) -> None:
    document = json.loads(exported.read_text())
    document["annotations"][0]["kind"] = "blue"
    document["annotations"][1] |= {"resource": "not-here", "placement": "unplaced"}
    exported.write_text(json.dumps(document))
    said = letstalk("import", exported, "--basedir", tmp_path / "fresh")
    assert said.status == 0
    assert said.out == (
        "new  updated  identical  conflict  unplaced  rejected\n"
        f"  1        0          0         0         1         1  {exported}\n"
    )
    assert "annotations[0]" in said.err
    assert "blue" in said.err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "not a file of notes"),
        (b'{"format": "other"}', "not a file of notes"),
        (b'{"format": "letstalk-notebook", "version": 99}', "newer"),
        (b"SQLite format 3\0 and more", "letstalk restore"),
        (b"\xff\xfe\0", "not a file of notes"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_and_the_next_one_is_taken(
    letstalk: Letstalk, exported: Path, tmp_path: Path, content: bytes, reason: str
) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(content)
    said = letstalk("import", other, exported, "--basedir", tmp_path / "fresh", "--json")
    assert said.status == 1
    assert reason in said.err
    assert [row["rejected"] for row in said.json["files"]] == [1, 0]
    assert said.json["files"][1]["new"] == 2


def test_a_file_that_does_not_exist_is_told(letstalk: Letstalk, tmp_path: Path) -> None:
    said = letstalk("import", tmp_path / "no.json")
    assert said.status == 1
    assert "There is no such file" in said.err


def test_names_of_kinds_in_a_file_do_not_rename_the_readers(letstalk: Letstalk, exported: Path) -> None:
    document = json.loads(exported.read_text())
    document["kinds"] = [{"kind": "key", "name": "Somebody else’s"}]
    document["annotations"][0] |= {"id": "another"}
    exported.write_text(json.dumps(document))
    assert letstalk("import", exported).status == 0
    assert "Somebody" not in letstalk("notes").out
