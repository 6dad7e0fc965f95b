"""The notebook for the length of one command, and where its annotations are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from letstalk_desktop.annotations.model import Annotation, Query
from letstalk_desktop.annotations.places import fits, locator_in_chapter, locator_in_kept
from letstalk_desktop.commands.output import warn
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.language import Translator
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.paths import Paths

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook

FIRST_RESOURCE = "community-organizing"


def now() -> datetime:
    """This moment, in the time zone of the machine: days are told in it."""
    return datetime.now(UTC).astimezone()


@contextmanager
def open_notebook(paths: Paths, tr: Translator) -> Iterator[Notebook]:
    """The reader's notebook. What had to be done to open it, and what in it cannot be understood, goes to the error stream."""
    from letstalk_desktop.storage.opening import open_at_start

    notebook, told = open_at_start(paths.notebook, paths.backups, now())
    try:
        for one in told:
            warn(one.text(tr))
        yield notebook
        if unclear := len(notebook.problems()):
            words = tr.ngettext(
                "{count} entry of the notebook cannot be understood; “letstalk check” tells more.",
                "{count} entries of the notebook cannot be understood; “letstalk check” tells more.",
                unclear,
            )
            warn(words.format(count=unclear))
    finally:
        notebook.close()


def resource_of_notes(notebook: Notebook) -> str:
    """The only resource that has notes, else the first of the bundled ones."""
    found = {one.anchor.resource for one in notebook.annotations(Query())}
    return found.pop() if len(found) == 1 else FIRST_RESOURCE


class Locators:
    """Where annotations are: in the edition at hand where they were made on it, else in the text kept of theirs."""

    def __init__(self, shelf: Shelf, notebook: Notebook) -> None:
        self._shelf = shelf
        self._notebook = notebook
        self._kept: dict[tuple[str, str, str, str], Any] = {}

    def of(self, annotation: Annotation) -> str:
        """The locator such as ``3.12``; ``3`` for a note on a chapter, '' for one on the resource or where nobody knows."""
        anchor = annotation.anchor
        if not anchor.chapter:
            return ""
        try:
            chapter = self._shelf.chapter(anchor.resource, anchor.chapter, anchor.language)
            if fits(anchor, chapter):
                return locator_in_chapter(annotation, chapter)
        except LetsTalkError:
            pass  # the resource or the chapter is not here (any more): the kept text still knows
        key = (anchor.resource, anchor.edition, anchor.language, anchor.chapter)
        if key not in self._kept:
            self._kept[key] = self._notebook.kept_text(*key)
        return locator_in_kept(annotation, self._kept[key]) if self._kept[key] else ""
