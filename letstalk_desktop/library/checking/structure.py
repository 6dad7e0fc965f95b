"""Rules about blocks: the same in every language, with ids, with citations and links that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from urllib.parse import urlsplit

from letstalk_desktop.language import N_
from letstalk_desktop.library.checking.material import ChapterText, Material
from letstalk_desktop.library.checking.report import Finding, Severity, Term
from letstalk_desktop.library.model import GLOSSARY, REFERENCES, Block, BlockKind, Container, SpanKind

KINDS = {
    BlockKind.HEADING: N_("a heading"),
    BlockKind.PARAGRAPH: N_("a paragraph"),
    BlockKind.ITEM: N_("a list item"),
    BlockKind.TERM: N_("a term"),
    BlockKind.TABLE: N_("a table"),
    BlockKind.FIGURE: N_("a figure"),
    BlockKind.QUESTION: N_("a question"),
    BlockKind.CODE: N_("a code block"),
}
_NOTHING = N_("nothing")
_UNREAD_MARK = re.compile(r"\[\[|\]\]|\[@[^\]]*|\{:?\s*#[A-Za-z0-9_-]+[^{}]*\}|!\[")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def check_structure(material: Material) -> Iterator[Finding]:
    """Every rule of this file, for all chapters."""
    for text in material.texts:
        yield from text.errors
        yield from _headings(text)
        yield from _missing_ids(text)
        yield from _links(material, text)
        yield from _left_as_typed(text)
    for chapter in dict.fromkeys(text.chapter for text in material.texts):
        texts = material.of_chapter(chapter)
        for other in texts[1:]:
            yield from _compared(texts[0], other)


def shape(text: ChapterText, block: Block) -> tuple[object, ...]:
    """What must be the same in every language: kind, level, containers, size of a table, picture without its language."""
    containers: list[Container] = text.compiled.containers if text.compiled else []
    around = tuple((index, containers[index].kind, containers[index].style) for index in block.containers)
    rows = tuple(len(row) for row in block.rows)
    return (block.kind, block.level, around, rows, block.header_rows)


def same_shape(first: ChapterText, other: ChapterText) -> bool:
    """True where two languages have the same sequence of blocks."""
    if not first.compiled or not other.compiled:
        return False
    return [shape(first, block) for block in first.compiled.blocks] == [shape(other, block) for block in other.compiled.blocks]


def _compared(first: ChapterText, other: ChapterText) -> Iterator[Finding]:
    if first.compiled is None or other.compiled is None:
        return
    if not same_shape(first, other):
        yield _where_they_part(first, other)
        return
    for one, two in zip(first.compiled.blocks, other.compiled.blocks, strict=True):
        written = one.id not in first.compiled.generated_ids, two.id not in other.compiled.generated_ids
        fields: dict[str, object] = {"id": two.id, "other": one.id, "file": first.file, "line": one.line}
        if all(written) and one.id != two.id:
            template = N_("this block has the id “{id}”, in {file}:{line} it has “{other}”;")
            remedy = N_("give it the same id in every language.")
            yield Finding(Severity.ERROR, "ids-differ", other.file, two.line, template, remedy, fields)
        cited = [
            sorted({span.target for span in text.spans_of(block) if span.kind is SpanKind.CITATION})
            for text, block in ((first, one), (other, two))
        ]
        if cited[0] != cited[1]:
            template = N_("this block cites {here}, in {file}:{line} it cites {there};")
            remedy = N_("cite the same references in every language.")
            shown = [", ".join(keys) or Term(_NOTHING) for keys in cited]
            fields = {"here": shown[1], "there": shown[0], "file": first.file, "line": one.line}
            yield Finding(Severity.ERROR, "citations-differ", other.file, two.line, template, remedy, fields)
        if _titled(first, one) != _titled(other, two):
            template = N_("a box has a title in one language only (the other is in {file}:{line});")
            remedy = N_("give it one in both, or in neither.")
            yield Finding(Severity.WARNING, "box-titles-differ", other.file, two.line, template, remedy, fields)


def _titled(text: ChapterText, block: Block) -> tuple[bool, ...]:
    containers = text.compiled.containers if text.compiled else []
    return tuple(bool(containers[index].title) for index in block.containers)


def _where_they_part(first: ChapterText, other: ChapterText) -> Finding:
    """The first pair of blocks that do not correspond, by shape or by written id."""
    blocks, others = (text.compiled.blocks if text.compiled else [] for text in (first, other))
    generated = [text.compiled.generated_ids if text.compiled else set() for text in (first, other)]
    for one, two in zip_longest(blocks, others):
        if one and two and shape(first, one) == shape(other, two):
            known = one.id not in generated[0] and two.id not in generated[1]
            if not known or one.id == two.id:
                continue
        template = N_("the languages part here: {here} ({words}), where {file}:{line} has {there} ({other});")
        remedy = N_("every language needs the same sequence of blocks.")
        fields: dict[str, object] = {"file": first.file, "line": one.line if one else _last_line(first)}
        fields |= {"here": _kind(two), "there": _kind(one), "words": _opening(other, two), "other": _opening(first, one)}
        return Finding(
            Severity.ERROR, "languages-part", other.file, two.line if two else _last_line(other), template, remedy, fields
        )
    raise AssertionError("the shapes differ, so some pair does")


def _kind(block: Block | None) -> str:
    return Term(KINDS[block.kind] if block else _NOTHING)


def _opening(text: ChapterText, block: Block | None) -> str:
    if block is None:
        return "…"
    words = " ".join(text.words_of(block).split())
    return f"“{words[:40]}…”" if len(words) > 40 else f"“{words}”"


def _last_line(text: ChapterText) -> int:
    return max(text.source.rstrip("\n").count("\n") + 1, 1)


def _headings(text: ChapterText) -> Iterator[Finding]:
    level = 1
    for block in text.compiled.blocks if text.compiled else []:
        if block.kind is not BlockKind.HEADING:
            continue
        if block.level == 1:
            template = N_("this heading is of level 1, which the chapter’s title has;")
            remedy = N_("start headings at “##”.")
            yield Finding(Severity.ERROR, "heading-level", text.file, block.line, template, remedy)
        elif block.level > level + 1:
            template = N_("a heading of level {level} follows one of level {before};")
            remedy = N_("do not skip a level.")
            fields: dict[str, object] = {"level": block.level, "before": level}
            yield Finding(Severity.ERROR, "heading-level", text.file, block.line, template, remedy, fields)
        level = block.level


def _missing_ids(text: ChapterText) -> Iterator[Finding]:
    if text.compiled is None:
        return
    without = [block for block in text.compiled.blocks if block.id in text.compiled.generated_ids]
    if without:
        template = N_("{count} blocks and headings have no id (the first stands here);")
        remedy = N_("let “letstalk check-content --write-ids” write them, so that notes keep their place when you edit.")
        fields: dict[str, object] = {"count": len(without)}
        yield Finding(Severity.WARNING, "missing-ids", text.file, without[0].line, template, remedy, fields)


def _links(material: Material, text: ChapterText) -> Iterator[Finding]:
    if text.compiled is None:
        return
    for span in text.compiled.spans:
        if span.kind is not SpanKind.LINK:
            continue
        line = text.line_of(f"]({span.target}", text.line_at(span.start))
        fields: dict[str, object] = {"target": span.target}
        if re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:", span.target):
            parts = urlsplit(span.target)
            known = parts.scheme in ("http", "https") and "." in parts.netloc
            if not (known or (parts.scheme == "mailto" and "@" in parts.path)) or re.search(r"\s", span.target):
                template = N_("the address “{target}” is not well formed;")
                remedy = N_("write it whole, beginning with https://.")
                yield Finding(Severity.ERROR, "link-address", text.file, line, template, remedy, fields)
            continue
        chapter, _, block = span.target.partition("#")
        if not _exists(material, chapter or text.chapter, block, text.language):
            template = N_("the link “{target}” leads nowhere;")
            remedy = N_("write “#block-id” for this chapter, “chapter-id” or “chapter-id#block-id” for another.")
            yield Finding(Severity.ERROR, "link-nowhere", text.file, line, template, remedy, fields)


def _exists(material: Material, chapter: str, block: str, language: str) -> bool:
    if chapter == GLOSSARY and material.head.get("glossary"):
        return not block or block in {f"concept-{concept.get('id')}" for concept in material.concepts}
    if chapter == REFERENCES and material.head.get("references"):
        return not block or block in {f"ref-{reference.get('id')}" for reference in material.references}
    if chapter not in {str(entry.get("id")) for entry in material.chapters}:
        return False
    ids = block_ids(material, chapter, language)
    return not block or ids is None or block in ids


def block_ids(material: Material, chapter: str, language: str | None = None) -> set[str] | None:
    """The ids in a chapter, closing questions included; None where they cannot be known because it does not compile."""
    texts = [text for text in material.texts if text.chapter == chapter and language in (None, text.language)]
    if not texts or any(text.compiled is None for text in texts):
        return None
    ids = {block.id for text in texts if text.compiled for block in text.compiled.blocks}
    closing = {str(one.get("id")) for one in material.questions if one.get("closing") and one.get("chapter") == chapter}
    return ids | closing | ({"closing-questions"} if closing else set())


def _left_as_typed(text: ChapterText) -> Iterator[Finding]:
    """Marks that were not understood and raw HTML: readers would see them as they were typed."""
    for block in text.compiled.blocks if text.compiled else []:
        if block.kind is BlockKind.CODE:
            continue
        words = text.words_of(block)
        for span in text.spans_of(block):
            if span.kind is SpanKind.CODE:
                words = words[: span.start - block.start] + "`" * (span.end - span.start) + words[span.end - block.start :]
        if found := _TAG.search(words):
            template = N_("the HTML “{html}” would be shown as it is typed;")
            remedy = N_("write Markdown instead, or put it between `backquotes`.")
            line = text.line_of(found.group(), block.line)
            yield Finding(Severity.WARNING, "raw-html", text.file, line, template, remedy, {"html": found.group()})
        if found := _UNREAD_MARK.search(words):
            template = N_("“{mark}” was not understood and would be shown as it is typed;")
            remedy = N_("correct it, or see docs/formats.md for how marks are written.")
            line = text.line_of(found.group(), block.line)
            yield Finding(Severity.ERROR, "unread-mark", text.file, line, template, remedy, {"mark": found.group()})
