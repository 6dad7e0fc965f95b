"""From words back to characters: where a found passage begins and ends."""

from __future__ import annotations

from letstalk_desktop.annotations.anchoring.passage import Agreement, Passage
from letstalk_desktop.annotations.anchoring.words import Words, fold

SAME = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "\u00a0": " ", "\u202f": " "}
)


def edges(source: Words, start: int, end: int, passage: Passage, found: Agreement, new: Words) -> tuple[int, int]:
    """The characters [start, end) of ``new`` for the quote source.text[start:end], found as ``found``.

    Punctuation at the quote's edges is taken along where it still stands there; a quote that begins or ends within a word
    does so again where the word is the same.
    """
    left, right = new.starts[found.start], new.ends[found.end - 1]
    if found.first == passage.first:
        word = source.starts[found.first]
        if start > word:
            inner = start - word
            if _same_word(source, found.first, new, found.start):
                left += inner
        else:
            left = _back(source.text[start:word], new.text, left)
    if found.last == passage.last - 1:
        word_end = source.ends[found.last]
        if end < word_end:
            if _same_word(source, found.last, new, found.end - 1):
                right -= word_end - end
        else:
            right = _forth(source.text[word_end:end], new.text, right)
    return left, max(left + 1, right)


def _same_word(a: Words, i: int, b: Words, j: int) -> bool:
    return a.ends[i] - a.starts[i] == b.ends[j] - b.starts[j] and fold(a.text[a.starts[i] : a.ends[i]]) == fold(
        b.text[b.starts[j] : b.ends[j]]
    )


def _back(lead: str, text: str, place: int) -> int:
    """Walk back over the quote's leading punctuation as far as it stands in the text."""
    position = place
    for char in reversed(lead):
        if position == 0:
            break
        if char.isspace():
            if text[position - 1].isspace():
                position -= 1
            continue
        if text[position - 1].translate(SAME) != char.translate(SAME):
            break
        position -= 1
        place = position
    return place


def _forth(tail: str, text: str, place: int) -> int:
    """Walk on over the quote's closing punctuation as far as it stands in the text."""
    position = place
    for char in tail:
        if position >= len(text):
            break
        if char.isspace():
            if text[position].isspace():
                position += 1
            continue
        if text[position].translate(SAME) != char.translate(SAME):
            break
        position += 1
        place = position
    return place
