"""Whether a file is a notebook, of which revision, and making a new one."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from sqlalchemy import insert

from letstalk_desktop.errors import NotebookError
from letstalk_desktop.storage.database import (
    BUSY_SECONDS,
    DAMAGED,
    GONE,
    NEWER,
    NOT_OURS,
    SNAPSHOT,
    DamagedNotebook,
    Database,
    NewerNotebook,
    explaining,
    may_write,
    uri,
)
from letstalk_desktop.storage.revisions import APPLICATION_ID, HEAD, REVISIONS
from letstalk_desktop.storage.tables import META, METADATA, REVISION


class Schema(Enum):
    """What a file holds."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"


def to_read(path: Path) -> str:
    """The options for a connection that only reads.

    Where nothing can be written the file is read as it stands, if its log is empty: SQLite would else make a log and its
    index beside it, as read-only as the file, which stand in the way when the file can be written again.
    """
    log = path.with_name(f"{path.name}-wal")
    return "mode=ro" if may_write(path) or (log.exists() and log.stat().st_size) else SNAPSHOT


def inspect(path: Path, revisions: Iterable[str] = REVISIONS, *, as_it_stands: bool = False) -> tuple[Schema, str]:
    """What stands at ``path``, and its revision ('' if empty). Changes nothing.

    ``as_it_stands``: read only the file itself.

    Raises ``NewerNotebook``, ``DamagedNotebook`` for a notebook that lacks tables, ``NotebookError`` for a foreign file.
    """
    known = tuple(revisions)
    with explaining(path):
        if not path.exists() or path.stat().st_size == 0:
            log = path.with_name(f"{path.name}-wal")
            if log.exists() and log.stat().st_size > 0:  # SQLite would throw away what it holds
                raise DamagedNotebook(DAMAGED, path=path)
            return Schema.EMPTY, ""
        connection = sqlite3.connect(uri(path, SNAPSHOT if as_it_stands else to_read(path)), uri=True, timeout=BUSY_SECONDS)
        try:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            number = connection.execute("PRAGMA user_version").fetchone()[0]
            rows = connection.execute("SELECT version_num FROM alembic_version").fetchall() if REVISION.name in names else []
        finally:
            connection.close()
    if not names and application == 0:
        return Schema.EMPTY, ""
    if application != APPLICATION_ID and not {"annotations", "journal", "gestures"} <= names:
        raise NotebookError(NOT_OURS, path=path)
    revision = str(rows[0][0]) if rows else ""
    if number > len(known) or (len(revision) == 4 and revision.isdigit() and revision > known[-1]):
        raise NewerNotebook(NEWER, path=path)
    if revision not in known or (revision == known[-1] == HEAD and not METADATA.tables.keys() <= names):
        raise DamagedNotebook(DAMAGED, path=path)
    return (Schema.CURRENT if revision == known[-1] else Schema.OLDER), revision


def create(database: Database, now: str) -> None:
    """Make the tables of the newest revision in an empty file; a second program that comes in between is let be."""
    with explaining(database.path):
        database.path.touch()
    with database.writing() as connection:
        if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one():
            return
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {len(REVISIONS)}")
        METADATA.create_all(connection)
        connection.execute(insert(REVISION).values(version_num=HEAD))
        facts = {"notebook": str(uuid.uuid4()), "created": now, "generation": "0", "latest": now}
        connection.execute(insert(META), [{"key": key, "value": value} for key, value in facts.items()])


def expect(path: Path, identity: str) -> None:
    """Raise unless the file now at ``path`` is the same notebook, of a revision that can be used as it is."""
    found, _revision = inspect(path)
    with explaining(path):
        connection = sqlite3.connect(uri(path, "mode=rw"), uri=True)
        try:
            row = (
                connection.execute("SELECT value FROM meta WHERE key = 'notebook'").fetchone()
                if found is Schema.CURRENT
                else None
            )
        finally:
            connection.close()
    if row is None or row[0] != identity:
        raise NotebookError(GONE, path=path)
