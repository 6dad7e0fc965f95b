"""Makes any text printable: what no font shows becomes a visible ``[U+XXXX]``, counted; endless words get places to break.

Works on a whole JSON document at once (``json.dumps`` with ``ensure_ascii=False``), because most documents need nothing done.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from letstalk_desktop.exporting.coverage import Coverage

# What English and French texts are made of, and what every text font of ours has: nothing to look up.
USUAL = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x100)])) | frozenset("œŒ‘’“”–—…•†‡\u202f‑€")
UNUSUAL = re.compile("[^ -~\xa0-\xac\xae-\xffœŒ‘’“”–—…•†‡\u202f‑€]")  # what is none of these; a test holds them equal
ZERO_WIDTH_SPACE = "\u200b"
_LONG = 50  # code points without a place to break, less than the narrowest line
_PIECE = 12
_ENDLESS = re.compile(rf"[^\s\u200b\u00ad/\-]{{{_LONG},}}")
_CONTROL = re.compile(r"\\(?:u00([01][0-9a-f])|[bf\\\"/nrt])")
_VISIBLE_TEXT = frozenset(
    {"text", "quote", "before", "after", "term", "title", "definition", "question_text", "name", "reader", "author", "url"}
    | {"question", "guidance", "lede", "description", "in_short", "chapter_title", "footer", "todo_origin", "counts_text"}
)


def printable(document: str, coverage: Coverage) -> tuple[str, dict[str, int]]:
    """The document with replacements, and how often each character is replaced in what is printed."""
    seen: set[str] = set()
    changed = _without_controls(document, seen)
    present = set(UNUSUAL.findall(changed))
    missing = present - coverage.all
    if missing:
        changed = _coded(changed, missing)
    marks = {character for character in present - missing if unicodedata.category(character).startswith("M")}
    if marks:
        changed = _with_lone_marks(changed, marks, coverage, seen)
    return _finished(document, changed, missing | seen)


def strict(document: str, coverage: Coverage) -> tuple[str, dict[str, int]]:
    """As ``printable``, but for a document that still cannot be set: only letters of the text fonts stay as they are."""
    seen: set[str] = set()
    changed = _without_controls(document, seen)
    text_fonts = [font for font in coverage.fonts if "é" in font and "ж" in font]
    safe = frozenset[str]().union(*text_fonts[:1]).intersection(*text_fonts)
    unsafe = {mark for mark in set(changed) if mark not in safe or unicodedata.category(mark).startswith(("M", "C"))}
    return _finished(document, _coded(changed, unsafe), unsafe | seen)


def visible(character: str) -> str:
    """What stands for a character that no font shows."""
    return f"[U+{ord(character):04X}]"


def _coded(document: str, characters: Iterable[str]) -> str:
    return document.translate({ord(character): visible(character) for character in characters})


def _finished(before: str, after: str, characters: set[str]) -> tuple[str, dict[str, int]]:
    """The changed document with places to break, and the count of each replaced character in its printed texts."""
    replaced: dict[str, int] = {}
    if characters:
        old, new = ("\0".join(_printed(json.loads(text), "")) for text in (before, after))
        counts = {mark: new.count(visible(mark)) - old.count(visible(mark)) for mark in characters}
        replaced = {mark: count for mark, count in counts.items() if count}
    # Long words only, because a look with the pattern at every place takes several times longer.
    if any(len(word) >= _LONG and _ENDLESS.search(word) for word in after.split()):
        after = json.dumps(_breakable(json.loads(after), ""), ensure_ascii=False)
    return after, replaced


def _printed(value: Any, key: str) -> Iterator[str]:
    """The strings of a document that a template prints."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _printed(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _printed(item, key)
    elif isinstance(value, str) and key in _VISIBLE_TEXT:
        yield value


def _without_controls(document: str, seen: set[str]) -> str:
    """Control characters, which JSON escapes, as visible codes; line ends and tabs stay."""
    if "\\u00" not in document and "\\b" not in document and "\\f" not in document:
        return document

    def replace(found: re.Match[str]) -> str:
        escape = found[0]
        if found[1]:
            character = chr(int(found[1], 16))
        elif escape in ("\\b", "\\f"):
            character = {"\\b": "\b", "\\f": "\f"}[escape]
        else:
            return escape
        seen.add(character)
        return visible(character)

    return _CONTROL.sub(replace, document)


def _with_lone_marks(document: str, marks: Iterable[str], coverage: Coverage, seen: set[str]) -> str:
    """Marks (accents, enclosing signs) that no font can set on their letter as visible codes after it."""
    group = "".join(re.escape(mark) for mark in marks)

    def replace(found: re.Match[str]) -> str:
        cluster = found[0]
        if coverage.shows(cluster) or coverage.shows(unicodedata.normalize("NFC", cluster)):
            return cluster
        seen.update(found[2])
        return found[1] + "".join(map(visible, found[2]))

    return re.sub(rf"([^{group}]?)([{group}]+)", replace, document)


def _breakable(value: Any, key: str) -> Any:
    """The same values with zero-width spaces in the endless words of what is printed; addresses of links stay whole."""
    if isinstance(value, dict):
        link = value.get("type") == "link" or "italic" in value
        return {name: item if link and name == "url" else _breakable(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_breakable(item, key) for item in value]
    if isinstance(value, str) and key in _VISIBLE_TEXT:
        return _ENDLESS.sub(lambda found: _pieces(found[0]), value)
    return value


def _pieces(word: str) -> str:
    """A word with a place to break every few characters, never before a mark, a joiner or the second of a pair."""
    parts: list[str] = []
    for character in word:
        joined = unicodedata.category(character).startswith("M") or character in "\u200d\ufe0f"
        after_joiner = bool(parts) and parts[-1].endswith("\u200d")
        if parts and (len(parts[-1]) < _PIECE or joined or after_joiner):
            parts[-1] += character
        else:
            parts.append(character)
    return ZERO_WIDTH_SPACE.join(parts)
