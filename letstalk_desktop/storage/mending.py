"""Entries that can no longer be understood, or whose text is not the one that was written, put right.

First from the journal, which knows the last state of everything. Where it does not, field by field: what cannot be understood
gets the most harmless value, so that the note itself is seen again.
"""

from __future__ import annotations

import json
import uuid
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, select, update

from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, Operation, OwnConcept, Placement, Visibility
from letstalk_desktop.language import N_
from letstalk_desktop.storage import journal
from letstalk_desktop.storage.encoding import (
    ANNOTATION,
    KIND,
    LISTS,
    Malformed,
    Record,
    Thing,
    thing_of,
    value_of_json,
    value_of_record,
    value_of_row,
)
from letstalk_desktop.storage.folding import fold
from letstalk_desktop.storage.states import Key, State, write
from letstalk_desktop.storage.tables import GESTURES, JOURNAL, TABLES

LABEL = N_("Repair a damaged entry")

_NUMBERS = frozenset({"start", "end"})
_MEMBERS: dict[str, tuple[frozenset[str], str]] = {
    "kind": (frozenset(Kind), Kind.KEY.value),
    "visibility": (frozenset(Visibility), Visibility.PRIVATE.value),
    "placement": (frozenset(Placement), Placement.DOUBTFUL.value),
}


def fault(thing: str, row: Record) -> str:
    """What is wrong with a row, in a few words; '' if nothing is."""
    try:
        value_of_row(thing, row)
    except Malformed as error:
        return str(error)
    # The folded text was written together with note and quote, which makes it a check on them.
    if "folded" in row and row["folded"] != fold(f"{row['note']}\n{row['exact']}"):
        return "the text differs from its folded copy"
    return ""


def has_faults(connection: Connection) -> bool:
    """Whether there is anything to mend."""
    return any(
        fault(thing, dict(row)) for thing, table in TABLES.items() for row in connection.execute(select(table)).mappings()
    )


def mend(connection: Connection, now: str) -> list[Key]:
    """Put right each faulty entry; which ones. An entry that is not what it was before is journalled."""
    told: list[State] = []
    guessed: list[Thing] = []
    for thing, table in TABLES.items():
        for row in connection.execute(select(table)).mappings():
            if fault(thing, dict(row)):
                last = last_state(connection, (thing, str(row["id"])))
                if last is not None:
                    told.append(State(last, str(row.get("trashed", "")), row.get("undone") == 1))
                elif (value := repaired(thing, dict(row))) is not None:
                    guessed.append(value)
    write(connection, told, now)
    _journalled(connection, guessed, now)
    return [thing_of(state.value) for state in told if state.value is not None] + [thing_of(value) for value in guessed]


def _journalled(connection: Connection, values: list[Thing], now: str) -> None:
    gesture = str(uuid.uuid4())
    annotations = tuple(value for value in values if isinstance(value, Annotation))
    concepts = tuple(value for value in values if isinstance(value, OwnConcept))
    plans = tuple(value for value in values if not isinstance(value, Annotation | OwnConcept))
    operation = Operation(str(uuid.uuid4()), gesture, LABEL, annotations=annotations, concepts=concepts, plans=plans)  # type: ignore[arg-type]
    if values:
        journal.apply(connection, (operation,), now)
        # What it was before cannot be brought back, because it cannot be understood.
        connection.execute(update(GESTURES).where(GESTURES.c.id == gesture).values(state=journal.DROPPED))


def last_state(connection: Connection, key: Key) -> Thing | None:
    """The state of a thing after the last thing that the journal says about it."""
    mine = (JOURNAL.c.thing == key[0]) & (JOURNAL.c.thing_id == key[1])
    stored = connection.execute(select(JOURNAL.c.after).where(mine).order_by(JOURNAL.c.number.desc()).limit(1)).scalar()
    try:
        told = value_of_json(key[0], stored) if isinstance(stored, str) else None
    except Malformed:
        return None
    return told if told is not None and thing_of(told) == key else None


def repaired(thing: str, row: Record) -> Thing | None:
    """What can be understood of a row; None if that is nothing (a name for a kind that there is not)."""
    if thing == KIND:
        return None
    record = {name: _plain(name, value) for name, value in row.items()}
    if thing == ANNOTATION:
        for name, (known, harmless) in _MEMBERS.items():
            record[name] = record[name] if record[name] in known else harmless
        if record["type"] not in frozenset(AnnotationType):
            record["type"] = AnnotationType.HIGHLIGHT.value if record["exact"] else AnnotationType.NOTE.value
    with suppress(Malformed):
        return value_of_record(thing, record)
    return None


def _plain(name: str, value: Any) -> Any:
    """A value of the type that a field wants, from whatever stands there."""
    if name in _NUMBERS:
        return value if isinstance(value, int) and value >= 0 else 0
    if name in LISTS:
        return _list(name, value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else "" if value is None else str(value)


def _list(name: str, value: Any) -> list[Any]:
    try:
        found = json.loads(value)
    except (ValueError, TypeError):
        return []
    if not isinstance(found, list):
        return []
    return [item for item in found if isinstance(item, list if name == "steps" else str)]
