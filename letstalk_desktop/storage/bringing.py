"""Bring a file of notes into the notebook: one step of undo, after a safety copy where anything would change."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from letstalk_desktop.annotations.exchange import NotebookFile
from letstalk_desktop.language import N_
from letstalk_desktop.storage.backups import BEFORE_IMPORT, Backups
from letstalk_desktop.storage.merging import Incoming, MergeResult, Outcome
from letstalk_desktop.storage.notebook import Notebook

LABEL = N_("Import notes")


def incoming_of(found: NotebookFile) -> Incoming:
    """What goes into the notebook: not the names of kinds, lest a colleague's file renames the reader's own."""
    return Incoming(found.annotations, found.concepts, (), found.plans, found.texts)


def merge_file(notebook: Notebook, found: NotebookFile, backups: Path, *, now: datetime, who: str) -> MergeResult:
    """Merge what a file holds; ``backups`` is the folder of the safety copy."""
    incoming = incoming_of(found)
    preview = notebook.merge_preview(incoming)
    if any(outcome in (Outcome.NEW, Outcome.UPDATED) for outcome in preview.outcomes.values()):
        safety_copy(notebook, backups, now)
    return notebook.merge(incoming, label=LABEL, now=now, who=who)


def safety_copy(notebook: Notebook, backups: Path, now: datetime) -> None:
    """A verified copy of the notebook as it is before an import."""
    copies = Backups(backups)
    copies.make(notebook.copy_to, now, BEFORE_IMPORT)
    copies.rotate()
