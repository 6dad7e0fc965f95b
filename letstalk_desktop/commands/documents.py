"""The formats of ``export``: which writer a file's ending means, and how what it wrote is read back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from letstalk_desktop import __version__
from letstalk_desktop.annotations.exchange import NotebookFile, read_notebook, write_notebook
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, Placement
from letstalk_desktop.errors import UsageError
from letstalk_desktop.exporting.model import Counts, Summary
from letstalk_desktop.exporting.pieces import LoadChapter
from letstalk_desktop.language import N_
from letstalk_desktop.library.model import Resource
from letstalk_desktop.paths import Paths

if TYPE_CHECKING:
    from letstalk_desktop.exporting.webannotation import Exchange


@dataclass(frozen=True, slots=True)
class Material:
    """What a writer may use: the document, and the notes as data, with nothing in them that was left out of it.

    ``bare``: no data inside the document. ``obsidian``: that flavour of Markdown.
    """

    summary: Summary
    notes: NotebookFile
    resource: Resource
    load_chapter: LoadChapter
    moment: datetime
    paths: Paths
    bare: bool
    obsidian: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file and what it holds. ``replaced``: characters that no font shows; ``homeless``: notes without a place."""

    content: bytes
    counts: Counts
    replaced: int = 0
    homeless: int = 0


Write = Callable[[Material], Written]


@dataclass(frozen=True, slots=True)
class Format:
    """``passages`` counts the passages in what was written, where that can be read back."""

    write: Write
    passages: Callable[[bytes], int] | None = None


def format_of(target: Path) -> Format:
    """The format that a file's ending means. Raises UsageError with those there are."""
    found = FORMATS.get(target.suffix.lower())
    if found is None:
        template = N_("“{name}” does not end like a document that can be made: {endings}.")
        raise UsageError(template, name=target.name, endings=", ".join(FORMATS))
    return found


def _inside(material: Material) -> bytes | None:
    """The notes as data inside a document; without texts and session plans, which the document does not show either."""
    return None if material.bare else write_notebook(replace(material.notes, plans=(), texts=()))


def _pdf(material: Material) -> Written:
    from letstalk_desktop.exporting.child import render

    paths = material.paths
    rendered = render(material.summary, paths.fonts, paths.resources / "typst", attachment=_inside(material))
    return Written(rendered.document, material.summary.counts, rendered.replaced_count)


def _html(material: Material) -> Written:
    from letstalk_desktop.exporting.html import to_html

    text = to_html(material.summary, notes=_inside(material))
    return Written(text.encode("utf-8", "replace"), material.summary.counts)


def _word(material: Material) -> Written:
    from letstalk_desktop.exporting.word import to_word

    return Written(to_word(material.summary), material.summary.counts)


def _markdown(material: Material) -> Written:
    from letstalk_desktop.exporting.markdown import to_markdown

    text = to_markdown(material.summary, obsidian=material.obsidian)
    return Written(text.encode("utf-8", "replace"), material.summary.counts)


def _table(material: Material) -> Written:
    from letstalk_desktop.exporting.csv_table import to_csv

    return Written(to_csv(material.summary), material.summary.counts)


def _web_annotations(material: Material) -> Written:
    from letstalk_desktop.exporting.webannotation import web_annotations

    return Written(web_annotations(_exchange(material)), _counts(material.notes.annotations))


def _readium(material: Material) -> Written:
    from letstalk_desktop.exporting.webannotation import readium_annotations

    content, homeless = readium_annotations(_exchange(material))
    return Written(content, _counts(material.notes.annotations), homeless=homeless)


def _exchange(material: Material) -> Exchange:
    from letstalk_desktop.exporting.webannotation import Exchange

    notes = material.notes
    language = material.summary.language
    load = material.load_chapter
    return Exchange(material.resource, load, notes.annotations, notes.concepts, language, material.moment, __version__)


def _notebook(material: Material) -> Written:
    return Written(write_notebook(material.notes), _counts(material.notes.annotations))


def _counts(annotations: Sequence[Annotation]) -> Counts:
    """What notes as data hold."""
    passages = [one for one in annotations if one.type is AnnotationType.HIGHLIGHT]
    with_words = [one for one in annotations if one.note.strip()]
    return Counts(
        passages=len(passages),
        notes=sum(one.type in (AnnotationType.HIGHLIGHT, AnnotationType.NOTE) for one in with_words),
        concepts=len({concept for one in annotations for concept in one.concepts}),
        actions=sum(one.kind is Kind.ACTION for one in passages),
        answers=sum(one.type is AnnotationType.ANSWER for one in with_words),
        unplaced=sum(one.placement is Placement.UNPLACED for one in passages),
    )


# --- reading back -------------------------------------------------------------------------------------------------------


def _passages_of_notebook(content: bytes) -> int:
    return _counts(read_notebook(content).annotations).passages


def _passages_of_web(content: bytes) -> int:
    items = json.loads(content)["first"]["items"]
    return sum("highlighting" in item["motivation"] for item in items)


def _passages_of_readium(content: bytes) -> int:
    return sum(item["motivation"] == "highlighting" for item in json.loads(content)["items"])


def _passages_of_table(content: bytes) -> int:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return sum(row["type"] == AnnotationType.HIGHLIGHT for row in rows)


FORMATS: Mapping[str, Format] = {
    ".pdf": Format(_pdf),
    ".docx": Format(_word),
    ".html": Format(_html),
    ".htm": Format(_html),
    ".md": Format(_markdown),
    ".jsonld": Format(_web_annotations, _passages_of_web),
    ".annotation": Format(_readium, _passages_of_readium),
    ".json": Format(_notebook, _passages_of_notebook),
    ".csv": Format(_table, _passages_of_table),
}
