"""Each rung of the ladder: what is certain first, then what must be weighed, and honest doubt below."""

from __future__ import annotations

import unicodedata

import pytest

from letstalk_desktop.annotations.anchoring import (
    Cancelled,
    Doubtful,
    Elsewhere,
    Found,
    Relocator,
    Rung,
    Unplaced,
    describe,
    locate,
)
from letstalk_desktop.annotations.anchoring.passage import Passage, agreement
from letstalk_desktop.annotations.model import Anchor

CHAPTER = """What organizing is

Organizing builds the power of people who live with a problem to change it. It begins with listening, one kitchen \
table at a time.

A base is the group of people who are organized. Leaders are members of the base whom others follow, with or without a title.

The tenants of the Maple Street buildings met in March. They asked the owner for heat that works, and wrote \
down every cold night. In April the owner repaired the boiler.

Public health staff can share data, lend a room, and speak up where they have standing. They do not speak for the tenants.

Une base, c’est « le groupe des personnes organisées ». L’organisatrice écoute d’abord, puis elle pose des questions. 🙂 \
Cœur à l’ouvrage !

Power can be counted: in people, in money, in stories that others repeat."""


def mark(text: str, quote: str, occurrence: int = 1) -> Anchor:
    start = -1
    for _ in range(occurrence):
        start = text.index(quote, start + 1)
    return describe(text, start, start + len(quote), resource="r", edition="1", language="en", chapter="c", block="b")


def found(result: object, text: str) -> str:
    assert isinstance(result, Found), result
    return text[result.start : result.end]


def test_an_anchor_holds_the_quote_and_32_characters_around_it() -> None:
    anchor = mark(CHAPTER, "listening")
    assert anchor.exact == "listening" == CHAPTER[anchor.start : anchor.end]
    assert anchor.prefix == CHAPTER[anchor.start - 32 : anchor.start]
    assert anchor.suffix == CHAPTER[anchor.end : anchor.end + 32]
    assert (anchor.resource, anchor.edition, anchor.language, anchor.chapter, anchor.block) == ("r", "1", "en", "c", "b")


def test_describing_brings_offsets_into_the_text() -> None:
    wild = describe("short", -5, 900, resource="r", edition="1", language="en", chapter="c", block="")
    assert (wild.start, wild.end, wild.exact, wild.prefix, wild.suffix) == (0, 5, "short", "", "")
    turned = describe("short", 4, 2, resource="r", edition="1", language="en", chapter="c", block="")
    assert (turned.start, turned.end, turned.exact) == (4, 4, "")


@pytest.mark.parametrize("old", [CHAPTER, None])
def test_where_nothing_changed_the_place_is_the_same_and_certain(old: str | None) -> None:
    anchor = mark(CHAPTER, "one kitchen table")
    result = locate(anchor, CHAPTER, old)
    assert result == Found(anchor.start, anchor.end, 1.0, Rung.SAME_TEXT)


@pytest.mark.parametrize("with_old", [True, False])
@pytest.mark.parametrize(
    "quote", ["listening", "Leaders are members of the base", "« le groupe des personnes organisées »", "🙂 Cœur"]
)
def test_text_inserted_before_moves_the_highlight_along(quote: str, with_old: bool) -> None:
    new = CHAPTER.replace("Organizing builds", "A new first sentence stands here 🙂 now. Organizing builds")
    result = locate(mark(CHAPTER, quote), new, CHAPTER if with_old else None)
    assert found(result, new) == quote
    assert isinstance(result, Found)
    assert result.how is (Rung.COMPARISON if with_old else Rung.QUOTE)


@pytest.mark.parametrize("with_old", [True, False])
def test_an_edited_quote_is_found_with_the_edges_of_what_it_became(with_old: bool) -> None:
    quote = "They asked the owner for heat that works, and wrote down every cold night."
    became = "They asked the landlord for heating that works, and noted down every single cold night."
    new = CHAPTER.replace(quote, became).replace("met in March", "met in early March")
    assert found(locate(mark(CHAPTER, quote), new, CHAPTER if with_old else None), new) == became


@pytest.mark.parametrize("with_old", [True, False])
def test_a_moved_paragraph_takes_its_highlights_with_it(with_old: bool) -> None:
    paragraphs = CHAPTER.split("\n\n")
    paragraphs.insert(1, paragraphs.pop(4))
    new = "\n\n".join(paragraphs)
    for quote in ("lend a room", "They do not speak for the tenants."):
        assert found(locate(mark(CHAPTER, quote), new, CHAPTER if with_old else None), new) == quote


@pytest.mark.parametrize("with_old", [True, False])
def test_paragraphs_split_and_merged_lose_no_highlight(with_old: bool) -> None:
    quote = "change it. It begins with listening"
    new = CHAPTER.replace("change it. It begins", "change it.\n\nIt begins").replace("time.\n\nA base", "time. A base")
    assert found(locate(mark(CHAPTER, quote), new, CHAPTER if with_old else None), new) == quote.replace(". It", ".\n\nIt")


@pytest.mark.parametrize("with_old", [True, False])
def test_of_two_equal_quotes_the_surroundings_decide(with_old: bool) -> None:
    twice = CHAPTER.replace("Power can be counted", "The base grew. Power can be counted")
    second = mark(twice, "base", 6) if twice.count("base") > 5 else mark(twice, "base", twice.count("base"))
    new = twice.replace("A base is the group", "To begin with, a base is the group")
    result = locate(second, new, twice if with_old else None)
    assert isinstance(result, Found)
    assert new[result.start - 4 : result.end + 6] == twice[second.start - 4 : second.end + 6]


def test_a_summary_that_was_put_at_the_head_of_the_text_does_not_draw_highlights_to_it() -> None:
    sentence = "They asked the owner for heat that works, and wrote down every cold night."
    anchor = mark(CHAPTER, sentence)
    head = sentence + " In April the owner repaired the boiler."
    new = head + "\n\n" + CHAPTER.replace("The tenants of the Maple Street buildings met in March.", "Winter came.")
    result = locate(anchor, new)
    assert isinstance(result, Found)
    assert result.start == new.rindex(sentence)


def test_context_that_stands_nowhere_does_not_count_at_the_head_of_a_text() -> None:
    passage = Passage([1, 2, 3, 4, 5], first=2, last=4, left=0, right=5)
    agreed = agreement(passage, [-1, -1, 0, 1, 2].__getitem__, [3.0] * 6)
    assert agreed is not None
    assert (agreed.before, agreed.after) == (0.0, 1.0)


TWICE = """Heat

Write down every cold night, with the date and the hour. Bring the list to the next meeting of the tenants.

Heat again

Write down every cold night, with the date and the hour. Bring the list to the next meeting of the tenants."""


def test_where_two_places_are_as_good_the_reader_is_asked() -> None:
    old = "Cold\n\n" + TWICE[TWICE.index("Write") : TWICE.index("\n\nHeat again")]
    new = CHAPTER + "\n\n" + TWICE
    result = locate(mark(old, "every cold night, with the date"), new)
    assert isinstance(result, Doubtful)
    assert len(result.candidates) >= 2


@pytest.mark.parametrize("occurrence", [1, 2])
def test_the_highlights_around_it_tell_two_equal_places_apart(occurrence: int) -> None:
    old = CHAPTER + "\n\n" + TWICE
    new = old.replace("Heat", "No heat in winter")
    new = new.replace("The tenants of the Maple Street buildings met in March. ", "")
    passage = "night, with the date and the hour. Bring the list"
    neighbours = [mark(old, quote) for quote in ("stories that others repeat.", "They do not speak for the tenants.")]
    sought = mark(old, passage, occurrence)
    result = Relocator(new).locate_all([*neighbours, sought])[-1]
    assert isinstance(result, Found)
    assert result.start == mark(new, passage, occurrence).start


def test_identical_sentences_in_identical_surroundings_are_told_apart_by_the_old_text() -> None:
    verse = "Listen first. Ask again. Then plan. "
    old = verse * 5
    new = "A line that is new. " + old
    for number in range(5):
        start = number * len(verse) + verse.index("Ask again.")
        anchor = describe(old, start, start + 10, resource="r", edition="1", language="en", chapter="c", block="")
        result = locate(anchor, new, old)
        assert isinstance(result, Found)
        assert result.start == start + 20


@pytest.mark.parametrize("with_old", [True, False])
def test_a_deleted_sentence_is_not_put_on_one_that_is_like_it(with_old: bool) -> None:
    old = CHAPTER.replace("In April the owner", "In May the owner painted the stairs. In April the owner")
    anchor = mark(old, "In May the owner painted the stairs.")
    result = locate(anchor, CHAPTER, old if with_old else None)
    assert isinstance(result, (Doubtful, Unplaced))


@pytest.mark.parametrize("with_old", [True, False])
def test_a_deleted_common_word_is_not_put_on_another_that_reads_the_same(with_old: bool) -> None:
    old = CHAPTER.replace("Power can be counted", "Nobody remembers the banner that hung there. Power can be counted")
    result = locate(mark(old, "that hung"), CHAPTER, old if with_old else None)
    assert not isinstance(result, Found)
    start = old.index("the banner")
    anchor = describe(old, start, start + 3, resource="r", edition="1", language="en", chapter="c", block="")
    assert not isinstance(locate(anchor, CHAPTER, old if with_old else None), Found)


@pytest.mark.parametrize("with_old", [True, False])
def test_a_name_with_low_lines_is_one_word_and_not_found_in_another_that_begins_alike(with_old: bool) -> None:
    old = CHAPTER + "\n\nWhile smart_text() keeps what is translated late, force_text() does not."
    new = CHAPTER + "\n\nWhile smart_str() keeps what is translated late, force_str() does not."
    assert isinstance(locate(mark(old, "smart_text"), new, old if with_old else None), (Doubtful, Unplaced))


def test_what_is_unplaced_comes_with_the_nearest_candidates() -> None:
    new = CHAPTER.replace("They asked the owner for heat that works, and wrote down every cold night. ", "")
    new = new.replace("repaired the boiler", "bought a new boiler, so that there was heat")
    result = locate(mark(CHAPTER, "heat that works, and wrote down"), new)
    assert isinstance(result, (Doubtful, Unplaced))
    scores = [candidate.score for candidate in result.candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= candidate.start < candidate.end <= len(new) for candidate in result.candidates)


def test_edges_keep_their_punctuation_and_may_lie_within_a_word() -> None:
    new = CHAPTER.replace("Une base", "Voici : une base")
    for quote in ("« le groupe", "organisées ».", "rganisatrice écou", "(", "counted:"):
        if quote in CHAPTER:
            assert found(locate(mark(CHAPTER, quote), new, CHAPTER), new) == quote


@pytest.mark.parametrize("with_old", [True, False])
def test_letters_composed_or_decomposed_spaces_and_soft_hyphens_make_no_difference(with_old: bool) -> None:
    quote = "L’organisatrice écoute d’abord"
    new = unicodedata.normalize("NFD", CHAPTER).replace("organisatrice", "organisa\u00adtrice").replace("« ", "«\u202f")
    result = locate(mark(CHAPTER, quote), new, CHAPTER if with_old else None)
    assert unicodedata.normalize("NFC", found(result, new)).replace("\u00ad", "") == quote


@pytest.mark.parametrize("with_old", [True, False])
def test_a_quote_without_a_word_is_found_by_what_stands_around_it(with_old: bool) -> None:
    new = "Preface.\n\n" + CHAPTER
    assert found(locate(mark(CHAPTER, "»."), new, CHAPTER if with_old else None), new) == "»."
    gone = new.replace(" ». L’organisatrice", ", dit-on ; L’organisatrice")
    assert not isinstance(locate(mark(CHAPTER, "»."), gone, CHAPTER if with_old else None), Found)


def test_a_note_on_the_chapter_stays_with_the_chapter() -> None:
    assert locate(Anchor("r", "1", "en", "c"), "Anything at all.") == Found(0, 0, 1.0, Rung.SAME_TEXT)


def test_the_block_it_was_taken_from_tells_equal_quotes_apart() -> None:
    old = "First. The group meets on Monday evenings in the hall.\n\nThen. The group meets on Monday evenings in the hall."
    new = "Entirely new words begin this edition.\n\n" + old.replace("First.", "").replace("Then.", "")
    places = [place for place in range(len(new)) if new.startswith("meets on Monday", place)]
    blocks = [("one", places[0] - 20, places[0] + 40), ("two", places[1] - 12, len(new))]
    anchor = mark(old, "meets on Monday", 2)._replace(block="two")
    result = locate(anchor, new, None, blocks)
    assert isinstance(result, Found)
    assert (result.start, result.how) == (places[1], Rung.SAME_BLOCK)


def test_many_are_located_in_order_with_progress() -> None:
    new = CHAPTER.replace("It begins with listening", "All of it begins with listening")
    quotes = ["builds the power", "listening", "Leaders are members", "share data", "in stories"]
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        seen.append((done, total))
        return True

    results = Relocator(new, CHAPTER).locate_all([mark(CHAPTER, quote) for quote in quotes], progress)
    assert [found(result, new) for result in results] == quotes
    assert seen[:5] == [(0, 5), (1, 5), (2, 5), (3, 5), (4, 5)]


def test_cancelling_stops_at_once() -> None:
    relocator = Relocator(CHAPTER + " More.", CHAPTER)
    with pytest.raises(Cancelled):
        relocator.locate_all([mark(CHAPTER, "listening")] * 5, lambda done, total: done < 2)


def test_a_passage_that_went_to_another_chapter_is_found_there() -> None:
    here = CHAPTER.replace("Public health staff can share data, lend a room, and speak up where they have standing. ", "")
    there = "Roles\n\nPublic health staff can share data, lend a room, and speak up where they have standing. They listen."
    anchor = mark(CHAPTER, "share data, lend a room, and speak up where they have standing")
    result = locate(anchor, here, CHAPTER)
    assert isinstance(result, Unplaced)
    moved = Elsewhere({"c": here, "roles": there, "other": "Nothing of the kind."}).locate(anchor, result)
    assert isinstance(moved, Found)
    assert (moved.chapter, moved.how) == ("roles", Rung.OTHER_CHAPTER)
    assert there[moved.start : moved.end] == anchor.exact


def test_a_passage_that_stands_in_two_other_chapters_is_only_offered() -> None:
    anchor = mark(CHAPTER, "share data, lend a room, and speak up where they have standing")
    there = "Public health staff can share data, lend a room, and speak up where they have standing."
    result = Elsewhere({"x": there, "y": there}).locate(anchor, Unplaced())
    assert isinstance(result, Doubtful)
    assert {candidate.chapter for candidate in result.candidates} == {"x", "y"}


def test_a_short_quote_is_not_sought_in_other_chapters_without_its_surroundings() -> None:
    anchor = mark(CHAPTER, "the tenants")
    result = Elsewhere({"x": "There were the tenants of another street."}).locate(anchor, Unplaced())
    assert isinstance(result, Unplaced)


def test_what_was_found_at_home_stays_at_home() -> None:
    here = Found(1, 2, 0.9, Rung.QUOTE)
    assert Elsewhere({"x": CHAPTER}).locate(mark(CHAPTER, "listening"), here) is here
