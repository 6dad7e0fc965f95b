"""A note as a small frozen tree: CommonMark without raw HTML. The only module that parses notes.

The window's margin and every export draw this tree, so a note looks alike everywhere. What is not markup appears exactly as
typed: HTML is text, a line typed is a line shown, and a link definition that nothing refers to stays visible. A link keeps
its address, an image is its description; nothing is ever fetched. A tree is never deeper than ``MAX_DEPTH`` in blocks and in
inlines: what is nested deeper moves up, with all its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_DEPTH = 8
_PARSER_DEPTH = 30
# One line that begins with a letter: no block but a paragraph can begin so.
_ONE_LINE = re.compile(r"[^\W\d][^\0\n\r]*")
_MANY_BRACKETS = 10_000
# One line in which nothing can be markup: most notes, and no work for the parser.
_ONE_PLAIN_LINE = re.compile(r"[^\W\d][^\\`*_\[\]<&\0\n\r]*")


@dataclass(frozen=True, slots=True)
class Text:
    """Characters as they are to be shown."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A run of code."""

    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a line within a paragraph."""


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Emphasized inlines."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Strongly emphasized inlines."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Inlines with an address (percent-encoded). ``title`` is what was written in quotation marks after the address."""

    children: tuple[Inline, ...]
    url: str
    title: str = ""


Inline = Text | Code | Break | Emphasis | Strong | Link


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a note; ``level`` 1 to 6."""

    level: int
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines of code, without the last line end. ``language`` as written after the fence, or ''."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation."""

    children: tuple[NoteBlock, ...]


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list. ``start`` is the first number of an ordered list; None for bullets. ``tight``: no blank lines between items."""

    items: tuple[tuple[NoteBlock, ...], ...]
    start: int | None = None
    tight: bool = True


NoteBlock = Paragraph | Heading | CodeBlock | Rule | Quote | ItemList


def parse_note(note: str) -> tuple[NoteBlock, ...]:
    """The tree of a note; empty for a note of white space. Never fails: what cannot be parsed is shown as typed."""
    words = note.strip()
    if not words:
        return ()
    if _ONE_PLAIN_LINE.fullmatch(words) and not note[0].isspace():
        return (Paragraph((Text(words),)),)
    if note.count("[") > _MANY_BRACKETS:  # the parser's time grows with the square of unmatched brackets
        return as_typed(note)
    if _ONE_LINE.fullmatch(words) and not note[0].isspace():
        inlines: list[Token] = []
        _PARSER.inline.parse(words, _PARSER, {}, inlines)
        children = _Builder((), "").inlines(inlines)
        return (Paragraph(children),) if plain_inlines(children).strip() else as_typed(note)
    stand_in = _stand_in(note) if "\0" in note else ""
    source = note.replace("\0", stand_in) if stand_in else note
    environment: dict[str, Any] = {}
    tokens = _PARSER.parse(source, environment)
    if any(token.level >= _PARSER_DEPTH - 1 for token in tokens):
        return as_typed(note)
    builder = _Builder(tokens, stand_in)
    blocks = builder.blocks(tuple(_unused_definitions(source, tokens, environment)))
    return blocks if _has_words(blocks) else as_typed(note)


def as_typed(text: str) -> tuple[NoteBlock, ...]:
    """Text without any markup: a paragraph for each run of lines, each line on its own."""
    paragraphs: list[NoteBlock] = []
    lines: list[Inline] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.strip():
            lines.extend((Break(), Text(line)) if lines else (Text(line),))
        elif lines:
            paragraphs.append(Paragraph(tuple(lines)))
            lines = []
    if lines:
        paragraphs.append(Paragraph(tuple(lines)))
    return tuple(paragraphs)


def plain_text(blocks: Sequence[NoteBlock]) -> str:
    """The words of a note without markup: blocks parted by line ends, list items begin with "- " or their number."""
    return "\n".join(_plain_lines(blocks))


def plain_inlines(inlines: Sequence[Inline]) -> str:
    """The words of inlines without markup; a link's address follows its words unless it is the words."""
    parts: list[str] = []
    for inline in inlines:
        match inline:
            case Text(text) | Code(text):
                parts.append(text)
            case Break():
                parts.append("\n")
            case Emphasis(children) | Strong(children):
                parts.append(plain_inlines(children))
            case Link(children, url):
                words = plain_inlines(children)
                parts.append(words if shows_address(inline) else f"{words} ({url})" if words else url)
    return "".join(parts)


def shows_address(link: Link) -> bool:
    """Whether a link's words already are its address, so that it need not be shown again."""
    words = "".join(child.text for child in link.children if isinstance(child, Text))
    bare = link.url.removeprefix("mailto:")
    return words in (link.url, bare) or _PARSER.normalizeLink(words) in (link.url, bare)


def _plain_lines(blocks: Sequence[NoteBlock]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(children) | Heading(_, children):
                yield plain_inlines(children)
            case CodeBlock(text):
                yield text
            case Rule():
                yield "* * *"
            case Quote(children):
                yield from _plain_lines(children)
            case ItemList(items, start):
                for index, item in enumerate(items):
                    mark = "- " if start is None else f"{start + index}. "
                    yield mark + "\n".join(_plain_lines(item))


_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": _PARSER_DEPTH, "store_labels": True})


def _has_words(blocks: Sequence[NoteBlock]) -> bool:
    """Whether anything is left to see but lines and bullets."""
    for block in blocks:
        match block:
            case Paragraph(children) | Heading(_, children):
                if plain_inlines(children).strip():
                    return True
            case CodeBlock(text):
                if text.strip():
                    return True
            case Quote(inner):
                if _has_words(inner):
                    return True
            case ItemList(items):
                if any(_has_words(item) for item in items):
                    return True
    return False


def _stand_in(note: str) -> str:
    """A character that stands for U+0000, which the parser would replace, and that the note does not hold."""
    return next((mark for mark in map(chr, range(0xFDD0, 0xFDF0)) if mark not in note), "\N{REPLACEMENT CHARACTER}")


def _unused_definitions(source: str, tokens: Sequence[Token], environment: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """(first line, text as typed) of each link definition that no link uses."""
    definitions: dict[str, dict[str, Any]] = environment.get("references", {})
    doubles: list[dict[str, Any]] = environment.get("duplicate_refs", [])
    if not definitions:
        return
    used = {
        child.meta["label"]
        for token in tokens
        for outer in token.children or ()
        for child in (outer, *(outer.children or ()))
        if "label" in child.meta
    }
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for label, definition in [*definitions.items(), *((None, double) for double in doubles)]:
        if label is None or label not in used:
            first, last = definition["map"]
            yield first, "\n".join(lines[first:last])


class _Builder:
    """Turns the parser's flat tokens into the tree."""

    def __init__(self, tokens: Sequence[Token], stand_in: str) -> None:
        self._tokens = tokens
        self._stand_in = stand_in
        self._position = 0

    def blocks(self, definitions: Sequence[tuple[int, str]]) -> tuple[NoteBlock, ...]:
        """All blocks, with the given (line, text as typed) put in before the first block that begins after their line."""
        waiting = sorted(definitions)
        result: list[NoteBlock] = []
        while self._position < len(self._tokens):
            lines = self._tokens[self._position].map
            while waiting and lines is not None and waiting[0][0] < lines[0]:
                result.extend(as_typed(self._restore(waiting.pop(0)[1])))
            result.extend(self._block(1))
        for _, text in waiting:
            result.extend(as_typed(self._restore(text)))
        return tuple(result)

    def _block(self, depth: int) -> tuple[NoteBlock, ...]:
        token = self._next()
        match token.type:
            case "paragraph_open":
                return (Paragraph(self._inline_block()),)
            case "heading_open":
                return (Heading(int(token.tag[1]), self._inline_block()),)
            case "fence" | "code_block":
                text = self._restore(token.content)
                return (CodeBlock(text.removesuffix("\n"), self._restore(token.info.strip())),)
            case "hr":
                return (Rule(),)
            case "blockquote_open":
                inner = self._until("blockquote_close", depth)
                return inner if depth >= MAX_DEPTH else (Quote(inner),)
            case "bullet_list_open" | "ordered_list_open":
                return self._list(token, depth)
            case other:
                raise AssertionError(other)

    def _list(self, opening: Token, depth: int) -> tuple[NoteBlock, ...]:
        items: list[tuple[NoteBlock, ...]] = []
        tight = True
        closing = opening.type.replace("open", "close")
        while self._next().type != closing:
            following = self._tokens[self._position]
            tight = tight and (following.type != "paragraph_open" or following.hidden)
            items.append(self._until("list_item_close", depth))
        if depth >= MAX_DEPTH:
            return tuple(block for item in items for block in item)
        start = None if opening.type == "bullet_list_open" else int(opening.attrs.get("start", 1))
        return (ItemList(tuple(items), start, tight),)

    def _until(self, closing: str, depth: int) -> tuple[NoteBlock, ...]:
        result: list[NoteBlock] = []
        while self._tokens[self._position].type != closing:
            result.extend(self._block(depth + 1))
        self._next()
        return tuple(result)

    def _inline_block(self) -> tuple[Inline, ...]:
        inlines = self.inlines(self._next().children or [])
        self._next()
        return inlines

    def inlines(self, tokens: Sequence[Token]) -> tuple[Inline, ...]:
        stack: list[tuple[Token | None, list[Inline]]] = [(None, [])]
        for token in tokens:
            match token.type:
                case "em_open" | "strong_open" | "link_open":
                    stack.append((token, []))
                case "em_close" | "strong_close" | "link_close":
                    opening, children = stack.pop()
                    assert opening is not None
                    deep = len(stack) > MAX_DEPTH and opening.type != "link_open"
                    stack[-1][1].extend(children if deep else [self._wrapped(opening, tuple(children))])
                case "softbreak" | "hardbreak":
                    stack[-1][1].append(Break())
                case "code_inline":
                    stack[-1][1].append(Code(self._restore(token.content)))
                case "image":
                    description = plain_inlines(self.inlines(token.children or []))
                    stack[-1][1].append(Text(description or str(token.attrs.get("src", ""))))
                case _:
                    if token.content:
                        stack[-1][1].append(Text(self._restore(token.content)))
        return _joined(stack[0][1])

    def _wrapped(self, opening: Token, children: tuple[Inline, ...]) -> Inline:
        children = _joined(children)
        if opening.type == "link_open":
            url, title = str(opening.attrs.get("href", "")), str(opening.attrs.get("title", ""))
            return Link(children, url, self._restore(title))
        return Emphasis(children) if opening.type == "em_open" else Strong(children)

    def _next(self) -> Token:
        token = self._tokens[self._position]
        self._position += 1
        return token

    def _restore(self, text: str) -> str:
        return text.replace(self._stand_in, "\0") if self._stand_in else text


def _joined(inlines: Sequence[Inline]) -> tuple[Inline, ...]:
    """The same with neighbouring texts joined."""
    result: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Text) and result and isinstance(result[-1], Text):
            result[-1] = Text(result[-1].text + inline.text)
        else:
            result.append(inline)
    return tuple(result)
