"""A passage that is sought: its words with the words around it, and how well a stretch of a text agrees with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

_GAP_COST, _GAP_LEAST, _GAP_FAR = 0.4, 14.0, 0.07
_REPLACED_COST = 0.6  # nats per word replaced between two pieces
_CONTEXT_REACH = 12  # words beyond the found stretch in which a context word still counts as beside it


@dataclass(frozen=True, slots=True)
class Passage:
    """Sought words: ``ids[first:last]`` is the quote, what stands around it is its context.

    ``left`` and ``right`` bound the context words that are whole (a prefix may begin within a word).
    """

    ids: Sequence[int]
    first: int
    last: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a stretch of new words [start, end) agrees with a passage; shares are of information, 0 to 1.

    ``kept`` and ``kept_words`` count the quote's words that are there; ``before`` and ``after`` those of its context (-1 where
    it has none); ``bits`` is the information of all that agrees, in nats, ``quote_bits`` of the quote's words alone;
    ``first`` and ``last`` are the quote's outermost words that are there; ``touch_before`` says that the word before the
    quote still stands right before it.
    """

    start: int
    end: int
    first: int
    last: int
    kept: float
    kept_words: float
    before: float
    after: float
    quote_bits: float
    bits: float
    touch_before: bool
    touch_after: bool
    pieces: int

    @property
    def growth(self) -> float:
        """How much longer the stretch is than the words of the quote that it begins and ends with were, as a logarithm."""
        return log((self.end - self.start) / (self.last - self.first + 1))


def agreement(passage: Passage, place_of: Callable[[int], int], weights: Sequence[float], cap: float = 8.0) -> Agreement | None:
    """The best compact stretch among the places of the quote's words; None where none of them is there."""
    pieces = _pieces(passage, place_of)
    chosen = _compact(pieces, passage, weights)
    if not chosen:
        return None
    ids = passage.ids
    start, end = chosen[0][1], chosen[-1][1] + chosen[-1][2]
    total = sum(min(cap, weights[word]) for word in ids[passage.first : passage.last])
    bits = sum(weights[ids[a + step]] for a, _, length in chosen for step in range(length))
    capped = sum(min(cap, weights[ids[a + step]]) for a, _, length in chosen for step in range(length))
    words = sum(length for _, _, length in chosen)
    before, before_bits = _beside(passage, place_of, weights, range(passage.left, passage.first), start - _CONTEXT_REACH, start)
    after, after_bits = _beside(passage, place_of, weights, range(passage.last, passage.right), end, end + _CONTEXT_REACH)
    first, last = chosen[0][0], chosen[-1][0] + chosen[-1][2] - 1
    return Agreement(
        start,
        end,
        first,
        last,
        capped / total,
        words / (passage.last - passage.first),
        before,
        after,
        bits,
        bits + before_bits + after_bits,
        first > passage.left and place_of(first - 1) == start - 1 and first == passage.first,
        last + 1 < passage.right and place_of(last + 1) == end and last + 1 == passage.last,
        len(chosen),
    )


def _pieces(passage: Passage, place_of: Callable[[int], int]) -> list[tuple[int, int, int]]:
    pieces: list[tuple[int, int, int]] = []
    for word in range(passage.first, passage.last):
        place = place_of(word)
        if place < 0:
            continue
        if pieces:
            a, b, length = pieces[-1]
            if a + length == word and b + length == place:
                pieces[-1] = (a, b, length + 1)
                continue
        pieces.append((word, place, 1))
    return pieces


def _compact(pieces: list[tuple[int, int, int]], passage: Passage, weights: Sequence[float]) -> list[tuple[int, int, int]]:
    """The pieces of greatest information that stand in order and near each other."""
    if len(pieces) < 2:
        return pieces
    size = passage.last - passage.first
    values: list[float] = []
    before: list[int] = []
    ids = passage.ids
    for number, (a, b, length) in enumerate(pieces):
        value = sum(weights[word] for word in ids[a : a + length])
        best, link = value, -1
        for other in range(max(0, number - 40), number):
            other_a, other_b, other_length = pieces[other]
            gap = b - other_b - other_length
            if gap < 0:
                continue
            lost = a - other_a - other_length
            extra = abs(gap - lost)
            total = values[other] + value - _gap_cost(extra, min(gap, lost))
            if total > best and extra <= 2 * size + 40:
                best, link = total, other
        values.append(best)
        before.append(link)
    number = max(range(len(values)), key=values.__getitem__)
    chosen: list[tuple[int, int, int]] = []
    while number >= 0:
        chosen.append(pieces[number])
        number = before[number]
    return chosen[::-1]


def _beside(
    passage: Passage, place_of: Callable[[int], int], weights: Sequence[float], words: range, low: int, high: int
) -> tuple[float, float]:
    """The share of the context words that stand in [low, high), and their information."""
    total = found = 0.0
    for word in words:
        weight = weights[passage.ids[word]]
        total += weight
        if max(0, low) <= place_of(word) < high:  # a word that is nowhere has the place -1
            found += weight
    return (found / total if total else -1.0), found


def _gap_cost(extra: int, replaced: int) -> float:
    """What lies between two pieces of a quote, in nats: words inserted or lost, and words replaced. Few words cannot pay for
    many, so what agrees here and there by chance is not taken for an end of the quote."""
    return min(_GAP_COST * extra, _GAP_LEAST + _GAP_FAR * extra) + _REPLACED_COST * replaced
