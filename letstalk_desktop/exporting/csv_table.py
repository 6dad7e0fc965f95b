"""A summary as a table for spreadsheets: one row per passage, note and answer; no cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from letstalk_desktop.exporting.characters import carried
from letstalk_desktop.exporting.model import Answer, ConceptLabel, Group, Passage, PlainNote, Summary

COLUMNS = (
    "type",
    "locator",
    "chapter",
    "chapter_title",
    "kind",
    "kind_name",
    "quote",
    "note",
    "concepts",
    "question",
    "language",
    "placement",
    "visibility",
    "author",
    "created",
    "modified",
    "resource",
    "edition",
    "id",
)
# A cell that begins so would be a formula, or hide one behind white space.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(summary: Summary) -> bytes:
    """UTF-8 with a byte order mark, commas, CRLF: what Excel, LibreOffice and Python read alike. Keys of columns are stable.

    A cell that would be a formula begins with an apostrophe. Each passage stands once, in order of place.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(summary):
        writer.writerow([safe_cell(row.get(column, "")) for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def _rows(summary: Summary) -> Iterable[dict[str, str]]:
    always = {"resource": summary.resource, "edition": summary.edition}
    seen: set[str] = set()
    for note in summary.notes:
        yield always | _note(note, "")
    for group in summary.groups:
        for note in group.notes:
            yield always | _note(note, group.title)
        for passage in group.passages:
            if passage.id not in seen:
                seen.add(passage.id)
                yield always | _passage(passage)
        for answer in group.answers:
            yield always | _answer(answer, group)
    for passage in summary.unplaced:
        yield always | _passage(passage)


def _passage(passage: Passage) -> dict[str, str]:
    return {
        "type": "highlight",
        "locator": passage.locator,
        "chapter": passage.chapter,
        "chapter_title": passage.chapter_title,
        "kind": passage.kind.id,
        "kind_name": passage.kind.name,
        "quote": passage.exact,
        "note": passage.note_source,
        "concepts": _concepts(passage.concepts),
        "language": passage.language,
        "placement": passage.placement,
        "visibility": passage.visibility,
        "author": passage.author,
        "created": passage.created,
        "modified": passage.modified,
        "id": passage.id,
    }


def _note(note: PlainNote, chapter_title: str) -> dict[str, str]:
    return {
        "type": "note",
        "chapter": note.chapter,
        "chapter_title": chapter_title,
        "note": note.note_source,
        "concepts": _concepts(note.concepts),
        "visibility": note.visibility,
        "author": note.author,
        "created": note.created,
        "modified": note.modified,
        "id": note.id,
    }


def _answer(answer: Answer, group: Group) -> dict[str, str]:
    return {
        "type": "answer",
        "chapter_title": group.title if group.label else "",
        "question": answer.question_text,
        "note": answer.note_source,
        "visibility": answer.visibility,
        "author": answer.author,
        "created": answer.created,
        "modified": answer.modified,
        "id": answer.id,
    }


def _concepts(concepts: Sequence[ConceptLabel]) -> str:
    return "; ".join(concept.term for concept in concepts)


def safe_cell(value: str) -> str:
    """What may stand in a cell: no formula, and nothing that cannot be carried."""
    value = carried(value)
    return f"'{value}" if value.lstrip(" \u00a0\u200b").startswith(_FORMULA) else value
