"""Where a resource's text speaks of a concept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from letstalk_desktop.library.finding import find_in_text
from letstalk_desktop.library.model import Block, BlockKind, Chapter, SpanKind
from letstalk_desktop.library.text import block_at, sentence_around

_LONGEST = 140  # characters of an excerpt
_INSIDE_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a chapter: ``offset`` in code points from the start of its block; ``excerpt``: the words around it."""

    resource: str
    chapter: str
    language: str
    block: str
    offset: int
    locator: str
    excerpt: str


def marked_mentions(chapter: Chapter) -> dict[str, tuple[Mention, ...]]:
    """By concept id, the first place in each block that the author marked as speaking of the concept."""
    found: dict[str, dict[str, Mention]] = {}
    for span in chapter.spans:
        if span.kind is SpanKind.CONCEPT:
            block = block_at(chapter, span.start)
            if block is not None and block.id not in found.get(span.target, {}):
                found.setdefault(span.target, {})[block.id] = _mention(chapter, block, span.start, span.end)
    return {concept: tuple(places.values()) for concept, places in found.items()}


def worded_mentions(chapter: Chapter, term: str) -> tuple[Mention, ...]:
    """The first place in each block where a term stands as a word of its own (or with a plural s or x)."""
    found: dict[str, Mention] = {}
    for start, end in _whole(chapter.text, term):
        block = block_at(chapter, start)
        if block is not None and block.kind is not BlockKind.HEADING and end <= block.end:
            found.setdefault(block.id, _mention(chapter, block, start, end))
    return tuple(found.values())


def _whole(text: str, term: str) -> Iterator[tuple[int, int]]:
    for start, end in find_in_text(text, term):
        stop = end + 1 if text[end : end + 1] in ("s", "x") else end
        if not _INSIDE_WORD.match(text[max(start - 1, 0) : start]) and not _INSIDE_WORD.match(text[stop : stop + 1]):
            yield start, stop


def _mention(chapter: Chapter, block: Block, start: int, end: int) -> Mention:
    first, last = sentence_around(chapter.text, start, min(end, block.end))
    first, last = max(first, block.start), min(last, block.end)
    number = chapter.locator(block)
    words = _excerpt(chapter.text, first, last, start)
    return Mention(chapter.resource, chapter.id, chapter.language, block.id, start - block.start, number, words)


def _excerpt(text: str, first: int, last: int, start: int) -> str:
    """text[first:last] on one line, cut at words around ``start`` where it is long."""
    head = tail = ""
    if last - first > _LONGEST and start - first > _LONGEST // 2:
        space = text.rfind(" ", first, start - _LONGEST // 3)
        if space > first:
            first, head = space + 1, "… "
    if last - first > _LONGEST:
        space = text.rfind(" ", start, first + _LONGEST)
        last, tail = (space if space > start else first + _LONGEST), " …"
    return head + text[first:last].replace("\n", " ").replace("\t", " ") + tail
