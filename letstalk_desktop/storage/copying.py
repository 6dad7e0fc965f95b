"""Whole, verified copies of a notebook through SQLite's backup API: copying a live file would tear it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from letstalk_desktop.errors import NotebookError
from letstalk_desktop.language import N_
from letstalk_desktop.storage.database import DAMAGED, NOT_OURS, DamagedNotebook, explaining, uri
from letstalk_desktop.storage.revisions import APPLICATION_ID

_COUNT_DIFFERS = N_("The copy {path} does not hold as many notes as the notebook. It was not kept; try again.")

_COUNT = "SELECT count(*), coalesce(sum(deleted = '' AND type IN ('highlight', 'note')), 0) FROM annotations"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a whole notebook file holds: ``notes`` are living highlights and notes, ``annotations`` all, also in the trash."""

    notes: int
    annotations: int
    revision: str


def verify(path: Path) -> Verified:
    """Open a copy, check every page of it, and count. ``NotebookError`` if it is not a whole notebook."""
    with explaining(path):
        connection = sqlite3.connect(uri(path, "mode=ro"), uri=True)
        try:
            return _verified(connection, path)
        finally:
            connection.close()


def _verified(connection: sqlite3.Connection, path: Path) -> Verified:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise NotebookError(NOT_OURS, path=path)
    if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise DamagedNotebook(DAMAGED, path=path)
    count, notes = connection.execute(_COUNT).fetchone()
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if revision is None:
        raise DamagedNotebook(DAMAGED, path=path)
    return Verified(notes, count, str(revision[0]))


def copy_whole(source: sqlite3.Connection, target: Path) -> Verified:
    """Copy what ``source`` sees to ``target``, which appears whole and verified or not at all.

    The copy is one file without a write-ahead log. ``NotebookError`` names the target; ``DamagedNotebook`` the source.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with explaining(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            verified = _copied(source, part)
            part.replace(target)
            to_disk(target.parent)
    except DamagedNotebook as error:  # the copy was just made: it is as damaged as what it was made of
        origin = source.execute("PRAGMA database_list").fetchone()[2]
        raise DamagedNotebook(DAMAGED, path=origin) from error
    finally:
        with suppress(OSError):
            for name in (part, part.with_name(f"{part.name}-journal"), part.with_name(f"{part.name}-wal")):
                name.unlink(missing_ok=True)
    return verified


def _copied(source: sqlite3.Connection, part: Path) -> Verified:
    source.execute("BEGIN")
    try:
        count = source.execute("SELECT count(*) FROM annotations").fetchone()[0]
        _copy(source, part)
    finally:
        source.rollback()
    verified = verify(part)
    if verified.annotations != count:
        raise NotebookError(_COUNT_DIFFERS, path=part)
    to_disk(part)
    return verified


def _copy(source: sqlite3.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()


def to_disk(path: Path) -> None:
    """Ask the system to write a file or the entries of a folder to the disk now; Windows has no such thing for folders."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
