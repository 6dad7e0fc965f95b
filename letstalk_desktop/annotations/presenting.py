"""What is presented to a room. A ``Slide`` is all that the room sees, and has no field for anything private.

A slide holds the resource's own text and questions, and of notes and answers only those marked shared. Guidance, the steps'
words and private notes never enter one; what the facilitator sees beside it is a ``Cue``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from letstalk_desktop.annotations.discussing import chapter_questions, in_language, question_by_id, question_kind
from letstalk_desktop.annotations.kinds import kind_name
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, Placement, SessionPlan, Visibility
from letstalk_desktop.annotations.places import fits
from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import BlockKind, Chapter, Question, Resource
from letstalk_desktop.library.text import block_by_id, locator_at

FindChapter = Callable[[str, str], Chapter | None]  # chapter id, language; None where it cannot be read

_IN_WORDS = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.TERM, BlockKind.QUESTION)


class SlideKind(StrEnum):
    """What a slide shows."""

    QUESTION = "question"
    PASSAGE = "passage"
    STEP = "step"  # of a session, without a question: the room sees its time


class Slide(NamedTuple):
    """One screenful for the room. ``text`` and ``passages`` (locator, text) are the resource's own.

    ``shared``: the Markdown of notes and answers that are marked shared. ``minutes``: 0 where no time is set.
    """

    key: str
    kind: SlideKind
    heading: str
    text: str
    place: str = ""
    minutes: int = 0
    passages: tuple[tuple[str, str], ...] = ()
    shared: tuple[str, ...] = ()


class Cue(NamedTuple):
    """What only the facilitator sees while a slide is shown."""

    guidance: str = ""
    todo: str = ""


class Show(NamedTuple):
    """Slides with their cues, as many of each."""

    slides: tuple[Slide, ...] = ()
    cues: tuple[Cue, ...] = ()


def shared_texts(annotations: Iterable[Annotation]) -> tuple[str, ...]:
    """The Markdown of those that may be shown to others. The only door by which a reader's words reach a slide."""
    return tuple(
        one.note for one in annotations if one.visibility is Visibility.SHARED and not one.deleted and one.note.strip()
    )


def questions_show(
    resource: Resource,
    questions: Sequence[Question],
    annotations: Sequence[Annotation],
    language: str,
    translator: Translator,
    find: FindChapter,
) -> Show:
    """Questions in their order, each with its shared answers."""
    slides = [
        _question_slide(question.id, question, question.minutes, annotations, language, translator, find)
        for question in questions
    ]
    return Show(tuple(slides), tuple(Cue(in_language(question.guidance, language)) for question in questions))


def chapter_show(
    resource: Resource,
    chapter: str,
    annotations: Sequence[Annotation],
    language: str,
    translator: Translator,
    find: FindChapter,
) -> Show:
    """The questions of a chapter."""
    return questions_show(resource, chapter_questions(resource, chapter), annotations, language, translator, find)


def plan_show(
    resource: Resource,
    plan: SessionPlan,
    annotations: Sequence[Annotation],
    language: str,
    translator: Translator,
    find: FindChapter,
) -> Show:
    """A session: its questions, and for a step without one only the time. What the facilitator wrote is her cue."""
    _ = translator.gettext
    slides, cues = [], []
    for row, (minutes, question_id, text) in enumerate(plan.steps):
        key = f"{plan.id}:{row}"
        question = question_by_id(resource, question_id)
        if question is not None:
            slides.append(_question_slide(key, question, minutes, annotations, language, translator, find))
        else:
            gone = _("A question that is no longer in the resource") if question_id else ""
            heading = _("Step {number} of {count}").format(number=row + 1, count=len(plan.steps))
            slides.append(Slide(key, SlideKind.STEP, heading, gone, minutes=minutes))
        cues.append(Cue(in_language(question.guidance, language) if question else "", text))
    return Show(tuple(slides), tuple(cues))


def passages_show(
    resource: Resource,
    annotations: Sequence[Annotation],
    language: str,
    translator: Translator,
    find: FindChapter,
    kind_names: Mapping[Kind, str] | None = None,
) -> Show:
    """The reader's highlights, in the order of the text, each in the language in which it was marked.

    The words are read from the chapter, not from the highlight: one whose words are not there is left out. Its kind and note
    are shown only where it is shared.
    """
    order = {entry.id: number for number, entry in enumerate(resource.chapters)}
    found = []
    for one in annotations:
        if one.type is not AnnotationType.HIGHLIGHT or one.deleted or one.placement is Placement.UNPLACED:
            continue
        chapter = find(one.anchor.chapter, one.anchor.language) if one.anchor.chapter in order else None
        if chapter is not None and one.anchor.end > one.anchor.start and fits(one.anchor, chapter):
            found.append((order[chapter.id], one.anchor.start, one.created, one, chapter))
    slides = []
    for _order, start, _created, one, chapter in sorted(found, key=lambda row: row[:3]):
        heading = f"{chapter.label} · {chapter.title}" if chapter.number else chapter.title
        shared = shared_texts([one])
        if shared:
            heading = f"{kind_name(one.kind, translator, kind_names)} · {heading}"
        text = chapter.text[start : one.anchor.end]
        slides.append(Slide(one.id, SlideKind.PASSAGE, heading, text, f"¶ {locator_at(chapter, start)}", shared=shared))
    return Show(tuple(slides), tuple(Cue() for _slide in slides))


def _question_slide(
    key: str,
    question: Question,
    minutes: int,
    annotations: Sequence[Annotation],
    language: str,
    translator: Translator,
    find: FindChapter,
) -> Slide:
    answers = [one for one in annotations if one.type is AnnotationType.ANSWER and one.question == question.id]
    chapter = find(question.chapter, language) if question.chapter else None
    place, passages = "", []
    if chapter is not None:
        own = block_by_id(chapter, question.id) if question.closing else None
        place = f"¶ {chapter.locator(own)}" if own is not None else ""
        for block in filter(None, (block_by_id(chapter, block_id) for block_id in question.blocks)):
            if block.kind in _IN_WORDS:
                passages.append((chapter.locator(block), chapter.text[block.start : block.end]))
    return Slide(
        key,
        SlideKind.QUESTION,
        question_kind(question, translator),
        in_language(question.texts, language),
        place,
        minutes,
        tuple(passages),
        shared_texts(sorted(answers, key=lambda one: (one.created, one.id))),
    )
