"""The pieces of a document: what the reader added, as it is to be printed in the document's language."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.model import Annotation, Kind, OwnConcept, Placement
from letstalk_desktop.annotations.notes import as_typed, parse_note
from letstalk_desktop.errors import WorldError
from letstalk_desktop.exporting.labels import local_day, short_date
from letstalk_desktop.exporting.model import (
    Answer,
    Choices,
    Cited,
    ConceptEntry,
    ConceptLabel,
    KindLabel,
    Order,
    Passage,
    PlainNote,
    Shape,
    Source,
    ToDo,
)
from letstalk_desktop.language import Translator
from letstalk_desktop.library.bibliography import Run, format_references, listed_references
from letstalk_desktop.library.model import REFERENCES, Chapter, Concept, Resource, Span, SpanKind
from letstalk_desktop.library.quotations import OUTER, within_marks
from letstalk_desktop.library.text import locator_at, sentence_around

LoadChapter = Callable[[str, str], Chapter]


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, else in the first there is."""
    return texts.get(language) or next(iter(texts.values()), "")


def sort_key(words: str) -> str:
    """For sorting as a reader expects: without case and accents."""
    plain = unicodedata.normalize("NFKD", words.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(character for character in plain if not unicodedata.combining(character))


class Pieces:
    """Makes the pieces of one document."""

    def __init__(
        self,
        resource: Resource,
        load_chapter: LoadChapter,
        own_concepts: Sequence[OwnConcept],
        kind_names: Mapping[Kind, str],
        choices: Choices,
        translator: Translator,
        now: datetime,
    ) -> None:
        self.resource = resource
        self._load = load_chapter
        self.choices = choices
        self.translator = translator
        self._now = now
        self._with_concepts = choices.include.concepts or choices.order is Order.CONCEPT or choices.shape is Shape.CONCEPTS
        self._loaded: dict[tuple[str, str], Chapter | None] = {}
        self._locators: dict[tuple[str, str, tuple[str, ...]], frozenset[str]] = {}
        self._citations: dict[tuple[str, str], list[Span]] = {}
        self.order = {entry.id: number for number, entry in enumerate(resource.chapters)}
        self.entries = {entry.id: entry for entry in resource.chapters}
        self._concepts: dict[str, Concept | OwnConcept] = {concept.id: concept for concept in own_concepts}
        self._concepts.update((concept.id, concept) for concept in resource.concepts)
        self.questions = {question.id: question for question in resource.questions}
        self.kinds = {
            kind: KindLabel(kind.value, style.letter, kind_name(kind, translator, kind_names), style.line)
            for kind, style in KIND_STYLES.items()
        }

    def place_of(self, annotation: Annotation, passage: Passage | None = None) -> tuple[int, int, int, int, str, str]:
        """The key by which annotations stand in order of place; passages made in several languages by their blocks."""
        anchor = annotation.anchor
        chapter = self.order.get(anchor.chapter, len(self.order))
        number = passage.locator.rpartition(".")[2] if passage else ""
        block = int(number) if number.isdecimal() else 0
        return chapter, block, anchor.start, anchor.end, annotation.created, annotation.id

    def passage(self, item: Annotation) -> Passage:
        """A highlight as printed; without a locator where its words are not in the edition at hand."""
        anchor, include = item.anchor, self.choices.include
        chapter = self.chapter(anchor.chapter, anchor.language)
        found = (
            chapter is not None
            and item.placement is not Placement.UNPLACED
            and anchor.end > anchor.start
            and chapter.text[anchor.start : anchor.end] == anchor.exact
        )
        before = after = locator = ""
        cited: tuple[Cited, ...] = ()
        if chapter is not None and found:
            locator = locator_at(chapter, anchor.start)
            first, last = sentence_around(chapter.text, anchor.start, anchor.end)
            cited = self._cited(chapter, anchor.start, last)
            if include.context:
                before, after = chapter.text[first : anchor.start], chapter.text[anchor.end : last]
        opening, closing, _ = OUTER.get(anchor.language, OUTER["en"])
        entry = self.entries.get(anchor.chapter)
        return Passage(
            id=item.id,
            kind=self.kinds[item.kind],
            chapter=anchor.chapter,
            chapter_title=in_language(entry.titles, self.choices.language) if entry else "",
            locator=locator,
            language=anchor.language,
            exact=anchor.exact,
            quote=within_marks(anchor.exact, anchor.language),
            opening=opening,
            closing=closing,
            before=before,
            after=after,
            note=parse_note(item.note) if include.notes else (),
            note_source=item.note if include.notes else "",
            concepts=self.concept_labels(item.concepts) if self._with_concepts else (),
            cited=cited,
            placement=(item.placement if locator else Placement.UNPLACED).value,
            visibility=item.visibility.value,
            author=self._author(item),
            created=item.created,
            modified=item.modified,
        )

    def note(self, item: Annotation) -> PlainNote:
        """A note on a chapter or on the resource as printed."""
        return PlainNote(
            id=item.id,
            chapter=item.anchor.chapter,
            note=parse_note(item.note),
            note_source=item.note,
            concepts=self.concept_labels(item.concepts) if self._with_concepts else (),
            visibility=item.visibility.value,
            author=self._author(item),
            created=item.created,
            modified=item.modified,
        )

    def answer(self, item: Annotation) -> Answer:
        """An answer as printed, with its question in the document's language."""
        question = self.questions.get(item.question)
        day = local_day(item.modified or item.created, self._now)
        _ = self.translator.gettext
        when = _("answered {date}").format(date=short_date(day, self._now.date(), self.translator)) if day else ""
        lost = item.anchor.exact or _("A question that is no longer in the resource")
        return Answer(
            id=item.id,
            question=item.question,
            question_text=in_language(question.texts, self.choices.language) if question else lost,
            note=parse_note(item.note),
            note_source=item.note,
            when=when,
            visibility=item.visibility.value,
            author=self._author(item),
            created=item.created,
            modified=item.modified,
        )

    def todo(self, passages: Iterable[Passage]) -> Iterable[ToDo]:
        """What the Action passages ask to be done: the note, else the quote."""
        for passage in passages:
            if passage.kind.id == Kind.ACTION:
                yield ToDo(passage.id, passage.note or as_typed(passage.exact), passage.locator)

    def linked(self, passages: Iterable[Passage], others: Iterable[Annotation]) -> dict[str, None]:
        """The ids of all concepts that are linked to something printed, in order of first use."""
        found = {concept.id: None for passage in passages for concept in passage.concepts}
        if self.choices.include.concepts:
            found.update((concept, None) for item in others for concept in item.concepts)
        return found

    def concept_entries(self, linked: Iterable[str], passages: Sequence[Passage]) -> Iterable[ConceptEntry]:
        """The concepts with definitions and places, by term."""
        places: dict[str, dict[str, str]] = {}
        for passage in passages:
            for concept in passage.concepts:
                places.setdefault(concept.id, {}).setdefault(passage.locator, passage.id)
        for label in sorted(self.concept_labels(linked), key=lambda label: (sort_key(label.term), label.id)):
            own = isinstance(self._concepts.get(label.id), OwnConcept)
            yield ConceptEntry(label.id, label.term, self.definition(label.id), own, tuple(places.get(label.id, {}).items()))

    def sources(self, cited: Collection[str]) -> Iterable[Source]:
        """The references with these keys as they stand, and in the order of, the resource's reference list."""
        chosen = [(key, item) for key, item in self.resource.references.items() if key in cited]
        if not chosen:
            return
        listed = self._listed()
        unlisted = [(key, item) for key, item in chosen if key not in listed]
        if unlisted:
            formatted = format_references([item for _, item in unlisted], self.choices.language)
            listed.update((key, runs) for (key, _), runs in zip(unlisted, formatted, strict=True))
        for key, item in chosen:
            yield Source(key, listed[key], item)

    def _listed(self) -> dict[str, tuple[Run, ...]]:
        """The reference list in the document's language; empty where the resource has none in it."""
        if REFERENCES not in self.entries:
            return {}
        chapter = self.chapter(REFERENCES, self.choices.language)
        return listed_references(chapter) if chapter and chapter.language == self.choices.language else {}

    def cited_in(self, chapters: Iterable[str]) -> set[str]:
        """The keys of all references that the chapters cite."""
        loaded = [self.chapter(chapter, self.choices.language) for chapter in chapters]
        return {span.target for chapter in loaded if chapter for span in chapter.spans if span.kind is SpanKind.CITATION}

    def chapter(self, chapter: str, language: str) -> Chapter | None:
        """The chapter in a language, or None where this edition does not have it."""
        key = chapter, language
        if key not in self._loaded:
            try:
                self._loaded[key] = self._load(chapter, language)
            except WorldError:
                self._loaded[key] = None
        return self._loaded[key]

    def locators(self, chapter_id: str, language: str, blocks: tuple[str, ...]) -> frozenset[str]:
        """The locators of some blocks of a chapter, by block id."""
        key = chapter_id, language, blocks
        if key not in self._locators:
            chapter = self.chapter(chapter_id, language)
            found = (chapter.locator(block) for block in chapter.blocks if block.id in blocks) if chapter else ()
            self._locators[key] = frozenset(found)
        return self._locators[key]

    def concept_labels(self, concepts: Iterable[str]) -> tuple[ConceptLabel, ...]:
        """The concepts with their terms; an id that nobody knows stands for itself."""
        return tuple(ConceptLabel(concept, self._term(concept)) for concept in concepts)

    def _term(self, concept_id: str) -> str:
        match self._concepts.get(concept_id):
            case Concept() as concept:
                return in_language(concept.terms, self.choices.language)
            case OwnConcept() as own:
                return own.term
            case _:
                return concept_id

    def definition(self, concept_id: str) -> str:
        """The definition of a concept, or ''."""
        match self._concepts.get(concept_id):
            case Concept() as concept:
                return in_language(concept.definitions, self.choices.language)
            case OwnConcept() as own:
                return own.definition
            case _:
                return ""

    def _cited(self, chapter: Chapter, start: int, end: int) -> tuple[Cited, ...]:
        """The references cited from the start of a passage to the end of its last sentence."""
        key = chapter.id, chapter.language
        if key not in self._citations:
            found = (span for span in chapter.spans if span.kind is SpanKind.CITATION)
            self._citations[key] = sorted(found, key=lambda span: span.start)
        marks = self._citations[key]
        first = bisect_right(marks, start, key=lambda span: span.start)
        last = bisect_right(marks, end, key=lambda span: span.start)
        return tuple(dict.fromkeys(Cited(span.target, span.detail) for span in marks[first:last]))

    def _author(self, item: Annotation) -> str:
        """Whose it is, where that is somebody else; nobody's name where the reader leaves her own out."""
        reader = self.choices.reader.strip()
        return item.author if reader and item.author != reader else ""
