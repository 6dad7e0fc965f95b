"""``export``: a document of the reader's notes, or the codebook, in the format that the file's ending names."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from letstalk_desktop.annotations.model import SessionPlan
from letstalk_desktop.commands.codebooks import is_codebook, run_export_codebook
from letstalk_desktop.commands.notebooks import now, open_notebook, resource_of_notes
from letstalk_desktop.commands.output import print_json, say, warn
from letstalk_desktop.commands.presets import settle
from letstalk_desktop.commands.shelving import make_shelf, preferred_language, reader_settings
from letstalk_desktop.errors import NotFound, UsageError
from letstalk_desktop.exporting.documents import counted, format_of, remarks, write_document
from letstalk_desktop.exporting.gathering import Workshop, gather, read_notes
from letstalk_desktop.exporting.model import WITH_PLAN, Choices, Counts, Include, Order, Paper, Shape
from letstalk_desktop.exporting.reader_templates import template_named
from letstalk_desktop.exporting.sessions import offered_plans
from letstalk_desktop.language import INTERFACE_LANGUAGES, N_, Translator
from letstalk_desktop.library.model import Resource
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.paths import Paths

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook


_WITH_PLAN = "|".join(WITH_PLAN)


def run_export(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """Write the document, read it back, and say what it holds; 1 if that is less than it should."""
    target = Path(options.out).absolute()
    if is_codebook(target, options):
        return run_export_codebook(target, options, paths, tr)
    format_of(target)
    plan_named = options.plan is not None
    settle(options, paths, target)
    if plan_named and options.plan and options.shape not in WITH_PLAN:
        raise UsageError(N_("--plan goes with --shape {shapes}: the other documents show no plan."), shapes=_WITH_PLAN)
    if options.format == "obsidian" and target.suffix.lower() != ".md":
        raise UsageError(N_("--format obsidian is a flavour of Markdown; give the file the ending .md."))
    if options.template and options.format:
        raise UsageError(N_("--template and --format exclude each other: a template makes its own kind of Markdown."))
    template = template_named(paths.templates, options.template, target.suffix) if options.template else None
    shelf, _unreadable = make_shelf(paths)
    with open_notebook(paths, tr) as notebook:
        choices = _choices(options, paths, tr, shelf, notebook)
        workshop = Workshop(shelf, paths.locale, paths.fonts, paths.resources / "typst")
        notes = read_notes(notebook, choices.resource, options.query)
        if plan_named:
            choices = replace(
                choices, plan=_plan(options.plan, shelf.resource(choices.resource), notes.plans, choices.language)
            )
        whole = options.reader is None and not options.without
        material = gather(notes, workshop, choices, now(), notebook.kept_text, whole=whole)
    material = replace(material, bare=options.bare, obsidian=options.format == "obsidian", template=template)
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
        given = written.given or written.counts
        missing = {name: max(0, getattr(given, name) - number) for name, number in counts.items()}
        more = {"replaced": written.replaced, "left_out": written.homeless, "template": written.template}
        print_json(document | {"counts": counts, "missing": missing} | more)
    else:
        say(tr.gettext("{file}: {what}").format(file=target, what=counted(written.counts, tr)))
    for words in remarks(written, tr):
        warn(words)
    return 0 if written.template or written.given is None else 1


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
        since=options.since,
        until=options.until,
        shared_only=options.shared,
        order=Order(options.by),
        include=Include(
            **{name: name not in left_out for name in Include.__slots__ if name != "context"}, context=options.context
        ),
        language=language,
        paper=Paper(options.paper),
        text_size=options.text_size,
        reader=reader_settings(paths).reader_name if options.reader is None else options.reader,
        plan=options.plan,
    )


def _plan(name: str, resource: Resource, own: Sequence[SessionPlan], language: str) -> str:
    """The id of the plan with an id or title, '' for ''. Raises ``NotFound`` with those there are."""
    offered = offered_plans(resource, own, language)
    titles = [(plan.id, title) for plan in resource.plans for title in plan.titles.values()]
    titles += [(plan.id, plan.title) for plan in offered]
    found = {plan.id for plan in offered if plan.id == name}
    found = found or {identity for identity, title in titles if title.casefold().split() == name.casefold().split()}
    if len(found) == 1 or not name:
        return found.pop() if found else ""
    listed = "; ".join(f"{plan.id} ({plan.title})" for plan in offered) or "–"
    if found:
        raise NotFound(N_("Several session plans are called “{name}”. Give the id: {plans}."), name=name, plans=listed)
    raise NotFound(N_("There is no session plan “{name}”. There are: {plans}."), name=name, plans=listed)
