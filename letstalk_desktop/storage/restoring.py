"""Bringing a backup, or any other notebook, back: merged into the notebook or in its place."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from letstalk_desktop.annotations.model import Changes
from letstalk_desktop.language import N_
from letstalk_desktop.storage.backups import BEFORE_RESTORE, Backup, Backups
from letstalk_desktop.storage.copying import Verified, verify
from letstalk_desktop.storage.database import explaining, uri
from letstalk_desktop.storage.merging import MergeResult, Outcome
from letstalk_desktop.storage.notebook import Notebook

Mode = Literal["merge", "replace"]

LABEL = N_("Restore a backup")


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """What restoring a file would do, in living annotations.

    Merging would bring in ``added``, put ``changed`` in the place of older ones, and leave ``kept`` (changed later here)
    and ``identical`` as they are; ``stay_deleted`` are in the trash here and stay there. ``others`` are the concepts, kinds
    and plans that would be added or changed. Replacing would moreover remove ``lost``, which are not in the file.
    ``verified`` is what the file holds.
    """

    file: Path
    verified: Verified
    added: int
    changed: int
    kept: int
    identical: int
    stay_deleted: int
    others: int
    lost: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: ``safety`` is the copy made before it, ``merge`` is None where the notebook was replaced."""

    changes: Changes
    safety: Backup
    merge: MergeResult | None = None


def preview(notebook: Notebook, file: Path, *, now: datetime) -> RestorePreview:
    """What restoring ``file`` would do; changes nothing. ``NotebookError`` if it is not a whole notebook."""
    verified = verify(file)
    with _opened(file, notebook.path.parent, now) as other:
        incoming = other.contents()
    result = notebook.merge_preview(incoming)
    alive = {annotation.id for annotation in incoming.annotations if not annotation.deleted}
    others = [found for key, found in result.outcomes.items() if key[0] != "annotation"]

    def count(*outcomes: Outcome) -> int:
        return sum(1 for outcome in outcomes for found in result.ids(outcome) if found in alive)

    return RestorePreview(
        file=file,
        verified=verified,
        added=count(Outcome.NEW),
        changed=count(Outcome.UPDATED),
        kept=count(Outcome.KEPT, Outcome.CONFLICT),
        identical=count(Outcome.IDENTICAL),
        stay_deleted=count(Outcome.DELETED),
        others=sum(found in (Outcome.NEW, Outcome.UPDATED) for found in others),
        lost=len(notebook.ids() - alive),
    )


def restore(
    notebook: Notebook, file: Path, backups: Backups, *, now: datetime, mode: Mode = "merge", who: str = ""
) -> Restored:
    """Bring back ``file``: merge it (one step of undo, deletes nothing), or put it in the place of the notebook.

    A safety copy is made first. ``NotebookError`` if the file is not a whole notebook; the notebook is then as it was.
    """
    verify(file)
    with _opened(file, notebook.path.parent, now) as other:
        safety = backups.make(notebook.copy_to, now, BEFORE_RESTORE)
        if mode == "merge":
            result = notebook.merge(other.contents(), label=LABEL, now=now, who=who)
            return Restored(result.changes, safety, result)
        return Restored(notebook.replace_with(other), safety)


@contextmanager
def _opened(file: Path, folder: Path, now: datetime) -> Iterator[Notebook]:
    """The notebook in ``file``, of whatever revision, opened as a copy: the file itself is not touched."""
    with explaining(folder), tempfile.TemporaryDirectory(prefix=".restoring-", dir=folder, ignore_cleanup_errors=True) as name:
        copy = Path(name) / "notebook.sqlite"
        with explaining(file):
            source = sqlite3.connect(uri(file, "mode=ro"), uri=True)
            target = sqlite3.connect(copy)
            try:
                source.backup(target)
            finally:
                source.close()
                target.close()
        other = Notebook.open(copy, now=now)
        try:
            yield other
        finally:
            other.close()
