"""Where a passage should stand, judged by where it stood and by other passages that were found for certain."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import log, pi

_ANYWHERE = 0.4  # the chance that a passage stands wherever it likes: moved, or beside large changes
_ANYWHERE_MARKED = 0.1  # the same where it is known what became of others beside it
_LEAST_LENGTH = 2000.0  # a text is taken to be at least so long, in characters


@dataclass(frozen=True, slots=True)
class Expectation:
    """Where a passage should begin: characters with how far it may well be off, each as likely as the others.

    ``anywhere`` is the chance that it stands wherever it likes; ``length`` is that of the text.
    """

    places: tuple[tuple[int, float], ...]
    anywhere: float
    length: float

    def nats(self, start: int) -> float:
        """The evidence of beginning at ``start``, against beginning anywhere: positive near the place, negative far from it."""
        near = 0.0
        for place, spread in self.places:
            near += 1.0 / (pi * spread * (1.0 + ((start - place) / spread) ** 2))
        return log(self.anywhere + (1.0 - self.anywhere) * near / len(self.places) * self.length)


class Landmarks:
    """Pairs (old place, new place) of passages found for certain in one text of ``text_length`` characters."""

    def __init__(self, text_length: int, pairs: list[tuple[int, int]] | None = None) -> None:
        self._length = max(_LEAST_LENGTH, float(text_length))
        self._pairs = sorted(pairs or [])

    def expect(self, old: int) -> Expectation:
        """Where the passage that stood at ``old`` should stand now."""
        spot = bisect_left(self._pairs, (old, -1))
        marks = self._pairs[max(0, spot - 1) : spot + 1]
        if not marks:
            places = tuple((old, spread) for spread in (40.0, 150.0 + 0.03 * old, 400.0 + 0.2 * old))
            return Expectation(places, _ANYWHERE, self._length)
        return Expectation(tuple(place for mark in marks for place in _beside(old, mark)), _ANYWHERE_MARKED, self._length)


def _beside(old: int, mark: tuple[int, int]) -> tuple[tuple[int, float], ...]:
    """As far from the landmark as it was: to the letter, with small changes between them, or with large ones."""
    place, away = old + mark[1] - mark[0], abs(mark[0] - old)
    return (place, 4.0 + 0.01 * away), (place, 40.0 + 0.1 * away), (place, 60.0 + 0.4 * away)
