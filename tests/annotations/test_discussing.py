"""Session plans are values: every change makes another plan; questions and kinds have their words in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from letstalk_desktop.annotations.discussing import (
    LONGEST_STEP,
    QUESTION_KINDS,
    changed_step,
    chapter_questions,
    copied_plan,
    moved_step,
    new_answer,
    new_plan,
    question_kind,
    total_minutes,
    with_step,
    without_step,
)
from letstalk_desktop.annotations.model import AnnotationType, SessionPlan, Visibility
from letstalk_desktop.language import translator
from letstalk_desktop.library.checking.discussion import KINDS
from letstalk_desktop.library.model import Plan, Question, Resource

LOCALE = Path(__file__).parents[2] / "resources" / "locale"
NOW = "2026-11-23T09:12:00.000Z"
PLAN = SessionPlan("plan", "r", "Title", ((5, "", "Welcome"), (10, "q-1", ""), (15, "q-2", "In pairs")), NOW, NOW)
QUESTIONS = (
    Question("q-1", "one", "recall", 10, {"en": "What?", "fr": "Quoi ?"}),
    Question("q-2", "one", "odd", 15, {"en": "Why?"}, closing=True),
    Question("q-3", "two", "decide", 5, {"en": "Who?"}),
)
READY = Plan("ready", {"en": "Half an hour", "fr": "Une demi-heure"}, 30, ((30, "q-1", {"en": "Talk", "fr": "Parlez"}),))
RESOURCE = Resource("r", "1.0", ("en", "fr"), {"en": "R"}, {}, (), "", "", {}, {}, (), (), QUESTIONS, (READY,), {})


def test_steps_are_added_moved_changed_and_taken_out() -> None:
    assert with_step(PLAN, (3, "", "Close")).steps == (*PLAN.steps, (3, "", "Close"))
    assert with_step(PLAN, (3, "", "Before"), 1).steps[:2] == ((5, "", "Welcome"), (3, "", "Before"))
    assert [step[0] for step in moved_step(PLAN, 0, 2).steps] == [10, 15, 5]
    assert [step[0] for step in moved_step(PLAN, 2, 0).steps] == [15, 5, 10]
    assert without_step(PLAN, 1).steps == (PLAN.steps[0], PLAN.steps[2])
    assert changed_step(PLAN, 1, minutes=12).steps[1] == (12, "q-1", "")
    assert changed_step(PLAN, 1, text="Alone").steps[1] == (10, "q-1", "Alone")
    assert total_minutes(PLAN) == 30


@pytest.mark.parametrize(("row", "to"), [(0, 0), (0, 3), (3, 0), (-1, 1), (1, -1)])
def test_a_step_stays_where_there_is_no_such_row(row: int, to: int) -> None:
    assert moved_step(PLAN, row, to) == PLAN


@pytest.mark.parametrize(("wanted", "kept"), [(-5, 0), (0, 0), (LONGEST_STEP + 1, LONGEST_STEP)])
def test_minutes_stay_within_reason(wanted: int, kept: int) -> None:
    assert changed_step(PLAN, 0, minutes=wanted).steps[0][0] == kept


def test_a_ready_made_plan_is_copied_in_the_readers_language() -> None:
    copied = copied_plan("own", RESOURCE, READY, "fr", NOW)
    assert copied == SessionPlan("own", "r", "Une demi-heure", ((30, "q-1", "Parlez"),), NOW, NOW)
    assert new_plan("new", "r", "Empty", NOW).steps == ()


def test_questions_of_a_chapter_begin_with_those_on_its_page() -> None:
    assert [question.id for question in chapter_questions(RESOURCE, "one")] == ["q-2", "q-1"]
    assert chapter_questions(RESOURCE, "three") == []


def test_an_answer_is_private_and_stands_at_its_question() -> None:
    closing, free = new_answer("a", RESOURCE, QUESTIONS[1], "fr", "Rosa"), new_answer("b", RESOURCE, QUESTIONS[0], "fr", "")
    assert (closing.type, closing.visibility, closing.question) == (AnnotationType.ANSWER, Visibility.PRIVATE, "q-2")
    assert (closing.anchor.chapter, closing.anchor.block, closing.anchor.language) == ("one", "q-2", "fr")
    assert (free.anchor.block, free.note) == ("", "")


def test_every_kind_of_question_has_its_name() -> None:
    assert tuple(QUESTION_KINDS) == KINDS
    english, french = translator("en", None), translator("fr", LOCALE)
    named = [QUESTIONS[0]._replace(kind=kind) for kind in KINDS]
    assert [question_kind(one, english) for one in named] == [
        "Recall",
        "Reflect",
        "Interpret",
        "Decide",
        "Position",
        "Challenge",
    ]
    assert [question_kind(one, french) for one in named] == [
        "Constater",
        "Ressentir",
        "Interpréter",
        "Décider",
        "Se situer",
        "Mettre en doute",
    ]
    assert question_kind(QUESTIONS[1], french) == "odd"
