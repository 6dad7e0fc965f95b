"""Annotated chapters as HTML: the text with its passages marked and numbered, and the notes beside it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence

from letstalk_desktop.exporting.annotated_text import (
    Row,
    first_number,
    items_of,
    mark_label,
    marked_numbers,
    rows,
    segments_of,
)
from letstalk_desktop.exporting.html_text import blocks_html, concepts_html, lines_html, link_html, remark_html, text_html
from letstalk_desktop.exporting.model import ChapterText, Group, Passage, Segment, Summary, TextBlock, TextContainer, TextNode

_STYLES = {"code": "code", "emphasis": "em", "strong": "strong", "strike": "s", "superscript": "sup", "subscript": "sub"}
_DEEPEST = 6


def chapter_html(summary: Summary, chapter: ChapterText, group: Group | None, name: str) -> Iterable[str]:
    """A chapter as a section; ``name`` is its id in the page."""
    return _Chapter(summary, chapter, name).section(group)


class _Chapter:
    def __init__(self, summary: Summary, chapter: ChapterText, name: str) -> None:
        self._summary = summary
        self._chapter = chapter
        self._name = name
        self._passages = dict(chapter.passages)
        # A note leads back to its passage where the passage ends in the text.
        self._ended = {number for segment in segments_of(chapter.nodes) for number in segment.ends}
        self._marked = marked_numbers(chapter)
        self._cited: set[str] = set()
        self._footnotes = [chr(0x61 + index) for index in range(min(len(chapter.footnotes), 26))]

    def section(self, group: Group | None) -> Iterable[str]:
        """The whole chapter."""
        chapter, words = self._chapter, self._summary.labels
        title = f"{chapter.label} {chapter.title}".strip()
        yield f'<section class="chapter"><h2 id="{self._name}">{text_html(title)}</h2>'
        if chapter.lede:
            yield f'<p class="lede" dir="auto">{lines_html(chapter.lede)}</p>'
        if group is not None and group.in_short:
            shown = text_html(" ".join(group.in_short))
            yield f'<p class="in-short"><strong>{text_html(words["in_short"])}</strong> {shown}</p>'
        for note in group.notes if group is not None else ():
            yield remark_html(self._summary, note, words["chapter_note"])
        for row in rows(chapter):
            yield self._row(row)
        if chapter.footnotes:
            yield f'<h3>{text_html(words["footnotes"])}</h3><ul class="footnotes">'
            for index, (_, text) in enumerate(chapter.footnotes):
                yield self._footnote(index, text)
            yield "</ul>"
        yield "</section>"

    def _row(self, row: Row) -> str:
        if row.level and isinstance(row.node, TextBlock):
            tag = f"h{min(row.level + 1, _DEEPEST)}"
            return f'<{tag} dir="auto">{self._segments(row.node.segments)}</{tag}>'
        notes = "".join(self._note(number, passage) for number, passage in row.notes)
        beside = f'<div class="notes">{notes}</div>' if notes else ""
        return f'<div class="row"><div class="text">{self._node(row.node)}</div>{beside}</div>'

    def _node(self, node: TextNode) -> str:
        return self._container(node) if isinstance(node, TextContainer) else self._block(node)

    def _container(self, node: TextContainer) -> str:
        if node.kind == "list":
            start = first_number(node)
            items = "".join(f"<li>{self._nodes(item)}</li>" for item in items_of(node))
            if start is None:
                return f"<ul>{items}</ul>"
            return f"<ol>{items}</ol>" if start == 1 else f'<ol start="{start}">{items}</ol>'
        if node.kind == "quote":
            return f"<blockquote>{self._nodes(node.children)}</blockquote>"
        title = f'<p class="box-title" dir="auto">{text_html(node.title)}</p>' if node.title else ""
        return f'<div class="box">{title}{self._nodes(node.children)}</div>'

    def _nodes(self, nodes: Sequence[TextNode]) -> str:
        return "".join(map(self._node, nodes))

    def _block(self, block: TextBlock) -> str:
        number = f'<span class="number">{text_html(block.locator)}</span> ' if block.locator else ""
        words = self._segments(block.segments)
        match block.kind:
            case "table":
                head = self._table_rows(block.rows[: block.header_rows], "th")
                body = self._table_rows(block.rows[block.header_rows :], "td")
                shown = (f"<thead>{head}</thead>" if head else "") + (f"<tbody>{body}</tbody>" if body else "")
                return f'<div class="wide"><p class="of">{number}</p><table>{shown}</table></div>'
            case "figure":
                caption = f"<figcaption>{number}{words}</figcaption>"
                return f"<figure>{_picture(block)}{caption}</figure>"
            case "code":
                return f'<p class="of">{number}</p><pre><code>{words}</code></pre>'
            case "question":
                return f'<p class="question" dir="auto">{number}{words}</p>'
            case "term":
                return f'<p class="term" dir="auto">{number}{words}</p>'
            case _:
                return f'<p dir="auto">{number}{words}</p>'

    def _table_rows(self, table: Sequence[Sequence[Sequence[Segment]]], tag: str) -> str:
        opening = f'<{tag} scope="col" dir="auto">' if tag == "th" else f'<{tag} dir="auto">'
        return "".join("<tr>" + "".join(f"{opening}{self._segments(cell)}</{tag}>" for cell in row) + "</tr>" for row in table)

    def _segments(self, segments: Sequence[Segment]) -> str:
        return "".join(map(self._segment, segments))

    def _segment(self, segment: Segment) -> str:
        if "reference" in segment.styles:
            return self._reference(segment.text)
        words = lines_html(segment.text)
        for style, tag in _STYLES.items():
            if style in segment.styles:
                words = f"<{tag}>{words}</{tag}>"
        if segment.url:
            words = link_html(segment.url, words)
        # Of many passages over the same words the last gives the band, and the first shows as a second line.
        for number in dict.fromkeys((segment.marks[-1], segment.marks[0]) if segment.marks else ()):
            kind = self._passages[number].kind
            words = f'<mark class="kind-{text_html(kind.id)} line-{text_html(kind.line)}">{words}</mark>'
        return words + "\u2009".join(map(self._label, segment.ends))

    def _label(self, number: int) -> str:
        """The number after a passage, which leads to its note."""
        passage = self._passages[number]
        kind, identity = text_html(passage.kind.id), text_html(passage.id)
        label = text_html(mark_label(number, passage))
        return f'<sup class="label kind-{kind}"><a id="mark-{identity}" href="#passage-{identity}">{label}</a></sup>'

    def _reference(self, text: str) -> str:
        if text not in self._footnotes:
            return f'<sup class="reference-mark">{text_html(text)}</sup>'
        name = f"{self._name}-footnote-{text}"
        identity = f' id="{name}-mark"' if text not in self._cited else ""
        self._cited.add(text)
        return f'<sup class="reference-mark"><a{identity} href="#{name}">{text}</a></sup>'

    def _footnote(self, index: int, text: str) -> str:
        if index >= len(self._footnotes):
            return f'<li dir="auto"><sup>{index + 1}</sup> {lines_html(text)}</li>'
        letter = self._footnotes[index]
        name = f"{self._name}-footnote-{letter}"
        mark = f'<a href="#{name}-mark">{letter}</a>' if letter in self._cited else letter
        return f'<li id="{name}" dir="auto"><sup>{mark}</sup> {lines_html(text)}</li>'

    def _note(self, number: int, passage: Passage) -> str:
        words, kind = self._summary.labels, passage.kind
        identity = text_html(passage.id)
        label = text_html(mark_label(number, passage))
        if number in self._ended:
            label = f'<a href="#mark-{identity}">{label}</a>'
        extra = [words["by"].format(name=passage.author)] if passage.author else []
        extra += [words["doubtful"]] if passage.placement == "doubtful" else []
        told = "".join(f" · {text_html(part)}" for part in extra)
        quote = ""
        if number not in self._marked:
            said = f"{text_html(passage.opening)}{lines_html(passage.quote)}{text_html(passage.closing)}"
            quote = f'<blockquote lang="{text_html(passage.language)}"><p dir="auto"><mark>{said}</mark></p></blockquote>'
        return (
            f'<article id="passage-{identity}" class="passage kind-{text_html(kind.id)} line-{text_html(kind.line)}">'
            f'<p class="head"><span><b>{label} · {text_html(kind.name)}</b>{told}</span></p>'
            f"{quote}{blocks_html(passage.note)}{concepts_html(passage.concepts)}</article>"
        )


def _picture(block: TextBlock) -> str:
    """The picture, shut in its own document so that nothing in it runs, fetches or clashes; else what it shows in words."""
    if not block.figure:
        return f'<p class="described" dir="auto">{lines_html(block.description)}</p>' if block.description else ""
    data = base64.b64encode(block.figure.encode("utf-8", "replace")).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{text_html(block.description)}">'
