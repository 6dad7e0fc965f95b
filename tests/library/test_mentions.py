"""Where the text speaks of a concept: the author's marks, and the reader's own words where they stand whole."""

from __future__ import annotations

from letstalk_desktop.library.mentions import marked_mentions, worded_mentions
from letstalk_desktop.library.model import Block, BlockKind, Chapter, Span, SpanKind

LONG = "x " * 60
PARTS = [
    (BlockKind.HEADING, "The base"),
    (BlockKind.PARAGRAPH, "A base \U0001f600 of people. Bases act; databases do not. L’équipe d’Œuvre\u202f!"),
    (BlockKind.PARAGRAPH, f"{LONG}they build a base here {LONG}"),
    (BlockKind.TABLE, "base\tcell\nrow\tœuvres"),
]


def chapter() -> Chapter:
    text, blocks, number = "", [], 0
    for index, (kind, words) in enumerate(PARTS):
        text += "\n\n" if text else ""
        number += kind is not BlockKind.HEADING
        blocks.append(
            Block(f"b{index}", kind, number if kind is not BlockKind.HEADING else 0, len(text), len(text) + len(words))
        )
        text += words
    marks = [text.index("base \U0001f600"), text.index("Bases"), text.index("base here")]
    spans = tuple(Span(at, at + 4, SpanKind.CONCEPT, "base") for at in marks)
    return Chapter("r", "1", "en", "c", "3", 3, "C", "", (), text, tuple(blocks), (), spans, (), (), "hash")


def test_the_authors_marks_once_for_each_block() -> None:
    first, second = marked_mentions(chapter())["base"]
    assert (first.resource, first.chapter, first.language, first.block, first.offset) == ("r", "c", "en", "b1", 2)
    assert (first.locator, first.excerpt) == ("3.1", "A base \U0001f600 of people.")
    assert second.locator == "3.2"
    assert "build a base here" in second.excerpt
    assert second.excerpt.startswith("… ")
    assert second.excerpt.endswith(" …")
    assert len(second.excerpt) < 160


def test_a_word_is_found_whole_or_in_the_plural_and_not_in_headings() -> None:
    found = worded_mentions(chapter(), "BASE")
    assert [(one.block, one.offset) for one in found] == [("b1", 2), ("b2", 2 * 60 + len("they build a ")), ("b3", 0)]
    assert [one.block for one in worded_mentions(chapter(), "oeuvre")] == ["b1", "b3"]
    assert [one.block for one in worded_mentions(chapter(), "equipe d'œuvre")] == ["b1"]
    assert worded_mentions(chapter(), "data") == ()
    assert worded_mentions(chapter(), "") == ()


def test_an_excerpt_is_one_line() -> None:
    [found] = worded_mentions(chapter(), "cell")
    assert found.excerpt == "base cell"
