"""A note's tree as CommonMark that means the same to every reader of it: HTML and what only looks like markup is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
    parse_note,
    plain_inlines,
)
from letstalk_desktop.exporting.characters import carried

_ALWAYS = re.compile(r"[\\`*\[\]<]")
_OBSIDIAN = re.compile(r"[\\`*\[\]<#$=~%^|]")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])|(?<=_)_")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"((?:#{1,6}|[-+])(?=\s|$)|>|~{3,})|(\d{1,9})(?=[.)](?:\s|$))")
_DASHES = re.compile(r"[-=](?=[-=\s]*$)")
_EDGE = {" ": "&#32;", "\t": "&#9;", "\u00a0": "&#160;"}


def blocks_markdown(blocks: Sequence[NoteBlock], *, deeper: int = 0, obsidian: bool = False) -> str:
    """Markdown without a line end at its end. ``deeper``: by how many levels headings move down.

    Where Markdown has no words for a tree, its text stands without styles; no text is lost.
    """
    writer = _Writer(deeper, obsidian)
    return writer.blocks(blocks, tight=False)


def inlines_markdown(inlines: Sequence[Inline], *, obsidian: bool = False) -> str:
    """One paragraph's Markdown."""
    return _Writer(0, obsidian).paragraph(tuple(inlines))


def escaped(text: str, *, obsidian: bool = False) -> str:
    """Text in which nothing is markup, at the beginning of a line or within one; lines are parted by hard breaks."""
    lines = [line for line in carried(text).split("\n") if line.strip()]
    return _Writer(0, obsidian).text("\n".join(lines), "\n")


class _Writer:
    def __init__(self, deeper: int, obsidian: bool) -> None:
        self._deeper = deeper
        self._special = _OBSIDIAN if obsidian else _ALWAYS
        self._break = "  \n" if obsidian else "\\\n"

    def blocks(self, blocks: Sequence[NoteBlock], *, tight: bool) -> str:
        """Blocks one below the other."""
        parts: list[str] = []
        other = False
        for index, block in enumerate(blocks):
            before = blocks[index - 1] if index else None
            neighbours = isinstance(block, ItemList) and isinstance(before, ItemList)
            other = not other if neighbours else False
            parts.append(self._block(block, other))
        return ("\n" if tight else "\n\n").join(parts)

    def _block(self, block: NoteBlock, other: bool) -> str:
        match block:
            case Paragraph(children):
                return self.paragraph(children)
            case Heading(level, children):
                words = self.paragraph(tuple(Text(" ") if isinstance(child, Break) else child for child in children))
                words = re.sub(r"(#+)$", r"\\\1", words)
                return "#" * min(level + self._deeper, 6) + f" {words}"
            case CodeBlock(text, language):
                text = carried(text)
                fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
                info = re.sub(r"[`\n]", "", carried(language))
                return f"{fence}{info}\n{text}\n{fence}"
            case Rule():
                return "___"
            case Quote(children):
                inner = self.blocks(children, tight=False)
                return "\n".join(f"> {line}" if line else ">" for line in inner.split("\n"))
            case ItemList():
                return self._list(block, other)

    def _list(self, block: ItemList, other: bool) -> str:
        items: list[str] = []
        for index, item in enumerate(block.items):
            mark = ("*" if other else "-") if block.start is None else f"{block.start + index}{')' if other else '.'}"
            lines = self.blocks(item, tight=block.tight).split("\n")
            indent = " " * (len(mark) + 1)
            items.append("\n".join([f"{mark} {lines[0]}".rstrip(), *(indent + line if line else "" for line in lines[1:])]))
        return ("\n" if block.tight else "\n\n").join(items)

    def paragraph(self, children: tuple[Inline, ...]) -> str:
        """The paragraph's Markdown, checked: where styles would not be read as they are meant, they are left out."""
        styled = self._inlines(children, 0, "\n")
        if all(isinstance(child, Text | Break) for child in children):
            return styled
        wanted = (Paragraph(tuple(_carried(child) for child in children)),)
        if parse_note(styled) == wanted:
            return styled
        return self.text(plain_inlines(children), "\n")

    def _inlines(self, inlines: Sequence[Inline], depth: int, before: str) -> str:
        parts: list[str] = []
        for index, inline in enumerate(inlines):
            previous = parts[-1] if parts else before
            follower = inlines[index + 1] if index + 1 < len(inlines) else Break() if depth == 0 else Text("")
            parts.append(self._inline(inline, depth, previous, ends=isinstance(follower, Break)))
        return "".join(parts)

    def _inline(self, inline: Inline, depth: int, before: str, *, ends: bool) -> str:
        match inline:
            case Text(text):
                return self.text(text, before, ends=ends)
            case Break():
                return self._break
            case Code(text):
                text = carried(text)
                ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
                padded = text.startswith("`") or text.endswith("`") or (text[:1] == text[-1:] == " " and bool(text.strip()))
                return f"{ticks} {text} {ticks}" if padded else f"{ticks}{text}{ticks}"
            case Emphasis(children):
                mark = "*" if depth % 2 == 0 else "_"
                return f"{mark}{self._inlines(children, depth + 1, mark)}{mark}"
            case Strong(children):
                mark = "**" if depth % 2 == 0 else "__"
                return f"{mark}{self._inlines(children, depth + 1, mark)}{mark}"
            case Link(children, url, title):
                words = self._inlines(children, depth + 2, "[")
                address = f"<{url}>" if re.search(r"[\s()<>]", url) or not url else url
                quoted = title.replace("\\", "\\\\").replace('"', '\\"')
                return f'[{words}]({address} "{carried(quoted)}")' if title else f"[{words}]({address})"

    def text(self, text: str, before: str, *, ends: bool = True) -> str:
        """Characters in which nothing is markup; ``before`` stands before them, and with ``ends`` the line ends after them."""
        lines = carried(text).split("\n")
        first = before.endswith("\n") or not before
        last = len(lines) - 1
        return self._break.join(
            self._line(line, starts=index > 0 or first, ends=index < last or ends) for index, line in enumerate(lines)
        )

    def _line(self, line: str, *, starts: bool, ends: bool) -> str:
        line = self._special.sub(r"\\\g<0>", line)
        line = _UNDERSCORE.sub(r"\\_", line)
        line = _ENTITY.sub("&amp;", line)
        line = line.replace("!\\[", "\\!\\[")
        if starts:
            if found := _LINE_START.match(line):
                line = f"\\{line}" if found[1] else f"{found[2]}\\{line[found.end() :]}"
            elif _DASHES.match(line):
                line = f"\\{line}"
            if line[:1] in _EDGE:
                line = _EDGE[line[0]] + line[1:]
        if ends and line[-1:] in _EDGE:
            line = line[:-1] + _EDGE[line[-1]]
        return line


def _carried(inline: Inline) -> Inline:
    """The same inline with the characters that Markdown carries."""
    match inline:
        case Text(text):
            return Text(carried(text))
        case Code(text):
            return Code(carried(text))
        case Emphasis(children):
            return Emphasis(tuple(map(_carried, children)))
        case Strong(children):
            return Strong(tuple(map(_carried, children)))
        case Link(children, url, title):
            return Link(tuple(map(_carried, children)), url, carried(title))
        case other:
            return other
