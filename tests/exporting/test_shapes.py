"""Every shape keeps its promise: two pages, the whole text, a record, a guide, a report, a card per passage."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader

from letstalk_desktop.annotations.model import Annotation, Kind, SessionPlan
from letstalk_desktop.exporting.html import to_html
from letstalk_desktop.exporting.markdown import to_markdown
from letstalk_desktop.exporting.model import Choices, Include, Shape, Summary, TextBlock, TextContainer, TextNode
from letstalk_desktop.exporting.pdf import write_pdf
from letstalk_desktop.exporting.summary import summarize
from letstalk_desktop.exporting.word import to_word
from letstalk_desktop.library.model import Chapter
from tests.exporting import sample
from tests.exporting.rich import PICTURE, on, rich_chapter


def make(
    shape: Shape,
    marks: list[Annotation] | None = None,
    *,
    plans: tuple[SessionPlan, ...] = (),
    load: Any = sample.chapter,
    **choices: Any,
) -> Summary:
    chosen = Choices("community-organizing", shape=shape, reader=sample.READER, **choices)
    return summarize(
        sample.resource(),
        load,
        sample.marks() if marks is None else marks,
        sample.own_concepts(),
        {},
        chosen,
        sample.translator_for(chosen.language),
        sample.NOW,
        plans=plans,
        load_figure=lambda path: PICTURE if path == "figures/a.svg" else "",
    )


def read(summary: Summary) -> PdfReader:
    return PdfReader(io.BytesIO(write_pdf(summary, sample.FONTS, sample.TEMPLATES).document))


def text(reader: PdfReader) -> str:
    return " ".join(unicodedata.normalize("NFC", " ".join(page.extract_text() for page in reader.pages)).split())


def blocks(nodes: tuple[TextNode, ...]) -> list[TextBlock]:
    found: list[TextBlock] = []
    for node in nodes:
        found.extend(blocks(node.children) if isinstance(node, TextContainer) else [node])
    return found


@pytest.mark.parametrize("shape", list(Shape))
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_shape_is_an_accessible_document(shape: Shape, language: str) -> None:
    reader = read(make(shape, language=language))
    root = reader.trailer["/Root"]
    assert str(root["/Lang"]).lower() == f"{language}-ca"
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data().decode()
    assert make(shape, language=language).labels["shape"].upper() in text(reader) or shape is Shape.CARDS


@pytest.mark.parametrize("shape", list(Shape))
def test_every_shape_may_be_empty(shape: Shape) -> None:
    assert len(read(make(shape, marks=[])).pages) >= 1


@pytest.mark.parametrize("shape", list(Shape))
def test_the_other_formats_take_every_shape(shape: Shape) -> None:
    summary = make(shape)
    assert summary.labels["shape"] in to_markdown(summary)
    assert summary.labels["shape"] in to_html(summary)
    assert to_word(summary).startswith(b"PK")


@pytest.mark.parametrize("count", [1, 12, 60, 400])
def test_a_brief_has_two_pages_and_says_what_it_leaves_out(count: int) -> None:
    kinds = (Kind.KEY, Kind.EVIDENCE, Kind.ACTION, Kind.QUESTION, Kind.STORY)
    note = "A note of some length that takes up a line or two of the page, as notes do when people mean them."
    marks = [
        sample.highlight(1, "power", "Others wait.", kinds[number % 5], f"N{number}. {note}").changed(id=str(number))
        for number in range(count)
    ]
    reader = read(make(Shape.BRIEF, marks))
    shown = text(reader).count("A note of some length")
    assert len(reader.pages) <= 2
    assert shown >= min(count - count // 5, 18)
    left = count - shown
    assert (f"{left} more passages are not in this brief." in text(reader)) == (left > 1)


@pytest.mark.parametrize("text_size", [6, 10, 20, 36])
def test_a_brief_has_two_pages_in_any_size_of_text(text_size: float) -> None:
    notes = ("Short.", "word " * 300, "x " * 1500, "1. a\n2. b\n\n> quoted", "# Big\n\n```\ncode\n```")
    kinds = (Kind.KEY, Kind.EVIDENCE, Kind.ACTION, Kind.QUESTION)
    for count in (1, 3, 8, 40):
        marks = [
            sample.highlight(1, "power", "Others wait.", kinds[number % 4], notes[(number + 2) % 5]).changed(id=str(number))
            for number in range(count)
        ]
        assert len(read(make(Shape.BRIEF, marks, text_size=text_size)).pages) <= 2


def test_annotated_chapters_hold_the_whole_text_with_its_marks() -> None:
    marks = [
        on("a sentence, marked", 1, Kind.EVIDENCE, "The *first* note."),
        on("marked twice.", 2, Kind.STORY),
        on("Second item", 3, Kind.ACTION, "Do it."),
        on("Tenants", 4, Kind.TENSION),
    ]
    summary = make(Shape.CHAPTERS, marks, load=rich_chapter)
    (chapter,) = summary.chapters
    assert "".join(segment.text for node in blocks(chapter.nodes) for segment in node.segments).startswith("Heading twoBefore")
    lead = blocks(chapter.nodes)[1]
    assert [(segment.text, segment.marks, segment.ends) for segment in lead.segments if segment.marks] == [
        ("a sentence", (1,), ()),
        (", ", (1,), ()),
        ("marked", (1, 2), (1,)),
        (" twice.", (2,), (2,)),
    ]
    assert [segment.url for segment in lead.segments if segment.url] == ["https://x.ca/y"]
    assert [segment.text for segment in lead.segments if segment.styles == ("reference",)] == ["2", ",", "a"]
    assert [node.passages for node in blocks(chapter.nodes)][:2] == [(), (1, 2)]
    shown = text(read(summary))
    for words in (
        "Before the box a sentence", "Try it", "First item", "More of the second.", "Tenants", "The caption.", "A quotation.",
        "Who decides?", "The footnote.", "A lede.", "The first note.", "Do it.", "E1 · Evidence", "S2 · Story", "A3 · Action",
        "Centre Roy", "2.1",
    ):  # fmt: skip
        assert words in shown


def test_a_picture_that_cannot_be_had_is_described() -> None:
    def without(chapter_id: str, language: str) -> Chapter:
        chapter = rich_chapter(chapter_id, language)
        changed = tuple(block._replace(image="figures/gone.svg") if block.image else block for block in chapter.blocks)
        return chapter._replace(blocks=changed)

    assert "A black bar." in text(read(make(Shape.CHAPTERS, [on("In the box.", 1)], load=without)))


def test_a_passage_of_the_other_language_stands_beside_its_block() -> None:
    shown = text(read(make(Shape.CHAPTERS)))
    assert "Il naît de centaines de conversations." in shown
    (power, _) = make(Shape.CHAPTERS).chapters
    (story,) = (number for number, passage in power.passages if passage.language == "fr")
    assert any(story in node.passages for node in blocks(power.nodes))
    assert not any(story in segment.marks for node in blocks(power.nodes) for segment in node.segments)


def test_a_discussion_record_holds_answers_and_the_plan_and_counts_only_these() -> None:
    plan = SessionPlan("p", "community-organizing", "Our evening", ((5, "", "Welcome"), (20, "q-self-interest", "In pairs")))
    summary = make(Shape.DISCUSSION, plans=(plan,))
    assert summary.counts_text == "1 answer"
    shown = text(read(summary))
    for words in (
        "Whose self-interest did our last project begin with?",
        "Ours. The health unit",
        "answered 21 November",
        "Our evening",
        "Welcome",
    ):
        assert words in shown
    assert "Our survey reached 80" not in shown


def test_a_facilitators_guide_follows_the_clock() -> None:
    plan = SessionPlan("p", "community-organizing", "Our evening", ((75, "", "Welcome"), (20, "q-self-interest", "In pairs")))
    summary = make(Shape.FACILITATOR, plans=(plan,))
    assert summary.plan is not None
    assert [(step.start, step.minutes, step.locators) for step in summary.plan.steps] == [(0, 75, ()), (75, 20, ("3.2",))]
    assert summary.counts.passages == 1
    shown = text(read(summary))
    for words in ("Our evening", "95 min", "0:00", "1:15", "In pairs", "Who is missing from the room"):
        assert words in shown


def in_word(summary: Summary) -> str:
    with zipfile.ZipFile(io.BytesIO(to_word(summary))) as package:
        body = package.read("word/document.xml").decode()
    return " ".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", body))


WRITERS: dict[str, Callable[[Summary], str]] = {
    "word": in_word,
    "page": lambda summary: re.sub(r"<[^>]*>", " ", to_html(summary).partition("<main>")[2]).replace("&nbsp;", "\u00a0"),
    "markdown": to_markdown,
    "obsidian": lambda summary: to_markdown(summary, obsidian=True),
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", WRITERS)
def test_other_formats_have_the_plan_too(name: str, language: str) -> None:
    steps = ((75, "", "Welcome *all*"), (20, "q-self-interest", "In pairs"), (5, "q-self-interest", "Again"))
    plan = SessionPlan("p", "community-organizing", "Our evening", steps)
    asked = sample.resource().questions[0].texts[language]
    order = {
        Shape.FACILITATOR: [
            "Our evening",
            "100",
            "0:00",
            "Welcome",
            "1:15",
            "3.2",
            asked,
            "In pairs",
            "Who is missing",
            "1:35",
        ],
        Shape.DISCUSSION: [asked, "Ours. The health unit", "Our evening", "75", "Welcome", "20", "In pairs", asked, "Again"],
    }
    for shape, expected in order.items():
        shown, at = WRITERS[name](make(shape, plans=(plan,), language=language)), 0
        for words in expected:
            assert words in shown[at:], words
            at = shown.index(words, at) + len(words)
        assert shown.count("Who is missing from the room") == (2 if shape is Shape.FACILITATOR else 0)


@pytest.mark.parametrize("name", WRITERS)
def test_a_record_without_answers_says_so(name: str) -> None:
    shown = WRITERS[name](make(Shape.DISCUSSION, []))
    assert "Nobody has answered yet" in shown
    assert "no passages" not in shown


@pytest.mark.parametrize("name", WRITERS)
def test_cards_are_cited_in_other_formats_too(name: str) -> None:
    shown = WRITERS[name](make(Shape.CARDS))
    assert "Let’s Talk Desktop contributors. (2026)." in " ".join(shown.split())
    assert "In short" not in shown


def test_without_a_plan_the_guide_goes_through_the_questions() -> None:
    summary = make(Shape.FACILITATOR)
    assert summary.plan is not None
    assert (summary.plan.minutes, [step.question for step in summary.plan.steps]) == (
        10,
        ["Whose self-interest did our last project begin with?"],
    )


def test_a_concept_report_goes_by_concept() -> None:
    summary = make(Shape.CONCEPTS)
    assert [group.title for group in summary.groups] == ["base building", "éveil", "power with", "Without a concept"]
    shown = text(read(summary))
    assert "bringing people into lasting relationships" in shown
    assert shown.count("It is made by hundreds of conversations,") == 2


def test_each_card_is_a_page_with_quote_and_citation() -> None:
    reader = read(make(Shape.CARDS))
    assert len(reader.pages) == 8
    for page in reader.pages:
        assert page.mediabox.width > page.mediabox.height
        assert "Let’s Talk Desktop contributors. (2026)." in " ".join(page.extract_text().split())
    long = read(
        make(
            Shape.CARDS,
            [
                sample.highlight(1, "power", "Others wait.").changed(
                    anchor=sample.highlight(1, "power", "Others wait.").anchor._replace(exact="word " * 3000)
                )
            ],
        )
    )
    assert " ".join(page.extract_text() for page in long.pages).count("word") == 3000


def test_what_is_chosen_to_be_left_out_is_left_out_of_every_shape() -> None:
    for shape in Shape:
        summary = make(shape, include=Include(notes=False, answers=False))
        assert summary.counts.notes == summary.counts.answers == 0
