"""Where a passage should stand, judged by other passages of the same text that were found for certain."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

_NEAREST = 80.0  # characters by which a place may be off right beside a landmark
_DRIFT = 0.5  # characters off for each character away from the landmark
_ALONE, _ALONE_SHARE = 200.0, 0.03  # without landmarks: characters, and share of the text


@dataclass(frozen=True, slots=True)
class Expectation:
    """The character at which a passage should begin, and how far off it may well be."""

    place: int
    reach: float

    def nearness(self, start: int) -> float:
        """1 at the expected place, a half at ``reach`` from it, falling to 0."""
        return 1.0 / (1.0 + abs(start - self.place) / self.reach)


class Landmarks:
    """Pairs (old place, new place) of passages found for certain in one text."""

    def __init__(self, text_length: int, pairs: list[tuple[int, int]] | None = None) -> None:
        self._length = text_length
        self._pairs = sorted(pairs or [])

    def expect(self, old: int) -> Expectation:
        """Where the passage that stood at ``old`` should stand now."""
        spot = bisect_left(self._pairs, (old, -1))
        nearest: list[tuple[int, int]] = []
        if spot > 0:
            nearest.append(self._pairs[spot - 1])
        if spot < len(self._pairs):
            nearest.append(self._pairs[spot])
        alone = _ALONE + _ALONE_SHARE * self._length
        if not nearest:
            return Expectation(old, alone)
        mark = min(nearest, key=lambda pair: abs(pair[0] - old))
        away = abs(mark[0] - old)
        return Expectation(old + mark[1] - mark[0], min(alone, _NEAREST + _DRIFT * away))
