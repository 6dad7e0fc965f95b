"""Counts the passages, and where a format tells them apart the notes, in a document that was written.

Each reader looks at the bytes of the file, not at what was meant to be in them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from letstalk_desktop.annotations.exchange import read_notebook
from letstalk_desktop.annotations.model import Annotation, AnnotationType

_PASSAGE_HTML = re.compile(rb'<article id="passage-([^"]+)"')
_PASSAGE_WORD = re.compile(rb'<w:bookmarkStart [^>]*w:name="(passage_\d+)"')
_PASSAGE_OBSIDIAN = re.compile(rb"^\^([A-Za-z0-9-]+)$", re.MULTILINE)
_PASSAGE_MARKDOWN = re.compile(rb"^\*\*\S \xc2\xb7 [^\n]+\*\*(?: \xc2\xb7 [^\n]+)?\n\n> ", re.MULTILINE)
_STREAM = re.compile(rb"/Type\s*/EmbeddedFile.*?stream\r?\n", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_DAMAGED = "the document is not whole"


class Found(NamedTuple):
    """What a document holds, counted in its bytes; None where the format does not tell."""

    passages: int | None = None
    notes: int | None = None


def in_pdf(content: bytes) -> Found:
    """A whole file with pages; its passages by the notes it carries, where it carries them. Raises ``ValueError``."""
    if not (content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF") and _PAGE.search(content)):
        raise ValueError(_DAMAGED)
    for start in _STREAM.finditer(content):
        return in_notebook(zlib.decompressobj().decompress(content[start.end() :]))
    return Found()


def in_html(content: bytes) -> Found:
    """A page to its last element. Raises ``ValueError``."""
    if not content.rstrip().endswith(b"</html>"):
        raise ValueError(_DAMAGED)
    return Found(len(set(_PASSAGE_HTML.findall(content))))


def in_word(content: bytes) -> Found:
    """A package whose parts are sound. Raises ``ValueError``, ``LookupError``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if package.testzip() is not None:
                raise ValueError(_DAMAGED)
            return Found(len(set(_PASSAGE_WORD.findall(package.read("word/document.xml")))))
    except zipfile.BadZipFile as error:
        raise ValueError(_DAMAGED) from error


def in_markdown(content: bytes) -> Found:
    """Passages by their heads (a note may look like one); by their block ids in a note for Obsidian, which has front matter."""
    if content.startswith(b"---\n"):
        return Found(len(set(_PASSAGE_OBSIDIAN.findall(content))))
    return Found(len(_PASSAGE_MARKDOWN.findall(content)))


def in_table(content: bytes) -> Found:
    """Rows by their type."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return Found(sum(row["type"] == AnnotationType.HIGHLIGHT for row in rows))


def in_web_annotations(content: bytes) -> Found:
    """Annotations by their motivation."""
    items = json.loads(content)["first"]["items"]
    bodies = [body for item in items for body in item.get("body", ())]
    return Found(
        sum("highlighting" in item["motivation"] for item in items), sum(body["purpose"] == "commenting" for body in bodies)
    )


def in_readium(content: bytes) -> Found:
    """Annotations by their motivation; notes may be without a place there, and are not counted."""
    return Found(sum(item["motivation"] == "highlighting" for item in json.loads(content)["items"]))


def in_notebook(content: bytes) -> Found:
    """Annotations by their type. Raises ``ExchangeError``."""
    alive = read_notebook(content).annotations
    passages = [one for one in alive if one.type is AnnotationType.HIGHLIGHT]
    return Found(len(passages), sum(1 for _ in _noted(alive)))


def _noted(annotations: tuple[Annotation, ...]) -> Iterator[Annotation]:
    for one in annotations:
        if one.note.strip() and one.type in (AnnotationType.HIGHLIGHT, AnnotationType.NOTE):
            yield one
