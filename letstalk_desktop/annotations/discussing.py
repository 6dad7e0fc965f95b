"""Discussion as values: kinds of questions, answers, session plans and what is done to them."""

from __future__ import annotations

from collections.abc import Mapping

from letstalk_desktop.annotations.model import Anchor, Annotation, AnnotationType, SessionPlan
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Plan, Question, Resource

Step = tuple[int, str, str]  # minutes, question id or '', text

LONGEST_STEP = 480  # minutes

# What a question asks of a group, in the order of a focused conversation.
QUESTION_KINDS: Mapping[str, str] = {
    "recall": N_("Recall"),
    "reflect": N_("Reflect"),
    "interpret": N_("Interpret"),
    "decide": N_("Decide"),
    "position": N_("Position"),
    "challenge": N_("Challenge"),
}


def question_kind(question: Question, translator: Translator) -> str:
    """The name of a question's kind; a kind that the program does not know as the author wrote it."""
    name = QUESTION_KINDS.get(question.kind)
    return translator.gettext(name) if name else question.kind


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, else in the first that there is, else ''."""
    return texts.get(language) or next(iter(texts.values()), "")


def question_by_id(resource: Resource, question_id: str) -> Question | None:
    """The question of a resource with this id; None for '' and for one that is gone."""
    return next((one for one in resource.questions if one.id == question_id), None) if question_id else None


def chapter_questions(resource: Resource, chapter: str) -> list[Question]:
    """The questions of a chapter: first those that close it, as they stand on its page, then the others."""
    ours = [one for one in resource.questions if one.chapter == chapter]
    return sorted(ours, key=lambda one: not one.closing)


def new_answer(identity: str, resource: Resource, question: Question, language: str, author: str) -> Annotation:
    """An empty answer, private. A closing question is a block of its chapter, and the answer stands at that block."""
    block = question.id if question.closing else ""
    anchor = Anchor(resource.id, resource.edition, language, question.chapter, block)
    return Annotation(identity, AnnotationType.ANSWER, anchor, author=author, question=question.id)


def new_plan(identity: str, resource: str, title: str, now: str) -> SessionPlan:
    """An empty plan."""
    return SessionPlan(identity, resource, title, (), now, now)


def copied_plan(identity: str, resource: Resource, plan: Plan, language: str, now: str) -> SessionPlan:
    """A ready-made plan of the resource as a plan of the facilitator's own, in a language."""
    steps = tuple((minutes, question, in_language(texts, language)) for minutes, question, texts in plan.steps)
    return SessionPlan(identity, resource.id, in_language(plan.titles, language), steps, now, now)


def total_minutes(plan: SessionPlan) -> int:
    """How long the session takes."""
    return sum(minutes for minutes, _question, _text in plan.steps)


def with_step(plan: SessionPlan, step: Step, row: int | None = None) -> SessionPlan:
    """The plan with one more step before ``row``, or at the end."""
    at = len(plan.steps) if row is None else row
    return plan._replace(steps=(*plan.steps[:at], step, *plan.steps[at:]))


def without_step(plan: SessionPlan, row: int) -> SessionPlan:
    """The plan without a step."""
    return plan._replace(steps=plan.steps[:row] + plan.steps[row + 1 :])


def moved_step(plan: SessionPlan, row: int, to: int) -> SessionPlan:
    """The plan with the step of ``row`` in the row ``to``; the same plan where there is no such row."""
    if row == to or not (0 <= row < len(plan.steps) and 0 <= to < len(plan.steps)):
        return plan
    return with_step(without_step(plan, row), plan.steps[row], to)


def changed_step(plan: SessionPlan, row: int, *, minutes: int | None = None, text: str | None = None) -> SessionPlan:
    """The plan with other minutes (0 to ``LONGEST_STEP``) or another text in a step."""
    old_minutes, question, old_text = plan.steps[row]
    new_minutes = old_minutes if minutes is None else min(max(minutes, 0), LONGEST_STEP)
    step = (new_minutes, question, old_text if text is None else text)
    return plan._replace(steps=(*plan.steps[:row], step, *plan.steps[row + 1 :]))
