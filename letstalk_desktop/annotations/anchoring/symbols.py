"""Find a quote that has no word in it (a dash, an ornament): only the characters around it can tell."""

from __future__ import annotations

from letstalk_desktop.annotations.anchoring.results import Candidate, Doubtful, Found, Result, Rung, Unplaced

_ENOUGH = 12  # characters of context that must agree
_AHEAD = 4  # characters by which the best place must be ahead of the next
_PLACES = 2000


def find_symbols(exact: str, prefix: str, suffix: str, text: str) -> Result:
    """The place where the exact quote stands with the most of its context; doubtful where that is little or not unique."""
    ranked: list[tuple[int, int]] = []
    place = text.find(exact)
    while place >= 0 and len(ranked) < _PLACES:
        ranked.append((_agree_back(prefix, text, place) + _agree_on(suffix, text, place + len(exact)), place))
        place = text.find(exact, place + 1)
    if not ranked:
        return Unplaced()
    ranked.sort(key=lambda item: (-item[0], item[1]))
    agreed, place = ranked[0]
    behind = agreed - ranked[1][0] if len(ranked) > 1 else agreed
    wanted = min(_ENOUGH, len(prefix) + len(suffix))
    if agreed >= wanted > 0 and behind >= _AHEAD:
        return Found(place, place + len(exact), 0.95, Rung.QUOTE)
    candidates = tuple(Candidate(start, start + len(exact), 0.3) for _, start in ranked[:5])
    return Doubtful(candidates, 0.3) if len(ranked) <= 5 else Unplaced(candidates, 0.1)


def _agree_back(prefix: str, text: str, place: int) -> int:
    count = 0
    while count < len(prefix) and place - count > 0 and prefix[-1 - count] == text[place - count - 1]:
        count += 1
    return count


def _agree_on(suffix: str, text: str, place: int) -> int:
    count = 0
    while count < len(suffix) and place + count < len(text) and suffix[count] == text[place + count]:
        count += 1
    return count
