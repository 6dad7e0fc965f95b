"""How the text of annotated chapters is laid out, whatever the format: in what order, and which notes stand beside what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from letstalk_desktop.exporting.model import ChapterText, Group, Passage, Segment, Summary, TextBlock, TextContainer, TextNode

HEADING = "heading"


class Row(NamedTuple):
    """A heading, or a block or container with the passages that begin in it.

    ``level``: of a heading, from 2 down below the chapter's own and never one left out; 0 of anything else.
    ``place``: the locator, or the first and last of several; '' where there is none.
    """

    node: TextNode
    level: int
    place: str
    notes: tuple[tuple[int, Passage], ...]


def chapters_and_groups(summary: Summary) -> Iterator[tuple[ChapterText | None, Group | None]]:
    """Each chapter with what belongs to it, in order; a group stands alone where its chapter has no text here."""
    waiting = list(summary.chapters)
    for group in summary.groups:
        if group.id not in {chapter.id for chapter in waiting}:
            yield None, group
            continue
        while (chapter := waiting.pop(0)).id != group.id:
            yield chapter, None
        yield chapter, group
    for chapter in waiting:
        yield chapter, None


def rows(chapter: ChapterText) -> Iterator[Row]:
    """The chapter from top to bottom."""
    passages = dict(chapter.passages)
    level = 1
    for node in chapter.nodes:
        if isinstance(node, TextBlock) and node.kind == HEADING:
            level = min(level + 1, max(2, node.level))
            yield Row(node, level, "", ())
            continue
        blocks = list(blocks_of(node))
        places = [block.locator for block in blocks if block.locator]
        place = places[0] if places else ""
        if place and places[-1] != place:
            place += f"–{places[-1].rpartition('.')[2]}"
        yield Row(node, 0, place, tuple((number, passages[number]) for block in blocks for number in block.passages))


def blocks_of(node: TextNode) -> Iterator[TextBlock]:
    """The blocks of a node in their order."""
    if isinstance(node, TextContainer):
        for child in node.children:
            yield from blocks_of(child)
    else:
        yield node


def segments_of(nodes: Iterable[TextNode]) -> Iterator[Segment]:
    """All runs of text in their order, those of tables too."""
    for node in nodes:
        for block in blocks_of(node):
            yield from block.segments
            for row in block.rows:
                for cell in row:
                    yield from cell


def items_of(container: TextContainer) -> list[list[TextNode]]:
    """The items of a list: each begins with a block that has a marker, and what follows belongs to it."""
    items: list[list[TextNode]] = []
    for child in container.children:
        if not items or (isinstance(child, TextBlock) and child.marker):
            items.append([])
        items[-1].append(child)
    return items


def first_number(container: TextContainer) -> int | None:
    """The number with which an ordered list begins; None for another list."""
    if container.style != "ordered":
        return None
    first = container.children[0] if container.children else None
    digits = first.marker.rstrip(".)") if isinstance(first, TextBlock) else ""
    return int(digits) if digits.isdecimal() else 1


def mark_label(number: int, passage: Passage) -> str:
    """What stands after a passage and at its note: K1."""
    return f"{passage.kind.letter}{number}"


def marked_numbers(chapter: ChapterText) -> set[int]:
    """The passages whose words stand in the text; the others, made in another language, are quoted beside their block."""
    return {number for segment in segments_of(chapter.nodes) for number in segment.marks}
