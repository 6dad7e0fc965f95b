"""Questions to the notebook: each a select that gives domain values, and passes over what cannot be understood."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, func, literal_column, or_, select, text, true

from letstalk_desktop.annotations.model import (
    Annotation,
    AnnotationType,
    Changes,
    JournalEntry,
    KeptText,
    Kind,
    KindName,
    OwnConcept,
    Query,
    SessionPlan,
)
from letstalk_desktop.storage.encoding import (
    ANNOTATION_COLUMNS,
    CONCEPT,
    KIND,
    PLAN,
    Malformed,
    Thing,
    annotation_of_columns,
    decompressed,
    value_of_json,
    value_of_row,
)
from letstalk_desktop.storage.folding import fold
from letstalk_desktop.storage.journal import Tally
from letstalk_desktop.storage.merging import Incoming
from letstalk_desktop.storage.states import among
from letstalk_desktop.storage.tables import (
    ANNOTATION_CONCEPTS,
    ANNOTATIONS,
    CONCEPTS,
    JOURNAL,
    KEPT_TEXTS,
    KINDS,
    PLANS,
    TABLES,
)

# What counts as one of the reader's notes where notes are counted: "14 notes, all saved".
COUNTED = (AnnotationType.HIGHLIGHT.value, AnnotationType.NOTE.value)


@dataclass(frozen=True, slots=True)
class Problem:
    """One stored thing that cannot be understood, and why. It stays where it is."""

    table: str
    id: str
    reason: str


Report = Callable[[Problem], None]

_COLUMNS = tuple(ANNOTATIONS.c[name] for name in ANNOTATION_COLUMNS)
_PLACE = (ANNOTATIONS.c.resource, ANNOTATIONS.c.chapter, ANNOTATIONS.c.start, ANNOTATIONS.c.created)
_ID = ANNOTATION_COLUMNS.index("id")


def find(connection: Connection, query: Query, report: Report) -> list[Annotation]:
    """The annotations that ``query`` wants, in the order of the text."""
    statement = select(*_COLUMNS).where(*_conditions(query)).order_by(*_PLACE)
    if query.limit:
        statement = statement.limit(query.limit)
    found: list[Annotation] = []
    for row in connection.execute(statement):
        try:
            found.append(annotation_of_columns(row))
        except Malformed as error:
            report(Problem("annotations", str(row[_ID]), str(error)))
    return found


def annotation(connection: Connection, annotation_id: str, report: Report) -> Annotation | None:
    """One annotation, also if it is in the trash."""
    row = connection.execute(select(*_COLUMNS).where(ANNOTATIONS.c.id == annotation_id)).first()
    try:
        return annotation_of_columns(row) if row else None
    except Malformed as error:
        report(Problem("annotations", annotation_id, str(error)))
        return None


def _conditions(query: Query) -> Iterator[ColumnElement[bool]]:
    columns = ANNOTATIONS.c
    listed = bool(query.concepts or query.ids or query.other_than_edition)

    def column(name: str) -> ColumnElement[str]:
        # A "+" keeps SQLite from walking through all annotations in the order of the text when few ids are wanted.
        return literal_column(f"+annotations.{name}", Text) if listed else columns[name]

    if query.deleted:
        yield column("deleted") != ""
        yield columns.undone == 0
    else:
        yield column("deleted") == ""
    for name in ("resource", "chapter", "language", "author"):
        if wanted := getattr(query, name):
            yield column(name) == wanted
    if edition := query.other_than_edition:
        there = columns.resource == query.resource if query.resource else true()
        yield and_(there, or_(columns.edition < edition, columns.edition > edition))
    if query.types:
        yield columns.type.in_([item.value for item in query.types])
    if query.kinds:
        yield columns.kind.in_([item.value for item in query.kinds])
    if query.placement is not None:
        yield columns.placement == query.placement.value
    if query.with_note is not None:
        yield columns.note != "" if query.with_note else columns.note == ""
    if query.shared_only:
        yield columns.visibility == "shared"
    if query.concepts:
        linked = select(ANNOTATION_CONCEPTS.c.annotation).where(ANNOTATION_CONCEPTS.c.concept.in_(query.concepts))
        yield columns.id.in_(linked)
    if query.ids:
        yield among(columns.id, query.ids)
    for word in fold(query.text).split():
        yield func.instr(columns.folded, word) > 0


def ids(connection: Connection) -> frozenset[str]:
    """The ids of all living annotations."""
    return frozenset(connection.execute(select(ANNOTATIONS.c.id).where(ANNOTATIONS.c.deleted == "")).scalars())


def counts(connection: Connection, resource: str) -> dict[str, int]:
    """How many highlights and notes each chapter of a resource has ('' for those on the resource itself)."""
    columns = ANNOTATIONS.c
    mine = (columns.deleted == "") & (columns.resource == resource) & columns.type.in_(COUNTED)
    rows = connection.execute(select(columns.chapter, func.count()).where(mine).group_by(columns.chapter))
    return {str(chapter): int(count) for chapter, count in rows}


def total(connection: Connection) -> int:
    """How many highlights and notes there are."""
    columns = ANNOTATIONS.c
    statement = select(func.count()).select_from(ANNOTATIONS).where(columns.deleted == "", columns.type.in_(COUNTED))
    return int(connection.execute(statement).scalar_one())


def _values(connection: Connection, thing: str, statement: Select[Any], report: Report) -> Iterator[Thing]:
    for row in connection.execute(statement).mappings():
        try:
            yield value_of_row(thing, dict(row))
        except Malformed as error:
            report(Problem(TABLES[thing].name, str(row["id"]), str(error)))


def concepts(connection: Connection, report: Report) -> list[OwnConcept]:
    """The reader's own concepts, by term."""
    statement = select(CONCEPTS).where(CONCEPTS.c.deleted == "")
    found = [value for value in _values(connection, CONCEPT, statement, report) if isinstance(value, OwnConcept)]
    return sorted(found, key=lambda concept: (fold(concept.term), concept.created))


def kind_names(connection: Connection, report: Report) -> dict[Kind, str]:
    """The reader's own names of kinds."""
    statement = select(KINDS).where(KINDS.c.name != "")
    return {value.kind: value.name for value in _values(connection, KIND, statement, report) if isinstance(value, KindName)}


def plans(connection: Connection, resource: str, report: Report) -> list[SessionPlan]:
    """The session plans for a resource, oldest first."""
    statement = select(PLANS).where(PLANS.c.resource == resource, PLANS.c.deleted == "").order_by(PLANS.c.created)
    return [value for value in _values(connection, PLAN, statement, report) if isinstance(value, SessionPlan)]


def history(connection: Connection, thing_id: str, report: Report) -> list[JournalEntry]:
    """What happened to one thing, oldest first."""
    entries: list[JournalEntry] = []
    for row in connection.execute(select(JOURNAL).where(JOURNAL.c.thing_id == thing_id).order_by(JOURNAL.c.number)):
        try:
            done = value_of_json(row.thing, row.after)
        except Malformed as error:
            report(Problem("journal", str(row.number), str(error)))
            continue
        before: Thing | None = None
        if row.before is not None:
            try:
                before = value_of_json(row.thing, row.before)
            except Malformed as error:  # what it was is not known, what became of it is
                report(Problem("journal", str(row.number), str(error)))
        entries.append(JournalEntry(row.number, row.operation, row.gesture, row.label, row.who, row.at, before, done))
    return entries


def kept_text(
    connection: Connection, resource: str, edition: str, language: str, chapter: str, report: Report
) -> KeptText | None:
    """The text of record of a chapter as it was in an edition, if annotations have made us keep it."""
    place = {"resource": resource, "edition": edition, "language": language, "chapter": chapter}
    row = connection.execute(select(KEPT_TEXTS.c.text, KEPT_TEXTS.c.blocks).filter_by(**place)).first()
    if row is None:
        return None
    try:
        return KeptText(**place, text=decompressed(row.text), blocks=_blocks(decompressed(row.blocks)))
    except Malformed as error:
        report(Problem("kept_texts", "/".join(place.values()), str(error)))
        return None


def _blocks(stored: str) -> tuple[tuple[str, int, int, str], ...]:
    try:
        return tuple((str(block), int(start), int(end), str(locator)) for block, start, end, locator in json.loads(stored))
    except (ValueError, TypeError) as error:
        raise Malformed(f"blocks: {error}") from error


def contents(connection: Connection, report: Report) -> Incoming:
    """All that a notebook holds, the trash too, but for what only undo keeps: what a merge into another one brings."""
    annotations: list[Annotation] = []
    for row in connection.execute(select(*_COLUMNS).where(ANNOTATIONS.c.undone == 0)):
        try:
            annotations.append(annotation_of_columns(row))
        except Malformed as error:
            report(Problem("annotations", str(row[_ID]), str(error)))
    others = [
        value
        for thing in (CONCEPT, KIND, PLAN)
        for value in _values(connection, thing, _not_undone(thing), report)
        if not isinstance(value, Annotation)
    ]
    kept = KEPT_TEXTS.c
    places = connection.execute(select(kept.resource, kept.edition, kept.language, kept.chapter)).all()
    texts = (kept_text(connection, place[0], place[1], place[2], place[3], report) for place in places)
    return Incoming(
        tuple(annotations),
        tuple(value for value in others if isinstance(value, OwnConcept)),
        tuple(value for value in others if isinstance(value, KindName)),
        tuple(value for value in others if isinstance(value, SessionPlan)),
        tuple(text for text in texts if text is not None),
    )


def _not_undone(thing: str) -> Select[Any]:
    table = TABLES[thing]
    return select(table).where(table.c.undone == 0) if "undone" in table.c else select(table)


def kept_editions(connection: Connection, resource: str) -> list[str]:
    """The editions of a resource of which some text is kept, in the order in which they came."""
    columns = KEPT_TEXTS.c
    statement = select(columns.edition).where(columns.resource == resource).group_by(columns.edition)
    return [edition for (edition,) in connection.execute(statement.order_by(func.min(columns.number)))]


def changes_since(connection: Connection, number: int, own: frozenset[int]) -> Changes:
    """What the journal entries after ``number`` changed, but for those in ``own``."""
    tally = Tally()
    columns = (JOURNAL.c.number, JOURNAL.c.thing, JOURNAL.c.thing_id, JOURNAL.c.before, JOURNAL.c.after)
    for entry, thing, thing_id, before, done in connection.execute(select(*columns).where(JOURNAL.c.number > number)):
        if entry not in own and thing in TABLES:
            tally.add((thing, thing_id), *_readable(thing, before), *_readable(thing, done))
    return tally.changes()


def _readable(thing: str, stored: str | None) -> tuple[Thing, ...]:
    try:
        return (value_of_json(thing, stored),) if stored is not None else ()
    except Malformed:
        return ()


def everything(connection: Connection) -> Changes:
    """Changes that name all there is: after the whole notebook was exchanged."""
    ids = {thing: frozenset(row[0] for row in connection.execute(select(table.c.id))) for thing, table in TABLES.items()}
    chapters = connection.execute(select(ANNOTATIONS.c.resource, ANNOTATIONS.c.chapter).distinct())
    places = frozenset((resource, chapter) for resource, chapter in chapters)
    return Changes(ids["annotation"], places, ids[CONCEPT], ids[KIND], ids[PLAN])


def meta(connection: Connection, key: str) -> str:
    """A fact about the notebook; '' if it is not known."""
    return str(connection.execute(text("SELECT value FROM meta WHERE key = :key"), {"key": key}).scalar() or "")


def set_meta(connection: Connection, key: str, value: str) -> None:
    """Note a fact about the notebook."""
    upsert = "INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    connection.execute(text(upsert), {"key": key, "value": value})
