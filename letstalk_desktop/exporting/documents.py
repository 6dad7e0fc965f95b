"""The formats of an export: which writer a file's ending means, what it is given, and how what it wrote is read back.

The command line and the window make documents through here, so that they make the same ones.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from letstalk_desktop import __version__
from letstalk_desktop.annotations.exchange import NotebookFile, write_notebook
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind
from letstalk_desktop.errors import ExportError, LetsTalkError, UsageError
from letstalk_desktop.exporting.model import Counts, Summary
from letstalk_desktop.exporting.opening import opening
from letstalk_desktop.exporting.pieces import LoadChapter
from letstalk_desktop.exporting.rendered import export_file
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Resource

if TYPE_CHECKING:
    from letstalk_desktop.exporting.child import Engine
    from letstalk_desktop.exporting.reader_templates import ReaderTemplate
    from letstalk_desktop.exporting.retracing import Found
    from letstalk_desktop.exporting.webannotation import Exchange


PREVIEW_SECONDS = 15  # what a reader's template may take for a preview
OPENING_PAGES = 4  # more than a window shows at once


@dataclass(frozen=True, slots=True)
class Material:
    """What a writer may use: the document, and the notes as data, with nothing in them that was left out of it.

    ``bare``: no data inside the document. ``obsidian``: that flavour of Markdown. ``engine``: the typesetter that makes a PDF,
    where the caller wants to be able to cancel it. ``template``: the reader's own, which then makes the document.
    """

    summary: Summary
    notes: NotebookFile
    resource: Resource
    load_chapter: LoadChapter
    moment: datetime
    fonts: Path
    templates: Path
    bare: bool = False
    obsidian: bool = False
    engine: Engine | None = None
    template: ReaderTemplate | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file and what it holds, by ``counts``; ``inside`` counts the notes that travel in it as data, where any do.

    Once it is in its place, ``counts`` is what was found in the file as far as the format tells; ``given`` is what should be
    in it, where that is more. ``replaced``: characters that no font shows; ``homeless``: notes without a place.
    ``template``: the reader's own, which shows what it will of ``given``, or of ``counts`` where the pages do not tell;
    ``plain``: why its PDF is not accessible, or ''; ``fetched``: what its page fetches.
    """

    content: bytes
    counts: Counts
    replaced: int = 0
    homeless: int = 0
    inside: Found | None = None
    given: Counts | None = None
    template: str = ""
    plain: str = ""
    fetched: tuple[str, ...] = ()


class Preview(NamedTuple):
    """The first pages as PNG (or the text that a template makes), how many there are, and what the document holds.

    ``total`` is 0 for the opening of a long document: how many there will be is not known yet.
    """

    pages: tuple[bytes, ...]
    total: int
    counts: Counts


Write = Callable[[Material], Written]
Count = Callable[[bytes, Summary], "Found"]


@dataclass(frozen=True, slots=True)
class Format:
    """How a document is written, and how what was written is counted; ``count_own`` counts what a template has made."""

    write: Write
    count: Count
    count_own: Count | None = None


def format_of(target: Path) -> Format:
    """The format that a file's ending means. Raises UsageError with those there are."""
    found = FORMATS.get(target.suffix.lower())
    if found is None:
        template = N_("“{name}” does not end like a document that can be made: {endings}.")
        raise UsageError(template, name=target.name, endings=", ".join(FORMATS))
    return found


def write_document(target: Path, material: Material) -> Written:
    """Write the document whole or not at all, and read it back. Raises ExportError; nothing is left behind then."""
    written = make_document(target, material)
    put_document(target, written)
    return written


def make_document(target: Path, material: Material) -> Written:
    """The document for a file, counted in its bytes, not yet in its place. Raises ExportError."""
    made = _own(material) if material.template is not None else format_of(target).write(material)
    return count_document(target, made, material.summary)


def count_document(target: Path, written: Written, summary: Summary) -> Written:
    """The document with what was found in its bytes. Raises ExportError for bytes that are no such document."""
    form = format_of(target)
    count = (form.count_own or form.count) if written.template else form.count
    try:
        return _read_back(written, count(written.content, summary))
    except (LetsTalkError, ValueError, LookupError, zlib.error) as error:
        raise ExportError(_DAMAGED, file=target) from error


def put_document(target: Path, written: Written) -> None:
    """Put it in its place once the disk has it byte for byte. Raises ExportError; nothing is left behind then."""

    def check(content: bytes) -> None:
        if content != written.content:
            raise ExportError(_DAMAGED, file=target)

    export_file(target, written.content, check)


def _read_back(written: Written, found: Found) -> Written:
    """What a file holds by what was found in it; ``given`` is set where something is missing."""
    from letstalk_desktop.exporting.retracing import NOTHING

    told = found.told()
    counts, given = replace(written.counts, **told), written.counts
    missing = any(number < getattr(given, name) for name, number in told.items())
    if written.inside not in (None, found.inside):  # what travels inside counts as much as what is shown
        missing = True
        counts, given = replace(counts, **(found.inside or NOTHING).told()), replace(given, **written.inside.told())
    return replace(written, counts=counts, given=given if missing else None)


def preview(
    summary: Summary, engine: Engine, template: ReaderTemplate | None, ppi: int, shown: int, *, briefly: bool = False
) -> Preview:
    """The first ``shown`` pages (0: all) at ``ppi`` pixels per inch; ``briefly``: of a long document its opening is enough.

    Raises ExportError.
    """
    if template is not None:
        from letstalk_desktop.exporting.summary_json import to_json

        document = json.dumps(to_json(summary), ensure_ascii=False)
        pages = engine.typeset(document, template.file, image_ppi=float(ppi), seconds=PREVIEW_SECONDS).content
        return Preview(pages[:shown] if shown else pages, len(pages), summary.counts)
    begun = opening(summary, OPENING_PAGES) if briefly and shown > OPENING_PAGES else None
    if begun is not None:
        return Preview(engine.render(begun, image_ppi=float(ppi)).content[:OPENING_PAGES], 0, summary.counts)
    pages = engine.render(summary, image_ppi=float(ppi)).content
    return Preview(pages[:shown] if shown else pages, len(pages), summary.counts)


def counted(counts: Counts, tr: Translator) -> str:
    """ "14 passages, 9 notes, 1 unplaced"; answers where there are any."""
    parts = [
        tr.ngettext("{count} passage", "{count} passages", counts.passages).format(count=counts.passages),
        tr.ngettext("{count} note", "{count} notes", counts.notes).format(count=counts.notes),
    ]
    if counts.answers:
        parts.append(tr.ngettext("{count} answer", "{count} answers", counts.answers).format(count=counts.answers))
    parts.append(tr.ngettext("{count} unplaced", "{count} unplaced", counts.unplaced).format(count=counts.unplaced))
    return ", ".join(parts)


def remarks(written: Written, tr: Translator) -> list[str]:
    """What a reader should know about a finished document besides what it holds."""
    said = []
    if written.template and written.given is not None:
        words = tr.gettext("It was made with your template {template}, which shows that much of {given}.")
        said.append(words.format(template=written.template, given=counted(written.given, tr)))
    elif written.template:
        words = tr.gettext("It was made with your template {template}, which decides what of this is shown.")
        said.append(words.format(template=written.template))
    elif written.given is not None:
        words = tr.gettext("Only that much was found in the file, of {given}. Look at it before you hand it on.")
        said.append(words.format(given=counted(written.given, tr)))
    if written.plain:
        words = tr.gettext("The template does not make an accessible PDF ({reason}); this is a plain one.")
        said.append(words.format(reason=written.plain))
    if written.fetched:
        words = tr.gettext("When it is opened, it fetches from the network: {addresses}.")
        said.append(words.format(addresses=", ".join(written.fetched)))
    if written.replaced:
        words = tr.ngettext(
            "{count} character that no font has is shown by its code.",
            "{count} characters that no font has are shown by their codes.",
            written.replaced,
        )
        said.append(words.format(count=written.replaced))
    if written.homeless:
        words = tr.ngettext(
            "{count} answer or note has no place in this format and was left out.",
            "{count} answers or notes have no place in this format and were left out.",
            written.homeless,
        )
        said.append(words.format(count=written.homeless))
    return said


def read_figure(folder: Path, image: str) -> str:
    """The SVG of a picture of the resource in ``folder``, for annotated chapters. Raises OSError, UnicodeError."""
    return (folder / image).read_text(encoding="utf-8")


def _inside(material: Material) -> bytes | None:
    """The notes as data inside a document; without texts and session plans, which the document does not show either."""
    return None if material.bare else write_notebook(replace(material.notes, plans=(), texts=()))


def _travelling(material: Material) -> Found | None:
    """What those notes hold."""
    from letstalk_desktop.exporting.reading_back import count_annotations

    return None if material.bare else count_annotations(material.notes.annotations)


def _pdf(material: Material) -> Written:
    from letstalk_desktop.exporting.child import render

    if material.engine is not None:
        rendered = material.engine.render(material.summary, attachment=_inside(material))
    else:
        rendered = render(material.summary, material.fonts, material.templates, attachment=_inside(material))
    return Written(rendered.document, material.summary.counts, rendered.replaced_count, inside=_travelling(material))


def _own(material: Material) -> Written:
    """What the reader's template makes of it, in a process that can do nothing else."""
    from letstalk_desktop.exporting.child import Engine
    from letstalk_desktop.exporting.reader_templates import fetched
    from letstalk_desktop.exporting.summary_json import to_json

    template = material.template
    if template is None:
        raise ValueError("no template")
    document = json.dumps(to_json(material.summary), ensure_ascii=False)
    engine = material.engine or Engine(material.fonts, template.folder, own=True)
    try:
        rendered = engine.typeset(document, template.file, attachment=_inside(material))
    finally:
        if material.engine is None:
            engine.close()
    return Written(
        rendered.document,
        material.summary.counts,
        rendered.replaced_count,
        template=template.file,
        plain=rendered.plain,
        fetched=fetched(rendered.document) if template.makes == ".html" else (),
    )


def _html(material: Material) -> Written:
    from letstalk_desktop.exporting.html import to_html

    text = to_html(material.summary, notes=_inside(material))
    return Written(text.encode("utf-8", "replace"), material.summary.counts, inside=_travelling(material))


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
    from letstalk_desktop.exporting.webannotation import readium_annotations, readium_takes

    content, homeless = readium_annotations(_exchange(material))
    kept = [item for item in material.notes.annotations if readium_takes(item)]
    return Written(content, _counts(kept), homeless=homeless)


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
    from letstalk_desktop.exporting.reading_back import count_annotations

    return Counts(
        concepts=len({concept for one in annotations for concept in one.concepts}),
        actions=sum(one.type is AnnotationType.HIGHLIGHT and one.kind is Kind.ACTION for one in annotations),
        **count_annotations(annotations).told(),
    )


def _counting(name: str) -> Count:
    """A function of ``reading_back.py``, which need not be there before a document is."""

    def count(content: bytes, summary: Summary) -> Found:
        from letstalk_desktop.exporting import reading_back

        counted: Count = getattr(reading_back, name)
        return counted(content, summary)

    return count


_DAMAGED = N_("{file} does not hold what was written. Check the disk, then export again.")
FORMATS: Mapping[str, Format] = {
    ".pdf": Format(_pdf, _counting("in_pdf"), _counting("in_template_pdf")),
    ".docx": Format(_word, _counting("in_word")),
    ".html": Format(_html, _counting("in_html"), _counting("in_template_html")),
    ".htm": Format(_html, _counting("in_html"), _counting("in_template_html")),
    ".md": Format(_markdown, _counting("in_markdown"), _counting("in_template_markdown")),
    ".jsonld": Format(_web_annotations, _counting("in_web_annotations")),
    ".annotation": Format(_readium, _counting("in_readium")),
    ".json": Format(_notebook, _counting("in_notebook")),
    ".csv": Format(_table, _counting("in_table")),
}
