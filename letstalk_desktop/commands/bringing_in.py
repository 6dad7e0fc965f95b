"""``import``: resources from folders, notes from files of this program, codebooks; a line of counts for each."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from letstalk_desktop.annotations.following import counts_in_words, follow_edition, prepare
from letstalk_desktop.annotations.model import Annotation, Placement, Query
from letstalk_desktop.commands.codebooks import CERTAIN_ENDINGS, TABLE_ENDINGS, bring_in
from letstalk_desktop.commands.notebooks import now, open_notebook
from letstalk_desktop.commands.output import print_json, say, warn
from letstalk_desktop.commands.shelving import make_shelf, reader_settings
from letstalk_desktop.errors import LetsTalkError, UsageError
from letstalk_desktop.importing.codebooks import Outcome
from letstalk_desktop.importing.editions import HEAD, EditionOutcome, examine, install
from letstalk_desktop.importing.notes_file import read_notes
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.paths import Paths

if TYPE_CHECKING:
    from letstalk_desktop.storage.merging import MergeResult
    from letstalk_desktop.storage.notebook import Notebook

COLUMNS = (N_("new"), N_("updated"), N_("identical"), N_("conflict"), N_("unplaced"), N_("rejected"))
OUTCOMES = ("kept", "moved", "doubtful", "unplaced")


@dataclass(slots=True)
class Row:
    """What became of one file or folder. ``content`` is "notes", "resource", "codebook", or '' where it is neither.

    ``kept``: older states of what is here; ``deleted``: what is in the trash here and stays there. ``unplaced`` are among
    ``new`` and ``updated``. ``whole``: False where nothing could be taken from it. ``followed``: what became of the
    reader's notes in the edition that is here now: how many by outcome; None where none was made on another edition.
    """

    file: str
    content: str = ""
    new: int = 0
    updated: int = 0
    identical: int = 0
    conflict: int = 0
    unplaced: int = 0
    rejected: int = 0
    kept: int = 0
    deleted: int = 0
    followed: dict[str, int] | None = None
    messages: list[str] = field(default_factory=list)
    whole: bool = True


def run_import(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """Import every file that can be imported; 1 if one could not."""
    rows = [_import(path, options, paths, tr) for name in options.files for path in _meant(Path(name))]
    if options.json:
        listed = [{one.name: getattr(row, one.name) for one in fields(Row) if one.name != "whole"} for row in rows]
        print_json({"dry_run": options.dry_run, "files": listed})
    else:
        _print(rows, tr)
        for row in rows:
            if row.followed is not None:
                say(_in_words(row, tr))
        if options.dry_run:
            say(tr.gettext("Nothing has been changed."))
    for row in rows:
        for message in row.messages:
            warn(f"{row.file}: {message}")
    return 0 if all(row.whole for row in rows) else 1


def _meant(path: Path) -> list[Path]:
    """The path itself, or the resource folders inside a folder that is none."""
    if path.name == HEAD and path.is_file():
        return [path.parent]
    if path.is_dir() and not (path / HEAD).is_file():
        try:
            return sorted(one for one in path.iterdir() if (one / HEAD).is_file()) or [path]
        except OSError:
            return [path]
    return [path]


def _import(path: Path, options: argparse.Namespace, paths: Paths, tr: Translator) -> Row:
    row, dry_run = Row(str(path)), options.dry_run
    try:
        if path.is_dir():
            row.content = "resource"
            _import_resource(path, row, dry_run, paths, tr)
        elif options.codebook or path.suffix.lower() in CERTAIN_ENDINGS:
            row.content = "codebook"
            _import_codebook(path, row, options, paths, tr)
        elif path.suffix.lower() in TABLE_ENDINGS:
            raise UsageError(N_("A table can only be a codebook. Say so with --codebook."))
        else:
            row.content = "notes"
            _import_notes(path, row, dry_run, paths, tr)
    except LetsTalkError as error:
        row.rejected, row.whole = row.rejected + 1, False
        row.messages.append(error.text(tr))
    return row


# --- resources ----------------------------------------------------------------------------------------------------------


def _import_resource(folder: Path, row: Row, dry_run: bool, paths: Paths, tr: Translator) -> None:
    shelf = Shelf([paths.content, paths.imported], paths.compiled, paths.locale)
    incoming = examine(folder, shelf, paths.compiled)
    match incoming.outcome:
        case EditionOutcome.NEW:
            row.new = 1
        case EditionOutcome.UPDATED:
            row.updated = 1
        case EditionOutcome.IDENTICAL:
            row.identical = 1
            return
    if not dry_run:
        folder = install(incoming, paths.imported, paths.compiled)
    if paths.notebook.exists():
        edition, _unreadable = make_shelf(paths, incoming.resource.id)
        edition.add(folder)
        with open_notebook(paths, tr) as notebook:
            _follow(notebook, edition, incoming.resource.id, row, dry_run, paths)


def _follow(notebook: Notebook, shelf: Shelf, resource: str, row: Row, dry_run: bool, paths: Paths) -> None:
    """Put the reader's notes where their words stand in the edition on the shelf; after a safety copy, in one step of undo."""
    from letstalk_desktop.storage.bringing import safety_copy

    before_writing = partial(safety_copy, notebook, paths.backups, now())
    who = reader_settings(paths).reader_name
    if dry_run:
        done, _before = prepare(notebook, shelf, resource, who=who)
    else:
        done = follow_edition(notebook, shelf, resource, now=now(), who=who, before_writing=before_writing)
    if done.total:
        counts = row.followed or dict.fromkeys(OUTCOMES, 0)
        row.followed = {name: counts[name] + len(getattr(done, name)) for name in OUTCOMES}


def _in_words(row: Row, tr: Translator) -> str:
    """What became of the reader's notes."""
    kept, moved, doubtful, unplaced = (row.followed or dict.fromkeys(OUTCOMES, 0)).values()
    counts = counts_in_words(kept, moved, doubtful + unplaced, tr)
    return tr.gettext("{file}: your notes: {counts}").format(file=row.file, counts=counts)


# --- notes --------------------------------------------------------------------------------------------------------------


def _import_notes(path: Path, row: Row, dry_run: bool, paths: Paths, tr: Translator) -> None:
    from letstalk_desktop.storage.bringing import incoming_of, merge_file

    found = read_notes(path)
    who = reader_settings(paths).reader_name
    shelf, _unreadable = make_shelf(paths)
    with open_notebook(paths, tr) as notebook:
        if dry_run:
            result = notebook.merge_preview(incoming_of(found))
        else:
            result = merge_file(notebook, found, paths.backups, now=now(), who=who)
        if not dry_run:
            for resource in sorted({one.anchor.resource for one in found.annotations}):
                with suppress(LetsTalkError):  # the resource is not here, or cannot be read: they wait for it
                    _follow(notebook, shelf, resource, row, dry_run, paths)
        present = {one.id: one for one in notebook.annotations(Query(ids=tuple(one.id for one in found.annotations)))}
    _count(row, result, {one.id for one in found.annotations if not one.deleted})
    row.rejected = len(found.rejected)
    row.messages += [f"{place}: {reason}" for place, reason in found.rejected]
    taken = {*_ids(result, "new"), *_ids(result, "updated")}
    row.unplaced = sum(1 for one in found.annotations if one.id in taken and _is_unplaced(present.get(one.id, one), shelf))


def _ids(result: MergeResult, outcome: str) -> Iterator[str]:
    return (thing_id for (thing, thing_id), found in result.outcomes.items() if thing == "annotation" and found == outcome)


def _count(row: Row, result: MergeResult, alive: set[str]) -> None:
    """Count what is alive in the file; what is deleted there only leaves a trace here."""
    for name in ("new", "updated", "identical", "conflict", "kept", "deleted"):
        setattr(row, name, sum(1 for found in _ids(result, name) if found in alive))


def _is_unplaced(one: Annotation, shelf: Shelf) -> bool:
    """Whether its words are known not to be in the edition at hand, or its resource is not here."""
    if one.placement is Placement.UNPLACED:
        return True
    try:
        shelf.resource(one.anchor.resource)
    except LetsTalkError:
        return True
    return False


# --- codebooks ----------------------------------------------------------------------------------------------------------


def _import_codebook(path: Path, row: Row, options: argparse.Namespace, paths: Paths, tr: Translator) -> None:
    plan = bring_in(path, options.resource, options.dry_run, paths, tr)
    for outcome in Outcome:
        setattr(row, outcome.value, plan.count(outcome))
    row.rejected = len(plan.rejected)
    differs = tr.gettext("“{term}” has another name or definition in the file; yours stays.")
    row.messages += [differs.format(term=name) for name, outcome in plan.outcomes if outcome is Outcome.CONFLICT]
    row.messages += [error.text(tr) for error in plan.rejected]


# --- the table ----------------------------------------------------------------------------------------------------------


def _print(rows: list[Row], tr: Translator) -> None:
    """A line for each file, numbers under their names."""
    names = [tr.gettext(name) for name in COLUMNS]
    table = [[str(getattr(row, name)) for name in COLUMNS] for row in rows]
    widths = [max(len(name), *(len(line[index]) for line in table)) for index, name in enumerate(names)]
    say("  ".join(f"{name:>{width}}" for name, width in zip(names, widths, strict=True)))
    for row, line in zip(rows, table, strict=True):
        say("  ".join(f"{cell:>{width}}" for cell, width in zip(line, widths, strict=True)) + f"  {row.file}")
