"""The present state of things in the notebook: loaded before an operation, written after it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from letstalk_desktop.annotations.model import Annotation, KeptText, KindName
from letstalk_desktop.storage.encoding import (
    TABLES,
    Malformed,
    Record,
    Thing,
    compressed,
    json_of,
    row_of,
    thing_of,
    value_of_row,
)
from letstalk_desktop.storage.tables import ANNOTATION_CONCEPTS, KEPT_TEXTS

Key = tuple[str, str]

_CHUNK = 500
_STORAGE_ONLY = frozenset({"number", "trashed", "undone", "folded"})


@dataclass(frozen=True, slots=True)
class State:
    """A thing as it is stored. ``value`` is None where the row cannot be understood; ``json`` holds what it says even then."""

    value: Thing | None
    json: str
    trashed: str = ""
    undone: bool = False


def state_of(value: Thing, trashed: str = "", undone: bool = False) -> State:
    """The state that ``value`` will be in once it is written."""
    return State(value, json_of(value), trashed, undone)


def load(connection: Connection, keys: Iterable[Key]) -> dict[Key, State]:
    """The states of those of ``keys`` that exist."""
    wanted: dict[str, list[str]] = {}
    for thing, thing_id in dict.fromkeys(keys):
        wanted.setdefault(thing, []).append(thing_id)
    found: dict[Key, State] = {}
    for thing, ids in wanted.items():
        table = TABLES[thing]
        for first in range(0, len(ids), _CHUNK):
            rows = connection.execute(select(table).where(table.c.id.in_(ids[first : first + _CHUNK])))
            for row in rows.mappings():
                found[thing, row["id"]] = _state(thing, dict(row))
    return found


def _state(thing: str, row: Record) -> State:
    trashed, undone = row.get("trashed", ""), bool(row.get("undone", 0))
    own = {name: item for name, item in row.items() if name not in _STORAGE_ONLY}
    try:
        value = value_of_row(thing, own)
    except Malformed:
        return State(None, json.dumps(own, ensure_ascii=False, default=repr), trashed, undone)
    return State(value, json_of(value), trashed, undone)


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
    for first in range(0, len(annotations), _CHUNK):
        ids = [annotation.id for annotation in annotations[first : first + _CHUNK]]
        connection.execute(delete(ANNOTATION_CONCEPTS).where(ANNOTATION_CONCEPTS.c.annotation.in_(ids)))
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
