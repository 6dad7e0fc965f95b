"""The shape of what is read: unchangeable values made by the compiler, handed to everyone else.

All offsets are Unicode code points in one chapter's *text of record* (``Chapter.text``). They are named tuples and not
dataclasses because these modules are imported before the first page shows: a dataclass takes 1 ms to define, a tuple 0.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

GLOSSARY, REFERENCES = "glossary", "references"  # ids of the chapters that are made from a resource's data


class SpanKind(StrEnum):
    """What an inline span means."""

    EMPHASIS = "emphasis"
    STRONG = "strong"
    CODE = "code"
    SUPERSCRIPT = "superscript"
    SUBSCRIPT = "subscript"
    STRIKE = "strike"
    LINK = "link"  # target: URL, "#block-id", or "chapter-id#block-id"
    CONCEPT = "concept"  # target: concept id
    CITATION = "citation"  # empty span; target: reference key; detail: pages as written ("p. 2")
    FOOTNOTE = "footnote"  # empty span; target: footnote id
    LINE_BREAK = "line-break"  # covers one "\n" of the text


class BlockKind(StrEnum):
    """What a block is. Headings have no number; every other kind has one."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # first paragraph of a list item
    TERM = "term"  # a term of a definition list, or of the glossary
    TABLE = "table"
    FIGURE = "figure"
    QUESTION = "question"
    CODE = "code"


class ContainerKind(StrEnum):
    """What holds several blocks."""

    BOX = "box"
    QUOTE = "quote"
    LIST = "list"


class Span(NamedTuple):
    """An inline run [start, end) of the text of record; citations and footnotes are empty (start == end)."""

    start: int
    end: int
    kind: SpanKind
    target: str = ""
    detail: str = ""


class Container(NamedTuple):
    """A box, quotation or list around blocks. ``style``: box type (practice, story, key, question), or bullet | ordered."""

    kind: ContainerKind
    style: str = ""
    title: str = ""


class Cell(NamedTuple):
    """One table cell: [start, end) of the text of record. ``align``: left | center | right | ''."""

    start: int
    end: int
    align: str = ""


class Block(NamedTuple):
    """A heading, paragraph, list item, table, figure or question: [start, end) of the text of record.

    ``number`` is the second half of the locator (0 for headings). ``containers`` are indexes into ``Chapter.containers``,
    outermost first. ``marker`` is what stands before a list item ("•", "2."). ``line`` the source line from 1 (0: generated).
    A table has ``rows`` (``header_rows`` of them first); its text holds cells parted by tabs and rows by newlines.
    A figure has ``image`` (path relative to the resource) and ``description`` (long alternative text); its text is its caption.
    """

    id: str
    kind: BlockKind
    number: int
    start: int
    end: int
    level: int = 0
    containers: tuple[int, ...] = ()
    marker: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()
    header_rows: int = 0
    image: str = ""
    description: str = ""
    line: int = 0


class Section(NamedTuple):
    """A heading with what it opens: [start, end) of the text of record up to the next heading of its level or above."""

    id: str
    title: str
    level: int
    start: int
    end: int


class Chapter(NamedTuple):
    """One chapter in one language. ``label`` is the first half of the locator ("3"; "G" glossary, "R" references).

    ``number`` is None for generated chapters. ``content_hash`` covers text, block ids and block numbers.
    """

    resource: str
    edition: str
    language: str
    id: str
    label: str
    number: int | None
    title: str
    lede: str
    in_short: tuple[str, ...]
    text: str
    blocks: tuple[Block, ...]
    containers: tuple[Container, ...]
    spans: tuple[Span, ...]
    sections: tuple[Section, ...]
    footnotes: tuple[tuple[str, str], ...]
    content_hash: str
    source: str = ""

    def locator(self, block: Block) -> str:
        """The place everyone sees: ``3.12``; for a heading the chapter's label alone."""
        return f"{self.label}.{block.number}" if block.number else self.label


class ChapterEntry(NamedTuple):
    """A chapter in the table of contents; texts per language code."""

    id: str
    label: str
    number: int | None
    titles: dict[str, str]
    ledes: dict[str, str] = {}
    in_short: dict[str, tuple[str, ...]] = {}


class Concept(NamedTuple):
    """A term of a codebook; texts per language code. ``sources`` are reference keys, ``related`` concept ids."""

    id: str
    terms: dict[str, str]
    definitions: dict[str, str]
    sources: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


class Question(NamedTuple):
    """A discussion question. ``closing``: it stands as a block at the end of its chapter. ``blocks``: block ids it is about."""

    id: str
    chapter: str
    kind: str
    minutes: int
    texts: dict[str, str]
    guidance: dict[str, str] = {}
    blocks: tuple[str, ...] = ()
    closing: bool = False


class Plan(NamedTuple):
    """A ready-made session plan. ``steps``: (minutes, question id or '', texts per language)."""

    id: str
    titles: dict[str, str]
    minutes: int
    steps: tuple[tuple[int, str, dict[str, str]], ...]


class Resource(NamedTuple):
    """Something to read: everything about it but the text of its chapters.

    ``references`` are CSL-JSON items by key, in the order of the reference list (their number there is their locator).
    ``people`` are those of ``authors`` who are persons: their family and given names.
    """

    id: str
    edition: str
    languages: tuple[str, ...]
    titles: dict[str, str]
    subtitles: dict[str, str]
    authors: tuple[str, ...]
    licence: str
    published: str
    subjects: dict[str, tuple[str, ...]]
    audience: dict[str, str]
    chapters: tuple[ChapterEntry, ...]
    concepts: tuple[Concept, ...]
    questions: tuple[Question, ...]
    plans: tuple[Plan, ...]
    references: dict[str, dict[str, object]]
    people: Mapping[str, tuple[str, str]] = {}

    def title(self, language: str) -> str:
        """The title in ``language``, else in the resource's first language that has one."""
        return next(filter(None, (self.titles.get(one) for one in (language, *self.languages, *self.titles))), self.id)

    def entry(self, chapter: str) -> ChapterEntry | None:
        """The chapter with this id or number."""
        for entry in self.chapters:
            if chapter in (entry.id, entry.label):
                return entry
        return None

    def concept(self, concept_id: str) -> Concept | None:
        """The concept with this id."""
        return next((concept for concept in self.concepts if concept.id == concept_id), None)
