"""Find what is gone from its chapter in the other chapters of the resource, which may have been renamed or moved."""

from __future__ import annotations

from collections.abc import Mapping

from letstalk_desktop.annotations.anchoring.landmarks import Landmarks
from letstalk_desktop.annotations.anchoring.quotation import QuoteFinder, quotation
from letstalk_desktop.annotations.anchoring.results import Candidate, Doubtful, Found, Result, Rung, Unplaced
from letstalk_desktop.annotations.anchoring.weights import Weights
from letstalk_desktop.annotations.anchoring.words import Vocabulary, Words, read
from letstalk_desktop.annotations.model import Anchor

_LEAST_NATS = 30.0  # information of an exact quote that may stand alone in another chapter
_LEAST_WORDS = 5
_SHORT_NATS = 12.0  # a shorter one must bring its surroundings along
_SURROUNDINGS = 0.8


class Elsewhere:
    """Looks through chapters of one edition. ``texts``: the text of record by chapter id."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._vocabulary = Vocabulary()
        self._texts: dict[str, Words] = {chapter: read(text, self._vocabulary) for chapter, text in texts.items()}
        self._weights = Weights(self._vocabulary, *(words.ids for words in self._texts.values()))
        self._finders: dict[str, QuoteFinder] = {}

    def locate(self, anchor: Anchor, here: Result) -> Result:
        """``here`` where the passage was found, or doubtful, in its own chapter; else its place in another chapter.

        Only an exact quote that is long enough, or brings its surroundings along, and stands once in all other chapters is
        found. What is not sure joins the candidates of ``here``.
        """
        if not isinstance(here, Unplaced) or not anchor.exact:
            return here
        sought = quotation(anchor.exact, anchor.prefix, anchor.suffix, self._vocabulary)
        self._weights.cover()
        passage = sought.passage
        nats = sum(self._weights.nats[word] for word in passage.ids[passage.first : passage.last])
        found: list[tuple[Candidate, float]] = []
        for chapter, words in self._texts.items():
            if chapter == anchor.chapter or not passage.last > passage.first:
                continue
            finder = self._finders.get(chapter)
            if finder is None:
                finder = self._finders[chapter] = QuoteFinder(words, self._vocabulary, self._weights)
            expected = Landmarks(len(words.text)).expect(0)
            sightings = [sighting for sighting in finder.sightings(sought, expected) if sighting.found.kept > 0.999]
            found += [
                (
                    Candidate(sighting.start, sighting.end, 0.5, chapter),
                    _surroundings(sighting.found.before, sighting.found.after),
                )
                for sighting in sightings
                if " ".join(words.text[sighting.start : sighting.end].split()) == " ".join(anchor.exact.split())
            ]
        if len(found) == 1:
            candidate, around = found[0]
            alone = nats >= _LEAST_NATS and passage.last - passage.first >= _LEAST_WORDS
            if alone or (nats >= _SHORT_NATS and around >= _SURROUNDINGS):
                confidence = 0.95 if alone else 0.9
                return Found(candidate.start, candidate.end, confidence, Rung.OTHER_CHAPTER, candidate.chapter)
        if not found:
            return here
        candidates = tuple(candidate for candidate, _ in found[:5]) + here.candidates
        return Doubtful(candidates, 0.5) if nats >= _SHORT_NATS else Unplaced(candidates, here.confidence)


def _surroundings(before: float, after: float) -> float:
    """The share of the context that stands there too, of the side that agrees most."""
    return max(before, after)
