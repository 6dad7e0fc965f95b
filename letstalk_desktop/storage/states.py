"""The present state of things in the notebook: loaded before an operation, written after it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from letstalk_desktop.annotations.model import Annotation, KeptText, KindName
from letstalk_desktop.storage.encoding import (
    ANNOTATION,
    ANNOTATION_COLUMNS,
    Malformed,
    Record,
    Thing,
    annotation_of_columns,
    compressed,
    json_of,
    row_of,
    thing_of,
    value_of_row,
)
from letstalk_desktop.storage.tables import ANNOTATION_CONCEPTS, KEPT_TEXTS, TABLES

Key = tuple[str, str]

_STORAGE_ONLY = frozenset({"number", "trashed", "undone", "folded"})


@dataclass(frozen=True, slots=True)
class State:
    """A thing as it is stored. ``value`` is None where the row cannot be understood; ``raw`` is then what it says, as JSON."""

    value: Thing | None
    trashed: str = ""
    undone: bool = False
    raw: str = ""

    @property
    def json(self) -> str:
        """The state as the journal writes it."""
        return self.raw if self.value is None else json_of(self.value)


def load(connection: Connection, keys: Iterable[Key]) -> dict[Key, State]:
    """The states of those of ``keys`` that exist."""
    wanted: dict[str, list[str]] = {}
    for thing, thing_id in dict.fromkeys(keys):
        wanted.setdefault(thing, []).append(thing_id)
    found: dict[Key, State] = {}
    for thing, ids in wanted.items():
        table = TABLES[thing]
        rows = connection.execute(select(table).where(among(table.c.id, ids)))
        names = list(rows.keys())
        quick = [names.index(name) for name in ANNOTATION_COLUMNS] if thing == ANNOTATION else []
        for row in rows:
            state = _quickly(row, quick, names) if quick else None
            found[thing, row[names.index("id")]] = state or _state(thing, dict(zip(names, row, strict=True)))
    return found


def among(column: ColumnElement[str], ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether a column holds one of ``ids``. One parameter, however many they are: SQLite allows only so many."""
    listed = func.json_each(json.dumps(ids)).table_valued("value")
    return column.in_(select(listed.c.value))


def _quickly(row: Row[Any], quick: Sequence[int], names: Sequence[str]) -> State | None:
    """The state of an annotation that is as it should be: most are, and there may be very many."""
    try:
        value = annotation_of_columns([row[index] for index in quick])
    except Malformed:
        return None
    return State(value, row[names.index("trashed")], bool(row[names.index("undone")]))


def _state(thing: str, row: Record) -> State:
    trashed, undone = row.get("trashed", ""), bool(row.get("undone", 0))
    own = {name: item for name, item in row.items() if name not in _STORAGE_ONLY}
    try:
        value = value_of_row(thing, own)
    except Malformed:
        return State(None, trashed, undone, json.dumps(own, ensure_ascii=False, default=repr))
    return State(value, trashed, undone)


def write(connection: Connection, states: Sequence[State], now: str) -> None:
    """Make ``states`` (all with a value) the present ones."""
    rows: dict[str, list[Record]] = {}
    linked: list[Annotation] = []
    for state in states:
        value = state.value
        assert value is not None
        row = row_of(value)
        if isinstance(value, KindName):
            row["modified"] = now
        else:
            row |= {"trashed": state.trashed, "undone": int(state.undone)}
        if isinstance(value, Annotation):
            linked.append(value)
        rows.setdefault(thing_of(value)[0], []).append(row)
    for thing, found in rows.items():
        _upsert(connection, thing, found)
    _link(connection, linked)


def _upsert(connection: Connection, thing: str, rows: list[Record]) -> None:
    statement = insert(TABLES[thing])
    changed = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)


def _link(connection: Connection, annotations: Sequence[Annotation]) -> None:
    """Keep the look-up of concepts in step. One statement each way: most annotations have none."""
    ids = [annotation.id for annotation in annotations]
    connection.execute(delete(ANNOTATION_CONCEPTS).where(among(ANNOTATION_CONCEPTS.c.annotation, ids)))
    links = [
        {"concept": concept, "annotation": annotation.id}
        for annotation in annotations
        for concept in dict.fromkeys(annotation.concepts)
    ]
    if links:
        connection.execute(insert(ANNOTATION_CONCEPTS), links)


def keep_texts(connection: Connection, texts: Iterable[KeptText], now: str) -> None:
    """Keep those of ``texts`` that are not kept yet; a kept text never changes."""
    table = KEPT_TEXTS
    for text in texts:
        place = {name: getattr(text, name) for name in ("resource", "edition", "language", "chapter")}
        if connection.execute(select(table.c.number).filter_by(**place)).first() is None:
            blocks = json.dumps(text.blocks, ensure_ascii=False, separators=(",", ":"))
            row: dict[str, Any] = {"added": now, "text": compressed(text.text), "blocks": compressed(blocks)}
            connection.execute(insert(table), place | row)


def is_alive(value: Thing | None) -> bool:
    """Whether a thing exists for the reader: neither missing nor deleted, and for a kind, named."""
    if value is None:
        return False
    return bool(value.name) if isinstance(value, KindName) else not value.deleted
