"""What comes of looking for a place: found, doubtful, or unplaced, each with how and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rung(StrEnum):
    """What decided about a place."""

    SAME_TEXT = "same-text"  # nothing changed there
    SAME_BLOCK = "same-block"  # the quote stands in the block it was taken from
    COMPARISON = "comparison"  # the old text was compared with the new one
    QUOTE = "quote"  # the exact quote, confirmed by what stands around it
    LIKENESS = "likeness"  # words of the quote and its surroundings, aligned
    OTHER_CHAPTER = "other-chapter"  # the exact quote stands in one other chapter of the resource


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch [start, end) in code points that may be the passage. ``score`` is the probability that it is, 0 to 1.

    ``chapter`` is "" for the chapter that was searched, else the id of the other chapter in which it stands.
    """

    start: int
    end: int
    score: float
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The passage stands at [start, end), in code points. ``confidence`` is 0 to 1; ``chapter`` as in a candidate."""

    start: int
    end: int
    confidence: float
    how: Rung
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """There is a likely place, but not sure enough to put the reader's note there unasked; candidates are best first."""

    candidates: tuple[Candidate, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Unplaced:
    """The text seems gone; candidates, best first, are only what comes nearest."""

    candidates: tuple[Candidate, ...] = ()
    confidence: float = 0.0


Result = Found | Doubtful | Unplaced


class Cancelled(Exception):
    """The caller asked to stop; nothing was changed."""
