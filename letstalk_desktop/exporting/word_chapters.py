"""Annotated chapters in a Word document: the text with its passages shaded and numbered, each note below its block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from letstalk_desktop.exporting.annotated_text import (
    Row,
    blocks_of,
    first_number,
    items_of,
    mark_label,
    marked_numbers,
    rows,
    segments_of,
)
from letstalk_desktop.exporting.characters import carried
from letstalk_desktop.exporting.model import ChapterText, Group, Passage, Segment, TextBlock, TextContainer, TextNode
from letstalk_desktop.exporting.word_runs import run_xml
from letstalk_desktop.exporting.word_styles import ACCENT, BORDERS, CODE_FONT, KIND_COLOURS, MUTED, UNDERLINES, style_of_kind

if TYPE_CHECKING:
    from letstalk_desktop.exporting.word import Body

_STYLES = {
    "code": f'<w:rFonts w:ascii="{CODE_FONT}" w:hAnsi="{CODE_FONT}" w:cs="{CODE_FONT}"/>',
    "strong": "<w:b/>",
    "emphasis": "<w:i/>",
    "strike": "<w:strike/>",
    "superscript": '<w:vertAlign w:val="superscript"/>',
    "subscript": '<w:vertAlign w:val="subscript"/>',
}
_RAISED = _STYLES["superscript"]
_DEEPEST, _LEVELS = 6, 8
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def write_chapter(body: Body, chapter: ChapterText, group: Group | None) -> None:
    """The whole chapter, with its notes and with the notes on it."""
    _Chapter(body, chapter).write(group)


class _Chapter:
    def __init__(self, body: Body, chapter: ChapterText) -> None:
        self._body = body
        self._chapter = chapter
        self._passages = dict(chapter.passages)
        self._marked = marked_numbers(chapter)
        self._ended = {number for segment in segments_of(chapter.nodes) for number in segment.ends}

    def write(self, group: Group | None) -> None:
        """From the title to the footnotes."""
        body, chapter, words = self._body, self._chapter, self._body.summary.labels
        body.paragraph("Heading1", run_xml(f"{chapter.label} {chapter.title}".strip()))
        if chapter.lede:
            body.paragraph("InShort", run_xml(chapter.lede), "", chapter.lede)
        if group is not None and group.in_short:
            body.paragraph("InShort", run_xml(words["in_short"], "<w:b/>") + run_xml(" " + " ".join(group.in_short)))
        for note in group.notes if group is not None else ():
            body.remark(note, words["chapter_note"])
        for row in rows(chapter):
            self._row(row)
        if chapter.footnotes:
            body.paragraph("Heading2", run_xml(words["footnotes"]))
        for index, (_, text) in enumerate(chapter.footnotes):
            mark = chr(0x61 + index) if index < 26 else str(index + 1)
            body.paragraph("Source", run_xml(mark, _RAISED) + run_xml(f" {text}"), "", text)

    def _row(self, row: Row) -> None:
        if row.level and isinstance(row.node, TextBlock):
            style = f"Heading{min(row.level, _DEEPEST)}"
            self._body.paragraph(style, self._segments(row.node.segments), "", _text(row.node))
            return
        self._node(row.node, "Normal", "", 0)
        for number, passage in row.notes:
            self._note(number, passage)

    def _node(self, node: TextNode, style: str, properties: str, depth: int) -> None:
        """``depth``: how many lists it is in."""
        if isinstance(node, TextBlock):
            self._block(node, style, properties)
        elif node.kind == "list":
            self._list(node, style, depth)
        elif node.kind == "quote":
            for child in node.children:
                self._node(child, "Quote", properties, depth)
        else:
            if node.title:
                self._body.paragraph("BoxTitle", run_xml(node.title), properties, node.title)
            for child in node.children:
                self._node(child, "Box", properties, depth)

    def _list(self, node: TextContainer, style: str, depth: int) -> None:
        level = min(depth, _LEVELS)
        start = first_number(node)
        number = self._body.bullet_list() if start is None else self._body.new_numbers(start, depth)
        mark = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        # A style that has an indent of its own would take the list's away.
        hanging = f'<w:ind w:left="{480 + 360 * level}" w:hanging="320"/>'
        below = f'<w:ind w:left="{480 + 360 * level}"/>'
        for first, *rest in items_of(node):
            item = "Items" if style == "Normal" else style
            self._node(first, item, mark + hanging if isinstance(first, TextBlock) else "", depth + 1)
            for child in rest:
                self._node(child, item, below if isinstance(child, TextBlock) else "", depth + 1)

    def _block(self, block: TextBlock, style: str, properties: str) -> None:
        number = self._body.small_run(f"{block.locator}\u2002") if block.locator else ""
        words = number + self._segments(block.segments)
        match block.kind:
            case "table":
                if number:
                    self._body.paragraph(style, number, f"<w:keepNext/>{properties}")
                self._table(block)
            case "figure":
                if block.description:
                    self._body.paragraph("Caption", run_xml(block.description, "<w:i/>"), properties, block.description)
                self._body.paragraph("Caption", words, properties, _text(block))
            case "code":
                self._body.paragraph("CodeLines", words, properties)
            case "question":
                self._body.paragraph("Question", words, properties, _text(block))
            case _:
                self._body.paragraph(style, words, properties, _text(block))

    def _table(self, block: TextBlock) -> None:
        columns = max((len(row) for row in block.rows), default=0)
        if not columns:
            return
        width = self._body.width // columns
        edges = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{MUTED}"/>' for side in _SIDES)
        grid = f'<w:gridCol w:w="{width}"/>' * columns
        shown = ""
        for place, row in enumerate(block.rows):
            head = place < block.header_rows
            cells = "".join(self._cell(cell, width, bold=head) for cell in row)
            cells += self._cell((), width, bold=False) * (columns - len(row))
            repeated = "<w:tblHeader/>" if head else ""
            shown += f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"
        self._body.table(
            f'<w:tbl><w:tblPr><w:tblW w:w="{width * columns}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
            f'<w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{shown}</w:tbl>'
        )

    def _cell(self, segments: Sequence[Segment], width: int, *, bold: bool) -> str:
        runs = self._segments(segments, "<w:b/>" if bold else "")
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="Cell"/></w:pPr>{runs}</w:p></w:tc>'
        )

    def _segments(self, segments: Iterable[Segment], properties: str = "") -> str:
        return "".join(self._segment(segment, properties) for segment in segments)

    def _segment(self, segment: Segment, properties: str) -> str:
        if "reference" in segment.styles:
            return run_xml(segment.text, f'<w:color w:val="{MUTED}"/>{_RAISED}')
        for style, added in _STYLES.items():
            if style in segment.styles and added not in properties:
                properties += added
        if segment.marks:
            # Of many passages over the same words the last gives the band, and the first the line.
            first, last = (self._passages[segment.marks[place]].kind for place in (0, -1))
            properties += f'<w:u w:val="{UNDERLINES[first.line]}" w:color="{KIND_COLOURS[first.id][0]}"/>'
            properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{KIND_COLOURS[last.id][1]}"/>'
        if segment.url:
            properties += f'<w:color w:val="{ACCENT}"/>'
        words = run_xml(segment.text, properties)
        if segment.url and words:
            words = self._body.hyperlink(segment.url, words)
        return words + run_xml("\u2009", _RAISED).join(map(self._label, segment.ends))

    def _label(self, number: int) -> str:
        """The number after a passage, which leads to its note."""
        passage = self._passages[number]
        colour = f'<w:color w:val="{KIND_COLOURS[passage.kind.id][0]}"/>'
        label = self._body.link_to(passage.id, run_xml(mark_label(number, passage), f"<w:b/>{colour}{_RAISED}"))
        return self._body.named(f"mark_{number}", label)

    def _note(self, number: int, passage: Passage) -> None:
        body, words, kind = self._body, self._body.summary.labels, passage.kind
        line, band = KIND_COLOURS[kind.id]
        border, width = BORDERS[kind.line]
        edge = f'<w:pBdr><w:left w:val="{border}" w:sz="{width}" w:space="8" w:color="{line}"/></w:pBdr>'
        indent = '<w:ind w:left="720"/>'
        bold = f'<w:b/><w:color w:val="{line}"/>'
        label = body.small_run(mark_label(number, passage), bold)
        if number in self._ended:
            label = f'<w:hyperlink w:anchor="mark_{number}">{label}</w:hyperlink>'
        extra = [words["by"].format(name=passage.author)] if passage.author else []
        extra += [words["doubtful"]] if passage.placement == "doubtful" else []
        told = body.small_run(f" · {kind.name}", bold) + body.small_run("".join(f" · {part}" for part in extra))
        style = style_of_kind(kind.id)
        quoted = number not in self._marked
        more = quoted or passage.note or passage.concepts
        head = f'{"<w:keepNext/>" if more else ""}{edge}<w:spacing w:before="60"/>{indent}'
        body.paragraph(style, body.bookmarked(passage.id, label + told), head)
        if quoted:
            language = f"<w:lang w:val={quoteattr(carried(passage.language) + '-CA')}/>"
            shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{band}"/>{language}'
            quote = run_xml(passage.opening + passage.quote + passage.closing, shade)
            body.paragraph(style, quote, edge + indent, passage.quote)
        body.blocks(passage.note, style, edge + indent, 1)
        body.concepts(passage.concepts, style, edge + indent)


def _text(node: TextNode) -> str:
    return "".join(segment.text for block in blocks_of(node) for segment in block.segments)
