"""Where in a text a handful of words could stand: candidate windows without reading the text again for each quote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import log

from letstalk_desktop.annotations.anchoring.alignment import Run

_RARE = 12  # places up to which a single word is a seed
_PLACES = 80  # places up to which a pair of words is a seed
_MANY = 600  # places up to which a longer seed is tried where pairs say too little
_RUNS = 100  # runs that are linked into candidates
_LOOK_BACK = 40  # earlier runs a run is linked to
_SLACK = 60  # words that may have been inserted between two runs of one candidate, besides the sought words' own number

Chain = tuple[float, list[Run]]  # evidence in nats, runs (place in the sought words, place in the text, length)


class WordIndex:
    """Finds stretches of a text that share words, in order, with a short sequence of words."""

    def __init__(self, ids: Sequence[int], vocabulary_size: int, weights: Sequence[float]) -> None:
        self._ids, self._weights = ids, weights
        self._single: list[list[int]] = [[] for _ in range(vocabulary_size)]
        single = self._single
        for place, word in enumerate(ids):
            single[word].append(place)
        pairs: dict[int, list[int]] = defaultdict(list)
        previous = -1
        for place, word in enumerate(ids):
            pairs[previous << 32 | word].append(place - 1)
            previous = word
        self._pairs = pairs

    def places(self, word: int) -> list[int]:
        """Where a word stands."""
        return self._single[word] if word < len(self._single) else []

    def occurrences(self, sought: Sequence[int], limit: int = 1000) -> list[int]:
        """Where all the sought words stand together, in order (at most ``limit`` places are verified)."""
        if len(sought) == 1:
            return self.places(sought[0])[:limit]
        best: list[int] | None = None
        offset = 0
        for step in range(len(sought) - 1):
            places = self._pairs.get(sought[step] << 32 | sought[step + 1])
            if places is None:
                return []
            if best is None or len(places) < len(best):
                best, offset = places, step
                if len(places) < 4:
                    break
        ids, wanted, size = self._ids, list(sought), len(sought)
        found: list[int] = []
        for place in best or ():
            start = place - offset
            if start >= 0 and ids[start : start + size] == wanted:
                found.append(start)
                if len(found) >= limit:
                    break
        return found

    def candidates(self, sought: Sequence[int], limit: int) -> list[Chain]:
        """The ``limit`` best stretches that share runs with the sought words, best first, none within another."""
        runs = self._runs(sought)
        if not runs:
            return []
        return self._best(self._link(runs, len(sought)), runs, limit)

    def _seeds(self, sought: Sequence[int], step: int) -> Sequence[int]:
        word = sought[step]
        places = self.places(word)
        if len(places) <= _RARE:
            return places
        if step + 1 >= len(sought):
            return ()
        places = self._pairs.get(word << 32 | sought[step + 1], [])
        if len(places) <= _PLACES:
            return places
        if step + 2 < len(sought) and len(places) <= _MANY * 10:
            ids, third = self._ids, sought[step + 2]
            last = len(ids) - 2
            places = [place for place in places if place < last and ids[place + 2] == third]
        return places if len(places) <= _MANY else ()

    def _runs(self, sought: Sequence[int]) -> list[tuple[Run, float]]:
        """Maximal runs around the seeds, with their information."""
        ids, weights = self._ids, self._weights
        size, total = len(sought), len(ids)
        reached: dict[int, int] = {}
        runs: list[tuple[Run, float]] = []
        for step in range(size):
            for place in self._seeds(sought, step):
                shift = place - step
                if reached.get(shift, -1) > step:
                    continue
                start, end = step, step + 1
                while start > 0 and start + shift > 0 and sought[start - 1] == ids[start + shift - 1]:
                    start -= 1
                while end < size and end + shift < total and sought[end] == ids[end + shift]:
                    end += 1
                reached[shift] = end
                runs.append(((start, start + shift, end - start), sum([weights[word] for word in sought[start:end]])))
        if len(runs) > _RUNS:  # of a long quote the weakest runs tell nothing that the strong ones do not
            runs.sort(key=lambda item: -item[1])
            del runs[_RUNS:]
        runs.sort(key=lambda item: item[0][1])
        return runs

    def _link(self, runs: list[tuple[Run, float]], size: int) -> list[tuple[float, int]]:
        """For each run the best evidence of a chain that ends with it, and the run before it (-1: none)."""
        linked: list[tuple[float, int]] = []
        values: list[float] = []
        farthest = size + _SLACK
        costs = [0.5 * log(1 + extra) + 0.02 * extra for extra in range(2 * farthest + 2)]
        bare = [run for run, _ in runs]
        for number, ((a, b, length), weight) in enumerate(runs):
            best, before = weight, -1
            for other in range(number - 1, max(-1, number - 1 - _LOOK_BACK), -1):
                other_a, other_b, other_length = bare[other]
                gap_b = b - other_b - other_length
                if gap_b > farthest:
                    break
                if other_a >= a:
                    continue
                gap_a = a - other_a - other_length
                value = values[other] + weight
                if value <= best:  # it can only become less
                    continue
                least = gap_a if gap_a < gap_b else gap_b
                if least < 0:
                    if least + length <= 0 or least + other_length <= 0:
                        continue
                    value += weight * least / length
                value -= costs[gap_b - gap_a if gap_b > gap_a else gap_a - gap_b]
                if value > best:
                    best, before = value, other
            linked.append((best, before))
            values.append(best)
        return linked

    @staticmethod
    def _best(linked: list[tuple[float, int]], runs: list[tuple[Run, float]], limit: int) -> list[Chain]:
        chains: list[Chain] = []
        taken: set[int] = set()
        for number in sorted(range(len(linked)), key=lambda place: -linked[place][0]):
            if number in taken:
                continue
            members: list[Run] = []
            step, shared = number, False
            while step >= 0:
                if step in taken:
                    shared = True
                    break
                members.append(runs[step][0])
                taken.add(step)
                step = linked[step][1]
            if shared:
                continue
            members.reverse()
            chains.append((linked[number][0], members))
            if len(chains) >= limit:
                break
        return chains
