"""The ladder: from what is certain and cheap to what must be weighed, for many places of one chapter at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from letstalk_desktop.annotations.anchoring import judgement
from letstalk_desktop.annotations.anchoring.edges import edges
from letstalk_desktop.annotations.anchoring.fragments import Fragments
from letstalk_desktop.annotations.anchoring.landmarks import Landmarks
from letstalk_desktop.annotations.anchoring.passage import Passage, agreement
from letstalk_desktop.annotations.anchoring.quotation import QuoteFinder, quotation
from letstalk_desktop.annotations.anchoring.results import Cancelled, Candidate, Doubtful, Found, Result, Rung, Unplaced
from letstalk_desktop.annotations.anchoring.revision import Revision
from letstalk_desktop.annotations.anchoring.symbols import find_symbols
from letstalk_desktop.annotations.anchoring.weights import Weights
from letstalk_desktop.annotations.anchoring.words import Vocabulary, read
from letstalk_desktop.annotations.model import Anchor

Progress = Callable[[int, int], bool]  # (done, total) -> go on?
_REACH = 8  # words around a quote that are asked whether they stand around it still
_SHOWN = 5  # candidates offered to the reader
_NEIGHBOUR = 8  # characters beside a quote that confirm it in its block
_SAYING = 4  # words of a quote that needs no confirming in its block
_CERTAIN = 0.97  # probability above which other passages are not asked
_LANDMARK = 0.9  # least probability of a landmark
_LANDMARK_LENGTH = 40  # least characters of a landmark's quote


class Relocator:
    """Finds many places of one old text in one new text.

    ``old`` is the text in which the places were marked, where it is at hand: a comparison decides better than any quote.
    ``blocks`` are (id, start, end) of the new text, in code points. What is costly is prepared once, when first needed.
    """

    def __init__(self, new: str, old: str | None = None, blocks: Sequence[tuple[str, int, int]] = ()) -> None:
        self._new_text, self._old_text = new, old
        self._blocks = {block: (start, end) for block, start, end in blocks}
        self._vocabulary = Vocabulary()
        self._new = read(new, self._vocabulary)
        self._same = old is not None and old == new
        self._revision: Revision | None = None
        self._finder: QuoteFinder | None = None
        self._quote_weights: Weights | None = None

    def prepare(self) -> None:
        """Do now what would otherwise be done when the first place is sought."""
        if self._old_text is not None and not self._same:
            self._compared()
        if not self._same:
            self._quotes()  # with the old text too: what is lost is offered the passages that come nearest

    def locate(self, anchor: Anchor) -> Result:
        """The place of one anchor."""
        return self._locate(anchor, Landmarks(len(self._new_text)))

    def locate_all(self, anchors: Sequence[Anchor], progress: Progress | None = None) -> list[Result]:
        """The places of many anchors, in order; those that are certain help to decide about the others.

        Raises Cancelled when ``progress`` answers False.
        """
        if self._old_text is None:
            known = Fragments(anchors)
            anchors = [known.widen(anchor) for anchor in anchors]
        results: list[Result] = []
        for number, anchor in enumerate(anchors):
            if progress is not None and not progress(number, len(anchors)):
                raise Cancelled
            results.append(self.locate(anchor))
        certain = {
            number: (anchor.start, result.start)
            for number, (anchor, result) in enumerate(zip(anchors, results, strict=True))
            if isinstance(result, Found)
            and result.confidence >= (_LANDMARK if len(anchor.exact) >= _LANDMARK_LENGTH else _CERTAIN)
        }
        landmarks = Landmarks(len(self._new_text), list(certain.values()))
        for number, anchor in enumerate(anchors if certain else ()):
            if number in certain or _settled(results[number]):
                continue
            if progress is not None and not progress(len(anchors), len(anchors)):
                raise Cancelled
            results[number] = self._locate(anchor, landmarks)
        return results

    def _locate(self, anchor: Anchor, landmarks: Landmarks) -> Result:
        anchor = self._mended(anchor)
        if not anchor.exact:
            return Found(0, 0, 1.0, Rung.SAME_TEXT) if anchor.start == anchor.end == 0 else Unplaced()
        if self._unchanged(anchor):
            return Found(anchor.start, anchor.end, 1.0, Rung.SAME_TEXT)
        if self._old_text is not None:
            start = _standing(self._old_text, anchor)
            if start >= 0:
                return self._compare(anchor, start, landmarks)
        return self._by_quote(anchor, landmarks)

    def _mended(self, anchor: Anchor) -> Anchor:
        """The anchor with offsets inside the text and with what the old text knows of its words."""
        start, end = max(0, anchor.start), max(0, anchor.end)
        old = self._old_text
        if not anchor.exact and old is not None and end > start:
            start, end = min(start, len(old)), min(end, len(old))
            return anchor._replace(start=start, end=end, exact=old[start:end])
        return (
            anchor._replace(start=start, end=start + len(anchor.exact))
            if anchor.exact
            else anchor._replace(start=start, end=end)
        )

    def _unchanged(self, anchor: Anchor) -> bool:
        """Whether the passage stands with its context where it stood."""
        text, start, end = self._new_text, anchor.start, anchor.end
        if text[start:end] != anchor.exact:
            return False
        if self._old_text is not None:
            return self._same
        prefix, suffix = anchor.prefix, anchor.suffix
        whole = bool(prefix or start == 0) and bool(suffix or end == len(text))
        return whole and text[max(0, start - len(prefix)) : start] == prefix and text[end : end + len(suffix)] == suffix

    # With the old text

    def _compared(self) -> Revision:
        if self._revision is None:
            old = read(self._old_text or "", self._vocabulary)
            weights = Weights(self._vocabulary, old.ids, self._new.ids)
            self._revision = Revision(old, self._new, weights.nats)
        return self._revision

    def _compare(self, anchor: Anchor, start: int, landmarks: Landmarks) -> Result:
        revision = self._compared()
        end = start + len(anchor.exact)
        old, nats = revision.old, revision.weights
        first, last = old.between(start, end)
        if first == last:
            return find_symbols(anchor.exact, old.text[max(0, start - 32) : start], old.text[end : end + 32], self._new_text)
        passage = Passage(old.ids, first, last, max(0, first - _REACH), min(len(old), last + _REACH))
        found = agreement(passage, revision.new_of.__getitem__, nats)
        chance = 0.0
        place: tuple[Candidate, ...] = ()
        if found is not None:
            chance = judgement.compared(passage, found, revision.run_nats(found))
            new_start, new_end = edges(old, start, end, passage, found, self._new)
            if chance >= judgement.ACCEPT:
                return Found(new_start, new_end, chance, Rung.COMPARISON)
            place = (Candidate(new_start, new_end, chance),)
        return _lost(chance, place + self._nearest(anchor, place))

    def _nearest(self, anchor: Anchor, known: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """What comes nearest by its words, for the reader to choose from; the old text speaks against it."""
        result = self._by_quote(anchor._replace(block=""), Landmarks(len(self._new_text)))
        found = (Candidate(result.start, result.end, result.confidence),) if isinstance(result, Found) else result.candidates
        return tuple(
            replace(candidate, score=candidate.score / 2)
            for candidate in found
            if not any(other.start < candidate.end and candidate.start < other.end for other in known)
        )

    # By the quote alone

    def _quotes(self) -> QuoteFinder:
        if self._finder is None:
            self._quote_weights = Weights(self._vocabulary, self._new.ids)
            self._finder = QuoteFinder(self._new, self._vocabulary, self._quote_weights)
        return self._finder

    def _in_block(self, anchor: Anchor) -> Found | None:
        """The place in the block of the same id, where the quote stands once and is no mere word without its neighbours."""
        first, last = self._blocks.get(anchor.block, (0, 0))
        start = self._new_text.find(anchor.exact, first, last)
        if start < 0 or self._new_text.find(anchor.exact, start + 1, last) >= 0:
            return None
        end = start + len(anchor.exact)
        before, after = anchor.prefix[-_NEIGHBOUR:], anchor.suffix[:_NEIGHBOUR]
        touches = (before and self._new_text.endswith(before, 0, start)) or (after and self._new_text.startswith(after, end))
        if not touches and len(anchor.exact.split()) < _SAYING:
            return None
        return Found(start, end, 0.97, Rung.SAME_BLOCK)

    def _by_quote(self, anchor: Anchor, landmarks: Landmarks) -> Result:
        placed = self._in_block(anchor)
        if placed is not None:
            return placed
        finder = self._quotes()
        sought = quotation(anchor.exact, anchor.prefix, anchor.suffix, self._vocabulary)
        if sought.passage.first == sought.passage.last:
            return find_symbols(anchor.exact, anchor.prefix, anchor.suffix, self._new_text)
        expected = landmarks.expect(anchor.start)
        sightings = finder.sightings(sought, expected)
        if not sightings:
            return Unplaced()
        chances = finder.judge(sought, sightings, expected)
        candidates = tuple(
            Candidate(sighting.start, sighting.end, chance) for sighting, chance in zip(sightings, chances, strict=True)
        )
        best, chance = sightings[0], chances[0]
        if chance < judgement.ACCEPT_QUOTE:
            return _lost(chance, candidates)
        exact = best.end - best.start == len(anchor.exact) and self._new_text[best.start : best.end] == anchor.exact
        return Found(best.start, best.end, chance, Rung.QUOTE if exact else Rung.LIKENESS)


def _lost(chance: float, candidates: tuple[Candidate, ...]) -> Doubtful | Unplaced:
    candidates = tuple(sorted(candidates, key=lambda candidate: -candidate.score)[:_SHOWN])
    return Doubtful(candidates, chance) if chance >= judgement.DOUBT else Unplaced(candidates, chance)


def _settled(result: Result) -> bool:
    """Whether no other passage could tell more about this one."""
    return isinstance(result, Found) and (
        result.how in (Rung.SAME_TEXT, Rung.SAME_BLOCK, Rung.COMPARISON) or result.confidence >= _CERTAIN
    )


def _standing(text: str, anchor: Anchor) -> int:
    """Where the quote stands in the text it was taken from; the place nearest to where it should, -1 if nowhere."""
    exact, start = anchor.exact, anchor.start
    if text.startswith(exact, start):
        return start
    before, after = text.rfind(exact, 0, start + len(exact)), text.find(exact, start)
    places = [place for place in (before, after) if place >= 0]
    return min(places, key=lambda place: abs(place - start)) if places else -1
