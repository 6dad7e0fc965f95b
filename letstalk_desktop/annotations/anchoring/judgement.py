"""How sure a place is: the evidence about a found stretch weighed into one probability.

Both judgements are logistic: each piece of evidence adds or takes away log-odds. What is weighed was chosen for its meaning:

* how much of the quote is there, by words, by information and by letters;
* whether the words around it still stand around it, and how far they do so letter by letter without a break;
* how far all that agrees exceeds what chance gives in a text of this length;
* whether another place is as good, and whether this one is about where it should be.

A commonplace of two words is all *short*, a sentence hardly: a short quote says little and needs its surroundings, so much is
weighed by how short the quote is. The weights were fitted on revision histories of documentation, lessons, guides and legal
texts in English and French; evidence without which documents of a kind that was left out were judged as well is not asked.
"""

from __future__ import annotations

from math import exp, log

from letstalk_desktop.annotations.anchoring.passage import Agreement, Passage

ACCEPT = 0.55  # least probability of a place found by comparison with the old text
ACCEPT_QUOTE = 0.6  # least probability of a place found by its quote alone: a wrong place is worse than none
DOUBT = 0.2  # below this a place is not worth a doubt
LEAST_KEPT = 0.3  # share of a quote's words that must be there, whatever else speaks for a place
LEAST_KEPT_QUOTE = 0.35  # the same without the old text
_SHORT = 20.0  # nats of a quote that is half short
_EVEN = 1.5  # nats by which the better of two places may be ahead by chance

_COMPARED_BASE = 0.1
_COMPARED = (
    -6.7,  # information kept
    11.41,  # words kept
    -0.75,  # context, the better side
    3.73,  # context, both sides
    -0.28,  # the aligned run that holds the quote
    -0.39,  # neighbours that still touch the quote
    -1.51,  # pieces per word
    -0.39,  # growth
    -10.22,  # short
    2.49,  # short: words kept
    3.79,  # short: context, the better side
    -0.99,  # short: context, both sides
    0.95,  # short: the aligned run
    0.9,  # short: neighbours
)
_QUOTED_BASE = -4.01
_QUOTED = (
    0.53,  # surplus over chance
    -6.6,  # growth
    4.96,  # letters alike
    0.57,  # standing where it should
    -5.31,  # another place that is as good
    1.87,  # context unbroken beside the quote, the lesser side
    1.85,  # one side of the context whole
    -4.38,  # short
    1.03,  # short: neighbours that still touch the quote
    -1.1,  # short: its context stands together elsewhere
    -0.72,  # short: how often the quote stands in the text
)


def compared(passage: Passage, found: Agreement, run_nats: float) -> float:
    """The probability that a place found by comparison is right. ``run_nats``: information of the runs that hold the quote."""
    if found.kept_words < LEAST_KEPT:
        return 0.0
    most, mean = _context(found)
    short = _short(found)
    touch = _touch(found)
    run = log(run_nats + 1.0)
    evidence = (
        found.kept,
        found.kept_words,
        most,
        mean,
        run,
        touch,
        found.pieces / _span(found),
        found.growth,
        short,
        found.kept_words * short,
        most * short,
        mean * short,
        run * short,
        touch * short,
    )
    return _probability(_COMPARED_BASE, _COMPARED, evidence)


def quoted(
    passage: Passage,
    found: Agreement,
    words: int,
    margin: float,
    near: float,
    pulled: float,
    alike: float,
    count: int,
    joined: tuple[float, float],
) -> float:
    """The probability that a place found by its quote alone, in a text of so many words, is right.

    ``margin``: nats that the next best place is behind. ``near``: evidence, in nats, of standing where it should. ``pulled``:
    nats of the context that stand together elsewhere, beyond what stands here. ``alike``: likeness of the letters, 0 to 1.
    ``count``: places where the quote's words stand just so. ``joined``: shares of the prefix and of the suffix that stand
    unbroken right beside it.
    """
    if found.kept_words < LEAST_KEPT_QUOTE:
        return 0.0
    short = _short(found)
    touch = float(found.touch_before or found.before < 0) + float(found.touch_after or found.after < 0)
    evidence = (
        min(found.bits - log(max(2, words) * len(passage.ids)), 40.0) / 10,
        found.growth,
        alike,
        near,
        exp(-max(margin, 0.0) / _EVEN),
        min(joined),
        float(max(joined) == 1.0),
        short,
        touch * short,
        max(0.0, min(pulled, 40.0)) / 10 * short,
        log(count + 1.0) * short,
    )
    return _probability(_QUOTED_BASE, _QUOTED, evidence)


def _context(found: Agreement) -> tuple[float, float]:
    """The greater and the mean share of the context that is there, of the sides that have one."""
    sides = [side for side in (found.before, found.after) if side >= 0]
    return (max(sides), sum(sides) / len(sides)) if sides else (0.0, 0.0)


def _touch(found: Agreement) -> float:
    return float(found.touch_before) + float(found.touch_after)


def _span(found: Agreement) -> int:
    return found.last - found.first + 1


def _short(found: Agreement) -> float:
    return 1.0 / (1.0 + found.quote_bits / _SHORT)


def _probability(base: float, weights: tuple[float, ...], evidence: tuple[float, ...]) -> float:
    odds = base + sum(weight * value for weight, value in zip(weights, evidence, strict=True))
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, odds))))
