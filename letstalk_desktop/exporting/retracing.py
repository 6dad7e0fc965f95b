"""Looks for the passages, notes and answers of a summary in the text of a document that was made of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from letstalk_desktop.annotations.notes import (
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Inline,
    ItemList,
    Link,
    NoteBlock,
    Paragraph,
    Quote,
    Strong,
    Text,
)
from letstalk_desktop.exporting.annotated_text import chapters_and_groups, marked_numbers, rows, segments_of
from letstalk_desktop.exporting.characters import carried
from letstalk_desktop.exporting.model import Answer, ChapterText, Passage, PlainNote, Summary

# What a format may add to words, take from them or spell otherwise: white space, and all that can be markup.
_MARKUP = re.compile(r"[\s!-/:-@\[-`{-~]+")
_MOST = 2_000_000_000  # characters looked at for what a template shows; beyond, nobody would wait for it


class Found(NamedTuple):
    """What a document holds, counted in its bytes; None where the format does not tell.

    ``passages`` include the unplaced ones. ``inside``: what the notes hold that travel in it as data, None where none do.
    """

    passages: int | None = None
    notes: int | None = None
    answers: int | None = None
    unplaced: int | None = None
    inside: Found | None = None

    def told(self) -> dict[str, int]:
        """The numbers that the format tells, by their names."""
        return {name: number for name, number in zip(self._fields[:4], self[:4], strict=True) if isinstance(number, int)}


NOTHING = Found(0, 0, 0, 0)


def retraced(text: str, summary: Summary) -> Found:
    """What of the summary stands in a document's text, in the order in which the program's writers write.

    A piece counts where all of its words stand after those of the pieces before it.
    """
    return _count(summary, _pieces(summary, whole=True), _Reader(_bare(text)).read_on)


def shown(text: str, summary: Summary) -> Found:
    """What of the summary stands in a document's text, in any order; None for all where that would take too long."""
    reader = _Reader(_bare(text))
    if len(reader.text) * (summary.counts.passages + summary.counts.notes + 1) > _MOST:
        return Found()
    return _count(summary, _pieces(summary, whole=False), reader.read_anywhere)


def _bare(text: str) -> str:
    return _MARKUP.sub("", carried(text))


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self._at = 0

    def read_on(self, words: Sequence[str]) -> bool:
        """Whether the words stand below what was read so far; if so, they are read."""
        at = self._at
        for part in words:
            place = self.text.find(part, at)
            if place < 0:
                return False
            at = place + len(part)
        self._at = at
        return True

    def read_anywhere(self, words: Sequence[str]) -> bool:
        """Whether the words stand in the text, one after the other."""
        if self.read_on(words):
            return True
        before, self._at = self._at, 0
        if self.read_on(words):
            return True
        self._at = before
        return False


def _count(summary: Summary, pieces: Iterable[_Piece], read: Callable[[Sequence[str]], bool]) -> Found:
    """``read`` is asked in the order of the document, where what is said twice stands twice."""
    found: dict[str, dict[str, bool]] = {"passages": {}, "notes": {}, "answers": {}}

    def tell(what: str, identity: str, words: list[str]) -> None:
        found[what][identity] = read(words) and found[what].get(identity, True)

    for item in summary.todo:
        read(_leaves(item.text))
    for piece in pieces:
        match piece:
            case _Words(identities, text):
                there = read(_parts((text,)))
                for identity in identities:
                    found["passages"][identity] = there and found["passages"].get(identity, True)
            case _Beside(passage):
                tell("notes", passage.id, _leaves(passage.note))
            case Passage():
                tell("passages", piece.id, _parts((piece.quote,)))
                if piece.note:
                    tell("notes", piece.id, _leaves(piece.note))
            case PlainNote():
                tell("notes", piece.id, _leaves(piece.note))
            case Answer():
                tell("answers", piece.id, _leaves(piece.note))
    unplaced = sum(found["passages"].get(passage.id, False) for passage in summary.unplaced)
    passages, notes, answers = (sum(kind.values()) for kind in found.values())
    return Found(passages, notes, answers, unplaced)


class _Words(NamedTuple):
    """A run of a chapter's text, and the ids of the passages that cover it."""

    identities: tuple[str, ...]
    text: str


class _Beside(NamedTuple):
    """The note of a passage whose words stand in the chapter's text."""

    passage: Passage


_Piece = Passage | PlainNote | Answer | _Words | _Beside


def _pieces(summary: Summary, *, whole: bool) -> Iterator[_Piece]:
    """What is looked for. ``whole``: the text of annotated chapters too, as the program's writers print it."""
    yield from summary.notes
    if whole and summary.chapters:
        for chapter, group in chapters_and_groups(summary):
            yield from group.notes if group is not None else ()
            if chapter is not None:
                yield from _pieces_of_chapter(chapter)
            elif group is not None:
                yield from group.passages
                yield from group.answers
        yield from summary.unplaced
        return
    for step in summary.guide.steps if summary.guide is not None else ():
        yield from step.passages
    for group in summary.groups if summary.guide is None else ():
        yield from group.notes
        yield from group.passages
        yield from group.answers
    yield from summary.unplaced


def _pieces_of_chapter(chapter: ChapterText) -> Iterator[_Piece]:
    """The text run by run; after each block and container the notes beside it."""
    passages, marked = dict(chapter.passages), marked_numbers(chapter)
    for row in rows(chapter):
        for segment in segments_of((row.node,)):
            if "reference" not in segment.styles:
                yield _Words(tuple(passages[number].id for number in segment.marks), segment.text)
        for number, passage in row.notes:
            if number not in marked:
                yield passage
            elif passage.note:
                yield _Beside(passage)


def _parts(texts: Iterable[str]) -> list[str]:
    return [bare for text in texts if (bare := _bare(text))]


def _leaves(blocks: Sequence[NoteBlock]) -> list[str]:
    return _parts(_texts(blocks))


def _texts(blocks: Sequence[NoteBlock]) -> Iterator[str]:
    """The texts of a note that no writer puts anything between."""
    for block in blocks:
        match block:
            case Paragraph(children) | Heading(_, children):
                yield from _runs(children)
            case CodeBlock(text):
                yield text
            case Quote(inner):
                yield from _texts(inner)
            case ItemList(items):
                for item in items:
                    yield from _texts(item)


def _runs(inlines: Sequence[Inline]) -> Iterator[str]:
    for inline in inlines:
        match inline:
            case Text(text) | Code(text):
                yield text
            case Emphasis(children) | Strong(children) | Link(children):
                yield from _runs(children)
            case Break():
                pass
