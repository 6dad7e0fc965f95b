"""Positions: what Qt counts in UTF-16 units and Python in code points is the same place; locators name it for everyone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letstalk_desktop.library import text as places
from letstalk_desktop.library.chapters import sections_of
from letstalk_desktop.library.model import Block, BlockKind, Chapter

AWKWARD = "😀 L\u2019œuvre\u00a0: «\u202fe\u0301cole\u202f» soft\u00adhyphen 🧑🏽‍🤝‍🧑🏿 fin"


def chapter_of(text: str, *blocks: Block) -> Chapter:
    return Chapter(
        resource="small",
        edition="1.0",
        language="en",
        id="first",
        label="3",
        number=3,
        title="First",
        lede="",
        in_short=(),
        text=text,
        blocks=blocks,
        containers=(),
        spans=(),
        sections=tuple(sections_of(text, list(blocks))),
        footnotes=(),
        content_hash="",
    )


CHAPTER = chapter_of(
    "Head\n\nFirst block.\n\nSecond.",
    Block("head", BlockKind.HEADING, 0, 0, 4, level=2),
    Block("a", BlockKind.PARAGRAPH, 1, 6, 18),
    Block("b", BlockKind.PARAGRAPH, 2, 20, 27),
)


@given(st.text(), st.data())
def test_a_position_goes_to_utf16_and_back(text: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(text)))
    units = places.to_utf16(text, position)
    assert units == len(text[:position].encode("utf-16-le", "surrogatepass")) // 2
    assert places.from_utf16(text, units) == position


@given(st.text(), st.integers(0, 400))
def test_any_utf16_position_is_somewhere_in_the_text(text: str, units: int) -> None:
    position = places.from_utf16(text, units)
    assert 0 <= position <= len(text)
    assert places.to_utf16(text, position) <= units


def test_inside_a_surrogate_pair_counts_as_the_start_of_its_character() -> None:
    assert places.from_utf16("a😀b", 2) == 1
    assert places.from_utf16("a😀b", 3) == 2


def test_an_emoji_before_a_passage_does_not_shift_it() -> None:
    start = AWKWARD.index("e\u0301cole")
    units = places.to_utf16(AWKWARD, start)
    assert units == start + 1
    assert AWKWARD[places.from_utf16(AWKWARD, units) :].startswith("e\u0301cole")
    assert places.utf16_length(AWKWARD) == len(AWKWARD.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("position", "block", "locator"),
    [
        (0, "head", "3.1"),
        (5, "head", "3.1"),
        (6, "a", "3.1"),
        (18, "a", "3.1"),
        (19, "a", "3.1"),
        (20, "b", "3.2"),
        (99, "b", "3.2"),
    ],
)
def test_every_position_has_its_block_and_its_locator(position: int, block: str, locator: str) -> None:
    found = places.block_at(CHAPTER, position)
    assert found is not None
    assert found.id == block
    assert places.locator_at(CHAPTER, position) == locator


def test_a_chapter_without_blocks_has_only_its_own_label() -> None:
    empty = chapter_of("")
    assert places.block_at(empty, 0) is None
    assert places.locator_at(empty, 0) == "3"


def test_blocks_are_found_by_id_and_by_number_and_headings_have_none() -> None:
    assert places.block_by_id(CHAPTER, "b") == CHAPTER.blocks[2]
    assert places.block_by_id(CHAPTER, "gone") is None
    assert places.block_by_number(CHAPTER, 2) == CHAPTER.blocks[2]
    assert places.block_by_number(CHAPTER, 0) is None
    assert CHAPTER.locator(CHAPTER.blocks[0]) == "3"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3.12", ("3", 12)),
        (" ¶ 3.12 ", ("3", 12)),
        ("3,12", ("3", 12)),
        ("3:12", ("3", 12)),
        ("g.4", ("G", 4)),
        ("7", ("7", 0)),
        ("", None),
        ("3.", None),
        ("3.x", None),
        ("three", None),
        ("3.1.2", None),
    ],
)
def test_a_locator_is_read_as_people_type_it(typed: str, meant: tuple[str, int] | None) -> None:
    assert places.parse_locator(typed) == meant


@pytest.mark.parametrize(
    ("text", "passage", "sentence"),
    [
        ("One. Two words here. Three.", "words", "Two words here."),
        ("One. Two? Three! Four", "Four", "Four"),
        ("See p. 4 of it, e.g. here. Then.", "here", "See p. 4 of it, e.g. here."),
        ("Avant.\u00a0Qui décide\u00a0? Après.", "décide", "Qui décide\u00a0?"),
        ("Il dit «\u00a0Non.\u00a0» Puis il part.", "Non", "Il dit «\u00a0Non.\u00a0»"),
        ("First line\nSecond line. More", "Second", "Second line."),
        ("Dr. J. Smith came. Then.", "came", "Dr. J. Smith came."),
    ],
)
def test_the_sentence_around_a_passage_is_whole(text: str, passage: str, sentence: str) -> None:
    start = text.index(passage)
    first, last = places.sentence_around(text, start, start + len(passage))
    assert text[first:last].strip("\u00a0") == sentence


@given(st.text(alphabet="ab .!?\n\u00a0\u202f»«😀", max_size=60), st.data())
def test_a_sentence_holds_its_passage_and_stays_in_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = places.sentence_around(text, start, end)
    assert 0 <= first <= start
    assert last <= len(text)
    assert last >= end or "\n" in text[start:end]


@given(st.text(alphabet="a \t\n\u00a0\u202f\u2028"), st.data())
def test_trimming_takes_breaking_spaces_only(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = places.trimmed(text, start, end)
    assert start <= first <= last <= end
    assert text[first:last] == text[start:end].strip(" \t\n\u2028")


def test_words_are_counted_as_a_reader_counts_them() -> None:
    assert places.word_count("L’œuvre d’un demi-siècle\u00a0: 12 ans, e\u0301cole.") == 6
    assert places.word_count("") == 0
