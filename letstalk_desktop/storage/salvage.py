"""Every readable row of a damaged notebook, put into a new one.

Three sources, the surest first: what SQLite can still read of each table, the leaf pages themselves, and the journal, whose
last entry about a thing is that thing's state.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Table, insert

from letstalk_desktop.storage import pages, schema
from letstalk_desktop.storage.copying import to_disk
from letstalk_desktop.storage.database import DAMAGED, DamagedNotebook, Database, uri
from letstalk_desktop.storage.encoding import (
    ANNOTATION,
    LISTS,
    Malformed,
    Record,
    Thing,
    decompressed,
    row_of,
    thing_of,
    value_of_json,
)
from letstalk_desktop.storage.folding import fold
from letstalk_desktop.storage.journal import DROPPED
from letstalk_desktop.storage.mending import fault, repaired
from letstalk_desktop.storage.queries import set_meta
from letstalk_desktop.storage.states import Key
from letstalk_desktop.storage.tables import (
    ANNOTATION_CONCEPTS,
    ANNOTATIONS,
    CONCEPTS,
    GESTURES,
    JOURNAL,
    KEPT_TEXTS,
    KINDS,
    PLANS,
    PURGED,
    TABLES,
)

_READ = (ANNOTATIONS, CONCEPTS, KINDS, PLANS, KEPT_TEXTS, GESTURES, JOURNAL, PURGED)
_BY_WIDTH = {len(table.c): table for table in _READ if table is not PURGED}

# sqlite3 decodes SQLite's messages, which quote what is damaged.
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
_ATTEMPTS = 500  # to get beyond unreadable pages; what lies between is read from the pages themselves
_LAST_ROWID = 2**40


@dataclass(slots=True)
class Rows:
    """What was read of one table. ``whole``: SQLite read it to the end."""

    found: dict[int, Record] = field(default_factory=dict)
    whole: bool = True


@dataclass(slots=True)
class Rescued:
    """What a damaged file held: counts by table name, how many rows came from where, how many were
    themselves damaged (what could be understood of them is kept), and the ids of annotations known to be lost."""

    read: dict[str, int] = field(default_factory=dict)
    from_pages: int = 0
    from_journal: int = 0
    lost: set[str] = field(default_factory=set)
    repaired: int = 0


def rescue(database: Path, log: Path, target: Path, now: str) -> Rescued:
    """Write a new, whole notebook at ``target`` (which must not exist) from what can be read. Changes nothing else.

    ``OSError`` and the database's errors pass through.
    """
    data = pages.image(database, log)
    with tempfile.TemporaryDirectory(prefix=".salvage-", dir=target.parent, ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "image.sqlite"
        copy.write_bytes(data)
        tables, facts, ids = _through_sqlite(copy)
    rescued = Rescued(lost=ids)
    rescued.from_pages = _through_pages(data, tables)
    _build(tables, facts, target, now, rescued)
    return rescued


def _through_sqlite(copy: Path) -> tuple[dict[str, Rows], dict[str, str], set[str]]:
    """The rows of each table, the facts in ``meta``, and the ids of annotations that the index on them knows."""
    tables = {table.name: Rows(whole=False) for table in _READ}
    facts: dict[str, str] = {}
    ids: set[str] = set()
    connection = sqlite3.connect(uri(copy, "mode=ro&immutable=1"), uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.row_factory = sqlite3.Row
    try:
        for table in _READ:
            with suppress(*_UNREADABLE):
                tables[table.name] = _scan(connection, table)
        with suppress(*_UNREADABLE):
            for row in connection.execute("SELECT id FROM annotations ORDER BY id"):
                ids.add(str(row["id"]))
        with suppress(*_UNREADABLE):
            facts = {str(row["key"]): str(row["value"]) for row in connection.execute("SELECT key, value FROM meta")}
    finally:
        connection.close()
    return tables, facts, ids


def _scan(connection: sqlite3.Connection, table: Table) -> Rows:
    """The rows of a table by rowid: from the front to the first unreadable one, beyond it in growing steps, from the back."""
    rows = Rows()
    after, step = 0, 1
    for _attempt in range(_ATTEMPTS):
        if after > _LAST_ROWID:
            break
        try:
            for row in connection.execute(
                f"SELECT rowid AS _rowid, * FROM {table.name} WHERE rowid > ? ORDER BY rowid", (after,)
            ):
                rows.found[row["_rowid"]] = _plain(row)
                after, step = row["_rowid"], 1
            break
        except sqlite3.OperationalError as error:
            if "no such" in str(error):
                raise
            rows.whole = False
        except _UNREADABLE:
            rows.whole = False
        after, step = after + step, step * 2
    if not rows.whole:
        with suppress(*_UNREADABLE):
            for row in connection.execute(f"SELECT rowid AS _rowid, * FROM {table.name} ORDER BY rowid DESC"):
                rows.found.setdefault(row["_rowid"], _plain(row))
    return rows


def _plain(row: sqlite3.Row) -> Record:
    return {name: row[name] for name in row.keys() if name != "_rowid"}  # noqa: SIM118 - a Row iterates over its values


def _through_pages(data: bytes, tables: dict[str, Rows]) -> int:
    """Add what SQLite did not read. How many rows came that way."""
    if all(rows.whole for rows in tables.values()):
        return 0
    added = 0
    for raw in pages.rows(data):
        table = _table_of(raw)
        if table is None or tables[table.name].whole or raw.rowid in tables[table.name].found:
            continue
        row = dict(zip((column.name for column in table.c), raw.values, strict=True))
        if "number" in row:
            row["number"] = raw.rowid
        tables[table.name].found[raw.rowid] = row
        added += 1
    return added


def _table_of(raw: pages.RawRow) -> Table | None:
    """Which table a row belongs to, by the number and the types of its columns."""
    if raw.values and raw.values[0] is None:
        table = _BY_WIDTH.get(len(raw.values))
    else:
        table = PURGED if len(raw.values) == len(PURGED.c) else None
    if table is None:
        return None
    for column, value in zip(table.c, raw.values, strict=True):
        wanted = column.type.python_type
        if column.name != "number" and not isinstance(value, wanted) and not (value is None and column.nullable):
            return None
    return table


def _build(tables: dict[str, Rows], facts: dict[str, str], target: Path, now: str, rescued: Rescued) -> None:
    database = Database(target)
    try:
        schema.create(database, now)
        with database.writing() as connection:
            _write_facts(connection, facts)
            states = _last_states(tables[JOURNAL.name].found.values())
            purged = {str(row["id"]) for row in tables[PURGED.name].found.values()}
            for thing, table in TABLES.items():
                things = _things(thing, tables[table.name].found.values(), states, purged, rescued)
                _insert(connection, table, things)
                rescued.read[table.name] = len(things)
                if thing == ANNOTATION:
                    _insert(connection, ANNOTATION_CONCEPTS, _links(things))
                    rescued.lost -= {row["id"] for row in things} | purged
            sound = all(rows.whole for rows in tables.values())
            for table in (KEPT_TEXTS, GESTURES, JOURNAL, PURGED):
                rows = _others(table, tables[table.name].found.values())
                if table is GESTURES and not sound:  # undo would take back halves of gestures
                    rows = [row | {"state": DROPPED} for row in rows]
                _insert(connection, table, rows)
                rescued.read[table.name] = len(rows)
            if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one() != "ok":
                raise DamagedNotebook(DAMAGED, path=target)
    finally:
        database.close()
    to_disk(target)


def _write_facts(connection: Connection, facts: dict[str, str]) -> None:
    """What the notebook knew about itself; other programs that have it open see that it was exchanged."""
    known = {key: value for key, value in facts.items() if key in ("notebook", "created", "latest", "seen") and value}
    generation = facts.get("generation", "")
    known["generation"] = str(int(generation) + 1 if generation.isascii() and generation.isdigit() else 1)
    for key, value in known.items():
        set_meta(connection, key, value)


def _last_states(journal: Iterable[Record]) -> dict[Key, Thing]:
    """The newest state of each thing that the journal tells."""
    states: dict[Key, Thing] = {}
    for row in sorted(journal, key=lambda row: int(row["number"])):
        with suppress(Malformed, KeyError):
            value = value_of_json(str(row["thing"]), str(row["after"]))
            states[thing_of(value)] = value
    return states


def _things(thing: str, found: Iterable[Record], states: dict[Key, Thing], purged: set[str], rescued: Rescued) -> list[Record]:
    """The rows of one kind of thing, each id once; where a row is damaged or missing, the journal's last word."""
    table, rows = TABLES[thing], dict[str, Record]()
    for read in sorted(found, key=lambda row: str(row.get("modified", ""))):
        row = _fitted(table, read)
        if "folded" in row and "folded" not in read:  # of a form that did not have it yet
            row["folded"] = fold(f"{row['note']}\n{row['exact']}")
        if not row["id"]:
            rescued.repaired += 1
            continue
        if fault(thing, row):
            told = states.get((thing, row["id"]))
            value = told or repaired(thing, row)
            rescued.from_journal += told is not None
            rescued.repaired += told is None
            if value is None:
                continue
            row |= row_of(value)
        if "folded" in row:
            row["folded"] = fold(f"{row['note']}\n{row['exact']}")
        rows[row["id"]] = row
    for (kind, thing_id), value in states.items():
        if kind == thing and thing_id not in rows and thing_id not in purged:
            rows[thing_id] = _fitted(table, row_of(value) | {"trashed": getattr(value, "deleted", "")})
            rescued.from_journal += 1
    _number(rows.values())
    return list(rows.values())


def _fitted(table: Table, read: Record) -> Record:
    """A row with all columns of its table, each of the type that it wants."""
    row: Record = {}
    for column in table.c:
        value, wanted = read.get(column.name), column.type.python_type
        if not isinstance(value, wanted) and not (value is None and column.nullable):
            value = wanted() if value is None or wanted is not str else str(value)
        row[column.name] = value
    for name in LISTS & row.keys():
        row[name] = row[name] or "[]"
    return row


def _number(rows: Iterable[Record]) -> None:
    """Give a number to the rows that have none."""
    used = {row["number"] for row in rows}
    following = max(used, default=0)
    for row in rows:
        if row["number"] < 1:
            following += 1
            row["number"] = following


def _links(annotations: Sequence[Record]) -> list[Record]:
    links: list[Record] = []
    for row in annotations:
        with suppress(ValueError, TypeError):
            concepts = json.loads(row["concepts"])
            links += [{"concept": str(concept), "annotation": row["id"]} for concept in dict.fromkeys(map(str, concepts))]
    return links


def _others(table: Table, found: Iterable[Record]) -> list[Record]:
    """The rows of the other tables, without what breaks their rules."""
    names = {"kept_texts": ("resource", "edition", "language", "chapter"), "purged": ("id",)}.get(table.name, ("number",))
    rows: dict[tuple[object, ...], Record] = {}
    for read in found:
        row = _fitted(table, read)
        if table is KEPT_TEXTS:
            try:
                decompressed(row["text"]), decompressed(row["blocks"])
            except Malformed:
                continue
        rows.setdefault(tuple(row[name] for name in names), row)
    return list(rows.values())


def _insert(connection: Connection, table: Table, rows: Sequence[Record]) -> None:
    if rows:
        connection.execute(insert(table), list(rows))
