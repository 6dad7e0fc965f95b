"""Let the notes of a resource follow the edition at hand: read, find, and write all of it at once or nothing.

Used by the window and by the command line. It asks a notebook (see ``Notes``) and a shelf; it knows neither database nor Qt.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Protocol

from letstalk_desktop.annotations.model import Annotation, Changes, KeptText, Operation, Placement, Query
from letstalk_desktop.annotations.moving import Followed, NewEdition, Progress, follow, followed
from letstalk_desktop.language import Translator
from letstalk_desktop.library.shelf import Shelf


class Notes(Protocol):
    """What is asked of the notebook."""

    def annotations(self, query: Query) -> list[Annotation]:
        """The annotations that a query wants."""

    def kept_text(self, resource: str, edition: str, language: str, chapter: str) -> KeptText | None:
        """The text of a chapter as it was in an edition."""

    def kept_editions(self, resource: str) -> list[str]:
        """The editions of a resource of which some text is kept."""

    def apply(self, operation: Operation, *, now: datetime) -> Changes:
        """Do one operation."""


def edition_at_hand(notes: Notes, shelf: Shelf, resource: str) -> NewEdition:
    """The edition of a resource that is on the shelf. Its chapters are loaded on demand and may raise ContentError."""
    return NewEdition(shelf.resource(resource), partial(shelf.chapter_once, resource), notes.kept_text)


def strays(notes: Notes, shelf: Shelf, resource: str) -> list[Annotation]:
    """The living annotations of a resource that were made on another edition than the one on the shelf."""
    return notes.annotations(Query(resource=resource, other_than_edition=shelf.resource(resource).edition))


def needs_following(notes: Notes, shelf: Shelf, resource: str) -> bool:
    """Whether there is something to follow that has not been looked for in the edition on the shelf."""
    found = strays(notes, shelf, resource)
    if any(one.placement is Placement.PLACED for one in found):
        return True
    return bool(found) and shelf.resource(resource).edition not in notes.kept_editions(resource)


def prepare(
    notes: Notes, shelf: Shelf, resource: str, *, who: str = "", progress: Progress | None = None
) -> tuple[Followed, list[Annotation]]:
    """What following the edition on the shelf would do, and the annotations as they were; changes nothing.

    Raises Cancelled when ``progress`` answers False, NotFound or ContentError where the resource cannot be read.
    """
    before = strays(notes, shelf, resource)
    if not before:
        return Followed(resource, shelf.resource(resource).edition), before
    edition = edition_at_hand(notes, shelf, resource)
    fates = follow(before, edition, progress)
    return followed(fates, edition, _new_id, who), before


def carry_out(notes: Notes, done: Followed, before: Iterable[Annotation], now: datetime) -> Changes:
    """Write what was prepared, in one step of undo. What the reader has changed meanwhile keeps her words.

    Raises NotebookError where nothing could be written.
    """
    if done.operation is None:
        return Changes()
    known = {one.id: one for one in before}
    present = {one.id: one for one in notes.annotations(Query(ids=tuple(known)))}
    current: list[Annotation] = []
    for after in done.operation.annotations:
        was, here = known[after.id], present.get(after.id)
        if here == was:
            current.append(after)
        elif here is not None and here.anchor == was.anchor:
            current.append(here.changed(anchor=after.anchor, placement=after.placement))
    return notes.apply(done.operation._replace(annotations=tuple(current)), now=now) if current else Changes()


def follow_edition(
    notes: Notes,
    shelf: Shelf,
    resource: str,
    *,
    now: datetime,
    who: str = "",
    progress: Progress | None = None,
    before_writing: Callable[[], None] | None = None,
) -> Followed:
    """Both at once. ``before_writing`` is called first where anything changes: the place for a safety copy."""
    done, before = prepare(notes, shelf, resource, who=who, progress=progress)
    if done.operation is not None:
        if before_writing is not None:
            before_writing()
        carry_out(notes, done, before, now)
    return done


def counts_in_words(kept: int, moved: int, waiting: int, translator: Translator) -> str:
    """ "42 kept, 3 moved, 1 needs you"."""
    ngettext = translator.ngettext
    parts = [ngettext("{count} kept", "{count} kept", kept).format(count=kept)]
    if moved:
        parts.append(ngettext("{count} moved", "{count} moved", moved).format(count=moved))
    if waiting:
        parts.append(ngettext("{count} needs you", "{count} need you", waiting).format(count=waiting))
    return ", ".join(parts)


def _new_id() -> str:
    return str(uuid.uuid4())
