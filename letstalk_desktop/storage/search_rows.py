"""What goes into the index: the passages of chapters, and items (concepts, questions, notes, answers)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from letstalk_desktop.annotations.model import Annotation, AnnotationType, OwnConcept, Placement
from letstalk_desktop.library.model import GLOSSARY, Chapter, Resource
from letstalk_desktop.storage.stemming import STEMMED, base
from letstalk_desktop.storage.wording import SEAM, Wording

TEXT, NOTE, CONCEPT, QUESTION, ANSWER = "text", "note", "concept", "question", "answer"
KINDS = (TEXT, NOTE, CONCEPT, QUESTION, ANSWER)
LONGEST = 6_000  # code points of one passage; a longer block is several
HEAD = -1  # the start of a passage that is not in the text of record: title, lede, "in short"

_BREAK = re.compile(r"\n|[.!?…]\s")
_SURROGATES = re.compile("[\ud800-\udfff]")


class Passage(NamedTuple):
    """A block or part of one: ``start`` in the text of record (HEAD: not in it), ``number`` of its block's locator."""

    block: str
    number: int
    start: int
    text: str


class Item(NamedTuple):
    """Something other than text that can be found, with its place; ``language`` is that of the text in which its place is.

    ``key`` is the id of the annotation, concept or question. ``own``: written by the reader, in whatever language.
    """

    kind: str
    key: str
    own: bool
    resource: str
    language: str
    chapter: str
    block: str
    start: int
    end: int
    number: int
    text: str
    quote: str = ""


def storable(text: str) -> str:
    """``text`` as SQLite can hold it; of the same length."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def checksum(*texts: str) -> int:
    """Tells whether a text read back is the one that was written."""
    return zlib.crc32((texts[0] if len(texts) == 1 else "\0".join(texts)).encode())


def passages_of(chapter: Chapter) -> Iterator[Passage]:
    """The passages of a chapter in order, first what stands above its text."""
    for head in (chapter.title, chapter.lede, *chapter.in_short):
        if head.strip():
            yield Passage("", 0, HEAD, storable(head[:LONGEST]))
    text = storable(chapter.text)
    for block, number in zip(chapter.blocks, _numbers(chapter), strict=True):
        start = block.start
        while start < block.end:
            stop = block.end if block.end - start <= LONGEST else _cut(text, start, start + LONGEST)
            yield Passage(block.id, number, start, text[start:stop])
            start = stop


def _numbers(chapter: Chapter) -> list[int]:
    """For each block the number that a reader is told; for a heading that of the block that follows it."""
    numbers: list[int] = []
    following = next((block.number for block in reversed(chapter.blocks) if block.number), 0)
    for block in reversed(chapter.blocks):
        following = block.number or following
        numbers.append(following)
    return numbers[::-1]


def _cut(text: str, start: int, end: int) -> int:
    """Where to part a long text before ``end``: after a line, else a sentence, else a word."""
    middle = (start + end) // 2
    breaks = [found.end() for found in _BREAK.finditer(text, middle, end)]
    lines = [at for at in breaks if text[at - 1] == "\n"]
    if lines or breaks:
        return (lines or breaks)[-1]
    return next((at + 1 for at in range(end - 1, middle, -1) if text[at].isspace()), end)


Places = dict[tuple[str, str, str], tuple[int, int, int]]  # language, chapter, block → start, end, number


def places_of(chapter: Chapter) -> Places:
    """Where each block of a chapter is."""
    blocks = zip(chapter.blocks, _numbers(chapter), strict=True)
    return {(chapter.language, chapter.id, block.id): (block.start, block.end, number) for block, number in blocks}


def items_of_resource(resource: Resource, places: Places) -> Iterator[Item]:
    """The concepts and questions of a resource in each of its languages."""
    for concept in resource.concepts:
        for language, term in concept.terms.items():
            text = storable("\n".join(filter(None, (term, concept.definitions.get(language, "")))))
            block = f"concept-{concept.id}"
            place = places.get((language, GLOSSARY, block))
            start, end, number = place or (0, 0, 0)
            chapter, block = (GLOSSARY, block) if place else ("", "")
            yield Item(CONCEPT, concept.id, False, resource.id, language, chapter, block, start, end, number, text)
    for question in resource.questions:
        block = question.id if question.closing else next(iter(question.blocks), "")
        for language, words in question.texts.items():
            start, end, number = places.get((language, question.chapter, block), (0, 0, 0))
            text = storable(words)
            yield Item(QUESTION, question.id, False, resource.id, language, question.chapter, block, start, end, number, text)


def items_of_notebook(annotations: Iterable[Annotation], concepts: Iterable[OwnConcept]) -> Iterator[Item]:
    """What the reader has written or marked, but for what is deleted or without words."""
    for one in annotations:
        kind = ANSWER if one.type is AnnotationType.ANSWER else NOTE
        quote = "" if one.type is AnnotationType.BOOKMARK else storable(one.anchor.exact)
        if one.deleted or not (one.note.strip() or quote.strip()):
            continue
        at = one.anchor
        start, end = (0, 0) if one.placement is Placement.UNPLACED else (at.start, at.end)
        block = one.question if kind == ANSWER else at.block
        note = storable(one.note)
        yield Item(kind, one.id, True, at.resource, at.language, at.chapter, block, start, end, 0, note, quote)
    for concept in concepts:
        if not concept.deleted:
            text = storable("\n".join(filter(None, (concept.term, concept.definition))))
            yield Item(CONCEPT, concept.id, True, "", "", "", "", 0, 0, 0, text)


def item_stream(item: Item, wordings: dict[str, Wording]) -> str:
    """The words of an item as the index holds them: of what the reader has written in both languages, as it may be in any."""
    languages = STEMMED if item.own else (base(item.language),)
    text = f"{item.text} {SEAM} {item.quote}" if item.quote else item.text
    return f" {SEAM} ".join(wordings[language].stream(text) for language in languages)
