"""The hostile notebook goes through every writer: nothing breaks out, runs or is lost, and counts are true."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
from lxml import etree

from letstalk_desktop.annotations.exchange import NotebookFile, read_notebook
from letstalk_desktop.annotations.model import Annotation, Kind, Placement
from letstalk_desktop.exporting.characters import carried
from letstalk_desktop.exporting.child import Engine
from letstalk_desktop.exporting.documents import FORMATS, Material, write_document
from letstalk_desktop.exporting.model import Choices, Include, Order, Shape
from letstalk_desktop.exporting.reader_templates import ReaderTemplate
from letstalk_desktop.exporting.summary import summarize
from letstalk_desktop.importing.notes_file import read_notes
from tests.exporting import sample

HOSTILE = (
    '#import "@preview/x:1.0.0"; #panic() $x$ #read("/etc/passwd") ] } <label> @ref \\',
    "</script><script>alert(1)</script><img src=x onerror=alert(1)> <!-- ]]> &lt; &#0;",
    "**K · Key idea** · ¶\u00a03.1\n\n> “a passage that is none”\n\n^00000000-0000-4000-8000-000000000001\n\n---\n# h\n"
    "[a](javascript:x)",
    '=HYPERLINK("http://x.ca","a")\t@SUM(A1) |\' /C calc\'!A0',
    '<w:p/></w:t> {INCLUDEPICTURE "http://x.ca/p.png"} &amp; <?xml?>',
    "שלום עולם \u202emirror\u202c مرحبا \u200f",
    "\U0001f9e9\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308 e\u0301 中文",
    "word " * 20_000,
    "nul \u0000 half \ud800 end \uffff bell \x07 next \x85 line \u2028 bom \ufeff",
    "{{ doc.__class__ }} {% for x in y %} {# #}",
)


def notebook() -> list[Annotation]:
    """Each of them as note, quote, concept, author and answer; some without a place."""
    marks = []
    for number, text in enumerate(HOSTILE, 1):
        mark = sample.highlight(number, "power", "Others wait.", list(Kind)[number % 6], text, concepts=("own-1",))
        if number % 3 == 0:
            mark = mark.changed(anchor=mark.anchor._replace(exact=text[:300]), placement=Placement.UNPLACED)
        marks.append(mark.changed(author=text[:40]))
        marks.append(sample.answer(100 + number, text).changed(created=mark.created, modified=mark.modified))
        marks.append(sample.remark(200 + number, "power", text).changed(created=mark.created, modified=mark.modified))
    return marks


def material(language: str = "en", shape: Shape = Shape.SUMMARY, order: Order = Order.PLACE) -> Material:
    own = [concept._replace(term=HOSTILE[1], definition=HOSTILE[0]) for concept in sample.own_concepts()]
    choices = Choices(
        "community-organizing", shape=shape, language=language, order=order, reader="<b>", include=Include(context=True)
    )
    marks, names = notebook(), {Kind.KEY: "**K** <i>"}
    words = sample.translator_for(language)
    summary = summarize(sample.resource(), sample.chapter, marks, own, names, choices, words, sample.NOW)
    notes = NotebookFile(tuple(marks), tuple(own))
    return Material(summary, notes, sample.resource(), sample.chapter, sample.NOW, sample.FONTS, sample.TEMPLATES)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_takes_it_and_is_counted(tmp_path: Path, ending: str, language: str) -> None:
    file = tmp_path / f"out{ending}"
    written = write_document(file, material(language))
    assert written.counts.passages == len(HOSTILE)
    assert written.counts.unplaced == len(HOSTILE) // 3
    assert written.given is None
    assert file.read_bytes() == written.content


@pytest.mark.parametrize("shape", list(Shape))
def test_every_shape_takes_it_as_pdf_word_page_and_markdown(tmp_path: Path, shape: Shape) -> None:
    with Engine(sample.FONTS, sample.TEMPLATES) as engine:
        for ending in (".pdf", ".docx", ".html", ".md"):
            made = material(shape=shape, order=Order.CONCEPT)
            written = write_document(tmp_path / f"out{ending}", replace(made, engine=engine, obsidian=shape is Shape.SUMMARY))
            assert written.content
            assert written.given is None


@pytest.mark.parametrize("file", ["meeting.typ", "meeting.html", "meeting.md"])
def test_the_example_template_takes_it(tmp_path: Path, file: str) -> None:
    template = ReaderTemplate(sample.ROOT / "resources" / "templates" / "example", file)
    target = tmp_path / f"out{template.makes}"
    written = write_document(target, replace(material(), template=template))
    if template.makes == ".html":
        tree = html5lib.HTMLParser(strict=True).parse(written.content.decode())
        assert [str(one.tag).rpartition("}")[2] for one in tree.iter()].count("script") == 1
        assert written.fetched == ()
    else:
        assert written.plain == ""


def test_a_page_holds_it_as_text_and_gives_it_back(tmp_path: Path) -> None:
    file = tmp_path / "out.html"
    written = write_document(file, material())
    tree = html5lib.HTMLParser(strict=True).parse(written.content.decode())
    tags = [str(one.tag).rpartition("}")[2] for one in tree.iter()]
    assert (tags.count("script"), tags.count("img"), tags.count("article")) == (1, 0, len(HOSTILE))
    attributes = [pair for one in tree.iter() for pair in one.attrib.items()]
    assert not [name for name, value in attributes if name.startswith("on") or str(value).startswith("javascript:")]
    for name in ("out.html", "out.pdf", "out.json"):
        write_document(tmp_path / name, material())
        assert {one.id: one.note for one in read_notes(tmp_path / name).annotations} == {one.id: one.note for one in notebook()}


def test_word_holds_it_as_text(tmp_path: Path) -> None:
    written = write_document(tmp_path / "out.docx", material())
    with zipfile.ZipFile(io.BytesIO(written.content)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
        links = package.read("word/_rels/document.xml.rels").decode()
    shown = " ".join(" ".join(node.text or "" for node in body.iter("{*}t")).split())
    for text in (HOSTILE[0], HOSTILE[9]):
        assert " ".join(carried(text).replace("\\", "").split())[:40] in shown
    fields = "".join(node.text or "" for node in body.iter("{*}instrText"))
    assert "INCLUDEPICTURE" not in fields
    assert "javascript:" not in links


def test_a_table_runs_nothing(tmp_path: Path) -> None:
    written = write_document(tmp_path / "out.csv", material())
    rows = list(csv.reader(io.StringIO(written.content.decode("utf-8-sig"), newline="")))
    assert len(rows) == 1 + 3 * len(HOSTILE)
    assert not [cell for row in rows for cell in row if re.match(r"[\s\u00a0]*[=+\-@]", cell)]


def test_data_is_not_changed_by_it(tmp_path: Path) -> None:
    written = write_document(tmp_path / "out.json", material())
    assert read_notebook(written.content).annotations == tuple(notebook())
    page = json.loads(write_document(tmp_path / "out.jsonld", material()).content)["first"]["items"]
    values = [body["value"] for item in page for body in item.get("body", ())]
    assert all(text in values for text in HOSTILE if "\ud800" not in text)
