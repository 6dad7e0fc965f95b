"""A note's tree from the JSON of a ``Summary``: the way back of ``summary_json.note_json``, for templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
)


def note_tree(blocks: Sequence[Mapping[str, Any]]) -> tuple[NoteBlock, ...]:
    """The tree of a note. Raises ``LookupError``, ``TypeError`` or ``AttributeError`` for values that are none."""
    return tuple(map(_block, blocks))


def inlines_of_runs(runs: Sequence[Mapping[str, Any]]) -> tuple[Inline, ...]:
    """A formatted reference (``runs``) as the contents of a paragraph."""
    return tuple(map(_run, runs))


def _run(run: Mapping[str, Any]) -> Inline:
    text = Text(run["text"])
    return Link((text,), run["url"]) if run["url"] else Emphasis((text,)) if run["italic"] else text


def _block(block: Mapping[str, Any]) -> NoteBlock:
    match block["type"]:
        case "paragraph":
            return Paragraph(_inlines(block))
        case "heading":
            return Heading(block["level"], _inlines(block))
        case "code":
            return CodeBlock(block["text"], block["language"])
        case "rule":
            return Rule()
        case "quote":
            return Quote(note_tree(block["children"]))
        case "list":
            return ItemList(tuple(map(note_tree, block["items"])), block["start"], block["tight"])
        case other:
            raise LookupError(f"a note has no block of type {other!r}")


def _inlines(node: Mapping[str, Any]) -> tuple[Inline, ...]:
    return tuple(map(_inline, node["children"]))


def _inline(inline: Mapping[str, Any]) -> Inline:
    match inline["type"]:
        case "text":
            return Text(inline["text"])
        case "code":
            return Code(inline["text"])
        case "break":
            return Break()
        case "emphasis":
            return Emphasis(_inlines(inline))
        case "strong":
            return Strong(_inlines(inline))
        case "link":
            return Link(_inlines(inline), inline["url"], inline["title"])
        case other:
            raise LookupError(f"a note has nothing of type {other!r} in a line")
