"""What is presented holds the resource's words and what is shared, and nothing else of the reader's or the facilitator's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letstalk_desktop.annotations.discussing import copied_plan, new_answer, question_by_id
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, Placement, SessionPlan, Visibility
from letstalk_desktop.annotations.places import anchor_at
from letstalk_desktop.annotations.presenting import Show, chapter_show, passages_show, plan_show, shared_texts
from letstalk_desktop.language import translator
from letstalk_desktop.library.model import Chapter, Question, Resource
from letstalk_desktop.library.shelf import Shelf

CONTENT = Path(__file__).parents[2] / "content"
CHAPTER = "central-concepts"
ENGLISH = translator("en", None)
QUESTION = Question("q", "c", "recall", 5, {"en": "?"})
BARE = Resource("r", "1", ("en",), {"en": "R"}, {}, (), "", "", {}, {}, (), (), (QUESTION,), (), {})
SECRET = "PRIVÉ\u202f: « œuvre » 🤫"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    found = Shelf([CONTENT], tmp_path_factory.mktemp("compiled"))
    found.resources()
    return found


@pytest.fixture(scope="module")
def resource(shelf: Shelf) -> Resource:
    return shelf.resource("community-organizing")


@pytest.fixture(scope="module")
def chapter(shelf: Shelf) -> Chapter:
    return shelf.chapter("community-organizing", CHAPTER, "en")


def find(shelf: Shelf) -> Any:
    return lambda chapter, language: shelf.chapter("community-organizing", chapter, language)


def everything(show: Show) -> str:
    """All that a room could ever see of a show."""
    return repr(show.slides)


def highlight(chapter: Chapter, number: int, note: str, shared: bool, **fields: Any) -> Annotation:
    block = next(block for block in chapter.blocks if block.number == number)
    made = Annotation(
        f"highlight-{number}-{shared}", AnnotationType.HIGHLIGHT, anchor_at(chapter, block.start, block.end), Kind.TENSION, note
    )
    return made.changed(visibility=Visibility.SHARED if shared else Visibility.PRIVATE, **fields)


def answers(resource: Resource, shared: bool, note: str) -> list[Annotation]:
    made = []
    for question in resource.questions:
        one = new_answer(f"answer-{question.id}", resource, question, "en", "Rosa")
        made.append(one.changed(note=note, visibility=Visibility.SHARED if shared else Visibility.PRIVATE))
    return made


def guidance_of(resource: Resource, language: str) -> list[str]:
    found = [question.guidance[language] for question in resource.questions]
    assert len(found) > 50
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_private_answer_and_no_guidance_is_on_any_slide(shelf: Shelf, resource: Resource, language: str) -> None:
    private = answers(resource, False, SECRET)
    for entry in resource.chapters:
        show = chapter_show(resource, entry.id, private, language, ENGLISH, find(shelf))
        assert len(show.cues) == len(show.slides)
        assert SECRET not in everything(show)
        assert not [words for words in guidance_of(resource, language) if words in everything(show)]
    for plan in resource.plans:
        own = copied_plan("own", resource, plan, language, "2026-11-23T09:12:00.000Z")
        show = plan_show(resource, own, private, language, ENGLISH, find(shelf))
        assert len(show.slides) == len(show.cues) == len(plan.steps)
        assert SECRET not in everything(show)
        assert not [words for words in guidance_of(resource, language) if words in everything(show)]


def test_what_the_facilitator_wrote_in_a_plan_is_hers(shelf: Shelf, resource: Resource) -> None:
    question = resource.questions[0]
    plan = SessionPlan("plan", resource.id, f"Title {SECRET}", ((5, "", SECRET), (7, question.id, SECRET), (3, "gone", SECRET)))
    show = plan_show(resource, plan, [], "en", ENGLISH, find(shelf))
    assert SECRET not in everything(show)
    assert [cue.todo for cue in show.cues] == [SECRET] * 3
    assert show.cues[1].guidance == question.guidance["en"]
    assert [slide.minutes for slide in show.slides] == [5, 7, 3]
    assert [slide.text for slide in show.slides] == ["", question.texts["en"], "A question that is no longer in the resource"]


def test_shared_answers_stand_with_their_question(shelf: Shelf, resource: Resource) -> None:
    question = question_by_id(resource, "q-definition-stands-out")
    assert question is not None
    given_ = answers(resource, True, "Power with *others*")
    show = chapter_show(resource, question.chapter, given_, "en", ENGLISH, find(shelf))
    assert {slide.shared for slide in show.slides} == {("Power with *others*",)}
    first = show.slides[0]
    own = next(block for block in shelf.chapter(resource.id, question.chapter, "en").blocks if block.id == question.id)
    assert (first.text, first.minutes, first.place) == (question.texts["en"], question.minutes, f"¶ 1.{own.number}")


def test_passages_are_the_words_of_the_text_and_only_shared_notes_go_with_them(
    shelf: Shelf, resource: Resource, chapter: Chapter
) -> None:
    private, shared = highlight(chapter, 3, SECRET, False), highlight(chapter, 2, "For *all*", True)
    show = passages_show(resource, [private, shared], "en", ENGLISH, find(shelf), {Kind.TENSION: "My fight"})
    assert [slide.place for slide in show.slides] == ["¶ 3.2", "¶ 3.3"]
    assert [slide.shared for slide in show.slides] == [("For *all*",), ()]
    assert [slide.text for slide in show.slides] == [shared.anchor.exact, private.anchor.exact]
    assert "My fight" in show.slides[0].heading
    assert "My fight" not in show.slides[1].heading
    assert SECRET not in everything(show)


def test_a_highlight_whose_words_are_not_there_is_left_out(shelf: Shelf, resource: Resource, chapter: Chapter) -> None:
    one = highlight(chapter, 2, "", True)
    forged = one.changed(anchor=one.anchor._replace(exact=SECRET))
    moved = one.changed(anchor=one.anchor._replace(start=one.anchor.start + 1))
    other_edition = one.changed(anchor=one.anchor._replace(edition="0.9"))
    gone = one.changed(anchor=one.anchor._replace(chapter="no-such-chapter"))
    lost, deleted = one.changed(placement=Placement.UNPLACED), one.changed(deleted="2026-11-23T09:12:00.000Z")
    note = one.changed(type=AnnotationType.NOTE, note=SECRET)
    hidden = [forged, moved, other_edition, gone, lost, deleted, note]
    assert passages_show(resource, hidden, "en", ENGLISH, find(shelf)).slides == ()


def test_a_question_comes_with_the_passages_that_it_is_about(shelf: Shelf, resource: Resource) -> None:
    show = chapter_show(resource, "start-here", [], "fr", ENGLISH, find(shelf))
    text = shelf.chapter(resource.id, "start-here", "fr").text
    passages = [passage for slide in show.slides for passage in slide.passages]
    assert passages
    assert all(words in text for _locator, words in passages)


@given(
    st.lists(
        st.tuples(st.sampled_from(Visibility), st.text(min_size=1, max_size=8), st.booleans()),
        max_size=6,
    )
)
def test_only_what_is_shared_and_living_passes(notes: list[tuple[Visibility, str, bool]]) -> None:
    made = [
        new_answer(str(number), BARE, QUESTION, "en", "").changed(
            note=f"{visibility}{words}", visibility=visibility, deleted="2026" if deleted else ""
        )
        for number, (visibility, words, deleted) in enumerate(notes)
    ]
    shown = shared_texts(made)
    assert len(shown) == sum(visibility is Visibility.SHARED and not deleted for visibility, _words, deleted in notes)
    assert all(words.startswith("shared") for words in shown)
