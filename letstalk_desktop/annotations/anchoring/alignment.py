"""Which words of one text stand, in the same order, in another: runs of equal words that belong together.

Runs are found from the certain to the uncertain: long unique stretches first, then what lies between them, down to single
words. A run that could as well be chance, given its words and the unmatched text around it, is dropped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from math import log

from rapidfuzz.distance import LCSseq

Run = tuple[int, int, int]  # first word in a, first word in b, length
_SHINGLES = (8, 4, 3, 2, 1)
_LCS_CELLS = 40_000
_RECURRING = 64  # places up to which recurring shingles are paired in order
_SURPLUS = 1.5  # nats a run must have above what chance gives


class Aligner:
    """Aligns stretches of two word sequences. ``weights`` are nats of information by word number."""

    def __init__(self, a: Sequence[int], b: Sequence[int], weights: Sequence[float]) -> None:
        self._a, self._b, self._weights = a, b, weights

    def weight(self, run: Run) -> float:
        """The information in a run, in nats."""
        weights = self._weights
        return sum([weights[word] for word in self._a[run[0] : run[0] + run[2]]])

    def align(self, a0: int, a1: int, b0: int, b1: int) -> list[Run]:
        """Runs of a[a0:a1] in b[b0:b1], in order, without those that may be chance."""
        runs: list[Run] = []
        self._fill(a0, a1, b0, b1, 0, runs)
        return self.prune(join(runs), a0, a1, b0, b1)

    def _fill(self, a0: int, a1: int, b0: int, b1: int, level: int, out: list[Run]) -> None:
        a, b = self._a, self._b
        length = 0
        while a0 + length < a1 and b0 + length < b1 and a[a0 + length] == b[b0 + length]:
            length += 1
        if length:
            out.append((a0, b0, length))
            a0, b0 = a0 + length, b0 + length
        tail = 0
        while a1 - tail > a0 and b1 - tail > b0 and a[a1 - tail - 1] == b[b1 - tail - 1]:
            tail += 1
        a1, b1 = a1 - tail, b1 - tail
        if a1 > a0 and b1 > b0:
            self._middle(a0, a1, b0, b1, level, out)
        if tail:
            out.append((a1, b1, tail))

    def _middle(self, a0: int, a1: int, b0: int, b1: int, level: int, out: list[Run]) -> None:
        shortest = min(a1 - a0, b1 - b0)
        for deeper in range(level, len(_SHINGLES)):
            size = _SHINGLES[deeper]
            if size > shortest:
                continue
            chosen = self.chain(self._unique(a0, a1, b0, b1, size))
            if chosen:
                self.between(chosen, a0, a1, b0, b1, deeper, out)
                return
        if (a1 - a0) * (b1 - b0) <= _LCS_CELLS:
            for block in LCSseq.opcodes(self._a[a0:a1], self._b[b0:b1]):
                if block.tag == "equal":
                    out.append((a0 + block.src_start, b0 + block.dest_start, block.src_end - block.src_start))
            return
        chosen = self.chain(self._recurring(a0, a1, b0, b1))
        if chosen:
            self.between(chosen, a0, a1, b0, b1, len(_SHINGLES), out)

    def between(self, chosen: list[Run], a0: int, a1: int, b0: int, b1: int, level: int, out: list[Run]) -> None:
        """Take the chosen runs and fill what lies between them."""
        for run_a, run_b, length in apart(chosen):
            if run_a > a0 and run_b > b0:
                self._fill(a0, run_a, b0, run_b, level, out)
            out.append((run_a, run_b, length))
            a0, b0 = run_a + length, run_b + length
        if a1 > a0 and b1 > b0:
            self._fill(a0, a1, b0, b1, level, out)

    def complete(self, chosen: list[Run], a0: int, a1: int, b0: int, b1: int) -> list[Run]:
        """The chosen runs with what lies between and around them, without what may be chance."""
        runs: list[Run] = []
        self.between(chosen, a0, a1, b0, b1, 1, runs)
        return self.prune(join(runs), a0, a1, b0, b1)

    def _unique(self, a0: int, a1: int, b0: int, b1: int, size: int) -> list[Run]:
        """Maximal runs around shingles of ``size`` words that stand once in each stretch."""
        here = _once(self._a, a0, a1, size)
        there = _once(self._b, b0, b1, size)
        seeds = sorted([(place, there[shingle]) for shingle, place in here.items() if shingle in there])
        return self._extended(seeds, a0, a1, b0, b1, size)

    def _recurring(self, a0: int, a1: int, b0: int, b1: int) -> list[Run]:
        """Maximal runs where nothing stands once: the first occurrence goes with the first, the second with the second."""
        size = _SHINGLES[0]
        here, there = _places(self._a, a0, a1, size), _places(self._b, b0, b1, size)
        seeds = [
            pair
            for shingle, places in here.items()
            if len(places) <= _RECURRING and len(there.get(shingle, ())) == len(places)
            for pair in zip(places, there[shingle], strict=True)
        ]
        return self._extended(sorted(seeds), a0, a1, b0, b1, size)

    def _extended(self, seeds: list[tuple[int, int]], a0: int, a1: int, b0: int, b1: int, size: int) -> list[Run]:
        """The maximal runs around seeds of ``size`` words."""
        a, b = self._a, self._b
        runs: list[Run] = []
        reached: dict[int, int] = {}
        for place, other in seeds:
            if reached.get(other - place, -1) > place:
                continue
            start, end = place, place + size
            shift = other - place
            while start > a0 and start + shift > b0 and a[start - 1] == b[start + shift - 1]:
                start -= 1
            while end < a1 and end + shift < b1 and a[end] == b[end + shift]:
                end += 1
            reached[shift] = end
            runs.append((start, start + shift, end - start))
        return runs

    def chain(self, runs: list[Run]) -> list[Run]:
        """The runs of greatest total information that stand in the same order in both texts."""
        if len(runs) < 2:
            return runs
        runs.sort()
        best_ends: list[int] = []  # b-start of chain tails, increasing, with increasing totals
        best_totals: list[float] = []
        best_runs: list[int] = []
        before: list[int] = []
        for number, run in enumerate(runs):
            place = bisect_left(best_ends, run[1])
            total = self.weight(run) + (best_totals[place - 1] if place else 0.0)
            before.append(best_runs[place - 1] if place else -1)
            if place < len(best_ends) and best_ends[place] == run[1] and best_totals[place] >= total:
                continue
            best_ends.insert(place, run[1])
            best_totals.insert(place, total)
            best_runs.insert(place, number)
            worse = place + 1
            while worse < len(best_ends) and best_totals[worse] <= total:
                worse += 1
            del best_ends[place + 1 : worse], best_totals[place + 1 : worse], best_runs[place + 1 : worse]
        chosen: list[Run] = []
        number = best_runs[-1]
        while number >= 0:
            chosen.append(runs[number])
            number = before[number]
        return chosen[::-1]

    def prune(self, runs: list[Run], a0: int, a1: int, b0: int, b1: int) -> list[Run]:
        """Drop runs whose words are no more than chance gives in the unmatched text around them, weakest first."""
        strengths = [self.weight(run) if run[2] < 12 else 1e9 for run in runs]
        while True:
            surplus: list[float] = []
            for number, (run_a, run_b, length) in enumerate(runs):
                if strengths[number] > 30:
                    surplus.append(1e9)
                    continue
                before = runs[number - 1] if number else (a0, b0, 0)
                after = runs[number + 1] if number + 1 < len(runs) else (a1, b1, 0)
                gap_a = after[0] - run_a - length + run_a - before[0] - before[2]
                gap_b = after[1] - run_b - length + run_b - before[1] - before[2]
                surplus.append(strengths[number] - log((gap_a + 1) * (gap_b + 1)))
            doomed = {
                number
                for number, value in enumerate(surplus)
                if value < _SURPLUS
                and (number == 0 or surplus[number - 1] >= value)
                and (number + 1 == len(surplus) or surplus[number + 1] > value)
            }
            if not doomed:
                return runs
            runs = [run for number, run in enumerate(runs) if number not in doomed]
            strengths = [strength for number, strength in enumerate(strengths) if number not in doomed]


def apart(runs: list[Run]) -> list[Run]:
    """Runs in order that share no word; where two overlap, the longer keeps the shared words."""
    kept: list[Run] = []
    for run_a, run_b, length in runs:
        while kept:
            last_a, last_b, last_length = kept[-1]
            shared = max(last_a + last_length - run_a, last_b + last_length - run_b)
            if shared <= 0:
                break
            if length > last_length:
                kept.pop()
                if last_length > shared:
                    kept.append((last_a, last_b, last_length - shared))
                    break
            else:
                run_a, run_b, length = run_a + shared, run_b + shared, length - shared
                break
        if length > 0:
            kept.append((run_a, run_b, length))
    return kept


def join(runs: list[Run]) -> list[Run]:
    """Runs that follow each other without a gap made one."""
    joined: list[Run] = []
    for run in runs:
        if joined:
            last = joined[-1]
            if last[0] + last[2] == run[0] and last[1] + last[2] == run[1]:
                joined[-1] = (last[0], last[1], last[2] + run[2])
                continue
        joined.append(run)
    return joined


def _places(words: Sequence[int], first: int, last: int, size: int) -> dict[object, list[int]]:
    """Shingles of ``size`` words in words[first:last], with their places."""
    found: dict[object, list[int]] = defaultdict(list)
    stretch = words[first:last]
    for place, shingle in enumerate(zip(*(stretch[i:] for i in range(size)), strict=False), first):
        found[shingle].append(place)
    return found


def _once(words: Sequence[int], first: int, last: int, size: int) -> dict[object, int]:
    """Shingles of ``size`` words that stand once in words[first:last], with their places."""
    found: dict[object, int] = {}
    again: set[object] = set()
    stretch = words[first:last]
    shingles: Sequence[object] = stretch if size == 1 else list(zip(*(stretch[i:] for i in range(size)), strict=False))
    for place, shingle in enumerate(shingles, first):
        if shingle in found:
            again.add(shingle)
        else:
            found[shingle] = place
    for shingle in again:
        del found[shingle]
    return found
