"""What a concept's page says, gathered from the resource and the notebook; runs in the lane, without widgets."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from letstalk_desktop.annotations.concepts import Codebook, Entry
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Query
from letstalk_desktop.annotations.notes import parse_note, plain_text
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.library.mentions import Mention, marked_mentions, worded_mentions
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.library.text import block_by_id, locator_at

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook


@dataclass(frozen=True, slots=True)
class Source:
    """A reference by its key, as words; ``listed``: it stands in the resource's list of references."""

    key: str
    words: str
    listed: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page says beyond the codebook.

    ``locators`` by annotation id, ``titles`` of other resources by their id, ``notes`` (words alone) by annotation id.
    """

    mentions: tuple[Mention, ...] = ()
    sources: tuple[Source, ...] = ()
    locators: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


class ConceptReader:
    """Answers for one resource in one language. Made in the window's thread, asked in the lane only."""

    def __init__(self, shelf: Shelf, resource: Resource, language: str) -> None:
        self._shelf = shelf
        self.resource = resource
        self.language = language
        self._marked: dict[str, list[Mention]] | None = None
        self._worded: dict[str, list[Mention]] = {}

    def linked(self, notebook: Notebook, codebook: Codebook, ids: Iterable[str] = ()) -> dict[str, Annotation]:
        """The living annotations (or those of them with these ids) that are linked to a concept of the codebook.

        A concept of the resource counts in this resource only, the reader's own everywhere.
        """
        wanted = tuple(ids)
        bundled = tuple(entry.id for entry in codebook if entry.own is None)
        own = tuple(entry.id for entry in codebook if entry.own is not None)
        found: list[Annotation] = []
        if bundled:
            found += notebook.annotations(Query(resource=self.resource.id, concepts=bundled, ids=wanted))
        if own:
            found += notebook.annotations(Query(concepts=own, ids=wanted))
        return {one.id: one for one in found}

    def facts(self, entry: Entry, passages: Collection[Annotation]) -> Facts:
        """What stands on the page of a concept."""
        return Facts(
            tuple(self._mentions(entry)),
            tuple(self._sources(entry)),
            {one.id: self._locator(one) for one in passages},
            {name: self._title(name) for name in {one.anchor.resource for one in passages} - {self.resource.id}},
            {one.id: " ".join(plain_text(parse_note(one.note)).split()) for one in passages if one.note},
        )

    def _chapters(self) -> Iterable[Chapter]:
        for place in self.resource.chapters:
            if place.number is not None:
                try:
                    yield self._shelf.chapter(self.resource.id, place.id, self.language)
                except LetsTalkError:
                    continue

    def _mentions(self, entry: Entry) -> list[Mention]:
        if entry.own is not None:
            term = entry.own.term
            if term not in self._worded:
                self._worded[term] = [one for chapter in self._chapters() for one in worded_mentions(chapter, term)]
            return self._worded[term]
        if self._marked is None:
            self._marked = {}
            for chapter in self._chapters():
                for concept, places in marked_mentions(chapter).items():
                    self._marked.setdefault(concept, []).extend(places)
        return self._marked.get(entry.id, [])

    def _sources(self, entry: Entry) -> Iterable[Source]:
        listed: Chapter | None = None
        if entry.sources and self.resource.entry("references") is not None:
            try:
                listed = self._shelf.chapter(self.resource.id, "references", self.language)
            except LetsTalkError:
                listed = None
        for key in entry.sources:
            block = block_by_id(listed, f"ref-{key}") if listed is not None else None
            if block is not None and listed is not None:
                yield Source(key, listed.text[block.start : block.end], True)
            elif key in self.resource.references:
                yield Source(key, str(self.resource.references[key].get("title", key)), False)

    def _title(self, resource: str) -> str:
        try:
            return self._shelf.resource(resource).title(self.language)
        except LetsTalkError:
            return resource

    def _locator(self, one: Annotation) -> str:
        anchor = one.anchor
        try:
            chapter = self._shelf.chapter(anchor.resource, anchor.chapter, anchor.language)
        except LetsTalkError:
            return anchor.chapter
        return chapter.label if one.type is AnnotationType.NOTE else locator_at(chapter, anchor.start)
