"""A newer edition: notes follow their words, nothing is dropped, and what is not sure waits where it was."""

from __future__ import annotations

import itertools
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letstalk_desktop.annotations.anchoring import Cancelled
from letstalk_desktop.annotations.model import Anchor, Annotation, AnnotationType, KeptText, Placement
from letstalk_desktop.annotations.moving import Fate, NewEdition, Outcome, follow, followed, suggestions
from letstalk_desktop.annotations.places import anchor_at, kept_text
from letstalk_desktop.library.model import Block, BlockKind, Chapter, ChapterEntry, Question, Resource

WHEN = "2026-01-01T00:00:00.000Z"
PARAGRAPHS = {
    "p-power": "The people’s 😀 power grows when neighbours meet in kitchens, and not before they have met.",
    "p-slow": "It grows slowly. A tenants’ union of forty households took eleven months to win a working boiler.",
    "p-ask": "Ask two neighbours what keeps them awake at night; write down their words, not yours.",
    "p-coeur": "« Le cœur de l’action\u00a0: e\u0301couter\u202f! » said the organizer from Trois-Rivières in her notebook.",
    "p-money": "Money that comes from outside goes away again, and then the meetings stop within a season.",
    "p-last": "Leave the room with a date, a place and a name for each thing that was promised aloud.",
}
Texts = dict[str, list[tuple[str, str]]]  # chapter id -> (block id, words)


def chapter(name: str, blocks: list[tuple[str, str]], edition: str) -> Chapter:
    places, parts, at = [], [], 0
    for number, (block, words) in enumerate(blocks, 1):
        places.append(Block(block, BlockKind.PARAGRAPH, number, at, at + len(words)))
        parts.append(words)
        at += len(words) + 2
    text = "\n\n".join(parts)
    return Chapter(
        "mine", edition, "en", name, "1", 1, name, "", (), text, tuple(places), (), (), (), (), edition + name + text
    )  # fmt: skip


class Library:
    """Two editions of one resource."""

    def __init__(self, old: Texts, new: Texts, *, keep: bool = True, questions: tuple[Question, ...] = ()) -> None:
        self.old = {name: chapter(name, blocks, "1") for name, blocks in old.items()}
        self.new = {name: chapter(name, blocks, "2") for name, blocks in new.items()}
        entries = tuple(ChapterEntry(name, str(number), number, {"en": name}) for number, name in enumerate(new, 1))
        resource = Resource(
            "mine", "2", ("en",), {"en": "Mine"}, {}, (), "", "", {}, {}, entries, (), questions, (), {}
        )  # fmt: skip
        self.keep = keep
        self.edition = NewEdition(resource, lambda name, _language: self.new[name], self.kept)

    def kept(self, _resource: str, edition: str, _language: str, name: str) -> KeptText | None:
        return kept_text(self.old[name]) if self.keep and edition == "1" and name in self.old else None

    def mark(self, name: str, words: str, **fields: object) -> Annotation:
        start = self.old[name].text.index(words)
        anchor = anchor_at(self.old[name], start, start + len(words))
        return Annotation(str(uuid.uuid4()), AnnotationType.HIGHLIGHT, anchor, created=WHEN, modified=WHEN).changed(**fields)

    def follow(self, *annotations: Annotation) -> list[Fate]:
        return follow(annotations, self.edition)


def blocks(*names: str, **changed: str) -> list[tuple[str, str]]:
    return [(name, changed.get(name.replace("-", "_"), PARAGRAPHS[name])) for name in names]


ALL = blocks(*PARAGRAPHS)


@pytest.mark.parametrize("keep", [True, False])
def test_what_became_of_each_passage_is_told(keep: bool) -> None:
    slow = PARAGRAPHS["p-slow"].replace("took eleven months", "needed nearly a year")
    new = [("p-new", "A paragraph that nobody has read before stands at the beginning of this chapter now."), *blocks(
        "p-money", "p-power", "p-slow", "p-coeur", p_slow=slow
    )]  # fmt: skip
    library = Library({"one": ALL, "two": []}, {"one": new, "two": blocks("p-last")}, keep=keep)
    power = library.mark("one", "people’s 😀 power grows when neighbours meet in kitchens", note="kept")
    coeur = library.mark("one", "cœur de l’action\u00a0: e\u0301couter\u202f! » said the organizer")
    slow_one = library.mark("one", "A tenants’ union of forty households took eleven months to win")
    last = library.mark("one", "Leave the room with a date, a place and a name for each thing")
    gone = library.mark("one", "write down their words, not yours")
    fates = {fate.before.id: fate for fate in library.follow(power, coeur, slow_one, last, gone)}
    assert [fates[one.id].outcome for one in (power, coeur, last)] == [Outcome.KEPT, Outcome.KEPT, Outcome.MOVED]
    assert fates[power.id].after.note == "kept"
    assert fates[last.id].after.anchor.chapter == "two"
    assert fates[last.id].after.anchor.block == "p-last"
    assert fates[gone.id].outcome is Outcome.UNPLACED
    assert fates[gone.id].after.anchor == gone.anchor
    assert fates[gone.id].after.placement is Placement.UNPLACED
    after = fates[slow_one.id].after
    if fates[slow_one.id].outcome is Outcome.MOVED:
        assert after.anchor.exact == "A tenants’ union of forty households needed nearly a year to win"
    else:
        assert after.anchor == slow_one.anchor
    assert keep is False or fates[slow_one.id].outcome is Outcome.MOVED


def test_the_operation_is_one_step_with_the_new_texts_and_a_second_run_changes_nothing() -> None:
    library = Library({"one": ALL}, {"one": ALL[1:]})
    kept, gone = library.mark("one", "took eleven months"), library.mark("one", "neighbours meet in kitchens")
    names = itertools.count()
    done = followed(library.follow(kept, gone), library.edition, lambda: str(next(names)), "Rosa")
    assert (done.kept, done.moved, done.doubtful, done.unplaced) == ((kept.id,), (), (), (gone.id,))
    assert (done.total, done.waiting) == (2, 1)
    assert done.operation is not None
    assert (done.operation.label, done.operation.who) == ("Follow the new edition", "Rosa")
    assert [(text.edition, text.chapter) for text in done.operation.texts] == [("2", "one")]
    assert {one.id for one in done.operation.annotations} == {kept.id, gone.id}
    again = followed(library.follow(done.operation.annotations[1]), library.edition, lambda: "")
    assert again.operation is None
    assert again.unplaced == (gone.id,)


def test_the_time_of_the_readers_change_hardly_moves_so_that_her_next_change_wins() -> None:
    library = Library({"one": ALL}, {"one": ALL})
    [fate] = library.follow(library.mark("one", "took eleven months"))
    assert fate.after.modified == "2026-01-01T00:00:00.001Z"
    assert fate.after.created == WHEN


def test_a_doubtful_note_that_the_reader_left_unplaced_stays_so() -> None:
    library = Library({"one": ALL}, {"one": ALL[1:]})
    one = library.mark("one", "neighbours meet in kitchens", placement=Placement.DOUBTFUL)
    [fate] = library.follow(one)
    assert fate.after == one
    back = Library({"one": ALL}, {"one": ALL})
    [fate] = back.follow(one)
    assert (fate.outcome, fate.after.placement) == (Outcome.KEPT, Placement.PLACED)


def test_a_bookmark_stays_with_its_block_whatever_its_words_are() -> None:
    library = Library({"one": ALL}, {"one": blocks("p-ask", "p-slow", p_slow="Nothing of it is left.")})
    [fate] = library.follow(library.mark("one", PARAGRAPHS["p-slow"], type=AnnotationType.BOOKMARK))
    assert fate.outcome is Outcome.KEPT
    assert (fate.after.anchor.block, fate.after.anchor.exact) == ("p-slow", "Nothing of it is left.")


def test_notes_on_chapters_and_answers_follow_by_id() -> None:
    question = Question("q-1", "two", "reflect", 5, {"en": "?"}, closing=True)
    library = Library({"one": ALL, "lost": ALL[:1]}, {"renamed": ALL, "two": ALL[:1]}, questions=(question,))

    def whole(kind: AnnotationType, name: str, **fields: object) -> Annotation:
        anchor = Anchor("mine", "1", "en", name)
        return Annotation(str(uuid.uuid4()), kind, anchor, note="…", created=WHEN, modified=WHEN).changed(**fields)

    note, resource, answer, orphan = (
        whole(AnnotationType.NOTE, "one"),
        whole(AnnotationType.NOTE, ""),
        whole(AnnotationType.ANSWER, "one", question="q-1"),
        whole(AnnotationType.ANSWER, "one", question="q-gone"),
    )
    fates = library.follow(note, resource, answer, orphan)
    assert [fate.outcome for fate in fates] == [Outcome.MOVED, Outcome.KEPT, Outcome.MOVED, Outcome.UNPLACED]
    assert [fate.after.anchor.chapter for fate in fates] == ["renamed", "", "two", "one"]
    assert fates[2].after.anchor.block == "q-1"
    assert [fate.after.anchor.edition for fate in fates] == ["2", "2", "2", "1"]


def test_a_chapter_that_is_renamed_takes_its_highlights_along() -> None:
    library = Library({"one": ALL}, {"other": ALL[:1], "renamed": ALL[1:]})
    [fate] = library.follow(library.mark("one", "eleven"))
    assert (fate.after.anchor.chapter, fate.after.anchor.block) == ("renamed", "p-slow")


def test_a_language_that_is_no_longer_there_leaves_its_notes_waiting() -> None:
    library = Library({"one": ALL}, {"one": ALL})
    one = library.mark("one", "took eleven months")
    [fate] = library.follow(one.changed(anchor=one.anchor._replace(language="fr")))
    assert fate.outcome is Outcome.UNPLACED


def test_cancelling_stops_at_once() -> None:
    library = Library({"one": ALL}, {"one": ALL[1:]})
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        seen.append((done, total))
        return len(seen) < 3

    marks = [library.mark("one", words) for words in ("took eleven months", "two neighbours", "Money that", "said the")]
    with pytest.raises(Cancelled):
        follow(marks, library.edition, progress)
    assert seen == [(0, 4), (1, 4), (2, 4)]


def test_suggestions_come_with_their_words_best_first_and_end_with_the_block_it_stood_in() -> None:
    ask = "Ask three old friends what lets them sleep; keep their words."
    library = Library({"one": ALL}, {"one": blocks("p-power", "p-ask", "p-last", p_ask=ask)})
    one = library.mark("one", "what keeps them awake at night; write down their words")
    found = suggestions(one, library.edition)
    assert found
    assert [suggestion.score for suggestion in found] == sorted((suggestion.score for suggestion in found), reverse=True)
    block = library.new["one"].blocks[1]
    assert any(suggestion.start < block.end and block.start < suggestion.end for suggestion in found)
    gone = Library({"one": ALL}, {"one": blocks("p-power", "p-last")})
    [nearest] = suggestions(gone.mark("one", "two neighbours what keeps"), gone.edition)
    assert nearest.chapter.text[nearest.start : nearest.end] == PARAGRAPHS["p-power"]
    assert suggestions(one.changed(anchor=Anchor("mine", "1", "en", "one")), library.edition) == []


SENTENCE = "the power of people who meet 😀 e\u0301couter « cœur » slowly grows\u00a0: neighbour kitchen union"
WORDS = st.sampled_from(SENTENCE.split(" "))
BLOCK = st.lists(WORDS, min_size=4, max_size=25).map(" ".join)


@st.composite
def editions(draw: st.DrawFn) -> tuple[Library, list[Annotation]]:
    """A chapter of random words, one that paragraphs may move to, random edits, and random marks."""
    old = [(f"p-{number}", words) for number, words in enumerate(draw(st.lists(BLOCK, min_size=2, max_size=8)))]
    new: Texts = {"one": [], "two": []}
    for block, words in old:
        match draw(st.sampled_from(["same", "same", "edit", "drop", "move", "split"])):
            case "same":
                new["one"].append((block, words))
            case "edit":
                new["one"].append((block, words.replace(draw(WORDS), draw(WORDS))))
            case "move":
                new["two"].append((block, words))
            case "split":
                cut = draw(st.integers(1, len(words) - 1))
                new["one"] += [(block, words[:cut]), (f"{block}-b", words[cut:])]
    library = Library({"one": old, "two": []}, new, keep=draw(st.booleans()))
    text = library.old["one"].text
    marks = []
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(text) - 1))
        marks.append(library.mark("one", text[start : start + draw(st.integers(1, 80))]))
    return library, marks


@given(editions())
def test_nothing_is_dropped_and_every_place_holds_the_words_it_says(case: tuple[Library, list[Annotation]]) -> None:
    library, marks = case
    fates = library.follow(*marks)
    assert [fate.before for fate in fates] == marks
    for fate in fates:
        before, after = fate.before, fate.after
        assert after._replace(anchor=before.anchor, placement=before.placement, modified=before.modified) == before
        if fate.outcome in (Outcome.KEPT, Outcome.MOVED):
            here = library.new[after.anchor.chapter]
            assert after.placement is Placement.PLACED
            assert after.anchor == anchor_at(here, after.anchor.start, after.anchor.end)
            assert after.anchor.exact
        else:
            assert after.anchor == before.anchor
            assert after.placement.value == fate.outcome.value
        if fate.outcome is Outcome.KEPT:
            assert after.anchor.exact == before.anchor.exact
    done = followed(fates, library.edition, lambda: str(uuid.uuid4()))
    assert sorted(done.kept + done.moved + done.doubtful + done.unplaced) == sorted(one.id for one in marks)
