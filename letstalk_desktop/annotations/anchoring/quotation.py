"""Find a quote by its own words and those around it, without the text it was taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from letstalk_desktop.annotations.anchoring import judgement
from letstalk_desktop.annotations.anchoring.alignment import Aligner, Run
from letstalk_desktop.annotations.anchoring.edges import edges
from letstalk_desktop.annotations.anchoring.index import WordIndex
from letstalk_desktop.annotations.anchoring.landmarks import Expectation
from letstalk_desktop.annotations.anchoring.passage import Agreement, Passage, agreement
from letstalk_desktop.annotations.anchoring.weights import Weights
from letstalk_desktop.annotations.anchoring.words import Vocabulary, Words, fold, read

_CONTEXT = 32  # code points of prefix and suffix: a word cut off there is not whole
_MARGIN = 6  # words around a candidate that may belong to it
_CANDIDATES = 6
_PULL = 6.0  # evidence of standing at the expected place
_PART_NATS = 1.2  # evidence of each letter of a cut-off word
_LIKENESS_NATS = 2.0  # evidence of context that agrees letter by letter


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quote with its context as words. ``start`` and ``end`` are its characters within ``words.text``.

    ``left_part`` and ``right_part`` are the folded pieces of words at which the context is cut off ("" where it is not).
    """

    words: Words
    passage: Passage
    start: int
    end: int
    left_part: str
    right_part: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """A stretch [start, end) of characters that may be the quote. ``score`` ranks sightings, in nats."""

    start: int
    end: int
    found: Agreement
    score: float


def quotation(exact: str, prefix: str, suffix: str, vocabulary: Vocabulary) -> Quotation:
    """The quote and its context as words of ``vocabulary``."""
    prefix, suffix = prefix[-4 * _CONTEXT :], suffix[: 4 * _CONTEXT]
    words = read(prefix + exact + suffix, vocabulary)
    start, end = len(prefix), len(prefix) + len(exact)
    first, last = words.between(start, end)
    left, right = 0, len(words)
    left_part = right_part = ""
    if len(prefix) >= _CONTEXT and first > 0 and words.starts[0] == 0:
        left, left_part = 1, fold(words.text[: words.ends[0]])
    if len(suffix) >= _CONTEXT and last < right and words.ends[-1] == len(words.text):
        right, right_part = right - 1, fold(words.text[words.starts[-1] :])
    passage = Passage(words.ids, first, last, min(left, first), max(right, last))
    return Quotation(words, passage, start, end, left_part, right_part)


class QuoteFinder:
    """Finds quotes in one text, through an index that is built once."""

    def __init__(self, new: Words, vocabulary: Vocabulary, weights: Weights) -> None:
        self._new, self._vocabulary, self._weights = new, vocabulary, weights
        self._index = WordIndex(new.ids, len(vocabulary), weights.nats)

    def sightings(self, sought: Quotation, expected: Expectation) -> list[Sighting]:
        """The stretches that may be the quote, best first."""
        self._weights.cover()
        seen: dict[tuple[int, int], Sighting] = {}
        for _, runs in self._index.candidates(sought.words.ids, _CANDIDATES):
            place = self._places(sought.words.ids, runs)
            found = agreement(sought.passage, place.__getitem__, self._weights.nats)
            if found is None:
                continue
            start, end = edges(sought.words, sought.start, sought.end, sought.passage, found, self._new)
            score = found.quote_bits + found.kept * (found.bits - found.quote_bits) + self._finer(sought, start, end, found)
            score += _PULL * expected.nearness(start)
            known = seen.get((start, end))
            if known is None or known.score < score:
                seen[start, end] = Sighting(start, end, found, score)
        return _distinct(sorted(seen.values(), key=lambda sighting: -sighting.score))

    def judge(self, sought: Quotation, sightings: list[Sighting], expected: Expectation) -> list[float]:
        """The probability of each sighting."""
        return [judgement.quoted(self.evidence(sought, sightings, number, expected)) for number in range(len(sightings))]

    def evidence(self, sought: Quotation, sightings: list[Sighting], number: int, expected: Expectation) -> tuple[float, ...]:
        """What speaks for one of the sightings."""
        sighting = sightings[number]
        rival = max((other.score for place, other in enumerate(sightings) if place != number), default=0.0)
        near = expected.nearness(sighting.start)
        return judgement.quoted_evidence(sought.passage, sighting.found, len(self._new), sighting.score - rival, near)

    def _places(self, ids: Sequence[int], runs: list[Run]) -> list[int]:
        size, total = len(ids), len(self._new)
        head, tail = runs[0], runs[-1]
        low = max(0, head[1] - head[0] - _MARGIN)
        high = min(total, tail[1] + tail[2] + size - tail[0] - tail[2] + _MARGIN)
        place = [-1] * size
        for a, b, length in Aligner(ids, self._new.ids, self._weights.nats).complete(runs, 0, size, low, high):
            place[a : a + length] = range(b, b + length)
        return place

    def _finer(self, sought: Quotation, start: int, end: int, found: Agreement) -> float:
        """Evidence below the level of words: letters of cut-off words, likeness of the characters around."""
        new, text = self._new, self._new.text
        nats = 0.0
        passage = sought.passage
        if sought.left_part and found.before > 0.999:
            word = found.start - (passage.first - passage.left) - 1
            if word >= 0 and fold(text[new.starts[word] : new.ends[word]]).endswith(sought.left_part):
                nats += _PART_NATS * min(6, len(sought.left_part))
        if sought.right_part and found.after > 0.999:
            word = found.end + passage.right - passage.last
            if word < len(new) and fold(text[new.starts[word] : new.ends[word]]).startswith(sought.right_part):
                nats += _PART_NATS * min(6, len(sought.right_part))
        prefix, suffix = sought.words.text[: sought.start], sought.words.text[sought.end :]
        likeness = fuzz.ratio(prefix, text[max(0, start - len(prefix)) : start]) + fuzz.ratio(
            suffix, text[end : end + len(suffix)]
        )
        return nats + _LIKENESS_NATS * likeness / 100


def _distinct(ranked: list[Sighting]) -> list[Sighting]:
    """Without those that share most of their stretch with a better one."""
    kept: list[Sighting] = []
    for sighting in ranked:
        length = sighting.end - sighting.start
        if all(
            min(other.end, sighting.end) - max(other.start, sighting.start) <= 0.3 * min(length, other.end - other.start)
            for other in kept
        ):
            kept.append(sighting)
    return kept
