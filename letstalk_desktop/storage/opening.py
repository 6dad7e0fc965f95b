"""How a session opens the notebook: salvaged where it is damaged, migrated where it is old, backed up once a day."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

from letstalk_desktop.language import Translator
from letstalk_desktop.storage.backups import Backups
from letstalk_desktop.storage.damage import open_or_salvage
from letstalk_desktop.storage.notebook import Notebook


class Told(Protocol):
    """Something that has a text for the reader."""

    def text(self, translator: Translator) -> str:
        """The text in the translator's language."""


def open_at_start(path: Path, backups: Path, now: datetime) -> tuple[Notebook, list[Told]]:
    """The notebook at ``path`` and what the reader should be told about it. Raises NotebookError."""
    notebook, report = open_or_salvage(path, Backups(backups), now)
    told: list[Told] = [report] if report is not None else []
    if notebook.read_only is not None:
        told.append(notebook.read_only)
    return notebook, told


def keep_house(notebook: Notebook, backups: Path, now: datetime) -> None:
    """Today's backup (``now`` with the reader's time zone), unless there is one, and the end of what was deleted long ago.

    With the backup every entry is looked through, once a day. Raises NotebookError where the backup cannot be made; nothing
    is purged then.
    """
    if notebook.read_only is not None:
        return
    made = Backups(backups).daily(notebook.copy_to, now)
    notebook.purge(now)
    if made is not None:
        notebook.mend(now)
