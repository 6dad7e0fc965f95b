"""Groups the passages of a document: by place, kind, concept or question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from letstalk_desktop.annotations.model import Annotation
from letstalk_desktop.exporting.chapter_text import LoadFigure, chapter_text
from letstalk_desktop.exporting.model import Answer, ChapterText, ConceptLabel, Group, Order, Passage, PlainNote
from letstalk_desktop.exporting.pieces import Pieces, in_language, sort_key
from letstalk_desktop.library.model import Question


def grouped(
    pieces: Pieces, passages: Sequence[Passage], notes: Sequence[Annotation], answers: Sequence[Annotation]
) -> Iterable[Group]:
    """The placed passages, with the notes on chapters and the answers that belong to them, in the chosen order."""
    match pieces.choices.order:
        case Order.PLACE:
            return _by_place(pieces, passages, notes, answers)
        case Order.KIND:
            return [*_by_kind(pieces, passages), *_by_place(pieces, (), notes, answers)]
        case Order.CONCEPT:
            return [*_by_concept(pieces, passages), *_by_place(pieces, (), notes, answers)]
        case Order.QUESTION:
            return _by_question(pieces, passages, notes, answers)


def annotated_chapters(
    pieces: Pieces, printed: Sequence[tuple[Annotation, Passage]], load_figure: LoadFigure | None
) -> tuple[ChapterText, ...]:
    """The whole text of the chosen chapters (else of those in which something is marked), passages numbered through them."""
    language = pieces.choices.language
    wanted = pieces.choices.chapters or tuple(dict.fromkeys(passage.chapter for _, passage in printed if passage.locator))
    numbers = {key: number for number, key in enumerate(pieces.resource.references, 1)}
    result: list[ChapterText] = []
    count = 0
    for name in sorted(wanted, key=lambda name: pieces.order.get(name, len(pieces.order))):
        chapter = pieces.chapter(name, language)
        if chapter is None:
            continue
        inside = []
        for item, passage in printed:
            if passage.chapter == name and passage.locator:
                count += 1
                here = item.anchor.language == language
                inside.append((count, passage, item.anchor.start if here else 0, item.anchor.end if here else 0))
        result.append(chapter_text(chapter, inside, numbers, load_figure))
    return tuple(result)


def _by_place(
    pieces: Pieces, passages: Sequence[Passage], notes: Sequence[Annotation], answers: Sequence[Annotation]
) -> Iterable[Group]:
    language, include = pieces.choices.language, pieces.choices.include
    inside: dict[str, list[Passage]] = {}
    for passage in passages:
        inside.setdefault(passage.chapter, []).append(passage)
    remarks: dict[str, list[PlainNote]] = {}
    for item in sorted(notes, key=pieces.place_of):
        if item.anchor.chapter:
            remarks.setdefault(item.anchor.chapter, []).append(pieces.note(item))
    replies: dict[str, list[Answer]] = {}
    for item in _in_order_of_questions(pieces, answers):
        replies.setdefault(_chapter_of_answer(pieces, item), []).append(pieces.answer(item))
    chapters = {*inside, *remarks, *replies}
    for chapter in sorted(chapters, key=lambda chapter: (pieces.order.get(chapter, len(pieces.order)), chapter)):
        entry = pieces.entries.get(chapter)
        in_short = entry.in_short.get(language) or next(iter(entry.in_short.values()), ()) if entry else ()
        yield Group(
            id=chapter,
            by=Order.PLACE,
            label=entry.label if entry and entry.number is not None else "",
            title=in_language(entry.titles, language) if entry else chapter,
            in_short=in_short if include.in_short else (),
            notes=tuple(remarks.get(chapter, ())),
            passages=tuple(inside.get(chapter, ())),
            answers=tuple(replies.get(chapter, ())),
        )


def _by_kind(pieces: Pieces, passages: Sequence[Passage]) -> Iterable[Group]:
    for kind, label in pieces.kinds.items():
        inside = tuple(passage for passage in passages if passage.kind.id == kind)
        if inside:
            yield Group(kind.value, Order.KIND, "", label.name, kind=label, passages=inside)


def _by_concept(pieces: Pieces, passages: Sequence[Passage]) -> Iterable[Group]:
    inside: dict[str, list[Passage]] = {}
    for passage in passages:
        for concept in passage.concepts or (ConceptLabel("", ""),):
            inside.setdefault(concept.id, []).append(passage)
    without = inside.pop("", [])
    for concept in sorted(pieces.concept_labels(inside), key=lambda concept: (sort_key(concept.term), concept.id)):
        definition = pieces.definition(concept.id)
        yield Group(concept.id, Order.CONCEPT, "", concept.term, definition=definition, passages=tuple(inside[concept.id]))
    if without:
        title = pieces.translator.gettext("Without a concept")
        yield Group("", Order.CONCEPT, "", title, passages=tuple(without))


def _by_question(
    pieces: Pieces, passages: Sequence[Passage], notes: Sequence[Annotation], answers: Sequence[Annotation]
) -> Iterable[Group]:
    replies: dict[str, list[Answer]] = {}
    for item in _in_order_of_questions(pieces, answers):
        replies.setdefault(item.question, []).append(pieces.answer(item))
    used: set[str] = set()
    for question in pieces.questions.values():
        about = tuple(passage for passage in passages if _is_about(pieces, question, passage))
        given = replies.pop(question.id, [])
        if about or given:
            used.update(passage.id for passage in about)
            title = in_language(question.texts, pieces.choices.language)
            yield Group(question.id, Order.QUESTION, "", title, passages=about, answers=tuple(given))
    for question_id, given in replies.items():
        yield Group(question_id, Order.QUESTION, "", given[0].question_text, answers=tuple(given))
    rest = tuple(passage for passage in passages if passage.id not in used)
    if rest:
        title = pieces.translator.gettext("Beyond the questions")
        yield Group("", Order.QUESTION, "", title, passages=rest)
    yield from _by_place(pieces, (), notes, ())


def _in_order_of_questions(pieces: Pieces, answers: Sequence[Annotation]) -> list[Annotation]:
    order = {question: number for number, question in enumerate(pieces.questions)}
    return sorted(answers, key=lambda item: (order.get(item.question, len(order)), item.created, item.id))


def _chapter_of_answer(pieces: Pieces, item: Annotation) -> str:
    question = pieces.questions.get(item.question)
    return question.chapter if question else item.anchor.chapter


def _is_about(pieces: Pieces, question: Question, passage: Passage) -> bool:
    """Whether a passage begins in one of the blocks that a question is about."""
    return passage.chapter == question.chapter and passage.locator in pieces.locators(
        question.chapter, passage.language, question.blocks
    )
