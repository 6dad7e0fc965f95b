"""Quotation marks around what may hold quotation marks itself."""

from __future__ import annotations

import re

# Outer and inner marks with the no-break spaces that belong to them.
MARKS = {"en": ("“", "”", "‘", "’"), "fr": ("«\u00a0", "\u00a0»", "“", "”")}
_SPACES = "[ \u00a0\u202f]?"
_OUTER = re.compile(f'“([^“”]*)”|«{_SPACES}([^«»]*?){_SPACES}»|(?<!\\S)"([^"]*)"')
_INNER = re.compile("(?<!\\w)‘([^‘“”]*?)’(?!\\w)")


def quoted(words: str, language: str) -> str:
    """The words in the quotation marks of ``language`` (English for any other); marks within them become inner marks."""
    opening, closing, inner_opening, inner_closing = MARKS.get(language, MARKS["en"])

    def nested(found: re.Match[str]) -> str:
        inside = next(group for group in found.groups() if group is not None)
        if inner_opening == "‘":
            inside = _INNER.sub("“\\1”", inside)
        return f"{inner_opening}{inside}{inner_closing}"

    return f"{opening}{_OUTER.sub(nested, words)}{closing}"
