"""Codebooks go out and come in without the window, and overwrite nothing of the reader's."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from letstalk_desktop.paths import find_paths
from letstalk_desktop.storage.notebook import Notebook
from tests.commands.conftest import Letstalk
from tests.storage.things import NOW

Annotate = Callable[..., dict[str, Any]]
TABLE = (
    "Nom;Définition;Voir aussi\r\nTable de cuisine;« Là où l’on s’écoute\u202f! »;base\r\nŒuvre;Autre sens;\r\n;sans nom;\r\n"
)


def own_concepts(basedir: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    with closing(Notebook.open(find_paths(str(basedir)).notebook, now=NOW)) as notebook:
        return {one.term: (one.definition, one.related) for one in notebook.concepts()}


def test_a_table_comes_in_goes_out_as_refi_qda_and_is_known_again(letstalk: Letstalk, tmp_path: Path, basedir: Path) -> None:
    table = tmp_path / "concepts.csv"
    table.write_text(TABLE, encoding="utf-8-sig", newline="")
    said = letstalk("import", table, "--codebook", "--resource", "small", "--json")
    assert said.status == 0
    assert said.err.endswith("concepts.csv: Row 4 has no name.\n")
    (row,) = said.json["files"]
    assert (row["content"], row["new"], row["identical"], row["conflict"], row["rejected"]) == ("codebook", 1, 1, 0, 1)
    assert own_concepts(basedir) == {"Table de cuisine": ("« Là où l’on s’écoute\u202f! »", ("base",))}

    out = tmp_path / "concepts.qdc"
    said = letstalk("export", out, "--resource", "small", "--lang", "fr", "--json")
    assert said.status == 0
    place = {"file": str(out), "resource": "small", "edition": "1.0", "language": "fr"}
    assert said.json == place | {"concepts": 3, "own": 1}
    words = out.read_text(encoding="utf-8")
    assert 'name="œuvre"' in words
    assert "<Description>« Là où l’on s’écoute\u202f! »</Description>" in words

    again = letstalk("import", out, "--resource", "small", "--json").json["files"][0]
    assert {name: again[name] for name in ("new", "updated", "identical", "conflict")} == {
        "new": 0,
        "updated": 0,
        "identical": 3,
        "conflict": 0,
    }


def test_what_differs_from_the_readers_own_is_told_and_hers_stays(letstalk: Letstalk, tmp_path: Path, basedir: Path) -> None:
    table = tmp_path / "concepts.tsv"
    table.write_text("name\tdefinition\nKitchen\tHers\n", encoding="utf-8")
    assert letstalk("import", "--codebook", table, "--resource", "small").status == 0
    table.write_text("name\tdefinition\nKitchen\tTheirs\n", encoding="utf-8")
    said = letstalk("import", "--codebook", table, "--resource", "small", "--json")
    assert (said.status, said.json["files"][0]["conflict"]) == (0, 1)
    assert "“Kitchen” has another name or definition in the file; yours stays." in said.err
    assert own_concepts(basedir) == {"Kitchen": ("Hers", ())}


def test_a_trial_changes_nothing_and_an_import_is_one_step_of_undo(letstalk: Letstalk, tmp_path: Path, basedir: Path) -> None:
    table = tmp_path / "concepts.csv"
    table.write_text("name\nKitchen\nPorch\n", encoding="utf-8")
    said = letstalk("import", "--codebook", table, "--resource", "small", "--dry-run", "--json")
    assert said.json["files"][0]["new"] == 2
    assert own_concepts(basedir) == {}
    assert letstalk("import", "--codebook", table, "--resource", "small").status == 0
    with closing(Notebook.open(find_paths(str(basedir)).notebook, now=NOW)) as notebook:
        assert len(notebook.concepts()) == 2
        notebook.undo(now=NOW)
        assert notebook.concepts() == []


def test_a_table_counts_the_passages_of_each_concept(letstalk: Letstalk, annotate: Annotate, tmp_path: Path) -> None:
    annotate("Quoted words", "--concept", "base")
    out = tmp_path / "concepts.csv"
    said = letstalk("export", out, "--codebook")
    assert (said.status, said.out) == (0, f"2 concepts stand in {out}.\n")
    rows = csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig")))
    assert [(row["term"], row["passages"], row["term_fr"]) for row in rows] == [("base", "1", "base"), ("work", "0", "œuvre")]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("export", "c.pdf", "--codebook"), "A codebook is written as .qdc, .csv; “c.pdf” ends otherwise."),
        (("export", "c.qdc", "--kind", "K", "--by", "kind"), "A codebook is written whole. Leave out --kind, --by."),
        (("export", "c.csv", "--codebook", "--reader", ""), "A codebook is written whole. Leave out --reader."),
    ],
)
def test_what_a_codebook_cannot_be_is_wrong_usage(letstalk: Letstalk, words: tuple[str, ...], reason: str) -> None:
    said = letstalk(*words, "--resource", "small")
    assert said.status == 2
    assert reason in said.err
    assert not Path(words[1]).exists()


def test_what_is_not_a_codebook_is_refused_with_what_to_do(letstalk: Letstalk, annotate: Annotate, tmp_path: Path) -> None:
    annotate("Quoted words", "--note", "mine")
    notes = tmp_path / "notes.csv"
    assert letstalk("export", notes).status == 0
    said = letstalk("import", notes)
    assert said.status == 1
    assert "Say so with --codebook." in said.err
    said = letstalk("import", "--codebook", notes)
    assert said.status == 1
    assert "This is a table of notes, not of concepts." in said.err
    said = letstalk("import", tmp_path / "nowhere.qdc")
    assert said.status == 1
    assert "nowhere.qdc cannot be read" in said.err
