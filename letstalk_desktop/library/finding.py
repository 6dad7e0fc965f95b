"""Find words in one text, whatever their case and accents; places are those of the original text."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right

_SAME = {"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ", "\u00ad": ""}


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without case and accents, and for each of its characters where it came from (code points)."""
    out: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        if "a" <= character <= "z" or character in " \n":
            out.append(character)
            origins.append(index)
            continue
        lowered = character.casefold()
        for part in _SAME.get(lowered, lowered):
            for base in unicodedata.normalize("NFD", part):
                if not unicodedata.combining(base):
                    out.append(" " if base.isspace() else base)
                    origins.append(index)
    return "".join(out), origins


def find_in_text(text: str, words: str) -> list[tuple[int, int]]:
    """Every place [start, end) in code points where ``words`` stand in ``text``, in order, not overlapping."""
    needle = _folded(words)[0].strip(" \n")
    if not needle:
        return []
    haystack, origins = _folded(text)
    found = []
    at = haystack.find(needle)
    while at >= 0:
        last = origins[at + len(needle) - 1]
        end = bisect_right(origins, last)
        stop = origins[end] if end < len(origins) else len(text)
        found.append((origins[at], max(_trim_end(text, last + 1, stop), last + 1)))
        at = haystack.find(needle, at + len(needle))
    return found


def _trim_end(text: str, end: int, stop: int) -> int:
    """Take combining marks that follow the last character into the hit."""
    while end < stop and unicodedata.combining(text[end]):
        end += 1
    return end
