"""Text made comparable: without case, accents, ligatures and typographic variants."""

from __future__ import annotations

import re
import unicodedata

_SAME = str.maketrans(
    {
        "œ": "oe",
        "Œ": "oe",
        "æ": "ae",
        "Æ": "ae",
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "“": '"',
        "”": '"',
        "‐": "-",
        "‑": "-",
        "\u00ad": None,
        "\u200b": None,
        "\ufeff": None,
    }
)


_MAYBE_COMBINING = re.compile("[\u0300-\U0010ffff]")


def fold(text: str) -> str:
    """``text`` in the form in which two spellings of the same words are equal; runs of white space become one space."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_SAME))
        text = _MAYBE_COMBINING.sub(_without_mark, decomposed)
    return " ".join(text.casefold().split())


def _without_mark(found: re.Match[str]) -> str:
    return "" if unicodedata.combining(found[0]) else found[0]
