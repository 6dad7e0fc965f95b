"""Positions in a text of record: blocks, locators, sentences and words, code points and UTF-16 units."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from letstalk_desktop.library.model import Block, Chapter

CONTEXT = 32  # code points kept before and after a passage


# Compiled at first use: showing a page needs none of them.
@cache
def _sentence_end() -> re.Pattern[str]:
    return re.compile(r"[.!?…]+[\"”’»\u00a0\u202f)\]]*(?=\s|$)|\n")


@cache
def _abbreviation() -> re.Pattern[str]:
    return re.compile(
        r"(?:^|[\s(«“\u00a0])"
        r"(?:p|pp|etc|e\.g|i\.e|cf|vol|no|dr|mr|mrs|ms|st|ste|art|chap|env|ex|fig|vs|m|mme|dre|[A-ZÀ-Þ])\.$",
        re.IGNORECASE,
    )


@cache
def _word() -> re.Pattern[str]:
    """A combining accent or a soft hyphen does not part a word in two."""
    return re.compile(r"[^\W_]+(?:(?:[’'‑-]|[\u00ad\u0300-\u036f]+)[^\W_]+)*")


def is_bmp(text: str) -> bool:
    """True where code points and UTF-16 units agree."""
    return text.isascii() or max(text, default="") <= "\uffff"


def utf16_length(text: str) -> int:
    """The length in UTF-16 units, in which Qt counts."""
    return len(text) if is_bmp(text) else sum(2 if character > "\uffff" else 1 for character in text)


def to_utf16(text: str, position: int) -> int:
    """The UTF-16 position of a code point position in ``text``."""
    return utf16_length(text[:position])


def from_utf16(text: str, position: int) -> int:
    """The code point position of a UTF-16 position; inside a surrogate pair: the pair's start."""
    if is_bmp(text):
        return min(position, len(text))
    units = 0
    for index, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > position:
            return index
    return len(text)


def block_at(chapter: Chapter, position: int) -> Block | None:
    """The block that holds the position; between two blocks the one before; None for a chapter without blocks."""
    index = bisect_right(chapter.blocks, position, key=lambda block: block.start) - 1
    return chapter.blocks[max(index, 0)] if chapter.blocks else None


def numbered_block_at(chapter: Chapter, position: int) -> Block | None:
    """The block with a number at the position; for a heading the block that follows it."""
    index = bisect_right(chapter.blocks, position, key=lambda block: block.start) - 1
    for block in chapter.blocks[max(index, 0) :]:
        if block.number:
            return block
    for block in reversed(chapter.blocks):
        if block.number:
            return block
    return None


def locator_at(chapter: Chapter, position: int) -> str:
    """The locator of a position, such as ``3.12``."""
    block = numbered_block_at(chapter, position)
    return chapter.locator(block) if block else chapter.label


def block_by_id(chapter: Chapter, block_id: str) -> Block | None:
    """The block or heading with this id."""
    return next((block for block in chapter.blocks if block.id == block_id), None)


def block_by_number(chapter: Chapter, number: int) -> Block | None:
    """The block with this number."""
    return next((block for block in chapter.blocks if block.number == number), None) if number > 0 else None


def parse_locator(text: str) -> tuple[str, int] | None:
    """``3.12`` → ("3", 12); ``¶ G.4`` → ("G", 4); ``3`` → ("3", 0); None where it is not a locator."""
    found = re.fullmatch(r"\s*¶?\s*([0-9]+|[A-Za-z])(?:[.,:]([0-9]+))?\s*", text)
    return (found.group(1).upper(), int(found.group(2) or 0)) if found else None


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The code points [start, end) of the whole sentences that a span touches, within its lines."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", max(end - 1, start))
    line_end = len(text) if line_end < 0 else line_end
    bounds = [line_start]
    for found in _sentence_end().finditer(text, line_start, line_end):
        if not _abbreviation().search(text[max(line_start, found.start() - 12) : found.start() + 1]):
            bounds.append(found.end())
    bounds.append(line_end)
    first = max(bound for bound in bounds if bound <= start)
    last = min((bound for bound in bounds if bound >= end), default=line_end)
    while first < start and text[first].isspace():
        first += 1
    return first, last


def word_count(text: str) -> int:
    """How many words a reader would count."""
    return sum(1 for _ in _word().finditer(text))


def word_edge(text: str, place: int, step: int, *, at_end: bool) -> int:
    """The next (``step`` 1) or previous (-1) end, or start, of a word after or before a place; the text's own edge at last."""
    edges = [found.end() if at_end else found.start() for found in _word().finditer(text, max(place - 400, 0), place + 400)]
    if step > 0:
        return next((edge for edge in edges if edge > place), len(text) if place + 400 >= len(text) else place)
    return next((edge for edge in reversed(edges) if edge < place), 0 if place <= 400 else place)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends (breaking spaces and line ends only)."""
    while start < end and text[start] in " \t\n\r\u2028\u2029\ufffc":
        start += 1
    while end > start and text[end - 1] in " \t\n\r\u2028\u2029\ufffc":
        end -= 1
    return start, end
