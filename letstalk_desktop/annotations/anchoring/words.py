"""A text as a sequence of words: what two editions are compared by.

Words are folded (case, accents, ligatures, soft hyphens, composed or decomposed letters do not matter) and numbered by a
vocabulary that the compared texts share. Spaces and punctuation are no words; they come back when edges are set.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass

# A word goes on over combining marks, soft hyphens, zero-width characters and the low lines within a name; an ideograph, kana
# or emoji is a word by itself.
_WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u2600-\u27bf\U0001f000-\U0001faff]"
    "|[^\\W_](?:_*[^\\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[\u0300-\u036f\u00ad\u200b-\u200d\u2060])*"
)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})


def fold(word: str) -> str:
    """The word without case, accents, ligatures, soft hyphens and zero-width characters."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold()).translate(_LIGATURES)
    return "".join(char for char in plain if not unicodedata.combining(char) and unicodedata.category(char) != "Cf")


class Vocabulary:
    """Numbers for folded words, shared by the texts that are compared."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}  # as written and folded forms alike
        self.spelled: list[str] = []  # folded form by number

    def __len__(self) -> int:
        return len(self.spelled)

    def number(self, word: str) -> int:
        """The number of a word as written."""
        known = self._numbers.get(word)
        if known is not None:
            return known
        folded = fold(word)
        number = self._numbers.get(folded)
        if number is None:
            number = self._numbers[folded] = len(self.spelled)
            self.spelled.append(folded)
        self._numbers[word] = number
        return number


@dataclass(frozen=True, slots=True)
class Words:
    """A text and its words: numbers and their [start, end) in code points."""

    text: str
    ids: list[int]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.ids)

    def between(self, start: int, end: int) -> tuple[int, int]:
        """The words [first, last) that share a character with text[start:end]."""
        first = bisect_left(self.ends, start + 1)
        return first, max(first, bisect_left(self.starts, end))

    def lines(self) -> list[tuple[int, int]]:
        """The words [first, last) of each line that has any."""
        found: list[tuple[int, int]] = []
        first, position, total = 0, 0, len(self.ids)
        while first < total:
            position = self.text.find("\n", self.starts[first])
            last = total if position < 0 else bisect_left(self.starts, position, lo=first)
            found.append((first, last))
            first = last
        return found


def read(text: str, vocabulary: Vocabulary) -> Words:
    """The words of a text, numbered by ``vocabulary``."""
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    known = vocabulary._numbers
    for match in _WORD.finditer(text):
        word = match[0]
        number = known.get(word)
        ids.append(vocabulary.number(word) if number is None else number)
        start = match.start()
        starts.append(start)
        ends.append(start + len(word))
    return Words(text, ids, starts, ends)
