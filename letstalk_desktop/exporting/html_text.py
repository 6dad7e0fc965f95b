"""Text and notes as HTML in which nothing becomes markup that was not meant to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

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
    Rule,
    Strong,
    Text,
    shows_address,
)
from letstalk_desktop.exporting.characters import carried
from letstalk_desktop.exporting.model import ConceptLabel, PlainNote, Summary

_SAFE_ADDRESS = re.compile(r"(?:https?|mailto|tel|ftp):", re.IGNORECASE)


def blocks_html(blocks: Sequence[NoteBlock]) -> str:
    """A note's tree as HTML; its headings are paragraphs, so that the document's own outline stays whole."""
    return "".join(map(_block, blocks))


def inlines_html(inlines: Sequence[Inline]) -> str:
    """The contents of a paragraph as HTML."""
    return "".join(map(_inline, inlines))


def remark_html(summary: Summary, note: PlainNote, title: str) -> str:
    """A note on a chapter or on the resource."""
    by = summary.labels["by"].format(name=note.author) if note.author else ""
    head = " · ".join(part for part in (title, by) if part)
    named = f'<p class="head"><b>{text_html(head)}</b></p>' if head else ""
    return f'<div class="remark">{named}{blocks_html(note.note)}{concepts_html(note.concepts)}</div>'


def concepts_html(concepts: Sequence[ConceptLabel]) -> str:
    """The concepts of a passage or note."""
    if not concepts:
        return ""
    return '<p class="concepts">' + " · ".join(f"<span>{text_html(concept.term)}</span>" for concept in concepts) + "</p>"


def link_html(url: str, words: str) -> str:
    """A link that only a deliberate click follows; an address of an unusual kind is text."""
    return f'<a href="{text_html(url)}" rel="noopener noreferrer">{words}</a>' if _SAFE_ADDRESS.match(url) else words


def lines_html(text: str) -> str:
    """Text with its line ends and tabs."""
    return text_html(text).replace("\t", "&emsp;").replace("\n", "<br>")


def text_html(text: str) -> str:
    """Text as HTML holds it, in an element or in quotation marks."""
    return escape(carried(text), {'"': "&quot;"})


def _block(block: NoteBlock) -> str:
    match block:
        case Paragraph(children):
            return f'<p dir="auto">{inlines_html(children)}</p>'
        case Heading(_, children):
            return f'<p class="heading" dir="auto"><strong>{inlines_html(children)}</strong></p>'
        case CodeBlock(text):
            return f"<pre><code>{text_html(text)}</code></pre>"
        case Rule():
            return "<hr>"
        case Quote(inner):
            return f"<blockquote>{blocks_html(inner)}</blockquote>"
        case ItemList(items, start, tight):
            shown = "".join(f"<li>{_item(item, tight)}</li>" for item in items)
            if start is None:
                return f"<ul>{shown}</ul>"
            return f"<ol>{shown}</ol>" if start == 1 else f'<ol start="{start}">{shown}</ol>'


def _item(item: Sequence[NoteBlock], tight: bool) -> str:
    """A list item; in a tight list its paragraphs are plain text."""
    if not tight:
        return blocks_html(item)
    return "".join(
        f'<span dir="auto">{inlines_html(block.children)}</span>' if isinstance(block, Paragraph) else _block(block)
        for block in item
    )


def _inline(inline: Inline) -> str:
    match inline:
        case Text(text):
            return text_html(text)
        case Code(text):
            return f"<code>{text_html(text)}</code>"
        case Break():
            return "<br>"
        case Emphasis(children):
            return f"<em>{inlines_html(children)}</em>"
        case Strong(children):
            return f"<strong>{inlines_html(children)}</strong>"
        case Link(children, url):
            address = "" if shows_address(inline) else f" ({text_html(url)})"
            return link_html(url, inlines_html(children) or text_html(url)) + (address if children else "")
