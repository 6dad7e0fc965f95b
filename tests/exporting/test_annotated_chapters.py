"""Annotated chapters hold their whole text, each passage where it stands and each note beside it, in every document."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from itertools import pairwise
from typing import Any

import html5lib
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from letstalk_desktop.annotations.model import Annotation, Kind
from letstalk_desktop.annotations.notes import parse_note, plain_text
from letstalk_desktop.exporting.annotated_text import chapters_and_groups, rows
from letstalk_desktop.exporting.html import to_html
from letstalk_desktop.exporting.html_style import STYLE
from letstalk_desktop.exporting.markdown import to_markdown
from letstalk_desktop.exporting.model import Segment, TextBlock
from letstalk_desktop.exporting.word import to_word
from letstalk_desktop.exporting.word_styles import KIND_COLOURS
from tests.exporting import sample
from tests.exporting.golden import check_golden
from tests.exporting.rich import PICTURE, annotated_chapters, on

NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def page(marks: list[Annotation] | None = None, language: str = "en") -> Any:
    """The tree of the page, by a parser that accepts no error."""
    return html5lib.HTMLParser(strict=True).parse(to_html(annotated_chapters(language, marks)))


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_is_stable(language: str) -> None:
    document = to_html(annotated_chapters(language))
    html5lib.HTMLParser(strict=True).parse(document)
    check_golden(f"chapters.{language}.html", document.replace(STYLE, ""))


def test_a_page_holds_the_whole_text_in_its_order() -> None:
    shown = words(next(page().iter(f"{NAMESPACE}main")))
    at = 0
    for part in (
        "A lede.", "Heading twoQ1", "2.1 Before the box a sentence2, markedE2 twice.S3,a", "Try it", "2.2 In the box.",
        "First item", "Second item", "More ofA4", "Who", "TenantsT5", "Rent", "2.7 The caption.K6", "A quotation.", "x = 1",
        "Who decides?", "The footnote.", "3.1 They often have it together",
    ):  # fmt: skip
        at = shown.index(part, at) + len(part)


def test_links_lead_from_passage_to_note_and_back() -> None:
    tree = page()
    names = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(names) == len(set(names))
    links = {element.get("href")[1:]: words(element) for element in tree.iter(f"{NAMESPACE}a") if element.get("href")[0] == "#"}
    assert set(links) <= set(names)
    for number, label in ((11, "E2"), (12, "S3"), (13, "A4"), (14, "T5"), (16, "Q1")):
        identity = sample.highlight(number, "power", "x").id
        assert links[f"passage-{identity}"] == links[f"mark-{identity}"] == label
    assert f"mark-{sample.highlight(17, 'power', 'x').id}" not in names  # made in French: quoted at its block


def test_each_run_of_a_passage_is_marked_and_where_two_lie_over_each_other_both_show() -> None:
    marks = [mark for mark in page().iter(f"{NAMESPACE}mark") if mark.get("class")]
    shown = [(mark.get("class").split()[0].removeprefix("kind-"), words(mark)) for mark in marks]
    assert [pair for pair in shown if pair[0] == "evidence"][:3] == [
        ("evidence", "a sentence"),
        ("evidence", ","),
        ("evidence", "marked"),
    ]
    both = [mark for mark in marks if mark.find(f"{NAMESPACE}mark") is not None]
    assert [(words(mark), mark[0].get("class")) for mark in both] == [("marked", "kind-story line-dash-dot")]
    assert ("tension", "Tenants") in shown
    assert ("action", "More of") in shown


def test_tables_lists_headings_and_pictures_are_what_they_are() -> None:
    tree = page()
    assert [(words(cell), cell.get("scope")) for cell in tree.iter(f"{NAMESPACE}th")] == [("Who", "col"), ("What", "col")]
    assert "2.3 First item" in [words(item) for item in tree.iter(f"{NAMESPACE}li")]
    levels = [int(str(one.tag)[-1]) for one in tree.iter() if re.fullmatch(rf"{NAMESPACE}h[1-6]", str(one.tag))]
    assert levels[:5] == [1, 2, 2, 2, 3]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    (picture,) = tree.iter(f"{NAMESPACE}img")
    assert picture.get("alt") == "A black bar."
    assert base64.b64decode(picture.get("src").partition(",")[2]).decode() == PICTURE
    policy = next(one.get("content") for one in tree.iter(f"{NAMESPACE}meta") if one.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_a_picture_that_is_a_trap_stays_shut_in() -> None:
    summary = annotated_chapters()
    trap = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>"><script>'

    def trapped(node: Any) -> Any:
        return node._replace(figure=trap) if getattr(node, "figure", "") else node

    (rich, plain) = summary.chapters
    object.__setattr__(summary, "chapters", (rich._replace(nodes=tuple(map(trapped, rich.nodes))), plain))
    tree = html5lib.HTMLParser(strict=True).parse(to_html(summary))
    assert not list(tree.iter(f"{NAMESPACE}script"))
    assert len(list(tree.iter(f"{NAMESPACE}img"))) == 1


def test_what_has_no_text_here_stands_alone_in_its_place() -> None:
    summary = annotated_chapters()
    (rich, plain) = summary.chapters
    object.__setattr__(summary, "chapters", (rich,))
    pairs = list(chapters_and_groups(summary))
    assert [(chapter and chapter.id, group and group.id) for chapter, group in pairs] == [
        ("power", "power"),
        (None, "concepts"),
    ]
    assert "A chapter to reread." in words(html5lib.HTMLParser(strict=True).parse(to_html(summary)))
    object.__setattr__(summary, "groups", summary.groups[1:])
    object.__setattr__(summary, "chapters", (rich, plain))
    assert [group and group.id for _, group in chapters_and_groups(summary)] == [None, "concepts"]


def test_a_note_beside_a_block_that_the_other_language_has_not_stands_beside_the_last() -> None:
    """A French chapter with more blocks than the English one."""
    french = on("Who decides?", 1, Kind.QUESTION, "Qui\u00a0?", language="fr")
    summary = annotated_chapters(marks=[french])
    last = list(rows(summary.chapters[0]))[-1]
    assert [passage.id for _, passage in last.notes] == [french.id]
    short = sample.highlight(2, "concepts", "L’équipe", Kind.STORY, "Léger.", language="fr")
    assert [passage.id for row in rows(annotated_chapters(marks=[short]).chapters[0]) for _, passage in row.notes] == [short.id]


def word(language: str = "en") -> Any:
    """The body of the Word file."""
    with zipfile.ZipFile(io.BytesIO(to_word(annotated_chapters(language)))) as package:
        return etree.fromstring(package.read("word/document.xml"))


def style_of(paragraph: Any) -> str:
    return str(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val")))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_word_file_is_stable(language: str) -> None:
    document = word(language)
    etree.indent(document)
    check_golden(f"chapters.{language}.docx.document.xml", etree.tostring(document, encoding="unicode") + "\n")


def test_a_word_file_has_real_headings_lists_and_tables() -> None:
    document = word()
    paragraphs = [(style_of(one), words(one)) for one in document.iter(qn("w:p"))]
    for pair in (
        ("Heading1", "2 Power and health equity"),
        ("Heading2", "Heading twoQ1"),
        ("BoxTitle", "Try it"),
        ("Box", "2.2 In the box."),
        ("Cell", "Who"),
        ("Caption", "A black bar."),
        ("Caption", "2.7 The caption.K6"),
        ("Quote", "2.8 A quotation."),
        ("CodeLines", "2.9 x = 1y = 2"),
        ("Question", "2.10 Who decides?"),
        ("PassageEvidence", "E2 · Evidence"),
        ("PassageEvidence", "The first note."),
    ):
        assert pair in paragraphs
    (table,) = document.iter(qn("w:tbl"))
    assert [words(row) for row in table.iter(qn("w:tr")) if row.find(f".//{qn('w:tblHeader')}") is not None] == ["WhoWhat"]
    numbered = [words(one) for one in document.iter(qn("w:p")) if one.find(f".//{qn('w:numPr')}") is not None]
    assert "2.3 First item" in numbered


def test_a_word_file_shows_passages_by_shade_and_line_and_leads_to_their_notes_and_back() -> None:
    document = word()
    shown = {}
    for run in document.iter(qn("w:r")):
        shade, line = run.find(f"{qn('w:rPr')}/{qn('w:shd')}"), run.find(f"{qn('w:rPr')}/{qn('w:u')}")
        if shade is not None and line is not None:
            shown.setdefault(words(run), (shade.get(qn("w:fill")), line.get(qn("w:val"))))
    evidence, story = KIND_COLOURS["evidence"][1], KIND_COLOURS["story"][1]
    assert (shown["a sentence"], shown["marked"], shown["twice."]) == (
        (evidence, "dash"), (story, "dash"), (story, "dotDash"),
    )  # fmt: skip
    names = [one.get(qn("w:name")) for one in document.iter(qn("w:bookmarkStart"))]
    numbers = [one.get(qn("w:id")) for one in document.iter(qn("w:bookmarkStart"))]
    assert (len(set(names)), len(set(numbers))) == (len(names), len(names))
    targets = {one.get(qn("w:anchor")) for one in document.iter(qn("w:hyperlink")) if one.get(qn("w:anchor"))}
    assert {"passage_1", "mark_1"} <= targets <= set(names)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("obsidian", [False, True])
def test_the_markdown_is_stable(language: str, obsidian: bool) -> None:
    name = f"chapters.{language}.{'obsidian.' if obsidian else ''}md"
    check_golden(name, to_markdown(annotated_chapters(language), obsidian=obsidian))


def test_markdown_marks_and_numbers_passages_and_keeps_blocks_what_they_are() -> None:
    plain, vault = (to_markdown(annotated_chapters(), obsidian=obsidian) for obsidian in (False, True))
    for shown in (
        "\n### Heading **two**\\[Q1\\]\n",
        "**a sentence**\\[2\\]**, marked**\\[E2\\] **twice.**\\[S3\\]\\[a\\] (¶\u00a02.1)",
        "> **Try it**\n>\n> In the box. (¶\u00a02.2)\n>\n> 1. First item (¶\u00a02.3)",
        "Who · What\n\n- **Tenants**\\[T5\\] · Rent\n\n(¶\u00a02.6)",
        "*Figure: A black bar.*\n\n**The caption.**\\[K6\\] (¶\u00a02.7)",
        "```\nx = 1\ny = 2\n```\n\n(¶\u00a02.9)",
        "\n> **E2 · Evidence**\n>\n> The *first* note.\n",
        "\n> **S8 · Story**\n>\n> > «",
    ):
        assert shown in plain
    for shown in (
        "==a sentence==\\[2\\]==, marked==\\[E2\\] ==twice.==\\[S3\\]",
        "> [!info] Try it\n> In the box.",
        "| Who | What |\n| --- | --- |\n| ==Tenants==\\[T5\\] | Rent |",
        "> [!note] E2 · Evidence\n>\n> The *first* note.\n\n^00000000-0000-4000-8000-000000000011\n",
    ):
        assert shown in vault


@settings(max_examples=60, deadline=None)
@given(
    st.text("#>-*_`[](){}<>!$=|\\\n 1.~^%ab", min_size=1, max_size=24),
    st.integers(0, 24),
    st.integers(1, 24),
    st.sampled_from([(), ("emphasis",), ("strong",), ("code",), ("strong", "emphasis")]),
)
def test_no_text_of_a_chapter_becomes_markup_or_gets_lost(text: str, start: int, length: int, styles: tuple[str, ...]) -> None:
    """Whatever a passage covers of it, and whatever style it stands in."""
    text = f"x{text}x"
    start = min(start, len(text) - 1)
    summary = annotated_chapters(marks=[on("Before", 1)])
    (chapter,) = summary.chapters
    parts = (text[:start], text[start : start + length], text[start + length :])
    segments = (
        Segment(parts[0], styles), Segment(parts[1], styles, "", (1,), (1,)), Segment(parts[2], styles),
    )  # fmt: skip
    block = TextBlock("paragraph", "2.1", tuple(one for one in segments if one.text), passages=(1,))
    object.__setattr__(summary, "chapters", (chapter._replace(nodes=(block,), footnotes=()),))

    def flat(words: str) -> str:
        return "".join(words.split())

    found = flat(plain_text(parse_note(to_markdown(summary))))
    assert flat(f"{parts[0]}{parts[1]}[K1]{parts[2]} (¶ 2.1) K1 · Key idea") in found
    to_markdown(summary, obsidian=True).encode()
    shown = flat(words(next(html5lib.HTMLParser(strict=True).parse(to_html(summary)).iter(f"{NAMESPACE}main"))))
    assert flat(f"2.1{parts[0]}{parts[1]}K1{parts[2]}") in shown
