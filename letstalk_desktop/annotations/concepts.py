"""The codebook at hand: a resource's concepts and the reader's own as one list, and what is linked to them.

Every change is an ``Operation`` with the new state of all that it touches; nothing is written here. Times are UTC as in
``annotations.model``.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from letstalk_desktop.annotations.model import Annotation, Operation, OwnConcept
from letstalk_desktop.errors import WorldError
from letstalk_desktop.language import N_
from letstalk_desktop.library.manifest import folded
from letstalk_desktop.library.model import Concept

LONGEST_TERM = 120  # characters


class ConceptError(WorldError):
    """A concept cannot be made, named or merged in this way."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept of the codebook at hand. Texts per language code; a concept of the reader's own has them under ''."""

    id: str
    terms: Mapping[str, str]
    definitions: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    own: OwnConcept | None = None

    def term(self, language: str) -> str:
        """The term in a language, else in any; the id where it has none."""
        return self.terms.get(language) or next(filter(None, self.terms.values()), self.id)

    def definition(self, language: str) -> str:
        """The definition in a language, else in any; '' where there is none."""
        return self.definitions.get(language) or next(filter(None, self.definitions.values()), "")

    def other_terms(self, language: str) -> tuple[tuple[str, str], ...]:
        """(language code, term) in the other languages."""
        return tuple((code, words) for code, words in self.terms.items() if code not in ("", language) and words)


@dataclass(frozen=True, slots=True)
class Link:
    """Two concepts that belong together: by relation, or by ``shared`` passages that are linked to both."""

    first: str
    second: str
    related: bool
    shared: int = 0


class Codebook:
    """The concepts of one resource, and the reader's own that are alive."""

    def __init__(self, bundled: Iterable[Concept], own: Iterable[OwnConcept]) -> None:
        self._entries = {one.id: Entry(one.id, one.terms, one.definitions, one.sources, one.related) for one in bundled}
        for mine in own:
            if not mine.deleted and mine.id not in self._entries:
                self._entries[mine.id] = Entry(
                    mine.id, {"": mine.term}, {"": mine.definition} if mine.definition else {}, (), mine.related, mine
                )

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, concept_id: str) -> Entry | None:
        """The concept with this id."""
        return self._entries.get(concept_id)

    def named(self, term: str) -> Entry | None:
        """The concept with this term in any language, whatever its case and accents."""
        return self._by_term.get(_key(term))

    def sorted(self, language: str) -> list[Entry]:
        """All, in the alphabetical order of a language."""
        return sorted(self._entries.values(), key=lambda entry: (_key(entry.term(language)), entry.id))

    def related(self, concept_id: str) -> tuple[str, ...]:
        """The ids of the concepts related to one, whichever of the two says so."""
        return tuple(sorted(self._relations.get(concept_id, ())))

    @cached_property
    def _by_term(self) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for entry in self._entries.values():
            for term in entry.terms.values():
                found.setdefault(_key(term), entry)
        return found

    @cached_property
    def _relations(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for entry in self._entries.values():
            for other in entry.related:
                if other in self._entries and other != entry.id:
                    found.setdefault(entry.id, set()).add(other)
                    found.setdefault(other, set()).add(entry.id)
        return found


# --- what is linked ---------------------------------------------------------------------------------------------------


def passages_by_concept(annotations: Iterable[Annotation]) -> dict[str, tuple[Annotation, ...]]:
    """The annotations that are linked to each concept, in the order in which they come."""
    found: dict[str, list[Annotation]] = {}
    for one in annotations:
        for concept in dict.fromkeys(one.concepts):
            found.setdefault(concept, []).append(one)
    return {concept: tuple(passages) for concept, passages in found.items()}


def links(codebook: Codebook, annotations: Iterable[Annotation]) -> tuple[Link, ...]:
    """Every two concepts of the codebook that are related or share passages, each pair once, in a steady order."""
    shared: Counter[tuple[str, str]] = Counter()
    for one in annotations:
        known = sorted({concept for concept in one.concepts if codebook.get(concept)})
        shared.update(combinations(known, 2))
    pairs = set(shared)
    for entry in codebook:
        pairs.update((entry.id, other) for other in codebook.related(entry.id) if entry.id < other)
    return tuple(
        Link(first, second, second in codebook.related(first), shared[first, second]) for first, second in sorted(pairs)
    )


def neighbours(concept_id: str, found: Iterable[Link]) -> tuple[tuple[str, Link], ...]:
    """The concepts linked to one, those with the most shared passages first."""
    near = [(link.second if link.first == concept_id else link.first, link) for link in found if _touches(link, concept_id)]
    return tuple(sorted(near, key=lambda pair: (-pair[1].shared, not pair[1].related, pair[0])))


def _touches(link: Link, concept_id: str) -> bool:
    return concept_id in (link.first, link.second)


# --- changing the reader's own ----------------------------------------------------------------------------------------


def add(codebook: Codebook, concept: OwnConcept, *, who: str = "") -> Operation:
    """A new concept. Raises ConceptError where its term is empty or already there."""
    return _operation(N_("Add concept"), who, concepts=(_checked(codebook, concept),))


def change(codebook: Codebook, concept: OwnConcept, *, who: str = "") -> Operation:
    """The concept with another term, definition or relations. Raises ConceptError as ``add`` does."""
    before = codebook.get(concept.id)
    renamed = before is not None and before.own is not None and before.own.term != concept.term
    return _operation(N_("Rename concept") if renamed else N_("Change concept"), who, concepts=(_checked(codebook, concept),))


def merge(
    codebook: Codebook, concept_id: str, into: str, annotations: Iterable[Annotation], *, now: str, who: str = ""
) -> Operation:
    """One of the reader's own concepts becomes part of another: what was linked to it is linked to ``into``.

    ``annotations``: all that are linked to it, those in the trash too. Raises ConceptError where this cannot be.
    """
    source, target = codebook.get(concept_id), codebook.get(into)
    if source is None or source.own is None:
        raise ConceptError(N_("Only concepts of your own can be merged into others."))
    if target is None or target.id == source.id:
        raise ConceptError(N_("Choose another concept to merge it into."))
    concepts = [source.own._replace(deleted=now, modified=now)]
    if target.own is not None:
        definition = target.own.definition or source.own.definition
        relations = tuple(
            dict.fromkeys(one for one in (*target.own.related, *source.own.related) if one not in (source.id, target.id))
        )
        if (definition, relations) != (target.own.definition, target.own.related):
            concepts.append(target.own._replace(definition=definition, related=relations, modified=now))
    concepts += _without_relation(codebook, source.id, target.id, now, instead=target.id)
    moved = (
        one.changed(concepts=tuple(dict.fromkeys(target.id if linked == source.id else linked for linked in one.concepts)))
        for one in annotations
        if source.id in one.concepts
    )
    return _operation(N_("Merge concepts"), who, annotations=tuple(moved), concepts=tuple(concepts))


def delete(codebook: Codebook, concept_id: str, annotations: Iterable[Annotation], *, now: str, who: str = "") -> Operation:
    """One of the reader's own concepts goes; passages and notes stay and lose their link to it.

    ``annotations``: all that are linked to it, those in the trash too. Raises ConceptError for a concept of the resource.
    """
    entry = codebook.get(concept_id)
    if entry is None or entry.own is None:
        raise ConceptError(N_("Only concepts of your own can be deleted; the others belong to the resource."))
    concepts = [entry.own._replace(deleted=now, modified=now), *_without_relation(codebook, entry.id, "", now)]
    freed = (
        one.changed(concepts=tuple(linked for linked in one.concepts if linked != entry.id))
        for one in annotations
        if entry.id in one.concepts
    )
    return _operation(N_("Delete concept"), who, annotations=tuple(freed), concepts=tuple(concepts))


def _without_relation(codebook: Codebook, gone: str, skipped: str, now: str, instead: str = "") -> Iterator[OwnConcept]:
    """The reader's other concepts that name ``gone`` as related, naming ``instead`` (or nothing) in its place."""
    for entry in codebook:
        if entry.own is None or entry.id in (gone, skipped) or gone not in entry.own.related:
            continue
        related = (instead if one == gone else one for one in entry.own.related)
        yield entry.own._replace(related=tuple(dict.fromkeys(one for one in related if one)), modified=now)


def _checked(codebook: Codebook, concept: OwnConcept) -> OwnConcept:
    term = " ".join(concept.term.split())
    if not term:
        raise ConceptError(N_("A concept needs a name."))
    if len(term) > LONGEST_TERM:
        raise ConceptError(N_("This name is too long: at most {count} characters."), count=LONGEST_TERM)
    present = codebook.named(term)
    if present is not None and present.id != concept.id:
        raise ConceptError(N_("There is already a concept “{term}”."), term=next(iter(present.terms.values())))
    related = tuple(one for one in dict.fromkeys(concept.related) if one != concept.id)
    return concept._replace(term=term, definition=concept.definition.strip(), related=related)


def _operation(
    label: str, who: str, *, annotations: tuple[Annotation, ...] = (), concepts: tuple[OwnConcept, ...] = ()
) -> Operation:
    return Operation(str(uuid.uuid4()), str(uuid.uuid4()), label, who, annotations, concepts)


def _key(term: str) -> str:
    """A term without case, accents, and differences of spaces and apostrophes."""
    return " ".join(folded(term).replace("’", "'").split())
