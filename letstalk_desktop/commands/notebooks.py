"""The notebook for the length of one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from letstalk_desktop.annotations.model import Query
from letstalk_desktop.commands.output import warn
from letstalk_desktop.language import Translator
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
