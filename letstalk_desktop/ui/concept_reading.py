"""What a concept's page says, gathered from the resource and the notebook; runs in the lane, without widgets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from letstalk_desktop.annotations import notes
from letstalk_desktop.annotations.concepts import Codebook, Entry
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Query
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.library.csl_items import families, plain_text, year_of
from letstalk_desktop.library.mentions import Mention, marked_mentions, worded_mentions
from letstalk_desktop.library.model import REFERENCES, Resource
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.library.text import locator_at

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


def short_reference(item: Mapping[str, Any], language: str) -> str:
    """Who, when and what: enough to know a source. The list of references has all of it, but takes a second to make."""
    names = families(item)
    who = (" et " if language == "fr" else " & ").join(names) if len(names) < 3 else f"{names[0]} et al."
    year = year_of(item)
    head = " ".join(part for part in (who, f"({year})" if year else "") if part)
    return ". ".join(part for part in (head, plain_text(item.get("title"))) if part)


class ConceptReader:
    """Answers for one resource in one language. Made in the window's thread, asked in the lane only."""

    def __init__(self, shelf: Shelf, resource: Resource, language: str) -> None:
        self._shelf = shelf
        self.resource = resource
        self.language = language
        self._marked: dict[str, dict[str, tuple[Mention, ...]]] = {}  # by chapter, then by concept
        self._worded: dict[tuple[str, str], tuple[Mention, ...]] = {}  # by chapter and term

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
        """What stands on the page of a concept, in the chapters that have been looked into."""
        return Facts(
            tuple(self._mentions(entry)),
            tuple(self._sources(entry)),
            {one.id: self._locator(one) for one in passages},
            {name: self._title(name) for name in {one.anchor.resource for one in passages} - {self.resource.id}},
            {one.id: " ".join(notes.plain_text(notes.parse_note(one.note)).split()) for one in passages if one.note},
        )

    def look_into_next(self, entry: Entry) -> bool:
        """Look for a concept in the next chapter that has not been looked into; False where none is left.

        One chapter at a time, because one that has not been compiled yet takes long and notes wait in the same lane.
        """
        term = entry.own.term if entry.own is not None else ""
        for name in self._chapters():
            if name in self._marked and (not term or (name, term) in self._worded):
                continue
            try:
                chapter = self._shelf.chapter(self.resource.id, name, self.language)
            except LetsTalkError:  # the page says so when the reader opens that chapter
                self._marked[name], self._worded[name, term] = {}, ()
                return True
            self._marked[name] = marked_mentions(chapter)
            if term:
                self._worded[name, term] = worded_mentions(chapter, term)
            return True
        return False

    def _chapters(self) -> Iterable[str]:
        return (place.id for place in self.resource.chapters if place.number is not None)

    def _mentions(self, entry: Entry) -> Iterable[Mention]:
        for name in self._chapters():
            if entry.own is not None:
                yield from self._worded.get((name, entry.own.term), ())
            else:
                yield from self._marked.get(name, {}).get(entry.id, ())

    def _sources(self, entry: Entry) -> Iterable[Source]:
        listed = self.resource.entry(REFERENCES) is not None
        for key in entry.sources:
            item = self.resource.references.get(key)
            if item is not None:
                yield Source(key, short_reference(item, self.language), listed)

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
