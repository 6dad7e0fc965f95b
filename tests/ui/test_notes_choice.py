"""The list of notes shows what is asked for, in the order and groups that are asked for."""

from __future__ import annotations

from letstalk_desktop.annotations.model import Anchor, Annotation, AnnotationType, Kind, Placement
from letstalk_desktop.ui.notes_choice import (
    BY_KIND,
    CHAPTERS,
    CONCEPTS,
    NEWEST,
    OLDEST,
    UNPLACED,
    Choice,
    Group,
    Titles,
    chosen,
    folded,
    in_place_order,
    ordered,
    rows,
)

CHAPTER_ORDER = {("r", "two"): 1, ("r", "one"): 0}
TITLES = Titles(lambda resource, chapter: chapter or "whole", str, lambda concept, resource: concept.title(), "none")


def note(name: str, chapter: str = "one", start: int = 0, kind: Kind = Kind.KEY, **fields: object) -> Annotation:
    anchor = Anchor("r", "1", "fr", chapter, "", start, start + 5, "l’équité en santé")
    made = Annotation(name, AnnotationType.HIGHLIGHT, anchor, kind, created=name, modified=name)
    return made.changed(**fields)


NOTES = in_place_order(
    [
        note("b", "two", 5, Kind.STORY, concepts=("power",), author="Ann"),
        note("a", "one", 9, Kind.KEY, note="Œuvre", concepts=("equity", "power")),
        note("c", "one", 2, Kind.STORY, placement=Placement.UNPLACED),
        note("d", "", 0, type=AnnotationType.NOTE, note="On all of it", author="Ann"),
    ],
    CHAPTER_ORDER,
)


def ids(choice: Choice) -> str:
    found = ordered(chosen(NOTES, choice, lambda: [folded(one) for one in NOTES]), choice)
    return "".join(one.id for one in found)


def listed(choice: Choice) -> list[str]:
    found = ordered(chosen(NOTES, choice, list), choice)
    made = rows(found, choice, TITLES, CHAPTER_ORDER)
    return [f"{row.title} {row.size}" if isinstance(row, Group) else row.id for row in made]


def test_the_order_is_that_of_the_text_time_or_kind() -> None:
    assert ids(Choice()) == "dcab"
    assert ids(Choice(order=NEWEST)) == "dcba"
    assert ids(Choice(order=OLDEST)) == "abcd"
    assert ids(Choice(order=BY_KIND)) == "acbd"


def test_each_choice_leaves_out_what_is_not_like_that() -> None:
    assert ids(Choice(kind="story")) == "cb"
    assert ids(Choice(kind="note")) == "d"
    assert ids(Choice(concept="power")) == "ab"
    assert ids(Choice(chapter=("r", "one"))) == "ca"
    assert ids(Choice(with_note=True)) == "da"
    assert ids(Choice(with_note=False)) == "cb"
    assert ids(Choice(author="Ann")) == "db"
    assert ids(Choice(author="")) == "ca"
    assert ids(Choice(state=UNPLACED)) == "c"
    assert ids(Choice(kind="story", author="Ann", concept="power")) == "b"


def test_all_words_are_wanted_folded() -> None:
    assert ids(Choice(words="  OEUVRE l'equite ")) == "a"
    assert ids(Choice(words="equité")) == "dcab"
    assert ids(Choice(words="equite zzz")) == ""


def test_a_note_stands_under_each_of_its_concepts() -> None:
    assert listed(Choice(groups=CONCEPTS)) == ["Equity 1", "a", "Power 2", "a", "b", "none 2", "d", "c"]


def test_chapters_keep_their_order_whatever_that_of_the_notes() -> None:
    assert listed(Choice(groups=CHAPTERS, order=NEWEST)) == ["whole 1", "d", "one 2", "c", "a", "two 1", "b"]


def test_the_number_of_filters_counts_what_leaves_something_out() -> None:
    assert Choice(words="x", everything=True, order=NEWEST, groups=CHAPTERS).narrowed == 0
    assert Choice(kind="key", author="", with_note=False, state=UNPLACED).narrowed == 4
