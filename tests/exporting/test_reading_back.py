"""What a document is said to hold is counted in its file: what a writer or a disk loses is missed."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from letstalk_desktop.annotations.exchange import NotebookFile
from letstalk_desktop.errors import ExportError
from letstalk_desktop.exporting import documents, rendered
from letstalk_desktop.exporting.documents import (
    FORMATS,
    Material,
    Written,
    count_document,
    counted,
    make_document,
    put_document,
    remarks,
    write_document,
)
from letstalk_desktop.exporting.model import Choices, Order, Shape
from letstalk_desktop.exporting.reader_templates import ReaderTemplate
from letstalk_desktop.exporting.summary import summarize
from letstalk_desktop.language import translator
from tests.exporting import sample
from tests.exporting.rich import annotated_chapters

# Of the sample: six passages in the text and one without a place, notes on five of them and two others, one answer.
HELD = {"passages": 8, "notes": 7, "answers": 1, "unplaced": 1}
TOLD = "8 passages, 7 notes, 1 answer, 1 unplaced"
NOTE = "Our survey reached 80."
SPOIL = Callable[[bytes], bytes]


def material(order: Order = Order.PLACE, language: str = "en", shape: Shape = Shape.SUMMARY) -> Material:
    """The sample, as a writer is given it."""
    marks, own, words = sample.marks(), sample.own_concepts(), sample.translator_for(language)
    choices = Choices("community-organizing", shape=shape, language=language, order=order, reader=sample.READER)
    summary = summarize(sample.resource(), sample.chapter, marks, own, {}, choices, words, sample.NOW)
    alive = tuple(one for one in marks if not one.deleted)
    notes = NotebookFile(alive, tuple(own))
    return Material(summary, notes, sample.resource(), sample.chapter, sample.NOW, sample.FONTS, sample.TEMPLATES)


def held(written: Written) -> dict[str, int]:
    """What a document is said to hold."""
    return {name: getattr(written.counts, name) for name in HELD}


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("ending", [".docx", ".html", ".md", ".md obsidian", ".csv"])
def test_documents_are_counted_as_they_stand(ending: str, language: str, order: Order, tmp_path: Path) -> None:
    ending, _space, obsidian = ending.partition(" ")
    file, made = tmp_path / f"out{ending}", replace(material(order, language), obsidian=bool(obsidian))
    written = write_document(file, made)
    assert held(written) == HELD
    assert written.given is None


def test_data_is_counted_as_it_stands(tmp_path: Path) -> None:
    for ending, change in ((".json", {}), (".jsonld", {}), (".annotation", {"notes": 6, "answers": 0}), (".pdf", {})):
        file, made = tmp_path / f"out{ending}", material()
        written = write_document(file, made)
        assert (held(written), written.given) == (HELD | change, None), ending


def in_package(content: bytes, spoil: SPOIL) -> bytes:
    """A Word file whose text was changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, spoil(old.read(name)) if name == "word/document.xml" else old.read(name))
    return target.getvalue()


def without_note_in_table(content: bytes) -> bytes:
    """A table without the words of a note."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    target = io.StringIO(newline="")
    csv.writer(target).writerows([["" if cell == NOTE else cell for cell in row] for row in rows])
    return target.getvalue().encode("utf-8-sig")


def without_note_in_data(content: bytes) -> bytes:
    """Data without the body, or the words, of a note."""
    found = json.loads(content)
    if "annotations" in found:
        found["annotations"] = [one | {"note": "" if one["note"] == NOTE else one["note"]} for one in found["annotations"]]
        return json.dumps(found).encode()
    for item in (found.get("first") or found)["items"]:
        if isinstance(item.get("body"), dict):
            item["body"]["value"] = item["body"]["value"].replace(NOTE, "")
        else:
            item["body"] = [body for body in item.get("body", ()) if body["value"] != NOTE]
    return json.dumps(found).encode()


# Formats of annotated chapters, and how the beginning of a passage stands in them.
TEXTS = [
    (".html", ">a sentence</mark>"),
    (".docx", ">a sentence</w:t>"),
    (".md", "**a sentence**"),
    (".md obsidian", "==a sentence=="),
]

WITHOUT_NOTE: dict[str, SPOIL] = {
    ".docx": lambda content: in_package(content, lambda part: part.replace(NOTE.encode(), b"")),
    ".html": lambda content: content.replace(f'<p dir="auto">{NOTE}</p>'.encode(), b""),
    ".md": lambda content: content.replace(f"\n{NOTE}\n".encode(), b"\n"),
    ".csv": without_note_in_table,
    ".json": without_note_in_data,
    ".jsonld": without_note_in_data,
    ".annotation": without_note_in_data,
}


@pytest.mark.parametrize("ending", WITHOUT_NOTE)
def test_a_note_that_is_not_in_the_file_is_told(ending: str, tmp_path: Path) -> None:
    file, made = tmp_path / f"out{ending}", material()
    whole = make_document(file, made)
    short = replace(whole, content=WITHOUT_NOTE[ending](whole.content))
    assert short.content != whole.content
    written = count_document(file, short, made.summary)
    assert (written.counts.passages, written.counts.notes) == (8, whole.counts.notes - 1)
    assert written.given is not None
    english, french = (translator(language, sample.ROOT / "resources" / "locale") for language in ("en", "fr"))
    assert f"of {counted(whole.counts, english)}" in " ".join(remarks(written, english))
    assert f"sur {counted(whole.counts, french)}" in " ".join(remarks(written, french))


def test_a_passage_that_is_not_in_the_file_is_told(tmp_path: Path) -> None:
    start = b'<article id="passage-00000000-0000-4000-8000-000000000008"'
    file, made = tmp_path / "out.html", material()
    whole = make_document(file, made)
    before, _article, rest = whole.content.partition(start)
    written = count_document(file, replace(whole, content=before + rest.partition(b"</article>")[2]), made.summary)
    assert held(written) == HELD | {"passages": 7, "notes": 6, "unplaced": 0}
    assert written.given == whole.counts


@pytest.mark.parametrize(("ending", "marked"), TEXTS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_annotated_chapters_are_counted_where_their_words_stand(
    ending: str, marked: str, language: str, tmp_path: Path
) -> None:
    ending, _space, obsidian = ending.partition(" ")
    summary = annotated_chapters(language)
    made = replace(material(shape=Shape.CHAPTERS), summary=summary, obsidian=bool(obsidian), bare=True)
    whole = write_document(tmp_path / f"out{ending}", made)
    assert (whole.counts, whole.given) == (summary.counts, None)

    def spoilt(old: str, new: str) -> dict[str, int]:
        def spoil(part: bytes) -> bytes:
            assert part.count(old.encode()) >= 1
            return part.replace(old.encode(), new.encode(), 1)

        content = in_package(whole.content, spoil) if ending == ".docx" else spoil(whole.content)
        return held(count_document(tmp_path / f"out{ending}", replace(whole, content=content), summary))

    as_it_is = held(whole)
    assert spoilt("Under the picture.", "") == as_it_is | {"notes": as_it_is["notes"] - 1}
    if language == "fr":  # the marks were made in English, and are quoted beside the text
        marked = "a sentence, marked"
    # The first run of a passage, not the whole of it; and a note beside it.
    assert spoilt(marked, marked.replace("a sentence", "a senten")) == as_it_is | {"passages": as_it_is["passages"] - 1}


def test_notes_that_do_not_travel_inside_as_they_should_are_told(tmp_path: Path) -> None:
    file, made = tmp_path / "out.html", material()
    whole = make_document(file, made)
    inside = replace(whole, content=whole.content.replace(b'"note": "Old words."', b'"note": ""'))
    assert inside.content != whole.content
    assert count_document(file, inside, made.summary).counts.notes == 6
    bare = make_document(file, replace(made, bare=True))
    written = count_document(file, replace(bare, inside=whole.inside), made.summary)
    assert written.given is not None


@pytest.mark.parametrize("ending", FORMATS)
def test_what_the_disk_has_not_kept_never_takes_the_place_of_a_file(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / f"out{ending}"
    file.write_text("what stood here before")
    written = make_document(file, material())

    def half(handle: int) -> None:
        rendered.os.ftruncate(handle, len(written.content) // 2)

    monkeypatch.setattr(rendered.os, "fsync", half)
    with pytest.raises(ExportError, match="does not hold what was written"):
        put_document(file, written)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert file.read_text() == "what stood here before"


def test_what_a_template_shows_is_counted_where_it_is_text(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    each = "{% for one in group.passages %}{{ one.quote }}: {{ one.note | note }}\n\n{% endfor %}"
    shows = f"{{% for group in doc.groups %}}{each}{{% endfor %}}"
    for ending in (".md", ".html"):
        (folder / f"mine{ending}").write_text(shows, encoding="utf-8")
        made = replace(material(Order.KIND), template=ReaderTemplate(folder, f"mine{ending}"))
        file = tmp_path / f"out{ending}"
        written = write_document(file, made)
        assert held(written) == {"passages": 7, "notes": 4, "answers": 0, "unplaced": 0}
        assert TOLD in remarks(written, sample.translator_for("en"))[0]


def test_a_writer_that_loses_a_note_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lossless = documents.FORMATS[".md"].write

    def lossy(made: Material) -> Written:
        groups = tuple(
            group._replace(passages=tuple(one._replace(note=()) if one.note_source == NOTE else one for one in group.passages))
            for group in made.summary.groups
        )
        return lossless(replace(made, summary=replace(made.summary, groups=groups)))

    monkeypatch.setitem(documents.FORMATS, ".md", replace(documents.FORMATS[".md"], write=lossy))  # type: ignore[arg-type]
    written = write_document(tmp_path / "out.md", material())
    assert counted(written.counts, sample.translator_for("en")) == TOLD.replace("7 notes", "6 notes")
    assert written.given is not None
