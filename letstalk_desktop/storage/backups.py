"""The folder of backups: made, verified, rotated.

A backup is one SQLite file with the time (UTC) and the reason in its name, such as
``notebook-20261123T091200.000Z-daily.sqlite``. Of the daily ones the newest ten stay, and the newest of each of the last
eight weeks that have one; of those made before a migration, a restore or an import the newest ten. Those that the reader
made, and anything else in the folder, are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from letstalk_desktop.errors import NotebookError
from letstalk_desktop.storage.copying import Verified, verify
from letstalk_desktop.storage.database import explaining

DAILY, MANUAL = "daily", "manual"
BEFORE_RESTORE, BEFORE_IMPORT = "before-restore", "before-import"
DAYS_KEPT, WEEKS_KEPT, SAFETY_KEPT = 10, 8, 10

_NAME = re.compile(r"notebook-(\d{8}T\d{6}\.\d{3})Z-([a-z0-9-]+)\.sqlite")
_TIME = "%Y%m%dT%H%M%S.%f"

# Writes a whole, verified copy to a path: ``Notebook.copy_to``.
Copy = Callable[[Path], Verified]


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup file. ``made`` is UTC; ``reason`` is daily, manual, or begins with "before-"; ``size`` is in bytes."""

    path: Path
    made: datetime
    reason: str
    size: int


class Backups:
    """The backups in one folder, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def beside(cls, notebook: Path) -> Backups:
        """The folder of backups that belongs to a notebook."""
        return cls(notebook.parent / "backups")

    def all(self) -> list[Backup]:
        """The backups, newest first. What does not have the name of one is not listed."""
        found: list[Backup] = []
        if not self.folder.is_dir():
            return found
        with explaining(self.folder):
            for path in self.folder.iterdir():
                match = _NAME.fullmatch(path.name)
                made = _made(match[1]) if match else None
                if match and made:
                    found.append(Backup(path, made, match[2], path.stat().st_size))
        return sorted(found, key=lambda backup: (backup.made, backup.path.name), reverse=True)

    def newest(self) -> Backup | None:
        """The backup made last."""
        return next(iter(self.all()), None)

    def newest_whole(self) -> tuple[Backup, Verified] | None:
        """The newest backup that can be opened, is whole, and what it holds."""
        for backup in self.all():
            try:
                return backup, verify(backup.path)
            except NotebookError:
                continue
        return None

    def make(self, copy: Copy, now: datetime, reason: str = MANUAL) -> Backup:
        """Make a backup. ``NotebookError`` says why there is none; an unfinished file does not stay."""
        made = now.replace(tzinfo=UTC) if now.tzinfo is None else now.astimezone(UTC)
        path = self.folder / f"notebook-{made.strftime(_TIME)[:-3]}Z-{reason}.sqlite"
        copy(path)
        with explaining(path):
            return Backup(path, made, reason, path.stat().st_size)

    def daily(self, copy: Copy, now: datetime) -> Backup | None:
        """Make today's backup (in the time zone of ``now``) and rotate, or None if there is one already."""
        today = _day(now, now)
        if any(backup.reason == DAILY and _day(backup.made, now) == today for backup in self.all()):
            return None
        made = self.make(copy, now, DAILY)
        self.rotate()
        return made

    def rotate(self) -> list[Backup]:
        """Remove the backups that have had their time; the ones removed."""
        backups = self.all()
        removed = superfluous(backups)
        with explaining(self.folder):
            for backup in removed:
                backup.path.unlink(missing_ok=True)
        return removed


def superfluous(backups: Sequence[Backup]) -> list[Backup]:
    """Which of ``backups`` (newest first) may go."""
    daily = [backup for backup in backups if backup.reason == DAILY]
    safety = [backup for backup in backups if backup.reason.startswith("before-")]
    kept = set(daily[:DAYS_KEPT]) | set(safety[:SAFETY_KEPT])
    weeks: dict[tuple[int, int], Backup] = {}
    for backup in daily:
        weeks.setdefault(backup.made.isocalendar()[:2], backup)
    kept |= set(list(weeks.values())[:WEEKS_KEPT])
    return [backup for backup in (*daily, *safety) if backup not in kept]


def _made(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


def _day(moment: datetime, like: datetime) -> object:
    return moment.astimezone(like.tzinfo).date() if like.tzinfo else moment.replace(tzinfo=None).date()
