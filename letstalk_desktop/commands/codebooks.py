"""``export`` and ``import`` of codebooks: the concepts of a resource and the reader's own, as a table or REFI-QDA."""

from __future__ import annotations

import argparse
from pathlib import Path

from letstalk_desktop.annotations.concepts import Codebook, passages_by_concept
from letstalk_desktop.annotations.model import Query
from letstalk_desktop.commands.arguments import USUAL_CHOICES
from letstalk_desktop.commands.notebooks import now, open_notebook, resource_of_notes
from letstalk_desktop.commands.output import print_json, say
from letstalk_desktop.commands.shelving import make_shelf, reader_settings, reading_language
from letstalk_desktop.errors import UsageError, WorldError
from letstalk_desktop.exporting.codebook import CODEBOOK_ENDINGS, codebook_file
from letstalk_desktop.exporting.rendered import export_file
from letstalk_desktop.importing.codebooks import CodebookImport, plan_import, read_codebook_file
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.paths import Paths

# Endings that no other file has that is brought in; a table or a text may be anything.
CERTAIN_ENDINGS = (".qdc", ".qde")
TABLE_ENDINGS = (".csv", ".tsv")
# What only chooses among notes, or sets a document.
_CHOICES = tuple(name for name in (*USUAL_CHOICES, "reader") if name != "lang")  # None where they were not given
_NARROWING = ("id", "query", "preset", "bare")  # empty where they were not given


def is_codebook(target: Path, options: argparse.Namespace) -> bool:
    """Whether the codebook is what is to be written."""
    return bool(options.codebook) or target.suffix.lower() in CERTAIN_ENDINGS[:1]


def _given(options: argparse.Namespace) -> list[str]:
    chosen = [name for name in _CHOICES if getattr(options, name) is not None]
    return chosen + [name for name in _NARROWING if getattr(options, name)]


def run_export_codebook(target: Path, options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """Write the codebook at hand and say how many concepts stand in it."""
    if target.suffix.lower() not in CODEBOOK_ENDINGS:
        template = N_("A codebook is written as {endings}; “{name}” ends otherwise.")
        raise UsageError(template, endings=", ".join(CODEBOOK_ENDINGS), name=target.name)
    given = [f"--{name.replace('_', '-')}" for name in _given(options)]
    if given:
        raise UsageError(N_("A codebook is written whole. Leave out {options}."), options=", ".join(given))
    shelf, _unreadable = make_shelf(paths, options.resource)
    with open_notebook(paths, tr) as notebook:
        resource = shelf.resource(options.resource or resource_of_notes(notebook))
        codebook = Codebook(resource.concepts, notebook.concepts())
        linked = passages_by_concept(notebook.annotations(Query(resource=resource.id)))
    language = reading_language(resource, options.lang or "", paths, tr.language)
    counts = {concept: len(passages) for concept, passages in linked.items()}
    export_file(target, codebook_file(target, codebook, resource, language, counts))
    if options.json:
        own = sum(1 for entry in codebook if entry.own is not None)
        place = {"file": str(target), "resource": resource.id, "edition": resource.edition, "language": language}
        print_json(place | {"concepts": len(codebook), "own": own})
    else:
        words = tr.ngettext("{count} concept stands in {file}.", "{count} concepts stand in {file}.", len(codebook))
        say(words.format(count=len(codebook), file=target))
    return 0


def bring_in(path: Path, resource_id: str, dry_run: bool, paths: Paths, tr: Translator) -> CodebookImport:
    """Bring the codebook of a file in, as one step of undo; what the resource has itself is left alone."""
    found = read_codebook_file(path)
    who = reader_settings(paths).reader_name
    shelf, _unreadable = make_shelf(paths, resource_id)
    with open_notebook(paths, tr) as notebook:
        wanted = shelf.resource(resource_id).id if resource_id else _at_hand(shelf, resource_of_notes(notebook))
        bundled = shelf.resource(wanted).concepts if wanted else ()
        plan = plan_import(found, Codebook(bundled, notebook.concepts()), resource=wanted, who=who)
        if plan.operation is not None and not dry_run:
            notebook.apply(plan.operation, now=now())
    return plan


def _at_hand(shelf: Shelf, resource_id: str) -> str:
    """The id of the resource if it is here, else ''."""
    try:
        return shelf.resource(resource_id).id
    except WorldError:
        return ""
