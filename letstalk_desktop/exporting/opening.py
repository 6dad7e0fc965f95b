"""The opening of a long document: its first pages, set in a fraction of the time, for a preview that follows at once.

All headings stay, so that the contents are as long as they will be; what fills the pages after the first ones is left out.
The whole document follows, with the numbers of its pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from letstalk_desktop.exporting.model import ChapterText, Group, Passage, Shape, Summary, TextContainer, TextNode

_LINES, _LETTERS = 46, 105  # of a page, and of a line of it, in type of 10 points
_ROUND_A_PASSAGE = 3  # lines: its kind, its concepts, the space
_AT_THE_END = 2  # lines of a source, of a concept
_MORE = 1.4  # rather too much than a page too few
_WORTH_IT = 1.6  # times as long a document must be


def opening(summary: Summary, pages: int) -> Summary | None:
    """What fills about so many ``pages``, and a little more; None where it would not be much less than the whole."""
    room = pages * _MORE * (1.0 if summary.shape is Shape.CARDS else _LINES * (10.0 / summary.text_size) ** 2)
    if summary.shape is Shape.CHAPTERS:
        sizes = [sum(map(_text_lines, chapter.nodes)) for chapter in summary.chapters]
        if sum(sizes) < room * _WORTH_IT:
            return None
        chapters = tuple(_fitting(summary.chapters, sizes, room))
        return _shortened(replace(summary, chapters=chapters))
    if summary.shape not in (Shape.SUMMARY, Shape.CONCEPTS, Shape.CARDS):
        return None
    room -= 2 * len(summary.todo) if summary.shape is Shape.SUMMARY else 0
    whole = sum(_lines(summary.shape, passage) for group in summary.groups for passage in group.passages)
    if summary.shape is not Shape.CARDS:
        whole += _AT_THE_END * (len(summary.sources) + len(summary.concepts))
    if whole < room * _WORTH_IT:
        return None
    groups: list[Group] = []
    for group in summary.groups:
        kept: list[Passage] = []
        for passage in group.passages:
            if room <= 0 and any(one.passages for one in [*groups, group._replace(passages=tuple(kept))]):
                break
            kept.append(passage)
            room -= _lines(summary.shape, passage)
        groups.append(group._replace(passages=tuple(kept)))
    return _shortened(replace(summary, groups=tuple(groups)))


def _shortened(summary: Summary) -> Summary:
    """Without what would lead to passages that are left out, and without the number of the last page, which is not known."""
    shown = [passage.id for group in summary.groups for passage in group.passages] or [""]
    return replace(
        summary,
        todo=tuple(item if item.passage in shown else item._replace(passage=shown[0]) for item in summary.todo),
        unplaced=summary.unplaced[:1],
        concepts=tuple(concept._replace(places=()) for concept in summary.concepts[:1]),
        sources=summary.sources[:1],
        labels={**summary.labels, "page_of": "{page}"},
    )


def _lines(shape: Shape, passage: Passage) -> float:
    """How much a passage takes, in lines; on cards, in pages."""
    if shape is Shape.CARDS:
        return 1.0
    letters = len(passage.before) + len(passage.quote) + len(passage.after)
    return _ROUND_A_PASSAGE + letters / _LETTERS + len(passage.note_source) / _LETTERS + passage.note_source.count("\n")


def _text_lines(node: TextNode) -> float:
    if isinstance(node, TextContainer):
        return 1.0 + sum(map(_text_lines, node.children))
    letters = sum(len(segment.text) for segment in node.segments)
    return 1.5 + letters / (_LETTERS * 0.5)  # beside it is the column of notes


def _fitting(chapters: Iterable[ChapterText], sizes: Iterable[float], room: float) -> Iterator[ChapterText]:
    for chapter, size in zip(chapters, sizes, strict=True):
        yield chapter if room > 0 else chapter._replace(nodes=(), footnotes=(), passages=())
        room -= size
