"""Which notes are listed, in which order and groups. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, Placement
from letstalk_desktop.storage.folding import fold

KEPT, UNPLACED, TRASH = "kept", "unplaced", "trash"
BY_PLACE, NEWEST, OLDEST, BY_KIND = "place", "newest", "oldest", "kind"
NO_GROUPS, CHAPTERS, KINDS, CONCEPTS = "", "chapters", "kinds", "concepts"
LISTED = (AnnotationType.HIGHLIGHT, AnnotationType.NOTE, AnnotationType.BOOKMARK)

_KIND_ORDER = {kind: number for number, kind in enumerate(Kind)}


class Choice(NamedTuple):
    """What the reader wants to see. Empty fields do not restrict.

    ``kind`` is a kind's id, or the type of an annotation that has none. ``chapter`` is (resource, chapter). ``author`` None
    does not restrict, '' is who gave no name.
    """

    words: str = ""
    everything: bool = False  # of all resources
    state: str = KEPT
    kind: str = ""
    concept: str = ""
    chapter: tuple[str, str] | None = None
    with_note: bool | None = None
    author: str | None = None
    order: str = BY_PLACE
    groups: str = NO_GROUPS

    @property
    def narrowed(self) -> int:
        """How many of the choices leave something out."""
        wanted = (self.state != KEPT, bool(self.kind), bool(self.concept), self.chapter is not None)
        return sum(wanted) + (self.with_note is not None) + (self.author is not None)


class Group(NamedTuple):
    """A heading in the list."""

    title: str
    size: int


Row = Annotation | Group


class Titles(NamedTuple):
    """The words for groups: of a chapter (resource, chapter), a kind (see ``kind_of``), a concept (id, resource)."""

    chapter: Callable[[str, str], str]
    kind: Callable[[str], str]
    concept: Callable[[str, str], str]
    no_concept: str


def kind_of(one: Annotation) -> str:
    """The kind of a highlight; of anything else its type."""
    return one.kind.value if one.type is AnnotationType.HIGHLIGHT else one.type.value


def folded(one: Annotation) -> str:
    """What the words of the filter are looked for in."""
    return fold(f"{one.note}\n{one.anchor.exact}")


def in_place_order(found: Iterable[Annotation], chapters: dict[tuple[str, str], int]) -> list[Annotation]:
    """In the order of the texts; ``chapters``: the place of each (resource, chapter)."""
    return sorted(
        found,
        key=lambda one: (
            one.anchor.resource,
            chapters.get((one.anchor.resource, one.anchor.chapter), -1),
            one.anchor.start,
            one.created,
        ),
    )


def chosen(notes: Sequence[Annotation], choice: Choice, words: Callable[[], Sequence[str]]) -> list[Annotation]:
    """Those of ``notes`` that are wanted, in the order in which they come. ``words`` are those of each note, folded."""
    found = list(notes)
    wanted = fold(choice.words).split()
    if len(wanted) == 1:
        found = [one for one, text in zip(notes, words(), strict=True) if wanted[0] in text]
    elif wanted:
        found = [one for one, text in zip(notes, words(), strict=True) if all(word in text for word in wanted)]
    if choice.state == UNPLACED:
        found = [one for one in found if one.placement is not Placement.PLACED]
    if choice.kind:
        found = [one for one in found if kind_of(one) == choice.kind]
    if choice.concept:
        found = [one for one in found if choice.concept in one.concepts]
    if choice.chapter is not None:
        found = [one for one in found if (one.anchor.resource, one.anchor.chapter) == choice.chapter]
    if choice.with_note is not None:
        found = [one for one in found if bool(one.note.strip()) is choice.with_note]
    if choice.author is not None:
        found = [one for one in found if one.author == choice.author]
    return found


def ordered(notes: list[Annotation], choice: Choice) -> list[Annotation]:
    """In the order that is wanted; ``notes`` are in the order of the text."""
    if choice.order == NEWEST:
        return sorted(notes, key=lambda one: one.modified, reverse=True)
    if choice.order == OLDEST:
        return sorted(notes, key=lambda one: one.created)
    if choice.order == BY_KIND:
        return sorted(notes, key=_kind_order)
    return notes


def _kind_order(one: Annotation) -> int:
    if one.type is AnnotationType.HIGHLIGHT:
        return _KIND_ORDER[one.kind]
    return len(_KIND_ORDER) + (LISTED.index(one.type) if one.type in LISTED else len(LISTED))


def rows(notes: list[Annotation], choice: Choice, titles: Titles, chapters: dict[tuple[str, str], int]) -> list[Row]:
    """The list with its headings. By concept, a note stands under each of its concepts."""
    if not choice.groups:
        return list(notes)
    members: dict[tuple[object, ...], tuple[str, list[Annotation]]] = {}  # order of the group → title, notes
    for one in notes:
        for key, title in _groups_of(one, choice.groups, titles, chapters):
            members.setdefault(key, (title, []))[1].append(one)
    found: list[Row] = []
    for key in sorted(members):
        title, inside = members[key]
        found.append(Group(title, len(inside)))
        found.extend(inside)
    return found


def _groups_of(
    one: Annotation, groups: str, titles: Titles, chapters: dict[tuple[str, str], int]
) -> list[tuple[tuple[object, ...], str]]:
    """(order, title) of each group that a note belongs to."""
    if groups == CHAPTERS:
        place = (one.anchor.resource, one.anchor.chapter)
        return [((place[0], chapters.get(place, -1), place[1]), titles.chapter(*place))]
    if groups == KINDS:
        return [((_kind_order(one),), titles.kind(kind_of(one)))]
    names = {titles.concept(concept, one.anchor.resource) for concept in one.concepts}
    return [((0, fold(name)), name) for name in names] or [((1, ""), titles.no_concept)]
