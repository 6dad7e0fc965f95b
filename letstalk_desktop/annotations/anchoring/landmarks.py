"""Where a passage should stand, judged by where it stood and by other passages that were found for certain."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import log, pi

_ANYWHERE = 0.4  # the chance that a passage stands wherever it likes: moved, or beside large changes
_LEAST_LENGTH = 2000.0  # a text is taken to be at least so long, in characters


@dataclass(frozen=True, slots=True)
class Expectation:
    """The character at which a passage should begin. ``spreads`` are by how many characters it may well be off: each is as
    likely as the others; ``length`` is that of the text."""

    place: int
    spreads: tuple[float, ...]
    length: float

    def nats(self, start: int) -> float:
        """The evidence of beginning at ``start``, against beginning anywhere: positive near the place, negative far from it."""
        off = float(start - self.place)
        near = sum(1.0 / (pi * spread * (1.0 + (off / spread) ** 2)) for spread in self.spreads) / len(self.spreads)
        return log(_ANYWHERE + (1.0 - _ANYWHERE) * near * self.length)


class Landmarks:
    """Pairs (old place, new place) of passages found for certain in one text of ``text_length`` characters."""

    def __init__(self, text_length: int, pairs: list[tuple[int, int]] | None = None) -> None:
        self._length = max(_LEAST_LENGTH, float(text_length))
        self._pairs = sorted(pairs or [])

    def expect(self, old: int) -> Expectation:
        """Where the passage that stood at ``old`` should stand now."""
        spot = bisect_left(self._pairs, (old, -1))
        nearest = self._pairs[max(0, spot - 1) : spot + 1]
        if not nearest:
            return Expectation(old, (40.0, 150.0 + 0.03 * old, 400.0 + 0.2 * old), self._length)
        mark = min(nearest, key=lambda pair: abs(pair[0] - old))
        away = abs(mark[0] - old)
        return Expectation(old + mark[1] - mark[0], (30.0 + 0.05 * away, 60.0 + 0.4 * away), self._length)
