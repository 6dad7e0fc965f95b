"""A newer edition of a resource: what the reader added to the older one is put where its words stand now.

Nothing is ever dropped and no id changes. What is found surely gets an anchor in the new edition; what is not keeps its old
anchor and waits for the reader (*doubtful*, *unplaced*). Pure: chapters and kept texts come from the caller.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from letstalk_desktop.annotations.anchoring import Candidate, Elsewhere, Found, Relocator, Result, Unplaced
from letstalk_desktop.annotations.anchoring.results import Doubtful
from letstalk_desktop.annotations.model import Anchor, Annotation, AnnotationType, KeptText, Operation, Placement
from letstalk_desktop.annotations.places import anchor_at, kept_text
from letstalk_desktop.language import N_
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.library.text import block_by_id

LABEL = N_("Follow the new edition")
Progress = Callable[[int, int], bool]  # (done, total) -> go on?
KeptTexts = Callable[[str, str, str, str], KeptText | None]  # resource, edition, language, chapter
_SHARED_BLOCKS = 0.5  # of a vanished chapter's blocks, those that a chapter must hold to be taken for its successor
_SUGGESTIONS = 5
LAST_RESORT = 0.02  # score of the block in which it stood


class Outcome(StrEnum):
    """What became of an annotation in the new edition."""

    KEPT = "kept"  # same words, same block
    MOVED = "moved"  # found surely, in another block or with changed words
    DOUBTFUL = "doubtful"  # a likely place, which the reader must confirm
    UNPLACED = "unplaced"


class Fate(NamedTuple):
    """One annotation before and after; ``after`` keeps the old anchor where no place was found."""

    before: Annotation
    after: Annotation
    outcome: Outcome


class Followed(NamedTuple):
    """What following an edition does, or did. Ids by outcome; ``operation`` is None where nothing changes."""

    resource: str = ""
    edition: str = ""
    kept: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
    operation: Operation | None = None

    @property
    def waiting(self) -> int:
        """How many need the reader."""
        return len(self.doubtful) + len(self.unplaced)

    @property
    def total(self) -> int:
        """How many there were."""
        return len(self.kept) + len(self.moved) + self.waiting


class Suggestion(NamedTuple):
    """A stretch of the new edition that may be what was marked. ``score`` is a probability, 0 to 1."""

    chapter: Chapter
    start: int
    end: int
    score: float


class NewEdition:
    """The texts of one edition, and the engines that look for places in them; each is made when first needed.

    ``load`` gives the chapter with an id in a language; what it raises for a broken chapter goes to the caller.
    """

    def __init__(self, resource: Resource, load: Callable[[str, str], Chapter], kept: KeptTexts) -> None:
        self.resource = resource
        self._load, self._kept = load, kept
        self._chapters: dict[tuple[str, str], Chapter] = {}
        self._elsewhere: dict[str, Elsewhere] = {}
        self._lines: dict[str, list[tuple[str, str]]] = {}

    def chapter(self, language: str, chapter: str) -> Chapter | None:
        """A chapter, or None where this edition has none of that id in that language."""
        if language not in self.resource.languages or not any(entry.id == chapter for entry in self.resource.chapters):
            return None
        if (language, chapter) not in self._chapters:
            self._chapters[language, chapter] = self._load(chapter, language)
        return self._chapters[language, chapter]

    def chapters(self, language: str) -> list[Chapter]:
        """All chapters in a language."""
        found = (self.chapter(language, entry.id) for entry in self.resource.chapters)
        return [chapter for chapter in found if chapter is not None]

    def old_text(self, anchor: Anchor) -> KeptText | None:
        """The text on which an anchor was made, where it is at hand."""
        return self._kept(anchor.resource, anchor.edition, anchor.language, anchor.chapter)

    def home(self, anchor: Anchor, old: KeptText | None) -> Chapter | None:
        """The chapter in which to look first: the one of the same id, else the one that took over most of its blocks."""
        same = self.chapter(anchor.language, anchor.chapter)
        if same is not None or old is None or not old.blocks:
            return same
        mine = {block[0] for block in old.blocks}
        shares = [
            (sum(1 for block in chapter.blocks if block.id in mine) / len(mine), -number, chapter)
            for number, chapter in enumerate(self.chapters(anchor.language))
        ]
        share, _number, chapter = max(shares, default=(0.0, 0, None), key=lambda one: one[:2])
        return chapter if share >= _SHARED_BLOCKS else None

    def elsewhere(self, language: str) -> Elsewhere:
        """What finds passages in the other chapters."""
        if language not in self._elsewhere:
            self._elsewhere[language] = Elsewhere({chapter.id: chapter.text for chapter in self.chapters(language)})
        return self._elsewhere[language]

    def locate_all(self, anchors: Sequence[Anchor], progress: Progress | None = None) -> list[tuple[Chapter | None, Result]]:
        """The chapter and place of each of these anchors, which were all made on one text."""
        old = self.old_text(anchors[0])
        home = self.home(anchors[0], old)
        if home is None:
            results: list[Result] = [Unplaced() for _ in anchors]
        else:
            blocks = [(block.id, block.start, block.end) for block in home.blocks]
            results = Relocator(home.text, old.text if old else None, blocks).locate_all(anchors, progress)
        placed: list[tuple[Chapter | None, Result]] = []
        for anchor, result in zip(anchors, results, strict=True):
            if isinstance(result, Unplaced) and self._stands_elsewhere(anchor, home):
                sought = anchor._replace(chapter=home.id) if home is not None else anchor
                result = self.elsewhere(anchor.language).locate(sought, result)
                if isinstance(result, Found) and result.chapter:
                    placed.append((self.chapter(anchor.language, result.chapter), result))
                    continue
            placed.append((home, result))
        return placed

    def _stands_elsewhere(self, anchor: Anchor, home: Chapter | None) -> bool:
        """Whether the exact words are in another chapter at all: quick, and mostly they are not."""
        if anchor.language not in self.resource.languages or not anchor.exact:
            return False
        if anchor.language not in self._lines:
            one_line = [(chapter.id, " ".join(chapter.text.split())) for chapter in self.chapters(anchor.language)]
            self._lines[anchor.language] = one_line
        here, words = home.id if home is not None else "", " ".join(anchor.exact.split())
        return any(chapter != here and words in line for chapter, line in self._lines[anchor.language])


def follow(annotations: Iterable[Annotation], edition: NewEdition, progress: Progress | None = None) -> list[Fate]:
    """The fates of annotations of the resource that were made on other editions of it, in the order given.

    Raises Cancelled when ``progress`` answers False.
    """
    wanted = list(annotations)
    fates: dict[int, Fate] = {}
    groups: dict[tuple[str, str, str], list[int]] = {}
    for number, one in enumerate(wanted):
        if not one.anchor.exact or one.type is AnnotationType.ANSWER:
            fates[number] = _whole(one, edition)
        elif fate := _by_block(one, edition):
            fates[number] = fate
        else:
            groups.setdefault((one.anchor.edition, one.anchor.language, one.anchor.chapter), []).append(number)
    done = len(fates)
    for numbers in groups.values():
        report = _shifted(progress, done, len(wanted))
        found = edition.locate_all([wanted[number].anchor for number in numbers], report)
        for number, (chapter, result) in zip(numbers, found, strict=True):
            fates[number] = _fate(wanted[number], chapter, result)
        done += len(numbers)
    return [fates[number] for number in range(len(wanted))]


def _shifted(progress: Progress | None, done: int, total: int) -> Progress | None:
    return None if progress is None else lambda number, _total: progress(done + number, total)


def _by_block(one: Annotation, edition: NewEdition) -> Fate | None:
    """A bookmark marks a block: it goes where the block of that id is, whatever its words are now."""
    if one.type is not AnnotationType.BOOKMARK or not one.anchor.block:
        return None
    chapter = edition.chapter(one.anchor.language, one.anchor.chapter)
    block = block_by_id(chapter, one.anchor.block) if chapter else None
    if chapter is None or block is None:
        return None
    return _placed(one, anchor_at(chapter, block.start, min(block.end, block.start + max(len(one.anchor.exact), 1))), same=True)


def _whole(one: Annotation, edition: NewEdition) -> Fate:
    """What has no words of the text: a note on a chapter or on the resource, an answer to a question."""
    anchor, resource = one.anchor, edition.resource
    chapter_id, block = anchor.chapter, anchor.block
    if one.type is AnnotationType.ANSWER:
        question = next((question for question in resource.questions if question.id == one.question), None)
        if question is None:
            return _waits(one, Outcome.UNPLACED)
        chapter_id, block = question.chapter, question.id if question.closing else ""
    elif chapter_id and not any(entry.id == chapter_id for entry in resource.chapters):
        home = edition.home(anchor, edition.old_text(anchor))
        if home is None:
            return _waits(one, Outcome.UNPLACED)
        chapter_id = home.id
    moved = anchor._replace(edition=resource.edition, chapter=chapter_id, block=block)
    return _placed(one, moved, same=chapter_id == anchor.chapter)


def _fate(one: Annotation, chapter: Chapter | None, result: Result) -> Fate:
    if isinstance(result, Found) and chapter is not None and result.end > result.start:
        anchor = anchor_at(chapter, result.start, result.end)
        old = one.anchor
        same = (anchor.chapter, anchor.block, anchor.exact) == (old.chapter, old.block, old.exact)
        return _placed(one, anchor, same=same)
    return _waits(one, Outcome.DOUBTFUL if isinstance(result, Doubtful) else Outcome.UNPLACED)


def _placed(one: Annotation, anchor: Anchor, *, same: bool) -> Fate:
    after = one.changed(anchor=anchor, placement=Placement.PLACED, modified=_just_after(one.modified))
    return Fate(one, after, Outcome.KEPT if same else Outcome.MOVED)


def _waits(one: Annotation, outcome: Outcome) -> Fate:
    """It keeps its anchor. What has waited before goes on waiting as it is: the reader may have decided about it."""
    if one.placement is not Placement.PLACED:
        return Fate(one, one, Outcome(one.placement.value))
    return Fate(one, one.changed(placement=Placement(outcome.value), modified=_just_after(one.modified)), outcome)


def _just_after(modified: str) -> str:
    """One millisecond later: the reader's own next change, here or elsewhere, always counts as newer than a move."""
    try:
        later = datetime.fromisoformat(modified) + timedelta(milliseconds=1)
    except ValueError:
        return ""
    return later.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def followed(fates: Sequence[Fate], edition: NewEdition, new_id: Callable[[], str], who: str = "") -> Followed:
    """The fates as one operation, a step of undo of its own, with the texts that the new anchors refer to."""
    changed = tuple(fate.after for fate in fates if fate.after != fate.before)

    def ids(outcome: Outcome) -> tuple[str, ...]:
        return tuple(fate.before.id for fate in fates if fate.outcome is outcome)

    operation = None
    if changed:
        operation = Operation(new_id(), new_id(), LABEL, who, changed, texts=texts_of(changed, edition))
    return Followed(
        edition.resource.id,
        edition.resource.edition,
        ids(Outcome.KEPT),
        ids(Outcome.MOVED),
        ids(Outcome.DOUBTFUL),
        ids(Outcome.UNPLACED),
        operation,
    )


def texts_of(annotations: Iterable[Annotation], edition: NewEdition) -> tuple[KeptText, ...]:
    """The texts of this edition to which annotations refer."""
    places = {
        (one.anchor.language, one.anchor.chapter) for one in annotations if one.anchor.edition == edition.resource.edition
    }
    chapters = (edition.chapter(language, chapter) for language, chapter in sorted(places))
    return tuple(kept_text(chapter) for chapter in chapters if chapter is not None)


def suggestions(one: Annotation, edition: NewEdition) -> list[Suggestion]:
    """Where an annotation that waits may belong, best first; the block it stood in is the last resort."""
    anchor = one.anchor
    if not anchor.exact:
        return []
    [(home, result)] = edition.locate_all([anchor])
    found: list[Suggestion] = []

    def add(candidate: Candidate | Found, score: float) -> None:
        chapter = edition.chapter(anchor.language, candidate.chapter) if candidate.chapter else home
        if chapter is None or not candidate.start < candidate.end <= len(chapter.text) or score < LAST_RESORT:
            return
        if not any(
            other.chapter.id == chapter.id and other.start < candidate.end and candidate.start < other.end for other in found
        ):
            found.append(Suggestion(chapter, candidate.start, candidate.end, score))

    if isinstance(result, Found):
        add(result, result.confidence)
    else:
        for candidate in result.candidates:
            add(candidate, candidate.score)
    if home is not None:
        guessed = Relocator(home.text).locate(anchor)
        if isinstance(guessed, Found):
            add(guessed, guessed.confidence / 2)  # the comparison of the texts did not confirm it
        else:
            for candidate in guessed.candidates:
                add(candidate, candidate.score)
    found.sort(key=lambda one: -one.score)
    del found[_SUGGESTIONS:]
    if home is not None and (block := _old_block(anchor, edition, home)) is not None:
        add(Candidate(block[0], block[1], LAST_RESORT), LAST_RESORT)
    return found


def _old_block(anchor: Anchor, edition: NewEdition, home: Chapter) -> tuple[int, int] | None:
    """[start, end) of the block in which an anchor stood, or of the one before it that is still there."""
    if block := block_by_id(home, anchor.block):
        return block.start, block.end
    old = edition.old_text(anchor)
    if old is None:
        return None
    index = bisect_right(old.blocks, anchor.start, key=lambda block: block[1]) - 1
    for block_id, _start, _end, _locator in reversed(old.blocks[: max(index, 0)]):
        if block := block_by_id(home, block_id):
            return block.start, block.end
    return None
