"""Where each word of an old text stands in a new one: in place, or moved; found once per chapter."""

from __future__ import annotations

from collections import defaultdict
from math import log

from letstalk_desktop.annotations.anchoring.alignment import Aligner, Run, join
from letstalk_desktop.annotations.anchoring.passage import Agreement
from letstalk_desktop.annotations.anchoring.words import Words

_SEED = 3  # words of a moved stretch that must stand together somewhere
_SEED_PLACES = 8  # a seed that stands in more places says too little
_MOVED_SURPLUS = 8.0  # nats of evidence a move needs above chance
_ROUNDS = 6
_EFFORT = 8  # words compared in search of moves, for each word of the texts
_RUN_REACH = 60  # words beyond a quote that are counted as its run


class Revision:
    """The comparison of an old text with a new one.

    ``new_of[i]`` is the new word that the old word ``i`` became, or -1; ``moved`` are the runs that changed their order,
    ``free_new`` the stretches of new words that came from nowhere.
    """

    def __init__(self, old: Words, new: Words, weights: list[float]) -> None:
        self.old, self.new, self.weights = old, new, weights
        self._aligner = Aligner(old.ids, new.ids, weights)
        self.new_of = [-1] * len(old)
        self.old_of = [-1] * len(new)
        self.moved: list[Run] = []
        here, there = _unique_lines(old), _unique_lines(new)
        lines = [(span[0], there[line][0], span[1] - span[0]) for line, span in here.items() if line in there]
        runs: list[Run] = []
        self._aligner.between(self._aligner.chain(lines), 0, len(old), 0, len(new), 0, runs)
        self._take(self._aligner.prune(join(runs), 0, len(old), 0, len(new)))
        self._move_lines(lines)
        for _ in range(_ROUNDS):  # what crossed a stronger move is found in the next round
            if not self._find_moves():
                break

    def run_nats(self, found: Agreement) -> float:
        """The information of the aligned runs that hold a found quote, beyond its edges too."""
        ids, new_of = self.old.ids, self.new_of
        nats = found.quote_bits
        word = found.first
        while word > 0 and new_of[word - 1] >= 0 and new_of[word - 1] == new_of[word] - 1 and found.first - word < _RUN_REACH:
            word -= 1
            nats += self.weights[ids[word]]
        word = found.last
        while word + 1 < len(ids) and new_of[word + 1] == new_of[word] + 1 and word - found.last < _RUN_REACH:
            word += 1
            nats += self.weights[ids[word]]
        return nats

    def _take(self, runs: list[Run]) -> None:
        for run_a, run_b, length in runs:
            self.new_of[run_a : run_a + length] = range(run_b, run_b + length)
            self.old_of[run_b : run_b + length] = range(run_a, run_a + length)

    def _move_lines(self, lines: list[Run]) -> None:
        """Whole lines that stand once in each text, elsewhere than in order, if they say enough."""
        needed = log(max(2, self.new_of.count(-1) * self.old_of.count(-1))) + _MOVED_SURPLUS
        for run in lines:
            if self._unclaimed(run) == [run] and self._aligner.weight(run) >= needed:
                self._take([run])
                self.moved.append(run)

    def _find_moves(self) -> bool:
        """Old stretches without a place, sought in new stretches that came from nowhere; the strongest first."""
        free_old, free_new = _stretches(self.new_of), _stretches(self.old_of)
        if not free_old or not free_new:
            return False
        total_old = sum(last - first for first, last in free_old)
        total_new = sum(last - first for first, last in free_new)
        needed = log(total_old * total_new) + _MOVED_SURPLUS
        found: list[tuple[float, tuple[int, int], tuple[int, int], list[Run]]] = []
        effort = _EFFORT * (len(self.old) + len(self.new))
        for (mine, theirs), _ in sorted(self._pairs(free_old, free_new).items(), key=lambda item: -item[1]):
            here, there = free_old[mine], free_new[theirs]
            effort -= here[1] - here[0] + there[1] - there[0]
            if effort < 0:
                break
            runs = self._aligner.align(*here, *there)
            strength = sum(self._aligner.weight(run) for run in runs)
            if strength >= needed:
                found.append((strength, here, there, runs))
        found.sort(key=lambda item: -item[0])
        before = len(self.moved)
        for _, _, _, runs in found:
            left = [piece for run in runs for piece in self._unclaimed(run)]
            strength = sum(self._aligner.weight(run) for run in left)
            if strength >= needed:
                self._take(left)
                self.moved.extend(left)
        return len(self.moved) > before

    def _unclaimed(self, run: Run) -> list[Run]:
        """The parts of a run whose words are still free on both sides."""
        pieces: list[Run] = []
        start = -1
        for step in range(run[2] + 1):
            free = step < run[2] and self.new_of[run[0] + step] < 0 and self.old_of[run[1] + step] < 0
            if free and start < 0:
                start = step
            elif not free and start >= 0:
                pieces.append((run[0] + start, run[1] + start, step - start))
                start = -1
        return pieces

    def _pairs(self, free_old: list[tuple[int, int]], free_new: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
        """Pairs (old stretch, new stretch) that share a seed, with how many."""
        places: dict[tuple[int, ...], list[int]] = defaultdict(list)
        ids = self.new.ids
        for number, (first, last) in enumerate(free_new):
            for word in range(first, last - _SEED + 1):
                places[tuple(ids[word : word + _SEED])].append(number)
        pairs: dict[tuple[int, int], int] = defaultdict(int)
        ids = self.old.ids
        for number, (first, last) in enumerate(free_old):
            for word in range(first, last - _SEED + 1):
                hits = places.get(tuple(ids[word : word + _SEED]))
                if hits and len(hits) <= _SEED_PLACES:
                    for other in hits:
                        pairs[number, other] += 1
        return pairs


def _unique_lines(words: Words) -> dict[tuple[int, ...], tuple[int, int]]:
    found: dict[tuple[int, ...], tuple[int, int]] = {}
    again: set[tuple[int, ...]] = set()
    for first, last in words.lines():
        line = tuple(words.ids[first:last])
        if line in found:
            again.add(line)
        found[line] = (first, last)
    for line in again:
        del found[line]
    return found


def _stretches(places: list[int]) -> list[tuple[int, int]]:
    """The maximal [first, last) of words without a counterpart."""
    found: list[tuple[int, int]] = []
    start = -1
    for word, place in enumerate(places):
        if place < 0:
            if start < 0:
                start = word
        elif start >= 0:
            found.append((start, word))
            start = -1
    if start >= 0:
        found.append((start, len(places)))
    return found
