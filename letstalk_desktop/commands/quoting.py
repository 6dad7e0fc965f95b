"""Find the words that somebody quotes: exactly, else as they would be typed on an ordinary keyboard."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from letstalk_desktop.errors import NotFound
from letstalk_desktop.language import N_
from letstalk_desktop.library.model import Chapter
from letstalk_desktop.library.text import locator_at, trimmed

_ALIKE = ("'’‘ʼ", '"“”„«»', "-‐‑–—")
_LIGATURES = {"oe": "œ", "OE": "Œ", "Oe": "Œ", "ae": "æ", "AE": "Æ", "Ae": "Æ", "...": "…", "…": r"\.\.\."}
_AFTER_A_SPACE = "?!:;%"
_SHOWN = 60  # characters of a quote in a message


def find_quote(chapter: Chapter, quote: str, others: Callable[[], Iterable[Chapter]]) -> tuple[int, int]:
    """Where the quote stands in the chapter's text of record, in code points.

    Raises NotFound with the locators where it stands more than once, or nowhere (then with those in the ``others``, the other
    chapters, which are only made if need be).
    """
    found = places(chapter.text, quote)
    if len(found) == 1:
        return found[0]
    shown = _shortened(quote)
    if found:
        raise NotFound(
            N_("“{quote}” stands {count} times in chapter {chapter}: {locators}. Quote more of the words around it."),
            quote=shown,
            count=len(found),
            chapter=chapter.label,
            locators=", ".join(locator_at(chapter, start) for start, _end in found),
        )
    elsewhere = [locator_at(other, start) for other in others() for start, _end in places(other.text, quote)]
    if elsewhere:
        raise NotFound(
            N_("“{quote}” is not in chapter {chapter} ({span}); it stands at {locators}. Name that chapter."),
            quote=shown,
            chapter=chapter.label,
            span=_span(chapter),
            locators=", ".join(elsewhere),
        )
    if any(places(words, quote) for words in (chapter.title, chapter.lede, *chapter.in_short)):
        raise NotFound(
            N_("“{quote}” stands above the text of chapter {chapter}; only what is in its paragraphs ({span}) can be marked."),
            quote=shown,
            chapter=chapter.label,
            span=_span(chapter),
        )
    raise NotFound(
        N_("“{quote}” is not in chapter {chapter} ({span}). Copy the words from “letstalk show”, in the same language."),
        quote=shown,
        chapter=chapter.label,
        span=_span(chapter),
    )


def places(text: str, quote: str) -> list[tuple[int, int]]:
    """Every place [start, end) of the quote, overlapping ones too; the loosely spelled ones only where none is exact."""
    found = []
    at = text.find(quote)
    while at >= 0:
        found.append(trimmed(text, at, at + len(quote)))
        at = text.find(quote, at + 1)
    if found:
        return found
    pattern = _loose(quote)
    return [trimmed(text, *match.span(1)) for match in pattern.finditer(text)] if pattern else []


def _loose(quote: str) -> re.Pattern[str] | None:
    """The quote whatever its white space, apostrophes, quotation marks, hyphens, ligatures and composition of accents."""
    words = unicodedata.normalize("NFC", quote).replace("\u00ad", "").split()
    if not words:
        return None
    parts = [r"\u00ad?".join(_character(character) for character in _spelled(word)) for word in words]
    return re.compile("(?=(" + r"\s+".join(parts) + "))")  # looks ahead, so that overlapping places are found too


def _spelled(word: str) -> list[str]:
    return re.findall(r"oe|OE|Oe|ae|AE|Ae|\.\.\.|.", word)


def _character(spelled: str) -> str:
    """What may stand for a character, or for two or three that are spelled for one."""
    if spelled in _LIGATURES:
        return f"(?:{re.escape(spelled)}|{_LIGATURES[spelled]})"
    for alike in _ALIKE:
        if spelled in alike:
            return f"[{re.escape(alike)}]"
    if spelled in _AFTER_A_SPACE:  # in French print, not always in typing
        return rf"\s?{re.escape(spelled)}"
    decomposed = unicodedata.normalize("NFD", spelled)
    return re.escape(spelled) if decomposed == spelled else f"(?:{re.escape(spelled)}|{re.escape(decomposed)})"


def _span(chapter: Chapter) -> str:
    numbered = [block for block in chapter.blocks if block.number]
    if not numbered:
        return chapter.label
    return f"{chapter.locator(numbered[0])}–{chapter.locator(numbered[-1])}"


def _shortened(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
