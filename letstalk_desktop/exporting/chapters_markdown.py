"""Annotated chapters in Markdown: the text with its passages marked and numbered, each note below its block."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from letstalk_desktop.annotations.notes import Break, Code, CodeBlock, Emphasis, Inline, Link, Strong, Text, plain_inlines
from letstalk_desktop.exporting.annotated_text import Row, first_number, items_of, mark_label, marked_numbers, rows
from letstalk_desktop.exporting.model import ChapterText, Group, Passage, Segment, TextBlock, TextContainer, TextNode
from letstalk_desktop.exporting.note_markdown import blocks_markdown, inlines_markdown

if TYPE_CHECKING:
    from letstalk_desktop.exporting.markdown import Document

# Stand for Obsidian's == until the rest is escaped; characters for private use of the last plane, which no font has.
_OPENS, _CLOSES = "\U0010fffc", "\U0010fffd"


def chapter_markdown(document: Document, chapter: ChapterText, group: Group | None) -> Iterable[str]:
    """The chapter's blocks, to be parted by blank lines."""
    return _Chapter(document, chapter).parts(group)


class _Chapter:
    def __init__(self, document: Document, chapter: ChapterText) -> None:
        self._document = document
        self._obsidian = document.obsidian
        self._chapter = chapter
        self._passages = dict(chapter.passages)
        self._marked = marked_numbers(chapter)

    def parts(self, group: Group | None) -> Iterable[str]:
        """From the title to the footnotes."""
        document, chapter, words = self._document, self._chapter, self._document.summary.labels
        yield f"## {document.plain(f'{chapter.label} {chapter.title}'.strip())}"
        yield document.lines(chapter.lede)
        if group is not None and group.in_short:
            yield f"**{document.plain(words['in_short'])}** {document.plain(' '.join(group.in_short))}"
        for note in group.notes if group is not None else ():
            yield from document.remark(note, words["chapter_note"])
        other = False
        before: TextNode | None = None
        for row in rows(chapter):
            other = not other if _are_lists(before, row.node) else False
            before = None if row.notes else row.node
            yield from self._row(row, other=other)
        if chapter.footnotes:
            yield f"### {document.plain(words['footnotes'])}"
        for index, (_, text) in enumerate(chapter.footnotes):
            mark = chr(0x61 + index) if index < 26 else str(index + 1)
            yield document.plain(f"[{mark}] {text}")

    def _row(self, row: Row, *, other: bool) -> Iterable[str]:
        if row.level and isinstance(row.node, TextBlock):
            words = self._inlines(row.node.segments, one_line=True)
            yield "#" * min(row.level + 1, 6) + " " + re.sub(r"(?<!\\)(#+)$", r"\\\1", words)
        else:
            yield self._node(row.node, other=other)
        for number, passage in row.notes:
            yield from self._note(number, passage)

    def _node(self, node: TextNode, *, other: bool = False) -> str:
        if isinstance(node, TextBlock):
            return self._block(node)
        if node.kind == "list":
            return self._list(node, other=other)
        inner = self._nodes(node.children)
        if node.kind != "quote" and node.title:
            title = self._document.plain(node.title)
            inner = f"[!info] {title}\n{inner}" if self._obsidian else f"**{title}**\n\n{inner}"
        return quoted(inner)

    def _nodes(self, nodes: Sequence[TextNode]) -> str:
        parts: list[str] = []
        other = False
        for index, node in enumerate(nodes):
            other = not other if _are_lists(nodes[index - 1] if index else None, node) else False
            parts.append(self._node(node, other=other))
        return "\n\n".join(part for part in parts if part)

    def _list(self, node: TextContainer, *, other: bool) -> str:
        start, tight = first_number(node), True
        shown: list[str] = []
        for index, item in enumerate(items_of(node)):
            mark = ("*" if other else "-") if start is None else f"{start + index}{')' if other else '.'}"
            lines = self._nodes(item).split("\n")
            tight = tight and "" not in lines
            indent = " " * (len(mark) + 1)
            shown.append("\n".join([f"{mark} {lines[0]}", *(indent + line if line else "" for line in lines[1:])]))
        return ("\n" if tight else "\n\n").join(shown)

    def _block(self, block: TextBlock) -> str:
        place = f"(¶\u00a0{self._document.plain(block.locator)})" if block.locator else ""
        match block.kind:
            case "table":
                return self._table(block, place)
            case "code":
                text = "".join(segment.text for segment in block.segments if "reference" not in segment.styles)
                ends = self._document.plain("".join(self._labels(segment) for segment in block.segments))
                after = " ".join(part for part in (ends, place) if part)
                fenced = blocks_markdown((CodeBlock(text),), obsidian=self._obsidian)
                return f"{fenced}\n\n{after}" if after else fenced
            case "figure" if block.description:
                words = self._document.summary.labels["figure"].format(description=" ".join(block.description.split()))
                described = inlines_markdown((Emphasis((Text(words),)),), obsidian=self._obsidian)
                return f"{described}\n\n{self._inlines(block.segments)} {place}".rstrip()
            case _:
                return f"{self._inlines(block.segments)} {place}".rstrip()

    def _table(self, block: TextBlock, place: str) -> str:
        """A table where the flavour has them; CommonMark has none, so that rows are the items of a list there."""
        table = [[self._inlines(cell, one_line=True) for cell in row] for row in block.rows]
        if not self._obsidian:
            head = [" · ".join(row) for row in table[: block.header_rows]]
            items = "\n".join(f"- {' · '.join(row)}" for row in table[block.header_rows :])
            return "\n\n".join(part for part in (*head, items, place) if part)
        columns = max((len(row) for row in table), default=0)
        if block.header_rows == 0:
            table.insert(0, [])
        lines = [f"| {' | '.join(row + [''] * (columns - len(row)))} |" for row in table]
        lines.insert(1, "|" + " --- |" * columns)
        return "\n".join(lines) + f"\n\n{place}"

    def _note(self, number: int, passage: Passage) -> Iterable[str]:
        document, words = self._document, self._document.summary.labels
        label = document.plain(f"{mark_label(number, passage)} · {passage.kind.name}")
        head = [label if self._obsidian else f"**{label}**"]
        head += [document.plain(words["by"].format(name=passage.author))] if passage.author else []
        head += [document.plain(words["doubtful"])] if passage.placement == "doubtful" else []
        quote = quoted(document.quote(passage)) if number not in self._marked else ""
        rest = [part for part in (quote, document.blocks(passage.note), document.concepts(passage.concepts)) if part]
        if not self._obsidian:
            yield quoted("\n\n".join([" · ".join(head), *rest]))
            return
        yield quoted("\n\n".join([f"[!note] {' · '.join(head)}", *rest]))
        yield document.block_id(passage)

    def _inlines(self, segments: Sequence[Segment], *, one_line: bool = False) -> str:
        """A paragraph; where the styles of the text cannot stand beside the marks, the marks alone."""
        styled = self._marks(segments, one_line, _styled)
        plain = inlines_markdown((Text(plain_inlines(styled)),), obsidian=self._obsidian)
        made = inlines_markdown(styled, obsidian=self._obsidian)
        if made == plain:
            made = inlines_markdown(self._marks(segments, one_line, _unstyled), obsidian=self._obsidian)
        return made.replace(_OPENS, "==").replace(_CLOSES, "==")

    def _marks(
        self, segments: Sequence[Segment], one_line: bool, style: Callable[[Segment, str], list[Inline]]
    ) -> tuple[Inline, ...]:
        made: list[Inline] = []
        inside: list[Inline] = []
        for segment in segments:
            text = segment.text.replace(_OPENS, "\ufffd").replace(_CLOSES, "\ufffd").replace("\t", "\u2003")
            text = text.replace("\n", " ") if one_line else text
            if "reference" in segment.styles:
                pieces: list[Inline] = [Text(f"[{text}]")] if text != "," else []
            else:
                pieces = style(segment, text)
            if segment.marks:
                inside += pieces
            if inside and (segment.ends or not segment.marks):
                made += self._passage(inside)
                inside = []
            if not segment.marks:
                made += pieces
            if segment.ends:
                made.append(Text(self._labels(segment)))
        return _joined([*made, *(self._passage(inside) if inside else ())])

    def _labels(self, segment: Segment) -> str:
        return "".join(f"[{mark_label(number, self._passages[number])}]" for number in segment.ends)

    def _passage(self, inlines: Sequence[Inline]) -> list[Inline]:
        """What is marked, without the spaces at its edges, which no markup may begin or end with."""
        inlines = _joined(inlines)
        before = after = ""
        if isinstance(inlines[0], Text):
            text = inlines[0].text
            before = text[: len(text) - len(text.lstrip())]
            inlines = (Text(text.lstrip()), *inlines[1:])
        if isinstance(inlines[-1], Text):
            text = inlines[-1].text
            after = text[len(text.rstrip()) :]
            inlines = (*inlines[:-1], Text(text.rstrip()))
        inlines = tuple(one for one in inlines if one != Text(""))
        if not inlines:
            return [Text(before + after)]
        if self._obsidian:
            return [Text(before + _OPENS), *inlines, Text(_CLOSES + after)]
        bare: list[Inline] = []
        for one in inlines:
            bare += one.children if isinstance(one, Strong) else (one,)
        return [Text(before), Strong(_joined(bare)), Text(after)]


def quoted(markdown: str) -> str:
    """The same as a quotation."""
    return "\n".join(f"> {line}" if line else ">" for line in markdown.split("\n"))


def _styled(segment: Segment, text: str) -> list[Inline]:
    if "code" in segment.styles:
        inner: list[Inline] = [Code(text)]
    else:
        inner = _unstyled(segment, text)
    if "emphasis" in segment.styles:
        inner = [Emphasis(tuple(inner))]
    if segment.url:
        inner = [Link(tuple(inner), segment.url)]
    if "strong" in segment.styles:
        inner = [Strong(tuple(inner))]
    return inner


def _unstyled(_segment: Segment, text: str) -> list[Inline]:
    first, *others = text.split("\n")
    return [Text(first), *(piece for line in others for piece in (Break(), Text(line)))]


def _joined(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    """The same with neighbouring texts in one, as a reader of Markdown would find them."""
    result: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Text) and result and isinstance(last := result[-1], Text):
            result[-1] = Text(last.text + inline.text)
        elif inline != Text(""):
            result.append(inline)
    return tuple(result) or (Text(""),)


def _are_lists(one: TextNode | None, other: TextNode) -> bool:
    return isinstance(one, TextContainer) and isinstance(other, TextContainer) and one.kind == other.kind == "list"
