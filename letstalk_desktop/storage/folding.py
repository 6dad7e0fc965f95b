"""Text made comparable: without case, accents, ligatures and typographic variants."""

from __future__ import annotations

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


def fold(text: str) -> str:
    """``text`` in the form in which two spellings of the same words are equal; runs of white space become one space."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_SAME))
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(text.casefold().split())
