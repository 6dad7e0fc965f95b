"""Our own JSON of a notebook, both ways and without loss: the keys are documented in ``docs/formats.md``.

It travels alone (``export notes.json``) and inside exported PDF and HTML files, and goes back in through the same merge that
restores backups.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from letstalk_desktop.annotations.model import (
    Anchor,
    Annotation,
    AnnotationType,
    KeptText,
    Kind,
    KindName,
    OwnConcept,
    Placement,
    SessionPlan,
    Visibility,
)
from letstalk_desktop.errors import WorldError
from letstalk_desktop.language import N_

FORMAT = "letstalk-notebook"
VERSION = 1
_LARGEST_NUMBER = 2**53  # what every reader of JSON agrees on
_ANCHOR = ("resource", "edition", "language", "chapter", "block", "start", "end", "exact", "prefix", "suffix")
_TEXTS = ("note", "author", "created", "modified", "deleted", "question")
_SURROGATE = re.compile("[\ud800-\udfff]")

Choice = TypeVar("Choice", bound=StrEnum)
Thing = TypeVar("Thing")


class ExchangeError(WorldError):
    """A file is not a notebook of ours, or of a newer program."""


@dataclass(frozen=True, slots=True)
class NotebookFile:
    """What a file holds. ``generated`` is its time, ``program`` who wrote it. ``rejected``: (place in the file, reason)."""

    annotations: tuple[Annotation, ...] = ()
    concepts: tuple[OwnConcept, ...] = ()
    kinds: tuple[KindName, ...] = ()
    plans: tuple[SessionPlan, ...] = ()
    texts: tuple[KeptText, ...] = ()
    locators: Mapping[str, str] = field(default_factory=dict)
    generated: str = ""
    program: str = ""
    rejected: tuple[tuple[str, str], ...] = ()


def write_notebook(notebook: NotebookFile) -> bytes:
    """UTF-8 JSON with stable keys; ``locators`` (by annotation id) are for people and scripts and are not read back."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "program": notebook.program,
        "generated": notebook.generated,
        "annotations": [annotation_record(item, notebook.locators.get(item.id, "")) for item in notebook.annotations],
        "concepts": [
            {
                "id": item.id,
                "term": item.term,
                "definition": item.definition,
                "related": list(item.related),
                "author": item.author,
                "created": item.created,
                "modified": item.modified,
                "deleted": item.deleted,
            }
            for item in notebook.concepts
        ],
        "kinds": [{"kind": item.kind.value, "name": item.name} for item in notebook.kinds],
        "plans": [
            {
                "id": item.id,
                "resource": item.resource,
                "title": item.title,
                "steps": [{"minutes": minutes, "question": question, "text": text} for minutes, question, text in item.steps],
                "created": item.created,
                "modified": item.modified,
                "deleted": item.deleted,
            }
            for item in notebook.plans
        ],
        "texts": [
            {
                "resource": item.resource,
                "edition": item.edition,
                "language": item.language,
                "chapter": item.chapter,
                "text": item.text,
                "blocks": [list(block) for block in item.blocks],
            }
            for item in notebook.texts
        ],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    # Half a pair cannot be written in UTF-8; JSON has an escape for it.
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode("utf-8")


def read_notebook(data: bytes) -> NotebookFile:
    """What ``write_notebook`` wrote. A malformed entry is rejected with its reason, the others are kept.

    Raises ``ExchangeError`` where the file as a whole is not ours.
    """
    try:
        document: Any = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ExchangeError(N_("This is not a file of notes: {what}."), what=str(error)) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ExchangeError(N_("This is not a file of notes from Let’s Talk Desktop."))
    if not isinstance(document.get("version"), int) or document["version"] > VERSION:
        raise ExchangeError(N_("This file comes from a newer Let’s Talk Desktop. Update the program, then import it again."))
    rejected: list[tuple[str, str]] = []

    def entries(name: str, read: Callable[[Mapping[str, Any]], Thing]) -> tuple[Thing, ...]:
        found: list[Thing] = []
        listed = document.get(name, [])
        for number, entry in enumerate(listed if isinstance(listed, list) else []):
            try:
                found.append(read(_Checked(entry)))
            except (KeyError, TypeError, ValueError, OverflowError) as error:
                rejected.append((f"{name}[{number}]", str(error)))
        return tuple(found)

    return NotebookFile(
        annotations=entries("annotations", _read_annotation),
        concepts=entries("concepts", _read_concept),
        kinds=entries("kinds", lambda entry: KindName(_choice(Kind, entry, "kind"), _text(entry, "name"))),
        plans=entries("plans", _read_plan),
        texts=entries("texts", _read_text),
        generated=str(document.get("generated", "")),
        program=str(document.get("program", "")),
        rejected=tuple(rejected),
    )


def annotation_record(item: Annotation, locator: str) -> dict[str, Any]:
    """One annotation with its locator as the JSON that goes out, here and on the command line."""
    return {
        "id": item.id,
        "type": item.type.value,
        **{name: getattr(item.anchor, name) for name in _ANCHOR},
        "locator": locator,
        "kind": item.kind.value,
        "note": item.note,
        "concepts": list(item.concepts),
        "question": item.question,
        "author": item.author,
        "visibility": item.visibility.value,
        "placement": item.placement.value,
        "created": item.created,
        "modified": item.modified,
        "deleted": item.deleted,
    }


class _Checked(dict[str, Any]):
    """An entry of the file, which must be an object."""

    def __init__(self, entry: object) -> None:
        if not isinstance(entry, dict):
            raise TypeError("not an object")
        super().__init__(entry)


def _read_annotation(entry: Mapping[str, Any]) -> Annotation:
    start, end = _number(entry, "start"), _number(entry, "end")
    if not 0 <= start <= end:
        raise ValueError("start and end are not a span")
    texts = {name: _text(entry, name) for name in _ANCHOR if name not in ("start", "end")}
    if not texts["resource"]:
        raise ValueError("resource is missing")
    return Annotation(
        id=_identity(entry),
        type=_choice(AnnotationType, entry, "type"),
        anchor=Anchor(**texts, start=start, end=end),
        kind=_choice(Kind, entry, "kind"),
        concepts=_texts(entry, "concepts"),
        visibility=_choice(Visibility, entry, "visibility"),
        placement=_choice(Placement, entry, "placement"),
        **{name: _text(entry, name) for name in _TEXTS},
    )


def _read_concept(entry: Mapping[str, Any]) -> OwnConcept:
    names = ("term", "definition", "author", "created", "modified", "deleted")
    return OwnConcept(id=_identity(entry), related=_texts(entry, "related"), **{name: _text(entry, name) for name in names})


def _read_plan(entry: Mapping[str, Any]) -> SessionPlan:
    steps = [_Checked(step) for step in entry.get("steps", [])]
    names = ("resource", "title", "created", "modified", "deleted")
    return SessionPlan(
        id=_identity(entry),
        steps=tuple((_number(step, "minutes"), _text(step, "question"), _text(step, "text")) for step in steps),
        **{name: _text(entry, name) for name in names},
    )


def _read_text(entry: Mapping[str, Any]) -> KeptText:
    blocks = tuple((str(block), int(start), int(end), str(locator)) for block, start, end, locator in entry["blocks"])
    names = ("resource", "edition", "language", "chapter", "text")
    return KeptText(blocks=blocks, **{name: _text(entry, name) for name in names})


def _identity(entry: Mapping[str, Any]) -> str:
    identity = _text(entry, "id")
    if not identity:
        raise ValueError("id is missing")
    return identity


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name, "")
    if not isinstance(value, str):
        raise TypeError(f"{name} is not a text")
    return value


def _texts(entry: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = entry.get(name, [])
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise TypeError(f"{name} is not a list of texts")
    return tuple(value)


def _number(entry: Mapping[str, Any], name: str) -> int:
    value = entry.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} is not a number")
    if abs(value) > _LARGEST_NUMBER:
        raise ValueError(f"{name} is too large")
    return value


def _choice(kind: type[Choice], entry: Mapping[str, Any], name: str) -> Choice:
    """A value of an enumeration; the first one where the key is missing."""
    return kind(entry[name]) if name in entry else next(iter(kind))
