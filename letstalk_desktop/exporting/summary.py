"""Choose, order and group: makes the ``Summary`` that every writer takes. Pure; no writer decides what is in a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from letstalk_desktop.annotations.kinds import kind_name
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, OwnConcept, SessionPlan, Visibility
from letstalk_desktop.exporting.chapter_text import LoadFigure
from letstalk_desktop.exporting.grouping import annotated_chapters, grouped
from letstalk_desktop.exporting.labels import counts_text, labels, local_day, long_date
from letstalk_desktop.exporting.model import WITH_PLAN, Choices, Counts, Order, Shape, Summary
from letstalk_desktop.exporting.pieces import LoadChapter, Pieces, in_language
from letstalk_desktop.exporting.sessions import question_plan, session_plan
from letstalk_desktop.language import Translator
from letstalk_desktop.library.bibliography import Run, format_references
from letstalk_desktop.library.csl_items import resource_item
from letstalk_desktop.library.model import Resource

_ORDER_OF_SHAPE = {
    Shape.BRIEF: Order.KIND,
    Shape.CHAPTERS: Order.PLACE,
    Shape.DISCUSSION: Order.QUESTION,
    Shape.CONCEPTS: Order.CONCEPT,
}
# What a shape shows, so that its counts are true.
_HIGHLIGHTS = (AnnotationType.HIGHLIGHT,)
_TYPES_OF_SHAPE = {
    Shape.BRIEF: _HIGHLIGHTS,
    Shape.CHAPTERS: (AnnotationType.HIGHLIGHT, AnnotationType.NOTE),
    Shape.DISCUSSION: (AnnotationType.ANSWER,),
    Shape.FACILITATOR: _HIGHLIGHTS,
    Shape.CONCEPTS: _HIGHLIGHTS,
    Shape.CARDS: _HIGHLIGHTS,
}


def summarize(
    resource: Resource,
    load_chapter: LoadChapter,
    annotations: Sequence[Annotation],
    own_concepts: Sequence[OwnConcept],
    kind_names: Mapping[Kind, str],
    choices: Choices,
    translator: Translator,
    now: datetime,
    *,
    plans: Sequence[SessionPlan] = (),
    load_figure: LoadFigure | None = None,
) -> Summary:
    """The document that the choices ask for.

    ``load_chapter(chapter id, language)`` gives a chapter of the edition at hand; where it raises ``WorldError`` the passages
    made there are unplaced. ``translator`` is that of ``choices.language``. ``now`` has a time zone, in which days are told.
    ``plans`` are the reader's session plans; ``load_figure(path)`` gives the SVG of a picture, for annotated chapters.
    """
    choices = _of_shape(choices)
    pieces = Pieces(resource, load_chapter, own_concepts, kind_names, choices, translator, now)
    types = _TYPES_OF_SHAPE.get(choices.shape, tuple(AnnotationType))
    chooser = Chooser(choices, now)
    chosen = [item for item in annotations if item.type in types and chooser.takes(item)]
    highlights = [annotation for annotation in chosen if annotation.type is AnnotationType.HIGHLIGHT]
    printed = sorted(((item, pieces.passage(item)) for item in highlights), key=lambda pair: pieces.place_of(*pair))
    plan = None
    if choices.shape in WITH_PLAN:
        placed = [passage for _, passage in printed if passage.locator]
        plan = session_plan(pieces, plans, placed)
        if plan is None and choices.shape is Shape.FACILITATOR:
            plan = question_plan(pieces, translator.gettext("Questions to talk about"), placed)
        shown = {passage.id for step in plan.steps for passage in step.passages} if plan else set()
        printed = [pair for pair in printed if pair[1].id in shown]
    passages = [passage for _, passage in printed if passage.locator]
    unplaced = tuple(passage for _, passage in printed if not passage.locator)
    notes = [item for item in chosen if item.type is AnnotationType.NOTE and item.note.strip()]
    answers = [item for item in chosen if item.type is AnnotationType.ANSWER and item.note.strip()]
    notes, answers = (notes if choices.include.notes else []), (answers if choices.include.answers else [])
    groups = tuple(grouped(pieces, passages, notes, answers))
    everything = [passage for _, passage in printed]
    todo = tuple(pieces.todo(everything)) if choices.include.todo else ()
    linked = pieces.linked(everything, [*notes, *answers])
    counts = Counts(
        passages=len(everything),
        notes=sum(1 for passage in everything if passage.note) + len(notes),
        concepts=len(linked),
        actions=sum(1 for passage in everything if passage.kind.id == Kind.ACTION),
        answers=len(answers),
        unplaced=len(unplaced),
    )
    chapters = annotated_chapters(pieces, printed, load_figure) if choices.shape is Shape.CHAPTERS else ()
    cited = {cited.key for passage in passages for cited in passage.cited}
    if chapters:
        cited = pieces.cited_in([chapter.id for chapter in chapters])
    _ = translator.gettext
    words = labels(choices.shape, translator)
    words["todo_origin"] = _("from passages marked {kind}").format(kind=kind_name(Kind.ACTION, translator, kind_names))
    date_text = long_date(now.date(), translator)
    title = resource.title(choices.language)
    return Summary(
        shape=choices.shape,
        order=choices.order,
        language=choices.language,
        paper=choices.paper,
        text_size=choices.text_size,
        include=choices.include,
        resource=resource.id,
        edition=resource.edition,
        title=title,
        subtitle=in_language(resource.subtitles, choices.language),
        authors=resource.authors,
        published=resource.published,
        licence=resource.licence,
        reader=choices.reader.strip(),
        date=now.date().isoformat(),
        date_text=date_text,
        counts=counts,
        counts_text=counts_text(counts, translator),
        footer=_footer(resource, title, words["shape"], date_text, translator),
        labels=words,
        todo=todo,
        notes=tuple(pieces.note(item) for item in notes if not item.anchor.chapter),
        groups=groups,
        unplaced=unplaced,
        concepts=tuple(pieces.concept_entries(linked, passages)) if choices.include.concepts else (),
        sources=tuple(pieces.sources(cited)) if choices.include.sources else (),
        reference=_reference(resource, choices.language) if choices.shape is Shape.CARDS else (),
        chapters=chapters,
        plan=plan,
    )


def chosen_annotations(annotations: Sequence[Annotation], choices: Choices, now: datetime) -> list[Annotation]:
    """What the choices ask for, and no more of it: this is what may travel with a document as data.

    Notes, answers, concepts and the reader's name are taken out where the choices leave them out.
    """
    include, reader = choices.include, choices.reader.strip()
    chooser = Chooser(choices, now)
    result = []
    for item in annotations:
        if not chooser.takes(item):
            continue
        if (item.type is AnnotationType.NOTE and not include.notes) or (
            item.type is AnnotationType.ANSWER and not include.answers
        ):
            continue
        if item.type is AnnotationType.HIGHLIGHT and not include.notes:
            item = item.changed(note="")
        if not include.concepts:
            item = item.changed(concepts=())
        result.append(item if reader else item.changed(author=""))
    return result


class Chooser:
    """Tells which annotations belong to what the choices ask for; ``now`` has the time zone in which days are told."""

    def __init__(self, choices: Choices, now: datetime) -> None:
        self._choices, self._now, self._ids = choices, now, frozenset(choices.ids)

    def takes(self, annotation: Annotation) -> bool:
        """Whether an annotation belongs to it."""
        choices = self._choices
        if annotation.deleted or annotation.anchor.resource != choices.resource:
            return False
        if self._ids and annotation.id not in self._ids:
            return False
        if choices.chapters and annotation.anchor.chapter not in choices.chapters:
            return False
        if choices.shared_only and annotation.visibility is not Visibility.SHARED:
            return False
        if choices.kinds and (annotation.type is not AnnotationType.HIGHLIGHT or annotation.kind not in choices.kinds):
            return False
        if choices.concepts and not set(choices.concepts) & set(annotation.concepts):
            return False
        if choices.since or choices.until:
            day = local_day(annotation.modified or annotation.created, self._now)
            if day is None or not (choices.since or "0") <= day.isoformat() <= (choices.until or "9"):
                return False
        return True


def _of_shape(choices: Choices) -> Choices:
    """The choices as far as a shape leaves them open."""
    include = choices.include
    if choices.shape in (Shape.BRIEF, Shape.CARDS):
        include = replace(include, in_short=False, concepts=False, todo=False, sources=False)
    elif choices.shape in (Shape.CONCEPTS, Shape.FACILITATOR):
        include = replace(include, todo=False)
    return replace(choices, order=_ORDER_OF_SHAPE.get(choices.shape, choices.order), include=include)


def _reference(resource: Resource, language: str) -> tuple[Run, ...]:
    """The resource's own reference."""
    return format_references([resource_item(resource, language, language)], language)[0]


def _footer(resource: Resource, title: str, shape: str, date_text: str, translator: Translator) -> str:
    _ = translator.gettext
    if resource.published:
        name = _("{title}, edition {edition} ({year})").format(title=title, edition=resource.edition, year=resource.published)
    else:
        name = _("{title}, edition {edition}").format(title=title, edition=resource.edition)
    return f"{name} · {shape[:1].lower()}{shape[1:]}, {date_text}"
