"""The whole text of a chapter as a tree of segments, cut where a style or a passage begins or ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from letstalk_desktop.exporting.model import ChapterText, Passage, Segment, TextBlock, TextContainer, TextNode
from letstalk_desktop.library.model import Block, BlockKind, Chapter, Span, SpanKind

LoadFigure = Callable[[str], str]
_STYLES = frozenset(
    {
        SpanKind.EMPHASIS,
        SpanKind.STRONG,
        SpanKind.CODE,
        SpanKind.SUPERSCRIPT,
        SpanKind.SUBSCRIPT,
        SpanKind.STRIKE,
    }
)
_MARKS = (SpanKind.CITATION, SpanKind.FOOTNOTE)


def chapter_text(
    chapter: Chapter,
    passages: Sequence[tuple[int, Passage, int, int]],
    references: Mapping[str, int],
    load_figure: LoadFigure | None,
) -> ChapterText:
    """The chapter with its passages: (number, passage, start, end) in order of place; start == end for one made in another
    language, which stands beside its block without a mark in the text.

    ``references``: number of each reference in the document's list. ``load_figure(path)`` gives the SVG of a picture.
    """
    work = _Work(chapter, passages, references, load_figure)
    return ChapterText(
        id=chapter.id,
        label=chapter.label if chapter.number is not None else "",
        title=chapter.title,
        lede=chapter.lede,
        nodes=work.nodes(chapter.blocks, 0),
        footnotes=chapter.footnotes,
        passages=tuple((number, passage) for number, passage, _, _ in passages),
    )


def _ends_in_number(segment: Segment) -> bool:
    return bool(segment.ends) or "reference" in segment.styles


class _Work:
    def __init__(
        self,
        chapter: Chapter,
        passages: Sequence[tuple[int, Passage, int, int]],
        references: Mapping[str, int],
        load_figure: LoadFigure | None,
    ) -> None:
        self._chapter = chapter
        self._marks = [(number, start, end) for number, _, start, end in passages if end > start]
        self._beside: dict[str, list[int]] = {}
        # What stands beside no block of this language, because the other one has more of them, stands beside the last.
        places = [chapter.locator(block) for block in chapter.blocks if block.number]
        last = places[-1] if places else ""
        for number, passage, _, _ in passages:
            self._beside.setdefault(passage.locator if passage.locator in places else last, []).append(number)
        self._references = references
        self._footnotes = {name: number for number, (name, _) in enumerate(chapter.footnotes, 1)}
        self._load_figure = load_figure

    def nodes(self, blocks: Sequence[Block], depth: int) -> tuple[TextNode, ...]:
        """The blocks as a tree; ``depth``: how many containers they are known to be in."""
        result: list[TextNode] = []
        index = 0
        while index < len(blocks):
            block = blocks[index]
            if len(block.containers) <= depth:
                result.append(self._block(block))
                index += 1
                continue
            inside = block.containers[depth]
            end = index
            while end < len(blocks) and blocks[end].containers[depth : depth + 1] == (inside,):
                end += 1
            container = self._chapter.containers[inside]
            children = self.nodes(blocks[index:end], depth + 1)
            result.append(TextContainer(container.kind.value, container.style, container.title, children))
            index = end
        return tuple(result)

    def _block(self, block: Block) -> TextBlock:
        rows = tuple(tuple(self._segments(cell.start, cell.end) for cell in row) for row in block.rows)
        return TextBlock(
            kind=block.kind.value,
            locator=self._chapter.locator(block) if block.number else "",
            segments=() if rows else self._segments(block.start, block.end),
            level=block.level,
            marker=block.marker,
            rows=rows,
            header_rows=block.header_rows,
            figure=self._load_figure(block.image) if block.image and self._load_figure else "",
            description=block.description,
            passages=tuple(self._beside.pop(self._chapter.locator(block), ())) if block.kind is not BlockKind.HEADING else (),
        )

    def _segments(self, start: int, end: int) -> tuple[Segment, ...]:
        """The text [start, end), cut at every border."""
        spans = [span for span in self._chapter.spans if span.start < end and span.end > start and span.start < span.end]
        points = [span for span in self._chapter.spans if span.kind in _MARKS and start < span.start <= end]
        marks = [mark for mark in self._marks if mark[1] < end and mark[2] > start]
        borders = {start, end, *(point.start for point in points)}
        borders.update(min(max(place, start), end) for span in spans for place in (span.start, span.end))
        borders.update(min(max(place, start), end) for _, first, last in marks for place in (first, last))
        result: list[Segment] = []
        for first, last in pairwise(sorted(borders)):
            result.append(self._segment(first, last, spans, marks))
            for point in points:
                if point.start == last:
                    # Or 13 and 4 would read as 134, and 4 after the passage K1 as K14.
                    result += [Segment(",", ("reference",))] if result and _ends_in_number(result[-1]) else []
                    result.append(self._reference(point))
        return tuple(result)

    def _segment(self, first: int, last: int, spans: Sequence[Span], marks: Sequence[tuple[int, int, int]]) -> Segment:
        covering = [span for span in spans if span.start <= first and span.end >= last]
        links = [span.target for span in covering if span.kind is SpanKind.LINK and not span.target.startswith("#")]
        return Segment(
            text=self._chapter.text[first:last],
            styles=tuple(dict.fromkeys(span.kind.value for span in covering if span.kind in _STYLES)),
            url=links[0] if links and ":" in links[0] else "",
            marks=tuple(number for number, start, end in marks if start <= first and end >= last),
            ends=tuple(number for number, _, end in marks if end == last),
        )

    def _reference(self, point: Span) -> Segment:
        number = self._footnotes.get(point.target) if point.kind is SpanKind.FOOTNOTE else self._references.get(point.target)
        shown = chr(0x60 + number) if point.kind is SpanKind.FOOTNOTE and number and number < 27 else str(number or "?")
        return Segment(shown, ("reference",))
