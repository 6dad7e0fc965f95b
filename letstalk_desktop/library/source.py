"""The author's Markdown as lines: where each block starts, so that errors can name a line and ids can be written back.

Python-Markdown forgets line numbers. ``mark_lines`` puts a mark of private-use characters at the start of every block's text;
the compiler takes them out of the parsed tree again. The same pass turns fenced code into indented code and shields the bar
of ``[[concept|words]]`` from the table parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MARK_OPEN, MARK_CLOSE = "\ue000", "\ue001"
CONCEPT_OPEN, CONCEPT_BAR, CONCEPT_CLOSE = "\ue002", "\ue003", "\ue004"
PRIVATE = re.compile("[\ue000-\ue00a]")
# The parser treats no-break spaces as white space that it may change; they pass through it in disguise.
_DISGUISED = str.maketrans({"\u00a0": "\ue005", "\u202f": "\ue006", "\u2007": "\ue007", "\u2009": "\ue008"})
_REVEALED = str.maketrans({"\ue005": "\u00a0", "\ue006": "\u202f", "\ue007": "\u2007", "\ue008": "\u2009"})
MARK = re.compile(f"{MARK_OPEN}([0-9]+){MARK_CLOSE}")

_FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})[^`]*$")
_QUOTE = re.compile(r"^(\s*>\s?)+")
_BOX = re.compile(r"^\s*!!!\s*")
_HEADING = re.compile(r"^(\s*#{1,6}\s+)(?=\S)")
_ITEM = re.compile(r"^(\s*(?:[-*+]|[0-9]+[.)])\s+)(?=\S)")
_DEFINITION = re.compile(r"^(\s*(?::\s+|\[\^[^\]]+\]:\s*))(?=\S)")
_UNMARKED = re.compile(r"^\s*(?:\*\[[^\]]+\]:|\[[^\]^@][^\]]*\]:\s*\S+|(?:[-*_]\s*){3,}$|=+\s*$)")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_CONCEPT = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]*))?\]\]")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ID_LINE = re.compile(r"^\s*\{:?\s*#[^{}]*\}\s*$")
_ID_END = re.compile(r"\{:?\s*#[A-Za-z0-9_-]+[^{}]*\}\s*$")


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """Lines [first, last] (from 1) that hold the text of one block. ``needs_own_line``: its id goes on a line of its own."""

    first: int
    last: int
    needs_own_line: bool
    has_id: bool


def without_comments(source: str) -> str:
    """The source with HTML comments blanked, line numbers kept."""
    return _COMMENT.sub(lambda found: "\n" * found.group().count("\n"), source)


def mark_lines(source: str) -> str:
    """The source ready for the parser: every block's text starts with a mark that holds its line number (from 1)."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").translate(_DISGUISED)
    lines = without_comments(source).split("\n")
    out: list[str] = []
    fence = ""
    fence_indent = ""
    after_blank = True
    for number, line in enumerate(lines, 1):
        opening = _FENCE.match(line)
        if fence:
            if opening and opening.group(2).startswith(fence) and line.strip() == opening.group(2):
                fence = ""
                out.append("")
                after_blank = True
            else:
                out.append(fence_indent + "    " + line.removeprefix(fence_indent))
            continue
        if opening and after_blank:
            fence, fence_indent = opening.group(2)[:3], opening.group(1)
            out.append(f"{fence_indent}    {MARK_OPEN}{number}{MARK_CLOSE}")
            continue
        if not _QUOTE.sub("", line).strip():  # blank, also inside a quotation
            after_blank = True
            out.append(line)
            continue
        out.append(_marked(line, number, after_blank, lines[number] if number < len(lines) else ""))
        after_blank = bool(_BOX.match(line))
    return "\n".join(out)


def _marked(line: str, number: int, after_blank: bool, following: str) -> str:
    line = _CONCEPT.sub(lambda m: f"{CONCEPT_OPEN}{m.group(1)}{CONCEPT_BAR}{m.group(2) or ''}{CONCEPT_CLOSE}", line)
    mark = f"{MARK_OPEN}{number}{MARK_CLOSE}"
    quote = _QUOTE.match(line)
    head, rest = (line[: quote.end()], line[quote.end() :]) if quote else ("", line)
    if _BOX.match(rest) or _UNMARKED.match(rest):
        return line
    for pattern in (_HEADING, _ITEM):
        found = pattern.match(rest)
        if found:
            return head + found.group(1) + mark + rest[found.end() :]
    found = _DEFINITION.match(rest)
    if found:
        return head + found.group(1) + mark + rest[found.end() :]
    if not after_blank:
        return line
    if "|" in rest and _TABLE_RULE.match(_QUOTE.sub("", following)) and "|" in following:
        cell = re.match(r"^\s*\|?", rest)
        end = cell.end() if cell else 0
        return head + rest[:end] + mark + rest[end:]
    indent = len(rest) - len(rest.lstrip(" \t"))
    return head + rest[:indent] + mark + rest[indent:]


def revealed(text: str) -> str:
    """The text with its no-break spaces as they were written."""
    return text.translate(_REVEALED)


def line_of(source: str, token: str, occurrence: int = 0) -> int:
    """The line (from 1) of the given occurrence (from 0) of ``token`` in the source; 1 where it is not found."""
    at = -1
    for _ in range(occurrence + 1):
        following = source.find(token, at + 1)
        if following < 0:
            break
        at = following
    return source.count("\n", 0, at) + 1 if at >= 0 else 1


def insert_ids(source: str, ids: dict[int, str], own_line: frozenset[int]) -> str:
    """The source with ``{#id}`` added to the blocks that start at the given lines (from 1).

    For lines in ``own_line`` (tables, figures) the id stands on a line of its own after the block.
    """
    lines = source.split("\n")
    out: list[str] = []
    number = 0
    while number < len(lines):
        number += 1
        line = lines[number - 1]
        if number not in ids:
            out.append(line)
            continue
        last = _last_line(lines, number, number in own_line)
        block = lines[number - 1 : last]
        if number in own_line:
            indent = block[0][: len(block[0]) - len(block[0].lstrip(" >"))]
            out += [*block, indent.rstrip() if ">" in indent else "", f"{indent}{{#{ids[number]}}}"]
        else:
            out += [*block[:-1], f"{block[-1].rstrip()} {{#{ids[number]}}}"]
        number = last
    return "\n".join(out)


def _last_line(lines: list[str], first: int, whole: bool) -> int:
    """The last line (from 1) of the block that starts at line ``first``."""
    last = first
    if _HEADING.match(_QUOTE.sub("", lines[first - 1])):
        return first
    fence = _FENCE.match(lines[first - 1])
    if fence:
        closing = (number for number in range(first + 1, len(lines) + 1) if lines[number - 1].strip() == fence.group(2))
        return next(closing, len(lines))
    while last < len(lines):
        following = lines[last]
        bare = _QUOTE.sub("", following)
        if not bare.strip() or (not whole and any(opens.match(bare) for opens in (_ITEM, _HEADING, _BOX, _DEFINITION))):
            break
        last += 1
    return last
