"""How long it takes to find 10,000 highlights again in a 5 MB text: ``python tests/benchmarks/bench_anchoring.py``.

The text is made: words with the frequencies of prose, in sentences and paragraphs. The new edition has every twentieth
sentence reworded, one in a hundred paragraphs gone, as many new ones, and some moved.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter

from letstalk_desktop.annotations.anchoring import Found, Relocator, describe
from letstalk_desktop.annotations.model import Anchor

_COMMON = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "is",
    "that",
    "for",
    "it",
    "with",
    "as",
    "on",
    "be",
    "are",
    "this",
    "by",
    "from",
    "or",
    "have",
    "an",
    "not",
    "which",
    "their",
    "they",
    "but",
    "at",
]


def vocabulary(rnd: random.Random, size: int) -> list[str]:
    """Made words."""
    parts = [
        "com",
        "mu",
        "ni",
        "ty",
        "or",
        "ga",
        "ni",
        "ze",
        "pow",
        "er",
        "lis",
        "ten",
        "ac",
        "tion",
        "pol",
        "ic",
        "heal",
        "th",
    ]
    return _COMMON + sorted({"".join(rnd.choices(parts, k=rnd.randint(2, 5))) for _ in range(size)})


class Prose:
    """Sentences and paragraphs of made words, common ones often and rare ones seldom."""

    def __init__(self, rnd: random.Random) -> None:
        self._rnd = rnd
        self._words = vocabulary(rnd, 30_000)
        self._weights = [1.0 / (rank + 3) for rank in range(len(self._words))]

    def words(self, count: int) -> list[str]:
        """So many words."""
        return self._rnd.choices(self._words, self._weights, k=count)

    def sentence(self) -> str:
        """One sentence."""
        return " ".join(self.words(self._rnd.randint(6, 24))).capitalize() + "."

    def paragraph(self) -> list[str]:
        """Three to seven sentences."""
        return [self.sentence() for _ in range(self._rnd.randint(3, 7))]


def editions(size: int, seed: int = 1) -> tuple[str, str]:
    """An old text of ``size`` characters and a new one."""
    rnd = random.Random(seed)
    prose = Prose(rnd)
    paragraphs: list[list[str]] = []
    length = 0
    while length < size:
        paragraphs.append(prose.paragraph())
        length += sum(map(len, paragraphs[-1])) + 8
    revised: list[list[str]] = []
    waiting: list[list[str]] = []
    for paragraph in paragraphs:
        fate = rnd.random()
        if fate < 0.01:
            continue
        if fate < 0.02:
            revised.append(prose.paragraph())
        sentences = [_reworded(rnd, prose, sentence) if rnd.random() < 0.05 else sentence for sentence in paragraph]
        if fate > 0.995:
            waiting.append(sentences)
            continue
        revised.append(sentences)
        if waiting and rnd.random() < 0.01:
            revised.append(waiting.pop())
    return "\n\n".join(map(" ".join, paragraphs)), "\n\n".join(map(" ".join, revised + waiting))


def _reworded(rnd: random.Random, prose: Prose, sentence: str) -> str:
    words = sentence.split()
    for _ in range(rnd.randint(1, 4)):
        place = rnd.randrange(len(words))
        words[place : place + rnd.randint(0, 2)] = prose.words(rnd.randint(0, 2))
    return " ".join(words) or sentence


def highlights(text: str, count: int, seed: int = 2) -> list[Anchor]:
    """Anchors of phrases, sentences and passages all over the text."""
    rnd = random.Random(seed)
    anchors: list[Anchor] = []
    for _ in range(count):
        start = rnd.randrange(len(text) - 1000)
        start = text.find(" ", start) + 1
        end = text.find(" ", start + rnd.choice((8, 20, 80, 120, 400, 800)))
        anchors.append(describe(text, start, end, resource="r", edition="1", language="en", chapter="c", block=""))
    return anchors


def measure(new: str, old: str | None, anchors: list[Anchor]) -> str:
    """One line of the table."""
    began = time.process_time()
    relocator = Relocator(new, old)
    relocator.prepare()
    prepared = time.process_time() - began
    marks: list[float] = []

    def tick(done: int, total: int) -> bool:
        marks.append(time.process_time())
        return True

    results = relocator.locate_all(anchors, tick)
    ended = time.process_time()
    spent = sorted(1000 * (after - before) for before, after in zip(marks, [*marks[1:], ended], strict=True))
    kinds = Counter(type(result).__name__ for result in results)
    p99 = spent[int(len(spent) * 0.99) - 1]
    return (
        f"{'old text' if old is not None else 'quote alone':12s} {len(anchors):7,d} {ended - began:8.2f} {prepared:9.2f} "
        f"{spent[len(spent) // 2]:8.3f} {p99:8.2f} {spent[-1]:8.2f}   "
        f"{kinds[Found.__name__]:,d} found, {kinds['Doubtful']:,d} doubtful, {kinds['Unplaced']:,d} unplaced"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=5_000_000, help="characters of the text")
    parser.add_argument("--count", type=int, default=10_000, help="highlights")
    options = parser.parse_args()
    old, new = editions(options.size)
    anchors = highlights(old, options.count)
    print(f"{len(new):,d} characters")
    print(f"{'with':12s} {'anchors':>7s} {'all s':>8s} {'prepare s':>9s} {'p50 ms':>8s} {'p99 ms':>8s} {'max ms':>8s}   result")
    print(measure(new, old, anchors))
    print(measure(new, None, anchors))


if __name__ == "__main__":
    main()
