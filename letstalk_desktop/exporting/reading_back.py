"""Counts what a document that was written holds, each format in its own way.

Each reader looks at the bytes of the file, not at what was meant to be in them: data by their types, documents by the words
of each passage and note, which must stand where they belong.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Sequence

from letstalk_desktop.annotations.exchange import read_notebook
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Placement
from letstalk_desktop.exporting.model import Summary
from letstalk_desktop.exporting.retracing import Found, retraced, shown

_PASSAGE_HTML = re.compile(r'<article id="passage-([^"]+)"')
_NOTES_HTML = re.compile(r'<script type="application/json" id="letstalk-notes">(.*?)</script>', re.DOTALL)
_HIDDEN_HTML = re.compile(r"<(script|style|head)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_PASSAGE_WORD = re.compile(r'<w:bookmarkStart [^>]*w:name="(passage_\d+)"')
_TEXT_WORD = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_PASSAGE_OBSIDIAN = re.compile(r"^\^([A-Za-z0-9-]+)$", re.MULTILINE)
_EDGE_MARKDOWN = re.compile(r"(?<!\\)&#(?:32|9|160);")
_STREAM = re.compile(rb"/Type\s*/EmbeddedFile.*?stream\r?\n", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_DAMAGED = "the document is not whole"


def in_pdf(content: bytes, _summary: Summary) -> Found:
    """A whole file with pages; the notes that it carries. Raises ``ValueError``."""
    if not (content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF") and _PAGE.search(content)):
        raise ValueError(_DAMAGED)
    for start in _STREAM.finditer(content):
        return Found(inside=_in_data(zlib.decompressobj().decompress(content[start.end() :])))
    return Found()


def in_html(content: bytes, summary: Summary) -> Found:
    """A page to its last element: its articles and their words, and the notes that it carries. Raises ``ValueError``."""
    page = content.decode("utf-8")
    if not page.rstrip().endswith("</html>"):
        raise ValueError(_DAMAGED)
    found = _at_most(retraced(_words_of_html(page), summary), set(_PASSAGE_HTML.findall(page)))
    data = _NOTES_HTML.search(page)
    return found._replace(inside=_in_data(data[1].encode("utf-8")) if data else None)


def in_word(content: bytes, summary: Summary) -> Found:
    """A package whose parts are sound: its bookmarks and words. Raises ``ValueError``, ``LookupError``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if package.testzip() is not None:
                raise ValueError(_DAMAGED)
            body = package.read("word/document.xml").decode("utf-8")
    except zipfile.BadZipFile as error:
        raise ValueError(_DAMAGED) from error
    words = html.unescape("".join(_TEXT_WORD.findall(body)))
    return _at_most(retraced(words, summary), set(_PASSAGE_WORD.findall(body)))


def in_markdown(content: bytes, summary: Summary) -> Found:
    """Words; in a note for Obsidian, which has front matter, block ids too."""
    text = content.decode("utf-8")
    found = retraced(_words_of_markdown(text), summary)
    return _at_most(found, set(_PASSAGE_OBSIDIAN.findall(text))) if text.startswith("---\n") else found


def in_table(content: bytes, _summary: Summary) -> Found:
    """Rows by their type."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    passages = [row for row in rows if row["type"] == AnnotationType.HIGHLIGHT]
    with_words = [row["type"] for row in rows if row["note"].strip()]
    return Found(
        passages=len(passages),
        notes=sum(one in (AnnotationType.HIGHLIGHT, AnnotationType.NOTE) for one in with_words),
        answers=with_words.count(AnnotationType.ANSWER.value),
        unplaced=sum(row["placement"] == Placement.UNPLACED for row in passages),
    )


def in_web_annotations(content: bytes, _summary: Summary) -> Found:
    """Annotations by their motivation and the purposes of their bodies."""
    items = json.loads(content)["first"]["items"]
    purposes = [body["purpose"] for item in items for body in item.get("body", ())]
    passages = [item for item in items if "highlighting" in item["motivation"]]
    return Found(len(passages), purposes.count("commenting"), purposes.count("replying"), _without_place(passages))


def in_readium(content: bytes, _summary: Summary) -> Found:
    """Annotations by their motivation; answers have no place there."""
    items = json.loads(content)["items"]
    passages = [item for item in items if item["motivation"] == "highlighting"]
    return Found(len(passages), sum(bool(item["body"]["value"].strip()) for item in items), 0, _without_place(passages))


def in_notebook(content: bytes, _summary: Summary) -> Found:
    """Annotations by their type. Raises ``ExchangeError``."""
    return _in_data(content)


def in_template_html(content: bytes, summary: Summary) -> Found:
    """What a reader's template shows in a page, by the words of each passage and note."""
    return shown(_words_of_html(content.decode("utf-8")), summary)


def in_template_markdown(content: bytes, summary: Summary) -> Found:
    """What a reader's template shows in Markdown, by the words of each passage and note."""
    return shown(_words_of_markdown(content.decode("utf-8")), summary)


def in_template_pdf(_content: bytes, _summary: Summary) -> Found:
    """Nothing is known of the words on the pages of a template."""
    return Found()


def count_annotations(annotations: Sequence[Annotation]) -> Found:
    """What notes as data hold."""
    passages = [one for one in annotations if one.type is AnnotationType.HIGHLIGHT]
    with_words = [one.type for one in annotations if one.note.strip()]
    return Found(
        passages=len(passages),
        notes=sum(one in (AnnotationType.HIGHLIGHT, AnnotationType.NOTE) for one in with_words),
        answers=with_words.count(AnnotationType.ANSWER),
        unplaced=sum(one.placement is Placement.UNPLACED for one in passages),
    )


def _in_data(content: bytes) -> Found:
    return count_annotations(read_notebook(content).annotations)


def _at_most(found: Found, marked: set[str]) -> Found:
    """What was found by its words, as far as as many passages are marked as such."""
    return found._replace(passages=min(found.passages or 0, len(marked)))


def _without_place(passages: Sequence[dict[str, object]]) -> int:
    count = 0
    for item in passages:
        target = item["target"]
        selectors = target.get("selector", ()) if isinstance(target, dict) else ()
        count += all(selector["type"] != "TextPositionSelector" for selector in selectors)
    return count


def _words_of_html(page: str) -> str:
    return html.unescape(_TAG.sub("", _HIDDEN_HTML.sub("", page)))


def _words_of_markdown(text: str) -> str:
    return _EDGE_MARKDOWN.sub("", text)
