"""Opening a notebook whatever state it is in, and saying what state that is."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from letstalk_desktop.language import Translator
from letstalk_desktop.storage import schema
from letstalk_desktop.storage.backups import Backup, Backups
from letstalk_desktop.storage.clock import timestamp
from letstalk_desktop.storage.copying import to_disk
from letstalk_desktop.storage.database import DAMAGED, DamagedNotebook, Unwritable, explaining, suspicion, uri
from letstalk_desktop.storage.mending import fault
from letstalk_desktop.storage.notebook import Notebook
from letstalk_desktop.storage.queries import Problem
from letstalk_desktop.storage.salvage import Rescued, rescue
from letstalk_desktop.storage.schema import Schema
from letstalk_desktop.storage.tables import METADATA, TABLES

# Up to this size (bytes) every page is looked at when a notebook is opened: some 40 ms. Larger ones are checked when the
# daily backup is verified.
_CHECKED_AT_ONCE = 24 * 1024 * 1024

_SUFFIXES = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class SalvageReport:
    """What had to be done to open a notebook.

    ``reason``: damaged; empty (a file without content stood there) or missing (no file, though there are backups). ``kept``
    are the untouched damaged files. ``notes`` are the highlights and notes that are there now; ``rescued`` says where they came
    from and what is lost. ``backup`` is the newest whole backup, with ``backup_notes`` highlights and notes.
    """

    reason: str
    kept: tuple[Path, ...] = ()
    notes: int = 0
    rescued: Rescued | None = None
    backup: Backup | None = None
    backup_notes: int = 0

    def text(self, translator: Translator) -> str:
        """All of it in sentences for the reader."""
        _ = translator.gettext
        said: list[str] = []
        if self.reason == "damaged":
            said.append(_("The notebook was damaged, so a new one was made from what could be read."))
            count = translator.ngettext("{count} note is there.", "{count} notes are there.", self.notes)
            said.append(count.format(count=self.notes))
            said += self._losses(translator)
            if self.kept:
                said.append(_("The damaged file is kept untouched: {path}.").format(path=self.kept[0]))
        elif self.reason == "empty":
            said.append(_("The notebook’s file was empty."))
        else:
            said.append(_("There was no notebook where it should be, so a new one was begun."))
        if self.backup is not None:
            local = self.backup.made.astimezone().strftime("%Y-%m-%d %H:%M")
            offer = translator.ngettext(
                "The newest whole backup is of {time} and holds {count} note; restoring it adds what is missing.",
                "The newest whole backup is of {time} and holds {count} notes; restoring it adds what is missing.",
                self.backup_notes,
            )
            said.append(offer.format(time=local, count=self.backup_notes))
        else:
            said.append(_("There is no backup to restore from."))
        return " ".join(said)

    def _losses(self, translator: Translator) -> list[str]:
        said: list[str] = []
        if self.rescued is None:
            return said
        if lost := len(self.rescued.lost):
            text = translator.ngettext("{count} could not be read.", "{count} could not be read.", lost)
            said.append(text.format(count=lost))
        if repaired := self.rescued.repaired:
            text = translator.ngettext(
                "{count} entry was itself damaged; what could be understood of it is kept.",
                "{count} entries were themselves damaged; what could be understood of them is kept.",
                repaired,
            )
            said.append(text.format(count=repaired))
        return said


@dataclass(frozen=True, slots=True)
class IntegrityReport:
    """The state of a notebook file: ``errors`` in SQLite's words, ``problems`` with single entries. ``whole``: none of both."""

    path: Path
    revision: str
    notes: int
    annotations: int
    size: int
    errors: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        """Whether all is well."""
        return not self.errors and not self.problems


def open_or_salvage(
    path: Path, backups: Backups, now: datetime, *, thorough: bool = False
) -> tuple[Notebook, SalvageReport | None]:
    """The notebook at ``path``; if it is damaged, a new one made of what can be read, and a report.

    The damaged files stay beside it under a dated name, untouched. ``thorough``: look at every page and index however large
    the file is; so it is after ``DamagedNotebook`` was raised while the notebook was in use. Raises ``NotebookError`` for
    what is not damage: a newer notebook, a file that cannot be read or written, a full disk.
    """
    absent = _absence(path)
    suspect = suspicion(path)
    try:
        _look_over(path, thorough or suspect.exists())
        notebook = Notebook.open(path, now=now, backups=backups)
    except DamagedNotebook:
        notebook, report = salvage(path, backups, now)
        _forget(suspect)
        return notebook, report
    _forget(suspect)
    if absent and (found := backups.newest_whole()):
        backup, verified = found
        if verified.notes:
            return notebook, SalvageReport(absent, backup=backup, backup_notes=verified.notes)
    return notebook, None


def _forget(suspect: Path) -> None:
    with suppress(OSError):
        suspect.unlink(missing_ok=True)


def _absence(path: Path) -> str:
    with explaining(path):
        if not path.exists():
            return "missing"
        return "" if path.stat().st_size else "empty"


def _look_over(path: Path, thorough: bool) -> None:
    """Raise ``DamagedNotebook`` for what shows at a glance. Reads only: what is damaged is to be kept as it is."""
    try:
        if schema.inspect(path)[0] is not Schema.CURRENT:
            return
    except Unwritable:
        return  # opening it says more
    with explaining(path), closing(sqlite3.connect(uri(path, schema.to_read(path)), uri=True)) as connection:
        connection.text_factory = bytes
        for table in METADATA.tables:
            connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchall()
        look = "integrity_check" if thorough else "quick_check"
        every_page = thorough or path.stat().st_size <= _CHECKED_AT_ONCE
        if every_page and connection.execute(f"PRAGMA {look}(1)").fetchone()[0] != b"ok":
            raise DamagedNotebook(DAMAGED, path=path)


def salvage(path: Path, backups: Backups, now: datetime) -> tuple[Notebook, SalvageReport]:
    """Make a new notebook at ``path`` from what can be read of the one there, which is kept under a dated name."""
    with explaining(path):
        kept = _keep_aside(path, now)
        fresh = path.with_name(f".{path.name}.{os.getpid()}.salvaged")
        _remove(fresh)
        try:
            rescued = rescue(kept[0], kept[0].with_name(f"{kept[0].name}-wal"), fresh, timestamp(now))
            for suffix in ("-wal", "-shm"):  # they belong to the old file; on the new one SQLite would play them back
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            fresh.replace(path)
            to_disk(path.parent)
        finally:
            _remove(fresh)
    notebook = Notebook.open(path, now=now, backups=backups)
    found = backups.newest_whole()
    backup, held = (found[0], found[1].notes) if found else (None, 0)
    present = tuple(one for one in kept if one.exists())
    return notebook, SalvageReport("damaged", present, notebook.total(), rescued, backup, held)


def _keep_aside(path: Path, now: datetime) -> tuple[Path, ...]:
    """Copy the notebook's files to a dated name; the copy's paths, the main file first even if it did not exist."""
    made = now.replace(tzinfo=UTC) if now.tzinfo is None else now.astimezone(UTC)
    base = f"{path.stem}-damaged-{made:%Y%m%dT%H%M%SZ}"
    name, number = f"{base}{path.suffix}", 1
    while any(path.with_name(name + suffix).exists() for suffix in _SUFFIXES):
        number += 1
        name = f"{base}-{number}{path.suffix}"
    for suffix in _SUFFIXES:
        source, target = path.with_name(path.name + suffix), path.with_name(name + suffix)
        if source.exists():
            part = target.with_name(f".{target.name}.part")
            try:
                shutil.copy2(source, part)
                to_disk(part)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
    return tuple(path.with_name(name + suffix) for suffix in _SUFFIXES)


def _remove(path: Path) -> None:
    for suffix in (*_SUFFIXES, "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def check(path: Path) -> IntegrityReport:
    """Look at every page and every entry of a notebook; changes nothing.

    Raises ``NotebookError`` for a file that is not there, not a notebook, or a newer one.
    """
    with explaining(path):
        size = path.stat().st_size
    try:
        found, revision = schema.inspect(path)
    except DamagedNotebook as error:
        return IntegrityReport(path, "", 0, 0, size, (str(error),), ())
    if found is not Schema.CURRENT:
        connection = sqlite3.connect(uri(path, schema.to_read(path)), uri=True)
        try:
            lines = _errors(connection)
        finally:
            connection.close()
        return IntegrityReport(path, revision, 0, 0, size, lines, ())
    connection = sqlite3.connect(uri(path, schema.to_read(path)), uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.row_factory = sqlite3.Row
    problems: list[Problem] = []
    notes = annotations = 0
    try:
        errors = list(_errors(connection))
        for thing, table in TABLES.items():
            try:
                for row in connection.execute(f"SELECT * FROM {table.name}"):
                    problem = fault(thing, dict(row))
                    if problem:
                        problems.append(Problem(table.name, str(row["id"]), problem))
                    if table.name == "annotations":
                        annotations += 1
                        notes += not row["deleted"] and row["type"] in ("highlight", "note")
            except (sqlite3.Error, UnicodeDecodeError) as error:
                errors.append(f"{table.name}: {error}")
    finally:
        connection.close()
    return IntegrityReport(path, revision, notes, annotations, size, tuple(errors), tuple(problems))


def _errors(connection: sqlite3.Connection) -> tuple[str, ...]:
    try:
        lines = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        lines += [f"{row[0]} {row[1]}: foreign key" for row in connection.execute("PRAGMA foreign_key_check")]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return (str(error),)
    return tuple(line for line in lines if line != "ok")
