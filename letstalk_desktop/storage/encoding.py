"""Domain values as rows and as JSON, and back.

A *record* is a flat dictionary of strings, integers and lists, the same for the journal's JSON and, with its lists written as
JSON text, for a row. Reading checks everything and raises ``Malformed`` for the one value that cannot be understood.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from letstalk_desktop.annotations.model import (
    Anchor,
    Annotation,
    AnnotationType,
    Kind,
    KindName,
    OwnConcept,
    Placement,
    SessionPlan,
    Visibility,
)
from letstalk_desktop.storage.folding import fold

Thing = Annotation | OwnConcept | KindName | SessionPlan
Record = dict[str, Any]
Member = TypeVar("Member")

ANNOTATION, CONCEPT, KIND, PLAN = "annotation", "concept", "kind", "plan"
LISTS = frozenset({"concepts", "related", "steps"})

_TYPES = {item.value: item for item in AnnotationType}
_KINDS = {item.value: item for item in Kind}
_VISIBILITIES = {item.value: item for item in Visibility}
_PLACEMENTS = {item.value: item for item in Placement}
_ANCHOR = ("resource", "edition", "language", "chapter", "block", "start", "end", "exact", "prefix", "suffix")
_CONCEPT = ("id", "term", "definition", "author", "created", "modified", "deleted")
_PLAN = ("id", "resource", "title", "created", "modified", "deleted")
_PLAIN = ("note", "author", "created", "modified", "deleted", "question")

# The columns of an annotation's record, in the order in which ``annotation_of_columns`` wants them.
ANNOTATION_COLUMNS = (
    *_ANCHOR,
    *("id", "type", "kind", "note", "concepts", "author", "visibility"),
    *("created", "modified", "deleted", "placement", "question"),
)

_COLUMN_TYPES = tuple(int if name in ("start", "end") else str for name in ANNOTATION_COLUMNS)


class Malformed(ValueError):
    """A stored value that cannot be understood; says which field."""


def sound(text: str) -> str:
    """``text`` as it can be stored: halves of a surrogate pair joined, lone ones replaced with U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def thing_of(value: Thing) -> tuple[str, str]:
    """What ``value`` is, and its id."""
    if isinstance(value, Annotation):
        return ANNOTATION, value.id
    if isinstance(value, OwnConcept):
        return CONCEPT, value.id
    if isinstance(value, KindName):
        return KIND, value.kind.value
    return PLAN, value.id


def record_of(value: Thing) -> Record:
    """``value`` as a record."""
    if isinstance(value, Annotation):
        anchor = value.anchor
        record: Record = {"id": value.id, "type": value.type.value}
        record |= {name: getattr(anchor, name) for name in _ANCHOR}
        record |= {"kind": value.kind.value, "concepts": list(value.concepts), "visibility": value.visibility.value}
        record |= {"placement": value.placement.value} | {name: getattr(value, name) for name in _PLAIN}
    elif isinstance(value, OwnConcept):
        record = {name: getattr(value, name) for name in _CONCEPT} | {"related": list(value.related)}
    elif isinstance(value, KindName):
        record = {"id": value.kind.value, "name": value.name}
    else:
        record = {name: getattr(value, name) for name in _PLAN} | {"steps": [list(step) for step in value.steps]}
    return {name: _sound_item(item) for name, item in record.items()}


def _sound_item(item: Any) -> Any:
    if isinstance(item, str):
        return sound(item)
    return [_sound_item(part) for part in item] if isinstance(item, list) else item


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


def value_of_record(thing: str, record: Mapping[str, Any]) -> Thing:
    """The value of a record; ``Malformed`` if a field is missing or wrong."""
    try:
        if thing == ANNOTATION:
            return _annotation(record)
        if thing == CONCEPT:
            texts = {name: _text(record, name) for name in _CONCEPT}
            return OwnConcept(related=_texts(record, "related"), **texts)
        if thing == KIND:
            return KindName(_member(_KINDS, record, "id"), _text(record, "name"))
        if thing == PLAN:
            texts = {name: _text(record, name) for name in _PLAN}
            return SessionPlan(steps=_steps(record), **texts)
    except KeyError as error:
        raise Malformed(f"{error.args[0]}: missing") from error
    raise Malformed(f"not a thing of the notebook: {thing}")


def annotation_of_columns(columns: Sequence[Any]) -> Annotation:
    """The annotation in the values of ``ANNOTATION_COLUMNS``: the quick way for thousands of rows."""
    if tuple(map(type, columns)) != _COLUMN_TYPES:  # SQLite itself does not insist on the types of its columns
        raise Malformed("a column holds another type than it should")
    try:
        stored = columns[14]
        return Annotation(
            columns[10],
            _TYPES[columns[11]],
            Anchor(*columns[:10]),
            _KINDS[columns[12]],
            columns[13],
            () if stored == "[]" else _concepts(stored),
            columns[15],
            _VISIBILITIES[columns[16]],
            columns[17],
            columns[18],
            columns[19],
            _PLACEMENTS[columns[20]],
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
    return _texts({"concepts": concepts}, "concepts")


def _annotation(record: Mapping[str, Any]) -> Annotation:
    places = {name: _text(record, name) for name in _ANCHOR if name not in ("start", "end")}
    return Annotation(
        id=_text(record, "id"),
        type=_member(_TYPES, record, "type"),
        anchor=Anchor(**places, start=_number(record, "start"), end=_number(record, "end")),
        kind=_member(_KINDS, record, "kind"),
        concepts=_texts(record, "concepts"),
        visibility=_member(_VISIBILITIES, record, "visibility"),
        placement=_member(_PLACEMENTS, record, "placement"),
        **{name: _text(record, name) for name in _PLAIN},
    )


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record[name]
    if not isinstance(value, str):
        raise Malformed(f"{name}: not a text")
    return value


def _number(record: Mapping[str, Any], name: str) -> int:
    value = record[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Malformed(f"{name}: not a position")
    return value


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record[name]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Malformed(f"{name}: not a list of texts")
    return tuple(value)


def _steps(record: Mapping[str, Any]) -> tuple[tuple[int, str, str], ...]:
    steps: list[tuple[int, str, str]] = []
    for step in record["steps"] if isinstance(record["steps"], list) else [None]:
        match step:
            case [int(minutes), str(question), str(text)]:
                steps.append((minutes, question, text))
            case _:
                raise Malformed("steps: not a list of [minutes, question, text]")
    return tuple(steps)


def _member(members: Mapping[str, Member], record: Mapping[str, Any], name: str) -> Member:
    value = record[name]
    if not isinstance(value, str) or value not in members:
        raise Malformed(f"{name}: unknown value {value!r}")
    return members[value]
