"""The reader's data as plain records, and back: the one shape in which they are stored and sent.

A *record* is a flat dictionary of strings, integers and lists. Reading checks everything and raises ``Malformed`` for the one
value that cannot be understood.
"""

from __future__ import annotations

from collections.abc import Mapping
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

Thing = Annotation | OwnConcept | KindName | SessionPlan
Record = dict[str, Any]
Member = TypeVar("Member")

ANNOTATION, CONCEPT, KIND, PLAN = "annotation", "concept", "kind", "plan"

TYPE_IDS = {item.value: item for item in AnnotationType}
KIND_IDS = {item.value: item for item in Kind}
VISIBILITY_IDS = {item.value: item for item in Visibility}
PLACEMENT_IDS = {item.value: item for item in Placement}
ANCHOR_FIELDS = ("resource", "edition", "language", "chapter", "block", "start", "end", "exact", "prefix", "suffix")
_CONCEPT = ("id", "term", "definition", "author", "created", "modified", "deleted")
_PLAN = ("id", "resource", "title", "created", "modified", "deleted")
_PLAIN = ("note", "author", "created", "modified", "deleted", "question")


class Malformed(ValueError):
    """A value that cannot be understood; says which field."""


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
        record |= {name: getattr(anchor, name) for name in ANCHOR_FIELDS}
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


def value_of_record(thing: str, record: Mapping[str, Any]) -> Thing:
    """The value of a record (ANNOTATION, CONCEPT, KIND or PLAN); ``Malformed`` if a field is missing or wrong."""
    try:
        if thing == ANNOTATION:
            return _annotation(record)
        if thing == CONCEPT:
            texts = {name: _text(record, name) for name in _CONCEPT}
            return OwnConcept(related=texts_in(record, "related"), **texts)
        if thing == KIND:
            return KindName(_member(KIND_IDS, record, "id"), _text(record, "name"))
        if thing == PLAN:
            texts = {name: _text(record, name) for name in _PLAN}
            return SessionPlan(steps=_steps(record), **texts)
    except KeyError as error:
        raise Malformed(f"{error.args[0]}: missing") from error
    raise Malformed(f"not a thing of the notebook: {thing}")


def _annotation(record: Mapping[str, Any]) -> Annotation:
    places = {name: _text(record, name) for name in ANCHOR_FIELDS if name not in ("start", "end")}
    return Annotation(
        id=_text(record, "id"),
        type=_member(TYPE_IDS, record, "type"),
        anchor=Anchor(**places, start=_number(record, "start"), end=_number(record, "end")),
        kind=_member(KIND_IDS, record, "kind"),
        concepts=texts_in(record, "concepts"),
        visibility=_member(VISIBILITY_IDS, record, "visibility"),
        placement=_member(PLACEMENT_IDS, record, "placement"),
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


def texts_in(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts in a record; ``Malformed`` if it is none."""
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
