"""The session plan of a document: the reader's, or one that comes with the resource, with questions, guidance and passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from letstalk_desktop.annotations.model import SessionPlan
from letstalk_desktop.exporting.model import Passage, Plan, PlanStep
from letstalk_desktop.exporting.pieces import Pieces, in_language

Step = tuple[int, str, str]  # minutes, question id or '', text


def session_plan(pieces: Pieces, own: Sequence[SessionPlan], passages: Sequence[Passage]) -> Plan | None:
    """The chosen plan, else the reader's first, else the resource's first; None where there is none.

    ``passages`` are put with the questions that they are about.
    """
    resource, language = pieces.resource, pieces.choices.language
    found: list[tuple[str, str, int, Sequence[Step]]] = [
        (plan.id, plan.title, sum(minutes for minutes, _, _ in plan.steps), plan.steps)
        for plan in own
        if plan.resource == resource.id and not plan.deleted
    ]
    found += [
        (
            plan.id,
            in_language(plan.titles, language),
            plan.minutes,
            [(minutes, question, in_language(texts, language)) for minutes, question, texts in plan.steps],
        )
        for plan in resource.plans
    ]
    wanted = pieces.choices.plan
    for identity, title, minutes, steps in found:
        if wanted in ("", identity):
            return Plan(title, minutes, tuple(_steps(pieces, steps, passages)))
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
