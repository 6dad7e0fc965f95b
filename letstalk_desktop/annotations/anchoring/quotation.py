"""Find a quote by its own words and those around it, without the text it was taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from letstalk_desktop.annotations.anchoring import judgement
from letstalk_desktop.annotations.anchoring.alignment import Aligner, Run, apart
from letstalk_desktop.annotations.anchoring.edges import SAME, edges
from letstalk_desktop.annotations.anchoring.index import WordIndex
from letstalk_desktop.annotations.anchoring.landmarks import Expectation
from letstalk_desktop.annotations.anchoring.passage import Agreement, Passage, agreement
from letstalk_desktop.annotations.anchoring.weights import Weights
from letstalk_desktop.annotations.anchoring.words import Vocabulary, Words, fold, read

_CONTEXT = 32  # code points of prefix and suffix: a word cut off there is not whole
_REACH = 8  # words around a quote that are asked whether they stand around it still
_MARGIN = 6  # words around a candidate that may belong to it
_CANDIDATES = 6
_WHOLE_WORDS, _WHOLE_NATS = 8, 45.0  # words and information of a quote with its context that cannot stand there by chance
_SAYING_NATS = 25.0  # information of a quote that is looked for without its context too
_COUNTED = 50  # exact occurrences that are counted
_COMPARED = 400  # characters of a quote that are compared one by one
_PART_NATS = 1.2  # evidence of each letter of a cut-off word
_LIKENESS_NATS = 2.0  # evidence of context that agrees letter by letter
_ALIKE_NATS = 20.0  # evidence of a quote that agrees letter by letter
_STRETCH_NATS = 15.0  # evidence against a stretch that is longer than its words were, by the factor e


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
    """A stretch [start, end) of characters that may be the quote. ``score`` ranks sightings, in nats.

    ``around`` is the information of the quote's context that stands there, ``elsewhere`` the most of it that stands together
    in another place; ``alike`` says how far the characters are the quote's own, 0 to 1; ``joined`` which share of the prefix
    and of the suffix stands unbroken, letter by letter, right beside it.
    """

    start: int
    end: int
    found: Agreement
    score: float
    around: float
    elsewhere: float
    alike: float
    joined: tuple[float, float]


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
    left, right = min(max(left, first - _REACH), first), max(min(right, last + _REACH), last)
    passage = Passage(words.ids, first, last, left, right)
    return Quotation(words, passage, start, end, left_part, right_part)


class QuoteFinder:
    """Finds quotes in one text, through an index that is built once."""

    def __init__(self, new: Words, vocabulary: Vocabulary, weights: Weights) -> None:
        self._new, self._vocabulary, self._weights = new, vocabulary, weights
        self._index = WordIndex(new.ids, len(vocabulary), weights.nats)

    def sightings(self, sought: Quotation, expected: Expectation) -> list[Sighting]:
        """The stretches that may be the quote, best first."""
        self._weights.cover()
        trails: list[tuple[int, int, float]] = []  # stretches of the text, with the information of the context that is there
        drafts: list[tuple[Agreement, float]] = []
        for runs in self._runs(sought):
            place = self._places(sought.words.ids, runs)
            taken = [word for word in place if word >= 0]
            if not taken:
                continue
            around = self._context_nats(sought.passage, place)
            trails.append((min(taken), max(taken) + 1, around))
            found = agreement(sought.passage, place.__getitem__, self._weights.nats)
            if found is not None:
                drafts.append((found, around))
        seen: dict[tuple[int, int], Sighting] = {}
        for found, around in drafts:
            sighting = self._sighting(sought, found, around, trails, expected)
            known = seen.get((sighting.start, sighting.end))
            if known is None or known.score < sighting.score:
                seen[sighting.start, sighting.end] = sighting
        return _distinct(sorted(seen.values(), key=lambda sighting: -sighting.score))

    def _runs(self, sought: Quotation) -> list[list[Run]]:
        """Candidate runs; a single one where the quote stands once with all its context and that says enough."""
        first, last = sought.passage.left, sought.passage.right
        whole = sought.words.ids[first:last]
        places = self._index.occurrences(whole, 2) if len(whole) >= _WHOLE_WORDS else []
        if len(places) == 1 and sum([self._weights.nats[word] for word in whole]) >= _WHOLE_NATS:
            return [[(first, places[0], last - first)]]
        candidates = [runs for _, runs in self._index.candidates(sought.words.ids, _CANDIDATES)]
        return candidates + self._exact(sought.passage, candidates)

    def _exact(self, passage: Passage, candidates: list[list[Run]]) -> list[list[Run]]:
        """Where the quote stands word for word, unless a candidate has it: its context may have gone elsewhere without it."""
        first, size = passage.first, passage.last - passage.first
        if sum([self._weights.nats[word] for word in passage.ids[first : passage.last]]) < _SAYING_NATS:
            return []
        places = self._index.occurrences(passage.ids[first : passage.last], _CANDIDATES + 1)
        if len(places) > _CANDIDATES:
            return []
        shifts = {b - a for runs in candidates for a, b, length in apart(runs) if a <= first and a + length >= first + size}
        return [[(first, place, size)] for place in places if place - first not in shifts]

    def _context_nats(self, passage: Passage, place: list[int]) -> float:
        words = [*range(passage.first), *range(passage.last, len(passage.ids))]
        nats: float = sum([self._weights.nats[passage.ids[word]] for word in words if place[word] >= 0])
        return nats

    def _sighting(
        self,
        sought: Quotation,
        found: Agreement,
        around: float,
        trails: list[tuple[int, int, float]],
        expected: Expectation,
    ) -> Sighting:
        start, end = edges(sought.words, sought.start, sought.end, sought.passage, found, self._new)
        score = found.quote_bits + found.kept * (found.bits - found.quote_bits) + self._finer(sought, start, end, found)
        score += expected.nats(start) - _STRETCH_NATS * found.growth
        elsewhere = max((nats for low, high, nats in trails if high <= found.start or low >= found.end), default=0.0)
        exact = sought.words.text[sought.start : sought.end]
        alike = fuzz.ratio(_plain(exact[:_COMPARED]), _plain(self._new.text[start:end][:_COMPARED])) / 100
        score += _ALIKE_NATS * alike
        joined = _joined(sought, self._new.text, start, end)
        return Sighting(start, end, found, score, around, elsewhere, alike, joined)

    def judge(self, sought: Quotation, sightings: list[Sighting], expected: Expectation) -> list[float]:
        """The probability of each sighting."""
        passage = sought.passage
        count = len(self._index.occurrences(passage.ids[passage.first : passage.last], _COUNTED))
        chances: list[float] = []
        for number, sighting in enumerate(sightings):
            rival = max((other.score for place, other in enumerate(sightings) if place != number), default=0.0)
            chances.append(
                judgement.quoted(
                    passage,
                    sighting.found,
                    len(self._new),
                    sighting.score - rival,
                    expected.nats(sighting.start),
                    sighting.elsewhere - sighting.around,
                    sighting.alike,
                    count,
                    sighting.joined,
                )
            )
        return chances

    def _places(self, ids: Sequence[int], runs: list[Run]) -> list[int]:
        size, total = len(ids), len(self._new)
        head, tail = runs[0], runs[-1]
        low = max(0, head[1] - head[0] - _MARGIN)
        high = min(total, tail[1] + tail[2] + size - tail[0] - tail[2] + _MARGIN)
        place = [-1] * size
        aligner = Aligner(ids, self._new.ids, self._weights.nats)
        runs = aligner.prune(apart(runs), 0, size, low, high) or runs
        for a, b, length in aligner.complete(runs, 0, size, low, high):
            place[a : a + length] = range(b, b + length)
        return place

    def _finer(self, sought: Quotation, start: int, end: int, found: Agreement) -> float:
        """Evidence below the level of words: letters of cut-off words, likeness of the characters around."""
        new, text = self._new, self._new.text
        nats = 0.0
        passage = sought.passage
        if sought.left_part and passage.left == 1 and found.before > 0.999:
            word = found.start - (passage.first - passage.left) - 1
            if word >= 0 and fold(text[new.starts[word] : new.ends[word]]).endswith(sought.left_part):
                nats += _PART_NATS * min(6, len(sought.left_part))
        if sought.right_part and passage.right == len(passage.ids) - 1 and found.after > 0.999:
            word = found.end + passage.right - passage.last
            if word < len(new) and fold(text[new.starts[word] : new.ends[word]]).startswith(sought.right_part):
                nats += _PART_NATS * min(6, len(sought.right_part))
        prefix, suffix = sought.words.text[: sought.start], sought.words.text[sought.end :]
        likeness = fuzz.ratio(prefix, text[max(0, start - len(prefix)) : start]) + fuzz.ratio(
            suffix, text[end : end + len(suffix)]
        )
        return nats + _LIKENESS_NATS * likeness / 100


def _joined(sought: Quotation, text: str, start: int, end: int) -> tuple[float, float]:
    """The share of prefix and suffix that stands unbroken right before ``start`` and right after ``end``."""
    prefix, suffix = sought.words.text[: sought.start][-_CONTEXT:], sought.words.text[sought.end :][:_CONTEXT]
    before, after = text[max(0, start - len(prefix)) : start], text[end : end + len(suffix)]
    return _shared(_plain(prefix)[::-1], _plain(before)[::-1]), _shared(_plain(suffix), _plain(after))


def _shared(wanted: str, found: str) -> float:
    """The share of what is wanted that is found at once and without a break."""
    count = 0
    while count < len(wanted) and count < len(found) and wanted[count] == found[count]:
        count += 1
    return count / len(wanted) if wanted else 1.0


def _plain(text: str) -> str:
    """The text with small letters, typewriter quotation marks and common spaces."""
    return text.casefold().translate(SAME)


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
