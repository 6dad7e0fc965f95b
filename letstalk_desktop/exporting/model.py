"""What a reader chooses for an export, and the ``Summary``: the one frozen in-between that every writer takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.annotations.notes import NoteBlock
from letstalk_desktop.library.bibliography import Run as Run

SUMMARY_VERSION = 1

# What is printed stands in named tuples and not in dataclasses: they are made in a fifth of the time, and there are thousands.


class Shape(StrEnum):
    """Which document is made."""

    SUMMARY = "summary"
    BRIEF = "brief"
    CHAPTERS = "chapters"
    DISCUSSION = "discussion"
    FACILITATOR = "facilitator"
    CONCEPTS = "concepts"
    CARDS = "cards"


WITH_PLAN = (Shape.DISCUSSION, Shape.FACILITATOR)
FREE_ORDER = (Shape.SUMMARY, Shape.CARDS)  # the others have an order of their own


class Order(StrEnum):
    """How passages are grouped."""

    PLACE = "place"
    KIND = "kind"
    CONCEPT = "concept"
    QUESTION = "question"


class Paper(StrEnum):
    """The paper of a PDF."""

    LETTER = "letter"
    A4 = "a4"


@dataclass(frozen=True, slots=True)
class Include:
    """What a document holds besides the passages. ``context``: one sentence around each quote."""

    in_short: bool = True
    context: bool = False
    notes: bool = True
    concepts: bool = True
    answers: bool = True
    todo: bool = True
    sources: bool = True


@dataclass(frozen=True, slots=True)
class Choices:
    """What is exported, and how. Empty fields do not restrict.

    ``kinds`` and ``concepts`` choose highlights; with either, notes on chapters and answers stay out unless they are linked to
    one of the concepts. ``since`` and ``until`` are days (``2026-11-23``) of the last change, both included. ``text_size`` is
    in points. ``reader`` is the reader's name, or '' to leave names out. ``plan`` is the id of a session plan, for the shapes
    ``WITH_PLAN``; '' is the first.
    """

    resource: str
    shape: Shape = Shape.SUMMARY
    chapters: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    concepts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    shared_only: bool = False
    order: Order = Order.PLACE
    include: Include = field(default_factory=Include)
    language: str = "en"
    paper: Paper = Paper.LETTER
    text_size: float = 10.0
    reader: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the document holds. ``passages`` includes the unplaced ones; ``notes`` are notes with words, wherever they are."""

    passages: int = 0
    notes: int = 0
    concepts: int = 0
    actions: int = 0
    answers: int = 0
    unplaced: int = 0


class KindLabel(NamedTuple):
    """A kind as printed: its letter, its name (the reader's own, if any) and its line style."""

    id: str
    letter: str
    name: str
    line: str


class ConceptLabel(NamedTuple):
    """A concept as printed beside a passage."""

    id: str
    term: str


class Cited(NamedTuple):
    """A reference cited in a passage; ``detail`` as written in the text ("p. 2")."""

    key: str
    detail: str = ""


class Passage(NamedTuple):
    """A highlight. ``locator`` is '' where its place is not known.

    ``exact`` is the marked text as it stands, ``quote`` the same as it is printed between ``opening`` and ``closing``, the
    quotation marks of its language: with its own marks turned where they would clash. ``before`` and ``after`` complete its
    sentence where context was chosen. ``note`` is the reader's note as a tree, ``note_source`` as typed. ``author`` is '' for
    the reader's own. Times are UTC.
    """

    id: str
    kind: KindLabel
    chapter: str
    chapter_title: str
    locator: str
    language: str
    exact: str
    quote: str
    opening: str
    closing: str
    before: str
    after: str
    note: tuple[NoteBlock, ...]
    note_source: str
    concepts: tuple[ConceptLabel, ...]
    cited: tuple[Cited, ...]
    placement: str
    visibility: str
    author: str
    created: str
    modified: str


class PlainNote(NamedTuple):
    """A note on a chapter or on the resource."""

    id: str
    chapter: str
    note: tuple[NoteBlock, ...]
    note_source: str
    concepts: tuple[ConceptLabel, ...]
    visibility: str
    author: str
    created: str
    modified: str


class Answer(NamedTuple):
    """The reader's answer to a discussion question. ``when`` is its day in words."""

    id: str
    question: str
    question_text: str
    note: tuple[NoteBlock, ...]
    note_source: str
    when: str
    visibility: str
    author: str
    created: str
    modified: str


class ToDo(NamedTuple):
    """Something to do: the note of an Action passage, else its quote. ``passage`` is the passage's id."""

    passage: str
    text: tuple[NoteBlock, ...]
    locator: str


class Group(NamedTuple):
    """Passages that belong together: a chapter, a kind, a concept or a question. ``label`` is a chapter's number, or ''."""

    id: str
    by: Order
    label: str
    title: str
    in_short: tuple[str, ...] = ()
    definition: str = ""
    kind: KindLabel | None = None
    notes: tuple[PlainNote, ...] = ()
    passages: tuple[Passage, ...] = ()
    answers: tuple[Answer, ...] = ()


class ConceptEntry(NamedTuple):
    """A concept of these notes, with the (locator, passage id) of its passages in order of place. ``own``: the reader's."""

    id: str
    term: str
    definition: str
    own: bool
    places: tuple[tuple[str, str], ...]


class Source(NamedTuple):
    """A reference cited in the passages: formatted, and as the CSL-JSON item it was made from."""

    key: str
    runs: tuple[Run, ...]
    item: Mapping[str, object]


class Segment(NamedTuple):
    """A run of a chapter's text. ``styles``: emphasis, strong, code, superscript, subscript, strike.

    ``marks``: numbers of the passages that cover it, in order of their beginning. ``ends``: those that end with it. A
    citation or footnote mark is a segment with style ``reference``, whose text is its number.
    """

    text: str
    styles: tuple[str, ...] = ()
    url: str = ""
    marks: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


class TextBlock(NamedTuple):
    """A block of a chapter. ``kind`` and ``level`` as in the chapter; ``rows`` (``header_rows`` of them first) of a table.

    ``passages``: numbers of the passages that begin in it. ``figure``: a picture's SVG, or '' where it could not be had.
    """

    kind: str
    locator: str
    segments: tuple[Segment, ...]
    level: int = 0
    marker: str = ""
    rows: tuple[tuple[tuple[Segment, ...], ...], ...] = ()
    header_rows: int = 0
    figure: str = ""
    description: str = ""
    passages: tuple[int, ...] = ()


class TextContainer(NamedTuple):
    """A box, quotation or list of a chapter, with what it holds. ``style`` and ``title`` as in the chapter."""

    kind: str
    style: str
    title: str
    children: tuple[TextNode, ...]


TextNode = TextBlock | TextContainer


class ChapterText(NamedTuple):
    """The whole text of a chapter with what was marked in it. ``passages``: (number, passage), numbered through all."""

    id: str
    label: str
    title: str
    lede: str
    nodes: tuple[TextNode, ...]
    footnotes: tuple[tuple[str, str], ...]
    passages: tuple[tuple[int, Passage], ...]


class PlanStep(NamedTuple):
    """A step of a session. ``start`` in minutes from the beginning; the rest is '' or empty where the step has no question."""

    start: int
    minutes: int
    text: str
    question: str = ""
    guidance: str = ""
    locators: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()

    @property
    def clock(self) -> str:
        """When it begins, in hours and minutes from the beginning: 0:45."""
        return f"{self.start // 60}:{self.start % 60:02}"


class Plan(NamedTuple):
    """A session plan as printed."""

    title: str
    minutes: int
    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything a document says, in its language and in its order; writers only lay it out.

    ``labels`` are the fixed words of the document (see ``labels.py``). ``date`` is ISO (``2026-11-23``), ``date_text`` in
    words. ``footer`` names resource, edition, document and day; ``reference`` is the resource's own reference.
    ``chapters`` is filled for annotated chapters only, ``plan`` for the facilitator's guide and the discussion record.
    """

    shape: Shape
    order: Order
    language: str
    paper: Paper
    text_size: float
    include: Include
    resource: str
    edition: str
    title: str
    subtitle: str
    authors: tuple[str, ...]
    published: str
    licence: str
    reader: str
    date: str
    date_text: str
    counts: Counts
    counts_text: str
    footer: str
    labels: Mapping[str, str]
    todo: tuple[ToDo, ...] = ()
    notes: tuple[PlainNote, ...] = ()
    groups: tuple[Group, ...] = ()
    unplaced: tuple[Passage, ...] = ()
    concepts: tuple[ConceptEntry, ...] = ()
    sources: tuple[Source, ...] = ()
    reference: tuple[Run, ...] = ()
    chapters: tuple[ChapterText, ...] = ()
    plan: Plan | None = None

    @property
    def guide(self) -> Plan | None:
        """The plan of a facilitator's guide: it holds the passages, in place of the groups."""
        return self.plan if self.shape is Shape.FACILITATOR else None

    @property
    def nothing(self) -> str:
        """What is said where the document holds nothing, else ''."""
        if self.groups or self.chapters or self.unplaced or self.notes or self.guide is not None:
            return ""
        return self.labels["no_answers" if self.shape is Shape.DISCUSSION else "empty"]
