"""``export``: a document of the reader's notes, or the codebook, in the format that the file's ending names."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from letstalk_desktop import __version__
from letstalk_desktop.annotations.exchange import NotebookFile
from letstalk_desktop.annotations.model import Annotation, KeptText, Query
from letstalk_desktop.commands.codebooks import is_codebook, run_export_codebook
from letstalk_desktop.commands.notebooks import Locators, now, open_notebook, resource_of_notes
from letstalk_desktop.commands.output import print_json, say, warn
from letstalk_desktop.commands.presets import use_preset
from letstalk_desktop.commands.shelving import make_shelf, preferred_language, reader_settings
from letstalk_desktop.errors import UsageError
from letstalk_desktop.exporting.documents import Material, counted, format_of, read_figure, remarks, write_document
from letstalk_desktop.exporting.model import Choices, Counts, Include, Order, Paper, Shape
from letstalk_desktop.exporting.reader_templates import template_named
from letstalk_desktop.exporting.summary import chosen_annotations, is_chosen, summarize
from letstalk_desktop.language import INTERFACE_LANGUAGES, N_, Translator, translator
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.paths import Paths

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook


def run_export(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """Write the document, read it back, and say what it holds."""
    target = Path(options.out).absolute()
    if is_codebook(target, options):
        return run_export_codebook(target, options, paths, tr)
    format_of(target)
    if options.preset:
        use_preset(options, paths, target)
    if options.format == "obsidian" and target.suffix.lower() != ".md":
        raise UsageError(N_("--format obsidian is a flavour of Markdown; give the file the ending .md."))
    if options.template and options.format:
        raise UsageError(N_("--template and --format exclude each other: a template makes its own kind of Markdown."))
    template = template_named(paths.templates, options.template, target.suffix) if options.template else None
    shelf, _unreadable = make_shelf(paths)
    with open_notebook(paths, tr) as notebook:
        material = _material(options, paths, shelf, notebook, _choices(options, paths, tr, shelf, notebook))
    material = replace(material, template=template)
    written = write_document(target, material)
    if options.json:
        counts = {name: getattr(written.counts, name) for name in Counts.__slots__}
        resource = material.resource
        document = {
            "file": str(target),
            "resource": resource.id,
            "edition": resource.edition,
            "language": material.summary.language,
        }
        more = {"counts": counts, "replaced": written.replaced, "left_out": written.homeless, "template": written.template}
        print_json(document | more)
    else:
        say(tr.gettext("{file}: {what}").format(file=target, what=counted(written.counts, tr)))
    for words in remarks(written, tr):
        warn(words)
    return 0


# --- what is chosen -----------------------------------------------------------------------------------------------------


def _choices(options: argparse.Namespace, paths: Paths, tr: Translator, shelf: Shelf, notebook: Notebook) -> Choices:
    resource = shelf.resource(options.resource or resource_of_notes(notebook))
    if options.lang and options.lang not in INTERFACE_LANGUAGES:
        raise UsageError(
            N_("Documents can be written in {languages}, not in “{language}”."),
            languages=", ".join(INTERFACE_LANGUAGES),
            language=options.lang,
        )
    language = preferred_language(options.lang, paths, tr.language)
    left_out = {part.replace("-", "_") for part in options.without}
    return Choices(
        resource.id,
        shape=Shape(options.shape),
        chapters=tuple(shelf.entry(resource.id, chapter).id for chapter in options.chapter),
        kinds=tuple(options.kind),
        concepts=tuple(options.concept),
        ids=tuple(options.id),
        since=options.since or "",
        until=options.until or "",
        shared_only=options.shared,
        order=Order(options.by),
        include=Include(
            **{name: name not in left_out for name in Include.__slots__ if name != "context"}, context=options.context
        ),
        language=language,
        paper=Paper(options.paper),
        text_size=options.text_size,
        reader=reader_settings(paths).reader_name if options.reader is None else options.reader,
    )


def _material(options: argparse.Namespace, paths: Paths, shelf: Shelf, notebook: Notebook, choices: Choices) -> Material:
    moment = now()
    resource = shelf.resource(choices.resource)
    annotations = notebook.annotations(Query(resource=resource.id, text=options.query))
    own = notebook.concepts()
    words = translator(choices.language, paths.locale)
    load = partial(shelf.chapter, resource.id)
    names, plans = notebook.kind_names(), notebook.plans(resource.id)
    figures = partial(read_figure, shelf.folder(resource.id))
    summary = summarize(resource, load, annotations, own, names, choices, words, moment, plans=plans, load_figure=figures)
    if options.reader is None and not options.without:
        chosen = [one for one in annotations if is_chosen(one, choices, moment)]
    else:
        chosen = chosen_annotations(annotations, choices, moment)
    locators = Locators(shelf, notebook)
    linked = {concept for one in chosen for concept in one.concepts}
    notes = NotebookFile(
        tuple(chosen),
        tuple(concept for concept in own if concept.id in linked),
        plans=tuple(plans),
        texts=_texts(chosen, notebook),
        locators={one.id: locators.of(one) for one in chosen},
        generated=moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        program=f"Let’s Talk Desktop {__version__}",
    )
    templates = paths.resources / "typst"
    obsidian = options.format == "obsidian"
    return Material(summary, notes, resource, load, moment, paths.fonts, templates, options.bare, obsidian)


def _texts(annotations: Sequence[Annotation], notebook: Notebook) -> tuple[KeptText, ...]:
    """The texts that the annotations were made on: with them a later edition is compared exactly."""
    places = {(one.anchor.resource, one.anchor.edition, one.anchor.language, one.anchor.chapter) for one in annotations}
    kept = (notebook.kept_text(*place) for place in sorted(places) if place[3])
    return tuple(text for text in kept if text is not None)
