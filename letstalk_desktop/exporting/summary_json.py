"""A ``Summary`` as JSON: what templates receive. Its keys are documented in ``docs/formats.md`` and stay stable."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

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
    plain_inlines,
    plain_text,
    shows_address,
)
from letstalk_desktop.exporting.model import (
    SUMMARY_VERSION,
    Answer,
    ChapterText,
    ConceptLabel,
    Group,
    KindLabel,
    Passage,
    PlainNote,
    Plan,
    Run,
    Segment,
    Source,
    Summary,
    TextContainer,
    TextNode,
)

Json = dict[str, Any]
_NOT_PRINTED = ("exact", "chapter", "cited", "visibility", "created", "modified")


def to_json(summary: Summary) -> Json:
    """The summary as values that ``json.dumps`` takes; keys in a fixed order."""
    include, counts = summary.include, summary.counts
    return {
        "format": "letstalk-summary",
        "version": SUMMARY_VERSION,
        "shape": summary.shape.value,
        "order": summary.order.value,
        "language": summary.language,
        "paper": summary.paper.value,
        "text_size": summary.text_size,
        "include": {name: getattr(include, name) for name in include.__slots__},
        "resource": summary.resource,
        "edition": summary.edition,
        "title": summary.title,
        "subtitle": summary.subtitle,
        "authors": list(summary.authors),
        "published": summary.published,
        "licence": summary.licence,
        "reader": summary.reader,
        "date": summary.date,
        "date_text": summary.date_text,
        "counts": {name: getattr(counts, name) for name in counts.__slots__},
        "counts_text": summary.counts_text,
        "footer": summary.footer,
        "labels": dict(summary.labels),
        "todo": [
            {"passage": item.passage, "text": note_json(item.text), "plain": plain_text(item.text), "locator": item.locator}
            for item in summary.todo
        ],
        "notes": [_note(note) for note in summary.notes],
        "groups": [_group(group) for group in summary.groups],
        "unplaced": [_passage(passage) for passage in summary.unplaced],
        "concepts": [
            {
                "id": concept.id,
                "term": concept.term,
                "definition": concept.definition,
                "own": concept.own,
                "places": [{"locator": locator, "passage": passage} for locator, passage in concept.places],
            }
            for concept in summary.concepts
        ],
        "sources": [_source(source) for source in summary.sources],
        "reference": _runs(summary.reference),
        "chapters": [_chapter(chapter) for chapter in summary.chapters],
        "plan": _plan(summary.plan) if summary.plan else None,
    }


def printed(summary: Summary) -> Json:
    """As ``to_json``, but only what the program's own templates print: Typst goes through all that it is given, many times."""
    document = to_json(summary)
    of_groups = (passage for group in document["groups"] for passage in group["passages"])
    for passage in [*of_groups, *document["unplaced"]]:
        for key in _NOT_PRINTED:
            passage.pop(key, None)
    for source in document["sources"]:
        del source["item"]
    return document


def note_json(blocks: Sequence[NoteBlock]) -> list[Json]:
    """A note's tree; ``dir`` stands only on blocks that are written from right to left."""
    return [_block(block) for block in blocks]


def direction(text: str) -> str:
    """ "rtl" where the first letter is written from right to left, else ""."""
    for character in text:
        match unicodedata.bidirectional(character):
            case "R" | "AL":
                return "rtl"
            case "L":
                return ""
    return ""


def _block(block: NoteBlock) -> Json:
    match block:
        case Paragraph(children):
            result: Json = {"type": "paragraph", "children": _inlines(children)}
        case Heading(level, children):
            result = {"type": "heading", "level": level, "children": _inlines(children)}
        case CodeBlock(text, language):
            return {"type": "code", "text": text, "language": language}
        case Rule():
            return {"type": "rule"}
        case Quote(inner):
            return {"type": "quote", "children": note_json(inner)}
        case ItemList(items, start, tight):
            return {"type": "list", "start": start, "tight": tight, "items": [note_json(item) for item in items]}
    if towards := direction(plain_inlines(children)):
        result["dir"] = towards
    return result


def _inlines(inlines: Sequence[Inline]) -> list[Json]:
    return [_inline(inline) for inline in inlines]


def _inline(inline: Inline) -> Json:
    match inline:
        case Text(text):
            return {"type": "text", "text": text}
        case Code(text):
            return {"type": "code", "text": text}
        case Break():
            return {"type": "break"}
        case Emphasis(children):
            return {"type": "emphasis", "children": _inlines(children)}
        case Strong(children):
            return {"type": "strong", "children": _inlines(children)}
        case Link(children, url, title):
            result = {"type": "link", "url": url, "title": title, "children": _inlines(children)}
            return result | {"shown": shows_address(inline)}


def _kind(kind: KindLabel) -> Json:
    return {"id": kind.id, "letter": kind.letter, "name": kind.name, "line": kind.line}


def _concepts(concepts: Sequence[ConceptLabel]) -> list[Json]:
    return [{"id": concept.id, "term": concept.term} for concept in concepts]


def _passage(passage: Passage) -> Json:
    result: Json = {
        "id": passage.id,
        "kind": _kind(passage.kind),
        "chapter": passage.chapter,
        "chapter_title": passage.chapter_title,
        "locator": passage.locator,
        "language": passage.language,
        "exact": passage.exact,
        "quote": passage.quote,
        "opening": passage.opening,
        "closing": passage.closing,
        "before": passage.before,
        "after": passage.after,
        "note": note_json(passage.note),
        "note_source": passage.note_source,
        "concepts": _concepts(passage.concepts),
        "cited": [{"key": cited.key, "detail": cited.detail} for cited in passage.cited],
        "placement": passage.placement,
        "visibility": passage.visibility,
        "author": passage.author,
        "created": passage.created,
        "modified": passage.modified,
    }
    if towards := direction(passage.quote):
        result["dir"] = towards
    return result


def _note(note: PlainNote) -> Json:
    return {
        "id": note.id,
        "chapter": note.chapter,
        "note": note_json(note.note),
        "note_source": note.note_source,
        "concepts": _concepts(note.concepts),
        "visibility": note.visibility,
        "author": note.author,
        "created": note.created,
        "modified": note.modified,
    }


def _answer(answer: Answer) -> Json:
    return {
        "id": answer.id,
        "question": answer.question,
        "question_text": answer.question_text,
        "note": note_json(answer.note),
        "note_source": answer.note_source,
        "when": answer.when,
        "visibility": answer.visibility,
        "author": answer.author,
        "created": answer.created,
        "modified": answer.modified,
    }


def _group(group: Group) -> Json:
    return {
        "id": group.id,
        "by": group.by.value,
        "label": group.label,
        "title": group.title,
        "in_short": list(group.in_short),
        "definition": group.definition,
        "kind": _kind(group.kind) if group.kind else None,
        "notes": [_note(note) for note in group.notes],
        "passages": [_passage(passage) for passage in group.passages],
        "answers": [_answer(answer) for answer in group.answers],
    }


def _source(source: Source) -> Json:
    return {"key": source.key, "runs": _runs(source.runs), "item": dict(source.item)}


def _runs(runs: Sequence[Run]) -> list[Json]:
    return [{"text": run.text, "italic": run.italic, "url": run.url} for run in runs]


def _chapter(chapter: ChapterText) -> Json:
    return {
        "id": chapter.id,
        "label": chapter.label,
        "title": chapter.title,
        "lede": chapter.lede,
        "nodes": [_node(node) for node in chapter.nodes],
        "footnotes": [{"id": name, "text": text} for name, text in chapter.footnotes],
        "passages": [{"number": number, "passage": _passage(passage)} for number, passage in chapter.passages],
    }


def _node(node: TextNode) -> Json:
    if isinstance(node, TextContainer):
        children = [_node(child) for child in node.children]
        return {"container": node.kind, "style": node.style, "title": node.title, "children": children}
    return {
        "block": node.kind,
        "locator": node.locator,
        "level": node.level,
        "marker": node.marker,
        "segments": [_segment(segment) for segment in node.segments],
        "rows": [[[_segment(segment) for segment in cell] for cell in row] for row in node.rows],
        "header_rows": node.header_rows,
        "figure": node.figure,
        "description": node.description,
        "passages": list(node.passages),
    }


def _segment(segment: Segment) -> Json:
    return {
        "text": segment.text,
        "styles": list(segment.styles),
        "url": segment.url,
        "marks": list(segment.marks),
        "ends": list(segment.ends),
    }


def _plan(plan: Plan) -> Json:
    return {
        "title": plan.title,
        "minutes": plan.minutes,
        "steps": [
            {
                "start": step.start,
                "minutes": step.minutes,
                "text": step.text,
                "question": step.question,
                "guidance": step.guidance,
                "locators": list(step.locators),
                "passages": [_passage(passage) for passage in step.passages],
            }
            for step in plan.steps
        ],
    }
