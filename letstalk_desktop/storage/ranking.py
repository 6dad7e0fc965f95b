"""How good an answer is: rare words count for more, and so does what stands close together, or as it was typed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from letstalk_desktop.storage.marking import Marks

_K, _B, _LENGTH = 1.2, 0.6, 60.0  # the constants of BM25; the length of a usual passage, in words
_INFLECTED = 0.75  # what a word counts that stands in another form than was typed


def weights(counts: Sequence[int], total: int) -> list[float]:
    """What each group of wanted words counts: the rarer, the more. ``counts``: how often it stands in ``total`` passages."""
    return [math.log(1 + (total - least + 0.5) / (least + 0.5)) for count in counts for least in [min(count, total)]]


def score(marks: Marks, weight: Sequence[float]) -> float:
    """The worth of a passage (BM25, and a share for nearness)."""
    times = [0.0] * len(weight)
    for match in marks.matches:
        times[match.group] += 1.0 if match.faithful else _INFLECTED
    damping = _K * (1 - _B + _B * marks.length / _LENGTH)
    worth = sum(each * count * (_K + 1) / (count + damping) for each, count in zip(weight, times, strict=True))
    if len(weight) > 1:
        worth += 0.5 * sum(weight) / (1 + _spread(marks, len(weight)) / 4)
    return worth


def _spread(marks: Marks, groups: int) -> int:
    """How many words stand between the groups where they are closest together."""
    last: dict[int, int] = {}
    best = marks.length
    for match in marks.matches:
        last[match.group] = match.place
        if len(last) == groups:
            best = min(best, match.place - min(last.values()) - groups + 1)
    return max(best, 0)
