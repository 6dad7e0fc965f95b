"""Domain values as rows and as the journal's JSON, and back.

Both hold the records of ``annotations/records.py``; in a row their lists are written as JSON text. Reading checks everything
and raises ``Malformed`` for the one value that cannot be understood.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from letstalk_desktop.annotations.model import Anchor, Annotation
from letstalk_desktop.annotations.records import (
    ANCHOR_FIELDS,
    ANNOTATION,
    CONCEPT,
    KIND,
    KIND_IDS,
    PLACEMENT_IDS,
    PLAN,
    TYPE_IDS,
    VISIBILITY_IDS,
    Malformed,
    Record,
    Thing,
    record_of,
    sound,
    texts_in,
    thing_of,
    value_of_record,
)
from letstalk_desktop.storage.folding import fold
from letstalk_desktop.storage.tables import ANNOTATIONS, CONCEPTS, KINDS, PLANS

__all__ = [
    "ANNOTATION",
    "ANNOTATION_COLUMNS",
    "CONCEPT",
    "KIND",
    "LISTS",
    "PLAN",
    "TABLES",
    "Malformed",
    "Record",
    "Thing",
    "annotation_of_columns",
    "compressed",
    "decompressed",
    "json_of",
    "row_of",
    "thing_of",
    "value_of_json",
    "value_of_record",
    "value_of_row",
]

TABLES: dict[str, Table] = {ANNOTATION: ANNOTATIONS, CONCEPT: CONCEPTS, KIND: KINDS, PLAN: PLANS}
LISTS = frozenset({"concepts", "related", "steps"})

# The columns of an annotation's record, in the order in which ``annotation_of_columns`` wants them.
ANNOTATION_COLUMNS = (
    *ANCHOR_FIELDS,
    *("id", "type", "kind", "note", "concepts", "author", "visibility"),
    *("created", "modified", "deleted", "placement", "question"),
)

_COLUMN_TYPES = tuple(int if name in ("start", "end") else str for name in ANNOTATION_COLUMNS)


def row_of(value: Thing) -> Record:
    """``value`` as the columns of its row, without those that only storage knows (trashed, undone)."""
    record = record_of(value)
    row = {name: json.dumps(item, ensure_ascii=False) if name in LISTS else item for name, item in record.items()}
    if isinstance(value, Annotation):
        row["folded"] = fold(f"{record['note']}\n{record['exact']}")
    return row


def json_of(value: Thing) -> str:
    """``value`` as a JSON object for the journal."""
    return json.dumps(record_of(value), ensure_ascii=False, separators=(",", ":"))


def value_of_json(thing: str, text: str) -> Thing:
    """The value that ``json_of`` wrote; ``Malformed`` if it is none."""
    try:
        record = json.loads(text)
    except ValueError as error:
        raise Malformed(f"not JSON: {error}") from error
    if not isinstance(record, dict):
        raise Malformed("not a JSON object")
    return value_of_record(thing, record)


def value_of_row(thing: str, row: Mapping[str, Any]) -> Thing:
    """The value in a row; ``Malformed`` if a column cannot be understood."""
    record = dict(row)
    for name in LISTS & record.keys():
        try:
            record[name] = json.loads(record[name])
        except (ValueError, TypeError) as error:
            raise Malformed(f"{name}: not JSON") from error
    return value_of_record(thing, record)


def annotation_of_columns(columns: Sequence[Any]) -> Annotation:
    """The annotation in the values of ``ANNOTATION_COLUMNS``: the quick way for thousands of rows."""
    if tuple(map(type, columns)) != _COLUMN_TYPES:  # SQLite itself does not insist on the types of its columns
        raise Malformed("a column holds another type than it should")
    try:
        stored = columns[14]
        return Annotation(
            columns[10],
            TYPE_IDS[columns[11]],
            Anchor(*columns[:10]),
            KIND_IDS[columns[12]],
            columns[13],
            () if stored == "[]" else _concepts(stored),
            columns[15],
            VISIBILITY_IDS[columns[16]],
            columns[17],
            columns[18],
            columns[19],
            PLACEMENT_IDS[columns[20]],
            columns[21],
        )
    except KeyError as error:
        raise Malformed(f"unknown value: {error}") from error


def compressed(text: str) -> bytes:
    """``text`` as a zlib stream of UTF-8."""
    return zlib.compress(sound(text).encode("utf-8"), 6)


def decompressed(data: bytes) -> str:
    """What ``compressed`` was given; ``Malformed`` if the stream is damaged."""
    try:
        return zlib.decompress(data).decode("utf-8")
    except (zlib.error, UnicodeDecodeError, TypeError) as error:
        raise Malformed(f"not a compressed text: {error}") from error


def _concepts(stored: str) -> tuple[str, ...]:
    try:
        concepts = json.loads(stored)
    except ValueError as error:
        raise Malformed("concepts: not JSON") from error
    return texts_in({"concepts": concepts}, "concepts")
