"""``export`` writes a document whole or not at all, and says truthfully what it holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from letstalk_desktop.annotations.model import Anchor, Annotation, AnnotationType, Operation, SessionPlan
from letstalk_desktop.commands import arguments
from letstalk_desktop.exporting import rendered
from letstalk_desktop.exporting.markdown import Document
from letstalk_desktop.exporting.model import Include, Order, Paper, Shape
from letstalk_desktop.paths import find_paths
from letstalk_desktop.settings import write_json
from letstalk_desktop.storage.notebook import Notebook
from tests.commands.conftest import Letstalk, write_resource

Annotate = Callable[..., dict[str, Any]]
NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)


@pytest.fixture
def notes(annotate: Annotate) -> None:
    annotate("power grows", "--note", "first", "--kind", "action")
    annotate("Quoted words", "--concept", "base", "--kind", "story")
    annotate("Second", chapter="2")


@pytest.fixture
def plans(notes: None, bundled: Path) -> None:
    """A plan of the resource and one of the reader's own."""
    questions = bundled / "content" / "small" / "questions.toml"
    steps = 'steps = [ { minutes = 10, text = { en = "Welcome", fr = "Accueil" } } ]'
    title = 'title = { en = "Ten minutes", fr = "Dix minutes" }'
    questions.write_text(f'[[plans]]\nid = "plan-10"\nminutes = 10\n{title}\n{steps}\n', encoding="utf-8")
    own = SessionPlan("own", "small", "My evening", ((20, "", "We meet"),))
    notebook = Notebook.open(find_paths().notebook, now=NOW)
    notebook.apply(Operation("o", "g", "Add", plans=(own,)), now=NOW)
    notebook.close()


def test_the_options_offer_exactly_what_documents_can_be() -> None:
    assert tuple(Shape) == arguments.SHAPES
    assert tuple(Order) == arguments.ORDERS
    assert tuple(Paper) == arguments.PAPERS
    assert [part.replace("-", "_") for part in arguments.PARTS] == [one for one in Include.__slots__ if one != "context"]


def test_a_pdf_says_what_is_in_it_and_carries_the_notes(notes: None, letstalk: Letstalk, tmp_path: Path) -> None:
    file = tmp_path / "summary.pdf"
    said = letstalk("export", file, "--reader", "Ana", "--lang", "fr")
    assert (said.status, said.out) == (0, f"{file}: 3 passages, 1 note, 0 unplaced\n")
    pdf = pypdf.PdfReader(file)
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "Petites choses" in text
    assert "power grows" in text
    inside = json.loads(pdf.attachments["letstalk-notes.json"][0])
    assert [one["exact"] for one in inside["annotations"]] == ["power grows", "Quoted words", "Second"]
    assert inside["texts"] == []
    bare = tmp_path / "bare.pdf"
    assert letstalk("export", bare, "--bare", "--chapter", "2", "--paper", "a4").out.endswith(
        ": 1 passage, 0 notes, 0 unplaced\n"
    )
    assert not pypdf.PdfReader(bare).attachments
    assert round(pypdf.PdfReader(bare).pages[0].mediabox.width) == 595


def test_each_format_holds_the_passages_that_are_counted(notes: None, letstalk: Letstalk, tmp_path: Path) -> None:
    marks = {
        ".docx": b"PK\x03\x04",
        ".html": b"<!DOCTYPE html>",
        ".md": b"# Small things",
        ".jsonld": b"{",
        ".annotation": b"{",
        ".csv": b"\xef\xbb\xbftype,",
    }
    for ending, mark in marks.items():
        file = tmp_path / f"notes{ending}"
        assert letstalk("export", file).out == f"{file}: 3 passages, 1 note, 0 unplaced\n"
        content = file.read_bytes()
        assert content.startswith(mark) or content.lower().startswith(mark.lower())
        if ending != ".docx":
            assert content.count(b"power grows") >= 1
    said = letstalk("export", tmp_path / "vault.md", "--format", "obsidian")
    assert said.status == 0
    assert (tmp_path / "vault.md").read_text().startswith("---\n")
    assert letstalk("export", tmp_path / "vault.csv", "--format", "obsidian").status == 2


def test_what_a_format_has_no_place_for_is_told(notes: None, letstalk: Letstalk, tmp_path: Path) -> None:
    whole = Annotation("r", AnnotationType.NOTE, Anchor("small", "1.0", "en", ""), note="On all of it")
    notebook = Notebook.open(find_paths().notebook, now=NOW)
    notebook.apply(Operation("o", "g", "Add", annotations=(whole,)), now=NOW)
    notebook.close()
    said = letstalk("export", tmp_path / "notes.annotation", "--json")
    assert (said.status, said.json["left_out"]) == (0, 1)
    assert "no place in this format" in said.err


def test_a_file_that_does_not_hold_what_was_said_is_not_called_written(
    notes: None, letstalk: Letstalk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "notes.json"
    file.write_text("what stood here before")

    def spoil(_handle: int) -> None:
        [beside] = tmp_path.glob(".notes.json.*")
        beside.write_bytes(beside.read_bytes().replace(b"power grows", b"power wanes"))

    with monkeypatch.context() as disk:
        disk.setattr(rendered.os, "fsync", spoil)
        said = letstalk("export", file)
    assert (said.status, said.out) == (1, "")
    assert "does not hold what was written" in said.err
    assert [path.name for path in tmp_path.glob("*notes.json*")] == ["notes.json"]
    assert file.read_text() == "what stood here before"


def test_a_note_that_a_writer_loses_is_told(
    notes: None, letstalk: Letstalk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "notes.md"
    monkeypatch.setattr(Document, "blocks", lambda _self, _blocks: "")
    said = letstalk("export", file)
    assert (said.status, said.out) == (1, f"{file}: 3 passages, 0 notes, 0 unplaced\n")
    assert "Only that much was found in the file, of 3 passages, 1 note, 0 unplaced." in said.err
    said = letstalk("export", file, "--json")
    assert (said.status, said.json["counts"]["notes"], said.json["missing"]["notes"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--chapter", "2"), ["Second"]),
        (("--kind", "story", "--kind", "A"), ["power grows", "Quoted words"]),
        (("--concept", "base"), ["Quoted words"]),
        (("--until", "2001-01-01"), []),
        (("--shared",), []),
    ],
)
def test_a_choice_narrows_the_document(
    notes: None, letstalk: Letstalk, tmp_path: Path, options: tuple[str, ...], found: list[str]
) -> None:
    file = tmp_path / "notes.json"
    said = letstalk("export", file, "--json", *options)
    assert said.json["counts"]["passages"] == len(found)
    assert [one["exact"] for one in json.loads(file.read_text())["annotations"]] == found


def test_json_holds_everything_unless_something_is_left_out(
    notes: None, letstalk: Letstalk, basedir: Path, tmp_path: Path
) -> None:
    file = tmp_path / "notes.json"
    since = datetime.now().date().isoformat()
    assert letstalk("export", file, "--since", since).status == 0
    whole = json.loads(file.read_text())
    assert [one["locator"] for one in whole["annotations"]] == ["1.1", "1.6", "2.1"]
    assert {(text["chapter"], text["edition"]) for text in whole["texts"]} == {("power", "1.0"), ("practice", "1.0")}
    said = letstalk("export", file, "--without", "notes", "--without", "concepts", "--json")
    assert said.json["counts"]["notes"] == 0
    assert "first" not in file.read_text()


def test_the_readers_name_is_left_out_where_it_is_asked_for(
    annotate: Annotate, letstalk: Letstalk, basedir: Path, tmp_path: Path
) -> None:
    write_json(basedir / "config" / "settings.json", {"reader_name": "Ana Lee"})
    annotate("power grows")
    file = tmp_path / "notes.json"
    assert letstalk("export", file).status == 0
    assert "Ana Lee" in file.read_text()
    assert letstalk("export", file, "--reader", "").status == 0
    assert "Ana Lee" not in file.read_text()


def test_without_a_resource_the_only_one_with_notes_is_meant(letstalk: Letstalk, bundled: Path, tmp_path: Path) -> None:
    write_resource(bundled / "content" / "other", ("resource.toml", '"small"', '"other"'))
    assert letstalk("annotate", "other", "2", "--quote", "Second").status == 0
    assert letstalk("export", tmp_path / "a.json", "--json").json["resource"] == "other"
    assert letstalk("export", tmp_path / "a.json", "--json", "--resource", "small").json["counts"]["passages"] == 0
    assert letstalk("annotate", "small", "2", "--quote", "Second").status == 0
    said = letstalk("export", tmp_path / "b.json")
    assert said.status == 1
    assert "community-organizing" in said.err


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        (("notes.xyz",), 2, ".pdf"),
        (("notes.pdf", "--shape", "poster"), 2, "poster"),
        (("notes.pdf", "--text-size", "99"), 2, "99"),
        (("notes.pdf", "--since", "yesterday"), 2, "yesterday"),
        (("notes.pdf", "--lang", "de"), 2, "de"),
        (("notes.pdf", "--chapter", "7"), 1, "1 power"),
        (("no/such/folder/notes.json",), 1, "does not exist"),
    ],
)
def test_what_cannot_be_made_is_told_and_leaves_nothing_behind(
    letstalk: Letstalk, tmp_path: Path, words: tuple[str, ...], status: int, reason: str
) -> None:
    before = set(tmp_path.iterdir())
    said = letstalk("export", tmp_path / words[0], *words[1:], "--resource", "small")
    assert (said.status, said.out) == (status, "")
    assert reason in said.err
    assert {path.name for path in set(tmp_path.iterdir()) - before} <= {"base"}


def test_a_file_that_is_there_is_replaced_only_whole(notes: None, letstalk: Letstalk, tmp_path: Path) -> None:
    file = tmp_path / "notes.json"
    file.write_text("what was here")
    assert letstalk("export", file, "--lang", "de").status == 2
    assert file.read_text() == "what was here"
    assert letstalk("export", file).status == 0
    assert json.loads(file.read_text())["format"] == "letstalk-notebook"
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_a_readers_own_template_makes_the_document(notes: None, letstalk: Letstalk, basedir: Path, tmp_path: Path) -> None:
    said = letstalk("export", tmp_path / "a.pdf", "--template", "mine")
    assert (said.status, said.out) == (1, "")
    folder = find_paths().templates
    assert f"Templates belong in the folder {folder}" in said.err
    folder.mkdir(parents=True)
    (folder / "mine.md").write_text("{% for group in doc.groups %}{{ group.title }};{% endfor %}", encoding="utf-8")
    (folder / "mine.typ").write_text("#let doc = json(bytes(sys.inputs.document))\n= #doc.title\n", encoding="utf-8")
    file = tmp_path / "a.md"
    said = letstalk("export", file, "--template", "mine", "--lang", "fr")
    assert (said.status, said.out) == (0, f"{file}: 0 passages, 0 notes, 0 unplaced\n")
    assert "which shows that much of 3 passages, 1 note, 0 unplaced." in said.err
    assert "your template mine.md, which" in said.err
    assert file.read_text(encoding="utf-8") == "Pouvoir;Pratique;"
    said = letstalk("export", tmp_path / "a.pdf", "--template", "mine", "--json")
    assert (said.status, said.json["template"]) == (0, "mine.typ")
    assert "does not make an accessible PDF" in said.err
    assert "missing document title" in said.err
    assert "Small things" in "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "a.pdf").pages)
    assert letstalk("export", tmp_path / "a.docx", "--template", "mine").status == 2
    assert letstalk("export", file, "--template", "mine", "--format", "obsidian").status == 2


def test_a_fault_of_a_template_leaves_the_file_as_it_was(
    notes: None, letstalk: Letstalk, basedir: Path, tmp_path: Path
) -> None:
    folder = find_paths().templates
    folder.mkdir(parents=True)
    (folder / "mine.html").write_text("<p>\n{{ doc.titel }}", encoding="utf-8")
    file = tmp_path / "a.html"
    file.write_text("what was here")
    said = letstalk("export", file, "--template", "mine")
    assert (said.status, said.out) == (1, "")
    assert said.err.strip().endswith("Template mine.html, line 2: 'dict object' has no attribute 'titel'.")
    assert file.read_text() == "what was here"
    (folder / "mine.html").write_text('<img src="https://example.org/x.png">', encoding="utf-8")
    assert "fetches from the network: https://example.org/x.png" in letstalk("export", file, "--template", "mine").err


def test_a_selection_and_a_filter_of_notes_narrow_the_document(annotate: Annotate, letstalk: Letstalk, tmp_path: Path) -> None:
    one = annotate("power grows", "--note", "Rosa")
    annotate("Quoted words")
    file = tmp_path / "notes.json"
    for options in (("--id", one["id"]), ("--query", "rosa")):
        assert letstalk("export", file, "--json", *options).json["counts"]["passages"] == 1
        assert [each["id"] for each in json.loads(file.read_text())["annotations"]] == [one["id"]]
    assert letstalk("export", file, "--json", "--query", "nobody").json["counts"]["passages"] == 0


def test_the_choices_kept_in_the_dialog_can_be_used(notes: None, letstalk: Letstalk, basedir: Path, tmp_path: Path) -> None:
    file = tmp_path / "notes.json"
    assert "There are: –" in letstalk("export", file, "--preset", "x").err
    included = {"notes": False, "context": True}
    kept = {"kinds": ["action", "nosuch"], "include": included, "shape": "poster", "size": "big", "reader": "", "since": ""}
    write_json(basedir / "config" / "presets.json", {"For the manager": kept, "mine": {"template": "mine.md"}})
    said = letstalk("export", file, "--preset", "For the manager", "--json")
    assert (said.status, said.json["counts"]["passages"], said.json["counts"]["notes"]) == (0, 1, 0)
    said = letstalk("export", file, "--preset", "For the manager", "--kind", "story", "--json")
    assert [one["exact"] for one in json.loads(file.read_text())["annotations"]] == ["Quoted words"]
    said = letstalk("export", file, "--preset", "nosuch")
    assert (said.status, said.out) == (1, "")
    assert "There are: For the manager, mine." in said.err
    assert "Templates belong in the folder" in letstalk("export", tmp_path / "a.md", "--preset", "mine").err


def test_what_is_said_goes_before_the_preset_even_where_it_is_the_usual_value(
    notes: None, letstalk: Letstalk, basedir: Path, tmp_path: Path
) -> None:
    kept = {"shape": "cards", "order": "kind", "paper": "a4", "size": 14, "language": "fr", "template": "mine.html"}
    write_json(basedir / "config" / "presets.json", {"mine": kept})
    folder = basedir / "data" / "templates"
    folder.mkdir(parents=True)
    (folder / "mine.html").write_text("{{ doc.shape }} {{ doc.order }} {{ doc.paper }} {{ doc.text_size }} {{ doc.language }}")
    file = tmp_path / "out.html"

    def made(*options: str) -> str:
        assert letstalk("export", file, "--preset", "mine", *options).status == 0
        return file.read_text(encoding="utf-8").strip()

    assert made() == "cards kind a4 14.0 fr"
    usual = ("--shape", "summary", "--by", "place", "--paper", "letter", "--text-size", "10", "--lang", "en")
    assert made(*usual) == "summary place letter 10.0 en"
    assert made("--template", "").startswith("<!doctype html>")


def test_the_session_plan_can_be_chosen(plans: None, letstalk: Letstalk, basedir: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    folder = basedir / "data" / "templates"
    folder.mkdir(parents=True)
    (folder / "mine.html").write_text("{{ doc.plan.title }}: {{ doc.plan.minutes }}")

    def shown(*options: str) -> str:
        said = letstalk("export", file, "--template", "mine", "--shape", "facilitator", *options)
        assert said.status == 0, said.err
        return file.read_text(encoding="utf-8").strip()

    assert shown() == "My evening: 20"
    assert shown("--plan", "plan-10") == "Ten minutes: 10"
    assert shown("--plan", "ten MINUTES") == "Ten minutes: 10"
    assert shown("--plan", "Dix minutes", "--lang", "fr") == "Dix minutes: 10"
    write_json(basedir / "config" / "presets.json", {"short": {"plan": "plan-10"}, "lost": {"plan": "gone"}})
    assert shown("--preset", "short") == "Ten minutes: 10"
    assert shown("--preset", "short", "--plan", "My evening") == "My evening: 20"
    assert shown("--preset", "lost") == "My evening: 20"


def test_a_plan_that_is_not_there_is_answered_with_those_that_are(plans: None, letstalk: Letstalk, tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    said = letstalk("export", file, "--shape", "discussion", "--plan", "nosuch")
    assert (said.status, said.out) == (1, "")
    assert "There is no session plan “nosuch”. There are: own (My evening); plan-10 (Ten minutes)." in said.err
    said = letstalk("export", file, "--plan", "plan-10")
    assert (said.status, said.out) == (2, "")
    assert "--shape discussion|facilitator" in said.err
    assert not file.exists()
