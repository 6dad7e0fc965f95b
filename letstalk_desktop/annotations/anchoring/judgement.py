"""How sure a place is: the evidence about a found stretch weighed into one probability.

Both judgements are logistic: each piece of evidence adds or takes away log-odds. Their weights were fitted on revision
histories of documentation, lessons and legal texts in English and French and on simulated revisions, with whole documents
held out; what is weighed was chosen for its meaning, not for its fit:

* how much of the quote is there, by information and by words;
* whether the words around it still stand around it (the only thing that speaks for a short, common quote);
* how much all that agrees exceeds what chance gives in a text of this length;
* how far the second best place is behind, and whether the place is about where it should be.
"""

from __future__ import annotations

from math import exp, log

from letstalk_desktop.annotations.anchoring.passage import Agreement, Passage

ACCEPT = 0.5  # least probability of a comparison with the old text
ACCEPT_QUOTE = 0.5  # least probability of a place found by its quote alone
DOUBT = 0.2  # below this a place is not worth a doubt


def compared_evidence(passage: Passage, found: Agreement, run_nats: float) -> tuple[float, ...]:
    """The evidence of a comparison with the old text. ``run_nats``: information of the aligned runs that hold the quote."""
    most, mean = _context(found)
    return found.kept, found.kept_words, most, mean, log(run_nats + 1.0)


def quoted_evidence(passage: Passage, found: Agreement, text_words: int, margin: float, near: float) -> tuple[float, ...]:
    """The evidence of a place found by its quote alone.

    ``margin``: nats that the next best place is behind; ``near``: 1 where it was expected, falling to 0.
    """
    most, mean = _context(found)
    surplus = found.bits - log(max(2, text_words) * len(passage.ids))
    growth = log((found.end - found.start) / (found.last - found.first + 1))
    pieces = found.pieces / (found.last - found.first + 1)
    return (
        found.kept,
        found.kept_words,
        most,
        mean,
        log(found.quote_bits + 1.0),
        min(margin, 30.0) / 10,
        min(surplus, 40.0) / 10,
        near,
        growth,
        pieces,
    )


_COMPARED = (-7.0, (2.85, 3.4, 0.8, 0.8, 0.54))
_QUOTED = (-9.4, (0.9, 3.6, 1.0, 1.5, 0.2, 1.1, 0.45, 1.2, -1.0, -1.0))


def compared(evidence: tuple[float, ...]) -> float:
    """The probability that a place found by comparison is right."""
    return _probability(_COMPARED, evidence)


def quoted(evidence: tuple[float, ...]) -> float:
    """The probability that a place found by its quote is right."""
    return _probability(_QUOTED, evidence)


def _context(found: Agreement) -> tuple[float, float]:
    """The greater and the mean share of the context that is there, of the sides that have one."""
    sides = [side for side in (found.before, found.after) if side >= 0]
    return (max(sides), sum(sides) / len(sides)) if sides else (0.0, 0.0)


def _probability(weights: tuple[float, tuple[float, ...]], evidence: tuple[float, ...]) -> float:
    odds = weights[0] + sum(weight * value for weight, value in zip(weights[1], evidence, strict=True))
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, odds))))
