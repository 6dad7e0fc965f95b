"""The Word file has real headings, lists, languages and links, opens whole, and holds every word."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from letstalk_desktop.annotations.model import Annotation, Kind
from letstalk_desktop.exporting.characters import carried
from letstalk_desktop.exporting.model import Choices, Include, Order, Paper
from letstalk_desktop.exporting.summary import summarize
from letstalk_desktop.exporting.word import to_word
from tests.exporting import sample
from tests.exporting.golden import check_golden
from tests.exporting.rich import annotated_chapters

# The order in which the schema (ECMA-376, CT_PPr and CT_RPr) wants what we use.
PARAGRAPH = ("pStyle", "keepNext", "numPr", "pBdr", "tabs", "bidi", "spacing", "ind")
RUN = ("rFonts", "b", "i", "strike", "color", "sz", "u", "shd", "vertAlign", "rtl", "lang")


def made(choices: Choices, marks: list[Annotation] | None = None) -> bytes:
    own, translator = sample.own_concepts(), sample.translator_for(choices.language)
    given_marks = sample.marks() if marks is None else marks
    return to_word(summarize(sample.resource(), sample.chapter, given_marks, own, {}, choices, translator, sample.NOW))


def opened(data: bytes) -> Any:
    return Document(io.BytesIO(data))


def one(note: str, **more: Any) -> bytes:
    return made(Choices("community-organizing"), [sample.highlight(1, "power", "Others wait.", Kind.ACTION, note, **more)])


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)


def words(data: bytes) -> str:
    """All text as a reader sees it, links included."""
    body = etree.fromstring(part(data, "word/document.xml"))
    lines = []
    for paragraph in body.iter(qn("w:p")):
        pieces = [node.text if node.tag == qn("w:t") else "\n" for node in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab"))]
        lines.append("".join(piece or "" for piece in pieces))
    return "\n".join(lines)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_parts_are_stable(language: str) -> None:
    data = made(Choices("community-organizing", language=language, reader=sample.READER, include=Include(context=True)))
    document = etree.fromstring(part(data, "word/document.xml"))
    etree.indent(document)
    check_golden(f"summary.{language}.docx.document.xml", etree.tostring(document, encoding="unicode") + "\n")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
    assert not [name for name in names if "comments" in name or "thumbnail" in name]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_other_part_of_the_package_is_stable(language: str) -> None:
    """What we write ourselves in full; what only styles the page by its checksum, as it is long and seldom read."""
    lines = []
    with zipfile.ZipFile(io.BytesIO(made(Choices("community-organizing", language=language, reader=sample.READER)))) as package:
        for name in sorted(set(package.namelist()) - {"word/document.xml"}):
            part = etree.fromstring(package.read(name))
            etree.indent(part)
            text = etree.tostring(part, encoding="unicode")
            ours = re.search(r"core\.xml|settings|numbering|footer1\.xml$|document\.xml\.rels", name)
            lines.append(f"== {name}\n{text if ours else hashlib.sha256(text.encode()).hexdigest()}\n")
    check_golden(f"summary.{language}.docx.parts.txt", "\n".join(lines))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_headings_language_and_properties(language: str) -> None:
    document = opened(made(Choices("community-organizing", language=language, reader=sample.READER)))
    headings = [
        (item.style.name, item.text) for item in document.paragraphs if item.style.name.startswith(("Title", "Heading"))
    ]
    title = sample.resource().titles[language]
    assert headings[0] == ("Title", title)
    assert [name for name, _ in headings[1:]].count("Heading 2") == 1
    assert all(text for _, text in headings)
    properties = document.core_properties
    assert (properties.title, properties.author, properties.language) == (title, sample.READER, f"{language}-CA")
    assert properties.comments == ""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert defaults.find(f".//{qn('w:lang')}").get(qn("w:val")) == f"{language}-CA"


def test_a_passage_in_the_other_language_says_so() -> None:
    document = etree.fromstring(part(made(Choices("community-organizing")), "word/document.xml"))
    foreign = [node.getparent().getparent() for node in document.iter(qn("w:lang")) if node.get(qn("w:val")) == "fr-CA"]
    assert ["".join(run.itertext()) for run in foreign] == ["«\u00a0Il naît de centaines de conversations.\u00a0»"]


def test_locators_lead_to_bookmarks_that_exist() -> None:
    document = etree.fromstring(part(made(Choices("community-organizing", order=Order.CONCEPT)), "word/document.xml"))
    names = [node.get(qn("w:name")) for node in document.iter(qn("w:bookmarkStart"))]
    targets = {node.get(qn("w:anchor")) for node in document.iter(qn("w:hyperlink")) if node.get(qn("w:anchor"))}
    assert len(names) == len(set(names))
    assert targets
    assert targets <= set(names)


def test_each_numbered_list_starts_with_its_own_number() -> None:
    data = one("3. a\n4. b\n\ntext\n\n1. c\n   - d")
    numbering = etree.fromstring(part(data, "word/numbering.xml"))
    starts = [node.get(qn("w:val")) for node in numbering.iter(qn("w:startOverride"))]
    assert starts == ["1", "3", "1", "3", "1"]
    kinds = [child.tag for child in numbering]
    assert kinds == sorted(kinds, key=[qn("w:abstractNum"), qn("w:num")].index)
    levels = [node.get(qn("w:val")) for node in etree.fromstring(part(data, "word/document.xml")).iter(qn("w:ilvl"))]
    assert "1" in levels


@pytest.mark.parametrize(("paper", "size"), [(Paper.LETTER, (12240, 15840)), (Paper.A4, (11906, 16838))])
def test_paper_is_the_one_chosen(paper: Paper, size: tuple[int, int]) -> None:
    section = opened(made(Choices("community-organizing", paper=paper))).sections[0]
    assert (round(section.page_width / 635), round(section.page_height / 635)) == size


@pytest.mark.parametrize("order", list(Order))
def test_every_order_holds_every_word(order: Order) -> None:
    text = words(made(Choices("community-organizing", order=order)))
    for phrase in (
        "Who is missing from the room",
        '#import "x"',
        " a_b$ #let",
        "words that were revised away",
        "Ours. The health unit",
    ):
        assert phrase in text


def test_properties_stand_in_the_order_of_the_schema() -> None:
    note = "# שלום\n\n**שלום *עולם*** `x` [a](https://x.ca)\n\n- מרחב\n\n  more\n\n> q\n\n```\ncode\n```\n\n---"
    document, chapters = (
        etree.fromstring(part(data, "word/document.xml")) for data in (one(note), to_word(annotated_chapters()))
    )
    for container, order in ((qn("w:pPr"), PARAGRAPH), (qn("w:rPr"), RUN)):
        for properties in (*document.iter(container), *chapters.iter(container)):
            names = [etree.QName(child).localname for child in properties]
            assert names == sorted(set(names), key=order.index)
    assert len(list(document.iter(qn("w:bidi")))) >= 3


@settings(max_examples=20, deadline=None)
@given(
    st.text(st.characters(exclude_categories=()), max_size=30)
    | st.sampled_from(["<w:p/>", "]]>", "&amp;", '" w:x="', "{PAGE}", "\x00\x0b\ufffe\ud800", '[a](http://x.ca/"<>)'])
)
def test_no_text_breaks_out_of_its_place(text: str) -> None:
    data = one("x" + text + "x", author=text)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
    assert "“Others wait.”" in words(data)
    opened(data)


def test_every_word_of_awkward_text_is_there() -> None:
    note = "x «\u00a0é e\u0301\u202f» \U0001f9e9 \u00ad \x00 \ud800 <b> & \ttab"
    assert carried(note) in words(one(note)).replace("\n", "\t")


def test_a_thousand_passages_stay_small_and_whole() -> None:
    marks = [
        sample.highlight(1, "power", "Others wait.", note=f"Note {number}").changed(id=str(number)) for number in range(1000)
    ]
    text = words(made(Choices("community-organizing"), marks))
    assert all(re.search(rf"Note {number}\b", text) for number in (0, 500, 999))
    assert text.count("“Others wait.”") == 1000
