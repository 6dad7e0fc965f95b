"""A chapter with everything a chapter can hold, and marks on it."""

from __future__ import annotations

from typing import Any

from letstalk_desktop.annotations.model import Annotation, Kind, Placement
from letstalk_desktop.exporting.model import Choices, Include, Shape, Summary
from letstalk_desktop.exporting.summary import summarize
from letstalk_desktop.library.model import Block, BlockKind, Cell, Chapter, Container, ContainerKind, Span, SpanKind
from tests.exporting import sample

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 20"><rect width="72" height="20"/></svg>'


def rich_chapter(chapter_id: str, language: str) -> Chapter:
    """A chapter with everything a chapter can hold."""
    parts = {
        "lead": "Before the box a sentence, marked twice.",
        "boxed": "In the box.",
        "first": "First item",
        "second": "Second item",
        "more": "More of the second.",
        "table": "Who\tWhat\nTenants\tRent",
        "figure": "The caption.",
        "quoted": "A quotation.",
        "code": "x = 1\ny = 2",
        "asked": "Who decides?",
    }
    text, places = "Heading two", {}
    for name, words in parts.items():
        text += "\n\n"
        places[name] = (len(text), len(text) + len(words))
        text += words
    table = places["table"][0]
    rows = ((Cell(table, table + 3), Cell(table + 4, table + 8)), (Cell(table + 9, table + 16), Cell(table + 17, table + 21)))

    def block(number: int, name: str, kind: BlockKind = BlockKind.PARAGRAPH, **more: Any) -> Block:
        return Block(name, kind, number, *places[name], **more)

    blocks = (
        Block("h", BlockKind.HEADING, 0, 0, 11, level=4),
        block(1, "lead"),
        block(2, "boxed", containers=(0,)),
        block(3, "first", BlockKind.ITEM, containers=(0, 1), marker="1."),
        block(4, "second", BlockKind.ITEM, containers=(0, 1), marker="2."),
        block(5, "more", containers=(0, 1)),
        block(6, "table", BlockKind.TABLE, rows=rows, header_rows=1),
        block(7, "figure", BlockKind.FIGURE, image="figures/a.svg", description="A black bar."),
        block(8, "quoted", containers=(2,)),
        block(9, "code", BlockKind.CODE),
        block(10, "asked", BlockKind.QUESTION),
    )
    containers = (
        Container(ContainerKind.BOX, "practice", "Try it"),
        Container(ContainerKind.LIST, "ordered"),
        Container(ContainerKind.QUOTE),
    )
    lead = places["lead"][0]
    spans = (
        Span(lead, lead + 6, SpanKind.EMPHASIS),
        Span(lead + 7, lead + 10, SpanKind.LINK, "https://x.ca/y"),
        Span(lead + 11, lead + 14, SpanKind.LINK, "#first"),
        Span(lead + 25, lead + 25, SpanKind.CITATION, "roy", "p. 2"),
        Span(lead + 40, lead + 40, SpanKind.FOOTNOTE, "f1"),
    )
    base = sample.chapter("power", language)
    return base._replace(
        id=chapter_id,
        text=text,
        blocks=blocks,
        containers=containers,
        spans=spans,
        footnotes=(("f1", "The footnote."),),
        lede="A lede.",
    )


def on(quote: str, number: int, kind: Kind = Kind.KEY, note: str = "", language: str = "en") -> Annotation:
    """A mark on the rich chapter."""
    mark = sample.highlight(number, "power", "Others wait.", kind, note, language=language if language == "en" else "fr")
    start = rich_chapter("power", "en").text.index(quote)
    return mark.changed(anchor=mark.anchor._replace(start=start, end=start + len(quote), exact=quote, language=language))


def annotated_chapters(language: str = "en", marks: list[Annotation] | None = None) -> Summary:
    """The rich chapter and a plain one with their whole text."""
    given = marks_on_chapters() if marks is None else marks
    choices = Choices(
        "community-organizing", shape=Shape.CHAPTERS, language=language, reader=sample.READER, include=Include(context=True)
    )
    return summarize(
        sample.resource(),
        lambda chapter, lang: rich_chapter(chapter, lang) if chapter == "power" else sample.chapter(chapter, lang),
        given,
        sample.own_concepts(),
        {},
        choices,
        sample.translator_for(language),
        sample.NOW,
        load_figure=lambda path: PICTURE if path == "figures/a.svg" else "",
    )


def marks_on_chapters() -> list[Annotation]:
    """Passages in all kinds of blocks; some lie over others, one goes over two blocks, one stands in the other language."""
    french = sample.highlight(17, "concepts", "Qui manque dans la salle, et qui l’a décidé\u00a0?", Kind.STORY, language="fr")
    return [
        on("a sentence, marked", 11, Kind.EVIDENCE, "The *first* note."),
        on("marked twice.", 12, Kind.STORY),
        on("Second item\n\nMore of", 13, Kind.ACTION, "1. do it\n2. `twice`"),
        on("Tenants", 14, Kind.TENSION, "At the table.").changed(author="Léa"),
        on("The caption.", 15, Kind.KEY, "Under the picture."),
        on("two", 16, Kind.QUESTION, "In a heading."),
        french,
        sample.highlight(18, "concepts", "once they know one another", Kind.EVIDENCE, concepts=("power-with", "own-1")),
        sample.highlight(19, "concepts", "«\u00a0on avance ensemble\u00a0» \U0001f9e9", Kind.KEY, "An *emoji*."),
        sample.highlight(20, "power", "words that were revised away", note="Old.").changed(placement=Placement.UNPLACED),
        sample.remark(21, "concepts", "A chapter to *reread*."),
        sample.remark(22, "", "The whole resource in one hour."),
    ]
