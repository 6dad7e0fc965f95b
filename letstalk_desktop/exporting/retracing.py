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
from letstalk_desktop.exporting.characters import carried
from letstalk_desktop.exporting.model import Answer, Passage, PlainNote, Summary

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
    return _count(summary, _Reader(_bare(text)).read_on)


def shown(text: str, summary: Summary) -> Found:
    """What of the summary stands in a document's text, in any order; None for all where that would take too long."""
    reader = _Reader(_bare(text))
    if len(reader.text) * (summary.counts.passages + summary.counts.notes + 1) > _MOST:
        return Found()
    return _count(summary, reader.read_anywhere)


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


def _count(summary: Summary, read: Callable[[Sequence[str]], bool]) -> Found:
    """``read`` is asked in the order of the document, where what is said twice stands twice."""
    found: dict[str, dict[str, bool]] = {"passages": {}, "notes": {}, "answers": {}}

    def tell(what: str, identity: str, words: list[str]) -> None:
        found[what][identity] = read(words) and found[what].get(identity, True)

    for item in summary.todo:
        read(_leaves(item.text))
    for piece in _pieces(summary):
        match piece:
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


def _pieces(summary: Summary) -> Iterator[Passage | PlainNote | Answer]:
    yield from summary.notes
    for step in summary.guide.steps if summary.guide is not None else ():
        yield from step.passages
    for group in summary.groups if summary.guide is None else ():
        yield from group.notes
        yield from group.passages
        yield from group.answers
    yield from summary.unplaced


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
