"""What a reader adds to a text: unchangeable values (named tuples, see library/model.py), the only shape in which the
reader's data travels.

Offsets are Unicode code points in the text of record of the edition named in the anchor. Times are UTC, ISO 8601 with
milliseconds (``2026-11-23T09:12:00.000Z``). Ids are UUID text.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from letstalk_desktop.annotations.kinds import Kind as Kind


class AnnotationType(StrEnum):
    """What an annotation is attached to, and how."""

    HIGHLIGHT = "highlight"  # a marked span of text
    NOTE = "note"  # on a chapter, or (chapter == "") on the resource
    ANSWER = "answer"  # to a discussion question
    BOOKMARK = "bookmark"  # a marked block


class Visibility(StrEnum):
    """Who may see a note: nobody else (the default), or those whom the reader shows it."""

    PRIVATE = "private"
    SHARED = "shared"


class Placement(StrEnum):
    """Whether the text of an annotation was found in the edition at hand."""

    PLACED = "placed"
    DOUBTFUL = "doubtful"
    UNPLACED = "unplaced"


class Anchor(NamedTuple):
    """A place in a text and what is needed to find it again.

    ``start`` and ``end`` are code points in the chapter's text of record, ``exact`` is ``text[start:end]``, ``prefix`` and
    ``suffix`` up to 32 code points before and after. ``block`` is the id of the block in which the place starts.
    A note on a chapter has no span (0, 0, ""); a note on a resource has no chapter ("") either.
    """

    resource: str
    edition: str
    language: str
    chapter: str
    block: str = ""
    start: int = 0
    end: int = 0
    exact: str = ""
    prefix: str = ""
    suffix: str = ""


class Annotation(NamedTuple):
    """One thing a reader added. ``note`` is CommonMark without raw HTML. ``deleted`` is a time, or '' while it lives."""

    id: str
    type: AnnotationType
    anchor: Anchor
    kind: Kind = Kind.KEY
    note: str = ""
    concepts: tuple[str, ...] = ()
    author: str = ""
    visibility: Visibility = Visibility.PRIVATE
    created: str = ""
    modified: str = ""
    deleted: str = ""
    placement: Placement = Placement.PLACED
    question: str = ""  # an answer's question id

    def changed(self, **fields: object) -> Annotation:
        """A copy with other values."""
        return self._replace(**fields)  # type: ignore[arg-type]


class OwnConcept(NamedTuple):
    """A concept of the reader's own. ``resource`` is '' where it belongs to all resources."""

    id: str
    term: str
    definition: str = ""
    related: tuple[str, ...] = ()
    author: str = ""
    created: str = ""
    modified: str = ""
    deleted: str = ""


class KindName(NamedTuple):
    """A reader's own name for a kind ('' restores the program's name)."""

    kind: Kind
    name: str


class SessionPlan(NamedTuple):
    """A facilitator's plan. ``steps``: (minutes, question id or '', text). Order is the order of the session."""

    id: str
    resource: str
    title: str
    steps: tuple[tuple[int, str, str], ...] = ()
    created: str = ""
    modified: str = ""
    deleted: str = ""


class Changes(NamedTuple):
    """What one operation changed: ids, and the (resource, chapter) pairs whose page looks different now."""

    annotations: frozenset[str] = frozenset()
    chapters: frozenset[tuple[str, str]] = frozenset()
    concepts: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()

    def __or__(self, other: Changes) -> Changes:
        return Changes(
            self.annotations | other.annotations,
            self.chapters | other.chapters,
            self.concepts | other.concepts,
            self.kinds | other.kinds,
            self.plans | other.plans,
        )

    def __bool__(self) -> bool:
        return bool(self.annotations or self.concepts or self.kinds or self.plans)


class Query(NamedTuple):
    """Which annotations are wanted. Empty fields do not restrict."""

    resource: str = ""
    chapter: str = ""
    language: str = ""
    types: tuple[AnnotationType, ...] = ()
    kinds: tuple[Kind, ...] = ()
    concepts: tuple[str, ...] = ()
    text: str = ""
    placement: Placement | None = None
    with_note: bool | None = None
    deleted: bool = False
    shared_only: bool = False
    author: str = ""
    ids: tuple[str, ...] = ()
    other_than_edition: str = ""  # made on any edition but this one
    limit: int = 0  # the first so many in the order of the text


class KeptText(NamedTuple):
    """The text of record of one chapter of one edition, kept while annotations refer to it.

    ``blocks``: (block id, start, end, locator) in code points.
    """

    resource: str
    edition: str
    language: str
    chapter: str
    text: str
    blocks: tuple[tuple[str, int, int, str], ...] = ()


class Operation(NamedTuple):
    """One change to the notebook: the new state of everything it touches.

    Adding, changing, deleting (``deleted`` set) and restoring are all "this is its state now"; what it was before is read in
    the same transaction and journalled. Operations with the same ``gesture`` are undone together. ``label`` is an
    untranslated literal such as "Add highlight", shown after "Undo". ``who`` is the reader's name, or ''.
    """

    id: str
    gesture: str
    label: str
    who: str = ""
    annotations: tuple[Annotation, ...] = ()
    concepts: tuple[OwnConcept, ...] = ()
    kinds: tuple[KindName, ...] = ()
    plans: tuple[SessionPlan, ...] = ()
    texts: tuple[KeptText, ...] = ()


class JournalEntry(NamedTuple):
    """One line of the history of one thing. ``before`` is None where it did not exist."""

    number: int
    operation: str
    gesture: str
    label: str
    who: str
    when: str
    before: Annotation | OwnConcept | KindName | SessionPlan | None
    after: Annotation | OwnConcept | KindName | SessionPlan
