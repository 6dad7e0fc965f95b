"""The session plan of a document: the reader's, or one that comes with the resource, with questions, guidance and passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from letstalk_desktop.annotations.model import SessionPlan
from letstalk_desktop.exporting.model import Passage, Plan, PlanStep
from letstalk_desktop.exporting.pieces import Pieces, in_language
from letstalk_desktop.library.model import Resource

Step = tuple[int, str, str]  # minutes, question id or '', text


class SessionOutline(NamedTuple):
    """A plan that a document can show, in one language."""

    id: str
    title: str
    minutes: int
    steps: Sequence[Step]


def offered_plans(resource: Resource, own: Iterable[SessionPlan], language: str) -> list[SessionOutline]:
    """The plans to choose from: the reader's own, then those that come with the resource."""
    mine = [
        SessionOutline(plan.id, plan.title, sum(minutes for minutes, _, _ in plan.steps), plan.steps)
        for plan in own
        if plan.resource == resource.id and not plan.deleted
    ]
    return mine + [
        SessionOutline(
            plan.id,
            in_language(plan.titles, language),
            plan.minutes,
            [(minutes, question, in_language(texts, language)) for minutes, question, texts in plan.steps],
        )
        for plan in resource.plans
    ]


def session_plan(pieces: Pieces, own: Iterable[SessionPlan], passages: Sequence[Passage]) -> Plan | None:
    """The chosen plan, else (none chosen, or one that is no longer there) the first; None where there is none.

    ``passages`` are put with the questions that they are about.
    """
    offered = offered_plans(pieces.resource, own, pieces.choices.language)
    wanted = [plan for plan in offered if plan.id == pieces.choices.plan]
    for plan in wanted or offered:
        return Plan(plan.title, plan.minutes, tuple(_steps(pieces, plan.steps, passages)))
    return None


def question_plan(pieces: Pieces, title: str, passages: Sequence[Passage]) -> Plan:
    """All questions of the chosen chapters one after the other, for a resource without a plan."""
    chapters = pieces.choices.chapters
    questions = [item for item in pieces.questions.values() if not chapters or item.chapter in chapters]
    steps = [(question.minutes, question.id, "") for question in questions]
    return Plan(title, sum(minutes for minutes, _, _ in steps), tuple(_steps(pieces, steps, passages)))


def _steps(pieces: Pieces, steps: Sequence[Step], passages: Sequence[Passage]) -> Iterable[PlanStep]:
    language = pieces.choices.language
    start = 0
    for minutes, question_id, text in steps:
        question = pieces.questions.get(question_id)
        if question is None:
            yield PlanStep(start, minutes, text)
        else:
            locators = pieces.locators(question.chapter, language, question.blocks)
            yield PlanStep(
                start=start,
                minutes=minutes,
                text=text,
                question=in_language(question.texts, language),
                guidance=in_language(question.guidance, language),
                locators=tuple(sorted(locators, key=_number)),
                passages=tuple(passage for passage in passages if passage.locator in locators),
            )
        start += minutes


def _number(locator: str) -> tuple[str, int]:
    label, _, number = locator.rpartition(".")
    return label, int(number) if number.isdecimal() else 0
