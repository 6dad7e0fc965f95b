"""A first look at the notes of one chapter while the notebook is still being opened.

Loading SQLAlchemy and opening the notebook with all its checks takes longer than a reader should wait for her marks. This
looks with SQLite alone, changes nothing, and keeps silent about whatever is wrong: opening the notebook will say it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from letstalk_desktop.annotations.model import Annotation
from letstalk_desktop.storage.encoding import ANNOTATION_COLUMNS, Malformed, annotation_of_columns
from letstalk_desktop.storage.revisions import APPLICATION_ID, HEAD, REVISIONS

_NAMES = ", ".join(f'"{name}"' for name in ANNOTATION_COLUMNS)
_QUESTION = (
    f"SELECT {_NAMES} FROM annotations WHERE deleted = '' AND resource = ? AND chapter = ? "
    "ORDER BY resource, chapter, start, created"
)
_MARKS = ("PRAGMA application_id", "PRAGMA user_version", "SELECT version_num FROM alembic_version")


def first_look(path: Path, resource: str, chapter: str) -> list[Annotation]:
    """The living annotations of a chapter; none where the notebook is not there, not ours, not of this schema, or damaged."""
    found = []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.1)) as connection:
            marks = tuple(connection.execute(mark).fetchone()[0] for mark in _MARKS)
            if marks != (APPLICATION_ID, len(REVISIONS), HEAD):
                return []
            for row in connection.execute(_QUESTION, (resource, chapter)):
                with suppress(Malformed):
                    found.append(annotation_of_columns(row))
    except (sqlite3.Error, OSError, TypeError):
        return []
    return found
